"""The header of a delimited text, found as the official tools find it.

It is the first line unless that line is much narrower or wider than those that follow: the first
line whose width is near the average of the first hundred is then the header.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from data.reading.delimiters import SAMPLE as LOOKED_AT
from data.reading.delimiters import form_of
from data.reading.reading import COLUMNS, Unreadable
from data.reading.text_grid import TextForm

SAMPLE = 100  # lines looked at
DRIFT = 0.1
SAMPLE_BYTES = 1 << 18
LONGEST = 1 << 27  # characters of a cell
HEAD = 512  # bytes that tell whether a file is a delimited text
# First bytes of what is not: archives and workbooks, old workbooks, Parquet, SQLite, PDF.
_NOT_TEXT = (b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"PAR1", b"SQLite", b"%PDF")
_MARKED = (b"<", b"{", b"[{")  # HTML, XML, JSON
EMPTY = "Le fichier est vide\u00a0: vérifiez que c'est le bon, puis recommencez."
TOO_WIDE = (
    "L'en-tête compte plus de {} colonnes, plus qu'un tableau n'en a\u00a0: vérifiez le séparateur."
)
NEVER_CLOSED = (
    "Le fichier ne se lit pas comme un tableau\u00a0: un guillemet ouvert n'est sans doute jamais"
    " refermé. Enregistrez-le de nouveau en CSV depuis un tableur."
)


@dataclass(frozen=True)
class Header:
    """The names of the columns, trimmed, and the line of the table that bears them, 1-based."""

    labels: tuple[str, ...]
    row: int
    some: bool = True  # whether lines follow it


def is_text(path: Path) -> bool:
    """Whether a file looks like a delimited text; what does not is left to the reader of kinds."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not (head.startswith(_NOT_TEXT) or start.startswith(_MARKED))


def quick_form(path: Path) -> TextForm | None:
    """The form of a text whose beginning is UTF-8, without reading the rest; None otherwise."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES + 1)
    whole = len(head) <= SAMPLE_BYTES
    if b"\0" in head:  # UTF-16, or no text at all
        return None
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head[:SAMPLE_BYTES], whole)
    except UnicodeDecodeError:
        return None
    if not text.strip():
        return None
    found = form_of(text[:LOOKED_AT], whole and len(text) <= LOOKED_AT)
    mark = 3 if head.startswith(codecs.BOM_UTF8) else 0
    return TextForm("utf-8", found.delimiter or ",", found.quotechar, mark)


def header(path: Path, form: TextForm) -> Header:
    """The header of a UTF-8 text. Raises Unreadable."""
    with rows(path, form) as lines:
        return chosen(list(islice(lines, SAMPLE)))


def chosen(sample: list[list[Any]]) -> Header:
    """The header among the first lines. Raises Unreadable when there is none."""
    if not any(sample):
        raise Unreadable(EMPTY)
    width = round(sum(map(len, sample)) / len(sample))
    drift = max(round(width * DRIFT), 1)
    place = next((at for at, cells in enumerate(sample) if abs(len(cells) - width) <= drift), 0)
    labels = tuple(str(cell or "").strip() for cell in sample[place])
    if len(labels) > COLUMNS:
        raise Unreadable(TOO_WIDE.format(COLUMNS))
    return Header(labels, place + 1, len(sample) > place + 1)


@contextmanager
def rows(path: Path, form: TextForm) -> Iterator[Iterator[list[str]]]:
    """The lines of a UTF-8 text, cut as Python's csv cuts them. Raises Unreadable."""
    before = csv.field_size_limit(LONGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        try:
            yield _reader(file, form)
        except (csv.Error, MemoryError) as error:
            raise Unreadable(NEVER_CLOSED) from error
        finally:
            csv.field_size_limit(before)


def _reader(file: TextIO, form: TextForm) -> Iterator[list[str]]:
    if form.quotechar is None:
        return csv.reader(file, delimiter=form.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(file, delimiter=form.delimiter, quotechar=form.quotechar)
