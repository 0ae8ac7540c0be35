"""Fetch what is asked, task by task, and log every attempt.

A failed fetch changes no row: the last good copy stays, and the log says what happened. A source
that stops answering is left alone for the rest of the run, and the others go on.
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import ModuleType

import pandas as pd

from connectors.fetching import (
    FetchError,
    Get,
    Got,
    NotCovered,
    Offline,
    Unchanged,
    Unreachable,
    Validator,
)
from connectors.network.http import Http
from connectors.runs import campaign, sameness, shares
from connectors.runs.acceptance import FellShort, accepted, check_fall
from connectors.runs.planning import Task, covers, live_sources, plan
from data.catalog import Dataset, Source
from data.records import today_utc
from data.store import Fetch, Finding, Part, Store, StoreBusy, StoreError
from data.territories import NATIONAL, Territory, members, territory

Progress = Callable[[int, int, str], None]  # tasks done, tasks in all, title of the current one
# Told before anything is asked: what is left to do, and when the run it goes on with had begun.
Announce = Callable[[list[Task], datetime | None], None]
FICTIONAL = "Territoire fictif : aucune source réelle ne le couvre."
SILENCES = 3  # tasks in a row that a host left without answer: the run asks it no more


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a task for one scope: its log line, the rows received, what was noticed."""

    line: Fetch
    rows: pd.DataFrame | None = None  # None: nothing to write
    findings: tuple[Finding, ...] = ()
    untold: frozenset[str] = frozenset()  # communes of which the source says nothing: theirs stay


def refresh(
    store: Store,
    places: Iterable[Territory],
    datasets: Iterable[str] | None = None,
    since_days: int | None = None,
    get: Get | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    accept_fall: bool = False,
    announce: Announce = lambda tasks, since: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Fetch]:
    """Run the plan and log each attempt; with `since_days`, only what is older than that.

    With `resume`, the same run stopped on its way goes on where it was. What `announce` raises
    ends the run before it began; `stop` is asked before each task.
    """
    towns, named = list(places), set(datasets or ())
    planned = plan(towns, named)
    since = campaign.stopped(store, planned) if resume else None
    due = (task for task in planned if _due(store, task, since_days, bool(named)))
    tasks = [left for task in due if (left := campaign.left(store, task, since))]
    announce(tasks, since)
    if resume:
        campaign.begin(store, planned)
    with _client(get) as client:
        lines = _performed(Run(store, client, accept_fall), tasks, progress, stop)
    if resume and not stop():
        campaign.end(store)
    fictional = [place for place in towns if place.fictional]
    invented = [(card, source) for card, source in live_sources(named) if fictional]
    return lines + [_invented(*pair, place) for pair in invented for place in fictional]


def _performed(
    made: Run, tasks: list[Task], progress: Progress | None, stop: Callable[[], bool]
) -> list[Fetch]:
    lines: list[Fetch] = []
    for number, task in enumerate(tasks):
        if stop():
            return lines
        if progress:
            progress(number, len(tasks), task.dataset.title)
        lines += made.perform(task)
    if progress:
        progress(len(tasks), len(tasks), "")
    return lines


def run(store: Store, task: Task, get: Get) -> Fetch:
    """One task alone; its log line (the first of a group)."""
    return Run(store, get).perform(task)[0]


