"""Restitution, documents: one line each, made at the touch; then both bundles, sheets, letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from drawing import blocks, french
from ui import choosing, frame, restitution_profile, who
from ui.restitution_volets import Download, Offer, Room, follows, internal

FORMATS = {
    "pdf": "PDF",
    "docx": "DOCX",
    "pptx": "PPTX",
    "xlsx": "XLSX",
    "html": "HTML",
    "md": "Markdown",
    "txt": "texte",
    "zip": "ZIP",
}
# Streamlit's word when a file cannot be made is English.
_STYLE = """<style>
[class*="st-key-fichier_"] button strong{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
[data-testid="stDownloadButtonError"] *{font-size:0}
[data-testid="stDownloadButtonError"] p::after{font-size:1rem;
content:"Ce fichier n'a pas pu être fait. Réessayez\\00a0; le journal du serveur dit pourquoi."}
</style>"""


@dataclass(frozen=True)
class Makers:
    """What gives each line, from an account; the page hands them over."""

    documents: Callable[..., Sequence[Offer]]
    bundle: Callable[..., Offer]
    sheet: Callable[[Any, str], Offer]
    dossier: Callable[[Any, str], Offer]
    themes: Mapping[str, str]
    letters: Callable[[Any], Offer]
    letter: Callable[[Any, str, Sequence[str]], Offer]
    holders: Callable[[Any], Mapping[str, Sequence[str]]]
    caution: str  # said once near the exports
    refusal: Callable[[Any], str]  # why the folder to be published cannot be made, for the team


def draw(room: Room, makers: Makers) -> None:
    """Every document: what it is in a sentence, one button a format."""
    wanted = internal()
    account, audience = room.account(wanted), room.audience()
    drafted = who.internal()
    frame.html(blocks.note(makers.caution, frame.theme()))
    if drafted and (why := makers.refusal(account)):
        st.warning(blocks.plain(why))
    lines([makers.bundle(account, audience, drafted=drafted)], primary=True)
    st.header("Un par un")
    lines(makers.documents(account, audience, drafted=drafted))
    _of_a_project(makers, account)
    _of_a_holder(makers, account)
    restitution_profile.form(room)


def lines(offers: Iterable[Offer], *, primary: bool = False) -> None:
    """Offers one under the other."""
    frame.html(_STYLE)
    for offer in offers:
        line(offer, primary=primary)


def line(offer: Offer, *, primary: bool = False) -> None:
    """A document: its title and a sentence, its formats to touch beside them."""
    said, formats = st.columns([5, 3], gap="medium", vertical_alignment="center")
    with said:
        edited = " Votre brouillon enregistré y est appliqué." if offer.edited else ""
        frame.html(
            f'<p style="margin:0"><strong>{blocks.prose(offer.title)}</strong><br>'
            f"{blocks.prose(offer.words + edited)}</p>"
        )
    with formats, st.container(horizontal=True, gap="small"):
        for made in offer.downloads:
            _button(offer, made, primary=primary)


def _button(offer: Offer, made: Download, *, primary: bool) -> None:
    """Made in its own thread when touched: the button turns while one waits.

    Its name says the document too, for those who hear it: the eye reads the line beside it.
    """
    kind = FORMATS.get(made.extension, made.extension)
    st.download_button(
        f"**{blocks.plain(offer.title)},** {kind}",
        made.make,
        file_name=made.name,
        mime=made.mime,
        on_click="ignore",
        key=f"fichier_{offer.id}_{made.name}",
        type="primary" if primary else "secondary",
        icon=":material/download:",
    )


def _of_a_project(makers: Makers, account: Any) -> None:
    """The sheet of one project, the dossier of one theme."""
    st.header("Fiches et dossiers")
    titles = {made.id: made.title for made in account.experiments}
    named = frame.experience()
    options = list(titles)
    key = follows("projet", named.id if named else options[0])
    picked = st.selectbox(
        "Projet",
        options,
        format_func=titles.__getitem__,
        key=key,
        on_change=lambda: choosing.pick_experiment(st.session_state[key]),
    )
    line(makers.sheet(account, picked))
    theme = st.selectbox("Thème", list(makers.themes), format_func=makers.themes.__getitem__)
    line(makers.dossier(account, theme))
    frame.notice()


def _of_a_holder(makers: Makers, account: Any) -> None:
    """The requests to those who hold what is missing, one by one or all of them."""
    st.header("Demandes aux détenteurs")
    holders = makers.holders(account)
    if not holders:
        st.write("Aucune donnée n'est à demander parmi ce qui a été vérifié ou supposé.")
        return
    lines([makers.letters(account)])
    picked = st.selectbox(
        "Un détenteur",
        list(holders),
        format_func=lambda one: f"{one} ({french.plural(len(holders[one]), 'donnée')})",
    )
    line(makers.letter(account, picked, holders[picked]))
