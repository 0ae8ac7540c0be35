"""Reading a paged answer to its end, and never beyond a bound."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.fetching import FetchError, Get

MAX_PAGES = 200
LOST = "la page {}, annoncée, est introuvable"


@dataclass(frozen=True)
class Pages:
    """Rows gathered page by page; `why` says what stopped them short of the end."""

    rows: list[Any]
    total: int | None  # as announced by the server
    why: str | None = None


@dataclass(frozen=True)
class Page:
    """One page as its dialect reads it; `following` are the parameters of the next one, if any."""

    rows: list[Any]
    total: int | None = None
    following: Mapping[str, Any] | None = None


# Reads one answer: the document, its address, the parameters that were asked.
Dialect = Callable[[Any, str, Mapping[str, Any]], Page]


def walk(
    get: Get,
    endpoint_id: str,
    path: str,
    params: Mapping[str, Any],
    dialect: Dialect,
    max_pages: int = MAX_PAGES,
    announced: bool = False,
) -> Pages:
    """All rows of a paged answer, whatever its dialect.

    Stops at the last page, on a page already seen, on a 404 past the end, and at `max_pages`.
    `announced`: the source says itself that a next page exists; one not found is then lost, and not
    the end of the list. Raises FetchError when a page cannot be had.
    """
    rows: list[Any] = []
    seen: set[str] = set()
    total: int | None = None
    asked: Mapping[str, Any] = params
    for number in range(1, max_pages + 1):
        try:
            answer, url = get.json(endpoint_id, path, asked)
        except FetchError as error:
            if error.status == 404 and number > 1:
                return Pages(rows, total, LOST.format(number) if announced else None)
            raise
        page = dialect(answer, url, asked)
        total = page.total if page.total is not None else total
        print_of = json.dumps(page.rows, sort_keys=True, default=str)
        if page.rows and print_of in seen:
            return Pages(rows, total, f"la page {number} répète une page déjà lue")
        seen.add(print_of)
        rows.extend(page.rows)
        if not page.rows or page.following is None:
            return Pages(rows, total)
        asked = {**asked, **page.following}
    return Pages(rows, total, f"lecture arrêtée à {max_pages} pages")


def whole(found: Pages, url: str) -> list[Any]:
    """The rows when all of them came; raises FetchError on a list cut short or in a loop."""
    if found.why:
        raise FetchError(f"{url} : liste incomplète, {found.why}")
    if found.total is not None and len(found.rows) < found.total:
        raise FetchError(f"{url} : {len(found.rows)} lignes reçues, {found.total} annoncées")
    return found.rows


def pages(
    get: Get,
    endpoint_id: str,
    path: str,
    params: Mapping[str, Any],
    page_size: int = 100,
    max_pages: int = MAX_PAGES,
) -> Pages:
    """All rows of an answer `{data, total, next_page}` whose pages are numbered from 1 (udata)."""
    first = {**params, "page": 1, "page_size": page_size}
    return walk(get, endpoint_id, path, first, _udata, min(max_pages, MAX_PAGES))


def _udata(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise FetchError(f"{url} : réponse sans la liste « data »")
    total = answer.get("total")
    more = {"page": asked["page"] + 1} if answer.get("next_page") else None
    return Page(answer["data"], total if isinstance(total, int) else None, more)
