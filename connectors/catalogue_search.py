"""What a town and the authorities above it publish on data.gouv.fr, by four routes at once.

No single route finds everything: producers seldom fill the zone, names have homonyms, few files
name their schema. Organisation, zone, schema and text are asked in turn and their union is kept,
with the routes that led to each dataset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from connectors.catalogue.disappearance import noticed
from connectors.catalogue.evidence import (
    everything_said,
    evidence,
    is_source,
    listed,
    publisher_of,
    title_and_publisher,
    zones,
)
from connectors.catalogue.matching import matches, schemas_wanted
from connectors.catalogue.published import frame
from connectors.catalogue.publishers import (
    is_namesake,
    is_publisher,
    names,
    names_of,
    short_name,
    speaks_of,
)
from connectors.fetching import FetchError, Get, Got, NotCovered
from connectors.reading.paging import pages
from data.catalog import Dataset
from data.territories import Territory, UnknownTerritory, fold
from data.territories import territory as known_territory

__all__ = ["discover", "fetch", "noticed", "zone_id"]

ENDPOINT = "DATAGOUV"
ORGANISATIONS = "/api/2/organizations/search/"
BY_SIRET = "/api/1/organizations/"
FULL = "/api/1/datasets/"  # resources inline, heavier
LIGHT = "/api/2/datasets/search/"  # resources as a link
NEAR = ("commune", "epci")  # levels of which everything is kept
LEVELS = ("commune", "epci", "departement", "region", "national")
ROUTES = ("organisation", "geozone", "schema", "text")
ORGANISATION_PAGES = 2  # of 50: the authority stands among the first answers to its own name
TEXT_PAGES = 3  # of 100, by relevance
MAX_COMPLETED = 200  # datasets whose resources are asked one by one
Keep = Callable[[dict[str, Any]], bool]


@dataclass
class _Found:
    """A dataset as first given, and how it was found."""

    given: dict[str, Any]
    routes: set[str] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)


@dataclass
class _Search:
    """One search under way: the places from the town up, what was found, what to say of it."""

    get: Get
    ladder: list[Territory]
    found: dict[str, _Found] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    namesakes: set[str] = field(default_factory=set)  # organisations, by identifier
    archived: set[str] = field(default_factory=set)  # datasets met, by identifier

    @property
    def zones(self) -> dict[str, str]:
        """Level by zone identifier, for every step of the ladder."""
        return {zone_id(place): place.level for place in self.ladder}

    def add(self, rows: Iterable[Any], route: str, level: str | None = None) -> None:
        for given in rows:
            if given.get("archived"):
                self.archived.add(str(given.get("id")))
            if not is_source(given) or not re.fullmatch(r"[0-9a-f]{24}", str(given.get("id"))):
                continue
            kept = self.found.setdefault(given["id"], _Found(given))
            if isinstance(given.get("resources"), list):
                kept.given = given
            kept.routes.add(route)
            kept.levels.update({level} if level else ())

    def ask(self, path: str, params: dict[str, Any], keep: Keep) -> list[Any]:
        """Rows that a filter must all have matched; raises FetchError when it was ignored."""
        rows, kept = self._read(path, params, keep, 200)
        if rows and not kept:
            where = self.get.address(ENDPOINT, path)
            raise FetchError(f"{where} : filtre ignoré par le serveur ({_named(params)})")
        return kept

    def look(self, params: dict[str, Any], keep: Keep) -> list[Any]:
        """The most relevant rows of a search by words that pass `keep`."""
        return self._read(LIGHT, params, keep, TEXT_PAGES)[1]

    def _read(
        self, path: str, params: dict[str, Any], keep: Keep, bound: int
    ) -> tuple[list[Any], list[Any]]:
        size = 50 if path == FULL else 100
        # Search refuses page x page_size above 10,000.
        answer = pages(self.get, ENDPOINT, path, params, size, min(bound, 10_000 // size))
        if answer.why:
            self.notes.append(f"{_named(params)} : {answer.why} ({answer.total or '?'} annoncés)")
        elif answer.total is not None and len(answer.rows) < answer.total:
            where = self.get.address(ENDPOINT, path)
            raise FetchError(
                f"{where} : {len(answer.rows)} lignes reçues, {answer.total} annoncées "
                f"({_named(params)})"
            )
        rows = listed(answer.rows)
        _check_named(rows, self.get.address(ENDPOINT, path))
        return rows, [given for given in rows if keep(given)]


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row per dataset found for a territory; lists are JSON text.

    Raises NotCovered without a real territory, FetchError as soon as one route fails: a partial
    union would pass for « nothing published ».
    """
    before = get.requests
    found, search = _search(territory, get)
    rows = frame(search.ladder[0].code, found, search.archived)
    url = get.address(ENDPOINT, LIGHT)
    return Got(rows, url, None, get.requests - before, " ; ".join(search.notes) or None)


