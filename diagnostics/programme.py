"""The 244 towns of the programme together: how many can start, what would unlock the most.

Counts only: no town is ranked, and the list of towns follows their codes. Most towns share the same
evidence, so each distinct pattern is weighed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.catalog import Catalog, Dataset, Experiment, catalog
from data.store import Store
from data.territories import Territory, acv_towns
from diagnostics import scoring
from diagnostics.actions import unlocked_by
from diagnostics.availability import chosen
from diagnostics.evidence import Evidence, weigh
from diagnostics.holdings import Known, known_of
from diagnostics.readiness import VERDICTS, Readiness, Required, readiness
from diagnostics.scoring import NOT_CONCERNED, NOT_EVALUATED


@dataclass(frozen=True)
class TownVerdict:
    """One town for one experiment; low and high in points of « usable today »."""

    code: str
    name: str
    verdict: str
    expected: str
    low: float | None
    high: float | None
    blocking: tuple[str, ...]
    to_confirm: tuple[str, ...]


@dataclass(frozen=True)
class Unlock:
    """In how many towns acting on a dataset would let the experiment start."""

    dataset: str
    towns: int


@dataclass(frozen=True)
class ProgrammeExperiment:
    """An experiment over the towns."""

    id: str
    verdicts: dict[str, int]
    expected: dict[str, int]
    towns: tuple[TownVerdict, ...]
    unlocks: tuple[Unlock, ...]


@dataclass(frozen=True)
class ProgrammeDataset:
    """A dataset over the towns; those it does not concern are in none of the three counts."""

    dataset: str
    towns_open: int
    towns_missing: int  # established as not open, or as not produced
    towns_not_evaluated: int
    experiments: tuple[str, ...]
    scdl_candidate: bool


@dataclass(frozen=True)
class Programme:
    """The synthesis over the towns of the programme."""

    experiments: tuple[ProgrammeExperiment, ...]
    datasets: tuple[ProgrammeDataset, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON document of `programme`."""
        return {
            "experiments": [_experiment_dict(made) for made in self.experiments],
            "datasets": [
                {**vars(made), "experiments": list(made.experiments)} for made in self.datasets
            ],
        }


@dataclass(frozen=True)
class _Outcome:
    """What one pattern of evidence gives for one experiment."""

    readiness: Readiness
    low: float | None  # points of « usable today », rounded
    high: float | None
    unlocks: tuple[str, ...]


def programme(
    store: Store,
    today: date,
    experiments: Iterable[str] | None = None,
    towns: Sequence[Territory] | None = None,
) -> Programme:
    """The synthesis of the towns (the 244 by default) at a date; raises UnknownExperiment."""
    reference = catalog()
    listed = chosen(reference, experiments)
    places = sorted(acv_towns() if towns is None else towns, key=lambda place: place.code)
    asked = dict.fromkeys(need.dataset for made in listed for need in made.needs)
    cards = [reference.datasets[dataset] for dataset in asked]
    weighed = weigh_towns(store, places, cards, today)
    counts = Counter(map(id, weighed))
    alike = [(made, counts[key]) for key, made in {id(made): made for made in weighed}.items()]
    return Programme(
        experiments=tuple(_experiment(made, places, weighed) for made in listed),
        datasets=tuple(_dataset(card, alike, reference) for card in cards),
    )


def scdl_candidate(dataset: Dataset, reference: Catalog) -> bool:
    """Worth a common schema: local, without a standard, needed by two experiments or more."""
    shared = len(reference.needed_by(dataset.id)) > 1
    local = dataset.producer == "local_public"
    return dataset.scdl == "candidate" or (local and dataset.standard is None and shared)


_Weighed = list[dict[str, Evidence]]  # one per town, by dataset; shared by towns alike


def weigh_towns(
    store: Store, places: Sequence[Territory], cards: Sequence[Dataset], today: date
) -> _Weighed:
    """The evidence on these datasets in each town: the same object where it is the same."""
    day = today.date() if isinstance(today, datetime) else today
    held = known_of(store, places)
    patterns: dict[tuple[Any, ...], Evidence] = {}
    towns: dict[tuple[Any, ...], dict[str, Evidence]] = {}
    found = []
    for place in places:
        key = _town_pattern(place, held[place.code])
        if key not in towns:
            towns[key] = _weigh_town(place, held[place.code], cards, day, patterns)
        found.append(towns[key])
    return found


def _town_pattern(place: Territory, held: Known) -> tuple[Any, ...]:
    """Two towns with the same key share the evidence on every dataset."""
    spoken = tuple(place.code in codes for codes in held.named.values())
    return (id(held), place.level, place.fictional, place.departement, spoken)


def _weigh_town(
    place: Territory,
    held: Known,
    cards: Sequence[Dataset],
    today: date,
    patterns: dict[tuple[Any, ...], Evidence],
) -> dict[str, Evidence]:
    found = {}
    for card in cards:
        key = _pattern(card, place, held)
        if key not in patterns:
            patterns[key] = weigh(card, place, held, today)
        found[card.id] = patterns[key]
    return found


