"""Restitution in a real browser: accessible by night too, quick to type in, files that arrive."""

import pytest

from tests.browser.conftest import DONE, visiting
from tests.browser.test_accessibility import AXE, violations
from ui.restitution_volets import VOLETS

ADDRESS = "/restitution?territoire=46042&volet="


@pytest.mark.parametrize(
    ("scheme", "volets"),
    [("light", tuple(VOLETS)), pytest.param("dark", tuple(VOLETS), marks=pytest.mark.deep)],
)
def test_no_section_has_a_serious_violation(examined, shared_app, scheme, volets):
    if not AXE.exists():
        pytest.skip("axe-core absent")
    with visiting(examined, shared_app, scheme=scheme) as visit:
        for volet in volets:
            page = visit.open(f"{ADDRESS}{volet}")
            page.wait_for_timeout(300)
            assert violations(page) == [], volet


def test_a_document_arrives_at_the_first_touch(visit):
    page = visit.open(f"{ADDRESS}documents")
    with page.expect_download(timeout=60_000) as arrived:
        page.get_by_role("button", name="Classeur, XLSX").click()
    assert arrived.value.suggested_filename == "classeur_46042_2026-11-21.xlsx"
    assert not visit.foreign and not visit.broken


def test_one_types_line_after_line_without_leaving_the_field(window, working_app):
    with visiting(window, working_app) as visit:
        page = visit.open(f"{ADDRESS}seance")
        for line in ("Qui tient le plan\u00a0?", "Et la fontaine\u00a0?"):
            field = page.get_by_label("Ce qui est dit")
            field.fill(line)
            field.press("Enter")
            page.get_by_text(line).wait_for(timeout=30_000)
            page.wait_for_function(DONE)
            assert field.input_value() == ""
            focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
            assert focused and focused.startswith("Ce qui est dit")


def test_each_touch_of_a_tab_or_of_an_audience_is_obeyed_and_its_address_opens_again(visit):
    page = visit.open("/restitution?territoire=46042")

    def touch(label, address):
        page.get_by_role("radio", name=label, exact=True).click()
        page.wait_for_url(f"**{address}**")
        page.wait_for_function(DONE)
        assert page.get_by_role("radio", name=label, exact=True).is_checked()

    touch("Documents", "volet=documents")
    page.get_by_role("heading", name="Un par un").wait_for()
    touch("Séance", "volet=seance")
    page.get_by_role("heading", name="Noté en séance").wait_for()
    touch("Présenter", "volet=presenter")
    page.get_by_role("heading", name="La veille").wait_for()
    touch("Services", "public=services")
    touch("Habitants", "public=habitants")
    assert "public=habitants" in page.get_by_role("link", name="Présenter").get_attribute("href")
    visit.open(page.url.removeprefix(visit.url))
    assert page.get_by_role("radio", name="Habitants", exact=True).is_checked()
    page.get_by_role("heading", name="La veille").wait_for()
