"""A background job: stopped after the source under way, accepting a fall, kept as it comes."""

import threading
import time

import pandas as pd
import pytest

from connectors.fetching import Got
from connectors.runs import jobs, planning
from data.catalog import Dataset, catalog
from data.store import Store
from tests.connectors.test_tasks import answer, card, wait


@pytest.fixture
def paced(monkeypatch):
    """Two cards whose source answers only when let through; the names asked so far."""
    gate, asked = threading.Semaphore(0), []

    def fetch(dataset: Dataset, place, get) -> Got:
        asked.append(dataset.id)
        assert gate.acquire(timeout=20)
        return Got(pd.DataFrame({"territory": [place.code], "n": [1]}), "http://x", None, 1)

    answer(monkeypatch, fetch)
    first, second = card(), card()
    second = second.__class__(**{**second.__dict__, "id": "second"})
    known = type("Known", (), {"datasets": {made.id: made for made in (first, second)}})
    monkeypatch.setattr(planning, "catalog", lambda: known)
    return gate, asked, first


def until(condition) -> None:
    limit = time.monotonic() + 10
    while not condition() and time.monotonic() < limit:
        time.sleep(0.01)
    assert condition()


def test_a_stopped_job_finishes_its_source_and_keeps_what_came(paced):
    gate, asked, first = paced
    store = Store.open(":memory:")
    identifier = jobs.start(store, ["46042"])
    until(lambda: asked)
    jobs.stop(identifier)
    again = jobs.start(store, ["46042"])
    assert again != identifier, "un travail qui s'arrête n'est pas rejoint"
    jobs.stop(again)
    gate.release()
    done = wait(identifier)
    assert (len(done.fetches), done.done, done.total, done.cut) == (1, 0, 2, True)
    assert len(store.table(asked[0], ["46042"])) == 1
    waited = wait(again)
    assert (waited.fetches, waited.cut, len(asked)) == ([], True, 1)
    store.close()


def test_the_first_rows_are_in_the_store_before_the_last_source_answers(paced):
    gate, asked, _ = paced
    store = Store.open(":memory:")
    identifier = jobs.start(store, ["46042"])
    until(lambda: asked)
    version = store.version
    gate.release()
    until(lambda: len(asked) == 2)
    assert not jobs.job(identifier).finished
    assert store.version != version, "les écrans se redessinent"
    assert len(store.table(asked[0], ["46042"])) == 1
    gate.release()
    assert wait(identifier).cut is False
    store.close()


def test_a_job_that_accepts_a_fall_says_it_to_the_run_and_is_not_joined(monkeypatch, store):
    seen = []

    def slowly(*_, accept_fall, **_options):
        seen.append(accept_fall)
        time.sleep(0.2)
        return []

    monkeypatch.setattr(jobs, "refresh", slowly)
    first = jobs.start(store, ["46042"], ["catnat_orders"])
    second = jobs.start(store, ["46042"], ["catnat_orders"], accept_fall=True)
    assert first != second
    wait(first), wait(second)
    assert seen == [False, True]


def test_the_job_under_way_is_shown_before_those_that_wait(monkeypatch, store):
    gate = threading.Event()
    monkeypatch.setattr(jobs, "refresh", lambda *_, **__: gate.wait(10) and [])
    first = jobs.start(store, ["46042"], ["catnat_orders"])
    until(lambda: jobs.job(first).began)
    second = jobs.start(store, ["46042"], ["admin_boundaries"])
    assert jobs.running("46042").id == first
    gate.set()
    wait(second)
    assert jobs.running("46042").id == second
    assert "catnat_orders" in catalog().datasets
