"""The plan of Castelvoire: contour, river, quarters, blocks, streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from data.embedded.castelvoire.agglomeration import contours
from data.embedded.castelvoire.names import STREETS
from data.embedded.castelvoire.plane import TOWN, Floats, chance, inside

RIVER_BED = [(-4200, -2350), (-2600, -1650), (-1500, -820), (-700, -420), (100, -300)]
RIVER_BED += [(800, 60), (1500, 700), (2300, 1050), (4200, 1900)]
RIVER_WIDTH_M = 26
SQUARES = [
    ("Square des Oies", -60, 330, 26),
    ("Jardin de la Collégiale", 260, 205, 34),
    ("Square de la Gare", 640, -330, 48),
    ("Jardin des Tanneurs", -330, -560, 52),
    ("Mail des Aubiers", 1150, 1010, 70),
    ("Parc du Belvédère", -980, 1180, 95),
    ("Prairie des Meuniers", 330, -1350, 110),
    ("Square du Vieux-Gué", -1180, 480, 45),
]
BRIDGES = [(-1500, -820), (-350, -360), (330, -190), (1150, 380)]


# streets whose name says where they are
KNOWN_STREETS = {
    "quai de la Brisanne": (-120, -250),
    "quai des Lavandières": (330, -130),
    "boulevard de la Gare": (650, -420),
    "avenue de la Plaine": (-1250, -1150),
    "rue des Forges": (-1600, -1400),
    "rue de la Fonderie": (-1100, -1550),
    "rue du Port-Sec": (-2000, -1700),
    "allée des Aubiers": (1180, 1080),
    "allée du Parc": (-830, -60),
    "chemin de la Lisière": (-700, 1550),
    "avenue de Haute-Vaurelle": (150, 1300),
    "rue du Belvédère": (-1000, 1250),
    "rue du Vieux-Gué": (-1150, 380),
    "rue de la Prairie": (1500, 220),
    "rue des Meuniers": (250, -1450),
}


@dataclass(frozen=True)
class Quarter:
    """A part of the town whose streets and buildings are alike."""

    id: str
    label: str
    spacing_m: float  # between the centres of two blocks
    street_m: float  # half width of a street


QUARTERS = {
    quarter.id: quarter
    for quarter in (
        Quarter("centre", "Centre ancien", 68, 3.5),
        Quarter("aubiers", "Les Aubiers (grand ensemble)", 165, 9),
        Quarter("plaine", "Plaine industrielle", 250, 9),
        Quarter("faubourg", "Faubourgs", 112, 6),
        Quarter("pavillons", "Lotissements", 138, 6),
    )
}


@dataclass(frozen=True)
class Block:
    """A street block: the ground between streets."""

    id: str
    quarter: str
    shape: Polygon
    street: str


def smooth(points: Sequence[tuple[float, float]], rounds: int = 4) -> LineString:
    """A line with its corners cut (Chaikin)."""
    line = np.array(points, dtype=float)
    for _ in range(rounds):
        inner = (line[:-1] + line[1:]) / 2
        near = (line[:-1] + inner) / 2, (line[1:] + inner) / 2
        line = np.vstack([line[:1], np.stack(near, axis=1).reshape(-1, 2), line[-1:]])
    return LineString(line).simplify(2)


def patch(x: float, y: float, reach: float, uneven: float = 0.09) -> Polygon:
    """A rounded piece of ground of about `reach` metres, never a true circle."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    waves = (
        np.sin(2 * turn + x / 90)
        + 0.7 * np.sin(3 * turn + y / 70)
        + 0.4 * np.sin(7 * turn + x / 31)
    )
    far = reach * (1 + uneven * waves / 1.4)
    return Polygon(np.column_stack([x + far * np.cos(turn), y + far * np.sin(turn)]))


@cache
def contour() -> Polygon:
    """The commune."""
    return contours()[TOWN]


@cache
def river() -> LineString:
    """The Brisanne, from the hills of the north-east to the plain of the south-west."""
    return smooth(RIVER_BED)


@cache
def water() -> BaseGeometry:
    """The river bed within the commune."""
    return river().buffer(RIVER_WIDTH_M / 2).intersection(contour())


@cache
def park() -> BaseGeometry:
    """Parc des Trois-Saules, on the north bank, west of the old centre."""
    oval = shapely.affinity.scale(patch(0, 0, 1, 0.13), 330, 140)
    oval = shapely.affinity.translate(shapely.affinity.rotate(oval, 24), -830, -290)
    return oval.difference(river().buffer(20))


@cache
def gardens() -> dict[str, BaseGeometry]:
    """Public green spaces by name: the park and eight small ones."""
    small = {name: patch(x, y, reach, 0.2) for name, x, y, reach in SQUARES}
    return {"Parc des Trois-Saules": park(), **small}


@cache
def forest() -> BaseGeometry:
    """Bois de Haute-Vaurelle: the wooded hills of the north, with an uneven edge."""
    edge = [
        (x, 1780 + 190 * np.sin(x / 430) + 110 * np.sin(x / 170)) for x in range(-4000, 4001, 80)
    ]
    return Polygon([*edge, (4000, 6000), (-4000, 6000)]).intersection(contour())


