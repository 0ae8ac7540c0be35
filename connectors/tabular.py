"""A few communes of a CSV published on data.gouv.fr, from its Tabular API: no file is downloaded.

The file is found and read as the card says (connectors.tables), so that its rows are those that
the whole file would give.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

import pyarrow as pa

from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading.paging import Page, walk, whole
from connectors.tables.card import Found, find, table_card
from connectors.tables.few_communes import check_asked, codes_of, got
from connectors.tables.resources import resource_of
from connectors.tables.rows import rows_of
from data.catalog import Dataset
from data.tables import Table
from data.territories import Territory

NAME, ENDPOINT = "tabular", "TABULAR"
PAGE_SIZE = 50  # more may be refused
MAX_VALUES = 40  # named in one request
MAX_TEXT = 200  # characters kept of a cell that is no number
NOT_PARSED = "fichier que l'API tabulaire n'a pas lu (trop gros, pas un tableau, ou retiré)"

# By run: the headers of files, asked once.
_HEADERS: WeakKeyDictionary[Get, dict[str, list[str]]] = WeakKeyDictionary()


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One commune; see `fetch_many`."""
    if territory is None:
        raise FetchError(f"{dataset.id} : l'API tabulaire se demande commune par commune")
    return fetch_many(dataset, [territory], get)


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """Rows of these communes, those of their former communes put together.

    Raises NotCovered when the table has no line for any of them, FetchError otherwise.
    """
    source = card_source(dataset, NAME)
    before = get.requests
    card, resource = table_card(dataset, source), resource_of(source, get)
    url = get.address(ENDPOINT, _path(resource.id, "data"))
    found = find(card, _header(get, resource.id), url)
    asked = codes_of(communes)
    lines: list[dict[str, Any]] = []
    for start in range(0, len(asked), MAX_VALUES):
        lines += rows(get, resource.id, found.code, asked[start : start + MAX_VALUES])
    made = rows_of(dataset, card, found, table(lines, found, url), url)
    if resource.note:
        made.notes.insert(0, resource.note)
    answer = got(communes, made, url, found.vintage or made.span or resource.day)
    return replace(answer, requests=get.requests - before)


def profile(get: Get, rid: str) -> dict[str, Any]:
    """What the API knows of a file: `header` (names), `columns`, `total_lines`, `encoding`...

    Raises FetchError, with status 404 for a file that it has not read.
    """
    answer, url = _json(get, rid, "profile", {})
    found = answer.get("profile") if isinstance(answer, dict) else None
    header = found.get("header") if isinstance(found, dict) else None
    if not isinstance(header, list) or not all(isinstance(name, str) for name in header):
        raise FetchError(f"{url} : réponse sans l'en-tête du fichier (« profile.header »)")
    return dict(found or {})


def rows(get: Get, rid: str, column: str, value: str | Sequence[str]) -> list[dict[str, Any]]:
    """Every line whose column is one of the values, page after page.

    Raises FetchError on an incomplete list and on a line that has another value.
    """
    values = [value] if isinstance(value, str) else list(value)
    one = len(values) == 1
    name, given = (f"{column}__exact", values[0]) if one else (f"{column}__in", ",".join(values))
    params = {name: given, "page": 1, "page_size": PAGE_SIZE}
    url = get.address(ENDPOINT, _path(rid, "data"))
    try:
        lines = whole(walk(get, ENDPOINT, _path(rid, "data"), params, _page), url)
    except FetchError as error:
        raise _plain(error) from error
    if any(column not in line for line in lines):
        raise FetchError(f"{url} : lignes sans la colonne « {column} »")
    check_asked((line[column] for line in lines), values, url)
    return lines


def table(lines: Sequence[Mapping[str, Any]], found: Found, url: str) -> Table:
    """The columns that a card wants, from lines of JSON; those that its filters leave out apart."""
    wanted = found.wanted
    missing = [name for name in wanted.names if any(name not in line for line in lines)]
    if missing:
        raise FetchError(f"{url} : lignes sans la colonne « {missing[0]} »")
    kept = [
        line for line in lines if all(line[name] in values for name, values in wanted.only.items())
    ]
    texts = {
        name: pa.array([_text(line[name]) for line in kept], pa.string()) for name in wanted.texts
    }
    numbers = {name: [line[name] for line in kept] for name in wanted.numbers}
    values = {name: pa.array(map(_number, given), pa.float64()) for name, given in numbers.items()}
    odd = {
        name: pa.chunked_array([pa.array(map(_odd, given), pa.string())])
        for name, given in numbers.items()
    }
    return Table(pa.table({**texts, **values}), odd)


def _header(get: Get, rid: str) -> list[str]:
    known = _HEADERS.setdefault(get, {})
    if rid not in known:
        known[rid] = list(profile(get, rid)["header"])
    return known[rid]


def _json(get: Get, rid: str, what: str, params: Mapping[str, Any]) -> tuple[Any, str]:
    try:
        return get.json(ENDPOINT, _path(rid, what), params)
    except FetchError as error:
        raise _plain(error) from error


def _plain(error: FetchError) -> FetchError:
    """The same failure, with what a 404 means here."""
    return FetchError(f"{error} : {NOT_PARSED}", 404) if error.status == 404 else error


def _path(rid: str, what: str) -> str:
    return f"/api/resources/{rid}/{what}/"


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    """One page `{data, links: {next}, meta: {total}}`; of the next address, only its number."""
    if not isinstance(answer, dict) or not _is_list_of_lines(answer.get("data")):
        raise FetchError(f"{url} : réponse sans la liste « data »")
    meta, links = answer.get("meta"), answer.get("links")
    total = meta.get("total") if isinstance(meta, dict) else None
    if not isinstance(total, int) or not isinstance(links, dict) or "next" not in links:
        raise FetchError(f"{url} : réponse sans « meta.total » ou « links.next »")
    following = links["next"]
    if following is None:
        return Page(answer["data"], total)
    number = parse_qs(urlsplit(str(following)).query).get("page", [""])[0]
    page = int(number[:9]) if number.isdecimal() else asked["page"] + 1
    return Page(answer["data"], total, {"page": page})


def _is_list_of_lines(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(line, dict) for line in given)


def _text(given: Any) -> str | None:
    return None if given is None else str(given)[:MAX_TEXT]


def _number(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        value = float(given)
    except OverflowError:  # a whole number of thousands of digits
        return None
    return value if math.isfinite(value) else None


def _odd(given: Any) -> str | None:
    """The text of a cell that JSON does not give as a number: « s », « <11 », « 12,5 »."""
    if given is None or _number(given) is not None:
        return None
    text = "(nombre démesuré)" if isinstance(given, int) else str(given)[:MAX_TEXT]
    return text.strip() or None
