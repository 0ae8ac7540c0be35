"""The dossier of one theme: what its projects have in common, then each sheet shortened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from data.catalog import Experiment, catalog
from diagnostics import scoring
from diagnostics.availability import AssessedExperiment, AssessedNeed
from drawing import french, signs
from drawing.french import typeset
from drawing.signs import Sign
from restitution import formats, sheet, status_words
from restitution.account import Account
from restitution.document import (
    BALLOT,
    NOTICE,
    Absent,
    Block,
    Column,
    Document,
    Facts,
    Part,
    Table,
    Text,
)
from restitution.export import Made
from restitution.holders import family
from restitution.verdicts import verdict_blocks, verdict_words

EXTENSIONS = formats.EXTENSIONS
_STANDS = {
    "ready": ("a les données pour commencer", "ont les données pour commencer"),
    "degraded": ("a celles d'une version réduite", "ont celles d'une version réduite"),
    "blocked": ("attend une donnée", "attendent une donnée"),
}
SHARED = 2  # projects from which a lacking datum is said to be common


def _used() -> dict[str, str]:
    """The themes that have at least one project, in the order of the programme."""
    used = {made.theme for made in catalog().experiments.values()}
    rows = catalog().programme["themes"]
    return {str(row["code"]): str(row["label"]) for row in rows if row["code"] in used}


THEMES = _used()


def themes(account: Account) -> dict[str, str]:
    """The themes of the projects kept: 'biodiversity' -> 'Gestion de la biodiversité'."""
    kept = {made.theme for made in account.experiments}
    return {code: label for code, label in THEMES.items() if code in kept}


def make(account: Account, theme: str, extension: str) -> Made:
    """The dossier in one of EXTENSIONS. KeyError for a theme without any project."""
    return formats.made(document(account, theme), extension, formats.BOOK)


def document(account: Account, theme: str) -> Document:
    """The dossier of a theme before its format."""
    place, label = account.place, THEMES[theme]
    sheets = [made for made in account.experiments if made.theme == theme]
    assessed = [sheet.assessment_of(account, made.id) for made in sheets]
    needs = distinct(assessed)
    return Document(
        id="dossier",
        title=f"{label} {french.inside(place.name, place.level)}",
        subtitle="Dossier thématique",
        place=place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=(
            overview(assessed),
            lacking(assessed),
            matrix(account, needs),
            *(shortened(account, *pair) for pair in zip(sheets, assessed, strict=True)),
            method(account, needs),
        ),
        notices=(NOTICE, BALLOT),
    )


def distinct(assessed: Sequence[AssessedExperiment]) -> list[AssessedNeed]:
    """Each dataset that these projects need, once."""
    return list({need.dataset: need for made in assessed for need in made.needs}.values())


# --- in common -----------------------------------------------------------------------------------


def overview(assessed: Sequence[AssessedExperiment]) -> Part:
    """How many projects under each verdict, and which."""
    rows = tuple(
        (
            typeset(made.title),
            signs.VERDICT_SIGNS[made.verdict].symbol + french.SPACE + verdict_words(made),
        )
        for made in assessed
    )
    columns = (Column("Projet", 3), Column("Ce que permettent les données", 5))
    table = Table("Les projets du thème", columns, rows, empty="Aucun projet retenu.")
    return Part("vue", "Vue d'ensemble", (Text(_said(assessed), "lead", id="vue"), table))


def _said(assessed: Sequence[AssessedExperiment]) -> str:
    """'Sur les 3 projets de ce thème, 1 attend une donnée ; pour 2, on ne sait pas encore.'"""
    counts = Counter(made.verdict for made in assessed)
    total, unknown = len(assessed), counts["unknown"]
    if total == unknown:
        start = french.agree(total, "s'il peut commencer", "s'ils peuvent commencer")
        all_of = french.agree(total, "le projet", f"les {french.number(total)}\u00a0projets")
        return f"Pour {all_of} de ce thème, on ne sait pas encore {start}."
    said = [
        f"{french.number(counts[verdict])} {french.agree(counts[verdict], *words)}"
        for verdict, words in _STANDS.items()
        if counts[verdict]
    ]
    said += [f"pour {french.number(unknown)}, on ne sait pas encore"] if unknown else []
    whole = french.agree(total, "le seul projet", f"les {french.number(total)}\u00a0projets")
    return typeset(f"Sur {whole} de ce thème, {' ; '.join(said)}.")


def lacking(assessed: Sequence[AssessedExperiment]) -> Part:
    """The data that several of these projects wait for, the most awaited first."""
    uses: dict[str, list[str]] = {}
    for made in assessed:
        for need in made.needs:
            if need.fulfilment not in ("met", "out"):
                uses.setdefault(need.dataset, []).append(made.title)
    shared = sorted(
        ((dataset, titles) for dataset, titles in uses.items() if len(titles) >= SHARED),
        key=lambda pair: (-len(pair[1]), pair[0]),
    )
    title = "Données attendues par plusieurs projets"
    if not shared:
        none = "Aucune donnée manquante ou à vérifier n'est commune à plusieurs projets du thème."
        return Part("manques", title, (Absent("Rien de commun.", none),), none)
    known = {need.dataset: need for need in distinct(assessed)}
    rows = tuple(_awaited(known[dataset], titles) for dataset, titles in shared)
    columns = (
        Column("Donnée", 3),
        Column("Statut", 1.8),
        Column("Su comment", 1.8),
        Column("Projets", 4),
    )
    table = Table("Manquantes, partielles ou à vérifier", columns, rows)
    return Part("manques", title, (table, Text(sheet.SUPPOSED_STATUS, "quiet")))


def _awaited(need: AssessedNeed, titles: Sequence[str]) -> tuple[str | Sign, ...]:
    return (
        typeset(need.title),
        status_words.shown(need.status, need.existence, need.provenance),
        status_words.known_by(need.status, need.existence, need.provenance, outside=need.outside),
        typeset(" ; ".join(titles)),
    )


def matrix(account: Account, needs: Sequence[AssessedNeed]) -> Part:
    """Kinds of producers × statuses, each dataset once; only the statuses that are met."""
    evidence = account.assessment.evidence
    cards = catalog().datasets
    counted = [
        (family(cards[need.dataset]), scoring.standing(evidence[need.dataset].state))
        for need in needs
    ]
    statuses = [code for code in signs.STATUSES if any(code == found for _, found in counted)]
    rows = [
        (who, *_counts([found for kind, found in counted if kind == who], statuses))
        for who in dict.fromkeys(kind for kind, _ in counted)
    ]
    total = ("Ensemble", *_counts([found for _, found in counted], statuses))
    heads = [signs.STATUSES[code] for code in statuses]
    columns = (
        Column("Producteur", 3),
        *(Column(f"{sign.symbol} {sign.word}", 1.6, True) for sign in heads),
        Column("Total", 1, True),
    )
    note = "Chaque donnée est comptée une fois\u00a0; un statut supposé compte comme non évalué."
    table = Table("Nombre de données", columns, (*rows, total))
    return Part("producteurs", "Producteurs et statuts", (table, Text(note, "quiet")))


def _counts(found: Sequence[str], statuses: Sequence[str]) -> list[str]:
    counts = [found.count(code) for code in statuses]
    return [*(str(count) if count else "aucune" for count in counts), str(len(found))]


# --- each sheet, sources -------------------------------------------------------------------------


def shortened(account: Account, made: Experiment, assessed: AssessedExperiment) -> Part:
    """One sheet in half a page: problem, service, verdict, figures, effort, conditions."""
    whole = {part.id: part for part in sheet.parts(account, made, assessed)}
    problem, found = whole["contexte"].blocks[-1], whole["resultats"]
    minimum = [need for need in assessed.needs if need.criticality == "indispensable"]
    blocks: tuple[Block, ...] = (
        problem,
        Text(typeset(made.service), strong="Service imaginé."),
        *verdict_blocks(assessed),
        sheet.needs_table(account, minimum, "Données indispensables"),
        *found.blocks,
        Facts((("Effort", sheet.effort_words(made)), ("Périmètre", typeset(made.perimeter)))),
    )
    return Part(f"projet-{made.id.replace('_', '-')}", typeset(made.title), blocks)


def method(account: Account, needs: Sequence[AssessedNeed]) -> Part:
    """The sources of all these data, and what the sheets are not."""
    return Part("methode", "Sources et méthode", sheet.method_blocks(account, needs))
