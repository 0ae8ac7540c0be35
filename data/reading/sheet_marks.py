"""What a sheet says beside its values, and how far it goes: counted before a library opens it."""

from __future__ import annotations

from dataclasses import dataclass, field

from data.reading.bounds import check_grid, fits

KEPT = 20_000  # hidden lines, merges... listed of one sheet; beyond, only counted


@dataclass
class Marks:
    """Positions are 0-based (line, column) of the sheet, from A1."""

    rows: int = 0  # lines up to the last one with a value
    columns: int = 0
    cells: int = 0  # cells with a value
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unvalued: list[tuple[int, int]] = field(default_factory=list)  # formulas never computed
    errors: list[tuple[int, int]] = field(default_factory=list)  # #N/A, #DIV/0!...
    plain: bool = False  # gone through by patterns: it holds nothing but values
    padded: dict[int, dict[int, int]] = field(default_factory=dict)  # column -> line -> digits

    def written(self, row: int, column: int, times: int = 1) -> None:
        """A value stands here (0-based)."""
        self.cells += times
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1

    def hide_columns(self, first: int, last: int) -> None:
        """Columns first to last (0-based, included) are hidden, as far as a sheet may go."""
        if len(self.hidden_columns) < KEPT:
            self.hidden_columns += range(max(first, 0), min(last, 16_383) + 1)

    def hide_rows(self, first: int, count: int = 1) -> None:
        """`count` lines from `first` (0-based) are hidden."""
        room = KEPT - len(self.hidden_rows)
        self.hidden_rows += range(first, first + min(count, room))

    @property
    def fits(self) -> bool:
        """Whether its rectangle may be allocated."""
        return fits(self.rows, self.columns)

    def check(self, name: str) -> None:
        """Refuse a sheet that would not fit in memory. Raises Unreadable."""
        check_grid(self.rows, self.columns, name)
