"""The minutes of a session: what was shown, asked and decided, and what comes next.

A name stands in the internal minutes only, and only if the person agreed; never in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from data.entries import DECISION, PLANNED, QUESTION, STARTED, Remark
from drawing import french
from drawing.french import SPACE
from restitution import formats
from restitution.account import Account
from restitution.document import (
    NOTICE,
    Absent,
    Block,
    Column,
    Document,
    Facts,
    Items,
    Part,
    Section,
    Table,
    Text,
)
from restitution.export import Made

EXTENSIONS = ("pdf", "docx")
STEM = "compte_rendu"
STEPS = 3  # next steps that the diagnosis suggests
UNSAID = "non notée"
CAPTION = "Dans l'ordre où cela a été noté"
WITHOUT_NAMES = (
    "Version sans nom. Les questions et les décisions sont reprises telles qu'elles ont été "
    f"notées{SPACE}: relisez-les avant de diffuser."
)


def document(account: Account, remarks: Iterable[Remark], views: Sequence[str] = ()) -> Document:
    """The minutes of the session these remarks were noted in; `views` are the titles shown.

    The withdrawn ones are left out. Without a remark the session is that of the account's day.
    """
    kept = [made for made in remarks if not made.withdrawn]
    day = max((made.day for made in kept), default=account.day)
    place = account.place
    return Document(
        id="minutes",
        title=f"Compte rendu de la restitution {french.of_place(place.name, place.level)}",
        subtitle=f"Séance du {french.day(day)}",
        place=place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=(
            _session(account, day, kept, views),
            _noted(account, [made for made in kept if made.nature == QUESTION], QUESTION),
            _noted(account, [made for made in kept if made.nature == DECISION], DECISION),
            _next_steps(account),
        ),
        notices=(NOTICE,),
    )


def make(account: Account, remarks: Iterable[Remark], views: Sequence[str], extension: str) -> Made:
    """The minutes as one of EXTENSIONS."""
    return formats.made(document(account, remarks, views), extension)


def _session(account: Account, day: date, kept: Sequence[Remark], views: Sequence[str]) -> Part:
    place = account.place
    counted = [
        french.plural(sum(made.nature == nature for made in kept), name)
        for nature, name in ((QUESTION, "question"), (DECISION, "décision"))
    ]
    facts = Facts(
        (
            ("Date", french.day(day)),
            ("Territoire", french.upper_first(place.name)),
            ("Noté en séance", french.listed(counted)),
        )
    )
    shown = list(dict.fromkeys([*views, *(made.view for made in kept if made.view)]))
    blocks: list[Block] = [facts]
    if shown:
        blocks.append(Section("Vues présentées", (Items(tuple(shown), ordered=True),)))
    if not account.internal:
        blocks.append(Text(WITHOUT_NAMES, "caution"))
    return Part("seance", "La séance", tuple(blocks))


_TITLES = {QUESTION: "Questions posées", DECISION: "Décisions prises"}
_NONE = {
    QUESTION: "Aucune question n'a été notée pendant cette séance.",
    DECISION: "Aucune décision n'a été notée pendant cette séance.",
}
_COLUMNS = {QUESTION: "Question", DECISION: "Décision"}
_WHO = {QUESTION: "Posée par", DECISION: "Portée par"}


def _noted(account: Account, kept: Sequence[Remark], nature: str) -> Part:
    title = _TITLES[nature]
    if not kept:
        absent = Absent(title, _NONE[nature], "Se note à l'écran Restitution, volet Séance.")
        return Part(f"{nature}s", title, (absent,), empty=_NONE[nature])
    headers = [Column(_COLUMNS[nature], 4), Column("Vue à l'écran", 2)]
    if account.internal:
        headers.append(Column(_WHO[nature], 2))
    rows = tuple(_row(account, made) for made in kept)
    return Part(f"{nature}s", title, (Table(CAPTION, tuple(headers), rows),))


def _row(account: Account, made: Remark) -> tuple[str, ...]:
    said = (french.typeset(made.text), made.view or UNSAID)
    if not account.internal:
        return said
    named = made.who if made.agreed and made.who.strip() else "sans nom"
    return (*said, named)


def _next_steps(account: Account) -> Part:
    """The team's running actions (internal), then what would help most."""
    title = "Prochains pas"
    planned = [
        f"{line.entry.title}{_owner(line.entry.owner)}{_due(line.entry.deadline)}."
        for line in account.plan
        if line.entry.state in (PLANNED, STARTED)
    ]
    useful = [f"{line.title}{SPACE}: {line.next_step}" for line in account.missing[:STEPS]]
    blocks: list[Block] = []
    if planned:
        blocks.append(Section("Ce que l'équipe a prévu", (Items(tuple(planned)),)))
    if useful:
        listed = Items(tuple(useful), ordered=True)
        blocks.append(Section("Les données qui aideraient le plus", (listed,)))
    if blocks:
        return Part("suites", title, tuple(blocks))
    why = "Aucun prochain pas n'est proposé : rien ne manque parmi ce qui a été vérifié ou supposé."
    return Part("suites", title, (Absent(title, french.typeset(why)),), empty=why)


def _owner(owner: str) -> str:
    return f" ({owner})" if owner else ""


def _due(deadline: date | None) -> str:
    return f", d'ici le {french.day(deadline)}" if deadline else ""
