"""Publier on screen: six steps in order, each undone, kept when the browser closes, for editors."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from connectors import datagouv_publish
from data import entries
from data.entries import Correction, Publication
from data.reading import door
from data.reading.reading import Reading
from data.records import Person
from diagnostics.mapping import personal
from tests.ui.conftest import words
from ui import menu, who
from ui.publish_room import STEPS

PAGE, TOWN = "publier", "00001"
EDITOR = Person("editor", "Essai")
REFUSAL = "Ce fichier désigne des personnes\u00a0; seul un effectif peut entrer ici."


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def opened(screen, store, **address):
    return screen(PAGE, store, **{"territoire": TOWN, **address})


def button(test, start):
    return next(made for made in test.button if made.label.startswith(start))


def press(test, start):
    button(test, start).click()
    test.run()
    assert not test.exception, test.exception
    return test


def latest(store):
    return entries.of(store, Publication, TOWN)[-1].entry


def at_step(test, rank):
    return any(made.value.startswith(f"Étape {rank} sur 6") for made in test.header)


def fill(test, label, value):
    field = next(made for made in test.text_input if made.label.startswith(label))
    field.set_value(value).run()
    assert not test.exception, test.exception


def test_publish_stands_between_the_common_base_and_what_one_knows():
    names = [name for name, _ in menu.VISIBLE]
    place = names.index(PAGE)
    assert names[place - 1 : place + 2] == ["socle_commun", PAGE, "ce_que_l_on_sait"]


def test_a_reader_sees_what_the_page_does_and_no_file(screen, store, monkeypatch):
    line = Publication(f"{'a' * 64}/secret.csv", step=3)
    entries.keep(store, EDITOR, TOWN, line)
    monkeypatch.setattr(who, "person", Person)
    test = opened(screen, store, fichier=line.key)
    assert all(title in words(test) for title in STEPS.values())
    assert "Lecture seule" in test.info[0].value
    assert "secret.csv" not in words(test) and not test.file_uploader and not test.text_input


def test_a_file_that_lists_vulnerable_persons_is_refused_with_its_sentence(
    screen, store, editor, monkeypatch
):
    monkeypatch.setattr(personal, "vulnerable", lambda *_: REFUSAL)
    test = opened(screen, store)
    test.file_uploader[0].upload("registre.csv", b"nom;age\nA;91\nB;88\n").run()
    assert any("effectif" in made.value for made in test.error)
    assert entries.of(store, Publication, TOWN) == []


def test_a_file_goes_through_the_six_steps_and_waits_where_it_was_left(
    screen, store, editor, monkeypatch
):
    pushed = []
    monkeypatch.setattr(datagouv_publish, "push", lambda *a, **k: pushed.append(k) or told(k))
    test = opened(screen, store)
    press(test, "Essayer")
    assert at_step(test, 1) and latest(store).step == 1
    fill(test, "Service ou organisme", "Espaces verts")
    press(test, "Continuer")

    assert at_step(test, 2)
    press(test, "Refuser cette réparation")
    refused = latest(store).refused
    assert len(refused) == 1 and "Réparations refusées" in words(test)
    press(test, "Annuler")
    assert latest(store).refused == [] and at_step(test, 2)
    press(test, "C'est relu")

    assert at_step(test, 3) and "Arbres urbains" in words(test)
    column = next(made for made in test.selectbox if made.label == "Genre")
    column.set_value("").run()
    assert latest(store).mapping == {"Genre": None}
    press(test, "Continuer")
    memory = entries.of(store, Correction, TOWN)[0].entry
    assert memory.producer == "Espaces verts" and memory.pairs == {"Genre": None}

    assert at_step(test, 4) and "Sera-t-il accepté" in words(test)
    press(test, "Continuer")
    assert at_step(test, 5) and button(test, "Continuer").disabled
    assert "Mme Fictive" not in words(test)  # the people that a column names
    fill(test, "Accord du producteur", "Chef du service")
    fill(test, "Avis du délégué", "Favorable")
    next(made for made in test.selectbox if made.label == "Licence").set_value("lov2").run()
    fill(test, "Licence décidée par", "Conseil municipal")
    assert not button(test, "Continuer").disabled

    # The browser closes: the file, its step and its decisions are still there.
    test = opened(screen, store)
    again = next(made for made in test.button if "Reprendre" in made.label)
    assert "arbres" in again.label and "étape 5" in again.label
    press(test, again.label)
    press(test, "Autre fichier")
    press(test, "Essayer")  # the same file again: it is taken up where it was, not doubled
    assert at_step(test, 5) and len(entries.of(store, Publication, TOWN)) == 1
    press(test, "Continuer")
    assert at_step(test, 6)
    press(test, "Écrire le paquet")
    assert any(made.proto.id for made in test.get("download_button"))
    assert "data.csv" in latest(store).outcome["files"]

    fill(test, "Votre clé", "clef-secrete")
    press(test, "Essai à blanc")
    assert pushed[-1]["dry_run"] and pushed[-1]["target"] == "demo"
    press(test, "Envoyer")
    assert not pushed[-1]["dry_run"] and pushed[-1]["known"] == {}
    assert latest(store).outcome["pushed"]["demo"]["dataset"] == "abc"
    assert "clef-secrete" not in str(store.records("publication", TOWN))
    press(test, "Essai à blanc")
    assert pushed[-1]["known"]["dataset"] == "abc"  # updated, never twice
    next(made for made in test.radio if made.label == "Où").set_value("production").run()
    assert "fictive" in words(test) and not any(b.label.startswith("Essai à") for b in test.button)


def told(asked):
    """What the platform would answer."""
    known = {"dataset": "abc", "url": "https://demo.data.gouv.fr/abc", "resources": {}}
    step = SimpleNamespace(action="create", what="Arbres", done=not asked["dry_run"])
    return SimpleNamespace(
        dataset="abc",
        refused=None,
        steps=(step,),
        known=known,
        document=lambda: {"target": asked["target"], "refused": None, "url": known["url"]},
    )


def test_a_file_that_can_no_longer_be_read_says_why_and_stays(screen, store, editor, monkeypatch):
    test = opened(screen, store)
    # A file of its own: what was read is kept by digest from one test to the next.
    test.file_uploader[0].upload("prix.csv", b"nom;prix\nA;1,5\nB;2,5\nC;3,5\n").run()
    press(test, "Continuer")
    with monkeypatch.context() as out_of_reach:
        gone = Reading("f", refused="Feuille absente.")
        out_of_reach.setattr(door, "read", lambda *a, **k: gone)
        press(test, "Refuser cette réparation")
        assert any("Feuille absente" in made.value for made in test.error)
    press(test, "Annuler")
    assert at_step(test, 2) and not test.error
