"""What the towns' own portals publish: which program one runs, its datasets, whether they answer.

Addresses come from the datasets that data.gouv.fr harvests and from people (`discover --portal`).
On a portal shared by several authorities, only what names the town or its agglomération is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from connectors.catalogue.disappearance import noticed
from connectors.catalogue.evidence import evidence
from connectors.catalogue.matching import matches
from connectors.catalogue.places import Places
from connectors.catalogue.published import COLUMNS, frame
from connectors.catalogue.publishers import is_publisher, names_of, speaks_of
from connectors.fetching import FetchError, Get, Got, NotCovered
from connectors.portals import arcgis_hub, ckan, data_fair, dcat, ogc_api, opendatasoft, wfs
from connectors.portals.answers import ENDPOINT, Asker, Listing, checked, root
from connectors.runs.planning import Task
from data.catalog import Dataset
from data.records import Record
from data.store import Store
from data.territories import Territory, UnknownTerritory
from data.territories import territory as known_territory

__all__ = ["ENDPOINT", "KINDS", "discover", "fetch", "known_to", "noticed", "prepare", "recognised"]

KINDS: dict[str, ModuleType] = {
    module.KIND: module
    for module in (
        opendatasoft,
        ckan,
        arcgis_hub,
        data_fair,
        ogc_api,
        wfs,
        dcat,
    )
}
# What an address looks like tells which kind to try first; every kind is tried all the same.
HINTS = {
    wfs.KIND: re.compile(r"wfs|geoserver|mapserv|\bows\b", re.IGNORECASE),
    dcat.KIND: re.compile(r"\.json(?:ld)?$|/dcat", re.IGNORECASE),
    ogc_api.KIND: re.compile(r"/collections|ogc-?api|/ogc/", re.IGNORECASE),
    ckan.KIND: re.compile("ckan", re.IGNORECASE),
}
RECORD = "portal"  # kind of the records by which people give an address
MAX_PORTALS = 5  # of one town
MAX_SERVICES = 5  # map services of one portal that are asked whether they still answer
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?", re.IGNORECASE)
NATIONAL_HOSTS = re.compile(r"(?:^|\.)(?:gouv\.fr|geocatalogue\.fr)$|^localhost$", re.IGNORECASE)
PORTAL_COLUMNS = [*COLUMNS, "portal", "portal_kind"]


@dataclass(frozen=True)
class Portal:
    """A portal that was recognised."""

    url: str  # from which its list is asked
    kind: str


def recognised(get: Get, url: str) -> Portal | None:
    """Which kind of portal stands at an address; None where none of those known does.

    At most a dozen requests, each tried in turn. Raises FetchError where the host does not answer.
    """
    ask = Asker(get)
    for module in _in_order(url):
        found = module.base(ask, url)
        if found:
            return Portal(found, module.KIND)
    return None


def discover(
    place: Territory, url: str, get: Get
) -> tuple[Portal | None, list[dict[str, Any]], list[str]]:
    """The portal at an address, its datasets in the shape of the search, and notes."""
    portal = recognised(get, url)
    if portal is None:
        return None, [], []
    made, notes = _listed(portal, place, True, get)
    return portal, made, notes


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row per dataset of the portals of a territory, whose addresses `prepare` gave.

    Raises NotCovered where none of them is a portal, FetchError as soon as one that was read
    before is not: half a list would pass for « nothing more published ».
    """
    source = dataset.source("portals")
    addresses = source.params.get("addresses", []) if source else []
    if territory is None or territory.fictional or not addresses:
        raise NotCovered(_none_known(territory))
    before = get.requests
    notes: list[str] = []
    parts: list[pd.DataFrame | None] = []
    failed = False  # one of them did not answer: that it is no portal is not known
    for address in addresses:
        try:
            parts.append(_rows(territory, address, get, notes))
        except FetchError as failure:
            if address.get("seen") or len(addresses) == 1:
                raise
            failed = True
            notes.append(f"non lu : {failure}")
    kept = [part for part in parts if part is not None]
    if not kept and failed:
        raise FetchError(" ; ".join(notes))
    if not kept:
        raise NotCovered(" ; ".join(notes))
    rows = pd.concat(kept, ignore_index=True).drop_duplicates("id", ignore_index=True)
    asked = get.address(ENDPOINT, addresses[0]["url"])
    return Got(rows, asked, None, get.requests - before, " ; ".join(notes) or None)


def prepare(store: Store, task: Task) -> Task:
    """The same task with the addresses of the portals of its territory; raises NotCovered."""
    place = task.place
    if place is None or place.fictional:
        raise NotCovered(_none_known(place))
    given = {made["url"]: made for made in task.source.params.get("addresses", [])}
    for made in known_to(store, place):
        given.setdefault(made["url"], made)
    if not given:
        raise NotCovered(_none_known(place))
    seen = set(store.table(task.dataset.id, [place.code]).get("portal", ()))
    chosen = sorted(given.values(), key=lambda made: (not made.get("own"), made["url"]))
    addresses = [{**made, "seen": made["url"] in seen} for made in chosen[:MAX_PORTALS]]
    source = replace(task.source, params={**task.source.params, "addresses": addresses})
    others = tuple(source if made is task.source else made for made in task.dataset.sources)
    return replace(task, source=source, dataset=replace(task.dataset, sources=others))


