"""The list of fictional tables: each function that makes one says for whom and how it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Rows = Mapping[Any, Any]  # column -> values, or one value for all rows


@dataclass(frozen=True)
class Table:
    """A table to write: what it is, whose it is, and the function that makes its rows."""

    dataset: str
    scope: str  # code under which it is logged as fetched
    level: str  # level of its rows
    vintage: str
    origin: str  # "open": found published; "handed_over": given by a service, not published
    make: Callable[[], Rows]


TABLES: dict[str, Table] = {}


def table(
    dataset: str, *, scope: str, level: str, vintage: str, origin: str = "open"
) -> Callable[[Callable[[], Rows]], Callable[[], Rows]]:
    """Enter a function in the list of tables."""

    def enter(make: Callable[[], Rows]) -> Callable[[], Rows]:
        TABLES[dataset] = Table(dataset, scope, level, vintage, origin, make)
        return make

    return enter
