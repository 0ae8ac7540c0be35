"""Restitution: its five sections, one drawn at a time, named in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import streamlit as st

from data.store import Store
from data.territories import Territory
from drawing import blocks, mentions, signs
from ui import frame, who

VOLET, AUDIENCE, VERSION = "volet", "public", "version"
INTERNAL = "interne"
VOLETS = {
    "presenter": "Présenter",
    "documents": "Documents",
    "preparer": "Préparer",
    "seance": "Séance",
    "entretiens": "Entretiens",
}


# Streamlit writes the chosen one in the primary colour: too dark by night to be read by all.
_STYLE = """<style>
[data-variant="segmented_control"][aria-checked="true"]{color:inherit!important;font-weight:650}
</style>"""


class Download(Protocol):
    """One file, made when it is asked for."""

    @property
    def extension(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def make(self) -> Callable[[], bytes]: ...


class Offer(Protocol):
    """A document in one line, in each of its formats."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def edited(self) -> bool: ...
    @property
    def downloads(self) -> Sequence[Download]: ...


@dataclass(frozen=True)
class Room:
    """Where one works: the place, the day, the store, for whom views may be shown."""

    store: Store
    place: Territory
    day: date
    account: Callable[..., Any]  # (internal) -> what documents are made from
    audiences: Mapping[str, str]

    def audience(self) -> str:
        """The audience that the address names; the first one otherwise."""
        return addressed(AUDIENCE, self.audiences)


def draw(drawn: Mapping[str, Callable[[], None]]) -> None:
    """The section that the address names, and the way to the others."""
    frame.html(_STYLE)
    picked = pick(VOLET, "Volet", VOLETS, visible=False)
    drawn[picked]()


def addressed(parameter: str, options: Mapping[str, str]) -> str:
    """The option that the address names; the first one otherwise."""
    asked = st.query_params.get(parameter, "")
    return asked if asked in options else next(iter(options))


def pick(parameter: str, label: str, options: Mapping[str, str], *, visible: bool = True) -> str:
    """One of a few options, kept in the address: who opens it again sees the same thing."""
    key = follows(parameter, addressed(parameter, options))
    picked = st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=options.__getitem__,
        label_visibility="visible" if visible else "collapsed",
        key=key,
        on_change=lambda: write(parameter, st.session_state[key]),
    )
    return picked or addressed(parameter, options)


def follows(name: str, now: object) -> str:
    """The key of a choice that the address keeps: it shows what the address says.

    A starting value given to the widget would make another widget of it at each change of the
    address, and the next touch would be lost.
    """
    key = f"adresse_{name}"
    if st.session_state.get(key) != now:
        st.session_state[key] = now
    return key


def internal() -> bool:
    """Whether the version for the team is asked for, by someone of the team."""
    if not who.internal():
        return False
    key = follows(VERSION, st.query_params.get(VERSION) == INTERNAL)
    asked = st.toggle(
        "Version interne, avec ce que l'équipe a noté",
        key=key,
        on_change=lambda: write(VERSION, INTERNAL if st.session_state[key] else ""),
        help="Sans elle, rien de ce qu'une personne a saisi n'est dans les documents.",
    )
    if asked:
        frame.html(_banner())
    return asked


def _banner() -> str:
    theme = frame.theme()
    style = f"border:2px solid {signs.ACCENT[theme]};color:{signs.INK[theme]}"
    words = blocks.prose(f"{mentions.INTERNAL}.")
    return (
        f'<div role="note" style="{style};border-radius:4px;padding:.45rem .8rem;'
        f'font-weight:650">{words}</div>'
    )


def write(parameter: str, value: str | None) -> None:
    """What was chosen, in the address; out of it when empty."""
    if value:
        st.query_params[parameter] = value
    else:
        st.query_params.pop(parameter, None)
