"""A thousand draws: the same arithmetic as one need at a time, and nothing claimed beyond it.

The scalar path of `scoring` and `readiness` is the oracle: each draw of a random experiment is
rebuilt need by need from the numbers drawn, with the weights and bands of that draw.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog import catalog
from data.records import Declaration
from data.territories import UnknownTerritory, acv_towns, territory
from diagnostics import cli_robustness, scoring
from diagnostics.availability import UnknownExperiment, assess
from diagnostics.draws import ERROR_RATES, FIVE, KINDS, drawn
from diagnostics.outcomes import Need, alternatives, outcome, situations
from diagnostics.programme import weigh_towns
from diagnostics.readiness import VERDICTS, Required, verdict
from diagnostics.robustness import EVERYTHING, explored, robust, robustness
from diagnostics.scoring import NOT_TESTED, Interval, State

DAY = date(2026, 11, 21)
COUNT = 8  # draws rebuilt by hand in each case
NAMES = tuple(scoring.CHECK_WEIGHTS)
STATUSES = (*FIVE, "not_evaluated", "not_concerned")

checks = st.fixed_dictionaries(
    {name: st.sampled_from((NOT_TESTED, 0.0, 0.3, 1.0)) for name in NAMES}
)
halves = st.sampled_from((0.0, 0.25, 0.5, 1.0))


@st.composite
def needs(draw, established=(True, False), statuses=STATUSES):
    """One need in any situation, hostile ones included; its quality is that of its checks."""
    made = draw(checks)
    status = draw(st.sampled_from(statuses))
    quality = scoring.quality(made)
    if status == "candidate":
        quality = Interval(*sorted((draw(halves), draw(halves))))
    state = State(
        status,
        draw(st.sampled_from(established)),
        draw(st.sampled_from(("exists", "partial", "not_produced", "unknown"))),
        quality,
        draw(st.sampled_from((0.0, 0.4, 0.7, 1.0))),
        all(made[name] != 0 for name in ("link", "readable")),
        *(draw(st.booleans()) for _ in range(3)),
    )
    level = draw(st.sampled_from(tuple(ERROR_RATES)))
    return Need(
        "", draw(st.sampled_from(("indispensable", "useful", "comfort"))), state, made, level
    )


def named(found):
    return [replace(need, dataset=f"d{rank:02d}") for rank, need in enumerate(found)]


lists = st.lists(needs(), min_size=1, max_size=6).map(named)
sources = st.sets(st.sampled_from(KINDS)).map(frozenset)


def tried(*strategies, examples=40):
    return lambda function: settings(
        max_examples=examples, derandomize=True, database=None, deadline=None
    )(given(*strategies)(function))


def pairs(found):
    return tuple((need.dataset, need.criticality) for need in found)


# --- the oracle: one draw, one need, one rule at a time -----------------------------------------


def rebuilt(found, draws, at):
    """The needs of one draw, each as many times as it counts."""
    made = []
    for place, need in enumerate(found):
        copies = draws.copies[place]
        times = int(copies[min(at, len(copies) - 1)])
        made += [(need.criticality, turned(need, draws, place, at))] * times
    return made


def turned(need, draws, place, at):
    state = need.state
    doubtful = scoring.standing(state) in ("not_evaluated", "not_concerned") and not (
        scoring.standing(state) == "not_concerned" and state.reasoned
    )
    made = measured(need, draws, place, at, doubtful)
    if doubtful:
        if draws.values is None:
            return state
        return State(FIVE[draws.statuses[place, at]], quality=made.quality, grounded=True)
    if draws.slips is not None and draws.slips[place, at] < ERROR_RATES[need.evidence_level]:
        found = scoring.standing(state)
        rank = draws.statuses[place, at]
        if found in FIVE:
            rank = (FIVE.index(found) + draws.shifts[place, at]) % 5
            assert FIVE[rank] != found
        existence = "exists" if made.existence == "not_produced" else made.existence
        made = replace(made, status=FIVE[rank], existence=existence)
    if draws.values is not None and scoring.contested(made):
        if draws.granted[place, at]:
            return replace(made, grounded=True)
        return replace(made, status="closed_unjustified")
    return made


def measured(need, draws, place, at, doubtful):
    """The state with the quality of this draw."""
    column = draws.checks[:, min(at, draws.checks.shape[1] - 1)]
    weights = dict(zip(NAMES, column, strict=True))
    values = (
        None if draws.values is None else dict(zip(NAMES, draws.values[place, :, at], strict=True))
    )
    held = need.state.quality
    if need.state.status == "candidate" and not doubtful:
        if values is None:
            return need.state
        middle = sum(weights[name] * values[name] for name in NAMES)
        point = held.low + (held.high - held.low) * middle
        return replace(need.state, quality=Interval(point, point))
    found = {} if doubtful else need.checks
    if values is not None:
        found = {
            name: values[name] if found.get(name, NOT_TESTED) == NOT_TESTED else found[name]
            for name in NAMES
        }
    return replace(need.state, quality=scoring.quality(found, weights))


def bands_of(draws, at):
    def limit(name, ends):
        return float(ends[name][min(at, len(ends[name]) - 1)])

    moved = {
        name: Interval(limit(name, draws.bands.low), limit(name, draws.bands.high))
        for name in draws.bands.low
    }
    return {**scoring.USABLE_BANDS, **moved}, moved["open"].low - 1


def scalar(found, draws, at):
    """Score and verdict of one draw by `scoring` and `readiness`, with that draw's bands."""
    made = rebuilt(found, draws, at)
    weights = {name: float(row[min(at, len(row) - 1)]) for name, row in draws.criticality.items()}
    bands, cap = bands_of(draws, at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "USABLE_BANDS", bands)
        patch.setattr(scoring, "CAP", cap)
        score = scoring.usable_score(made, weights)
    return score, verdict([Required("", criticality, state) for criticality, state in made])


