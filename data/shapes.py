"""Land measured in metres: what of a GeoJSON shape lies within the contour of a territory.

Areas are those of the legal projection of the place (Lambert 93 in metropole, the UTM zone
overseas). They keep angles, not areas: against the ellipsoid they are wrong by 0.6 % at most in
metropole and 0.2 % overseas, and a share of one such area in another is not. Shapes come from
anyone: their size is bounded, a faulty one is mended when two ways of mending agree, else refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from data.boxes import Box, box_of
from data.reading.values.crs import WGS84

METRES2_PER_HECTARE = 10_000
MOST_POSITIONS = 400_000  # of one shape
FAULTY = 0.01  # share of area by which two ways of mending may differ
LAMBERT_93 = 2154
LEGAL = {
    "971": 5490,
    "972": 5490,
    "977": 5490,
    "978": 5490,
    "973": 2972,
    "974": 2975,
    "975": 4467,
    "976": 4471,
}
NEAR = 0.01  # degrees around a territory within which a shape may touch it
ROUNDED = 6  # decimals of a degree kept: 0.1 m
FIRST_STEP, STEPS, GROWTH = 2.0, 40, 1.4  # metres: tolerances tried when an outline is simplified
GRID = 0.01  # metres to which points are brought when an exact overlay fails


class BadShape(Exception):
    """A shape that cannot be measured: a few French words."""


@dataclass(frozen=True)
class Part:
    """What a shape has within a territory."""

    hectares: float
    geometry: dict[str, Any]  # GeoJSON, WGS84
    metric: BaseGeometry = field(repr=False)


@dataclass(frozen=True)
class Outline:
    """A contour drawn with few points."""

    geometry: dict[str, Any]  # GeoJSON, WGS84, outer rings anticlockwise
    wkt: str
    points: int
    gap: float  # area wrongly in or out, as a share of that of the territory


class Ground:
    """The land of a territory, from its contour."""

    def __init__(self, contour: Mapping[str, Any], departement: str | None = None) -> None:
        """`contour`: GeoJSON Polygon or MultiPolygon in WGS84; raises BadShape."""
        degrees = polygons(contour)
        _check_within(degrees, box_of(departement))
        self.epsg = projection(departement)
        self.box: Box = tuple(float(one) for one in degrees.bounds)  # type: ignore[assignment]
        self._shape = mended(_moved(degrees, WGS84, self.epsg))

    @property
    def hectares(self) -> float:
        return float(self._shape.area) / METRES2_PER_HECTARE

    def part(self, geometry: Mapping[str, Any]) -> Part | None:
        """What of a shape lies within; None where nothing does, a shared border included.

        Raises BadShape for a shape that cannot be measured, and for one whose longitudes and
        latitudes are exchanged.
        """
        degrees = polygons(geometry)
        if not _touches(degrees.bounds, self.box):
            west, south, east, north = degrees.bounds
            if _touches((south, west, north, east), self.box):
                raise BadShape("longitudes et latitudes inversées")
            return None
        shape = mended(_moved(degrees, WGS84, self.epsg))
        inside = _surfaces(_overlaid("intersection", shape, self._shape))
        if inside.is_empty:
            return None
        area = float(inside.area) / METRES2_PER_HECTARE
        return Part(area, self._geojson(inside), inside)

    def alone(self, parts: Sequence[Part]) -> list[float]:
        """Hectares of each part that those before it do not cover: their sum counts land once."""
        seen: BaseGeometry = Polygon()
        made = []
        for part in parts:
            left = _overlaid("difference", part.metric, seen)
            made.append(float(left.area) / METRES2_PER_HECTARE)
            seen = _overlaid("union", seen, part.metric)
        return made

    def joined(self, parts: Sequence[Part]) -> Part | None:
        """Several parts as one, their common land counted once."""
        whole: BaseGeometry = Polygon()
        for part in parts:
            whole = _overlaid("union", whole, part.metric)
        kept = _surfaces(whole)
        if kept.is_empty:
            return None
        return Part(float(kept.area) / METRES2_PER_HECTARE, self._geojson(kept), kept)

    def outline(self, most: int) -> Outline:
        """The contour in at most `most` points; of many islands, the largest are kept."""
        for step in range(STEPS):
            tolerance = FIRST_STEP * GROWTH**step
            drawn = _surfaces(shapely.make_valid(self._shape.simplify(tolerance)))
            for least in (0.0, 0.002, 0.01):  # islets go before the shape of the mainland does
                made = self._outline(_without_islets(drawn, least), most)
                if made:
                    return made
        made = self._outline(self._shape.envelope, most)
        if made is None:
            raise BadShape(f"contour impossible à réduire à {most} points")
        return made

    def around(self, most: int) -> dict[str, Any]:
        """A shape of at most `most` points that covers the whole territory (GeoJSON, WGS84)."""
        for step in range(STEPS):
            tolerance = FIRST_STEP * GROWTH**step
            drawn = self._shape.buffer(tolerance * 1.1 + 1, quad_segs=2).simplify(tolerance)
            if shapely.get_num_coordinates(drawn) <= most and drawn.covers(self._shape):
                return self._geojson(drawn)
        return self._geojson(self._shape.envelope.buffer(1, join_style="mitre"))

    def _outline(self, drawn: BaseGeometry, most: int) -> Outline | None:
        """An outline as it will be sent; None when it has too many points or no surface left."""
        if drawn.is_empty or shapely.get_num_coordinates(drawn) > most:
            return None
        degrees = shapely.transform(_moved(drawn, self.epsg, WGS84), lambda at: np.round(at, 5))
        turned = _anticlockwise(_surfaces(shapely.make_valid(degrees)))
        points = int(shapely.get_num_coordinates(turned))
        if turned.is_empty or points > most:
            return None
        gap = float(drawn.symmetric_difference(self._shape).area / self._shape.area)
        wkt = shapely.to_wkt(turned, rounding_precision=5)
        return Outline(_plain(turned), wkt, points, gap)

    def _geojson(self, shape: BaseGeometry) -> dict[str, Any]:
        degrees = _moved(shape, self.epsg, WGS84)
        return _plain(shapely.transform(degrees, lambda at: np.round(at, ROUNDED)))


def projection(departement: str | None) -> int:
    """The EPSG code of the legal projection of a département (bare code, « 46 » or « 974 »)."""
    return LEGAL.get(departement or "", LAMBERT_93)


def hectares(geometry: Mapping[str, Any], departement: str | None = None) -> float:
    """The area of a GeoJSON shape in WGS84; raises BadShape."""
    shape = mended(_moved(polygons(geometry), WGS84, projection(departement)))
    return float(shape.area) / METRES2_PER_HECTARE


def drawn(geometry: Mapping[str, Any], departement: str | None) -> tuple[str, float]:
    """The contour of a territory as GeoJSON text, to the metre, and its hectares; raises BadShape.

    One of 35,000: read once, and not turned into Python lists on its way.
    """
    degrees = polygons(geometry)
    _check_within(degrees, box_of(departement))
    light = shapely.transform(degrees, lambda at: np.round(at, 5))
    metric = mended(_moved(light, WGS84, projection(departement)))
    return str(shapely.to_geojson(light)), float(metric.area) / METRES2_PER_HECTARE


def union(contours: Sequence[str]) -> str:
    """Neighbours (GeoJSON texts) as one; what they leave empty between them stays so."""
    shapes = shapely.from_geojson(list(contours))
    whole = _surfaces(shapely.union_all([_valid(one) for one in shapes]))
    if whole.is_empty:
        raise BadShape("aucune surface")
    return str(shapely.to_geojson(shapely.transform(whole, lambda at: np.round(at, ROUNDED))))


def polygons(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A GeoJSON Polygon or MultiPolygon in degrees, perhaps faulty; raises BadShape."""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        said = str(kind)[:20] if kind else "absente"
        raise BadShape(f"géométrie {said}, Polygon ou MultiPolygon attendu")
    bare = {"type": kind, "coordinates": geometry.get("coordinates")}
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(bare, allow_nan=False)))
    except (ShapelyError, ValueError, TypeError, RecursionError) as error:
        raise BadShape("coordonnées illisibles") from error
    _check_positions(shape)
    return shape


