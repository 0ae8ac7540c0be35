"""A write that is refused is told as French is set, on every screen; one that is kept, once."""

from __future__ import annotations

import pytest

from data import entries
from data.records import Person, Refused
from data.store import StoreError
from ui import keeping, who

EDITOR = Person("editor", "Essai")


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def press(test, label):
    next(made for made in test.button if made.label == label).click()
    return test.run()


def test_the_sentence_is_set_and_nothing_in_it_is_a_mark():
    said = keeping.why(Refused("Statut « *x* » inconnu ; permis : a ?"))
    assert said == ("Statut «\u00a0\\*x\\*\u00a0» inconnu\u00a0; permis\u00a0\\: a\u00a0?")


def test_a_refusal_of_the_plan_is_set(screen, store, editor):
    test = press(screen("donnees_manquantes", store, territoire="46042"), "Ajouter au plan")
    assert test.error[0].value.startswith("Action\u00a0\\: dites d'abord")


def test_a_refusal_of_the_validation_is_set(screen, store, editor):
    test = press(screen("disponibilite", store, territoire="46042"), "Valider le diagnostic")
    assert test.error[0].value.startswith("Validation\u00a0\\: donnez le nom")


@pytest.mark.parametrize(
    ("page", "label"),
    [
        ("donnees_manquantes", "Ajouter au plan"),
        ("disponibilite", "Valider le diagnostic"),
        ("ma_semaine", "Enregistrer"),
        ("demandes", "Enregistrer la demande"),
        ("donnee", "Enregistrer l'observation"),
    ],
)
def test_a_store_that_cannot_write_is_told_and_the_screen_stays(
    screen, store, editor, monkeypatch, page, label
):
    test = screen(page, store, territoire="46042", jeu="tree_inventory")

    def full(*_given):
        raise StoreError("Le disque est plein : rien n'est gardé.")

    monkeypatch.setattr(entries, "keep", full)
    if page == "ma_semaine":
        test.number_input[0].set_value(2.0)
    press(test, label)
    assert not test.exception
    assert test.error[0].value == "Le disque est plein\u00a0\\: rien n'est gardé."


def test_what_was_kept_is_said_once(screen, store, editor):
    test = screen("disponibilite", store, territoire="46042")
    next(made for made in test.text_input if made.label.startswith("Nom du référent")).set_value(
        "R"
    )
    press(test, "Valider le diagnostic")
    assert "Diagnostic validé." in [made.value for made in test.success]
    assert not test.run().success
