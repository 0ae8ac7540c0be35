"""The index of standards: versions compared as numbers, ours beside theirs, what is late said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from connectors.catalogue.matching import schema_id
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from connectors.schema_index import PATH
from data.catalog import catalog
from data.standards import standard
from tests.connectors.servers import client

CARD = catalog().datasets["standard_versions"]
OURS = standard("scdl/deliberations").version


def entry(name, *versions, **changes):
    url = "https://exemple.invalid/schema.json"
    listed = [{"version_name": made, "schema_url": url} for made in versions]
    return {
        "name": name,
        "title": name,
        "schema_type": "tableschema",
        "versions": listed,
        **changes,
    }


def ask(store, httpserver: HTTPServer, *entries, monkeypatch, document=None):
    monkeypatch.setenv("ACV_ENDPOINT_SCHEMAS", httpserver.url_for("").rstrip("/"))
    httpserver.clear()
    answer = {"schemas": list(entries)} if document is None else document
    httpserver.expect_request(PATH).respond_with_json(answer)
    source = replace(CARD.sources[0], params={"min_standards": 1})
    task = Task(replace(CARD, sources=(source,)), source, None)
    return Run(store, client()).perform(task)[0]


def read(store):
    return {row["standard"]: row for row in store.rows("select * from standard_versions")}


@pytest.mark.parametrize(
    ("versions", "last", "newer"),
    [
        (["2.9.0", "2.10.0", "2.1.5"], "2.10.0", True),
        ([OURS], OURS, False),
        (["v" + str(OURS)], "v" + str(OURS), False),
        ([f"{OURS}.0"], f"{OURS}.0", False),
        (["0.1"], "0.1", False),
        (["latest", "main"], None, None),
        ([], None, None),
        (["9" * 50, "3.0"], "3.0", True),
    ],
)
def test_versions_are_compared_as_numbers(
    httpserver, empty_store, monkeypatch, versions, last, newer
):
    given = entry("scdl/deliberations", *versions)
    line = ask(empty_store, httpserver, given, monkeypatch=monkeypatch)
    assert line.status == "ok", line.detail
    row = read(empty_store)["scdl/deliberations"]
    assert (row["version"], row["ours"], row["newer"]) == (last, OURS, newer)
    assert ("plus récentes" in (line.detail or "")) is bool(newer)


def test_a_standard_that_we_do_not_keep_is_never_late(httpserver, empty_store, monkeypatch):
    ask(empty_store, httpserver, entry("fictif/autre", "9.0"), monkeypatch=monkeypatch)
    row = read(empty_store)["fictif/autre"]
    assert (row["ours"], row["newer"], row["territory"]) == (None, None, "FR")


def test_a_version_that_came_since_the_last_run_is_noticed_once(
    httpserver, empty_store, monkeypatch
):
    gone = entry("scdl/prenoms", "1.0")
    for versions in (["2.0"], ["2.0", "9.9"], ["2.0", "9.9"]):
        given = [entry("scdl/deliberations", *versions), gone]
        ask(empty_store, httpserver, *given, monkeypatch=monkeypatch)
        gone = entry("fictif/autre")
    found = [(made.kind, made.subject, made.before, made.after) for made in empty_store.findings()]
    assert sorted(found) == [
        ("schema_gone", "scdl/prenoms", "1.0", ""),
        ("schema_newer", "scdl/deliberations", OURS, "9.9"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        {}, [], {"schemas": {}}, {"schemas": []}, {"schemas": [None, 3]},
        {"schemas": [{"name": 3}]}, {"schemas": [{"name": "sans-proprietaire"}]},
        {"schemas": [{"name": "../../x/y"}]},
    ],
)  # fmt: skip
def test_another_document_is_refused(httpserver, empty_store, monkeypatch, document):
    line = ask(empty_store, httpserver, monkeypatch=monkeypatch, document=document)
    assert line.status == "failed" and "réponse inattendue" not in (line.detail or "")


def test_odd_values_are_left_out(httpserver, empty_store, monkeypatch):
    odd = {"name": "fictif/x", "title": {"a": 1}, "versions": [None, 3, {"version_name": 3}]}
    assert ask(empty_store, httpserver, odd, monkeypatch=monkeypatch).status == "ok"
    assert read(empty_store)["fictif/x"]["versions"] == "[]"


BASE = "https://schema.data.gouv.fr/schemas"


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        (None, f"{BASE}/scdl/deliberations/2.1.3/schema.json", "scdl/deliberations"),
        (f"{BASE}/scdl/deliberations/latest/schema.json", None, "scdl/deliberations"),
        ("SCDL/Deliberations", None, "scdl/deliberations"),
        ("un nom à soi", f"{BASE}/scdl/deliberations/latest/schema.json", "scdl/deliberations"),
        (
            None,
            "https://gitlab.com/arsante/atlasante/schema-dae/-/raw/v1/schema.json",
            "atlasante/schema-dae",
        ),
        ("un nom à soi", None, "un nom à soi"),
        (None, "http://[bad", "http://[bad"),
        (None, "https://exemple.invalid/" + "a/" * 9000, "https://exemple.invalid/" + "a/" * 9000),
    ],
)
def test_a_schema_is_the_same_by_its_name_and_by_its_address(name, url, expected):
    assert schema_id(name, url) == expected
