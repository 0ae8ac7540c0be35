"""Scores and verdicts under many draws at once: the arithmetic of `scoring`, vectorised.

The rules stay in `scoring` and `readiness`: they are asked, once per distinct situation, what a
need is worth and what it does to the verdict, as it stands and under each status it may turn out to
have. What is left is linear (band, quality, weights) and is computed here for all draws together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diagnostics import scoring
from diagnostics.draws import ERROR_RATES, FIVE, Bands, Draws, Floats
from diagnostics.readiness import (
    BLOCKED,
    DEGRADED,
    PARTLY,
    READY,
    UNKNOWN,
    UNMET,
    VERDICTS,
    fulfilment,
)
from diagnostics.scoring import NOT_CONCERNED, NOT_EVALUATED, NOT_PRODUCED, Check, State

# Under which limits a need is scored; the last four have none of their own.
_BANDS = ("open", "other", "candidate", "closed_justified", "contested", "nothing", NOT_EVALUATED)
# What a need does to its experiment, one bit each.
_UNMET, _UNKNOWN, _LACKING, _CAP_LOW, _CAP_HIGH = 1, 2, 4, 8, 16
_VERDICT_BITS = {"indispensable": 31, "useful": _LACKING, "comfort": 0}

# Alternatives of a need: as it stands, under each of FIVE, and with its protection granted.
_AS_IS, _GRANTED = 0, 1 + len(FIVE)
_REFUSED = 1 + FIVE.index("closed_unjustified")
_PROTECTED = 1 + FIVE.index("closed_justified")

Bits = NDArray[np.uint8]
Places = NDArray[np.int64]
_Limits = tuple[Floats, Floats]  # floor and width of each of _BANDS, by draw


@dataclass(frozen=True)
class Need:
    """One need of an experiment in one town, with what the draws may change in it."""

    dataset: str
    criticality: str
    state: State
    checks: Mapping[str, Check]
    evidence_level: str


@dataclass(frozen=True)
class Outcome:
    """Usable score in points and verdict, of shape (towns, draws).

    `low` and `high` are NaN where no need is left; `verdict` is the rank in VERDICTS.
    """

    low: Floats
    high: Floats
    verdict: NDArray[np.int8]

    @property
    def mid(self) -> Floats:
        """Middle of the interval, in points."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Situations:
    """The distinct situations of one need over the towns, s of them.

    Quality times adequacy is `known` times the weights of the checks, plus `untested` times the
    same weights for what may still come.
    """

    criticality: str
    known: Floats  # (s, 6)
    untested: Floats  # (s, 6)
    gates: NDArray[np.bool_]  # (s, 2): whether quality counts in the (low, high) bound
    bands: NDArray[np.int8]  # (s, alternatives): rank in _BANDS
    counted: NDArray[np.bool_]  # (s, 2, alternatives): in the denominator of (low, high)
    bits: Bits  # (s, alternatives)
    contested: NDArray[np.bool_]  # (s, alternatives)
    doubtful: NDArray[np.bool_]  # (s,): nothing established; any status may come
    turn: NDArray[np.int8]  # (s,): rank of the status in FIVE, -1 for another
    error_rate: Floats  # (s,)
    rows: Places  # (towns,): the situation of each town


def situations(towns: Sequence[Sequence[Need]]) -> list[Situations]:
    """The distinct situations of each need; every town lists the same needs, in one order."""
    return [_distinct(found) for found in zip(*towns, strict=True)]


def outcome(found: Sequence[Situations], draws: Draws) -> Outcome:
    """Scores and verdicts of all the towns under these draws; no need at all is `ready`."""
    limits = (_limits(draws.bands, 0), _limits(draws.bands, 1))
    columns = [_columns(made, draws, limits, place) for place, made in enumerate(found)]
    return _summed([made.rows for made in found], columns, draws)


# --- situations -------------------------------------------------------------------------------


def _distinct(needs: Sequence[Need]) -> Situations:
    ranks: dict[tuple[object, ...], int] = {}
    kept: list[Need] = []
    rows = np.empty(len(needs), dtype=np.int64)
    seen: dict[int, int] = {}
    for town, need in enumerate(needs):
        rank = seen.get(id(need))
        if rank is None:
            rank = seen[id(need)] = _rank(_plain(need), ranks, kept)
        rows[town] = rank
    return _situations(kept, rows)


