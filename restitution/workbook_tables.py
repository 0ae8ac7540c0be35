"""The sheets of the workbook that say the diagnosis: one function a sheet, columns beside rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from data.catalog import catalog
from diagnostics.availability import AssessedExperiment, AssessedNeed
from diagnostics.duties import agents_of, badges
from diagnostics.evidence import Evidence, Found
from diagnostics.indicators import POSITIONS, Comparison, Value
from diagnostics.missing import MissingData
from diagnostics.scoring import Check, Interval, standing
from drawing import duties, figures, french, projects, signs
from drawing.check_words import ASPECTS
from restitution import missing_list
from restitution.account import Account
from restitution.fetched import Origin, origins
from restitution.holders import attribution, holder
from restitution.sheet import families
from restitution.sheets import Cell

Columns = Sequence[tuple[str, float]]
Rows = list[list[Cell]]
UNTESTED = "non testé"
NO_SOURCE = "aucune source trouvée"
OUT_OF_SCOPE = "sans objet ici"


def day_of(account: Account) -> date:
    """The day of the account, without its hour."""
    return account.day.date() if isinstance(account.day, datetime) else account.day


def dated(text: str | None) -> Cell:
    """A text that holds an ISO day as a real date; any other text as it is."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return text


# --- inventory -------------------------------------------------------------------------------

INVENTORY: Columns = (
    *(("Identifiant", 24), ("Donnée", 42), ("Famille de producteur", 24), ("Détenteur", 32)),
    *(("Statut", 18), ("Provenance", 12), ("Compte comme", 18), ("Existence", 34)),
    *(("Preuve", 28), ("Connu le", 12), ("Indispensable à (projets)", 14)),
    *(("Utile à (projets)", 12), ("De confort à (projets)", 12), ("Projets", 60)),
    *(("Standard", 34), ("Obligation, à confirmer", 48)),
)


def inventory(account: Account) -> Rows:
    """Each dataset that a project needs, once, in the order of the reference."""
    used = uses(account)
    agents = agents_of(account.store, account.place)
    return [
        _inventoried(account, evidence, used[dataset], agents)
        for dataset, evidence in account.assessment.needed.items()
    ]


def uses(account: Account) -> dict[str, list[tuple[AssessedExperiment, AssessedNeed]]]:
    """The needs of each dataset, with the project that has them."""
    found: dict[str, list[tuple[AssessedExperiment, AssessedNeed]]] = {}
    for experiment in account.assessment.experiments:
        for need in experiment.needs:
            found.setdefault(need.dataset, []).append((experiment, need))
    return found


def _inventoried(
    account: Account,
    evidence: Evidence,
    used: Sequence[tuple[AssessedExperiment, AssessedNeed]],
    agents: int | None,
) -> list[Cell]:
    card = catalog().datasets[evidence.dataset]
    kinds = [need.criticality for _, need in used]
    found = badges(card, account.place, evidence, day_of(account), agents)
    return [
        card.id,
        card.title,
        families()[card.producer],
        holder(account, card.id),
        signs.need_sign(evidence.status, evidence.existence).word,
        signs.PROVENANCES[evidence.provenance],
        signs.status(standing(evidence.state)).word,
        signs.EXISTENCE[evidence.existence],
        signs.proof_words(evidence.evidence_level, evidence.provenance, evidence.proof),
        dated(evidence.as_of),
        *(kinds.count(kind) for kind in signs.CRITICALITY),
        " ; ".join(experiment.title for experiment, _ in used),
        standard(card.standard),
        "\n".join(french.typeset(duties.label(badge)) for badge in found),
    ]


def standard(identifier: str | None) -> str:
    """The title of a standard; its identifier when the catalogue has no title."""
    found = catalog().standards.get(identifier or "")
    return str(found["title"]) if found else identifier or ""


# --- evidence --------------------------------------------------------------------------------

EVIDENCE: Columns = (
    *(("Identifiant", 24), ("Donnée", 42), ("Statut", 18), ("Provenance", 12), ("Preuve", 26)),
    *((name, 16) for name in signs.CHECKS.values()),
    *((name, 16) for name in ASPECTS.values()),
    *(("Adéquation", 12), ("Source trouvée", 42), ("Publiée par", 32), ("Adresse", 44)),
    *(("Niveau", 16), ("Licence", 28), ("Format", 14), ("Mise à jour", 14), ("Schéma", 26)),
)


def evidence(account: Account) -> Rows:
    """One row a dataset and a source found: the checks are of the dataset, and are repeated."""
    return [row for made in account.assessment.needed.values() for row in _proved(account, made)]


def _proved(account: Account, made: Evidence) -> Iterator[list[Cell]]:
    known: list[Cell] = [
        made.dataset,
        catalog().datasets[made.dataset].title,
        signs.need_sign(made.status, made.existence).word,
        signs.PROVENANCES[made.provenance],
        signs.proof_words(made.evidence_level, made.provenance, made.proof),
        *(checked(made.checks, name) for name in signs.CHECKS),
        *(checked(made.aspects, name) for name in ASPECTS),
        made.adequacy,
    ]
    opened = account.internal or made.status == "open"
    for source in made.sources:
        yield [*known, *_source(account, made.dataset, source, opened)]
    if not made.sources:
        yield [*known, NO_SOURCE]


def checked(checks: Mapping[str, Check], name: str) -> Cell:
    """0 to 1, or « non testé »."""
    found = checks.get(name)
    return round(found, 3) if isinstance(found, int | float) else UNTESTED


def _source(account: Account, dataset: str, made: Found, opened: bool) -> list[Cell]:
    """What is not open is named, outside the team, by the kind of body that holds it."""
    return [
        made.title,
        made.publisher if opened or made.url else holder(account, dataset),
        made.url,
        signs.LEVELS.get(made.level or "", made.level),
        made.licence,
        made.format,
        dated(made.updated_at),
        made.schema,
    ]


