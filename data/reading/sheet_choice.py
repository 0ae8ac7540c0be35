"""Which sheet of a workbook holds the table; which sheets are one table cut in pieces."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SAMPLE = 40  # lines looked at, from the first one with a value
FULL = 0.6  # of the widest line: a line so filled may name the columns

Row = Sequence[Any]


@dataclass(frozen=True)
class Profile:
    """What the first lines of a sheet show. `header_line` is 0-based, from the first used line."""

    name: str
    lines: int = 0  # with the header, titles and blanks
    width: int = 0  # cells of the widest line looked at
    header_line: int | None = None
    header: tuple[str, ...] = ()  # folded: case, accents and spaces do not count

    @property
    def rows(self) -> int:
        """Lines below the header."""
        return 0 if self.header_line is None else self.lines - self.header_line - 1

    @property
    def is_table(self) -> bool:
        """Whether several columns are named, with something below."""
        return self.rows > 0 and self.width > 1

    @property
    def weight(self) -> tuple[bool, int, int]:
        """What is compared between sheets: a table first, then by its size."""
        return self.is_table, self.rows * self.width, self.lines


@dataclass(frozen=True)
class Choice:
    """The sheets to read, in order: several when they are stacked."""

    sheets: tuple[str, ...]
    left: tuple[str, ...] = ()  # other sheets that hold a table


def profile(name: str, sample: Sequence[Row], lines: int) -> Profile:
    """The profile of a sheet from its first lines (plain values) and its number of lines."""
    filled = [sum(not _empty(cell) for cell in row) for row in sample]
    width = max(filled, default=0)
    for line, count in enumerate(filled):
        if count >= max(FULL * width, min(2, width), 1) and _names(sample[line]):
            return Profile(name, lines, width, line, folded_header(sample[line]))
    return Profile(name, lines, width)


def choose(profiles: Sequence[Profile], stack: bool = True) -> Choice:
    """The sheet that holds the most; with those that have the very same header, if `stack`."""
    best = max(profiles, key=lambda made: made.weight)
    tables = [made for made in profiles if made.is_table]
    group = [made for made in tables if stack and _same(made, best)] or [best]
    taken = {made.name for made in group}
    left = tuple(made.name for made in tables if made.name not in taken)
    return Choice(tuple(made.name for made in group), left)


def folded_header(row: Row) -> tuple[str, ...]:
    """Names compared between sheets, the empty ones on the right apart."""
    names = [folded(cell) if isinstance(cell, str) else "" for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def folded(text: str) -> str:
    """« Année  » -> « annee »."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(made for made in plain if not unicodedata.combining(made)).split())


def _same(made: Profile, best: Profile) -> bool:
    return made.is_table and made.header == best.header


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _names(row: Row) -> bool:
    """Whether the filled cells of a line are words; a year alone may name a column."""
    cells = [cell for cell in row if not _empty(cell)]
    words = sum(isinstance(cell, str) and not _is_figure(cell) for cell in cells)
    return bool(cells) and words * 2 > len(cells)


def _is_figure(text: str) -> bool:
    return all(made.isdigit() or made in " .,-+/%€\u00a0\u202f" for made in text)
