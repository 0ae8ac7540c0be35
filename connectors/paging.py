"""Reading a paged answer to its end, and never beyond a bound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.fetching import FetchError, Get

MAX_PAGES = 200


@dataclass(frozen=True)
class Pages:
    """Rows gathered page by page; `why` says what stopped them short of the end."""

    rows: list[Any]
    total: int | None  # as announced by the server
    why: str | None = None


def pages(
    get: Get,
    endpoint_id: str,
    path: str,
    params: Mapping[str, Any],
    page_size: int = 100,
    max_pages: int = MAX_PAGES,
) -> Pages:
    """All rows of a paged answer `{data, total, next_page}` whose pages are numbered from 1.

    Stops at the last page, on a page already seen, on a 404 past the end, and at `max_pages`.
    Raises FetchError when a page cannot be had.
    """
    rows: list[Any] = []
    seen: set[str] = set()
    total: int | None = None
    for number in range(1, min(max_pages, MAX_PAGES) + 1):
        asked = {**params, "page": number, "page_size": page_size}
        try:
            answer, url = get.json(endpoint_id, path, asked)
        except FetchError as error:
            if error.status == 404 and number > 1:
                return Pages(rows, total)
            raise
        page, total = _page(answer, url)
        print_of = json.dumps(page, sort_keys=True, default=str)
        if page and print_of in seen:
            return Pages(rows, total, f"la page {number} répète une page déjà lue")
        seen.add(print_of)
        rows.extend(page)
        if not page or not answer.get("next_page"):
            return Pages(rows, total)
    return Pages(rows, total, f"lecture arrêtée à {min(max_pages, MAX_PAGES)} pages")


def _page(answer: Any, url: str) -> tuple[list[Any], int | None]:
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise FetchError(f"{url} : réponse sans la liste « data »")
    total = answer.get("total")
    return answer["data"], total if isinstance(total, int) else None
