"""What a town publishes on data.gouv.fr: four routes, one union, evidence as given."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer

from connectors import catalogue_search
from connectors.catalogue.publishers import has_clue, is_alone, is_publisher, short_name
from connectors.catalogue_search import discover, fetch, zone_id
from connectors.fetching import FetchError, NotCovered, Offline
from data.catalog import catalog
from data.territories import territory
from tests.connectors.datagouv import DataGouv
from tests.connectors.servers import client

CARD = catalog().datasets["published_datasets"]
CAHORS = territory("46042")
KEYS = {
    "id", "title", "url", "publisher", "publisher_id", "level", "routes", "licence", "formats",
    "updated_at", "frequency", "schema", "matched", "quality", "quality_score", "resources",
}  # fmt: skip


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> DataGouv:
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    return DataGouv(httpserver)


@pytest.fixture
def found(site) -> dict[int, dict]:
    return {int(one["id"], 16): one for one in discover(CAHORS, client())}


def test_the_union_of_the_four_routes_is_kept_with_its_routes(found):
    assert {number: one["routes"] for number, one in found.items()} == {
        1: ["organisation", "geozone", "text"],
        2: ["organisation", "schema", "text"],
        3: ["organisation", "text"],
        4: ["organisation", "text"],
        8: ["organisation", "geozone", "text"],
        9: ["organisation", "geozone"],
        11: ["geozone"],
        12: ["schema", "text"],
        13: ["text"],
        16: ["text"],
        19: ["text"],
    }


def test_archived_private_and_deleted_datasets_are_not_sources(found):
    assert not {5, 6, 7} & set(found)


def test_each_dataset_carries_its_level_nearest_first(found):
    assert {number: one["level"] for number, one in found.items()} == {
        1: "commune", 2: "commune", 3: "commune", 4: "commune", 8: "epci", 9: "departement",
        11: "region", 12: "commune", 13: "commune", 16: "commune", 19: "commune",
    }  # fmt: skip
    levels = [one["level"] for one in found.values()]
    assert levels == sorted(levels, key=catalogue_search.LEVELS.index)


def test_another_legal_unit_of_the_same_name_is_not_the_town_hall(found):
    assert 18 not in found, "SIREN différent"


def test_a_doubtful_account_counts_as_text_and_only_where_a_clue_confirms(found):
    assert found[16]["routes"] == ["text"] and 17 not in found


def test_a_wine_is_not_a_town(found):
    assert 14 not in found


def test_a_dataset_that_covers_another_commune_is_a_homonym(found):
    assert 15 not in found


def test_useless_datasets_of_the_departement_are_left_out_and_counted(site):
    got = fetch(CARD, CAHORS, client())
    assert "1 jeux du département ou de la région sans lien" in (got.detail or "")


def test_a_schema_is_read_by_name_or_by_address(found):
    assert found[2]["schema"] == "scdl/deliberations" and found[2]["matched"] == [
        "council_decisions"
    ]
    assert found[3]["schema"] == "datagouv/schema-fontaine-eau"
    assert found[3]["matched"] == ["drinking_fountains"]
    assert found[12]["matched"] == ["local_addresses"]
    assert found[1]["matched"] == ["tree_inventory"] and found[1]["schema"] is None


def test_quality_is_kept_as_given_and_absent_is_unknown(found):
    assert found[1]["quality"]["license"] is True
    assert found[1]["quality"]["update_fulfilled_in_time"] is False
    empty = found[4]["quality"]
    assert empty["has_open_format"] == "unknown" and empty["update_fulfilled_in_time"] == "unknown"
    assert empty["license"] is False and found[4]["quality_score"] == 0.0
    assert found[1]["quality_score"] == pytest.approx(6 / 9)
    assert found[19]["quality_score"] is None, "une note hors de 0 à 1 n'en est pas une"


def test_a_link_never_checked_is_unknown_not_available(found):
    assert [one["available"] for one in found[1]["resources"]] == [True, False, "unknown"]
    assert found[1]["formats"] == ["csv", "geojson", "pdf"]


def test_resources_given_as_a_link_are_asked(found):
    assert [one["url"] for one in found[9]["resources"]] == ["https://exemple.invalid/10.zip"]


def test_what_is_not_given_is_null(found):
    assert found[4]["licence"] is None and found[4]["frequency"] is None
    assert found[4]["formats"] == [] and found[4]["resources"] == []
    assert found[8]["harvested_from"] == "data.exemple.invalid"


def test_addresses_that_are_not_pages_are_dropped_and_people_not_named(found):
    hostile = found[19]
    assert hostile["resources"][0]["url"] is None and "javascript" not in hostile["url"]
    assert hostile["publisher"] == "compte individuel"
    assert "Prénom" not in json.dumps(hostile)


def test_shapes_are_those_of_the_command(found):
    for one in found.values():
        assert set(one) >= KEYS
        assert set(one["routes"]) <= {"organisation", "geozone", "schema", "text", "portal"}
        assert set(one["quality"].values()) <= {True, False, "unknown"}
        for resource in one["resources"]:
            assert {"url", "format", "available"} <= set(resource)
    json.dumps(list(found.values()))


def test_rows_fit_the_card(site):
    got = fetch(CARD, CAHORS, client())
    assert list(got.rows.columns) == ["territory", *(column.name for column in CARD.columns)]
    assert set(got.rows["territory"]) == {"46042"} and len(got.rows) == 11
    assert pd.api.types.is_datetime64_any_dtype(got.rows["updated_at"])
    trees = got.rows[got.rows["title"] == "Arbres de la ville"].iloc[0]
    assert json.loads(trees["matched"]) == ["tree_inventory"]
    assert str(trees["updated_at"]) == "2024-03-01 10:00:00.123000"
    assert got.requests == len(site.asked) and got.url.endswith("/api/2/datasets/search/")


def test_an_epci_is_searched_under_its_short_name(site):
    found = discover(territory("200023737"), client())
    assert {int(one["id"], 16) for one in found} >= {8, 9}
    questions = [request.args["q"] for request, _ in site.server.log if "q" in request.args]
    assert questions[0] == "Grand Cahors"


def test_a_departement_keeps_all_it_publishes(site):
    found = {int(one["id"], 16) for one in discover(territory("dep:46"), client())}
    assert found == {9, 10, 11}


def test_nothing_published_is_an_empty_table_with_its_columns(site):
    site.datasets.clear()
    site.organisations.clear()
    got = fetch(CARD, CAHORS, client())
    assert got.rows.empty and list(got.rows.columns)[:2] == ["territory", "id"]


@pytest.mark.parametrize("code", ["00001", "000000001", "dep:00"])
def test_fictional_territories_are_not_searched(site, code):
    with pytest.raises(NotCovered):
        discover(territory(code), client())
    with pytest.raises(NotCovered):
        fetch(CARD, None, client())
    assert site.asked == []


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("filter_name", ["geozone", "organization"])
def test_a_filter_that_the_server_ignores_is_a_failure_not_the_whole_base(site, filter_name):
    site.ignored_filters.add(filter_name)
    site.datasets = [site.dataset(14)] * 1
    with pytest.raises(FetchError, match=f"filtre ignoré par le serveur \\({filter_name}="):
        discover(CAHORS, client())


def test_one_route_that_fails_fails_the_search(site, httpserver):
    httpserver.clear_all_handlers()
    httpserver.expect_request("/api/2/organizations/search/").respond_with_json({"data": []})
    httpserver.expect_request("/api/1/datasets/").respond_with_data("", 500)
    with pytest.raises(FetchError, match="500"):
        fetch(CARD, CAHORS, client())


def test_a_dataset_removed_since_it_was_indexed_is_left_out_and_said(site):
    gone = f"{9:024x}"
    site.gone.add(gone)
    got = fetch(CARD, CAHORS, client())
    assert gone not in set(got.rows["id"]) and f"{gone} : retiré depuis (réponse 410)" in got.detail


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "../../../etc/passwd"},
        {"id": None},
        {"organization": "Ville de Cahors"},
        {"spatial": "fr:commune:46042"},
        {"quality": ["x"]},
        {"tags": "arbre"},
        {"resources": [None, "x", {"url": 3, "format": [], "schema": "x", "extras": []}]},
        {"title": None, "description": 12},
        {"last_update": "hier", "last_modified": None},
    ],
)
def test_a_dataset_of_an_unforeseen_shape_stops_nothing(site, broken):
    site.broken[f"{1:024x}"] = broken
    ids = set(fetch(CARD, CAHORS, client()).rows["id"])
    assert f"{2:024x}" in ids and "../../../etc/passwd" not in ids


def test_an_answer_without_its_list_is_a_failure(httpserver, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    httpserver.expect_request("/api/2/organizations/search/").respond_with_json({"results": []})
    with pytest.raises(FetchError, match="sans la liste « data »"):
        discover(CAHORS, client())


def test_offline_says_so(site, offline):
    with pytest.raises(Offline):
        discover(CAHORS, client())
    assert site.asked == []


# --- homonyms ------------------------------------------------------------------------------------


def test_zones_are_named_as_the_site_names_them():
    codes = ("46042", "200023737", "dep:46", "reg:76")
    assert [zone_id(territory(code)) for code in codes] == [
        "fr:commune:46042", "fr:epci:200023737", "fr:departement:46", "fr:region:76",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "organisation", "expected"),
    [
        ("46042", {"name": "Peu importe", "business_number_id": "21460042100019"}, True),
        ("46042", {"name": "Ville de Cahors", "business_number_id": "99999999900019"}, False),
        ("46042", {"name": "Ville de Cahors", "business_number_id": "214600421"}, True),
        ("46042", {"name": "Cahors"}, None),
        ("46042", {"name": "Cahors", "description": "Commune du Lot"}, True),
        ("46042", {"name": "Cahors", "description": "Vins du Lot-et-Garonne"}, None),
        ("46042", {"name": "Grand Cahors"}, False),
        ("93066", {"name": "Ville de Saint-Denis"}, None),
        ("93066", {"name": "Ville de Saint-Denis", "description": "Seine-Saint-Denis"}, True),
        ("93066", {"name": "Ville de St Denis", "url": "https://x/?insee=93066"}, True),
        ("97411", {"name": "Mairie de Saint-Denis", "description": "La Réunion (974)"}, True),
        ("85191", {"name": "Ville de La Roche-sur-Yon"}, True),
        ("43157", {"name": "Mairie du Puy-en-Velay"}, True),
        ("84007", {"name": "Ville d'Avignon"}, True),
        ("200023737", {"name": "Grand Cahors"}, True),
        ("200023737", {"name": "Ville de Cahors"}, False),
        ("dep:46", {"name": "Conseil départemental du Lot"}, True),
        ("dep:46", {"name": "Lot"}, None),
        ("dep:46", {"name": "Département de Lot-et-Garonne"}, False),
    ],
)
def test_a_town_hall_is_told_from_its_homonyms(code, organisation, expected):
    assert is_publisher(organisation, territory(code)) is expected


def test_clues_are_what_no_homonym_shares():
    assert has_clue("Commune 46042", CAHORS) and has_clue("Grand Cahors", CAHORS)
    assert has_clue("dans le Lot", CAHORS) and not has_clue("un lot de 3", CAHORS)
    assert not has_clue("Lot-et-Garonne", CAHORS)
    roanne = territory("42187")
    assert has_clue("dans la Loire", roanne) and not has_clue("Région Pays de la Loire", roanne)


def test_a_name_borne_twice_is_not_alone():
    assert is_alone(CAHORS) and not is_alone(territory("93066"))
    assert short_name(territory("200023737")) == "Grand Cahors"
