"""White space of a text: trimmed, other spaces and tabs as one space, line breaks kept."""

from __future__ import annotations

import re

import numpy as np

from data.reading.values.column import Column
from data.reading.values.names import INVISIBLE

# Every horizontal space of Unicode but the ordinary one.
ODD = "\t\x0b\x0c\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
RUN = re.compile(f"[{ODD} ]+")
SUSPECT = (
    "^\\s|\\s$|^$|[\\t\\x0b\\x0c\\r\\x{a0}\\x{1680}\\x{2000}-\\x{200d}\\x{202f}\\x{205f}\\x{2060}"
    "\\x{3000}\\x{feff}\\x{ad}\\x{85}]"
)
MARKED = r"^'[^']*[^'\s]$"  # « 'abc' » stands between quotes: something else
FIGURES = re.compile(r"'[0-9+=][0-9 .,/:-]*")


def clean(value: str) -> str:
    """One text in normal form."""
    seen = INVISIBLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    return RUN.sub(_one, seen).strip()


def _one(run: re.Match[str]) -> str:
    """Ordinary spaces stay as they are; with a tab or a hard space among them, one is left."""
    return " " if run[0].strip(" ") else run[0]


def settle(column: Column) -> None:
    """Trim every text; what becomes empty is null."""
    suspects = np.flatnonzero(column.matching(SUSPECT)).tolist()
    column.apply("white_space", {at: clean(column.values[at]) or None for at in suspects})
    _unmarked(column)


def _unmarked(column: Column) -> None:
    """`'0123`: the mark by which a spreadsheet keeps a text as it is, before most of a column."""
    marked = np.flatnonzero(column.filled & column.matching(MARKED))
    if not len(marked):
        return
    most = 2 * column.counts[marked].sum() > column.counts[column.filled].sum()
    made = {
        int(at): column.values[at][1:].strip()
        for at in marked
        if most or FIGURES.fullmatch(column.values[at])
    }
    column.apply("excel_text", made)
