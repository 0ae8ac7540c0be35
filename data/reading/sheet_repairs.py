"""What a sheet shows and its values do not hold: zeros of a format, the value of a merged cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from data.reading.reading import SHOWN, Grid, Repair, Wishes
from data.reading.sheet_marks import Marks

ZEROS = "displayed_zeros"  # the format « 00000 » shows 01234 for 1234
FILLED = "filled_down"

_Change = tuple[int, str | None, str]  # line of the grid, before, after


def shown_zeros(grid: Grid, marks: Marks, left: int, wishes: Wishes) -> Grid:
    """Write whole numbers with the zeros that their format shows."""
    if wishes.refuses(ZEROS):
        return grid
    for column, digits in marks.padded.items():
        at = column - left
        if 0 <= at < grid.cells.num_columns:
            values = grid.cells.column(at).to_pylist()
            grid = _changed(grid, at, values, _padded(values, digits), ZEROS)
    return grid


def filled_down(grid: Grid, header: int | None, wishes: Wishes) -> Grid:
    """Give the value of a cell merged over several lines of data to each of them."""
    if header is None or wishes.refuses(FILLED):
        return grid
    spans: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in grid.merged:
        if header < top < bottom:
            spans.setdefault(left, []).append((top, bottom))
    for column, found in spans.items():
        values = grid.cells.column(column).to_pylist()
        grid = _changed(grid, column, values, _down(values, found), FILLED)
    if spans:
        grid = replace(grid, flags=(*grid.flags, FILLED))
    return grid


def _padded(values: list[str | None], digits: Mapping[int, int]) -> list[_Change]:
    return [
        (line, value, value.zfill(wanted))
        for line, wanted in digits.items()
        if line < len(values)
        and (value := values[line]) is not None
        and value.isdigit()
        and len(value) < wanted
    ]


def _down(values: list[str | None], spans: list[tuple[int, int]]) -> list[_Change]:
    return [
        (line, None, value)
        for top, bottom in spans
        if (value := values[top]) is not None
        for line in range(top + 1, bottom + 1)
        if values[line] is None
    ]


def _changed(
    grid: Grid, column: int, values: list[str | None], changes: list[_Change], kind: str
) -> Grid:
    if not changes:
        return grid
    for line, _, after in changes:
        values[line] = after
    cells = grid.cells.set_column(column, str(column), pa.array(values, pa.string()))
    made = Repair(
        kind,
        None,  # columns have no name yet
        len(changes),
        before=changes[0][1] or "",
        after=changes[0][2],
        examples=tuple((None, before or "", after) for _, before, after in changes[:SHOWN]),
    )
    return replace(grid, cells=cells, repairs=(*grid.repairs, made))
