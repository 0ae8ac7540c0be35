"""Each live source: a card, an example answer that says where it comes from, a way to the store."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors import catalogue_search, gaspar, geo
from connectors.runs.planning import Task
from connectors.runs.tasks import run
from data.catalog import catalog, endpoints
from data.territories import territory
from tests.connectors.datagouv import DataGouv
from tests.connectors.servers import client

ANSWERS = Path(__file__).parent.parent / "answers"
FED = {
    "catalogue_search": ["published_datasets"],
    "gaspar": ["catnat_orders", "prevention_plans", "risk_records", "dicrim_records"],
    "geo": ["admin_boundaries"],
}
MODULES = {"catalogue_search": catalogue_search, "gaspar": gaspar, "geo": geo}


@pytest.mark.parametrize("connector", FED)
def test_each_connector_has_a_fetch_a_card_and_a_known_address(connector):
    module = MODULES[connector]
    assert callable(module.fetch) and module.ENDPOINT in endpoints()
    for dataset in FED[connector]:
        source = catalog().datasets[dataset].source(connector)
        assert source and source.not_seen_live, "dire ce qui n'a jamais été vu en vrai"


@pytest.mark.parametrize("connector", FED)
def test_example_answers_say_whether_they_were_recorded(connector):
    first = (ANSWERS / connector / "PROVENANCE.txt").read_text().splitlines()[0]
    assert first.startswith(("recorded", "built from documentation"))


def test_addresses_are_origins_over_tls():
    for key, origin in endpoints().items():
        assert origin.startswith("https://") and origin.count("/") == 2, key


@pytest.fixture
def sources(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    for endpoint in ("DATAGOUV", "GASPAR", "GEO"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{endpoint}", httpserver.url_for(""))
    DataGouv(httpserver)
    httpserver.expect_request("/communes/46042").respond_with_data(
        (ANSWERS / "geo/commune_46042.json").read_text(), content_type="application/json"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in (ANSWERS / "gaspar/export_2026").glob("*.csv"):
            archive.writestr(path.name, path.read_bytes())
    httpserver.expect_request("/GASPAR/gaspar.zip").respond_with_data(
        buffer.getvalue(), content_type="application/zip"
    )
    return httpserver


@pytest.mark.parametrize("connector", FED)
def test_what_came_back_enters_the_store_with_its_types(sources, empty_store, connector):
    for dataset in FED[connector]:
        card = catalog().datasets[dataset]
        source = card.source(connector)
        assert source
        small = replace(card, sources=(replace(source, params={"min_communes": 1}),))
        place = None if source.bulk else territory("46042")
        fetch = run(empty_store, Task(small, small.sources[0], place), client())
        assert (fetch.status, fetch.detail if fetch.status == "failed" else None) == ("ok", None)
        rows = empty_store.rows(f'select count(*) as n from "{dataset}"')
        assert rows[0]["n"] == fetch.rows > 0
        described = empty_store.rows(
            "select column_name, data_type from information_schema.columns where table_name = ?",
            [dataset],
        )
        types = {row["column_name"]: row["data_type"] for row in described}
        assert {column.name: column.type for column in card.columns}.items() <= types.items()


def test_a_source_that_is_down_changes_no_row(sources, empty_store):
    card = catalog().datasets["admin_boundaries"]
    task = Task(card, card.sources[0], territory("46042"))
    assert run(empty_store, task, client()).status == "ok"
    sources.clear()
    sources.expect_request("/communes/46042").respond_with_data("", 503)
    failed = run(empty_store, task, client())
    assert failed.status == "failed" and "503 (service indisponible)" in (failed.detail or "")
    assert failed.requests == 4
    assert empty_store.rows("select name from admin_boundaries") == [{"name": "Cahors"}]
