"""The columns of a standard, filled from a file's as a person decided, in the standard's form.

Nothing is judged here: a value that cannot take the form of its field stays as it is, for the
validation to say so. Columns are handled whole in Arrow; Python sees distinct values only, and
only of booleans, dates and lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from data.schemas import Field, Schema
from diagnostics.mapping import units
from diagnostics.mapping.accepted import taken
from diagnostics.mapping.choices import LATLON, Choices, Merge, Split
from diagnostics.mapping.contents import WORDS_FALSE, WORDS_TRUE, kinds
from diagnostics.mapping.names import plain
from diagnostics.mapping.points import geopoint, latlon, spread
from diagnostics.mapping.values import value_proposals

__all__ = ["by_distinct", "carried", "formed", "value_proposals"]

Made = dict[str, pa.Array]


def carried(table: pa.Table, schema: Schema, choices: Choices) -> pa.Table:
    """The fields of `schema` that can be filled, in its order, as columns of strings.

    When several columns are given for one field the first of the file is kept.
    """
    made = _sources(table, schema, choices)
    columns: Made = {}
    for field in schema.fields:
        if field.name in made:
            given = _mapped(made[field.name], choices.values.get(field.name, {}))
            columns[field.name] = formed(given, field)
        elif field.name in choices.constants:
            columns[field.name] = _constant(choices.constants[field.name], table.num_rows)
    return pa.table(columns) if columns else table.select([])


def _sources(table: pa.Table, schema: Schema, choices: Choices) -> Made:
    made: Made = {}
    for name in table.column_names:
        asked = choices.fields.get(name)
        field = schema.field(asked) if asked is not None else None
        if field is not None and field.name not in made:
            made[field.name] = _in_unit(_column(table, name), name, field, choices)
    for split in choices.splits:
        if split.header in table.column_names:
            _keep(made, _parts(_column(table, split.header), split, schema))
    for merge in choices.merges:
        if any(name in table.column_names for name in merge.headers):
            _keep(made, {merge.field: _joined(table, merge)})
    return made


def _in_unit(column: pa.Array, header: str, field: Field, choices: Choices) -> pa.Array:
    change = units.conversion(header, field, choices.units)
    return units.converted(column, change) if change else column


def _keep(made: Made, more: Mapping[str, pa.Array]) -> None:
    for name, column in more.items():
        made.setdefault(name, column)


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name]
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    return whole if whole.type == pa.string() else whole.cast(pa.string())


def _constant(value: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), rows)


def _parts(column: pa.Array, split: Split, schema: Schema) -> Made:
    """A column as several: a point as its two coordinates, or the parts of a text."""
    if split.by == LATLON:
        latitude, longitude = latlon(column)
        ordered = _latitude_first(split.fields, schema)
        return dict(zip(ordered, (latitude, longitude), strict=False))
    cut = max(0, len(split.fields) - 1)
    pieces = pc.split_pattern(column, split.separator or ",", max_splits=cut)
    lengths = pc.list_value_length(pieces)
    made: Made = {}
    for place, name in enumerate(split.fields):
        there = pc.fill_null(pc.greater(lengths, place), False)
        taken = pc.list_element(pieces.filter(there), place)
        made[name] = _blank(pc.utf8_trim_whitespace(spread(taken, there)))
    return made


def _latitude_first(fields: Sequence[str], schema: Schema) -> tuple[str, ...]:
    """The two fields, that of the latitude first, whatever the order they are given in."""
    expects = dict(zip(schema.names, kinds(schema), strict=True))
    swapped = len(fields) == 2 and (
        expects.get(fields[0]) == "longitude" or expects.get(fields[1]) == "latitude"
    )
    return (fields[1], fields[0]) if swapped else tuple(fields)


def _joined(table: pa.Table, merge: Merge) -> pa.Array:
    parts = [_blank(_column(table, name)) for name in merge.headers if name in table.column_names]
    there = pc.is_valid(pc.coalesce(*parts))  # lines without any part: Arrow's join loses them
    kept = [part.filter(there) for part in parts]
    whole = pc.binary_join_element_wise(*kept, merge.separator, null_handling="skip")
    return _blank(spread(whole, there))


def _blank(column: pa.Array) -> pa.Array:
    """An empty text as null."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _mapped(column: pa.Array, values: Mapping[str, str]) -> pa.Array:
    """The values that a person gave another, the others as they are."""
    return by_distinct(column, lambda text: values.get(text, text)) if values else column


