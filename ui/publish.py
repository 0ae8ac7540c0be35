"""Publier: from the file a service sent to open data, in six steps, the file beside each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import streamlit as st

from data.entries import Publication
from data.reading.reading import Unreadable
from data.records import Refused
from drawing import blocks, french
from ui import frame, keeping, publish_preview, who
from ui import publish_room as rooms
from ui.publish_room import FILE, REFUSED, SAID, STEPS, Room
from ui.publish_words import done
from ui.publish_work import Work

INTERRUPTED = (
    "Cette partie n'a pas pu être calculée\u00a0: le journal du serveur dit pourquoi. Le fichier "
    "et vos choix sont gardés\u00a0: revenez à une étape d'avant, ou annulez le dernier choix."
)
VOLETS = {"fichier": "Un fichier", "comparer": "Comparer"}

# The file stays in sight while the step scrolls; the step one is on is not told by colour alone.
_STYLE = """<style>
@media (min-width:641px){
[data-testid="stColumn"]:has(.st-key-publier-vue){position:sticky;top:1rem;align-self:flex-start}
}
.st-key-publier-etapes button{padding:.1rem .5rem;min-height:2.2rem}
.st-key-publier-etapes button:disabled{opacity:.75}
[data-testid="stCheckbox"] label *{white-space:normal!important;overflow:visible!important}
[data-testid="stDownloadButtonError"] *{font-size:0}
[data-testid="stDownloadButtonError"] p::after{font-size:1rem;
content:"Ce fichier n'a pas pu être fait. Réessayez\\00a0; le journal du serveur dit pourquoi."}
</style>"""
_SUMMARY = {
    1: "le fichier, tel que le service l'a envoyé",
    2: "ce qui a été réparé, ce qui reste douteux",
    3: "le standard, et ce que dit chaque colonne",
    4: "sera-t-il accepté, et sinon que corriger\u00a0?",
    5: "accord, licence, fiche",
    6: "le paquet, le diagnostic, data.gouv.fr",
}

Step = Callable[[Work], None]


def draw(
    room: Room,
    deposit: Callable[[Room], None],
    steps: Mapping[int, Step],
    compare: Callable[[], None] | None = None,
) -> None:
    """The volet of the address: a file, or the comparison of published ones when there is one."""
    frame.html(_STYLE)
    if compare and _volet() == "comparer":
        _guarded(compare)
        return
    if not who.internal():
        _introduction()
        who.read_only()
        return
    _messages()
    line = room.latest(st.query_params.get(FILE, ""))
    if line is None:
        rooms.close_file()
        _introduction(short=bool(room.files()))
        _guarded(lambda: deposit(room))
        return
    _file(Work(room, line.entry), steps)


def _volet() -> str:
    asked = st.query_params.get("volet", "")
    picked = st.segmented_control(
        "Volet",
        list(VOLETS),
        default=asked if asked in VOLETS else "fichier",
        format_func=VOLETS.__getitem__,
        label_visibility="collapsed",
        required=True,
        key="publier-volet",
    )
    st.query_params["volet"] = picked
    return str(picked)


def _introduction(*, short: bool = False) -> None:
    st.write(
        "Du fichier qu'un service a envoyé aux données ouvertes, en six étapes. Rien n'est publié "
        "avant la dernière, chaque choix s'annule, et le fichier vous attend si vous partez."
    )
    if short:
        return
    steps = "".join(
        f'<li style="margin:.1rem 0"><strong>{STEPS[rank]}</strong>\u00a0: {blocks.prose(said)}'
        "</li>"
        for rank, said in _SUMMARY.items()
    )
    frame.html(f'<ol style="margin:.2rem 0 .8rem;padding-left:1.4rem">{steps}</ol>')


def _messages() -> None:
    with st.container():
        keeping.said(SAID)
        if words := st.session_state.pop(REFUSED, None):
            st.error(words)


def _file(work: Work, steps: Mapping[int, Step]) -> None:
    """The step that the address names, the file on its right."""
    shown = rooms.step_shown(work.made)
    _bar(work)
    _stepper(work.made, shown)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.header(f"Étape {shown} sur 6\u00a0: {STEPS[shown].lower()}")
        _guarded(lambda: _step(work, shown, steps))
    with right, st.container(key="publier-vue"):
        _guarded(lambda: publish_preview.draw(work, shown))


def _step(work: Work, shown: int, steps: Mapping[int, Step]) -> None:
    """One step; a file that can no longer be read (a repair refused, a sheet) says why."""
    refused = work.reading().refused
    if refused and shown > 1:
        st.error(blocks.plain(french.typeset(refused)))
        st.write("Annulez le dernier choix, ou revenez à l'étape 1.")
        return
    steps[shown](work)


def _guarded(drawn: Callable[[], None]) -> None:
    """What cannot be drawn is said in its place; the file, the steps and the way back stay."""
    try:
        drawn()
    except (Refused, Unreadable) as refused:
        keeping.refused(refused)
    except Exception as error:
        logging.getLogger("ui").error("étape interrompue", exc_info=error)
        st.error(INTERRUPTED)


def _bar(work: Work) -> None:
    """Which file, and what may be undone."""
    states = work.room.versions(work.key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sent = f", envoyé par {work.made.producer}" if work.made.producer else ""
        st.markdown(f"**{blocks.plain(work.name)}**{blocks.plain(french.typeset(sent))}")
        st.button("Autre fichier", type="tertiary", on_click=rooms.close_file)
        if len(states) > 1:
            st.button(
                f"Annuler\u00a0: {blocks.plain(done(states[-2], states[-1]))}",
                type="tertiary",
                on_click=work.room.undo,
                args=(work.key,),
                key="publier-annuler",
            )


def _stepper(made: Publication, shown: int) -> None:
    with st.container(horizontal=True, gap="small", key="publier-etapes"):
        for rank, title in STEPS.items():
            mark = "▸ " if rank == shown else "✓ " if rank < made.step else ""
            st.button(
                f"{mark}{rank}\u00a0{title}",
                type="secondary" if rank == shown else "tertiary",
                disabled=rank > made.step,
                on_click=rooms.open_file,
                args=(made.key, rank),
                key=f"publier-etape-{rank}",
                help=None if rank <= made.step else "Terminez d'abord l'étape en cours",
            )
