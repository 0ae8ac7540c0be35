"""Sheets of the same header, one per year for instance, put one under the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from data.reading import framing_tail
from data.reading.bounds import check_grid
from data.reading.reading import SHOWN, Grid, Repair, Wishes
from data.reading.sheet_choice import Profile
from data.reading.sheet_texts import named

KIND = "sheets_stacked"
NOTES = "note_dropped"  # as below any table
NOTHING = Wishes()
REPEATED = 3  # lines below the header that may be said again
COLUMN = "feuille"  # holds the name of the sheet that each line comes from


def stacked(
    grids: Sequence[Grid], profiles: Mapping[str, Profile], wishes: Wishes = NOTHING
) -> Grid:
    """One grid: the first sheet whole, then the lines below the header of the others.

    Notes below a sheet would stand in the middle of the data: they are left out, and listed.
    """
    width = max(made.cells.num_columns for made in grids)
    check_grid(sum(made.cells.num_rows for made in grids), width + 1, "les feuilles ensemble")
    first = grids[0]
    parts: list[pa.Table] = []
    hidden: list[int] = []
    notes: list[str] = []
    for made in grids:
        top = _header(made, profiles)
        start = top + 1 + _repeated(made, first, profiles) if parts else 0
        last = made is grids[-1] or wishes.refuses(NOTES)
        left = 0 if last else _notes(made.cells.slice(start))
        notes += _texts(made.cells, left)
        stop = made.cells.num_rows - left
        before = sum(part.num_rows for part in parts) - start
        hidden += [row + before for row in made.hidden_rows if start <= row < stop]
        body = _wide(made.cells, width).slice(start, max(stop - start, 0))
        parts.append(_labelled(body, _name(made), width, None if parts else top))
    return _joined(grids, parts, tuple(hidden), notes)


def _joined(
    grids: Sequence[Grid], parts: list[pa.Table], hidden: tuple[int, ...], notes: list[str]
) -> Grid:
    names = ", ".join(map(_name, grids))
    repairs = [done for made in grids for done in made.repairs] + [_repair(grids, names)]
    flags = [flag for made in grids for flag in made.flags] + [KIND]
    if notes:
        shown = tuple((None, text, None) for text in notes[:SHOWN])
        repairs.append(Repair(NOTES, None, len(notes), before=notes[0], examples=shown))
        flags.append("footnotes_dropped")
    return replace(
        grids[0],
        cells=named(pa.concat_tables(parts).columns),
        sheet=names,
        hidden_rows=hidden,
        hidden_columns=tuple(dict.fromkeys(at for made in grids for at in made.hidden_columns)),
        flags=tuple(flags),
        repairs=tuple(repairs),
    )


def _notes(cells: pa.Table) -> int:
    """Last lines of a sheet that are no data, blank ones too."""
    last = cells.slice(max(cells.num_rows - framing_tail.TAIL, 0)).to_pylist()
    return framing_tail.notes([list(line.values()) for line in last], cells.num_columns)


def _texts(cells: pa.Table, count: int) -> list[str]:
    """The last lines as texts, without the blank ones."""
    lines = cells.slice(cells.num_rows - count).to_pylist() if count else []
    return [text for line in lines if (text := " ".join(filter(None, line.values())))]


def _repair(grids: Sequence[Grid], names: str) -> Repair:
    return Repair(KIND, COLUMN, len(grids), before=names, after=_name(grids[0]))


def _name(grid: Grid) -> str:
    return grid.sheet or ""


def _header(grid: Grid, profiles: Mapping[str, Profile]) -> int:
    """Line of the grid that names the columns: blank lines before the first value count."""
    return _first_line(grid.cells) + (profiles[_name(grid)].header_line or 0)


def _first_line(cells: pa.Table) -> int:
    filled = pc.index(pc.greater(_filled(cells), 0), True).as_py()
    return max(filled, 0)


def _filled(cells: pa.Table) -> pa.ChunkedArray:
    """Cells with a value, line by line."""
    counts: pa.ChunkedArray = pa.chunked_array([pa.array([0] * cells.num_rows, pa.int32())])
    for column in cells.columns:
        counts = pc.add(counts, pc.cast(pc.is_valid(column), pa.int32()))
    return counts


def _repeated(made: Grid, first: Grid, profiles: Mapping[str, Profile]) -> int:
    """Lines right below the header that the first sheet has too: units, second line of names."""
    mine = made.cells.slice(_header(made, profiles) + 1, REPEATED).to_pylist()
    theirs = first.cells.slice(_header(first, profiles) + 1, REPEATED).to_pylist()
    count = 0
    for line, other in zip(mine, theirs, strict=False):
        text = "".join(filter(None, line.values()))
        if not text or line != other or any(letter.isdigit() for letter in text):
            break
        count += 1
    return count


def _wide(cells: pa.Table, width: int) -> pa.Table:
    missing = [pa.nulls(cells.num_rows, pa.string())] * (width - cells.num_columns)
    columns = [*cells.columns, *(pa.chunked_array([made]) for made in missing)]
    return pa.table({str(index): column for index, column in enumerate(columns)})


def _labelled(cells: pa.Table, name: str, width: int, header: int | None) -> pa.Table:
    """The name of the sheet on each line of data; a line of one cell is a title or a note."""
    nothing = pa.scalar(None, pa.string())
    label = pc.if_else(pc.greater_equal(_filled(cells), min(2, width)), name, nothing)
    if header is not None:
        lines = pa.array(range(cells.num_rows), pa.int32())
        label = pc.if_else(pc.equal(lines, header), COLUMN, label)
        label = pc.if_else(pc.less(lines, header), nothing, label)
    column = label if isinstance(label, pa.ChunkedArray) else pa.chunked_array([label])
    return cells.append_column(str(width), column)
