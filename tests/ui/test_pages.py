"""Every screen, for every kind of territory, full store or empty one, good code or bad."""

import pytest

from data.territories import territory
from tests.ui.conftest import words
from ui import menu

PAGES = [name for name, _ in (*menu.VISIBLE, *menu.HIDDEN)]
TOWNS = ("46042", "97611", "200023737", "46128", "dep:46", "reg:76", "00001", "000000001")
FOOTER = "Outil indépendant, sans lien avec l&#x27;ANCT, l&#x27;État ou OpenDataFrance."


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", TOWNS)
def test_a_screen_says_something_and_never_breaks(screen, any_store, page, code):
    test = screen(page, any_store, territoire=code, jeu="tree_inventory")
    said = words(test)
    assert not test.exception
    assert not test.error
    assert len(test.title) == 1
    assert FOOTER in said
    assert ("FICTIF" in said) >= territory(code).fictional
    for nothing in ("None", "nan", "N/A", "NaT"):
        assert f" {nothing}" not in said
        assert f">{nothing}" not in said


@pytest.mark.parametrize("page", [page for page in PAGES if page != "sources"])
@pytest.mark.parametrize("code", ["99999", "';drop table fetches;--", "<b>", "dep:99", "é" * 200])
def test_an_unknown_code_is_named_and_the_search_stays(screen, embedded_store, page, code):
    test = screen(page, embedded_store, territoire=code, jeu="tree_inventory")
    assert not test.exception
    assert test.title[0].value == "Territoire inconnu"
    assert code[:40] in words(test)
    assert len(test.text_input) == 1
    assert FOOTER in words(test)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("accueil", "sources")])
def test_without_a_town_a_screen_asks_for_one(screen, embedded_store, page):
    test = screen(page, embedded_store)
    assert not test.exception
    assert len(test.text_input) == 1


def test_an_empty_store_shows_absences_and_no_figure(screen, empty_store):
    said = words(screen("tableau_de_bord", empty_store, territoire="46042"))
    assert "non récupéré" in said
    assert "chiffres connus sur" not in said


def test_the_search_lists_places_with_what_tells_them_apart(screen, embedded_store):
    test = screen("accueil", embedded_store)
    test.text_input[0].set_value("st omer").run()
    said = words(test)
    assert "**Saint-Omer** · commune, Pas-de-Calais" in said
    assert "**Saint-Omer** · commune, Calvados" in said
    test.text_input[0].set_value("zzzz [x](y)").run()
    assert "Aucun territoire ne correspond à «\u00a0zzzz [x](y)\u00a0»" in words(test)


def test_the_sheets_are_said_to_be_the_tool_s_own(screen, embedded_store):
    for page in ("accueil", "disponibilite", "donnee", "donnees_manquantes"):
        said = words(screen(page, embedded_store, territoire="46042", jeu="tree_inventory"))
        assert "Quatorze fiches projet rédigées pour cet outil" in said, page


def test_scores_in_points_never_reach_the_home_screen(screen, embedded_store):
    assert "points sur 100" not in words(screen("accueil", embedded_store, territoire="00001"))


def test_an_unknown_dataset_is_named_with_the_way_back(screen, embedded_store):
    test = screen("donnee", embedded_store, territoire="46042", jeu="pas_un_jeu")
    assert test.title[0].value == "Donnée inconnue"
    assert "pas_un_jeu" in words(test)


def test_a_project_in_the_address_is_shown_alone(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="00001", experience="tree_heritage")
    assert [made.value for made in test.subheader] == [
        "Patrimoine arboré : le bon arbre au bon endroit"
    ]


def test_filters_keep_what_they_say(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="00001")
    assert "Ouverte</span>" in matrix(test)
    test.multiselect[1].set_value(["closed_justified"]).run()
    assert "Protégée</span>" in matrix(test)
    assert "Ouverte</span>" not in matrix(test)
    shown = next(made.value for made in test.text if "sur 94" in made.value)
    assert matrix(test).count('role="row"') == int(shown.split()[0]) + 1
    test.multiselect[2].set_value(["comfort"] if "comfort" in test.multiselect[2].options else [])
    assert not test.run().exception


def matrix(test) -> str:
    """The HTML of the table of every need."""
    tables = [made.proto.body for made in test.get("html")]
    return next(body for body in reversed(tables) if "Données demandées" in body)


def test_the_missing_list_can_be_read_by_holder(screen, embedded_store):
    test = screen("donnees_manquantes", embedded_store, territoire="46042")
    before = len(test.header)
    test.toggle[0].set_value(True).run()
    assert len(test.header) > before


def test_a_fictional_place_never_sends_anyone_to_a_real_holder(screen, embedded_store):
    said = words(screen("tableau_de_bord", embedded_store, territoire="dep:00"))
    assert "territoire fictif" in said
    assert "Insee" not in said
    assert "Détenteur" not in said
