"""The référent's word on the whole diagnosis: until it is given, a working document."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data import entries, validation
from data.catalog import catalog
from data.entries import Validation
from data.store import Store
from data.territories import Territory
from ui import frame, keeping, who


def form(store: Store, place: Territory, key: str = "validation") -> None:
    """Where the diagnosis stands, and the form that validates it; a sentence for readers."""
    st.header("Validation du diagnostic")
    standing = frame.kept(validation.of, store, place, catalog().version)
    st.text(f"{frame.standing_words(standing)}.")
    if not who.internal():
        who.read_only()
        return
    keeping.said(f"{key}-dit")
    if standing.state == validation.VALIDATED:
        _take_back(store, place, key, standing)
        return
    _validate(store, place, key, standing)


def _validate(store: Store, place: Territory, key: str, standing: validation.Standing) -> None:
    left, right = st.columns(2)
    with left:
        referent = st.text_input(
            "Nom du référent (gardé ici, jamais diffusé)",
            value=standing.referent or "",
            key=f"{key}-referent",
            max_chars=120,
        )
    with right:
        day = st.date_input(
            "Date de validation",
            value=frame.today(),
            max_value=frame.today(),
            format="DD/MM/YYYY",
            key=f"{key}-jour",
        )
    if st.button("Valider le diagnostic", key=f"{key}-valider"):
        made = Validation(referent.strip(), True, day, catalog().version)
        _keep(made, store, place, key, "Diagnostic validé.")


def _take_back(store: Store, place: Territory, key: str, standing: validation.Standing) -> None:
    if st.button("Revenir à un document de travail", key=f"{key}-reprendre"):
        made = Validation(standing.referent or "", False, standing.day, catalog().version)
        _keep(made, store, place, key, "Le diagnostic redevient un document de travail.")


def _keep(made: Validation, store: Store, place: Territory, key: str, said: str) -> None:
    write = partial(entries.keep, store, who.person(), place.code, made)
    if keeping.keep(write, said, f"{key}-dit"):
        st.rerun()
