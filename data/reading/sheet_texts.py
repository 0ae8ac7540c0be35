"""Cells of a workbook as texts, in Arrow columns: batch after batch, never all as objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.bounds import TEXTS, too_big

BATCH = 20_000  # rows held as Python objects


def number(value: float) -> str | None:
    """12.0 -> « 12 », 0.1 -> « 0.1 », 1e-07 -> « 0.0000001 »; what is no number -> None."""
    if value != value or value in (float("inf"), float("-inf")):
        return None
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def _moment(value: datetime) -> str:
    rounded = value + timedelta(microseconds=500_000) if value.microsecond else value
    return rounded.replace(microsecond=0).isoformat()


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


TEXT: dict[type, Callable[[Any], str | None]] = {
    str: lambda value: value or None,
    float: number,
    int: str,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: _moment,
    time: lambda value: value.replace(microsecond=0).isoformat(),
    timedelta: _duration,
    type(None): lambda value: None,
}


def table(rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Rows of plain values -> strings by column « 0 », « 1 »...; an empty cell is null.

    Short rows are completed; wholly empty right-hand columns are dropped. Raises Unreadable when
    the texts together would not fit in memory.
    """
    made = _Columns()
    for batch in _batches(rows):
        made.add(batch)
    return named(made.joined())


def named(columns: Sequence[pa.ChunkedArray | pa.Array]) -> pa.Table:
    """Columns named by position, without the wholly empty ones on the right."""
    kept = len(columns)
    while kept and columns[kept - 1].null_count == len(columns[kept - 1]):
        kept -= 1
    return pa.table({str(index): columns[index] for index in range(kept)})


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


class _Columns:
    """Arrow columns that grow by batches of rows; a batch may be wider than those before."""

    def __init__(self) -> None:
        self._rows = 0
        self._size = 0
        self._parts: list[list[pa.Array]] = []
        self._types: list[set[type]] = []

    def add(self, batch: list[Sequence[Any]]) -> None:
        for index, values in enumerate(zip_longest(*batch)):
            if index == len(self._parts):
                self._parts.append([pa.nulls(self._rows, pa.string())])
                self._types.append(set())
            self._types[index].update(map(type, values))
            texts = _texts(values)
            self._parts[index].append(texts)
            self._size += texts.nbytes
        self._rows += len(batch)
        if self._size > TEXTS:
            raise too_big("trop de texte dans les cellules")
        self._even()

    def _even(self) -> None:
        for parts in self._parts:
            if missing := self._rows - sum(map(len, parts)):
                parts.append(pa.nulls(missing, pa.string()))

    def joined(self) -> list[pa.ChunkedArray]:
        """Every column, whole."""
        made = [pa.chunked_array(parts, pa.string()) for parts in self._parts]
        return [
            _one_shape(column) if {date, datetime} <= types else column
            for column, types in zip(made, self._types, strict=True)
        ]


def _texts(values: tuple[Any, ...]) -> pa.Array:
    """Texts of one column of a batch: in Arrow where all are texts, or all numbers."""
    kinds = set(map(type, values))
    if kinds == {str}:
        made = pa.array(values, pa.string())
        return pc.if_else(pc.equal(made, ""), pa.scalar(None, pa.string()), made)
    if float in kinds and kinds <= {float, str, type(None)}:
        figures = [value if type(value) is float else None for value in values]
        if not any(type(value) is str and value for value in values):
            made = _numbers(pa.array(figures, pa.float64()))
            if made is not None:
                return made
    return pa.array([TEXT[type(value)](value) for value in values], pa.string())


def _numbers(figures: pa.Array) -> pa.Array | None:
    """As `number`, for a whole array; None where one of them would not be written plainly."""
    size = pc.abs(pc.drop_null(figures)).to_numpy(zero_copy_only=False)
    if not np.all((size == 0) | ((size >= 1e-3) & (size < 1e15))):
        return None
    whole = pc.equal(figures, pc.floor(figures))
    integers = pc.cast(pc.if_else(whole, figures, 0.0), pa.int64())
    return pc.if_else(whole, pc.cast(integers, pa.string()), pc.cast(figures, pa.string()))


def _one_shape(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Midnights of a column of moments are written as moments, where moments are the most."""
    days = pc.match_substring_regex(column, r"^\d{4}-\d{2}-\d{2}$")
    moments = pc.match_substring_regex(column, r"^\d{4}-\d{2}-\d{2}T")
    if (pc.sum(moments).as_py() or 0) <= (pc.sum(days).as_py() or 0):
        return column
    return pc.if_else(days, pc.binary_join_element_wise(column, "T00:00:00", ""), column)
