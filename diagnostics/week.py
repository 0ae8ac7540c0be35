"""The week of a project lead: what moved, what is late, what falls due, the hours spent.

Everything is read from what the team wrote; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from data import entries, validation
from data.catalog import catalog
from data.entries import (
    DONE,
    DROPPED,
    SENT,
    Hours,
    Kept,
    Observation,
    PlannedAction,
    Request,
    Validation,
    Visit,
)
from data.records import Declaration
from data.store import Store
from data.territories import Territory
from data.validation import Standing
from diagnostics.availability import Assessment
from diagnostics.duties import Badge, agents_of, badges
from diagnostics.requests import expected, late, reminders

NOTICE_DAYS = 30  # a deadline is shown from here on
PASSED_DAYS = 365  # and this long after it has passed
MOVED_DAYS = 7

ACTION, REQUEST, DUTY = "action", "request", "duty"
DECLARATION, OBSERVATION, VALIDATION = "declaration", "observation", "validation"


@dataclass(frozen=True)
class Deadline:
    """Something expected on a day."""

    kind: str  # action, request, duty
    id: str
    title: str
    day: date
    dataset: str = ""
    who: str = ""  # owner of the action, holder of the data
    badge: Badge | None = None  # of a duty


@dataclass(frozen=True)
class Awaited:
    """A request whose answer is late."""

    kept: Kept[Request]
    day: date  # the answer was hoped for
    remind: bool  # nothing was written to the holder for a fortnight


@dataclass(frozen=True)
class Move:
    """One line that somebody wrote."""

    kind: str  # declaration, request, action, observation, validation
    at: datetime  # UTC
    author: str | None
    dataset: str = ""
    title: str = ""  # of an action
    before: str | None = None  # status or state of the line before; None: this is the first
    after: str = ""  # empty: withdrawn
    existence: str = ""  # of a declaration


@dataclass(frozen=True)
class Spent:
    """Hours, in all and by week (its Monday), latest week first."""

    total: float
    weeks: tuple[tuple[date, float], ...]
    lines: tuple[Kept[Hours], ...]  # latest day first


@dataclass(frozen=True)
class Week:
    """What « Ma semaine » shows of what the team wrote."""

    late: tuple[Awaited, ...]  # oldest first
    deadlines: tuple[Deadline, ...]  # every one known, soonest first
    moves: tuple[Move, ...]  # of the last seven days, latest first
    spent: Spent
    visit: Kept[Visit] | None  # the last « j'ai vu »
    standing: Standing  # working document or validated, as every screen says it
    agents: int | None = None  # declared by the territory


def week(store: Store, place: Territory, today: date) -> Week:
    """Read the store for one territory."""
    code = place.code
    requests = entries.of(store, Request, code)
    actions = entries.of(store, PlannedAction, code)
    visits = entries.history(store, Visit, code)
    return Week(
        late=awaited(requests, today),
        deadlines=deadlines(actions, requests),
        moves=recent(_moves(store, code), today),
        spent=spent(entries.of(store, Hours, code)),
        visit=visits[-1] if visits else None,
        standing=validation.of(store, place, catalog().version),
        agents=agents_of(store, place),
    )


def with_duties(made: Week, assessment: Assessment, today: date) -> Week:
    """The same week, with the deadlines that texts set on the data of the territory."""
    duties = legal(assessment, made.agents, today)
    return replace(made, deadlines=in_order([*made.deadlines, *duties]))


# --- requests -------------------------------------------------------------------------------


def awaited(requests: Iterable[Kept[Request]], today: date) -> tuple[Awaited, ...]:
    """Late answers with the day each was hoped for, oldest first."""
    held = list(requests)
    ready = {made.entry.key for made in reminders(held, today)}
    found = [
        Awaited(made, day, made.entry.key in ready)
        for made in late(held, today)
        if (day := expected(made.entry))
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.kept.entry.key)))


# --- deadlines ------------------------------------------------------------------------------


def deadlines(
    actions: Iterable[Kept[PlannedAction]], requests: Iterable[Kept[Request]]
) -> tuple[Deadline, ...]:
    """What the team set itself: actions still to do, requests sent; soonest first."""
    planned = [
        Deadline(ACTION, f"{ACTION}:{one.key}", one.title, one.deadline, one.dataset, one.owner)
        for one in (made.entry for made in actions)
        if one.deadline and one.state not in (DONE, DROPPED)
    ]
    asked = [
        Deadline(REQUEST, f"{REQUEST}:{one.key}", "", day, one.dataset, one.holder)
        for one in (made.entry for made in requests)
        if one.state == SENT and (day := expected(one))
    ]
    return in_order([*planned, *asked])


def legal(assessment: Assessment, agents: int | None, today: date) -> list[Deadline]:
    """The dated duties of the data looked at; the tool never knows whether they are fulfilled."""
    place, cards = assessment.territory, catalog().datasets
    return [
        _legal(dataset, badge, badge.deadline)
        for dataset, evidence in assessment.evidence.items()
        for badge in badges(cards[dataset], place, evidence, today, agents)
        if badge.deadline
    ]


def _legal(dataset: str, badge: Badge, day: date) -> Deadline:
    about = badge.what or badge.kind
    title = badge.what or catalog().datasets[dataset].title
    return Deadline(DUTY, f"{DUTY}:{dataset}:{about}", title, day, dataset, badge=badge)


def in_order(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Soonest first."""
    return tuple(sorted(found, key=lambda made: (made.day, made.kind, made.id)))


