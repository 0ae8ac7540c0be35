"""The cheapest combination: against a brute force written another way, and against the verdict."""

from __future__ import annotations

import time
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog import catalog
from data.records import Declaration
from data.territories import territory
from diagnostics import combination as plans
from diagnostics.availability import assess, required
from diagnostics.evidence import Evidence
from diagnostics.readiness import STARTS, Required, readiness

DAY = date(2026, 11, 21)
IDS = tuple(catalog().datasets)[:6]
DRAWN = settings(max_examples=120, derandomize=True, database=None, deadline=None)


def brute(asked, days):
    """{number of sets: least (days, actions)}, by trying every set of *actions*."""
    best: dict[int, tuple[float, int]] = {}
    for size in range(len(days) + 1):
        for held in combinations(days, size):
            price = (sum(days[name] for name in held), size)
            covered = sum(set(one) <= set(held) for one in asked)
            for count in range(1, covered + 1):
                best[count] = min(best.get(count, price), price)
    return best


@st.composite
def instances(draw):
    names = [f"a{rank}" for rank in range(draw(st.integers(1, 7)))]
    days = {name: draw(st.sampled_from((0.5, 3.0, 15.0))) for name in names}
    some = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    return draw(st.lists(some, min_size=1, max_size=6)), days


@DRAWN
@given(instances())
def test_the_frontier_is_the_cheapest_there_is(instance):
    asked, days = instance
    expected = brute(asked, days)
    found = plans.frontier(asked, days)
    counts = [len(chosen) for chosen in found]
    assert counts == sorted(set(counts))
    for chosen in found:
        held = {name for one in chosen for name in asked[one]}
        assert (sum(days[name] for name in held), len(held)) == expected[len(chosen)]
        assert [rank for rank, one in enumerate(asked) if set(one) <= held] == list(chosen)
    left_out = set(expected) - set(counts)
    assert all(expected[count] == expected[count + 1] for count in left_out)
    assert counts[-1] == len(asked)


def test_the_cheapest_sets_need_not_be_nested():
    """One project costs less alone; two others, dearer, share all their data."""
    wide = {"one": 3.0, **{f"s{rank}": 0.5 for rank in range(7)}}
    small = [f"s{rank}" for rank in range(7)]
    assert plans.frontier([["one"], small, small], wide) == [(0,), (1, 2), (0, 1, 2)]


def test_among_equals_the_path_goes_on_from_where_it_was():
    days = dict.fromkeys("abcd", 3.0)
    asked = [["b", "c", "d"], ["a"], ["a", "b"], ["c", "d"]]
    assert plans.frontier(asked, days)[:2] == [(1,), (1, 2)]
    again = plans.frontier(asked, days)
    assert again == plans.frontier(asked, days)


def test_nothing_asked_gives_no_path():
    assert plans.frontier([], {}) == []


# --- one experiment: the moves are needed, all of them, and they suffice --------------------------

SITUATIONS = st.builds(
    lambda status, existence, provenance, outside, substitute, failed, level: {
        "status": "not_evaluated" if outside else status,
        "existence": existence,
        "provenance": provenance,
        "outside": outside,
        "substitute": "aggregate" if substitute else None,
        "checks": {"link": 0.0} if failed else {},
        "aspects": {"level": level},
    },
    st.sampled_from(
        ("open", "candidate", "closed_unjustified", "closed_justified", "other", "not_evaluated")
    ),
    st.sampled_from(("exists", "partial", "not_produced", "unknown")),
    st.sampled_from(("assumed", "observed", "declared")),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from((0.0, 0.4, 0.7, 1.0)),
)


@DRAWN
@given(st.lists(st.tuples(st.sampled_from(("indispensable", "useful", "comfort")), SITUATIONS),
                min_size=1, max_size=5))  # fmt: skip
