"""Opendatasoft (Huwise) portals, Explore API v2.1.

A page may not go beyond 10,000 datasets: a longer list is cut in two by date of change until each
part is shorter, and the parts must add up to what was announced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from connectors.fetching import FetchError, Get
from connectors.portals.answers import (
    ENDPOINT,
    Asker,
    Listing,
    check_total,
    dataset,
    file,
    mapping,
    organisation,
    origin,
    required,
    text,
)
from connectors.reading.figures import whole_number
from connectors.reading.paging import Page, walk, whole

KIND = "opendatasoft"
PATH = "/api/explore/v2.1/catalog/datasets"
SIZE, CAP = 100, 10_000
OLDEST, NEWEST = date(1970, 1, 1), date(2100, 1, 1)


def base(ask: Asker, url: str) -> str | None:
    """The address of the portal where it is one; one request."""
    site = origin(url)
    found = ask.json(f"{site}{PATH}", {"limit": 0})
    known = isinstance(found, dict) and whole_number(found.get("total_count")) is not None
    return site if known and isinstance(found.get("results"), list) else None


def listing(get: Get, site: str) -> Listing:
    """Every dataset of the portal; raises FetchError on a list that is not whole."""
    url = f"{site}{PATH}"
    total = _total(get, url, None)
    check_total(total, url)
    rows = _part(get, url, None, OLDEST, NEWEST) if total > CAP else _walked(get, url, None)
    distinct = {required(made, "dataset_id", url): made for made in rows}
    if len(distinct) < total:
        raise FetchError(f"{url} : {len(distinct)} jeux reçus, {total} annoncés")
    return Listing([_dataset(site, identifier, made) for identifier, made in distinct.items()])


def _part(get: Get, url: str, where: str | None, start: date, end: date) -> list[Any]:
    """The datasets changed between two days, cut in two as long as they are too many."""
    where = f"modified >= date'{start}' and modified < date'{end}'"
    if _total(get, url, where) <= CAP:
        return _walked(get, url, where)
    middle = start + (end - start) // 2
    if middle in (start, end) or end - start < timedelta(days=2):
        raise FetchError(f"{url} : plus de {CAP} jeux changés le {start}, liste impossible à lire")
    return _part(get, url, where, start, middle) + _part(get, url, where, middle, end)


def _total(get: Get, url: str, where: str | None) -> int:
    answer, shown = get.json(ENDPOINT, url, {"limit": 0, "where": where})
    found = whole_number(answer.get("total_count")) if isinstance(answer, dict) else None
    if found is None:
        raise FetchError(f"{shown} : réponse sans « total_count »")
    return found


def _walked(get: Get, url: str, where: str | None) -> list[Any]:
    first = {"limit": SIZE, "offset": 0, "where": where}
    return whole(walk(get, ENDPOINT, url, first, _page), url)


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise FetchError(f"{url} : réponse sans la liste « results »")
    rows, total = answer["results"], whole_number(answer.get("total_count"))
    after = int(asked["offset"]) + SIZE
    more = len(rows) == SIZE and (total is None or after < total) and after < CAP
    return Page(rows, total, {"offset": after} if more else None)


def _dataset(site: str, identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    metas = mapping(given.get("metas"))
    said, dcat = mapping(metas.get("default")), mapping(metas.get("dcat"))
    return dataset(
        identifier,
        said.get("title"),
        f"{site}/explore/dataset/{quote(identifier, safe='')}/",
        description=text(said.get("description")) or "",
        license=text(said.get("license")),
        frequency=text(dcat.get("accrualperiodicity")),
        last_update=text(said.get("data_processed")) or text(said.get("modified")),
        organization=organisation(said.get("publisher")),
        tags=[*_list(said.get("keyword")), *_list(said.get("theme"))],
        resources=_files(site, identifier, given),
    )


def _files(site: str, identifier: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    if given.get("has_records") is False:
        return []
    features = _list(given.get("features"))
    kinds = ["csv", "json", *(["geojson"] if "geo" in features else [])]
    exports = f"{site}{PATH}/{quote(identifier, safe='')}/exports"
    return [file(f"{exports}/{kind}", kind) for kind in kinds]


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
