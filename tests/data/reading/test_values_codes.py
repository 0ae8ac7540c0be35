"""Codes and places: SIRET, telephone, INSEE and postal codes, coordinates of every system."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from data.reading.values import siret
from tests.data.reading.test_settling import settle

FEW = settings(max_examples=15, deadline=None, derandomize=True)
HALL = "21460042100017"  # a key that is right
POST = "35600000049837"

CODES = [
    ("siret", ["214 600 421 00017", "21460042100017.0", "214.600.421.00017", POST],
     [HALL, HALL, HALL, POST], ("duplicate_rows:2",)),
    ("siret", ["2,14600E+13", HALL], ["2,14600E+13", HALL], ("siret_unrecoverable:1",)),
    ("siret", ["2.1460042100017E+13", HALL], [HALL, HALL], ("duplicate_rows:1",)),
    ("siret", ["21460042100018", HALL], ["21460042100018", HALL], ("siret_invalid:siret:1",)),
    ("siret", ["Mairie", "École"], ["Mairie", "École"], ()),
    ("siren", ["356 000 000", "356000000"], ["356000000", "356000000"], ("duplicate_rows:1",)),
    ("tel", ["05.65.20.87.00", "+33 5 65 20 87 01", "565208702", "0033565208703", "3949"],
     ["0565208700", "0565208701", "0565208702", "0565208703", "3949"],
     ("leading_zero_restored:3",)),
    ("tel", ["+33 (0)5 65 20 87 00", "+262 262 40 00 00"], ["0565208700", "0262400000"], ()),
    ("tel", ["05 65 20 87 00 / 06 12 34 56 78", "05 65 20 87 01"],
     ["05 65 20 87 00 / 06 12 34 56 78", "0565208701"], ("phone_unrecognised:tel:1",)),
    ("contact", ["05 65 20 87 00", "05 65 20 87 01"], ["0565208700", "0565208701"], ()),
    ("code_insee", ["46042", "1004", "2a004", "46042.0", "46 102"],
     ["46042", "01004", "2A004", "46042", "46102"],
     ("leading_zero_restored:2", "duplicate_rows:1")),
    ("Code postal", ["46000", "1000", "75 000", "59230.0"], ["46000", "01000", "75000", "59230"],
     ("leading_zero_restored:2",)),
    ("cp", ["46000", "46005 CEDEX 9"], ["46000", "46005 CEDEX 9"], ("not_a_code:cp:2",)),
    ("dep", ["1", "2a", "971"], ["01", "2A", "971"], ("leading_zero_restored:1",)),
    ("nb_dep", ["1", "2"], ["1", "2"], ()),
    ("code_insee", ["46000", "46100"], ["46000", "46100"], ("postal_instead_of_insee",)),
    ("code_insee", ["75101", "69381", "13201"], ["75101", "69381", "13201"], ()),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "wanted", "flags"), CODES)
def test_codes(header, values, wanted, flags) -> None:
    made = settle((header, values))
    assert made.table.column(0).to_pylist() == wanted
    assert made.columns[0].type == ("integer" if header == "nb_dep" else "string")
    assert set(made.flags) == set(flags)


def test_the_keys_of_siret_and_siren() -> None:
    assert siret.is_siret(HALL) and siret.is_siret(POST) and siret.is_siren("356000000")
    assert not siret.is_siret("21460042100018") and not siret.is_siret("2146004210001")


def test_a_name_beside_turns_a_postal_code_into_the_code_of_its_commune() -> None:
    made = settle(("code_insee", ["46000", "46100"]), ("commune", ["CAHORS", "Figeac"]))
    assert made.table.column(0).to_pylist() == ["46042", "46102"]
    assert "postal_instead_of_insee" in made.flags
    assert ("postal_instead_of_insee", 2) in {(one.kind, one.count) for one in made.repairs}


def test_insee_codes_beside_their_names_stay_though_the_post_uses_them_too() -> None:
    made = settle(("code_insee", ["46042", "46102"]), ("commune", ["Cahors", "Figeac"]))
    assert made.table.column(0).to_pylist() == ["46042", "46102"] and not made.flags


# --- coordinates ---------------------------------------------------------------------------------

CAHORS = (1.4419, 44.4475)


def placed(lon_name: str, lat_name: str, points: list[tuple[str, str]], *others):
    made = settle((lon_name, [x for x, _ in points]), (lat_name, [y for _, y in points]), *others)
    columns = [made.table.column(place).to_pylist() for place in (0, 1)]
    return list(zip(*columns, strict=True)), set(made.flags), made


def test_swapped_axes_are_put_right_where_they_are_wrong() -> None:
    points, flags, made = placed(
        "longitude", "latitude", [("44,4475", "1,4419"), ("1.45", "44.4"), ("-21.1", "55.5")]
    )
    assert points == [("1.4419", "44.4475"), ("1.45", "44.4"), ("55.5", "-21.1")]
    assert flags == {"latlon_swapped"}
    assert [column.type for column in made.columns] == ["number", "number"]


def test_a_side_written_after_decimals_is_read() -> None:
    points, flags, _ = placed("long", "lat", [("1.4419 E", "44.4475N"), ("0,5333 O", "44,500 N")])
    assert points == [("1.4419", "44.4475"), ("-0.5333", "44.5")] and flags == {"dms"}


def test_points_far_from_france_stay_and_are_told() -> None:
    points, flags, _ = placed("lon", "lat", [("1.44", "44.44"), ("0", "0"), ("-73.9", "40.7")])
    assert points[1:] == [("0", "0"), ("-73.9", "40.7")]
    assert flags == {"outside_france:lat:2,3"}


SYSTEMS = [2154, 27572, *range(3943, 3951), 2975, 4471, 4467]
HOMES = {2975: (55.45, -20.9), 4471: (45.2, -12.8), 4467: (-56.2, 46.8), 3950: (2.3, 50.2)}


@pytest.mark.parametrize("epsg", SYSTEMS)
def test_projected_points_become_degrees(epsg: int) -> None:
    north = 44.45 if epsg in (2154, 27572) else epsg - 3900 + 0.1
    lon, lat = HOMES.get(epsg, (1.44, north))
    away = Transformer.from_crs(4326, epsg, always_xy=True)
    points = [away.transform(lon + step / 100, lat + step / 100) for step in range(4)]
    written = [(f"{x:.2f}".replace(".", ","), f"{y:.2f}".replace(".", ",")) for x, y in points]
    for turned in (False, True):
        given_points = [(y, x) if turned else (x, y) for x, y in written]
        found, flags, _ = placed("X", "Y", given_points)
        assert f"crs:EPSG:{epsg}" in flags and ("latlon_swapped" in flags) == turned
        for step, (x, y) in enumerate(found):
            assert float(x) == pytest.approx(lon + step / 100, abs=1e-5)
            assert float(y) == pytest.approx(lat + step / 100, abs=1e-5)
            assert len(x.partition(".")[2]) <= 7


def test_two_systems_that_fit_are_told_apart_by_the_codes_beside_or_left() -> None:
    points = [("640000", "1790000"), ("641000", "1791000")]  # Guadeloupe, or Lambert II in Aude
    kept, flags, _ = placed("X", "Y", points)
    assert kept == points and flags == {"crs:unknown"}
    found, flags, _ = placed("X", "Y", points, ("code_insee", ["97105", "97105"]))
    assert "crs:EPSG:5490" in flags and float(found[0][1]) == pytest.approx(16.19, abs=0.01)


def test_web_mercator_is_told_from_lambert_93_by_where_the_points_fall() -> None:
    found, flags, _ = placed("X", "Y", [("261000", "6250000"), ("262000", "6251000")])
    assert "crs:EPSG:3857" in flags and float(found[0][1]) == pytest.approx(48.86, abs=0.05)
    nancy = [("668000", "6190000")]  # Aude in Lambert 93, Nancy in Web Mercator
    assert "crs:EPSG:2154" in placed("X", "Y", nancy)[1]
    assert "crs:EPSG:3857" in placed("X", "Y", nancy, ("code_insee", ["54395"]))[1]


def test_a_projected_pair_beside_degrees_is_left_as_the_standard_of_addresses_wants_it() -> None:
    made = settle(
        ("x", ["577000.5", "577100"]), ("y", ["6372000", "6372200"]),
        ("long", ["1.4545", "1.4557"]), ("lat", ["44.4362", "44.4380"]),
    )  # fmt: skip
    assert made.table.column("x").to_pylist() == ["577000.5", "577100"]
    assert made.flags == ("crs:EPSG:2154",)


def test_degrees_minutes_and_seconds() -> None:
    points, flags, _ = placed(
        "lon", "lat", [("1°26'30\" E", "44°26'51\" N"), ("1° 26' 31,2'' O", "N 44° 26.85'")]
    )
    assert points == [("1.4416667", "44.4475"), ("-1.442", "44.4475")]
    assert flags == {"dms"}


POINTS = [
    (["44.4475, 1.4419", "44.5,1.5"], ["44.4475,1.4419", "44.5,1.5"], set()),
    (["44,4475 ; 1,4419", "(44.5, 1.5)"], ["44.4475,1.4419", "44.5,1.5"], set()),
    (["44,4475, 1,4419", "44,5 1,5"], ["44.4475,1.4419", "44.5,1.5"], set()),
    (["[1.4419, 44.4475]", "[1.5,44.5]"], ["44.4475,1.4419", "44.5,1.5"], set()),
    (["1.4419, 44.4475", "1.5 44.5"], ["44.4475,1.4419", "44.5,1.5"], {"latlon_swapped"}),
    (["POINT (1.4419 44.4475)", "POINT(1.5 44.5)"], ["44.4475,1.4419", "44.5,1.5"], set()),
    (["44°26'51\"N 1°26'30\"E", "44°26'51\"N, 1°26'30\"O"],
     ["44.4475,1.4416667", "44.4475,-1.4416667"], {"dms"}),
    (["N 44.4475 E 1.4419", "44.4475° N, 1.5° O"], ["44.4475,1.4419", "44.4475,-1.5"], {"dms"}),
    (["44.44751234567,1.4419", "44.5,1.5"], ["44.4475123,1.4419", "44.5,1.5"], set()),
]  # fmt: skip


@pytest.mark.parametrize(("values", "wanted", "flags"), POINTS)
def test_points_in_one_cell(values, wanted, flags) -> None:
    made = settle(("geo_point", values))
    assert made.table.column(0).to_pylist() == wanted
    assert made.columns[0].type == "geopoint" and set(made.flags) == flags


def test_geojson_in_a_cell_stays_as_it_is() -> None:
    value = '{"type": "Point", "coordinates": [1.4, 44.4]}'
    made = settle(("geom", [value, value.replace("1.4", "1.5")]))
    assert made.columns[0].type == "geojson" and not made.repairs


@FEW
@given(st.floats(44.0, 48.5), st.floats(0, 5))
def test_a_point_of_lambert_93_comes_back(lat: float, lon: float) -> None:
    x, y = Transformer.from_crs(4326, 2154, always_xy=True).transform(lon, lat)
    found, _, _ = placed("x_l93", "y_l93", [(f"{x:.3f}", f"{y:.3f}")])
    assert float(found[0][0]) == pytest.approx(lon, abs=1e-6)
    assert float(found[0][1]) == pytest.approx(lat, abs=1e-6)
