"""The fetch log of many territories at once, so that 244 towns cost one reading."""

from __future__ import annotations

from collections.abc import Iterable

from data.catalog import catalog
from data.store import Fetch, Store
from data.territories import NATIONAL, Territory
from diagnostics.presence import Presence, presence

UPPER_LEVELS = ("commune", "epci", "departement", "region", "national")


class FetchLog:
    """Answers « is this dataset there for this territory » for a fixed set of territories."""

    def __init__(self, store: Store, territories: Iterable[Territory]) -> None:
        scopes = {scope for place in territories for scope in place.scopes}
        self._fetches: dict[tuple[str, str], list[Fetch]] = {}
        for dataset, fetches in store.latest(tuple(sorted(scopes))).items():
            for fetch in fetches:
                self._fetches.setdefault((dataset, fetch.territory), []).append(fetch)
        self._known: dict[tuple[str, str], Presence] = {}

    def of(self, dataset: str, territory: Territory) -> Presence:
        """The presence of a dataset for one of the territories."""
        key = dataset, territory.code
        if key not in self._known:
            mine = [made for scope in territory.scopes for made in self._scope(dataset, scope)]
            card = catalog().datasets[dataset]
            self._known[key] = presence({dataset: mine}, card, territory)
        return self._known[key]

    def _scope(self, dataset: str, scope: str) -> list[Fetch]:
        return self._fetches.get((dataset, scope), [])


def exhaustive(dataset: str, found: Presence) -> bool:
    """Whether « fetched, no row » is a true zero for the source that gave this copy."""
    source = catalog().datasets[dataset].source(found.good.connector) if found.good else None
    return source is not None and source.exhaustive


def carrier_level(presences: dict[str, Presence], territory: Territory) -> str:
    """The level the figure will be of: the widest of the territory and of its data."""
    levels = [territory.level, *(_level(key, made, territory) for key, made in presences.items())]
    return max(levels, key=UPPER_LEVELS.index)


def _level(dataset: str, found: Presence, territory: Territory) -> str:
    """Level of the rows of a copy: a national file holds rows at the level its card says."""
    fetch = found.good
    if fetch is None or fetch.territory == territory.code:
        return territory.level
    if fetch.territory != NATIONAL:
        return fetch.level if fetch.level in UPPER_LEVELS else territory.level
    source = catalog().datasets[dataset].source(fetch.connector)
    return source.level if source else territory.level