@dataclass
class Run:
    """One run under way: the store it writes, the network it asks, the hosts that went silent."""

    store: Store
    get: Get
    accept_fall: bool = False  # a person looked: far fewer rows are accepted this time
    silences: Counter[str] = field(default_factory=Counter)  # in a row, by origin

    def perform(self, task: Task) -> list[Fetch]:
        """Ask one source and save what came back; the log lines written."""
        started, sent, moved = time.monotonic(), self.get.requests, self.get.bytes
        asked, refusal = self._prepared(task)
        made = refusal or self._attempt(task, asked)
        spent = (
            round(time.monotonic() - started, 3),
            self.get.requests - sent,
            self.get.bytes - moved,
        )
        lines = list(_spent([outcome.line for outcome in made], *spent))
        return self._kept(
            task, [replace(was, line=now) for was, now in zip(made, lines, strict=True)]
        )

    def _kept(self, task: Task, made: list[Outcome]) -> list[Fetch]:
        """The lines written; rows that the store refuses are a failure of this source alone."""
        try:
            self._write(task, made)
        except StoreBusy:
            raise
        except Exception as refusal:  # a value no type of the card can hold, a full disk
            words = str(refusal) if isinstance(refusal, StoreError) else type(refusal).__name__
            said = f"{made[0].line.url} : lignes que l'entrepôt ne peut pas garder ({words[:200]})"
            made = _without_rows(task, "failed", said)
            for outcome in made:
                self.store.log(outcome.line)
        return [outcome.line for outcome in made]

    def _prepared(self, task: Task) -> tuple[Task, list[Outcome]]:
        """The task as its connector completes it from the store, or why there is nothing to ask.

        A module may define `prepare(store, task) -> Task`: addresses that other sources or people
        gave go to `source.params`. It raises NotCovered where the store knows of nothing to ask.
        """
        try:
            module = importlib.import_module(f"connectors.{task.source.connector}")
            prepare = getattr(module, "prepare", None)
            return (prepare(self.store, task) if prepare else task), []
        except NotCovered as absence:
            return task, _without_rows(task, "not_covered", str(absence))
        except Exception as surprise:  # a store of before, a module that is gone
            said = f"préparation impossible ({type(surprise).__name__})"
            return task, _without_rows(task, "failed", said)

    def _attempt(self, task: Task, asked: Task) -> list[Outcome]:
        """What came of a task, whatever it was; `asked` is as its connector completed it."""
        try:
            self._refuse_silent(task)
            self.get.begin(self._known(task))
            made = self._received(task, asked)
        except Unchanged:
            made = [self._same(task)]
        except NotCovered as absence:
            return _without_rows(task, "not_covered", str(absence))
        except Offline as refusal:
            return _without_rows(task, "offline", str(refusal))
        except Unreachable as failure:
            self.silences[task.origin] += 1
            return _without_rows(task, "failed", str(failure))
        except (FetchError, StoreError) as failure:
            return _without_rows(task, "failed", str(failure))
        except Exception as surprise:  # an answer no one foresaw must not stop the other sources
            said = f"réponse inattendue ({type(surprise).__name__})"
            return _without_rows(task, "failed", said)
        self.silences[task.origin] = 0
        return made

    def _refuse_silent(self, task: Task) -> None:
        if task.origin and self.silences[task.origin] >= SILENCES:
            raise FetchError(
                f"{task.origin} : aucune réponse à {SILENCES} demandes de suite, non redemandé "
                "cette fois"
            )

    def _received(self, task: Task, asked: Task) -> list[Outcome]:
        module = importlib.import_module(f"connectors.{task.source.connector}")
        got = accepted(task.dataset, task.asked, _ask(module, asked, self.get))
        parts = [self._completed(module, task, outcome) for outcome in _by_scope(task, got)]
        made = [self._believed(task, outcome, got) for outcome in parts]
        seen = self.get.seen if len(made) == 1 else {}
        return [self._noticed(module, task, _traced(task, outcome, seen)) for outcome in made]

    def _completed(self, module: ModuleType, task: Task, outcome: Outcome) -> Outcome:
        """With the rows of before that a source of a few years gives no more.

        A module may define `completed(before, after) -> (rows, what to say of those kept)`.
        """
        if outcome.rows is None or outcome.rows.empty or not hasattr(module, "completed"):
            return outcome
        before = self.store.table(task.dataset.id, _replaced(task, outcome))
        if before.empty:
            return outcome
        rows, said = module.completed(before, outcome.rows)
        detail = " ; ".join(part for part in (outcome.line.detail, said) if part) or None
        return replace(
            outcome, rows=rows, line=replace(outcome.line, rows=len(rows), detail=detail)
        )

    def _believed(self, task: Task, outcome: Outcome, got: Got) -> Outcome:
        """The outcome, or its refusal where far fewer rows came than last time."""
        scope = outcome.line.territory
        if outcome.rows is None or self.accept_fall:
            return outcome
        try:
            check_fall(replace(got, rows=outcome.rows), self._last(task, scope))
        except FellShort as fall:
            own = replace(task, place=territory(scope) if task.group else task.place, group=())
            return self._refused(own, Outcome(_line(own, "failed", detail=str(fall))))
        return outcome

    def _last(self, task: Task, scope: str) -> Fetch | None:
        """The last good copy that this source gave for a scope."""
        lines = self.store.fetches(task.dataset.id, scope)
        own = (line for line in lines if line.connector == task.source.connector)
        return next((line for line in own if line.good), None)

    def _lines(self, task: Task, scope: str) -> list[Fetch]:
        """The lines that may have written over the rows of a scope: any, for a national copy."""
        if scope == NATIONAL:
            return self.store.fetches(task.dataset.id)
        return [
            line for wide in (scope, NATIONAL) for line in self.store.fetches(task.dataset.id, wide)
        ]

    def _standing(self, task: Task, scope: str) -> tuple[Fetch, sameness.Trace] | None:
        """The last good copy and its trace, while its rows are still those of the table."""
        last = self._last(task, scope)
        made = sameness.read_trace(last)
        if last is None or made is None:
            return None
        read_alike = made.reading == sameness.reading(task.dataset, task.source)
        ours = sameness.still_ours(last, self._lines(task, scope))
        return (last, made) if read_alike and ours else None

    def _known(self, task: Task) -> Mapping[str, Validator]:
        """By address, what lets the source answer that nothing changed."""
        standing = None if task.group else self._standing(task, task.scope)
        return standing[1].answers if standing else {}

    def _same(self, task: Task) -> Outcome:
        """The last good copy again, at today's date: nothing of it is rewritten."""
        last = self._last(task, task.scope)
        if last is None:
            return _without_rows(task, "failed", "« inchangé » répondu sans copie gardée")[0]
        return Outcome(replace(last, fetched_at=today_utc()))

    def _noticed(self, module: ModuleType, task: Task, outcome: Outcome) -> Outcome:
        """With what the connector finds gone or changed since the rows of before."""
        scope, last = outcome.line.territory, self._last(task, outcome.line.territory)
        if outcome.rows is None or last is None or not hasattr(module, "noticed"):
            return outcome
        if not sameness.still_ours(last, self._lines(task, scope)):
            return outcome  # the rows of before are another source's: nothing went from this one
        before = self.store.table(task.dataset.id, _replaced(task, outcome))
        found = module.noticed(before, outcome.rows)
        dated = (self._finding(task, scope, last, *made) for made in found)
        return replace(outcome, findings=tuple(dated))

    def _refused(self, task: Task, outcome: Outcome) -> Outcome:
        scope, last = outcome.line.territory, self._last(task, outcome.line.territory)
        said = outcome.line.detail or ""
        return replace(outcome, findings=(self._finding(task, scope, last, "refused", said),))

    def _finding(
        self,
        task: Task,
        scope: str,
        last: Fetch | None,
        kind: str,
        subject: str,
        before: str = "",
        after: str = "",
    ) -> Finding:
        previous = last.fetched_at if last else None
        return Finding(today_utc(), previous, scope, task.dataset.id, kind, subject, before, after)

    def _write(self, task: Task, made: list[Outcome]) -> None:
        """Rows that changed with their lines in one transaction; the other lines alone."""
        changed = [outcome for outcome in made if self._changes(task, outcome)]
        self.store.save_all(
            Part(task.dataset, outcome.line, outcome.rows, _replaced(task, outcome))
            for outcome in changed
            if outcome.rows is not None
        )
        for outcome in made:
            if outcome not in changed:
                self.store.log(outcome.line)
        found = [finding for outcome in made for finding in outcome.findings]
        if found:
            self.store.find(*found)

    def _changes(self, task: Task, outcome: Outcome) -> bool:
        """Whether the rows differ from those that the store already holds from this source."""
        if outcome.rows is None:
            return False
        standing, now = (
            self._standing(task, outcome.line.territory),
            sameness.read_trace(outcome.line),
        )
        return not (standing and now and standing[1].rows == now.rows)


