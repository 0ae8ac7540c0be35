"""The 244 towns together: same answers as one by one, counted, never ranked, and fast."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime

import pytest

from data.catalog import catalog
from data.records import Declaration
from data.territories import acv_towns, territory
from diagnostics.availability import UnknownExperiment, assess
from diagnostics.programme import programme, scdl_candidate

DAY = date(2026, 11, 21)
SECONDS = 3.0  # of processor, whatever else the machine does; about 0.3 once towns are loaded


def say(store, town, dataset, status, **given):
    at = datetime(2026, 11, 20, tzinfo=UTC)
    store.declare(Declaration(town, dataset, status, "exists", recorded_at=at, **given))


def test_the_document_has_every_key_of_the_interface(embedded_store):
    made = programme(embedded_store, DAY).as_dict()
    json.dumps(made, allow_nan=False)
    assert [one["id"] for one in made["experiments"]] == list(catalog().experiments)
    verdicts = {"ready", "degraded", "blocked", "unknown"}
    for one in made["experiments"]:
        assert set(one["verdicts"]) == set(one["expected"]) == verdicts
        assert sum(one["verdicts"].values()) == sum(one["expected"].values()) == 244
        assert all(set(town) >= {"code", "name", "verdict", "expected"} for town in one["towns"])
        assert all(isinstance(unlock["towns"], int) for unlock in one["unlocks"])
    for row in made["datasets"]:
        counts = [row[f"towns_{name}"] for name in ("open", "missing", "not_evaluated")]
        assert sum(counts) == 244 and isinstance(row["scdl_candidate"], bool)


def test_towns_follow_their_codes_and_none_is_ranked(embedded_store):
    for one in programme(embedded_store, DAY).as_dict()["experiments"]:
        codes = [town["code"] for town in one["towns"]]
        assert codes == sorted(codes) == [town.code for town in acv_towns()]
        assert not {"rank", "rang", "position", "score"} & set(one["towns"][0])


def test_the_fictional_town_is_never_counted_with_the_real_ones(embedded_store):
    for one in programme(embedded_store, DAY).experiments:
        assert "00001" not in {town.code for town in one.towns}


def test_each_town_has_the_verdict_it_has_alone(store):
    say(store, "46042", "tree_inventory", "open")
    say(store, "46042", "admin_boundaries", "open")
    say(store, "84007", "tree_inventory", "candidate")
    say(store, "62765", "street_lights", "not_concerned", reason="Sans éclairage communal.")
    found = {
        one.id: {town.code: town for town in one.towns} for one in programme(store, DAY).experiments
    }
    for code in ("46042", "84007", "62765", "97611", acv_towns()[7].code):
        for alone in assess(store, territory(code), DAY).experiments:
            town = found[alone.id].get(code)
            if town is None:
                continue
            together = (town.verdict, town.expected, town.blocking, town.to_confirm)
            assert together == (alone.verdict, alone.expected, alone.blocking, alone.to_confirm)
            assert (town.low, town.high) == tuple(alone.usable.as_dict().values())
    assert found["tree_heritage"]["46042"].verdict == "ready"
    assert found["tree_heritage"]["84007"].blocking == ("tree_inventory",)


def test_unlocks_count_the_towns_where_one_dataset_is_enough(store):
    before = {unlock.dataset: unlock.towns for unlock in _trees(store).unlocks}
    assert before == {"tree_inventory": 244}
    say(store, "46042", "tree_inventory", "open")
    # In Cahors only a confirmation is left; elsewhere the inventory is what lacks.
    after = {unlock.dataset: unlock.towns for unlock in _trees(store).unlocks}
    assert after == {"tree_inventory": 243, "admin_boundaries": 1}


def _trees(store):
    return programme(store, DAY, ["tree_heritage"]).experiments[0]


def test_one_experiment_alone_lists_its_own_datasets(embedded_store):
    made = programme(embedded_store, DAY, ["tree_heritage"])
    needs = [need.dataset for need in catalog().experiments["tree_heritage"].needs]
    assert [row.dataset for row in made.datasets] == needs
    with pytest.raises(UnknownExperiment):
        programme(embedded_store, DAY, ["arbres"])


def test_a_town_that_a_source_leaves_out_is_neither_open_nor_missing(embedded_store):
    """The census by IRIS is embedded; the départements its source leaves out are not « open »."""
    source = catalog().datasets["iris_population"].sources[0]
    outside = [town for town in acv_towns() if town.departement in source.excluded_departements]
    row = next(
        made
        for made in programme(embedded_store, DAY).datasets
        if made.dataset == "iris_population"
    )
    assert outside and row.towns_not_evaluated == len(outside)
    assert row.towns_missing == 0
    assert row.towns_open == 244 - len(outside)


def test_a_common_schema_is_proposed_for_local_data_without_one():
    reference = catalog()
    flagged = {key for key, card in reference.needs().items() if scdl_candidate(card, reference)}
    assert {"tree_inventory", "runoff_hotspots"} <= flagged and "cool_places" not in flagged
    for key in flagged:
        card = reference.datasets[key]
        assert card.scdl == "candidate" or (card.producer == "local_public" and not card.standard)


def test_the_programme_of_244_towns_is_computed_in_time(embedded_store):
    start = time.process_time()
    programme(embedded_store, DAY)
    assert time.process_time() - start < SECONDS
