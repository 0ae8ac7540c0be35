"""The screen of requests: what it lets one write, keep and follow; and what it hides."""

from datetime import date

import pytest

from data import entries
from data.entries import Request
from data.records import Person, Record
from tests.ui.conftest import words
from ui import who

TOWN = "46042"
EDITOR = Person("editor", "Essai")
SECRET = "Madame Untel, ligne directe"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def kept(store, *made: Request, town: str = TOWN) -> None:
    entries.keep(store, EDITOR, town, *made)


def of(store, town: str = TOWN) -> list[Request]:
    return [line.entry for line in entries.of(store, Request, town)]


def button(test, label: str):
    return next(made for made in test.button if made.label == label)


def field(made, label: str):
    return next(one for one in made if one.label.startswith(label))


def sent(**more) -> Request:
    usual = {
        "dataset": "tree_inventory",
        "holder": "Service espaces verts",
        "tone": "own_service",
        "state": "sent",
        "sent_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 20),
    }
    return Request(**{**usual, **more})


def test_a_reader_sees_nothing_that_was_typed(screen, store):
    kept(store, sent(holder=SECRET, note=SECRET, text=SECRET))
    test = screen("demandes", store, territoire=TOWN)
    assert not test.exception
    assert SECRET not in words(test) + "".join(str(made.value) for made in test.text_area)
    assert not test.text_area
    assert not test.get("download_button")
    assert "Lecture seule" in test.info[0].value


def test_the_dataset_of_the_address_is_written_to_its_service(screen, store, editor):
    test = screen("demandes", store, territoire=TOWN, jeu="tree_inventory")
    assert not test.exception
    assert field(test.text_input, "À qui").value == "Service espaces verts"
    text = test.text_area[0].value
    assert "\u00a0Inventaire des arbres\u00a0" in text
    assert "Essai" in text
    button(test, "Enregistrer la demande").click().run()
    assert not test.exception
    (made,) = of(store)
    assert (made.dataset, made.state, made.tone) == ("tree_inventory", "to_send", "own_service")
    assert made.text == text
    assert made.due_on == date(2026, 12, 7)
    assert "1 demande enregistrée" in test.success[0].value.replace("\u00a0", " ")


def test_without_an_address_nothing_is_chosen_and_the_missing_data_come_first(
    screen, store, editor
):
    test = screen("demandes", store, territoire=TOWN)
    missing = screen("donnees_manquantes", store, territoire=TOWN)
    asked = field(test.selectbox, "Donnée demandée")
    assert asked.value is None
    assert "Enregistrer la demande" not in [made.label for made in test.button]
    assert asked.options[0] in words(missing)


def test_another_tone_writes_another_text_and_what_was_typed_stays(screen, store, editor):
    test = screen("demandes", store, territoire=TOWN, jeu="tree_inventory")
    assert "L. 124-1" not in test.text_area[0].value
    field(test.selectbox, "Ton du message").set_value("authority").run()
    assert "L. 124-1" in test.text_area[0].value
    test.text_area[0].set_value("Mon propre texte").run()
    field(test.selectbox, "Ton du message").set_value("association").run()
    assert test.text_area[0].value == "Mon propre texte"
    button(test, "Repartir du modèle").click().run()
    assert "convention d'échange" in test.text_area[0].value


def test_another_dataset_never_keeps_the_text_of_the_former(screen, store, editor):
    test = screen("demandes", store, territoire=TOWN, jeu="tree_inventory")
    test.text_area[0].set_value("Mon propre texte").run()
    field(test.selectbox, "Donnée demandée").set_value("street_lights").run()
    assert "Points lumineux" in test.text_area[0].value


def test_all_the_data_of_one_service_in_one_message(screen, store, editor):
    test = screen("demandes", store, territoire=TOWN)
    test.segmented_control[0].set_value("service").run()
    holder = field(test.selectbox, "Détenteur").value
    assert holder.startswith("Service")
    count = len(test.multiselect[0].value)
    assert count > 1
    button(test, f"Enregistrer {count} demandes").click().run()
    made = of(store)
    assert len(made) == count
    assert {one.holder for one in made} == {holder}
    assert len({one.text for one in made}) == 1
    assert len({one.key for one in made}) == count
    button(test, "Enregistrer").click().run()
    assert {one.state for one in of(store)} == {"sent"}
    field(test.selectbox, "Ce qui s'est passé").set_value("obtained")
    button(test, "Enregistrer").click().run()
    assert sorted(one.state for one in of(store)) == ["obtained"] + ["sent"] * (count - 1)


