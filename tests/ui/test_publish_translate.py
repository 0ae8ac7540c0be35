"""Publier, step 3: values put into the words of a list, and a phone that waits to be confirmed."""

from __future__ import annotations

import pytest

from data import entries
from data.entries import Publication
from data.records import Person
from data.store import Store
from tests.ui.conftest import words
from tests.ui.test_publish import at_step, latest, opened, press
from ui import who

FILE = (
    "nom;acc;etat_fonct;tel1;lat;lon\n"
    "Mairie;Intérieur;En rade;05 65 20 87 00;44.44;1.44\n"
    "Gymnase;extérieur;En fonctionnement;05 65 20 87 01;44.45;1.45\n"
    "Piscine;Dehors;En rade;05 65 20 87 02;44.46;1.46\n"
).encode()
LIST = "etat_fonct"


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: Person("editor", "Essai"))


def at_the_columns(screen, store, **address):
    test = opened(screen, store, **address)
    test.file_uploader[0].upload("defibrillateurs.csv", FILE, "text/csv").run()
    press(test, "Continuer")
    press(test, "C'est relu")
    picked(test, "Standard").set_value("dae").run()
    assert not test.exception and at_step(test, 3)
    return test


def picked(test, start):
    return next(made for made in test.selectbox if made.label.startswith(start))


def asked(test):
    """The values that the form asks to translate."""
    return [made.label for made in test.selectbox if made.label.endswith("devient")]


def test_a_value_outside_the_list_is_translated_and_taken_back(screen, store, editor):
    test = at_the_columns(screen, store)
    assert "Des valeurs ne sont pas dans la liste du standard" in words(test)
    picked(test, "Champ à traduire").set_value(LIST).run()
    assert asked(test) == ["«\u00a0En rade\u00a0» devient"]  # the words of the list are not asked
    press(test, "Traduire")
    assert any("Choisissez" in made.value for made in test.error)
    assert latest(store).transforms == {}  # nothing chosen: nothing is kept

    picked(test, "«\u00a0En rade").set_value("Hors service")
    press(test, "Traduire")
    assert latest(store).transforms["values"] == {LIST: {"En rade": "Hors service"}}
    assert "1\u00a0valeur traduite" in "\n".join(made.value for made in test.markdown)
    assert list(picked(test, "Champ à traduire").options) == ["acc"]

    # The other list is translated beside it, not over it.
    assert asked(test) == ["«\u00a0Dehors\u00a0» devient"]
    picked(test, "«\u00a0Dehors").set_value("Extérieur")
    press(test, "Traduire")
    held = latest(store).transforms["values"]
    assert held == {LIST: {"En rade": "Hors service"}, "acc": {"Dehors": "Extérieur"}}
    assert not asked(test)

    press(test, "Continuer")  # what the check reads is what was translated
    assert at_step(test, 4)
    said = words(test)
    assert "En rade" not in said and "Dehors" not in said

    press(test, "✓ 3")
    next(made for made in test.button if made.label == "Retirer").click()
    test.run()
    assert not test.exception
    assert latest(store).transforms["values"] == {"acc": {"Dehors": "Extérieur"}}
    press(test, "Annuler")
    assert latest(store).transforms["values"] == held


def test_a_phone_that_the_standard_wants_waits_and_the_page_says_how(screen, store, editor):
    test = at_the_columns(screen, store)
    waiting = "Laissée de côté en attendant votre confirmation"
    assert waiting in words(test) and picked(test, "tel1").value == ""
    picked(test, "tel1").set_value("tel1").run()
    assert latest(store).mapping == {"tel1": "tel1"} and waiting not in words(test)
    picked(test, "tel1").set_value("").run()
    assert latest(store).mapping == {"tel1": None} and waiting not in words(test)  # decided


def test_a_town_that_was_never_fetched_publishes_as_another(screen, editor, tmp_path):
    """Nothing in the store: no figure, no status; the file goes its way all the same."""
    never_fetched = Store.open(str(tmp_path / "vide.duckdb"))
    test = screen("publier", never_fetched, territoire="46102")
    assert not test.exception and "Publier les données de" in words(test)
    test.file_uploader[0].upload("defibrillateurs.csv", FILE, "text/csv").run()
    press(test, "Continuer")
    press(test, "C'est relu")
    picked(test, "Standard").set_value("dae").run()
    press(test, "Continuer")
    assert at_step(test, 4) and "Sera-t-il accepté" in words(test)
    press(test, "Continuer")
    for label, said in (
        ("Accord du producteur", "Chef du service"),
        ("Avis du délégué", "Favorable"),
        ("Licence décidée par", "Conseil municipal"),
    ):
        next(m for m in test.text_input if m.label.startswith(label)).set_value(said).run()
    picked(test, "Licence").set_value("lov2").run()
    press(test, "Continuer")
    assert at_step(test, 6) and not test.error
    press(test, "Écrire le paquet")
    kept = entries.of(never_fetched, Publication, "46102")[-1].entry
    assert "data.csv" in kept.outcome["files"]
    never_fetched.close()
