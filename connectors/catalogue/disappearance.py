"""What a catalogue listed at the last run and lists no more: datasets, licences, schemas, links.

Compares two copies of the same source, both good: a run that failed compares nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pandas import DataFrame

from connectors.catalogue.evidence import MAX_RESOURCES
from connectors.catalogue.quality import NOT_SAID

ARCHIVED = "archived"  # in `attrs` of the rows: identifiers of the datasets that are archived now
MOST = 200  # findings of one comparison; the others are counted
BY_WORDS = {"text", "schema"}  # routes of a search by relevance, whose answers come and go

Gone = tuple[str, str, str, str]  # kind, subject, before, after


def noticed(before: DataFrame, after: DataFrame) -> Iterator[Gone]:
    """(kind, subject, before, after) of each disappearance, the first `MOST` of them.

    Kinds: dataset_gone, archived, licence_gone, schema_gone, link_gone. An address replaced by
    another under the same name is no disappearance.
    """
    found = _all(_by_id(before), _by_id(after), set(after.attrs.get(ARCHIVED, ())))
    yield from islice(found, MOST)
    left = sum(1 for _ in found)
    if left:
        yield "dataset_gone", f"et {left} autres disparitions", "", ""


def _all(
    before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]], archived: set[str]
) -> Iterator[Gone]:
    for identifier, was in before.items():
        now = after.get(identifier)
        if now is None:
            yield _gone(was, identifier in archived)
        else:
            yield from _less(was, now)


def _gone(was: dict[str, Any], archived: bool) -> Gone:
    kind = "archived" if archived else "dataset_gone"
    routes = set(_listed(was.get("routes")))
    said = "archivé par son producteur" if archived else ""
    if not archived and routes and routes <= BY_WORDS:
        said = "absent des réponses à la recherche par mots"
    return kind, _text(was.get("title")), _text(was.get("url")), said


def _less(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Gone]:
    """What a dataset that is still there has lost."""
    title = _text(now.get("title"))
    if _said(was.get("licence")) and not _said(now.get("licence")):
        yield "licence_gone", title, _text(was["licence"]), _text(now.get("licence"))
    files, new = _files(was), _files(now)
    if not new or len(new) >= MAX_RESOURCES:
        return  # not listed this time, or not all of them: nothing can be said of them
    if _said(was.get("schema")) and not _said(now.get("schema")):
        yield "schema_gone", title, _text(was["schema"]), ""
    yield from _links(title, files, new)


def _links(
    title: str, files: Iterable[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[Gone]:
    there = {made.get("url"): made for made in new}
    named = {made.get("title") for made in new if made.get("title")}
    for was in files:
        url = _text(was.get("url"))
        subject = f"{title} — {was['title']}" if was.get("title") else title
        now = there.get(url)
        if not url or (now is None and was.get("title") in named):
            continue
        if now is None:
            yield "link_gone", subject, url, ""
        elif now.get("available") is False and was.get("available") is not False:
            status = now.get("http_status")
            yield "link_gone", subject, url, f"ne répond plus ({status or 'sans réponse'})"


def _files(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [made for made in _listed(row.get("resources")) if isinstance(made, dict)]


def _by_id(rows: DataFrame) -> dict[str, dict[str, Any]]:
    if "id" not in rows.columns:
        return {}
    records = rows.to_dict("records")
    return {str(row["id"]): {str(key): made for key, made in row.items()} for row in records}


def _listed(value: Any) -> list[Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _said(value: Any) -> bool:
    return _text(value).lower() not in NOT_SAID


def _text(value: Any) -> str:
    """A text as it is; nothing for what is none (a missing cell is NaN)."""
    return value if isinstance(value, str) else ""
