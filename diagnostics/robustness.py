"""How far each answer holds: 1,000 draws over weights, bands, needs, unknowns and errors.

Nothing here ranks or compares towns. For one town and each experiment: whether the verdict stays
the same, the interval of the usable score, and what moves it most.

Stability is the share of the draws, all sources of doubt drawn together, that give the verdict of
the assessment. Where the verdict is « unknown » the draws resolve what is not known, so that
verdict cannot come back: a draw then agrees when it gives what is *expected* if the assumptions
hold. It is no probability that they do: answers are drawn with equal chances, and the share says
how little the expectation owes to luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.catalog import Experiment, catalog
from data.store import Store
from data.territories import Territory
from diagnostics import scoring
from diagnostics.availability import chosen, weigh_all
from diagnostics.draws import DRAWS, KINDS, SEED, Floats, drawn
from diagnostics.evidence import Evidence
from diagnostics.holdings import known
from diagnostics.outcomes import Need, Outcome, Situations, outcome, situations
from diagnostics.readiness import UNKNOWN, VERDICTS, Readiness, Required, fulfilment, readiness
from diagnostics.scoring import CRITICALITY_WEIGHTS, Interval

PERCENTILES = (2.5, 97.5)
EVERYTHING = frozenset(KINDS)
TINY = 1e-9
TOGETHER = 64  # towns computed at once: larger blocks leave the processor's cache


@dataclass(frozen=True)
class Driver:
    """One source of doubt drawn alone: what it changes, in points around the middle score."""

    kind: str  # of draws.KINDS
    effect: Interval
    dataset: str | None = None  # for « needs »: the one whose absence moves the score most

    @property
    def width(self) -> float:
        """Points between the two ends."""
        return self.effect.high - self.effect.low


@dataclass(frozen=True)
class Doubt:
    """A need whose confirmation would narrow the score."""

    dataset: str
    points: float  # of the experiment's interval, that knowing this need would take away at most
    decisive: bool  # indispensable and unknown: the verdict waits for it


@dataclass(frozen=True)
class Robust:
    """One experiment in one town: its answer, and how far it holds."""

    id: str
    title: str
    verdict: str
    expected: str
    stability: float  # 0-1, see the module
    shares: Mapping[str, float]  # 0-1, by verdict, over the draws
    score: Interval | None  # usable today, as assessed
    usable: Interval | None  # 2.5 and 97.5 percentiles over the draws; None when no need is left
    drivers: tuple[Driver, ...]  # widest first; none when no need is left
    doubts: tuple[Doubt, ...]  # decisive first, then by points


@dataclass(frozen=True)
class Robustness:
    """The answers of one territory under the draws."""

    territory: Territory
    draws: int
    seed: int
    experiments: tuple[Robust, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON document of `robustness`."""
        return {
            "territory": self.territory.header(),
            "draws": self.draws,
            "seed": self.seed,
            "experiments": [_robust_dict(made) for made in self.experiments],
        }


def robustness(
    store: Store, territory: Territory, today: date, experiments: Iterable[str] | None = None
) -> Robustness:
    """The draws of one territory at a date; raises UnknownExperiment."""
    reference = catalog()
    listed = chosen(reference, experiments)
    evidence = weigh_all(reference, territory, known(store, territory), today)
    found = tuple(robust(made, [evidence])[0] for made in listed)
    return Robustness(territory, DRAWS, SEED, found)


def robust(experiment: Experiment, towns: Sequence[Mapping[str, Evidence]]) -> list[Robust]:
    """One experiment over the evidence of several towns, in their order: each on its own.

    Towns with the same evidence (the same objects, as `programme` gives them) are computed once.
    """
    wanted = sorted(experiment.needs, key=lambda need: need.dataset)
    ranks: dict[tuple[int, ...], int] = {}
    distinct: list[Mapping[str, Evidence]] = []
    rank_of = []
    for evidence in towns:
        key = tuple(id(evidence[need.dataset]) for need in wanted)
        if key not in ranks:
            ranks[key] = len(distinct)
            distinct.append(evidence)
        rank_of.append(ranks[key])
    made = explored(experiment.id, experiment.title, _needs(experiment, distinct))
    return [made[rank] for rank in rank_of]


def _needs(experiment: Experiment, towns: Sequence[Mapping[str, Evidence]]) -> list[list[Need]]:
    """The needs of each town; the same evidence gives the same object."""
    made: dict[tuple[str, int], Need] = {}
    for evidence in towns:
        for need in experiment.needs:
            held = evidence[need.dataset]
            if (need.dataset, id(held)) not in made:
                made[need.dataset, id(held)] = Need(
                    need.dataset, need.criticality, held.state, held.checks, held.evidence_level
                )
    return [
        [made[need.dataset, id(town[need.dataset])] for need in experiment.needs] for town in towns
    ]


def explored(
    identifier: str,
    title: str,
    towns: Sequence[Sequence[Need]],
    kinds: frozenset[str] = EVERYTHING,
    count: int = DRAWS,
) -> list[Robust]:
    """The draws of an experiment for the needs of each town; `kinds` are the sources drawn."""
    return [
        made
        for first in range(0, len(towns), TOGETHER)
        for made in _explored(identifier, title, towns[first : first + TOGETHER], kinds, count)
    ]


def _explored(
    identifier: str,
    title: str,
    towns: Sequence[Sequence[Need]],
    kinds: frozenset[str],
    count: int,
) -> list[Robust]:
    ordered = [sorted(needs, key=lambda need: need.dataset) for needs in towns]
    named = tuple((need.dataset, need.criticality) for need in ordered[0])
    project = _Project(identifier, named, situations(ordered), count)
    found = project.under(kinds)
    spread = _spread(found.low, found.high)
    drivers = _drivers(project, kinds, len(towns))
    return [
        _robust(identifier, title, needs, found.verdict[town], spread[town], drivers[town])
        for town, needs in enumerate(towns)
    ]


