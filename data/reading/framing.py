"""From a grid to a frame: the header found, lines that are not data dropped, each of them listed.

Decisions are made on the first and last lines in Python; what must be looked for everywhere
(repeated headers, totals, blank lines) is looked for in whole Arrow columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading import (
    framing_fill,
    framing_header,
    framing_rows,
    framing_second,
    framing_tail,
    framing_totals,
)
from data.reading.framing_header import HEAD, Header, Line, filled, text_of
from data.reading.framing_white import Changed, cleaned, whole
from data.reading.reading import SHOWN, Frame, Grid, Repair, Unreadable, Wishes

TOLD = 50  # rows named in a flag
PAGE = re.compile(r"page \d{1,5}(?: ?(?:/|sur|de) ?\d{1,5})?", re.IGNORECASE)
MOST_BLANKS = 200  # blank lines below which a second table is looked for
LONGER = 3  # times longer than a table above it, a table is the one that was meant
LONG_ROWS = 2_000  # lines too long that are looked at one by one
NO_TABLE = "Ce fichier ne contient aucun tableau : toutes ses cellules sont vides."


@dataclass
class _Work:
    """A sheet under way. `rows`: for each line of `cells`, its place in the grid."""

    grid: Grid
    wishes: Wishes
    cells: pa.Table
    rows: np.ndarray
    repairs: list[Repair] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    told: list[tuple[str, list[int]]] = field(default_factory=list)  # flag, places in the grid

    def lines(self, start: int, stop: int) -> list[list[str | None]]:
        """Some lines as Python lists."""
        part = self.cells.slice(max(0, start), max(0, stop - max(0, start)))
        return [list(line.values()) for line in part.to_pylist()]

    def drop(self, places: Sequence[int], kind: str, flag: str | None = None) -> None:
        """Leave lines out, unless that is refused: listed as one repair."""
        if not len(places) or self.wishes.refuses(kind):
            return
        texts = [text_of(self.lines(place, place + 1)[0], self.grid.delimiter) for place in
                 list(places)[:SHOWN]]  # fmt: skip
        if any(texts):
            shown = tuple((None, text, None) for text in texts)
            self.repairs.append(Repair(kind, None, len(places), (), texts[0], None, shown))
        if flag is not None:
            self.flags.append(flag)
        self.leave(places)

    def leave(self, places: Sequence[int]) -> None:
        """Leave lines out."""
        keep = np.ones(len(self.rows), bool)
        keep[np.asarray(places, dtype=np.int64)] = False
        self.cells = _kept(self.cells, keep)
        self.rows = self.rows[keep]


def framed(grid: Grid, wishes: Wishes) -> Frame:
    """The lines of data of a grid and the names of their columns; refused: nothing in it."""
    if not grid.cells.num_columns or (not grid.cells.num_rows and grid.header is None):
        raise Unreadable(NO_TABLE)
    likely = _likely_names(grid) if wishes.refused else []
    cells, changes = cleaned(grid.cells, wishes, likely)
    work = _Work(grid, wishes, cells, np.arange(cells.num_rows))
    if grid.header is not None:
        return _frame(work, tuple(grid.header), None, changes)
    return _of_lines(work, changes)


def _likely_names(grid: Grid) -> list[str | None]:
    """The names by which a person may refuse a repair, before anything is repaired."""
    if grid.header is not None:
        return list(grid.header)
    head = [list(line.values()) for line in grid.cells.slice(0, HEAD).to_pylist()]
    return list(framing_header.found(_stripped(head)).names)


def _stripped(lines: Sequence[Line]) -> list[list[str | None]]:
    return [[(cell or "").strip() or None for cell in line] for line in lines]


def _of_lines(work: _Work, changes: list[Changed]) -> Frame:
    """A sheet whose header must be found."""
    _padding(work)
    head = _stripped(work.lines(0, HEAD))
    if not any(map(filled, head)) and not _anything(work.cells):
        raise Unreadable(NO_TABLE)
    header = _header(work, head)
    names = list(header.names) + [""] * (work.cells.num_columns - len(header.names))
    _tail(work, header, names)
    above = _above(work, header, head)
    if header.joined:
        joined = head[header.first : (header.last or 0) + 1]
        before = " / ".join(text_of(line, work.grid.delimiter) for line in joined)
        after = text_of(names, work.grid.delimiter)
        work.repairs.append(Repair("header_joined", None, 1, (), before, after))
    _drop_above(work, header, above)
    if header.last is None:
        work.flags.append("no_header")
    else:
        _doubled(work, names)
    _second_table(work, names)
    _blank(work)
    if header.last is not None:
        _repeated(work, [head[place] for place in range(header.first, header.last + 1)], names)
    names = _long_rows(work, names)
    _short_rows(work, len(names))
    _totals(work)
    _sections(work, names)
    _filled_down(work, names)
    _unnamed(work, names, header)
    row = None if header.last is None else _line_number(work.grid, header.last)
    return _frame(work, tuple(names), row, changes)


def _header(work: _Work, head: Sequence[Line]) -> Header:
    """The header; of two tables, the first one's, unless the other is much longer."""
    join = not work.wishes.refuses("header_joined")
    units = not work.wishes.refuses("units_dropped")
    header = framing_header.found(head, join, units)
    first = framing_second.above(head, header.first)
    if first is None:
        return header
    if len(work.rows) - header.data < LONGER * len(first):
        return framing_header.found(head[: first.stop], join, units)
    work.flags.append(f"second_table:{_line_number(work.grid, first.start)}")
    return header


