"""What holds of a refresh whatever the sources: twice is once, the order is nothing, a stop is not
an end. All the example answers are served together, each source at its own address on loopback.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import replace
from types import SimpleNamespace

import pytest

from connectors.runs import planning
from connectors.runs.planning import live_sources, plan
from connectors.runs.tasks import Run, refresh
from data.catalog import catalog, endpoints
from data.store import Store
from data.territories import territory
from tests.connectors import replay
from tests.connectors.servers import Time, client

TOWN = territory("46042")
SEED = 20261122


@pytest.fixture
def sources(monkeypatch):
    """Every example about the town, or about the country, each source at an address of its own."""
    cards, examples = {}, {}
    for card, source in live_sources(set()):
        example = replay.example(card.id, source.connector)
        if example.territory in (None, TOWN.code) and source.runs != "programme":
            small = replace(source, params={**source.params, **example.params})
            held = cards.get(card.id, replace(card, sources=()))
            cards[card.id] = replace(held, sources=(*held.sources, small))
            examples[card.id, source.connector] = example
    known = SimpleNamespace(datasets=cards)
    monkeypatch.setattr(planning, "catalog", lambda: known)
    with ExitStack() as stack:
        urls = {key: stack.enter_context(replay.Source(made)).url for key, made in examples.items()}
        perform = Run.perform

        def pointed(self, task):
            for key in endpoints():
                url = urls[task.dataset.id, task.source.connector]
                monkeypatch.setenv(f"ACV_ENDPOINT_{key}", url)
            return perform(self, task)

        monkeypatch.setattr(Run, "perform", pointed)
        yield


def tables(store: Store) -> dict[str, list]:
    """Every row of every dataset."""
    return {
        name: store.rows(f'select * from "{name}" order by all')
        for name in catalog().datasets
        if store.has(name)
    }


def fetched(store: Store, **options) -> list:
    options.setdefault("get", client(Time()))
    return refresh(store, [TOWN], **options)


def test_a_second_refresh_changes_nothing_and_rewrites_nothing(sources, monkeypatch):
    store = Store.open(":memory:")
    first = fetched(store)
    assert {line.status for line in first} <= {"ok", "empty", "not_covered"}, [
        (line.dataset, line.detail) for line in first if line.status == "failed"
    ]
    once = tables(store)
    rewritten = []
    save = Store.save_all

    def watched(self, parts):
        kept = list(parts)
        rewritten.extend(part.dataset.id for part in kept)
        return save(self, kept)

    monkeypatch.setattr(Store, "save_all", watched)
    fetched(store, since_days=0)
    assert tables(store) == once
    assert rewritten == []
    store.close()


def test_the_order_of_datasets_does_not_matter(sources, monkeypatch):
    one, other = Store.open(":memory:"), Store.open(":memory:")
    fetched(one)
    tasks = plan([TOWN])
    random.Random(SEED).shuffle(tasks)
    monkeypatch.setattr("connectors.runs.tasks.plan", lambda places, datasets=None: tasks)
    fetched(other)
    assert tables(one) == tables(other)
    one.close()
    other.close()


def test_a_run_stopped_anywhere_and_taken_up_again_equals_one_that_was_not(sources):
    whole = Store.open(":memory:")
    fetched(whole, resume=True)
    rng = random.Random(SEED)
    for stop in rng.sample(range(len(plan([TOWN]))), 3):
        store = Store.open(":memory:")
        with pytest.raises(KeyboardInterrupt):
            fetched(store, resume=True, progress=_stops_at(stop))
        done = len(store.fetches())
        again = fetched(store, resume=True)
        assert tables(store) == tables(whole)
        assert len(again) == len(whole.fetches()) - done, "ce qui était fait n'est pas redemandé"
        store.close()
    whole.close()


def _stops_at(step: int):
    def progress(done: int, total: int, title: str) -> None:
        if done == step:
            raise KeyboardInterrupt

    return progress


def test_a_finished_run_is_not_taken_up_again(sources):
    store = Store.open(":memory:")
    first = fetched(store, resume=True)
    assert len(fetched(store, resume=True, since_days=0)) == len(first)
    store.close()
