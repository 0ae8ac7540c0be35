"""The map of France: own outlines, the towns of the programme, a touch chooses one."""

from __future__ import annotations

from typing import Any

import pydeck as pdk
import streamlit as st

from data import territories
from drawing import french, maps
from ui import choosing, frame

HEIGHT = 500  # pixels
FONT = "Atkinson Hyperlegible Next, Verdana, sans-serif"


@st.cache_resource(show_spinner=False)
def _layers(theme: str) -> list[pdk.Layer]:
    colour = maps.colours(theme)
    return [
        pdk.Layer(
            "GeoJsonLayer",
            maps.outlines(territories.departement_outlines()),
            id="departements",
            get_fill_color=colour["land"],
            get_line_color=colour["border"],
            line_width_min_pixels=1,
        ),
        pdk.Layer(
            "TextLayer",
            maps.inset_labels(),
            id="outre-mer",
            get_position="position",
            get_text="text",
            get_size=12,
            font_family=pdk.types.String(FONT),
            get_color=colour["ink"],
            character_set=pdk.types.String(maps.letters()),
        ),
        pdk.Layer(
            "ScatterplotLayer",
            maps.town_points(territories.acv_towns()),
            id="villes",
            get_position="position",
            get_fill_color=colour["town"],
            get_radius=5500,
            radius_min_pixels=4,
            radius_max_pixels=9,
            pickable=True,
            auto_highlight=True,
        ),
    ]


def france() -> None:
    """The 244 towns; touching one chooses it."""
    deck = pdk.Deck(
        layers=_layers(frame.theme()),
        initial_view_state=pdk.ViewState(**maps.VIEW),
        map_style=maps.STYLE,
        tooltip={"text": "{name}\n{departement}"},
    )
    event = st.pydeck_chart(
        deck,
        height=HEIGHT,
        on_select="rerun",
        key="carte",
        alt="Carte de France des 244 communes du programme Action Cœur de Ville",
    )
    touched = _touched(event)
    if touched:
        choosing.choose(touched)
        st.rerun()
    frame.aside(_caption())


def _touched(event: Any) -> str | None:
    objects = event.selection.get("objects", {}).get("villes", []) if event else []
    return str(objects[0]["code"]) if objects else None


def _caption() -> str:
    towns = territories.acv_towns()
    lost = maps.unplaced(towns)
    aside = (
        f" Sans position connue\u00a0: {french.listed(lost)}\u00a0; la recherche les trouve."
        if lost
        else ""
    )
    return (
        f"{len(towns)} communes du programme. Outre-mer rapproché, échelles différentes. "
        f"Contours\u00a0: Natural Earth\u00a0; positions\u00a0: GeoNames (CC BY 4.0).{aside}"
    )