def mended(shape: BaseGeometry) -> BaseGeometry:
    """The surfaces of a shape in metres, without crossings; raises BadShape where they are many.

    A bow tie may be read as two wings or as one: where the two readings differ, there is no area.
    """
    if shape.is_valid:
        return shape
    try:
        lines, rings = _surfaces(shapely.make_valid(shape)), _surfaces(shape.buffer(0))
    except ShapelyError as error:
        raise BadShape("surface impossible à réparer") from error
    larger = max(lines.area, rings.area)
    if not larger or abs(lines.area - rings.area) > FAULTY * larger:
        raise BadShape("surface dont les bords se croisent")
    return lines


def _check_positions(shape: BaseGeometry) -> None:
    at = shapely.get_coordinates(shape)
    if not len(at):
        raise BadShape("géométrie vide")
    if len(at) > MOST_POSITIONS:
        raise BadShape(f"plus de {MOST_POSITIONS} points")
    if not (np.abs(at[:, 0]) <= 180).all() or not (np.abs(at[:, 1]) <= 90).all():
        raise BadShape("coordonnées hors de la Terre : degrés attendus")


def _check_within(shape: BaseGeometry, home: Box) -> None:
    west, south, east, north = shape.bounds
    if home[0] <= west and home[1] <= south and east <= home[2] and north <= home[3]:
        return
    swapped = home[0] <= south and home[1] <= west and north <= home[2] and east <= home[3]
    why = "longitudes et latitudes inversées" if swapped else "contour hors de son territoire"
    raise BadShape(why)


