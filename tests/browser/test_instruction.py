"""The project lead at work in a browser: instruct, see the verdict turn, send out, take back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Error, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.conftest import DONE, Visit, visiting

# A town a test: they share one server.
TOWN, UNDONE, READ = "territoire=46042", "territoire=84007", "territoire=62765"
TREES, COOL, LIGHTS = "tree_inventory", "cool_places", "street_lights"


@pytest.fixture
def lead(window, working_app):
    """A project lead on the machine that carries the tool."""
    with visiting(window, working_app, height=900) as visit:
        yield visit


def idle(page: Page) -> None:
    """A change is sent, then answered, before the next one."""
    page.wait_for_timeout(400)
    page.wait_for_function(DONE)


def choose(page: Page, label: str, option: str) -> None:
    """Pick in a list; a screen that is drawn again meanwhile closes it, so it is opened again."""
    field, wanted = page.get_by_label(label).first, re.compile(option)
    for _ in range(5):
        idle(page)
        field.click()
        try:
            page.get_by_role("option", name=wanted).first.click(timeout=4000)
        except Error:
            page.keyboard.press("Escape")
            continue
        idle(page)
        return
    pytest.fail(f"liste « {label} » : « {option} » introuvable")


def instruct(
    lead: Visit, dataset: str, status: str, fill: Callable[[Page], Any], town: str = TOWN
) -> str:
    """Declare a status on the page of a dataset; what the page says once it is kept."""
    page = lead.open(f"/donnee?{town}&jeu={dataset}")
    again = page.get_by_text("Modifier la déclaration")
    if again.count():
        again.click()
    page.get_by_test_id("stRadio").get_by_text(status, exact=True).first.click()
    lead.settle()
    fill(page)
    page.get_by_label("Votre nom ou votre service").first.fill("Équipe du Lot")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Enregistrer la déclaration").click()
    expect(page.get_by_text("Déclaration enregistrée pour 1 donnée.")).to_be_visible(timeout=30_000)
    return lead.settle().locator("[data-testid=stMain]").inner_text()


def holder(page: Page) -> None:
    page.get_by_label("Détenteur (service ou organisme").fill("Service espaces verts")
    page.keyboard.press("Tab")


def address(page: Page) -> None:
    page.get_by_label("Adresse de la donnée").fill("https://exemple.test/lieux-frais")
    page.keyboard.press("Tab")


def protection(page: Page) -> None:
    choose(page, "Raison", "Sécurité")
    choose(page, "Texte qui la protège", "L. 311-5")
    page.get_by_label("Pièce, en mots").fill("Note du 3 novembre 2026")
    page.keyboard.press("Tab")
    choose(page, "Ce qui peut être donné à la place", "grég")


def rewritten(source: Path, target: Path, changes: dict[tuple[str, str], str]) -> None:
    """The workbook as a service gives it back: other program, same cells, some answers."""
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    header = next(row for row in rows if "Identifiant" in row)
    book = xlsxwriter.Workbook(str(target))
    sheet = book.add_worksheet("Inventaire")
    for number, row in enumerate(rows):
        dataset = row[header.index("Identifiant")]
        for column, value in enumerate(row):
            answer = changes.get((dataset, header[column]), value)
            sheet.write(number, column, str(answer))
    book.close()


def test_instructing_three_needs_turns_verdicts_and_the_inventory_comes_back(lead, tmp_path):
    said = instruct(lead, TREES, "◐ À publier", holder)
    assert "On ne sait pas encore → Il manque des données" in said
    assert re.search(r"Patrimoine arboré.*entre \d+ et \d+ avant", said, re.S)
    assert "Déclaré" in said
    said = instruct(lead, COOL, "● Ouverte", address)
    assert re.search(r"\+\d+ au plus bas", said)
    said = instruct(lead, LIGHTS, "■ Protégée", protection)
    assert "CRPA" in said

    page = lead.open(f"/disponibilite?{TOWN}")
    assert "Il manque" in page.get_by_role("main").inner_text() or "Il manque" in lead.text()

    page = lead.open(f"/inventaire?{TOWN}")
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile("Tout l'inventaire")).click()
    sent, back = tmp_path / "envoye.xlsx", tmp_path / "rendu.xlsx"
    waited.value.save_as(sent)
    answers = {
        ("drinking_fountains", "Statut"): "Ouverte",
        ("drinking_fountains", "Service détenteur"): "Service de l'eau",
        (TREES, "Statut"): "Ouverte",
    }
    rewritten(sent, back, answers)
    instruct(lead, TREES, "◇ Payante ou limitée", lambda page: None)  # meanwhile, on screen

    page = lead.open(f"/inventaire?{TOWN}")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(back)
    expect(page.get_by_text("1 conflit").first).to_be_visible(timeout=30_000)
    lead.settle()
    assert "quelqu'un a répondu entre-temps" in lead.text()
    page.get_by_text("Garder l'actuel", exact=True).click()
    idle(page)
    page.get_by_role("button", name="Enregistrer 1 réponse").click()
    expect(page.get_by_text("Dernières déclarations")).to_be_visible()
    lead.settle()
    assert "Fontaines à eau potable" in lead.text()

    page = lead.open(f"/donnee?{TOWN}&jeu=drinking_fountains")
    assert "Service de l'eau" in lead.text()
    lead.open(f"/donnee?{TOWN}&jeu={TREES}")
    history = lead.text()[lead.text().index("Historique") :]
    assert "À publier" in history
    assert "Payante ou limitée" in history
    assert "Équipe du Lot" in history
    assert not lead.broken


def test_undo_is_a_new_line_and_brings_the_status_back(lead):
    instruct(lead, TREES, "◐ À publier", holder, UNDONE)
    page = lead.page
    page.get_by_role("button", name=re.compile("Annuler la dernière déclaration")).click()
    confirm = page.get_by_role("button", name=re.compile("^(Oui|Confirmer)"))
    if confirm.count():
        confirm.first.click()
    expect(page.get_by_text("supposé", exact=True).first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("annulée ensuite").first).to_be_visible(timeout=30_000)


def test_who_comes_through_a_relay_reads_and_sees_no_word_typed(browser, lead):
    instruct(lead, TREES, "◐ À publier", holder, READ)
    context = browser.new_context(extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    other = Visit(context.new_page(), lead.url)
    for path in (f"/donnee?{READ}&jeu={TREES}", f"/inventaire?{READ}", f"/disponibilite?{READ}"):
        other.open(path)
        said = other.text()
        assert "Service espaces verts\n" not in said
        assert "Équipe du Lot" not in said
        assert other.page.get_by_role("button", name="Enregistrer").count() == 0
    assert "À publier" in said or "à publier" in said
    context.close()
