"""The cheapest combination of actions that lets experiments start: one by one, then together.

An experiment starts when none of its indispensable needs is unmet or unknown, and each need has one
next step: so the needs to move are known exactly for one experiment. Experiments share needs, so
« which actions let n of them start for the least effort? » is a small set cover, solved exactly by
trying every set of experiments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.catalog import catalog
from data.store import Store
from data.territories import Territory
from diagnostics.actions import situation, step
from diagnostics.availability import Assessment, required
from diagnostics.evidence import Evidence
from diagnostics.readiness import STARTS, UNKNOWN, UNMET, Required, fulfilment, verdict
from diagnostics.scoring import NOT_EVALUATED
from diagnostics.shown import shown

# Agent days behind each class of effort: an assumption of this tool, to be shown as such.
EFFORT_DAYS: dict[str, float] = {"S": 0.5, "M": 3.0, "L": 15.0}

# What an action asks for: a word on data supposed to be open, an answer that nobody knows yet, or
# bringing out data (publish, repair, negotiate, produce).
CONFIRM, ASK, BRING = "confirm", "ask", "bring"


@dataclass(frozen=True)
class Move:
    """The next step on one dataset, as a part of a combination."""

    dataset: str
    title: str
    text: str
    effort: str  # S, M, L
    nature: str
    established: bool  # the need was observed or declared; else only supposed

    @property
    def days(self) -> float:
        """Agent days, supposed."""
        return EFFORT_DAYS[self.effort]


@dataclass(frozen=True)
class Way:
    """What one experiment waits for, and the verdict it would reach."""

    experiment: str
    title: str
    verdict: str
    reached: str  # verdict once every move has succeeded
    moves: tuple[Move, ...]  # in the order of the experiment's needs; none when it starts already
    stuck: tuple[str, ...]  # datasets that no known step brings far enough

    @property
    def days(self) -> float:
        """Agent days of all the moves, supposed."""
        return total_days(self.moves)

    @property
    def words_only(self) -> bool:
        """Nothing to produce or publish: a click or a call each, if the assumptions hold."""
        return all(move.nature == CONFIRM for move in self.moves)

    @property
    def sure(self) -> bool:
        """No need to move is merely supposed: the list cannot grow or shrink by a mere answer."""
        return all(move.established for move in self.moves)


@dataclass(frozen=True)
class Milestone:
    """The least effort that lets `count` experiments start."""

    count: int  # those that already start included
    starting: tuple[str, ...]  # experiments that start by these moves, in catalogue order
    moves: tuple[Move, ...]
    nested: bool  # holds every move of the milestone before
    fresh: tuple[Move, ...]  # the moves that the milestone before does not hold

    @property
    def days(self) -> float:
        """Agent days of all the moves, supposed."""
        return total_days(self.moves)


@dataclass(frozen=True)
class Combination:
    """The ways of a territory's experiments, and its shortest path through them."""

    ways: tuple[Way, ...]
    milestones: tuple[Milestone, ...]

    @property
    def already(self) -> tuple[str, ...]:
        """Experiments that start as things are."""
        return tuple(way.experiment for way in self.ways if way.verdict in STARTS)

    @property
    def out_of_reach(self) -> tuple[Way, ...]:
        """Experiments that no known step lets start."""
        return tuple(way for way in self.ways if way.stuck)


def total_days(moves: Collection[Move]) -> float:
    """Agent days of several moves, supposed."""
    return sum(move.days for move in moves)


def of_town(store: Store, territory: Territory, today: date, internal: bool) -> Combination:
    """The combination of a territory at a date, from what this session may be shown."""
    return combination(shown(store, territory, today, internal))


def combination(assessment: Assessment) -> Combination:
    """The combination of the experiments that an assessment lists."""
    requirements = required(catalog(), assessment.evidence)
    ways = tuple(
        way(made.id, made.title, requirements[made.id], assessment.evidence)
        for made in assessment.experiments
    )
    return Combination(ways, milestones(ways))


def way(
    experiment: str, title: str, needs: Sequence[Required], evidence: Mapping[str, Evidence]
) -> Way:
    """The moves an experiment needs to start, by the minimum rule; pure."""
    waiting = [
        need.dataset
        for need in needs
        if need.criticality == "indispensable" and fulfilment(need.state) in (UNMET, UNKNOWN)
    ]
    after = reached(needs, evidence, waiting)
    lacking = {need.dataset for need in after if fulfilment(need.state) in (UNMET, UNKNOWN)}
    return Way(
        experiment=experiment,
        title=title,
        verdict=verdict(needs),
        reached=verdict(after),
        moves=tuple(made for one in waiting if (made := move(evidence[one]))),
        stuck=tuple(one for one in waiting if one in lacking),
    )


