"""Geometries as columns of text, in WGS84: two columns for points, GeoJSON for all others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from data.reading.sheet_texts import number

DEGREES = 7  # decimals kept after a reprojection: about a centimetre
_LAMBERT_93 = 2154
_OVERSEAS = "OGC:CRS84"


@dataclass(frozen=True)
class Places:
    """Columns made of geometries, their names, and what must be known about them."""

    names: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    flags: tuple[str, ...] = ()


def places(shapes: Any, crs: str | None) -> Places:
    """Columns of an array of shapely geometries (None where absent), `crs` as anything PROJ reads.

    Points: « longitude » and « latitude »; anything else: « geometry ». Without any geometry, no
    column. Coordinates that no reference system explains stay as they are, with a flag.
    """
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not known.any():
        return Places((), (), ("no_geometry",) if len(shapes) else ())
    flags = ["elevation_dropped"] if _has_height(shapes[known]) else []
    flat = np.where(known, shapely.force_2d(shapes), None)
    flat, told, degrees = _in_degrees(_single(flat), crs)
    flags += told
    if (shapely.get_type_id(flat[known]) == 0).all():
        names = ("longitude", "latitude") if degrees else ("x", "y")
        return Places(
            names, (_texts(shapely.get_x(flat)), _texts(shapely.get_y(flat))), tuple(flags)
        )
    written = [None if made is None else made for made in shapely.to_geojson(flat)]
    return Places(("geometry",), (pa.array(written, pa.string()),), tuple(flags))


def _has_height(shapes: Any) -> bool:
    """Whether a height is said; zero everywhere is what programs write for none."""
    if not shapely.has_z(shapes).any():
        return False
    heights = shapely.get_coordinates(shapes, include_z=True)[:, 2]
    return bool((np.nan_to_num(heights) != 0).any())


def _single(shapes: Any) -> Any:
    """A group of one point is a point."""
    alone = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    return np.where(alone, shapely.get_geometry(shapes, 0), shapes)


def _texts(values: Any) -> pa.Array:
    return pa.array([number(value) for value in values.tolist()], pa.string())


def _in_degrees(shapes: Any, crs: str | None) -> tuple[Any, list[str], bool]:
    """Shapes in WGS84, flags, whether they are in degrees."""
    system = _system(crs)
    if system is None:
        bounds = shapely.total_bounds(shapes)
        if _fits_degrees(bounds):
            return shapes, [] if crs is None else ["crs_unknown"], True
        code = _french_grid(bounds)
        if code is None:
            return shapes, ["crs_unknown"], False
        made, flags, _ = _in_degrees(shapes, f"EPSG:{code}")
        return made, [*flags, "crs_guessed"], True
    if system.to_epsg() == 4326 or system == CRS.from_user_input(_OVERSEAS):
        return shapes, [] if _fits_degrees(shapely.total_bounds(shapes)) else ["crs_wrong"], True
    return _reprojected(shapes, system)


def _reprojected(shapes: Any, system: CRS) -> tuple[Any, list[str], bool]:
    change = Transformer.from_crs(system, 4326, always_xy=True)

    def moved(coordinates: Any) -> Any:
        x, y = change.transform(coordinates[:, 0], coordinates[:, 1])
        return np.round(np.column_stack([x, y]), DEGREES)

    made = shapely.transform(shapes, moved)
    code = system.to_epsg()
    flags = [f"crs:EPSG:{code}" if code else f"crs:{system.name}"]
    if not np.isfinite(shapely.total_bounds(made)).all():
        return shapes, [*flags, "crs_wrong"], False
    return made, flags, True


def _system(crs: str | None) -> CRS | None:
    if not crs:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = CRS.from_user_input(crs)
    except (ProjError, ValueError):
        return None
    if found.to_epsg() is None:  # the WKT of a .prj names no code
        code = found.to_epsg(min_confidence=25)
        return CRS.from_epsg(code) if code else found
    return found


def _fits_degrees(bounds: Any) -> bool:
    left, low, right, high = bounds
    return bool(-180 <= left <= right <= 180 and -90 <= low <= high <= 90)


def _french_grid(bounds: Any) -> int | None:
    """EPSG code of the French projection that every coordinate fits, where one alone does."""
    left, low, right, high = bounds
    if 0 <= left <= right <= 1_300_000 and 6_000_000 <= low <= high <= 7_200_000:
        return _LAMBERT_93
    zone = int(low // 1_000_000)
    base = zone * 1_000_000
    inside = base + 50_000 <= low <= high <= base + 400_000
    if 1 <= zone <= 9 and 1_000_000 <= left <= right <= 2_400_000 and inside:
        return 3941 + zone
    return None