@tried(lists, sources, examples=100)
def test_each_draw_is_what_the_scalar_path_gives(found, kinds):
    same_as_scalar(found, kinds)


@pytest.mark.parametrize("status", STATUSES)
def test_every_situation_alone_is_what_the_scalar_path_gives(status):
    """Random lists may miss a rare one (a contested protection that is refused)."""
    made = {**dict.fromkeys(NAMES, 0.5), "schema": NOT_TESTED}
    flags = itertools.product((True, False), ("exists", "not_produced"), *[(True, False)] * 3)
    for established, existence, *others in flags:
        quality = scoring.quality(made)
        state = State(status, established, existence, quality, 0.7, True, *others)
        for kinds in (EVERYTHING, frozenset(["unknowns"]), frozenset(["status_errors"])):
            same_as_scalar([Need("d00", "indispensable", state, made, "E0")], kinds)


def same_as_scalar(found, kinds):
    draws = drawn("essai", pairs(found), kinds, COUNT)
    made = outcome(situations([found]), draws)
    for at in range(COUNT):
        score, said = scalar(found, draws, at)
        assert VERDICTS[made.verdict[0, at]] == said
        if score is None:
            assert np.isnan(made.low[0, at]) and np.isnan(made.high[0, at])
        else:
            assert made.low[0, at] == pytest.approx(score.low, abs=1e-9)
            assert made.high[0, at] == pytest.approx(score.high, abs=1e-9)


@tried(lists)
def test_where_nothing_is_drawn_the_answer_is_that_of_the_assessment(found):
    made = explored("essai", "Essai", [found], frozenset(), COUNT)[0]
    asked = [(need.criticality, need.state) for need in found]
    score = scoring.usable_score(asked)
    assert made.stability == 1 and made.shares[made.verdict] == 1
    assert (made.usable is None) == (score is None)
    if score:
        assert made.usable.low == pytest.approx(score.low, abs=1e-9)
        assert made.usable.high == pytest.approx(score.high, abs=1e-9)


@tried(st.lists(st.lists(needs(), min_size=3, max_size=3).map(named), min_size=1, max_size=4))
def test_a_town_computed_with_others_gives_what_it_gives_alone(towns):
    levels = [need.criticality for need in towns[0]]
    towns = [[replace(n, criticality=c) for n, c in zip(t, levels, strict=True)] for t in towns]
    together = explored("essai", "Essai", towns, EVERYTHING, COUNT)
    for town, made in zip(towns, together, strict=True):
        alone = explored("essai", "Essai", [town], EVERYTHING, COUNT)[0]
        assert alone.shares == made.shares and alone.verdict == made.verdict
        for mine, its in zip(alone.drivers, made.drivers, strict=True):
            assert mine.effect.low == pytest.approx(its.effect.low, abs=1e-9)