def test_the_moves_are_the_least_that_lets_an_experiment_start(drawn):
    evidence = {
        dataset: Evidence(dataset=dataset, evidence_level="E0", reason="", **given)
        for dataset, (_, given) in zip(IDS, drawn, strict=False)
    }
    needs = [
        Required(dataset, criticality, evidence[dataset].state)
        for dataset, (criticality, _) in zip(IDS, drawn, strict=False)
    ]
    found = plans.way("x", "X", needs, evidence)
    working = [
        set(held)
        for size in range(len(needs) + 1)
        for held in combinations(evidence, size)
        if readiness(plans.reached(needs, evidence, held)).verdict in STARTS
    ]
    moves = {move.dataset for move in found.moves}
    if found.stuck:
        assert not working
        return
    assert moves in working
    assert all(moves <= held for held in working)
    assert found.reached in STARTS
    assert (found.verdict in STARTS) == (not moves)


# --- real places ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["46042", "00001", "97611", "dep:46", "200023737"])
def test_applying_a_milestone_really_starts_what_it_says(any_place_store, code):
    made = assess(any_place_store, territory(code), DAY)
    found = plans.combination(made)
    requirements = required(catalog(), made.evidence)
    for one in found.milestones:
        held = {move.dataset for move in one.moves}
        starting = [
            key
            for key, needs in requirements.items()
            if readiness(plans.reached(needs, made.evidence, held)).verdict in STARTS
        ]
        assert len(starting) == one.count
        assert set(one.starting) == set(starting) - set(found.already)
    days = [one.days for one in found.milestones]
    assert days == sorted(days)
    if not found.out_of_reach:
        assert found.milestones[-1].count == len(found.ways) == 14


@pytest.fixture(params=["embedded", "empty"])
def any_place_store(request):
    return request.getfixturevalue(f"{request.param}_store")


def test_a_supposed_path_is_told_from_a_sure_one(empty_store):
    before = way(empty_store, "tree_heritage")
    assert not before.sure and not before.words_only
    assert {move.dataset: move.nature for move in before.moves} == {
        "tree_inventory": plans.BRING,
        "admin_boundaries": plans.CONFIRM,
    }
    assert way(empty_store, "heat_islands").words_only
    for dataset, status in (("tree_inventory", "candidate"), ("admin_boundaries", "open")):
        empty_store.declare(Declaration("46042", dataset, status, "exists"))
    after = way(empty_store, "tree_heritage")
    assert [move.dataset for move in after.moves] == ["tree_inventory"]
    assert after.sure and after.days == plans.EFFORT_DAYS["M"]


def test_what_nobody_knows_is_a_question_not_a_confirmation(empty_store):
    empty_store.declare(Declaration("46042", "tree_inventory", "not_evaluated", "unknown"))
    found = way(empty_store, "tree_heritage")
    natures = {move.dataset: move.nature for move in found.moves}
    assert natures["tree_inventory"] == plans.ASK


def test_an_existing_start_needs_nothing(embedded_store):
    found = plans.of_town(embedded_store, territory("00001"), DAY, internal=True)
    started = {one.experiment: one.moves for one in found.ways if one.experiment in found.already}
    assert started and not any(started.values())
    assert all(not set(one.starting) & set(found.already) for one in found.milestones)


def way(store, experiment):
    found = plans.of_town(store, territory("46042"), DAY, internal=True)
    return next(one for one in found.ways if one.experiment == experiment)


def test_a_town_takes_less_than_150_ms_of_processor(embedded_store):
    made = assess(embedded_store, territory("46042"), DAY)
    times = []
    for _ in range(3):
        start = time.thread_time()
        plans.combination(made)
        times.append(time.thread_time() - start)
    assert min(times) < 0.15


@pytest.mark.parametrize("status", ["candidate", "closed_unjustified", "other", None])
def test_the_team_and_the_readers_are_given_the_same_path_without_a_typed_word(store, status):
    store.declare(
        Declaration(
            "46042", "tree_inventory", status, "exists", reason="Zz", holder="Zz", note="Zz",
            contact="Zz", evidence="Zz", legal_ground="Zz", substitute="Zz",
        )
    )  # fmt: skip
    place = territory("46042")
    team, readers = (plans.of_town(store, place, DAY, inside) for inside in (True, False))
    assert team == readers
    assert "Zz" not in str(readers)
