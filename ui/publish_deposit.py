"""Publier, step 1: the file is handed over, what it is, which sheet, which service sent it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO

import streamlit as st

from data.catalog import catalog
from data.entries import Kept, Publication
from data.records import Refused
from data.territories import FICTIONAL_TOWN
from drawing import blocks, french
from ui import choosing, frame, keeping, menu, publish_example, uploading
from ui import publish_room as rooms
from ui.publish_intake import MEGABYTES, Persons, taken
from ui.publish_room import SAID, STEPS, Room, shown_name
from ui.publish_steps import onward, withdraw
from ui.publish_words import delimiter, encoding
from ui.publish_work import Work

SEEN = "publier-vu"  # the file last looked at in this session, and why it was refused
LABEL = (
    "Le fichier, tel qu'il a été envoyé\u00a0: CSV, Excel, ODS, GeoJSON, Shapefile dans un ZIP, "
    f"GPKG ({MEGABYTES}\u00a0Mo au plus). Il reste sur ce poste."
)
TOGETHER = ""  # no sheet is asked for: the reader takes the right one, or joins the yearly ones
PERSONS_TO_DO = "Rien n'a été gardé. Demandez au service un nombre par rue ou par quartier."
WHAT_TO_DO = (
    "Rien n'a été gardé. Demandez le fichier au service dans un de ces formats, ou enregistrez-le "
    "de nouveau depuis le logiciel d'origine."
)


def draw(room: Room) -> None:
    """No file is chosen: hand one over, take up another, or try with an invented one."""
    _waiting(room)
    st.header(f"Étape 1 sur 6\u00a0: {STEPS[1].lower()}")
    _box(room, "publier-depot", LABEL, lambda kept: _begin(room, kept))
    _example(room)


def step(work: Work) -> None:
    """The file is there: what it is, its sheet, who sent it."""
    found = work.reading()
    if found.refused:
        st.error(blocks.plain(french.typeset(found.refused)))
    else:
        frame.html(blocks.texts(_what(work), frame.theme()))
    _sheet(work)
    key = rooms.follow(f"publier-service-{work.key}", work.made.producer)
    st.text_input(
        "Service ou organisme qui l'a envoyé (jamais une personne)",
        max_chars=120,
        placeholder="Espaces verts",
        key=key,
        on_change=lambda: work.put(producer=st.session_state[key].strip()),
    )
    onward(work, 2, "Continuer\u00a0: relire", disabled=bool(found.refused))
    with st.expander("Remplacer par un fichier corrigé, ou retirer ce fichier"):
        _box(
            work.room,
            f"publier-remplacer-{work.key}",
            "Le fichier corrigé\u00a0: vos choix (standard, colonnes, fiche) restent",
            lambda kept: _replace(work, kept),
        )
        st.button(
            "Retirer de la liste des fichiers en cours",
            on_click=withdraw,
            args=(work,),
            key="publier-retirer",
        )


# --- handing over ----------------------------------------------------------------------------


def _box(room: Room, key: str, label: str, done: Callable[[str], None]) -> None:
    """The box, and what was wrong with the file it holds."""
    turn = st.session_state.get(f"{key}-tour", 0)
    sent: Any = uploading.box(label, f"{key}-{turn}", MEGABYTES)
    if sent is None:
        return
    seen: tuple[str, str | None, bool] = st.session_state.get(SEEN, ("", None, False))
    if seen[0] != sent.file_id:
        refusal = _taken(room, sent.name, sent, done, key)
        st.session_state[SEEN] = seen = (sent.file_id, *refusal)
    if seen[1]:
        st.error(seen[1])
        frame.aside(PERSONS_TO_DO if seen[2] else WHAT_TO_DO)


def _taken(
    room: Room, name: str, content: BinaryIO, done: Callable[[str], None], key: str
) -> tuple[str, bool]:
    """Keep it and go on; or the sentence that says why it cannot be kept, and if for persons."""
    try:
        kept = taken(room, name, content)
    except Refused as refused:
        return keeping.why(refused), isinstance(refused, Persons)
    st.session_state[f"{key}-tour"] = st.session_state.get(f"{key}-tour", 0) + 1
    done(kept)
    st.rerun()


def _begin(room: Room, kept: str) -> None:
    """A file on its way, or the same one where it was left."""
    there = next((line.entry for line in room.files() if line.entry.file == kept), None)
    if there:
        st.session_state[SAID] = "Ce fichier était déjà là\u00a0: le voici où il a été laissé."
        rooms.open_file(there.key)
        return
    asked = st.query_params.get("jeu", "")
    made = Publication(kept, dataset=asked if asked in catalog().datasets else "")
    if room.keep(made):
        st.query_params.pop("jeu", None)  # said of this file: the next one may be something else
        rooms.open_file(made.key)


def _replace(work: Work, kept: str) -> None:
    work.change("Fichier remplacé\u00a0: relisez-le.", file=kept, sheet="", step=1)


def _example(room: Room) -> None:
    """An invented file in the invented town; from another one, the way to it."""
    if not room.place.fictional:
        address = menu.address("publier")
        link = blocks.page_link(
            "essayez à Castelvoire, ville fictive", address, {choosing.PARAMETER: FICTIONAL_TOWN}
        )
        frame.html(f'<p style="font-size:.92rem;margin:.2rem 0">Pour voir sans risque, {link}.</p>')
        return
    if st.button("Essayer avec un fichier d'exemple (FICTIF)", key="publier-exemple"):
        content = io.BytesIO(publish_example.body())
        refused = _taken(
            room, publish_example.NAME, content, lambda kept: _begin(room, kept), "publier-depot"
        )
        st.error(refused[0])


def _waiting(room: Room) -> None:
    """Files begun before: each is where it was left."""
    files = room.files()
    if not files:
        return
    st.header("Reprendre")
    for line in files:
        st.button(
            _resume(line),
            on_click=rooms.open_file,
            args=(line.entry.key,),
            key=f"publier-reprendre-{line.entry.key}",
        )


def _resume(line: Kept[Publication]) -> str:
    made = line.entry
    done = "publié" if made.outcome.get("pushed") else f"étape {made.step}"
    by = f", par {line.author}" if line.author else ""
    told = f"Reprendre : {shown_name(made)}, {done} ({french.day(line.recorded_at)}{by})"
    return blocks.plain(french.typeset(told))


# --- what it is ------------------------------------------------------------------------------


def _what(work: Work) -> list[str]:
    found = work.reading()
    size = (
        f"{french.plural(found.table.num_rows, 'ligne')} et "
        f"{french.plural(len(found.columns), 'colonne')}"
    )
    said = [f"{_kind(work)}\u00a0: {size}."]
    if found.header_row and found.header_row > 1:
        said.append(f"Les noms de colonne sont à la ligne {found.header_row} du fichier.")
    if found.header_row is None and "no_header" in found.flags:
        said.append("Aucune ligne ne nomme les colonnes.")
    return said


def _kind(work: Work) -> str:
    found = work.reading()
    if found.delimiter:
        return f"Texte en {encoding(found.encoding)}, séparé par {delimiter(found.delimiter)}"
    if found.sheet and found.sheet not in found.sheets and not found.refused:
        return f"Classeur, feuilles «\u00a0{found.sheet}\u00a0» mises bout à bout"
    if found.sheet:
        count = len(found.sheets)
        more = f" (sur {count} feuilles)" if count > 1 else ""
        return f"Classeur, feuille «\u00a0{found.sheet}\u00a0»{more}"
    return "Fichier de données géographiques" if found.encoding is None else "Texte"


def _sheet(work: Work) -> None:
    sheets = list(work.reading().sheets)
    if len(sheets) < 2:
        return
    read = work.reading().sheet
    # Sheets of the same columns, one a year, are read one after the other.
    joined = not work.made.sheet and read not in sheets
    options = [TOGETHER, *sheets] if joined or work.made.sheet else sheets
    now = TOGETHER if joined else work.made.sheet or read
    key = rooms.follow(f"publier-feuille-{work.key}", now if now in options else options[0])
    st.selectbox(
        "Feuille à lire",
        options,
        format_func=lambda name: name or (f"{read}, ensemble" if joined else "Celle qui convient"),
        key=key,
        on_change=lambda: work.put(sheet=st.session_state[key], refused=[], step=1),
    )
