"""The week of a project lead, read from what the team wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import entries, records
from data.entries import Hours, Kept, Observation, PlannedAction, Request, Validation, Visit
from data.records import Declaration, Person
from data.territories import territory
from data.validation import Standing
from diagnostics.availability import assess
from diagnostics.requests import expected
from diagnostics.week import (
    MOVED_DAYS,
    Deadline,
    Move,
    awaited,
    deadlines,
    near,
    recent,
    spent,
    week,
    with_duties,
)
from drawing import tidings

DAY = date(2026, 11, 21)
CAHORS = territory("46042")
EDITOR = Person("editor", "Camille")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def kept(entry):
    return Kept(entry, "Camille", NOON, NOON)


def request(**given):
    fields = {"state": "sent", "sent_on": date(2026, 10, 1)}
    return Request("tree_inventory", "Espaces verts", "own_service", **{**fields, **given})


def keep(store, *made):
    entries.keep(store, EDITOR, "46042", *made)


def test_nothing_written_is_an_empty_week(embedded_store):
    made = week(embedded_store, CAHORS, DAY)
    assert (made.late, made.deadlines, made.moves, made.visit, made.standing) == (
        (), (), (), None, Standing()
    )  # fmt: skip
    assert (made.spent.total, made.spent.weeks) == (0, ())


def test_the_hoped_for_day_is_the_one_written_else_a_month_after():
    assert expected(request(due_on=date(2026, 10, 9))) == date(2026, 10, 9)
    assert expected(request()) == date(2026, 10, 31)
    assert expected(Request("tree_inventory", "x", "own_service")) is None


def test_late_answers_oldest_first_and_reminders_after_a_fortnight():
    held = [
        kept(request(key="new", due_on=date(2026, 11, 15), sent_on=date(2026, 11, 1))),
        kept(request(key="old", due_on=date(2026, 10, 15))),
        kept(request(key="told", due_on=date(2026, 10, 20), reminded_on=date(2026, 11, 19))),
        kept(request(key="answered", state="answered")),
        kept(request(key="draft", state="to_send", sent_on=None)),
        kept(request(key="coming", sent_on=date(2026, 11, 20), due_on=date(2026, 12, 1))),
    ]
    found = awaited(held, DAY)
    assert [one.kept.entry.key for one in found] == ["old", "told", "new"]
    assert [one.remind for one in found] == [True, False, True]
    assert tidings.awaited(found[0], DAY).when == "attendue depuis 37\u00a0jours"


@pytest.mark.parametrize("due", [None, *range(-40, 41, 10)])
@pytest.mark.parametrize("sent", [1, 29, 30, 31, 35, 90])
def test_an_answer_is_awaited_or_to_come_never_both(sent, due):
    held = [
        kept(
            request(
                sent_on=DAY - timedelta(days=sent),
                due_on=None if due is None else DAY + timedelta(days=due),
            )
        )
    ]
    late = awaited(held, DAY)
    coming = [one for one in deadlines([], held) if one.day >= DAY]
    assert (len(late), len(coming)) in ((1, 0), (0, 1))
    assert all(one.day < DAY for one in late)
    assert not any("\u2212" in tidings.awaited(one, DAY).when for one in late)


def test_deadlines_are_those_of_thirty_days_and_those_that_passed(store):
    keep(
        store,
        PlannedAction("PCAET", "Loin", deadline=DAY + timedelta(days=31)),
        PlannedAction("PCAET", "Proche", deadline=DAY + timedelta(days=30)),
        PlannedAction("PCAET", "Passée", deadline=DAY - timedelta(days=3)),
        PlannedAction("PCAET", "Faite", deadline=DAY, state="done"),
        PlannedAction("PCAET", "Abandonnée", deadline=DAY, state="dropped"),
        PlannedAction("PCAET", "Sans date"),
        request(due_on=DAY + timedelta(days=2), sent_on=DAY),
        request(due_on=DAY - timedelta(days=2)),
        request(state="to_send", sent_on=None, due_on=DAY),
    )
    made = week(store, CAHORS, DAY)
    found = near(made.deadlines, DAY)
    assert [(one.kind, one.title) for one in found] == [
        ("action", "Passée"), ("request", ""), ("action", "Proche")
    ]  # fmt: skip
    assert len(made.late) == 1


def test_the_duty_with_a_date_joins_and_is_never_said_late(embedded_store):
    base = week(embedded_store, CAHORS, DAY)
    made = with_duties(base, assess(embedded_store, CAHORS, DAY), DAY)
    [duty] = [one for one in near(made.deadlines, DAY) if one.kind == "duty"]
    assert (duty.dataset, duty.day) == ("pcs_assets", date(2026, 11, 26))
    said = tidings.deadline(duty, DAY).text
    assert "intercommunalité" in said
    later = date(2026, 12, 3)
    passed = with_duties(base, assess(embedded_store, CAHORS, later), later)
    said = tidings.deadline(near(passed.deadlines, later)[0], later).text
    assert "situation non vérifiée par l'outil" in said
    assert "retard" not in said


def test_moves_carry_author_day_and_what_held_before(store):
    for status in ("candidate", "open"):
        records.declare(store, EDITOR, Declaration("46042", "tree_inventory", status, "exists"))
    records.undo(store, EDITOR, "46042", "tree_inventory")
    sent = request()
    action = PlannedAction("PCAET", "Publier")
    keep(store, sent, action, Observation("tree_inventory", "texte", contests=True))
    keep(store, replace(sent, state="obtained"), replace(action, state="done"))
    keep(store, Validation("Le référent", day=DAY))
    found = [(one.kind, one.before, one.after) for one in week(store, CAHORS, DAY).moves]
    assert found[::-1] == [
        ("declaration", None, "candidate"), ("declaration", "candidate", "open"),
        ("declaration", "open", "candidate"), ("request", None, "sent"),
        ("action", None, "planned"), ("observation", None, "contests"),
        ("request", "sent", "obtained"), ("action", "planned", "done"),
        ("validation", None, "valid"),
    ]  # fmt: skip
    lines = [tidings.move(one) for one in week(store, CAHORS, DAY).moves]
    assert all("21\u00a0novembre\u00a02026, Camille" in line.when for line in lines)
    said = " ".join(line.text for line in lines)
    assert "«\u00a0Ouverte\u00a0»\u00a0; avant\u00a0: «\u00a0À publier\u00a0»." in said
    assert "Donnée obtenue\u00a0; avant\u00a0: envoyée." in said


def test_a_first_declaration_taken_back_reads_as_such(store):
    records.declare(store, EDITOR, Declaration("46042", "tree_inventory", "open", "exists"))
    records.undo(store, EDITOR, "46042", "tree_inventory")
    assert tidings.move(week(store, CAHORS, DAY).moves[0]).detail == "Déclaration retirée."


@given(st.lists(st.integers(-20, 20), max_size=12))
def test_only_the_last_seven_days_are_this_week(ages):
    moves = [Move("request", NOON - timedelta(days=age), None) for age in ages]
    found = recent(moves, DAY)
    assert len(found) == sum(0 <= age < MOVED_DAYS for age in ages)
    assert [made.at for made in found] == sorted((made.at for made in found), reverse=True)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 96)), max_size=15))
def test_hours_add_up_by_week(lines):
    held = [kept(Hours(DAY - timedelta(days=age), quarter / 4)) for age, quarter in lines]
    found = spent(held)
    assert found.total == pytest.approx(sum(quarter for _, quarter in lines) / 4)
    assert sum(hours for _, hours in found.weeks) == pytest.approx(found.total)
    assert all(monday.weekday() == 0 for monday, _ in found.weeks)
    assert [monday for monday, _ in found.weeks] == sorted(
        (monday for monday, _ in found.weeks), reverse=True
    )


def test_a_corrected_line_of_hours_counts_once(store):
    line = Hours(DAY, 3, "réunion")
    keep(store, line)
    keep(store, replace(line, hours=2))
    assert week(store, CAHORS, DAY).spent.total == 2


def test_the_last_visit_counts(store):
    keep(store, Visit(seen={"day": "2026-11-01"}))
    keep(store, Visit(seen={"day": "2026-11-20"}))
    assert week(store, CAHORS, DAY).visit.entry.seen == {"day": "2026-11-20"}


def test_a_deadline_without_anyone_says_so():
    line = tidings.deadline(Deadline("action", "a", "Publier", DAY), DAY)
    assert line.detail == "Personne n'est nommé."
