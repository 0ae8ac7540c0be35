"""The verdict of an experiment: the minimum rule on its indispensable needs, to the letter.

The verdict rests on what was observed or declared. *Expected* applies the same rule with the
assumed statuses taken as established; both are given side by side, never one for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diagnostics.scoring import (
    NOT_CONCERNED,
    NOT_EVALUATED,
    NOT_PRODUCED,
    State,
    standing,
    unusable,
)

READY, DEGRADED, BLOCKED, UNKNOWN = "ready", "degraded", "blocked", "unknown"
VERDICTS = (READY, DEGRADED, BLOCKED, UNKNOWN)
STARTS = frozenset({READY, DEGRADED})  # the data are enough to begin, if only in a reduced form

MET, PARTLY, UNMET, OUT = "met", "partly", "unmet", "out"
FULL_ADEQUACY = 0.7


@dataclass(frozen=True)
class Required:
    """One need of an experiment with its state in one town."""

    dataset: str
    criticality: str
    state: State


@dataclass(frozen=True)
class Readiness:
    """Verdict, and what it hangs on (dataset ids in the order of the experiment's needs)."""

    verdict: str
    expected: str
    to_confirm: tuple[str, ...]  # assumed statuses the verdict waits for
    blocking: tuple[str, ...]  # indispensable needs established as unmet
    expected_blocking: tuple[str, ...]  # the same if the assumptions hold


def readiness(needs: Sequence[Required]) -> Readiness:
    """The verdict, what is expected, and what stands between them."""
    found, expected = verdict(needs), verdict(needs, supposing=True)
    return Readiness(
        verdict=found,
        expected=expected,
        to_confirm=_to_confirm(needs, found != expected),
        blocking=_unmet(needs),
        expected_blocking=_unmet(needs, supposing=True),
    )


def verdict(needs: Sequence[Required], supposing: bool = False) -> str:
    """ready, degraded, blocked or unknown, from the fulfilment of each need.

    With `supposing`, the assumed statuses are taken as established.
    """
    asked = [
        (need.criticality == "indispensable", fulfilment(need.state, supposing))
        for need in needs
        if need.criticality != "comfort"
    ]
    if (True, UNMET) in asked:
        return BLOCKED
    if (True, UNKNOWN) in asked:
        return UNKNOWN
    lacking = any(found in (PARTLY, UNMET) for _, found in asked)
    return DEGRADED if lacking else READY


def fulfilment(state: State, supposing: bool = False) -> str:
    """met, partly, unmet, unknown, or out when the need does not concern the town."""
    return _FULFILMENTS[standing(state, supposing)](state)


def _open(state: State) -> str:
    if unusable(state):
        return UNMET
    whole = state.existence != "partial" and state.adequacy >= FULL_ADEQUACY
    return MET if whole else PARTLY


def _always(outcome: str) -> Callable[[State], str]:
    return lambda state: outcome


_FULFILMENTS: dict[str, Callable[[State], str]] = {
    "open": _open,
    "other": _always(PARTLY),
    "candidate": _always(UNMET),
    "closed_unjustified": _always(UNMET),
    "closed_justified": lambda state: PARTLY if state.substitute else UNMET,
    NOT_PRODUCED: _always(UNMET),
    NOT_EVALUATED: _always(UNKNOWN),
    # « Sans objet » without a reason is a word, not a finding: nothing is known yet.
    NOT_CONCERNED: lambda state: OUT if state.reasoned else UNKNOWN,
}


def _unmet(needs: Sequence[Required], supposing: bool = False) -> tuple[str, ...]:
    return tuple(
        need.dataset
        for need in needs
        if need.criticality == "indispensable" and fulfilment(need.state, supposing) == UNMET
    )


def _to_confirm(needs: Sequence[Required], moved: bool) -> tuple[str, ...]:
    """The indispensable assumptions; failing those, the useful ones that move the verdict."""
    musts = _assumed(needs, "indispensable")
    if musts or not moved:
        return tuple(need.dataset for need in musts)
    return tuple(
        need.dataset
        for need in _assumed(needs, "useful")
        if fulfilment(need.state, supposing=True) in (PARTLY, UNMET)
    )


def _assumed(needs: Sequence[Required], criticality: str) -> list[Required]:
    return [
        need
        for need in needs
        if need.criticality == criticality
        and not need.state.established
        and fulfilment(need.state, supposing=True) != UNKNOWN
    ]
