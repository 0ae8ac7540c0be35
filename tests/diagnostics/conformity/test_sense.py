"""Doubts beside conformity: each raised by what it names, and by nothing else."""

from __future__ import annotations

import random
from datetime import date

import pytest

from data.territories import territory
from diagnostics.conformity.sense import sense
from diagnostics.conformity.sense_fields import insee, places, words
from tests.diagnostics.conformity.small_cells import cells, workspace

TODAY = date(2026, 11, 21)
RNG = random.Random(46)
LON = [f"{1.40 + RNG.random() / 20:.6f}" for _ in range(60)]
LAT = [f"{44.42 + RNG.random() / 20:.6f}" for _ in range(60)]
POINTS = {"longitude": "number", "latitude": "number"}


def doubts(fields, columns, town=None):
    made = cells(workspace(), fields, columns)
    found = sense(made, territory(town) if town else None, TODAY)
    for one in found:
        assert one.message[-1] in ".?" and "  " not in one.message and one.title, one
        assert 0 < one.count <= made.rows and len(one.rows) <= 20 and one.rows, one
        assert set(one.document()) == {"code", "title", "count", "message", "rows", "field"}
    return {one.code: one for one in found}


def at(lon, lat, town=None, **more):
    fields = {**POINTS, **{name: "string" for name in more}}
    return doubts(fields, {"longitude": lon, "latitude": lat, **more}, town)


def test_good_points_raise_nothing():
    assert at(LON, LAT, "46042", code_insee=["46042"] * 60) == {}


def test_swapped_axes():
    found = at([*LON[:5], "44.44"], [*LAT[:5], "1.44"])
    assert found["swapped-axes"].rows == (6,) and found["swapped-axes"].count == 1
    assert set(at(LAT, LON)) == {"swapped-axes"}


def test_points_elsewhere():
    assert at([*LON[:5], "100.5"], [*LAT[:5], "10.5"])["outside-france"].rows == (6,)
    assert at([*LON[:5], "0"], [*LAT[:5], "0"])["zero-coordinates"].rows == (6,)
    assert at([*LON[:5], "579000.5"], [*LAT[:5], "6372000.1"])["projected-coordinates"].count == 1
    assert at([*LON[:5], None], [*LAT[:5], "44.4"]) == {}, "une moitié de point n'en est pas un"


@pytest.mark.parametrize("town", ["46042", "200023737", "dep:46"])
def test_points_outside_the_territory(town):
    found = at([*LON, "2.352200"], [*LAT, "48.856600"], town)
    assert set(found) == {"outside-territory"} and found["outside-territory"].rows == (61,)
    assert (
        "km" in found["outside-territory"].message
        and "distance" in found["outside-territory"].message
    )


def test_the_fictional_town_lies_at_sea_and_judges_no_point():
    assert at(LON, LAT, "00001") == {}


def test_points_that_do_not_fit_the_code_of_their_row():
    codes = ["46042"] * 59 + ["75056"]
    found = at(LON, LAT, code_insee=codes)
    assert set(found) == {"point-against-insee"} and found["point-against-insee"].rows == (60,)


def test_precision_lost_and_points_on_each_other():
    numbers = [str(n) for n in range(60)]
    assert set(at([x[:5] for x in LON], [y[:6] for y in LAT], n=numbers)) == {"lost-precision"}
    assert set(at(LON[:1] * 6, LAT[:1] * 6, n=numbers[:6])) == {"same-point"}
    assert set(at(LON[:3] * 20, LAT[:3] * 20, n=numbers)) == {"few-places"}
    assert at(LON[:1], LAT[:1]) == {}, "un seul point ne dit rien"


def test_a_geopoint_and_a_pair_in_brackets_are_points_too():
    pair = [f"{lon},{lat}" for lon, lat in zip(LAT, LON, strict=True)]
    assert set(doubts({"lieu": "geopoint"}, {"lieu": pair})) == {"swapped-axes"}
    bracketed = [f"[{lon}, {lat}]" for lon, lat in zip(LAT, LON, strict=True)]
    assert set(doubts({"coordonneesXY": "string"}, {"coordonneesXY": bracketed})) == {
        "swapped-axes"
    }


def test_columns_called_x_and_y_may_hold_metres():
    metres = {"x": ["579000.5", "579001.5"], "y": ["6372000.1", "6372002.1"]}
    assert doubts({"x": "number", "y": "number"}, metres) == {}
    both = {**metres, "long": ["1.44", "44.4"], "lat": ["44.4", "1.44"]}
    assert doubts(dict.fromkeys(both, "number"), both)["swapped-axes"].rows == (2,)


