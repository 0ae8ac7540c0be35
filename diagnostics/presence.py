"""Which absence holds for a dataset and a territory, read in the fetch log alone.

The tables are never asked: a missing row may be a true zero, a gap of the source or a fetch that
never took place, and only the log and the card tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.catalog import Dataset
from data.store import Fetch
from data.territories import NATIONAL, Territory

FETCHED = "fetched"
NOT_FETCHED = "not_fetched"
NOT_COVERED = "not_covered"
SOURCE_FAILED = "source_failed"
OFFLINE = "offline"

_STATES = {"not_covered": NOT_COVERED, "failed": SOURCE_FAILED, "offline": OFFLINE}


@dataclass(frozen=True)
class Presence:
    """What was obtained of a dataset for a territory."""

    state: str  # fetched, not_fetched, not_covered, source_failed, offline
    good: Fetch | None = None  # last good copy, when there is one
    last: Fetch | None = None  # last attempt, whatever came of it

    @property
    def failed_since(self) -> Fetch | None:
        """The attempt that failed after the last good copy, which therefore still serves."""
        behind = self.good and self.last and not self.last.good
        return self.last if behind else None


def presence(latest: dict[str, list[Fetch]], dataset: Dataset, territory: Territory) -> Presence:
    """Read the log of one dataset for one territory.

    `latest` is `Store.latest(territory.scopes)`, or a wider one: other scopes are left aside. A
    good copy always serves, even when a later attempt failed; without one the last attempt decides.
    """
    known = [made for made in latest.get(dataset.id, ()) if made.territory in territory.scopes]
    known.sort(key=lambda made: made.fetched_at, reverse=True)
    served = [made for made in known if not _excluded(made, dataset, territory)]
    if not served:
        return _without_attempt(known, dataset, territory)
    copies = [made for made in served if made.good]
    good = min(copies, key=lambda made: _remoteness(made, territory), default=None)
    last = _last(served, good, territory)
    if good:
        return Presence(FETCHED, good, last)
    return Presence(_STATES[last.status], None, last)


def _last(served: list[Fetch], good: Fetch | None, territory: Territory) -> Fetch:
    """The newest attempt that speaks of the copy that serves: that of a town is its own.

    A failure for its EPCI takes nothing from it, and says nothing of it while it has lines.
    """
    own = [made for made in served if not _remoteness(made, territory)]
    upper = good is not None and _remoteness(good, territory) > 0
    return served[0] if upper or not own else own[0]


def _remoteness(fetch: Fetch, territory: Territory) -> int:
    """A town's own rows before those of its EPCI; a national file holds its own rows too.

    Among equals the newest serves: `min` keeps the first of a list in the order of dates.
    """
    own = fetch.territory in (territory.code, NATIONAL)
    return 0 if own else territory.scopes.index(fetch.territory)


def _without_attempt(known: list[Fetch], dataset: Dataset, territory: Territory) -> Presence:
    """Never tried for this territory: its card may already say that no source covers it."""
    sources = dataset.sources
    outside = sources and all(_outside(made.excluded_departements, territory) for made in sources)
    if known or outside:
        return Presence(NOT_COVERED, None, known[0] if known else None)
    return Presence(NOT_FETCHED)


def _excluded(fetch: Fetch, dataset: Dataset, territory: Territory) -> bool:
    """A national fetch says nothing of the départements its source leaves out."""
    source = dataset.source(fetch.connector)
    if fetch.territory != NATIONAL or source is None:
        return False
    return _outside(source.excluded_departements, territory)


def _outside(excluded: tuple[str, ...], territory: Territory) -> bool:
    bare = territory.departement or territory.code.removeprefix("dep:")
    return bare in excluded
