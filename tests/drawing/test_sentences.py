"""Sentences an élu repeats: true, in French, and never « 0 projet »."""

from dataclasses import replace

import pytest

from data.territories import territory
from diagnostics.availability import assess
from diagnostics.indicators import compute
from diagnostics.missing import missing_data
from diagnostics.summary import Summary, summary
from drawing import sentences

FACTS = Summary({}, 14, 2, 1, 5, 6, 4, 3, "tree_inventory", 7, True)


def test_the_first_sentence_is_the_heat_where_it_is_known(embedded_store):
    place = territory("46042")
    said, used = sentences.fact(place, compute(embedded_store, place))
    assert said == (
        "À Cahors, on comptait environ 3\u00a0jours par an à 35\u00a0°C ou plus (référence "
        "1976-2005)\u00a0; vers 2050 ce serait 12, entre 7 et 15 selon les modèles, dans une "
        "France à +2,7\u00a0°C."
    )
    assert {value.id for value in used} == {"d35_reference", "d35_2050"}


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("97611", "À Mamoudzou vivent 71\u202f437\u00a0habitants."),
        ("200023737", "Dans la CA du Grand Cahors vivent 42\u202f325\u00a0habitants\u00a0;"),
        ("76351", "Au Havre vivent "),
    ],
)
def test_the_census_speaks_where_nothing_else_is_known(embedded_store, code, start):
    place = territory(code)
    said, _ = sentences.fact(place, compute(embedded_store, place))
    assert said.startswith(start)


def test_a_store_without_anything_still_gives_a_known_fact(empty_store):
    place = territory("46042")
    said, used = sentences.fact(place, compute(empty_store, place))
    assert said == "À Cahors vivent 20\u202f050\u00a0habitants."
    assert used == []


def test_where_nothing_was_checked_it_says_so(embedded_store, today):
    place = territory("46042")
    said = sentences.readiness(place, summary(assess(embedded_store, place, today)))
    assert said == (
        "À Cahors, rien n'a encore été vérifié sur place\u00a0; 7\u00a0projets sur 14 ne "
        "demandent, pour commencer, que des données nationales."
    )


def test_a_project_that_a_coverage_gap_holds_up_is_not_said_to_need_national_data_only(
    embedded_store, today
):
    place = territory("97611")
    facts = summary(assess(embedded_store, place, today))
    assert (facts.checked, facts.n_blocked, facts.national_only) == (False, 0, 6)


def test_a_reduced_form_is_said_apart():
    assert "1 a les données pour commencer, 1 pour une version réduite," in sentences.readiness(
        territory("46042"), FACTS
    )
    reduced = replace(FACTS, n_degraded=2)
    assert "2 ont les données pour une version réduite," in sentences.readiness(
        territory("46042"), reduced
    )


def test_the_count_reads_as_in_council():
    assert sentences.readiness(territory("46042"), replace(FACTS, n_degraded=0)) == (
        "Sur 14\u00a0projets, 2 ont les données pour commencer, 5 les auraient si les services "
        "confirment 6\u00a0données, 4 attendent une donnée\u00a0; pour 3, on ne sait pas encore."
    )


@pytest.mark.parametrize("ready", [0, 1, 3])
@pytest.mark.parametrize("expected", [0, 1, 3])
@pytest.mark.parametrize("blocked", [0, 1, 3])
def test_no_count_is_ever_zero(ready, expected, blocked):
    facts = replace(
        FACTS,
        n_ready=ready,
        n_expected_ready=expected,
        n_blocked=blocked,
        n_unknown=14 - ready - expected - blocked,
    )
    said = sentences.readiness(territory("46042"), facts)
    assert " 0" not in said.replace("\u00a0", " ")
    assert said.endswith(".")
    assert "1 ont" not in said
    assert "1 attendent" not in said
    assert "1 auraient" not in said


def test_the_third_sentence_names_the_first_of_the_list(embedded_store, today):
    place = territory("46042")
    first = missing_data(assess(embedded_store, place, today))[0]
    said = sentences.most_useful(first.title)
    assert first.title[1:] in said
    assert "vérifiées" in sentences.most_useful(None)
