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
from drawing import french, signs

OUTCOMES = {
    "ok": "récupéré",
    "empty": "récupéré, aucune ligne",
    "not_covered": signs.ABSENCES["not_covered"].words,
    "failed": "source en panne",
    "offline": "réseau interdit, rien n'a été demandé",
}
_SEEN = "job_seen"


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
    st.session_state.pop(_SEEN, None)
    door.start(store, [place.code], list(datasets) if datasets else None)
    st.rerun()


def watch(door: Any, place: Territory | None) -> None:
    """The fetch under way on this territory, or what came of the last one; from any screen."""
    job = door.running(place.code) if place else None
    if job is None or st.session_state.get(_SEEN) == job.id:
        return
    if job.finished:
        _outcome(job)
    else:
        _progress(door, job.id)


@st.fragment(run_every=1.0)
def _progress(door: Any, identifier: str) -> None:
    job = door.job(identifier)
    if job is None or job.finished:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    current = f"\u00a0: {french.lower_first(title(job.current))}" if job.current else ""
    count = f"{job.done} sur {job.total}" if job.total else "préparation"
    st.progress(min(share, 1.0), text=f"Récupération en cours, {count}{current}")
    st.caption("Vous pouvez changer d'écran\u00a0: elle continue.")


def _outcome(job: Any) -> None:
    good = [fetch for fetch in job.fetches if fetch.good]
    bad = [fetch for fetch in job.fetches if not fetch.good]
    with st.container(border=True):
        said = french.plural(len(good), "source récupérée", "sources récupérées")
        st.write(f"**Récupération terminée**\u00a0: {said} sur {len(job.fetches)}.")
        if job.error:
            st.text(job.error)
        for fetch in bad:
            st.text(failure(fetch))
        if st.button("Fermer", key=f"fermer-{job.id}", type="tertiary"):
            st.session_state[_SEEN] = job.id
            st.rerun()


def failure(fetch: Fetch) -> str:
    """'Arrêtés CatNat : source en panne (https://… : 503)'."""
    why = f" ({fetch.detail})" if fetch.detail else ""
    return f"{title(fetch.dataset)}\u00a0: {OUTCOMES.get(fetch.status, fetch.status)}{why}"


def all_button(door: Any, store: Store, place: Territory) -> None:
    """Everything the connectors know about this territory, in one touch."""
    if place.fictional:
        st.caption("Territoire fictif\u00a0: ses données sont inventées, rien n'est à récupérer.")
    elif st.button("Tout récupérer pour ce territoire", type="primary", key="tout-recuperer"):
        start(door, store, place, None)
