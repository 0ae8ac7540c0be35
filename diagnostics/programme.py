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
from diagnostics.scoring import NOT_CONCERNED, NOT_EVALUATED, Interval


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
    usable: Interval | None
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
    weighed = _weigh_towns(store, places, cards, today)
    return Programme(
        experiments=tuple(_experiment(made, places, weighed) for made in listed),
        datasets=tuple(_dataset(card, weighed, reference) for card in cards),
    )


def scdl_candidate(dataset: Dataset, reference: Catalog) -> bool:
    """Worth a common schema: local, without a standard, needed by two experiments or more."""
    shared = len(reference.needed_by(dataset.id)) > 1
    local = dataset.producer == "local_public"
    return dataset.scdl == "candidate" or (local and dataset.standard is None and shared)


_Weighed = list[dict[str, Evidence]]  # one per town, by dataset


def _weigh_towns(
    store: Store, places: Sequence[Territory], cards: Sequence[Dataset], today: date
) -> _Weighed:
    day = today.date() if isinstance(today, datetime) else today
    held = known_of(store, places)
    patterns: dict[tuple[Any, ...], Evidence] = {}
    return [_weigh_town(place, held[place.code], cards, day, patterns) for place in places]


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
    known: dict[tuple[int, ...], _Outcome] = {}
    outcomes = [_outcome(experiment, evidence, known) for evidence in weighed]
    unlocks = Counter(dataset for made in outcomes for dataset in made.unlocks)
    ranked = sorted(unlocks.items(), key=lambda pair: (-pair[1], pair[0]))
    return ProgrammeExperiment(
        id=experiment.id,
        verdicts=_tally(made.readiness.verdict for made in outcomes),
        expected=_tally(made.readiness.expected for made in outcomes),
        towns=tuple(_town(*pair) for pair in zip(places, outcomes, strict=True)),
        unlocks=tuple(Unlock(*pair) for pair in ranked),
    )


def _outcome(
    experiment: Experiment, evidence: dict[str, Evidence], known: dict[tuple[int, ...], _Outcome]
) -> _Outcome:
    key = tuple(id(evidence[need.dataset]) for need in experiment.needs)
    if key not in known:
        known[key] = _assess(experiment, evidence)
    return known[key]


def _assess(experiment: Experiment, evidence: dict[str, Evidence]) -> _Outcome:
    needs = [
        Required(need.dataset, need.criticality, evidence[need.dataset].state)
        for need in experiment.needs
    ]
    found = readiness(needs)
    asked, before = {experiment.id: needs}, {experiment.id: found}
    return _Outcome(
        readiness=found,
        usable=scoring.usable_score((need.criticality, need.state) for need in needs),
        unlocks=tuple(
            need.dataset
            for need in needs
            if unlocked_by(need.dataset, evidence[need.dataset], asked, before)
        ),
    )


def _town(place: Territory, made: _Outcome) -> TownVerdict:
    points = made.usable.as_dict() if made.usable else {"low": None, "high": None}
    found = made.readiness
    return TownVerdict(
        code=place.code,
        name=place.name,
        verdict=found.verdict,
        expected=found.expected,
        low=points["low"],
        high=points["high"],
        blocking=found.blocking,
        to_confirm=found.to_confirm,
    )


def _dataset(card: Dataset, weighed: _Weighed, reference: Catalog) -> ProgrammeDataset:
    states = Counter(_presence(evidence[card.id]) for evidence in weighed)
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


def _tally(verdicts: Iterable[str]) -> dict[str, int]:
    counted = Counter(verdicts)
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
