"""Writing a request: to whom, in which tone, the message to read again, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from data import entries
from data.catalog import Dataset, catalog
from data.cells import XLSX
from data.entries import TONES, Request, Shelf
from data.territories import Territory
from diagnostics.missing import MissingData
from diagnostics.requests import Board
from drawing import blocks, french, letters
from drawing.letters import Letter, Sender
from ui import frame, keeping, one_dataset, who

TEXT, MODEL, CONTACT = "demande_texte", "demande_modele", "demande_signature"
SAID, OPENED = "demandes_dit", "demandes_ouvrir"
LONGEST = 10_000  # characters of a message


@dataclass(frozen=True)
class Writing:
    """The place, the day, and what a page brings to write with."""

    place: Territory
    day: date
    letter: Callable[[Sequence[Dataset], Territory, str, date, Sender], Letter]
    reminder: Callable[[Request, Sequence[Dataset], Territory, Sender], Letter]
    letter_name: Callable[[Sequence[Dataset], Territory, date], str]
    template: Callable[[Sequence[Dataset], Territory], bytes]
    template_name: Callable[[Sequence[Dataset], Territory], str]
    tone_for: Callable[[Dataset, Territory], str]
    holder_for: Callable[[Dataset, Territory, str | None], str]
    due: Callable[[str, date], date]


def keep(store: Shelf, place: Territory, said: str, *made: Request) -> None:
    """Keep requests, then draw the screen again with one sentence on what was kept."""
    if keeping.keep(partial(entries.keep, store, who.person(), place.code, *made), said, SAID):
        st.session_state[OPENED] = True
        st.rerun()


def one(store: Shelf, writing: Writing, missing: Sequence[MissingData], board: Board) -> None:
    """A request for one dataset: the one the address names, else the missing ones in order."""
    titles = _titles(missing)
    asked = st.query_params.get(one_dataset.PARAMETER, "")
    options = list(titles)
    picked = st.selectbox(
        "Donnée demandée",
        options,
        index=options.index(asked) if asked in titles else None,
        format_func=titles.__getitem__,
        placeholder="Choisir une donnée\u00a0: celles qui manquent viennent d'abord",
    )
    if picked is None:
        return
    _already(board, picked)
    card = catalog().datasets[picked]
    known = next((line.holder for line in missing if line.dataset == picked), None)
    _compose(store, writing, [card], writing.holder_for(card, writing.place, known))


def _titles(missing: Sequence[MissingData]) -> dict[str, str]:
    """Missing data first, in their order, then all others by title."""
    cards = catalog().needs()
    ahead = [line.dataset for line in missing if line.dataset in cards]
    others = sorted(set(cards) - set(ahead), key=lambda key: cards[key].title)
    return {key: cards[key].title for key in (*ahead, *others)}


def _already(board: Board, dataset: str) -> None:
    for line in board.lines:
        if line.entry.dataset == dataset:
            state = letters.STATES[line.entry.state][1].lower()
            frame.html(
                blocks.note(
                    f"Une demande existe déjà pour cette donnée : {line.entry.holder}, {state}.",
                    frame.theme(),
                )
            )


def service(store: Shelf, writing: Writing, missing: Sequence[MissingData], board: Board) -> None:
    """All that one holder could bring, in one message."""
    groups = _by_holder(writing, missing, board)
    if not groups:
        st.write("Toutes les données manquantes ont déjà une demande.")
        return
    holder = st.selectbox(
        "Détenteur",
        list(groups),
        format_func=lambda name: f"{name} ({french.plural(len(groups[name]), 'donnée')})",
    )
    titles = {card.id: card.title for card in groups[holder]}
    picked = st.multiselect(
        "Données demandées",
        list(titles),
        default=list(titles),
        format_func=titles.__getitem__,
        placeholder="Aucune",
        key=f"demande_donnees_{holder}",
    )
    if not picked:
        st.write("Choisissez au moins une donnée.")
        return
    _compose(store, writing, [catalog().datasets[key] for key in picked], holder)


def _by_holder(
    writing: Writing, missing: Sequence[MissingData], board: Board
) -> dict[str, list[Dataset]]:
    """Missing data without a request yet, by usual holder; the longest list first."""
    asked = {line.entry.dataset for line in board.lines}
    groups: dict[str, list[Dataset]] = {}
    for line in missing:
        if line.dataset not in asked:
            card = catalog().datasets[line.dataset]
            holder = writing.holder_for(card, writing.place, line.holder)
            groups.setdefault(holder, []).append(card)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _compose(store: Shelf, writing: Writing, asked: Sequence[Dataset], usual: str) -> None:
    """Fields, message, downloads, and the one button that keeps."""
    about = "_".join(card.id for card in asked)
    left, right = st.columns(2, vertical_alignment="bottom")
    holder = left.text_input(
        "À qui (service ou organisme)", usual, key=f"demande_a_{about}", max_chars=160
    )
    contact = right.text_input(
        "Son adresse ou son téléphone public (facultatif)",
        key=f"demande_contact_{about}",
        max_chars=160,
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    tone = left.selectbox(
        "Ton du message",
        TONES,
        index=TONES.index(writing.tone_for(asked[0], writing.place)),
        format_func=letters.TONES.__getitem__,
        key=f"demande_ton_{about}",
    )
    due = right.date_input(
        "Réponse souhaitée d'ici le",
        writing.due(tone, writing.day),
        min_value=writing.day,
        format="DD/MM/YYYY",
        key=f"demande_delai_{about}_{tone}",
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        who.name_field("demande_nom")
    signed = right.text_input(
        "Votre téléphone ou votre adresse (dans la signature)", key=CONTACT, max_chars=120
    )
    sender = Sender(who.person().name or "", signed)
    text = _message(writing.letter(asked, writing.place, tone, due, sender).text, about)
    made = [_request(card, holder, tone, text, contact, due) for card in asked]
    _buttons(store, writing, asked, made)


def _message(model: str, about: str) -> str:
    """The message, to change freely: what was typed stays when tone or date change."""
    state = st.session_state
    of, before = state.get(MODEL, ("", ""))
    touched = TEXT in state and of == about and state[TEXT] != before
    if not touched:
        state[TEXT], state[MODEL] = model, (about, model)
    text = st.text_area("Message, à relire et à modifier", key=TEXT, height=440, max_chars=LONGEST)
    if touched:
        frame.aside("Votre texte est gardé tel que vous l'avez modifié.")
        st.button("Repartir du modèle", on_click=lambda: state.pop(MODEL, None))
    return text


def _request(
    card: Dataset, holder: str, tone: str, text: str, contact: str, due: date | None
) -> Request:
    return Request(
        dataset=card.id,
        holder=letters.clean(holder) or card.producer_label,
        tone=tone,
        text=letters.tidy(text),
        contact=letters.clean(contact),
        due_on=due,
    )


def _buttons(
    store: Shelf, writing: Writing, asked: Sequence[Dataset], made: Sequence[Request]
) -> None:
    first = made[0]
    with st.container(horizontal=True):
        label = "Enregistrer la demande" if len(made) == 1 else f"Enregistrer {len(made)} demandes"
        if st.button(label, type="primary"):
            kept = french.plural(len(made), "demande enregistrée", "demandes enregistrées")
            said = f"{kept}, à envoyer : {first.holder}."
            keep(store, writing.place, french.upper_first(said), *made)
        attachments(writing, asked, first.text)
        mailer(first.contact, first.text)
    frame.aside(
        "L'outil n'envoie rien : copiez ce message dans votre messagerie, joignez le modèle, puis "
        "notez la date d'envoi dans le suivi."
    )


def attachments(writing: Writing, asked: Sequence[Dataset], text: str) -> None:
    """The message as a text file, and the template to fill."""
    st.download_button(
        "Le message (.txt)",
        text.encode("utf-8"),
        file_name=writing.letter_name(asked, writing.place, writing.day),
        mime="text/plain",
        on_click="ignore",
    )
    st.download_button(
        "Le modèle à remplir (XLSX)",
        lambda: writing.template(asked, writing.place),
        file_name=writing.template_name(asked, writing.place),
        mime=XLSX,
        on_click="ignore",
    )


def mailer(contact: str, text: str) -> None:
    """A link to one's own mailer, when the contact is an address."""
    address = letters.mailto(contact, text)
    if address:
        whole = "&body=" in address
        pasted = "" if whole else " (message à coller)"
        st.link_button(f"Ouvrir dans votre messagerie{pasted}", address)
