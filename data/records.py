"""What people say and note: declarations on a dataset's status, and free records. Append-only.

Whoever writes passes through `declare` and `note`: they check the role and what was typed, so that
a screen that forgets to ask gives no right.
"""

from __future__ import annotations

import os
import secrets
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from data.catalog import catalog
from data.territories import UnknownTerritory, territory

LONGEST = 2000  # characters of a typed text
REFUSAL, SILENCE = "written_refusal", "unanswered_request"
TRACES = (REFUSAL, SILENCE)  # what a lack of known reason rests on
SILENCE_DAYS = 30  # a written request left a month without an answer
SUBSTITUTES = ("aggregate", "anonymised", "agreement")  # what may stand for a protected dataset
READER, EDITOR, ANIMATOR = "reader", "editor", "animator"
STATUSES = (
    "open", "candidate", "closed_unjustified", "closed_justified", "other",
    "not_concerned", "not_evaluated",
)  # fmt: skip
EXISTENCES = ("exists", "partial", "not_produced", "unknown")


class WrongDay(ValueError):
    """ACV_TODAY names no day: one sentence for the reader."""


class Refused(Exception):
    """An entry that cannot be kept as it is: one sentence, what is wrong and what to do."""


class NotAllowed(Refused):
    """This person may read, not write: one sentence for the reader."""


def new_id() -> str:
    """A UUID of version 7: its order is that of time, which « the latest » relies on."""
    millis = int(time.time() * 1000)
    number = (millis << 80) | secrets.randbits(80)
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def today_utc() -> datetime:
    """Now in UTC; `ACV_TODAY` sets the day for everything that is dated."""
    fixed, now = os.environ.get("ACV_TODAY"), datetime.now(UTC)
    return datetime.combine(_day(fixed), now.time(), UTC) if fixed else now


