"""The diagnosis itself as tables to publish: availability, figures, actions, sources.

Codes are those of the JSON of the same run; a value that is not there is null, and the column
`absence` says why: a null is never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from data.records import EXISTENCES
from data.territories import Territory
from diagnostics.availability import COUNTED, AssessedExperiment, AssessedNeed
from diagnostics.indicators import POSITIONS, Value
from diagnostics.missing import MissingData
from diagnostics.readiness import VERDICTS
from diagnostics.scoring import NOT_TESTED, Check
from drawing import signs
from drawing.check_words import ASPECTS
from restitution.account import Account
from restitution.fetched import Origin, origins
from restitution.holders import attribution, holder
from restitution.table_schema import Field, Published
from restitution.workbook_tables import named, points

POINTS, SHARE = {"minimum": 0, "maximum": 100}, {"minimum": 0, "maximum": 1}
WHOLE = {"minimum": 0}
NEEDED = {"required": True}
NOT_APPLICABLE = "not_applicable"
LIST = "|"  # between the values of a cell that holds several
_LEVELS = [*signs.LEVELS]


def _among(codes: Iterable[str], *, needed: bool = True) -> dict[str, Any]:
    return {**(NEEDED if needed else {}), "enum": list(codes)}


_PLACE = (
    Field("territory", "Code du territoire", constraints=NEEDED),
    Field("territory_name", "Nom du territoire", constraints=NEEDED),
    Field("fictional", "Territoire inventé (FICTIF)", "boolean", constraints=NEEDED),
)
_ABSENCE = Field(
    "absence",
    "Pourquoi une valeur n'est pas là : « colonne=motif », séparés par des barres verticales",
)


def _place(territory: Territory) -> tuple[Any, ...]:
    return territory.code, territory.name, territory.fictional


def _why(absent: Mapping[str, str]) -> str:
    return LIST.join(f"{name}={why}" for name, why in absent.items())


def tables(account: Account) -> Iterator[Published]:
    """The four tables of a territory, without a word that somebody typed."""
    yield _availability(account)
    yield _indicators(account)
    yield _actions(account)
    yield _sources(account)


# --- availability ----------------------------------------------------------------------------

_CHECKS = {f"check_{name}": f"Contrôle : {words}" for name, words in signs.CHECKS.items()}
_FITS = {f"aspect_{name}": f"Aspect : {words}" for name, words in ASPECTS.items()}
_AVAILABILITY = (
    *_PLACE,
    Field("experiment", "Identifiant du projet", constraints=NEEDED),
    Field("experiment_title", "Projet", constraints=NEEDED),
    Field("verdict", "Verdict établi", constraints=_among(VERDICTS)),
    Field("expected", "Verdict si les suppositions se confirment", constraints=_among(VERDICTS)),
    Field("dataset", "Identifiant de la donnée", constraints=NEEDED),
    Field("title", "Donnée", constraints=NEEDED),
    Field("criticality", "Importance pour ce projet", constraints=_among(signs.CRITICALITY)),
    Field("status", "Statut, constaté, déclaré ou supposé", constraints=_among(COUNTED)),
    Field("existence", "Existence de la donnée", constraints=_among(EXISTENCES)),
    Field("provenance", "D'où vient le statut", constraints=_among(signs.PROVENANCES)),
    Field("evidence_level", "Force de la preuve", constraints=_among(signs.EVIDENCE)),
    Field("reason", "Raison du statut"),
    Field("legal_ground", "Texte qui protège la donnée"),
    Field("producer", "Famille de producteur", constraints=NEEDED),
    Field("holder", "Type d'organisme qui détient la donnée", constraints=NEEDED),
    Field("as_of", "Jour de ce que l'on sait", "date"),
    Field("fulfilment", "Besoin satisfait, établi", constraints=NEEDED),
    Field("expected_fulfilment", "Besoin satisfait, supposé", constraints=NEEDED),
    Field("usable_low", "Utilisable aujourd'hui, au moins", "number", "points", POINTS),
    Field("usable_high", "Utilisable aujourd'hui, au plus", "number", "points", POINTS),
    Field("openness_low", "Ouverture, au moins", "number", "points", POINTS),
    Field("openness_high", "Ouverture, au plus", "number", "points", POINTS),
    Field("adequacy", "Adéquation au besoin", "number", constraints=SHARE),
    Field("outside", "La source laisse ce territoire de côté", "boolean", constraints=NEEDED),
    *(Field(name, words, "number", "0 à 1", SHARE) for name, words in (_CHECKS | _FITS).items()),
    Field("sources", "Nombre de sources trouvées", "integer", constraints={**NEEDED, **WHOLE}),
    _ABSENCE,
)  # fmt: skip


def _availability(account: Account) -> Published:
    return Published(
        "disponibilite",
        "Disponibilité des données, besoin par besoin",
        "Une ligne par besoin d'un projet : statut, preuve, contrôles, points d'utilisation et "
        "d'ouverture. Un statut « assumed » est une supposition du référentiel.",
        _AVAILABILITY,
        [
            _need(account, experiment, need)
            for experiment in account.assessment.experiments
            for need in experiment.needs
        ],
        ("territory", "experiment", "dataset"),
    )


def _need(account: Account, made: AssessedExperiment, need: AssessedNeed) -> list[Any]:
    checks = [_tested(need.checks, name) for name in signs.CHECKS]
    fits = [_tested(need.aspects, name) for name in ASPECTS]
    return [
        *_place(account.place),
        *(made.id, made.title, made.verdict, made.expected),
        *(need.dataset, need.title, need.criticality, need.status, need.existence),
        *(need.provenance, need.evidence_level, need.reason, need.legal_ground),
        *(need.producer, holder(account, need.dataset), _day(need.as_of)),
        *(need.fulfilment, need.expected_fulfilment),
        *points(need.usable),
        *points(need.openness),
        *(need.adequacy, need.outside, *checks, *fits, len(need.sources)),
        _why(
            {
                **({} if need.usable else {"usable": NOT_APPLICABLE}),
                **({} if need.openness else {"openness": NOT_APPLICABLE}),
                **_untested(_CHECKS, checks),
                **_untested(_FITS, fits),
            }
        ),
    ]


def _tested(checks: Mapping[str, Check], name: str) -> float | None:
    found = checks.get(name)
    return round(found, 3) if isinstance(found, int | float) else None


def _untested(names: Iterable[str], found: Iterable[float | None]) -> dict[str, str]:
    pairs = zip(names, found, strict=True)
    return {name: NOT_TESTED for name, value in pairs if value is None}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


# --- figures ---------------------------------------------------------------------------------

_FIGURES = (
    *_PLACE,
    Field("id", "Identifiant du chiffre", constraints=NEEDED),
    Field("theme", "Thème", constraints=_among(signs.THEMES)),
    Field("title", "Chiffre", constraints=NEEDED),
    Field("value", "Valeur, quand c'est un nombre", "number"),
    Field("value_date", "Valeur, quand c'est une date", "date"),
    Field("unit", "Unité de la valeur et de ses bornes"),
    Field("absence", "Pourquoi il n'y a pas de valeur",
          constraints=_among(signs.ABSENCES, needed=False)),
    Field("low", "Borne basse", "number"),
    Field("high", "Borne haute", "number"),
    Field("interval", "Ce que sont les bornes"),
    Field("precision", "Décimales que la source permet", "integer", constraints=WHOLE),
    Field("level", "Niveau du chiffre", constraints=_among(_LEVELS)),
    Field("median", "Médiane des villes Action Cœur de Ville qui ont ce chiffre", "number"),
    Field("p25", "Premier quart de ces villes", "number"),
    Field("p75", "Dernier quart de ces villes", "number"),
    Field("n", "Nombre de ces villes", "integer", "villes", WHOLE),
    Field("position", "Place parmi elles", constraints=_among(POSITIONS, needed=False)),
    Field("vintage", "Millésime"),
    Field("source", "Source", constraints=NEEDED),
    Field("licence", "Licence de la source"),
    Field("fetched_at", "Récupéré le", "datetime"),
    Field("datasets", "Identifiants des données utilisées"),
    Field("missing", "Identifiants des données qui manquent au calcul"),
    Field("reading", "Comment le lire"),
    Field("detail", "À savoir sur ce chiffre ou sur son absence"),
    Field("caveats", "Réserves"),
)  # fmt: skip


def _indicators(account: Account) -> Published:
    return Published(
        "indicateurs",
        "Chiffres du territoire",
        "Une ligne par chiffre : une valeur avec ses bornes et sa source, ou une absence.",
        _FIGURES,
        [_figure(account, made) for made in account.values],
        ("territory", "id"),
    )


def _figure(account: Account, made: Value) -> list[Any]:
    found, dated = made.comparison, isinstance(made.value, str)
    source = attribution(account, made.source, made.licence, made.datasets)
    return [
        *_place(account.place),
        *(made.id, made.theme, made.title),
        None if dated else made.value,
        _day(made.value) if dated else None,
        made.unit,
        made.status if made.value is None else None,
        *(made.low, made.high, made.interval, made.precision, made.level),
        *((found.median, found.p25, found.p75, found.n, found.position) if found else [None] * 5),
        *(made.vintage, source, made.licence, made.fetched_at),
        *(LIST.join(made.datasets), LIST.join(made.missing)),
        *(made.reading, made.detail, LIST.join(made.caveats)),
    ]


# --- actions ---------------------------------------------------------------------------------

_ACTIONS = (
    *_PLACE,
    Field("position", "Rang dans la liste", "integer", constraints={**NEEDED, "minimum": 1}),
    Field("dataset", "Identifiant de la donnée", constraints=NEEDED),
    Field("title", "Donnée", constraints=NEEDED),
    Field("certainty", "Comment le manque est connu", constraints=_among(signs.CERTAINTIES)),
    Field("status", "Statut", constraints=_among(COUNTED)),
    Field("existence", "Existence", constraints=_among(EXISTENCES)),
    Field("provenance", "D'où vient le statut", constraints=_among(signs.PROVENANCES)),
    Field("as_of", "Jour de ce que l'on sait", "date"),
    Field("producer", "Famille de producteur", constraints=NEEDED),
    Field("holder", "Type d'organisme qui détient la donnée", constraints=NEEDED),
    Field("criticality", "Importance la plus haute", constraints=_among(signs.CRITICALITY)),
    Field("uses", "Identifiants des projets servis", constraints=NEEDED),
    Field("blocks", "Identifiants des projets retenus"),
    Field("unlocks", "Identifiants des projets débloqués"),
    Field("effort", "Effort", constraints=_among(signs.EFFORTS)),
    Field("next_step", "Prochain pas", constraints=NEEDED),
    Field("standard", "Standard"),
    Field("legal", "Obligation ou droit d'accès, à confirmer"),
    Field("gain_low", "Gain, au moins", "number", "points", POINTS),
    Field("gain_high", "Gain, au plus", "number", "points", POINTS),
    Field("gain_in", "Projet où ce gain est le plus grand"),
)


def _actions(account: Account) -> Published:
    return Published(
        "actions",
        "Données manquantes et prochains pas",
        "Une ligne par donnée qui manque, ou dont on ne sait rien, la plus utile d'abord. Le gain "
        "est celui d'un seul projet : les gains ne s'additionnent pas.",
        _ACTIONS,
        [
            _action(account.place, position, line)
            for position, line in enumerate(named(account), start=1)
        ],
        ("territory", "dataset"),
    )


def _action(place: Territory, position: int, line: MissingData) -> list[Any]:
    return [
        *_place(place),
        *(position, line.dataset, line.title, line.certainty, line.status, line.existence),
        *(line.provenance, _day(line.as_of), line.producer, line.holder, line.criticality),
        *(LIST.join(use.experiment for use in line.uses), LIST.join(line.blocks)),
        *(LIST.join(line.unlocks), line.effort, line.next_step, line.standard, line.legal),
        *points(line.gain),
        line.gain_in,
    ]


# --- sources ---------------------------------------------------------------------------------

_SOURCES = (
    *_PLACE,
    Field("dataset", "Identifiant de la donnée", constraints=NEEDED),
    Field("title", "Donnée", constraints=NEEDED),
    Field("state", "Ce qu'il en est", constraints=NEEDED),
    Field("absence", "Pourquoi aucune copie ne sert",
          constraints=_among(signs.ABSENCES, needed=False)),
    Field("rows", "Lignes de la copie qui sert", "integer", "lignes", WHOLE),
    Field("scope", "Portée de la copie : code d'un territoire, ou FR"),
    Field("level", "Niveau de la copie", constraints=_among(_LEVELS, needed=False)),
    Field("vintage", "Millésime"),
    Field("fetched_at", "Récupéré, ou essayé, le", "datetime"),
    Field("connector", "Connecteur"),
    Field("source", "Source"),
    Field("licence", "Licence telle que donnée"),
    Field("url", "Adresse publique"),
    Field("detail", "Détail"),
)  # fmt: skip


def _sources(account: Account) -> Published:
    return Published(
        "sources",
        "D'où viennent les données",
        "Une ligne par donnée qu'une source nourrit : la copie qui sert, ou la dernière tentative.",
        _SOURCES,
        [_source(account.place, made) for made in origins(account)],
        ("territory", "dataset"),
    )


def _source(place: Territory, made: Origin) -> list[Any]:
    fetch = made.fetch
    told: tuple[Any, ...] = (None,) * 5
    if fetch:
        told = (fetch.territory, fetch.level, fetch.vintage, fetch.fetched_at, fetch.connector)
    return [
        *_place(place),
        *(made.card.id, made.card.title, made.words, made.absence or None, made.rows),
        *told,
        made.source,
        fetch.licence if fetch else None,
        made.url or None,
        fetch.detail if fetch else None,
    ]
