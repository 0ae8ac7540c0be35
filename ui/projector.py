"""The projector and the speaker's page: a deck made elsewhere, over the whole window.

The page hands over the script and what it shows; this module knows the component that carries them
and the addresses they link to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from data.territories import Territory
from ui import choosing, menu, who
from ui.restitution_volets import AUDIENCE, INTERNAL, VERSION, addressed

SHOW, NOTES = "show", "notes"
_NAME = "restitution"


def audience(audiences: Mapping[str, str]) -> str:
    """The audience that the address names; the first one otherwise."""
    return addressed(AUDIENCE, audiences)


def internal() -> bool:
    """Whether the address asks for the version of the team, and a member of it does."""
    return who.internal() and st.query_params.get(VERSION) == INTERNAL


def draw(script: str, shown: Mapping[str, Any], place: Territory, mode: str) -> None:
    """Lay the deck (SHOW) or the speaker's page (NOTES) over the window."""
    deck = {**shown["deck"], **_addresses(place)}
    _component(script)(key=f"{_NAME}-{mode}", data={**shown, "deck": deck, "mode": mode})


@cache
def _component(script: str) -> Callable[..., Any]:
    return st.components.v2.component(_NAME, js=script)


def _addresses(place: Territory) -> dict[str, Any]:
    """Where the deck leads: the speaker's page, back to the documents, the notes of the session."""
    known = (AUDIENCE, VERSION)
    kept = {name: st.query_params[name] for name in known if name in st.query_params}
    carried = {choosing.PARAMETER: place.code, **kept}

    def address(page: str, **more: str) -> str:
        return f"{menu.address(page)}?{urlencode({**carried, **more})}"

    return {
        "notesAddress": address("notes_orateur"),
        "quit": address("restitution"),
        "links": {
            "Ouvrir le projecteur": address("projection"),
            "Noter une question, une décision": address("restitution", volet="seance"),
        },
    }
