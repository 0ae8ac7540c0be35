"""After a write: it was kept, or the sentence that says why not, as French is set."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.records import Refused
from data.store import StoreError
from drawing import blocks, french


def keep(write: Callable[[], object], said: str, key: str) -> bool:
    """Write; whether it was kept. A refusal is drawn at once.

    When it was, `said` waits in the session under `key` for the next run: the caller sets what else
    it needs, then runs again.
    """
    try:
        write()
    except (Refused, StoreError) as error:
        refused(error)
        return False
    st.session_state[key] = said
    return True


def said(key: str) -> None:
    """What the last write kept, said once."""
    if words := st.session_state.pop(key, None):
        st.success(blocks.plain(words))


def refused(error: Exception) -> None:
    """Why nothing was kept."""
    st.error(why(error))


def why(error: Exception) -> str:
    """The sentence of a refusal, for a place that reads Markdown."""
    return blocks.plain(french.typeset(str(error)))
