"""The list of communes: INSEE codes (former ones and arrondissements too), postal codes, names."""

from __future__ import annotations

from functools import cache

import pyarrow.parquet as pq

from data.reading.values.names import words
from data.territories import EMBEDDED

DISTRICTS = {"75056": (75101, 75120), "69123": (69381, 69389), "13055": (13201, 13216)}


@cache
def name_of(code: str) -> str | None:
    """Name (compared form) of a current commune."""
    name = _names().get(code)
    return None if name is None else named(name)


@cache
def insee_codes() -> frozenset[str]:
    """Every INSEE code of a commune: current, former, arrondissement."""
    old = pq.read_table(EMBEDDED / "old_codes.parquet", columns=["old_code"])
    districts = [str(code) for a, b in DISTRICTS.values() for code in range(a, b + 1)]
    return frozenset(_names()) | frozenset(old.column(0).to_pylist()) | frozenset(districts)


@cache
def by_postal() -> dict[str, tuple[str, ...]]:
    """INSEE codes of the communes that share a postal code."""
    found: dict[str, list[str]] = {}
    for code, _, postal_codes in _rows():
        for postal in postal_codes or ():
            found.setdefault(postal, []).append(code)
    return {postal: tuple(codes) for postal, codes in found.items()}


@cache
def departements() -> frozenset[str]:
    """Codes of the départements, two or three characters."""
    return frozenset(departement(code) for code in _names())


def departement(code: str) -> str:
    """The département of an INSEE or postal code: « 46 », « 2A », « 974 »."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def named(name: str) -> str:
    """A name of commune as it is compared: no accent, hyphen, « st » or final CEDEX."""
    swapped = {"st": "saint", "ste": "sainte"}
    kept = [swapped.get(word, word) for word in words(name.lower())]
    if "cedex" in kept:
        kept = kept[: kept.index("cedex")]
    return "".join(kept)


@cache
def _names() -> dict[str, str]:
    return {code: name for code, name, _ in _rows()}


@cache
def _rows() -> list[tuple[str, str, list[str]]]:
    table = pq.read_table(
        EMBEDDED / "territories.parquet",
        columns=["code", "name", "postal_codes"],
        filters=[("level", "=", "commune")],
    )
    columns = [table.column(name).to_pylist() for name in ("code", "name", "postal_codes")]
    return list(zip(*columns, strict=True))