def now() -> date:
    """The moment of a computation: the day given by `ACV_TODAY`, else the present second."""
    moment = today_utc()
    return moment.date() if os.environ.get("ACV_TODAY") else moment.replace(microsecond=0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongDay(f"ACV_TODAY : « {text[:40]} » donné ; attendu : AAAA-MM-JJ.") from error


@dataclass(frozen=True)
class Person:
    """Who is at the keyboard, and what they may do. The default may only read."""

    role: str = READER
    name: str | None = None

    @property
    def may_write(self) -> bool:
        """Whether this person's entries are kept."""
        return self.role in (EDITOR, ANIMATOR)


@dataclass(frozen=True)
class Declaration:
    """What someone declared of a dataset in a territory; the latest one counts."""

    territory: str
    dataset: str
    status: str | None
    existence: str
    reason: str | None = None
    legal_ground: str | None = None
    evidence: str | None = None  # the paper it rests on, in words
    substitute: str | None = None  # aggregate, anonymised, agreement; or a text of before
    holder: str | None = None  # service or organisation, never a person
    author: str | None = None
    url: str | None = None
    reason_code: str | None = None  # ownership, security, personal_data, paid... (statuses.yml)
    note: str | None = None
    contact: str | None = None  # public contact: a switchboard, a functional mailbox
    trace: str | None = None  # written_refusal, unanswered_request
    asked_on: date | None = None  # day of the written request
    file: str | None = None  # evidence kept beside the store: « sha256/name »
    withdrawn: bool = False  # undo of a first declaration: nothing is declared any more
    undoes: str | None = None  # id of the line that this one takes back
    recorded_at: datetime = field(default_factory=today_utc)
    id: str = field(default_factory=new_id)

    @property
    def proof(self) -> str | None:
        """What the declaration rests on: a paper, an address, a file."""
        return self.evidence or self.url or self.file

    @property
    def traced(self) -> bool:
        """Whether a lack of known reason is shown: a written refusal, or a month of silence."""
        if not self.proof:
            return False
        return self.trace == REFUSAL or (self.trace == SILENCE and self._silent_for_a_month())

    @property
    def silent(self) -> bool:
        """Says who holds the data or where to ask, and nothing of the data itself."""
        return self.status is None and self.existence == "unknown" and not self.withdrawn

    def _silent_for_a_month(self) -> bool:
        asked = self.asked_on
        return bool(asked and self.recorded_at.date() - asked >= timedelta(days=SILENCE_DAYS))


@dataclass(frozen=True)
class Record:
    """A note, request or decision about a territory."""

    kind: str
    territory: str
    payload: dict[str, Any]
    author: str | None = None
    recorded_at: datetime = field(default_factory=today_utc)
    id: str = field(default_factory=new_id)


class Journal(Protocol):
    """The part of the store that keeps entries."""

    def declare(self, *declarations: Declaration) -> None: ...
    def record(self, *records: Record) -> None: ...
    def declaration_history(
        self, territory: str, dataset: str | None = None
    ) -> list[Declaration]: ...


def declare(store: Journal, person: Person, *declarations: Declaration) -> None:
    """Keep declarations in the name of a person; all of them or none.

    Raises NotAllowed for a reader, Refused with a sentence for what cannot be kept.
    """
    check_role(person)
    signed = [replace(_trimmed(made), author=person.name) for made in declarations]
    for made in signed:
        check_place(made.territory)
        check(made)
    store.declare(*signed)


def note(store: Journal, person: Person, *records: Record) -> None:
    """Keep records in the name of a person. Raises NotAllowed for a reader."""
    check_role(person)
    for made in records:
        check_place(made.territory)
    store.record(*(replace(made, author=person.name) for made in records))


def undo(
    store: Journal, person: Person, territory: str, dataset: str, expected: str | None = None
) -> Declaration:
    """Take back the latest declaration by a new line that says again what held before it.

    `expected` is the id of the line the person saw: Refused when another came since, or when
    nothing is declared. Undoing an undo says again what it took back.
    """
    check_role(person)
    lines = store.declaration_history(territory, dataset)
    if not lines or lines[-1].withdrawn:
        raise Refused("Rien à annuler : aucune déclaration n'est en cours sur cette donnée.")
    if expected not in (None, lines[-1].id):
        raise Refused("Une autre déclaration est arrivée entre-temps : relisez l'historique.")
    before = lines[-2] if len(lines) > 1 else replace(lines[-1], withdrawn=True)
    again = replace(
        before,
        undoes=lines[-1].id,
        author=person.name,
        recorded_at=today_utc(),
        id=new_id(),
    )
    store.declare(again)
    return again


def check_role(person: Person) -> None:
    """Raise NotAllowed for someone who may only read."""
    if not person.may_write:
        raise NotAllowed(
            "Lecture seule : l'outil est servi au-delà de ce poste sans identification, ou votre "
            "compte n'est pas parmi les éditeurs. Rien n'a été enregistré."
        )


def check_place(code: str) -> None:
    """Raise Refused for a code that names no territory."""
    try:
        territory(code)
    except UnknownTerritory as unknown:
        raise Refused(str(unknown)) from unknown


def check(made: Declaration) -> None:
    """Raise Refused with one sentence when a declaration says too little, or what cannot be."""
    for refused in (_words(made), _known(made), _meaning(made), _ground(made)):
        if refused:
            raise Refused(refused)


def _words(made: Declaration) -> str | None:
    for name in _TEXTS:
        typed = getattr(made, name)
        if typed and len(typed) > LONGEST:
            return f"Texte trop long ({len(typed)} caractères) ; {LONGEST} au plus."
    if made.url and not _is_web(made.url):
        return "Lien de la pièce : donnez une adresse complète, qui commence par https://."
    return None


def _known(made: Declaration) -> str | None:
    if made.dataset not in catalog().datasets:
        return f"Donnée « {made.dataset[:40]} » inconnue du référentiel."
    if made.reason_code and made.reason_code not in _reason_codes(made.status):
        return "La raison choisie ne va pas avec ce statut : choisissez-en une de sa liste."
    if made.trace and made.trace not in TRACES:
        return "Trace inconnue : un refus écrit, ou une demande écrite restée un mois sans réponse."
    return None


def _reason_codes(status: str | None) -> set[str]:
    rows = catalog().statuses["access_statuses"]
    return {
        row["code"] for made in rows if made["code"] == status for row in made.get("reasons", ())
    }


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _meaning(made: Declaration) -> str | None:
    if made.status is not None and made.status not in STATUSES:
        return f"Statut « {made.status[:40]} » inconnu ; permis : {', '.join(STATUSES)}."
    if made.existence not in EXISTENCES:
        return f"Existence « {made.existence[:40]} » inconnue ; permis : {', '.join(EXISTENCES)}."
    if made.existence == "not_produced" and made.status in _ABOUT_SOMETHING:
        return (
            "« N'existe pas » ne va pas avec un statut d'ouverture : laissez « Non évaluée », ou "
            "dites que la donnée existe."
        )
    if made.asked_on and made.asked_on > made.recorded_at.date():
        return "La demande écrite ne peut pas être datée d'un jour à venir."
    return None


def _ground(made: Declaration) -> str | None:
    if made.status == "not_concerned" and not made.reason:
        return "« Sans objet » demande une raison : dites pourquoi la donnée ne concerne pas ici."
    if made.status == "closed_unjustified" and not made.traced:
        return (
            "« Motif à préciser » demande une trace : un refus écrit, ou une demande écrite restée "
            "un mois sans réponse, avec sa date et la pièce (texte, lien ou fichier)."
        )
    return None


_ABOUT_SOMETHING = ("open", "candidate", "closed_unjustified", "closed_justified", "other")
_TEXTS = tuple(made.name for made in fields(Declaration) if made.type == "str | None")


def _trimmed(made: Declaration) -> Declaration:
    """Blank texts are no texts."""
    cleaned: dict[str, Any] = {name: (getattr(made, name) or "").strip() or None for name in _TEXTS}
    return replace(made, **cleaned)


def latest(declarations: Iterable[Declaration]) -> dict[str, Declaration]:
    """The declaration that counts for each dataset, from lines in the order of time."""
    found = {made.dataset: made for made in declarations}
    return {dataset: made for dataset, made in found.items() if not made.withdrawn}
