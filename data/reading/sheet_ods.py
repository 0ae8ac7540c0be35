"""The content of an ODS gone through by events: extent of each sheet, hidden lines, merges.

An ODS repeats lines and cells by a number: a million empty ones cost nothing, a million full ones
would be allocated by the reading library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from data import strict_xml
from data.reading.bounds import ELEMENTS, SHEETS, TEXTS
from data.reading.sheet_marks import KEPT, Marks
from data.strict_xml import Malformed, TooBig

_HIDDEN = ("collapse", "filter")
_ERROR = "error"
_Attributes = dict[str, str]


def marks(pieces: Iterable[bytes]) -> dict[str, Marks]:
    """What each sheet says, by name, in order. Raises Malformed or TooBig."""
    found = _Content()
    parser = strict_xml.parser()
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    strict_xml.feed(parser, pieces)
    return found.sheets


def _plain(attributes: _Attributes) -> _Attributes:
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


@dataclass
class _Content:
    sheets: dict[str, Marks] = field(default_factory=dict)
    elements: int = 0
    characters: int = 0
    sheet: Marks | None = None
    row: int = 0  # 0-based, of the current line
    rows: int = 1  # times it is repeated
    column: int = 0
    times: int = 1  # times the current cell is repeated
    columns: int = 0  # columns declared so far
    filled: int = 0  # cells with a value in the current line
    last: int = -1  # the last of them
    cell: _Attributes | None = None
    value: bool = False
    length: int = 0  # characters of the current cell
    notes: int = 0  # depth inside a comment

    def start(self, name: str, attributes: _Attributes) -> None:
        self.elements += 1
        if self.elements > ELEMENTS:
            raise TooBig
        opened = _OPENED.get(name.rpartition(":")[2])
        if opened is not None:
            opened(self, _plain(attributes))

    def end(self, name: str) -> None:
        closed = _CLOSED.get(name.rpartition(":")[2])
        if closed is not None:
            closed(self)

    def text(self, data: str) -> None:
        if self.cell is not None and not self.notes and data.strip():
            self.length += len(data)
            self.value = True

    def on_table(self, attributes: _Attributes) -> None:
        if len(self.sheets) >= SHEETS:
            raise TooBig
        self.sheet = self.sheets.setdefault(attributes.get("name", ""), Marks())
        self.row = self.columns = 0

    def on_column(self, attributes: _Attributes) -> None:
        count = _times(attributes, "number-columns-repeated")
        if self.sheet is not None and attributes.get("visibility") in _HIDDEN:
            self.sheet.hide_columns(self.columns, self.columns + count - 1)
        self.columns += count

    def on_row(self, attributes: _Attributes) -> None:
        self.rows = _times(attributes, "number-rows-repeated")
        self.column, self.filled, self.last = 0, 0, -1
        if self.sheet is not None and attributes.get("visibility") in _HIDDEN:
            self.sheet.hide_rows(self.row, self.rows)

    def on_cell(self, attributes: _Attributes) -> None:
        self.cell = attributes
        self.times = _times(attributes, "number-columns-repeated")
        self.length = len(attributes.get("string-value", ""))
        self.value = bool(attributes.get("value-type")) and (
            attributes.get("value-type") != "string" or self.length > 0
        )

    def on_note(self, _: _Attributes) -> None:
        self.notes += 1

    def off_note(self) -> None:
        self.notes -= 1

    def off_cell(self) -> None:
        if self.cell is None or self.sheet is None:
            return
        if self.value:
            self.filled += self.times
            self.last = self.column + self.times - 1
            self.characters += self.length * self.times * self.rows
            if self.characters > TEXTS:
                raise TooBig
        self._marks(self.sheet, self.cell)
        self.column += self.times
        self.cell = None

    def _marks(self, sheet: Marks, cell: _Attributes) -> None:
        at = (self.row, self.column)
        if "formula" in cell and not self.value and len(sheet.unvalued) < KEPT:
            sheet.unvalued.append(at)
        if cell.get("value-type") and self.calc_error(cell) and len(sheet.errors) < KEPT:
            sheet.errors.append(at)
        tall = _times(cell, "number-rows-spanned")
        wide = _times(cell, "number-columns-spanned")
        if tall * wide > 1 and len(sheet.merged) < KEPT:
            sheet.merged.append((*at, at[0] + tall - 1, at[1] + wide - 1))

    @staticmethod
    def calc_error(cell: _Attributes) -> bool:
        """LibreOffice says the error in an attribute of its own, `calcext:value-type`."""
        return cell.get("value-type") == _ERROR

    def off_row(self) -> None:
        if self.sheet is not None and self.filled:
            self.sheet.written(self.row + self.rows - 1, self.last, self.filled * self.rows)
        self.row += self.rows


_OPENED: dict[str, Callable[[_Content, _Attributes], None]] = {
    "table": _Content.on_table,
    "table-column": _Content.on_column,
    "table-row": _Content.on_row,
    "table-cell": _Content.on_cell,
    "covered-table-cell": _Content.on_cell,
    "annotation": _Content.on_note,
}
_CLOSED: dict[str, Callable[[_Content], None]] = {
    "table-cell": _Content.off_cell,
    "covered-table-cell": _Content.off_cell,
    "table-row": _Content.off_row,
    "annotation": _Content.off_note,
}


def _times(attributes: _Attributes, name: str) -> int:
    text = attributes.get(name) or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Malformed
    return max(int(text), 1)
