"""Plan d'action: what to do first, the path, the plan a team writes, and what a reader sees."""

from __future__ import annotations

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from data import entries, records
from data.entries import PlannedAction
from data.records import Declaration, Person
from data.territories import territory
from diagnostics.combination import of_town
from diagnostics.missing import Gain
from diagnostics.scoring import Interval
from drawing import paths
from tests.ui.conftest import words
from ui import action_plan, missing_list, plan_calendar, who

PAGE = "donnees_manquantes"
DAY = date(2026, 11, 21)
EDITOR = Person("editor", "Essai")
HOSTILE = "<img src=x onerror=alert(1)> **gras** [l](javascript:1)"


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def keep(store, code="46042", **given):
    made = PlannedAction(**{"policy": "Plan climat", "title": "Publier les arbres"} | given)
    entries.keep(store, EDITOR, code, made)
    return made


def field(test, label):
    return next(made for made in test.text_input if made.label.startswith(label))


def button(test, label):
    return next(made for made in test.button if made.label == label)


def box(test, label):
    return next(made for made in test.selectbox if made.label == label)


# --- reading -------------------------------------------------------------------------------------


def test_the_first_sentence_says_what_to_do_and_what_it_brings(screen, embedded_store):
    said = words(screen(PAGE, embedded_store, territoire="46042"))
    assert "Commencez par confirmer 2 données" in said.replace("\u00a0", " ")
    assert "effort supposé, ce projet pourrait démarrer" in said
    assert "La donnée manquante qui aiderait le plus" in said


def test_the_path_counts_the_projects_and_says_its_days_are_supposed(screen, embedded_store):
    test = screen(PAGE, embedded_store, territoire="00001")
    said = words(test).replace("\u00a0", " ")
    found = of_town(embedded_store, territory("00001"), DAY, internal=True)
    for one in found.milestones:
        assert f"{one.count} projets" in said
    assert "supposés par l&#x27;outil" in said or "supposés par l'outil" in said
    assert "8 projets sur 14 ont déjà les données pour commencer" in said


def test_when_everything_starts_nothing_is_asked(store):
    found = of_town(store, territory("46042"), DAY, internal=True)
    for dataset in {move.dataset for way in found.ways for move in way.moves}:
        store.declare(Declaration("46042", dataset, "open", "exists"))
    after = of_town(store, territory("46042"), DAY, internal=True)
    assert not after.milestones
    assert paths.first(after).startswith("Rien à débloquer")


@pytest.mark.parametrize("code", ["46042", "00001"])
def test_each_project_that_waits_is_explained_in_a_sentence(embedded_store, code):
    found = of_town(embedded_store, territory(code), DAY, internal=True)
    for way in found.ways:
        if way.moves:
            said = paths.sentence(way)
            assert said[0].isupper() and said.endswith(".") and "pour commencer" in said
            assert ("que des confirmations" in said) == way.words_only


def test_the_list_can_be_kept_to_one_project(screen, embedded_store):
    test = screen(PAGE, embedded_store, territoire="46042", experience="tree_heritage")
    table = next(
        made.proto.body
        for made in test.get("html")
        if 'aria-label="Données manquantes"' in made.proto.body
    )
    assert "Inventaire des arbres" in table and "Points lumineux" not in table
    assert box(test, "Projet").value == "tree_heritage"


def test_a_reader_sees_the_path_and_the_list_but_not_the_plan(screen, store):
    keep(store, owner="Madame Secrète", title="Action interne")
    test = screen(PAGE, store, territoire="46042")
    said = words(test)
    assert "Inventaire des arbres" in said and "Effort supposé" in said
    assert "Madame Secrète" not in said and "Action interne" not in said
    assert "Ajouter au plan" not in said
    assert not any(made.label == "Ajouter au plan" for made in test.button)
    assert any("Lecture seule" in made.value for made in test.info)


# --- writing -------------------------------------------------------------------------------------


