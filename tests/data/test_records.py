"""What may be kept: the role, the words, the meaning; and what an undo says again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data import entries, records
from data.entries import Hours, PlannedAction, Profile, Request
from data.records import Declaration, NotAllowed, Person, Refused, new_id, today_utc

ME = Person("editor", "Équipe")
TREES = Declaration("46042", "tree_inventory", "candidate", "exists", note="vu en réunion")
DAY = date(2026, 11, 21)


def kept(store):
    return [made.status for made in store.declaration_history("46042")]


@pytest.mark.parametrize("person", [Person(), Person("reader", "X"), Person("admin", "X")])
def test_a_reader_writes_nothing(empty_store, person):
    with pytest.raises(NotAllowed):
        records.declare(empty_store, person, TREES)
    with pytest.raises(NotAllowed):
        entries.keep(empty_store, person, "46042", Hours(DAY, 2))
    with pytest.raises(NotAllowed):
        records.undo(empty_store, person, "46042", "tree_inventory")
    assert kept(empty_store) == []


@pytest.mark.parametrize(
    "more",
    [
        {"status": "ouverte"},
        {"existence": "peut-être"},
        {"dataset": "pas_un_jeu"},
        {"territory": "zz"},
        {"status": "not_concerned"},
        {"status": "not_concerned", "reason": "   "},
        {"status": "closed_unjustified", "evidence": "on me l'a dit"},
        {"status": "closed_unjustified", "trace": "written_refusal"},
        {"status": "other", "reason_code": "security"},
        {"status": "open", "existence": "not_produced"},
        {"url": "javascript:alert(1)"},
        {"url": "https://"},
        {"url": "https://[x"},
        {"note": "x" * 2001},
        {"asked_on": (today_utc() + timedelta(days=2)).date()},
    ],
    ids=lambda more: " ".join(more),
)
def test_what_cannot_be_kept_is_said_in_one_sentence_and_nothing_is(empty_store, more):
    with pytest.raises(Refused) as refused:
        records.declare(empty_store, ME, TREES, replace(TREES, **more))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
    assert kept(empty_store) == []


def test_what_is_kept_is_signed_and_trimmed(empty_store):
    records.declare(empty_store, ME, replace(TREES, author="un autre", holder="  Parcs  ", url=" "))
    made = empty_store.declarations("46042")["tree_inventory"]
    assert (made.author, made.holder, made.url) == ("Équipe", "Parcs", None)


def test_an_undo_says_again_what_held_with_its_note(empty_store):
    records.declare(empty_store, ME, TREES)
    records.declare(empty_store, ME, replace(TREES, status="open", note="publiée", id=new_id()))
    records.undo(empty_store, ME, "46042", "tree_inventory")
    now = empty_store.declarations("46042")["tree_inventory"]
    assert (now.status, now.note) == ("candidate", "vu en réunion")
    records.undo(empty_store, ME, "46042", "tree_inventory")  # undoing the undo
    assert empty_store.declarations("46042")["tree_inventory"].status == "open"
    assert kept(empty_store) == ["candidate", "open", "candidate", "open"]


def test_an_undo_of_the_first_line_leaves_nothing_declared(empty_store):
    records.declare(empty_store, ME, TREES)
    records.undo(empty_store, ME, "46042", "tree_inventory")
    assert empty_store.declarations("46042") == {}
    with pytest.raises(Refused):
        records.undo(empty_store, ME, "46042", "tree_inventory")


def test_an_undo_of_another_line_than_the_one_seen_is_refused(empty_store):
    records.declare(empty_store, ME, TREES)
    seen = empty_store.declarations("46042")["tree_inventory"].id
    records.declare(empty_store, ME, replace(TREES, status="open", id=new_id()))
    with pytest.raises(Refused, match="entre-temps"):
        records.undo(empty_store, ME, "46042", "tree_inventory", expected=seen)
    assert empty_store.declarations("46042")["tree_inventory"].status == "open"


SENT = Request("tree_inventory", "Parcs", "own_service", state="sent", sent_on=DAY)


@pytest.mark.parametrize(
    "entry",
    [
        replace(SENT, sent_on=None),
        replace(SENT, sent_on=DAY + timedelta(days=3000)),
        replace(SENT, reminded_on=DAY - timedelta(days=1)),
        replace(SENT, state="answered", answered_on=DAY - timedelta(days=1)),
        replace(SENT, state="perdue"),
        replace(SENT, tone="menace"),
        replace(SENT, dataset="pas_un_jeu"),
        replace(SENT, text="x" * 10_001),
        PlannedAction("", "Titre"),
        PlannedAction("PCAET", " "),
        PlannedAction("PCAET", "Titre", effort_days=-1),
        PlannedAction("PCAET", "Titre", effort_days="beaucoup"),  # type: ignore[arg-type]
        Hours(DAY, 0),
        Hours(DAY, 25),
        Profile(-1),
    ],
    ids=lambda made: made.kind,
)
def test_an_entry_that_says_too_little_is_refused_in_one_sentence(empty_store, entry):
    with pytest.raises(Refused) as refused:
        entries.keep(empty_store, ME, "46042", entry)
    assert str(refused.value).endswith(".")
    assert empty_store.records(entry.kind, "46042") == []


def test_the_latest_line_of_a_key_counts_and_all_are_its_history(empty_store):
    entries.keep(empty_store, ME, "46042", SENT)
    entries.keep(empty_store, ME, "46042", replace(SENT, state="answered", answered_on=DAY))
    (held,) = entries.of(empty_store, Request, "46042")
    assert (held.entry.state, held.entry.answered_on, held.author) == ("answered", DAY, "Équipe")
    assert held.first_at <= held.recorded_at
    assert len(entries.history(empty_store, Request, "46042", SENT.key)) == 2
    assert entries.of(empty_store, Request, "84007") == []
