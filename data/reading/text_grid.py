"""A delimited text as a grid of cells: every line of the file, nothing understood yet.

Large regular files are parsed by Arrow's CSV reader; lines it refuses (too short, too long) are cut
by themselves and put back in their place. A file whose quotes are not regular, and any small file,
goes through Python's csv, row by row (`text_rows`). Both give the same cells.
"""

from __future__ import annotations

import codecs
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from data.reading.delimiters import SAMPLE, form_of, sep_line
from data.reading.encodings import EMPTY, Encoding, decoded, encoding_of, transcoded
from data.reading.framing_white import whole
from data.reading.reading import CELLS, COLUMNS, ROWS, Grid, Repair, Unreadable, Wishes
from data.reading.text_rows import Form, Row, rows

SMALL = 1_000_000  # bytes under which Python alone is quick enough
CHUNK = 20_000  # rows made into Arrow at a time
ODD = 10_000  # lines that Arrow may refuse before Python takes the whole file
HEAD = 200  # rows whose line in the file is kept
BLOCK = 1 << 22  # bytes that Arrow parses at a time: more than any regular line
MARGIN = 1_000  # lines of title and notes above the limit of rows
RUN = re.compile(r"\S {2,20}\S")
TOO_MANY_ROWS = (
    "Ce fichier compte plus de {} lignes, la limite d'une feuille de tableur : "
    "coupez-le en plusieurs fichiers, par année par exemple."
)
TOO_MANY_COLUMNS = (
    "Une ligne de ce fichier compte {} cellules ; la limite est de {} colonnes : "
    "vérifiez le délimiteur ou retirez des colonnes."
)
TOO_MANY_CELLS = (
    "Ce tableau compte {} millions de cellules ; la limite est de {} millions : "
    "coupez-le en plusieurs fichiers."
)


@dataclass(frozen=True)
class TextForm:
    """How a text is written, to read its values as given. `bom`: bytes of the mark."""

    encoding: str
    delimiter: str
    quotechar: str | None
    bom: int


@dataclass
class _Made:
    """A grid under way: chunks of Arrow columns, rows told odd, lines of the first rows."""

    width: int = 0
    count: int = 0
    parts: list[list[pa.Array]] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, part: Sequence[Row], form: Form) -> None:
        """One more chunk of rows; refused over the limits."""
        kept = [_kept(row.cells) for row in part]
        width = max((len(cells) for cells in kept), default=0)
        self._bounded(max(width, self.width), len(part))
        for place, row in enumerate(part, self.count):
            if place < HEAD or row.lenient or len(row.cells) < form.width:
                self._tell(place, row, form)
        padded = [cells + [""] * (width - len(cells)) for cells in kept]
        self.parts.append([_strings(column) for column in zip(*padded, strict=True)])
        if not width and part:
            self.parts[-1] = [pa.nulls(len(part), pa.string())]
        self.width, self.count = max(self.width, width), self.count + len(part)

    def _tell(self, place: int, row: Row, form: Form) -> None:
        if place < HEAD:
            self.lines.append(row.line)
        if len(self.odd) >= ODD:
            return
        if row.lenient:
            self.odd.append((place, "quotes"))
        elif 0 < len(row.cells) < form.width:
            self.odd.append((place, "short"))

    def _bounded(self, width: int, more: int) -> None:
        _check_limits(width, self.count + more)

    def table(self) -> pa.Table:
        """All chunks under one another, missing columns as nulls."""
        width = max(self.width, 1)
        columns = []
        for place in range(width):
            chunks = [
                part[place] if place < len(part) else pa.nulls(len(part[0]), pa.string())
                for part in self.parts
            ]
            columns.append(pa.chunked_array(chunks, pa.string()))
        return pa.table(columns, names=[str(place) for place in range(width)])


def form(path: Path) -> TextForm:
    """The encoding, delimiter and quotes of a text.

    A file of one column is given a delimiter that its first lines do not hold.
    """
    encoding = encoding_of(path)
    sample, whole_file = _sample(path, encoding)
    found = form_of(sample, whole_file)
    spare = next((sign for sign in ",;\t|" if sign not in sample), "\x1f")
    return TextForm(encoding.name, found.delimiter or spare, found.quotechar, encoding.mark)


