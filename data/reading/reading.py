"""What reading a messy file gives: a table in normal form, with every repair and every doubt.

A sheet goes through three forms: `Grid` (cells as texts, nothing understood), `Frame` (the header
and the lines of data are known), `Reading` (values in normal form, typed). Columns of a Grid and a
Frame are Arrow strings named by position, « 0 », « 1 »...; an empty cell is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.scratch import write_csv

LARGEST = 512_000_000  # bytes of a text file
LARGEST_BOOK = 200_000_000  # bytes of a workbook or of an archive
UNPACKED = 2_000_000_000  # bytes of an archive once unpacked
ROWS = 1_048_576  # lines of data: as many as a sheet of a spreadsheet holds
COLUMNS = 1_000
CELLS = 60_000_000  # cells of one sheet, empty ones too
SHOWN = 20  # rows and examples kept of a repair


class Unreadable(Exception):
    """A file that cannot be read: one French sentence, what is wrong and what to do."""


@dataclass(frozen=True)
class Repair:
    """One kind of change in one column, or in the whole file (`column` None)."""

    kind: str  # snake_case, English: decimal_comma, date, leading_zero, title_dropped...
    column: str | None  # name in normal form
    count: int  # cells or lines changed
    rows: tuple[int, ...] = ()  # first 20 data rows, 1-based
    before: str = ""  # first example
    after: str | None = None
    examples: tuple[
        tuple[int | None, str, str | None], ...
    ] = ()  # (row, before, after), 20 at most

    def document(self) -> dict[str, Any]:
        """As the interface gives it."""
        return {
            "kind": self.kind,
            "rows": list(self.rows[:SHOWN]),
            "column": self.column,
            "count": self.count,
            "before": self.before,
            "after": self.after,
            "examples": [list(made) for made in self.examples[:SHOWN]],
        }


@dataclass(frozen=True)
class Wishes:
    """What the person asked: the sheet to read, the repairs they refuse, by (kind, column)."""

    sheet: str | None = None
    refused: frozenset[tuple[str, str | None]] = frozenset()

    def refuses(self, kind: str, column: str | None = None) -> bool:
        """Whether this repair must not be made, in this column or anywhere."""
        return (kind, column) in self.refused or (kind, None) in self.refused


@dataclass(frozen=True)
class Grid:
    """A sheet before anything is understood: every line of the file, as texts."""

    cells: pa.Table
    encoding: str | None = None  # Python's name, of a text file
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()  # every sheet one may ask for
    header: tuple[str, ...] | None = None  # names that the format itself gives (GeoJSON, GPKG)
    lines: tuple[int, ...] = ()  # line of the file of each of the first rows, 1-based
    odd_rows: tuple[tuple[int, str], ...] = ()  # (row from 0, "short"|"quotes") of a text
    # Of a workbook, as 0-based lines and columns of `cells`:
    merged: tuple[tuple[int, int, int, int], ...] = ()  # top, left, bottom, right, all included
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The lines of data and their header; names are those of the file, trimmed, not yet unique."""

    cells: pa.Table
    names: tuple[str, ...]
    header_row: int | None  # line of the file that names the columns, 1-based; None: no header
    flags: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class ReadColumn:
    """One column in normal form. `type` is Table Schema's."""

    name: str
    original: str
    type: str
    nulls: int

    def document(self) -> dict[str, Any]:
        """As the interface gives it."""
        return {
            "name": self.name,
            "original": self.original,
            "type": self.type,
            "nulls": self.nulls,
        }


@dataclass(frozen=True)
class Settled:
    """The values of a Frame in normal form: column names are the final ones."""

    table: pa.Table  # strings, null for an empty cell
    columns: tuple[ReadColumn, ...]
    flags: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file read, or refused with a reason."""

    file: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    table: pa.Table = field(default_factory=lambda: pa.table({}))
    columns: tuple[ReadColumn, ...] = ()
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()
    refused: str | None = None

    def document(self) -> dict[str, Any]:
        """The `read` document of the interface."""
        return {
            "file": self.file,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "sheets": list(self.sheets),
            "header_row": self.header_row,
            "rows": self.table.num_rows,
            "columns": [made.document() for made in self.columns],
            "repairs": [made.document() for made in self.repairs],
            "flags": list(self.flags),
            "refused": None if self.refused is None else {"reason": self.refused},
        }

    def write(self, path: Path) -> None:
        """The table in normal form: UTF-8, comma, LF, quotes where needed, null as nothing."""
        write_csv(self.table, path)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Flags in the order they were raised, each once."""
    return tuple(dict.fromkeys(values))


def dumped(reading: Reading) -> str:
    """The `read` document as JSON text."""
    return json.dumps(reading.document(), ensure_ascii=False, indent=1)
