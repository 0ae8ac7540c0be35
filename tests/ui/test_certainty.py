"""Ce que l'on sait, ce que l'on ignore: what the screen claims, and the weights one may move."""

import pytest

from data.territories import territory
from diagnostics.availability import assess
from diagnostics.reweighing import reweighed
from diagnostics.scoring import CHECK_WEIGHTS, CRITICALITY_WEIGHTS
from drawing import tornado
from tests.ui.conftest import words

PAGE = "ce_que_l_on_sait"


def test_the_screen_counts_what_is_known_once_each(screen, embedded_store, today):
    made = assess(embedded_store, territory("46042"), today)
    asked = {need.dataset for one in made.experiments for need in one.needs}
    evidence = [made.evidence[dataset] for dataset in asked]
    said = words(screen(PAGE, embedded_store, territoire="46042"))
    assert len(evidence) == sum(made.counts.values())
    assert f"**{len(evidence)}\u00a0données**" in said
    established = sum(one.established and one.status != "not_evaluated" for one in evidence)
    assert f">{established}</strong>" in said and "Constatées ou déclarées" in said


def test_an_unknown_verdict_is_never_said_stable(screen, embedded_store):
    every = words(screen(PAGE, embedded_store, territoire="46042"))
    assert "à confirmer d&#x27;abord" in every and "Le même verdict" not in every
    one = words(screen(PAGE, embedded_store, territoire="46042", experience="heat_islands"))
    assert "Ce n&#x27;est pas une prévision" in one and "l&#x27;on fait varier" not in one
    assert "le verdict l&#x27;attend" in one


def test_a_verdict_is_said_with_its_number_of_draws(screen, embedded_store):
    said = words(screen(PAGE, embedded_store, territoire="00001", experience="heat_islands"))
    assert "l&#x27;on fait varier" in said and "1\u202f000 tirages" in said
    assert (
        "Ce qui change d&#x27;un tirage à l&#x27;autre" in said and "La liste des données" in said
    )
    for banned in ("rang", "classement", "meilleure ville"):
        assert f" {banned} " not in said


def _slider(test, key):
    return next(made for made in test.slider if made.key == key)


def test_weights_move_scores_and_come_back(screen, embedded_store):
    test = screen(PAGE, embedded_store, territoire="00001")
    assert "aucun score ne change" in words(test)
    _slider(test, "poids_licence").set_value(0).run()
    assert not test.exception and "scores changent" in words(test)
    next(made for made in test.button if "référentiel" in made.label).click().run()
    assert "aucun score ne change" in words(test)
    assert _slider(test, "poids_licence").value == 20


def test_all_checks_at_zero_is_said_and_computes_nothing(screen, embedded_store):
    test = screen(PAGE, embedded_store, territoire="00001")
    for name in CHECK_WEIGHTS:
        _slider(test, f"poids_{name}").set_value(0)
    test.run()
    assert not test.exception and "au-dessus de zéro" in words(test)
    assert "Avec les vôtres" not in words(test)


def test_bands_and_verdicts_cannot_be_played_with(screen, embedded_store):
    test = screen(PAGE, embedded_store, territoire="00001")
    assert len(test.slider) == len(CHECK_WEIGHTS) + len(CRITICALITY_WEIGHTS)
    assert "Les verdicts n'en dépendent pas" in words(test)


def test_the_weights_of_the_reference_change_nothing(embedded_store, today):
    for code in ("46042", "00001"):
        found = assess(embedded_store, territory(code), today)
        for made in reweighed(found, CHECK_WEIGHTS, CRITICALITY_WEIGHTS):
            assert made.before == made.after
        # Their share counts, not their size.
        doubled = {name: 2 * share for name, share in CHECK_WEIGHTS.items()}
        for made in reweighed(found, doubled, CRITICALITY_WEIGHTS):
            assert made.after.low == pytest.approx(made.before.low)


@pytest.mark.parametrize(
    ("checks", "levels"),
    [
        (dict.fromkeys(CHECK_WEIGHTS, 0.0), CRITICALITY_WEIGHTS),
        ({**CHECK_WEIGHTS, "link": -1.0}, CRITICALITY_WEIGHTS),
        (CHECK_WEIGHTS, {**CRITICALITY_WEIGHTS, "useful": 0}),
        ({"licence": 1.0}, CRITICALITY_WEIGHTS),
    ],
)
def test_weights_that_weigh_nothing_are_refused(embedded_store, today, checks, levels):
    found = assess(embedded_store, territory("00001"), today)
    with pytest.raises(ValueError, match="poids"):
        reweighed(found, checks, levels)


def test_a_bar_says_in_words_what_it_draws():
    assert tornado.effect(-13.2, 6.4) == "de −13 à +6\u00a0points"
    assert tornado.effect(-0.3, 0.4) == "moins d'un point"
    assert tornado.effect(1.2, 1.2) == "+1\u00a0point"
    assert tornado.reach([]) == 1.0
    drawn = tornado.bar(-10, 5, 10, "light")
    assert 'aria-label="de −10 à +5' in drawn
    assert "left:0.00%;width:50.00%" in drawn and "left:50.00%;width:25.00%" in drawn
