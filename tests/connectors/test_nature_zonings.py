"""Nature zonings: what lies on the town, layer by layer, all of them or nothing."""

from __future__ import annotations

import json

import pytest
from pyproj import Geod
from pytest_httpserver import HTTPServer
from shapely.geometry import shape
from werkzeug import Request, Response

from connectors import nature_zonings
from connectors.fetching import FetchError, NotCovered
from data.catalog import catalog
from data.shapes import Ground, rectangle
from data.territories import territory
from tests.connectors.servers import client

CARD = catalog().datasets["natural_areas"]
SQUARE = rectangle((1.4, 44.41, 1.48, 44.49))
TOWN = {"nom": "Cahors", "code": "46042", "surface": 5650, "contour": SQUARE}
NAMES = {
    "natura": ("sitecode", "sitename", "url"),
    "rncf": ("id_mnhn", "nom_site", "url_fiche"),
    "patrinat": ("id_mnhn", "nom_site", "url_fiche"),
}


def site(layer: str, code: str, area, **more) -> dict:
    """A feature as a layer writes it."""
    keys = next((made for start, made in NAMES.items() if layer.startswith(start)), None)
    key, name, page = keys or ("id_mnhn", "nom", "url")
    properties = {key: code, name: f"SITE {code}", page: None, "area_sig": 123456.0}
    geometry = rectangle(area) if isinstance(area, tuple) else area
    feature = {"type": "Feature", "id": f"{layer}.{code}", "geometry": geometry}
    return {**feature, "properties": {**properties, **more}}


class Inpn:
    """The geo API, API Carto and the WFS, over what each layer holds."""

    def __init__(self, server: HTTPServer, town: dict = TOWN) -> None:
        self.layers: dict[str, list[dict]] = {layer.id: [] for layer in nature_zonings.LAYERS}
        self.most = 5000  # of one answer of the WFS
        self.page = 1000  # of one answer of API Carto
        self.axes_swapped = False  # a WFS that reads latitudes first
        self.sent: list[dict] = []
        self.boxes: list[str] = []
        self.loop = self.mute = False
        server.expect_request(f"/communes/{town['code']}").respond_with_json(town)
        server.expect_request("/wfs/ows").respond_with_handler(self.wfs)
        for layer in nature_zonings.LAYERS:
            if not layer.wfs:
                server.expect_request(f"/api/nature/{layer.id}").respond_with_handler(self.carto)

    def carto(self, request: Request) -> Response:
        asked = request.get_json()
        self.sent.append(asked)
        held = self.layers[request.path.rsplit("/", 1)[1]]
        start = 0 if self.loop else asked["_start"]
        return self._page(held[start : start + min(self.page, asked["_limit"])], len(held))

    def wfs(self, request: Request) -> Response:
        self.boxes.append(request.args["BBOX"])
        *numbers, crs = request.args["BBOX"].split(",")
        assert crs == nature_zonings.CRS
        west, south, east, north = map(float, numbers)
        if self.axes_swapped:
            west, south, east, north = south, west, north, east
        held = self.layers[request.args["TYPENAMES"]]
        met = [
            feature
            for feature in held
            if feature["geometry"] is None
            or shape(feature["geometry"]).intersects(shape(rectangle((west, south, east, north))))
        ]
        return self._page(met[: min(self.most, int(request.args["COUNT"]))], len(met))

    def _page(self, features: list[dict], total: int) -> Response:
        document = {"type": "FeatureCollection", "features": features}
        if not self.mute:
            document |= {"numberMatched": total, "numberReturned": len(features)}
        return Response(json.dumps(document), content_type="application/json")


@pytest.fixture
def inpn(httpserver: HTTPServer, monkeypatch) -> Inpn:
    for key in ("GEO", "APICARTO", "GEOPF_WFS"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for(""))
    made = Inpn(httpserver)
    elsewhere = rectangle((5.0, 45.0, 5.1, 45.1))
    for layer in ("patrinat_apb:apb", "patrinat_rnr:rnr"):
        made.layers[layer].append(site(layer, "AILLEURS", elsewhere))
    return made


def fetch(code: str = "46042"):
    return nature_zonings.fetch(CARD, territory(code), client())


def by_id(got) -> dict:
    return {row["id_zonage"]: row for row in got.rows.to_dict("records")}


def geodesic(geometry: dict) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shape(geometry))[0]) / 10_000


def test_the_area_is_that_on_the_town_never_that_of_the_site(inpn):
    inpn.layers["znieff1"].append(site("znieff1", "900", (1.3, 44.0, 1.44, 44.45)))
    row = by_id(fetch())["900"]
    assert row["surface_ha"] == pytest.approx(
        geodesic(rectangle((1.4, 44.41, 1.44, 44.45))), rel=0.006
    )
    assert row["nom"] == "SITE 900" and row["type_zonage"] == "ZNIEFF 1"
    west, south, east, north = shape(json.loads(row["geometry_geojson"])).bounds
    assert (west, south, east, north) == pytest.approx((1.4, 44.41, 1.44, 44.45), abs=1e-4)


