"""What is available, what is missing and why: counts, then every needed dataset once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

from data.catalog import catalog
from diagnostics import scoring
from diagnostics.contributions import CONTRIBUTORS, contributions, typical
from diagnostics.evidence import Evidence
from drawing import bodies, charts, french, signs
from restitution import status_words
from restitution.account import Account
from restitution.document import Block, Column, Part, Section, Table, Text
from restitution.holders import holder

ID, TITLE = "disponibilite", "Ce qui est disponible, ce qui manque, et pourquoi"
SEPARATOR = "\u00a0; "
TOGETHER = 14  # data in one row: a taller one would leave a hole at the foot of a page
_ORDER = {code: rank for rank, code in enumerate(signs.STATUSES)}


def part(account: Account) -> Part:
    """Counts by status, who brings what, then the table of all the needed data."""
    needed = account.assessment.needed
    known = [made for made in needed.values() if made.established]
    supposed = [made for made in needed.values() if not made.established]
    blocks = (
        Text(_introduction(len(needed), len(known)), id="disponibilite"),
        Text(_counted(account)),
        _contributions(account),
        *_established(account, known),
        *_supposed(account, supposed),
    )
    return Part(ID, TITLE, blocks)


def _introduction(needed: int, known: int) -> str:
    left = needed - known
    supposed = french.agree(left, "n'est que supposée", "ne sont que supposées")
    return (
        f"Les projets demandent {french.plural(needed, 'donnée')}, chacune comptée une fois. "
        f"{french.plural(known, 'est établie', 'sont établies')}, constatées par l'outil ou "
        f"déclarées par quelqu'un\u00a0; {french.number(left)} {supposed} par le référentiel, et "
        "attendent un oui ou un non. Un verdict ne repose que sur ce qui est établi."
    )


def _counted(account: Account) -> str:
    """The same counts as the first page."""
    counts = charts.counted(account.assessment.counts)
    listed = french.listed(
        f"{sign.symbol}\u00a0{signs.counted(sign.code, count)}" for sign, count in counts
    )
    return f"Par statut\u00a0: {listed}."


# --- who brings what ------------------------------------------------------------------------------


def _contributions(account: Account) -> Block:
    """What each level brings: established as open apart from supposed."""
    found = contributions(account.assessment)
    others = _not_open(account)
    rows = [
        (
            bodies.WHO[who] + (f" ({line.name})" if line.name else ""),
            *bodies.established(len(line.open), others[who]),
            french.number(len(line.supposed)) if line.supposed else bodies.NOTHING["supposée"],
        )
        for who in CONTRIBUTORS
        if (line := found.of(who)).open or line.supposed or others[who] or who in bodies.NEAR
    ]
    columns = (
        Column("Qui", 3),
        Column("Données ouvertes, établies", 1.4),
        Column("Établies, autre statut", 1.4),
        Column("Supposées ouvertes, à vérifier", 1.4),
    )
    return Table("Qui apporte quoi", columns, tuple(rows))


def _not_open(account: Account) -> Counter[str]:
    """Data established under another status than open, by the body their card names."""
    cards = catalog().datasets
    return Counter(
        typical(cards[made.dataset])
        for made in account.assessment.needed.values()
        if made.established and _shown(made) not in ("open", "not_evaluated")
    )


# --- every needed dataset -------------------------------------------------------------------------


def _established(account: Account, found: Sequence[Evidence]) -> tuple[Block, ...]:
    columns = (
        Column("Statut", 1.5),
        Column("Comment on le sait", 2.2),
        Column("Données, par détenteur", 6),
    )
    rows = tuple(
        (_sign(group[0]), _proof(group), _titles(account, group))
        for group in _grouped(account, found, lambda made: (_sign(made), _kind(made)))
    )
    nothing = "Rien n'a encore été constaté ni déclaré pour ce territoire."
    table = Table("Données établies", columns, rows, source=_why(account), empty=nothing)
    return (Section("Ce qui est établi", (table,)),)


def _supposed(account: Account, found: Sequence[Evidence]) -> tuple[Block, ...]:
    """What nobody looked at: the word of the reference, shown as such."""
    if not found:
        return ()
    groups: dict[str, list[Evidence]] = {}
    for made in _ordered(found):
        groups.setdefault(_supposition(made), []).append(made)
    rows = tuple(
        Text(_titles(account, group), strong=f"{said} ({french.number(len(group))}).")
        for said, group in groups.items()
    )
    said = Text(
        "Personne n'a encore regardé ici\u00a0: chacune compte comme non évaluée. La supposition "
        "vient du référentiel et se vérifie en un appel.",
        id="supposees",
    )
    return (Section("Ce qui reste à vérifier", (said, *rows)),)


def _grouped(
    account: Account, found: Iterable[Evidence], said: Callable[[Evidence], Hashable]
) -> list[list[Evidence]]:
    """The data of which the same is said, TOGETHER at most, those of one holder side by side.

    A row each would fill four pages; the workbook has them one by one.
    """
    groups: dict[Hashable, list[Evidence]] = {}
    for made in _ordered(found):
        groups.setdefault(said(made), []).append(made)
    for group in groups.values():
        order = list(dict.fromkeys(holder(account, made.dataset) for made in group))
        group.sort(key=lambda made: order.index(holder(account, made.dataset)))
    return [
        group[first : first + TOGETHER]
        for group in groups.values()
        for first in range(0, len(group), TOGETHER)
    ]


def _titles(account: Account, group: Sequence[Evidence]) -> str:
    """'Commune\u00a0: fontaines\u00a0; friches. État et ses établissements\u00a0: bâtiments.'"""
    held: dict[str, list[str]] = {}
    for made in group:
        title = catalog().datasets[made.dataset].title
        held.setdefault(holder(account, made.dataset), []).append(title)
    return " ".join(f"{who}\u00a0: {SEPARATOR.join(titles)}." for who, titles in held.items())


def _why(account: Account) -> str:
    """The reference and the day; in the team's document, where the reasons are."""
    where = " Raisons et notes\u00a0: voir «\u00a0Échanges\u00a0»." if account.internal else ""
    version = account.assessment.reference_version
    return f"Référentiel de l'outil, version {version}, état au {french.day(account.day)}.{where}"


