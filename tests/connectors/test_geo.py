"""Contours: the territory asked, a plausible shape, hectares; anything else is named."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors import geo
from connectors.fetching import FetchError, NotCovered
from data.catalog import catalog
from data.territories import territory
from tests.connectors.servers import client

ANSWERS = Path(__file__).parent.parent / "answers/geo"
COMMUNE = json.loads((ANSWERS / "commune_46042.json").read_text())
EPCI = json.loads((ANSWERS / "epci_200023737.json").read_text())
CARD = catalog().datasets["admin_boundaries"]


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_GEO", httpserver.url_for(""))
    return httpserver


@pytest.fixture
def ask(server):
    def answered(answer, code="46042", path="/communes/46042"):
        server.expect_request(path).respond_with_json(answer)
        return geo.fetch(CARD, territory(code), client())

    return answered


def changed(**changes) -> dict:
    return copy.deepcopy(COMMUNE) | changes


def test_a_commune_gives_its_name_contour_and_hectares(ask, server):
    got = ask(COMMUNE)
    assert list(got.rows.columns) == ["territory", *(c.name for c in CARD.columns)]
    row = got.rows.iloc[0]
    assert (row["territory"], row["name"]) == ("46042", "Cahors")
    assert json.loads(row["geometry_geojson"]) == COMMUNE["contour"]
    assert row["surface_ha"] == COMMUNE["surface"] and got.detail is None
    request = server.log[0][0]
    assert request.args["fields"] == "nom,code,surface,contour" and got.requests == 1


def test_an_epci_in_several_pieces_is_read(ask):
    got = ask(EPCI, "200023737", "/epcis/200023737")
    assert json.loads(got.rows["geometry_geojson"].iloc[0])["type"] == "MultiPolygon"


def test_a_list_of_one_is_read_as_its_item(ask):
    assert len(ask([COMMUNE]).rows) == 1


@pytest.mark.parametrize("code", ["dep:46", "reg:76", "00001", "000000001", "dep:00"])
def test_what_the_source_does_not_draw_is_not_covered_and_not_asked(server, code):
    with pytest.raises(NotCovered):
        geo.fetch(CARD, territory(code), client())
    assert server.log == []


def test_the_whole_country_is_not_asked(server):
    with pytest.raises(NotCovered):
        geo.fetch(CARD, None, client())


def test_a_plain_text_404_is_quoted(server):
    server.expect_request("/communes/46042").respond_with_data(
        "Commune non trouvée", 404, content_type="text/plain; charset=utf-8"
    )
    with pytest.raises(FetchError, match="404 \\(introuvable\\) « Commune non trouvée »"):
        geo.fetch(CARD, territory("46042"), client())


def test_another_commune_than_the_one_asked_is_refused(ask):
    with pytest.raises(FetchError, match="code 46043 reçu, 46042 demandé"):
        ask(changed(code="46043"))


@pytest.mark.parametrize("answer", [[], {}, "46042", None, [COMMUNE, COMMUNE], {"nom": "Cahors"}])
def test_an_answer_without_a_commune_is_refused(ask, answer):
    with pytest.raises(FetchError, match="sans la clé « code »"):
        ask(answer)


RING = COMMUNE["contour"]["coordinates"][0]


@pytest.mark.parametrize(
    ("contour", "said"),
    [
        (None, "contour absent"),
        ("POLYGON((1 2))", "contour absent"),
        ({"type": "Point", "coordinates": [1.44, 44.45]}, "contour Point"),
        ({"type": "Polygon"}, "illisible"),
        ({"type": "Polygon", "coordinates": []}, "contour vide"),
        ({"type": "Polygon", "coordinates": [[]]}, "illisible"),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "anneau ouvert"),
        ({"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in RING]]}, "axes inversés"),
        ({"type": "Polygon", "coordinates": [[["1", "44"]] * 4]}, "illisible"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 44.0]] * 4]}, "hors du territoire"),
        ({"type": "Polygon", "coordinates": [[[634000.0, 6400000.0]] * 4]}, "hors du territoire"),
        ({"type": "MultiPolygon", "coordinates": 3}, "illisible"),
    ],
)
def test_an_impossible_contour_is_named(ask, contour, said):
    with pytest.raises(FetchError, match=said):
        ask(changed(contour=contour))


def test_overseas_contours_are_held_to_their_own_bounds(ask):
    with pytest.raises(FetchError, match="hors du territoire"):
        ask(changed(code="97411"), "97411", "/communes/97411")
    ring = [[55.4, -20.9], [55.5, -20.9], [55.5, -21.0], [55.4, -21.0], [55.4, -20.9]]
    here = changed(code="97411", surface=None, contour={"type": "Polygon", "coordinates": [ring]})
    with pytest.raises(FetchError, match="code"):
        ask(here, "97412", "/communes/97412")


def test_a_contour_overseas_is_read(ask):
    ring = [[55.4, -20.9], [55.5, -20.9], [55.5, -21.0], [55.4, -21.0], [55.4, -20.9]]
    here = changed(code="97411", surface=11_500, contour={"type": "Polygon", "coordinates": [ring]})
    assert ask(here, "97411", "/communes/97411").rows["surface_ha"].iloc[0] == 11_500


def test_a_surface_in_another_unit_is_refused(ask):
    with pytest.raises(FetchError, match="l'unité a changé"):
        ask(changed(surface=COMMUNE["surface"] / 100))


@pytest.mark.parametrize("surface", [None, "6000", 0, -5, True])
def test_a_surface_that_is_none_stays_absent_never_zero(ask, surface):
    got = ask(changed(surface=surface))
    assert got.rows["surface_ha"].iloc[0] is None and "surface absente" in got.detail


def test_a_page_in_place_of_the_answer_is_named(server):
    server.expect_request("/communes/46042").respond_with_data(
        "<html></html>", content_type="text/html"
    )
    with pytest.raises(FetchError, match="page HTML"):
        geo.fetch(CARD, territory("46042"), client())
