"""DuckDB in memory for one file at a time: what validators and readers compute in SQL.

Nothing here outlives the `with`; no extension is loaded and no other file can be opened by SQL that
a file's content would have slipped in: names go through `quoted`, values through parameters.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data.store import quoted

__all__ = ["Scratch", "ScratchError", "quoted", "scratch", "write_csv"]

ScratchError = duckdb.Error  # what SQL over a hostile file may raise
MEMORY = "2GB"


class Scratch:
    """One connection in memory; what does not fit is spilled in a folder that goes with it."""

    def __init__(self, folder: str) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": folder,
                "memory_limit": MEMORY,
                "preserve_insertion_order": "true",
            },
        )

    def run(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """Execute a statement that gives nothing back."""
        self._connection.execute(sql, params or None)

    def rows(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(sql, params or None).fetchall()

    def arrow(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """The result of a query as an Arrow table."""
        return self._connection.execute(sql, params or None).to_arrow_table()

    def batches(self, sql: str, size: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The result of a query by Arrow batches, in order, never whole in memory."""
        yield from self._connection.execute(sql).to_arrow_reader(size)

    def accepts(self, sql: str) -> bool:
        """Whether a query that costs nothing runs without error."""
        try:
            self._connection.execute(sql).fetchall()
        except ScratchError:
            return False
        return True

    def register(self, name: str, table: Any) -> None:
        """Make an Arrow table visible to SQL under a name, without a copy."""
        self._connection.register(name, table)

    def unregister(self, name: str) -> None:
        """Forget a registered table."""
        self._connection.unregister(name)

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A workspace for one file."""
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        made = Scratch(folder)
        try:
            yield made
        finally:
            made.close()


def write_csv(table: pa.Table, path: Path) -> None:
    """Write a table as CSV: UTF-8 without BOM, comma, LF, quotes only where needed, null empty.

    The names go as a first row: as columns of SQL, « Nom » and « nom » would be one.
    """
    if not table.num_columns:
        path.write_bytes(b"")
        return
    places = [str(place) for place in range(table.num_columns)]
    head = [pa.array([name], pa.string()) for name in table.column_names]
    with scratch() as space:
        space.register("head", pa.table(head, names=places))
        space.register("body", table.rename_columns(places))
        space.run(
            "copy (from head union all select columns(*)::varchar from body) to $1"
            " (format csv, header false, delimiter ',', quote '\"', escape '\"')",
            [str(path)],
        )
