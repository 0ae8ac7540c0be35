"""In which reference system the two figures of a point of France make sense.

The boxes of data.boxes tell one system from another. Systems: Lambert 93 (2154), CC42 to CC50
(3942-3950), Lambert II étendu (27572), Web Mercator (3857) and the UTM of overseas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from pyproj import Transformer

from data.boxes import BOXES, Box

Array = np.ndarray[Any, Any]
WGS84 = 4326


@dataclass(frozen=True)
class System:
    """A projected system: its EPSG code, where its figures fall (metres), the boxes it serves."""

    epsg: int
    box: Box  # of the projected figures
    serves: tuple[str, ...]


SYSTEMS = (
    System(2154, (75_000, 6_030_000, 1_260_000, 7_130_000), ("metropole",)),
    *(
        System(3900 + zone, (1_150_000, y - 170_000, 2_320_000, y + 170_000), ("metropole",))
        for zone in range(42, 51)
        for y in [(zone - 42) * 1_000_000 + 1_200_000]
    ),
    System(27572, (40_000, 1_600_000, 1_220_000, 2_700_000), ("metropole",)),
    System(3857, (-630_000, 5_040_000, 1_100_000, 6_680_000), ("metropole",)),
    System(5490, (450_000, 1_570_000, 750_000, 2_010_000), ("971", "972", "977")),
    System(2972, (90_000, 220_000, 480_000, 660_000), ("973",)),
    System(2975, (300_000, 7_620_000, 400_000, 7_710_000), ("974",)),
    System(4471, (480_000, 8_550_000, 550_000, 8_630_000), ("976",)),
    System(4467, (530_000, 5_160_000, 600_000, 5_240_000), ("975",)),
)
# Figures that two systems explain: which is meant (the other would be at sea).
PREFERRED = {frozenset({2154, 3857}): 2154, frozenset({4467, 3857}): 4467}


def in_france(lon: Array, lat: Array) -> Array:
    """Which points (degrees) fall in a box of France."""
    found = np.zeros(len(lon), dtype=bool)
    for box in BOXES.values():
        found |= inside(lon, lat, box)
    return found


def inside(x: Array, y: Array, box: Box) -> Array:
    """Which points fall in a box; NaN never does."""
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def to_degrees(epsg: int, x: Array, y: Array) -> tuple[Array, Array]:
    """(longitude, latitude) in WGS84 degrees."""
    return _transformer(epsg).transform(x, y)


def fitting(x: Array, y: Array, share: float) -> list[System]:
    """Systems in which that share of the points falls in the part of France they serve."""
    return [system for system in SYSTEMS if served(system, x, y).mean() >= share]


def served(system: System, x: Array, y: Array) -> Array:
    """Which points a system puts in the part of France it serves."""
    found = inside(x, y, system.box)
    if not found.any():
        return found
    lon, lat = to_degrees(system.epsg, x[found], y[found])
    home = np.zeros(len(lon), dtype=bool)
    for name in system.serves:
        home |= inside(lon, lat, BOXES[name])
    found[found] = home
    return found


@cache
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, WGS84, always_xy=True)
