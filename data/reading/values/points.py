"""One-cell points: « 44.44, 1.44 », « 44,44 ; 1,44 », [lon, lat], POINT (lon lat), DMS pairs."""

from __future__ import annotations

import json
import re
from functools import lru_cache

import numpy as np

from data.reading.values import crs
from data.reading.values.column import Column, Sample
from data.reading.values.coordinates import MOST, explanation
from data.reading.values.degrees import PLACES, degrees, shown
from data.reading.values.names import has, joined

DOT = r"[+\-−]?\d{1,9}(?:\.\d{1,20})?"
COMMA = r"[+\-−]?\d{1,9},\d{1,20}"
SHAPES = tuple(
    re.compile(rf"[(\[]? ?{body} ?[)\]]?")
    for body in (
        rf"({DOT}) ?[,;/|] ?({DOT})", rf"({DOT}) ({DOT})",
        rf"({COMMA}) ?[;/|] ?({COMMA})", rf"({COMMA})(?:, ?| )({COMMA})",
    )
)  # fmt: skip
WKT = re.compile(rf"POINT ?\(({DOT}) ({DOT})\)", re.IGNORECASE)
ANGLES = re.compile(r"(.{4,30}?[NSns\"”″'’])[ ,;/]{1,3}(.{4,30}[EWOewo\"”″'’])")
PREFIXED = re.compile(r"([NSns].{3,30}?)[ ,;/]{1,3}([EWOewo].{3,30})")
NAMED = (
    "coordonnees coordonnee coord coords position geo geom geopoint latlon latlong latlng gps xy"
)
LONGEST = 90


@lru_cache(maxsize=65_536)
def pair(value: str) -> tuple[str, str] | None:
    """The two numbers of a point, in the order of the text (WKT turned to lat, lon)."""
    if len(value) > LONGEST:
        return None
    if match := WKT.fullmatch(value):
        return _plain(match[2]), _plain(match[1])
    for shape in SHAPES:
        if match := shape.fullmatch(value):
            return _plain(match[1]), _plain(match[2])
    return _angles(value)


def _plain(number: str) -> str:
    return number.replace(",", ".").replace("−", "-").lstrip("+")


def _angles(value: str) -> tuple[str, str] | None:
    match = ANGLES.fullmatch(value) or PREFIXED.fullmatch(value)
    if match is None:
        return None
    first, second = degrees(match[1].strip()), degrees(match[2].strip())
    return None if first is None or second is None else (shown(first), shown(second))


def settle(column: Column, sample: Sample) -> str | None:
    """geopoint when the cells hold points, as `lat,lon`; geojson left as it is; else None."""
    if sample.share(_is_geojson) >= MOST:
        return "geojson"
    if sample.share(pair) < MOST or not _are_points(column.name, sample):
        return None
    places = [at for at in column.positions() if pair(column.values[at])]
    found = [pair(column.values[at]) or ("", "") for at in places]
    first = np.array([float(one) for one, _ in found])
    second = np.array([float(two) for _, two in found])
    if (np.abs(first) > 1_000).mean() >= MOST and (np.abs(second) > 1_000).mean() >= MOST:
        return _projected(column, places, first, second)
    return _degrees(column, places, found, first, second)


def _are_points(name: str, sample: Sample) -> bool:
    """A header that says so, or decimals on both sides and most points in France."""
    decimals = sample.share(lambda value: all("." in part for part in pair(value) or ("", "")))
    named = has(name, *NAMED.split()) or "geopoint" in joined(name)
    found = [made for value in sample.values if (made := pair(value))]
    first = np.array([float(one) for one, _ in found])
    second = np.array([float(two) for _, two in found])
    placed = crs.in_france(second, first) | crs.in_france(first, second)
    projected = (np.abs(first) > 1_000).mean() >= MOST and named
    fits = placed.mean() >= (0.5 if named else MOST)
    return bool(projected or (fits and (named or decimals >= MOST)))


def _degrees(
    column: Column,
    places: list[int],
    found: list[tuple[str, str]],
    first: crs.Array,
    second: crs.Array,
) -> str:
    right = crs.in_france(second, first)
    turned = ~right & crs.in_france(first, second)
    kept = not column.wishes.refuses("latlon_swapped", column.name)
    made: list[tuple[int, str, str | None]] = []
    for at, (one, two), swap in zip(places, found, turned, strict=True):
        angle = degrees_written(column.values[at])
        kind = "latlon_swapped" if swap and not _lon_first(column, at) else "point"
        kind = "dms" if angle and kind == "point" else kind
        lat, lon = (two, one) if swap and kept else (one, two)
        after = f"{_short(lat)},{_short(lon)}"
        if after != column.values[at]:
            made.append((int(at), kind, after))
    column.apply_kinds(made)
    for flag in sorted({kind for _, kind, _ in made} & {"latlon_swapped", "dms"}):
        column.flag(flag)
    column.flag_rows("outside_france", np.asarray(places)[~right & ~turned])
    return "geopoint"


def _lon_first(column: Column, at: int) -> bool:
    """Written longitude first on purpose: « [lon, lat] », or under a header that says x, y."""
    close = joined(column.name)
    return str(column.values[at]).startswith("[") or close.endswith(("xy", "lonlat", "lnglat"))


def _projected(column: Column, places: list[int], first: crs.Array, second: crs.Array) -> str:
    straight = explanation(first, second, frozenset())
    system = straight or explanation(second, first, frozenset())
    if system is None:
        column.flag("crs:unknown")
        return "string"
    column.flag(f"crs:EPSG:{system.epsg}")
    east, north = (first, second) if straight else (second, first)
    fits = crs.served(system, east, north)
    lon, lat = crs.to_degrees(system.epsg, east[fits], north[fits])
    texts = [f"{shown(a)},{shown(b)}" for a, b in zip(lat, lon, strict=True)]
    done = dict(zip(np.asarray(places)[fits].tolist(), texts, strict=True))
    kept = column.apply("reprojected", done)
    column.flag_rows("outside_france", np.asarray(places)[~fits])
    return "geopoint" if kept else "string"


def degrees_written(value: str) -> bool:
    """Whether degrees are written with their signs, or sides."""
    return _angles(value) is not None


def _short(number: str) -> str:
    decimals = number.partition(".")[2]
    return shown(float(number)) if len(decimals) > PLACES else number


def _is_geojson(value: str) -> bool:
    if not (value.startswith("{") and '"type"' in value[:200] and len(value) < 100_000):
        return False
    try:
        made = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(made, dict) and ("coordinates" in made or "geometries" in made)