def _rank(need: Need, ranks: dict[tuple[object, ...], int], kept: list[Need]) -> int:
    checks = tuple(need.checks.get(name) for name in scoring.CHECK_WEIGHTS)
    key = (need.state, checks, need.evidence_level)
    if key not in ranks:
        ranks[key] = len(kept)
        kept.append(need)
    return ranks[key]


def _plain(need: Need) -> Need:
    """What is not established is not known at all: neither its adequacy nor its checks count."""
    if not _doubtful(need.state):
        return need
    bare = State(scoring.standing(need.state))
    return Need(need.dataset, need.criticality, bare, {}, "E0")


def _situations(needs: Sequence[Need], rows: Places) -> Situations:
    rules = [_rules(_bare(need.state)) for need in needs]
    qualities = [_quality(need) for need in needs]
    standings = [scoring.standing(need.state) for need in needs]
    return Situations(
        criticality=needs[0].criticality,
        known=np.array([made[0] for made in qualities]),
        untested=np.array([made[1] for made in qualities]),
        gates=np.array([made[2] for made in qualities]),
        bands=np.array([made.bands for made in rules], dtype=np.int8),
        counted=np.array([made.counted for made in rules]).transpose(0, 2, 1),
        bits=np.array([made.bits for made in rules], dtype=np.uint8),
        contested=np.array([made.contested for made in rules]),
        doubtful=np.array([_doubtful(need.state) for need in needs]),
        turn=np.array([FIVE.index(s) if s in FIVE else -1 for s in standings], dtype=np.int8),
        error_rate=np.array([ERROR_RATES[need.evidence_level] for need in needs]),
        rows=rows,
    )


def _quality(need: Need) -> tuple[list[float], list[float], tuple[bool, bool]]:
    """Weights times the first list, plus weights times the second, is the quality once in place.

    A candidate is placed by other checks than the six: its interval is taken as it stands.
    """
    fit = need.state.adequacy
    if need.state.status == "candidate":
        held = need.state.quality
        six = len(scoring.CHECK_WEIGHTS)
        return [fit * held.low] * six, [fit * (held.high - held.low)] * six, (True, True)
    read = [
        scoring.reading(need.checks.get(name, scoring.NOT_TESTED)) for name in scoring.CHECK_WEIGHTS
    ]
    gate = scoring.reading(need.checks.get(scoring.GATE, scoring.NOT_TESTED))
    known = [fit * made.low for made in read]
    return known, [fit * (made.high - made.low) for made in read], (gate.low > 0, gate.high > 0)


@dataclass(frozen=True)
class _Rules:
    """What `scoring` and `readiness` say of a situation, by alternative."""

    bands: tuple[int, ...]
    counted: tuple[tuple[bool, bool], ...]
    bits: tuple[int, ...]
    contested: tuple[bool, ...]


