"""The frame around every page: name, chosen territory, banner, footer; and the store."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data import territories, validation
from data.catalog import Experiment, catalog
from data.records import today_utc
from data.store import Store, StoreError
from data.territories import Territory
from data.validation import Standing
from drawing import blocks, french, mentions, signs
from ui import choosing, who

NAME = "Cœur de Données"
SUBTITLE = "Diagnostic des données d'un territoire Action Cœur de Ville"
FOOTER = "Outil indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance."
FICTIONAL = "{name} est une invention\u00a0: ses chiffres ne décrivent aucun lieu réel."
STATIC = Path(__file__).resolve().parent / "static"
WIDTH = 1080  # pixels: longer lines tire the eye
DIAGNOSIS = (  # screens that say whether the diagnosis is validated
    "disponibilite", "donnee", "donnees_manquantes", "ce_que_l_on_sait", "socle_commun",
    "inventaire", "demandes", "ma_semaine", "restitution",
)  # fmt: skip

OWED = "mention"  # where it goes, while no store says what it is
T = TypeVar("T")


def tab_title(page: Any) -> str:
    """'Cahors · Tableau de bord · Cœur de Données': what a tab and a bookmark say."""
    place = choosing.known()
    name = french.upper_first(place.name) if place else ""
    return " · ".join(part for part in (name, page.title, NAME) if part)


def theme() -> str:
    """'light' or 'dark', as the reader sees it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def html(block: str) -> None:
    """Draw a block of drawing.blocks; an empty one draws nothing."""
    if block:
        st.html(block)


def chart(spec: dict[str, Any], alt: str) -> None:
    """Draw a spec of drawing.charts as it is, with the words that stand for it."""
    st.vega_lite_chart(spec, theme=None, alt=alt)


def aside(words: str) -> None:
    """Quiet words under something: st.caption is too pale to be read by all."""
    html(blocks.text(words, theme(), small=True, muted=True))


def draw(page: Any) -> None:
    """Header, page, footer. The footer is drawn first so that no page can lose it."""
    st.session_state["page"] = page
    choosing.write_address()
    st.logo(str(STATIC / "mark.png"), size="large")
    with st.container(width=WIDTH):
        header = st.container()
        body = st.container()
        footer()
    with header:
        mention = _header()
    seen = _mention(mention, page)
    st.session_state[OWED] = None if seen else mention
    with body:
        page.run()


def _pay() -> None:
    """Draw the mention as soon as the page has opened the store: it may end early, by st.stop."""
    mention = st.session_state.get(OWED)
    if mention is not None:
        st.session_state[OWED] = None
        _mention(mention, st.session_state["page"])


def _header() -> DeltaGenerator:
    """Draw the header; the place of the mention is given back."""
    place = choosing.known()
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
        html(
            f'<div><span style="font-weight:700">{NAME}</span><br>'
            f'<span style="font-size:.86rem;color:{signs.MUTED[theme()]}">{SUBTITLE}</span></div>'
        )
        if place:
            st.button(
                f"{place.name}\u00a0– changer",
                on_click=choosing.forget,
                help="Choisir un autre territoire",
            )
    if place and place.fictional:
        html(blocks.banner(FICTIONAL.format(name=french.upper_first(place.name)), theme()))
    return st.empty()


def _mention(slot: DeltaGenerator, page: Any) -> bool:
    """« Document de travail », or by whom it was validated; False while no store is open."""
    place = choosing.known()
    if page.url_path not in DIAGNOSIS or place is None:
        return True
    if not HELD:
        return False
    standing = kept(validation.of, HELD[-1], place, catalog().version)
    with slot:
        html(
            f'<p style="font-size:.84rem;margin:0;color:{signs.MUTED[theme()]}">'
            f'<span style="border:1px solid {signs.BORDER[theme()]};border-radius:3px;'
            f'padding:.1rem .4rem">{blocks.prose(standing_words(standing))}</span></p>'
        )
    return True


def standing_words(standing: Standing) -> str:
    """Where the diagnosis stands; the référent's name is for the team."""
    return mentions.standing(standing, named=who.internal())


def footer() -> None:
    """Said on every screen."""
    st.divider()
    aside(FOOTER)


def territory() -> Territory:
    """The territory of this screen; without one, the search field and nothing else."""
    code = choosing.chosen()
    if code is None:
        st.title(_title())
        st.write("Choisissez d'abord un territoire.")
        choosing.search_field()
        st.stop()
    return _resolved(code)


def territory_if_any() -> Territory | None:
    """The same for the home screen, which has its own way of asking."""
    code = choosing.chosen()
    return _resolved(code) if code else None


def _resolved(code: str) -> Territory:
    try:
        return territories.territory(code)
    except territories.UnknownTerritory as unknown:
        st.title("Territoire inconnu")
        st.text(str(unknown))
        choosing.search_field()
        st.stop()


def _title() -> str:
    page = st.session_state.get("page")
    return page.title if page else NAME


def experience() -> Experiment | None:
    """The experiment the address names, when it exists."""
    return catalog().experiments.get(st.query_params.get(choosing.EXPERIMENT, ""))


def notice() -> None:
    """The sheets are this tool's own: said wherever projects are shown."""
    html(blocks.note(catalog().programme["notice"], theme()))


def today() -> date:
    """The day for duties and freshness."""
    return today_utc().date()


def store(open_store: Callable[[], Store]) -> Store:
    """The one store of the process, opened at the start or by the first page that needs it."""
    try:
        if HELD:
            opened = HELD[-1]
        else:
            with st.spinner("Ouverture des données…"):
                opened = _opened(open_store)
        _pay()
        return opened
    except StoreError as refused:
        st.title("Données indisponibles")
        st.text(str(refused))
        st.stop()


def open_early(open_store: Callable[[], Store]) -> None:
    """Open the store before the first visitor; a refusal is told by the first screen."""
    with suppress(StoreError):
        _opened(open_store)


HELD: list[Store] = []  # the store of this process, to close when the server stops
_opening = Lock()


def _opened(open_store: Callable[[], Store]) -> Store:
    with _opening:
        if not HELD:
            opened = open_store()
            opened.keep_copy()  # the file is ours alone while we run: commands read the copy
            HELD.append(opened)
        return HELD[-1]


def close() -> None:
    """Close what was opened; called when the server stops."""
    while HELD:
        HELD.pop().close()


def kept(compute: Callable[..., T], store: Store, place: Territory, *rest: Any) -> T:
    """A result of diagnostics, computed again only when the store has changed."""
    name = f"{compute.__module__}.{compute.__qualname__}"
    return _kept(name, place.code, store.version, rest, lambda: compute(store, place, *rest))


@st.cache_resource(max_entries=400, show_spinner=False)
def _kept(
    name: str, code: str, version: str, rest: tuple[Any, ...], _compute: Callable[[], T]
) -> T:
    return _compute()


def failed(error: Exception) -> bool:
    """What is shown instead of a traceback; the log keeps the traceback."""
    logging.getLogger("ui").error("écran interrompu", exc_info=error)
    st.title("Écran interrompu")
    st.error(
        "Cet écran n'a pas pu être dessiné. Rechargez la page ; si cela continue, le journal du "
        "serveur dit pourquoi. Rien de ce qui est enregistré n'est perdu."
    )
    return True


def inside(place: Territory) -> str:
    """'à Cahors', 'dans le Lot', for titles."""
    return french.inside(place.name, place.level)


def of(place: Territory) -> str:
    """'de Cahors', 'd'Avignon', 'du Havre', for titles."""
    return french.of_place(place.name, place.level)
