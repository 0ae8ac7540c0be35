"""The five ways in which a public API pages its answers, told apart by where things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.fetching import FetchError
from connectors.reading.figures import whole_number
from connectors.reading.paging import Dialect, Page


@dataclass(frozen=True)
class Shape:
    """Where an answer keeps its rows and its count, and what tells that more is to come."""

    rows: str  # places are keys joined by dots
    total: str
    page: str  # parameter that numbers the page
    size: str  # parameter that gives its length
    pages: str | None = None  # place of the number of pages
    following: str | None = None  # place of the address of the next page
    first: int = 1  # number of the first page


SHAPES: dict[str, Shape] = {
    "georisques": Shape("data", "results", "page", "page_size", pages="total_pages"),
    "spring": Shape(
        "content", "totalElements", "pageNumber", "pageSize", pages="totalPages", first=0
    ),
    "hubeau": Shape("data", "count", "page", "size", following="next"),
    "links": Shape("data", "meta.total", "page", "page_size", following="links.next"),
    "udata": Shape("data", "total", "page", "page_size", following="next_page"),
}
CURSOR = "cursor"  # the other parameter by which an address of a next page may go on


def dialect(shape: Shape, within: str | None = None) -> Dialect:
    """Reads one page of a shape; `within` is the place of the envelope in a larger answer.

    The dialect raises FetchError on an answer that has not this shape.
    """

    def read(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
        envelope = at(answer, within) if within else answer
        rows = at(envelope, shape.rows)
        if not isinstance(rows, list):
            raise FetchError(f"{url} : réponse sans la liste « {shape.rows} »")
        return Page(rows, _count(envelope, shape.total, url), _next(envelope, shape, url, asked))

    return read


def at(document: Any, place: str) -> Any:
    """What stands at « a.b.0 » of a JSON document; None where nothing does."""
    for key in place.split("."):
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def _count(envelope: Any, place: str, url: str) -> int:
    """A count the answer must give: without it nothing says that the list is whole."""
    found = whole_number(at(envelope, place))
    if found is None:
        raise FetchError(f"{url} : nombre « {place} » absent ou illisible")
    return found


def _next(
    envelope: Any, shape: Shape, url: str, asked: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    if shape.pages:
        if not at(envelope, shape.rows):
            return None
        number = int(asked.get(shape.page, shape.first))
        last = _count(envelope, shape.pages, url) - 1 + shape.first
        return {shape.page: number + 1} if number < last else None
    given = at(envelope, shape.following or "")
    if not given:
        return None
    # Only the number is taken from an address of the source: never its host, nor its filters.
    named = dict(parse_qsl(urlsplit(str(given)[:4000]).query))
    kept = {key: named[key] for key in (shape.page, CURSOR) if named.get(key)}
    if not kept:
        raise FetchError(f"{url} : page suivante annoncée sans son numéro")
    return kept