@pytest.mark.parametrize("layer", [layer.id for layer in nature_zonings.LAYERS])
def test_each_layer_is_read_with_its_own_names(inpn, layer):
    inpn.layers[layer].append(site(layer, "X1", (1.42, 44.42, 1.43, 44.43)))
    row = by_id(fetch())["X1"]
    assert row["nom"] == "SITE X1" and row["couche"] == layer and row["surface_ha"] > 80


def test_land_under_two_zonings_counts_in_each_and_once_in_the_sum(inpn):
    half, whole = (1.4, 44.41, 1.44, 44.49), (1.3, 44.3, 1.6, 44.6)
    inpn.layers["znieff2"].append(site("znieff2", "Z", whole))
    inpn.layers["natura-habitat"].append(site("natura-habitat", "N", half))
    inpn.layers["patrinat_apb:apb"].append(site("patrinat_apb:apb", "A", half))
    got = fetch()
    rows, town = by_id(got), Ground(TOWN["contour"], "46").hectares
    assert list(got.rows["id_zonage"]) == ["A", "N", "Z"]  # what protects most first
    assert rows["N"]["surface_ha"] == rows["A"]["surface_ha"] == pytest.approx(town / 2, rel=1e-3)
    assert rows["N"]["surface_seule_ha"] == 0
    assert got.rows["surface_seule_ha"].sum() == pytest.approx(town, abs=0.02)
    assert rows["Z"]["surface_territoire_ha"] == pytest.approx(town, abs=0.01)


def test_the_features_of_one_site_make_one_row(inpn):
    for area in ((1.41, 44.42, 1.43, 44.43), (1.42, 44.42, 1.44, 44.43)):
        inpn.layers["znieff1"].append(site("znieff1", "900", area))
    row = by_id(fetch())["900"]
    joined = geodesic(rectangle((1.41, 44.42, 1.44, 44.43)))
    assert row["surface_ha"] == pytest.approx(joined, rel=0.006)


def test_no_zoning_is_no_row_and_neighbours_are_left_out(inpn):
    inpn.layers["znieff1"].append(site("znieff1", "BORD", (1.48, 44.41, 1.5, 44.49)))
    inpn.layers["znieff1"].append(site("znieff1", "FIL", (1.47999999, 44.41, 1.5, 44.411)))
    got = fetch()
    assert got.rows.empty and "touche seulement le territoire, laissés de côté : 1" in got.detail


def test_the_shape_sent_covers_the_town_and_is_an_object(inpn):
    fetch()
    assert len(inpn.sent) == 9
    sent = inpn.sent[0]["geom"]
    assert isinstance(sent, dict) and shape(sent).covers(shape(TOWN["contour"]))


def test_pages_are_read_to_the_end(inpn):
    inpn.page = 2
    for number in range(5):
        area = (1.41 + number / 100, 44.42, 1.415 + number / 100, 44.43)
        inpn.layers["znieff1"].append(site("znieff1", f"Z{number}", area))
    assert len(fetch().rows) == 5


def test_a_page_for_ever_the_same_is_refused(inpn):
    inpn.page, inpn.loop = 2, True
    for number in range(5):
        inpn.layers["znieff1"].append(site("znieff1", f"Z{number}", (1.41, 44.42, 1.42, 44.43)))
    with pytest.raises(FetchError, match="une page se répète"):
        fetch()


