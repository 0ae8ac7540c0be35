"""A long run that can be stopped and taken up again: what it had done is in the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.runs.planning import Task
from data.records import Record, today_utc
from data.store import Fetch, Store
from data.territories import NATIONAL

KIND = "campaign"
AUTHOR = "récupération"
FORGOTTEN_AFTER = timedelta(days=7)  # an older run is begun anew: its first rows have aged
DONE = ("ok", "empty", "not_covered")  # what failed is tried again


def stopped(store: Store, tasks: Iterable[Task]) -> datetime | None:
    """When the same run was stopped on its way, the moment it had begun; nothing is noted."""
    last = max(store.records(KIND, NATIONAL), key=lambda made: made.recorded_at, default=None)
    same = last and last.payload == _begun(tasks)
    fresh = last and today_utc() - last.recorded_at < FORGOTTEN_AFTER
    return last.recorded_at if last and same and fresh else None


def begin(store: Store, tasks: Iterable[Task]) -> datetime | None:
    """Note that a run begins; when the same was stopped on its way, the moment it had begun."""
    asked = list(tasks)
    since = stopped(store, asked)
    if since is None:
        store.record(Record(KIND, NATIONAL, _begun(asked), AUTHOR, today_utc()))
    return since


def end(store: Store) -> None:
    """Note that the run came to its end: the next one begins anew."""
    store.record(Record(KIND, NATIONAL, {"state": "ended"}, AUTHOR, today_utc()))


def left(store: Store, task: Task, since: datetime | None) -> Task | None:
    """What is left of a task in a run begun at `since`; None when it was done."""
    if since is None:
        return task
    lines = store.fetches(task.dataset.id)
    if not task.group:
        return None if _done(lines, task, task.scope, since) else task
    places = tuple(made for made in task.group if not _done(lines, task, made.code, since))
    return replace(task, group=places) if places else None


def _done(lines: Iterable[Fetch], task: Task, scope: str, since: datetime) -> bool:
    return any(
        line.territory == scope
        and line.connector == task.source.connector
        and line.status in DONE
        and line.fetched_at >= since
        for line in lines
    )


def _begun(tasks: Iterable[Task]) -> dict[str, str]:
    return {"plan": _print_of(tasks), "state": "begun"}


def _print_of(tasks: Iterable[Task]) -> str:
    asked = sorted((task.dataset.id, task.source.connector, task.asked or ()) for task in tasks)
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