def by_distinct(column: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    """A change of text made once for each distinct value."""
    coded = column.dictionary_encode()
    changed = [None if text is None else change(text) for text in coded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(coded.indices)


def formed(column: pa.Array, field: Field) -> pa.Array:
    """A column in the form that its field asks; what has no such form is left as it is."""
    made = _FORMS.get(field.type)
    if made is not None:
        return made(column, field)
    allowed = field.constraints.get("enum")
    if isinstance(allowed, list) and allowed:
        return _yes_or_no(column, [str(one) for one in allowed])
    return _shaped(column, field) if "pattern" in field.constraints else column


def _shaped(column: pa.Array, field: Field) -> pa.Array:
    """What the pattern refuses, written as it asks when only case or a phone's start differ."""
    fit = taken(column, field)
    if fit is None or pc.all(pc.or_(fit, pc.is_null(column))).as_py():
        return column
    made = column
    for change in (_abroad, pc.utf8_lower, pc.utf8_upper):
        other = change(column)
        better = pc.and_(pc.invert(fit), taken(other, field))
        if pc.any(better).as_py():
            made, fit = pc.if_else(better, other, made), pc.or_(fit, better)
    return made


def _abroad(column: pa.Array) -> pa.Array:
    """« 0565208700 » as « +33565208700 »: numbers of the mainland, for overseas have their own."""
    mainland = pc.and_(
        pc.match_substring_regex(column, r"^0[1-79]\d{8}$"),
        pc.invert(pc.match_substring_regex(column, OVERSEAS)),
    )
    called = pc.replace_substring_regex(column, "^0", "+33")
    return pc.if_else(pc.fill_null(mainland, False), called, column)


# Starts that are kept for La Réunion, Mayotte, the Antilles, Guyane, Saint-Pierre-et-Miquelon.
OVERSEAS = r"^0(262|263|269|508|590|594|596|639|69[0-7]|70[89]|976)"


def _boolean(column: pa.Array, field: Field) -> pa.Array:
    yes, no = _first(field, "trueValues", "true"), _first(field, "falseValues", "false")

    def change(text: str) -> str:
        said = plain(text)
        return yes if said in WORDS_TRUE else no if said in WORDS_FALSE else text

    return by_distinct(column, change)


def _first(field: Field, key: str, otherwise: str) -> str:
    given = field.raw.get(key)
    return str(given[0]) if isinstance(given, list) and given else otherwise


def _yes_or_no(column: pa.Array, allowed: Sequence[str]) -> pa.Array:
    """« true » and « false » as the words of a closed list that means them (« oui », « non »)."""
    yes = [one for one in allowed if plain(one) in WORDS_TRUE - {"x", "v"}]
    no = [one for one in allowed if plain(one) in WORDS_FALSE - {"n", "f"}]
    if len(yes) != 1 or len(no) != 1 or {"true", "false"} & {plain(one) for one in allowed}:
        return column
    told = {"true": yes[0], "false": no[0]}
    return by_distinct(column, lambda text: told.get(text, text))


def _number(column: pa.Array, field: Field) -> pa.Array:
    """Decimal point, or the sign the field asks; a whole number without its idle decimals."""
    made = pc.replace_substring_regex(column, r"^([+-]?\d+),(\d+)$", r"\1.\2")
    if field.type == "integer":
        return pc.replace_substring_regex(made, r"^([+-]?\d+)\.0+$", r"\1")
    sign = field.raw.get("decimalChar")
    if isinstance(sign, str) and len(sign) == 1 and sign != ".":
        return pc.replace_substring_regex(made, r"^([+-]?\d+)\.(\d+)$", rf"\1{re.escape(sign)}\2")
    return made


def _date(column: pa.Array, field: Field) -> pa.Array:
    """An ISO day in the format of the field; midnight is no time."""
    form = field.format if field.format not in ("default", "any", "") else "%Y-%m-%d"
    if not form.startswith("%"):
        return column

    def change(text: str) -> str:
        if form == "%Y" and _YEAR.match(text):
            return text
        day = _day(text)
        return text if day is None else _written(day, form, text)

    return by_distinct(column, change)


_YEAR = re.compile(r"^\d{4}$")
_MIDNIGHT = re.compile(r"^(\d{4}-\d{2}-\d{2})[T ]00:00(:00)?$")


def _day(text: str) -> date | None:
    found = _MIDNIGHT.match(text)
    try:
        return date.fromisoformat(found.group(1) if found else text)
    except ValueError:
        return None


def _written(moment: date, form: str, otherwise: str) -> str:
    try:
        return moment.strftime(form)
    except ValueError:
        return otherwise


def _datetime(column: pa.Array, field: Field) -> pa.Array:
    if not field.format.startswith("%"):
        return column

    def change(text: str) -> str:
        try:
            return _written(datetime.fromisoformat(text), field.format, text)
        except ValueError:
            return text

    return by_distinct(column, change)


def _year(column: pa.Array, field: Field) -> pa.Array:
    """The year of a full date, or of « 2024.0 »."""
    return pc.replace_substring_regex(column, r"^(\d{4})(\.0+|-\d{2}-\d{2}(T00:00:00)?)$", r"\1")


def _array(column: pa.Array, field: Field) -> pa.Array:
    """A list written with commas as the JSON list that the type asks, in the standard's words."""
    words = _words_of_items(field)

    def change(text: str) -> str:
        if text.lstrip().startswith("["):
            return text
        parts = [part.strip() for part in re.split(r"[;|,]", text) if part.strip()]
        return json.dumps([words.get(plain(part), part) for part in parts], ensure_ascii=False)

    return by_distinct(column, change)


def _words_of_items(field: Field) -> dict[str, str]:
    """The allowed items of a list by their bare writing, those that it tells apart."""
    item = field.raw.get("arrayItem")
    limits = item.get("constraints") if isinstance(item, Mapping) else None
    for one in (item, limits):
        allowed = one.get("enum") if isinstance(one, Mapping) else None
        if isinstance(allowed, list):
            bare = [plain(str(word)) for word in allowed]
            return {
                key: str(word)
                for key, word in zip(bare, allowed, strict=True)
                if bare.count(key) == 1
            }
    return {}


_FORMS: dict[str, Callable[[pa.Array, Field], pa.Array]] = {
    "boolean": _boolean,
    "number": _number,
    "integer": _number,
    "date": _date,
    "datetime": _datetime,
    "year": _year,
    "array": _array,
    "geopoint": geopoint,
}