def reached(
    needs: Sequence[Required], evidence: Mapping[str, Evidence], datasets: Collection[str]
) -> list[Required]:
    """The needs once the next step on each of these datasets has succeeded."""
    return [
        replace(need, state=planned.reach(need.state))
        if need.dataset in datasets and (planned := step(evidence[need.dataset]))
        else need
        for need in needs
    ]


def move(evidence: Evidence) -> Move | None:
    """The next step on a dataset; None when there is nothing left to do."""
    planned = step(evidence)
    if planned is None:
        return None
    card = catalog().datasets[evidence.dataset]
    return Move(
        dataset=card.id,
        title=card.title,
        text=planned.text,
        effort=planned.effort,
        nature={"assumed_open": CONFIRM, NOT_EVALUATED: ASK}.get(situation(evidence), BRING),
        established=evidence.established,
    )


def milestones(ways: Sequence[Way]) -> tuple[Milestone, ...]:
    """For each number of experiments the least effort, as long as one more costs more."""
    already = sum(one.verdict in STARTS for one in ways)
    open_ways = [one for one in ways if one.verdict not in STARTS and not one.stuck]
    known = {made.dataset: made for one in open_ways for made in one.moves}
    asked = [frozenset(made.dataset for made in one.moves) for one in open_ways]
    found: list[Milestone] = []
    for chosen in frontier(asked, {dataset: made.days for dataset, made in known.items()}):
        held = {dataset for one in chosen for dataset in asked[one]}
        before = {made.dataset for made in found[-1].moves} if found else set()
        moves = tuple(made for dataset, made in known.items() if dataset in held)
        found.append(
            Milestone(
                count=already + len(chosen),
                starting=tuple(open_ways[one].experiment for one in chosen),
                moves=moves,
                nested=before <= held,
                fresh=tuple(made for made in moves if made.dataset not in before),
            )
        )
    return tuple(found)


def frontier(asked: Sequence[Collection[str]], days: Mapping[str, float]) -> list[tuple[int, ...]]:
    """For each number of sets the cheapest choice of that many, as their indices in `asked`.

    Cheapest: fewest days, then fewest actions; among equals, one that goes on from the choice
    before, then the first in the order given. A number that a greater one reaches for the same
    price is left out. Exact: every choice is tried, 2 to the power of len(asked).
    """
    unions = _unions(asked, {name: 1 << rank for rank, name in enumerate(days)})
    prices = _prices(unions, list(days.values()))
    cheapest: dict[int, list[int]] = {}
    for chosen in range(1, len(unions)):
        equals = cheapest.setdefault(chosen.bit_count(), [chosen])
        if prices[chosen] < prices[equals[0]]:
            cheapest[chosen.bit_count()] = [chosen]
        elif prices[chosen] == prices[equals[0]] and chosen != equals[0]:
            equals.append(chosen)
    return _ascending(cheapest, unions, prices)


_Price = tuple[float, int]  # agent days, number of actions


def _unions(asked: Sequence[Collection[str]], bits: Mapping[str, int]) -> list[int]:
    """The actions of every choice of sets, as bits; a choice is the bits of its sets."""
    masks = [sum(bits[name] for name in set(one)) for one in asked]
    unions = [0] * (1 << len(masks))
    for chosen in range(1, len(unions)):
        lowest = chosen & -chosen
        unions[chosen] = unions[chosen ^ lowest] | masks[lowest.bit_length() - 1]
    return unions


def _prices(unions: Sequence[int], days: Sequence[float]) -> list[_Price]:
    classes = {
        worth: sum(1 << rank for rank, found in enumerate(days) if found == worth)
        for worth in sorted(set(days))
    }
    return [
        (
            sum(worth * (union & bits).bit_count() for worth, bits in classes.items()),
            union.bit_count(),
        )
        for union in unions
    ]


def _ascending(
    cheapest: Mapping[int, Sequence[int]], unions: Sequence[int], prices: Sequence[_Price]
) -> list[tuple[int, ...]]:
    """One choice for each number kept: least first, going on from the one before if it can."""
    kept: list[tuple[int, ...]] = []
    before = 0
    for count in sorted(cheapest):
        following = cheapest.get(count + 1)
        if following and prices[following[0]] == prices[cheapest[count][0]]:
            continue
        best = min(cheapest[count], key=lambda one: (bool(before & ~unions[one]), _places(one)))
        kept.append(_places(best))
        before = unions[best]
    return kept


def _places(chosen: int) -> tuple[int, ...]:
    return tuple(rank for rank in range(chosen.bit_length()) if chosen >> rank & 1)
