"""Where a point of France may lie: one table, whatever reads coordinates."""

import math

import pytest

from data.boxes import BOXES, METROPOLE, box_of, holds
from data.territories import territory

# (commune, a point inside it), the edges of the country and the lands overseas.
POINTS = [
    ("46042", 1.44, 44.45),
    ("29155", -5.09, 48.46),
    ("59183", 2.37, 51.03),
    ("2A041", 9.16, 41.39),
    ("97105", -61.73, 16.0),
    ("97209", -61.07, 14.6),
    ("97302", -52.33, 4.93),
    ("97411", 55.45, -20.88),
    ("97611", 45.23, -12.78),
]


@pytest.mark.parametrize(("code", "lon", "lat"), POINTS)
def test_a_point_is_held_at_home_and_never_once_turned_round(code, lon, lat):
    home = box_of(territory(code).departement)
    assert holds(home, lon, lat) and not holds(home, lat, lon)


def test_neighbours_of_the_antilles_share_a_box_and_the_unknown_is_metropole():
    assert box_of("978") == box_of("977") != METROPOLE
    assert box_of(None) == box_of("46") == METROPOLE


@pytest.mark.parametrize("point", [(math.nan, 44.0), (1.0, math.nan), (572000.0, 6374000.0)])
def test_what_is_no_degree_is_held_nowhere(point):
    assert not any(holds(box, *point) for box in BOXES.values())