def grid(path: Path, wishes: Wishes) -> Grid:
    """Every line of a text as cells; refused: empty, binary, over the limits."""
    encoding = encoding_of(path)
    sample, whole = _sample(path, encoding)
    if not sample.strip() and whole:
        raise Unreadable(EMPTY)
    found = form_of(sample, whole)
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        plain = path if encoding.plain else transcoded(path, Path(folder), encoding)
        made = _grid(plain, found, sample)
    return _told(made, encoding, found, sample)


def _told(made: Grid, encoding: Encoding, found: Form, sample: str) -> Grid:
    """The grid with its encoding, and without its line « sep=; »."""
    repairs: tuple[Repair, ...] = ()
    cells, lines, odd = made.cells, made.lines, made.odd_rows
    if sep_line(sample) is not None:
        repairs = (Repair("sep_line_dropped", None, 1, before=sample[:5]),)
        cells, lines = cells.slice(1), lines[1:]
        odd = tuple((place - 1, kind) for place, kind in odd if place)
    return Grid(
        cells=cells,
        encoding=encoding.name,
        delimiter=found.delimiter,
        flags=_flags(encoding) + _alone(found, sample),
        repairs=repairs,
        lines=lines,
        odd_rows=odd,
    )


def _flags(encoding: Encoding) -> tuple[str, ...]:
    told = (("mixed_encoding", encoding.mixed), ("nul_removed", encoding.zeros))
    return tuple(flag for flag, raised in told if raised)


def _alone(found: Form, sample: str) -> tuple[str, ...]:
    """Whether the one column of a file looks like several, cut by blanks or by a rare sign."""
    lines = [line for line in sample.splitlines()[:HEAD] if line.strip()]
    if found.delimiter is not None or len(lines) < 2:
        return ()
    blanks = sum(1 for line in lines if RUN.search(line.strip()))
    signs = any(all(sign in line for line in lines) for sign in "~^§¦#")
    return ("no_delimiter",) if signs or blanks > 0.8 * len(lines) else ()


def _sample(path: Path, encoding: Encoding) -> tuple[str, bool]:
    """The first characters of a file, and whether they are the whole of it."""
    text = ""
    for block in decoded(path, encoding):
        text += block
        if len(text) > SAMPLE:
            return text, False
    return text, True


def _grid(path: Path, found: Form, sample: str) -> Grid:
    """Cells of a UTF-8 file, by Arrow when it is large and regular."""
    simple = not (found.spaced or found.wrapped) and found.delimiter is not None
    if simple and path.stat().st_size > SMALL:
        made = _by_arrow(path, found, sample)
        if made is not None:
            return made
    return _by_rows(path, found)


def _by_rows(path: Path, found: Form) -> Grid:
    made = _Made()
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        lines = rows(file, found)
        while part := list(islice(lines, CHUNK)):
            made.add(part, found)
    return Grid(made.table(), lines=tuple(made.lines), odd_rows=tuple(made.odd))


def _by_arrow(path: Path, found: Form, sample: str) -> Grid | None:
    """The whole file at the speed of Arrow; None when quotes are not regular."""
    odd: dict[int, str] = {}

    def kept_apart(row: Any) -> str:
        odd[row.number - 1] = row.text
        return "skip" if len(odd) <= ODD else "error"

    try:
        table = _parsed(path, found, kept_apart)
    except pa.ArrowInvalid:
        return None
    _check_limits(found.width, table.num_rows + len(odd))
    if _has_quotes(table, found):
        return None
    cut = {place: _one_row(text, found) for place, text in odd.items()}
    if any(row.lenient for row in cut.values()):
        return None
    lines = [row.line for row in islice(_lines_of(sample, found), HEAD)]
    short = [(place, "short") for place, row in sorted(cut.items()) if len(row.cells) < found.width]
    return Grid(_put_back(table, cut), lines=tuple(lines), odd_rows=tuple(short))