def _pattern(card: Dataset, place: Territory, held: Known) -> tuple[Any, ...]:
    """All that the evidence on a dataset depends on: two towns with the same key share it."""
    excluded = tuple(place.departement in source.excluded_departements for source in card.sources)
    said = held.declarations.get(card.id)
    spoken = held.named.get(card.id)
    return (
        card.id,
        place.level,
        place.fictional,
        excluded,
        said.id if said else None,
        tuple(id(made) for made in held.fetches.get(card.id, ())),
        tuple(id(row) for row in held.published.get(card.id, ())),
        spoken is not None and place.code in spoken,
    )


def _experiment(
    experiment: Experiment, places: Sequence[Territory], weighed: _Weighed
) -> ProgrammeExperiment:
    outcomes = _outcomes(experiment, weighed)
    towns = Counter(id(made) for made in outcomes)
    distinct = [(made, towns[key]) for key, made in {id(made): made for made in outcomes}.items()]
    unlocks: Counter[str] = Counter()
    for made, count in distinct:
        unlocks.update(dict.fromkeys(made.unlocks, count))
    ranked = sorted(unlocks.items(), key=lambda pair: (-pair[1], pair[0]))
    return ProgrammeExperiment(
        id=experiment.id,
        verdicts=_tally((made.readiness.verdict, count) for made, count in distinct),
        expected=_tally((made.readiness.expected, count) for made, count in distinct),
        towns=tuple(map(_town, places, outcomes)),
        unlocks=tuple(Unlock(*pair) for pair in ranked),
    )


def _outcomes(experiment: Experiment, weighed: _Weighed) -> list[_Outcome]:
    """What each town's evidence gives; one object for all the towns where it is the same."""
    by_town: dict[int, _Outcome] = {}
    by_needs: dict[tuple[int, ...], _Outcome] = {}
    for evidence in {id(made): made for made in weighed}.values():
        key = tuple(id(evidence[need.dataset]) for need in experiment.needs)
        if key not in by_needs:
            by_needs[key] = _assess(experiment, evidence)
        by_town[id(evidence)] = by_needs[key]
    return [by_town[id(evidence)] for evidence in weighed]


def _assess(experiment: Experiment, evidence: dict[str, Evidence]) -> _Outcome:
    needs = [
        Required(need.dataset, need.criticality, evidence[need.dataset].state)
        for need in experiment.needs
    ]
    found = readiness(needs)
    asked, before = {experiment.id: needs}, {experiment.id: found}
    usable = scoring.usable_score((need.criticality, need.state) for need in needs)
    points = usable.as_dict() if usable else {"low": None, "high": None}
    return _Outcome(
        readiness=found,
        low=points["low"],
        high=points["high"],
        unlocks=tuple(
            need.dataset
            for need in needs
            if unlocked_by(need.dataset, evidence[need.dataset], asked, before)
        ),
    )


def _town(place: Territory, made: _Outcome) -> TownVerdict:
    found = made.readiness
    return TownVerdict(
        code=place.code,
        name=place.name,
        verdict=found.verdict,
        expected=found.expected,
        low=made.low,
        high=made.high,
        blocking=found.blocking,
        to_confirm=found.to_confirm,
    )


def _dataset(
    card: Dataset, alike: Sequence[tuple[dict[str, Evidence], int]], reference: Catalog
) -> ProgrammeDataset:
    states: Counter[str] = Counter()
    for evidence, towns in alike:
        states[_presence(evidence[card.id])] += towns
    return ProgrammeDataset(
        dataset=card.id,
        towns_open=states["open"],
        towns_missing=states["missing"],
        towns_not_evaluated=states[NOT_EVALUATED],
        experiments=tuple(made.id for made in reference.needed_by(card.id)),
        scdl_candidate=scdl_candidate(card, reference),
    )


def _presence(evidence: Evidence) -> str:
    found = scoring.standing(evidence.state)
    if found in (NOT_CONCERNED, NOT_EVALUATED):
        return found
    return "open" if found == "open" else "missing"


def _tally(verdicts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Towns by verdict, from the towns of each outcome."""
    counted: Counter[str] = Counter()
    for verdict, towns in verdicts:
        counted[verdict] += towns
    return {verdict: counted[verdict] for verdict in VERDICTS}


def _experiment_dict(made: ProgrammeExperiment) -> dict[str, Any]:
    return {
        "id": made.id,
        "verdicts": dict(made.verdicts),
        "expected": dict(made.expected),
        "towns": [_town_dict(town) for town in made.towns],
        "unlocks": [dict(vars(unlock)) for unlock in made.unlocks],
    }


def _town_dict(town: TownVerdict) -> dict[str, Any]:
    return {
        **vars(town),
        "blocking": list(town.blocking),
        "to_confirm": list(town.to_confirm),
    }
