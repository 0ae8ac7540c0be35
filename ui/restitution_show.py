"""Restitution, the day itself: whom one speaks to, the views full screen, and what if all fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from data.territories import Territory
from ui import choosing, frame, menu, restitution_documents, who
from ui.restitution_volets import AUDIENCE, INTERNAL, VERSION, Offer, Room, internal, pick


def draw(room: Room, rescue: Callable[..., Sequence[Offer]]) -> None:
    """The audience, one button, and the files for the day when the server does not answer."""
    audience = pick(AUDIENCE, "Public", room.audiences)
    wanted = internal()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(
            "Présenter",
            _address("projection", room.place, audience, wanted),
            type="primary",
            icon=":material/slideshow:",
        )
        st.link_button(
            "Notes de l'orateur", _address("notes_orateur", room.place, audience, wanted)
        )
    frame.aside(
        "Les vues s'ouvrent dans un onglet\u00a0: plein écran avec la touche F, aide avec "
        "la touche H. Les notes s'ouvrent dans une autre fenêtre, à poser sur un second "
        "écran\u00a0; elles suivent les vues d'une fenêtre à l'autre du même navigateur seulement."
    )
    st.header("La veille\u00a0: de quoi présenter sans serveur")
    restitution_documents.lines(rescue(room.account(wanted), audience, drafted=who.internal()))


def _address(page: str, place: Territory, audience: str, wanted: bool) -> str:
    carried = {choosing.PARAMETER: place.code, AUDIENCE: audience}
    carried |= {VERSION: INTERNAL} if wanted else {}
    return f"{menu.address(page)}?{urlencode(carried)}"
