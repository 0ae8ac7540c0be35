"""Every screen for every kind of territory, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

FOOTER = "Outil indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance."
PAGES = ("/", "/tableau_de_bord", "/disponibilite", "/donnees_manquantes", "/sources", "/donnee")
TOWNS = {
    "46042": "Cahors",
    "84007": "Avignon",
    "97611": "Mamoudzou",
    "200023737": "CA du Grand Cahors",
    "46128": "Gramat",
    "00001": "Castelvoire",
}
ENGLISH = re.compile(r"Traceback|Error|Oh no|redacted|\bNone\b|\bnan\b|N/A")


def path_of(page: str, code: str) -> str:
    return f"{page}?territoire={code}" + ("&jeu=tree_inventory" if page == "/donnee" else "")


ONE_OF_EACH = ("200023737", "00001")  # an EPCI, the invented town


@pytest.mark.parametrize(
    "code",
    [code if code in ONE_OF_EACH else pytest.param(code, marks=pytest.mark.deep) for code in TOWNS],
)
def test_every_screen_of_a_town_has_a_title_a_footer_and_no_failure(visit, code):
    for page in PAGES:
        shown = visit.open(path_of(page, code))
        text = visit.text()
        assert FOOTER in text, page
        assert not ENGLISH.search(text), (page, ENGLISH.search(text))
        assert "n'a pas pu être dessiné" not in text, page
        assert len(text) > 400, page
        expect(shown.locator("h1")).to_have_count(1)
        assert TOWNS[code] in text, page
        assert ("FICTIF" in text) == (code == "00001"), page
    assert visit.foreign == []
    assert visit.broken == []


def test_the_home_screen_draws_the_map_without_calling_anyone(visit):
    page = visit.open("/")
    page.wait_for_selector("[data-testid=stDeckGlJsonChart] canvas", timeout=60_000)
    page.wait_for_timeout(1500)
    assert "244 communes du programme" in visit.text()
    assert visit.foreign == []
    assert visit.broken == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", [pytest.param("46042", marks=pytest.mark.deep), "00001"])
def test_a_phone_never_scrolls_sideways(phone, page, code):
    shown = phone.open(path_of(page, code))
    width = shown.evaluate(
        "Math.max(document.documentElement.scrollWidth,"
        " ...[...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth))"
    )
    assert width <= 390
    assert FOOTER in phone.text()


def test_an_unknown_code_is_named_with_the_search_field(visit):
    for page in PAGES[:5]:
        if page == "/sources":
            continue  # its content does not depend on a territory
        shown = visit.open(f"{page}?territoire=99999")
        assert "99999" in visit.text()
        expect(shown.get_by_label("Rechercher une commune")).to_be_visible()
        assert "territoire=99999" in shown.url


def test_a_hostile_code_or_dataset_is_shown_as_text(visit):
    page = visit.open("/donnee?territoire=46042&jeu=%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert "<img src=x" in visit.text()
    assert page.locator("[data-testid=stMain] img").count() == 0
    page = visit.open("/?territoire=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" in visit.text()
    assert visit.broken == []
