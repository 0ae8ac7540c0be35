"""Any API of paged JSON asked by codes of communes, driven by its card alone.

What a card says under `params`:
- `path`, with `{code}` or `{codes}` where the codes stand in it; else `codes`: their parameter;
- `dialect`: georisques, spring, hubeau, links, udata; `within`: place of the envelope;
- `query`: parameters always sent; `page_size`; `most`: codes in one request;
- `cap`: rows beyond which the source answers no more: the question is then split;
- `period`: `{years, from, to}`, the last calendar years, by the two parameters that bound them;
- `code`: field of a record that bears its commune; `columns`: see `json_columns`;
- `key`: columns that make two records the same one; `vintage`: column whose last date it is;
- `none`: what to say of communes without a row; `every: true`: each commune must have one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.network.addresses import with_params
from connectors.reading import json_columns
from connectors.reading.communes import current, named
from connectors.reading.dialects import SHAPES, dialect
from connectors.reading.paging import Dialect, Page, walk, whole
from data.catalog import Dataset, Source
from data.records import today_utc
from data.territories import Territory, members, territory

MAX_URL = 2083  # characters that every source takes


@dataclass(frozen=True)
class Question:
    """How a source is asked for the records of some communes."""

    endpoint: str
    path: str
    dialect: str
    codes: str | None = "code_insee"  # parameter; the path where it has a place for them
    most: int = 20
    page_size: int = 100
    cap: int | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    years: int = 0  # calendar years back, this one included; 0: no bound
    since: str = ""  # parameters that bound them
    until: str = ""
    within: str | None = None
    code: str | None = None  # field of a record that bears its commune, checked page by page


@dataclass(frozen=True)
class Part:
    """A share of a question, small enough for one answer."""

    codes: tuple[str, ...]
    years: tuple[int, ...] = ()


class _TooMany(Exception):
    """The source announces more rows than it will give."""


def question(source: Source) -> Question:
    """The question that a card describes."""
    given = source.params
    known = {name: given[name] for name in _PLAIN if name in given}
    bound = given.get("period", {})
    period = (
        {"years": bound["years"], "since": bound["from"], "until": bound.get("to", "")}
        if bound
        else {}
    )
    return Question(endpoint=source.endpoint or "", **known, **period)


_PLAIN = ("path", "dialect", "codes", "most", "page_size", "cap", "query", "within", "code")


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """Rows of one commune, or of the communes of an EPCI."""
    return fetch_many(dataset, communes_of(place), get)


def communes_of(place: Territory | None) -> list[Territory]:
    """The communes to name for a territory; raises NotCovered where it has none to name."""
    named = place is not None and not place.fictional and place.level in ("commune", "epci")
    found = [territory(code) for code in members(place)] if place is not None and named else []
    if not found:
        raise NotCovered("La source se demande commune par commune.")
    return found


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """Rows of several communes; raises FetchError on any page that is not what was asked."""
    source = card_source(dataset, "paged_json")
    before, asked = get.requests, question(source)
    codes = [place.code for place in communes]
    url = first_address(asked, codes, get)
    records = gathered(asked, codes, get)
    given = source.params
    rows, notes = json_columns.table(dataset, records, given["code"], given["columns"], url)
    if given.get("key"):
        rows, repeated = once(rows, given["key"])
        notes += repeated
    return answered(source, communes, rows, notes, url, get.requests - before)


def answered(
    source: Source,
    communes: Sequence[Territory],
    rows: pd.DataFrame,
    notes: Sequence[str],
    url: str,
    requests: int,
) -> Got:
    """The rows, with what is to be said of the communes that have none.

    Raises NotCovered where each commune must have a row and none has.
    """
    there = set(rows["territory"])
    without = [place for place in communes if place.code not in there]
    absent = {place.code: str(source.params["none"]) for place in without}
    must = bool(source.params.get("every"))
    if must and rows.empty:
        raise NotCovered(f"{source.params['none']} : {named(without, len(communes))}")
    name = source.params.get("vintage")
    last = rows[name].dropna().max() if name and len(rows) else None
    vintage = None if last is None or pd.isna(last) else str(last)[:10]
    detail = " ; ".join(notes) or None
    uncovered, details = (absent, {}) if must else ({}, absent)
    return Got(rows, url, vintage, requests, detail, uncovered, details)


def once(rows: pd.DataFrame, key: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Each thing once; and what to say of those that the source repeats."""
    # Things without an identifier are not one thing.
    twice = rows.duplicated(["territory", *key]) & rows[list(key)].notna().all(axis=1)
    kept = rows[~twice].reset_index(drop=True)
    more = len(rows) - len(kept)
    return kept, [f"lignes répétées par la source, gardées une fois : {more}"] if more else []


