"""Several towns' files of one standard: who has it, how well it conforms, one file out of all.

Nothing is lost: columns that the standard does not know are kept after its own, and rows that bear
the same key are listed and kept, for only their towns can say which one is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from data.schemas import Schema
from data.scratch import Scratch, quoted, scratch
from data.territories import territory
from diagnostics.conformity.validate import validate_table
from diagnostics.conformity.verdict import Verdict

TOWN, FILE, LINE = "code_territoire", "fichier", "ligne"
ORIGIN = (TOWN, FILE, LINE)
SHOWN = 200  # duplicates listed; all are counted


@dataclass(frozen=True)
class Sent:
    """The file of one town: a table of texts whose columns bear field names."""

    territory: str  # code
    file: str
    table: pa.Table
    version: str | None = None  # of the standard, as the file or its package says; None: not said
    verdict: Verdict | None = None  # of the file as it was published; None: the table is judged


@dataclass(frozen=True)
class Compared:
    """How one town's file stands beside the standard."""

    territory: str
    file: str
    version: str | None
    rows: int
    valid: bool
    share_valid_rows: float | None  # None: no row
    missing: tuple[str, ...]  # required fields that the file has not
    beyond: tuple[str, ...]  # columns that the standard does not know
    fictional: bool = False  # an invented town

    def document(self) -> dict[str, Any]:
        """As the command prints it."""
        return {**vars(self), "missing": list(self.missing), "beyond": list(self.beyond)}


@dataclass(frozen=True)
class Duplicate:
    """A key that several rows bear."""

    key: tuple[str, ...]
    rows: tuple[tuple[str, str, int], ...]  # town, file, line


@dataclass(frozen=True)
class Consolidated:
    """One table out of several files, with where each row comes from."""

    schema: Schema
    table: pa.Table
    compared: tuple[Compared, ...]
    key: tuple[str, ...]  # fields that tell rows apart; empty: the whole row
    duplicates: tuple[Duplicate, ...]
    duplicate_keys: int

    def document(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "schema": self.schema.header(),
            "rows": self.table.num_rows,
            "territories": [made.document() for made in self.compared],
            "key": list(self.key),
            "duplicate_keys": self.duplicate_keys,
            "duplicates": [
                {"key": list(made.key), "rows": [list(row) for row in made.rows]}
                for made in self.duplicates
            ],
        }


def consolidated(sent: Sequence[Sent], schema: Schema) -> Consolidated:
    """Compare the files of several towns and put their rows together, in the order given."""
    compared = tuple(_compared(one, schema) for one in sent)
    columns = _columns(sent, schema)
    table = pa.concat_tables([_placed(one, columns) for one in sent]) if sent else _empty(columns)
    key = _key(table, schema)
    with scratch() as space:
        found, count = _duplicates(space, table, key or _beyond_origin(columns))
    return Consolidated(schema, table, compared, key, found, count)


def _compared(one: Sent, schema: Schema) -> Compared:
    verdict = one.verdict or validate_table(one.table, schema, name=one.file)
    held = set(one.table.column_names)
    return Compared(
        territory=one.territory,
        file=one.file,
        version=one.version,
        rows=one.table.num_rows,
        valid=verdict.valid,
        share_valid_rows=verdict.share_valid_rows if one.table.num_rows else None,
        missing=tuple(
            made.name for made in schema.fields if made.required and made.name not in held
        ),
        beyond=tuple(name for name in one.table.column_names if name not in schema.names),
        fictional=territory(one.territory).fictional,
    )


def _columns(sent: Sequence[Sent], schema: Schema) -> list[str]:
    """The standard's fields, then what the files have beside, in the order met."""
    beside = [name for one in sent for name in one.table.column_names if name not in schema.names]
    return [*schema.names, *dict.fromkeys(beside)]


def _placed(one: Sent, columns: Sequence[str]) -> pa.Table:
    """The rows of one file in the common columns, each with where it comes from."""
    rows = one.table.num_rows
    held = set(one.table.column_names)
    made = {
        TOWN: pa.array([one.territory] * rows, pa.string()),
        FILE: pa.array([one.file] * rows, pa.string()),
        LINE: pa.array(range(1, rows + 1), pa.int64()),
    }
    for name in columns:
        made[_apart(name)] = (
            one.table[name].cast(pa.string()) if name in held else pa.nulls(rows, pa.string())
        )
    return pa.table(made)


def _apart(name: str) -> str:
    """A column of a file named as one of ours gives way."""
    return f"{name}_2" if name in ORIGIN else name


def _empty(columns: Sequence[str]) -> pa.Table:
    return _placed(Sent("", "", pa.table({})), columns)


def _key(table: pa.Table, schema: Schema) -> tuple[str, ...]:
    """The primary key, else the first field that the standard wants unique."""
    unique = tuple(made.name for made in schema.fields if made.constraints.get("unique") is True)[
        :1
    ]
    key = schema.primary_key or unique
    return tuple(map(_apart, key)) if set(key) <= set(schema.names) else ()


def _beyond_origin(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_apart, columns))


def _duplicates(
    space: Scratch, table: pa.Table, key: Sequence[str]
) -> tuple[tuple[Duplicate, ...], int]:
    """Keys borne more than once, a missing value being no key; the first 200 and how many.

    Columns go by their place: to SQL, « Nom » and « nom » are one name.
    """
    if not key:
        return (), 0
    places = [str(place) for place in range(table.num_columns)]
    space.register("together", table.rename_columns(places))
    at = dict(zip(table.column_names, map(quoted, places), strict=True))
    names = ", ".join(at[name] for name in key)
    some = " or ".join(f"{at[name]} is not null" for name in key)
    origin = ", ".join(at[name] for name in ORIGIN)
    found = space.rows(
        f"select [{names}], list(({origin}) order by {origin}), count(*) over ()"
        f" from together where {some} group by {names} having count(*) > 1"
        f" order by min({at[LINE]}), {names} limit {SHOWN}"
    )
    made = tuple(
        Duplicate(tuple(value or "" for value in borne), tuple(map(_place, rows)))
        for borne, rows, _ in found
    )
    return made, int(found[0][2]) if found else 0


def _place(row: Any) -> tuple[str, str, int]:
    town, file, line = row.values() if isinstance(row, dict) else row
    return str(town), str(file), int(line)
