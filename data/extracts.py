"""Rows of one dataset for some territories, as they would be published, and a copy of the store."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pyarrow.compute

from data.catalog import Dataset
from data.store import Store, quoted

MOST_ROWS = 50_000


def count(store: Store, dataset: Dataset, territories: Sequence[str]) -> int:
    """How many rows a dataset holds for these territories."""
    if not store.has(dataset.id):
        return 0
    sql = f"select count(*) as n from {quoted(dataset.id)} where territory in (select unnest($1))"
    return int(store.rows(sql, [list(territories)])[0]["n"])


def rows(store: Store, dataset: Dataset, territories: Sequence[str]) -> pyarrow.Table:
    """The rows of a dataset for these territories, columns of its card after `territory`.

    MOST_ROWS at most, in the order of their values. A text that is blank and a number that is none
    are both null: a file of text could not tell them apart.
    """
    sql = (
        f"select * from {quoted(dataset.id)} where territory in (select unnest($1))"
        f" order by all limit {MOST_ROWS}"
    )
    with store.cursor() as cursor:
        table = cursor.execute(sql, [list(territories)]).to_arrow_table()
    there = set(table.column_names)  # a column that the card gained since the last fetch is not
    names = [
        name for name in ("territory", *(one.name for one in dataset.columns)) if name in there
    ]
    return pyarrow.table([_bare(table[name]) for name in names], names=names)


def _bare(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    if pyarrow.types.is_string(column.type):
        return _without(column, pyarrow.compute.equal(column, ""))
    if pyarrow.types.is_floating(column.type):
        return _without(column, pyarrow.compute.invert(pyarrow.compute.is_finite(column)))
    return column


def _without(column: pyarrow.ChunkedArray, where: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    return pyarrow.compute.if_else(where, pyarrow.scalar(None, column.type), column)


def copy(store: Store) -> bytes:
    """The whole store as the bytes of a DuckDB file of its own: the same rows, one moment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copie.duckdb"
        store.copy_to(path)
        return path.read_bytes()
