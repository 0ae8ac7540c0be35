"""Refreshing: what is asked of whom, and what is written when a source answers badly."""

import time
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pandas as pd
import pytest

from connectors.fetching import FetchError, Got, NotCovered, Offline
from connectors.runs import jobs, planning, tasks
from data.catalog import Column, Source, catalog
from data.store import Store
from data.territories import territory

CAHORS = territory("46042")
SOURCE = Source(
    connector="essai", producer="Producteur", licence="Licence Ouverte", level="commune",
    bulk=False, exhaustive=True, coverage="Métropole", excluded_departements=("976",),
    vintage="2025",
)  # fmt: skip


@dataclass
class Client:
    requests: int = 0
    bytes: int = 0
    seen: dict = field(default_factory=dict)

    def begin(self, known=None):
        self.seen = {}


def card(**changes):
    made = catalog().datasets["tree_inventory"]
    columns = (Column("n", "INTEGER", "Nombre"),)
    return replace(made, columns=columns, sources=(replace(SOURCE, **changes),))


def answer(monkeypatch, function):
    """The connector named `essai` answers through `function`."""
    module = SimpleNamespace(fetch=function)
    monkeypatch.setattr(tasks.importlib, "import_module", lambda name: module)


def ask(store, place=CAHORS, **changes):
    dataset = card(**changes)
    return tasks.run(store, planning.Task(dataset, dataset.sources[0], place), Client())


@pytest.fixture
def memory():
    store = Store.open(":memory:")
    store.ensure(card())
    yield store
    store.close()


def one(*_):
    return Got(pd.DataFrame({"territory": ["46042"], "n": [7]}), "http://x/46042", "2026", 1)


def stored(store):
    return [row["n"] for row in store.rows("select n from tree_inventory")]


def test_what_came_back_is_saved_with_its_line(memory, monkeypatch):
    answer(monkeypatch, one)
    fetch = ask(memory)
    assert (fetch.status, fetch.rows, fetch.vintage, fetch.url) == (
        "ok",
        1,
        "2026",
        "http://x/46042",
    )
    assert memory.fetches() == [fetch]
    assert stored(memory) == [7]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (FetchError("http://x : 503"), "failed"),
        (Offline("réseau interdit"), "offline"),
        (NotCovered("hors zone"), "not_covered"),
        (KeyError("data"), "failed"),
        (RecursionError(), "failed"),
    ],
)
def test_a_refusal_is_logged_and_changes_no_row(memory, monkeypatch, failure, status):
    answer(monkeypatch, one)
    ask(memory)

    def refuse(*_):
        raise failure

    answer(monkeypatch, refuse)
    fetch = ask(memory)
    assert fetch.status == status
    assert fetch.detail
    assert "Traceback" not in fetch.detail
    assert stored(memory) == [7]
    assert [line.status for line in memory.fetches()] == [status, "ok"]


def test_no_row_is_not_a_failure_and_clears_what_was_there(memory, monkeypatch):
    answer(monkeypatch, one)
    ask(memory)
    answer(
        monkeypatch, lambda *_: Got(pd.DataFrame(columns=["territory", "n"]), "http://x", None, 1)
    )
    assert ask(memory).status == "empty"
    assert stored(memory) == []


def test_columns_that_are_not_the_cards_are_a_failure(memory, monkeypatch):
    answer(
        monkeypatch,
        lambda *_: Got(pd.DataFrame({"territory": ["46042"], "m": [1]}), "http://x", None, 1),
    )
    fetch = ask(memory)
    assert fetch.status == "failed"
    assert "'m'" in fetch.detail and "'n'" in fetch.detail


def test_a_departement_that_the_source_leaves_out_is_not_asked(memory, monkeypatch):
    answer(monkeypatch, lambda *_: pytest.fail("demandé"))
    fetch = ask(memory, territory("97611"))
    assert fetch.status == "not_covered"
    assert "Métropole" in fetch.detail


def test_a_national_file_is_asked_once_for_all_towns_and_last():
    planned = planning.plan([CAHORS, territory("84007")], ["catnat_orders", "admin_boundaries"])
    assert [(t.dataset.id, t.scope) for t in planned] == [
        ("admin_boundaries", "46042"), ("admin_boundaries", "84007"), ("catnat_orders", "FR"),
    ]  # fmt: skip


def test_nothing_real_is_asked_for_a_fictional_town(memory):
    assert planning.plan([territory("00001")]) == []
    runs = tasks.refresh(memory, [territory("00001")], get=Client())
    assert {run.status for run in runs} == {"not_covered"}
    assert all("fictif" in run.detail for run in runs)
    assert memory.fetches() == []


