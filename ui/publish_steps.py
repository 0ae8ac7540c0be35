"""Publier: going from one step to the next, and leaving a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from ui import publish_room as rooms
from ui.publish_work import Work


def onward(work: Work, step: int, label: str, *, disabled: bool = False, **changes: Any) -> None:
    """The one primary action of a step: keep it and go to the next."""
    if st.button(label, type="primary", disabled=disabled, key=f"publier-suite-{step}"):
        forward(work, step, **changes)


def forward(work: Work, step: int, **changes: Any) -> None:
    """Keep these changes, reach a step and show it."""
    line = work.room.latest(work.key)
    furthest = max(step, line.entry.step if line else step)
    if work.change(step=furthest, **changes):
        rooms.open_file(work.key, step)
    st.rerun()


def withdraw(work: Work) -> None:
    """Take a file off the list; its lines stay in the history."""
    work.room.keep(replace(work.made, withdrawn=True))
    rooms.close_file()
