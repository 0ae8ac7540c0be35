"""The contract between what loads a table, what checks it and what says what was found.

The table to check stands in a Scratch as the view `cells`: `n` (1-based data row), one raw column
(text, null where the value is missing) and one typed column (null where it is missing or where it
does not have its type) for each field of the schema that the file has.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from data.schemas import Schema
from data.scratch import Scratch, quoted

VIEW = "cells"
SHOWN = 20  # rows listed of an error
ERROR, WARNING = "error", "warning"
INLINE = 200  # values written in an expression; more stand in a table
TOGETHER = 120  # aggregates a pass, of a small table: planning more takes longer than reading


@dataclass(frozen=True)
class RowCheck:
    """A rule that each row keeps or breaks."""

    code: str  # frictionless's or Validata's own: type-error, constraint-error, cohesive-...
    field: str | None  # the field that bears the error
    fails: str  # SQL boolean over `cells`; null counts as « does not fail »
    rule: str  # what names the rule apart from the code: required, minimum, pattern, siret...
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # what the message needs


@dataclass(frozen=True)
class Issue:
    """One kind of error or warning, all its rows counted."""

    code: str
    title: str
    message: str
    field: str | None
    count: int
    rows: tuple[int, ...] = ()  # first 20, 1-based data rows; empty for the whole file
    example: str | None = None
    suggestion: str | None = None

    def document(self) -> dict[str, Any]:
        """As the interface gives it."""
        return {**vars(self), "rows": list(self.rows)}


@dataclass
class Cells:
    """A loaded table, field by field of the schema."""

    scratch: Scratch
    schema: Schema
    rows: int
    raw: Mapping[str, str]  # field -> its raw column in `cells`, quoted; absent: not in the file
    typed: Mapping[str, str]  # field -> its typed column in `cells`, quoted
    view: str = VIEW  # the same columns without `n`, when there is one: read in parallel
    # distinct values of a field that have its type, where they were already gathered
    known: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    # aggregates over `view` that were already measured, by their SQL
    measures: dict[str, Any] = dataclasses.field(default_factory=dict)
    # while rules are foreseen: the lists of distinct values that they will need, none being read
    awaited: list[str] | None = None
    together: int = TOGETHER  # aggregates a pass
    _made: int = 0

    def has(self, *names: str) -> bool:
        """Whether the file has all these fields."""
        return all(name in self.raw for name in names)

    def failing(self, name: str, test: Callable[[str], bool], typed: bool = False) -> str:
        """SQL boolean: the value of a field fails a test of Python, run on distinct values only."""
        column = self.raw[name]
        kept = f" and {self.typed[name]} is not null" if typed else ""
        return self.among(column, (value for value in self.distinct(name, kept) if not test(value)))

    def distinct(self, name: str, kept: str = "") -> Iterator[str]:
        """The distinct values of a field, a batch at a time.

        `kept`, « and ... » in SQL, may leave out only those that have not the type.
        """
        if name in self.known:
            yield from self.known[name]
            return
        column = self.raw[name]
        listed = f"list(distinct {column}) filter (where {column} is not null{kept})"
        if listed in self.measures:
            yield from self.measures[listed] or ()
            return
        if self.awaited is not None:
            self.awaited.append(listed)
            return
        asked = f"select distinct {column} as v from {self.view} where {column} is not null{kept}"
        for batch in self.scratch.batches(asked):
            yield from batch.column(0).to_pylist()

    def measure(self, asked: Iterable[str]) -> None:
        """Know these aggregates over `view`, in one pass for those that are not known yet."""
        wanted = [sql for sql in dict.fromkeys(asked) if sql not in self.measures]
        found = aggregates(self.scratch, wanted, self.view, self.together)
        self.measures.update(zip(wanted, found, strict=True))

    def among(self, column: str, values: Iterable[str]) -> str:
        """SQL boolean: a column holds one of these values."""
        wrong = list(dict.fromkeys(values))
        if not wrong:
            return "false"
        if len(wrong) <= INLINE:
            return f"({column} is not null and list_contains({literals(wrong)}, {column}))"
        self._made += 1
        table = f"bad_{self._made}"
        self.scratch.register(f"{table}_given", pa.table({"value": pa.array(wrong, pa.string())}))
        self.scratch.run(
            f"create table {quoted(table)} as select * from {quoted(table + '_given')}"
        )
        self.scratch.unregister(f"{table}_given")
        return f"({column} is not null and {column} in (select value from {quoted(table)}))"


def aggregates(
    scratch: Scratch, asked: Sequence[str], view: str, together: int = TOGETHER
) -> list[Any]:
    """Aggregates in SQL over a view: one pass, more for a table of many columns."""
    values: list[Any] = []
    for start in range(0, len(asked), together):
        listed = ", ".join(asked[start : start + together])
        values += scratch.rows(f"select {listed} from {view}")[0]
    return values


def literal(text: str) -> str:
    """A text inside an expression: what a schema or a file holds never ends the quotes."""
    pieces = text.split("\x00")
    return " || chr(0) || ".join("'" + piece.replace("'", "''") + "'" for piece in pieces)


def literals(texts: Iterable[str]) -> str:
    """A list of texts inside an expression."""
    return f"[{', '.join(literal(text) for text in texts)}]"
