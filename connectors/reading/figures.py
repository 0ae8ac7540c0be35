"""A figure as a source writes it: a value, a secret, below a threshold, or nothing. Never a zero
for any of the other three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

VALUE, SECRET, BELOW, BLANK, UNREADABLE = "value", "secret", "below", "blank", "unreadable"
SECRETS = frozenset({"s", "secret", "ndiff", "nd", "n.d.", "c", "-9999", "-8888"})
BLANKS = frozenset({"", "na", "n/a", "null", "none", "nan", "-"})
_NUMBER = re.compile(r"[+-]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Figure:
    """A figure read; `value` is the threshold when it is below one, None without any."""

    kind: str  # value, secret, below, blank, unreadable
    value: float | None = None


def figure(given: object) -> Figure:
    """Read « 12,5 », « s », « <0,029 », « », 12.5."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return Figure(VALUE, float(given)) if given == given else Figure(BLANK)
    text = str(given if given is not None else "").strip()
    if text.lower() in BLANKS:
        return Figure(BLANK)
    if text.lower() in SECRETS:
        return Figure(SECRET)
    below = text.startswith("<")
    number = _NUMBER.fullmatch(text.lstrip("<≤ ").strip())
    if not number:
        return Figure(UNREADABLE)
    value = float(re.sub(r"[ \u00a0\u202f]", "", number[0]).replace(",", "."))
    return Figure(BELOW if below else VALUE, value)


def figures(values: Iterable[object]) -> pd.DataFrame:
    """Columns `value` (DOUBLE, empty unless it is a value) and `kind` for each value given."""
    given = pd.Series(list(values), dtype=object)
    made = {one: figure(one) for one in given.unique()}
    read = given.map(made)
    return pd.DataFrame(
        {
            "value": read.map(lambda one: one.value if one.kind == VALUE else None).astype(float),
            "kind": read.map(lambda one: one.kind),
        }
    )


def whole_number(given: object) -> int | None:
    """A count as JSON gives it; None for anything else, a boolean or less than zero included."""
    return given if type(given) is int and given >= 0 else None