@cache
def quarter_shapes() -> dict[str, BaseGeometry]:
    """The ground of each quarter; they do not overlap."""
    built = patch(-30, 60, 2030, 0.08).difference(forest().buffer(25))
    plain = Polygon([(-2900, -2300), (-2900, -1990), (-1450, -930), (-500, -640), (-350, -1750)])
    ground = {
        "centre": patch(0, 120, 395),
        "aubiers": patch(1180, 1080, 360, 0.14),
        "plaine": plain.difference(river().buffer(60)),
        "faubourg": patch(0, 110, 1060, 0.12),
        "pavillons": built,
    }
    taken: BaseGeometry = unary_union(
        [river().buffer(22), *(g.buffer(8) for g in gardens().values())]
    )
    shapes = {}
    for name, shape in ground.items():
        shapes[name] = shape.intersection(contour().buffer(-60)).difference(taken)
        taken = unary_union([taken, shape])
    return shapes


@cache
def urban() -> BaseGeometry:
    """Everything built."""
    return unary_union(list(quarter_shapes().values())).buffer(1).buffer(-1)


@cache
def cells() -> list[tuple[str, Polygon]]:
    """Quarter and cell of each block, streets still inside the cells."""
    seeds, owners = _seeds()
    parts = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(seeds), extend_to=contour(), ordered=True)
    )
    shapes = quarter_shapes()
    clipped = [
        (owner, part.intersection(shapes[owner]))
        for owner, part in zip(owners, parts, strict=True)
        if owner != "fields"
    ]
    return [(owner, _largest(part)) for owner, part in clipped if _largest(part).area > 600]


@cache
def blocks() -> tuple[Block, ...]:
    """Street blocks, from west to east."""
    narrowed = [
        (owner, _largest(cell.buffer(-QUARTERS[owner].street_m, join_style="mitre")))
        for owner, cell in cells()
    ]
    kept = sorted((p for p in narrowed if p[1].area > 400), key=lambda p: p[1].centroid.x)
    x, y = np.array([[part.centroid.x, part.centroid.y] for _, part in kept]).T
    return tuple(
        Block(f"FICTIF-I{number:04d}", owner, part, street)
        for number, ((owner, part), street) in enumerate(zip(kept, street_at(x, y), strict=True), 1)
    )


@cache
def streets() -> tuple[LineString, ...]:
    """Pieces of street between two crossings, within the built town; the river stops most."""
    borders = unary_union([cell.exterior for _, cell in cells()])
    pieces = [piece.simplify(1) for piece in shapely.get_parts(shapely.line_merge(borders))]
    bridges = [LineString([(x - 6, y + 45), (x + 6, y - 45)]) for x, y in BRIDGES]
    return tuple(piece for piece in pieces if piece.length > 12) + tuple(bridges)


def street_at(x: Floats, y: Floats) -> list[str]:
    """Name of the street nearest to each point."""
    tree = shapely.STRtree(shapely.points(_street_hearts()))
    return [STREETS[index] for index in tree.nearest(shapely.points(x, y))]


def quarter_at(x: Floats, y: Floats) -> NDArray[np.str_]:
    """Quarter of each point, "" out of town."""
    found = np.full(len(x), "", dtype="<U12")
    for name, shape in quarter_shapes().items():
        found[inside(shape, x, y)] = name
    return found


@cache
def _street_hearts() -> Floats:
    rng = chance("streets")
    angle = rng.uniform(0, 2 * np.pi, len(STREETS))
    # the names are listed from the market square outwards: a third of them in the old centre
    reach = 2100 * np.sort(rng.uniform(0, 1, len(STREETS))) ** 1.5
    hearts = np.column_stack([reach * np.cos(angle), 100 + reach * np.sin(angle)])
    for name, heart in KNOWN_STREETS.items():
        hearts[STREETS.index(name)] = heart
    return hearts


def _seeds() -> tuple[Floats, list[str]]:
    points, owners = [], []
    for name, quarter in QUARTERS.items():
        kept = _jittered(quarter_shapes()[name], quarter.spacing_m, name)
        points.append(kept)
        owners += [name] * len(kept)
    outside = box(-4200, -4200, 4200, 4200).difference(urban().buffer(70))
    kept = _jittered(outside, 140, "fields")
    return np.vstack([*points, kept]), owners + ["fields"] * len(kept)


def _jittered(shape: BaseGeometry, spacing: float, topic: str) -> Floats:
    """A bent grid of points: streets look grown, not ruled."""
    rng = chance(f"blocks {topic}")
    left, low, right, high = shape.bounds
    columns, rows = np.arange(left, right, spacing), np.arange(low, high, spacing * 0.9)
    shifted = np.arange(len(rows)) % 2 * spacing / 2
    grid = np.column_stack(
        [(columns[None, :] + shifted[:, None]).ravel(), np.repeat(rows, len(columns))]
    )
    x, y = (grid + rng.uniform(-0.27, 0.27, grid.shape) * spacing).T
    keep = inside(shape, x, y)
    return np.column_stack([x[keep], y[keep]])


def _largest(shape: BaseGeometry) -> Polygon:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=Polygon())
