"""The types of a Table Schema in SQL: the typed value of a text, null where it is not of the type.

Texts are read as the official tools read them (their Python: spaces around a number, a month of
one digit, a time zone), so that both give the same verdict on the same cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from data.schemas import Field
from diagnostics.conformity import values
from diagnostics.conformity.cells import literal
from diagnostics.conformity.regex import SPACE

TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
FAR = 10**18  # whole numbers beyond it count as it: they overflow no sum
NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
ENDLESS = r"(?i)[+-]?(inf(inity)?|s?nan[0-9]*)"
ZONE = r"([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?"
CLOCK = rf"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.,][0-9]+)?{ZONE}"
MIDNIGHT = rf"24:00:00([.,]0+)?{ZONE}"
ISO_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DAY = r"[0-9]{4}-(1[0-2]|0[1-9]|[1-9])-(3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9])"
DURATION = (
    r"[+-]?P([0-9]+([,.][0-9]+)?W|([0-9]+([,.][0-9]+)?Y)?([0-9]+([,.][0-9]+)?M)?"
    r"([0-9]+([,.][0-9]+)?D)?(T([0-9]+([,.][0-9]+)?H)?([0-9]+([,.][0-9]+)?M)?"
    r"([0-9]+([,.][0-9]+)?S)?)?)"
)
# what each directive of strptime reads, of those that mean the same to DuckDB
DIRECTIVES = {
    "Y": "[0-9]{4}",
    "m": "(1[0-2]|0[1-9]|[1-9])",
    "d": "(3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9])",
    "H": "(2[0-3]|[01][0-9]|[0-9])",
    "M": "[0-5]?[0-9]",
    "S": "[0-5]?[0-9]",
}


def typed(field: Field, column: str) -> str:
    """SQL: the value of a text column in the type of its field; null when it has not."""
    made = _TYPES.get(field.type)
    return made(field, column) if made else column


def by_python(field: Field) -> Callable[[str], bool] | None:
    """What says whether a text has the type, when SQL cannot."""
    if field.type == "string":
        return {"email": values.is_email, "uuid": values.is_uuid, "binary": values.is_base64}.get(
            field.format
        )
    if field.type == "geopoint":
        return lambda text: values.is_point(text, field.format)
    made = {"array": values.is_list, "object": values.is_object, "geojson": values.is_geojson}
    return made.get(field.type)


def surely(field: Field, column: str) -> str:
    """SQL boolean: the text has the type, without asking Python."""
    if field.format == "email" and field.type == "string":
        pattern = r"[a-z0-9_-]+([.][a-z0-9_-]+)*@([a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?[.])+[a-z]{2,9}"
        return f"(length({column}) < 64 and regexp_full_match({column}, '{pattern}'))"
    if field.format == "uuid" and field.type == "string":
        return _full(column, "[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
    if field.type == "geopoint":
        return _sure_point(field.format, column)
    return "false"


def _sure_point(form: str, column: str) -> str:
    tail = "([.][0-9]{1,17})?"
    if form == "default":
        return _full(column, rf" *-?[0-9]{{1,2}}{tail} *, *-?[0-8]?[0-9]{tail} *")
    if form == "array":  # JSON writes no useless nought
        longitude, latitude = rf"-?(0|[1-9][0-9]?){tail}", rf"-?(0|[1-8]?[0-9]){tail}"
        return _full(column, rf" *\[ *{longitude} *, *{latitude} *\] *")
    return "false"


def number(field: Field, column: str) -> str:
    """A decimal number as a double."""
    text = _number_text(field, column)
    stripped = _stripped(text)
    odd = (
        f"case when {_full(stripped, NUMBER)} then coalesce(try_cast({stripped} as double),"
        f" case when starts_with({stripped}, '-') then '-inf'::double else 'inf'::double end)"
        f" when {_full(stripped, ENDLESS)} then case when contains(lower({stripped}), 'nan')"
        f" then 'nan'::double else try_cast({stripped} as double) end end"
    )
    # DuckDB reads « +-1 », Python does not
    plain = f"case when not starts_with({text}, '+') then try_cast({text} as double) end"
    return f"coalesce({plain}, {odd})"


def integer(field: Field, column: str) -> str:
    """A whole number; beyond 10^18 it counts as 10^18."""
    text = column
    if field.raw.get("bareNumber") is False:
        text = _bare(_spaceless(column))
    stripped = _spaceless(text)
    digits = f"replace({stripped}, '_', '')"
    big = f"case when starts_with({stripped}, '-') then {-FAR} else {FAR} end"
    odd = (
        f"case when {_full(stripped, '[+-]?[0-9]+(_[0-9]+)*')}"
        f" then coalesce(case when abs(try_cast({digits} as hugeint)) < {FAR}"
        f" then try_cast({digits} as bigint) end, {big}) end"
    )
    plain = f"length({text}) < 19 and try_cast({text} as bigint)::varchar = {text}"
    return f"case when {plain} then try_cast({text} as bigint) else {odd} end"


def boolean(field: Field, column: str) -> str:
    """One of the words of the field."""
    yes = _words(field.raw.get("trueValues"), TRUE)
    no = _words(field.raw.get("falseValues"), FALSE)
    cases = [f"when {literal(word)} then true" for word in yes if word not in no]
    cases += [f"when {literal(word)} then false" for word in no]
    return f"case {column} {' '.join(cases)} end" if cases else "null::boolean"


def day(field: Field, column: str) -> str:
    """A date."""
    if field.format == "default":
        text = f"replace({column}, ' ', '')"
        right = f"{_full(column, DAY)} and not starts_with({column}, '0000')"
        plain = f"length({column}) = 10 and try_cast({column} as date)::varchar = {column}"
        odd = f"case when {right} then try_cast({text} as date) end"
        return f"case when {plain} then try_cast({column} as date) else {odd} end"
    return _by_form(field.format, column, "date")


def moment(field: Field, column: str) -> str:
    """A date and a time; its time zone is left aside."""
    if field.format == "default":
        clock = rf"({CLOCK}|{MIDNIGHT})"
        right = f"{_full(column, ISO_DAY + '[^0-9]' + clock)} and not starts_with({column}, '0000')"
        text = f"left({column}, 10) || ' ' || substr({column}, 12, 8)"
        return f"case when {right} then try_cast({text} as timestamp) end"
    return _by_form(field.format, column, "timestamp")


def clock(field: Field, column: str) -> str:
    """A time of the day."""
    if field.format == "default":
        right = _full(column, rf"({CLOCK}|{MIDNIGHT})")
        return f"case when {right} then try_cast(left({column}, 8) as time) end"
    return _by_form(field.format, column, "time")


def year(field: Field, column: str) -> str:
    """Four characters that make a whole number."""
    stripped = _spaceless(column)
    right = f"length({column}) = 4 and {_full(stripped, '[+]?[0-9]+(_[0-9]+)*')}"
    return f"case when {right} then try_cast(replace({stripped}, '_', '') as bigint) end"


def yearmonth(field: Field, column: str) -> str:
    """A year and a month, as 100 years + months: 2024-03 is 202403."""
    right = _full(column, r"\s*[+]?[0-9]{1,9}\s*-\s*[+]?0*([1-9]|1[0-2])\s*")
    part = f"try_cast(trim(split_part({column}, '-', {{}})) as bigint)"
    return f"case when {right} then {part.format(1)} * 100 + {part.format(2)} end"


def duration(field: Field, column: str) -> str:
    """An ISO 8601 duration, as its text."""
    right = f"{_full(column, DURATION)} and {_full(column, '.*[0-9].*')} "
    return f"case when {right} and not ends_with({column}, 'T') then {column} end"


def uri(field: Field, column: str) -> str:
    """A text; an address has a scheme."""
    if field.format == "uri":
        return f"case when regexp_matches({column}, '\\A[A-Za-z][A-Za-z0-9+.\\-]*:')" + (
            f" then {column} end"
        )
    return column


_TYPES: Mapping[str, Callable[[Field, str], str]] = {
    "string": uri,
    "number": number,
    "integer": integer,
    "boolean": boolean,
    "date": day,
    "datetime": moment,
    "time": clock,
    "year": year,
    "yearmonth": yearmonth,
    "duration": duration,
}


def simple_form(form: str) -> str | None:
    """The texts that a form of strptime reads, as a pattern; None when SQL cannot say."""
    made, place = [], 0
    while place < len(form):
        if form[place] == "%":
            part = DIRECTIVES.get(form[place + 1 : place + 2])
            if part is None:
                return None
            made.append(part)
            place += 2
        elif form[place].isspace() or form[place].isalpha():
            return None  # any run of spaces; letters in either case
        else:
            made.append(f"\\{form[place]}" if form[place].isascii() else form[place])
            place += 1
    names = [form[at + 1] for at, letter in enumerate(form) if letter == "%"]
    return "".join(made) if len(set(names)) == len(names) else None


def _by_form(form: str, column: str, kind: str) -> str:
    pattern = None if form == "any" else simple_form(form)
    if pattern is None:  # read by Python: the text is already its ISO form
        return f"try_cast({column} as {kind})"
    year = form.find("%Y")
    nought = ""
    if year == 0:
        nought = f" and not starts_with({column}, '0000')"
    text = f"replace({column}, ' ', '')"
    return (
        f"case when {_full(column, pattern)}{nought}"
        f" then try_cast(try_strptime({text}, {literal(form)}) as {kind}) end"
    )


def rare_form(field: Field) -> bool:
    """Whether the form of a date is one that SQL cannot read."""
    if field.type not in ("date", "datetime", "time") or field.format == "default":
        return False
    return field.format == "any" or simple_form(field.format) is None


def _number_text(field: Field, column: str) -> str:
    """The text of a number once its own signs are the usual ones; null when they are mixed."""
    if not {"decimalChar", "groupChar", "bareNumber"} & set(field.raw):
        return column
    text = _spaceless(column)
    if field.raw.get("bareNumber") is False:
        text = _bare(text)
    group = str(field.raw.get("groupChar") or "")
    decimal = str(field.raw.get("decimalChar") or ".")
    if group:
        text = f"replace({text}, {literal(group)}, '')"
    if decimal == ".":
        return text
    return f"case when not contains({text}, '.') then replace({text}, {literal(decimal)}, '.') end"


def _bare(text: str) -> str:
    return f"regexp_replace({text}, '(^[^0-9\\-]*)|([^0-9]*$)', '', 'g')"


def _spaceless(text: str) -> str:
    return f"regexp_replace({text}, '^[{SPACE}]+|[{SPACE}]+$', '', 'g')"


def _stripped(text: str) -> str:
    return f"replace({_spaceless(text)}, '_', '')"


def _full(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _words(given: Any, usual: tuple[str, ...]) -> list[str]:
    return [str(word) for word in given] if isinstance(given, list) else list(usual)
