"""What the read-only API answers, in the shapes of the documented interface."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import records, territories
from data.catalog import catalog
from data.store import Fetch, Store
from data.territories import Territory
from ui import frame, source_state_words
from ui.source_state import STATES, Standing, standings

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
    sources = _sources(store, store.version) if store else []
    failing = any(source["state"] == "failed" for source in sources)
    place = os.environ.get("ACV_STORE", "")
    kind = "memory" if place == ":memory:" else place.partition(":")[0] if ":" in place else "file"
    return {
        "status": "degraded" if failing else "ok",
        "store": {"kind": kind, "ready": store is not None},
        "sources": sources,
    }


@lru_cache(maxsize=2)
def _sources(store: Store, version: str) -> list[dict[str, Any]]:
    """One entry per connector, those that fail first; read again only when the store changed."""
    by_connector: dict[str, list[Standing]] = {}
    cards = catalog().datasets.values()
    for made in standings(cards, store.standing(), store.findings(), None):
        by_connector.setdefault(made.source.connector, []).append(made)
    found = [_source(connector, fed) for connector, fed in by_connector.items()]
    return sorted(found, key=lambda entry: (entry["state"] != "failed", entry["id"]))


def _source(connector: str, fed: list[Standing]) -> dict[str, Any]:
    """The state that asks most for someone among the datasets it feeds, and each of them."""
    worst = min(fed, key=lambda made: list(STATES).index(made.state))
    datasets = [
        {
            "id": made.card.id,
            "state": _API_STATES.get(made.state, made.state),
            "words": _words(made),
            "last_success": _moment(made.good),
            "last_failure": _moment(made.failure),
        }
        for made in sorted(fed, key=lambda made: made.card.id)
    ]
    return {
        "id": connector,
        "state": _API_STATES.get(worst.state, worst.state),
        "words": _words(worst),
        "last_success": max(
            filter(None, (made["last_success"] for made in datasets)), default=None
        ),
        "last_failure": max(
            filter(None, (made["last_failure"] for made in datasets)), default=None
        ),
        "datasets": datasets,
    }


# A version that was refused is a failure for who watches; what is there is simply « ok ».
_API_STATES = {"refused": "failed", "fresh": "ok", "embedded": "ok"}


def _words(made: Standing) -> str:
    """« En échec depuis le … : le service est indisponible », or the word of the state."""
    return source_state_words.trouble(made) or STATES[made.state].word


def _moment(line: Fetch | None) -> str | None:
    return line.fetched_at.isoformat() if line else None