def test_a_note_on_one_line_leaves_the_note_of_another(screen, store, editor):
    kept(store, sent(text="Un message", note="la mienne"))
    kept(store, sent(text="Un message", note="la tienne", dataset="green_spaces"))
    test = screen("demandes", store, territoire=TOWN)
    test.checkbox[0].set_value(True)
    button(test, "Enregistrer").click().run()
    assert [one.state for one in of(store)] == ["obtained", "obtained"]
    assert [one.note for one in of(store)] == ["la mienne", "la tienne"]


def test_one_message_has_one_reminder(screen, store, editor):
    kept(store, sent(text="Un message"), sent(text="Un message", dataset="green_spaces"))
    test = screen("demandes", store, territoire=TOWN)
    test.segmented_control[0].set_value("relances").run()
    assert len(test.code) == 1
    assert "2\u00a0données" in test.code[0].value
    button(test, "Noter la relance comme envoyée").click().run()
    assert {one.reminded_on for one in of(store)} == {date(2026, 11, 21)}


def test_a_request_is_followed_line_after_line_to_its_end(screen, store, editor):
    test = screen("demandes", store, territoire=TOWN, jeu="tree_inventory")
    button(test, "Enregistrer la demande").click().run()
    for step, state in (("sent", "sent"), ("answered", "answered"), ("obtained", "obtained")):
        field(test.selectbox, "Ce qui s'est passé").set_value(step)
        button(test, "Enregistrer").click().run()
        assert not test.exception
        assert not test.error
        assert of(store)[0].state == state
    assert len(entries.history(store, Request, TOWN)) == 4
    assert "Noter le statut de la donnée" in words(test)
    assert "Déposer le fichier reçu" in words(test) and "/publier?" in words(test)
    assert "jeu=tree_inventory" in words(test)


def test_undo_is_a_new_line(screen, store, editor):
    kept(store, made := sent(), sent_again(made))
    test = screen("demandes", store, territoire=TOWN)
    button(test, "Annuler la dernière saisie").click().run()
    assert of(store)[0].state == "sent"
    assert len(entries.history(store, Request, TOWN)) == 3


def sent_again(made: Request) -> Request:
    return Request(**{**vars(made), "state": "refused", "answered_on": date(2026, 11, 2)})


def test_a_reminder_is_ready_once_and_then_rests(screen, store, editor):
    kept(store, sent())
    test = screen("demandes", store, territoire=TOWN)
    assert "Un mois sans réponse" in words(test)
    test.segmented_control[0].set_value("relances").run()
    assert "Petit rappel" in test.code[0].value
    button(test, "Noter la relance comme envoyée").click().run()
    assert of(store)[0].reminded_on == date(2026, 11, 21)
    test.segmented_control[0].set_value("relances").run()
    assert not test.code
    assert "Aucune relance" in words(test)


def test_the_words_late_or_behind_are_never_said(screen, store, editor):
    kept(store, sent(), sent(dataset="street_lights", state="to_send", sent_on=None))
    for view in ("suivi", "ecrire", "service", "relances"):
        test = screen("demandes", store, territoire=TOWN)
        test.segmented_control[0].set_value(view).run()
        assert not test.exception
        assert "retard" not in words(test).lower()


def test_hostile_words_are_shown_as_they_are(screen, store, editor):
    bad = '<script>alert(1)</script> **gras** [x](javascript:alert(1)) \u202e ="1"'
    kept(store, sent(holder=bad, note=bad, text=bad, contact=bad))
    gone = sent(dataset="inconnu")  # kept under a reference that still had it
    store.record(Record(Request.kind, TOWN, entries._plain(gone)))
    test = screen("demandes", store, territoire=TOWN)
    assert not test.exception
    assert "<script>" not in "".join(made.proto.body for made in test.get("html"))
    assert "**gras**" not in "".join(str(made.value) for made in test.subheader)
    test.segmented_control[0].set_value("relances").run()
    assert not test.exception


def test_a_fictional_town_names_no_real_holder(screen, store, editor):
    test = screen("demandes", store, territoire="00001", jeu="naturalist_observations")
    assert field(test.text_input, "À qui").value == "Une association (fictive)"
    assert test.text_area[0].value.startswith("Objet\u00a0: FICTIF")
    assert "LPO" not in words(test) + test.text_area[0].value


@pytest.mark.parametrize("code", ["200023737", "dep:46", "reg:76", "000000001", "97611"])
def test_every_level_of_place_can_ask(screen, store, editor, code):
    test = screen("demandes", store, territoire=code, jeu="tree_inventory")
    assert not test.exception
    button(test, "Enregistrer la demande").click().run()
    assert not test.exception
    assert not test.error
    assert len(of(store, code)) == 1
