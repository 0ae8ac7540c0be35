"""The ordered list of missing data, and the facts behind the sentences for élus."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from data.catalog import catalog
from data.records import Declaration
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.missing import missing_data, to_confirm
from diagnostics.summary import summary

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAHORS = territory("46042")


def say(store, dataset, status, existence="exists", **given):
    store.declare(Declaration("46042", dataset, status, existence, recorded_at=NOON, **given))


def assessed(store, place=CAHORS, experiments=None):
    return assess(store, place, DAY, experiments)


def line(store, dataset):
    return next(made for made in missing_data(assessed(store)) if made.dataset == dataset)


def test_the_last_blockers_come_first_then_those_that_block_most(embedded_store):
    lines = missing_data(assessed(embedded_store))
    keys = [(-len(made.unlocks), -len(made.blocks)) for made in lines]
    assert keys == sorted(keys)
    assert lines[0].unlocks and not lines[-1].unlocks


def test_a_dataset_that_shares_the_block_with_another_does_not_unlock_alone(empty_store):
    needs = catalog().experiments["cool_routes"].needs
    candidates = [
        need.dataset
        for need in needs
        if need.criticality == "indispensable"
        and catalog().datasets[need.dataset].likely_status == "candidate"
    ]
    assert len(candidates) > 1
    for dataset in candidates:
        found = line(empty_store, dataset)
        assert "cool_routes" in found.blocks and "cool_routes" not in found.unlocks


def test_a_line_says_what_who_why_and_what_to_do(empty_store):
    found = line(empty_store, "tree_inventory")
    assert found.title == "Inventaire des arbres" and found.producer == "local_public"
    assert found.holder == "Commune (espaces verts)" and found.where_to_look
    assert found.criticality == "indispensable" and found.effort == "M"
    assert found.unlocks == ("tree_heritage",) == found.blocks
    assert {use.experiment for use in found.uses} >= {"tree_heritage", "heat_islands"}
    assert found.standard == "NaturalSolutions/schema-arbre"
    assert "publier" in found.next_step and "CRPA" in found.legal


def test_how_a_lack_is_known_is_never_merged(empty_store):
    say(empty_store, "tree_inventory", "candidate")
    say(empty_store, "street_lights", None, existence="not_produced")
    say(empty_store, "brownfields", "not_evaluated", existence="unknown")
    lines = {made.dataset: made for made in missing_data(assessed(empty_store))}
    assert lines["tree_inventory"].certainty == "established"
    assert (lines["street_lights"].certainty, lines["street_lights"].effort) == ("established", "L")
    assert lines["brownfields"].certainty == "to_ask"
    assert lines["cool_places"].certainty == "supposed"


def test_what_is_assumed_open_waits_for_a_word_and_is_not_missing(empty_store):
    made = assessed(empty_store)
    missing = {found.dataset for found in missing_data(made)}
    awaited = to_confirm(made)
    assert "admin_boundaries" in awaited and "land_cover" in awaited
    assert not missing & set(awaited)


def test_open_and_unconcerned_data_leave_the_list(empty_store):
    say(empty_store, "tree_inventory", "open")
    say(empty_store, "street_lights", "not_concerned", reason="Réseau repris par le syndicat.")
    missing = {found.dataset for found in missing_data(assessed(empty_store))}
    assert not missing & {"tree_inventory", "street_lights"}


def test_each_missing_dataset_appears_once(embedded_store):
    found = [made.dataset for made in missing_data(assessed(embedded_store))]
    assert len(found) == len(set(found))


def test_no_legal_duty_is_claimed_for_a_small_commune(empty_store):
    small = next(
        place
        for code in ("46001", "46002", "46003")
        if (place := territory(code)).population and place.population < 3500
    )
    found = {made.dataset: made for made in missing_data(assessed(empty_store, small))}
    assert found["tree_inventory"].legal is None


# --- the facts behind the sentences --------------------------------------------------------------


def test_the_four_groups_of_projects_add_up(embedded_store, empty_store):
    for store in (embedded_store, empty_store):
        found = summary(assessed(store))
        groups = found.n_ready + found.n_expected_ready + found.n_blocked + found.n_unknown
        assert groups == found.n_experiments == 14
        assert found.national_only == 7


def test_where_nothing_was_looked_at_it_is_said(empty_store, embedded_store):
    assert not summary(assessed(empty_store)).checked
    assert not summary(assessed(embedded_store)).checked  # what ships with the product is no check
    say(empty_store, "tree_inventory", "candidate")
    assert summary(assessed(empty_store)).checked


def test_the_dataset_that_would_help_most_is_the_first_missing_one(embedded_store):
    made = assessed(embedded_store)
    assert summary(made).best_next == missing_data(made)[0].dataset


def test_points_to_confirm_are_those_of_the_projects_that_would_start(empty_store):
    found = summary(assessed(empty_store))
    starting = [one for one in assessed(empty_store).experiments if one.expected == "degraded"]
    awaited = {dataset for one in starting for dataset in one.to_confirm}
    assert (found.n_expected_ready, found.points_to_confirm) == (7, len(awaited))


@pytest.mark.parametrize("status", ["candidate", "closed_unjustified"])
def test_a_declared_lack_counts_a_project_as_waiting_for_data(empty_store, status):
    shown = {"trace": "written_refusal", "evidence": "Courriel du 3 mai 2026"}
    say(empty_store, "tree_inventory", status, **shown)
    found = summary(assessed(empty_store, experiments=["tree_heritage"]))
    assert (found.n_experiments, found.n_blocked) == (1, 1)
