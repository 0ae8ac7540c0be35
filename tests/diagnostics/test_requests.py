"""Which requests wait, which can be written about again, and to whom one writes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog import catalog
from data.entries import REQUEST_STATES, TONES, Kept, Request
from data.territories import territory
from diagnostics import requests
from diagnostics.requests import board, holder_for, tone_for

TODAY = date(2026, 11, 21)
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)


def kept(**fields) -> Kept[Request]:
    usual = {"dataset": "tree_inventory", "holder": "Voirie", "tone": "own_service"}
    return Kept(Request(**{**usual, **fields}), "Essai", WRITTEN, WRITTEN)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_request_waits_from_its_sending_to_its_answer():
    states = {state: kept(state=state, sent_on=ago(1)) for state in REQUEST_STATES}
    assert requests.waiting(states.values()) == [states["sent"]]
    assert requests.to_send(states.values()) == [states["to_send"]]


@pytest.mark.parametrize(
    ("sent", "due", "late", "silent"),
    [
        (5, -5, False, False),  # day hoped for still to come
        (5, 0, False, False),  # today is in time
        (5, 1, True, False),  # hoped for yesterday
        (29, -5, False, False),
        (30, -5, False, True),  # silent for a month, and still in the time given
        (35, -10, False, True),
        (30, None, False, True),  # a month to the day: today is in time
        (31, None, True, True),
        (5, None, False, False),
    ],
)
def test_late_and_silent_to_the_day(sent, due, late, silent):
    made = kept(state="sent", sent_on=ago(sent), due_on=None if due is None else ago(due))
    assert (requests.late([made], TODAY) == [made]) is late
    assert requests.is_silent(made.entry, TODAY) is silent


@pytest.mark.parametrize("state", ["to_send", "answered", "refused", "obtained"])
def test_what_is_not_waiting_is_never_late(state):
    made = kept(state=state, sent_on=ago(90), due_on=ago(60))
    assert not requests.late([made], TODAY)
    assert not requests.is_silent(made.entry, TODAY)
    assert not requests.reminders([made], TODAY)


@pytest.mark.parametrize(
    ("sent", "reminded", "ready"),
    [(40, None, True), (40, 14, False), (40, 15, True), (10, None, False), (15, None, True)],
)
def test_no_second_message_within_a_fortnight(sent, reminded, ready):
    last = None if reminded is None else ago(reminded)
    made = kept(state="sent", sent_on=ago(sent), due_on=ago(1), reminded_on=last)
    assert (requests.reminders([made], TODAY) == [made]) is ready


def test_the_board_groups_one_holder_however_it_is_typed():
    lines = [
        kept(holder="Voirie"),
        kept(holder=" voirie  ", state="sent", sent_on=ago(40)),
        kept(holder="Eau", state="obtained", sent_on=ago(3), answered_on=ago(1)),
    ]
    made = board(lines, TODAY)
    assert [(holder, len(group)) for holder, group in made.holders] == [("Eau", 1), ("Voirie", 2)]
    assert made.counts == {"to_send": 1, "sent": 1, "answered": 0, "refused": 0, "obtained": 1}
    assert [line.kept for line in made.reminders] == [lines[1]]
    assert [line.kept for line in made.silent] == [lines[1]]
    assert {line.kept.entry.key for line in made.lines} == {one.entry.key for one in lines}


def test_reminders_come_oldest_first():
    lines = [kept(state="sent", sent_on=ago(days)) for days in (35, 60, 45)]
    days = [line.entry.sent_on for line in board(lines, TODAY).reminders]
    assert days == [ago(60), ago(45), ago(35)]


days = st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))


@given(st.sampled_from(REQUEST_STATES), days, days, days)
def test_a_reminder_is_late_and_a_late_request_waits(state, sent, due, reminded):
    made = kept(state=state, sent_on=sent, due_on=due, reminded_on=reminded)
    line = requests.line_of(made, TODAY)
    assert line.remind <= line.late <= line.waiting
    assert line.silent <= line.waiting
    assert not line.late or requests.expected(made.entry) < TODAY


@pytest.mark.parametrize(
    ("dataset", "code", "tone"),
    [
        ("tree_inventory", "46042", "own_service"),
        ("budget", "46042", "own_service"),
        ("vulnerable_register", "46042", "own_service"),
        ("street_lights", "46042", "authority"),
        ("local_green_grid", "46042", "authority"),
        ("local_green_grid", "200023737", "own_service"),
        ("tree_inventory", "200023737", "authority"),
        ("road_closures", "46042", "authority"),
        ("road_closures", "dep:46", "own_service"),
        ("regional_continuities", "reg:76", "own_service"),
        ("flood_hazard_maps", "46042", "state_service"),
        ("dfci_tracks", "46042", "authority"),
        ("water_consumption", "46042", "concession"),
        ("pedestrian_counts", "46042", "contract"),
        ("naturalist_observations", "46042", "association"),
    ],
)
def test_the_tone_follows_who_holds_the_data(dataset, code, tone):
    assert tone_for(catalog().datasets[dataset], territory(code)) == tone


@pytest.mark.parametrize("code", ["46042", "200023737", "dep:46", "reg:76", "00001"])
def test_every_dataset_has_a_tone_and_a_holder_at_every_level(code):
    for card in catalog().needs().values():
        assert tone_for(card, territory(code)) in TONES
        assert holder_for(card, territory(code)).strip()


def test_the_holder_is_the_declared_one_then_the_service():
    trees = catalog().datasets["tree_inventory"]
    assert holder_for(trees, territory("46042")) == "Service espaces verts"
    assert holder_for(trees, territory("46042"), trees.producer_label) == "Service espaces verts"
    assert holder_for(trees, territory("46042"), "Régie des parcs") == "Régie des parcs"
    cool = catalog().datasets["cool_places"]
    assert holder_for(cool, territory("46042")) == "Service à préciser (plan canicule)"


def test_a_fictional_place_names_no_real_body():
    real = ("IGN", "BRGM", "Cerema", "LPO", "Météo", "Insee", "DGFiP", "DREAL", "ONF", "CSTB")
    for code in ("00001", "000000001", "dep:00"):
        for card in catalog().needs().values():
            for known in (None, card.producer_label, "Cerema"):
                named = holder_for(card, territory(code), known)
                assert not any(body in named for body in real), named


def test_a_colleague_has_a_fortnight_and_others_a_month():
    assert requests.due_by_default("own_service", date(2026, 11, 20)) == date(2026, 12, 7)
    assert requests.due_by_default("own_service", date(2026, 11, 23)) == date(2026, 12, 8)
    assert {requests.due_by_default(tone, TODAY) for tone in TONES[1:]} == {date(2026, 12, 21)}


def test_no_answer_is_hoped_for_on_a_weekend():
    for later in range(14):
        day = TODAY + timedelta(days=later)
        for tone in TONES:
            assert requests.due_by_default(tone, day).weekday() < 5


def test_a_replaced_line_keeps_its_place():
    made = kept(state="sent", sent_on=ago(40))
    again = Kept(replace(made.entry, state="obtained"), "Essai", WRITTEN, WRITTEN)
    assert not requests.late([again], TODAY)
