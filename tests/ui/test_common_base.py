"""Socle commun: the sentence first, every set, duties as badges, the number of agents."""

from __future__ import annotations

import pytest

from data import entries
from data.catalog import catalog
from data.entries import Profile
from data.records import Declaration, Person, declare
from tests.ui.conftest import words
from ui import who

EDITOR = Person("editor", "Essai")
HISTORY = "dix annoncés en 2017, sept documentés en 2018, 14 schémas aujourd&#x27;hui."
LEGAL = "Information générale, à confirmer avec votre service juridique."


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def say(store, dataset, status="candidate", town="46042"):
    declare(store, EDITOR, Declaration(town, dataset, status, "exists"))


def test_where_nothing_was_verified_it_is_said_and_no_zero_is_shown(screen, empty_store):
    said = words(screen("socle_commun", empty_store, territoire="46042"))
    assert "À Cahors, rien n'a encore été vérifié** sur les 17 jeux" in said
    assert "0 publié" not in said and "0 est publié" not in said
    assert "Publication prévue par la loi</span>" not in said
    assert LEGAL in said and HISTORY in said


def test_every_set_leads_to_its_page(screen, embedded_store):
    said = words(screen("socle_commun", embedded_store, territoire="00001"))
    for key in catalog().base():
        assert f"/donnee?territoire=00001&amp;jeu={key}" in said
    assert "FICTIF\u00a0: obligations montrées à titre d&#x27;exemple" in said
    assert "Exemple\u00a0: Publication prévue par la loi" in said


def test_what_was_verified_is_counted(screen, store):
    say(store, "budget")
    said = words(screen("socle_commun", store, territoire="46042"))
    assert "1 des 17 jeux** du socle commun" in said
    assert "a été vérifié\u00a0; aucun de ceux-là n'est publié" in said
    say(store, "grants", "open")
    said = words(screen("socle_commun", store, territoire="46042"))
    assert "ont été vérifiés\u00a0; parmi eux, 1 est publié" in said


def test_both_readings_of_the_threshold_are_shown(screen, empty_store):
    said = words(screen("socle_commun", empty_store, territoire="46042"))
    assert "3 500 habitants et plus, et au moins 50 agents" in said
    assert "OpenDataFrance écrit en 2025" in said
    epci = words(screen("socle_commun", empty_store, territoire="200023737"))
    assert "au moins 50 agents (à confirmer)" in epci and "OpenDataFrance écrit" not in epci


def test_the_number_of_agents_is_kept_and_turns_the_badge(screen, store, editor):
    say(store, "public_facilities")
    test = screen("socle_commun", store, territoire="46042")
    assert "Obligation à vérifier</span>" in words(test)
    test.text_input[0].set_value("350")
    test.button(key="FormSubmitter:agents-Enregistrer").click().run()
    assert not test.exception and not test.error
    assert entries.only(store, Profile, "46042").agents == 350
    assert entries.of(store, Profile, "46042")[0].author == "Essai"
    said = words(test)
    assert "Obligation à vérifier</span>" not in said
    assert "Publication prévue par la loi</span>" in said
    assert "Nombre d&#x27;agents déclaré\u00a0: 350" in said


def test_an_empty_number_is_not_kept(screen, store, editor):
    test = screen("socle_commun", store, territoire="46042")
    test.button(key="FormSubmitter:agents-Enregistrer").click().run()
    assert (
        test.warning[0].value
        == "Écrivez le nombre d'agents en chiffres, sans virgule ni signe\u00a0: 60."
    )
    assert entries.only(store, Profile, "46042") is None


def test_a_number_is_erased_by_a_new_line(screen, store, editor):
    entries.keep(store, EDITOR, "46042", Profile(agents=350))
    test = screen("socle_commun", store, territoire="46042")
    erase = next(made for made in test.button if made.label == "Effacer le nombre déclaré")
    erase.click().run()
    assert entries.only(store, Profile, "46042").agents is None
    assert len(entries.history(store, Profile, "46042")) == 2
    assert "Nombre d&#x27;agents déclaré" not in words(test)


def test_a_reader_sees_no_form(screen, store):
    test = screen("socle_commun", store, territoire="46042")
    assert not test.text_input and "Enregistrer" not in [made.label for made in test.button]
    assert any("Lecture seule" in made.value for made in test.info)
