"""The inventory on screen: filters, several at once, a file that comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from data.inventory_words import STATUSES
from data.records import Declaration, Person, declare
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.inventory_lines import inventory
from restitution.inventory import as_xlsx
from tests.data.test_inventory_file import HEADERS, workbook
from tests.ui.conftest import MAIN, words
from ui import frame, inventory_import, who

EDITOR = Person("editor", "Camille Essai")
DAY = date(2026, 11, 21)
CODE = "46042"
TREES, LIGHTS, BUDGET = "tree_inventory", "street_lights", "budget"


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


def said(dataset: str = TREES, status: str = "candidate", **more) -> Declaration:
    return Declaration(CODE, dataset, status, "exists", **more)


def filled(store, **answers: dict[str, str]) -> bytes:
    """The export of now, with cells typed over: {dataset: {header: text}}."""
    lines = inventory(assess(store, territory(CODE), DAY), store.declarations(CODE))
    marks = {line.dataset: line.declaration for line in lines}
    rows = [HEADERS]
    for dataset, typed in answers.items():
        base = marks.get(dataset)
        mark = f"v1|{CODE}|2026-11-21|{base.id if base else '-'}"
        row = {"Identifiant": dataset, "Repère de l'export": mark} | typed
        rows.append([row.get(header, "") for header in HEADERS])
    return workbook(("Inventaire", rows))


def button(test, start: str):
    return next(made for made in test.button if made.label.startswith(start))


def upload(test, body: bytes):
    """Send a file as a person does."""
    box = next(made for made in test.file_uploader if "rempli par un service" in made.label)
    return box.upload("retour.xlsx", body).run()


# --- who sees what ---------------------------------------------------------------------------


def test_a_reader_sees_statuses_and_no_name_no_form_no_file(screen, store):
    declare(store, EDITOR, said(holder="Service secret", note="ne pas lire"))
    test = screen("inventaire", store, territoire=CODE)
    told = words(test)
    assert "Inventaire des données de Cahors" in told
    for hidden in ("Camille", "Service secret", "ne pas lire", "Dernières déclarations"):
        assert hidden not in told
    assert not test.file_uploader
    assert not test.get("download_button")
    assert "Lecture seule" in test.info[0].value


def test_the_first_visit_of_a_reader_says_it_is_a_working_document(screen, store):
    """The page opens the store itself, then ends early: the mention is drawn all the same."""
    screen("accueil", store)
    frame.HELD.clear()
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.query_params["territoire"] = CODE
    test.switch_page("../pages/inventaire.py")
    told = words(test.run())
    assert "Lecture seule" in test.info[0].value
    assert "Document de travail" in told


def test_an_editor_sees_who_said_what(screen, store, editor):
    declare(store, EDITOR, said())
    told = words(screen("inventaire", store, territoire=CODE))
    assert "Camille Essai" in told
    assert "Dernières déclarations" in told


def test_hostile_words_are_shown_as_words(screen, store, editor):
    declare(store, EDITOR, said(holder="<script>alert(1)</script> **x**"))
    told = words(screen("inventaire", store, territoire=CODE))
    assert "<script>" not in told
    assert "&lt;script&gt;" in told


# --- filters and several at once -------------------------------------------------------------


def test_filters_narrow_the_table_the_choice_and_the_export(screen, store, editor):
    test = screen("inventaire", store, territoire=CODE)
    holders = test.multiselect(key="inventaire-Service ou détenteur")
    holders.set_value(["Service finances"]).run()
    choice = test.multiselect(key="inventaire-choix")
    assert 0 < len(choice.options) < 10
    labels = [made.proto.label for made in test.get("download_button")]
    assert len(labels) == 2
    assert labels[1].startswith("Les ")


def test_several_datasets_get_the_same_answer(screen, store, editor):
    test = screen("inventaire", store, territoire=CODE)
    test.multiselect(key="inventaire-choix").set_value([TREES, LIGHTS]).run()
    status = next(made for made in test.radio if made.label == "Statut")
    status.set_value("candidate").run()
    button(test, "Enregistrer pour les 2").click().run()
    assert not test.exception
    held = store.declarations(CODE)
    assert {held[TREES].status, held[LIGHTS].status} == {"candidate"}
    assert held[TREES].author == "Camille Essai"
    assert "2" in test.success[0].value


def test_all_the_filtered_datasets_in_one_touch(screen, store, editor):
    test = screen("inventaire", store, territoire=CODE)
    test.multiselect(key="inventaire-Service ou détenteur").set_value(["Service finances"]).run()
    button(test, "Choisir les").click().run()
    choice = test.multiselect(key="inventaire-choix")
    assert len(choice.value) == len(choice.options)


# --- a file that comes back ------------------------------------------------------------------


def test_an_untouched_export_asks_for_nothing(screen, store, editor):
    declare(store, EDITOR, said(note="=1+1"))
    lines = inventory(assess(store, territory(CODE), DAY), store.declarations(CODE))
    test = upload(
        screen("inventaire", store, territoire=CODE), as_xlsx(lines, territory(CODE), DAY)
    )
    assert "Rien à enregistrer." in words(test)
    assert not [made for made in test.button if made.key == "inventaire-retour-enregistrer"]


def test_new_answers_are_shown_then_kept_and_the_change_is_said(screen, store, editor):
    body = filled(
        store,
        tree_inventory={"Statut": STATUSES["open"], "Service détenteur": "Parcs & <b>jardins</b>"},
        budget={"Statut": "n'importe quoi"},
        nothing_such={"Statut": STATUSES["open"]},
    )
    test = upload(screen("inventaire", store, territoire=CODE), body)
    told = words(test)
    assert "1\u00a0réponse nouvelle" in told
    assert "1\u00a0ligne refusée" in told
    assert "1\u00a0ligne inconnue" in told
    assert "Parcs &amp; &lt;b&gt;jardins&lt;/b&gt;" in told
    assert store.declarations(CODE) == {}
    button(test, "Enregistrer 1").click().run()
    assert not test.exception
    held = store.declarations(CODE)
    assert held[TREES].holder == "Parcs & <b>jardins</b>"
    assert set(held) == {TREES}
    assert "réponse enregistrée" in test.success[0].value
    after = words(test)
    assert "n'importe quoi" in after.replace("&#x27;", "'")  # what was refused stays in sight
    assert "Ce qui change" in after or "Rien ne change" in after


def test_a_conflict_waits_for_a_choice_and_the_current_answer_is_kept(screen, store, editor):
    body = filled(store, tree_inventory={"Statut": STATUSES["open"]})
    declare(store, EDITOR, said(holder="Voirie"))
    test = upload(screen("inventaire", store, territoire=CODE), body)
    save = button(test, "Enregistrer 0")
    assert save.disabled
    choice = next(made for made in test.radio if made.options[0] == inventory_import.KEEP)
    assert choice.value is None
    choice.set_value(inventory_import.KEEP).run()
    assert "Rien à enregistrer." in words(test)
    choice = next(made for made in test.radio if made.options[0] == inventory_import.KEEP)
    choice.set_value(inventory_import.TAKE).run()
    button(test, "Enregistrer 1").click().run()
    held = store.declarations(CODE)[TREES]
    assert (held.status, held.holder) == ("open", "Voirie")
    assert len(store.declaration_history(CODE, TREES)) == 2


def test_what_is_declared_while_the_file_is_read_becomes_a_conflict(screen, store, editor):
    body = filled(store, tree_inventory={"Statut": STATUSES["open"]})
    test = upload(screen("inventaire", store, territoire=CODE), body)
    declare(store, EDITOR, said())
    button(test, "Enregistrer 1").click().run()
    assert store.declarations(CODE)[TREES].status == "candidate"
    assert "Conflits" in words(test)


def test_the_file_of_another_town_is_refused_in_one_sentence(screen, store, editor):
    lines = inventory(assess(store, territory("12202"), DAY), {})
    test = upload(
        screen("inventaire", store, territoire=CODE), as_xlsx(lines, territory("12202"), DAY)
    )
    told = words(test)
    assert f"{len(lines)}\u00a0lignes\u00a0: Ligne d&#x27;un autre territoire (Rodez" in told
    assert "Rien à enregistrer." in told


def test_rows_without_mark_in_a_file_of_another_town_wait_for_a_choice(screen, store, editor):
    rows = [["Identifiant", "Statut", "Service détenteur", "Repère de l'export"]]
    rows += [[TREES, "Ouverte", "", ""], [LIGHTS, "", "Voirie", "v1|12202|2026-11-20|-"]]
    test = upload(screen("inventaire", store, territoire=CODE), workbook(("Inventaire", rows)))
    told = words(test)
    assert "ce fichier nomme un autre territoire (Rodez, 12202)" in told
    assert "est-elle de ce territoire" in told
    assert button(test, "Enregistrer 0").disabled
    choice = next(made for made in test.radio if made.options[0] == inventory_import.KEEP)
    choice.set_value(inventory_import.TAKE).run()
    button(test, "Enregistrer 1").click().run()
    assert set(store.declarations(CODE)) == {TREES}


def test_a_holder_alone_is_said_to_leave_the_status_as_it_is(screen, store, editor):
    body = filled(store, tree_inventory={"Service détenteur": "Voirie"})
    told = words(upload(screen("inventaire", store, territoire=CODE), body))
    assert "Service détenteur\u00a0: Voirie" in told
    assert "Statut laissé vide" in told
    assert "Existence\u00a0:" not in told


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(screen, store, editor):
    test = upload(screen("inventaire", store, territoire=CODE), b"\x00\x01 not a workbook")
    assert len(test.error) == 1
    assert not test.exception


def test_an_old_export_and_lost_marks_are_said(screen, store, editor):
    rows = [["Identifiant", "Statut", "Repère de l'export"]]
    rows += [[TREES, "Ouverte", f"v1|{CODE}|2025-01-05|-"], [LIGHTS, "", ""]]
    test = upload(screen("inventaire", store, territoire=CODE), workbook(("Inventaire", rows)))
    told = words(test)
    assert "exporté le 5\u00a0janvier\u00a02025" in told
    assert "1\u00a0ligne sans" in told


def test_nothing_is_kept_for_someone_who_lost_the_right_to_write(screen, store, monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)
    body = filled(store, tree_inventory={"Statut": STATUSES["open"]})
    test = upload(screen("inventaire", store, territoire=CODE), body)
    monkeypatch.setattr(who, "person", lambda: Person())
    button(test, "Enregistrer 1").click().run()
    assert store.declarations(CODE) == {}
    assert not test.exception


def test_the_history_is_newest_first_and_short(screen, store, editor):
    for number in range(1, 26):
        when = datetime(2026, 10, number, tzinfo=UTC)
        store.declare(said(recorded_at=when, author=f"Agent {number:02d}"))
    told = words(screen("inventaire", store, territoire=CODE))
    assert "Agent 25" in told
    assert "Agent 05" not in told
    assert told.rindex("Agent 25") < told.rindex("Agent 06")
