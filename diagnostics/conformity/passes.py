"""One pass over the rows for all the rules: how many rows break each, and which come first.

Rows come out of DuckDB as bits, one for each rule, by batches: neither the table nor the errors are
ever whole in memory unless every error is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from diagnostics.conformity.cells import SHOWN, VIEW, RowCheck
from diagnostics.conformity.load import BLANK, RAGGED, WIDTH, Loaded

BITS = 60  # rules told by one whole number
Ints = npt.NDArray[np.int64]


@dataclass
class Tally:
    """What the rows were found to break."""

    rows: int = 0
    counts: dict[int, int] = field(default_factory=dict)  # place of the rule -> rows
    first: dict[int, list[int]] = field(default_factory=dict)
    wrong: list[Ints] = field(default_factory=list)  # rows with an error, by batches
    kept: list[tuple[int, Ints]] | None = None  # every (rule, rows), when asked for

    def add(self, place: int, rows: Ints) -> None:
        """Rows that break a rule, in the order of the file."""
        if not len(rows):
            return
        self.counts[place] = self.counts.get(place, 0) + len(rows)
        shown = self.first.setdefault(place, [])
        shown.extend(int(row) for row in rows[: SHOWN - len(shown)])
        if self.kept is not None:
            self.kept.append((place, rows))

    def wrong_rows(self) -> int:
        """How many rows have at least one error."""
        return len(np.unique(np.concatenate(self.wrong))) if self.wrong else 0


def passed(
    made: Loaded, checks: Sequence[RowCheck], hushed: int, tally: Tally, places: Sequence[int]
) -> None:
    """Run the rules at these places, row by row.

    The first rule tells blank rows: on them the next `hushed` say nothing.
    """
    if not places:
        return
    groups = [places[start : start + BITS] for start in range(0, len(places), BITS)]
    quiet = [_hush(group, hushed) for group in groups]
    asked = [_bits([checks[place].fails for place in group]) for group in groups]
    for numbers, columns in _batches(made, asked):
        blank = np.flatnonzero(columns[0] & 1) if places[0] == 0 else np.zeros(0, np.int64)
        told = [_quieted(column, blank, kept) for column, kept in zip(columns, quiet, strict=True)]
        for group, column in zip(groups, told, strict=True):
            _count(tally, numbers, column, group)
        any_wrong = np.flatnonzero(np.bitwise_or.reduce(told))
        if len(any_wrong):
            tally.wrong.append(numbers[any_wrong])


def _hush(group: Sequence[int], hushed: int) -> int:
    """The bits of a group that a blank row keeps."""
    return sum(1 << at for at, place in enumerate(group) if not 1 <= place <= hushed)


def _quieted(column: Ints, blank: Ints, kept: int) -> Ints:
    if not len(blank):
        return column
    made = column.copy()
    made[blank] &= kept
    return made


def _count(tally: Tally, numbers: Ints, column: Ints, group: Sequence[int]) -> None:
    told = np.flatnonzero(column)
    if not len(told):
        return
    broken, rows = column[told], numbers[told]
    every = int(np.bitwise_or.reduce(broken))
    for at, place in enumerate(group):
        if every >> at & 1:
            tally.add(place, rows[(broken >> at) & 1 == 1])


def _bits(conditions: Sequence[str]) -> str:
    """SQL: the conditions that a row meets, one bit each; few rows meet any."""
    if not conditions:
        return "0::bigint"
    met = [f"(case when {test} then {1 << at} else 0 end)" for at, test in enumerate(conditions)]
    return f"case when {' or '.join(conditions)} then ({' + '.join(met)})::bigint else 0 end"


def _batches(made: Loaded, asked: Sequence[str]) -> Iterator[tuple[Ints, list[Ints]]]:
    """Row numbers and bits. In the order of the file, rows need no number: they are counted."""
    listed = ", ".join(f"{sql} as b{at}" for at, sql in enumerate(asked))
    scratch, last = made.cells.scratch, 0
    if made.ordered and "select" not in listed:
        for batch in scratch.batches(f"select {listed} from {made.cells.view}"):
            numbers = np.arange(last + 1, last + 1 + batch.num_rows)
            last += batch.num_rows
            yield numbers, [np.asarray(column) for column in batch.columns]
        return
    for batch in scratch.batches(f"select n, {listed} from {VIEW} order by n"):
        numbers, *columns = (np.asarray(column) for column in batch.columns)
        yield numbers, columns


def ragged(made: Loaded) -> tuple[Ints, Ints]:
    """Rows that have more or fewer cells than the header, and how many they have."""
    found = f"select n, {WIDTH} from {VIEW} where {RAGGED} and not {BLANK} order by n"
    table = made.cells.scratch.arrow(found)
    return table.column(0).to_numpy(), table.column(1).to_numpy()
