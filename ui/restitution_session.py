"""Restitution, the session: questions and decisions noted while people speak, then the minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from data import entries
from data.entries import DECISION, QUESTION, Kept, Remark
from data.records import LONGEST
from drawing import blocks, french
from drawing.blocks import prose
from ui import frame, keeping, who
from ui.restitution_documents import lines
from ui.restitution_volets import Offer, Room, internal

SAID = "seance_dit"
NATURES = {QUESTION: "Question", DECISION: "Décision"}
LONGEST_LINE = 160


def draw(
    room: Room,
    views: Callable[..., Sequence[str]],
    minutes: Callable[[Any, Sequence[Remark], Sequence[str]], Offer],
) -> None:
    """One field and Enter; what was noted; the minutes."""
    if not who.internal():
        st.write("Les questions et les décisions d'une séance se notent par l'équipe.")
        who.read_only()
        return
    with st.container():  # the field under it stays where one types
        keeping.said(SAID)
    noting(room)
    kept = [line for line in entries.of(room.store, Remark, room.place.code)]
    live = [line for line in kept if not line.entry.withdrawn]
    _noted(room, live)
    if live:
        _minutes(room, live, views, minutes)


def noting(room: Room, view: str = "") -> None:
    """What someone asks or what is decided: a line, then Enter; the field is empty again."""
    with st.form("seance", clear_on_submit=True):
        nature = st.radio("Noter", list(NATURES), format_func=NATURES.__getitem__, horizontal=True)
        text = st.text_input("Ce qui est dit (Entrée pour enregistrer)", max_chars=LONGEST)
        with st.expander("Vue à l'écran, nom de la personne (facultatif)"):
            shown = st.text_input("Vue à l'écran", value=view, max_chars=LONGEST_LINE)
            named = st.text_input("Nom", max_chars=LONGEST_LINE)
            agreed = st.checkbox("La personne est d'accord pour que son nom soit noté")
        if st.form_submit_button("Enregistrer", type="primary"):
            said = f"{NATURES[nature]} notée."
            made = Remark(
                nature,
                text.strip(),
                room.day,
                named.strip(),
                agreed and bool(named.strip()),
                shown.strip(),
            )
            _keep(room, made, said)


def _keep(room: Room, made: Remark, said: str) -> None:
    write = partial(entries.keep, room.store, who.person(), room.place.code, made)
    if keeping.keep(write, said, SAID):
        st.rerun()


def _noted(room: Room, live: Sequence[Kept[Remark]]) -> None:
    st.header("Noté en séance")
    if not live:
        st.write("Rien n'est encore noté.")
        return
    for kept in reversed(live):
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.html(_line(kept.entry))
            if st.button("Retirer", key=f"retirer_{kept.entry.key}", type="tertiary"):
                _keep(room, replace(kept.entry, withdrawn=True), "Retiré du compte rendu.")


def _line(made: Remark) -> str:
    beside = [french.day(made.day), made.view, made.who if made.agreed else ""]
    return (
        f'<p style="margin:0;overflow-wrap:anywhere"><strong>{prose(NATURES[made.nature])}</strong>'
        f"\u00a0: {prose(made.text)}<br>{_small(' · '.join(filter(None, beside)))}</p>"
    )


def _small(words: str) -> str:
    return blocks.text(words, frame.theme(), small=True, muted=True)


def _minutes(
    room: Room,
    live: Sequence[Kept[Remark]],
    views: Callable[..., Sequence[str]],
    minutes: Callable[[Any, Sequence[Remark], Sequence[str]], Offer],
) -> None:
    """The minutes of one session: for the team with the names agreed to, or without any name."""
    st.header("Compte rendu")
    days = sorted({kept.entry.day for kept in live}, reverse=True)
    left, right = st.columns(2, gap="medium")
    with left:
        day: date = st.selectbox("Séance du", days, format_func=french.day)
    with right:
        public = st.selectbox(
            "Vues présentées",
            ["", *room.audiences],
            format_func=lambda one: _shown(room, one),
        )
    wanted = internal()
    account = room.account(wanted)
    shown = views(room.account(False), public, drafted=True) if public else ()
    noted = [kept.entry for kept in live if kept.entry.day == day]
    lines([minutes(account, noted, shown)])


def _shown(room: Room, audience: str) -> str:
    if not audience:
        return "Seulement celles notées en séance"
    return f"Toutes celles du public\u00a0: {room.audiences[audience].lower()}"
