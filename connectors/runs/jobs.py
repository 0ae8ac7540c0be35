"""Fetching in the background: started from a screen, left, found again from any other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.runs.tasks import places_of, refresh
from data.records import new_id, today_utc
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
    accept_fall: bool = False  # a person looked: far fewer rows are accepted this time
    began: datetime | None = None  # None: it waits for those before it
    stopping: bool = False  # asked to stop; the task under way is finished first

    def includes(
        self, codes: set[str], datasets: set[str] | None, accept_fall: bool = False
    ) -> bool:
        """Whether what is asked is already being fetched by this job."""
        whole = self.datasets is None or (datasets is not None and datasets <= set(self.datasets))
        going_on = not (self.finished or self.stopping) and self.accept_fall == accept_fall
        return going_on and whole and codes <= set(self.codes)

    @property
    def cut(self) -> bool:
        """Whether it ended before all its sources were asked, because someone said so."""
        return self.finished and self.stopping and self.done < max(self.total, 1)


def start(
    store: Store,
    codes: Iterable[str],
    datasets: Iterable[str] | None = None,
    accept_fall: bool = False,
) -> str:
    """Queue a refresh and return its id; the id of a job that already includes it, if any."""
    places = places_of(codes)
    wanted = set(datasets) if datasets else None
    with _guard:
        for made in _jobs.values():
            if made.includes({place.code for place in places}, wanted, accept_fall):
                return made.id
        chosen = tuple(sorted(wanted)) if wanted else None
        asked = tuple(place.code for place in places)
        made = Job(new_id(), asked, chosen, accept_fall=accept_fall)
        _jobs[made.id] = made
        _waiting.put((store, made, places))
        if not _worker:
            _worker.append(threading.Thread(target=_work_on, daemon=True))
            _worker[0].start()
    return made.id


def stop(identifier: str) -> None:
    """Ask a job to stop after the source under way; what it brought is kept."""
    made = _jobs.get(identifier)
    if made is not None:
        made.stopping = True


def job(identifier: str) -> Job | None:
    """A job by its id."""
    return _jobs.get(identifier)


def running(code: str) -> Job | None:
    """The job under way on a territory, else one that waits, else the newest that is done."""
    found = [made for made in _jobs.values() if code in made.codes]
    going_on = [made for made in found if not made.finished]
    begun = [made for made in going_on if made.began]
    return max(begun or going_on or found, key=lambda made: made.id, default=None)


def _work_on() -> None:
    while True:
        _work(*_waiting.get())


def _work(store: Store, made: Job, places: list[Territory]) -> None:
    def progress(done: int, total: int, current: str) -> None:
        made.done, made.total, made.current = done, total, current

    made.began = today_utc()
    try:
        if not made.stopping:
            made.fetches = refresh(
                store,
                places,
                made.datasets,
                progress=progress,
                accept_fall=made.accept_fall,
                stop=lambda: made.stopping,
            )
    except Exception as failure:  # the screen must say that it stopped, whatever the reason
        made.error = f"La récupération s'est arrêtée ({type(failure).__name__})."
    finally:
        made.finished = True
