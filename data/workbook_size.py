"""How much memory the parts of a workbook would ask for, counted before any library reads them.

A strict parser of XML counts, not a pattern: what it accepts is read the same way by the library
behind (quotes, comments, CDATA), and what it refuses is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from data import strict_xml
from data.strict_xml import Malformed, TooBig

ROWS = 5_000  # lines of a sheet
COLUMNS = 200
CELLS = 400_000  # written cells, all sheets
CHARACTERS = 50_000_000  # bytes of text, each cell counted
ELEMENTS = 1_500_000  # elements of XML, all parts

_REFERENCE = re.compile(r"([A-Za-z]{0,4})(\d{0,7})")


def check(parts: Mapping[str, bytes]) -> None:
    """Go through every part, {name: content}. Raises TooBig or Malformed."""
    total = _Total()
    made = [_Part(total).read(body) for body in parts.values() if body.strip()]
    # Whichever part holds the shared texts, an index stands for the longest it could name.
    lengths = [max(found) for found in zip_longest(*(one.texts for one in made), fillvalue=0)]
    characters = sum(
        lengths[index] for one in made for index in one.indexes if index < len(lengths)
    )
    if characters > CHARACTERS:
        raise TooBig


@dataclass
class _Total:
    """What all parts hold together."""

    cells: int = 0
    elements: int = 0


@dataclass
class _Part:
    """One part while it is read: where the last cell is, and the texts it holds or names."""

    total: _Total
    texts: list[int] = field(default_factory=list)  # bytes of each shared text
    indexes: list[int] = field(default_factory=list)  # shared texts its cells name
    row: int = 0
    column: int = 0
    low: int = 0  # line of the current cell
    open_cell: bool = False  # in a cell that nothing was found in so far
    value: list[str] | None = None  # in a value
    length: int | None = None  # in a shared text

    def read(self, body: bytes) -> _Part:
        """Count a part. Raises TooBig or Malformed."""
        parser = strict_xml.parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed from error
        strict_xml.feed(parser, [body])
        return self

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.total.elements += 1
        if self.total.elements > ELEMENTS:
            raise TooBig
        if self.open_cell:  # a cell without anything inside is formatted, and empty
            self._written()
        local = name.rpartition(":")[2]
        if opened := _OPENED.get(local):
            opened(self, attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        line = _reference(attributes)[1]
        self.row, self.column = line or self.row + 1, 0

    def _cell(self, attributes: dict[str, str]) -> None:
        column, line = _reference(attributes)
        self.column = column or self.column + 1
        self.low, self.open_cell = line or self.row, True

    def _value(self, attributes: dict[str, str]) -> None:
        self.value = []

    def _shared(self, attributes: dict[str, str]) -> None:
        self.length = 0

    def _written(self) -> None:
        self.open_cell = False
        self.total.cells += 1
        if self.low > ROWS or self.column > COLUMNS or self.total.cells > CELLS:
            raise TooBig

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self.open_cell = False
        elif local == "v" and self.value is not None:
            index = "".join(self.value).strip().lstrip("+0") or "0"
            if index.isascii() and index.isdigit() and len(index) < 8:
                self.indexes.append(int(index))
            self.value = None
        elif local == "si" and self.length is not None:
            self.texts.append(self.length)
            self.length = None

    def _text(self, data: str) -> None:
        if self.value is not None:
            self.value.append(data)
        if self.length is not None:
            self.length += len(data.encode())


_OPENED: dict[str, Callable[[_Part, dict[str, str]], None]] = {
    "row": _Part._row,
    "c": _Part._cell,
    "v": _Part._value,
    "si": _Part._shared,
}


def _reference(attributes: dict[str, str]) -> tuple[int, int]:
    """{'r': 'AA12'} -> (27, 12); 0 for what is not said. Raises Malformed for anything else."""
    found = _REFERENCE.fullmatch(attributes.get("r", "").strip())
    if found is None:
        raise Malformed
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return column, int(found[2] or 0)
