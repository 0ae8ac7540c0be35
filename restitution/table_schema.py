"""A table to publish: its columns said once, then written as CSV, Parquet and Table Schema."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pyarrow
import pyarrow.parquet

from data.cells import neutral
from drawing import french

# Type of Table Schema -> type in Parquet.
KINDS: dict[str, pyarrow.DataType] = {
    "string": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("ms", tz="UTC"),
}
# Type of a column of the store -> type of Table Schema.
OF_STORE = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


@dataclass(frozen=True)
class Field:
    """One column: its name for machines, what it is for people, and what its values obey."""

    name: str
    title: str
    kind: str = "string"  # key of KINDS
    unit: str = ""
    constraints: dict[str, Any] = field(default_factory=dict, hash=False)

    def as_dict(self) -> dict[str, Any]:
        """The field of a Table Schema; `unit` is a property of ours, which the standard allows."""
        title = french.typeset(self.title)
        return {
            "name": self.name,
            "type": self.kind,
            "title": title,
            "description": f"{title} ({self.unit})" if self.unit else title,
            **({"unit": self.unit} if self.unit else {}),
            **({"constraints": self.constraints} if self.constraints else {}),
        }


@dataclass(frozen=True)
class Published:
    """A table with its columns; the rows hold None where there is nothing to write."""

    name: str
    title: str
    description: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[Any]]
    key: tuple[str, ...] = ()  # columns that name a row

    def schema(self) -> dict[str, Any]:
        """The Table Schema (Frictionless, version 1)."""
        made: dict[str, Any] = {
            "fields": [one.as_dict() for one in self.fields],
            "missingValues": [""],
        }
        return {**made, **({"primaryKey": list(self.key)} if self.key else {})}


def guarded(value: Any) -> Any:
    """A blank is nothing; a text that a spreadsheet would run is made harmless."""
    if isinstance(value, str):
        return neutral(value) or None
    return value


def as_csv(table: Published) -> bytes:
    """UTF-8, comma, LF, ISO dates, decimal point, nothing for null."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.name for one in table.fields])
    kinds = [one.kind for one in table.fields]
    writer.writerows(
        [_written(value, kind) for value, kind in zip(row, kinds, strict=True)]
        for row in table.rows
    )
    return text.getvalue().encode()


def _written(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{_utc(value):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and kind == "integer":
        return str(int(value))
    if kind == "number":
        return repr(float(value))
    said = guarded(value)
    return "" if said is None else str(said)


def _utc(moment: datetime) -> datetime:
    """The store keeps UTC without saying so."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_parquet(table: Published) -> bytes:
    """The same rows and types, for machines."""
    columns: Iterable[tuple[Any, ...]] = (
        zip(*table.rows, strict=True) if table.rows else [()] * len(table.fields)
    )
    arrays = [
        pyarrow.array([_typed(value, one.kind) for value in column], KINDS[one.kind])
        for one, column in zip(table.fields, columns, strict=True)
    ]
    held = io.BytesIO()
    names = [one.name for one in table.fields]
    pyarrow.parquet.write_table(pyarrow.table(arrays, names=names), held, compression="zstd")
    return held.getvalue()


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if isinstance(value, datetime):
        return _utc(value).replace(microsecond=0)
    if kind == "integer":
        return int(value)
    return float(value) if kind == "number" else guarded(value)