def _ask(module: ModuleType, task: Task, get: Get) -> Got:
    place, source = task.place, task.source
    if place and not covers(source, place):
        raise NotCovered(f"Hors couverture de la source : {source.coverage}.")
    if source.group == 1:
        got: Got = module.fetch(task.dataset, place, get)
        return got
    if not task.group and place and place.level not in ("commune", "epci"):
        raise NotCovered("La source se demande commune par commune.")
    many: Got = module.fetch_many(task.dataset, task.communes, get)
    return many


def _by_scope(task: Task, got: Got) -> list[Outcome]:
    """The answer shared between the places asked; those it says it does not cover apart.

    Raises NotCovered where a single place was asked, of which the source says nothing.
    """
    if not task.group:
        return [_outcome(task, shares.told(got, task.communes))]
    made = []
    for place in task.group:
        own = replace(task, place=place, group=())
        try:
            made.append(_outcome(own, shares.of_one(got, place)))
        except NotCovered as absence:
            made += _without_rows(own, "not_covered", str(absence))
    return made


def _outcome(task: Task, got: Got) -> Outcome:
    told = got.rows["territory"].unique() if got.uncovered and len(got.rows) else ()
    untold = frozenset(got.uncovered).difference(told)
    line = _line(task, "ok" if len(got.rows) else "empty", got)
    return Outcome(line, got.rows, untold=untold)


