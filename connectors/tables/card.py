"""How a card says that a published table is read, and what it finds in a given header.

The card's `params`, all but `code` and `columns` optional:

    code: 'CODGEO_(?P<vintage>\\d\\d)'      # column of the commune; its named group is the vintage
    keys: {annee: {column: exer, pattern: '(\\d{4})'}, agregat: {column: agregat, values: [...]}}
    columns:                               # column of the card: column(s) of the file
      vacants: {match: 'pp_vacant_(?P<annee>\\d\\d)', secret: secret_statistique}
      autre_ha: {match: 'art(?P<annee>\\d\\d)(?:mix|rou)(?P<next>\\d\\d)', parts: 2, divide: 10000}
    filters: {echelle_geo: [commune]}      # lines kept
    min_communes: 30000                    # fewer is a broken file
    open_end: true                         # the file does not end with a line end: not a cut
    complete: {annee: 0.95}                # a last year with less communes than that is left aside

A named group of `match` is a column of the card: the file is wide, one row is made for each of its
values (two digits are a year of this century). `next` is the year after, else the column is another
thing. Old communes of a merged one: `merge: sum` (figures that add up, the default), `alone` (kept
only when one of them has it), `[numerator, denominator]` (divided again from what was summed).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.fetching import FetchError
from data.catalog import Dataset, Source
from data.tables import Wanted

CENTURY = 2000
NEXT, VINTAGE = "next", "vintage"
MAX_SERIES = 200  # values of the named groups of one table
SHOWN = 300  # characters of a header that an error quotes


@dataclass(frozen=True)
class Measure:
    """One figure of the card: its columns in the file, its unit, what becomes of it in a merger."""

    column: str
    match: str
    divide: float = 1.0
    parts: int = 1  # columns of the file that add up
    merge: str | tuple[str, str] = "sum"  # sum, alone, (numerator, denominator)
    secret: str | None = None  # column of the card: true where it is secret
    status: str | None = None  # column of the card: value, secret, below, blank


@dataclass(frozen=True)
class Key:
    """A column of the card read on each line of a file that is already long."""

    column: str
    pattern: str | None = None  # its group is kept
    values: Sequence[str] | None = None  # all those that the file must hold, and no other


@dataclass(frozen=True)
class TableCard:
    """How one table is read, from the params of a card."""

    code: str
    measures: tuple[Measure, ...]
    keys: Mapping[str, Key] = field(default_factory=dict)
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    min_communes: int = 1
    complete: Mapping[str, float] = field(default_factory=dict)
    open_end: bool = False  # the last line of the file has no end of line


@dataclass(frozen=True)
class Series:
    """The columns of one row to make: the named groups, and each measure's columns of the file."""

    keys: Mapping[str, Any]
    cells: Mapping[str, tuple[str, ...]]  # by measure; absent: the file has none for these keys


@dataclass(frozen=True)
class Found:
    """What a header gives: where the codes are, the rows that each line makes."""

    code: str
    vintage: str | None
    series: tuple[Series, ...]
    wanted: Wanted


def table_card(dataset: Dataset, source: Source) -> TableCard:
    """The params of a source as this module reads them."""
    params = source.params
    return TableCard(
        code=params["code"],
        measures=tuple(_measure(name, made) for name, made in params["columns"].items()),
        keys={name: Key(**made) for name, made in params.get("keys", {}).items()},
        filters=params.get("filters", {}),
        min_communes=params.get("min_communes", 1),
        complete=params.get("complete", {}),
        open_end=params.get("open_end", False),
    )


def find(card: TableCard, names: Sequence[str], url: str) -> Found:
    """Where the card's columns stand in a header; raises FetchError naming the missing one."""
    code, vintage = _code(card, names, url)
    by_keys: dict[tuple[tuple[str, Any], ...], dict[str, list[str]]] = {}
    for measure in card.measures:
        made = [(name, keys) for name in names if (keys := _keys(measure, name)) is not None]
        if not made:
            raise _missing(measure.match, names, url)
        for name, keys in made:
            by_keys.setdefault(keys, {}).setdefault(measure.column, []).append(name)
    if len(by_keys) > MAX_SERIES:
        raise FetchError(f"{url} : {len(by_keys)} séries de colonnes, limite {MAX_SERIES}")
    series = tuple(_series(card, dict(keys), cells, url) for keys, cells in by_keys.items())
    texts = [code, *(key.column for key in card.keys.values())]
    for name in [*texts, *card.filters]:
        if names.count(name) != 1:
            raise _missing(name, names, url)
    numbers = [name for one in series for columns in one.cells.values() for name in columns]
    return Found(code, vintage, series, Wanted(texts, list(dict.fromkeys(numbers)), card.filters))


def _measure(name: str, made: dict[str, Any]) -> Measure:
    merge = made.get("merge", "sum")
    return Measure(name, **{**made, "merge": merge if isinstance(merge, str) else tuple(merge)})


def _code(card: TableCard, names: Sequence[str], url: str) -> tuple[str, str | None]:
    found = {name: made for name in names if (made := re.fullmatch(card.code, name, re.IGNORECASE))}
    if not found:
        raise _missing(card.code, names, url)
    if len(found) > 1 or names.count(next(iter(found))) > 1:
        raise FetchError(f"{url} : plusieurs colonnes de code : {', '.join(found)[:SHOWN]}")
    name, made = next(iter(found.items()))
    given = made.groupdict().get(VINTAGE)
    return name, str(_year(given)) if given else None


def _keys(measure: Measure, name: str) -> tuple[tuple[str, Any], ...] | None:
    """The named groups of a column of this measure; None for another column."""
    made = re.fullmatch(measure.match, name, re.IGNORECASE)
    if made is None:
        return None
    groups = {key: _year(given) for key, given in made.groupdict().items()}
    following = groups.pop(NEXT, None)
    if following is not None and following not in [made + 1 for made in groups.values()]:
        return None  # a sum over several years
    return tuple(groups.items())


def _year(given: str) -> Any:
    if not given.isdecimal():
        return given.lower()
    return int(given) + (CENTURY if len(given) == 2 else 0)


def _series(card: TableCard, keys: dict[str, Any], cells: dict[str, list[str]], url: str) -> Series:
    for measure in card.measures:
        given = cells.get(measure.column)
        if given is not None and len(given) != measure.parts:
            raise FetchError(
                f"{url} : {len(given)} colonnes « {measure.match} » {_said(keys)}, "
                f"{measure.parts} attendues : {', '.join(given)[:SHOWN]}"
            )
    return Series(keys, {name: tuple(columns) for name, columns in cells.items()})


def _said(keys: Mapping[str, Any]) -> str:
    return " ".join(f"({name} {value})" for name, value in keys.items())


def _missing(wanted: str, names: Sequence[str], url: str) -> FetchError:
    given = ", ".join(names)[:SHOWN]
    return FetchError(f"{url} : colonne « {wanted} » absente ou répétée (reçu : {given})")
