"""CKAN portals, action API v3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from connectors.fetching import FetchError, Get
from connectors.portals.answers import (
    ENDPOINT,
    Asker,
    Listing,
    check_total,
    dataset,
    dictionaries,
    file,
    mapping,
    organisation,
    required,
    roots,
    text,
)
from connectors.reading.figures import whole_number
from connectors.reading.paging import Page, walk, whole

KIND = "ckan"
SIZE = 100


def base(ask: Asker, url: str) -> str | None:
    """The address of the portal where it is one; a request at the address, one at its host."""
    for site in roots(url):
        found = ask.json(f"{site}/api/3/action/package_search", {"rows": 0})
        if _result(found) is not None:
            return site
    return None


def listing(get: Get, site: str) -> Listing:
    """Every dataset of the portal; raises FetchError on a list that is not whole."""
    url = f"{site}/api/3/action/package_search"
    rows = whole(walk(get, ENDPOINT, url, {"rows": SIZE, "start": 0}, _page), url)
    return Listing([_dataset(site, made, url) for made in rows])


def _result(answer: Any) -> dict[str, Any] | None:
    said = mapping(answer)
    result = mapping(said.get("result")) if said.get("success") else {}
    counted = whole_number(result.get("count")) is not None
    return result if counted and isinstance(result.get("results"), list) else None


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    result = _result(answer)
    if result is None:
        raise FetchError(f"{url} : réponse sans « result.results »")
    check_total(result["count"], url)
    after = int(asked["start"]) + len(result["results"])
    more = {"start": after} if result["results"] and after < result["count"] else None
    return Page(result["results"], result["count"], more)


def _dataset(site: str, given: Any, url: str) -> dict[str, Any]:
    identifier = required(given, "id", url)
    name = text(given.get("name")) or identifier
    tags = [
        made.get("display_name") or made.get("name") for made in dictionaries(given.get("tags"))
    ]
    return dataset(
        identifier,
        given.get("title"),
        f"{site}/dataset/{quote(name, safe='')}",
        description=text(given.get("notes")) or "",
        license=text(given.get("license_id")) or text(given.get("license_title")),
        frequency=text(given.get("frequency")),
        last_update=_newest(given),
        organization=organisation(mapping(given.get("organization")).get("title")),
        tags=tags,
        resources=[_file(made) for made in dictionaries(given.get("resources"))],
    )


def _file(given: dict[str, Any]) -> dict[str, Any]:
    """`schema` is CKAN's own key for the address of a Table Schema."""
    schema = text(given.get("schema"))
    return file(
        given.get("url"),
        text(given.get("format")),
        given.get("name"),
        description=text(given.get("description")),
        schema={"name": None, "url": schema},
    )


def _newest(given: dict[str, Any]) -> str | None:
    """The last change of a file; the dataset's own date also moves with its description."""
    days = [text(made.get("last_modified")) for made in dictionaries(given.get("resources"))]
    return max(filter(None, days), default=text(given.get("metadata_modified")))
