"""The verdict rule against an oracle written from the text, in another way than the product."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics import readiness as rule
from diagnostics.readiness import Required, fulfilment, readiness, verdict
from diagnostics.scoring import State

STATUSES = (
    "open", "candidate", "closed_unjustified", "closed_justified", "other", "not_concerned",
    "not_evaluated",
)  # fmt: skip
UNIVERSE = [
    State(
        status=status,
        established=established,
        existence=existence,
        adequacy=adequacy,
        reachable=reachable,
        substitute=substitute,
        reasoned=reasoned,
    )
    for status, established, existence, adequacy, reachable, substitute, reasoned in product(
        STATUSES,
        (True, False),
        ("exists", "partial", "not_produced", "unknown"),
        (0.0, 0.4, 0.7, 1.0),
        (True, False),
        (True, False),
        (True, False),
    )
]
needs_lists = st.lists(
    st.tuples(st.sampled_from(("indispensable", "useful", "comfort")), st.sampled_from(UNIVERSE)),
    max_size=6,
)


def oracle(needs, supposing):
    """ready, degraded, blocked or unknown: four questions asked in the order of the text."""
    concerned = [
        (criticality, state)
        for criticality, state in needs
        if not (
            state.status == "not_concerned"
            and state.reasoned
            and (state.established or supposing)
            and state.existence != "not_produced"
        )
    ]
    unmet = [pair for pair in concerned if says_unmet(pair[1], supposing)]
    if [pair for pair in unmet if pair[0] == "indispensable"]:
        return "blocked"
    if [pair for pair in concerned if pair[0] == "indispensable" and silent(pair[1], supposing)]:
        return "unknown"
    partly = [pair for pair in concerned if says_partly(pair[1], supposing)]
    if [pair for pair in unmet + partly if pair[0] in ("indispensable", "useful")]:
        return "degraded"
    return "ready"


def silent(state, supposing):
    if not state.established and not supposing:
        return True
    return state.existence != "not_produced" and state.status in ("not_evaluated", "not_concerned")


def says_unmet(state, supposing):
    if not state.established and not supposing:
        return False
    unusable = state.status == "open" and (state.adequacy == 0 or not state.reachable)
    unprotected = state.status == "closed_justified" and not state.substitute
    absent = state.existence == "not_produced"
    return absent or unusable or unprotected or state.status in ("candidate", "closed_unjustified")


def says_partly(state, supposing):
    if says_unmet(state, supposing) or silent(state, supposing):
        return False
    if state.status == "open":
        return state.existence == "partial" or state.adequacy == 0.4
    return state.status in ("other", "closed_justified")


def named(needs):
    return [Required(f"jeu_{rank}", *pair) for rank, pair in enumerate(needs)]


@pytest.mark.parametrize("criticality", ("indispensable", "useful", "comfort"))
def test_every_single_state_has_the_verdict_of_the_oracle(criticality):
    for state, supposing in product(UNIVERSE, (False, True)):
        need = [(criticality, state)]
        assert verdict(named(need), supposing) == oracle(need, supposing), (state, supposing)


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(needs_lists)
def test_any_list_of_needs_has_the_verdict_of_the_oracle(needs):
    found = readiness(named(needs))
    assert (found.verdict, found.expected) == (oracle(needs, False), oracle(needs, True))


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(needs_lists)
def test_what_blocks_and_what_to_confirm_explain_the_verdict(needs):
    required = named(needs)
    found = readiness(required)
    by_id = {need.dataset: need for need in required}
    assert bool(found.blocking) == (found.verdict == "blocked")
    assert bool(found.expected_blocking) == (found.expected == "blocked")
    assert all(by_id[dataset].state.established for dataset in found.blocking)
    assert not any(by_id[dataset].state.established for dataset in found.to_confirm)
    if found.verdict != found.expected:
        assert found.to_confirm


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(needs_lists)
def test_confirming_what_is_to_be_confirmed_leaves_the_unknown(needs):
    found = readiness(named(needs))
    if found.verdict != "unknown" or found.expected == "unknown":
        return
    confirmed = [
        replace(need, state=replace(need.state, established=True))
        if need.dataset in found.to_confirm
        else need
        for need in named(needs)
    ]
    assert verdict(confirmed) != "unknown"
    assert (verdict(confirmed) == "blocked") == (found.expected == "blocked")


MET = State("open")
EXAMPLES = {
    "tout est ouvert": ([("indispensable", MET)], "ready"),
    "un utile manque": ([("indispensable", MET), ("useful", State("candidate"))], "degraded"),
    "un confort manque": ([("indispensable", MET), ("comfort", State("candidate"))], "ready"),
    "un indispensable est candidat": ([("indispensable", State("candidate"))], "blocked"),
    "un indispensable est payant": ([("indispensable", State("other"))], "degraded"),
    "protégé sans substitut": ([("indispensable", State("closed_justified"))], "blocked"),
    "protégé avec substitut": (
        [("indispensable", State("closed_justified", substitute=True))],
        "degraded",
    ),
    "au niveau de l'EPCI": ([("indispensable", State("open", adequacy=0.7))], "ready"),
    "au niveau du département": ([("indispensable", State("open", adequacy=0.4))], "degraded"),
    "la source ne couvre pas": (
        [("indispensable", State("open", existence="partial", adequacy=0.0))],
        "blocked",
    ),
    "le lien est mort": ([("indispensable", State("open", reachable=False))], "blocked"),
    "n'existe pas": ([("indispensable", replace(MET, existence="not_produced"))], "blocked"),
    "seulement supposé": ([("indispensable", replace(MET, established=False))], "unknown"),
    "bloqué l'emporte sur inconnu": (
        [("indispensable", State("not_evaluated")), ("indispensable", State("candidate"))],
        "blocked",
    ),
    "sans objet, avec sa raison": (
        [("indispensable", State("not_concerned", reasoned=True)), ("indispensable", MET)],
        "ready",
    ),
    "sans objet, sans raison": ([("indispensable", State("not_concerned"))], "unknown"),
    "un utile supposé candidat": (
        [("indispensable", MET), ("useful", State("candidate", established=False))],
        "ready",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_rule_is_worked_by_hand(name):
    needs, expected = EXAMPLES[name]
    assert verdict(named(needs)) == expected


def test_a_useful_assumption_that_would_reduce_the_project_is_to_be_confirmed():
    found = readiness(named([("indispensable", MET), ("useful", State("candidate", False))]))
    assert (found.verdict, found.expected, found.to_confirm) == ("ready", "degraded", ("jeu_1",))


RULE_FAULTS = {
    "payant suffit": ("other", lambda state: "met"),
    "à publier suffit à moitié": ("candidate", lambda state: "partly"),
    "protégé ne bloque jamais": ("closed_justified", lambda state: "partly"),
    "inconnu ne compte pas": ("not_evaluated", lambda state: "met"),
    "ouvert sans regarder la maille": ("open", lambda state: "met"),
    "sans objet manque": ("not_concerned", lambda state: "unmet"),
}


@pytest.mark.parametrize("fault", RULE_FAULTS)
def test_a_fault_seeded_in_the_rule_is_noticed_by_the_oracle(fault, monkeypatch):
    status, outcome = RULE_FAULTS[fault]
    monkeypatch.setitem(rule._FULFILMENTS, status, outcome)
    wrong = [
        state
        for state in UNIVERSE
        if verdict(named([("indispensable", state)])) != oracle([("indispensable", state)], False)
    ]
    assert wrong


def test_fulfilment_says_out_only_for_what_does_not_concern_the_town():
    outs = {state.status for state in UNIVERSE if fulfilment(state) == "out"}
    assert outs == {"not_concerned"}