def _without_rows(task: Task, status: str, detail: str) -> list[Outcome]:
    """One line for each place of the task, all with the same words."""
    alone = [replace(task, place=place, group=()) for place in task.group] or [task]
    return [Outcome(_line(own, status, detail=detail)) for own in alone]


def _traced(task: Task, outcome: Outcome, seen: Mapping[str, Validator]) -> Outcome:
    if outcome.rows is None:
        return outcome
    trace = sameness.trace(task.dataset, task.source, outcome.rows, seen)
    return replace(outcome, line=replace(outcome.line, validators=trace.dumped()))


def _replaced(task: Task, outcome: Outcome) -> tuple[str, ...] | None:
    """The territories whose rows a copy replaces; None: every real one.

    A source asked by groups of communes gives an EPCI as its communes; any other, as itself.
    """
    scope = outcome.line.territory
    if scope == NATIONAL:
        return None
    codes = (scope, *members(territory(scope))) if task.source.group > 1 else (scope,)
    return tuple(code for code in codes if code not in outcome.untold)


def _spent(lines: list[Fetch], seconds: float, requests: int, moved: int) -> Iterator[Fetch]:
    """What the task cost, on its first line: a group asks once for all its places."""
    for number, line in enumerate(lines):
        first = not number
        yield replace(line, seconds=seconds, requests=requests * first, bytes=moved * first)


@contextmanager
def _client(get: Get | None) -> Iterator[Get]:
    """The client given, or one whose files are deleted at the end of the run."""
    if get is not None:
        yield get
        return
    with Http() as client:
        yield client


def _due(store: Store, task: Task, since_days: int | None, named: bool) -> bool:
    """Whether a task is to be done: always when named or asked, else when its copy has aged."""
    if since_days is None and (named or not task.source.bulk):
        return True
    days = task.source.keep_days if since_days is None else since_days
    limit = today_utc() - timedelta(days=days)
    lines = store.fetches(task.dataset.id)
    own = [line for line in lines if line.connector == task.source.connector and line.good]
    fresh = {line.territory for line in own if line.fetched_at >= limit}
    scopes = {place.code for place in task.places} or {NATIONAL}
    return not scopes <= fresh


def _line(task: Task, status: str, got: Got | None = None, detail: str | None = None) -> Fetch:
    source = task.source
    return Fetch(
        dataset=task.dataset.id,
        territory=task.scope,
        level=task.place.level if task.place else source.level,
        status=status,
        rows=len(got.rows) if got else 0,
        seconds=0.0,
        requests=0,
        url=got.url if got else source.url or "",
        vintage=(got.vintage if got else None) or source.vintage,
        fetched_at=today_utc(),
        detail=got.detail if got else detail,
        connector=source.connector,
        source=source.producer,
        licence=source.licence,
    )


def _invented(dataset: Dataset, source: Source, place: Territory) -> Fetch:
    """Said to who asks, never logged: no real source speaks of an invented town."""
    source = replace(source, producer="FICTIF", licence="FICTIF", vintage=None, url=None)
    return _line(Task(dataset, source, place), "not_covered", detail=FICTIONAL)


def places_of(codes: Iterable[str]) -> list[Territory]:
    """The territories of these codes, each once; raises UnknownTerritory."""
    return list({place.code: place for place in map(territory, codes)}.values())
