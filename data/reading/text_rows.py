"""Lines of a delimited text as rows of cells, with the quotes that a strict reader refuses.

Python's csv in strict mode reads what is regular. When it refuses (a quote inside a quoted value, a
quote never closed), the lines are read again leniently: a quote closes a value only before a
delimiter or the end of the line; one that nothing closes is a character like another.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple

from data.reading.reading import Unreadable

LONGEST = 10_000_000  # characters of one line
LONGEST_CELL = 200_000  # characters of a row with irregular quotes
LINES_OF_A_CELL = 200  # line breaks that a quoted value may hold
ENDS = "\r\n"
TOO_LONG = (
    "Une ligne de ce fichier dépasse 10 millions de caractères : ce n'est pas un tableau lisible, "
    "exportez-le de nouveau en CSV."
)
csv.field_size_limit(LONGEST)


@dataclass(frozen=True)
class Form:
    """How a line is cut. `spaced`: blanks stand between a delimiter and a quote."""

    delimiter: str | None  # None: one column, the line is the value
    quotechar: str | None = '"'
    spaced: bool = False
    wrapped: bool = False  # each whole line stands between quotes
    width: int = 1  # cells of most lines


class Row(NamedTuple):
    """One line of the table: the number of its first line in the file, and how it was read."""

    line: int  # 1-based
    cells: list[str]
    lenient: bool = False


class Lines:
    """Lines of a text one at a time, with their ends, that can be given back."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.back: list[str] = []
        self.taken: list[str] = []  # since the start of the row
        self.number = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self.back.pop() if self.back else self.file.readline(LONGEST)
        if not line:
            raise StopIteration
        if len(line) >= LONGEST:
            raise Unreadable(TOO_LONG)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, kept: int) -> None:
        """Keep the first lines of this row, have the others read again."""
        spare = self.taken[kept:]
        self.back.extend(reversed(spare))
        self.number -= len(spare)
        del self.taken[kept:]


def rows(file: IO[str], form: Form) -> Iterator[Row]:
    """Every line of the file as a row of cells (an empty line: no cell)."""
    lines = Lines(file)
    if form.delimiter is None and form.quotechar is None or form.wrapped:
        yield from _whole(lines, form)
        return
    reader = _reader(lines, form)
    while True:
        lines.taken = []
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(start, _lenient(lines, form), lenient=True)
            reader = _reader(lines, form)
            continue
        if len(lines.taken) > 2 and _swallowed(lines.taken, form):
            lines.give_back(1)
            yield Row(start, _lenient(lines, form), lenient=True)
            reader = _reader(lines, form)
            continue
        yield Row(start, cells)


def _reader(lines: Iterator[str], form: Form) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=form.delimiter or "\x1f",
        quotechar=form.quotechar,
        quoting=csv.QUOTE_MINIMAL if form.quotechar else csv.QUOTE_NONE,
        skipinitialspace=form.spaced,
        strict=True,
    )


def _whole(lines: Lines, form: Form) -> Iterator[Row]:
    for line in lines:
        text = line.rstrip(ENDS)
        if form.wrapped and len(text) > 1 and text[0] == text[-1] == '"':
            inner = text[1:-1].replace('""', '"')
            yield Row(lines.number, _split(inner, form))
        else:
            yield Row(lines.number, _split(text, form) if text else [])


def _split(text: str, form: Form) -> list[str]:
    """One line cut: strictly when it can be, else leniently."""
    if form.delimiter is None:
        return [text]
    try:
        return next(_reader(iter([text]), form))
    except (csv.Error, StopIteration):
        return lenient(text, form) or text.split(form.delimiter)


def _swallowed(taken: list[str], form: Form) -> bool:
    """Whether a quote never closed swallowed whole lines: each would be a row of its own.

    A text of several lines may have as many delimiters in one of them by chance, not in all.
    """
    inner = taken[1:-1]
    if len(inner) < 3 and form.width < 4:
        return False
    return all(_a_row(line, form) and (form.quotechar or '"') not in line for line in inner)


def _a_row(line: str, form: Form) -> bool:
    delimiter = form.delimiter
    return delimiter is not None and form.width > 1 and line.count(delimiter) == form.width - 1


def _lenient(lines: Lines, form: Form) -> list[str]:
    """A row that strict reading refuses: its first line alone when it makes a row, else more."""
    delimiter = form.delimiter or "\x1f"
    for count in range(1, min(len(lines.taken), LINES_OF_A_CELL) + 1):
        if count > 1 and _a_row(lines.taken[count - 1], form):
            break  # a line that is a row by itself is no part of a value
        if sum(map(len, lines.taken[:count])) > LONGEST_CELL:
            break
        cells = lenient("".join(lines.taken[:count]).rstrip(ENDS), form)
        if cells is not None and len(cells) == form.width:
            lines.give_back(count)
            return cells
    lines.give_back(1)
    text = lines.taken[0].rstrip(ENDS)
    return lenient(text, form) or text.split(delimiter)


def lenient(text: str, form: Form) -> list[str] | None:
    """Cells of a line whose quotes are not regular; the width of the table tells which reading.

    None when neither the quotes nor the delimiters alone give the width, and a quote is open.
    """
    delimiter, quote = form.delimiter or "\x1f", form.quotechar or '"'
    quoted = _quoted(text, delimiter, quote)
    plain = text.split(delimiter)
    if quoted is not None and len(quoted) == form.width:
        return quoted
    if len(plain) == form.width and ENDS[0] not in text and ENDS[1] not in text:
        return plain
    return quoted


def _quoted(text: str, delimiter: str, quote: str) -> list[str] | None:
    """Cells where a quote closes only before a delimiter or the end; None when one stays open."""
    closing = re.compile(re.escape(quote) + " *(?:" + re.escape(delimiter) + "|$)")
    cells: list[str] = []
    place = 0
    while True:
        start = place
        while text.startswith(" ", start):
            start += 1
        if text.startswith(quote, start):
            found = closing.search(text, start + 1)
            if found is None:
                return None
            cells.append(_unescaped(text[start + 1 : found.start()], quote))
            place, ended = found.end(), found.end() == len(text) and text[-1:] != delimiter
        else:
            end = text.find(delimiter, place)
            ended = end < 0
            cells.append(text[place:] if ended else text[place:end])
            place = end + 1
        if ended:
            return cells


def _unescaped(text: str, quote: str) -> str:
    return text.replace("\\" + quote, quote).replace(quote * 2, quote)
