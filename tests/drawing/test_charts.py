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


def test_a_bar_of_statuses_counts_each_once_and_tells_them_without_colour():
    counts = {"open": 45, "candidate": 14, "closed_unjustified": 1, "not_evaluated": 91, "other": 0}
    shares = charts.counted(counts)
    assert [count for _, count in shares] == [45, 14, 1, 91]
    text = json.dumps(charts.share_chart(shares), ensure_ascii=False)
    for sign, count in shares:
        assert sign.symbol in text
        assert f"{sign.word}\u00a0: {count}" in text
    fills = re.findall(r'"fillOpacity": ([\d.]+)', text)
    assert len(set(fills)) == len(fills)  # no two parts as full as each other


def test_a_thin_part_of_a_bar_stays_readable_and_the_bar_whole():
    widths = charts._widths(charts.counted({"open": 1, "candidate": 10_000}))
    assert sum(widths) == pytest.approx(1)
    assert min(widths) > 0.05


def test_gains_are_drawn_from_their_low_to_their_high():
    spec = charts.gain_chart((charts.Gain("Arbres", 10, 20), charts.Gain("Friches", 0, 0.4)))
    rows = next(iter(spec["datasets"].values()))
    assert [row["text"] for row in rows] == ["[10–20]", "[0–0]"]
    assert "strokeDash" in json.dumps(spec)


@pytest.mark.parametrize(
    ("value", "x", "shape"),
    [(10, 0, "in"), (8, -1, "in"), (14, 1, "in"), (1000, 3, "high"), (-1000, -3, "low")],
)
def test_a_standing_is_in_half_widths_of_the_middle_half(value, x, shape):
    spec = charts.standing_chart((charts.Standing("Part", value, 10, 8, 14, "10 %"),))
    rows = [rows[0] for rows in spec["datasets"].values() if "shape" in rows[0]]
    assert rows[0]["x"] == pytest.approx(x)
    assert rows[0]["shape"] == shape


def test_a_group_that_is_all_alike_still_has_a_place():
    spec = charts.standing_chart((charts.Standing("Part", 5, 5, 5, 5, "5"),))
    rows = [rows[0] for rows in spec["datasets"].values() if "shape" in rows[0]]
    assert (rows[0]["x"], rows[0]["shape"]) == (0, "in")
