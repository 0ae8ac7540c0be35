"""Which columns hold the two coordinates of the same points, from their headers."""

from __future__ import annotations

from typing import NamedTuple

from data.reading.values.names import listed, words

LAT = listed("lat latitude y ycoord coordy coordonneey northing ylat wgs84lat ylambert yl93")
LON = listed("lon long lng longitude x xcoord coordx coordonneex easting xlong xlon xlambert xl93")


class Pair(NamedTuple):
    """Places of the columns of longitude (or x) and latitude (or y)."""

    lon: int
    lat: int


def pairs(names: list[str]) -> list[Pair]:
    """Pairs of coordinate columns, each column once; those whose headers match best first."""
    lats = [
        (place, rest) for place, name in enumerate(names) if (rest := _rest(name, LAT)) is not None
    ]
    lons = [
        (place, rest) for place, name in enumerate(names) if (rest := _rest(name, LON)) is not None
    ]
    found: list[Pair] = []
    for exact in (True, False):
        for lat, about in lats:
            free = [(place, rest) for place, rest in lons if place not in {p.lon for p in found}]
            if lat in {pair.lat for pair in found}:
                continue
            near = [
                place for place, rest in free if (rest == about if exact else _near(place, lat))
            ]
            if near:
                found.append(Pair(min(near, key=lambda place: abs(place - lat)), lat))
    return found


def _near(one: int, other: int) -> bool:
    return abs(one - other) == 1


def _rest(name: str, wanted: frozenset[str]) -> tuple[str, ...] | None:
    """The other words of a header that names a coordinate; None when it names none."""
    spoken = words(name)
    other = LON if wanted is LAT else LAT
    if wanted.isdisjoint(spoken) or not other.isdisjoint(spoken):
        return None
    rest = tuple(word for word in spoken if word not in wanted)
    return rest


def names_one(name: str) -> bool:
    """Whether a header names a latitude or a longitude (x and y too)."""
    return _rest(name, LAT) is not None or _rest(name, LON) is not None
