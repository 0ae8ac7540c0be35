"""Two columns of coordinates brought to WGS84 degrees: swapped, projected, too precise.

Names and places of the columns stay. A point that cannot be explained is left and told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.reading import SHOWN, Repair, Wishes
from data.reading.values import crs, land
from data.reading.values.column import repaired, told
from data.reading.values.degrees import PLACES, shown

Array = np.ndarray[Any, Any]
MOST = 0.9  # share of the points that must agree on one explanation
NUMBER = r"^-?\d+(\.\d+)?$"
PRECISE = r"\.\d{8,}$"


@dataclass
class Placed:
    """Two columns of texts, after the work, and what was done and seen."""

    x: Any  # Arrow strings
    y: Any
    repairs: list[Repair] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    epsg: int | None = None


def floats(cells: Any) -> Array:
    """Numbers of a column of texts, NaN where there is none."""
    readable = pc.match_substring_regex(cells, pattern=NUMBER).fill_null(False)
    kept = pc.if_else(readable, cells, pa.scalar(None, pa.string()))
    made = pc.cast(kept, pa.float64()).fill_null(float("nan"))
    return (made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made).to_numpy(
        zero_copy_only=False
    )


def settle(x: Any, y: Any, names: tuple[str, str], wishes: Wishes, hints: frozenset[str]) -> Placed:
    """Two columns in degrees; `hints`: départements that other columns of the file name."""
    placed = Placed(x, y)
    here = floats(x), floats(y)
    known = ~np.isnan(here[0]) & ~np.isnan(here[1])
    if not known.any():
        return placed
    if _looks_projected(here, known):
        _project(placed, here, known, names, wishes, hints)
    else:
        _swap(placed, here, known, names, wishes)
    _shorten(placed, names, wishes)
    return placed


def _looks_projected(here: tuple[Array, Array], known: Array) -> bool:
    large = (np.abs(here[0][known]) > 1_000) & (np.abs(here[1][known]) > 1_000)
    return bool(large.mean() >= MOST)


# --- degrees -------------------------------------------------------------------------------------


def _swap(
    placed: Placed,
    here: tuple[Array, Array],
    known: Array,
    names: tuple[str, str],
    wishes: Wishes,
) -> None:
    """Exchange the points that fall in France only once exchanged."""
    right = crs.in_france(*here)
    turned = known & ~right & crs.in_france(here[1], here[0])
    if turned.any() and not _refused("latlon_swapped", names, wishes):
        _replace(placed, "latlon_swapped", turned, names, placed.y, placed.x)
        placed.flags.append("latlon_swapped")
        right |= turned
    away = known & ~right
    if away.any():
        placed.flags.append(_away(names, away))


# --- projected -----------------------------------------------------------------------------------


def _project(
    placed: Placed,
    here: tuple[Array, Array],
    known: Array,
    names: tuple[str, str],
    wishes: Wishes,
    hints: frozenset[str],
) -> None:
    """Reproject when one system alone explains the points, in one order of the columns."""
    straight = explanation(here[0][known], here[1][known], hints)
    system = straight or explanation(here[1][known], here[0][known], hints)
    if system is None:
        placed.flags.append("crs:unknown")
        return
    placed.epsg = system.epsg
    placed.flags.append(f"crs:EPSG:{system.epsg}")
    if _refused("reprojected", names, wishes):
        return
    east, north = here if straight else (here[1], here[0])
    fits = known & crs.served(system, east, north)
    lon, lat = crs.to_degrees(system.epsg, east[fits], north[fits])
    xs, ys = _texts(lon, fits), _texts(lat, fits)
    _replace(placed, "reprojected", fits, names, xs, ys)
    if not straight:
        placed.flags.append("latlon_swapped")
    away = known & ~fits & ~crs.in_france(*here)
    if away.any():
        placed.flags.append(_away(names, away))


def _away(names: tuple[str, str], rows: Array) -> str:
    return f"outside_france:{names[1]}:{told(np.flatnonzero(rows) + 1)}"


def explanation(x: Array, y: Array, hints: frozenset[str]) -> crs.System | None:
    """The only system that puts the points in France; land and départements named may decide."""
    found = crs.fitting(x, y, MOST)
    if len(found) > 1:
        found = [system for system in found if _ashore(system, x, y, hints)] or found
    if len(found) == 1:
        return found[0]
    preferred = crs.PREFERRED.get(frozenset(system.epsg for system in found))
    return next((system for system in found if system.epsg == preferred), None)


def _ashore(system: crs.System, x: Array, y: Array, hints: frozenset[str]) -> bool:
    """Whether a system puts the points on the land of the départements named, or of France."""
    fits = crs.served(system, x, y)
    lon, lat = crs.to_degrees(system.epsg, x[fits], y[fits])
    return land.share_on_land(lon, lat, hints) >= MOST


# --- texts ---------------------------------------------------------------------------------------


def _texts(values: Array, places: Array) -> Any:
    """Arrow strings of degrees at some rows, null elsewhere."""
    made = np.empty(len(places), dtype=object)
    made[places] = [shown(value) for value in values]
    return pa.array(made, pa.string())


def _replace(
    placed: Placed, kind: str, rows: Array, names: tuple[str, str], xs: Any, ys: Any
) -> None:
    """Put other texts in some rows of both columns, and tell it."""
    mask = pa.array(rows)
    olds, news = (placed.x, placed.y), (xs, ys)
    made = [pc.if_else(mask, new, old) for old, new in zip(olds, news, strict=True)]
    for name, old, new in zip(names, olds, made, strict=True):
        placed.repairs.append(_told(kind, name, rows, old, new))
    placed.x, placed.y = made


def _told(kind: str, name: str, rows: Array, old: Any, new: Any) -> Repair:
    numbers = np.flatnonzero(rows) + 1
    examples = tuple(
        (int(row), old[int(row) - 1].as_py() or "", new[int(row) - 1].as_py())
        for row in numbers[:SHOWN]
    )
    return repaired(kind, name, numbers, examples)


def _shorten(placed: Placed, names: tuple[str, str], wishes: Wishes) -> None:
    """Round degrees written with more decimals than seven."""
    for side, name in zip(("x", "y"), names, strict=True):
        cells = getattr(placed, side)
        long = pc.match_substring_regex(cells, pattern=PRECISE).fill_null(False)
        values = floats(cells)
        rows = long.to_numpy(zero_copy_only=False) & (np.abs(values) <= 180)
        if not rows.any() or wishes.refuses("coordinate_precision", name):
            continue
        made = pc.if_else(pa.array(rows), _texts(np.round(values[rows], PLACES), rows), cells)
        placed.repairs.append(_told("coordinate_precision", name, rows, cells, made))
        setattr(placed, side, made)


def _refused(kind: str, names: tuple[str, str], wishes: Wishes) -> bool:
    return any(wishes.refuses(kind, name) for name in names)
