"""« Ma semaine » on a screen: the visit, what waits, hours, help nearby, and who may see it."""

from __future__ import annotations

from datetime import date

import pytest

from data import entries, records
from data.entries import Hours, PlannedAction, Request, Visit
from data.records import Declaration, Person
from tests.ui.conftest import words
from ui import who

EDITOR = Person("editor", "Essai")
HOSTILE = "<b onclick=x>**gras** [x](http://y)</b>"


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def press(test, label):
    next(button for button in test.button if button.label == label).click()
    return test.run()


def declare(store, status, by=EDITOR):
    records.declare(store, by, Declaration("46042", "tree_inventory", status, "exists"))


def test_a_first_visit_compares_nothing_and_never_says_that_nothing_changed(screen, store, editor):
    declare(store, "candidate")
    test = screen("ma_semaine", store, territoire="46042")
    said = words(test)
    assert not test.exception
    assert "Première visite\u00a0: rien à comparer" in said
    assert "changement" not in said


def test_seen_then_changed_then_seen_again(screen, store, editor):
    test = press(screen("ma_semaine", store, territoire="46042"), "J'ai vu")
    assert "Aucun changement repéré depuis la visite notée le" in words(test)
    [visit] = entries.of(store, Visit, "46042")
    assert visit.author == "Essai"
    declare(store, "candidate")
    said = words(test.run())
    assert "Apparue" in said
    assert "Inventaire des arbres" in said
    assert "Verdict" in said
    assert "/donnee?territoire=46042&amp;jeu=tree_inventory" in said
    assert "Aucun changement" in words(press(test, "J'ai vu"))


def test_late_answers_deadlines_and_moves_are_shown_with_their_author(screen, store, editor):
    entries.keep(
        store, Person("editor", HOSTILE), "46042",
        Request(
            "tree_inventory", HOSTILE, "own_service", state="sent", sent_on=date(2026, 9, 1)
        ),
        PlannedAction("PCAET", HOSTILE, owner=HOSTILE, deadline=date(2026, 12, 1)),
    )  # fmt: skip
    said = words(screen("ma_semaine", store, territoire="46042"))
    assert "**1\u00a0réponse attendue**" in said
    assert "1\u00a0relance prête" in said
    assert "1er\u00a0décembre\u00a02026" in said
    assert "<b onclick" not in said
    assert said.count("&lt;b onclick=x&gt;") >= 4
    assert "26\u00a0novembre\u00a02026" in said  # the duty with a date
    assert "à confirmer avec votre service juridique" in said


def test_hours_are_noted_then_corrected(screen, store, editor):
    test = screen("ma_semaine", store, territoire="46042")
    assert "Aucune heure notée." in words(test)
    test.number_input[0].set_value(2.5)
    test.text_input[0].set_value("réunion")
    press(test, "Enregistrer")
    assert "**2,5\u00a0h** en tout" in words(test)
    [line] = entries.of(store, Hours, "46042")
    assert (line.entry.day, line.entry.what) == (date(2026, 11, 21), "réunion")
    choose = next(made for made in test.selectbox if made.label == "Ligne")
    choose.set_value(line.entry.key).run()
    test.number_input[0].set_value(1.0)
    press(test, "Enregistrer")
    assert "**1\u00a0h** en tout" in words(test)
    assert len(entries.of(store, Hours, "46042")) == 1


def test_a_reader_sees_nothing_that_was_typed(screen, store):
    entries.keep(
        store, EDITOR, "46042", PlannedAction("PCAET", "Secret", deadline=date(2026, 12, 1))
    )
    declare(store, "candidate")
    test = screen("ma_semaine", store, territoire="46042")
    said = words(test)
    assert [made.label for made in test.button] == ["Cahors\u00a0– changer"]
    assert "Secret" not in said
    assert "Essai" not in said
    assert "J'ai vu" not in said
    assert not test.get("download_button")
    assert "se lit depuis le poste" in said
    assert "SMICA" in said  # public: who may help


def test_a_refused_write_says_why(screen, store, editor, monkeypatch):
    test = screen("ma_semaine", store, territoire="46042")
    monkeypatch.setattr(who, "person", lambda: Person())
    next(button for button in test.button if button.label == "J'ai vu").click()
    test.run()
    assert not entries.of(store, Visit, "46042")
    assert "Rien n'a été enregistré" in str([made.value for made in test.toast])


@pytest.mark.parametrize("seen", [{}, {"day": 3, "datasets": [1], "deadlines": "x"}, {"x": {}}])
def test_a_damaged_visit_still_gives_a_screen(screen, store, editor, seen):
    entries.keep(store, EDITOR, "46042", Visit(seen=seen))
    test = screen("ma_semaine", store, territoire="46042")
    assert not test.exception
    assert "Première visite" not in words(test)


def test_help_says_source_date_and_reserve(screen, embedded_store):
    said = words(screen("ma_semaine", embedded_store, territoire="40192"))
    assert "ALPI" in said
    assert "(janvier\u00a02020)" in said
    assert "page non datée" in said
    assert "À vérifier" in said


def test_where_nobody_is_listed_the_screen_says_it_proves_nothing(screen, embedded_store):
    said = words(screen("ma_semaine", embedded_store, territoire="97611"))
    assert "ne veut pas dire qu'il n'y en a pas" in said
    assert "Préfecture" in said


def test_a_fictional_town_gets_no_real_helper(screen, embedded_store):
    said = words(screen("ma_semaine", embedded_store, territoire="00001"))
    assert "Syndicat numérique de la Vaurelle (FICTIF)" in said
    assert "Préfecture" not in said
    assert "Déclic" not in said


@pytest.mark.parametrize("code", ["200023737", "dep:46", "reg:76", "00001", "000000001"])
def test_an_editor_sees_the_whole_screen_everywhere(screen, any_store, editor, code):
    test = screen("ma_semaine", any_store, territoire=code)
    assert not test.exception
    assert not test.error
    said = words(test)
    for nothing in (" None", ">None", " nan", "N/A"):
        assert nothing not in said
    assert [made.value for made in test.header][0] == "Depuis la dernière visite"
