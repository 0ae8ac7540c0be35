"""The command `discover`: the catalogue, the portals that it shows, one given by its address."""

from __future__ import annotations

import json

import pytest
from pytest_httpserver import HTTPServer

from connectors.__main__ import main
from connectors.discovery import is_web_address
from connectors.portals.probe import RECORD
from data.store import Store
from tests.connectors.datagouv import DataGouv
from tests.connectors.test_portals import ANSWERS, FEED

PORTAL = "https://donnees.exemple.invalid"


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch, tmp_path, embedded_file):
    (tmp_path / "acv.duckdb").write_bytes(embedded_file.read_bytes())
    monkeypatch.setenv("ACV_STORE", str(tmp_path / "acv.duckdb"))
    for key in ("DATAGOUV", "PORTALS"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for("").rstrip("/"))
    httpserver.no_handler_status_code = 404
    made = DataGouv(httpserver)
    for one in made.datasets:
        one["harvest"] = None
    return made


def discover(capsys, *arguments):
    code = main(["discover", *arguments, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def kept(code="46042"):
    store = Store.open()
    found = [made.payload for made in store.records(RECORD, code)]
    store.close()
    return found


def test_harvested_domains_are_portals_with_the_kind_that_is_said(site, capsys):
    site.dataset(1)["harvest"] = {"domain": "data.cahors.exemple.invalid", "backend": "ODS"}
    site.dataset(2)["harvest"] = {"domain": "autre.exemple.invalid", "backend": None}
    code, document, _ = discover(capsys, "46042")
    assert code == 0
    assert document["portals"] == [
        {"url": "https://autre.exemple.invalid", "kind": "unknown"},
        {"url": "https://data.cahors.exemple.invalid", "kind": "opendatasoft"},
    ]
    assert set(document) == {"territory", "sources", "portals", "runs"}
    assert len(document["runs"]) == 1 and kept() == []


def test_a_portal_given_is_recognised_listed_and_its_address_kept_once(site, capsys):
    path, answer = ANSWERS["ckan"]
    site.server.expect_request(path).respond_with_json(answer)
    for times in (1, 2):
        code, document, said = discover(capsys, "46042", "--portal", PORTAL)
        assert code == 0
        assert document["portals"] == [{"url": PORTAL, "kind": "ckan"}]
        found = [made for made in document["sources"] if made["routes"] == ["portal"]]
        assert [made["title"] for made in found] == ["Arbres"]
        assert found[0]["matched"] == ["public_facilities"]  # its schema decides
        assert [run["dataset"] for run in document["runs"]] == [
            "published_datasets", "portal_datasets"
        ]  # fmt: skip
        assert ("adresse gardée" in said) is (times == 1)
    assert kept() == [{"url": PORTAL, "kind": "ckan"}]


def test_nothing_recognised_is_said_clearly_and_nothing_kept(site, capsys):
    code, document, _ = discover(capsys, "46042", "--portal", PORTAL)
    run = document["runs"][1]
    assert (code, run["status"], document["portals"]) == (0, "not_covered", [])
    assert "aucun portail reconnu à cette adresse (Opendatasoft, CKAN" in run["detail"]
    assert kept() == []


def test_a_portal_that_fails_leaves_the_catalogue_and_ends_with_one(site, capsys):
    site.server.expect_request(FEED).respond_with_data("", 200)
    site.server.no_handler_status_code = 403
    path, answer = ANSWERS["opendatasoft"]
    broken = {**answer, "results": [{}]}
    site.server.expect_request(path).respond_with_json(broken)
    code, document, _ = discover(capsys, "46042", "--portal", PORTAL)
    assert code == 1 and document["runs"][1]["status"] == "failed"
    assert document["sources"] and kept() == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://[::1]/"])
def test_a_private_address_is_refused(site, capsys, monkeypatch, url):
    monkeypatch.delenv("ACV_ENDPOINT_PORTALS")
    code, document, _ = discover(capsys, "46042", "--portal", url)
    assert code == 1 and "adresse privée refusée" in document["runs"][1]["detail"]
    assert document["runs"][1]["requests"] == 0 and kept() == []


@pytest.mark.parametrize(
    "url",
    [
        "portail", "ftp://exemple.invalid", "javascript:alert(1)", "http://", "http://[bad",
        "https://nom:secret@exemple.invalid", "https://exemple.invalid/?api_key=secret",
        "https://exemple.invalid/a b", "https://exemple.invalid/\x00", "https://x.fr/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_to_ask_is_wrong_use(site, capsys, url):
    assert not is_web_address(url)
    assert main(["discover", "46042", "--portal", url]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "une adresse http(s)://" in err and "secret" not in err


def test_a_fictional_town_has_neither(site, capsys):
    code, document, _ = discover(capsys, "00001", "--portal", PORTAL)
    assert (code, document["sources"]) == (0, [])
    assert {run["status"] for run in document["runs"]} == {"not_covered"}
    assert site.asked == []


def test_people_read_lines_and_not_json(site, capsys):
    path, answer = ANSWERS["ckan"]
    site.server.expect_request(path).respond_with_json(answer)
    assert main(["discover", "46042", "--portal", PORTAL]) == 0
    out = capsys.readouterr().out
    assert f"Portail : {PORTAL} (ckan)" in out and "Arbres — Ville de Cahors (commune)" in out
