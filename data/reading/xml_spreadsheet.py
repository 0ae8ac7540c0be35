"""XML Spreadsheet 2003: a workbook in one XML file, often saved under the name « .xls »."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from data import strict_xml
from data.reading import page_tables, sheet_texts
from data.reading.bounds import MARKUP, SHEETS, check_size, guarded
from data.reading.page_tables import PageTable
from data.reading.reading import Grid, Wishes
from data.strict_xml import Malformed, TooBig

MARK = b"urn:schemas-microsoft-com:office:spreadsheet"
_Attributes = dict[str, str]


def grid(path: Path, wishes: Wishes) -> Grid:
    """The sheet that holds the table. Raises Unreadable."""
    check_size(path.stat().st_size, MARKUP)
    with guarded("Le classeur XML"):
        reader = _Reader()
        parser = strict_xml.parser()
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        strict_xml.feed(parser, [path.read_bytes()])
        return page_tables.grid(reader.tables, wishes, "utf-8")


@dataclass
class _Reader:
    tables: list[PageTable] = field(default_factory=list)
    cell: _Attributes | None = None
    kind: str | None = None  # type of the value being read
    texts: list[str] = field(default_factory=list)

    def start(self, name: str, given: _Attributes) -> None:
        opened = _OPENED.get(_local(name))
        if opened is not None:
            opened(self, {_local(key): value for key, value in given.items()})

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "Data":
            self.kind = None
        elif local == "Cell" and self.cell is not None:
            wide, tall = (_whole(self.cell, side, 0) + 1 for side in ("MergeAcross", "MergeDown"))
            self.tables[-1].add(_plain("".join(self.texts), self.cell), wide, tall)
            self.cell = None
        elif local == "Row" and self.tables:
            self.tables[-1].end_row()
        elif local == "Visible" and self.tables:
            self.tables[-1].hidden = "".join(self.texts).strip() in (
                "SheetHidden",
                "SheetVeryHidden",
            )
            self.kind = None

    def text(self, data: str) -> None:
        if self.kind is not None:
            self.texts.append(data)

    def on_sheet(self, given: _Attributes) -> None:
        if len(self.tables) >= SHEETS:
            raise TooBig
        names = {made.name for made in self.tables}
        name = given.get("Name", "") or f"Feuille {len(self.tables) + 1}"
        self.tables.append(PageTable(name if name not in names else f"{name} ({len(names) + 1})"))

    def on_row(self, given: _Attributes) -> None:
        if not self.tables:
            raise Malformed
        table = self.tables[-1]
        for _ in range(_whole(given, "Index", 0) - len(table.rows) - 1):
            table.start_row()
        table.start_row(given.get("Hidden") == "1")

    def on_cell(self, given: _Attributes) -> None:
        if not self.tables or not self.tables[-1].rows:
            raise Malformed
        missing = _whole(given, "Index", 0) - len(self.tables[-1].rows[-1]) - 1
        for _ in range(missing):
            self.tables[-1].add(None)
        self.cell, self.texts = given, []

    def on_data(self, given: _Attributes) -> None:
        if self.cell is not None:
            self.kind = self.cell["kind"] = given.get("Type", "String")

    def on_visible(self, _: _Attributes) -> None:
        self.kind, self.texts = "Visible", []


_OPENED: dict[str, Callable[[_Reader, _Attributes], None]] = {
    "Worksheet": _Reader.on_sheet,
    "Row": _Reader.on_row,
    "Cell": _Reader.on_cell,
    "Data": _Reader.on_data,
    "Visible": _Reader.on_visible,
}


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _plain(text: str, cell: _Attributes) -> str | None:
    """A value as the other workbooks give it; an error is no value."""
    kind = cell.get("kind", "String")
    if kind == "Number":
        try:
            return sheet_texts.number(float(text))
        except (ValueError, OverflowError):
            return text
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00")
    return None if kind == "Error" else text


def _whole(given: _Attributes, name: str, default: int) -> int:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default
