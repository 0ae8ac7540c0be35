"""One look at the whole file, in parallel and without row numbers: which rules no row breaks.

Most files keep most rules. The aggregates that tell so, one a rule, the distinct values that
Python has to judge and what the checks of sense will ask are all read in the same pass; only the
rules that some row may break are then run row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from data.schemas import Schema
from data.scratch import Scratch, ScratchError
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.given import Given
from diagnostics.conformity.load import Loaded, complete, judged, loaded

COUNT = "count(*)"


@dataclass(frozen=True)
class Rules:
    """The rules, how many after the first are of cells, and what can be said at once."""

    checks: list[RowCheck]
    hushed: int
    issues: list[Issue]


@dataclass(frozen=True)
class Glance:
    """The loaded table, its rules, how many rows it has, and the rules that some may break."""

    made: Loaded
    rules: Rules
    rows: int
    places: tuple[int, ...]


def glance(
    scratch: Scratch,
    given: Given,
    schema: Schema,
    ruled: Callable[[Cells], Rules],
    more: Callable[[Cells], Iterable[str]],
) -> Glance:
    """Load a table and look at it; `more` gives aggregates to measure in the same pass.

    Every value is first taken to have its type and to pass the tests of Python; what that made
    wrong is forgotten. Raises ScratchError when the text does not read so.
    """
    made = loaded(scratch, given, schema)
    cells = made.cells
    cells.awaited = []
    told = {check.fails: f"bool_or({check.fails})" for check in ruled(cells).checks}
    _measure(cells, [COUNT, *made.judged.values(), *cells.awaited, *told.values()], more)
    rows = int(cells.measures[COUNT])
    met = {fails: cells.measures[sql] for fails, sql in told.items()}
    made, changed = _settled(made, scratch, schema)
    rules = ruled(made.cells)
    unmet = {"false", *(one for one, some in met.items() if not some and not _of(changed, one))}
    places = tuple(at for at, check in enumerate(rules.checks) if check.fails not in unmet)
    return Glance(made, rules, rows, places)


def _measure(cells: Cells, asked: Sequence[str], more: Callable[[Cells], Iterable[str]]) -> None:
    try:
        cells.measure([*asked, *more(cells)])
    except ScratchError:  # what is asked beside must not cost the verdict
        cells.measure(asked)


def _of(columns: Sequence[str], sql: str) -> bool:
    return any(column in sql for column in columns)


def _settled(made: Loaded, scratch: Scratch, schema: Schema) -> tuple[Loaded, tuple[str, ...]]:
    """The table once Python has judged its values, and the typed columns that it changed."""
    seen = made.cells.measures
    held = {
        name: [value for value in seen[sql] or () if value is not None]
        for name, sql in made.judged.items()
    }
    right, wrong = judged(schema, held)
    if not wrong:
        made.cells.awaited, made.cells.known = None, complete(schema, right)
        return made, ()
    settled = loaded(scratch, made.given, schema, held)
    changed = tuple(settled.cells.typed[name] for name in settled.refused)
    settled.cells.measures = {sql: value for sql, value in seen.items() if not _of(changed, sql)}
    return settled, changed