@tried(lists, st.randoms(use_true_random=False))
def test_the_order_of_needs_changes_nothing(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    one, other = (
        explored("essai", "Essai", [made], EVERYTHING, COUNT)[0] for made in (found, mixed)
    )
    assert one == other


@tried(lists)
def test_intervals_hold_together(found):
    made = explored("essai", "Essai", [found], EVERYTHING, 60)[0]
    assert 0 <= made.stability <= 1 and sum(made.shares.values()) == pytest.approx(1)
    if made.usable is None:
        assert not made.drivers
        return
    assert -1e-9 <= made.usable.low <= made.usable.high + 1e-9 <= 100 + 2e-9
    assert [driver.kind for driver in made.drivers] and {d.kind for d in made.drivers} == set(KINDS)
    widths = [driver.width for driver in made.drivers]
    assert widths == sorted(widths, reverse=True) and min(widths) >= 0
    assert all(0 < doubt.points <= 100 + 1e-9 for doubt in made.doubts)


known = needs(established=(True,), statuses=("open", "candidate", "other"))


@tried(st.lists(known, min_size=1, max_size=6).map(named))
def test_what_is_fully_known_owes_nothing_to_the_unknown(found):
    """No unknown, every check run, rows read: drawing the unknowns moves no point."""
    settled = []
    for need in found:
        run = {name: 1.0 if value == NOT_TESTED else value for name, value in need.checks.items()}
        state = replace(need.state, quality=scoring.quality(run), existence="exists")
        settled.append(replace(need, checks=run, state=state, evidence_level="E3"))
    made = explored("essai", "Essai", [settled], EVERYTHING, 60)[0]
    effect = {driver.kind: driver.effect for driver in made.drivers}["unknowns"]
    assert effect.low == pytest.approx(0, abs=1e-9) and effect.high == pytest.approx(0, abs=1e-9)
    assert not made.doubts


# --- the draws themselves -----------------------------------------------------------------------

LIST = tuple(
    (f"d{rank:02d}", level) for rank, level in enumerate(("indispensable",) * 3 + ("useful",) * 6)
)


def test_bands_keep_their_order_and_stay_within_ten_points():
    bands = drawn("essai", LIST, frozenset(["bands"])).bands
    ladder = [
        ends[name] for name in ("candidate", "other", "open") for ends in (bands.low, bands.high)
    ]
    assert all((low <= high).all() for low, high in zip(ladder, ladder[1:], strict=False))
    for name in ("candidate", "other", "open"):
        for ends, end in ((bands.low, "low"), (bands.high, "high")):
            plain = getattr(scoring.USABLE_BANDS[name], end)
            assert ends[name].min() >= max(0, plain - 10) and ends[name].max() <= min(
                100, plain + 10
            )
            assert np.ptp(ends[name]) > 5
    assert (bands.high["closed_justified"] <= bands.low["other"]).all()


def test_weights_move_by_half_at_most_and_a_bound_of_each_is_approached():
    draws = drawn("essai", LIST, frozenset(["weights"]))
    for name, plain in scoring.CRITICALITY_WEIGHTS.items():
        moved = draws.criticality[name] / plain
        assert 0.5 <= moved.min() < 0.52 and 1.48 < moved.max() <= 1.5
    assert np.allclose(draws.checks.sum(axis=0), 1)


def test_one_need_is_left_out_and_a_bootstrap_keeps_as_many_of_each_criticality():
    left = drawn("essai", LIST, frozenset(["needs"])).copies
    assert (left.sum(axis=0) == len(LIST) - 1).all() and (left.min(axis=1) == 0).all()
    again = drawn("essai", LIST, frozenset(["reference"])).copies
    assert (again[:3].sum(axis=0) == 3).all() and (again[3:].sum(axis=0) == 6).all()
    both = drawn("essai", LIST, frozenset(["needs", "reference"])).copies
    assert (both.sum(axis=0) == len(LIST) - 1).all() and not both[left == 0].any()
    assert again.max() > 1


def test_statuses_are_wrong_as_often_as_their_evidence_says():
    states = {
        level: Need(
            "", "useful", State("open", quality=Interval(1, 1)), dict.fromkeys(NAMES, 1.0), level
        )
        for level in ERROR_RATES
    }
    for level, need in states.items():
        found = named([need] * 4)
        draws = drawn("essai", pairs(found), frozenset(["status_errors"]), 4000)
        wrong = outcome(
            situations([found[:1]]),
            drawn("essai", pairs(found[:1]), frozenset(["status_errors"]), 4000),
        )
        share = (wrong.high[0] < 99).mean()
        assert share == pytest.approx(ERROR_RATES[level], rel=0.35)
        assert draws.slips.min() < 0.01


def test_a_list_of_one_need_is_left_whole():
    assert (drawn("essai", LIST[:1], EVERYTHING).copies == 1).all()


def test_an_unknown_need_takes_any_of_the_five_statuses_evenly():
    draws = drawn("essai", LIST, frozenset(["unknowns"]))
    counts = np.bincount(draws.statuses.ravel(), minlength=5) / draws.statuses.size
    assert np.allclose(counts, 0.2, atol=0.02)
    assert len(alternatives(State("not_evaluated"))) == 2 + len(FIVE)


# --- real towns ---------------------------------------------------------------------------------


def test_the_document_has_the_shape_of_the_interface(embedded_store):
    made = robustness(embedded_store, territory("46042"), DAY).as_dict()
    json.dumps(made, allow_nan=False)
    assert made["draws"] == 1000 and isinstance(made["seed"], int)
    assert [one["id"] for one in made["experiments"]] == list(catalog().experiments)
    for one in made["experiments"]:
        assert one["verdict"] in VERDICTS and 0 <= one["stability"] <= 1
        assert 0 <= one["usable"]["low"] <= one["usable"]["high"] <= 100
        assert {driver["kind"] for driver in one["drivers"]} == set(KINDS)
        assert all(set(driver["effect"]) == {"low", "high"} for driver in one["drivers"])
    assert not {"rank", "rang", "position"} & set(made["experiments"][0])
    assert "-0.0" not in json.dumps(made)


def test_the_same_question_gets_the_same_answer_whatever_else_is_asked(embedded_store):
    town = territory("46042")
    every = robustness(embedded_store, town, DAY)
    drawn.cache_clear()
    alone = robustness(embedded_store, town, DAY, ["tree_heritage"])
    assert alone.experiments[0] == next(e for e in every.experiments if e.id == "tree_heritage")
    with pytest.raises(UnknownExperiment):
        robustness(embedded_store, town, DAY, ["arbres"])


def test_verdict_and_score_are_those_of_the_assessment(embedded_store):
    for code in ("46042", "00001", "97611", "dep:46"):
        town = territory(code)
        found = assess(embedded_store, town, DAY).experiments
        for one, made in zip(found, robustness(embedded_store, town, DAY).experiments, strict=True):
            assert (made.id, made.verdict, made.expected) == (one.id, one.verdict, one.expected)
            assert made.score == one.usable


def test_an_unknown_verdict_never_passes_for_a_stable_one(embedded_store):
    """What is resolved cannot stay unknown: agreement is with what is expected, nothing else."""
    for made in robustness(embedded_store, territory("46042"), DAY).experiments:
        if made.verdict == "unknown":
            assert made.shares["unknown"] == 0
            expected = made.shares[made.expected] if made.expected != "unknown" else 0
            assert made.stability == pytest.approx(expected)
            assert any(doubt.decisive for doubt in made.doubts)


def test_to_confirm_a_need_narrows_the_score_by_the_points_announced(store):
    before = robustness(store, territory("46042"), DAY, ["tree_heritage"]).experiments[0]
    doubt = next(made for made in before.doubts if made.decisive)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    store.declare(Declaration("46042", doubt.dataset, "candidate", "not_produced", recorded_at=at))
    after = robustness(store, territory("46042"), DAY, ["tree_heritage"]).experiments[0]
    assert doubt.dataset not in {made.dataset for made in after.doubts}
    assert doubt.points == pytest.approx(
        100
        * 3
        / sum(
            scoring.CRITICALITY_WEIGHTS[need.criticality]
            for need in catalog().experiments["tree_heritage"].needs
        )
    )


def test_towns_alike_are_computed_once_and_answer_alike(embedded_store):
    one = catalog().experiments["heat_islands"]
    cards = [catalog().datasets[need.dataset] for need in one.needs]
    towns = acv_towns()
    made = robust(one, weigh_towns(embedded_store, towns, cards, DAY))
    assert len(made) == len(towns) and len({id(found) for found in made}) < 20
    alone = robustness(embedded_store, towns[100], DAY, ["heat_islands"]).experiments[0]
    assert made[100].shares == alone.shares and made[100].doubts == alone.doubts


# --- at the command line ------------------------------------------------------------------------


@pytest.fixture
def run(embedded_store, capsys):
    """Run the command on the embedded default; gives what it printed."""

    def go(*arguments):
        parser = argparse.ArgumentParser()
        cli_robustness.add(parser.add_subparsers(required=True))
        args = parser.parse_args(["robustness", *arguments])
        args.check(args)
        assert args.run(args, embedded_store) == 0
        return capsys.readouterr().out

    return go


def test_the_command_prints_one_json_document(run):
    made = json.loads(run("46042", "--experiment", "tree_heritage", "--json"))
    assert made["territory"]["code"] == "46042"
    assert [one["id"] for one in made["experiments"]] == ["tree_heritage"]


def test_the_text_says_how_often_and_that_it_is_no_forecast(run):
    text = run("00001", "--experiment", "heat_islands")
    assert text.startswith("Castelvoire (FICTIF), 00001")
    assert "fois sur 1000" in text and "pas une prévision" in text
    unknown = run("46042", "--experiment", "tree_heritage")
    assert "Si l'on tire au hasard ce qui est inconnu" in unknown
    assert "Le même" not in unknown


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [(("99999",), UnknownTerritory), (("46042", "--experiment", "arbres"), UnknownExperiment)],
)
def test_wrong_use_is_refused_before_anything_is_printed(run, capsys, arguments, refusal):
    with pytest.raises(refusal):
        run(*arguments)
    assert capsys.readouterr().out == ""
