"""WFS and OGC API Features against the real programs: MapServer and pygeoapi."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.portals import probe
from connectors.runs.planning import Task
from connectors.runs.tasks import run
from data.catalog import catalog
from data.territories import territory
from tests.connectors import map_servers
from tests.connectors.servers import client

pytestmark = pytest.mark.server
CAHORS = territory("46042")


@pytest.fixture(scope="module")
def ogc_api(tmp_path_factory) -> Iterator[str]:
    with map_servers.pygeoapi(tmp_path_factory.mktemp("pygeoapi")) as url:
        yield url


@pytest.fixture(scope="module")
def wfs(tmp_path_factory) -> Iterator[str]:
    with map_servers.mapserver(tmp_path_factory.mktemp("mapserver")) as url:
        yield url


def rows_at(url: str, store, monkeypatch) -> dict[str, dict]:
    """Rows that a refresh of Cahors leaves in the store when its portal stands at an address."""
    monkeypatch.setenv("ACV_ENDPOINT_PORTALS", url.removesuffix("/wfs"))
    card = catalog().datasets["portal_datasets"]
    source = replace(card.sources[0], params={"addresses": [{"url": url, "own": True}]})
    fetch = run(store, Task(replace(card, sources=(source,)), source, CAHORS), client())
    assert fetch.status == "ok", fetch.detail
    return {row["title"]: row for row in store.rows("select * from portal_datasets")}


def test_a_real_ogc_api_is_recognised_and_its_collections_answer(ogc_api, empty_store, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_PORTALS", ogc_api)
    assert probe.recognised(client(), ogc_api) == probe.Portal(ogc_api, "ogc_api")
    row = rows_at(ogc_api, empty_store, monkeypatch)["Arbres d'alignement"]
    assert (row["portal_kind"], row["licence"]) == ("ogc_api", "Licence Ouverte 2.0")
    assert row["matched"] == '["tree_inventory"]'
    (file,) = json.loads(row["resources"])
    assert (file["format"], file["available"]) == ("geojson", True)


def test_a_real_wfs_is_recognised_and_a_layer_that_does_not_come_is_said(
    wfs, empty_store, monkeypatch
):
    monkeypatch.setenv("ACV_ENDPOINT_PORTALS", wfs.removesuffix("/wfs"))
    found = probe.recognised(client(), f"{wfs}?SERVICE=WFS&REQUEST=GetCapabilities")
    assert found == probe.Portal(wfs, "wfs")
    rows = rows_at(wfs, empty_store, monkeypatch)
    assert {row["portal_kind"] for row in rows.values()} == {"wfs"}
    trees, benches = rows["Arbres d'alignement"], rows["Bancs publics"]
    assert (trees["licence"], trees["publisher"]) == ("Licence Ouverte 2.0", "Ville de Cahors")
    assert [json.loads(row["resources"])[0]["available"] for row in (trees, benches)] == [
        True,
        False,
    ]
