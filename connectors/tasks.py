"""Fetch what is asked, territory by territory, and log every attempt.

A failed fetch changes no row: the last good copy stays, and the log says what happened.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from connectors import embedded
from connectors.fetching import FetchError, Get, Got, NotCovered, Offline
from connectors.http import Http
from data.catalog import Dataset, Source, catalog
from data.records import today_utc
from data.store import Fetch, Store, StoreError
from data.territories import NATIONAL, Territory, territory

Progress = Callable[[int, int, str], None]  # tasks done, tasks in all, title of the current one
FICTIONAL = "Territoire fictif : aucune source réelle ne le couvre."


@dataclass(frozen=True)
class Task:
    """One dataset to ask of one source, for one territory or (None) for the whole country."""

    dataset: Dataset
    source: Source
    place: Territory | None

    @property
    def scope(self) -> str:
        return self.place.code if self.place else NATIONAL


def plan(places: Iterable[Territory], datasets: Iterable[str] | None = None) -> list[Task]:
    """What to ask of whom: territory by territory first, then the national files, once each."""
    real = [place for place in places if not place.fictional]
    wanted = set(datasets or ())
    tasks: dict[tuple[str, str, str], Task] = {}
    for dataset, source in _live_sources(wanted):
        for place in [None] if source.bulk and real else real:
            task = Task(dataset, source, place)
            tasks[dataset.id, source.connector, task.scope] = task
    return sorted(tasks.values(), key=lambda task: (task.place is None, task.source.connector))


def refresh(
    store: Store,
    places: Iterable[Territory],
    datasets: Iterable[str] | None = None,
    since_days: int | None = None,
    get: Get | None = None,
    progress: Progress | None = None,
) -> list[Fetch]:
    """Run the plan and log each attempt; with `since_days`, only what is older than that."""
    towns, asked = list(places), list(_live_sources(set(datasets or ())))
    tasks = [task for task in plan(towns, datasets) if _due(store, task, since_days)]
    client = get or Http()
    runs = []
    for number, task in enumerate(tasks):
        if progress:
            progress(number, len(tasks), task.dataset.title)
        runs.append(run(store, task, client))
    if progress:
        progress(len(tasks), len(tasks), "")
    fictional = [place for place in towns if place.fictional]
    return runs + [_fictional(card, source, place) for card, source in asked for place in fictional]


def run(store: Store, task: Task, get: Get) -> Fetch:
    """Ask one source, save what came back, and return the log line."""
    started, sent = time.monotonic(), get.requests
    try:
        got = _ask(task, get)
        fetch = _line(task, "ok" if len(got.rows) else "empty", got)
        done = replace(fetch, seconds=_seconds(started))
        store.save(task.dataset, done, got.rows)
        return done
    except NotCovered as absence:
        done = _line(task, "not_covered", detail=str(absence))
    except Offline as refusal:
        done = _line(task, "offline", detail=str(refusal))
    except (FetchError, StoreError) as failure:
        done = _line(task, "failed", detail=str(failure))
    except Exception as surprise:  # an answer no one foresaw must not stop the other sources
        done = _line(task, "failed", detail=f"réponse inattendue ({type(surprise).__name__})")
    done = replace(done, seconds=_seconds(started), requests=get.requests - sent)
    store.log(done)
    return done


def _covers(source: Source, place: Territory) -> bool:
    """Whether a source's card says that it speaks of this territory."""
    return place.departement not in source.excluded_departements


def _ask(task: Task, get: Get) -> Got:
    if task.place and not _covers(task.source, task.place):
        raise NotCovered(f"Hors couverture de la source : {task.source.coverage}.")
    module = importlib.import_module(f"connectors.{task.source.connector}")
    got: Got = module.fetch(task.dataset, task.place, get)
    return got


def _live_sources(wanted: set[str]) -> Iterator[tuple[Dataset, Source]]:
    for dataset in catalog().datasets.values():
        for source in dataset.sources:
            if source.connector != embedded.REAL and (not wanted or dataset.id in wanted):
                yield dataset, source


def _due(store: Store, task: Task, since_days: int | None) -> bool:
    if since_days is None:
        return True
    limit = today_utc() - timedelta(days=since_days)
    lines = store.fetches(dataset=task.dataset.id, territory=task.scope)
    return not any(
        line.good and line.connector == task.source.connector and line.fetched_at >= limit
        for line in lines
    )


def _line(task: Task, status: str, got: Got | None = None, detail: str | None = None) -> Fetch:
    source = task.source
    return Fetch(
        dataset=task.dataset.id,
        territory=task.scope,
        level=task.place.level if task.place else source.level,
        status=status,
        rows=len(got.rows) if got else 0,
        seconds=0.0,
        requests=got.requests if got else 0,
        url=got.url if got else source.url or "",
        vintage=(got.vintage if got else None) or source.vintage,
        fetched_at=today_utc(),
        detail=got.detail if got else detail,
        connector=source.connector,
        source=source.producer,
        licence=source.licence,
    )


def _fictional(dataset: Dataset, source: Source, place: Territory) -> Fetch:
    """Said to who asks, never logged: no real source speaks of an invented town."""
    source = replace(source, producer="FICTIF", licence="FICTIF", vintage=None, url=None)
    return _line(Task(dataset, source, place), "not_covered", detail=FICTIONAL)


def _seconds(started: float) -> float:
    return round(time.monotonic() - started, 3)


def places_of(codes: Iterable[str]) -> list[Territory]:
    """The territories of these codes, each once; raises UnknownTerritory."""
    return list({place.code: place for place in map(territory, codes)}.values())
