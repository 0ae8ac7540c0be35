"""What the towns of the programme publish, read in the catalogue files of data.gouv.fr.

Three files (organisations, datasets, resources) serve every town at once, where the search of
`catalogue_search` asks forty times for each. Same rows, with what the files lack said as unknown:
the platform's quality points (the score alone is given) and schemas known by address only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from connectors.catalogue.disappearance import ARCHIVED, noticed
from connectors.catalogue.evidence import MAX_RESOURCES, evidence
from connectors.catalogue.files import CatalogueFile
from connectors.catalogue.matching import matches
from connectors.catalogue.places import NEAR, Hits, Places
from connectors.catalogue.published import frame
from connectors.catalogue.publishers import names_of
from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.runs.planning import Task
from data.catalog import Dataset
from data.store import Store
from data.territories import Territory, UnknownTerritory, fold
from data.territories import territory as known_territory

__all__ = ["fetch", "fetch_many", "noticed", "prepare"]

ENDPOINT = "DATAGOUV"
STABLE = "/api/1/datasets/r/"  # redirects to the file of the day
FILES = {
    "organizations": "b7bbfedc-2448-4135-a6c7-104548d396e7",
    "datasets": "f868cca6-8da1-4369-a78d-47463f19a9a3",
    "resources": "4babf5f2-6a9c-45b5-9144-ca5eae6a7a6d",
}
COLUMNS = {
    "organizations": [
        *("id", "name", "acronym", "slug", "url", "description", "business_number_id"),
    ],
    "datasets": [
        *("id", "title", "url", "organization", "organization_id", "owner", "description"),
        *("frequency", "license", "temporal_coverage.start", "temporal_coverage.end"),
        *("spatial.granularity", "spatial.zones", "last_modified", "tags", "archived"),
        *("harvest.domain", "harvest.modified_at", "quality_score"),
    ],
    "resources": [
        *("dataset.id", "url", "title", "description", "filetype", "type", "format"),
        *("modified", "schema_name", "extras"),
    ],
}
MIN_ROWS = {"organizations": 1_000, "datasets": 20_000, "resources": 50_000}
LEVELS = ("commune", "epci", "departement", "region")
ROUTES = ("organisation", "geozone", "schema", "text", "portal")
# The files give a licence by its title, the search by its identifier.
LICENCES = {
    "licence ouverte open licence version 2 0": "lov2",
    "licence ouverte open licence": "fr-lo",
    "open data commons open database license odbl": "odc-odbl",
    "open data commons attribution license": "odc-by",
    "open data commons public domain dedication and licence pddl": "odc-pddl",
    "creative commons attribution": "cc-by",
    "creative commons attribution share alike": "cc-by-sa",
    "creative commons cczero": "cc-zero",
    "other open": "other-open",
    "other public domain": "other-pd",
    "other attribution": "other-at",
    "license not specified": "notspecified",
}


@dataclass
class _Catalogue:
    """What the files say of the territories looked for."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)  # datasets, as the API has them
    hits: dict[str, Hits] = field(default_factory=dict)  # by dataset
    archived: dict[str, Hits] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)  # lines by file
    broken: int = 0


def prepare(store: Store, task: Task) -> Task:
    """A commune is read with others; an EPCI, a département or a région as itself."""
    if task.place and task.place.level != "commune":
        return replace(task, source=replace(task.source, group=1))
    return task


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """Rows of one territory; raises NotCovered without a real one."""
    if territory is None or territory.fictional:
        raise NotCovered("Le catalogue de data.gouv.fr se lit territoire réel par territoire réel.")
    return fetch_many(dataset, [territory], get)


def fetch_many(dataset: Dataset, places: Sequence[Territory], get: Get) -> Got:
    """Rows of several territories at once, those above them included, by territory asked.

    Raises FetchError on a file that is not the catalogue, or too short to be whole.
    """
    before = get.requests
    get.begin()  # three files make one answer: that one has not changed says nothing of the others
    ladders = {place.code: _ladder(place) for place in places}
    looked = {place.code: place for ladder in ladders.values() for place in ladder}
    floors = {**MIN_ROWS, **card_source(dataset, "catalogue_bulk").params.get("min_rows", {})}
    catalogue = _read(Places(tuple(looked.values())), get, floors)
    site = get.address(ENDPOINT, "/")
    parts = [_rows(code, ladder, catalogue, site) for code, ladder in ladders.items()]
    rows = pd.concat(parts, ignore_index=True)
    rows.attrs[ARCHIVED] = sorted(catalogue.archived)
    url = get.address(ENDPOINT, STABLE + FILES["datasets"])
    return Got(rows, url, None, get.requests - before, _detail(catalogue, len(rows)))


def _ladder(place: Territory) -> list[Territory]:
    steps = [place]
    for code in place.scopes[1:]:
        try:
            steps.append(known_territory(code))
        except UnknownTerritory:
            continue  # the national scope
    return steps


