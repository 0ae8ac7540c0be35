"""What a team writes besides its declarations: one dataclass a kind, kept as records.

A line never changes: a later one with the same `key` takes its place, and all of them are its
history.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar, Union, get_args, get_origin
from typing import get_type_hints as hints

from data import records
from data.catalog import catalog
from data.records import LONGEST, Person, Record, Refused, new_id, today_utc

TO_SEND, SENT, ANSWERED, REFUSED, OBTAINED = "to_send", "sent", "answered", "refused", "obtained"
REQUEST_STATES = (TO_SEND, SENT, ANSWERED, REFUSED, OBTAINED)
TONES = ("own_service", "authority", "state_service", "concession", "contract", "association")
PLANNED, STARTED, DONE, DROPPED = "planned", "started", "done", "dropped"
ACTION_STATES = (PLANNED, STARTED, DONE, DROPPED)
# A mailbox or a web page, without a space nor a sign that would leave an attribute or a cell.
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+|https://[\w.-]+(/[\w./~%#?=&+-]*)?", re.ASCII
)
QUESTION, DECISION = "question", "decision"
REMARKS = (QUESTION, DECISION)


@dataclass(frozen=True)
class Request:
    """A request to the holder of a dataset, from its draft to its answer."""

    kind: ClassVar[str] = "request"
    dataset: str
    holder: str  # service or organisation
    tone: str
    state: str = TO_SEND
    text: str = ""  # as written or edited
    contact: str = ""
    sent_on: date | None = None
    due_on: date | None = None  # answer hoped for
    reminded_on: date | None = None
    answered_on: date | None = None
    note: str = ""
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if self.state not in REQUEST_STATES or self.tone not in TONES:
            return "Demande : état ou ton inconnu."
        if self.state != TO_SEND and self.sent_on is None:
            return "Demande : donnez la date d'envoi."
        later = [made for made in (self.reminded_on, self.answered_on) if made]
        if self.sent_on and any(made < self.sent_on for made in later):
            return "Demande : une relance ou une réponse ne peut pas précéder l'envoi."
        if any(made > today_utc().date() for made in (self.sent_on, *later) if made):
            return "Demande : un envoi, une relance ou une réponse ne se note pas d'avance."
        return None


@dataclass(frozen=True)
class PlannedAction:
    """An action of the plan: the public policy it serves comes first."""

    kind: ClassVar[str] = "action"
    policy: str
    title: str
    dataset: str = ""  # id, when the action is about one
    owner: str = ""
    deadline: date | None = None
    means: str = ""
    effort_days: float | None = None  # agent days
    stakeholders: str = ""
    civil_society: str = ""
    success: str = ""  # how one will know it worked
    state: str = PLANNED
    comment: str = ""
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if not self.policy.strip():
            return "Action : dites d'abord quelle politique publique elle sert."
        if not self.title.strip():
            return "Action : donnez-lui un titre."
        if self.state not in ACTION_STATES:
            return "Action : état inconnu."
        if self.effort_days is not None and not _between(self.effort_days, 0, 2000):
            return "Action : l'effort s'écrit en jours d'agent, entre 0 et 2 000."
        return None


@dataclass(frozen=True)
class Observation:
    """What a holder, a service or anyone completes or contests about a status."""

    kind: ClassVar[str] = "observation"
    dataset: str
    text: str
    holder: str = ""  # on whose behalf
    contests: bool = False  # contests the status; else completes it
    settled: bool = False
    answer: str = ""
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        return None if self.text.strip() else "Observation : écrivez ce que vous complétez."


@dataclass(frozen=True)
class Validation:
    """The référent's word on the whole diagnosis; without one it is a working document."""

    kind: ClassVar[str] = "validation"
    referent: str
    valid: bool = True
    day: date | None = None
    reference_version: str = ""
    note: str = ""
    key: str = "diagnosis"

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        named = self.referent.strip() and (self.day or not self.valid)
        return None if named else "Validation : donnez le nom du référent et la date."


@dataclass(frozen=True)
class Visit:
    """What one had seen when saying « j'ai vu »: the point from which alerts are counted."""

    kind: ClassVar[str] = "visit"
    seen: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        return None


