"""What people do: a cold deep link, a search, an élu on a phone, a project lead with a list."""

import csv
import io
import re
import shutil
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, visiting
from tests.conftest import serve

MENU = (
    "Accueil",
    "Tableau de bord",
    "Disponibilité",
    "Plan d'action",
    "Inventaire",
    "Demandes",
    "Ma semaine",
    "Socle commun",
    "Publier",
    "Ce que l'on sait",
    "Restitution",
    "Sources et méthode",
)


@pytest.fixture(scope="module")
def fresh_app(embedded_file, tmp_path_factory):
    """A server of its own for the first test below, which must be its first visitor."""
    path = tmp_path_factory.mktemp("fresh") / "acv.duckdb"
    shutil.copy(embedded_file, path)
    yield from serve(path)


def test_the_first_deep_link_on_a_fresh_server_shows_menu_town_and_page(browser, fresh_app):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    visit = Visit(page, fresh_app)
    visit.open("/disponibilite?territoire=46042")
    assert page.locator("h1").inner_text() == "Disponibilité des données de Cahors"
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    assert [link.inner_text().strip() for link in links.all()] == list(MENU)
    expect(page.get_by_role("button", name="Cahors – changer")).to_be_visible()
    assert "Outil indépendant" in visit.text()
    assert page.locator("html").get_attribute("lang") == "fr"
    page.close()


@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        pytest.param("chateauroux", "36044", "Châteauroux", marks=pytest.mark.deep),
        ("St Omer", "62765", "Saint-Omer"),
        pytest.param("62500", "62765", "Saint-Omer", marks=pytest.mark.deep),
        pytest.param("sainte menehould", "51507", "Sainte-Menehould", marks=pytest.mark.deep),
    ],
)
def test_a_typed_search_finds_without_accents(visit, typed, code, name):
    page = visit.open("/")
    page.get_by_label("Rechercher une commune").click()
    page.keyboard.type(typed, delay=30)
    link = page.get_by_test_id("stPageLink").get_by_role(
        "link", name=re.compile(rf"^{re.escape(name)} · commune")
    )
    link.first.click()
    expect(page.locator("h1")).to_have_text(name)
    assert f"territoire={code}" in page.url


def test_an_elu_reads_touches_and_shares_on_a_phone(phone):
    page = phone.open("/")
    page.get_by_label("Rechercher une commune").click()
    page.keyboard.type("cah", delay=60)
    page.get_by_role("link", name=re.compile("^Cahors · commune")).click()
    expect(page.locator("h1")).to_have_text("Cahors")
    phone.settle()
    sentence = page.locator("summary", has_text="À Cahors, on comptait environ 3 jours")
    expect(sentence).to_be_visible()
    assert "0 projet" not in phone.text()
    sentence.click()
    expect(page.get_by_text("Climadiag").first).to_be_visible()
    copied = page.url
    phone.forget()  # whoever receives the address has nothing else
    page.goto(copied)
    expect(page.locator("h1")).to_have_text("Cahors", timeout=60_000)


def test_the_town_is_kept_across_the_menu_and_a_reload(visit):
    page = visit.open("/?territoire=00001")
    for entry, title in (
        ("Tableau de bord", "Tableau de bord de Castelvoire"),
        ("Disponibilité", "Disponibilité des données de Castelvoire"),
        ("Plan d'action", "Plan d'action de Castelvoire"),
    ):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry).click()
        expect(page.locator("h1")).to_have_text(title, timeout=30_000)
        page.wait_for_url(re.compile("territoire=00001"))
    page.reload()
    expect(page.locator("h1")).to_have_text("Plan d'action de Castelvoire", timeout=30_000)


def test_changing_brings_the_search_field_back(visit):
    page = visit.open("/tableau_de_bord?territoire=46042")
    page.get_by_role("button", name="Cahors – changer").click()
    expect(page.get_by_label("Rechercher une commune")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Tableau de bord")
    assert "territoire" not in page.url
    page.get_by_label("Rechercher une commune").click()
    page.keyboard.type("avignon", delay=30)
    page.get_by_role("link", name=re.compile("^Avignon · commune")).click()
    expect(page.locator("h1")).to_have_text("Tableau de bord d'Avignon", timeout=30_000)


def test_a_project_can_be_addressed_and_a_need_opens_its_evidence(visit):
    page = visit.open("/disponibilite?territoire=00001&experience=tree_heritage")
    expect(page.get_by_text("Situation fréquente, à vérifier chez vous")).to_be_visible()
    page.get_by_role("link", name="Inventaire des arbres").first.click()
    expect(page.locator("h1")).to_have_text("Inventaire des arbres", timeout=30_000)
    assert "jeu=tree_inventory" in page.url
    assert "territoire=00001" in page.url
    assert "experience=tree_heritage" in page.url


def test_the_project_lead_takes_the_list_away(visit):
    page = visit.open("/donnees_manquantes?territoire=46042")
    page.get_by_role("tab", name="Données manquantes").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Télécharger (CSV)").click()
    body = waited.value.path().read_bytes()
    assert waited.value.suggested_filename == "donnees_manquantes_46042_2026-11-21.csv"
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) > 10
    assert rows[0][2] == "Donnée"
    with page.expect_download() as waited:
        page.get_by_role("button", name="Télécharger (XLSX)").click()
    assert waited.value.path().read_bytes()[:2] == b"PK"


def test_a_fetch_with_the_network_forbidden_says_so(window, fresh_app):
    with visiting(window, fresh_app) as visit:
        fetch(visit)


def fetch(visit):
    page = visit.open("/sources?territoire=46042")
    page.get_by_role("button", name="Tout récupérer pour ce territoire").click()
    expect(page.get_by_text("Récupération terminée")).to_be_visible(timeout=30_000)
    assert "Réseau interdit (ACV_OFFLINE=1), rien n'a été demandé" in visit.text()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Tableau de bord").click()
    expect(page.locator("h1")).to_have_text("Tableau de bord de Cahors", timeout=30_000)
    expect(page.get_by_text("Récupération terminée")).to_be_visible()


def answer(url: str):
    with urlopen(Request(url, headers={"accept": "text/html,*/*"}), timeout=20) as got:
        return got.read().decode(), dict(got.headers)


def test_every_answer_carries_the_security_headers(shared_app):
    for path in ("/", "/disponibilite", "/api/v1/sante", "/app/static/blank.json"):
        _, headers = answer(shared_app + path)
        found = {name.lower(): value for name, value in headers.items()}
        assert found["x-content-type-options"] == "nosniff", path
        assert found["x-frame-options"] == "SAMEORIGIN"
        assert found["referrer-policy"] == "same-origin"
        assert "permissions-policy" in found
        policy = found["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self' 'unsafe-inline'" not in policy


def test_the_shell_is_french_before_any_script_runs(shared_app):
    body, _ = answer(shared_app + "/tableau_de_bord")
    assert '<html lang="fr">' in body
    assert "<title>Cœur de Données</title>" in body
    assert "favicon.png" in body
    assert "Streamlit</title>" not in body
