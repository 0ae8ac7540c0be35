"""Tables as spreadsheets: real numbers and dates, texts that nothing runs, ready to print.

Every text passes through `data.cells.neutral`, wherever it comes from; no cell holds a formula.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter

from data.cells import neutral
from restitution.document import NOTICE

Cell = str | float | date | None
LONGEST = 32_767  # characters of a cell: beyond, the writer would leave it empty
LONGEST_NAME = 31  # characters of the name of a sheet
_MARGIN = 255  # characters of a header or a footer on paper
_MORE = " […]"
_LINE = 14.0  # points: height of a line of text
_TALLEST = 400.0  # points: a spreadsheet draws no taller row
_ACROSS = 190  # characters that a landscape A4 page holds across and that one can still read
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """One table under its title: the columns are (header, width in characters)."""

    name: str
    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = ()  # lines under the title, the first one strong
    empty: str = ""  # said in place of rows, when there are none
    frozen: int = 2  # columns that stay in sight
    top: str = ""  # on top of every printed page
    foot: str = NOTICE  # under the table and under every printed page

    @property
    def header(self) -> int:
        """The row of the header, counted from 0."""
        return len(self.notes) + 2


@dataclass(frozen=True)
class _Styles:
    title: Any
    note: Any
    plain: Any
    header: Any
    text: Any
    whole: Any
    number: Any
    day: Any
    moment: Any


def workbook(sheets: Iterable[Sheet], title: str, day: date) -> bytes:
    """The sheets as XLSX; the same bytes for the same sheets, title and day."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, _OPTIONS)
    made_on = datetime.combine(day, time())
    book.set_properties({"title": title, "author": "Cœur de Données", "created": made_on})
    styles = _styles(book)
    for sheet in sheets:
        _draw(book.add_worksheet(sheet.name[:LONGEST_NAME]), sheet, styles)
    book.close()
    return held.getvalue()


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark and semicolons: what a French spreadsheet opens as it is."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([[_written(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutral(cell)
    return "" if cell is None else str(cell).replace(".", ",") if _is_number(cell) else str(cell)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    top = {"valign": "top"}
    dated, counted = {**top, "align": "left"}, {**top, "align": "right", "indent": 1}
    return _Styles(
        title=book.add_format({"bold": True, "font_size": 14}),
        note=book.add_format({"bold": True, "font_color": "#B84A00"}),
        plain=book.add_format(),
        header=book.add_format(
            {**top, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#F7F5F0"}
        ),
        text=book.add_format({**top, "text_wrap": True}),
        whole=book.add_format({**counted, "num_format": "#,##0"}),
        number=book.add_format({**counted, "num_format": "#,##0.0##"}),
        day=book.add_format({**dated, "num_format": "dd/mm/yyyy"}),
        moment=book.add_format({**dated, "num_format": "dd/mm/yyyy hh:mm"}),
    )


def _draw(drawn: Any, sheet: Sheet, styles: _Styles) -> None:
    drawn.write_string(0, 0, neutral(sheet.title), styles.title)
    for row, note in enumerate(sheet.notes, start=1):
        drawn.write_string(row, 0, neutral(note), styles.note if row == 1 else styles.plain)
    for column, (header, width) in enumerate(sheet.columns):
        drawn.set_column(column, column, width, styles.text)
        drawn.write_string(sheet.header, column, header, styles.header)
    drawn.set_row(sheet.header, _height(sheet, [header for header, _ in sheet.columns]))
    for row, cells in enumerate(sheet.rows, start=sheet.header + 1):
        drawn.set_row(row, _height(sheet, cells))
        for column, cell in enumerate(cells):
            _write(drawn, row, column, cell, styles)
    _finish(drawn, sheet, styles)


def _height(sheet: Sheet, cells: Sequence[Cell]) -> float:
    """Points that the longest text of a row needs: some programs do not work it out."""
    pairs = zip(cells, sheet.columns, strict=False)
    lines = [_lines(cell, width) for cell, (_, width) in pairs if isinstance(cell, str)]
    return min(_TALLEST, _LINE * max(lines, default=1) + 1)


def _lines(text: str, width: float) -> int:
    """A word is not cut: a line holds a little less than its column could."""
    room = max(1, int(width))
    return sum(1 + len(part) // room for part in text.split("\n"))


def _write(drawn: Any, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    if isinstance(cell, datetime):
        moment = cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
        drawn.write_datetime(row, column, moment, styles.moment)
    elif isinstance(cell, date):
        drawn.write_datetime(row, column, datetime.combine(cell, time()), styles.day)
    elif isinstance(cell, int | float):
        whole = float(cell).is_integer()
        drawn.write_number(row, column, cell, styles.whole if whole else styles.number)
    elif cell:
        drawn.write_string(row, column, _bounded(neutral(cell)), styles.text)


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_MORE)] + _MORE


def _finish(drawn: Any, sheet: Sheet, styles: _Styles) -> None:
    """Filters, frozen header, what is said under the table."""
    last = sheet.header + len(sheet.rows)
    if not sheet.rows and sheet.empty:
        drawn.write_string(sheet.header + 1, 0, sheet.empty, styles.plain)
        last += 1
    drawn.freeze_panes(sheet.header + 1, min(sheet.frozen, len(sheet.columns) - 1))
    drawn.autofilter(sheet.header, 0, max(sheet.header + 1, last), len(sheet.columns) - 1)
    drawn.write_string(last + 2, 0, sheet.foot, styles.plain)
    _print_setup(drawn, sheet)


def _print_setup(drawn: Any, sheet: Sheet) -> None:
    """Landscape A4, header rows repeated; a wide table takes pages side by side, named again."""
    drawn.set_landscape()
    drawn.set_paper(9)  # A4
    drawn.fit_to_pages(_pages_across(sheet), 0)
    drawn.repeat_rows(sheet.header)
    if sheet.frozen:
        drawn.repeat_columns(0, sheet.frozen - 1)
    drawn.set_margins(top=0.9)
    drawn.set_header(_margin(f"&L{_plain(sheet.name)}", f"&R{_plain(sheet.top)}"))
    drawn.set_footer(_margin(f"&L{_plain(sheet.foot)}", "&RPage &P sur &N"))


def _pages_across(sheet: Sheet) -> int:
    widths = [width for _, width in sheet.columns]
    repeated = sum(widths[: sheet.frozen])
    return max(1, math.ceil((sum(widths) - repeated) / (_ACROSS - repeated)))


def _plain(text: str) -> str:
    """A text that a printed margin does not read as an order."""
    return text.replace("&", "&&")


def _margin(left: str, right: str) -> str:
    """Both ends of a printed margin, cut where the format would refuse the whole."""
    ended = _cut(right, _MARGIN // 2)
    return _cut(left, _MARGIN - len(ended)) + ended


def _cut(text: str, room: int) -> str:
    """At most `room` characters; the two signs that stand for one « & » stay together."""
    if len(text) <= room:
        return text
    kept = text[:room]
    ampersands = len(kept) - len(kept.rstrip("&"))
    return kept[:-1] if ampersands % 2 else kept
