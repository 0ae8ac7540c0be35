"""The projector in a real browser: keys, notes, search, frames; from the disk, from the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from data.entries import Draft
from tests.browser.test_accessibility import AXE, violations
from tests.restitution.test_presentation import account, file

SIZES = ((1366, 768), (1024, 768), (1920, 1080))
SMALLEST, SMALLEST_FOOT = 20, 14  # pixels at 1366 × 768
READ = """
() => [...document.querySelectorAll('.view')].map(view => {
  const content = view.querySelector('.content'), stage = document.querySelector('.projection');
  const hidden = '.unseen, .values, caption, figcaption, .toggle, title, desc';
  const least = root => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let size = Infinity;
    while (walk.nextNode()) {
      const holder = walk.currentNode.parentElement;
      if (!walk.currentNode.data.trim() || holder.closest(hidden)) continue;
      if (!holder.getClientRects().length) continue;
      const matrix = holder.ownerSVGElement ? holder.getScreenCTM() : null;
      const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
      size = Math.min(size, parseFloat(getComputedStyle(holder).fontSize) * scale);
    }
    return size;
  };
  const past = one =>
    Math.max(one.scrollHeight - one.clientHeight, one.scrollWidth - one.clientWidth);
  const bottom = Math.max(...[...content.querySelectorAll('*')]
    .filter(one => !one.closest(hidden)).map(one => one.getBoundingClientRect().bottom));
  return {
    id: view.id, past: Math.max(past(content), past(view), past(stage)),
    under: bottom - view.querySelector('.foot').getBoundingClientRect().top,
    text: least(content), foot: least(view.querySelector('.foot')),
  };
})
"""


@pytest.fixture
def windows(browser) -> Iterator[BrowserContext]:
    """One browser with as many windows as one opens, at the size of a common projector."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def saved(embedded_store, tmp_path, windows) -> Callable[..., Page]:
    """Open the file saved the eve, from the disk; what it calls and what breaks is noted."""

    def see(code: str = "46042", anchor: str = "", draft: Draft | None = None) -> Page:
        path = tmp_path / f"vues_{code}.html"
        path.write_text(file(embedded_store, code, draft), encoding="utf-8")
        page = windows.new_page()
        page.called, page.broken = [], []
        page.on("request", lambda made: page.called.append(made.url))
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.on("console", lambda line: page.broken.append(line.text))
        page.goto(path.as_uri() + anchor)
        page.wait_for_selector(".live")
        page.evaluate("document.fonts.ready")
        return page

    return see


def view(page: Page) -> str:
    return page.locator(".view.current").get_attribute("data-view")


def press(page: Page, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
    return view(page)


def count(page: Page) -> int:
    return page.locator(".view").count()


# --- the file, from the disk ---------------------------------------------------------------------


@pytest.mark.parametrize("code", ["46042", "00001", pytest.param("01001", marks=pytest.mark.deep)])
def test_no_view_overflows_and_all_can_be_read(saved, code):
    page = saved(code)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"
        )
        for found in page.evaluate(READ):
            assert found["past"] <= 1, (width, found)
            assert found["under"] <= 1, (width, found)
            if width == SIZES[0][0]:
                assert found["text"] >= SMALLEST and found["foot"] >= SMALLEST_FOOT, found
    assert page.called == [page.url.split("#")[0]] and page.broken == []


def test_an_endless_sentence_scrolls_rather_than_being_cut(saved, embedded_store):
    first = account(embedded_store).place.code and "titre"
    page = saved(draft=Draft("deck", "elus", texts={f"{first}/sentence": "Un long mot " * 900}))
    assert "long" in page.locator(".view.current").get_attribute("class")
    assert page.broken == []


def test_on_a_phone_one_column_scrolls(saved):
    page = saved()
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = "document.querySelector('.projection').scrollWidth <= 390"
    for _ in range(count(page)):
        page.wait_for_function(narrow)  # the layout follows the size a frame or two later
        press(page, "PageDown")


def test_keys_and_clicker(saved):
    page = saved()
    ids = [one.get_attribute("data-view") for one in page.locator(".view").all()]
    assert press(page, "ArrowRight") == ids[1] and page.url.endswith(f"#vue-{ids[1]}")
    assert press(page, " ", "PageDown") == ids[3]
    assert press(page, "ArrowLeft", "PageUp") == ids[1]
    assert press(page, "End") == ids[-1] and press(page, "ArrowRight") == ids[-1]
    assert press(page, "Home", "ArrowLeft") == ids[0]
    assert press(page, "1", "2", "Enter") == ids[11]
    assert page.locator("[role=status]").inner_text().startswith(f"Vue 12 sur {len(ids)}")
    assert page.locator(".bar").get_by_text(f"12/{len(ids)}").is_visible()
    press(page, "g")
    page.locator(".jump button").nth(2).click()
    assert view(page) == ids[2]
    page.locator(".view.current .content").click()
    assert view(page) == ids[3]
    page.goto(page.url.split("#")[0] + f"#vue-{ids[4]}")
    expect(page.locator(".view.current")).to_have_attribute("data-view", ids[4])


def test_black_contrast_timer_help_and_test_view(saved):
    page = saved()
    night = page.locator(".night")
    for key in ("b", "."):
        press(page, key)
        assert night.is_visible()
        assert press(page, "PageDown") == "titre" and not night.is_visible()  # the view it hid
    press(page, "c")
    assert page.locator(".contrast").evaluate("one => getComputedStyle(one).backgroundColor") == (
        "rgb(0, 0, 0)"
    )
    press(page, "t")
    expect(page.locator(".bar .time")).to_contain_text("0:01")
    press(page, "t", "h")
    assert page.get_by_text("minuteur").is_visible()
    press(page, "Escape", "v")
    said = page.locator(".checked").inner_text()
    assert "Plus petit texte des vues" in said and "16:9" in page.locator(".check").inner_text()
    assert float(re.search(r"vues\s:\s([\d,]+)", said)[1].replace(",", ".")) >= SMALLEST
    press(page, "Escape")
    assert not page.locator("dialog[open]").count()