# --- projects --------------------------------------------------------------------------------

PROJECTS: Columns = (
    *(("Identifiant", 24), ("Projet", 44), ("Verdict", 30), ("Verdict attendu", 30)),
    *(("Utilisable, au moins (points)", 12), ("Utilisable, au plus (points)", 12)),
    *(("Ouverture, au moins (points)", 12), ("Ouverture, au plus (points)", 12)),
    *(("Part évaluée (0 à 1)", 11), ("Absence", 18), ("Besoins", 10), ("Ce qui manque", 44)),
    *(("À confirmer", 44), ("En une phrase", 60)),
)


def experiments(account: Account) -> Rows:
    """One row a project, in the order of the reference."""
    return [_project(account, made) for made in account.assessment.experiments]


def _project(account: Account, made: AssessedExperiment) -> list[Cell]:
    return [
        made.id,
        made.title,
        _verdict(made.verdict),
        _verdict(made.expected),
        *points(made.usable),
        *points(made.openness),
        round(made.evaluated_share, 3),
        "" if made.usable and made.openness else OUT_OF_SCOPE,
        len(made.needs),
        titles(made.blocking),
        titles(made.to_confirm),
        projects.sentence(made, account.assessment),
    ]


def points(interval: Interval | None) -> tuple[Cell, Cell]:
    """Both bounds as the JSON rounds them; two empty cells where there is no score."""
    if interval is None:
        return None, None
    made = interval.as_dict()
    return made["low"], made["high"]


def titles(datasets: Iterable[str]) -> str:
    """Titles of some datasets on one line."""
    return " ; ".join(catalog().datasets[dataset].title for dataset in datasets)


def _verdict(code: str) -> str:
    """« Il manque » without its colon: the list stands in a column of its own."""
    return signs.VERDICTS[code].rstrip(":\u00a0")


# --- figures ---------------------------------------------------------------------------------

FIGURES: Columns = (
    *(("Identifiant", 22), ("Thème", 22), ("Chiffre", 42), ("Valeur", 13), ("Absence", 24)),
    *(("Unité", 14), ("Au moins", 11), ("Au plus", 11), ("Ce que sont ces bornes", 24)),
    *(("Médiane des villes ACV", 11), ("Premier quart", 11), ("Dernier quart", 11)),
    *(("Villes comparées", 12), ("Place parmi elles", 26), ("Niveau", 16), ("Millésime", 16)),
    *(("Source", 56), ("Licence", 32), ("Récupéré le", 12), ("Lecture", 60)),
    *(("Précision sur ce chiffre", 60), ("Réserves", 90)),
)


def indicators(account: Account) -> Rows:
    """One row a figure: a number, a real date, or an empty cell with its absence beside."""
    return [_figure(account, made) for made in account.values]


def _figure(account: Account, made: Value) -> list[Cell]:
    value = dated(made.value) if isinstance(made.value, str) else made.value
    return [
        made.id,
        signs.THEMES.get(made.theme, made.theme),
        made.title,
        value,
        "" if made.value is not None else figures.amount(made),
        made.unit,
        made.low,
        made.high,
        made.interval if made.low is not None else "",
        *_compared(made.comparison),
        signs.LEVELS.get(made.level, made.level),
        made.vintage,
        attribution(account, made.source, made.licence, made.datasets),
        made.licence,
        made.fetched_at.date() if made.fetched_at else None,
        made.reading,
        made.detail,
        " ; ".join(made.caveats),
    ]


def _compared(found: Comparison | None) -> list[Cell]:
    if found is None:
        return [None, None, None, None, "pas de comparaison"]
    return [found.median, found.p25, found.p75, found.n, POSITIONS[found.position]]


# --- actions ---------------------------------------------------------------------------------

ACTIONS: Columns = (
    *missing_list.DESCRIBED,
    ("Gain au moins (points)", 11),
    ("Gain au plus (points)", 11),
    missing_list.BEST,
)


def named(account: Account) -> tuple[MissingData, ...]:
    """What is missing, each holder as this account may name it."""
    return tuple(replace(line, holder=holder(account, line.dataset)) for line in account.missing)


def actions(account: Account) -> Rows:
    """What is missing, in the order of the list, with gains as numbers."""
    missing = named(account)
    return [
        [*made, *points(line.gain), missing_list.project_of(line)]
        for made, line in zip(missing_list.described(missing), missing, strict=True)
    ]


# --- sources ---------------------------------------------------------------------------------

SOURCES: Columns = (
    *(("Identifiant", 24), ("Donnée", 42), ("Ce qu'il en est", 36), ("Lignes de la copie", 12)),
    *(("Portée", 14), ("Niveau", 16), ("Millésime", 16), ("Récupéré ou essayé le (UTC)", 17)),
    *(("Source", 40), ("Licence", 30), ("Adresse", 44), ("Détail", 50)),
)


def sources(account: Account) -> Rows:
    """One row a dataset: the copy that serves, else the last attempt, else « non récupéré »."""
    return [_origin(made) for made in origins(account)]


def _origin(made: Origin) -> list[Cell]:
    fetch = made.fetch
    return [
        made.card.id,
        made.card.title,
        made.words,
        made.rows,
        ("France" if fetch.territory == "FR" else fetch.territory) if fetch else None,
        signs.LEVELS.get(fetch.level, fetch.level) if fetch else None,
        fetch.vintage if fetch else None,
        fetch.fetched_at if fetch else None,
        made.source,
        fetch.licence if fetch else " ; ".join(one.licence for one in made.card.sources),
        made.url,
        fetch.detail if fetch else None,
    ]
