"""What the read-only API answers of a territory and of the programme, *à diffuser*.

The shapes are those of the commands. Nothing typed by a person is in them, and the towns of the
programme are listed only to who may see them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from data.store import Store
from data.territories import Territory
from diagnostics.indicators import compute, to_json
from diagnostics.programme import programme
from diagnostics.shown import shown


def availability(store: Store, place: Territory, now: date) -> dict[str, Any]:
    """The document of `availability` without what people typed."""
    return shown(store, place, now, internal=False).as_dict()


def indicators(store: Store, place: Territory, now: date) -> dict[str, Any]:
    """The document of `indicators`; a figure carries its own dates, `now` is for the others."""
    return to_json(compute(store, place), place)


def synthesis(store: Store, now: date) -> dict[str, Any]:
    """The document of `programme`, towns listed."""
    return programme(store, now).as_dict()


def without_towns(document: dict[str, Any]) -> dict[str, Any]:
    """Counts and unlocks alone: the list of towns is for this machine and for animators."""
    kept = [
        {key: value for key, value in made.items() if key != "towns"}
        for made in document["experiments"]
    ]
    return {**document, "experiments": kept}
