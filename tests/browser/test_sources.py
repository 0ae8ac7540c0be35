"""État des sources in a browser: one source tried again, on a server that answers, then fails."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer

from tests.browser.conftest import Visit
from tests.conftest import serve
from tests.connectors.replay import example

CONTOUR = example("admin_boundaries", "geo").exchanges[0]


@pytest.fixture
def online(embedded_file, tmp_path, httpserver: HTTPServer):
    """The application with the network permitted, its contours asked of a server on loopback."""
    path = tmp_path / "acv.duckdb"
    shutil.copy(embedded_file, path)
    origin = httpserver.url_for("").rstrip("/")
    yield from serve(path, ACV_OFFLINE="", ACV_ENDPOINT_GEO=origin)


def test_a_source_is_tried_again_from_its_sheet_and_its_state_follows(browser, online, httpserver):
    httpserver.expect_ordered_request(CONTOUR.path).respond_with_json(CONTOUR.content)
    httpserver.expect_ordered_request(CONTOUR.path).respond_with_data("", status=404)
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-FR")
    visit = Visit(page, online)
    visit.open("/sources?territoire=46042&source=admin_boundaries.geo")
    page.get_by_role("button", name="Récupérer pour Cahors").first.click()
    expect(page.get_by_text("1\u00a0source récupérée sur 1")).to_be_visible(timeout=60_000)
    sheet = page.get_by_role("table", name="Contours administratifs")
    expect(sheet).to_contain_text("récupérée, 1\u00a0ligne")
    page.get_by_role("button", name="Rafraîchir pour Cahors").first.click()
    expect(page.get_by_text("l'adresse n'existe plus ou a changé").first).to_be_visible(
        timeout=60_000
    )
    expect(sheet).to_contain_text("la copie du 21\u00a0novembre\u00a02026 sert")
    expect(page.get_by_role("button", name="Réessayer pour Cahors").first).to_be_visible()
    assert len(httpserver.log) == 2
    page.close()
