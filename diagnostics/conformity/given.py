"""A table as it was given, as a relation of texts that DuckDB reads where it stands.

Of a regular text DuckDB reads the file itself, in parallel; what it would read otherwise than the
official tools (blank lines, stray quotes, spaces around them) is written again first, line by line.
Columns are c0, c1...: '' for an empty cell, null where the line stops before it.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from data.reading.text_grid import TextForm
from data.scratch import Scratch
from diagnostics.conformity.cells import literal
from diagnostics.conformity.header import Header, rows

BEYOND = 8  # columns past the header that DuckDB looks for
ABSENT = "\x01\x02absent"
SMALL = 4 << 20  # bytes
LONGEST_LINE = 1 << 26  # bytes, when a text is read again in order
# in parallel, the usual buffers would take hundreds of MB
USUAL_LINE, BUFFER = 1 << 20, 1 << 23  # bytes
BLOCK, OVERLAP = 1 << 19, 64  # bytes
PARALLEL = (f"max_line_size = {USUAL_LINE}", f"buffer_size = {BUFFER}")
ORDERED = (f"max_line_size = {LONGEST_LINE}",)
BOM = b"\xef\xbb\xbf"
TABLE = "given_table"
# Spaces between a quote and a delimiter: DuckDB drops them, Python keeps them.
_SPACED = re.compile(rb'["\'][ \t]+[;,|\t\r\n]|["\'][ \t]+\Z|(?:\A|[;,|\t\r\n])[ \t]+["\']')
_LONE = re.compile(rb"\r(?!\n)")
TAB, LF, CR, SPACE = 9, 10, 13, 32


@dataclass(frozen=True)
class Given:
    """What follows « from », the columns of the header, those past it, cells of a line in SQL."""

    relation: str
    labels: tuple[str, ...]
    beyond: int = 0  # columns past the header that may hold cells
    width: str | None = None  # SQL: how many cells a line has; None: lines are all whole
    some: bool = True  # whether there is a line under the header
    small: bool = False  # worth keeping whole once read

    @property
    def columns(self) -> tuple[str, ...]:
        """One column for each label."""
        return tuple(f"c{place}" for place in range(len(self.labels)))

    @property
    def ragged(self) -> str:
        """SQL boolean: a line has more or fewer cells than the header."""
        if self.width is None:
            return "false"
        if not self.beyond:
            return f"({self.width} <> {len(self.labels)})"
        return f"(c{len(self.labels) - 1} is null or c{len(self.labels)} is not null)"


def regular(path: Path, form: TextForm) -> bool:
    """Whether DuckDB and Python read the same lines in this file."""
    quote = ord(form.quotechar or '"')
    return not any(_odd(body, quote) for body in _blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    """The file by blocks, each with the end of the one before; a line end stands for the start."""
    before = b"\n"
    with path.open("rb") as file:
        if file.read(3) != BOM:
            file.seek(0)
        while block := file.read(BLOCK):
            yield before + block
            before = block[-OVERLAP:]


def _odd(body: bytes, quote: int) -> bool:
    """Whether DuckDB and Python may read this otherwise: blank lines, lone CR, spaced quotes."""
    signs = np.frombuffer(body, np.uint8)
    ends = signs == LF
    if b"\r" in body:
        if _LONE.search(body, 0, len(body) - 1):
            return True
        if (ends[:-1] & (signs[1:] == CR)).any():
            return True
    if (ends[:-1] & ends[1:]).any():
        return True
    if quote not in body:
        return False
    quotes, spaces = signs == quote, (signs == SPACE) | (signs == TAB)
    beside = (quotes[:-1] & spaces[1:]).any() or (spaces[:-1] & quotes[1:]).any()
    return bool(beside) and _SPACED.search(body) is not None


def direct(path: Path, form: TextForm, header: Header, parallel: bool) -> Given:
    """The file itself."""
    count = len(header.labels)
    names = [f"c{place}" for place in range(count + BEYOND)]
    options = [
        "header = true",
        "null_padding = true",
        f"parallel = {str(parallel).lower()}",
        f"delim = {literal(form.delimiter)}",
        f"quote = {literal(form.quotechar or '')}",
        f"escape = {literal(form.quotechar or '')}",
        *(PARALLEL if parallel else ORDERED),
    ]
    width = " + ".join(f"({name} is not null)::int" for name in names)
    return Given(
        _read(path, names, options), header.labels, BEYOND, f"({width})", header.some, _small(path)
    )


def rewritten(path: Path, form: TextForm, header: Header, folder: Path) -> Given:
    """A copy in which every line has as many cells as the header, and how many it had."""
    made, count = folder / "given.csv", len(header.labels)
    with rows(path, form) as lines, made.open("w", encoding="utf-8", newline="") as out:
        for _ in range(header.row):
            next(lines)
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(
            _padded(lines, count)
        )
    names = [*(f"c{place}" for place in range(count)), "w"]
    options = ["header = false", "parallel = false", "delim = ','", "quote = '\"'", "escape = '\"'"]
    options += ORDERED
    relation = _read(made, names, options)
    return Given(relation, header.labels, 0, "w::int", header.some, _small(made))


def _padded(lines: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    for cells in lines:
        width = len(cells)
        if width == count:
            yield [*cells, str(width)]
        else:
            yield [*cells[:count], *[ABSENT] * (count - width), str(width)]


def of_table(scratch: Scratch, table: pa.Table, labels: Sequence[str]) -> Given:
    """An Arrow table of strings; a null is an empty cell."""
    names = [f"c{place}" for place in range(table.num_columns)]
    scratch.register(TABLE, table.rename_columns(names))
    small = table.nbytes <= SMALL
    return Given(TABLE, tuple(labels), some=table.num_rows > 0, small=small)


def _small(path: Path) -> bool:
    return path.stat().st_size <= SMALL


def _read(path: Path, names: Sequence[str], options: Sequence[str]) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    shared = [
        f"columns = {{{columns}}}",
        "auto_detect = false",
        f"nullstr = {literal(ABSENT)}",
    ]
    return f"read_csv({literal(str(path))}, {', '.join([*shared, *options])})"


def plain_name(path: Path, folder: Path) -> Path:
    """The path, or a link to it when its name would be read as a pattern of names."""
    if not set("*?[]{}") & set(str(path)):
        return path
    linked = folder / "link.csv"
    try:
        linked.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, linked)
    return linked
