"""« Compléter ou contester »: what a holder says of a status stands beside it until it is settled.

Shown to the team only: nothing that was typed leaves this machine.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from data import entries
from data.catalog import Dataset
from data.entries import Kept, Observation
from data.records import LONGEST
from data.store import Store
from data.territories import Territory
from drawing import blocks, french
from drawing.blocks import prose
from ui import frame, keeping, who


def beside(card: Dataset, store: Store, place: Territory) -> None:
    """The observations that wait for an answer, under the status; the settled ones folded."""
    if not who.internal():
        return
    made = of(card, store, place)
    for one in made:
        if not one.entry.settled:
            frame.html(blocks.note(told(one), frame.theme()))
    settled = [f"{told(one)} {_answered(one)}" for one in made if one.entry.settled]
    if settled:
        count = french.plural(len(settled), "observation close", "observations closes")
        frame.html(blocks.folded(count, blocks.texts(settled, frame.theme()), frame.theme()))


def of(card: Dataset, store: Store, place: Territory) -> list[Kept[Observation]]:
    """The observations on a dataset, oldest first."""
    made = entries.of(store, Observation, place.code)
    return [one for one in made if one.entry.dataset == card.id]


def told(one: Kept[Observation]) -> str:
    """'Statut contesté par la DSI le 3 novembre 2026 : « … ».'"""
    kind = "Statut contesté" if one.entry.contests else "Complément apporté"
    whom = f" par {one.entry.holder}" if one.entry.holder else ""
    day = french.day(one.first_at)
    return f"{kind}{whom} le {day}\u00a0: «\u00a0{one.entry.text.strip()}\u00a0»."


def _answered(one: Kept[Observation]) -> str:
    answer = one.entry.answer.strip()
    words = f", réponse\u00a0: «\u00a0{answer}\u00a0»" if answer else ""
    return f"Clos le {french.day(one.recorded_at)}{words}."


def form(card: Dataset, store: Store, place: Territory, key: str) -> None:
    """Write one, or settle one with an answer; draws nothing for who may not write."""
    if not who.internal():
        return
    with st.container():  # the fold below keeps its place, and stays open, when it goes
        keeping.said(f"{key}-dit")
    turn = f"{key}-{st.session_state.get(f'{key}-tour', 0)}"
    with st.expander("Compléter ou contester ce statut", key=f"{turn}-ouvrir"):
        for one in of(card, store, place):
            if not one.entry.settled:
                _settle(one, store, place, key, turn)
        _write(card, store, place, key, turn)


def _write(card: Dataset, store: Store, place: Territory, key: str, turn: str) -> None:
    kind = st.radio(
        "Ce que vous apportez",
        (True, False),
        format_func=lambda contests: "Contester le statut" if contests else "Le compléter",
        horizontal=True,
        index=1,
        key=f"{turn}-genre",
    )
    holder = st.text_input(
        "De la part de (détenteur, service)", key=f"{turn}-detenteur", max_chars=200
    )
    text = st.text_area("Observation", key=f"{turn}-texte", max_chars=LONGEST, height=90)
    who.name_field(f"{turn}-auteur")
    if st.button("Enregistrer l'observation", key=f"{turn}-observer"):
        made = Observation(card.id, text.strip(), holder.strip(), bool(kind))
        _keep(made, store, place, key, "Observation enregistrée à côté du statut.")


def _settle(one: Kept[Observation], store: Store, place: Territory, key: str, turn: str) -> None:
    frame.html(f'<p style="margin:.2rem 0">{prose(told(one))}</p>')
    answer = st.text_input(
        "Réponse donnée", key=f"{turn}-reponse-{one.entry.key}", max_chars=LONGEST
    )
    if st.button("Clore cette observation", key=f"{turn}-clore-{one.entry.key}"):
        made = replace(one.entry, settled=True, answer=answer.strip())
        _keep(made, store, place, key, "Observation close.")
    st.divider()


def _keep(made: Observation, store: Store, place: Territory, key: str, said: str) -> None:
    write = partial(entries.keep, store, who.person(), place.code, made)
    if keeping.keep(write, said, f"{key}-dit"):
        st.session_state[f"{key}-tour"] = st.session_state.get(f"{key}-tour", 0) + 1
        st.rerun()
