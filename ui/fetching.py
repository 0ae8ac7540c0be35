"""Fetching seen from a screen: a button that starts it, a bar that follows it, what came of it.

`door` is connectors.refresh, handed over by the page: this module calls nothing of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data.catalog import catalog
from data.store import Fetch, Store
from data.territories import Territory
from drawing import blocks, french, signs
from ui import frame

OUTCOMES = signs.FETCHES
_FOLLOWED = "recuperation_suivie"


def title(dataset: str) -> str:
    """The French title of a dataset."""
    card = catalog().datasets.get(dataset)
    return card.title if card else dataset


def possible(door: Any, place: Territory, datasets: Sequence[str]) -> list[str]:
    """Of these datasets, those that a source in line can bring for this territory."""
    if not datasets:
        return []
    reachable = {task.dataset.id for task in door.plan([place], datasets)}
    return [dataset for dataset in dict.fromkeys(datasets) if dataset in reachable]


def button(
    door: Any, store: Store, place: Territory, datasets: Sequence[str], *, where: str
) -> None:
    """The button that fetches some datasets for a territory."""
    what = french.lower_first(title(datasets[0]))
    label = f"\u00a0: {what}" if len(datasets) == 1 else f" ces {len(datasets)} données"
    if st.button(f"Récupérer{label}", key=f"recuperer-{where}"):
        start(door, store, place, datasets)


def start(door: Any, store: Store, place: Territory, datasets: Sequence[str] | None) -> None:
    """Start in the background and show the bar at once."""
    wanted = list(datasets) if datasets else None
    st.session_state[_FOLLOWED] = door.start(store, [place.code], wanted)
    st.rerun()


def watch(door: Any, place: Territory | None) -> None:
    """The fetch under way on this territory, from any screen; then what came of it.

    The outcome is told to those who saw it run, not to whoever opens the screen the day after.
    """
    job = door.running(place.code) if place else None
    if job is None:
        return
    if not job.finished:
        st.session_state[_FOLLOWED] = job.id
        _progress(door, job.id)
    elif st.session_state.get(_FOLLOWED) == job.id:
        _outcome(job)


@st.fragment(run_every=1.0)
def _progress(door: Any, identifier: str) -> None:
    job = door.job(identifier)
    if job is None or job.finished:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    current = f"\u00a0: {french.lower_first(title(job.current))}" if job.current else ""
    count = f"{job.done} sur {job.total}" if job.total else "préparation"
    st.progress(min(share, 1.0), text=f"Récupération en cours, {count}{current}")
    frame.aside("Vous pouvez changer d'écran\u00a0: elle continue.")


def _outcome(job: Any) -> None:
    good = [fetch for fetch in job.fetches if fetch.good]
    with st.container(border=True):
        said = french.plural(len(good), "source récupérée", "sources récupérées")
        st.write(f"**Récupération terminée**\u00a0: {said} sur {len(job.fetches)}.")
        lines = [job.error] if job.error else []
        lines += _offline(job.fetches)
        lines += [failure(f) for f in job.fetches if not f.good and f.status != "offline"]
        frame.html(blocks.texts(lines, frame.theme()))
        if st.button("Fermer", key=f"fermer-{job.id}"):
            st.session_state.pop(_FOLLOWED, None)
            st.rerun()


def _offline(fetches: Sequence[Fetch]) -> list[str]:
    """One sentence for all the sources that were not asked because the network is forbidden."""
    names = [title(fetch.dataset) for fetch in fetches if fetch.status == "offline"]
    if not names:
        return []
    return [
        f"Réseau interdit (ACV_OFFLINE=1), rien n'a été demandé pour\u00a0: {french.listed(names)}."
    ]


def failure(fetch: Fetch) -> str:
    """'Arrêtés CatNat : source en panne (https://… : 503)'."""
    why = f" ({fetch.detail})" if fetch.detail else ""
    return f"{title(fetch.dataset)}\u00a0: {OUTCOMES.get(fetch.status, fetch.status)}{why}"


def all_button(door: Any, store: Store, place: Territory) -> None:
    """Everything the connectors know about this territory, in one touch."""
    if place.fictional:
        frame.aside("Territoire fictif\u00a0: ses données sont inventées, rien n'est à récupérer.")
    elif st.button("Tout récupérer pour ce territoire", type="primary", key="tout-recuperer"):
        start(door, store, place, None)
