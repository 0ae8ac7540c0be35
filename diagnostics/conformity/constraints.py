"""Types and constraints of a field as rules on rows.

As in the official tools a constraint is looked at only where the cell has its type, an empty cell
breaks none but `required`, and bounds and enumerations are compared as typed values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from data.schemas import Field
from diagnostics.conformity import array_items, regex, types, values
from diagnostics.conformity.cells import Cells, Issue, RowCheck, literal, literals
from diagnostics.conformity.messages import check_error

TYPE, CONSTRAINT = "type-error", "constraint-error"
BOUNDED = ("number", "integer", "date", "datetime", "time", "year", "yearmonth")
BOUNDS = {
    "minimum": "{0} < {1}",
    "maximum": "{0} > {1}",
    "exclusiveMinimum": "{0} <= {1}",
    "exclusiveMaximum": "{0} >= {1}",
}
MEASURED = ("string", "array", "object")
LENGTHS: dict[str, tuple[str, Callable[[int, int], bool]]] = {
    "minLength": ("<", lambda length, bound: length >= bound),
    "maxLength": (">", lambda length, bound: length <= bound),
}
REMEMBERED = 1_000  # tests of patterns
_ACCEPTED: dict[str, bool] = {}
Found = Iterator[RowCheck | Issue]


def checks(cells: Cells) -> Found:
    """The rules of every field that the file has, in the order of the schema."""
    for field in cells.schema.fields:
        if cells.has(field.name):
            yield from _of_field(cells, field)


def _of_field(cells: Cells, field: Field) -> Found:
    raw, typed = cells.raw[field.name], cells.typed[field.name]
    if raw != typed:
        yield RowCheck(TYPE, field.name, f"({raw} is not null and {typed} is null)", "type")
    if field.required:
        yield RowCheck(CONSTRAINT, field.name, f"({raw} is null)", "required")
    yield from _lengths(cells, field)
    yield from _bounds(cells, field)
    if field.type == "string" and isinstance(field.constraints.get("pattern"), str):
        yield _pattern(cells, field, field.constraints["pattern"])
    if isinstance(field.constraints.get("enum"), list):
        yield _enum(cells, field, field.constraints["enum"])
    if field.type == "array" and isinstance(field.raw.get("arrayItem"), dict):
        yield from array_items.checks(cells, field)


def _lengths(cells: Cells, field: Field) -> Found:
    if field.type not in MEASURED:
        return
    for name, (sign, fits) in LENGTHS.items():
        bound = field.constraints.get(name)
        if not isinstance(bound, int) or isinstance(bound, bool):
            continue
        if field.type == "string":
            fails = f"(length({cells.typed[field.name]}) {sign} {bound})"
        else:
            fails = cells.failing(field.name, partial(_measured, fits, bound), typed=True)
        yield RowCheck(CONSTRAINT, field.name, fails, name)


def _measured(fits: Callable[[int, int], bool], bound: int, text: str) -> bool:
    return fits(len(values.parsed(text)), bound)


def _bounds(cells: Cells, field: Field) -> Found:
    if field.type not in BOUNDED:
        return
    column = cells.typed[field.name]
    for name, fails in BOUNDS.items():
        bound = field.constraints.get(name)
        if bound is None:
            continue
        broken = fails.format(column, constant(field, bound))
        if field.type == "number":  # not a number is within no bound
            broken = f"({column} is not null and isnan({column})) or {broken}"
        yield RowCheck(CONSTRAINT, field.name, f"({broken})", name)


def constant(field: Field, value: Any) -> str:
    """SQL: a value of the schema (a bound, a word) in the type of its field."""
    if isinstance(value, bool):
        return str(value).lower() if field.type == "boolean" else "null"
    if isinstance(value, int | float):
        plain = replace(field, format="default", raw={"name": field.name})
        return types.typed(plain, literal(repr(value)))
    if types.rare_form(field):
        return types.typed(field, literal(values.moment(str(value), field.format) or ""))
    return types.typed(field, literal(str(value)))


def _pattern(cells: Cells, field: Field, pattern: str) -> RowCheck | Issue:
    column = cells.typed[field.name]
    if not regex.compiled(pattern):
        return check_error("pattern", f"le motif de « {field.name} » est mal formé")
    try:
        fails = f"(not {regex.matches(pattern, column)})"
        # RE2 may still refuse it: too large once unfolded
        if not _accepted(cells, fails, column):
            raise regex.Untranslatable(pattern)
    except regex.Untranslatable:
        try:
            found = regex.failing(pattern, cells.distinct(field.name, f" and {column} is not null"))
        except regex.TooLong:
            why = f"le motif de « {field.name} » ne peut pas être évalué en un temps raisonnable"
            return check_error("pattern", why)
        fails = cells.among(column, found)
    return RowCheck(CONSTRAINT, field.name, fails, "pattern")


def _accepted(cells: Cells, fails: str, column: str) -> bool:
    """Whether SQL runs a test of one column; asked once of each, schemas being few."""
    asked = f"select {fails.replace(column, 'v')} from (select 'a' as v)"
    if asked not in _ACCEPTED:
        if len(_ACCEPTED) >= REMEMBERED:
            _ACCEPTED.clear()
        _ACCEPTED[asked] = cells.scratch.accepts(asked)
    return _ACCEPTED[asked]


def _enum(cells: Cells, field: Field, allowed: Sequence[Any]) -> RowCheck:
    column = cells.typed[field.name]
    if field.type in ("array", "object", "geojson"):
        known = [values.parsed(one) if isinstance(one, str) else one for one in allowed]
        fails = cells.failing(field.name, lambda text: values.parsed(text) in known, typed=True)
    elif column == cells.raw[field.name] or field.type in ("string", "geopoint", "duration"):
        words = [one for one in allowed if isinstance(one, str)]
        fails = f"({column} is not null and not list_contains({literals(words)}, {column}))"
        fails = fails if words else f"({column} is not null)"
    else:
        among = ", ".join(constant(field, one) for one in allowed)
        fails = (
            f"({column} is not null and not coalesce(list_contains([{among}], {column}), false))"
        )
    return RowCheck(CONSTRAINT, field.name, fails, "enum")
