"""One sheet of an XLSX gone through by events: its extent, hidden lines, formulas, errors.

The reading library gives values only, and allocates the whole rectangle up to the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from data import strict_xml
from data.reading.bounds import ELEMENTS
from data.reading.sheet_marks import KEPT, Marks
from data.strict_xml import Malformed, TooBig

SPARE = 1_000_000  # texts announced and absent that cost little
_DIGITS = "0123456789"
_TRUE = ("1", "true")
_Attributes = dict[str, str]


def marks(pieces: Iterable[bytes], padded: Mapping[str, int] | None = None) -> Marks:
    """What one worksheet part says; `padded`: style -> digits that its format shows at least.

    Raises Malformed or TooBig.
    """
    found = _Sheet(padded or {})
    strict_xml.feed(_parser(found), pieces)
    found.settle()
    return found.marks


def shared_lengths(pieces: Iterable[bytes]) -> list[int]:
    """Characters of each shared text, in order. Raises Malformed or TooBig.

    The reading library allocates as many texts as are announced: a number far beyond is refused.
    """
    lengths: list[int] = []
    announced = [0]

    def start(name: str, attributes: _Attributes) -> None:
        local = _local(name)
        if local == "si":
            lengths.append(0)
        elif local == "sst":
            announced.append(_whole(attributes.get("uniqueCount"), 0))

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = strict_xml.parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    strict_xml.feed(parser, pieces)
    if max(announced) > len(lengths) + SPARE:
        raise Malformed
    return lengths


def shared_total(pieces: Iterable[bytes], lengths: list[int]) -> int:
    """Characters that the cells of a sheet hold through shared texts, each time counted."""
    counted = _SharedTotal(lengths)
    parser = strict_xml.parser()
    parser.StartElementHandler = counted.start
    parser.EndElementHandler = counted.end
    parser.CharacterDataHandler = counted.text
    strict_xml.feed(parser, pieces)
    return counted.total


def padded_styles(pieces: Iterable[bytes]) -> dict[str, int]:
    """Styles whose number format is zeros only (« 00000 »): style -> number of digits."""
    found = _Styles()
    parser = strict_xml.parser()
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    strict_xml.feed(parser, pieces)
    return found.padded


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parser(sheet: _Sheet) -> strict_xml.Parser:
    parser = strict_xml.parser()
    parser.StartElementHandler = sheet.start
    sheet.listen = lambda heard: setattr(parser, "CharacterDataHandler", heard)
    return parser


@dataclass
class _Sheet:
    padded: Mapping[str, int]
    marks: Marks = field(default_factory=Marks)
    listen: Callable[[Callable[[str], None] | None], None] = lambda heard: None
    listening: bool = False
    elements: int = 0
    row: int = 0  # 1-based, of the current line
    low: int = 0  # 0-based line and column of the current cell
    column: int = -1
    inside: bool = False  # a cell was opened, and nothing was found in it so far
    formula: bool = False  # the current cell is computed, and no value of it was seen yet
    letters: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, attributes: _Attributes) -> None:
        self.elements += 1
        if self.elements > ELEMENTS:
            raise TooBig
        opened = _OPENED.get(name) or _OPENED.get(_local(name))
        if opened is not None:
            opened(self, attributes)

    def on_row(self, attributes: _Attributes) -> None:
        self.settle()
        self.row = _whole(attributes.get("r"), self.row + 1)
        self.column = -1
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self.marks.hide_rows(self.row - 1)

    def on_cell(self, attributes: _Attributes) -> None:
        if self.formula or self.listening:
            self.settle()
        self.inside = True
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(_DIGITS)
            self.column = self.letter(letters)
            self.low = _whole(reference[len(letters) :], self.row) - 1
        else:
            self.column, self.low = self.column + 1, self.row - 1
        if attributes.get("t") == "e":
            self.note(self.marks.errors)
        digits = self.padded.get(attributes.get("s", ""))
        if digits is not None and attributes.get("t", "n") == "n":
            self.marks.padded.setdefault(self.column, {})[self.low] = digits

    def on_value(self, _: _Attributes) -> None:
        self.marks.written(self.low, self.column)
        self.inside = False
        if self.formula:
            self.listen(self.heard)
            self.listening = True

    def on_formula(self, _: _Attributes) -> None:
        if self.inside:  # an extension after the cells may hold formulas of its own
            self.marks.written(self.low, self.column, 0)
            self.formula, self.inside = True, False

    def on_extension(self, _: _Attributes) -> None:
        self.settle()
        self.inside = False

    def on_column(self, attributes: _Attributes) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
            first = _whole(attributes.get("min"), 1)
            self.marks.hide_columns(first - 1, _whole(attributes.get("max"), first) - 1)

    def heard(self, data: str) -> None:
        if data.strip():
            self.formula = False

    def settle(self) -> None:
        """The cell before is over: a formula in which no value was heard has none."""
        if self.formula:
            self.note(self.marks.unvalued)
            self.formula = False
        if self.listening:
            self.listen(None)
            self.listening = False

    def note(self, kept: list[tuple[int, int]]) -> None:
        if len(kept) < KEPT:
            kept.append((self.low, self.column))

    def letter(self, letters: str) -> int:
        """« A » -> 0."""
        found = self.letters.get(letters)
        if found is None:
            found = self.letters[letters] = _column(letters)
        return found


_OPENED: dict[str, Callable[[_Sheet, _Attributes], None]] = {
    "row": _Sheet.on_row,
    "c": _Sheet.on_cell,
    "v": _Sheet.on_value,
    "is": _Sheet.on_value,
    "f": _Sheet.on_formula,
    "col": _Sheet.on_column,
    "extLst": _Sheet.on_extension,
}


@dataclass
class _SharedTotal:
    lengths: list[int]
    total: int = 0
    shared: bool = False
    value: list[str] | None = None

    def start(self, name: str, attributes: _Attributes) -> None:
        local = _local(name)
        if local == "c":
            self.shared = attributes.get("t") == "s"
        elif local == "v" and self.shared:
            self.value = []

    def text(self, data: str) -> None:
        if self.value is not None:
            self.value.append(data)

    def end(self, name: str) -> None:
        if self.value is None or _local(name) != "v":
            return
        index = "".join(self.value).strip().lstrip("+")
        if index.isascii() and index.isdigit() and int(index[-9:]) < len(self.lengths):
            self.total += self.lengths[int(index[-9:])]
        self.value = None


@dataclass
class _Styles:
    formats: dict[str, int] = field(default_factory=dict)
    padded: dict[str, int] = field(default_factory=dict)
    index: int = -1  # inside cellXfs, the number of the current style

    def start(self, name: str, attributes: _Attributes) -> None:
        local = _local(name)
        if local == "numFmt":
            code = attributes.get("formatCode", "").removesuffix(";@").strip('"')
            if 2 <= len(code) <= 20 and set(code) == {"0"}:
                self.formats[attributes.get("numFmtId", "")] = len(code)
        elif local == "cellXfs":
            self.index = 0
        elif local == "xf" and self.index >= 0:
            if digits := self.formats.get(attributes.get("numFmtId", "")):
                self.padded[str(self.index)] = digits
            self.index += 1

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self.index = -1


def _whole(text: str | None, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Malformed
    return int(text) or default


def _column(letters: str) -> int:
    if len(letters) > 4 or not letters.isascii() or not letters.isalpha():
        raise Malformed
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found - 1