def first_address(asked: Question, codes: Sequence[str], get: Get) -> str:
    """The first address asked, whole: what a reader would open to see for himself."""
    path, params = _request(
        asked, next(iter(_parts(asked, Part(tuple(codes), _years(asked)), get)))
    )
    return with_params(get.address(asked.endpoint, path), params)


def gathered(asked: Question, codes: Sequence[str], get: Get) -> list[Any]:
    """Every record of these codes, in as many requests as it takes; raises FetchError."""
    parts = _parts(asked, Part(tuple(codes), _years(asked)), get)
    return [record for part in parts for record in _records(asked, part, get)]


def _years(asked: Question) -> tuple[int, ...]:
    now = today_utc().year
    return tuple(range(now - asked.years + 1, now + 1)) if asked.years else ()


def _parts(asked: Question, part: Part, get: Get) -> Iterator[Part]:
    """As many codes in each as the source takes, in an address that every server reads."""
    most = 1 if "{code}" in asked.path else asked.most
    if len(part.codes) > most:
        for start in range(0, len(part.codes), most):
            yield from _parts(asked, Part(part.codes[start : start + most], part.years), get)
        return
    path, params = _request(asked, part)
    too_long = len(with_params(get.address(asked.endpoint, path), params)) >= MAX_URL
    if too_long and len(part.codes) > 1:
        for half in _halves(part.codes):
            yield from _parts(asked, Part(half, part.years), get)
    elif part.codes:
        yield part


def _records(asked: Question, part: Part, get: Get) -> list[Any]:
    path, params = _request(asked, part)
    reader = _bounded(dialect(SHAPES[asked.dialect], asked.within), asked, part)
    try:
        found = walk(get, asked.endpoint, path, params, reader)
    except _TooMany as many:
        smaller = _smaller(asked, part, f"{get.address(asked.endpoint, path)} : {many}")
        return [record for each in smaller for record in _records(asked, each, get)]
    return whole(found, get.address(asked.endpoint, path))


def _request(asked: Question, part: Part) -> tuple[str, dict[str, Any]]:
    joined, shape = ",".join(part.codes), SHAPES[asked.dialect]
    in_path = "{code" in asked.path
    params = {**asked.query, shape.page: shape.first, shape.size: asked.page_size}
    if not in_path and asked.codes:
        params[asked.codes] = joined
    if part.years:
        params[asked.since] = f"{part.years[0]}-01-01"
        if asked.until:
            params[asked.until] = f"{part.years[-1]}-12-31"
    return asked.path.replace("{code}", joined).replace("{codes}", joined), params


def _bounded(reader: Dialect, asked: Question, part: Part) -> Dialect:
    """The same dialect, that refuses a list longer than what the source gives, or of elsewhere."""

    def read(answer: Any, url: str, params: Mapping[str, Any]) -> Page:
        page = reader(answer, url, params)
        if asked.code:
            check_asked(
                (json_columns.value_at(row, asked.code) for row in page.rows), part.codes, url
            )
        if asked.cap is not None and page.total is not None and page.total > asked.cap:
            raise _TooMany(f"{page.total} lignes annoncées, {asked.cap} au plus sont données")
        return page

    return read


def check_asked(given: Iterable[Any], codes: Collection[str], url: str) -> None:
    """Raise FetchError at the first page of a source that ignores its filter: France is long."""
    others = sorted({code for code in map(current, given) if code} - set(codes))
    if others:
        raise FetchError(
            f"{url} : réponse pour {', '.join(others[:3])}, non pour le territoire demandé : "
            "filtre ignoré par la source"
        )


def _smaller(asked: Question, part: Part, words: str) -> list[Part]:
    """The same question in two; raises FetchError when it cannot be cut any more."""
    if len(part.codes) > 1:
        return [Part(half, part.years) for half in _halves(part.codes)]
    if asked.until and len(part.years) > 1:
        return [Part(part.codes, half) for half in _halves(part.years)]
    raise FetchError(f"{words} pour une seule commune et la plus courte période")


def _halves(whole_list: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    middle = len(whole_list) // 2
    return whole_list[:middle], whole_list[middle:]
