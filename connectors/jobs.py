"""Fetching in the background: started from a screen, left, found again from any other."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from connectors.tasks import places_of, refresh
from data.records import new_id
from data.store import Fetch, Store
from data.territories import Territory

_jobs: dict[str, Job] = {}
_guard = threading.Lock()


@dataclass
class Job:
    """A refresh under way or done; written by its thread, read by every screen."""

    id: str
    codes: tuple[str, ...]
    total: int = 0
    done: int = 0
    current: str = ""
    finished: bool = False
    fetches: list[Fetch] = field(default_factory=list)
    error: str | None = None


def start(store: Store, codes: Iterable[str], datasets: Iterable[str] | None = None) -> str:
    """Start a refresh and return its id; the one already running for these codes, if any."""
    places = places_of(codes)
    asked = tuple(place.code for place in places)
    with _guard:
        for made in _jobs.values():
            if not made.finished and set(made.codes) & set(asked):
                return made.id
        made = Job(new_id(), asked)
        _jobs[made.id] = made
    wanted = list(datasets) if datasets else None
    threading.Thread(target=_work, args=(store, made, places, wanted), daemon=True).start()
    return made.id


def job(identifier: str) -> Job | None:
    """A job by its id."""
    return _jobs.get(identifier)


def running(code: str) -> Job | None:
    """The newest job on a territory, finished or not."""
    found = [made for made in _jobs.values() if code in made.codes]
    return max(found, key=lambda made: made.id, default=None)


def _work(store: Store, made: Job, places: list[Territory], datasets: list[str] | None) -> None:
    def progress(done: int, total: int, current: str) -> None:
        made.done, made.total, made.current = done, total, current

    try:
        made.fetches = refresh(store, places, datasets, progress=progress)
    except Exception as failure:  # the screen must say that it stopped, whatever the reason
        made.error = f"La récupération s'est arrêtée ({type(failure).__name__})."
    finally:
        made.finished = True


def summary(job: Job) -> dict[str, Any]:
    """Counts by status, for a line on screen."""
    counts: dict[str, int] = {}
    for fetch in job.fetches:
        counts[fetch.status] = counts.get(fetch.status, 0) + 1
    return counts
