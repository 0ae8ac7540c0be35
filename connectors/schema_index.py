"""The index of schema.data.gouv.fr: every standard, its versions, and those we are behind of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, card_source
from data.catalog import Dataset
from data.standards import by_id, standard
from data.territories import NATIONAL, Territory

ENDPOINT = "SCHEMAS"
PATH = "/schemas/schemas.json"
MIN_STANDARDS = 20  # about a hundred are known: fewer is another document
MOST_NAMED = 0.9  # share of the list that must be named « owner/name »
COLUMNS = ["standard", "title", "kind", "version", "versions", "url", "ours", "newer"]
NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}")
NUMBER = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3})", re.IGNORECASE)

Noticed = tuple[str, str, str, str]  # kind, subject, before, after


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row per standard, for the whole country. Raises FetchError on another document."""
    before = get.requests
    answer, url = get.json(ENDPOINT, PATH)
    given = answer.get("schemas") if isinstance(answer, dict) else None
    if not isinstance(given, list):
        raise FetchError(f"{url} : réponse sans la liste « schemas »")
    named = [made for made in given if _is_named(made)]
    if len(named) < MOST_NAMED * len(given):
        raise FetchError(f"{url} : {len(given) - len(named)} standards sur {len(given)} sans nom")
    rows = [_row(made) for made in named]
    floor = card_source(dataset, "schema_index").params.get("min_standards", MIN_STANDARDS)
    if len(rows) < floor:
        raise FetchError(f"{url} : {len(rows)} standards lus, au moins {floor} attendus")
    frame = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates("standard", ignore_index=True)
    frame["newer"] = frame["newer"].astype("boolean")
    frame.insert(0, "territory", NATIONAL)
    return Got(frame, url, None, get.requests - before, _detail(rows))


def noticed(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Noticed]:
    """Standards we ship that have got a newer version since the last run, or that are gone."""
    was = {row["standard"]: row for row in before.to_dict("records")}
    now = {row["standard"]: row for row in after.to_dict("records")}
    for name, row in now.items():
        old = was.get(name, {}).get("version") or ""
        if row["newer"] is True and row["version"] != old:
            yield "schema_newer", name, str(row["ours"]), str(row["version"])
    for name, row in was.items():
        if name not in now and _ours(name):
            yield "schema_gone", name, str(row["version"]), ""


def _is_named(given: Any) -> bool:
    name = given.get("name") if isinstance(given, dict) else None
    return isinstance(name, str) and bool(NAME.fullmatch(name))


def _row(given: dict[str, Any]) -> dict[str, Any]:
    name = given["name"]
    listed = given.get("versions")
    listed = listed if isinstance(listed, list) else []
    versions = [made for made in listed if isinstance(made, dict) and _number(_name(made))]
    versions.sort(key=lambda made: _number(_name(made)))
    last = versions[-1] if versions else {}
    ours = _ours(name)
    return {
        "standard": name,
        "title": _text(given.get("title")),
        "kind": _text(given.get("schema_type")),
        "version": _name(last) or None,
        "versions": json.dumps([_name(made) for made in versions]),
        "url": _text(last.get("schema_url")) or _text(given.get("schema_url")),
        "ours": ours,
        "newer": _newer(_name(last), ours),
    }


def _newer(last: str, ours: str | None) -> bool | None:
    """None where one of the two has no number to compare."""
    theirs, kept = _number(last), _number(ours or "")
    return theirs > kept if theirs and kept else None


def _number(version: str) -> tuple[int, ...]:
    """The numbers of « v2.1.5 », without the zeros at their end; empty where there are none."""
    found = NUMBER.fullmatch(version)
    parts = [int(part) for part in found[1].split(".")] if found else []
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _name(version: dict[str, Any]) -> str:
    found = version.get("version_name")
    return found.strip()[:40] if isinstance(found, str) else ""


def _ours(name: str) -> str | None:
    return _kept().get(name.lower())


@cache
def _kept() -> dict[str, str]:
    """Versions of the standards kept here; of one kept twice, the latest."""
    found: dict[str, str] = {}
    for name, folder in by_id().items():
        version = standard(folder).version
        known = found.get(name.lower(), "")
        if version and _number(str(version)) >= _number(known):
            found[name.lower()] = str(version)
    return found


def _detail(rows: list[dict[str, Any]]) -> str | None:
    """What a person must know: the standards of which a newer version exists."""
    late = [f"{row['standard']} {row['ours']} → {row['version']}" for row in rows if row["newer"]]
    if not late:
        return None
    return f"versions plus récentes que celles gardées ici : {', '.join(sorted(late))}"


def _text(given: Any) -> str | None:
    return (" ".join(given.split())[:500] or None) if isinstance(given, str) else None
