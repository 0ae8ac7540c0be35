"""The arithmetic of scores: properties for any needs, worked examples, and seeded faults.

Each property is a hypothesis test of its own; the seeded faults are planted in the real module one
by one, and the properties must notice every one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from diagnostics import scoring
from diagnostics.scoring import NOT_TESTED, UNKNOWN, Interval, State

STATUSES = ("open", "candidate", "closed_unjustified", "closed_justified", "other")
NAMES = tuple(scoring.CHECK_WEIGHTS)
TINY = 1e-9

values = st.sampled_from((NOT_TESTED, 0.0, 0.25, 0.5, 0.9, 1.0))
checks = st.fixed_dictionaries({name: values for name in NAMES})
adequacies = st.sampled_from((0.0, 0.4, 0.7, 1.0))
criticalities = st.sampled_from(tuple(scoring.CRITICALITY_WEIGHTS))
qualities = st.sampled_from(
    [
        Interval(low, high)
        for low in (0, 0.3, 0.625, 1)
        for high in (0, 0.3, 0.925, 1)
        if low <= high
    ]
)


def states(statuses=STATUSES, established=(True, False)):
    """Any state of these statuses."""
    return st.builds(
        State,
        status=st.sampled_from(statuses),
        established=st.sampled_from(established),
        existence=st.sampled_from(("exists", "partial", "not_produced", "unknown")),
        quality=qualities,
        adequacy=adequacies,
        substitute=st.booleans(),
        grounded=st.booleans(),
        reasoned=st.booleans(),
    )


known_states = states(established=(True,))
any_states = states((*STATUSES, "not_concerned", "not_evaluated"))
needs_lists = st.lists(st.tuples(criticalities, any_states), max_size=5)
unconcerned = State("not_concerned", reasoned=True)
unknown = State("not_evaluated")
protected = State("closed_justified", grounded=True)
best = State("open", quality=Interval(1, 1))
worst = State("open", quality=Interval(0, 0), adequacy=0.0)


def property_of(*strategies):
    """A property tried on the same drawn cases every time, so that a failure can be replayed."""
    return lambda function: settings(
        max_examples=100,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate),
    )(given(*strategies)(function))


def scores(needs):
    return scoring.usable_score(needs), scoring.openness_score(needs)


def inside(inner, outer):
    if inner is None or outer is None:  # nothing left to score: nothing to contain
        return True
    return outer.low - TINY <= inner.low and inner.high <= outer.high + TINY


def never_lower(after, before):
    if after is None or before is None:
        return after is before
    return after.low >= before.low - TINY and after.high >= before.high - TINY


@property_of(needs_lists)
def test_every_score_stays_between_0_and_100_with_low_under_high(needs):
    found = [*scores(needs), *(scoring.usable(state) for _, state in needs)]
    found += [scoring.openness(state) for _, state in needs]
    for interval in filter(None, found):
        assert -TINY <= interval.low <= interval.high + TINY <= 100 + 2 * TINY
    assert 0 <= scoring.evaluated_share(needs) <= 1


@property_of(
    checks, st.sampled_from(NAMES), st.floats(0, 1), adequacies, criticalities, needs_lists
)
def test_improving_a_check_never_lowers_a_score(made, name, better, adequacy, criticality, needs):
    old = made[name]
    better = max(better, old if isinstance(old, float) else 0.0)
    for status in ("open", "other"):
        before = State(status, quality=scoring.quality({**made, name: 0.0}), adequacy=adequacy)
        if isinstance(old, float):
            before = replace(before, quality=scoring.quality(made))
        after = replace(before, quality=scoring.quality({**made, name: better}))
        assert never_lower(scoring.usable(after), scoring.usable(before))
        pairs = zip(
            scores([*needs, (criticality, after)]),
            scores([*needs, (criticality, before)]),
            strict=True,
        )
        assert all(never_lower(now, was) for now, was in pairs)


@property_of(states(("open",), (True,)), known_states)
def test_any_open_need_scores_at_least_as_much_as_any_other(opened, other):
    opened = replace(opened, existence="exists")
    if other.status == "open" and other.existence != "not_produced":
        other = replace(other, existence="not_produced")
    fullest = replace(other, quality=Interval(1, 1), adequacy=1.0)
    for axis in (scoring.usable, scoring.openness):
        for rival in filter(None, (axis(other), axis(fullest))):
            assert axis(opened).low >= rival.high - TINY
            assert axis(worst).low >= rival.high - TINY


@property_of(needs_lists, criticalities, st.integers(0, 7))
def test_a_need_that_does_not_concern_the_town_changes_nothing(needs, criticality, place):
    longer = [*needs[:place], (criticality, unconcerned), *needs[place:]]
    assert scores(longer) == scores(needs)
    assert scoring.evaluated_share(longer) == scoring.evaluated_share(needs)


@property_of(needs_lists, criticalities, st.booleans())
def test_a_rightly_protected_need_leaves_openness_unchanged(needs, criticality, substitute):
    state = replace(protected, substitute=substitute)
    assert scoring.openness_score([*needs, (criticality, state)]) == scoring.openness_score(needs)


@property_of(needs_lists, criticalities, any_states)
def test_resolving_an_unknown_stays_inside_its_interval(needs, criticality, resolved):
    before, after = ([*needs, (criticality, state)] for state in (unknown, resolved))
    if resolved.status == "not_concerned" and not resolved.reasoned:
        return  # a word without a reason resolves nothing
    for was, now in zip(scores(before), scores(after), strict=True):
        assert inside(now, was)


@property_of(checks, st.sampled_from(NAMES), adequacies)
def test_a_check_not_run_lies_between_failed_and_passed(made, name, adequacy):
    def points(value):
        quality = scoring.quality({**made, name: value})
        return scoring.usable(State("open", quality=quality, adequacy=adequacy))

    untested, failed, passed = points(NOT_TESTED), points(0.0), points(1.0)
    assert untested.low == pytest.approx(failed.low)
    assert untested.high == pytest.approx(passed.high)


@property_of(st.sampled_from(NAMES))
def test_a_check_not_run_is_neither_a_failure_nor_a_success(name):
    others = dict.fromkeys(NAMES, 1.0)
    untested = scoring.quality({**others, name: NOT_TESTED})
    assert untested.low < 1 and untested.high == pytest.approx(1)
    assert scoring.quality({**others, name: 0.0}).high < 1


@property_of(needs_lists)
def test_an_unknown_indispensable_need_caps_the_lower_bound_alone(needs):
    longer = [*needs, ("indispensable", unknown), ("indispensable", best)]
    assert scoring.usable_score(longer).low <= scoring.CAP + TINY
    assert scoring.usable_score([("useful", best)] * 9 + [("indispensable", unknown)]) == Interval(
        59, 100
    )


@property_of(needs_lists, st.sampled_from(("candidate", "closed_unjustified", "closed_justified")))
def test_a_missing_indispensable_need_caps_both_bounds(needs, status):
    capped = scoring.usable_score(
        [*needs, *[("useful", best)] * 9, ("indispensable", State(status))]
    )
    assert capped.high <= 59
    produced = replace(best, existence="not_produced")
    assert scoring.usable_score([*[("useful", best)] * 9, ("indispensable", produced)]).high <= 59


@property_of(needs_lists, criticalities, checks, adequacies, st.booleans())
def test_a_protection_without_ground_counts_as_contested_in_the_lower_bound(
    needs, criticality, made, adequacy, substitute
):
    valid = State(
        "closed_justified", quality=scoring.quality(made), adequacy=adequacy,
        substitute=substitute, grounded=True,
    )  # fmt: skip
    bare, unjustified = replace(valid, grounded=False), State("closed_unjustified")
    found = [scores([*needs, (criticality, state)]) for state in (valid, bare, unjustified)]
    assert found[1][0].low == pytest.approx(found[2][0].low)
    assert found[1][0].high == pytest.approx(found[0][0].high)
    if found[1][1] is not None:
        assert found[1][1].low == pytest.approx(found[2][1].low)
        assert found[1][1].high == pytest.approx(found[0][1].high)


@property_of(needs_lists, criticalities)
def test_not_concerned_without_a_reason_weighs_like_unknown_in_the_lower_bound(needs, criticality):
    needs = [*needs, ("useful", best)]
    bare = replace(unconcerned, reasoned=False)
    for axis in (scoring.usable_score, scoring.openness_score):
        said = axis([*needs, (criticality, bare)])
        assert said.low == pytest.approx(axis([*needs, (criticality, unknown)]).low)
        assert said.high == pytest.approx(axis(needs).high)


@property_of(checks, adequacies, st.sampled_from(("open", "other")))
def test_a_coarser_source_or_a_dead_link_earns_less(made, adequacy, status):
    state = State(status, quality=scoring.quality(made), adequacy=adequacy)
    whole = scoring.usable(replace(state, adequacy=1.0))
    floor = scoring.USABLE_BANDS[status].low
    assert scoring.usable(state).low - floor == pytest.approx((whole.low - floor) * adequacy)
    assert scoring.usable(state).high - floor == pytest.approx((whole.high - floor) * adequacy)
    assert scoring.quality({**made, "link": 0.0}) == Interval(0, 0)


@property_of(needs_lists, criticalities, known_states)
def test_an_assumed_status_scores_as_not_evaluated_whatever_it_says(needs, criticality, state):
    assumed = replace(state, established=False)
    assert scores([*needs, (criticality, assumed)]) == scores([*needs, (criticality, unknown)])


@property_of(
    st.permutations(range(5)),
    st.lists(st.tuples(criticalities, any_states), min_size=5, max_size=5),
)
def test_the_order_of_needs_does_not_matter(order, needs):
    shuffled = [needs[place] for place in order]
    for one, other in zip(scores(needs), scores(shuffled), strict=True):
        assert (one is None) == (other is None)
        assert one is None or (one.low, one.high) == pytest.approx((other.low, other.high))


@property_of(criticalities, criticalities, known_states)
def test_a_more_critical_need_weighs_more(light, heavy, state):
    weights = scoring.CRITICALITY_WEIGHTS
    assert (weights["indispensable"], weights["useful"], weights["comfort"]) == (3, 2, 1)
    if weights[heavy] >= weights[light]:
        base, worst = [("useful", best)], State("closed_unjustified")
        lighter = scoring.openness_score([*base, (light, worst)]).high
        assert scoring.openness_score([*base, (heavy, worst)]).high <= lighter + TINY


# --- seeded faults -------------------------------------------------------------------------------

_CAPS, _STANDING, _PLACED = scoring.caps_bounds, scoring.standing, scoring._placed


def _caps_forgetting_the_unknown(state):
    forgotten = scoring.standing(state) == "not_evaluated"
    return (False, False) if forgotten else _CAPS(state)


def _caps_hitting_the_upper_bound_too(state):
    return (any(_CAPS(state)),) * 2


def _standing_blind_to_existence(state, supposing=False):
    return _STANDING(replace(state, existence="exists"), supposing)


FAULTS: dict[str, tuple[Callable[[], None], dict[str, object]]] = {
    "une donnée protégée compte dans l'ouverture": (
        test_a_rightly_protected_need_leaves_openness_unchanged,
        {
            "OUT_OF_OPENNESS": frozenset(),
            "OPENNESS_BANDS": {**scoring.OPENNESS_BANDS, "closed_justified": scoring.NOTHING},
        },
    ),
    "non évalué vaut 0": (
        test_resolving_an_unknown_stays_inside_its_interval,
        {"UNKNOWN": scoring.NOTHING},
    ),
    "non évalué vaut 100": (
        test_resolving_an_unknown_stays_inside_its_interval,
        {"UNKNOWN": Interval(100, 100)},
    ),
    "non testé vaut échec": (
        test_a_check_not_run_is_neither_a_failure_nor_a_success,
        {"UNTESTED": scoring.NOTHING},
    ),
    "non testé vaut réussite": (
        test_a_check_not_run_is_neither_a_failure_nor_a_success,
        {"UNTESTED": Interval(1, 1)},
    ),
    "sans objet vaut manquant": (
        test_a_need_that_does_not_concern_the_town_changes_nothing,
        {"_unconcerned": lambda state: scoring.Term(0.0, 0.0)},
    ),
    "sans objet sans raison est cru": (
        test_not_concerned_without_a_reason_weighs_like_unknown_in_the_lower_bound,
        {"_unconcerned": lambda state: scoring.OUT},
    ),
    "bandes qui se chevauchent": (
        test_any_open_need_scores_at_least_as_much_as_any_other,
        {"USABLE_BANDS": {**scoring.USABLE_BANDS, "other": Interval(30, 65)}},
    ),
    "bandes d'ouverture qui se chevauchent": (
        test_any_open_need_scores_at_least_as_much_as_any_other,
        {"OPENNESS_BANDS": {**scoring.OPENNESS_BANDS, "candidate": Interval(15, 61)}},
    ),
    "poids négatif d'un contrôle": (
        test_improving_a_check_never_lowers_a_score,
        {"CHECK_WEIGHTS": {**scoring.CHECK_WEIGHTS, "freshness": -0.15}},
    ),
    "poids négatif d'une criticité": (
        test_every_score_stays_between_0_and_100_with_low_under_high,
        {"CRITICALITY_WEIGHTS": {**scoring.CRITICALITY_WEIGHTS, "comfort": -1}},
    ),
    "l'inconnu indispensable ne plafonne pas": (
        test_an_unknown_indispensable_need_caps_the_lower_bound_alone,
        {"caps_bounds": _caps_forgetting_the_unknown},
    ),
    "l'inconnu plafonne aussi le haut": (
        test_an_unknown_indispensable_need_caps_the_lower_bound_alone,
        {"caps_bounds": _caps_hitting_the_upper_bound_too},
    ),
    "pas de plafond": (
        test_a_missing_indispensable_need_caps_both_bounds,
        {"CAP": 100.0},
    ),
    "un motif sans texte est cru": (
        test_a_protection_without_ground_counts_as_contested_in_the_lower_bound,
        {"contested": lambda state: False},
    ),
    "un lien mort ne coûte rien": (
        test_a_coarser_source_or_a_dead_link_earns_less,
        {"GATE": "documentation"},
    ),
    "la maille ne compte pas": (
        test_a_coarser_source_or_a_dead_link_earns_less,
        {"_placed": lambda band, state: _PLACED(band, replace(state, adequacy=1.0))},
    ),
    "un statut supposé compte comme constaté": (
        test_an_assumed_status_scores_as_not_evaluated_whatever_it_says,
        {"standing": lambda state, supposing=False: _STANDING(state, True)},
    ),
    "ce qui n'est pas produit garde son statut": (
        test_a_missing_indispensable_need_caps_both_bounds,
        {"standing": _standing_blind_to_existence},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_seeded_in_the_model_is_noticed_by_its_property(fault, monkeypatch):
    check, patches = FAULTS[fault]
    for name, value in patches.items():
        monkeypatch.setattr(scoring, name, value)
    # A fault may break an assertion or the arithmetic itself (a sum of weights that reaches 0).
    with pytest.raises((AssertionError, ZeroDivisionError)):
        check()


# --- worked by hand ------------------------------------------------------------------------------


def test_the_quality_of_a_fetched_dataset_is_worked_by_hand():
    made = {"licence": 1.0, "readable": 1.0, "link": 1.0, "freshness": 0.5}
    found = scoring.quality({**dict.fromkeys(NAMES, NOT_TESTED), **made})
    # 0.20 + 0.20 + 0.15 + 0.15 / 2 tested; schema 0.20 and documentation 0.10 open
    assert (found.low, found.high) == pytest.approx((0.625, 0.925))


def test_an_experiment_is_worked_by_hand():
    needs = [
        ("indispensable", State("open", quality=Interval(0.5, 1.0), adequacy=0.7)),  # 74 to 88
        ("useful", State("candidate", quality=Interval(0.25, 1.0))),  # 13.75 to 25
        ("useful", unknown),  # 0 to 100
        ("comfort", State("other", quality=Interval(1, 1))),  # 55
    ]
    found = scoring.usable_score(needs)
    assert found.low == pytest.approx((3 * 74 + 2 * 13.75 + 0 + 55) / 8)
    assert found.high == pytest.approx((3 * 88 + 2 * 25 + 2 * 100 + 55) / 8)
    assert scoring.evaluated_share(needs) == pytest.approx(6 / 8)


def test_a_score_is_null_when_no_need_is_left():
    assert scores([]) == (None, None)
    assert scores([("indispensable", unconcerned)]) == (None, None)
    assert scoring.openness_score([("indispensable", protected)]) is None
    assert scoring.usable_score([("indispensable", protected)]) == Interval(0, 0)


def test_not_produced_scores_zero_on_both_axes_and_the_unknown_does_not():
    absent = replace(best, existence="not_produced")
    assert scoring.usable(absent) == scoring.openness(absent) == Interval(0, 0)
    assert scoring.usable(unknown) == scoring.openness(unknown) == UNKNOWN


def test_a_gain_is_the_move_of_both_bounds_never_negative():
    assert scoring.gain(Interval(20, 80), Interval(60, 100)) == Interval(20, 40)
    assert scoring.gain(Interval(20, 100), Interval(60, 90)) == Interval(0, 40)
    assert scoring.gain(None, Interval(60, 90)) == Interval(0, 0)
