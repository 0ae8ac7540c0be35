"""The plan by month: what is due when, what is past, what has no date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data.entries import DROPPED, Kept, PlannedAction
from drawing import blocks, french, tidings
from drawing.blocks import Cell, prose
from ui import frame, who
from ui.action_plan import is_past

HEADERS = ("Jour", "Action", "Responsable", "État")


def months(kept: Sequence[Kept[PlannedAction]] | None, day: date) -> None:
    """One list a month, the past ones said as such, those without a date apart."""
    if kept is None:
        who.read_only()
        return
    actions = [line.entry for line in kept if line.entry.state != DROPPED]
    if not actions:
        st.write("Aucune action datée\u00a0: le calendrier se remplit avec le plan.")
        return
    for month, due in by_month(actions).items():
        st.header(month)
        frame.html(blocks.table(month, HEADERS, [_row(made, day) for made in due], frame.theme()))


def by_month(actions: Sequence[PlannedAction]) -> dict[str, list[PlannedAction]]:
    """'Mars 2027' -> its actions in order of day; « Sans échéance » last."""
    dated = sorted(actions, key=lambda made: (made.deadline or date.max, made.title))
    found: dict[str, list[PlannedAction]] = {}
    for made in dated:
        found.setdefault(_month(made.deadline), []).append(made)
    return found


def _month(day: date | None) -> str:
    if day is None:
        return "Sans échéance"
    return f"{french.upper_first(french.MONTHS[day.month - 1])}\u00a0{day.year}"


def _row(action: PlannedAction, day: date) -> list[Cell]:
    when = "à dater" if action.deadline is None else french.day(action.deadline)
    if is_past(action, day):
        when = f"échéance du {when} passée"
    return [
        Cell(f"<strong>{prose(when)}</strong>", 2, "9rem", labelled=False),
        Cell(prose(action.title), 5, "14rem"),
        Cell(prose(action.owner or "à désigner"), 2, "8rem"),
        Cell(prose(tidings.ACTIONS[action.state]), 1, "6rem"),
    ]
