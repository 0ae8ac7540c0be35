"""Official codes and names, list by list: what a value of a column may be.

Current communes, départements, régions and postal codes come from the territories. What they lack
(names of delegated and associated communes, cantons, countries: INSEE's official geographic code
of 2023 and 2024, as the library frformat 0.4.1 gives it) stands in official_names.csv.
"""

from __future__ import annotations

import csv
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.catalog import REFERENCE
from data.territories import EMBEDDED

NAMES = REFERENCE / "official_names.csv"
BARE_REGION = 2  # characters of the code of a région; the other collectivités have three


@cache
def listed(name: str) -> frozenset[str]:
    """The values of a list (`commune`, `code-postal`, `pays`...); empty for an unknown one."""
    return frozenset((*_kept().get(name, ()), *_of_territories(name)))


@cache
def _kept() -> dict[str, tuple[str, ...]]:
    made: dict[str, list[str]] = {}
    with NAMES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            made.setdefault(row["list"], []).append(row["value"])
    return {name: tuple(values) for name, values in made.items()}


@cache
def territories() -> pa.Table:
    """Every real territory: code, name, level, departement, epci, postal_codes, lon, lat..."""
    return pq.read_table(EMBEDDED / "territories.parquet")


@cache
def former_codes() -> pa.Table:
    """Former INSEE codes of communes and the current ones: old_code, code."""
    return pq.read_table(EMBEDDED / "old_codes.parquet")


def _of_territories(name: str) -> set[str]:
    if name == "code-postal":
        return set(pc.list_flatten(territories()["postal_codes"]).to_pylist())
    if name == "code-commune-insee":
        return {*_level("commune", "code"), *former_codes()["old_code"].to_pylist()}
    if name == "numero-departement":
        return {_bare(code) for code in _level("departement", "code")}
    regions = zip(_level("region", "code"), _level("region", "name"), strict=True)
    main = {_bare(code): label for code, label in regions if len(_bare(code)) == BARE_REGION}
    if name in ("code-region", "region"):
        return set(main) if name == "code-region" else set(main.values())
    return set(_level(name, "name")) if name in ("commune", "departement") else set()


def _level(level: str, column: str) -> list[str]:
    of_level = territories().filter(pc.equal(territories()["level"], level))
    return list(of_level[column].to_pylist())


def _bare(code: str) -> str:
    return code.partition(":")[2]
