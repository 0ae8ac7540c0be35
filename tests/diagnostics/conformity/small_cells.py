"""A loaded table of a few lines, as the validator's loader gives it, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import count
from typing import Any

import pyarrow as pa

from data.schemas import schema_of
from data.scratch import Scratch, quoted, scratch
from diagnostics.conformity.cells import VIEW, Cells, Issue, RowCheck

_OPEN, _TURN = ExitStack(), count(1)
SQL_TYPES = {
    "number": "decimal(38, 9)",
    "integer": "hugeint",
    "year": "integer",
    "date": "date",
    "datetime": "timestamp",
    "boolean": "boolean",
}


@cache
def workspace() -> Scratch:
    """One workspace for many small tables: opening one takes longer than the test."""
    return _OPEN.enter_context(scratch())


def cells(
    space: Scratch,
    fields: Mapping[str, str] | Sequence[Mapping[str, Any]],
    columns: Mapping[str, Sequence[str | None]],
    *asked: Mapping[str, Any],
) -> Cells:
    """Columns of text under a schema: {name: type} or whole descriptions, and custom checks."""
    described = (
        [{"name": name, "type": kind} for name, kind in fields.items()]
        if isinstance(fields, Mapping)
        else [dict(one) for one in fields]
    )
    schema = schema_of({"fields": described, "custom_checks": list(asked)}, "essai")
    held = {name: values for name, values in columns.items() if schema.field(name)}
    lines = max((len(values) for values in columns.values()), default=0)
    table = pa.table(
        {
            "n": pa.array(range(1, lines + 1), pa.int64()),
            **{f"r_{name}": pa.array(values, pa.string()) for name, values in held.items()},
        }
    )
    space.register("given", table)
    raw = {name: quoted(f"r_{name}") for name in held}
    typed = {name: quoted(f"t_{name}") for name in held}
    made = ", ".join(f"{_typed(schema, name, raw[name])} as {typed[name]}" for name in held)
    space.run(f"create or replace view {VIEW} as select *{', ' + made if made else ''} from given")
    # tables that a check makes must not meet those of the test before
    return Cells(space, schema, lines, raw, typed, _made=next(_TURN) * 100)


def _typed(schema: Any, name: str, column: str) -> str:
    field = schema.field(name)
    if field.type == "geopoint":
        parts = f"split_part({column}, ',', 1)", f"split_part({column}, ',', 2)"
        near = f"abs(try_cast({parts[0]} as double)) <= 180"
        if field.format == "array":
            bare = f"trim({column}, '[]')"
            parts = f"split_part({bare}, ',', 1)", f"split_part({bare}, ',', 2)"
            near = "true"
        both = " and ".join(f"try_cast({part} as double) is not null" for part in parts)
        return f"case when {both} and {near} then {column} end"
    if field.type == "integer":
        return f"case when regexp_full_match({column}, '-?[0-9]+') then {column}::hugeint end"
    if field.type == "number":
        return f"try_cast(try_cast({column} as double) as {SQL_TYPES['number']})"
    return f"try_cast({column} as {SQL_TYPES.get(field.type, 'varchar')})"


def failing(made: Cells, check: RowCheck) -> list[int]:
    """The lines that break a rule."""
    found = made.scratch.rows(f"select n from {VIEW} where {check.fails} order by n")
    return [n for (n,) in found]


def pairs(made: Cells, found: Sequence[RowCheck | Issue]) -> set[tuple[int | None, str]]:
    """Every (line, code); None for an issue of the whole file."""
    kept: set[tuple[int | None, str]] = set()
    for one in found:
        if isinstance(one, Issue):
            kept.add((None, one.code))
        else:
            kept |= {(n, one.code) for n in failing(made, one)}
    return kept
