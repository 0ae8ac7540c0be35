"""The menu: flat, French, absolute paths, stable addresses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parent.parent / "pages"

# (file, title); the file name is the address, the first answers at « / ».
VISIBLE = (
    ("accueil", "Accueil"),
    ("tableau_de_bord", "Tableau de bord"),
    ("disponibilite", "Disponibilité"),
    ("donnees_manquantes", "Plan d'action"),
    ("inventaire", "Inventaire"),
    ("demandes", "Demandes"),
    ("ma_semaine", "Ma semaine"),
    ("socle_commun", "Socle commun"),
    ("publier", "Publier"),
    ("ce_que_l_on_sait", "Ce que l'on sait"),
    ("restitution", "Restitution"),
    ("sources", "Sources et méthode"),
)
HIDDEN = (
    ("donnee", "Une donnée"),
    ("projection", "Projection"),
    ("notes_orateur", "Notes de l'orateur"),
)


@cache
def path(name: str) -> Path:
    """The file of a page."""
    return PAGES / f"{name}.py"


def pages() -> list[st.Page]:
    """What st.navigation receives, in the order of the menu."""
    shown = [
        st.Page(path(name), title=title, url_path=name, default=index == 0)
        for index, (name, title) in enumerate(VISIBLE)
    ]
    hidden = [
        st.Page(path(name), title=title, url_path=name, visibility="hidden")
        for name, title in HIDDEN
    ]
    return [*shown, *hidden]


def address(name: str) -> str:
    """The path of a page in the address bar: the default one answers at « / » only."""
    return "/" if name == VISIBLE[0][0] else f"/{name}"
