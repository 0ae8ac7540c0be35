"""The national file of contours: read piece by piece, checked commune by commune."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from pytest_httpserver import HTTPServer

from connectors import contours
from connectors.fetching import FetchError
from data.catalog import catalog
from data.shapes import rectangle
from data.territories import members, territory
from tests.connectors.servers import client

CARD = catalog().datasets["admin_boundaries"]
EPCI = "200023737"  # Grand Cahors
INSIDE = members(territory(EPCI))


def commune(code: str, area, name: str = "Ville", **more) -> dict:
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": name, **more},
        "geometry": rectangle(area) if isinstance(area, tuple) else area,
    }


def grand_cahors() -> list[dict]:
    """Its communes in a row, each 0.01° wide, side by side."""
    return [
        commune(code, (1.0 + n / 100, 44.4, 1.01 + n / 100, 44.5), f"Commune {n}")
        for n, code in enumerate(INSIDE)
    ]


@pytest.fixture
def serve(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_CONTOURS", httpserver.url_for(""))
    monkeypatch.setattr(contours, "MIN_COMMUNES", 1)

    def served(features, body: bytes | None = None):
        document = {"type": "FeatureCollection", "features": features}
        packed = gzip.compress(json.dumps(document, ensure_ascii=False).encode())
        httpserver.expect_request(contours.PATH).respond_with_data(
            packed if body is None else body, content_type="application/gzip"
        )
        with client() as get:
            return contours.fetch(CARD, None, get)

    return served


def test_each_commune_has_the_columns_of_the_card_and_measured_hectares(serve):
    got = serve([commune("46042", (1.4, 44.41, 1.48, 44.49), "Cahors")])
    row = got.rows.iloc[0]
    assert list(got.rows.columns) == ["territory", *(column.name for column in CARD.columns)]
    assert row["name"] == "Cahors" and row["surface_ha"] == pytest.approx(5657.29)
    assert json.loads(row["geometry_geojson"])["type"] == "Polygon" and got.vintage == "2026"


def test_an_epci_is_its_communes_joined(serve):
    got = serve(grand_cahors())
    rows = got.rows.set_index("territory")
    assert len(rows) == len(INSIDE) + 1
    assert rows.loc[EPCI, "surface_ha"] == pytest.approx(
        rows.loc[list(INSIDE), "surface_ha"].sum(), abs=0.1
    )
    whole = json.loads(rows.loc[EPCI, "geometry_geojson"])
    assert whole["type"] == "Polygon" and len(whole["coordinates"]) == 1


def test_an_epci_that_lacks_a_commune_is_not_drawn(serve):
    got = serve(grand_cahors()[1:])
    assert EPCI not in set(got.rows["territory"])
    assert "EPCI sans contour, une commune manque : 1" in got.detail


def test_arrondissements_old_communes_and_the_pacific_are_left_aside_and_counted(serve):
    good = [commune(code, (1.4, 44.41, 1.48, 44.49)) for code in INSIDE]
    good += [commune("75107", (2.3, 48.85, 2.32, 48.86), commune="75056")]
    good += [commune("98818", (166.4, -22.3, 166.5, -22.2))]
    good += [commune("99998", (1.4, 44.41, 1.48, 44.49))]
    got = serve(good)
    assert len(got.rows) == len(INSIDE) + 1
    for said in ("déléguées laissés de côté : 1", "Pacifique laissées de côté : 1", "99998"):
        assert said in got.detail


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_a_file_read_in_small_pieces_is_read_alike(serve, monkeypatch, size):
    """Letters of several bytes and features fall across the pieces."""
    monkeypatch.setattr(contours, "CHUNK", size)
    names = ["Évêché-lès-Œufs", "L’Haÿ", "Ça–là 🙂"]
    features = [
        commune(code, (1.4, 44.41, 1.48, 44.49), names[n % 3]) for n, code in enumerate(INSIDE[:6])
    ]
    assert list(serve(features).rows["name"]) == [names[n % 3] for n in range(6)]


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (commune("46042", (44.41, 1.4, 44.49, 1.48)), "inversées"),
        (commune("46042", (5.0, 45.0, 5.1, 45.1), "X") | {"geometry": None}, "contour absent"),
        (commune("97411", (1.4, 44.41, 1.48, 44.49)), "hors de son territoire"),
        ({"type": "Feature", "geometry": rectangle((1.4, 44.41, 1.48, 44.49))}, "code ou nom"),
        ({"properties": {"code": "46042"}, "geometry": None}, "code ou nom absent"),
        (["46042"], "n'est pas un objet"),
        (commune("46042", {"type": "Point", "coordinates": [1.4, 44.4]}), "Polygon"),
    ],
)
def test_a_commune_that_cannot_be_drawn_is_named(serve, feature, said):
    with pytest.raises(FetchError, match=said):
        serve([feature])


def test_two_contours_for_one_commune_are_refused(serve):
    twice = [commune("46042", (1.4, 44.41, 1.48, 44.49))] * 2
    with pytest.raises(FetchError, match="deux contours"):
        serve(twice)


def test_unknown_codes_are_refused(serve):
    with pytest.raises(FetchError, match="sans commune connue"):
        serve([commune(f"9999{n}", (1.4, 44.41, 1.48, 44.49)) for n in range(5)])


def test_a_file_that_lost_its_communes_is_refused(serve, monkeypatch):
    monkeypatch.setattr(contours, "MIN_COMMUNES", 3)
    with pytest.raises(FetchError, match="1 communes lues, au moins 3"):
        serve([commune("46042", (1.4, 44.41, 1.48, 44.49))])


BODY = json.dumps({"type": "FeatureCollection", "features": grand_cahors()}).encode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(BODY)[:-40], "tronqué"),
        (gzip.compress(BODY[: len(BODY) // 2]), "coupée"),
        (gzip.compress(BODY[:-2]), "coupée"),
        (gzip.compress(b'{"type": "FeatureCollection"}'), "sans la liste"),
        (gzip.compress(b"<html>"), "sans la liste"),
        (gzip.compress(b'{"features": [' + b"[" * 100_000), "coupée"),
        (gzip.compress(b'{"features": [\xff\xfe]}'), "illisible"),
        (b"\x1f\x8b" + random.Random(1).randbytes(400), "illisible|tronqué"),
    ],
)
def test_a_broken_file_is_named(serve, body, said):
    with pytest.raises(FetchError, match=said):
        serve([], body)


def test_a_file_that_swells_is_cut(serve, monkeypatch):
    monkeypatch.setattr(contours, "MAX_BYTES", 3_000_000)
    bomb = gzip.compress(b'{"features": [' + b" " * 5_000_000 + b"]}")
    with pytest.raises(FetchError, match="une fois décompressé"):
        serve([], bomb)


def test_a_feature_without_end_is_cut(serve, monkeypatch):
    monkeypatch.setattr(contours, "MAX_FEATURE", 1_000_000)
    long = gzip.compress(b'{"features": [{"a": "' + b"x" * 5_000_000)
    with pytest.raises(FetchError, match="sans une commune"):
        serve([], long)