def _parsed(path: Path, found: Form, refused: Any) -> pa.Table:
    """The lines of the width found; without any quote in the file, Arrow need not look for them."""
    quoted = found.quotechar is not None and _regular_quotes(path, found)
    names = [str(place) for place in range(found.width)]
    return arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK),
        parse_options=arrow_csv.ParseOptions(
            delimiter=found.delimiter,
            quote_char=found.quotechar if quoted else False,
            double_quote=True,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
            invalid_row_handler=refused,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _regular_quotes(path: Path, found: Form) -> bool:
    """Whether a file has quotes; ArrowInvalid when they are not regular.

    Arrow would end a value left open with the file, and glue what follows a closing quote.
    """
    quote = (found.quotechar or '"').encode()
    total, held = 0, b"\n"  # the last byte seen, and the quotes that follow it
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            block = block if total or held != b"\n" else block.removeprefix(codecs.BOM_UTF8)
            block = held + block
            stop = len(block.rstrip(quote))
            total += _quotes(np.frombuffer(block[:stop], np.uint8), quote[0], total, found)
            held = block[stop - 1 :]
            if len(held) > BLOCK:
                raise pa.ArrowInvalid("nothing but quotes")
    last = np.frombuffer(held + b"\n", np.uint8)
    total += _quotes(last, quote[0], total, found)
    if total % 2:
        raise pa.ArrowInvalid("a quote stays open")
    return total > 0


def _quotes(codes: np.ndarray, quote: int, before: int, found: Form) -> int:
    """How many quotes some bytes hold, neither first nor last; `before`: those already seen.

    Quotes that follow each other open a value, close it, or stand in it by pairs: those outside
    must begin a cell, those that close must end one.
    """
    places = np.flatnonzero(codes == quote)
    if not len(places):
        return 0
    beside = np.isin(np.arange(256), [ord(found.delimiter or ","), 10, 13])
    gaps = np.flatnonzero(np.diff(places) > 1)
    first, last = np.append(0, gaps + 1), np.append(gaps, len(places) - 1)
    outside, closed = (before + first) % 2 == 0, (before + last + 1) % 2 == 0
    begins = beside[codes[places[first] - 1]]
    ends = beside[codes[places[last] + 1]]
    if (outside & ~begins).any() or (closed & ~ends).any():
        raise pa.ArrowInvalid("a quote inside a value")
    return len(places)


def _has_quotes(table: pa.Table, found: Form) -> bool:
    """Whether some value holds a quote, or line breaks with delimiters: read row by row then."""
    quote, delimiter = (found.quotechar or '"').encode(), (found.delimiter or ",").encode()
    for column in table.columns:
        for chunk in column.chunks:
            data = chunk.buffers()[2]
            if data is None:
                continue
            view = memoryview(data).tobytes()
            if quote in view or ((b"\n" in view or b"\r" in view) and delimiter in view):
                return True
    return False


def _one_row(text: str, found: Form) -> Row:
    for row in _lines_of(text, found):
        return row
    return Row(0, [])


def _lines_of(text: str, found: Form) -> Iterator[Row]:
    return rows(io.StringIO(text, newline=""), found)


def _put_back(table: pa.Table, cut: dict[int, Row]) -> pa.Table:
    """The lines that were kept apart, each at its place in the file."""
    if not cut:
        return table
    kept = {place: _kept(row.cells) for place, row in cut.items()}
    width = max(table.num_columns, *(len(cells) for cells in kept.values()))
    _check_limits(width, table.num_rows + len(cut))
    schema = pa.schema([(str(place), pa.string()) for place in range(width)])
    pieces, done = [], 0
    for before, place in enumerate(sorted(kept)):
        pieces.append(_widened(table.slice(done, place - before - done), schema))
        cells = [cell or None for cell in kept[place]] + [None] * (width - len(kept[place]))
        pieces.append(pa.table([[cell] for cell in cells], schema=schema))
        done = place - before
    pieces.append(_widened(table.slice(done), schema))
    return whole(pa.concat_tables([piece for piece in pieces if piece.num_rows]))


def _widened(table: pa.Table, schema: pa.Schema) -> pa.Table:
    missing = len(schema) - table.num_columns
    empty = [pa.nulls(table.num_rows, pa.string())] * missing
    return pa.table([*table.columns, *empty], schema=schema)


def _kept(cells: list[str]) -> list[str]:
    """A row without its empty cells on the right."""
    last = len(cells)
    while last and not cells[last - 1]:
        last -= 1
    return cells if last == len(cells) else cells[:last]


def _strings(column: Sequence[str]) -> pa.Array:
    made = pa.array(column, pa.string())
    return pc.if_else(pc.equal(made, ""), None, made) if "" in column else made


def _check_limits(width: int, count: int) -> None:
    if width > COLUMNS:
        raise Unreadable(TOO_MANY_COLUMNS.format(width, COLUMNS))
    if count > ROWS + MARGIN:
        raise Unreadable(TOO_MANY_ROWS.format(f"{ROWS:,}".replace(",", "\u00a0")))
    if width * count > CELLS:
        raise Unreadable(TOO_MANY_CELLS.format(width * count // 1_000_000, CELLS // 1_000_000))
