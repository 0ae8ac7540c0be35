"""Publier in a real browser: from a messy file to its package, by touch and by keyboard."""

import io
import re
import zipfile

import pytest

from tests.browser.conftest import DONE, visiting
from tests.browser.test_accessibility import AXE, violations
from ui import publish_example

ADDRESS = "/publier?territoire=00001"


def settle(visit):
    visit.page.wait_for_timeout(300)
    return visit.settle()


def press(visit, label):
    visit.page.get_by_role("button", name=label).first.click()
    return settle(visit)


def fill(visit, label, text):
    visit.page.get_by_label(label).first.fill(text)
    visit.page.keyboard.press("Tab")
    settle(visit)


def step(visit, rank):
    visit.page.get_by_role("heading", name=f"Étape {rank} sur 6").wait_for(timeout=60_000)


def accessible(visit):
    visit.page.wait_for_timeout(200)
    assert violations(visit.page) == []


def test_a_messy_file_becomes_a_package(examined, working_app):
    """Dropped, reread, recognised, checked, decided, written; left and taken up again."""
    with visiting(examined, working_app) as visit:
        publish(visit)
    assert not visit.foreign and not visit.broken


def publish(visit):
    page = visit.open(ADDRESS)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "arbres.csv", "mimeType": "text/csv", "buffer": publish_example.body()}
    )
    page.get_by_role("button", name="Continuer").wait_for(timeout=60_000)
    settle(visit)
    if AXE.exists():
        accessible(visit)
    fill(visit, "Service ou organisme", "Espaces verts")
    press(visit, "Continuer")
    step(visit, 2)
    preview = page.get_by_role("region", name="premières lignes")
    assert preview.is_visible() and "✎" in preview.inner_text()
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(300)
    assert preview.is_visible() and preview.bounding_box()["y"] < 700  # it follows
    press(visit, "C'est relu")
    step(visit, 3)
    press(visit, "Continuer")
    step(visit, 4)
    assert "Sera-t-il accepté" in visit.text()
    press(visit, "Continuer")
    step(visit, 5)
    fill(visit, "Accord du producteur", "Chef du service")
    fill(visit, "Avis du délégué", "Favorable")
    licence = page.get_by_role("combobox", name=re.compile("Licence")).first
    licence.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(visit)
    fill(visit, "Licence décidée par", "Conseil municipal")

    visit.open(ADDRESS)  # the browser was closed
    press(visit, "arbres.csv, étape 5")
    step(visit, 5)
    press(visit, "Continuer")
    step(visit, 6)
    press(visit, "Écrire le paquet")
    with page.expect_download(timeout=60_000) as arrived:
        page.get_by_role("button", name="Télécharger le paquet").click()
    assert arrived.value.suggested_filename == "arbres_00001.zip"
    with zipfile.ZipFile(io.BytesIO(arrived.value.path().read_bytes())) as archive:
        names = set(archive.namelist())
        table = archive.read("data.csv").decode()
    assert {"data.csv", "datapackage.json", "fiche.html", "transformations.json"} <= names
    assert table.startswith("id,") and "Fictive" not in table and "Inventé" not in table
    if AXE.exists():
        accessible(visit)


@pytest.mark.deep
def test_on_a_phone_the_file_stands_under_the_step(window, working_app):
    with visiting(window, working_app, 390, 844, "dark") as visit:
        stacked(visit)


def stacked(visit):
    page = visit.open(ADDRESS)
    press(visit, "Essayer avec un fichier")
    page.get_by_role("button", name="Continuer").wait_for(timeout=60_000)
    page.wait_for_function(DONE)
    wide = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
    button = page.get_by_role("button", name="Continuer").bounding_box()
    preview = page.get_by_role("region", name="premières lignes").bounding_box()
    assert preview["y"] > button["y"]
