"""Tables of an HTML page; many applications save such a page under the name « .xls »."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from data.reading import page_tables
from data.reading.bounds import MARKUP, SHEETS, check_size, guarded, too_big
from data.reading.page_tables import PageTable
from data.reading.reading import Grid, Unreadable, Wishes

_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_SILENT = ("script", "style", "head", "template")
_BREAKS = ("br", "p", "div", "li")
DEPTH = 50  # tables one inside the other
_PIECE = 1 << 16


def grid(path: Path, wishes: Wishes) -> Grid:
    """The table of a page that holds the most. Raises Unreadable."""
    check_size(path.stat().st_size, MARKUP)
    text, encoding = decoded(path.read_bytes())
    with guarded("La page HTML"):
        reader = _Reader()
        for start in range(0, len(text), _PIECE):
            reader.feed(text[start : start + _PIECE])
        reader.close()
        reader.end_all()
    if not reader.tables:
        raise Unreadable(
            "C'est une page HTML sans tableau\u00a0: exportez les données au format CSV ou XLSX."
        )
    return page_tables.grid(reader.tables, wishes, encoding)


def decoded(body: bytes) -> tuple[str, str]:
    """Text and encoding: by its mark, UTF-8 when it is, else what the page says, else cp1252."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, errors="replace"), name.removesuffix("-sig")
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _declared(body)


def _declared(body: bytes) -> tuple[str, str]:
    found = _CHARSET.search(body[:4096])
    name = found[1].decode("ascii").lower() if found else "cp1252"
    if name in ("iso-8859-1", "latin1", "utf-8", "us-ascii", "ascii"):
        name = "cp1252"  # as browsers do
    try:
        return body.decode(name), name
    except (LookupError, UnicodeError):
        return body.decode("cp1252", errors="replace"), "cp1252"


@dataclass
class _Open:
    """A table being read, and its current cell."""

    table: PageTable
    texts: list[str] | None = None
    wide: int = 1
    tall: int = 1

    def close_cell(self) -> None:
        if self.texts is not None:
            lines = (" ".join(line.split()) for line in "".join(self.texts).split("\n"))
            self.table.add("\n".join(filter(None, lines)), self.wide, self.tall)
            self.texts = None

    def close_row(self) -> None:
        self.close_cell()
        self.table.end_row()


@dataclass
class _State:
    open: list[_Open] = field(default_factory=list)
    silent: int = 0


class _Reader(HTMLParser):
    """Collects `tables`; what is not closed is closed by what follows, as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[PageTable] = []
        self._state = _State()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._state.silent += 1
        elif tag == "table":
            self._open_table()
        elif self._state.open:
            self._inside(self._state.open[-1], tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._state.silent = max(self._state.silent - 1, 0)
        elif not self._state.open:
            return
        elif tag in ("td", "th"):
            self._state.open[-1].close_cell()
        elif tag == "tr":
            self._state.open[-1].close_row()
        elif tag == "table":
            self._state.open.pop().close_row()

    def handle_data(self, data: str) -> None:
        if self._state.open and not self._state.silent:
            texts = self._state.open[-1].texts
            if texts is not None:
                # Line ends of the source are spaces; only <br> breaks a line.
                texts.append(" ".join(data.split("\n")) if "\n" in data else data)

    def end_all(self) -> None:
        """The page is over."""
        while self._state.open:
            self._state.open.pop().close_row()

    def _open_table(self) -> None:
        if len(self.tables) >= SHEETS or len(self._state.open) >= DEPTH:
            raise too_big("tableaux de la page")
        made = PageTable(f"Tableau {len(self.tables) + 1}")
        self.tables.append(made)
        self._state.open.append(_Open(made))

    def _inside(self, opened: _Open, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            opened.close_cell()
            style = (attributes.get("style") or "").replace(" ", "").lower()
            opened.table.start_row("display:none" in style)
        elif tag in ("td", "th"):
            opened.close_cell()
            opened.texts = []
            opened.wide, opened.tall = (
                _span(attributes.get("colspan")),
                _span(attributes.get("rowspan")),
            )
        elif tag in _BREAKS and opened.texts:
            opened.texts.append("\n")


def _span(text: str | None) -> int:
    plain = (text or "1").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else 1
