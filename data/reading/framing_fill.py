"""Cells merged over several lines: only the first one kept the value, the others are filled again.

Certain when the pattern is that of groups: in the first columns, each value once, starting at the
first line, with lines below it that are full otherwise. Any other hole stays a hole.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HOLES = 0.34  # share of empty cells from which a column may be one of groups
FULL = 0.9  # share of filled cells in the columns that are not
SECTIONS = 2_000  # more lines than that name no group
FIRST = 3  # columns, from the left, that may hold groups


def groups(cells: pa.Table) -> list[int]:
    """The columns, from the left, whose empty cells surely repeat the value above."""
    found: list[int] = []
    rows = cells.num_rows
    if rows < 3 or cells.num_columns < 2:
        return found
    empty = [column.null_count / rows for column in cells.columns]
    others = [share for share in empty if share < HOLES]
    if not others or sum(1 for share in others if share <= 1 - FULL) < len(others) / 2:
        return found
    for place in range(min(FIRST, cells.num_columns - 1)):
        if not _are_groups(cells, place, empty[place], found):
            break
        found.append(place)
    return found


def sections(cells: pa.Table) -> np.ndarray | None:
    """Places of the lines where only the first cell is filled, when the others are full lines."""
    if cells.num_columns < 3 or cells.num_rows < 3:
        return None
    others = np.zeros(cells.num_rows, np.int32)
    for column in cells.columns[1:]:
        others += pc.is_valid(column).to_numpy()
    lonely = (others == 0) & pc.is_valid(cells.column(0)).to_numpy()
    count = int(lonely.sum())
    if not count or count > cells.num_rows / 2 or count > SECTIONS:
        return None
    if np.median(others[~lonely]) < 2 or (others[~lonely] < 2).mean() > 1 - FULL:
        return None
    return np.flatnonzero(lonely)


def are_groups(cells: pa.Table, places: np.ndarray) -> bool:
    """Whether those lines alone fill the first column, from its first line: they name groups."""
    first = cells.column(0)
    return (
        int(places[0]) == 0
        and len(first) - first.null_count == len(places)
        and bool((np.diff(np.append(places, len(first))) > 1).all())
        and pc.count_distinct(first, mode="only_valid").as_py() == len(places)
    )


def down(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column with each empty cell holding the last value above it."""
    made = pc.fill_null_forward(column)
    return made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])


def _are_groups(cells: pa.Table, place: int, share: float, before: list[int]) -> bool:
    column = cells.column(place)
    if share < HOLES or share == 1 or column[0].as_py() is None:
        return False
    known = pc.drop_null(column)
    if len(known) < 2 or pc.max(pc.utf8_length(known)).as_py() > 80:
        return False
    if before:
        # a sub-group: it starts again with each group above, and may bear the same name
        above = cells.column(before[-1])
        started = pc.and_(pc.is_valid(above), pc.is_null(column))
        return not pc.any(started).as_py()
    return pc.count_distinct(known).as_py() == len(known) and _lines_are_full(cells, place)


def _lines_are_full(cells: pa.Table, place: int) -> bool:
    """Whether lines without the group are as full as those that bear it."""
    holes = pc.is_null(cells.column(place))
    with_hole = cells.filter(holes)
    shares = [
        column.null_count / with_hole.num_rows
        for index, column in enumerate(with_hole.columns)
        if index != place and cells.column(index).null_count < HOLES * cells.num_rows
    ]
    return bool(shares) and max(shares) <= 1 - FULL
