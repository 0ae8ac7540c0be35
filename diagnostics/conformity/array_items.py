"""The items of a list in one cell: their type and their constraints (`arrayItem`).

Run on the distinct values of the column only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from data.schemas import Field
from diagnostics.conformity import regex, values
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.messages import check_error

TYPE = "type"
SUPPORTED: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern", "enum"),
    "number": ("minimum", "maximum", "enum"),
    "integer": ("minimum", "maximum", "enum"),
    "date": ("minimum", "maximum", "enum"),
}


def checks(cells: Cells, field: Field) -> Iterator[RowCheck | Issue]:
    """One rule for the type of the items, one for each of their constraints."""
    described: Mapping[str, Any] = field.raw["arrayItem"]
    kind = str(described.get("type") or "any")
    given = described.get("constraints")
    rules = given if isinstance(given, Mapping) else {}
    kept = {name: rules[name] for name in SUPPORTED.get(kind, ("enum",)) if name in rules}
    if rules.get("required") is True:
        kept["required"] = True
    pattern = kept.get("pattern")
    if pattern is not None and not _safe(pattern):
        del kept["pattern"]
        yield check_error("pattern", f"le motif de « {field.name} » ne peut pas être évalué ici")
    wrong: dict[str, list[str]] = defaultdict(list)
    read = _READERS.get(kind, lambda item: item)
    column = cells.typed[field.name]
    for text in cells.distinct(field.name, f" and {column} is not null"):
        for name in _faults(values.parsed(text), read, kept):
            wrong[name].append(text)
    for name, texts in wrong.items():
        code = "type-error" if name == TYPE else "constraint-error"
        yield RowCheck(code, field.name, cells.among(column, texts), f"arrayItem.{name}")


def _safe(pattern: Any) -> bool:
    """A pattern that RE2 could run has no reference to go back and forth on."""
    if not isinstance(pattern, str) or not regex.compiled(pattern):
        return False
    try:
        regex.translated(pattern)
    except regex.Untranslatable:
        return False
    return not re.search(r"[*+}]\)[*+{]", pattern)


def _faults(items: list[Any], read: Callable[[Any], Any], kept: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for item in items:
        empty = item is None or str(item) == ""
        made = None if empty else read(item)
        if empty:
            found |= {"required"} & kept.keys()
        elif made is None:
            found.add(TYPE)
        else:
            found |= {name for name, bound in kept.items() if not _fits(made, name, bound, read)}
    return found


def _fits(made: Any, name: str, bound: Any, read: Callable[[Any], Any]) -> bool:
    if name == "enum":
        return made in [read(one) for one in bound]
    if name == "pattern":
        return re.match(regex.anchored(bound), made) is not None
    if name in ("minLength", "maxLength"):
        return len(made) >= bound if name == "minLength" else len(made) <= bound
    if name in ("minimum", "maximum"):
        limit = read(bound)
        return limit is None or (made >= limit if name == "minimum" else made <= limit)
    return True


def _string(item: Any) -> str | None:
    return item if isinstance(item, str) else None


def _number(item: Any) -> Decimal | None:
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        return None
    try:
        return Decimal(str(item).strip())
    except InvalidOperation:
        return None


def _integer(item: Any) -> int | None:
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        return None
    if isinstance(item, float):
        return int(item) if item.is_integer() else None
    try:
        return int(item)
    except ValueError:
        return None


def _boolean(item: Any) -> bool | None:
    words = {"true": True, "True": True, "TRUE": True, "1": True}
    words |= {"false": False, "False": False, "FALSE": False, "0": False}
    return item if isinstance(item, bool) else words.get(item) if isinstance(item, str) else None


def _date(item: Any) -> date | None:
    try:
        return date.fromisoformat(item)
    except (TypeError, ValueError):
        return None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
}
