"""A table handed over by a service as the rows of a dataset's own table.

The card says which field of a standard fills which column (`local`); a column of the same name
fills itself. What cannot be cast is counted, never dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.catalog import Column, Dataset, LocalColumn
from data.points import columns_by_name, located
from data.schemas import Field, Schema
from data.scratch import Scratch, quoted, scratch
from data.territories import Territory, members

TRUE = ("true", "vrai", "oui", "1", "yes")
FALSE = ("false", "faux", "non", "0", "no")
COMMUNES = (
    "code_insee", "insee", "commune_insee", "comm_insee", "com_insee", "code_commune_insee",
    "code_insee_commune", "coll_insee", "fr_insee_code",
)  # fmt: skip
_DATE = r"try_cast(regexp_extract({0}, '^\s*(\d{{4}}-\d{{2}}-\d{{2}})', 1) as date)"
_TAKEN = {
    "year": f"extract(year from {_DATE})",
    "date": _DATE,
    "hour": "extract(hour from try_cast({0} as timestamp))",
}


@dataclass(frozen=True)
class LocalRows:
    """The rows as the store wants them, and all that they do not say."""

    rows: pd.DataFrame  # territory, then the columns of the card
    lost: tuple[tuple[str, int], ...]  # (column of the card, values that could not be cast)
    absent: tuple[str, ...]  # columns of the card that nothing fills
    elsewhere: int  # lines of another commune, left aside


def local_rows(
    dataset: Dataset, table: pa.Table, schema: Schema | None, place: Territory
) -> LocalRows:
    """The rows of a dataset for a place, from a table of strings."""
    points = _points(dataset, table, schema)
    sources = {made.name: _source(dataset, made, table) for made in dataset.columns}
    communes = {"commune": _communes(table, place)}
    given = pa.table({**communes, **points, **_cells(dataset, table, schema, sources)})
    filled = {
        made.name: f'"{made.name}"' if made.name in points else _cast(made, sources[made.name])
        for made in dataset.columns
    }
    kept = "from given where coalesce(commune, $2) in (select unnest($1::varchar[]))"
    asked = [[place.code, *members(place)], place.code]
    read = {name: made for name, made in sources.items() if made and name not in points}
    named = ", ".join(f"{sql} as {quoted(name)}" for name, sql in filled.items())
    with scratch() as space:
        space.register("given", given)
        lost = _lost(space, read, filled, kept, asked)
        made = space.arrow(f"select coalesce(commune, $2) as territory, {named} {kept}", asked)
    absent = tuple(name for name in filled if not sources[name] and name not in points)
    rows = made.to_pandas(types_mapper=pd.ArrowDtype)
    return LocalRows(rows, lost, absent, table.num_rows - made.num_rows)


def _communes(table: pa.Table, place: Territory) -> pa.Array | pa.ChunkedArray:
    """The commune that each line names, null when it names none."""
    by_name = columns_by_name(table)
    found = next((by_name[name] for name in COMMUNES if name in by_name), None)
    if found is None or place.fictional:
        return pa.nulls(table.num_rows, pa.string())
    said = pc.utf8_trim_whitespace(table[found].cast(pa.string()))
    return pc.if_else(pc.equal(said, ""), pa.scalar(None, pa.string()), said)


def _points(dataset: Dataset, table: pa.Table, schema: Schema | None) -> dict[str, pa.Array]:
    """The places of the lines, by column of the card that they fill.

    A place read whole, and within the Earth, beats two columns cast one by one.
    """
    wanted = {"longitude", "latitude"} <= {made.name for made in dataset.columns}
    found = located(table, schema) if wanted else None
    return {} if found is None else {"longitude": found.lon, "latitude": found.lat}


def _cells(
    dataset: Dataset, table: pa.Table, schema: Schema | None, sources: dict[str, LocalColumn | None]
) -> dict[str, pa.ChunkedArray]:
    """What SQL reads, under names of ours: no name of the file ever becomes one."""
    columns: dict[str, pa.ChunkedArray] = {}
    for made in dataset.columns:
        source = sources[made.name]
        for rank, name in enumerate(source.fields if source else ()):
            said = pc.utf8_trim_whitespace(table[name].cast(pa.string()))
            blank = pc.if_else(pc.equal(said, ""), pa.scalar(None, pa.string()), said)
            columns[_cell(made.name, rank)] = blank
            if made.type == "BOOLEAN":
                columns[f"{_cell(made.name, rank)} yes"] = _yes(said, name, schema)
    return columns


def _cell(column: str, rank: int) -> str:
    """The name in SQL of the n-th field that fills a column."""
    return f"{column} {rank}"


def _source(dataset: Dataset, column: Column, table: pa.Table) -> LocalColumn | None:
    """What fills a column: what the card says, else the column of the same name."""
    by_name = columns_by_name(table)
    said = next((made for made in dataset.local if made.column == column.name), None)
    if said:
        asked = (name if name in by_name else name.casefold() for name in said.fields)
        there = tuple(by_name[name] for name in asked if name in by_name)
        if there:
            return LocalColumn(said.column, there, said.factor, said.take)
    same = by_name.get(column.name.casefold())
    return LocalColumn(column.name, (same,)) if same else None


def _cast(column: Column, source: LocalColumn | None) -> str:
    if source is None:
        return f"cast(null as {column.type})"
    made = [_one(column, rank, source) for rank in range(len(source.fields))]
    return f"cast(coalesce({', '.join(made)}) as {column.type})"


def _one(column: Column, rank: int, source: LocalColumn) -> str:
    """SQL: a cell as the type of its column, null when it is not one."""
    cell = quoted(_cell(column.name, rank))
    if source.take:
        return _TAKEN[source.take].format(cell)
    match column.type:
        case "INTEGER" | "BIGINT":
            whole = rf"regexp_matches({cell}, '^[+-]?\d+(\.0*)?$')"
            return f"case when {whole} then try_cast({cell} as {column.type}) end"
        case "DOUBLE":
            number = f"try_cast({cell} as double)"
            return f"case when isfinite({number}) then {number} * {source.factor!r} end"
        case "BOOLEAN":
            return quoted(f"{_cell(column.name, rank)} yes")
        case "DATE":
            return _DATE.format(cell)
        case "TIMESTAMP":
            return f"try_cast({cell} as timestamp)"
    return cell


def _yes(column: pa.ChunkedArray, name: str, schema: Schema | None) -> pa.ChunkedArray:
    """True and false by the words of the standard, then by everybody's; null for another word."""
    made = schema.field(name) if schema else None
    said = pc.utf8_lower(column)
    yes, no = (
        pc.is_in(said, value_set=pa.array(_words(made, key, usual), pa.string()))
        for key, usual in (("trueValues", TRUE), ("falseValues", FALSE))
    )
    return pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))


def _words(made: Field | None, key: str, usual: tuple[str, ...]) -> list[str]:
    given = made.raw.get(key) if made else None
    own = [str(one).lower() for one in given] if isinstance(given, list) else []
    return [*own, *usual]


def _lost(
    space: Scratch,
    read: dict[str, LocalColumn],
    columns: dict[str, str],
    kept: str,
    asked: list[Any],
) -> tuple[tuple[str, int], ...]:
    """How many cells of the lines kept hold something that the column of the card cannot hold."""
    if not read:
        return ()
    counts = ", ".join(
        f"count(*) filter (({columns[name]}) is null and ({_filled(name, made)}))"
        for name, made in read.items()
    )
    found = space.rows(f"select {counts} {kept}", asked)[0]
    return tuple((name, int(count)) for name, count in zip(read, found, strict=True) if count)


def _filled(column: str, source: LocalColumn) -> str:
    """SQL: one of the fields holds something."""
    cells = (quoted(_cell(column, rank)) for rank in range(len(source.fields)))
    return " or ".join(f"{cell} is not null" for cell in cells)