def known_to(store: Store, place: Territory) -> list[dict[str, Any]]:
    """Addresses that people and harvested datasets give: `{url, own}`; own: of this town alone."""
    near = [place, *_agglomeration(place)]
    found: dict[str, dict[str, Any]] = {}
    for holder in near:
        for url in _given(store.records(RECORD, holder.code)):
            found.setdefault(url, {"url": url, "own": True})
    for domain in _harvested(store.table("published_datasets", [made.code for made in near])):
        own = bool(list(Places(tuple(near)).in_domain(domain)))
        found.setdefault(f"https://{domain}", {"url": f"https://{domain}", "own": own})
    return list(found.values())


def _given(records: Sequence[Record]) -> Iterator[str]:
    """Addresses that people gave and did not take back since."""
    latest = {str(made.payload.get("url")): made for made in records}
    for url, made in latest.items():
        if made.payload.get("withdrawn") is not True and url.startswith(("http://", "https://")):
            yield url


def _harvested(rows: pd.DataFrame) -> list[str]:
    """Domains from which data.gouv.fr harvests the datasets of a town or its agglomération."""
    if "harvested_from" not in rows.columns:
        return []
    near = rows[rows["level"].isin(["commune", "epci"])]
    domains = {str(made).strip().lower() for made in near["harvested_from"].dropna()}
    kept = [made for made in domains if HOST.fullmatch(made) and "." in made]
    return sorted(made for made in kept if not NATIONAL_HOSTS.search(made.partition(":")[0]))


def _agglomeration(place: Territory) -> list[Territory]:
    try:
        return [known_territory(place.epci)] if place.epci else []
    except UnknownTerritory:
        return []


def _rows(
    place: Territory, address: Mapping[str, Any], get: Get, notes: list[str]
) -> pd.DataFrame | None:
    """Rows of one address; None where no portal is recognised, which is noted."""
    url = str(address["url"])
    portal = recognised(get, url)
    if portal is None:
        if address.get("seen"):
            raise FetchError(f"{get.address(ENDPOINT, url)} : plus aucun portail reconnu")
        notes.append(f"{get.address(ENDPOINT, url)} : aucun portail reconnu à cette adresse")
        return None
    made, said = _listed(portal, place, bool(address.get("own", True)), get)
    notes += said
    rows = frame(place.code, made, columns=PORTAL_COLUMNS)
    return rows.assign(portal=url, portal_kind=portal.kind)


def _listed(
    portal: Portal, place: Territory, own: bool, get: Get
) -> tuple[list[dict[str, Any]], list[str]]:
    """Datasets of a portal that are of a territory, in the shape `evidence`, and notes."""
    found: Listing = KINDS[portal.kind].listing(get, portal.url)
    near = [place, *_agglomeration(place)]
    names, host = names_of(near), urlsplit(portal.url).netloc.rpartition("@")[2]
    kept = [
        (given, level)
        for given in found.datasets
        if (level := _level(given, near)) or own and (level := place.level)
    ]
    made = [
        evidence({**given, "id": f"{host}:{given['id']}"}, level, ["portal"], names, portal.url)
        for given, level in _alive(kept, get)
    ]
    aside = len(found.datasets) - len(kept)
    notes = list(found.notes)
    if aside:
        notes.append(f"{host} : {aside} jeux qui ne nomment pas le territoire laissés de côté")
    return made, notes


def _level(given: Mapping[str, Any], near: Iterable[Territory]) -> str | None:
    """The level of the authority that publishes a dataset or that its title names."""
    publisher = given.get("organization") or {}
    said = f"{given['title']} — {publisher.get('name') or ''}"
    text = f"{said} \n{given.get('description') or ''} \n{' '.join(given['tags'])}"[:100_000]
    for place in near:
        if is_publisher(dict(publisher), place) or speaks_of(said, text, place):
            return place.level
    return None


def _alive(
    kept: Sequence[tuple[dict[str, Any], str]], get: Get
) -> Iterator[tuple[dict[str, Any], str]]:
    """The same datasets; the first map services that useful ones point to are asked."""
    asked: dict[str, bool] = {}
    for given, level in kept:
        useful = bool(matches(str(given["title"]), given["tags"]))
        files = [_tried(made, asked, get) if useful else made for made in given["resources"]]
        yield {**given, "resources": files}, level


def _tried(made: dict[str, Any], asked: dict[str, bool], get: Get) -> dict[str, Any]:
    """A WFS with whether it answers; another kind of file, or one service too many, as it is."""
    url = str(made.get("url") or "")
    is_wfs = (made.get("format") or "").lower() == "wfs" and url.startswith(("http://", "https://"))
    if not is_wfs or made["extras"]:
        return made
    service = root(url)
    if service not in asked and len(asked) < MAX_SERVICES:
        try:
            asked[service] = wfs.answers(get, url)
        except FetchError as failure:
            if failure.status is None or failure.status == 429 or failure.status >= 500:
                return made  # no answer today says nothing of a link
            asked[service] = False
    return checked(made, asked[service]) if service in asked else made


def _in_order(url: str) -> list[ModuleType]:
    return sorted(KINDS.values(), key=lambda made: not _hinted(made.KIND, url))


def _hinted(kind: str, url: str) -> bool:
    return kind in HINTS and bool(HINTS[kind].search(url))


def _none_known(place: Territory | None) -> str:
    where = f" pour {place.name}" if place else ""
    return (
        f"Aucun portail connu{where} : aucun jeu moissonné n'en donne l'adresse et personne ne l'a "
        "indiquée (discover CODE --portal ADRESSE)."
    )
