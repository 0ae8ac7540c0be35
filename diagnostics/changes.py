"""What changed between two looks at a territory: appeared, disappeared, stale, due, verdict moved.

A snapshot is what one had seen, kept as JSON. It comes back from the store, maybe written by
another version or damaged: a key that is missing or strange says nothing, and nothing is ever
concluded from it. A fetch that failed leaves the last good copy in place, so it changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.catalog import catalog
from diagnostics.availability import Assessment
from diagnostics.evidence import ASSUMED, Evidence, Found
from diagnostics.readiness import VERDICTS
from diagnostics.scoring import NOT_TESTED
from diagnostics.week import NOTICE_DAYS, Deadline

VERSION = 1
APPEARED, DISAPPEARED, STALE, DUE, VERDICT, STATUS = (
    "appeared", "disappeared", "stale", "due", "verdict", "status",
)  # fmt: skip
KINDS = (APPEARED, DISAPPEARED, STALE, DUE, VERDICT, STATUS)
FETCHED = "fetched"  # the one source a card's own fetch brings, whatever its address that day
FAR, NEAR, PASSED = "far", "near", "passed"  # where a deadline stands
_THERE = ("exists", "partial")
_OF_DEADLINE = ("kind", "title", "dataset")


@dataclass(frozen=True)
class Change:
    """One thing that differs; which fields are filled depends on its kind."""

    kind: str
    day: str | None  # ISO day of what is known, or of the deadline
    dataset: str = ""
    experiment: str = ""
    source: str = ""  # title of the source that came or went; empty: the dataset itself
    deadline: str = ""  # what falls due, in words; empty: an answer or a duty on the dataset
    due: str = ""  # kind of deadline: action, request, duty
    before: str = ""  # status or verdict
    after: str = ""


def snapshot(
    assessment: Assessment, today: date, deadlines: Iterable[Deadline] = ()
) -> dict[str, Any]:
    """What is seen of a territory on a day, as JSON."""
    return {
        "version": VERSION,
        "day": today.isoformat(),
        "reference": assessment.reference_version,
        "datasets": {key: _line(made) for key, made in assessment.evidence.items()},
        "verdicts": {made.id: made.verdict for made in assessment.experiments},
        "deadlines": {
            made.id: {
                "kind": made.kind,
                "day": made.day.isoformat(),
                "title": made.title,
                "dataset": made.dataset,
            }
            for made in deadlines
        },
    }


def _line(made: Evidence) -> dict[str, Any]:
    return {
        "status": made.status,
        "existence": made.existence,
        "provenance": made.provenance,
        "outside": made.outside,
        "as_of": made.as_of,
        "freshness": made.checks.get("freshness", NOT_TESTED),
        "level": made.evidence_level,
        "sources": dict(_source(made, found) for found in made.sources),
    }


def _source(made: Evidence, found: Found) -> tuple[str, str]:
    """What tells a source apart, and its title.

    The address of a card's own source differs between the shipped extract and a live fetch: it
    is the same source.
    """
    own = found.title == catalog().datasets[made.dataset].title and found.level is not None
    return (FETCHED if own else found.url or found.title, found.title)


def changes(before: Any, after: Any, today: date) -> tuple[Change, ...]:
    """What differs from one snapshot to another, deadlines first; nothing from a damaged one."""
    old, new = _mapping(before), _mapping(after)
    return tuple([*_due(old, new, today), *_verdicts(old, new), *_datasets(old, new)])


def _datasets(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Only what both snapshots speak of: a dataset new to the reference has not appeared."""
    was, now = _mapping(old.get("datasets")), _mapping(new.get("datasets"))
    for dataset in now:
        first, then = _mapping(was.get(dataset)), _mapping(now[dataset])
        if _known(first) and _known(then):
            yield from _dataset(dataset, first, then, _text(new.get("day")))


def _dataset(
    dataset: str, was: Mapping[str, Any], now: Mapping[str, Any], day: str | None
) -> Iterator[Change]:
    moved = {"before": _text(was["status"]) or "", "after": _text(now["status"]) or ""}
    as_of = _text(now.get("as_of"))
    if _there(now) and not _there(was):
        yield Change(APPEARED, as_of or day, dataset, **moved)
        return
    if _there(was) and not _there(now):
        yield Change(DISAPPEARED, day, dataset, **moved)
        return
    if _established(was) and _established(now) and moved["before"] != moved["after"]:
        yield Change(STATUS, as_of or day, dataset, **moved)
    if _fresh(was.get("freshness")) and _stale(now.get("freshness")):
        yield Change(STALE, day, dataset)
    if isinstance(was.get("sources"), Mapping):
        yield from _sources(dataset, was["sources"], _mapping(now.get("sources")), day)


def _sources(
    dataset: str, was: Mapping[str, Any], now: Mapping[str, Any], day: str | None
) -> Iterator[Change]:
    for key in sorted(now.keys() - was.keys()):
        yield Change(APPEARED, day, dataset, source=_text(now[key]) or str(key))
    for key in sorted(was.keys() - now.keys()):
        yield Change(DISAPPEARED, day, dataset, source=_text(was[key]) or str(key))


def _verdicts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    was, now = _mapping(old.get("verdicts")), _mapping(new.get("verdicts"))
    for experiment, verdict in now.items():
        first = was.get(experiment)
        if first in VERDICTS and first != verdict:
            yield Change(
                VERDICT, _text(new.get("day")), experiment=experiment, before=first, after=verdict
            )


def _due(old: Mapping[str, Any], new: Mapping[str, Any], today: date) -> Iterator[Change]:
    """Deadlines that entered the notice period, or passed, since the first snapshot."""
    seen = _day(old.get("day"))
    if seen is None:
        return
    for line in _mapping(new.get("deadlines")).values():
        made = _mapping(line)
        day = _day(made.get("day"))
        now = _moment(day, today) if day else FAR
        if day and now != FAR and now != _moment(day, seen):
            kind, title, dataset = (_text(made.get(key)) or "" for key in _OF_DEADLINE)
            yield Change(DUE, day.isoformat(), dataset, deadline=title, due=kind)


def _moment(day: date, today: date) -> str:
    """Where a deadline stands on a day: far, near or passed."""
    if day < today:
        return PASSED
    return NEAR if day <= today + timedelta(days=NOTICE_DAYS) else FAR


def _known(line: Mapping[str, Any]) -> bool:
    """Enough is said to compare: an older snapshot without these says nothing."""
    return all(isinstance(line.get(key), str) for key in ("status", "existence", "provenance"))


def _established(line: Mapping[str, Any]) -> bool:
    return line["provenance"] != ASSUMED


def _there(line: Mapping[str, Any]) -> bool:
    """Found or declared to exist, not merely assumed, and speaking of this territory."""
    return _established(line) and line["existence"] in _THERE and line.get("outside") is not True


def _fresh(value: Any) -> bool:
    return _number(value) is not None and not _stale(value)


def _stale(value: Any) -> bool:
    number = _number(value)
    return number is not None and number < 1


def _number(value: Any) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