def discover(territory: Territory, get: Get) -> list[dict[str, Any]]:
    """Datasets published by or about a territory and those above it, nearest level first."""
    return _search(territory, get)[0]


def zone_id(place: Territory) -> str:
    """The zone of data.gouv.fr for a territory: fr:commune:46042, fr:departement:46."""
    return f"fr:{place.level}:{place.code.rpartition(':')[2]}"


def _search(territory: Territory | None, get: Get) -> tuple[list[dict[str, Any]], _Search]:
    if territory is None or territory.fictional:
        raise NotCovered("data.gouv.fr se cherche territoire réel par territoire réel.")
    search = _Search(get, _ladder(territory))
    for place in search.ladder:
        _by_organisation(search, place)
        _by_zone(search, place)
    if territory.level in NEAR:
        _by_words(search, territory)
    places = names_of(search.ladder)
    kept = [made for made in search.found.values() if _near(search, made) or _useful(made, places)]
    aside = len(search.found) - len(kept)
    if aside:
        search.notes.append(
            f"{aside} jeux du département ou de la région sans lien laissés de côté"
        )
    site = get.address(ENDPOINT, "/")
    made = [
        evidence(found.given, _level(search, found), _routes(found), places, site)
        for found in _completed(search, kept)
    ]
    nearest = sorted(made, key=lambda one: (LEVELS.index(one["level"]), fold(one["title"])))
    return nearest, search


def _ladder(territory: Territory) -> list[Territory]:
    """The territory and those above it, nearest first."""
    steps = [territory]
    for code in territory.scopes[1:]:
        try:
            steps.append(known_territory(code))
        except UnknownTerritory:
            continue  # the national scope, or an authority that no longer exists
    return steps


def _by_organisation(search: _Search, place: Territory) -> None:
    """Datasets of the authority itself; those of a doubtful homonym only count as text."""
    for organisation in _organisations(search, place):
        sure = is_publisher(organisation, place)
        identifier = str(organisation.get("id"))
        if is_namesake(organisation, place):
            search.namesakes.add(identifier)
        if sure is False or not re.fullmatch(r"[0-9a-f]{24}", identifier):
            continue

        def published(given: dict[str, Any], wanted: str = identifier) -> bool:
            return publisher_of(given).get("id") == wanted

        path = FULL if place.level in NEAR else LIGHT
        rows = search.ask(path, {"organization": identifier}, published)
        if sure:
            search.add(rows, "organisation", place.level)
        else:
            search.add([row for row in rows if _about(search, row, place)], "text")


def _organisations(search: _Search, place: Territory) -> list[dict[str, Any]]:
    if place.siren and len(place.siren) == 14:  # a SIRET: exact, no name needed
        answer = pages(search.get, ENDPOINT, BY_SIRET, {"business_number_id": place.siren}, 50, 1)
        return listed(answer.rows)
    answer = pages(
        search.get, ENDPOINT, ORGANISATIONS, {"q": short_name(place)}, 50, ORGANISATION_PAGES
    )
    rows = listed(answer.rows)
    _check_named(rows, search.get.address(ENDPOINT, ORGANISATIONS), "id", "name")
    return [given for given in rows if not given.get("deleted")]


