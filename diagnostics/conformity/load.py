"""From a table as given to the view `cells`: raw and typed columns of the fields it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from data.schemas import Field, Schema
from data.scratch import Scratch, quoted
from diagnostics.conformity import types, values
from diagnostics.conformity.cells import VIEW, Cells, literal
from diagnostics.conformity.given import Given

UNNUMBERED, KEPT = "cells_unnumbered", "cells_kept"
BASE = "cells_base"
TOGETHER = 500  # aggregates a pass: a file takes longer to read than they to plan
BLANK, RAGGED, WIDTH = "blank", "ragged", "width"


@dataclass
class Loaded:
    """The cells, the table they come from; `ordered`: rows come out in the order of the file."""

    cells: Cells
    given: Given
    ordered: bool
    judged: dict[str, str]  # field -> SQL list of its distinct values that Python is to judge
    refused: tuple[str, ...] = ()  # fields of which Python refused some


def loaded(
    scratch: Scratch, given: Given, schema: Schema, held: Mapping[str, list[str]] | None = None
) -> Loaded:
    """Make the views over a table as given: one without `n`, which is read in parallel.

    `held`: the distinct values that Python is to judge, by field; without them, all have their
    type.
    """
    places = {label: place for place, label in reversed(list(enumerate(given.labels)))}
    had = {field.name: places[field.name] for field in schema.fields if field.name in places}
    raw = {name: quoted(f"r{place}") for name, place in had.items()}
    scratch.run(f"create or replace view {BASE} as select {_base(given, schema, had)}")
    base = Cells(scratch, schema, 0, raw, raw, view=BASE)
    right, wrong = judged(schema, held or {})
    made = {name: _typed(base, _field(schema, name), wrong.get(name, [])) for name in had}
    typed = {
        name: raw[name] if made[name] == raw[name] else quoted(f"t{place}")
        for name, place in had.items()
    }
    more = [f"{made[name]} as {column}" for name, column in typed.items() if column != raw[name]]
    listed = ", ".join(["*", *more])
    scratch.run(f"create or replace view {UNNUMBERED} as select {listed} from {BASE}")
    numbered = f"select row_number() over () as n, * from {UNNUMBERED}"
    if given.small:  # reading its lines again would take less than planning how to
        scratch.run(f"create or replace temp table {KEPT} as {numbered}")
        numbered = f"select * from {KEPT}"
    scratch.run(f"create or replace view {VIEW} as {numbered}")
    view = KEPT if given.small else UNNUMBERED
    cells = Cells(scratch, schema, int(given.some), raw, typed, view=view)
    cells.known = complete(schema, right)
    if not given.small:
        cells.together = TOGETHER
    ordered = given.small or "select" not in listed
    return Loaded(cells, given, ordered, _judged(base), tuple(wrong))


def _field(schema: Schema, name: str) -> Field:
    field = schema.field(name)
    assert field is not None
    return field


def _base(given: Given, schema: Schema, had: dict[str, int]) -> str:
    known = {
        place: _raw(f"c{place}", missing(schema, _field(schema, name)))
        for name, place in had.items()
    }
    parts = [f"{sql} as {quoted(f'r{place}')}" for place, sql in known.items()]
    others = [f"nullif({name}, '')" for at, name in enumerate(given.columns) if at not in known]
    parts.append(
        f"coalesce({', '.join([*known.values(), *others, 'null::varchar'])}) is null as {BLANK}"
    )
    parts.append(f"{given.ragged} as {RAGGED}")
    parts.append(f"{given.width or len(given.labels)} as {WIDTH}")
    return f"{', '.join(parts)} from {given.relation}"


def missing(schema: Schema, field: Field) -> tuple[str, ...]:
    """The texts that stand for no value in a field."""
    own = field.raw.get("missingValues")
    if not isinstance(own, list):
        return schema.missing_values
    return tuple(str(one.get("value") if isinstance(one, dict) else one) for one in own)


def _raw(column: str, words: tuple[str, ...]) -> str:
    made = column
    for word in words:
        made = f"nullif({made}, {literal(word)})"
    return made


def _judged(base: Cells) -> dict[str, str]:
    """The lists of distinct values whose type Python is to judge, where SQL is not sure."""
    listed = {}
    for field in base.schema.fields:
        if field.name in base.raw and types.by_python(field) is not None:
            column = base.raw[field.name]
            sure = types.surely(field, column)
            listed[field.name] = f"list(distinct {column}) filter (where not {sure})"
    return listed


def judged(
    schema: Schema, held: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By field, the values that have its type; and those that have not, if any."""
    right: dict[str, list[str]] = {}
    wrong: dict[str, list[str]] = {}
    for name, found in held.items():
        test = types.by_python(_field(schema, name))
        assert test is not None
        right[name] = sorted({value for value in found if test(value)})
        others = set(found).difference(right[name])
        if others:
            wrong[name] = sorted(others)
    return right, wrong


def complete(schema: Schema, right: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The fields of which all values were judged, not only those SQL is unsure of."""
    return {
        name: values_
        for name, values_ in right.items()
        if types.surely(_field(schema, name), "v") == "false"
    }


def _typed(base: Cells, field: Field, wrong: list[str]) -> str:
    """SQL of the typed column; `wrong`: values that have not the type by Python."""
    column = base.raw[field.name]
    if types.rare_form(field):
        return types.typed(field, _read_by_python(base, field))
    if types.by_python(field) is None:
        return types.typed(field, column)
    if not wrong:
        return f"case when true then {column} end"
    return f"case when not {base.among(column, wrong)} then {column} end"


def _read_by_python(base: Cells, field: Field) -> str:
    """SQL: the ISO form of a date that only Python reads, looked up by its text."""
    pairs = list(_moments(base, field))
    name = f"moments_{base.raw[field.name].strip(chr(34))}"
    given = f"{name}_given"
    table = {
        "v": pa.array([text for text, _ in pairs], pa.string()),
        "iso": pa.array([iso for _, iso in pairs], pa.string()),
    }
    base.scratch.register(given, pa.table(table))
    base.scratch.run(f"create or replace table {name} as select * from {given}")
    base.scratch.unregister(given)
    return f"(select iso from {name} where v = {base.raw[field.name]})"


def _moments(base: Cells, field: Field) -> Iterator[tuple[str, str]]:
    for text in base.distinct(field.name):
        iso = values.moment(text, field.format)
        if iso is not None:
            yield text, iso if field.type != "time" else iso[11:]
