"""Every declaration on a dataset, newest first; the latest can be taken back by a new line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data import attachments, records
from data.catalog import Dataset, catalog
from data.records import Declaration, Refused
from data.store import Store, StoreError
from data.territories import Territory
from diagnostics.effects import Change
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import changed, frame, instruct, keeping, who
from ui.instruct import Effects

HEADERS = ("Date et auteur", "Déclaration", "Ce qui a été dit")
EXISTENCE = {
    "exists": "existe",
    "partial": "existe en partie",
    "not_produced": "n'est pas produite",
    "unknown": "existence inconnue",
}


def draw(
    card: Dataset, store: Store, place: Territory, key: str, effects: Effects | None = None
) -> None:
    """The history and its button; the team only. `key` is that of the form it takes back from."""
    st.header("Historique")
    if not who.internal():
        st.text("L'historique des déclarations n'est montré qu'à l'équipe du diagnostic.")
        return
    lines = store.declaration_history(place.code, card.id)
    if not lines:
        st.text("Aucune déclaration sur cette donnée pour ce territoire.")
        return
    rows = [_row(line, undone) for line, undone in reversed(with_undone(lines))]
    frame.html(blocks.table("Historique des déclarations", HEADERS, rows, frame.theme()))
    _papers(lines, store)
    if not lines[-1].withdrawn and st.button(
        "Annuler la dernière déclaration",
        key=f"{key}-annuler",
        help="Une nouvelle ligne redit ce qui valait avant\u00a0: rien n'est effacé.",
    ):
        _undo(lines[-1], store, place, key, effects)


def with_undone(lines: Sequence[Declaration]) -> list[tuple[Declaration, bool]]:
    """Each line, oldest first, and whether the next one takes it back."""
    following = [*lines[1:], None]
    return [
        (line, after is not None and is_undo(after))
        for line, after in zip(lines, following, strict=True)
    ]


def is_undo(line: Declaration) -> bool:
    """Written by « annuler »: it names the line it takes back."""
    return line.undoes is not None


def said(line: Declaration) -> list[str]:
    """What a declaration says besides its status, one sentence each."""
    words = catalog().statuses
    traces = {row["code"]: row["label"] for row in words["traces"]}
    substitutes = {row["code"]: row["label"] for row in words["substitutes"]}
    reasons = {
        row["code"]: row["label"]
        for status in words["access_statuses"]
        for row in status.get("reasons", ())
    }
    asked = f", le {french.day(line.asked_on)}" if line.asked_on else ""
    pairs = {
        "Raison": " ; ".join(filter(None, (reasons.get(line.reason_code or ""), line.reason))),
        "Texte": line.legal_ground,
        "Trace": f"{traces.get(line.trace, line.trace)}{asked}" if line.trace else None,
        "À la place": substitutes.get(line.substitute or "", line.substitute),
        "Détenteur": line.holder,
        "Contact": line.contact,
        "Pièce": line.evidence,
        "Lien": line.url,
        "Fichier": attachments.shown_name(line.file),
        "Note": line.note,
    }
    taken_back = ["Annule la déclaration précédente\u00a0: redit ce qui valait avant."]
    undone = taken_back if is_undo(line) else []
    return [*undone, *(f"{label}\u00a0: {words}" for label, words in pairs.items() if words)]


def _row(line: Declaration, undone: bool) -> list[Cell]:
    theme = frame.theme()
    author = line.author or "auteur non dit"
    struck = "text-decoration:line-through" if undone else ""
    when = f"<strong>{prose(french.day(line.recorded_at))}</strong><br>{prose(author)}"
    return [
        Cell(when, 2, "9rem", labelled=False),
        Cell(f'<span style="{struck}">{_status(line)}</span>' + _undone(undone), 3, "11rem"),
        Cell(f'<div style="font-size:.92rem">{blocks.texts(said(line), theme)}</div>', 5, "14rem"),
    ]


def _undone(undone: bool) -> str:
    return f"<br>{prose('annulée ensuite')}" if undone else ""


def _status(line: Declaration) -> str:
    if line.withdrawn:
        return prose("Plus aucune déclaration")
    sign = signs.need_sign(line.status or "", line.existence)
    existence = EXISTENCE.get(line.existence, line.existence)
    return f"{blocks.mark(sign, frame.theme())}<br>{prose(existence)}"


def _papers(lines: Sequence[Declaration], store: Store) -> None:
    """The files handed over, each once, to download."""
    kept = dict.fromkeys(line.file for line in reversed(lines) if line.file)
    for number, file in enumerate(kept):
        name = attachments.shown_name(file)
        content = attachments.read(store, file)
        if name is None or content is None:
            st.text(f"Pièce introuvable sur ce poste\u00a0: {name or 'nom illisible'}")
            continue
        st.download_button(
            f"Télécharger la pièce\u00a0: {blocks.plain(name)}",
            content,
            file_name=name,
            mime="application/octet-stream",  # never opened by the browser itself
            on_click="ignore",
            key=f"piece-{number}-{file}",
        )


def _undo(
    seen: Declaration, store: Store, place: Territory, key: str, effects: Effects | None
) -> None:
    try:
        found = _taken_back(seen, store, place, effects)
    except (Refused, StoreError) as refused:
        keeping.refused(refused)
        return
    changed.keep(
        key, "Dernière déclaration annulée\u00a0: ce qui valait avant vaut de nouveau.", found
    )
    instruct.start_again(key)
    st.rerun()


def _taken_back(
    seen: Declaration, store: Store, place: Territory, effects: Effects | None
) -> Sequence[Change]:
    def write() -> None:
        records.undo(store, who.person(), place.code, seen.dataset, expected=seen.id)

    if effects:
        return effects([seen.dataset], write)
    write()
    return ()
