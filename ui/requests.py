"""Demandes: the board by service, what happened to each request, and reminders ready to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from data import entries
from data.catalog import Dataset, catalog
from data.entries import ANSWERED, OBTAINED, REFUSED, SENT, TO_SEND, Kept, Request, Shelf
from data.territories import Territory
from diagnostics.missing import MissingData
from diagnostics.requests import Board, Line
from drawing import blocks, french, letters
from drawing.blocks import Cell, prose
from drawing.letters import Sender
from ui import choosing, frame, keeping, menu, one_dataset, request_form, who
from ui.request_form import OPENED, SAID, Writing

VIEW = "demandes_vue"
TRACK, WRITE, SERVICE, REMIND = "suivi", "ecrire", "service", "relances"
PARAMETER = "demande"
HEADERS = ("Donnée", "État", "Dates", "Prochain pas")
REMINDED = "reminded"
# state -> what may have happened next
STEPS = {
    TO_SEND: (SENT,),
    SENT: (OBTAINED, REFUSED, ANSWERED, REMINDED),
    ANSWERED: (OBTAINED, REFUSED, REMINDED),
    REFUSED: (OBTAINED,),
    OBTAINED: (REFUSED,),
}
HAPPENED = {
    SENT: "Le message est parti",
    OBTAINED: "La donnée est arrivée",
    REFUSED: "La réponse est non",
    ANSWERED: "Une réponse est arrivée (autre)",
    REMINDED: "Une relance est partie",
}


def held(store: Shelf, place: Territory) -> list[Kept[Request]]:
    """The requests of a territory; none for a session that may not see them."""
    return entries.of(store, Request, place.code) if who.internal() else []


def draw(store: Shelf, writing: Writing, missing: Sequence[MissingData], board: Board) -> None:
    """The whole screen; to a reader, one sentence and nothing anyone typed."""
    if not who.internal():
        who.read_only()
        st.write("Les demandes aux services se suivent sur l'écran du chef de projet.")
        choosing.go("donnees_manquantes", "Ce qui manque, et qui le détient")
        return
    keeping.said(SAID)
    _summary(board)
    view = _chosen_view(board)
    if view == WRITE:
        request_form.one(store, writing, missing, board)
    elif view == SERVICE:
        request_form.service(store, writing, missing, board)
    elif view == REMIND:
        _reminders(store, writing, board)
    else:
        _track(store, writing, board)


def _summary(board: Board) -> None:
    total = len(board.lines)
    if not total:
        st.write(
            "Aucune demande encore. Choisissez une donnée : le message s'écrit dans le ton qui "
            "convient à qui la détient, et vous le relisez avant de l'envoyer."
        )
        return
    parts = [
        f"{count} {french.agree(count, *letters.COUNTED[state])}"
        for state, count in board.counts.items()
        if count
    ]
    st.write(f"**{french.plural(total, 'demande')}**\u00a0: {french.listed(parts)}.")


def _chosen_view(board: Board) -> str:
    """Four views, one at a time; after something was kept, the board."""
    ready = len(_messages(board.reminders))
    words = {
        TRACK: "Suivi",
        WRITE: "Une demande",
        SERVICE: "Tout un service",
        REMIND: f"Relances ({ready})",
    }
    asked = one_dataset.PARAMETER in st.query_params
    usual = WRITE if asked or not board.lines else TRACK
    if st.session_state.pop(OPENED, False):
        st.session_state[VIEW] = TRACK
    st.session_state.setdefault(VIEW, usual)
    picked = st.segmented_control(
        "Vue",
        list(words),
        format_func=words.__getitem__,
        key=VIEW,
        label_visibility="collapsed",
    )
    return picked or usual


# --- board ---------------------------------------------------------------------------------------


def _track(store: Shelf, writing: Writing, board: Board) -> None:
    if not board.lines:
        st.write("Le suivi se remplira avec la première demande enregistrée.")
        return
    for holder, lines in board.holders:
        st.subheader(blocks.plain(holder))
        rows = [_row(line) for line in lines]
        frame.html(blocks.table(f"Demandes à {holder}", HEADERS, rows, frame.theme()))
    st.header("Noter ce qui s'est passé")
    _panel(store, writing, board)


def _row(line: Line) -> list[Cell]:
    symbol, word = letters.STATES[line.entry.state]
    state = f'<span aria-hidden="true">{prose(symbol)}</span> {prose(word)}'
    return [
        Cell(_link(_title(line.entry), "donnee", line.entry.dataset), 4, "11rem", labelled=False),
        Cell(f'<span style="font-weight:650">{state}</span>', 2, "8rem", labelled=False),
        Cell(prose(_dates(line.entry)), 3, "10rem"),
        Cell(_next_step(line), 4, "12rem"),
    ]


def _title(made: Request) -> str:
    card = catalog().datasets.get(made.dataset)
    return card.title if card else made.dataset


def _link(label: str, page: str, dataset: str) -> str:
    carried = choosing.parameters(**{one_dataset.PARAMETER: dataset})
    return blocks.page_link(label, menu.address(page), carried)


def _dates(made: Request) -> str:
    said = {
        "envoyée le": made.sent_on,
        "relancée le": made.reminded_on,
        "réponse le": made.answered_on,
        "réponse souhaitée d'ici le": None if made.answered_on else made.due_on,
    }
    parts = [f"{words} {french.day(day)}" for words, day in said.items() if day]
    return french.upper_first(" ; ".join(parts)) or "pas encore de date"


def _next_step(line: Line) -> str:
    """What to do next, as HTML."""
    made = line.entry
    if made.state in (OBTAINED, REFUSED):
        words = {OBTAINED: "Noter le statut de la donnée", REFUSED: "Noter le motif du refus"}
        noted = _link(words[made.state], "donnee", made.dataset)
        if made.state == REFUSED:
            return noted
        given = _link("Déposer le fichier reçu", "publier", made.dataset)
        return f"{given}<br>{noted}"
    if line.silent:
        said = "Un mois sans réponse : relancer, ou appeler. Si le motif reste inconnu, "
        link = _link("déclarer «\u00a0Motif à préciser\u00a0»", "donnee", made.dataset)
        return f"{prose(said)}{link} {prose('avec cette demande pour trace.')}"
    if line.remind:
        return prose("Relance prête à copier.")
    words = {
        TO_SEND: "Envoyer le message, puis noter la date.",
        SENT: "Laisser le temps de répondre.",
        ANSWERED: "Lire la réponse, puis noter l'issue.",
    }
    return prose(words[made.state])


# --- one request ---------------------------------------------------------------------------------


def _panel(store: Shelf, writing: Writing, board: Board) -> None:
    """What happened to one request: a new line each time, and all its lines."""
    lines = {line.entry.key: line for line in board.lines}
    options = sorted(lines, key=lambda key: lines[key].entry.state in (OBTAINED, REFUSED))
    asked = st.query_params.get(PARAMETER, "")
    key = st.selectbox(
        "Demande",
        options,
        index=options.index(asked) if asked in lines else 0,
        format_func=lambda one: _named(lines[one].entry),
    )
    made = lines[key].entry
    together = [line.entry for line in board.lines if _same_message(line.entry, made)]
    _happened(store, writing, made, together)
    if made.state != TO_SEND:
        with st.expander("Le message"):
            st.text(made.text or "Aucun texte gardé.")
    cards = _cards(together)
    if cards:
        with st.container(horizontal=True):
            request_form.attachments(writing, cards, made.text)
            request_form.mailer(made.contact, made.text)
    _history(store, writing, made)


def _named(made: Request) -> str:
    state = letters.STATES[made.state][1].lower()
    return f"{_title(made)} – {made.holder} ({state})"


def _same_message(one: Request, other: Request) -> bool:
    """Asked in one message to one holder, and at the same point since."""
    same = all(getattr(one, name) == getattr(other, name) for name in _OF_A_MESSAGE)
    return one.key == other.key or (bool(one.text) and same)


_OF_A_MESSAGE = ("text", "holder", "state", "sent_on", "reminded_on")


def _cards(made: Sequence[Request]) -> list[Dataset]:
    """The cards of requests, without a dataset that the reference no longer has."""
    known = catalog().datasets
    return [known[one.dataset] for one in made if one.dataset in known]


def _happened(store: Shelf, writing: Writing, made: Request, together: Sequence[Request]) -> None:
    """What to say of a request; by default of all those its message asked for at once."""
    steps = [*STEPS[made.state], *([TO_SEND] if made.state == TO_SEND else [])]
    words = {**HAPPENED, TO_SEND: "Rien encore : garder le texte modifié"}
    with st.form(f"suivi_{made.key}_{made.state}"):
        text = made.text
        if made.state == TO_SEND:
            text = st.text_area("Message", made.text, height=320, max_chars=request_form.LONGEST)
        left, right = st.columns(2)
        step = left.selectbox("Ce qui s'est passé", steps, format_func=words.__getitem__)
        day = right.date_input(
            "Le",
            writing.day,
            min_value=made.sent_on,
            max_value=writing.day,
            format="DD/MM/YYYY",
        )
        note = st.text_input("Note (gardée sur cet écran seulement)", made.note, max_chars=500)
        others = len(together) - 1
        every = others > 0 and st.checkbox(
            f"Noter aussi pour {french.plural(others, 'autre donnée', 'autres données')} du même "
            "message",
            value=made.state == TO_SEND,
        )
        if st.form_submit_button("Enregistrer", type="primary"):
            kept = [_written(one, text, note, made) for one in (together if every else [made])]
            told = f"{_title(made)} : {words[step].lower()}, noté."
            request_form.keep(store, writing.place, told, *(moved(one, step, day) for one in kept))


def _written(one: Request, text: str, note: str, shown: Request) -> Request:
    """The text as edited; the note where it was changed, so that no other is lost."""
    noted = letters.clean(note, 500)
    changed = one.key == shown.key or noted != shown.note
    return replace(one, text=letters.tidy(text), note=noted if changed else one.note)


def moved(made: Request, step: str, day: date) -> Request:
    """The request once something has happened to it on a day."""
    if step == TO_SEND:
        return made
    if step == SENT:
        return replace(made, state=SENT, sent_on=day)
    if step == REMINDED:
        return replace(made, reminded_on=day)
    return replace(made, state=step, answered_on=day)


def _history(store: Shelf, writing: Writing, made: Request) -> None:
    lines = entries.history(store, Request, writing.place.code, made.key)
    with st.expander(f"Historique ({french.plural(len(lines), 'ligne')})"):
        rows = [_past(line) for line in reversed(lines)]
        headers = ("Quand", "Par", "État", "Note")
        frame.html(blocks.table("Historique de la demande", headers, rows, frame.theme()))
        if len(lines) > 1 and st.button("Annuler la dernière saisie"):
            before = lines[-2].entry
            said = f"{_title(made)} : dernière saisie annulée, rien n'est effacé."
            request_form.keep(store, writing.place, said, before)


def _past(line: Kept[Request]) -> list[Cell]:
    made = line.entry
    symbol, word = letters.STATES[made.state]
    reminded = f", relancée le {french.day(made.reminded_on)}" if made.reminded_on else ""
    return [
        Cell(prose(french.day(line.recorded_at)), 2, "8rem"),
        Cell(prose(line.author or "sans nom"), 2, "8rem"),
        Cell(prose(f"{symbol} {word}{reminded}"), 3, "10rem"),
        Cell(prose(made.note or "aucune"), 3, "10rem"),
    ]


# --- reminders -----------------------------------------------------------------------------------


def _reminders(store: Shelf, writing: Writing, board: Board) -> None:
    if not board.reminders:
        st.write(
            "Aucune relance à faire aujourd'hui. Une relance se prépare quand la date souhaitée "
            "est passée (sans date, un mois après l'envoi), et pas plus d'une fois par quinzaine."
        )
        return
    sender = Sender(who.person().name or "")
    for made in _messages(board.reminders):
        _reminder(store, writing, made, sender)


def _messages(lines: Sequence[Line]) -> list[list[Request]]:
    """Requests by the message that asked for them: one reminder each."""
    groups: list[list[Request]] = []
    for made in (line.entry for line in lines if line.entry.dataset in catalog().datasets):
        group = next((group for group in groups if _same_message(group[0], made)), None)
        if group is None:
            groups.append([made])
        else:
            group.append(made)
    return groups


def _reminder(store: Shelf, writing: Writing, asked: Sequence[Request], sender: Sender) -> None:
    made = asked[0]
    what = _title(made) if len(asked) == 1 else french.plural(len(asked), "donnée")
    st.subheader(blocks.plain(f"{what} – {made.holder}"))
    frame.aside(_dates(made))
    text = writing.reminder(made, _cards(asked), writing.place, sender).text
    st.code(text, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        request_form.mailer(made.contact, text)
        noted = st.button("Noter la relance comme envoyée", key=f"relance_{made.key}")
    if noted:
        again = [moved(one, REMINDED, writing.day) for one in asked]
        request_form.keep(store, writing.place, f"{what} : relance notée.", *again)
