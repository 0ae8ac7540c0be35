"""What a town's portal lists counts as evidence beside the national catalogue."""

from __future__ import annotations

import json
from datetime import datetime

import pandas as pd
import pytest

from data.catalog import catalog
from data.territories import territory
from diagnostics.holdings import known
from tests.diagnostics.test_availability import fetch, need, publish

CAHORS = territory("46042")


def list_on_portal(store, dataset, **given):
    """One line of a portal, matched to a dataset."""
    card = catalog().datasets["portal_datasets"]
    line = dict.fromkeys((column.name for column in card.columns), None)
    line |= {
        "territory": "46042", "id": f"portail:{dataset}", "title": "Arbres", "level": "commune",
        "url": "https://exemple.test/portail/arbres", "publisher": "Ville", "licence": "lov2",
        "formats": json.dumps(["csv"]), "matched": json.dumps([dataset]), "frequency": "annual",
        "updated_at": datetime(2026, 6, 1), "portal": "https://exemple.test",
        "portal_kind": "ckan", "routes": json.dumps(["portal"]),
        "resources": json.dumps([{"available": True}]),
    }  # fmt: skip
    store.save(card, fetch("portal_datasets"), pd.DataFrame([{**line, **given}]))


def test_a_dataset_of_a_portal_is_observed_and_its_reason_says_where(empty_store):
    assert need(empty_store, "tree_inventory")["provenance"] == "assumed"
    list_on_portal(empty_store, "tree_inventory")
    made = need(empty_store, "tree_inventory")
    assert (made["provenance"], made["status"], made["evidence_level"]) == (
        "observed",
        "open",
        "E2",
    )
    assert made["reason"].startswith("Trouvée sur un portail, publiée par Ville.")
    assert [found["url"] for found in made["sources"]] == ["https://exemple.test/portail/arbres"]


def test_the_catalogue_and_the_portal_are_both_sources(empty_store):
    publish(empty_store, "tree_inventory")
    list_on_portal(empty_store, "tree_inventory")
    made = need(empty_store, "tree_inventory")
    assert {found["url"] for found in made["sources"]} == {
        "https://exemple.test/arbres", "https://exemple.test/portail/arbres"
    }  # fmt: skip
    assert made["evidence_level"] == "E2"  # the one whose link was tried


@pytest.mark.parametrize(
    ("said", "ours", "expected"),
    [
        ({"license": True}, {"license": False}, True),  # the platform's word first
        ({"license": "unknown"}, {"license": False}, False),  # then what was computed here
        ({"license": "unknown"}, {}, "unknown"),
        (None, {"license": True}, True),
    ],
)
def test_points_that_the_platform_does_not_tell_are_those_computed_here(
    empty_store, said, ours, expected
):
    list_on_portal(
        empty_store,
        "tree_inventory",
        quality=json.dumps(said) if said else None,
        quality_ours=json.dumps(ours),
    )
    (row,) = known(empty_store, CAHORS).published["tree_inventory"]
    assert json.loads(row["quality"])["license"] == expected