def test_a_box_that_holds_too_many_is_cut_in_four_and_none_is_lost(inpn):
    inpn.most = 5
    for number in range(16):
        x, y = 1.4 + 0.02 * (number % 4), 44.41 + 0.02 * (number // 4)
        area = (x + 0.005, y + 0.005, x + 0.015, y + 0.015)
        inpn.layers["patrinat_apb:apb"].append(site("patrinat_apb:apb", f"A{number}", area))
    got = fetch()
    assert sorted(got.rows["id_zonage"]) == sorted(f"A{number}" for number in range(16))
    assert len(inpn.boxes) > 5


def test_a_box_that_stays_too_full_is_refused(inpn):
    inpn.most = 2
    for number in range(6):
        made = site("patrinat_apb:apb", f"A{number}", (1.4, 44.41, 1.48, 44.49))
        inpn.layers["patrinat_apb:apb"].append(made)
    with pytest.raises(FetchError, match="2 sites reçus, 6 annoncés"):
        fetch()


def test_without_a_total_a_full_answer_is_cut_too(inpn, monkeypatch):
    monkeypatch.setattr(nature_zonings, "MOST", 5)
    inpn.mute = True
    for number in range(9):
        x = 1.4 + 0.008 * number
        made = site("patrinat_apb:apb", f"A{number}", (x + 0.001, 44.42, x + 0.006, 44.43))
        inpn.layers["patrinat_apb:apb"].append(made)
    assert len(fetch().rows) == 9


def test_a_server_that_reads_latitudes_first_is_found_out_and_not_believed(inpn):
    inpn.layers["patrinat_apb:apb"].append(site("patrinat_apb:apb", "A", (1.4, 44.41, 1.48, 44.49)))
    inpn.axes_swapped = True
    with pytest.raises(FetchError, match="axes inversés"):
        fetch()


def test_shapes_with_exchanged_axes_are_refused(inpn):
    inpn.layers["znieff1"].append(site("znieff1", "Z", (44.42, 1.41, 44.43, 1.42)))
    with pytest.raises(FetchError, match="latitudes inversées"):
        fetch()


@pytest.mark.parametrize("layer", ["pn", "znieff2", "natura-oiseaux"])
@pytest.mark.parametrize("broken", [{"status": 500}, {"body": "<html></html>"}, {"body": '{"feat'}])
def test_one_failed_layer_fails_the_whole(inpn, httpserver, layer, broken):
    inpn.layers["znieff1"].append(site("znieff1", "Z", (1.41, 44.42, 1.42, 44.43)))
    httpserver.clear()
    made = Inpn(httpserver)
    made.layers = inpn.layers
    for handler in httpserver.handlers[:]:
        if handler.matcher.uri == f"/api/nature/{layer}":
            httpserver.handlers.remove(handler)
    answer = Response(
        broken.get("body", "panne"), broken.get("status", 200), content_type="application/json"
    )
    httpserver.expect_request(f"/api/nature/{layer}").respond_with_response(answer)
    with pytest.raises(FetchError):
        fetch()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"geometry": {"type": "Point", "coordinates": [1.4, 44.4]}}, "Polygon ou MultiPolygon"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[634e3, 6.4e6]] * 4]}}, "degrés"),
        ({"properties": None}, "properties absent"),
        ({"properties": {"nom": "X", "url": None}}, "id_mnhn absent"),
        ({"properties": {"id_mnhn": "1", "url": None}}, "nom absent"),
        ({"properties": {"id_mnhn": None, "nom": "X", "url": None}}, "sans identifiant"),
        ({"properties": {"id_mnhn": ["1"], "nom": "X", "url": None}}, "sans identifiant"),
    ],
)
def test_a_site_that_cannot_be_read_is_named(inpn, change, said):
    inpn.layers["znieff1"].append({**site("znieff1", "Z", (1.41, 44.42, 1.42, 44.43)), **change})
    with pytest.raises(FetchError, match=said):
        fetch()


def test_a_site_without_shape_has_no_area_which_is_not_zero(inpn):
    inpn.layers["znieff1"].append(site("znieff1", "Z", None))
    got = fetch()
    assert got.rows["surface_ha"].isna().all() and got.rows["geometry_geojson"].isna().all()
    assert "surface inconnue : 1" in got.detail


def test_hostile_names_and_addresses_stay_words(inpn):
    mean = {"nom": "<script>" + "x" * 5000, "url": "javascript:alert(1)"}
    inpn.layers["znieff1"].append(site("znieff1", "Z", (1.41, 44.42, 1.42, 44.43), **mean))
    row = by_id(fetch())["Z"]
    assert len(row["nom"]) == 300 and row["url"] is None


def test_overseas_is_measured_in_its_own_projection(inpn, httpserver):
    area = (55.40, -21.0, 55.5, -20.9)
    httpserver.clear()
    town = {"nom": "Saint-Denis", "code": "97411", "surface": 11500, "contour": rectangle(area)}
    made = Inpn(httpserver, town)
    made.layers["znieff1"].append(site("znieff1", "Z", (55.3, -21.2, 55.45, -20.0)))
    for layer in ("patrinat_apb:apb", "patrinat_rnr:rnr"):
        made.layers[layer].append(site(layer, "AILLEURS", (5.0, 45.0, 5.1, 45.1)))
    got = fetch("97411")
    expected = geodesic(rectangle((55.4, -21.0, 55.45, -20.9)))
    assert got.rows["surface_ha"].iloc[0] == pytest.approx(expected, rel=0.002)


@pytest.mark.parametrize("code", ["00001", "dep:46", "reg:76"])
def test_what_has_no_contour_is_not_covered_and_not_asked(inpn, httpserver, code):
    with pytest.raises(NotCovered):
        fetch(code)
    assert httpserver.log == []
