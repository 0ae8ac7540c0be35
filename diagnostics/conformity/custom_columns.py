"""Custom checks that set columns of a row against each other.

Missing values follow the official tools: a cell that fails its type counts as empty; a comparison
or a sum with an empty cell is skipped; solidarity and « at least one » are precisely about them.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.custom_asked import (
    OF_NUMBER,
    OF_TEXT,
    Asked,
    BadCheck,
    kind,
    typed,
)
from diagnostics.conformity.messages import of_columns

COHESIVE, COMPARE = "cohesive-columns-value", "compare-columns-value"
SUM, ONE_OF = "sum-columns-value", "one-of-required"
OPERATORS = {">": ">", ">=": ">=", "==": "=", "<=": "<=", "<": "<"}
NUMBER = r"\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\s*"
EXACT = "decimal(38, 9)"  # of which sums are made: 0,1 + 0,2 is 0,3
WHOLE, FEW = {"integer", "year"}, 8  # 8 whole numbers of 10^18 overflow no bigint
TRUE_BUT_EMPTY = {"boolean": "= false", "array": "= '[]'", "object": "= '{}'"}


def cohesive(cells: Cells, asked: Asked) -> Iterator[RowCheck | Issue]:
    """All the columns have a value, or none has."""
    names = (asked.column, *asked.texts("othercolumns"))
    absent = [name for name in names if not cells.has(name)]
    if absent and len(set(absent)) < len(set(names)):
        if cells.rows:
            yield of_columns(COHESIVE, names, absent)
        return
    first, *others = (f"({typed(cells, name)} is null)" for name in names)
    if not absent and others:
        fails = " or ".join(f"{first} <> {other}" for other in others)
        details = {"columns": names}
        yield RowCheck(COHESIVE, names[0], f"({fails})", "cohesive", details)


def one_of(cells: Cells, asked: Asked) -> Iterator[RowCheck | Issue]:
    """At least one of two columns has a value; zero, « false » and empty lists are none."""
    names = (asked.text("column1"), asked.text("column2"))
    if not any(cells.has(name) for name in names):
        if cells.rows:
            yield of_columns(ONE_OF, names, names)
        return
    fails = " and ".join(_empty(cells, name) for name in names)
    there = [name for name in names if cells.has(name)]
    borne = there[0] if len(there) == 1 else None
    yield RowCheck(ONE_OF, borne, f"({fails})", "one-of", {"columns": names})


def compare(cells: Cells, asked: Asked) -> Iterator[RowCheck | Issue]:
    """The value of a column is greater than, equal to... that of another."""
    names = (asked.column, asked.text("column2"))
    operator = OPERATORS.get(asked.text("op"))
    if operator is None:
        raise BadCheck("l'opérateur de comparaison est inconnu")
    if not cells.has(*names):
        return
    fails = f"not coalesce({_compared(cells, names, operator)}, false)"
    both = " and ".join(f"{cells.typed[name]} is not null" for name in names)
    details = {"columns": names, "op": asked.text("op")}
    yield RowCheck(COMPARE, names[0], f"({both} and {fails})", "compare", details)


def total(cells: Cells, asked: Asked) -> Iterator[RowCheck | Issue]:
    """A column is the sum of others."""
    name, parts = asked.column, asked.texts("columns")
    odd = [one for one in (name, *parts) if cells.has(one) and kind(cells, one) not in OF_NUMBER]
    if odd:
        raise BadCheck(f"« {odd[0]} » n'est pas une colonne de nombres")
    if not cells.has(name, *parts):
        return
    if {kind(cells, one) for one in (name, *parts)} <= WHOLE and len(parts) <= FEW:
        fails = _difference(cells, name, parts, "{}")
        yield RowCheck(SUM, name, fails, "sum", {"columns": (name, *parts)})
        return
    exact = _difference(cells, name, parts, f"try_cast({{}} as {EXACT})")
    rough = _difference(cells, name, parts, "try_cast({} as double)")
    fails = f"coalesce({exact}, {rough})"
    yield RowCheck(SUM, name, fails, "sum", {"columns": (name, *parts)})


def _difference(cells: Cells, name: str, parts: tuple[str, ...], cast: str) -> str:
    added = " + ".join(cast.format(cells.typed[part]) for part in parts) or "0"
    whole = cast.format(cells.typed[name])
    return f"({added} <> {whole})"


def _compared(cells: Cells, names: tuple[str, str], operator: str) -> str:
    """SQL boolean: the comparison holds; null when the two cannot be compared."""
    first, second = (_family(cells, name) for name in names)
    left, right = (cells.typed[name] for name in names)
    if "text" in (first, second) and {first, second} <= {"text", "number"}:
        as_number = " and ".join(
            f"regexp_full_match({cells.typed[name]}, '{NUMBER}')"
            for name in names
            if _family(cells, name) == "text"
        )
        numbers = " ".join((_double(left), operator, _double(right)))
        texts = f"{left} {operator} {right}" if first == second else "null"
        return f"case when {as_number} then {numbers} else {texts} end"
    return f"{left} {operator} {right}" if first == second else "null"


def _double(column: str) -> str:
    return f"try_cast(trim({column}::varchar) as double)"


def _family(cells: Cells, name: str) -> str:
    """What a column can be compared with: numbers, text, or its own type."""
    given = kind(cells, name)
    return "text" if given in OF_TEXT else "number" if given in OF_NUMBER else given


def _empty(cells: Cells, name: str) -> str:
    """SQL boolean: no value, as Python's truth sees it."""
    column, given = typed(cells, name), kind(cells, name)
    if not cells.has(name):
        return "true"
    same = "= 0" if given in OF_NUMBER else TRUE_BUT_EMPTY.get(given)
    subject = f"trim({cells.raw[name]})" if given in ("array", "object") else column
    return f"({column} is null or {subject} {same})" if same else f"({column} is null)"
