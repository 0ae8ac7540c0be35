"""What a declaration changed: each project that asks for the data, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.scoring import Interval


@dataclass(frozen=True)
class Change:
    """One project before and after something was kept; intervals in points out of 100."""

    id: str
    title: str
    verdict_before: str
    verdict: str
    expected_before: str
    expected: str
    usable_before: Interval | None
    usable: Interval | None

    @property
    def turned(self) -> bool:
        """The verdict, or the one expected, is another."""
        return (self.verdict_before, self.expected_before) != (self.verdict, self.expected)

    @property
    def moved(self) -> bool:
        """The verdict or the score is another."""
        return self.turned or _rounded(self.usable_before) != _rounded(self.usable)


def around(
    assessed: Callable[[], Assessment], datasets: Iterable[str], write: Callable[[], None]
) -> tuple[Change, ...]:
    """Run `write` and compare the assessments on both sides of it; what it raises passes."""
    before = assessed()
    write()
    return changes(before, assessed(), datasets)


def changes(before: Assessment, after: Assessment, datasets: Iterable[str]) -> tuple[Change, ...]:
    """One line per project that asks for one of these datasets, in catalogue order."""
    asked = frozenset(datasets)
    was = {made.id: made for made in before.experiments}
    return tuple(
        _change(was[made.id], made)
        for made in after.experiments
        if made.id in was and any(need.dataset in asked for need in made.needs)
    )


def _change(was: AssessedExperiment, now: AssessedExperiment) -> Change:
    return Change(
        id=now.id,
        title=now.title,
        verdict_before=was.verdict,
        verdict=now.verdict,
        expected_before=was.expected,
        expected=now.expected,
        usable_before=was.usable,
        usable=now.usable,
    )


def _rounded(points: Interval | None) -> tuple[float, float] | None:
    return (round(points.low, 1), round(points.high, 1)) if points else None
