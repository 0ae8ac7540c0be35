"""ArcGIS Hub sites, search API (OGC API Records)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
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

KIND = "arcgis_hub"
PATH = "/api/search/v1/collections/dataset/items"
SIZE = 100
FORMATS = {"feature service": "arcgis geoservices", "map service": "arcgis geoservices"}


def base(ask: Asker, url: str) -> str | None:
    """The address of the site where it is one; one request."""
    site = origin(url)
    found = ask.json(f"{site}{PATH}", {"limit": 1})
    known = isinstance(found, dict) and whole_number(found.get("numberMatched")) is not None
    return site if known and isinstance(found.get("features"), list) else None


def listing(get: Get, site: str) -> Listing:
    """Every dataset of the site; raises FetchError on a list that is not whole."""
    url = f"{site}{PATH}"
    first = {"limit": SIZE, "startindex": 1}
    rows = whole(walk(get, ENDPOINT, url, first, _page), url)
    return Listing([_dataset(site, made, url) for made in rows])


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise FetchError(f"{url} : réponse sans la liste « features »")
    rows, total = answer["features"], whole_number(answer.get("numberMatched"))
    check_total(total, url)
    after = int(asked["startindex"]) + len(rows)
    more = bool(rows) and total is not None and after <= total
    return Page(rows, total, {"startindex": after} if more else None)


def _dataset(site: str, given: Any, url: str) -> dict[str, Any]:
    identifier = required(given, "id", url)
    said = mapping(given.get("properties"))
    kind = (text(said.get("type")) or "").lower()
    address = text(said.get("url"))
    return dataset(
        identifier,
        required(said, "title", url),
        f"{site}/datasets/{quote(identifier, safe='')}",
        description=text(said.get("description")) or text(said.get("snippet")) or "",
        license=text(said.get("license")) or text(said.get("licenseInfo")),
        last_update=_moment(said.get("modified")),
        organization=organisation(said.get("orgName") or said.get("source")),
        tags=said.get("tags"),
        resources=[file(address, FORMATS.get(kind, kind or None))] if address else [],
    )


def _moment(given: Any) -> str | None:
    """Milliseconds since 1970, as this platform counts, or a date already written."""
    if type(given) is not int:
        return text(given)
    try:
        return datetime.fromtimestamp(given / 1000, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return None
