"""Restitution, interviews: the guide as a form, what was answered, and the same laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import streamlit as st

from data import entries
from data.catalog import catalog
from data.entries import Interview, Kept
from data.records import LONGEST
from drawing import blocks, french
from drawing.blocks import prose
from ui import choosing, frame, keeping, who
from ui.restitution_documents import lines
from ui.restitution_volets import Offer, Room, follows, internal

SAID, TURN = "entretien_dit", "entretien_tour"
WHOLE = "Tout le diagnostic"
LONGEST_LINE = 160
CONSENT = "La personne a relu ses réponses et accepte qu'elles soient publiées, sans son nom"


class Question(Protocol):
    """A question of the guide."""

    @property
    def id(self) -> str: ...
    @property
    def words(self) -> str: ...


def draw(
    room: Room,
    questions: Sequence[Question],
    guide: Callable[[Any, str], Offer],
    article: Callable[[Any, Kept[Interview]], Offer],
) -> None:
    """The guide to take away, the form, what is kept."""
    if not who.internal():
        st.write("Les entretiens se notent par l'équipe.")
        who.read_only()
        return
    with st.container():
        keeping.said(SAID)
    subject = _subject()
    lines([guide(room.account(internal()), subject)])
    _form(room, questions, subject)
    _kept(room, questions, article)


def _subject() -> str:
    """The project of the interview; the one of the address to begin with."""
    titles = {made.id: made.title for made in catalog().experiments.values()}
    options = ["", *titles]
    named = frame.experience()
    key = follows("sujet", named.id if named else "")
    return st.selectbox(
        "Sujet de l'entretien",
        options,
        format_func=lambda one: titles.get(one, WHOLE),
        key=key,
        on_change=lambda: choosing.pick_experiment(st.session_state[key]),
    )


def _form(room: Room, questions: Sequence[Question], subject: str) -> None:
    st.header("Noter un entretien")
    seed = f"{st.session_state.get(TURN, 0)}_{subject}"
    with st.form(f"entretien_{seed}"):
        left, right = st.columns(2, gap="medium")
        with left:
            named = st.text_input("Nom (facultatif, jamais publié)", max_chars=LONGEST_LINE)
        with right:
            role = st.text_input("Fonction ou service", max_chars=LONGEST_LINE)
        day = st.date_input("Le", room.day, max_value=room.day, format="DD/MM/YYYY")
        answers = {one.id: _answer(one, seed) for one in questions}
        agreed = st.checkbox(CONSENT)
        who.name_field(f"entretien_auteur_{seed}")
        sent = st.form_submit_button("Enregistrer l'entretien", type="primary")
    if sent:
        said = {key: words for key, words in answers.items() if words}
        made = Interview(subject, day, named.strip(), role.strip(), said, agreed)
        _keep(room, made, "Entretien enregistré.")


def _answer(one: Question, seed: str) -> str:
    typed = st.text_area(
        one.words, max_chars=5 * LONGEST, height=80, key=f"reponse_{one.id}_{seed}"
    )
    return (typed or "").strip()


def _keep(room: Room, made: Interview, said: str) -> None:
    write = partial(entries.keep, room.store, who.person(), room.place.code, made)
    if keeping.keep(write, said, SAID):
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.rerun()


def _kept(
    room: Room,
    questions: Sequence[Question],
    article: Callable[[Any, Kept[Interview]], Offer],
) -> None:
    st.header("Entretiens notés")
    live = [kept for kept in entries.of(room.store, Interview, room.place.code)]
    live = [kept for kept in live if not kept.entry.withdrawn]
    if not live:
        st.write("Aucun entretien n'est encore noté.")
    for kept in reversed(live):
        with st.container(border=True):
            frame.html(_sheet(kept, questions))
            versions = (False, True) if kept.entry.agreed else (True,)
            lines(article(room.account(one), kept) for one in versions)
            _withdraw(room, kept.entry)


def _withdraw(room: Room, made: Interview) -> None:
    with st.container(horizontal=True):
        if st.button("Retirer", key=f"retirer_{made.key}", type="tertiary"):
            _keep(room, replace(made, withdrawn=True), "Entretien retiré.")
        word = "Retirer l'accord de publication" if made.agreed else "Noter l'accord de publication"
        if st.button(word, key=f"accord_{made.key}", type="tertiary"):
            _keep(room, replace(made, agreed=not made.agreed), "Accord modifié.")


def _sheet(kept: Kept[Interview], questions: Sequence[Question]) -> str:
    made, theme = kept.entry, frame.theme()
    named = " · ".join(part for part in (made.role, made.who) if part) or "sans nom"
    consent = "publication acceptée" if made.agreed else "pas d'accord de publication"
    beside = " · ".join((_about(made.subject), french.day(made.day), consent))
    words = {one.id: one.words for one in questions}
    said = [f"{words.get(key, key)} {text}" for key, text in made.answers.items()]
    answers = french.plural(len(said), "réponse")
    return (
        f'<p style="margin:0;overflow-wrap:anywhere"><strong>{prose(named)}</strong></p>'
        + blocks.text(beside, theme, small=True, muted=True)
        + blocks.folded(answers, blocks.texts(said, theme), theme)
    )


def _about(subject: str) -> str:
    made = catalog().experiments.get(subject)
    return made.title if made else (subject or WHOLE)
