"""The page of one dataset: sentences, gains, requests, and what a reader never sees."""

from datetime import date

import pytest

from data import entries, records
from data.catalog import catalog
from data.entries import Observation, Request, Validation
from data.records import Declaration, Person
from data.territories import territory
from diagnostics.availability import assess
from drawing import blocks, check_words, letters
from tests.ui.conftest import words
from ui import frame, who

EDITOR = Person("editor", "Jeanne Essai")
NEED = "tree_inventory"
TYPED = (
    "raison écrite", "boite@ville.fr", "note interne", "Jeanne Essai", "pièce décrite",
    "Service des squares", "texte de l'observation", "destinataire secret", "Paul Référent",
    "exemple.fr/secret", "texte libre de loi", "substitut libre",
)  # fmt: skip


@pytest.fixture
def team(monkeypatch):
    """An editor at the keyboard."""
    monkeypatch.setattr(who, "person", lambda: EDITOR)


@pytest.fixture
def filled(store):
    """A store where everything that can be typed about one need was typed."""
    made = Declaration(
        "46042", NEED, "closed_justified", "exists",
        reason="raison écrite", legal_ground="texte libre de loi", evidence="pièce décrite",
        substitute="substitut libre", holder="Service des squares", contact="boite@ville.fr",
        note="note interne", url="https://exemple.fr/secret", file="a" * 64 + "/confidentiel.pdf",
    )  # fmt: skip
    records.declare(store, EDITOR, made)
    entries.keep(
        store, EDITOR, "46042",
        Observation(NEED, "texte de l'observation", "Service des squares", True),
        Request(NEED, "destinataire secret", "own_service", "sent", sent_on=date(2026, 11, 3)),
        Validation("Paul Référent", True, date(2026, 11, 20), catalog().version),
    )  # fmt: skip
    return store


@pytest.mark.screens
def test_the_team_reads_everything_that_was_typed(screen, filled, team):
    said = words(screen("donnee", filled, territoire="46042", jeu=NEED))
    for typed in TYPED:
        assert typed.replace("'", "&#x27;") in said, typed
    assert "confidentiel.pdf" in said


def test_a_reader_sees_no_form_and_no_typed_text(screen, filled):
    test = screen("donnee", filled, territoire="46042", jeu=NEED)
    test.run()
    said = words(test) + "".join(made.value for made in test.info)
    for typed in (*TYPED, "confidentiel"):
        assert typed.replace("'", "&#x27;") not in said, typed
        assert typed not in said, typed
    for kind in ("text_input", "text_area", "radio", "selectbox", "date_input", "file_uploader"):
        assert not getattr(test, kind), kind
    assert not [made for made in test.button if "changer" not in made.label]
    assert "Lecture seule" in test.info[0].value
    # The status counts the same outside as inside.
    assert "Protégée" in said
    assert "Validé le 20\u00a0novembre\u00a02026" in said


@pytest.mark.screens
def test_what_would_raise_it_gives_the_gain_of_each_project(screen, embedded_store, today):
    said = words(screen("donnee", embedded_store, territoire="46042", jeu=NEED))
    made = assess(embedded_store, territory("46042"), today)
    planned = [a for one in made.experiments for a in one.actions if a.dataset == NEED]
    assert len(planned) == len(catalog().needed_by(NEED))
    unlocked = {one for action in planned for one in action.unlocks}
    assert unlocked
    for one in unlocked:
        title = catalog().experiments[one].title
        told = f"Ferait démarrer, une fois le reste confirmé : {title}"
        assert blocks.prose(told) in said
    assert said.count("Gain si le pas réussit") >= len(planned)


@pytest.mark.screens
def test_a_request_shows_its_state_and_its_days(screen, filled, team):
    said = words(screen("donnee", filled, territoire="46042", jeu=NEED))
    assert "Envoyée" in said
    assert "envoyée le 3\u00a0novembre\u00a02026" in said
    assert "Déposer le fichier reçu" in said


@pytest.mark.screens
@pytest.mark.parametrize("state", letters.STATES)
def test_the_state_of_a_request_is_said_in_the_words_of_the_board(screen, store, team, state):
    day = date(2026, 11, 3)
    entries.keep(store, EDITOR, "46042", Request(NEED, "X", "own_service", state, sent_on=day))
    for page, asked in (("donnee", {"jeu": NEED}), ("demandes", {})):
        said = words(screen(page, store, territoire="46042", **asked))
        assert letters.STATES[state][1] in said


def test_a_dataset_with_a_source_says_its_checks_one_by_one(embedded_store, today):
    made = assess(embedded_store, territory("46042"), today).evidence["property_sales"]
    card = catalog().datasets["property_sales"]
    said = [one.text for one in check_words.checks(card, made)]
    assert len(said) == 6
    assert any(text.startswith("Licence ouverte\u00a0: oui (") for text in said)
    assert all(text.endswith(".") for text in said)
    untested = [one for one in check_words.checks(card, made) if one.symbol == "?"]
    assert untested
    assert all("non testé" in one.text for one in untested)


def test_a_check_that_failed_is_not_one_that_was_not_done(embedded_store, today):
    from dataclasses import replace

    made = assess(embedded_store, territory("46042"), today).evidence["property_sales"]
    card = catalog().datasets["property_sales"]
    for name in made.checks:
        failed = replace(made, checks={**made.checks, name: 0.0})
        silent = replace(made, checks={**made.checks, name: "not_tested"})
        first = {one.symbol for one in check_words.checks(card, failed)}
        assert "✕" in first
        texts = [one.text for one in check_words.checks(card, silent)]
        assert texts != [one.text for one in check_words.checks(card, failed)]


def test_out_of_coverage_is_said(embedded_store, today):
    from dataclasses import replace

    made = assess(embedded_store, territory("46042"), today).evidence[NEED]
    gone = replace(made, outside=True, aspects={**made.aspects, "coverage": 0.0})
    said = [one.text for one in check_words.aspects(catalog().datasets[NEED], gone)]
    assert any("hors couverture" in text for text in said)


# --- working document or validated ---------------------------------------------------------------


@pytest.mark.screens
@pytest.mark.parametrize("page", frame.DIAGNOSIS)
def test_a_diagnosis_says_that_it_is_a_working_document(screen, embedded_store, page):
    test = screen(page, embedded_store, territoire="46042", jeu=NEED)
    assert "Document de travail" in words(test)


@pytest.mark.screens
def test_other_screens_do_not_say_it(screen, embedded_store):
    said = words(screen("sources", embedded_store, territoire="46042"))
    assert "Document de travail" not in said


@pytest.mark.screens
def test_the_name_of_the_referent_stays_with_the_team(screen, filled, team, monkeypatch):
    inside = words(screen("donnee", filled, territoire="46042", jeu=NEED))
    assert "Validé le 20\u00a0novembre\u00a02026 par Paul Référent" in inside
    monkeypatch.setattr(who, "person", lambda: Person())
    assert "Paul Référent" not in words(screen("donnee", filled, territoire="46042", jeu=NEED))


@pytest.mark.screens
def test_a_declaration_after_it_makes_it_a_working_document_again(screen, filled, team):
    records.declare(filled, EDITOR, Declaration("46042", "parking_lots", "candidate", "exists"))
    said = words(screen("donnee", filled, territoire="46042", jeu=NEED))
    assert "Document de travail, modifié depuis la validation du 20\u00a0novembre\u00a02026" in said