def _padding(work: _Work) -> None:
    """Empty lines at the end, as many as a workbook pretends to hold, hide no note from us."""
    rows = work.cells.num_rows
    if not rows or any(column[rows - 1].is_valid for column in work.cells.columns):
        return
    stop = 0
    for column in work.cells.columns:
        valid = np.flatnonzero(pc.is_valid(column).to_numpy())
        stop = max(stop, int(valid[-1]) + 1 if len(valid) else 0)
    if stop and not work.wishes.refuses("blank_row_dropped"):
        work.cells, work.rows = work.cells.slice(0, stop), work.rows[:stop]


def _anything(cells: pa.Table) -> bool:
    return any(column.null_count < len(column) for column in cells.columns)


def _line_number(grid: Grid, place: int) -> int:
    """The line of the file, 1-based, of a line of the grid."""
    return grid.lines[place] if place < len(grid.lines) else place + 1


def _tail(work: _Work, header: Header, names: Sequence[str]) -> None:
    """Sources and notes below the table."""
    start = header.data
    stop = work.cells.num_rows
    lines = _stripped(work.lines(max(start, stop - framing_tail.TAIL), stop))
    width = sum(1 for name in names if name) or len(framing_header.used(lines))
    count = framing_tail.notes(lines, width)
    if count and _is_table(work, lines[-count:], start, names):
        return
    if count:
        texts = any(map(filled, lines[-count:]))
        places = [place for place in range(stop - count, stop) if filled(lines[place - stop])]
        if texts:
            work.drop(places, "note_dropped", "footnotes_dropped")


def _is_table(work: _Work, tail: Sequence[Line], start: int, names: Sequence[str]) -> bool:
    """Whether what looks like notes is a small table below the first one."""
    first = _stripped(work.lines(start, start + HEAD))
    full = next((place for place, line in enumerate(tail) if filled(line)), 0)
    found = framing_second.start(tail[full:], first[: max(1, len(first) - len(tail))], names)
    return found is not None


def _above(work: _Work, header: Header, head: Sequence[Line]) -> list[int]:
    """Lines of titles above the header, those that hold something."""
    return [place for place in range(header.first) if filled(head[place])]


def _drop_above(work: _Work, header: Header, above: list[int]) -> None:
    """Titles, header and units out of the data; refused titles stay as lines of data."""
    lines = [] if header.last is None else list(range(header.first, header.last + 1))
    if header.units is not None:
        text = text_of(work.lines(header.units, header.units + 1)[0], work.grid.delimiter)
        work.repairs.append(Repair("units_dropped", None, 1, (), text, None, ((None, text, None),)))
        work.flags.append("units_row")
        lines.append(header.units)
    grid_lines = set(lines)
    work_lines = [place for place in range(len(work.rows)) if place in grid_lines] if lines else []
    titles = list(above)
    # the last lines first: places above do not move
    work.leave(work_lines)
    work.drop(titles, "title_dropped")


