"""Choosing a territory: the address first, the session next, the search field else."""

from __future__ import annotations

import streamlit as st

from data import territories
from data.territories import Territory
from drawing import blocks, french
from ui import menu

PARAMETER = "territoire"
EXPERIMENT = "experience"
SHOWN = 8  # suggestions
LONGEST = 40  # characters of a code in the address; the rest is ignored
FICTIONAL = territories.FICTIONAL_TOWN

_LEVELS = {
    "commune": "commune",
    "epci": "intercommunalité",
    "departement": "département",
    "region": "région",
}


def chosen() -> str | None:
    """The code in the address, else the one of this session, written back into the address."""
    code = st.query_params.get(PARAMETER, "").strip()[:LONGEST]
    if code:
        st.session_state[PARAMETER] = code
        return code
    kept = st.session_state.get(PARAMETER)
    if kept:
        st.query_params[PARAMETER] = kept
    return kept


def write_address() -> None:
    """Send the address again: a link to the screen one is on leaves the old one in the bar.

    The browser ignores it when nothing differs, so its history gains no entry.
    """
    chosen()
    st.query_params.from_dict(st.query_params.to_dict())


def choose(code: str) -> None:
    """Make a territory the one of this session and of the address."""
    st.session_state[PARAMETER] = code
    st.query_params[PARAMETER] = code


def forget() -> None:
    """Back to the search field."""
    st.session_state.pop(PARAMETER, None)
    st.query_params.pop(PARAMETER, None)


def known() -> Territory | None:
    """The chosen territory when there is one and it exists."""
    code = chosen()
    try:
        return territories.territory(code) if code else None
    except territories.UnknownTerritory:
        return None


def parameters(**more: str) -> dict[str, str]:
    """What a link of ours carries: the town, the experiment, and what is added."""
    kept = {key: st.query_params.get(key, "") for key in (PARAMETER, EXPERIMENT)}
    return {key: value for key, value in {**kept, **more}.items() if value}


def go(page: str, label: str, **more: str) -> None:
    """A link to another screen, with the town and the project in its address."""
    st.page_link(
        menu.path(page),
        label=label,
        query_params=parameters(**more),
        icon=":material/arrow_forward:",
    )


def described(place: Territory) -> str:
    """'Saint-Omer · commune, Pas-de-Calais · 14 382 hab. · Action Cœur de Ville'."""
    where = f", {place.departement_name}" if place.departement_name else ""
    parts = [f"**{blocks.plain(place.name)}**", _LEVELS[place.level] + where]
    if place.fictional:
        parts.append("fictif")
    if place.population:
        parts.append(f"{french.number(place.population)}\u00a0hab.")
    if place.acv:
        parts.append("Action Cœur de Ville")
    return " · ".join(parts)


@st.fragment
def search_field(key: str = "recherche") -> None:
    """One field, suggestions while typing; accents, hyphens and « St » do not matter."""
    asked = st.text_input(
        "Rechercher une commune, une intercommunalité, un code",
        type="search",
        live="250ms",
        key=key,
        placeholder="Cahors, 46000, CA du Grand Cahors…",
    )
    if not (asked or "").strip():
        return
    found = territories.search(asked, SHOWN)
    if not found:
        st.text(
            f"Aucun territoire ne correspond à «\u00a0{asked.strip()}\u00a0». "
            "Essayez trois lettres du nom, un code postal ou un code INSEE."
        )
    for place in found:
        suggestion(place, described(place), key)


def suggestion(place: Territory, label: str, key: str) -> None:
    """One territory to touch: a real link, whose address can be copied."""
    here = st.session_state.get("page") or menu.path("accueil")
    st.page_link(here, label=label, query_params=parameters(**{PARAMETER: place.code}))


def pick_experiment(identifier: str) -> None:
    """Write the chosen project into the address, or take it out."""
    if identifier:
        st.query_params[EXPERIMENT] = identifier
    else:
        st.query_params.pop(EXPERIMENT, None)