def _read(places: Places, get: Get, floors: Mapping[str, int]) -> _Catalogue:
    """The three files one after the other: who publishes, what, in which files."""
    made = _Catalogue()
    for row in _lines("organizations", get, made, floors):
        places.know(row)
    for row in _lines("datasets", get, made, floors):
        _keep(row, places.hits(row), made)
    only = ("dataset.id", list(made.found))
    for row in _lines("resources", get, made, floors, only):
        files = made.found[row["dataset.id"]]["resources"]
        if len(files) <= MAX_RESOURCES:
            files.append(_resource(row))
    return made


def _lines(
    name: str,
    get: Get,
    made: _Catalogue,
    floors: Mapping[str, int],
    only: tuple[str, list[str]] | None = None,
) -> Iterable[dict[str, str]]:
    path = STABLE + FILES[name]
    file = CatalogueFile(get.file(ENDPOINT, path, ("csv",)), get.address(ENDPOINT, path))
    yield from file.rows(COLUMNS[name], only)
    made.read[name], made.broken = file.lines, made.broken + file.broken
    if file.lines < floors[name]:
        raise FetchError(f"{file.url} : {file.lines} lignes, au moins {floors[name]} attendues")


def _keep(row: dict[str, str], hits: Hits, made: _Catalogue) -> None:
    if not hits or not re.fullmatch("[0-9a-f]{24}", row["id"]):
        return
    if row["archived"] not in ("", "False", "false"):
        made.archived[row["id"]] = hits
        return
    made.found[row["id"]], made.hits[row["id"]] = _dataset(row), hits


def _dataset(row: Mapping[str, str]) -> dict[str, Any]:
    """A line in the shape of the API; what the files do not hold has no key."""
    organisation = {"id": row["organization_id"], "name": row["organization"]}
    coverage = {key: row[f"temporal_coverage.{key}"] for key in ("start", "end")}
    zones = [zone for zone in row["spatial.zones"].split(",") if zone]
    return {
        "id": row["id"],
        "title": row["title"],
        "page": row["url"],
        "description": row["description"],
        "tags": [tag for tag in row["tags"].split(",") if tag],
        "license": LICENCES.get(fold(row["license"]), row["license"]) or None,
        "frequency": row["frequency"] or None,
        "temporal_coverage": coverage,
        "spatial": {"zones": zones, "granularity": row["spatial.granularity"]},
        "last_modified": row["last_modified"] or None,
        "harvested_at": row["harvest.modified_at"] or None,
        "organization": organisation if row["organization"] else None,
        "owner": {"name": None, "id": None} if row["owner"] else None,
        "harvest": {"domain": row["harvest.domain"] or None},
        "quality": {"score": _number(row["quality_score"])},
        "resources": [],
    }


def _resource(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("url", "title", "description", "filetype", "type", "format")},
        "last_modified": row["modified"],
        "schema": {"name": row["schema_name"] or None, "url": None},
        "extras": _object(row["extras"]),
    }


def _rows(code: str, ladder: Sequence[Territory], catalogue: _Catalogue, site: str) -> pd.DataFrame:
    """One row per dataset of a territory, or of those above it where it is useful."""
    names = names_of(ladder)
    found = [
        evidence(_dated(given), level, routes, names, site)
        for identifier, given in catalogue.found.items()
        if (level := _level(ladder, catalogue.hits[identifier]))
        and (routes := _routes(ladder, catalogue.hits[identifier]))
        and (level in NEAR or ladder[0].level not in NEAR or _useful(given, names))
    ]
    found.sort(key=lambda one: (LEVELS.index(one["level"]), fold(one["title"]), one["id"]))
    return frame(code, found)


def _level(ladder: Sequence[Territory], hits: Hits) -> str | None:
    """The narrowest level of who publishes or is covered; a text speaks of the territory asked."""
    reached = [place for place in ladder if place.code in hits]
    sure = (place.level for place in reached if hits[place.code] - {"text"})
    return next(sure, ladder[0].level if reached else None)


def _routes(ladder: Sequence[Territory], hits: Hits) -> list[str]:
    taken = set().union(*(hits.get(place.code, set()) for place in ladder))
    return [route for route in ROUTES if route in taken]


def _useful(given: Mapping[str, Any], names: list[str]) -> bool:
    return bool(matches(str(given["title"]), given["tags"], (), names))


def _dated(given: dict[str, Any]) -> dict[str, Any]:
    """With its last update, which the files lack: the harvest's, else that of its newest file."""
    days = [str(made["last_modified"]) for made in given["resources"] if made["last_modified"]]
    return {**given, "last_update": given["harvested_at"] or max(days, default=None)}


def _detail(catalogue: _Catalogue, rows: int) -> str:
    read = ", ".join(f"{name} {count}" for name, count in catalogue.read.items())
    said = [f"lignes lues : {read}", f"jeux gardés : {len(catalogue.found)} ({rows} lignes)"]
    if catalogue.broken:
        said.append(f"lignes abîmées, laissées de côté : {catalogue.broken}")
    return " ; ".join(said)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _object(text: str) -> dict[str, Any]:
    """A JSON object kept as text; anything else is an empty one."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
