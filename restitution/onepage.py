"""One page for élus, both sides: what we know, the projects, what is missing, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.entries import Draft
from diagnostics.indicators import POSITIONS, Value
from diagnostics.missing import MissingData
from drawing import figures, french, sentences, signs
from restitution import lacks, typeset
from restitution.account import Account
from restitution.deck import cited, opening
from restitution.deck import projects as views
from restitution.document import (
    BALLOT,
    NOTICE,
    Block,
    Column,
    Document,
    Items,
    KeyFigure,
    KeyFigures,
    Part,
    Table,
    Text,
)
from restitution.drafts import Pictures, edited
from restitution.export import Made
from restitution.holders import holder
from restitution.parts.town import short_source

FIGURES = 6
MISSING = 4  # lines
RECTO = ("essentiel", "chiffres")  # parts of the first side
MORE = "seniors_share"  # completes the headlines of the themes


def document(account: Account) -> Document:
    """The page before its format; its parts may be chosen and its sentences rewritten."""
    place = account.place
    return Document(
        id="onepage",
        title=french.upper_first(f"les données {french.of_place(place.name, place.level)}"),
        subtitle="Une page pour les élus",
        place=place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=tuple(_parts(account)),
        notices=(NOTICE, BALLOT),
    )


def as_pdf(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The page as PDF: A4, two sides exactly."""
    made = edited(document(account), draft, picture)
    content = {**typeset.plain(made), "recto": RECTO}
    return Made(typeset.pdf("onepage.typ", content, account.day), made.skipped)


def _parts(account: Account) -> Iterator[Part]:
    shown = _shown(account)
    yield Part("essentiel", "", tuple(_sentences(account)))
    yield Part("chiffres", "Quelques chiffres", (KeyFigures(tuple(_figures(account, shown))),))
    yield Part("projets", "Où en sont les projets", tuple(_projects(account)))
    yield from _missing(account)
    yield Part("inconnu", "Ce que nous ne savons pas", (Items(tuple(_unknown(account))),))
    yield Part("sources", "D'où cela vient", (Text(_sources(account, shown), "quiet"),))


def _sentences(account: Account) -> Iterator[Text]:
    """The three sentences that can be repeated in council."""
    best = account.missing[0].title if account.missing else None
    yield Text(sentences.fact(account.place, account.values)[0], "lead", id="fait")
    yield Text(sentences.readiness(account.place, account.summary), "lead", id="projets")
    yield Text(sentences.most_useful(best), "lead", id="utile")


# --- figures -------------------------------------------------------------------------------------


def _shown(account: Account) -> list[Value]:
    """A figure a theme, and one more on who lives here."""
    found = [figures.headline(account.values, theme) for theme in signs.THEMES]
    more = [value for value in account.values if value.id == MORE and value.value is not None]
    return [value for value in (*found[:1], *more, *found[1:]) if value][:FIGURES]


def _figures(account: Account, shown: list[Value]) -> Iterator[KeyFigure]:
    for value in shown:
        if value.value is None:
            words = french.upper_first(signs.absence(value.status).words)
            yield KeyFigure(value.title, words, figures.why_absent(value))
        else:
            said = figures.spoken(value)
            yield KeyFigure(value.title, said, _beside(value), short_source(account, value))


def _beside(value: Value) -> str:
    """The interval as it is said, else where the figure stands among towns, in words."""
    if bounds := opening.bounds(value):
        return bounds
    found = value.comparison
    if found is None:
        return ""
    return f"{POSITIONS[found.position]} des villes du programme{figures.few(found)}"


# --- projects, what is missing, what is not known ------------------------------------------------


def _projects(account: Account) -> Iterator[Table]:
    """All of them by verdict, then those whose data are the most advanced."""
    for view in (views.verdicts(account), views.advanced(account)):
        yield from (made for made in view.body if isinstance(made, Table))


def _missing(account: Account) -> Iterator[Part]:
    """What is established as lacking, apart from what nobody checked yet."""
    first = account.missing[:MISSING]
    sure, unsure = lacks.established(first), lacks.unchecked(first)
    if sure or not unsure:
        yield Part("manque", lacks.LACKING, tuple(_lines(account, sure)))
    if unsure:
        yield Part("verifier", lacks.TO_CHECK, tuple(_lines(account, unsure)))


def _lines(account: Account, lines: Sequence[MissingData]) -> Iterator[Block]:
    """Rows keep what differs; a step that all of them share is said once, below."""
    steps = lacks.steps(lines, brief=True)
    heads = ["Donnée", "Ce que l'on en sait", "Qui peut aider", "Prochain pas"]
    rows = [
        (line.title.split(" (")[0], lacks.known(line), holder(account, line.dataset), step)
        for line, step in zip(lines, steps.own, strict=True)
    ]
    kept = len(heads) if any(steps.own) else len(heads) - 1
    columns = tuple(Column(head, 1.5 + (head == "Donnée")) for head in heads[:kept])
    cut = tuple(row[:kept] for row in rows)
    yield Table("", columns, cut, empty=sentences.most_useful(None))
    if steps.note:
        yield Text(steps.note, "quiet")


def _unknown(account: Account) -> Iterator[str]:
    """What nobody checked, then each absence of a figure under its own words."""
    counts = account.assessment.counts
    total, unchecked = sum(counts.values()), counts["not_evaluated"]
    if unchecked:
        yield (
            f"Sur {french.plural(total, 'donnée')} que demandent les projets, "
            f"{_unchecked(unchecked)}."
        )
    kinds: dict[str, int] = {}
    for value in account.values:
        if value.value is None:
            kinds[value.status] = kinds.get(value.status, 0) + 1
    for status, count in kinds.items():
        words = french.upper_first(signs.absence(status).words)
        yield f"{words}\u00a0: {french.plural(count, 'chiffre')}."
    if not unchecked and not kinds:
        yield "Chaque donnée demandée a été vérifiée, chaque chiffre est connu."


def _unchecked(count: int) -> str:
    words = french.agree(count, "n'a pas encore été vérifiée", "n'ont pas encore été vérifiées")
    return f"{french.number(count)} {words}"


def _sources(account: Account, shown: list[Value]) -> str:
    """Producers and years of the figures shown, and of the verdicts."""
    known = (short_source(account, value) for value in shown if value.value is not None)
    named = " ; ".join(dict.fromkeys(known))
    if not named:
        return cited.diagnosis(account)
    return f"Chiffres\u00a0: {french.typeset(named)}. {cited.diagnosed(account)}"
