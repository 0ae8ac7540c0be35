"""Areas against computations of another kind; shapes that must be mended, cut, refused."""

from __future__ import annotations

import json
import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import Polygon, box, mapping, shape

from data.shapes import BadShape, Ground, drawn, hectares, projection, quarters, rectangle, union

GEOD = Geod(ellps="WGS84")
SQUARE = rectangle((1.4, 44.41, 1.48, 44.49))
DEPARTEMENTS = {
    "46": (1.44, 44.45),
    "29": (-4.1, 48.0),
    "2A": (8.74, 41.92),
    "59": (2.4, 51.0),
    "971": (-61.5, 16.2),
    "972": (-61.0, 14.6),
    "973": (-52.3, 4.9),
    "974": (55.5, -21.1),
    "975": (-56.2, 46.8),
    "976": (45.2, -12.8),
    "978": (-63.05, 18.08),
}


def in_metres(departement: str, width: float, height: float, dx: float = 0, dy: float = 0) -> dict:
    """A rectangle drawn in metres in the legal projection, given in degrees."""
    epsg = projection(departement)
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(*DEPARTEMENTS[departement])
    back = Transformer.from_crs(epsg, 4326, always_xy=True)
    corners = box(x + dx, y + dy, x + dx + width, y + dy + height).exterior.coords
    ring = [list(back.transform(*at)) for at in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def geodesic(geometry: dict) -> float:
    return abs(GEOD.geometry_area_perimeter(shape(geometry))[0]) / 10_000


@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_a_square_of_known_sides_has_its_area_everywhere(departement):
    made = in_metres(departement, 1000, 2500)
    assert hectares(made, departement) == pytest.approx(250, rel=1e-6)
    assert hectares(made, departement) == pytest.approx(geodesic(made), rel=0.006)


def test_the_projection_is_the_legal_one():
    assert [projection(code) for code in ("46", "2B", None, "971", "972", "973", "974", "976")] == [
        2154, 2154, 2154, 5490, 5490, 2972, 2975, 4471
    ]  # fmt: skip


SIDE = st.floats(50, 3000)
SHIFT = st.floats(-2000, 4000)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(dx=SHIFT, dy=SHIFT, width=SIDE, height=SIDE)
def test_what_lies_within_is_what_two_rectangles_share(dx, dy, width, height):
    """Against plain arithmetic on sides; never more than either."""
    ground = Ground(in_metres("46", 3000, 2000), "46")
    part = ground.part(in_metres("46", width, height, dx, dy))
    across = max(0.0, min(3000, dx + width) - max(0, dx))
    along = max(0.0, min(2000, dy + height) - max(0, dy))
    found = part.hectares if part else 0.0
    assert found == pytest.approx(across * along / 10_000, abs=0.001)
    assert found <= min(600, width * height / 10_000) + 0.001


@settings(max_examples=12, deadline=None, derandomize=True)
@given(places=st.lists(st.tuples(SHIFT, SHIFT, SIDE, SIDE), min_size=1, max_size=5))
def test_land_counted_once_is_the_union_in_any_order(places):
    ground = Ground(in_metres("974", 3000, 3000), "974")
    parts = [
        part
        for dx, dy, width, height in places
        if (part := ground.part(in_metres("974", width, height, dx, dy)))
    ]
    alone = ground.alone(parts)
    whole = ground.joined(parts)
    assert sum(alone) == pytest.approx(whole.hectares if whole else 0, abs=0.001)
    assert sum(ground.alone(parts[::-1])) == pytest.approx(sum(alone), abs=0.001)
    assert all(one <= part.hectares + 1e-6 for one, part in zip(alone, parts, strict=True))
    assert sum(alone) <= ground.hectares + 0.001


def test_disjoint_parts_add_up_and_nested_ones_do_not():
    ground = Ground(in_metres("46", 3000, 3000), "46")
    one, other, inner = (
        ground.part(in_metres("46", *sides))
        for sides in ((500, 500, 0, 0), (500, 500, 1000, 1000), (100, 100, 50, 50))
    )
    assert ground.alone([one, other]) == pytest.approx([25, 25], abs=1e-3)
    assert ground.alone([one, inner]) == pytest.approx([25, 0], abs=1e-3)
    assert ground.alone([inner, one]) == pytest.approx([1, 24], abs=1e-3)


def test_the_whole_site_is_not_what_lies_on_the_town():
    ground = Ground(in_metres("46", 1000, 1000), "46")
    site = in_metres("46", 50_000, 50_000, -20_000, -20_000)
    assert ground.part(site).hectares == pytest.approx(100, rel=1e-6)
    assert hectares(site, "46") == pytest.approx(250_000, rel=1e-5)


def test_a_common_border_is_nothing():
    ground = Ground(SQUARE, "46")
    assert ground.part(rectangle((1.48, 44.41, 1.5, 44.49))) is None
    assert ground.part(rectangle((2.4, 45.41, 2.5, 45.49))) is None


def test_exchanged_axes_are_named_and_not_taken_for_far_away():
    swapped = rectangle((44.41, 1.4, 44.49, 1.48))
    with pytest.raises(BadShape, match="inversées"):
        Ground(SQUARE, "46").part(swapped)
    with pytest.raises(BadShape, match="inversées"):
        Ground(swapped, "46")
    with pytest.raises(BadShape, match="inversées"):
        drawn(rectangle((-21.1, 55.4, -21.0, 55.5)), "974")
    with pytest.raises(BadShape, match="hors de son territoire"):
        Ground(SQUARE, "974")


BOWTIE = [[1.4, 44.4], [1.5, 44.5], [1.5, 44.4], [1.4, 44.5], [1.4, 44.4]]
SPUR = [[1.4, 44.4], [1.5, 44.4], [1.5, 44.5], [1.5, 44.55], [1.5, 44.5], [1.4, 44.5], [1.4, 44.4]]


def test_a_spur_is_mended_and_a_bow_tie_refused():
    plain = hectares(rectangle((1.4, 44.4, 1.5, 44.5)), "46")
    assert hectares({"type": "Polygon", "coordinates": [SPUR]}, "46") == pytest.approx(plain)
    with pytest.raises(BadShape, match="croisent"):
        hectares({"type": "Polygon", "coordinates": [BOWTIE]}, "46")


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"type": "Point", "coordinates": [1.4, 44.4]},
        {"type": "GeometryCollection", "geometries": [SQUARE]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": "44"},
        {"type": "Polygon", "coordinates": [[["1.4", "44.4"]] * 4]},
        {"type": "Polygon", "coordinates": [[[None, None]] * 4]},
        {"type": "Polygon", "coordinates": [[[math.nan, 44.4]] * 4]},
        {"type": "Polygon", "coordinates": [[[1e400, 44.4]] * 4]},
        {"type": "Polygon", "coordinates": [[[1.4, 44.4], [1.5, 44.4], [1.5, 44.5]]]},
        {"type": "Polygon", "coordinates": [[[634000.0, 6400000.0], [634100.0, 6400000.0],
                                             [634100.0, 6400100.0], [634000.0, 6400000.0]]]},
        {"type": "Polygon", "coordinates": [[[1.4, 44.4]] * 5]},
    ],
)  # fmt: skip
def test_what_has_no_area_is_refused_and_never_zero(given):
    with pytest.raises(BadShape):
        Ground(given, "46")
        pytest.fail("mesuré")


