"""What reading changed although the standard wanted it as it was: « N/A », « +33... », « 12,5 % ».

Reading knows no standard. Once a column is given a field, a value that the field's own list or
pattern takes, and that reading emptied or wrote another way, is put back from the file; a share is
a percentage again where the field counts up to 100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.door import read
from data.reading.reading import SHOWN, Reading, Repair, Wishes, distinct
from data.schemas import Field, Schema
from diagnostics.mapping.accepted import speaks, taken, takes
from diagnostics.mapping.carry import by_distinct, formed
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.names import plain

MISSING, PERCENT = "missing_value", "percent"
RATES = ("taux", "pourcent", "pct", "percent")
# Letters for letters: a pattern that takes the word so turned does not ask for the word itself.
_TURNED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "qjxkzwvqxjkwqzxvjkwzqxjvkwQJXKZWVQXJKWQZXVJKWZQXJVKW",
)


@dataclass(frozen=True)
class Back:
    """The repairs of one column to undo where its field takes what the file said."""

    field: Field
    kinds: tuple[str, ...]


def with_wanted_words(
    path: Path, reading: Reading, schema: Schema, choices: Choices, wishes: Wishes | None = None
) -> Reading:
    """The reading with, in each mapped column, what the standard itself wants as the file has it.

    `path` and `wishes` are those of `reading`: the file is read again only when something is to be
    put back. The repairs are counted anew; one that is wholly undone is listed no more.
    """
    asked = wishes or Wishes(sheet=reading.sheet)
    fields = _mapped(reading, schema, choices)
    back = _back(reading, fields)
    made = _put_back(path, reading, back, asked) if back else reading
    return _percentages(made, fields)


def _mapped(reading: Reading, schema: Schema, choices: Choices) -> dict[str, Field]:
    """Column of the file -> its field, for those given one as they are."""
    found = {header: schema.field(to) for header, to in choices.fields.items() if to}
    held = set(reading.table.column_names)
    return {header: field for header, field in found.items() if field and header in held}


# --- words -------------------------------------------------------------------------------------


def _back(reading: Reading, fields: Mapping[str, Field]) -> dict[str, Back]:
    """Column -> what is to be undone in it."""
    made: dict[str, Back] = {}
    for repair in reading.repairs:
        field = fields.get(repair.column or "")
        if field is None or repair.column is None or not speaks(field):
            continue
        if any(_wanted(before, after, field) for before, after in _examples(repair)):
            known = made.get(repair.column, Back(field, ()))
            made[repair.column] = Back(field, (*known.kinds, repair.kind))
    return made


def _examples(repair: Repair) -> Iterator[tuple[str, str | None]]:
    yield repair.before, repair.after
    for _, before, after in repair.examples:
        yield before, after


def _wanted(before: str, after: str | None, field: Field) -> bool:
    """Whether the field takes what the file said, and not what reading made of it."""
    if not takes(before, field):
        return False
    if after is None:
        return _named(before, field)
    return not takes(formed(pa.array([after], pa.string()), field)[0].as_py(), field)


def _named(word: str, field: Field) -> bool:
    """Whether the field asks for this very word: listed, or in a pattern that takes no other."""
    if isinstance(field.constraints.get("enum"), list):
        return True
    turned = word.translate(_TURNED)
    return turned != word and not takes(turned, field)


def _put_back(path: Path, reading: Reading, back: Mapping[str, Back], wishes: Wishes) -> Reading:
    refused = {(kind, name) for name, one in back.items() for kind in one.kinds}
    again = read(path, replace(wishes, refused=wishes.refused | refused), reading.file)
    if again.refused is not None or again.table.num_rows != reading.table.num_rows:
        return reading
    made = reading
    for name, one in back.items():
        if name in again.table.column_names:
            made = _column_back(made, name, one, _text(again.table, name))
    kept = tuple(repair for repair in made.repairs if repair.count)
    columns = tuple(
        replace(column, nulls=made.table[column.name].null_count) for column in made.columns
    )
    return replace(made, repairs=kept, columns=columns)


def _column_back(reading: Reading, name: str, one: Back, given: pa.Array) -> Reading:
    cells = _text(reading.table, name)
    emptied = pc.and_(pc.is_null(cells), _asked_for(cells, given, one.field))
    rewritten = pc.and_(pc.is_valid(cells), pc.invert(_takes(formed(cells, one.field), one.field)))
    rewritten = pc.and_(rewritten, _takes(given, one.field))
    place = reading.table.column_names.index(name)
    whole = pc.if_else(pc.or_(emptied, rewritten), given, cells)
    repairs = tuple(
        _less(repair, emptied if repair.kind == MISSING else rewritten)
        if repair.column == name and repair.kind in one.kinds
        else repair
        for repair in reading.repairs
    )
    table = reading.table.set_column(place, name, whole)
    return replace(reading, table=table, repairs=repairs)


def _asked_for(cells: pa.Array, given: pa.Array, field: Field) -> pa.BooleanArray:
    """Where the file holds a word that reading emptied and that the field asks for."""
    words = pc.unique(given.filter(pc.is_null(cells))).drop_null().to_pylist()
    asked = [word for word in words if takes(word, field) and _named(word, field)]
    return pc.is_in(given, value_set=pa.array(asked, pa.string()))


def _text(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _takes(cells: pa.Array, field: Field) -> pa.BooleanArray:
    found = taken(cells, field)
    return pa.array(np.zeros(len(cells), dtype=bool)) if found is None else found


def _less(repair: Repair, undone: pa.BooleanArray) -> Repair:
    """A repair without the rows that were put back."""
    rows = set((np.flatnonzero(undone.to_numpy(zero_copy_only=False)) + 1).tolist())
    examples = tuple(one for one in repair.examples if one[0] not in rows)
    return replace(
        repair,
        count=max(len(examples), repair.count - len(rows)),
        rows=tuple(row for row in repair.rows if row not in rows),
        before=examples[0][1] if examples else "",
        after=examples[0][2] if examples else None,
        examples=examples,
    )


# --- percentages ---------------------------------------------------------------------------------


def _percentages(reading: Reading, fields: Mapping[str, Field]) -> Reading:
    """Shares (0.125) as the percentages (12.5) of a field that counts up to 100; else a flag."""
    made, flags = reading, list(reading.flags)
    for name, field in fields.items():
        if f"{PERCENT}:{name}" not in reading.flags or field.type not in ("number", "integer"):
            continue
        if _up_to_hundred(field):
            made = _hundredfold(made, name)
        elif _limit(field) is None and any(word in plain(field.name) for word in RATES):
            flags.append(f"percent_scale:{name}")
    return replace(made, flags=distinct(flags))


def _up_to_hundred(field: Field) -> bool:
    return _limit(field) == 100


def _limit(field: Field) -> float | None:
    try:
        return float(field.constraints["maximum"])
    except (KeyError, TypeError, ValueError):
        return None


def _hundredfold(reading: Reading, name: str) -> Reading:
    """A column of shares times 100, its repair saying so; unless a cell was no percentage."""
    whole = sum(one.count for one in reading.repairs if (one.kind, one.column) == (PERCENT, name))
    column = _text(reading.table, name)
    if whole < len(column) - column.null_count:
        return replace(reading, flags=distinct([*reading.flags, f"percent_scale:{name}"]))
    place = reading.table.column_names.index(name)
    table = reading.table.set_column(place, name, by_distinct(column, _times_hundred))
    repairs = tuple(
        _scaled(one) if (one.kind, one.column) == (PERCENT, name) else one
        for one in reading.repairs
    )
    return replace(reading, table=table, repairs=repairs)


def _scaled(repair: Repair) -> Repair:
    examples = tuple(
        (row, before, after and _times_hundred(after))
        for row, before, after in repair.examples[:SHOWN]
    )
    return replace(repair, after=repair.after and _times_hundred(repair.after), examples=examples)


def _times_hundred(text: str) -> str:
    try:
        made = (Decimal(text) * 100).normalize()
    except InvalidOperation:
        return text
    return f"{made:f}"
