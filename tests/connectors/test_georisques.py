"""Soils and clay of Géorisques: two namings, paged inventories, no names, silence is no zero."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import georisques_clay, georisques_soils
from connectors.fetching import FetchError, NotCovered
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import territory
from tests.connectors import replay
from tests.connectors.servers import client
from tests.connectors.test_examples import task_of

CAHORS = territory("46042")
NAMES = ("Inventé", "INVENTE", "siret", "00000000000000", "RUE")


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_GEORISQUES", httpserver.url_for(""))
    return httpserver


def card(name: str):
    return catalog().datasets[name]


def inventory(rows: list, pages: int = 1, total: int | None = None) -> dict:
    count = len(rows) if total is None else total
    return {"results": count, "page": 1, "total_pages": pages, "data": rows, "next": None}


def sites(number: int, **more) -> dict:
    return {
        "identifiant_ssp": f"SSP99{number:05d}",
        "nom_etablissement": "Garage Inventé Jean",
        "nom": "Maison Inventé",
        "activite_principale": "Garage",
        "statut": "En arrêt",
        "statut_classification": "SIS",
        "code_insee": "46042",
        "geom": {"type": "Point", "coordinates": [1.44, 44.45]},
        **more,
    }


def soils(**blocks) -> dict:
    names = ("casias", "instructions", "conclusions_sis", "conclusions_sup")
    return {name: inventory([]) for name in names} | blocks


def serve(site: HTTPServer, answer) -> list[dict]:
    asked: list[dict] = []

    def handler(request: Request) -> Response:
        params = dict(parse_qsl(request.query_string.decode()))
        asked.append(params)
        made = answer(int(params["page"])) if callable(answer) else answer
        return Response(json.dumps(made), content_type="application/json")

    site.expect_request("/api/v1/ssp").respond_with_handler(handler)
    return asked


def read():
    return georisques_soils.fetch(card("soil_pollution"), CAHORS, client())


@pytest.mark.parametrize(
    "names",
    [
        ("casias", "instructions", "conclusions_sis", "conclusions_sup"),
        ("casias", "basol", "sis", "sup"),
    ],
)
def test_both_namings_give_the_same_inventories(site, names):
    serve(site, {name: inventory([sites(n)]) for n, name in enumerate(names)})
    rows = read().rows.set_index("id_site")["inventaire"].to_dict()
    assert rows == {
        "SSP9900000": "CASIAS",
        "SSP9900001": "Instruction",
        "SSP9900002": "SIS",
        "SSP9900003": "SUP",
    }


def test_each_inventory_has_its_own_pages(site):
    def answer(page: int) -> dict:
        casias = inventory([sites(page)], pages=3, total=3)
        return soils(casias=casias, conclusions_sis=inventory([sites(90)], total=1))

    asked = serve(site, answer)
    rows = read().rows
    assert sorted(rows["inventaire"]) == ["CASIAS", "CASIAS", "CASIAS", "SIS"]
    assert [int(made["page"]) for made in asked] == [1, 2, 3]


@pytest.mark.parametrize("gone", ["casias", "conclusions_sis", "conclusions_sup"])
def test_an_inventory_that_is_missing_is_not_an_empty_one(site, gone):
    made = soils()
    made.pop(gone)
    serve(site, made)
    with pytest.raises(FetchError, match="absent de la réponse"):
        read()


@pytest.mark.parametrize("broken", [None, [], "x", {"data": []}, {"results": 1, "data": "x"}])
def test_an_inventory_of_another_shape_is_refused(site, broken):
    serve(site, soils(conclusions_sis=broken))
    with pytest.raises(FetchError):
        read()


def test_sites_of_elsewhere_are_refused_at_the_first_page(site):
    made = soils(casias=inventory([sites(1), sites(2, code_insee="29019")], pages=200, total=9))
    asked = serve(site, made)
    with pytest.raises(FetchError, match="réponse pour 29019"):
        read()
    assert len(asked) == 1


def test_an_inventory_cut_short_is_refused(site):
    serve(site, soils(casias=inventory([sites(1)], total=2)))
    with pytest.raises(FetchError, match="1 lignes reçues, 2 annoncées"):
        read()


def test_a_page_that_comes_back_is_refused(site):
    serve(site, soils(casias=inventory([sites(1)], pages=5, total=5)))
    with pytest.raises(FetchError, match="répète une page"):
        read()


@pytest.mark.parametrize("key", ["identifiant_ssp", "code_insee", "statut"])
def test_a_field_that_changed_its_name_is_seen(site, key):
    row = sites(1)
    row[key + "_bis"] = row.pop(key)
    serve(site, soils(casias=inventory([row])))
    with pytest.raises(FetchError):
        read()


def test_no_site_at_all_is_said_and_is_no_zero(site, empty_store):
    serve(site, soils())
    dataset = card("soil_pollution")
    source = dataset.source("georisques_soils")
    line = Run(empty_store, client()).perform(Task(dataset, source, CAHORS))[0]
    assert line.status == "empty" and "aucun site dans ces inventaires : Cahors" in line.detail
    assert not source.exhaustive


@pytest.mark.parametrize(
    ("geom", "lon", "lat"),
    [
        ({"type": "Point", "coordinates": [1.44, 44.45, 12.0]}, 1.44, 44.45),
        (
            {"type": "Polygon", "coordinates": [[[1.4, 44.4], [1.5, 44.5], [1.4, 44.4]]]},
            1.45,
            44.45,
        ),
        (None, None, None),
        ({"type": "Point", "coordinates": ["1.4", "44.4"]}, None, None),
        ({"coordinates": [[[[[[[1.4, 44.4]]]]]]]}, None, None),
    ],
)
def test_the_point_of_a_site_is_the_middle_of_its_outline(site, geom, lon, lat):
    serve(site, soils(casias=inventory([sites(1, geom=geom)])))
    row = read().rows.iloc[0]
    found = [
        None if value != value else round(value, 6) for value in row[["longitude", "latitude"]]
    ]
    assert found == [lon, lat]


@pytest.mark.parametrize(
    "name",
    [
        "soil_pollution.georisques_soils",
        "classified_sites.paged_json",
        "cavities.paged_json",
        "ground_movements.paged_json",
    ],
)
def test_no_name_of_a_person_reaches_the_store(name, empty_store, monkeypatch):
    """Raison sociale, owner of a cave, SIRET: in the answer, never in the table."""
    dataset, connector = name.split(".")
    example = replay.example(dataset, connector)
    said = json.dumps([made.content for made in example.exchanges], ensure_ascii=False)
    assert any(word in said for word in NAMES), "l'exemple doit en porter un"
    source = card(dataset).source(connector)
    with replay.Source(example) as server:
        monkeypatch.setenv("ACV_ENDPOINT_GEORISQUES", server.url)
        line = Run(empty_store, client()).perform(task_of(example))[0]
    assert line.good and source
    stored = str(empty_store.rows(f'select * from "{dataset}"')) + str(line)
    assert not [word for word in NAMES if word in stored]


# --- clay --------------------------------------------------------------------------------------


def clay(site: HTTPServer, body: str, status: int = 200) -> list[str]:
    asked: list[str] = []

    def handler(request: Request) -> Response:
        asked.append(request.args["latlon"])
        return Response(body, status, content_type="application/json")

    site.expect_request("/api/v1/rga").respond_with_handler(handler)
    return asked


def clay_task() -> Task:
    dataset = card("clay_point")
    return Task(dataset, dataset.source("georisques_clay"), CAHORS)


def test_the_longitude_is_asked_first(site):
    asked = clay(site, '{"codeExposition": "3", "exposition": "Exposition forte"}')
    got = georisques_clay.fetch(card("clay_point"), CAHORS, client())
    assert asked == [f"{CAHORS.lon},{CAHORS.lat}"] and CAHORS.lat and 41 < CAHORS.lat < 52
    assert got.rows.iloc[0]["exposition"] == "forte"


@pytest.mark.parametrize("body", ["", "null"])
def test_no_answer_is_neither_none_nor_low_exposure(site, empty_store, body):
    clay(site, body)
    line = Run(empty_store, client()).perform(clay_task())[0]
    assert line.status == "not_covered"
    assert "hors des zones argileuses ou non cartographié" in line.detail
    assert "pas une exposition nulle" in line.detail


def test_silence_after_a_good_copy_leaves_it(site, empty_store):
    clay(site, '{"codeExposition": "2"}')
    Run(empty_store, client()).perform(clay_task())
    site.clear()
    clay(site, "")
    Run(empty_store, client()).perform(clay_task())
    assert empty_store.rows("select exposition from clay_point") == [{"exposition": "moyenne"}]


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", '"2"', '{"codeExposition": null}', '{"codeExposition": "4"}',
     '{"codeExposition": ["2"]}', '{"codeExposition": "0"}', '{"code": "2"}'],
)  # fmt: skip
def test_what_is_no_class_of_exposure_is_refused(site, empty_store, body):
    clay(site, body)
    line = Run(empty_store, client()).perform(clay_task())[0]
    assert line.status == "failed" and "codeExposition" in line.detail


def test_overseas_towns_are_not_asked(site, empty_store):
    asked = clay(site, '{"codeExposition": "2"}')
    dataset = card("clay_point")
    task = Task(dataset, dataset.source("georisques_clay"), territory("97411"))
    line = Run(empty_store, client()).perform(task)[0]
    assert line.status == "not_covered" and asked == []


@pytest.mark.parametrize("place", [None, "00001", "dep:46", CAHORS.epci])
def test_only_a_commune_has_a_point(place):
    with pytest.raises(NotCovered):
        georisques_clay.fetch(card("clay_point"), place and territory(place), client())