def _doubled(work: _Work, names: Sequence[str]) -> None:
    """The names said again right below, otherwise: those of a database, or a description."""
    lines = _stripped(work.lines(0, HEAD))
    if lines and framing_header.doubled(lines[0], lines[1:], names):
        work.drop([0], "repeated_header_dropped", "repeated_header_dropped")


def _sections(work: _Work, names: Sequence[str]) -> None:
    """Lines that only name the group of those below: their name goes on each, they go out."""
    places = framing_fill.sections(work.cells)
    if places is not None:
        texts = work.cells.column(0).take(pa.array(places)).to_pylist()
        pages = [at for at, text in zip(places, texts, strict=True) if PAGE.fullmatch(text)]
        if pages:
            work.drop(pages, "note_dropped", "footnotes_dropped")
            places = framing_fill.sections(work.cells)
    if places is None:
        return
    name = names[0] or "colonne_1"
    certain = framing_fill.are_groups(work.cells, places)
    refused = work.wishes.refuses("filled_down", name) or work.wishes.refuses("group_row_dropped")
    if not certain or refused:
        work.told.append(("group_row_suspected", work.rows[places].tolist()))
        return
    _fill(work, 0, name)
    work.drop(places.tolist(), "group_row_dropped", "filled_down")


def _unnamed(work: _Work, names: Sequence[str], header: Header) -> None:
    """Values on the right of the last name: a name is missing, or the lines are cut wrongly."""
    named = max((place + 1 for place, name in enumerate(names) if name), default=0)
    beyond = [
        f"colonne_{place + 1}"
        for place in range(named, work.cells.num_columns)
        if work.cells.column(place).null_count < len(work.cells)
    ]
    told = any(kind == "row_too_long" for kind, _ in work.told)
    if beyond and header.last is not None and not told:
        work.flags.append(f"unnamed_column:{','.join(beyond[:TOLD])}")


def _second_table(work: _Work, names: Sequence[str]) -> None:
    """A table of other columns below the first one, after a blank line: left out, and told."""
    blanks = _blanks(work)
    if len(blanks) > MOST_BLANKS or work.wishes.refuses("second_table_dropped"):
        return
    first = _stripped(work.lines(0, min(HEAD, int(blanks[0])))) if len(blanks) else []
    for place in (int(blank) + 1 for blank in blanks if blank):
        found = framing_second.start(_stripped(work.lines(place, place + HEAD)), first, names)
        if found is None:
            continue
        line = _line_number(work.grid, int(work.rows[place + found[0]]))
        if found[1]:
            left = np.setdiff1d(np.arange(place, len(work.rows)), blanks).tolist()
            work.drop(left, "second_table_dropped", f"second_table:{line}")
        else:
            work.flags.append(f"second_table_suspected:{line}")
        return


def _blanks(work: _Work) -> np.ndarray:
    """Places of the lines where every cell is empty."""
    mask = None
    for column in work.cells.columns:
        empty = pc.is_null(column)
        mask = empty if mask is None else pc.and_(mask, empty)
        if not pc.any(mask).as_py():
            break
    return np.flatnonzero(mask.to_numpy()) if mask is not None else np.zeros(0, np.int64)


def _blank(work: _Work) -> None:
    """Lines where every cell is empty."""
    places = _blanks(work)
    if not len(places):
        return
    shown: tuple[tuple[int | None, str, str | None], ...] = ()
    if not work.wishes.refuses("blank_row_dropped"):
        inner = int((places < len(work.rows) - len(places)).sum())
        if inner:
            work.repairs.append(Repair("blank_row_dropped", None, len(places), examples=shown))
        work.leave(places.tolist())


