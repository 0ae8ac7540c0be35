"""Cells before anything else: letters encoded twice mended, white space in its normal form.

Whole columns at a time: Python sees only the distinct values that hold a doubtful sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.reading import SHOWN, Wishes

# « é » in UTF-8 read as cp1252 gives « Ã© »: a lead sign, then one to three that follow it.
TWICE = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]"
    "|[\u00e0-\u00ef][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]{2}"
)
TWICE_SIGNS = tuple(sign.encode() for sign in ("Ã", "Â", "Å", "â€"))
HARD_BYTES = tuple(
    sign.encode() for sign in "\u00a0\u202f\u2007\u2009\u200b\ufeff\u2060\t\r\x0b\x0c\x1a\u3000"
)
WHITE = " *[\u00a0\u202f\u2007\u2009\u3000\t\x0b\x0c][ \u00a0\u202f\u2007\u2009\u3000\t\x0b\x0c]*"
NOTHING = "[\u200b\ufeff\u2060\x1a]"
LOST = "\ufffd"
MOST_CHUNKS = 300
TIMES = 3  # texts that went wrong more than once


@dataclass(frozen=True)
class Changed:
    """Cells of one column of the grid changed: which ones (a mask), the column before and after."""

    kind: str
    column: int
    mask: pa.ChunkedArray
    before: pa.ChunkedArray
    after: pa.ChunkedArray

    def among(self, rows: np.ndarray) -> tuple[int, list[tuple[int, str, str | None]]]:
        """How many of these lines changed; the first ones as (place in `rows`, before, after)."""
        places = np.flatnonzero(self.mask.to_numpy()[rows])
        first = [(int(place), int(rows[place])) for place in places[:SHOWN]]
        shown = [(place, self.before[row].as_py(), self.after[row].as_py()) for place, row in first]
        return len(places), shown


def cleaned(
    cells: pa.Table, wishes: Wishes, names: list[str | None]
) -> tuple[pa.Table, list[Changed]]:
    """A grid with its cells in normal white space, and what changed in each column.

    `names` are the likely names of the columns, by which a repair may be refused.
    """
    changes: list[Changed] = []
    columns = []
    for place, column in enumerate(cells.columns):
        name = names[place] if place < len(names) else None
        for kind, mend in MENDS:
            if not wishes.refuses(kind, name):
                column = _mended(column, kind, place, mend, changes)
        columns.append(column)
    return pa.table(columns, names=cells.column_names), changes


def whole(cells: pa.Table) -> pa.Table:
    """A table whose columns are not in crumbs, over which each pass would start again."""
    crumbs = cells.num_columns and cells.column(0).num_chunks > MOST_CHUNKS
    return cells.combine_chunks() if crumbs else cells


def once(text: str) -> str:
    """A text encoded twice in UTF-8, read as it was meant; any other text as it is."""
    for _ in range(TIMES):
        made = TWICE.sub(_again, text)
        # « à » is Ã and a no-break space, that some tools turn into a plain space
        made = re.sub("\u00c3 (?= |$)", "à", made) if made != text else made
        if made == text:
            return text
        text = made
    return text


def _again(found: re.Match[str]) -> str:
    raw = b"".join(_byte(sign) for sign in found[0])
    try:
        made = raw.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
    return made if made.isprintable() or made == "\u00a0" else found[0]


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1", "ignore")


def _mended(
    column: pa.ChunkedArray,
    kind: str,
    place: int,
    mend: Callable[[pa.ChunkedArray], pa.ChunkedArray],
    changes: list[Changed],
) -> pa.ChunkedArray:
    made = mend(column)
    if made is column:
        return column
    # a cell of white space alone has become null: that is not worth telling
    differs = pc.fill_null(pc.not_equal(made, column), False)
    if pc.any(differs).as_py():
        changes.append(Changed(kind, place, differs, column, made))
    return made


def _decoded_once(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not _holds(column, TWICE_SIGNS):
        return column
    return by_distinct(column, once)


def by_distinct(column: pa.ChunkedArray, mend: Callable[[str], str | None]) -> pa.ChunkedArray:
    """A column with a Python function run once on each of its distinct values."""
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    values = pa.array([mend(value) for value in coded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([values.take(coded.indices)])


def _white(column: pa.ChunkedArray) -> pa.ChunkedArray:
    made = column
    if _holds(column, HARD_BYTES):
        made = pc.replace_substring_regex(made, "\r\n?", "\n")
        made = pc.replace_substring_regex(made, NOTHING, "")
        made = pc.replace_substring_regex(made, WHITE, " ")
    if made is column and not _edged(column):
        return column
    made = pc.ascii_trim_whitespace(made)
    return pc.if_else(pc.equal(made, ""), pa.scalar(None, pa.string()), made)


def _edged(column: pa.ChunkedArray) -> bool:
    """Whether some value begins or ends with white space, or is empty."""
    blank = (
        pc.match_substring_regex(column, r"^\s|\s$|^$") if _holds(column, (b" ", b"\n")) else None
    )
    if blank is None:
        return bool(pc.any(pc.equal(pc.binary_length(column), 0)).as_py())
    return bool(pc.any(blank).as_py())


def _out_of_formula(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """`="00123"`, by which a spreadsheet is told to keep zeros, without its signs."""
    if not _holds(column, (b'="',)):
        return column
    return pc.replace_substring_regex(column, '^\\s*="([^"]*)"\\s*$', "\\1")


MENDS = (("mojibake", _decoded_once), ("excel_text", _out_of_formula), ("white_space", _white))


def _holds(column: pa.ChunkedArray, signs: tuple[bytes, ...]) -> bool:
    """Whether the texts of a column hold one of these signs; at the speed of memory."""
    ascii_signs = tuple(sign for sign in signs if sign.isascii())
    for chunk in column.chunks:
        text = _bytes_of(chunk)
        asked = ascii_signs if text.isascii() else signs
        # a first byte that is nowhere is found missing many times faster than a whole sign
        if any(sign[:1] in text and sign in text for sign in asked):
            return True
    return False


def _bytes_of(chunk: pa.Array) -> bytes:
    """All the texts of a chunk one after the other (of this slice only)."""
    _, offsets, data = chunk.buffers()
    if data is None or not len(chunk):
        return b""
    places = np.frombuffer(offsets, np.int32)
    start, stop = int(places[chunk.offset]), int(places[chunk.offset + len(chunk)])
    return bytes(data.slice(start, stop - start).to_pybytes())
