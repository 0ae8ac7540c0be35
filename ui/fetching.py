"""Fetching seen from a screen: a button that starts it, a bar that follows it, what came of it.

`door` is connectors.refresh, handed over by the page: this module calls nothing of its own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from data.catalog import catalog
from data.records import today_utc
from data.store import Fetch, Store
from data.territories import Territory
from drawing import blocks, french, signs
from ui import frame, source_state_words, who

OUTCOMES = signs.FETCHES
_FOLLOWED = "recuperation_suivie"
_DRAWN = "recuperation_dessinee"
# Screens drawn again as figures arrive: they only show. The others may hold words half typed.
LIVE = ("", "accueil", "tableau_de_bord", "disponibilite", "sources")
LIVE_SECONDS = 4.0  # between two drawings
READ_ONLY = (
    "Lecture seule\u00a0: les récupérations se lancent depuis le poste qui porte l'outil, ou avec "
    "un compte d'éditeur."
)


def title(dataset: str) -> str:
    """The French title of a dataset."""
    card = catalog().datasets.get(dataset)
    return card.title if card else dataset


def possible(door: Any, place: Territory, datasets: Sequence[str]) -> list[str]:
    """Of these datasets, those that a source in line can bring for this territory.

    None for someone who only reads: a run writes in the store and asks others in our name.
    """
    if not datasets or not who.internal():
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


def start(
    door: Any,
    store: Store,
    place: Territory,
    datasets: Sequence[str] | None,
    *,
    accept_fall: bool = False,
) -> None:
    """Start in the background and show the bar at once."""
    wanted = list(datasets) if datasets else None
    more = {"accept_fall": True} if accept_fall else {}
    st.session_state[_FOLLOWED] = door.start(store, [place.code], wanted, **more)
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
        st.session_state[_DRAWN] = (_version(), time.monotonic())
        _progress(door, job.id)
    elif st.session_state.get(_FOLLOWED) == job.id:
        _outcome(job)


@st.fragment(run_every=1.0)
def _progress(door: Any, identifier: str) -> None:
    job = door.job(identifier)
    if job is None or job.finished or _something_new():
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    st.progress(min(share, 1.0), text=_said(job))
    if job.stopping:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.aside("Vous pouvez changer d'écran\u00a0: elle continue.")
        if who.internal():
            st.button("Arrêter", key=f"arreter-{job.id}", on_click=door.stop, args=(job.id,))


def _said(job: Any) -> str:
    """Where it stands. No time left: one source takes a second, the next one ten minutes."""
    if job.stopping:
        return "Arrêt demandé\u00a0: la source en cours se termine"
    if not job.total:
        return "Récupération en attente de son tour" if job.began is None else _PREPARING
    current = f"\u00a0: {french.lower_first(title(job.current))}" if job.current else ""
    return f"Récupération en cours, {job.done} sur {job.total}{_elapsed(job)}{current}"


_PREPARING = "Récupération en cours, préparation"


def _elapsed(job: Any) -> str:
    seconds = int((today_utc() - job.began).total_seconds()) if job.began else 0
    if seconds < 60:
        return ""
    return f", depuis {french.plural(seconds // 60, 'minute')}"


def _version() -> str:
    return frame.HELD[-1].version if frame.HELD else ""


def _something_new() -> bool:
    """Whether figures came since this screen was drawn: it shows the first before the last."""
    page = st.session_state.get("page")
    if getattr(page, "url_path", None) not in LIVE:
        return False
    version, drawn = st.session_state.get(_DRAWN, ("", 0.0))
    return version != _version() and time.monotonic() - drawn > LIVE_SECONDS


def _outcome(job: Any) -> None:
    good = [fetch for fetch in job.fetches if fetch.good]
    with st.container(border=True):
        said = french.plural(len(good), "source récupérée", "sources récupérées")
        over = "Récupération arrêtée" if job.cut else "Récupération terminée"
        total = job.total if job.cut else len(job.fetches)
        st.write(f"**{over}**\u00a0: {said} sur {total}.")
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
    """'Arrêtés CatNat : source en panne (le service est momentanément indisponible)'."""
    said = f" ({why(fetch)})" if fetch.detail else ""
    return f"{title(fetch.dataset)}\u00a0: {OUTCOMES.get(fetch.status, fetch.status)}{said}"


def why(fetch: Fetch) -> str:
    """What happened, in words for people; the technical sentence stays in the log."""
    failed = fetch.status == "failed"
    return source_state_words.cause(fetch.detail) if failed else fetch.detail or ""


def all_button(door: Any, store: Store, place: Territory) -> None:
    """Everything the connectors know about this territory, in one touch."""
    if place.fictional:
        frame.aside("Territoire fictif\u00a0: ses données sont inventées, rien n'est à récupérer.")
    elif not who.internal():
        frame.aside(READ_ONLY)
    elif st.button("Tout récupérer pour ce territoire", type="primary", key="tout-recuperer"):
        start(door, store, place, None)