@dataclass(frozen=True)
class Hours:
    """Time spent on the diagnosis."""

    kind: ClassVar[str] = "hours"
    day: date
    hours: float
    what: str = ""
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        return (
            None
            if self.hours and _between(self.hours, 0, 24)
            else "Heures : entre 0 et 24 pour une journée."
        )


@dataclass(frozen=True)
class Profile:
    """What the authority says of itself, that no open source gives."""

    kind: ClassVar[str] = "profile"
    agents: int | None = None  # full-time equivalents
    report_to: str = ""  # public address where errors are reported: a mailbox of a service, or web
    key: str = "profile"

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if self.agents is not None and not _between(self.agents, 0, 200_000):
            return "Nombre d'agents : un nombre entier, en équivalent temps plein."
        if self.report_to and not _ADDRESS.fullmatch(self.report_to):
            return (
                "Adresse de signalement : une adresse électronique de service, ou une page web "
                "qui commence par https://."
            )
        return None


@dataclass(frozen=True)
class Draft:
    """What a person changed in a document before its export; its lines are its versions.

    `parts` are the ids kept, in order (None: all). The others are by id: of a text for `texts`
    (« part/text »), of a part or a view for the rest.
    """

    kind: ClassVar[str] = "draft"
    document: str  # id of restitution.exports, or « deck »
    audience: str = ""  # for a deck: elus, services, habitants
    internal: bool = False
    parts: list[str] | None = None
    texts: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)  # « sha256/name » of data.attachments
    captions: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """One draft a document, an audience and a kind of output."""
        return "/".join((self.document, self.audience, "interne" if self.internal else "diffuser"))

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if self.parts is not None and not self.parts:
            return "Brouillon : gardez au moins une partie."
        typed = (*self.texts.values(), *self.comments.values(), *self.captions.values())
        if max(map(len, typed), default=0) > LONGEST:
            return f"Brouillon : {LONGEST} caractères au plus par texte."
        pictured = set(self.pictures) - {name for name, made in self.captions.items() if made}
        if pictured:
            return "Brouillon : décrivez chaque image en quelques mots, pour qui ne la voit pas."
        return None


@dataclass(frozen=True)
class Remark:
    """A question raised or a decision taken in session; a name only if the person agrees."""

    kind: ClassVar[str] = "remark"
    nature: str  # question, decision
    text: str
    day: date
    who: str = ""
    agreed: bool = False
    view: str = ""  # title of the view on screen
    withdrawn: bool = False
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if self.nature not in REMARKS:
            return "Séance : une question ou une décision."
        if not self.text.strip():
            return "Séance : écrivez la question ou la décision."
        if self.who.strip() and not self.agreed:
            return "Séance : un nom se note seulement si la personne est d'accord."
        return None


@dataclass(frozen=True)
class Interview:
    """What someone answered to the guide; published only with their agreement."""

    kind: ClassVar[str] = "interview"
    subject: str  # id of an experiment; empty: the whole diagnosis
    day: date
    who: str = ""
    role: str = ""  # function or service
    answers: dict[str, str] = field(default_factory=dict)  # by id of the question
    agreed: bool = False  # the person read it and agrees that it is published
    withdrawn: bool = False
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if not any(text.strip() for text in self.answers.values()):
            return "Entretien : notez au moins une réponse."
        if max(map(len, self.answers.values())) > 5 * LONGEST:
            return f"Entretien : {5 * LONGEST} caractères au plus par réponse."
        known = not self.subject or self.subject in catalog().experiments
        return None if known else f"Projet « {self.subject[:40]} » inconnu du référentiel."


@dataclass(frozen=True)
class Publication:
    """One file on its way to open data; its lines are its versions, so that a step is undone."""

    kind: ClassVar[str] = "publication"
    file: str  # « sha256/name » of data.local_files
    step: int = 1
    sheet: str = ""
    refused: list[list[str | None]] = field(default_factory=list)  # repairs refused: kind, column
    dataset: str = ""
    schema: str = ""
    producer: str = ""  # service or organisation that sent the file
    mapping: dict[str, str | None] = field(default_factory=dict)  # header -> field, or left aside
    transforms: dict[str, Any] = field(default_factory=dict)  # splits, merges, constants, values
    consents: dict[str, Any] = field(default_factory=dict)  # agreement, DPO, licence and by whom
    metadata: dict[str, Any] = field(default_factory=dict)  # title, description, frequency...
    outcome: dict[str, Any] = field(default_factory=dict)  # what was published, and the answers
    withdrawn: bool = False
    key: str = field(default_factory=new_id)

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        if not self.file:
            return "Publication : déposez d'abord un fichier."
        return None if 1 <= self.step <= 6 else "Publication : étape inconnue (1 à 6)."