def test_an_action_is_written_from_a_missing_dataset(screen, store, editor):
    test = screen(PAGE, store, territoire="46042", jeu="tree_inventory")
    assert field(test, "Action").value.startswith("Inventaire des arbres")
    assert field(test, "Parties prenantes").value == "Commune (espaces verts)"
    labels = [made.label for made in test.text_input]
    assert labels[0].startswith("Politique publique servie")
    field(test, "Politique publique").set_value("Planter 3 000 arbres")
    field(test, "Responsable").set_value("Service des espaces verts")
    field(test, "Société civile").set_value("Conseil citoyen")
    test.number_input[0].set_value(2.5)
    test.date_input[0].set_value(date(2027, 3, 1))
    button(test, "Ajouter au plan").click().run()
    assert not test.exception and not test.error
    assert "Action ajoutée au plan." in [made.value for made in test.success]
    (line,) = entries.of(store, PlannedAction, "46042")
    made = line.entry
    assert (made.policy, made.dataset) == ("Planter 3 000 arbres", "tree_inventory")
    assert (made.effort_days, made.deadline) == (2.5, date(2027, 3, 1))
    assert (made.civil_society, line.author) == ("Conseil citoyen", "Essai")
    said = words(test)
    assert "Service des espaces verts" in said and "Mars\u00a02027" in said
    assert field(test, "Politique publique").value == ""  # a fresh form, nothing kept twice


def test_without_a_public_policy_nothing_is_kept_and_what_was_typed_stays(screen, store, editor):
    test = screen(PAGE, store, territoire="46042")
    field(test, "Action").set_value("Sans politique")
    button(test, "Ajouter au plan").click().run()
    assert "quelle politique publique" in test.error[0].value
    assert not entries.of(store, PlannedAction, "46042")
    assert field(test, "Action").value == "Sans politique"


def test_a_policy_already_written_or_proposed_fills_the_first_field(screen, store, editor):
    keep(store, code="00001", policy="Ville fraîche")
    test = screen(PAGE, store, territoire="00001")
    options = box(test, "Partir d'une politique publique").options
    assert options[:2] == ["Ville fraîche", "Planter 3 000 arbres"]
    box(test, "Partir d'une politique publique").select("Planter 3 000 arbres").run()
    assert field(test, "Politique publique").value == "Planter 3 000 arbres"


def test_a_change_is_a_new_line_and_the_history_says_what_moved(screen, store, editor):
    made = keep(store, owner="SIG")
    test = screen(PAGE, store, territoire="46042")
    box(test, "Action").select(made.key).run()
    box(test, "État").select("started")
    button(test, "Enregistrer").click().run()
    lines = entries.history(store, PlannedAction, "46042", made.key)
    assert [line.entry.state for line in lines] == ["planned", "started"]
    assert lines[-1].entry.owner == "SIG"
    said = words(test)
    assert "état\u00a0: prévue → commencée" in said and "Historique (2)" in said
    box(test, "État").select("dropped")
    button(test, "Enregistrer").click().run()
    assert entries.of(store, PlannedAction, "46042")[0].entry.state == "dropped"
    assert len(entries.history(store, PlannedAction, "46042", made.key)) == 3


def test_what_someone_else_changed_meanwhile_is_not_overwritten(screen, store, editor):
    made = keep(store, owner="SIG")
    test = screen(PAGE, store, territoire="46042")
    box(test, "Action").select(made.key).run()
    keep(store, key=made.key, owner="Voirie")  # another session
    field(test, "Commentaire").set_value("Vu en réunion")
    button(test, "Enregistrer").click().run()
    (line,) = entries.of(store, PlannedAction, "46042")
    assert (line.entry.owner, line.entry.comment) == ("Voirie", "Vu en réunion")


