"""What makes no sense though the standard allows it: one kind of doubt and its lines.

A file is read as few times as can be: everything is measured in one pass, and the first lines of
what was found in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagnostics.conformity.cells import SHOWN, VIEW, Cells, aggregates
from diagnostics.conformity.wording import ended, number


@dataclass(frozen=True)
class Sense:
    """A doubt on the values, beside conformity: it never makes a file invalid."""

    code: str
    title: str
    count: int  # lines concerned
    rows: tuple[int, ...]  # first 20, 1-based data rows
    message: str
    field: str | None = None

    def document(self) -> dict[str, Any]:
        """As the interface gives it."""
        return {
            "code": self.code,
            "title": self.title,
            "count": self.count,
            "message": self.message,
            "rows": list(self.rows),
            "field": self.field,
        }


@dataclass(frozen=True)
class Doubt:
    """A rule on rows: SQL boolean over a view that has `n`, and what is said of its lines.

    `one` and `many` are said of one line and of several; « {n} » is their number.
    """

    code: str
    title: str
    field: str | None
    fails: str
    one: str
    many: str
    then: str


Raised = tuple[Doubt, int]  # a doubt and the number of its lines


def measured(cells: Cells, asked: Mapping[str, str], view: str) -> dict[str, Any]:
    """Aggregates in SQL, by name, over a view; those of the cells themselves are kept."""
    if view == cells.view:
        cells.measure(asked.values())
        return {name: cells.measures[sql] for name, sql in asked.items()}
    return dict(zip(asked, aggregates(cells.scratch, list(asked.values()), view), strict=True))


def raised(cells: Cells, doubts: Iterable[Doubt], view: str) -> Iterator[Raised]:
    """The doubts that some lines raise."""
    asked = list(doubts)
    counts = measured(cells, {str(at): counting(doubt) for at, doubt in enumerate(asked)}, view)
    for doubt, count in zip(asked, counts.values(), strict=True):
        if count:
            yield doubt, int(count)


def counting(doubt: Doubt) -> str:
    """SQL aggregate: how many lines raise a doubt (count_if gives null when all are unknown)."""
    return f"count(*) filter (where {doubt.fails})"


def said(cells: Cells, kept: Sequence[Raised], view: str = VIEW) -> Iterator[Sense]:
    """Doubts in words, with their first lines."""
    firsts = {
        str(at): f"min(n, {SHOWN}) filter (where {doubt.fails})"
        for at, (doubt, _) in enumerate(kept)
    }
    rows = measured(cells, firsts, view)
    for (doubt, count), first in zip(kept, rows.values(), strict=True):
        sentence = (doubt.one if count < 2 else doubt.many).replace("{n}", number(count))
        message = f"{ended(sentence)} {doubt.then}".strip()
        lines = tuple(int(n) for n in first or ())
        yield Sense(doubt.code, doubt.title, count, lines, message, doubt.field)