def _touches(one: Sequence[float], other: Box) -> bool:
    return bool(
        one[0] <= other[2] + NEAR
        and one[2] >= other[0] - NEAR
        and one[1] <= other[3] + NEAR
        and one[3] >= other[1] - NEAR
    )


@cache
def _transformer(start: int, end: int) -> Transformer:
    return Transformer.from_crs(start, end, always_xy=True)


def _moved(shape: BaseGeometry, start: int, end: int) -> BaseGeometry:
    """A shape from one system to another."""
    change = _transformer(start, end)

    def move(at: Any) -> Any:
        return np.column_stack(change.transform(at[:, 0], at[:, 1]))

    moved = shapely.transform(shape, move)
    if not all(math.isfinite(one) for one in moved.bounds):
        raise BadShape("coordonnées hors du système de projection")
    return moved


def _overlaid(how: str, one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Intersection, difference or union, on a fine grid where the exact one fails."""
    overlay = getattr(shapely, how)
    try:
        return overlay(one, other)
    except ShapelyError:
        try:
            return overlay(one, other, grid_size=GRID)
        except ShapelyError as error:
            raise BadShape("surface impossible à croiser avec le contour") from error


def _valid(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else _surfaces(shapely.make_valid(shape))


def _surfaces(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without the points and lines that an overlay leaves."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    kept = [one for one in shapely.get_parts(shape) if isinstance(one, Polygon | MultiPolygon)]
    return shapely.union_all(kept) if kept else Polygon()


def _without_islets(shape: BaseGeometry, least: float) -> BaseGeometry:
    """Without holes and pieces smaller than a share of the whole."""
    floor = least * shape.area
    kept = []
    for piece in shapely.get_parts(shape):
        holes = [hole for hole in piece.interiors if Polygon(hole).area > floor]
        if piece.area >= floor:
            kept.append(Polygon(piece.exterior, holes))
    return kept[0] if len(kept) == 1 else MultiPolygon(kept)


def _anticlockwise(shape: BaseGeometry) -> BaseGeometry:
    """Outer rings anticlockwise, holes clockwise: the other way round, some servers read « all
    but this »."""
    pieces = [orient(piece, 1.0) for piece in shapely.get_parts(shape)]
    return pieces[0] if len(pieces) == 1 else MultiPolygon(pieces)


def _plain(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with lists, as JSON gives it back."""
    made: dict[str, Any] = json.loads(json.dumps(mapping(shape)))
    return made


def rectangle(area: Box) -> dict[str, Any]:
    """A box in degrees as GeoJSON."""
    return _plain(box(*area))


def quarters(area: Box) -> list[Box]:
    """A box in four."""
    west, south, east, north = area
    x, y = (west + east) / 2, (south + north) / 2
    return [
        (west, south, x, y),
        (x, south, east, y),
        (west, y, x, north),
        (x, y, east, north),
    ]