def test_typed_words_are_shown_as_they_are(screen, store, editor):
    keep(store, **dict.fromkeys(("policy", "title", "owner", "comment", "means"), HOSTILE))
    test = screen(PAGE, store, territoire="46042")
    assert not test.exception
    bodies = "".join(made.proto.body for made in test.get("html"))
    assert "<img src=x" not in bodies and "&lt;img src=x" in bodies
    assert not any(HOSTILE in str(made.value) for made in test.markdown)


def test_a_plan_can_be_taken_away(screen, store, editor):
    assert not downloads(screen(PAGE, store, territoire="46042"))
    keep(store, deadline=DAY)
    test = screen(PAGE, store, territoire="46042")
    assert downloads(test) == ["Télécharger le plan (XLSX)", "Télécharger le calendrier (ICS)"]


def downloads(test):
    labels = [made.proto.label for made in test.get("download_button")]
    return [label for label in labels if "plan" in label or "calendrier" in label]


def test_the_list_says_what_is_already_in_the_plan(screen, store, editor):
    keep(store, dataset="tree_inventory")
    said = words(screen(PAGE, store, territoire="46042"))
    assert "✓ Dans le plan" in said and "Ajouter au plan" in said


def test_the_list_taken_away_holds_no_typed_word_even_for_the_team(
    screen, store, editor, monkeypatch
):
    typed = {
        name: f"Zz {name}"
        for name in ("holder", "legal_ground", "reason", "evidence", "note", "contact")
    }
    made = Declaration("46042", "tree_inventory", "candidate", "exists", **typed)
    records.declare(store, EDITOR, made)
    files = []
    monkeypatch.setattr(
        missing_list, "downloads", lambda *writes: files.extend(made() for made in writes[:2])
    )
    test = screen(PAGE, store, territoire="46042")
    assert not test.exception
    text, book = files
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    for said in (text.decode("utf-8-sig"), str(sheet)):
        assert "tree_inventory" in said
        assert "Zz" not in said
    assert "Zz holder" in words(test)  # the screen itself is the team's


# --- order and calendar --------------------------------------------------------------------------


def kept(**given):
    made = PlannedAction(**{"policy": "P", "title": "T"} | given)
    return entries.Kept(made, None, entries.datetime.min, entries.datetime.min)


def test_running_first_then_gain_then_deadline():
    gains = {
        "a": Gain(Interval(0, 20), "x"),
        "b": Gain(Interval(0, 5), "x"),
    }
    lines = [
        kept(key="done", dataset="a", state="done"),
        kept(key="late", dataset="b", deadline=date(2026, 1, 1)),
        kept(key="none"),
        kept(key="soon", dataset="a", deadline=date(2026, 12, 1)),
        kept(key="later", dataset="a", deadline=date(2027, 1, 1)),
        kept(key="undated", dataset="a", state="started"),
    ]
    order = [line.entry.key for line in action_plan.ordered(lines, gains)]
    assert order == ["soon", "later", "undated", "late", "none", "done"]


def test_the_calendar_goes_by_month_and_the_undated_come_apart():
    actions = [
        kept(title="b", deadline=date(2027, 1, 5)).entry,
        kept(title="c").entry,
        kept(title="a", deadline=date(2026, 12, 1)).entry,
        kept(title="d", deadline=date(2027, 1, 2)).entry,
    ]
    found = plan_calendar.by_month(actions)
    assert list(found) == ["Décembre\u00a02026", "Janvier\u00a02027", "Sans échéance"]
    assert [made.title for made in found["Janvier\u00a02027"]] == ["d", "b"]


def test_a_deadline_behind_is_said_past_never_late(screen, store, editor):
    keep(store, deadline=date(2026, 11, 3))
    keep(store, deadline=date(2026, 11, 2), state="done", title="Autre")
    said = words(screen(PAGE, store, territoire="46042")).replace("\u00a0", " ")
    assert "échéance du 3 novembre 2026 passée" in said
    assert "échéance du 2 novembre 2026 passée" not in said
    assert "1 échéance passée" in said
    assert "retard" not in said
