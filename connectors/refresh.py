"""The door to fetching for screens and commands: the ready store, refreshes, background jobs."""

from __future__ import annotations

from connectors import embedded
from connectors.runs.jobs import Job, job, running, start, stop
from connectors.runs.planning import budget, plan
from connectors.runs.tasks import places_of, refresh
from data.store import Store

__all__ = ["Job", "budget", "job", "places_of", "plan", "ready_store"]
__all__ += ["refresh", "running", "start", "stop"]


def ready_store(read_only: bool = False) -> Store:
    """Open the store and load the embedded default where it lacks it."""
    if read_only:
        store = Store.open(read_only=True)
        if embedded.loaded(store) or store.is_copy:
            return store
        store.close()
    store = Store.open()
    embedded.load(store)
    return store
