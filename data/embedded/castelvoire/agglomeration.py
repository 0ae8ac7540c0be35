"""The 34 communes of Brisanne Agglomération: names, inhabitants, contours."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon

from data.embedded.castelvoire.names import COMMUNES
from data.embedded.castelvoire.plane import (
    EPCI,
    TOWN,
    Floats,
    chance,
    geojson,
    hectares,
    latitude,
    longitude,
    share_out,
)
from data.embedded.castelvoire.tables import Rows, table

TOWN_PEOPLE, EPCI_PEOPLE = 31_800, 86_400
RINGS = [(9, 5_400), (12, 8_900), (12, 12_300)]  # communes, distance to the town in metres


@cache
def codes() -> tuple[str, ...]:
    """00001 to 00034."""
    return tuple(f"{number:05d}" for number in range(1, len(COMMUNES) + 1))


@cache
def inhabitants() -> dict[str, int]:
    """Population of each commune; together 86 400."""
    near = np.repeat([3.0, 1.3, 0.7], [count for count, _ in RINGS])
    weights = near * chance("inhabitants").lognormal(0, 0.55, len(near))
    others = share_out(EPCI_PEOPLE - TOWN_PEOPLE, weights)
    return dict(zip(codes(), [TOWN_PEOPLE, *others.tolist()], strict=True))


@cache
def contours() -> dict[str, Polygon]:
    """Each commune's ground, in the plane."""
    outer = _blob(15_000)
    parts = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(_hearts()), extend_to=outer, ordered=True)
    )
    bent = (_bend(part.intersection(outer)) for part in parts)
    return dict(zip(codes(), bent, strict=True))


def siren(code: str) -> str:
    """A SIREN that no real body bears (they never begin with six zeros)."""
    return f"0000{int(code):05d}" if code == TOWN else f"0000001{int(code):02d}"


@table("municipalities", scope=EPCI, level="commune", vintage="2026")
def municipalities() -> Rows:
    """One row per commune."""
    return {
        "territory": codes(),
        "name": COMMUNES,
        "population": list(inhabitants().values()),
        "siren": [siren(code) for code in codes()],
        "epci": EPCI,
        "departement": "00",
        "region": None,
        "lon": [place(code)[0] for code in codes()],
        "lat": [place(code)[1] for code in codes()],
        "altitude": chance("altitude").integers(165, 410, len(COMMUNES)),
    }


@table("admin_boundaries", scope=EPCI, level="commune", vintage="2026")
def admin_boundaries() -> Rows:
    """Contours of the communes, then of the agglomération."""
    shapes: dict[str, Any] = {**contours(), EPCI: shapely.union_all(list(contours().values()))}
    return {
        "territory": list(shapes),
        "name": [*COMMUNES, "Brisanne Agglomération"],
        "geometry_geojson": [geojson(shape.simplify(10)) for shape in shapes.values()],
        "surface_ha": [hectares(shape) for shape in shapes.values()],
    }


def place(code: str) -> tuple[float, float]:
    """Longitude and latitude of the heart of a commune."""
    x, y = _hearts()[codes().index(code)]
    return float(longitude(x)), float(latitude(y))


@cache
def _hearts() -> Floats:
    rng = chance("communes")
    hearts = [(0.0, 0.0)]
    for turn, (count, reach) in enumerate(RINGS):
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + 0.4 * turn
        angle = angle + rng.uniform(-0.12, 0.12, count)
        far = reach * rng.uniform(0.92, 1.08, count)
        hearts += list(zip(far * np.cos(angle), far * np.sin(angle), strict=True))
    return np.array(hearts)


def _bend(shape: Polygon) -> Polygon:
    """Borders follow the ground: one warp for all, so that neighbours still touch."""
    return shapely.transform(
        shapely.segmentize(shape, 160),
        lambda xy: (
            xy
            + 170
            * np.column_stack(
                [
                    np.sin(xy[:, 1] / 610) + 0.5 * np.sin(xy[:, 0] / 270),
                    np.sin(xy[:, 0] / 720) + 0.5 * np.sin(xy[:, 1] / 240),
                ]
            )
        ),
    )


def _blob(reach: float) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    far = reach * (1 + 0.06 * np.sin(3 * angle) + 0.035 * np.sin(7 * angle + 1))
    return Polygon(np.column_stack([far * np.cos(angle), far * np.sin(angle)]))
