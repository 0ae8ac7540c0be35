"""Where the fictional world lies and how chance is drawn: a local plane in metres, one seed."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

SEED = 20261121
TOWN, EPCI, DEPARTEMENT = "00001", "000000001", "dep:00"
ORIGIN_LON, ORIGIN_LAT = -20.0, 46.0  # open sea, 1 100 km west of Brittany
METRES_PER_LAT = 111_132.0
METRES_PER_LON = 77_330.0  # at 46 degrees north
DECIMALS = 6  # about 0.1 m

Floats = NDArray[np.float64]


def chance(topic: str) -> np.random.Generator:
    """The generator of one topic: adding a topic leaves the draws of the others unchanged."""
    return np.random.default_rng([SEED, zlib.crc32(topic.encode())])


def longitude(x: Any) -> Any:
    """Degrees (WGS84) of an easting in metres."""
    return np.round(ORIGIN_LON + np.asarray(x, dtype=float) / METRES_PER_LON, DECIMALS)


def latitude(y: Any) -> Any:
    """Degrees (WGS84) of a northing in metres."""
    return np.round(ORIGIN_LAT + np.asarray(y, dtype=float) / METRES_PER_LAT, DECIMALS)


def lon_lat(x: Any, y: Any) -> dict[str, Any]:
    """The two coordinate columns of every table of points."""
    return {"longitude": longitude(x), "latitude": latitude(y)}


def degrees(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry of the plane in WGS84 degrees."""
    return shapely.transform(
        geometry, lambda xy: np.column_stack([longitude(xy[:, 0]), latitude(xy[:, 1])])
    )


def geojson(geometry: BaseGeometry) -> str:
    """GeoJSON text (WGS84) of a geometry of the plane."""
    return json.dumps(mapping(degrees(geometry)), separators=(",", ":"))


def hectares(geometry: BaseGeometry) -> float:
    """Area of a geometry of the plane."""
    return round(geometry.area / 10_000, 2)


def share_out(total: int, weights: Any) -> NDArray[np.int64]:
    """Whole numbers in proportion to `weights` whose sum is exactly `total` (largest remainder)."""
    weights = np.asarray(weights, dtype=float)
    exact = total * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    shares[np.argsort(shares - exact, kind="stable")[: total - shares.sum()]] += 1
    return shares


def inside(area: BaseGeometry, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which points of the plane fall in `area`."""
    shapely.prepare(area)
    return shapely.contains_xy(area, x, y)


def points_in(area: BaseGeometry, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """`count` points drawn evenly in `area`."""
    left, low, right, high = area.bounds
    x, y = np.empty(0), np.empty(0)
    while len(x) < count:
        tried = rng.uniform((left, low), (right, high), (max(64, 3 * count), 2))
        kept = tried[inside(area, tried[:, 0], tried[:, 1])]
        x, y = np.append(x, kept[:, 0]), np.append(y, kept[:, 1])
    return x[:count], y[:count]