def _check_named(rows: list[dict[str, Any]], url: str, *keys: str) -> None:
    """Refuse records without the keys by which they are told apart: the answer has changed."""
    for key in keys or ("id",):
        if any(key not in given for given in rows):
            raise FetchError(f"{url} : un élément de la réponse n'a pas de « {key} »")


def _by_zone(search: _Search, place: Territory) -> None:
    wanted = zone_id(place)
    path = FULL if place.level in NEAR else LIGHT
    rows = search.ask(path, {"geozone": wanted}, lambda given: wanted in zones(given))
    search.add(rows, "geozone", place.level)


def _by_words(search: _Search, place: Territory) -> None:
    """Datasets that name the place, first among those that follow a standard of the catalogue."""

    def about(given: dict[str, Any]) -> bool:
        return _about(search, given, place)

    by_schema = {"q": short_name(place), "schema": schemas_wanted()}
    search.add(search.look(by_schema, about), "schema")
    search.add(search.look({"q": short_name(place)}, about), "text")


def _about(search: _Search, given: dict[str, Any], place: Territory) -> bool:
    """Whether a dataset speaks of this place and not of a homonym elsewhere."""
    covered = zones(given)
    if covered & {zone_id(place)}:
        return True
    if any(zone.startswith(f"fr:{place.level}:") for zone in covered):
        return False  # it says which place it covers: another one
    if publisher_of(given).get("id") in search.namesakes:
        return False
    if covered & set(search.zones) and names(title_and_publisher(given), place):
        return True
    return speaks_of(title_and_publisher(given), everything_said(given), place)


def _near(search: _Search, found: _Found) -> bool:
    return _level(search, found) in NEAR or search.ladder[0].level not in NEAR


def _useful(found: _Found, places: list[str]) -> bool:
    tags = listed(found.given.get("tags"), str)
    return bool(matches(str(found.given.get("title") or ""), tags, (), places))


def _level(search: _Search, found: _Found) -> str:
    """The narrowest level among publisher and zones; a text speaks of the territory asked."""
    covered = {search.zones[zone] for zone in zones(found.given) & set(search.zones)}
    levels = found.levels | covered or {search.ladder[0].level}
    return min(levels, key=LEVELS.index)


def _routes(found: _Found) -> list[str]:
    return [route for route in ROUTES if route in found.routes]


def _completed(search: _Search, kept: list[_Found]) -> list[_Found]:
    """The same datasets with their resources, asked one by one where only a link was given."""
    full, asked = [], 0
    for found in kept:
        if isinstance(found.given.get("resources"), list):
            full.append(found)
        elif asked < MAX_COMPLETED:
            asked += 1
            full.extend(_complete(search, found))
        else:
            full.append(found)
    if len(kept) > MAX_COMPLETED and asked == MAX_COMPLETED:
        search.notes.append(f"fichiers demandés pour {MAX_COMPLETED} jeux seulement")
    return full


def _complete(search: _Search, found: _Found) -> list[_Found]:
    try:
        given, url = search.get.json(ENDPOINT, f"{FULL}{found.given['id']}/")
    except FetchError as error:
        if error.status in (404, 410):  # made private or deleted since the search index was built
            search.notes.append(f"{found.given['id']} : retiré depuis (réponse {error.status})")
            return []
        raise
    if not isinstance(given, dict) or given.get("id") != found.given["id"]:
        raise FetchError(f"{url} : un autre jeu de données est revenu")
    if given.get("archived"):
        search.archived.add(str(given["id"]))
    return [_Found(given, found.routes, found.levels)] if is_source(given) else []


def _named(params: dict[str, Any]) -> str:
    key, value = next(iter(params.items()))
    return f"{key}={value}"
