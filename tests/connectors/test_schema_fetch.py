"""A schema by its address: read as any other, or refused with a reason."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from connectors.schema_fetch import is_address, schema
from data.standards import UnknownSchema


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_SCHEMAS", httpserver.url_for("").rstrip("/"))
    return httpserver


def test_a_schema_is_read_at_its_address(site):
    fields = {"fields": [{"name": "id", "type": "integer"}], "version": "1.0.0"}
    site.expect_request("/schemas/x.json").respond_with_json(fields)
    found = schema(site.url_for("/schemas/x.json"))
    assert (found.version, found.names, found.loaded) == ("1.0.0", ("id",), True)


@pytest.mark.parametrize("body", ["[1]", "<html></html>", "", '"texte"'])
def test_something_else_is_refused_in_a_sentence(site, body):
    site.expect_request("/x").respond_with_data(body, content_type="application/json")
    with pytest.raises(UnknownSchema, match=r"schéma|Schéma"):
        schema(site.url_for("/x"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://10.0.0.1/x", "http://[::1]/x", "ftp://a.test/x"]
)
def test_a_private_or_odd_address_is_never_asked(url):
    with pytest.raises(UnknownSchema):
        schema(url)


def test_offline_is_said(site, offline):
    with pytest.raises(UnknownSchema, match="réseau interdit"):
        schema(site.url_for("/x"))


def test_an_address_is_told_from_a_path():
    assert is_address("https://schema.data.gouv.fr/x.json")
    assert not is_address("scdl/deliberations")
