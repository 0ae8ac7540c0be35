"""One column while its values are settled: worked on by distinct value, told by row.

A column of a million cells holds few distinct texts; every decision and every change is made on
those, and the rows come back through their index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.reading import SHOWN, Repair, Wishes

SAMPLE = 4_000  # distinct values that a decision looks at
TOLD = 200  # rows that a flag names; « +n » stands for the others
NULL = -1
# Flags that the interface writes with their rows alone; every other one names its column.
ROWS_ONLY = frozenset({"siret_unrecoverable", "leading_zero_restored", "partial_date"})

# Of two repairs of one cell, these are told, not the one that follows.
TOLD_FIRST = frozenset({"accounting_negative", "excel_text"})

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """Distinct values with the number of rows that hold each; doubtful missing words left out."""

    values: tuple[str, ...]
    weights: tuple[int, ...]

    @property
    def total(self) -> int:
        """Rows that stand behind the sample."""
        return sum(self.weights)

    def share(self, test: Callable[[str], Any]) -> float:
        """Share of the rows whose value passes a test, 0-1."""
        held = sum(w for value, w in zip(self.values, self.weights, strict=True) if test(value))
        return held / self.total if self.total else 0.0


class Column:
    """Distinct values (`values`, changed in place by `apply`), and which row holds which."""

    def __init__(self, name: str, original: str, cells: Any, wishes: Wishes) -> None:
        self.name, self.original, self.wishes = name, original, wishes
        cells = without_empty(cells)
        encoded = _encoded(cells)
        self.indices: Array = encoded.indices.fill_null(NULL).to_numpy(zero_copy_only=False)
        self.given: Array = encoded.dictionary.to_numpy(zero_copy_only=False).astype(object)
        self.values: Array = self.given.copy()
        held = self.indices[self.indices >= 0]
        self.counts: Array = np.bincount(held, minlength=len(self.given))
        self.doubtful: Array = np.zeros(len(self.given), dtype=bool)
        self.filled: Array = np.ones(len(self.given), dtype=bool)
        self.flags: list[str] = []
        self._texts: Any = encoded.dictionary
        self._kinds: list[str] = [""]
        self._kind: Array = np.zeros(len(self.given), dtype=np.int16)
        self._cells = cells

    def texts(self) -> Any:
        """The distinct values as Arrow strings, as they now are."""
        if self._texts is None:
            self._texts = pa.array(self.values, pa.string())
        return self._texts

    def matching(self, pattern: str) -> Array:
        """Which distinct values an RE2 pattern finds; a null one never."""
        found = pc.match_substring_regex(self.texts(), pattern=pattern)
        return found.fill_null(False).to_numpy(zero_copy_only=False)

    def sample(self) -> Sample:
        """The distinct values a decision is taken on, spread over the whole column."""
        kept = np.flatnonzero(~self.doubtful & self.filled)
        if len(kept) > SAMPLE:
            kept = kept[np.linspace(0, len(kept) - 1, SAMPLE).astype(int)]
        return Sample(tuple(self.values[kept]), tuple(int(n) for n in self.counts[kept]))

    def positions(self, mask: Array | None = None) -> Array:
        """Places of the filled distinct values, doubtful ones left out."""
        kept = ~self.doubtful & self.filled
        return np.flatnonzero(kept if mask is None else kept & mask)

    def apply(self, kind: str, changes: dict[int, str | None]) -> bool:
        """Change distinct values by place; False when the person refused this repair here."""
        if self.wishes.refuses(kind, self.name):
            return False
        for place, after in changes.items():
            if self.values[place] != after:
                self.values[place] = after
                self.filled[place] = after is not None
                if self._kinds[self._kind[place]] not in TOLD_FIRST:
                    self._kind[place] = self._number(kind)
        self._texts = None
        return True

    def apply_texts(self, kind: str, mask: Array, texts: Any) -> bool:
        """Change all the distinct values of a mask at once, from as many Arrow strings."""
        if self.wishes.refuses(kind, self.name) or not mask.any():
            return False
        self.values[mask] = texts.to_numpy(zero_copy_only=False)[mask]
        first = [number for number, made in enumerate(self._kinds) if made in TOLD_FIRST]
        self._kind[mask & ~np.isin(self._kind, first)] = self._number(kind)
        self._texts = None
        return True

    def apply_kinds(self, made: Iterable[tuple[int, str, str | None]]) -> None:
        """Changes of several kinds at once: (place, kind, after)."""
        groups: dict[str, dict[int, str | None]] = {}
        for place, kind, after in made:
            groups.setdefault(kind, {})[place] = after
        for kind, changes in groups.items():
            self.apply(kind, changes)

    def rows(self, places: Iterable[int]) -> Array:
        """Data rows, 1-based, whose value stands at these places."""
        mask = np.zeros(len(self.given) + 1, dtype=bool)  # the last one answers for null
        mask[list(places)] = True
        return np.flatnonzero(mask[self.indices]) + 1

    def flag_rows(self, flag: str, places: Iterable[int]) -> None:
        """Raise a flag that names the column and the rows holding these values, if any does."""
        rows = self.rows(places)
        if len(rows):
            where = "" if flag in ROWS_ONLY else f"{self.name}:"
            self.flags.append(f"{flag}:{where}{told(rows)}")

    def flag(self, text: str) -> None:
        """Raise a flag as it is."""
        self.flags.append(text)

    def cells(self) -> Any:
        """The column as it now stands: Arrow strings, null for an empty cell."""
        if not self._kind.any():
            return self._cells
        taken = pa.array(self.indices, mask=self.indices < 0)
        return pc.take(self.texts(), taken)

    def tells_rows_apart(self) -> bool:
        """Whether every row holds a value of its own, untouched: no row can repeat another."""
        return len(self.given) == len(self.indices) and not self._kind.any()

    def repairs(self) -> list[Repair]:
        """What was changed, a Repair by kind; a cell mended twice is told once."""
        return [self._repair(number) for number in range(1, len(self._kinds)) if self._has(number)]

    def _has(self, number: int) -> bool:
        return bool(((self._kind == number) & (self.values != self.given)).any())

    def _repair(self, number: int) -> Repair:
        places = np.flatnonzero((self._kind == number) & (self.values != self.given))
        rows = self.rows(places)
        seen: dict[int, int] = {}
        for row in rows[: SHOWN * 50]:
            seen.setdefault(int(self.indices[row - 1]), int(row))
            if len(seen) == SHOWN:
                break
        examples = tuple((row, self.given[at], self.values[at]) for at, row in seen.items())
        return repaired(self._kinds[number], self.name, rows, examples)

    def _number(self, kind: str) -> int:
        if kind not in self._kinds:
            self._kinds.append(kind)
        return self._kinds.index(kind)


def repaired(
    kind: str,
    column: str | None,
    rows: Array,
    examples: tuple[tuple[int | None, str, str | None], ...],
) -> Repair:
    """A Repair from the data rows it touched (all of them, 1-based) and some examples."""
    return Repair(
        kind=kind,
        column=column,
        count=len(rows),
        rows=tuple(int(row) for row in rows[:SHOWN]),
        before=examples[0][1] if examples else "",
        after=examples[0][2] if examples else None,
        examples=examples[:SHOWN],
    )


def told(rows: Array) -> str:
    """Rows as a flag names them: « 3,7,12 », and « +n » for those beyond the first two hundred."""
    named = ",".join(str(row) for row in rows[:TOLD])
    return f"{named},+{len(rows) - TOLD}" if len(rows) > TOLD else named


def without_empty(cells: Any) -> Any:
    """The same cells, the empty texts null: no change that one need be told of."""
    empty = pc.equal(cells, "").fill_null(False)
    return pc.if_else(empty, None, cells) if pc.any(empty).as_py() else cells


def _encoded(cells: Any) -> Any:
    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if isinstance(whole, pa.ChunkedArray):  # no chunk at all, or more text than one array holds
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], pa.string())
    return pc.dictionary_encode(whole.cast(pa.string()))
