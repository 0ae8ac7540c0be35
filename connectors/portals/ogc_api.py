"""OGC API Features: one dataset per collection, whose items are asked to see that they come."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from connectors.fetching import FetchError, Get
from connectors.portals.answers import (
    ENDPOINT,
    Asker,
    Listing,
    check_total,
    checked,
    dataset,
    dictionaries,
    file,
    required,
    roots,
    text,
)

KIND = "ogc_api"
MAX_CHECKED = 5  # collections whose items are asked
FORMATS = {"application/geo+json": "geojson", "application/vnd.ogc.fg+json": "json"}


def base(ask: Asker, url: str) -> str | None:
    """The address of the service where there is one; a request at the address, one at its host."""
    for site in roots(url.split("/collections")[0]):
        if _collections(ask.json(f"{site}/collections", {"f": "json"})) is not None:
            return site
    return None


def listing(get: Get, site: str) -> Listing:
    """Every collection of features; raises FetchError where there is no list of them."""
    answer, url = get.json(ENDPOINT, f"{site}/collections", {"f": "json"})
    found = _collections(answer)
    if found is None:
        raise FetchError(f"{url} : réponse sans la liste « collections »")
    check_total(len(found), url)
    ask = Asker(get)
    made = [
        _dataset(site, given, url, ask if at < MAX_CHECKED else None)
        for at, given in enumerate(found)
    ]
    aside = len(found) - MAX_CHECKED
    notes = [f"{site} : {aside} collections non essayées"] if aside > 0 else []
    return Listing(made, notes)


def _collections(answer: Any) -> list[dict[str, Any]] | None:
    """Collections of features; those of coverages, records or tiles say another type."""
    if not isinstance(answer, dict) or not isinstance(answer.get("collections"), list):
        return None
    found = dictionaries(answer["collections"])
    return [made for made in found if made.get("itemType", "feature") == "feature"]


def _dataset(site: str, given: Any, url: str, ask: Asker | None) -> dict[str, Any]:
    identifier = required(given, "id", url)
    page = f"{site}/collections/{quote(identifier, safe='')}"
    made = file(f"{page}/items?f=json", "geojson")
    if ask is not None:
        answer = ask.json(f"{page}/items", {"f": "json", "limit": 1})
        made = checked(made, isinstance(answer, dict) and isinstance(answer.get("features"), list))
    return dataset(
        identifier,
        given.get("title"),
        page,
        description=text(given.get("description")) or "",
        license=_licence(given) or text(given.get("license")),
        tags=given.get("keywords"),
        resources=[made],
    )


def _licence(given: dict[str, Any]) -> str | None:
    links = dictionaries(given.get("links"))
    found = (made for made in links if made.get("rel") == "license")
    return next((text(made.get("title")) or text(made.get("href")) for made in found), None)
