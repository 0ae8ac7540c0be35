"""What changed since the last visit: from the store to alerts, and hostile snapshots."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import entries
from data.entries import Visit
from data.records import Person
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.changes import KINDS, changes, snapshot
from diagnostics.week import DUTY, Deadline
from drawing import tidings
from tests.diagnostics.test_availability import CENSUS, declare, fetch, publish

DAY = date(2026, 11, 21)
CAHORS = territory("46042")
EDITOR = Person("editor", "Essai")


def look(store, day=DAY, deadlines=()):
    """A snapshot as it comes back from the store: through JSON."""
    return json.loads(json.dumps(snapshot(assess(store, CAHORS, day), day, deadlines)))


def kinds(found):
    return sorted((made.kind, made.dataset or made.experiment) for made in found)


def log(store, *fetches):
    for made in fetches:
        store.log(made)


def test_a_snapshot_holds_what_alerts_need(embedded_store):
    seen = look(embedded_store)
    assert seen["day"] == "2026-11-21"
    for line in seen["datasets"].values():
        assert set(line) == {
            "status", "existence", "provenance", "outside", "as_of", "freshness", "level", "sources"
        }  # fmt: skip
    assert set(seen["verdicts"].values()) <= {"ready", "degraded", "blocked", "unknown"}


def test_the_same_look_twice_changes_nothing(embedded_store, empty_store):
    due = [Deadline(DUTY, "duty:a", "PICS", DAY + timedelta(days=5))]
    for store in (embedded_store, empty_store):
        seen = look(store, deadlines=due)
        assert changes(seen, seen, DAY) == ()
        assert changes(seen, look(store, deadlines=due), DAY) == ()


def test_a_declaration_appears_then_disappears(store):
    before = look(store)
    declare(store, "candidate")
    after = look(store)
    assert ("appeared", "tree_inventory") in kinds(changes(before, after, DAY))
    declare(store, None, withdrawn=True)
    gone = changes(after, look(store), DAY)
    assert ("disappeared", "tree_inventory") in kinds(gone)
    assert changes(before, look(store), DAY) == ()


def test_what_nobody_produces_has_not_appeared(store):
    before = look(store)
    declare(store, "candidate", existence="not_produced")
    found = kinds(changes(before, look(store), DAY))
    assert not [one for one in found if one[0] in ("appeared", "disappeared")]


def test_a_status_that_moves_is_said_with_both(store):
    declare(store, "candidate")
    before = look(store)
    declare(store, "open")
    moved = [made for made in changes(before, look(store), DAY) if made.kind == "status"]
    assert [(made.dataset, made.before, made.after) for made in moved] == [
        ("tree_inventory", "candidate", "open")
    ]


def test_a_verdict_that_moves_is_said_with_both(store):
    before = look(store)
    declare(store, "candidate")
    moved = [made for made in changes(before, look(store), DAY) if made.kind == "verdict"]
    assert ("tree_heritage", "unknown", "blocked") in [
        (made.experiment, made.before, made.after) for made in moved
    ]


@pytest.mark.parametrize("status", ["failed", "offline"])
def test_a_failed_fetch_is_never_a_disappearance(empty_store, status):
    """From the fetch log through the assessment: the last good copy stays."""
    log(empty_store, fetch())
    before = look(empty_store)
    assert before["datasets"][CENSUS]["provenance"] == "observed"
    later = datetime(2026, 11, 21, 9, tzinfo=UTC)
    log(empty_store, fetch(status=status, fetched_at=later, rows=0))
    after = look(empty_store)
    assert after["datasets"][CENSUS]["provenance"] == "observed"
    assert changes(before, after, DAY) == ()


def test_a_first_fetch_that_fails_changes_nothing(empty_store):
    before = look(empty_store)
    log(empty_store, fetch(status="failed", rows=0))
    assert changes(before, look(empty_store), DAY) == ()


def test_a_fetch_that_comes_is_an_appearance(empty_store):
    before = look(empty_store)
    log(empty_store, fetch())
    assert ("appeared", CENSUS) in kinds(changes(before, look(empty_store), DAY))


def test_the_same_source_by_another_address_is_the_same_source(empty_store):
    log(empty_store, fetch())
    before = look(empty_store)
    again = datetime(2026, 11, 21, 9, tzinfo=UTC)
    log(empty_store, fetch(url="https://exemple.test/autre.csv?jour=2", fetched_at=again))
    assert changes(before, look(empty_store), DAY) == ()


def test_a_source_of_a_catalogue_comes_and_goes(store):
    publish(store, "tree_inventory")
    declare(store, "open", url="https://exemple.test/le-mien")
    before = look(store)
    publish(store, "tree_inventory", url="https://exemple.test/autres", title="Arbres 2")
    found = changes(before, look(store), DAY)
    assert [(made.kind, made.source) for made in found] == [
        ("appeared", "Arbres 2"), ("disappeared", "Arbres")
    ]  # fmt: skip


def test_time_alone_makes_a_dataset_stale(store):
    publish(store, "tree_inventory", frequency="monthly", updated_at=datetime(2026, 11, 1))
    before = look(store)
    assert before["datasets"]["tree_inventory"]["freshness"] == 1
    later = DAY + timedelta(days=30)
    found = changes(before, look(store, later), later)
    assert ("stale", "tree_inventory") in kinds(found)
    still = later + timedelta(days=5)
    assert ("stale", "tree_inventory") not in kinds(
        changes(look(store, later), look(store, still), still)
    )


def test_a_freshness_never_tested_is_not_stale(store):
    publish(store, "tree_inventory", frequency=None, updated_at=None)
    before = look(store)
    before["datasets"]["tree_inventory"]["freshness"] = "not_tested"
    publish(store, "tree_inventory", frequency="monthly", updated_at=datetime(2020, 1, 1))
    assert "stale" not in [made.kind for made in changes(before, look(store), DAY)]


@pytest.mark.parametrize(
    ("days", "seen", "expected"),
    [
        (40, 0, 0),  # still far
        (40, 15, 1),  # entered the thirty days
        (20, 5, 0),  # was near, still is
        (20, 25, 1),  # has passed since
        (-3, 2, 0),  # had passed already
    ],
)
def test_a_deadline_alerts_when_it_gets_near_and_when_it_passes(
    embedded_store, days, seen, expected
):
    due = [Deadline(DUTY, "duty:pics", "PICS", DAY + timedelta(days=days), "pcs_assets")]
    later = DAY + timedelta(days=seen)
    before, after = look(embedded_store, DAY, due), look(embedded_store, later, due)
    found = [made for made in changes(before, after, later) if made.kind == "due"]
    assert len(found) == expected
    if found:
        said = tidings.change(found[0], later).detail
        assert "retard" not in said
        assert ("non vérifiée par l'outil" in said) == (days < seen)


def test_a_snapshot_kept_by_someone_comes_back_whole(store):
    due = [Deadline(DUTY, "duty:pics", "PICS", DAY + timedelta(days=9))]
    seen = snapshot(assess(store, CAHORS, DAY), DAY, due)
    entries.keep(store, EDITOR, "46042", Visit(seen=seen))
    kept = entries.of(store, Visit, "46042")[-1].entry.seen
    assert changes(kept, look(store, deadlines=due), DAY) == ()


def test_an_older_snapshot_without_some_keys_says_nothing_of_them(store):
    before = look(store)
    for line in before["datasets"].values():
        del line["sources"], line["freshness"], line["outside"]
    del before["deadlines"], before["verdicts"]
    assert changes(before, look(store), DAY) == ()
    del before["datasets"]["tree_inventory"]
    declare(store, "open")
    assert changes(before, look(store), DAY) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["day", "datasets", "verdicts", "deadlines", "tree_inventory", "status", "existence",
             "provenance", "sources", "freshness", "title", "tree_heritage", "x"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@pytest.fixture(scope="module")
def seen(embedded_store):
    return look(embedded_store)


@given(hostile=JSON, other=JSON)
def test_a_hostile_snapshot_never_breaks_and_says_words(seen, hostile, other):
    for before, after in ((hostile, seen), (hostile, other)):
        for made in changes(before, after, DAY):
            assert made.kind in KINDS
            line = tidings.change(made, DAY)
            assert line.kind
            assert line.subject
            assert line.detail


@given(hostile=JSON)
def test_a_damaged_part_speaks_for_itself_alone(seen, hostile):
    allowed = {"datasets": set(KINDS) - {"due", "verdict"}, "verdicts": {"verdict"}}
    for part in ("datasets", "verdicts", "deadlines"):
        found = changes({**seen, part: hostile}, seen, DAY)
        assert {made.kind for made in found} <= allowed.get(part, set())
