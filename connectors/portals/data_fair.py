"""Data Fair portals (Koumoul), API v1."""

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
    file,
    organisation,
    origin,
    required,
    text,
)
from connectors.reading.figures import whole_number
from connectors.reading.paging import Page, walk, whole

KIND = "data_fair"
PATH = "/data-fair/api/v1/datasets"
SELECT = "id,slug,title,description,updatedAt,dataUpdatedAt,license,owner,keywords,frequency"
SIZE = 100


def base(ask: Asker, url: str) -> str | None:
    """The address of the portal where it is one; one request."""
    site = origin(url)
    return site if _known(ask.json(f"{site}{PATH}", {"size": 0})) else None


def listing(get: Get, site: str) -> Listing:
    """Every dataset of the portal; raises FetchError on a list that is not whole."""
    url = f"{site}{PATH}"
    first = {"size": SIZE, "page": 1, "select": SELECT}
    rows = whole(walk(get, ENDPOINT, url, first, _page), url)
    return Listing([_dataset(site, made, url) for made in rows])


def _known(answer: Any) -> bool:
    counted = isinstance(answer, dict) and whole_number(answer.get("count")) is not None
    return counted and isinstance(answer.get("results"), list)


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    if not _known(answer):
        raise FetchError(f"{url} : réponse sans « count » et « results »")
    check_total(answer["count"], url)
    more = answer["results"] and int(asked["page"]) * SIZE < answer["count"]
    following = {"page": int(asked["page"]) + 1} if more else None
    return Page(answer["results"], answer["count"], following)


def _dataset(site: str, given: Any, url: str) -> dict[str, Any]:
    identifier = required(given, "id", url)
    licence, owner = given.get("license"), given.get("owner")
    name = text(given.get("slug")) or identifier
    lines = f"{site}{PATH}/{quote(identifier, safe='')}/lines?format=csv"
    return dataset(
        identifier,
        given.get("title"),
        f"{site}/datasets/{quote(name, safe='')}",
        description=text(given.get("description")) or "",
        license=text(licence.get("title")) if isinstance(licence, dict) else text(licence),
        frequency=text(given.get("frequency")),
        last_update=text(given.get("dataUpdatedAt")) or text(given.get("updatedAt")),
        **_publisher(owner),
        tags=given.get("keywords"),
        resources=[file(lines, "csv")],
    )


def _publisher(owner: Any) -> dict[str, Any]:
    """The organisation that owns a dataset; a person who does is not named."""
    given = owner if isinstance(owner, dict) else {}
    if given.get("type") == "user":
        return {"organization": None, "owner": {"name": None, "id": None}}
    return {"organization": organisation(given.get("name"))}
