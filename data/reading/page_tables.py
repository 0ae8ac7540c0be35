"""Tables of a page (HTML, XML Spreadsheet 2003): several are as many sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from data.reading import sheet_choice, sheet_repairs, sheet_stack, sheet_texts
from data.reading.bounds import too_big
from data.reading.reading import CELLS, COLUMNS, ROWS, Grid, Unreadable, Wishes
from data.reading.sheet_choice import Choice, Profile
from data.reading.workbooks import asked


@dataclass
class PageTable:
    """One table as it is being read: rows of texts, merges and hidden rows by position."""

    name: str
    rows: list[list[str | None]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden: bool = False
    covered: dict[int, int] = field(default_factory=dict)  # column -> lines still merged
    cells: int = 0
    open: bool = False  # inside a line

    def start_row(self, hidden: bool = False) -> None:
        """A new line begins."""
        self.end_row()
        if len(self.rows) > ROWS:
            raise too_big("un tableau de la page")
        self.open = True
        if hidden:
            self.hidden_rows.append(len(self.rows))
        self.rows.append([])
        self._cover()

    def add(self, text: str | None, wide: int = 1, tall: int = 1) -> None:
        """A cell, over `wide` columns and `tall` lines."""
        if not self.rows:
            self.start_row()
        row, line = self.rows[-1], len(self.rows) - 1
        wide, tall, column = min(max(wide, 1), COLUMNS), min(max(tall, 1), ROWS), len(row)
        row += [text or None, *[None] * (wide - 1)]
        if wide * tall > 1:
            self.merged.append((line, column, line + tall - 1, column + wide - 1))
        if tall > 1:
            self.covered.update(dict.fromkeys(range(column, column + wide), tall - 1))
        self._cover()
        self.cells += wide
        if len(row) > COLUMNS or self.cells > CELLS // 4:
            raise too_big("un tableau de la page")

    def _cover(self) -> None:
        """Leave empty what cells of the lines above cover, from here on."""
        row = self.rows[-1]
        while self.covered.get(len(row), 0) > 0:
            left = self.covered[len(row)] - 1
            self.covered[len(row)] = left
            row.append(None)

    def end_row(self) -> None:
        """The line is over: merges that it did not reach go on below all the same."""
        if self.open:
            self.open = False
            for column in [made for made in self.covered if made >= len(self.rows[-1])]:
                self.covered[column] = max(self.covered[column] - 1, 0)

    def profile(self) -> Profile:
        """What its first lines show."""
        return sheet_choice.profile(self.name, self.rows[: sheet_choice.SAMPLE], len(self.rows))


def grid(tables: Sequence[PageTable], wishes: Wishes, encoding: str | None = None) -> Grid:
    """The table that holds the most, or those of the same header. Raises Unreadable."""
    filled = [made for made in tables if any(cell for row in made.rows for cell in row)]
    if not filled:
        raise Unreadable("La page ne contient aucun tableau rempli.")
    shown = [made for made in filled if not made.hidden] or filled
    profiles = {made.name: made.profile() for made in filled}
    choice = _choice(shown, filled, profiles, wishes)
    by_name = {made.name: made for made in filled}
    grids = [_grid(by_name[name], profiles[name], wishes) for name in choice.sheets]
    made = grids[0] if len(grids) == 1 else sheet_stack.stacked(grids, profiles, wishes)
    flags = [f"hidden_sheet:{one.name}" for one in filled if one not in shown]
    flags += [f"other_sheet:{name}" for name in choice.left]
    several = len(filled) > 1
    return replace(
        made,
        encoding=encoding,
        sheet=made.sheet if several else None,
        sheets=tuple(one.name for one in shown) if several else (),
        flags=made.flags + tuple(flags),
    )


def _choice(
    shown: Sequence[PageTable],
    filled: Sequence[PageTable],
    profiles: dict[str, Profile],
    wishes: Wishes,
) -> Choice:
    names = [made.name for made in shown]
    if wishes.sheet is not None:
        return Choice((asked(wishes.sheet, names, [made.name for made in filled]),))
    stack = not wishes.refuses(sheet_stack.KIND, sheet_stack.COLUMN)
    return sheet_choice.choose([profiles[name] for name in names], stack)


def _grid(table: PageTable, profile: Profile, wishes: Wishes) -> Grid:
    cells = sheet_texts.table(table.rows)
    last_row, last_column = cells.num_rows - 1, cells.num_columns - 1
    merged = tuple(
        (top, left, min(bottom, last_row), min(right, last_column))
        for top, left, bottom, right in table.merged
        if left <= last_column
    )
    made = Grid(cells, sheet=table.name, merged=merged, hidden_rows=tuple(table.hidden_rows))
    return sheet_repairs.filled_down(made, profile.header_line, wishes)
