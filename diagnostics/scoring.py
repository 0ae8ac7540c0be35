"""Scores of one need and of one experiment, as intervals: pure arithmetic, no store, no clock.

Two axes from 0 to 100: *usable today* and *openness*. Each status owns a band, bands of different
access never overlap, and quality times adequacy places a need inside its band. What was not tested
or not evaluated widens an interval; it is never counted as a failure, nor as a success.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOT_TESTED = "not_tested"
Check = float | str  # 0-1, or NOT_TESTED
Weights = Mapping[str, float]  # by name of a check, or by criticality

NOT_EVALUATED = "not_evaluated"
NOT_CONCERNED = "not_concerned"
NOT_PRODUCED = "not_produced"

# Share of each check in the quality of an accessible dataset. Reasoned starting values.
CHECK_WEIGHTS: dict[str, float] = {
    "licence": 0.20,
    "readable": 0.20,
    "schema": 0.20,
    "freshness": 0.15,
    "link": 0.15,
    "documentation": 0.10,
}
# Without a working link the other qualities of a dataset earn nothing.
GATE = "link"
# What brings a candidate closer to its publication, in equal shares.
CANDIDATE_WEIGHTS: dict[str, float] = {
    "digital": 0.25,
    "structured": 0.25,
    "holder_named": 0.25,
    "decision_dated": 0.25,
}
CRITICALITY_WEIGHTS: dict[str, int] = {"indispensable": 3, "useful": 2, "comfort": 1}
PROXY = 0.4  # adequacy of an approximation; under it a dataset serves nothing here
CAP = 59.0  # an experiment that lacks an indispensable need stays under the open band


@dataclass(frozen=True)
class Interval:
    """Low and high bound of a score in points, or of a share."""

    low: float
    high: float

    def as_dict(self) -> dict[str, float]:
        """The JSON form, rounded to a tenth of a point."""
        return {"low": round(self.low, 1), "high": round(self.high, 1)}


UNKNOWN = Interval(0.0, 100.0)
UNTESTED = Interval(0.0, 1.0)
NOTHING = Interval(0.0, 0.0)

USABLE_BANDS: dict[str, Interval] = {
    "open": Interval(60, 100),
    "other": Interval(30, 55),
    "candidate": Interval(10, 25),
    "closed_justified": Interval(0, 25),  # by its substitute or an agreement only
    "closed_unjustified": NOTHING,
    NOT_PRODUCED: NOTHING,
}
OPENNESS_BANDS: dict[str, Interval] = {
    "open": Interval(60, 100),
    "other": Interval(5, 14),
    "candidate": Interval(15, 35),
    "closed_unjustified": NOTHING,
    NOT_PRODUCED: NOTHING,
}
# Kept out of the openness denominator: nobody may be blamed for protecting what must be.
OUT_OF_OPENNESS = frozenset({"closed_justified"})
# Indispensable needs in one of these cap the experiment (a protected one without substitute too).
CAPPING = frozenset({"candidate", "closed_unjustified", NOT_PRODUCED})


@dataclass(frozen=True)
class State:
    """What one need is worth to one town: all that the scores and the verdict rest on."""

    status: str
    established: bool = True  # observed or declared; False when merely assumed
    existence: str = "exists"
    quality: Interval = UNTESTED
    adequacy: float = 1.0
    reachable: bool = True  # False when the link or the reading failed
    substitute: bool = False
    grounded: bool = False  # closed for a legitimate reason: legal ground and evidence are given
    reasoned: bool = False  # not concerned: the reason is given


@dataclass(frozen=True)
class Term:
    """Share of a need in the mean of an experiment; None leaves the denominator of that bound."""

    low: float | None
    high: float | None


OUT = Term(None, None)


def reading(check: Check) -> Interval:
    """A check as an interval: what was not tested lies between failure and success."""
    return UNTESTED if isinstance(check, str) else Interval(check, check)


def quality(checks: Mapping[str, Check], weights: Weights | None = None) -> Interval:
    """Quality of an accessible dataset (0-1), nothing when its link is known to fail.

    `weights` replaces CHECK_WEIGHTS: at least 0 each, not all 0.
    """
    mean = _weighted(checks, CHECK_WEIGHTS if weights is None else weights)
    gate = reading(checks.get(GATE, NOT_TESTED))
    return Interval(mean.low if gate.low > 0 else 0.0, mean.high if gate.high > 0 else 0.0)


def candidate_quality(checks: Mapping[str, Check]) -> Interval:
    """How near its publication a candidate is (0-1)."""
    return _weighted(checks, CANDIDATE_WEIGHTS)


def standing(state: State, supposing: bool = False) -> str:
    """The status a need is counted under; what is assumed counts as not evaluated.

    With `supposing`, what is assumed is taken as established.
    """
    if not (state.established or supposing):
        return NOT_EVALUATED
    return NOT_PRODUCED if state.existence == NOT_PRODUCED else state.status


def usable(state: State) -> Interval | None:
    """Points of a need on the axis *usable today*; None when not concerned."""
    return _alone(state, usable_term(state))


def openness(state: State) -> Interval | None:
    """Points on the axis *openness*; None when not concerned or rightly protected."""
    return _alone(state, openness_term(state))


def usable_term(state: State) -> Term:
    """What a need brings to the usable mean of an experiment."""
    found = standing(state)
    if found == NOT_CONCERNED:
        return _unconcerned(state)
    if found == NOT_EVALUATED:
        return Term(UNKNOWN.low, UNKNOWN.high)
    if found == "closed_justified" and not state.substitute:
        return Term(0.0, 0.0)
    placed = _placed(USABLE_BANDS[found], state)
    return Term(0.0 if contested(state) else placed.low, placed.high)


def openness_term(state: State) -> Term:
    """What a need brings to the openness mean of an experiment."""
    found = standing(state)
    if found == NOT_CONCERNED:
        return _unconcerned(state)
    if found == NOT_EVALUATED:
        return Term(UNKNOWN.low, UNKNOWN.high)
    if found in OUT_OF_OPENNESS:
        return Term(0.0, None) if contested(state) else OUT
    placed = _placed(OPENNESS_BANDS[found], state)
    return Term(placed.low, placed.high)


def contested(state: State) -> bool:
    """A protection without legal ground or evidence: without a valid reason in the low bound."""
    return standing(state) == "closed_justified" and not state.grounded


def unusable(state: State) -> bool:
    """Accessible, yet of no use here: link or reading failed, or it does not fit the need."""
    return not state.reachable or state.adequacy < PROXY


def usable_score(
    needs: Iterable[tuple[str, State]], weights: Weights | None = None
) -> Interval | None:
    """Points of an experiment from its (criticality, state); capped when a must is lacking.

    `weights` replaces CRITICALITY_WEIGHTS: above 0 each.
    """
    kept = list(needs)
    mean = _mean([(criticality, usable_term(state)) for criticality, state in kept], weights)
    if mean is None:
        return None
    caps = [caps_bounds(state) for criticality, state in kept if criticality == "indispensable"]
    low = min(mean.low, CAP) if any(cap[0] for cap in caps) else mean.low
    high = min(mean.high, CAP) if any(cap[1] for cap in caps) else mean.high
    return Interval(low, high)


def openness_score(needs: Iterable[tuple[str, State]]) -> Interval | None:
    """Openness of an experiment; None when nothing is left in the denominator."""
    return _mean([(criticality, openness_term(state)) for criticality, state in needs])


def caps_bounds(state: State) -> tuple[bool, bool]:
    """Whether an indispensable need caps the (low, high) bound of its experiment."""
    found = standing(state)
    if found == "closed_justified":
        return (not state.substitute or contested(state), not state.substitute)
    if found == "open":
        return (unusable(state), unusable(state))
    doubtful = found == NOT_EVALUATED or (found == NOT_CONCERNED and not state.reasoned)
    return (doubtful or found in CAPPING, found in CAPPING)


def evaluated_share(needs: Iterable[tuple[str, State]]) -> float:
    """Weight of the needs that were evaluated over the weight of those concerned (0-1)."""
    concerned = [
        (CRITICALITY_WEIGHTS[criticality], standing(state))
        for criticality, state in needs
        if not (standing(state) == NOT_CONCERNED and state.reasoned)
    ]
    total = sum(weight for weight, _ in concerned)
    doubtful = (NOT_EVALUATED, NOT_CONCERNED)
    known = sum(weight for weight, found in concerned if found not in doubtful)
    return known / total if total else 1.0


def gain(before: Interval | None, after: Interval | None) -> Interval:
    """Points won by an action: the moves of the two bounds, the smaller first, never under 0."""
    if before is None or after is None:
        return NOTHING
    moves = sorted((after.low - before.low, after.high - before.high))
    return Interval(max(0.0, moves[0]), max(0.0, moves[1]))


def _weighted(checks: Mapping[str, Check], weights: Mapping[str, float]) -> Interval:
    readings = [(share, reading(checks.get(name, NOT_TESTED))) for name, share in weights.items()]
    total = sum(share for share, _ in readings)
    low = sum(share * found.low for share, found in readings) / total
    return Interval(low, sum(share * found.high for share, found in readings) / total)


def _placed(band: Interval, state: State) -> Interval:
    width = (band.high - band.low) * state.adequacy
    return Interval(band.low + width * state.quality.low, band.low + width * state.quality.high)


def _unconcerned(state: State) -> Term:
    """Out with a reason; without one it weighs on the low bound like what is not evaluated."""
    return OUT if state.reasoned else Term(UNKNOWN.low, None)


def _alone(state: State, term: Term) -> Interval | None:
    if standing(state) == NOT_CONCERNED or term.low is None:
        return None
    return Interval(term.low, term.low if term.high is None else term.high)


def _mean(terms: list[tuple[str, Term]], weights: Weights | None = None) -> Interval | None:
    """Mean weighted by criticality, each bound over its own denominator."""
    chosen = CRITICALITY_WEIGHTS if weights is None else weights
    weighed = [(chosen[criticality], term) for criticality, term in terms]
    lows = [(weight, term.low) for weight, term in weighed if term.low is not None]
    highs = [(weight, term.high) for weight, term in weighed if term.high is not None]
    if not highs:
        return None
    return Interval(_average(lows), _average(highs))


def _average(pairs: list[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in pairs) / sum(weight for weight, _ in pairs)