def test_the_search_answers_without_leaving_full_screen(saved):
    page = saved()
    press(page, "f")
    page.wait_for_selector(":fullscreen", state="attached")
    press(page, "?")
    page.keyboard.type("l'inventaire d'ARBRES")
    first = page.locator("[role=option]").first
    assert "Inventaire des arbres" in first.inner_text()
    lines = page.locator(".answer p").all_inner_texts()
    assert [re.split(r"\s:", line)[0] for line in lines] == [
        "On sait", "On ne sait pas", "À qui demander",
    ]  # fmt: skip
    assert "Non évaluée" in lines[0]
    for typed, wanted in (
        ("arras", "Arras (Pas-de-Calais)"),
        ("cahors", "Cahors"),
        ("65 ans", "Part des 65 ans et plus"),
        ("st brieuc", "Saint-Brieuc (Côtes-d'Armor)"),
        ("ilots", "Îlots de chaleur"),
    ):
        page.locator("#demande").fill(typed)
        assert page.locator(".answer h3").inner_text().startswith(wanted)
    page.locator("#demande").fill("part")
    press(page, "ArrowDown")
    assert page.locator("[role=option]").nth(1).get_attribute("aria-selected") == "true"
    assert page.locator("[role=option]").count() <= 7
    page.locator("#demande").fill("canoppée")
    assert "Ce qui s'en approche" in page.locator(".answer").inner_text()
    assert "Couverture arborée" in page.locator("[role=option]").first.inner_text()
    page.locator("#demande").fill("<img src=x onerror=alert(1)>")
    assert "Rien ne porte ce nom" in page.locator(".answer").inner_text()
    assert view(page) == "titre"  # typing moved nothing
    assert page.evaluate("Boolean(document.fullscreenElement)")
    page.get_by_role("button", name="Fermer").first.click()
    assert page.evaluate("Boolean(document.fullscreenElement)") and page.broken == []


def test_the_notes_follow_and_drive(saved, windows):
    page = saved()
    with windows.expect_page() as opened:
        press(page, "n")
    notes = opened.value
    notes.wait_for_selector(".speaker")
    assert notes.locator(".at").inner_text() == f"Vue 1/{count(page)}"
    press(page, "PageDown")
    expect(notes.locator(".at")).to_contain_text("Vue 2/")
    assert "Ensuite" in notes.locator(".next").inner_text()
    notes.get_by_role("button", name="Suivante").click()
    expect(page.locator(".bar")).to_contain_text("3/")
    assert page.url.endswith("#" + page.locator(".view").nth(2).get_attribute("id"))
    notes.get_by_label("Aller à").select_option(index=5)
    expect(page.locator(".bar")).to_contain_text("6/")
    notes.keyboard.press("b")
    page.wait_for_selector(".night", state="visible")
    notes.get_by_label("Durée prévue").fill("15")
    notes.get_by_role("button", name="Démarrer").click()
    expect(page.locator(".bar .time")).to_contain_text("15\u00a0min")
    assert notes.locator(".left").inner_text().startswith("reste 1")
    page.reload()  # the one that opens again takes the place and the time of the other
    page.wait_for_selector(".live")
    expect(page.locator(".bar")).to_contain_text("15\u00a0min")
    assert page.url.endswith(page.locator(".view.current").get_attribute("id"))


def test_one_view_a_printed_page(saved):
    page = saved("00001")
    page.set_viewport_size({"width": 1024, "height": 768})
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count(page)


# --- from the server -----------------------------------------------------------------------------


def test_the_screens(windows, shared_app):
    parameters = "territoire=46042&public=services"
    page = windows.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{shared_app}/projection?{parameters}#vue-methode")
    page.wait_for_selector(".view.current", timeout=60_000)
    assert view(page) == "methode"  # any view has an address
    over = page.evaluate("document.elementFromPoint(40, 300).shadowRoot !== null")
    assert over and page.evaluate("document.getElementById('root').inert")
    notes = windows.new_page()
    notes.goto(f"{shared_app}/notes_orateur?{parameters}")
    notes.wait_for_selector(".speaker", timeout=60_000)
    expect(notes.locator(".at")).to_contain_text(f"/{count(page)}")
    notes.get_by_role("button", name="Précédente").click()
    expect(page.locator(".view.current")).not_to_have_attribute("data-view", "methode")
    press(page, "r", "c")  # keys that Streamlit would take
    assert page.locator(".contrast").count() == 1
    press(page, "?")
    page.keyboard.type("logement")
    assert page.locator(".answer p").count() == 3
    press(page, "Escape")
    quit_link = page.get_by_role("link", name="Quitter")
    assert "/restitution?territoire=46042&public=services" in quit_link.get_attribute("href")
    assert broken == []


@pytest.mark.parametrize("keys", [(), ("c", "?"), pytest.param(("g",), marks=pytest.mark.deep)])
def test_no_serious_violation(browser, embedded_store, tmp_path, keys):
    if not AXE.exists():
        pytest.skip("axe-core absent")
    path: Path = tmp_path / "vues.html"
    path.write_text(file(embedded_store, "00001"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri() + "#vue-projets")
    page.wait_for_selector(".live")
    press(page, *keys)
    if "?" in keys:
        page.keyboard.type("arbres")
    assert violations(page) == []
    context.close()