def test_offline_every_source_says_so_and_nothing_is_lost(store, offline):
    before = store.rows("select count(*) as n from iris_population")
    runs = tasks.refresh(store, [CAHORS])
    assert runs
    # without a known portal there is nothing to ask of anybody
    assert {run.dataset for run in runs if run.status != "offline"} == {"portal_datasets"}
    assert sum(run.requests for run in runs) == 0
    assert store.rows("select count(*) as n from iris_population") == before


def test_a_recent_copy_is_not_fetched_again(memory, monkeypatch):
    answer(monkeypatch, one)
    dataset = card()
    known = SimpleNamespace(datasets={dataset.id: dataset})
    monkeypatch.setattr(planning, "catalog", lambda: known)
    assert len(tasks.refresh(memory, [CAHORS], get=Client())) == 1
    assert tasks.refresh(memory, [CAHORS], since_days=30, get=Client()) == []
    assert len(tasks.refresh(memory, [CAHORS], since_days=0, get=Client())) == 1


def test_one_source_that_fails_does_not_stop_the_others(memory, monkeypatch):
    def fail_at_first(dataset, place, get):
        if place.code == "46042":
            raise FetchError("http://x : 500")
        return Got(pd.DataFrame({"territory": [place.code], "n": [1]}), "http://x", None, 1)

    answer(monkeypatch, fail_at_first)
    dataset = card()
    known = SimpleNamespace(datasets={dataset.id: dataset})
    monkeypatch.setattr(planning, "catalog", lambda: known)
    runs = tasks.refresh(memory, [CAHORS, territory("84007")], get=Client())
    assert [run.status for run in runs] == ["failed", "ok"]


def wait(identifier):
    deadline = time.monotonic() + 20
    while not jobs.job(identifier).finished and time.monotonic() < deadline:
        time.sleep(0.02)
    return jobs.job(identifier)


def test_a_background_job_can_be_left_and_found_again(store, offline):
    identifier = jobs.start(store, ["46042"])
    assert jobs.running("46042").id == identifier
    done = wait(identifier)
    assert done.finished and done.error is None
    assert done.done == done.total == len(done.fetches) > 0
    assert jobs.running("84007") is None


def test_a_job_under_way_is_joined_rather_than_doubled(store, monkeypatch):
    monkeypatch.setattr(jobs, "refresh", lambda *_, **__: time.sleep(0.5) or [])
    first = jobs.start(store, ["46042"])
    assert jobs.start(store, ["46042"]) == first
    wait(first)
    second = jobs.start(store, ["46042"])
    assert second != first
    wait(second)


def test_a_job_that_breaks_says_so(store, monkeypatch):
    def explode(*_, **__):
        raise MemoryError

    monkeypatch.setattr(jobs, "refresh", explode)
    done = wait(jobs.start(store, ["84007"]))
    assert done.finished
    assert "arrêtée" in done.error


def test_a_failed_attempt_does_not_count_as_a_recent_copy(memory, monkeypatch):
    def refuse(*_):
        raise FetchError("http://x : 503")

    dataset = card()
    known = SimpleNamespace(datasets={dataset.id: dataset})
    monkeypatch.setattr(planning, "catalog", lambda: known)
    answer(monkeypatch, refuse)
    tasks.refresh(memory, [CAHORS], get=Client())
    again = tasks.refresh(memory, [CAHORS], since_days=30, get=Client())
    assert [run.status for run in again] == ["failed"]
    embedded = replace(memory.fetches()[0], status="ok", connector="embedded")
    memory.log(embedded)
    assert len(tasks.refresh(memory, [CAHORS], since_days=30, get=Client())) == 1


def test_what_a_running_job_does_not_include_waits_for_its_turn(store, monkeypatch):
    seen = []

    def slowly(_, places, datasets, **_options):
        seen.append(([place.code for place in places], datasets))
        time.sleep(0.2)
        return []

    monkeypatch.setattr(jobs, "refresh", slowly)
    first = jobs.start(store, ["46042"], ["catnat_orders"])
    other = jobs.start(store, ["46042"], ["admin_boundaries"])
    whole = jobs.start(store, ["46042", "84007"])
    inside = jobs.start(store, ["84007"], ["catnat_orders"])
    assert len({first, other, whole}) == 3
    assert inside == whole
    wait(whole)
    assert seen == [
        (["46042"], ("catnat_orders",)),
        (["46042"], ("admin_boundaries",)),
        (["46042", "84007"], None),
    ]


def test_a_fictional_town_is_answered_for_the_dataset_that_was_asked(memory):
    runs = tasks.refresh(memory, [territory("00001")], ["catnat_orders"], get=Client())
    assert [(run.dataset, run.status, run.vintage) for run in runs] == [
        ("catnat_orders", "not_covered", None)
    ]