def _repeated(work: _Work, lines: Sequence[Line], names: Sequence[str]) -> None:
    """Lines of data that are the header again."""
    places: set[int] = set()
    for line in [*lines, list(names)]:
        mask = None
        full = [place for place in filled(line) if place < work.cells.num_columns]
        if len(full) < min(2, sum(1 for name in names if name)):
            continue
        for place in full:
            lower = pc.utf8_lower(work.cells.column(place))
            same = pc.fill_null(pc.equal(lower, (line[place] or "").lower()), False)
            mask = same if mask is None else pc.and_(mask, same)
            if not pc.any(mask).as_py():
                break
        else:
            places.update(pc.indices_nonzero(mask).to_pylist())
    work.drop(sorted(places), "repeated_header_dropped", "repeated_header_dropped")


def _long_rows(work: _Work, names: list[str]) -> list[str]:
    """Lines with more cells than columns: joined again, or kept with their cells in excess."""
    named = max((place + 1 for place, name in enumerate(names) if name), default=0)
    _decimals(work, named)
    width = _table_width(work, names)
    extra = [column for column in work.cells.columns[width:] if column.null_count < len(column)]
    if not extra:
        work.cells = work.cells.select(range(width))
        return names[:width]
    mask = pc.is_valid(extra[0])
    for column in extra[1:]:
        mask = pc.or_(mask, pc.is_valid(column))
    places = pc.indices_nonzero(mask).to_pylist()
    if work.grid.delimiter is None:
        return names
    if len(places) > LONG_ROWS:
        work.told.append(("row_too_long", work.rows[places[: TOLD * 2]].tolist()))
        return names
    if not work.wishes.refuses("row_repaired"):
        places = _join_long(work, places, width)
    if places:
        work.told.append(("row_too_long", work.rows[places].tolist()))
    if _anything(work.cells.select(range(width, work.cells.num_columns))):
        return names
    work.cells = work.cells.select(range(width))
    return names[:width]


def _decimals(work: _Work, named: int) -> None:
    """Numbers cut by their own decimal comma, in every line of a file cut by commas."""
    cells = work.cells
    if work.grid.delimiter != "," or not named or work.wishes.refuses("row_repaired"):
        return
    if len(work.rows) > LONG_ROWS or any(column.null_count for column in cells.columns[:named]):
        return
    body = work.lines(0, LONG_ROWS)
    way = framing_rows.decimals(body, named)
    if way is not None:
        empty: list[str | None] = [None] * (cells.num_columns - named)
        made = [framing_rows.at(row, way, ",")[:named] + empty for row in body]
        _replace(work, dict(enumerate(made)))


def _table_width(work: _Work, names: Sequence[str]) -> int:
    """Columns up to the last one that has a name, or that half the lines fill."""
    rows = work.cells.num_rows
    last = max((place for place, name in enumerate(names) if name), default=-1)
    for place, column in enumerate(work.cells.columns):
        if place > last and rows and rows - column.null_count > rows / 2:
            last = place
    return max(last + 1, 1)


