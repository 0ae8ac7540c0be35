"""Checks of sense: what conforms and yet cannot be right, or deserves a look.

They never block: a file with doubts stays valid. Each names its rule, its lines and what to verify.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from data.records import today_utc
from data.territories import Territory
from diagnostics.conformity import sense_dates, sense_points, sense_values
from diagnostics.conformity.cells import Cells
from diagnostics.conformity.sense_found import Doubt, Sense, counting, measured, said

__all__ = ["Sense", "foreseen", "sense"]

SURFACE = False  # raise what a check raises instead of saying that it was not done


def sense(
    cells: Cells, territory: Territory | None = None, today: date | None = None
) -> tuple[Sense, ...]:
    """The doubts that a loaded table raises, those on places first.

    Without a territory, nothing is said of points outside of it.
    """
    if not cells.rows:
        return ()
    day = today or today_utc().date()
    parts: dict[str, Callable[[], Iterator[Sense]]] = {
        "des lieux": partial(sense_points.doubts, cells, territory),
        "des valeurs": partial(_of_values, cells, day),
    }
    return tuple(one for what, part in parts.items() for one in _safely(what, part))


def foreseen(cells: Cells, today: date | None = None) -> tuple[str, ...]:
    """The aggregates that `sense` will ask of the cells: whoever reads them may measure them."""
    try:
        return tuple(_asked(cells, _rules(cells, today or today_utc().date())).values())
    except Exception:
        if SURFACE:
            raise
        return ()


def _rules(cells: Cells, today: date) -> list[Doubt]:
    return [*sense_dates.rules(cells, today), *sense_values.rules(cells)]


def _asked(cells: Cells, rules: Sequence[Doubt]) -> dict[str, str]:
    counts = {f"rule {at}": counting(rule) for at, rule in enumerate(rules)}
    return {**counts, **sense_dates.asked(cells), **sense_values.asked(cells)}


def _of_values(cells: Cells, today: date) -> Iterator[Sense]:
    """Days, numbers, codes and rows: measured in one pass, shown in another."""
    rules = _rules(cells, today)
    seen = measured(cells, _asked(cells, rules), cells.view)
    kept = [(rule, int(seen[f"rule {at}"])) for at, rule in enumerate(rules) if seen[f"rule {at}"]]
    kept += [*sense_dates.whole(cells, seen), *sense_values.whole(cells, seen)]
    yield from said(cells, kept)
    yield from sense_values.repeated(cells, seen)


def _safely(what: str, part: Callable[[], Iterator[Sense]]) -> Iterator[Sense]:
    """A file must not lose its verdict to a doubt that failed, whatever failed: that is said."""
    try:
        yield from tuple(part())
    except Exception:
        if SURFACE:
            raise
        message = (
            f"Le contrôle de bon sens {what} n'a pas pu être effectué sur ce fichier\u00a0; le"
            " verdict n'en dépend pas."
        )
        yield Sense("not-computed", "Contrôle non effectué", 0, (), message)
