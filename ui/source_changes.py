"""What runs noticed about sources: gone, archived, refused; each with both dates."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.catalog import catalog
from data.store import Finding, Store
from data.territories import NATIONAL, Territory, UnknownTerritory, territory
from drawing import blocks, french
from drawing.blocks import Cell, prose
from ui import frame, source_state_words

FIRST = 8  # lines shown before « afficher »
HEADERS = ("Ce qui a changé", "Donnée et territoire", "Vu le")


def changes(store: Store, place: Territory | None) -> None:
    """The findings of this territory and of national files, or of all; newest first."""
    st.header("Ce qui a changé dans les sources")
    found = store.findings(place.scopes if place else None)
    if not found:
        st.write("Aucune disparition, aucune version refusée à ce jour.")
        return
    everything = len(found) <= FIRST or st.toggle(f"Afficher les {len(found)} changements")
    rows = [_row(made) for made in (found if everything else found[:FIRST])]
    frame.html(blocks.table("Changements des sources", HEADERS, rows, frame.theme()))


def said(found: Sequence[Finding], dataset: str) -> list[str]:
    """The findings of one dataset as sentences, newest first."""
    kept = [made for made in found if made.dataset == dataset]
    return [f"{_dates(made)}\u00a0: {source_state_words.finding(made)}." for made in kept]


def _row(made: Finding) -> list[Cell]:
    words = source_state_words.finding(made)
    card = catalog().datasets.get(made.dataset)
    title = card.title if card else made.dataset
    return [
        Cell(blocks.link(words, made.before), 5, "14rem", labelled=False),
        Cell(f"{prose(title)}<br>{prose(_where(made.territory))}", 3, "10rem"),
        Cell(prose(_dates(made)), 3, "9rem"),
    ]


def _where(code: str) -> str:
    if code == NATIONAL:
        return "France entière"
    try:
        return territory(code).name
    except UnknownTerritory:
        return code


def _dates(made: Finding) -> str:
    before = f", comparé au {french.day(made.previous_at)}" if made.previous_at else ""
    return f"{french.day(made.found_at)}{before}"