def _join_long(work: _Work, places: list[int], width: int) -> list[int]:
    """Put together the lines that have one certain reading; the places of the others."""
    asked = framing_rows.tests(_whole_lines(work, set(places), width), width)
    tried = min(framing_rows.READINGS, framing_rows.ALL_READINGS // len(places))
    left, changed = [], {}
    for place in places:
        raw = work.grid.cells.slice(int(work.rows[place]), 1).to_pylist()[0]
        made = framing_rows.joined(
            list(raw.values()), width, work.grid.delimiter or ",", asked, tried
        )
        if made is None:
            left.append(place)
        else:
            changed[place] = _stripped([made])[0] + [None] * (work.cells.num_columns - width)
    _replace(work, changed)
    return left


def _whole_lines(work: _Work, odd: set[int], width: int) -> list[list[str | None]]:
    """Regular lines that tell what each column holds."""
    lines = _stripped(work.lines(0, 400))
    return [line[:width] for place, line in enumerate(lines) if place not in odd]


def _replace(work: _Work, changed: dict[int, list[str | None]], gone: Sequence[int] = ()) -> None:
    """Lines put together again: listed, told, put in the table (`gone`: joined to those before)."""
    if not changed:
        return
    examples = []
    for place, made in list(changed.items())[:SHOWN]:
        before = text_of(work.lines(place, place + 1)[0], work.grid.delimiter)
        examples.append((int(work.rows[place]), before, text_of(made, " |")))
    work.told.append(("row_repaired", work.rows[list(changed)].tolist()))
    work.repairs.append(
        Repair(
            "row_repaired",
            None,
            len(changed),
            tuple(work.rows[list(changed)[:SHOWN]].tolist()),
            examples[0][1],
            examples[0][2],
            tuple(examples),
        )
    )
    work.cells = _with_lines(work.cells, changed)
    if gone:
        work.leave(gone)


def _with_lines(cells: pa.Table, changed: dict[int, list[str | None]]) -> pa.Table:
    """A table with some lines replaced, the others not copied."""
    pieces, done = [], 0
    for place in sorted(changed):
        pieces.append(cells.slice(done, place - done))
        columns = [[cell] for cell in changed[place]]
        pieces.append(pa.table(columns, schema=cells.schema))
        done = place + 1
    pieces.append(cells.slice(done))
    return whole(pa.concat_tables(pieces))


def _short_rows(work: _Work, width: int) -> None:
    """Lines with too few cells: two that a line break parted are joined, the others are told."""
    short = {place for place, kind in work.grid.odd_rows if kind == "short"}
    if any(flag.startswith("second_table:") for flag in work.flags):
        short = set()  # told by the width of the other table
    quotes = [place for place, kind in work.grid.odd_rows if kind == "quotes"]
    places = np.flatnonzero(np.isin(work.rows, list(short))).tolist() if short else []
    if not work.wishes.refuses("row_repaired") and len(places) <= LONG_ROWS:
        places = _join_short(work, places, width)
    if places:
        work.told.append(("row_too_short", work.rows[places].tolist()))
    if quotes:
        work.told.append(("stray_quotes", quotes))


def _join_short(work: _Work, places: list[int], width: int) -> list[int]:
    """Join pairs of short lines; the lines that stay short."""
    changed: dict[int, list[str | None]] = {}
    gone: set[int] = set()
    short = set(places)
    asked = None
    for place in places:
        if place + 1 not in short or place in gone:
            continue
        asked = asked or framing_rows.tests(_whole_lines(work, set(places), width), width)
        first, second = work.lines(place, place + 2)
        made = framing_rows.together(first[:width], second[:width], width, asked)
        if made is not None:
            changed[place] = made + [None] * (work.cells.num_columns - width)
            gone.add(place + 1)
    kept = work.rows[[place for place in places if place not in changed and place not in gone]]
    _replace(work, changed, sorted(gone))
    return np.flatnonzero(np.isin(work.rows, kept)).tolist() if len(kept) else []


def _totals(work: _Work) -> None:
    """Totals and sub-totals: dropped when sure, told when doubtful."""
    found = framing_totals.totals(work.cells)
    if found.doubtful:
        work.told.append(("total_row_suspected", work.rows[list(found.doubtful)].tolist()))
    if found.sure:
        work.drop(found.sure, "total_dropped", "total_row_dropped")


def _filled_down(work: _Work, names: Sequence[str]) -> None:
    """Groups that merged cells wrote once."""
    for place in framing_fill.groups(work.cells):
        name = names[place] or f"colonne_{place + 1}"
        if work.wishes.refuses("filled_down", name):
            break
        _fill(work, place, name)
        work.flags.append("filled_down")


def _fill(work: _Work, place: int, name: str) -> None:
    """Each empty cell of a column holds the value above it."""
    column = work.cells.column(place)
    made = framing_fill.down(column)
    holes = pc.indices_nonzero(pc.is_null(column))
    rows = holes[:SHOWN].to_pylist()
    shown = tuple((int(work.rows[row]), "", made[row].as_py()) for row in rows)
    after = shown[0][2] if shown else None
    work.repairs.append(
        Repair("filled_down", name, len(holes), tuple(r for r, _, _ in shown), "", after, shown)
    )
    work.cells = work.cells.set_column(place, work.cells.column_names[place], made)


def _frame(
    work: _Work, names: tuple[str, ...], header_row: int | None, changes: list[Changed]
) -> Frame:
    """The frame, without empty columns at its sides, rows told as rows of data."""
    cells, kept = _without_sides(work.cells, names)
    names = tuple(names[place] for place in kept)
    repairs = [_numbered(work, made) for made in work.repairs]
    repairs += [made for change in changes if (made := _change(work, change, kept, names))]
    flags = list(work.flags)
    if any(made.kind == "mojibake" for made in changes):
        flags.append("mojibake_repaired")
    flags += _hidden(work, kept, names)
    flags += [_flag(work, kind, places) for kind, places in work.told]
    if not cells.num_rows:
        flags.append("empty")
    cells = cells.rename_columns([str(place) for place in range(cells.num_columns)])
    return Frame(
        cells, names, header_row, tuple(dict.fromkeys(filter(None, flags))), tuple(repairs)
    )


def _hidden(work: _Work, kept: Sequence[int], names: Sequence[str]) -> list[str]:
    """What the workbook does not show and is read all the same: its columns, then its rows."""
    columns = [
        names[kept.index(place)] or f"colonne_{kept.index(place) + 1}"
        for place in work.grid.hidden_columns
        if place in kept
    ]
    if work.grid.hidden_rows:
        work.told.append(("hidden_row", list(work.grid.hidden_rows)))
    return [f"hidden_column:{','.join(columns)}"] if columns else []


def _without_sides(cells: pa.Table, names: Sequence[str]) -> tuple[pa.Table, list[int]]:
    """Columns without a name nor a value are left out at the left and at the right."""
    full = [
        place
        for place, column in enumerate(cells.columns)
        if (place < len(names) and names[place]) or column.null_count < len(column)
    ]
    kept = list(range(full[0], full[-1] + 1)) if full else [0]
    return cells.select(kept), kept


def _row(work: _Work, place: int | None) -> int | None:
    """The 1-based row of data of a line of the grid, None when it is no data."""
    if place is None:
        return None
    at = int(np.searchsorted(work.rows, place))
    return at + 1 if at < len(work.rows) and work.rows[at] == place else None


def _flag(work: _Work, kind: str, places: Sequence[int]) -> str:
    rows = [row for place in places if (row := _row(work, place)) is not None]
    return f"{kind}:{','.join(map(str, rows[:TOLD]))}" if rows else ""


def _numbered(work: _Work, made: Repair) -> Repair:
    """A repair with rows of data instead of places in the grid."""
    rows = tuple(row for place in made.rows if (row := _row(work, place)) is not None)
    shown = tuple((_row(work, place), before, after) for place, before, after in made.examples)
    return Repair(made.kind, made.column, made.count, rows, made.before, made.after, shown)


def _change(
    work: _Work, change: Changed, kept: Sequence[int], names: Sequence[str]
) -> Repair | None:
    """A repair of the cells of one column."""
    if change.column not in kept:
        return None
    count, examples = change.among(work.rows)
    if not count:
        return None
    place = kept.index(change.column)
    name = names[place] or f"colonne_{place + 1}"
    shown = tuple((row + 1, before, after) for row, before, after in examples)
    rows = tuple(row for row, _, _ in shown)
    return Repair(change.kind, name, count, rows, shown[0][1], shown[0][2], shown)


def _kept(cells: pa.Table, keep: np.ndarray) -> pa.Table:
    """Lines kept; few gaps leave slices, which copy nothing."""
    gaps = np.flatnonzero(~keep)
    if not len(gaps):
        return cells
    if len(gaps) > 1_000:
        return cells.filter(pa.array(keep))
    edges = [-1, *gaps.tolist(), len(keep)]
    pieces = [
        cells.slice(left + 1, right - left - 1)
        for left, right in zip(edges, edges[1:], strict=False)
        if right - left > 1
    ]
    return whole(pa.concat_tables(pieces)) if pieces else cells.slice(0, 0)
