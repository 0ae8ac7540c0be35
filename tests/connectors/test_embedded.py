"""The embedded default is loaded through the log, once, never over what a live source brought."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from connectors import embedded
from data.catalog import catalog
from data.records import Declaration, new_id
from data.store import Fetch, Store
from data.territories import acv_towns


def line(dataset: str, territory: str, **changes) -> Fetch:
    made = Fetch(
        dataset, territory, "commune", "ok", 1, 0.1, 1, "http://x", "2026",
        datetime(2026, 11, 21, 12, tzinfo=UTC), None, "climadiag", "Météo-France",
        "Licence Ouverte",
    )  # fmt: skip
    return replace(made, **changes)


def test_each_extract_has_its_line_with_source_vintage_and_licence(embedded_store):
    for fetch in embedded_store.fetches():
        assert fetch.source and fetch.licence and fetch.fetched_at, fetch
        real = fetch.connector == embedded.REAL
        assert not real or fetch.vintage, fetch
        assert real or "FICTIF" in fetch.source + fetch.licence, fetch


def test_the_lines_count_the_rows_that_are_there(embedded_store):
    counted: dict[str, int] = {}
    for fetch in embedded_store.fetches():
        counted[fetch.dataset] = counted.get(fetch.dataset, 0) + fetch.rows
    for dataset, rows in counted.items():
        there = embedded_store.rows(f'select count(*) as n from "{dataset}"')[0]["n"]
        assert there == rows, dataset


def test_loading_twice_writes_nothing(store):
    before = len(store.fetches())
    assert embedded.load(store) is False
    assert len(store.fetches()) == before


def test_pilot_figures_are_logged_town_by_town(embedded_store):
    towns = {town.code for town in acv_towns()}
    served = {
        f.territory
        for f in embedded_store.fetches("climate_projections")
        if f.connector == embedded.REAL
    }
    assert len(served) == 16
    assert served <= towns
    assert "46042" in served
    assert not any(f.territory == "FR" for f in embedded_store.fetches("climate_projections"))


@pytest.mark.screens
def test_a_live_copy_is_not_overwritten_by_a_newer_product():
    store = Store.open(":memory:")
    dataset = catalog().datasets["climate_projections"]
    rows = pd.DataFrame(
        [("46042", "d35", "2050", "median", 99.0, "jours/an")],
        columns=["territory", "indicator", "horizon", "statistic", "value", "unit"],
    )
    store.save(dataset, line("climate_projections", "46042"), rows)
    assert embedded.load(store) is True
    kept = store.rows("select value from climate_projections where territory = '46042'")
    assert kept == [{"value": 99.0}]
    others = store.rows(
        "select count(distinct territory) as n from climate_projections"
        " where not starts_with(territory, '00')"
    )
    assert others[0]["n"] == 16


def test_real_and_fictional_rows_never_share_a_line(embedded_store):
    for fetch in embedded_store.fetches():
        fictional = fetch.territory.startswith("00") or fetch.territory == "dep:00"
        assert fictional == (fetch.connector == embedded.FICTIONAL), fetch


def test_codes_are_text_and_known(embedded_store):
    rows = embedded_store.rows(
        "select typeof(territory) as t, count(*) as n from iris_population group by 1"
    )
    assert [row["t"] for row in rows] == ["VARCHAR"]
    unknown = embedded_store.rows(
        "select count(*) as n from iris_population"
        " where territory not in (select territory from municipalities)"
    )
    assert unknown == [{"n": 0}]


# --- a new version of the product ----------------------------------------------------------------


def new_version(monkeypatch, fingerprint="une autre version"):
    monkeypatch.setattr(embedded, "_fingerprint", lambda _: fingerprint)


def count(store, table, where="true"):
    return store.rows(f"select count(*) as n from {table} where {where}")[0]["n"]


@pytest.mark.server  # each one loads the whole default again
def test_a_new_version_loads_its_extracts_again_and_an_older_one_too(store, monkeypatch):
    new_version(monkeypatch, "b")
    assert embedded.load(store) is True
    assert embedded.load(store) is False
    new_version(monkeypatch, "a")
    assert embedded.load(store) is True


@pytest.mark.server  # each one loads the whole default again
def test_reloading_doubles_no_row(store, monkeypatch):
    before = {table: count(store, table) for table in ("iris_population", "tree_inventory")}
    new_version(monkeypatch)
    embedded.load(store)
    assert {table: count(store, table) for table in before} == before


@pytest.mark.server  # each one loads the whole default again
def test_a_live_national_file_leaves_the_fictional_town_its_rows(store, monkeypatch):
    dataset = catalog().datasets["catnat_orders"]
    invented = count(store, "catnat_orders", "starts_with(territory, '00')")
    rows = pd.DataFrame(
        {"territory": ["46042"], **{column.name: [None] for column in dataset.columns}}
    )
    store.save(dataset, line("catnat_orders", "FR"), rows)
    new_version(monkeypatch)
    embedded.load(store)
    assert invented > 0
    assert count(store, "catnat_orders", "starts_with(territory, '00')") == invented
    assert count(store, "catnat_orders", "territory = '46042'") == 1


@pytest.mark.server  # each one loads the whole default again
def test_a_live_copy_of_one_town_survives_the_national_extract(store, monkeypatch):
    dataset = catalog().datasets["iris_population"]
    rows = store.frame("select * from iris_population where territory = '46042' limit 1")
    store.save(dataset, line("iris_population", "46042"), rows)
    total = count(store, "iris_population")
    new_version(monkeypatch)
    embedded.load(store)
    assert count(store, "iris_population", "territory = '46042'") == 1
    assert count(store, "iris_population") == total


@pytest.mark.server  # each one loads the whole default again
def test_a_person_s_declaration_is_never_spoken_over(store, monkeypatch):
    store.declare(Declaration("00001", "tree_inventory", "open", "exists", author="A. Personne"))
    new_version(monkeypatch)
    embedded.load(store)
    assert store.declarations("00001")["tree_inventory"].author == "A. Personne"


@pytest.mark.server  # each one loads the whole default again
def test_a_changed_invented_status_is_declared_again_once(store, monkeypatch):
    said = store.declarations("00001")["tree_inventory"]
    changed = replace(said, evidence="FICTIF : nouvelle version", id=new_id())
    monkeypatch.setattr(embedded, "_declarations", lambda: iter([changed]))
    for fingerprint in ("b", "c"):
        new_version(monkeypatch, fingerprint)
        embedded.load(store)
    history = store.declaration_history("00001", "tree_inventory")
    assert [made.evidence for made in history] == [said.evidence, changed.evidence]