def test_too_many_points_are_refused(monkeypatch):
    monkeypatch.setattr("data.shapes.MOST_POSITIONS", 3)
    with pytest.raises(BadShape, match="plus de 3 points"):
        hectares(SQUARE)


def jagged(points: int) -> dict:
    """A round town with a ragged border."""
    ring = []
    for step in range(points):
        turn = 2 * math.pi * step / points
        far = 0.05 * (1 + 0.08 * math.sin(37 * turn) + 0.03 * math.cos(101 * turn))
        ring.append([1.44 + far * math.cos(turn), 44.45 + far * 0.7 * math.sin(turn)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@pytest.mark.parametrize("most", [99, 40, 12])
def test_an_outline_has_few_points_anticlockwise_and_says_its_gap(most):
    ground = Ground(jagged(1500), "46")
    made = ground.outline(most)
    ring = shape(made.geometry).exterior
    assert made.points <= most and ring.is_ccw
    assert made.points == len(ring.coords) and made.wkt.startswith("POLYGON ((")
    assert 0 < made.gap < 0.2
    assert hectares(made.geometry, "46") == pytest.approx(ground.hectares, rel=made.gap + 0.001)


def test_an_outline_of_many_islands_keeps_the_largest():
    islands = [box(1 + i / 50, 44.4, 1 + i / 50 + 0.002, 44.402) for i in range(40)]
    many = shapely.union_all([box(1.0, 44.45, 1.9, 44.6), *islands])
    made = Ground(dict(mapping(many)), "46").outline(60)
    assert made.points <= 60 and made.gap < 0.02


@pytest.mark.parametrize("most", [400, 50, 8])
def test_what_is_asked_around_covers_the_whole_town(most):
    ground = Ground(jagged(800), "46")
    around = ground.around(most)
    assert ground.part(around).hectares == pytest.approx(ground.hectares, rel=1e-6)
    assert hectares(around, "46") < 2.5 * ground.hectares


def test_holes_are_not_land():
    ring = [[1.4, 44.4], [1.5, 44.4], [1.5, 44.5], [1.4, 44.5], [1.4, 44.4]]
    hole = [[1.42, 44.42], [1.48, 44.42], [1.48, 44.48], [1.42, 44.48], [1.42, 44.42]]
    made = {"type": "Polygon", "coordinates": [ring, hole]}
    outer, inner = (hectares(dict(mapping(Polygon(one))), "46") for one in (ring, hole))
    assert hectares(made, "46") == pytest.approx(outer - inner, rel=1e-6)


def test_neighbours_joined_have_the_area_of_both():
    one, other = rectangle((1.4, 44.4, 1.5, 44.5)), rectangle((1.5, 44.4, 1.6, 44.5))
    joined = json.loads(union([json.dumps(one), json.dumps(other)]))
    assert joined["type"] == "Polygon"
    assert hectares(joined, "46") == pytest.approx(hectares(one, "46") + hectares(other, "46"))


def test_a_contour_drawn_is_text_and_hectares():
    text, surface = drawn(SQUARE, "46")
    assert json.loads(text)["type"] == "Polygon"
    assert surface == pytest.approx(hectares(SQUARE, "46"))


def test_four_quarters_are_the_whole_box():
    whole = (1.4, 44.41, 1.48, 44.49)
    made = shapely.union_all([box(*one) for one in quarters(whole)])
    assert made.equals(box(*whole))