@dataclass(frozen=True)
class _Project:
    """An experiment over several towns, ready to be drawn."""

    id: str
    needs: tuple[tuple[str, str], ...]  # (dataset, criticality), sorted
    situations: list[Situations]
    count: int

    def under(self, kinds: frozenset[str]) -> Outcome:
        """Scores and verdicts where these sources are drawn, the others left as they are."""
        return outcome(self.situations, drawn(self.id, self.needs, kinds, self.count))

    def without_each(self) -> Outcome:
        """The same with each need left out in turn: one column per need."""
        still = drawn(self.id, self.needs, frozenset(), len(self.needs))
        absent = 1.0 - np.eye(len(self.needs))
        return outcome(self.situations, replace(still, copies=absent))


def _robust(
    identifier: str,
    title: str,
    needs: Sequence[Need],
    verdicts: NDArray[np.int8],
    spread: Interval | None,
    drivers: tuple[Driver, ...],
) -> Robust:
    asked = [Required(need.dataset, need.criticality, need.state) for need in needs]
    pairs = [(need.criticality, need.state) for need in needs]
    found = readiness(asked)
    counts = np.bincount(verdicts, minlength=len(VERDICTS))
    shares = {name: float(counts[rank]) / len(verdicts) for rank, name in enumerate(VERDICTS)}
    score = scoring.usable_score(pairs)
    return Robust(
        id=identifier,
        title=title,
        verdict=found.verdict,
        expected=found.expected,
        stability=sum(shares[name] for name in agreeing(found)),
        shares=shares,
        score=score,
        usable=spread if score else None,
        drivers=tuple(sorted(drivers, key=lambda made: -made.width)) if score else (),
        doubts=_doubts(needs),
    )


def agreeing(found: Readiness) -> set[str]:
    """The verdicts of a draw that agree with the assessment: its own, or what it expects."""
    return {found.verdict, found.expected} if found.verdict == UNKNOWN else {found.verdict}


def _drivers(project: _Project, kinds: frozenset[str], towns: int) -> list[tuple[Driver, ...]]:
    """Each source drawn alone, by town."""
    still = project.under(frozenset())
    found: list[list[Driver]] = [[] for _ in range(towns)]
    for kind in KINDS:
        if kind not in kinds:
            continue
        moved = project.under(frozenset([kind])).mid - still.mid
        named = _most_moving(project, still) if kind == "needs" else [None] * towns
        for drivers, effect, dataset in zip(found, _spread(moved, moved), named, strict=True):
            drivers.append(Driver(kind, effect or scoring.NOTHING, dataset))
    return [tuple(drivers) for drivers in found]


def _most_moving(project: _Project, still: Outcome) -> list[str | None]:
    """The need whose absence moves the score most, by town; None where none does."""
    moved = np.nan_to_num(np.abs(project.without_each().mid - still.mid[:, :1]))
    most = moved.argmax(axis=1)
    return [
        project.needs[rank][0] if changes[rank] > TINY else None
        for rank, changes in zip(most, moved, strict=True)
    ]


def _spread(low: Floats, high: Floats) -> list[Interval | None]:
    """Percentiles of each town over the draws where a need was left; None where none ever was."""
    if np.isnan(high).any():
        return [_spread_of(one, other) for one, other in zip(low, high, strict=True)]
    lowest = np.percentile(low, PERCENTILES[0], axis=1)
    highest = np.percentile(high, PERCENTILES[1], axis=1)
    return [Interval(float(a), float(b)) for a, b in zip(lowest, highest, strict=True)]


def _spread_of(low: Floats, high: Floats) -> Interval | None:
    kept = ~np.isnan(high)
    if not kept.any():
        return None
    lowest, highest = (
        np.percentile(low[kept], PERCENTILES[0]),
        np.percentile(high[kept], PERCENTILES[1]),
    )
    return Interval(float(lowest), float(highest))


def _doubts(needs: Sequence[Need]) -> tuple[Doubt, ...]:
    """What confirming each need would take off the experiment's interval, before any cap."""
    terms = [(need, scoring.usable_term(need.state)) for need in needs]
    total = sum(
        CRITICALITY_WEIGHTS[need.criticality] for need, term in terms if term.low is not None
    )
    made = [
        Doubt(need.dataset, CRITICALITY_WEIGHTS[need.criticality] * width / total, _decisive(need))
        for need, term in terms
        if term.low is not None
        and (width := (scoring.UNKNOWN.high if term.high is None else term.high) - term.low) > TINY
    ]
    return tuple(sorted(made, key=lambda doubt: (not doubt.decisive, -doubt.points, doubt.dataset)))


def _decisive(need: Need) -> bool:
    return need.criticality == "indispensable" and fulfilment(need.state) == UNKNOWN


def _robust_dict(made: Robust) -> dict[str, Any]:
    return {
        "id": made.id,
        "title": made.title,
        "verdict": made.verdict,
        "expected": made.expected,
        "stability": round(made.stability, 3),
        "shares": {name: round(share, 3) for name, share in made.shares.items()},
        "usable": made.usable.as_dict() if made.usable else None,
        "drivers": [
            {"kind": driver.kind, "effect": _effect(driver.effect), "dataset": driver.dataset}
            for driver in made.drivers
        ],
        "doubts": [{**vars(doubt), "points": round(doubt.points, 1)} for doubt in made.doubts],
    }


def _effect(effect: Interval) -> dict[str, float]:
    """Rounded, and never « -0.0 »."""
    return {name: points + 0.0 for name, points in effect.as_dict().items()}
