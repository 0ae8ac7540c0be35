"""The gain of an action is exact: the same figure as scoring the experiment again by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.catalog import catalog
from data.records import Declaration
from data.territories import territory
from diagnostics import scoring
from diagnostics.actions import EFFORTS, situation, step
from diagnostics.availability import assess, required
from diagnostics.evidence import Evidence
from diagnostics.missing import gains, missing_data
from diagnostics.readiness import STARTS, verdict
from diagnostics.scoring import Interval

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAHORS = territory("46042")


def evidence(**given):
    said = {"status": "open", "existence": "exists", "provenance": "declared"} | given
    return Evidence(dataset="tree_inventory", evidence_level="E0", **{"reason": "", **said})


def score(needs):
    """Points of an experiment, written again from the text: mean by weight, then the cap."""
    weights = {"indispensable": 3, "useful": 2, "comfort": 1}
    lows = highs = low_weight = high_weight = 0.0
    for need in needs:
        term, weight = scoring.usable_term(need.state), weights[need.criticality]
        if term.low is not None:
            lows, low_weight = lows + weight * term.low, low_weight + weight
        if term.high is not None:
            highs, high_weight = highs + weight * term.high, high_weight + weight
    low, high = lows / low_weight, highs / high_weight
    musts = [need.state for need in needs if need.criticality == "indispensable"]
    if any(scoring.caps_bounds(state)[0] for state in musts):
        low = min(low, 59.0)
    if any(scoring.caps_bounds(state)[1] for state in musts):
        high = min(high, 59.0)
    return low, high


@pytest.mark.parametrize("code", ["46042", "00001", "97611"])
def test_the_gain_of_every_action_is_the_score_computed_again(embedded_store, code):
    made = assess(embedded_store, territory(code), DAY)
    requirements = required(catalog(), made.evidence)
    seen = 0
    for experiment in made.experiments:
        needs = requirements[experiment.id]
        before = score(needs)
        for action in experiment.actions:
            reached = step(made.evidence[action.dataset]).reach
            after = score(
                [
                    replace(need, state=reached(need.state))
                    if need.dataset == action.dataset
                    else need
                    for need in needs
                ]
            )
            moves = sorted(max(0.0, b - a) for a, b in zip(before, after, strict=True))
            assert (action.gain.low, action.gain.high) == pytest.approx(moves)
            seen += 1
    assert seen > 50


def test_what_an_action_unlocks_is_what_really_starts(embedded_store):
    made = assess(embedded_store, territory("00001"), DAY)
    requirements = required(catalog(), made.evidence)
    found = 0
    for dataset, unlocked in made.unlocks.items():
        planned = step(made.evidence[dataset])
        for experiment in unlocked:
            needs = requirements[experiment]
            after = [
                replace(need, state=planned.reach(need.state)) if need.dataset == dataset else need
                for need in needs
            ]
            pairs = [(verdict(needs, s), verdict(after, s)) for s in (False, True)]
            assert any(a not in STARTS and b in STARTS for a, b in pairs)
            found += 1
    assert found


def test_every_action_says_effort_holder_text_and_standard(embedded_store):
    made = assess(embedded_store, CAHORS, DAY)
    cards = catalog().datasets
    for experiment in made.experiments:
        for action in experiment.actions:
            assert action.effort in EFFORTS and action.action and action.holder
            assert action.standard == cards[action.dataset].standard
    trees = next(
        action
        for experiment in made.experiments
        for action in experiment.actions
        if action.dataset == "tree_inventory"
    )
    assert trees.standard == "NaturalSolutions/schema-arbre"
    assert "L. 312-1-1" in trees.legal_basis


@pytest.mark.parametrize(
    ("given", "expected", "effort"),
    [
        ({"status": "not_evaluated", "outside": True}, "not_covered", "L"),
        ({"status": "not_evaluated", "outside": True, "provenance": "assumed"}, "not_covered", "L"),
        ({"status": "closed_unjustified"}, "closed_unjustified", "M"),
        ({"status": "closed_justified"}, "closed_justified", "M"),
        ({"status": "closed_justified", "substitute": "aggregate"}, "protected_ungrounded", "S"),
        ({"status": "candidate", "existence": "not_produced"}, "not_produced", "L"),
        ({"status": "not_evaluated"}, "not_evaluated", "S"),
        ({"status": "open", "provenance": "assumed"}, "assumed_open", "S"),
        ({"status": "candidate", "provenance": "assumed"}, "assumed_candidate", "M"),
        ({"status": "other", "provenance": "assumed"}, "assumed_other", "M"),
        ({"status": "open", "existence": "partial"}, "open_partial", "L"),
        ({"status": "open", "checks": {"link": 0.0}}, "unreachable", "M"),
        ({"status": "other"}, "other", "M"),
    ],
)  # fmt: skip
def test_each_situation_has_its_step(given, expected, effort):
    found = evidence(**given)
    assert situation(found) == expected
    planned = step(found)
    assert planned and planned.effort == effort and planned.text.endswith((".", ")."))
    if expected not in ("closed_justified", "protected_ungrounded", "other", "assumed_other"):
        assert planned.reach(found.state).status == "open"


@pytest.mark.parametrize(
    "given",
    [
        {"status": "not_concerned", "reason": "Pas de réseau."},
        {
            "status": "closed_justified",
            "substitute": "aggregate",
            "legal_ground": "CRPA, L. 311-6",
            "proof": "Avis de la CADA",
            "reason": "Vie privée.",
        },
        {"status": "open", "checks": dict.fromkeys(scoring.CHECK_WEIGHTS, 1.0)},
    ],
)
def test_what_is_settled_has_no_step(given):
    assert step(evidence(**given)) is None


def test_citing_a_text_frees_the_low_bound_and_claims_nothing_of_the_substitute():
    found = evidence(status="closed_justified", substitute="aggregate")
    reached = step(found).reach(found.state)
    assert reached == replace(found.state, grounded=True)
    assert scoring.contested(found.state) and not scoring.contested(reached)
    assert reached.quality == found.state.quality != Interval(1.0, 1.0)


def test_the_gain_of_a_dataset_is_the_greatest_one_never_a_sum(embedded_store):
    made = assess(embedded_store, CAHORS, DAY)
    for dataset, gain in gains(made).items():
        all_of_it = [
            (action.gain.high, experiment.id)
            for experiment in made.experiments
            for action in experiment.actions
            if action.dataset == dataset
        ]
        assert gain.points.high == max(high for high, _ in all_of_it)
        assert (gain.points.high, gain.experiment) in all_of_it


def test_the_missing_list_carries_the_gain(empty_store):
    empty_store.declare(
        Declaration("46042", "tree_inventory", "candidate", "exists", recorded_at=NOON)
    )
    made = assess(empty_store, CAHORS, DAY)
    line = next(one for one in missing_data(made) if one.dataset == "tree_inventory")
    assert line.gain == gains(made)["tree_inventory"].points
    assert line.gain_in == "tree_heritage" and line.gain.high > 5
