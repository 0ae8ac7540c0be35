"""What leaves the machine holds no word that somebody typed, and counts exactly the same."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from data import entries
from data.records import Declaration, Person, declare
from data.territories import territory
from diagnostics import served
from diagnostics.availability import assess
from diagnostics.disclosure import LOCAL_SOURCE, disclosed
from diagnostics.holdings import known

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ME = Person("editor", "Zzcamille")
CAHORS = territory("46042")
SECRET = "Zzjeanne Zzmartin"
TYPED = {
    made.name: f"{SECRET} {made.name}"
    for made in fields(Declaration)
    if made.type == "str | None" and made.name not in ("status", "reason_code", "trace", "url")
} | {"url": "https://exemple.test/zzmartin"}
CASES = [
    ("open", {}),
    ("candidate", {}),
    ("closed_unjustified", {"trace": "written_refusal"}),
    ("closed_justified", {"reason_code": "personal_data"}),
    ("closed_justified", {}),
    ("other", {"reason_code": "paid"}),
    ("not_concerned", {}),
    ("not_evaluated", {}),
]


def outside_of(made: dict) -> str:
    return json.dumps(made, ensure_ascii=False).lower()


@pytest.mark.parametrize(("status", "more"), CASES)
def test_nothing_typed_leaves_and_every_count_stays(empty_store, status, more):
    given = {**TYPED, **more}
    declare(
        empty_store, ME,
        Declaration("46042", "tree_inventory", status, "exists", **given, recorded_at=NOON),
    )  # fmt: skip
    inside = assess(empty_store, CAHORS, DAY).as_dict()
    outside = served.availability(empty_store, CAHORS, DAY)
    assert "zz" in outside_of(inside)
    assert "zz" not in outside_of(outside)
    assert inside["counts"] == outside["counts"]
    for was, now in zip(inside["experiments"], outside["experiments"], strict=True):
        for key in ("verdict", "expected", "blocking", "to_confirm", "usable", "openness"):
            assert was[key] == now[key]
        for one, other in zip(was["needs"], now["needs"], strict=True):
            for key in ("status", "existence", "usable", "openness", "fulfilment"):
                assert one[key] == other[key]


@pytest.mark.parametrize("missing", ["legal_ground", "substitute", "evidence"])
def test_what_is_lacking_inside_is_lacking_outside(empty_store, missing):
    given = {**TYPED, "reason_code": "security", missing: None}
    if missing == "evidence":
        given |= {"url": None, "file": None}
    declare(
        empty_store, ME,
        Declaration("46042", "tree_inventory", "closed_justified", "exists", **given),
    )  # fmt: skip
    inside = assess(empty_store, CAHORS, DAY)
    outside = served.availability(empty_store, CAHORS, DAY)
    for was, now in zip(inside.as_dict()["experiments"], outside["experiments"], strict=True):
        assert (was["usable"], was["openness"]) == (now["usable"], now["openness"])


def test_entries_never_reach_what_is_served(empty_store):
    entries.keep(
        empty_store, ME, "46042",
        entries.Request("tree_inventory", SECRET, "own_service", text=SECRET, contact=SECRET),
        entries.PlannedAction(SECRET, SECRET, dataset="tree_inventory", owner=SECRET),
        entries.Observation("tree_inventory", SECRET, SECRET),
        entries.Validation(SECRET, day=DAY),
    )  # fmt: skip
    said = outside_of(served.availability(empty_store, CAHORS, DAY))
    said += outside_of(served.indicators(empty_store, CAHORS, DAY))
    said += outside_of(served.synthesis(empty_store, DAY))
    assert "zz" not in said


def test_the_list_of_towns_can_be_kept_back(embedded_store):
    document = served.synthesis(embedded_store, DAY)
    bare = served.without_towns(document)
    assert all("towns" in made for made in document["experiments"])
    assert not any("towns" in made for made in bare["experiments"])
    assert [made["verdicts"] for made in bare["experiments"]] == [
        made["verdicts"] for made in document["experiments"]
    ]


def test_a_copy_that_came_by_hand_is_not_named_and_a_source_of_the_card_is(store):
    by_hand = replace(
        known(store, CAHORS).fetches["iris_population"][0],
        connector="local_file",
        source="Service Dupontel",
        url="file:///home/dupontel/a.csv",
    )
    held = known(store, CAHORS)
    both = replace(held, fetches={"iris_population": [*held.fetches["iris_population"], by_hand]})
    kept, hidden = disclosed(both).fetches["iris_population"]
    assert kept == held.fetches["iris_population"][0]
    assert (hidden.source, hidden.url) == (LOCAL_SOURCE, "")