def test_dates():
    spread = [f"{2000 + n % 20}-0{1 + n % 9}-1{n % 9}" for n in range(12)]
    assert doubts({"date_pose": "date"}, {"date_pose": spread}) == {}
    same = doubts({"date_pose": "date"}, {"date_pose": ["2024-03-15"] * 12})
    assert set(same) == {"constant-date"} and same["constant-date"].count == 12
    assert doubts({"date_maj": "date"}, {"date_maj": ["2024-03-15"] * 12}) == {}
    future = doubts({"date_pose": "date"}, {"date_pose": [*spread, "2034-01-05"]})
    assert future["future-date"].rows == (13,)
    assert doubts({"date_fin": "date"}, {"date_fin": [*spread, "2034-01-05"]}) == {}
    old = doubts({"date_pose": "date"}, {"date_pose": [*spread, "0200-02-05"]})
    assert old["ancient-date"].rows == (13,)
    assert doubts({"annee": "year"}, {"annee": ["2024", "2099"]})["future-date"].rows == (2,)


def test_dates_that_are_only_years():
    firsts = [f"{2000 + n}-01-01" for n in range(12)]
    found = doubts({"date_pose": "date"}, {"date_pose": firsts})
    assert set(found) == {"year-only-date"} and found["year-only-date"].count == 12
    years = doubts({"date_pose": "date"}, {"date_pose": ["2004", "2005-06-07", "2006-07-08"]})
    assert years["year-only-date"].count == 1 and years["year-only-date"].rows == (1,)


def test_numbers_that_cannot_be():
    fields = {
        "hauteur": "number",
        "surface_m2": "number",
        "taux_acces": "number",
        "solde": "number",
    }
    columns = {
        "hauteur": ["12", "350", None],
        "surface_m2": ["10", "-3", "x"],
        "taux_acces": ["50", "120", "100"],
        "solde": ["-5", "-6", "9000"],
    }
    found = doubts(fields, columns)
    assert set(found) == {"impossible-height", "impossible-negative", "percent-over-100"}
    assert all(one.rows == (2,) for one in found.values())
    assert doubts({"taux_evolution": "number"}, {"taux_evolution": ["-5", "300"]}) == {}


def test_heights_counted_in_centimetres():
    fields = [{"name": "hauteur", "type": "number", "unit": "cm"}]
    found = doubts(fields, {"hauteur": ["1250", "12.5", "800", "13000"]})
    assert found["height-in-metres"].rows == (2,)
    assert found["impossible-height"].rows == (4,)


def test_codes_taken_for_each_other():
    found = doubts({"code_insee": "string"}, {"code_insee": ["46042", "46000", "00042", None]})
    assert found["postal-for-insee"].rows == (2,) and found["unknown-insee"].rows == (3,)
    found = doubts({"code_postal": "string"}, {"code_postal": ["46000", "46042"]})
    assert found["insee-for-postal"].rows == (2,)


def test_rows_said_twice():
    fields = {"id": "string", "nom": "string", "lieu": "string"}
    columns = {"id": ["1", "2", "3"], "nom": ["a", "a", "b"], "lieu": ["x", "x", "x"]}
    found = doubts(fields, columns)
    assert (
        found["duplicated-rows"].rows == (2,) and "identifiant" in found["duplicated-rows"].message
    )
    assert doubts({"id": "string", "nom": "string"}, {"id": ["1", "2"], "nom": ["a", "a"]}) == {}
    empty = {"id": ["1", "2"], "nom": [None, None], "lieu": [None, None]}
    assert doubts(fields, empty) == {}


def test_an_empty_file_and_an_odd_one_raise_nothing():
    assert doubts(POINTS, {"longitude": [], "latitude": []}) == {}
    assert at(["nan", "inf", "x"], ["1", "2", "3"]) == {}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("EQUIP_LONG", "EQUIP_LAT"), 1),
        (("long_coor1", "lat_coor1"), 1),
        (("Xlong", "Ylat"), 1),
        (("x", "y"), 1),
        (("longueur", "largeur"), 0),
        (("depart_lon", "arrivee_lat"), 0),
    ],
)
def test_pairs_of_columns_are_recognised_by_their_names(names, found):
    fields = dict.fromkeys(names, "number")
    made = cells(workspace(), fields, dict.fromkeys(names, ["1"]))
    assert len(places(made)) == found


def test_names_are_cut_into_words():
    assert words("platProduitFournisseurInsee") == ("plat", "produit", "fournisseur", "insee")
    assert words("Département-INSEE_2") == ("departement", "insee", "2")
    fields = {"code_insee": "string", "nom_insee": "string"}
    made = cells(workspace(), fields, dict.fromkeys(fields, ["x"]))
    assert [field.name for field in insee(made)] == ["code_insee"]