def _bare(state: State) -> State:
    """The state without its quality, which changes no rule."""
    return State(
        state.status, state.established, state.existence, scoring.UNTESTED, state.adequacy,
        state.reachable, state.substitute, state.grounded, state.reasoned,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _rules(state: State) -> _Rules:
    made = alternatives(state)
    terms = [scoring.usable_term(other) for other in made]
    return _Rules(
        bands=tuple(_BANDS.index(_band(other)) for other in made),
        counted=tuple((term.low is not None, term.high is not None) for term in terms),
        bits=tuple(_bits(other) for other in made),
        contested=tuple(scoring.contested(other) for other in made),
    )


def alternatives(state: State) -> list[State]:
    """As it stands, under each of FIVE, and with its protection granted.

    Of what nobody evaluated nothing else is known; a wrong status leaves the rest as it was.
    """
    under = state
    if _doubtful(state):
        under = State(FIVE[0], grounded=True)
    elif state.existence == NOT_PRODUCED:
        under = replace(state, existence="exists")
    others = [replace(under, status=status) for status in FIVE]
    return [state, *others, replace(under, status="closed_justified", grounded=True)]


def _doubtful(state: State) -> bool:
    """Not evaluated, or « sans objet » without a reason: a word, not a finding."""
    found = scoring.standing(state)
    return found == NOT_EVALUATED or (found == NOT_CONCERNED and not state.reasoned)


def _band(state: State) -> str:
    found = scoring.standing(state)
    if found == "closed_justified":
        if not state.substitute:
            return "nothing"
        return "contested" if scoring.contested(state) else found
    return found if found in _BANDS else "nothing"


def _bits(state: State) -> int:
    held = fulfilment(state)
    low, high = scoring.caps_bounds(state)
    return (
        _UNMET * (held == UNMET)
        | _UNKNOWN * (held == "unknown")
        | _LACKING * (held in (PARTLY, UNMET))
        | _CAP_LOW * low
        | _CAP_HIGH * high
    )


# --- one need under all draws -----------------------------------------------------------------


@dataclass(frozen=True)
class _Columns:
    """What a need adds to each sum, by situation and draw: shapes (s, draws) or (s, 1)."""

    low: Floats
    high: Floats
    in_low: Floats
    in_high: Floats
    bits: Bits


def _columns(found: Situations, draws: Draws, limits: Sequence[_Limits], place: int) -> _Columns:
    turned = _turned(found, draws, place)
    weight = draws.criticality[found.criticality] * draws.copies[place]
    placed = _placed(found, draws, place)
    resolved = draws.values is not None
    sums = [
        _bound(found, limits[side], turned, placed[side], side, weight)
        for side in (0, 1)[resolved:]
    ]
    (low, in_low), (high, in_high) = sums[0], sums[-1]
    bits = _patched(found.bits, turned) & np.uint8(_VERDICT_BITS[found.criticality])
    return _Columns(low, high, in_low, in_high, bits * (draws.copies[place] > 0))


@dataclass(frozen=True)
class _Turned:
    """Where a need is not as it stands: situation, draw and alternative, of one length each."""

    rows: Places
    columns: Places
    to: NDArray[np.int8]
    count: int  # draws


def _turned(found: Situations, draws: Draws, place: int) -> _Turned | None:
    """The alternatives drawn: wrong statuses first, then what was not known."""
    if draws.slips is None and draws.values is None:
        return None
    count = draws.statuses.shape[1]
    to = np.zeros((len(found.turn), count), dtype=np.int8)
    if draws.slips is not None:
        _slip(to, found, draws, place)
    if draws.values is not None:
        to[found.doubtful] = draws.statuses[place] + 1
        _settle(to, found, draws.granted[place])
    rows, columns = np.nonzero(to)
    return _Turned(rows, columns, to[rows, columns], count)


def _slip(to: NDArray[np.int8], found: Situations, draws: Draws, place: int) -> None:
    """Statuses that are wrong: another of the five, never the same."""
    assert draws.slips is not None
    rates = np.where(found.doubtful, 0.0, found.error_rate)
    rows, columns = np.nonzero(draws.slips[place] < rates[:, None])
    turn = found.turn[rows]
    others = (turn + draws.shifts[place, columns]) % len(FIVE)
    to[rows, columns] = 1 + np.where(turn < 0, draws.statuses[place, columns], others)


def _settle(to: NDArray[np.int8], found: Situations, granted: NDArray[np.bool_]) -> None:
    """A protection without ground turns out valid, or without a valid reason."""
    for alternative in (_AS_IS, _PROTECTED):
        doubted = np.nonzero(found.contested[:, alternative])[0]
        if len(doubted):
            rows, columns = np.nonzero(to[doubted] == alternative)
            settled = np.where(granted[columns], _GRANTED, _REFUSED)
            to[doubted[rows], columns] = settled


def _placed(found: Situations, draws: Draws, place: int) -> tuple[Floats, Floats]:
    """Quality times adequacy (0-1), at the (low, high) bound; the same where it is resolved."""
    known = found.known @ draws.checks
    if draws.values is not None:
        reached = known + found.untested @ (draws.checks * draws.values[place])
        made = reached * found.gates[:, 1:]
        return made, made
    most = known + found.untested @ draws.checks
    return known * found.gates[:, :1], most * found.gates[:, 1:]


def _bound(
    found: Situations,
    limits: _Limits,
    turned: _Turned | None,
    placed: Floats,
    side: int,
    weight: Floats,
) -> tuple[Floats, Floats]:
    """Weighted points and weights of one bound (0 low, 1 high)."""
    floors, widths = limits
    rank = found.bands[:, _AS_IS]
    points = floors[rank] + widths[rank] * placed
    counted = found.counted[:, side]
    present = counted[:, _AS_IS : _AS_IS + 1].astype(float)
    if turned is not None and len(turned.rows):
        shape = (len(rank), turned.count)
        points = np.array(np.broadcast_to(points, shape))
        where = np.minimum(turned.columns, floors.shape[1] - 1)
        at = np.minimum(turned.columns, placed.shape[1] - 1)
        rank = found.bands[turned.rows, turned.to]
        there = floors[rank, where] + widths[rank, where] * placed[turned.rows, at]
        points[turned.rows, turned.columns] = there
        if not counted.all():
            present = _patched(counted.astype(float), turned)
    return points * present * weight, present * weight


def _limits(bands: Bands, side: int) -> _Limits:
    """Floor and width of each of _BANDS, of shape (7, draws) or (7, 1)."""
    zero = np.zeros_like(bands.low["open"])
    named = {
        name: (bands.low[name] + zero, bands.high[name] - bands.low[name]) for name in bands.low
    }
    floors = {name: made[0] for name, made in named.items()}
    widths = {name: made[1] for name, made in named.items()}
    if side:  # contested: nothing in the low bound, its whole place in the high one
        floors["contested"], widths["contested"] = named["closed_justified"]
        floors[NOT_EVALUATED] = zero + scoring.UNKNOWN.high
    made = [(floors.get(name, zero), widths.get(name, zero)) for name in _BANDS]
    return np.array([one[0] for one in made]), np.array([one[1] + zero for one in made])


def _patched(by_alternative: NDArray, turned: _Turned | None) -> NDArray:
    """A value by (situation, alternative) as a value by (situation, draw)."""
    held = by_alternative[:, _AS_IS : _AS_IS + 1]
    if turned is None or not len(turned.rows):
        return held
    made = np.array(np.broadcast_to(held, (len(held), turned.count)))
    made[turned.rows, turned.columns] = by_alternative[turned.rows, turned.to]
    return made


# --- all needs together -----------------------------------------------------------------------


def _summed(rows: Sequence[Places], columns: Sequence[_Columns], draws: Draws) -> Outcome:
    low = _mean(rows, [(made.low, made.in_low) for made in columns])
    same = all(made.high is made.low for made in columns)
    high = low if same else _mean(rows, [(made.high, made.in_high) for made in columns])
    bits = np.zeros((len(rows[0]) if rows else 1, 1), dtype=np.uint8)
    for row, made in zip(rows, columns, strict=True):
        bits = bits | made.bits[row]
    cap = draws.bands.cap
    nothing = np.isnan(high)
    low = np.where(bits & _CAP_LOW, np.minimum(low, cap), low)
    high = np.where(bits & _CAP_HIGH, np.minimum(high, cap), high)
    count = draws.statuses.shape[1]
    return Outcome(
        _wide(np.where(nothing, np.nan, low), count),
        _wide(high, count),
        _wide(_verdict(bits), count),
    )


def _mean(rows: Sequence[Places], columns: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Weighted mean; NaN where no need counts."""
    above, below = np.zeros((1, 1)), np.zeros((1, 1))
    for row, (points, weight) in zip(rows, columns, strict=True):
        above = above + points[row]
        below = below + (weight if len(weight) == 1 else weight[row])
    with np.errstate(invalid="ignore"):
        return above / below


def _verdict(bits: Bits) -> NDArray[np.int8]:
    ranks = {name: VERDICTS.index(name) for name in VERDICTS}
    made = np.where(bits & _LACKING, ranks[DEGRADED], ranks[READY])
    made = np.where(bits & _UNKNOWN, ranks[UNKNOWN], made)
    return np.where(bits & _UNMET, ranks[BLOCKED], made).astype(np.int8)


def _wide(made: NDArray, count: int) -> NDArray:
    """One column per draw, even where no draw changes anything."""
    return np.broadcast_to(made, (made.shape[0], count))
