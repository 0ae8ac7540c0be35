"""Restitution: where the authority wants errors reported; the published web page says it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from data import entries
from data.entries import Profile
from ui import keeping, who
from ui.restitution_volets import Room

SAID = "adresse_dite"


def form(room: Room) -> None:
    """The public address of the authority, for the team to fill."""
    if not who.internal():
        return
    st.header("Adresse de signalement")
    st.write(
        "La page web propose «\u00a0Signaler une erreur, proposer une donnée\u00a0» à cette "
        "adresse. Elle est publique\u00a0: donnez la boîte d'un service ou une page de votre site, "
        "jamais l'adresse d'une personne."
    )
    keeping.said(SAID)
    profile = entries.only(room.store, Profile, room.place.code) or Profile()
    with st.form("adresse"):
        typed = st.text_input(
            "Adresse électronique d'un service, ou page https://…",
            value=profile.report_to,
            max_chars=200,
            placeholder="donnees@ville.example",
        )
        if st.form_submit_button("Enregistrer l'adresse"):
            _keep(room, replace(profile, report_to=typed.strip()))


def _keep(room: Room, made: Profile) -> None:
    said = "Adresse enregistrée." if made.report_to else "Adresse retirée."
    write = partial(entries.keep, room.store, who.person(), room.place.code, made)
    if keeping.keep(write, said, SAID):
        st.rerun()
