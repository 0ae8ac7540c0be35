"""Fetching in the background: started from a screen, left, found again from any other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.tasks import places_of, refresh
from data.records import new_id
from data.store import Fetch, Store
from data.territories import Territory

_jobs: dict[str, Job] = {}
_guard = threading.Lock()
# One after the other: a national file is then fetched once, and each host keeps its own pace.
_waiting: queue.SimpleQueue[tuple[Store, Job, list[Territory]]] = queue.SimpleQueue()
_worker: list[threading.Thread] = []


@dataclass
class Job:
    """A refresh waiting, under way or done; written by its thread, read by every screen."""

    id: str
    codes: tuple[str, ...]
    datasets: tuple[str, ...] | None = None  # None: all of them
    total: int = 0
    done: int = 0
    current: str = ""
    finished: bool = False
    fetches: list[Fetch] = field(default_factory=list)
    error: str | None = None

    def includes(self, codes: set[str], datasets: set[str] | None) -> bool:
        """Whether what is asked is already being fetched by this job."""
        whole = self.datasets is None or (datasets is not None and datasets <= set(self.datasets))
        return not self.finished and whole and codes <= set(self.codes)


def start(store: Store, codes: Iterable[str], datasets: Iterable[str] | None = None) -> str:
    """Queue a refresh and return its id; the id of a job that already includes it, if any."""
    places = places_of(codes)
    wanted = set(datasets) if datasets else None
    with _guard:
        for made in _jobs.values():
            if made.includes({place.code for place in places}, wanted):
                return made.id
        chosen = tuple(sorted(wanted)) if wanted else None
        made = Job(new_id(), tuple(place.code for place in places), chosen)
        _jobs[made.id] = made
        _waiting.put((store, made, places))
        if not _worker:
            _worker.append(threading.Thread(target=_work_on, daemon=True))
            _worker[0].start()
    return made.id


def job(identifier: str) -> Job | None:
    """A job by its id."""
    return _jobs.get(identifier)


def running(code: str) -> Job | None:
    """The newest job on a territory, finished or not."""
    found = [made for made in _jobs.values() if code in made.codes]
    return max(found, key=lambda made: made.id, default=None)


def _work_on() -> None:
    while True:
        _work(*_waiting.get())


def _work(store: Store, made: Job, places: list[Territory]) -> None:
    def progress(done: int, total: int, current: str) -> None:
        made.done, made.total, made.current = done, total, current

    try:
        made.fetches = refresh(store, places, made.datasets, progress=progress)
    except Exception as failure:  # the screen must say that it stopped, whatever the reason
        made.error = f"La récupération s'est arrêtée ({type(failure).__name__})."
    finally:
        made.finished = True
