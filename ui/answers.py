"""What the read-only API answers, in the shapes of the documented interface."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import records, territories
from data.store import Fetch, Store
from data.territories import Territory
from ui import frame

SUGGESTIONS = 20
OPENAPI = Path(__file__).with_name("openapi.json")
OPENING_SECONDS = 20.0  # what an answer waits for a store that is being opened
Body = tuple[dict[str, Any], int]  # and its HTTP code

_OPENING: Body = ({"error": "Les données s'ouvrent : réessayez dans quelques secondes."}, 503)


def warm() -> None:
    """Load the list of territories before the first visitor asks."""
    for typed in ("a", "46000", "cahors 46", "zzzz"):  # each way of looking builds its own index
        territories.search(typed, 1)


def openapi() -> dict[str, Any]:
    """The description of the API, for machines."""
    return dict(json.loads(OPENAPI.read_text(encoding="utf-8")))


def of_territory(code: str, compute: Callable[[Store, Territory, date], dict[str, Any]]) -> Body:
    """What `compute` says of a territory; 404 for an unknown code, 503 before the store is open."""
    try:
        place = territories.territory(code[: territories.MAX_QUERY])
    except territories.UnknownTerritory as unknown:
        return {"error": str(unknown)}, 404
    store = _store()
    return (compute(store, place, records.now()), 200) if store else _OPENING


def of_programme(compute: Callable[[Store, date], dict[str, Any]]) -> Body:
    """The synthesis of the towns, computed again when the store or the day has changed."""
    store = _store()
    return (_synthesis(compute, store, store.version, frame.today()), 200) if store else _OPENING


def _store() -> Store | None:
    """The store of the process; a server that has just started opens it within seconds."""
    limit = time.monotonic() + OPENING_SECONDS
    while not frame.HELD and time.monotonic() < limit:
        time.sleep(0.1)
    return frame.HELD[-1] if frame.HELD else None


@lru_cache(maxsize=2)
def _synthesis(
    compute: Callable[[Store, date], dict[str, Any]], store: Store, version: str, day: date
) -> dict[str, Any]:
    return compute(store, day)


def search(query: str) -> Body:
    """Body and HTTP code for ?q=; 400 when it is empty or too long."""
    asked = query.strip()
    if not asked:
        return {"error": "Donnez au moins un caractère : /api/v1/territoires?q=cahors"}, 400
    if len(asked) > territories.MAX_QUERY:
        return {
            "error": f"Recherche trop longue : {territories.MAX_QUERY} caractères au plus."
        }, 400
    found = territories.search(asked, SUGGESTIONS)
    return {"query": asked, "territories": [_territory(place) for place in found]}, 200


def _territory(place: territories.Territory) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "departement": place.departement,
        "population": place.population,
        "acv": place.acv is not None,
        "fictional": place.fictional,
    }


def health() -> dict[str, Any]:
    """State of the store and, once it is open, of each source."""
    store = frame.HELD[-1] if frame.HELD else None
    sources = _sources(store.fetches()) if store else []
    failing = any(source["state"] == "failed" for source in sources)
    place = os.environ.get("ACV_STORE", "")
    kind = "memory" if place == ":memory:" else place.partition(":")[0] if ":" in place else "file"
    return {
        "status": "degraded" if failing else "ok",
        "store": {"kind": kind, "ready": store is not None},
        "sources": sources,
    }


def _sources(fetches: Iterable[Fetch]) -> list[dict[str, Any]]:
    """One line per connector from the log, newest first: state of the last attempt, both dates."""
    by_connector: dict[str, list[Fetch]] = {}
    for fetch in fetches:
        by_connector.setdefault(fetch.connector, []).append(fetch)
    return [
        {
            "id": connector,
            "state": "ok" if lines[0].good else lines[0].status,
            "last_success": _first(line for line in lines if line.good),
            "last_failure": _first(line for line in lines if line.status == "failed"),
        }
        for connector, lines in sorted(by_connector.items())
    ]


def _first(lines: Iterable[Fetch]) -> str | None:
    return next((line.fetched_at.isoformat() for line in lines), None)