@dataclass(frozen=True)
class Correction:
    """Which field each header of a producer's files means, as somebody corrected it."""

    kind: ClassVar[str] = "correction"
    producer: str
    schema: str
    pairs: dict[str, str | None] = field(default_factory=dict)  # header -> field, None: no field

    @property
    def key(self) -> str:
        """One memory a producer and a standard."""
        return f"{self.producer.casefold().strip()}/{self.schema}"

    def refusal(self) -> str | None:
        """Why it cannot be kept, in one sentence."""
        return None if self.schema else "Correction : choisissez d'abord un standard."


class Entry(Protocol):
    """Any of the kinds above."""

    kind: ClassVar[str]

    @property
    def key(self) -> str: ...
    def refusal(self) -> str | None: ...


class Shelf(records.Journal, Protocol):
    """The part of the store that entries need."""

    def records(self, kind: str, territory: str) -> list[Record]: ...


T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """An entry with who wrote its latest line, and when."""

    entry: T
    author: str | None
    recorded_at: datetime
    first_at: datetime  # of the first line with this key


def keep(store: Shelf, person: Person, territory: str, *entries: Entry) -> None:
    """Append entries in the name of a person; all of them or none.

    Raises NotAllowed for a reader, Refused with a sentence for an entry that says too little.
    """
    for made in entries:
        refused = made.refusal() or _too_long(made) or _unknown(made)
        if refused:
            raise Refused(refused)
    lines = [Record(made.kind, territory, _plain(made)) for made in entries]
    records.note(store, person, *lines)


def of(store: Shelf, kind: type[T], territory: str) -> list[Kept[T]]:
    """The latest line of each entry of a kind, in the order they were first written."""
    found: dict[str, Kept[T]] = {}
    for line in history(store, kind, territory):
        key = line.entry.key  # type: ignore[attr-defined]
        first = found[key].first_at if key in found else line.recorded_at
        found[key] = Kept(line.entry, line.author, line.recorded_at, first)
    return list(found.values())


def history(store: Shelf, kind: type[T], territory: str, key: str | None = None) -> list[Kept[T]]:
    """Every line of a kind (of one entry, with `key`), oldest first."""
    lines = store.records(kind.kind, territory)  # type: ignore[attr-defined]
    made = [
        Kept(_read(kind, line.payload), line.author, line.recorded_at, line.recorded_at)
        for line in lines
    ]
    return [line for line in made if key in (None, line.entry.key)]  # type: ignore[attr-defined]


def only(store: Shelf, kind: type[T], territory: str) -> T | None:
    """The one entry of a kind that a territory has at most (profile, validation)."""
    lines = of(store, kind, territory)
    return lines[-1].entry if lines else None


def _plain(entry: Any) -> dict[str, Any]:
    """What JSON can keep: days as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(entry).items()
    }


def _read(kind: type[T], payload: dict[str, Any]) -> T:
    """An entry from what was kept; keys of another version are left aside."""
    types_of = hints(kind)
    known = {made.name for made in fields(kind)} & set(payload)  # type: ignore[arg-type]
    return kind(**{name: _typed(types_of[name], payload[name]) for name in known})


def _typed(kind: Any, value: Any) -> Any:
    options = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return date.fromisoformat(value) if date in options and isinstance(value, str) else value


def _unknown(entry: Any) -> str | None:
    dataset = getattr(entry, "dataset", "")
    known = not dataset or dataset in catalog().datasets
    return None if known else f"Donnée « {dataset[:40]} » inconnue du référentiel."


def _between(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and low <= value <= high


def _too_long(entry: Any) -> str | None:
    texts: Iterable[Any] = (value for value in vars(entry).values() if isinstance(value, str))
    longest = max(map(len, texts), default=0)
    return (
        None if longest <= 5 * LONGEST else f"Texte trop long : {5 * LONGEST} caractères au plus."
    )