def _ordered(found: Iterable[Evidence]) -> list[Evidence]:
    """By status in the order of the signs, then as the reference lists them."""
    return sorted(found, key=lambda made: _ORDER[_shown(made)])


def _shown(made: Evidence) -> str:
    """The status it counts under; for a supposition, the status supposed."""
    return scoring.standing(made.state, not made.established)


def _sign(made: Evidence) -> signs.Sign:
    return signs.status(_shown(made))


def _supposition(made: Evidence) -> str:
    if made.outside:
        return french.upper_first(status_words.OUTSIDE)
    return french.upper_first(status_words.SUPPOSED.get(_shown(made), "sans supposition"))


def _kind(made: Evidence) -> tuple[Hashable, ...]:
    """What makes two findings the same but for their day."""
    paper = bool(made.proof)
    return made.provenance, made.evidence_level, made.existence == "partial", made.outside, paper


def _proof(group: Sequence[Evidence]) -> str:
    """'constaté le 21 novembre 2026, lignes lues', and what is only partly there."""
    made = group[0]
    proof = signs.proof_words(made.evidence_level, made.provenance, made.proof)
    said = [f"{signs.PROVENANCES[made.provenance]}{_days(group)}", proof.removeprefix("déclarée, ")]
    if made.existence == "partial":
        said.append("en partie seulement")
    if made.outside:
        said.append("hors couverture de la source")
    return ", ".join(said)


def _days(group: Sequence[Evidence]) -> str:
    """' le 3 mars 2026', or the first and the last of several days."""
    days = sorted({made.as_of for made in group if made.as_of})
    if not days:
        return ""
    first, last = french.readable_day(days[0]), french.readable_day(days[-1])
    return f" le {first}" if first == last else f" entre le {first} et le {last}"