def near(found: Iterable[Deadline], today: date) -> tuple[Deadline, ...]:
    """Those of the coming thirty days, and those that passed within a year.

    A request whose day has passed is a late answer, shown as such.
    """
    first, last = today - timedelta(days=PASSED_DAYS), today + timedelta(days=NOTICE_DAYS)
    return tuple(
        made
        for made in in_order(found)
        if (today if made.kind == REQUEST else first) <= made.day <= last
    )


# --- moves ----------------------------------------------------------------------------------


def recent(moves: Iterable[Move], today: date) -> tuple[Move, ...]:
    """Those of the last seven days, today included; latest first."""
    first = today - timedelta(days=MOVED_DAYS - 1)
    kept = [made for made in moves if first <= made.at.date() <= today]
    return tuple(sorted(kept, key=lambda made: made.at, reverse=True))


def _moves(store: Store, code: str) -> list[Move]:
    """Every line of the histories, each with the state before it."""
    found = declared(store.declaration_history(code))
    for kind in (Request, PlannedAction, Observation, Validation):
        found += written(entries.history(store, kind, code))
    return found


def declared(lines: Sequence[Declaration]) -> list[Move]:
    """Declarations, oldest first, each with the status that held before."""
    held: dict[str, str] = {}
    moves = []
    for line in lines:
        after = "" if line.withdrawn else line.status or "not_evaluated"
        existence = "" if line.withdrawn else line.existence
        before = held.get(line.dataset)
        moves.append(
            Move(
                DECLARATION, line.recorded_at, line.author, line.dataset, before=before,
                after=after, existence=existence,
            )
        )  # fmt: skip
        held[line.dataset] = after
    return moves


def written(lines: Sequence[Kept[Any]]) -> list[Move]:
    """Lines of one kind of entry, oldest first, each with the state before it."""
    held: dict[str, str] = {}
    moves = []
    for line in lines:
        one = line.entry
        after = _state(one)
        moves.append(
            Move(
                one.kind, line.recorded_at, line.author, getattr(one, "dataset", ""),
                getattr(one, "title", ""), held.get(one.key), after,
            )
        )  # fmt: skip
        held[one.key] = after
    return moves


def _state(entry: Any) -> str:
    if isinstance(entry, Observation):
        return "settled" if entry.settled else "contests" if entry.contests else "completes"
    if isinstance(entry, Validation):
        return "valid" if entry.valid else "working"
    return str(entry.state)


# --- hours ----------------------------------------------------------------------------------


def spent(lines: Iterable[Kept[Hours]]) -> Spent:
    """Hours in all and by week."""
    kept = sorted(lines, key=lambda made: made.entry.day, reverse=True)
    weeks: dict[date, float] = {}
    for made in kept:
        monday = made.entry.day - timedelta(days=made.entry.day.weekday())
        weeks[monday] = weeks.get(monday, 0.0) + made.entry.hours
    return Spent(sum(weeks.values()), tuple(weeks.items()), tuple(kept))
