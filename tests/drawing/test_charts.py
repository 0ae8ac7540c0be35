"""Charts and maps: what they draw is what they were given, without any third-party call."""

import json
import re

import pytest

from data.territories import acv_towns, departement_outlines
from drawing import blocks, charts, maps
from drawing.charts import Point

POINTS = (
    Point("1976-2005 (référence)", 3),
    Point("Vers 2050", 12, 7, 15),
    Point("Vers 2100", 0, 0, 0),
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_interval_chart_carries_values_and_bounds_in_french(theme):
    spec = charts.interval_chart(POINTS, "jours/an", theme)
    rows = next(iter(spec["datasets"].values()))
    assert [row["text"] for row in rows] == ["3", "12 [7–15]", "0 [0–0]"]
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    assert "http" not in json.dumps(spec).replace(spec["$schema"], "")


def test_a_reference_and_a_projection_differ_by_shape_and_not_only_by_colour():
    text = json.dumps(charts.interval_chart(POINTS, "jours/an"))
    assert "diamond" in text
    assert "circle" in text


def test_a_median_outside_its_interval_is_never_cut():
    spec = charts.interval_chart((Point("Vers 2030", 90, 60, 88),), "jours/été")
    row = next(iter(spec["datasets"].values()))[0]
    assert row["low"] <= row["value"] <= row["high"]


@pytest.mark.parametrize(
    ("value", "median", "p25", "p75"),
    [(100, 9, 7, 13), (0, 9, 7, 13), (9, 9, 9, 9), (0, 0, 0, 0), (-5, 1.5, -2, 2)],
)
def test_the_place_of_a_figure_stays_inside_its_drawing(value, median, p25, p75):
    drawn = blocks.place(value, median, p25, p75, "sous la <moitié>", "light")
    lefts = [float(found) for found in re.findall(r"left:([\d.]+)%", drawn)]
    assert len(lefts) == 3
    assert all(0 < left < 100 for left in lefts)
    width = float(re.search(r"width:([\d.]+)%", drawn).group(1))
    assert 0 <= width < 100
    assert "&lt;moitié&gt;" in drawn


def test_every_town_of_the_programme_is_on_the_map_or_named_beside_it():
    towns = acv_towns()
    points = maps.town_points(towns)
    assert len(points) + len(maps.unplaced(towns)) == len(towns) == 244
    assert "Mamoudzou" in maps.unplaced(towns)


def test_overseas_is_drawn_beside_the_mainland():
    for point in maps.town_points(acv_towns()):
        lon, lat = point["position"]
        assert -6 < lon < 10.5, point
        assert 38 < lat < 51.5, point


def test_outlines_move_only_overseas():
    before, after = departement_outlines(), maps.outlines(departement_outlines())
    moved = {
        new["properties"]["code"]
        for old, new in zip(before["features"], after["features"], strict=True)
        if old["geometry"] != new["geometry"]
    }
    assert moved == {"971", "972", "973", "974", "976"}


def test_the_letters_of_the_map_cover_its_labels():
    for label in maps.inset_labels():
        assert set(label["text"]) <= set(maps.letters())
