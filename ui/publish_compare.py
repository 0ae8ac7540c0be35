"""Publier, « Comparer »: the published files of several towns, side by side and put together."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from data import attachments, entries, territories
from data.entries import Publication
from data.reading import archives
from data.reading.reading import Unreadable
from data.records import Refused
from data.schemas import Schema
from data.territories import Territory, UnknownTerritory
from drawing import blocks, french
from drawing.blocks import Cell, prose
from ui import frame, keeping, uploading, who
from ui.publish_intake import MEGABYTES
from ui.publish_recognise import titles
from ui.publish_room import Room, shown_name
from ui.publish_work import Work, cached, key_of, standard

DATA, PACKAGE = "data.csv", "datapackage.json"
HEADERS = (
    "Commune",
    "Fichier",
    "Version",
    "Lignes",
    "Lignes justes",
    "Champs obligatoires absents",
)
COPY, INSIDE = "depot", "paquet"  # our own names for what is looked at
MOST_FILES = 60
SHOWN = 8  # repeated keys in view; the archive holds them all
_TOWN_IN_PACKAGE = re.compile(rb'"name"\s*:\s*"([0-9][0-9AB][0-9]{3})-')
_TOWN_COLUMN = re.compile(r"insee|code_?commune|com_?code")


@dataclass(frozen=True)
class Tools:
    """What computes, lent by the page (restitution.consolidated)."""

    sent: Callable[[str, Path, Schema], Any]  # (code, path, schema) -> Sent; raises `unreadable`
    files: Callable[[Sequence[Any], Schema], tuple[Any, dict[str, bytes]]]
    published: Callable[..., Any]  # diagnostics.consolidation.Sent
    unreadable: type[Exception]


def draw(room: Room, tools: Tools) -> None:
    """A standard, the files, their towns; then the comparison and what to take away."""
    st.write(
        "Les fichiers de plusieurs communes au même standard\u00a0: qui l'a, dans quelle version, "
        "avec combien de lignes justes, et un seul fichier pour tous. Rien n'est gardé ici."
    )
    if not who.internal():
        who.read_only()
        return
    folder = _standard()
    if not folder:
        return
    chosen = standard(folder)
    given = [*_published(room, tools, folder), *_dropped(tools, folder)]
    if not given:
        frame.aside("Déposez au moins un fichier pour voir la comparaison.")
        return
    made, files = cached(
        ("comparer", folder, [key for key, _ in given]),
        lambda: tools.files([one for _, one in given], chosen),
        heavy=True,
    )
    _answer(made)
    _take_away(folder, files)
    rows = [_row(one) for one in made.compared]
    frame.html(blocks.table("Comparaison des fichiers", HEADERS, rows, frame.theme()))
    _duplicates(made)


def _standard() -> str:
    """The folder name of the standard chosen; empty while there is none."""
    known = titles()
    picked = st.selectbox(
        "Standard",
        sorted(known, key=known.__getitem__),
        index=None,
        format_func=known.__getitem__,
        placeholder="Choisir un standard",
        key="comparer-standard",
    )
    return picked or ""


# --- files already published here ----------------------------------------------------------------


def _published(room: Room, tools: Tools, folder: str) -> list[tuple[str, Any]]:
    """The files of this standard whose package was written in this store, all kept to begin."""
    held = {
        made.key: Work(replace(room, place=territories.territory(code)), made)
        for code, made in _packages(room)
        if made.schema == folder
    }
    if not held:
        return []
    picked = st.multiselect(
        "Déjà publiés depuis ce poste",
        list(held),
        default=list(held),
        format_func=lambda key: _named(held[key]),
        placeholder="Choisir",
        key=f"comparer-publies-{folder}",
    )
    found = []
    for work in (held[key] for key in picked):
        try:
            table = work.table()
        except (Refused, Unreadable) as refused:
            keeping.refused(refused)
            continue
        code, version = work.room.place.code, standard(folder).version
        one = tools.published(code, work.name, table, version)
        found.append((key_of(work.key, code, work.shape()), one))
    return found


def _named(work: Work) -> str:
    return f"{work.room.place.name}, {shown_name(work.made)}"


def _packages(room: Room) -> list[tuple[str, Publication]]:
    """Those of the towns of the programme and of this one; read again when the store changes."""
    codes = [*(place.code for place in territories.acv_towns()), room.place.code]

    def read() -> list[tuple[str, Publication]]:
        return [
            (code, line.entry)
            for code in dict.fromkeys(codes)
            for line in entries.of(room.store, Publication, code)
            if line.entry.outcome.get("files") and not line.entry.withdrawn
        ]

    with st.spinner("Recherche des fichiers déjà publiés…"):
        return cached(("paquets", room.store.version, room.place.code), read)


# --- files dropped -------------------------------------------------------------------------------


def _dropped(tools: Tools, folder: str) -> list[tuple[str, Any]]:
    """The files that were handed over and whose town is known."""
    sent: Any = uploading.box(
        "Fichiers publiés\u00a0: CSV, ou paquets ZIP écrits par cette page "
        f"({MEGABYTES}\u00a0Mo au plus chacun)",
        "comparer-fichiers",
        MEGABYTES,
        several=True,
    )
    found = []
    for file in sent[:MOST_FILES]:
        called = attachments.safe_name(file.name)
        try:
            one, guess, digest = _looked_at(tools, folder, called, file.getvalue())
        except (tools.unreadable, Unreadable, Refused) as refused:
            st.error(blocks.plain(french.typeset(f"{called} : {_why(refused)}")))
            continue
        town = _town(file.file_id, called, guess)
        if town:
            found.append((key_of(digest, called, town.code), replace(one, territory=town.code)))
    if len(sent) > MOST_FILES:
        st.warning(f"{MOST_FILES} fichiers au plus à la fois\u00a0: les autres sont ignorés.")
    return found


def _why(refused: Exception) -> str:
    """The sentence alone: the name of the file is said before it, ours for it is not."""
    for ours in (COPY, INSIDE):
        said = str(refused)
        if said.startswith(ours):
            return said[len(ours) :].lstrip("\u00a0: ")
    return str(refused)


def _looked_at(tools: Tools, folder: str, called: str, content: bytes) -> tuple[Any, str, str]:
    """What a file holds, the code of its town, its digest; read once."""
    digest = hashlib.sha256(content).hexdigest()
    key = ("à comparer", folder, digest, called)
    one, guess = cached(key, lambda: opened(tools, folder, called, content))
    return one, guess, digest


def opened(tools: Tools, folder: str, called: str, content: bytes) -> tuple[Any, str]:
    """What a file holds and the code of its town, empty when nothing says it for sure."""
    wanted = standard(folder)
    with tempfile.TemporaryDirectory(prefix="acv-") as aside:
        path = Path(aside) / COPY
        path.write_bytes(content)
        said = ""
        if _is_package(content):
            inside = Path(aside) / INSIDE
            inside.mkdir()
            said = _unpacked(path, inside)
            path = inside
        one = replace(tools.sent("", path, wanted), file=called)
    return one, said or town_of(one.table)


def _is_package(content: bytes) -> bool:
    """A ZIP with data.csv at its root; a Shapefile in a ZIP is read as it is."""
    if not archives.is_archive(content[:4096]):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return DATA in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _unpacked(path: Path, folder: Path) -> str:
    """Copy the two files that are read, under our own names; the town that the package names."""
    with archives.Archive(path) as archive:
        archive.copy(DATA, folder / DATA)
        if PACKAGE not in archive.names:
            return ""
        body = archive.body(PACKAGE, 5_000_000)
    (folder / PACKAGE).write_bytes(body)
    found = _TOWN_IN_PACKAGE.search(body[:2000])
    return _commune(found[1].decode()) if found else ""


def town_of(table: Any) -> str:
    """The one commune that a column of INSEE codes names; empty when there are several."""
    named = [name for name in table.column_names if _TOWN_COLUMN.search(name.casefold())]
    found = {value for name in named for value in table.column(name).unique().to_pylist() if value}
    return _commune(str(found.pop())) if len(found) == 1 else ""


def _commune(code: str) -> str:
    try:
        place = territories.territory(code)
    except UnknownTerritory:
        return ""
    return place.code if place.level == "commune" else ""


def _town(key: str, called: str, guess: str) -> Territory | None:
    """The town of a file: the one that the file says, or the one that is typed."""
    widget = f"comparer-commune-{key}"
    st.session_state.setdefault(widget, guess)
    typed = st.text_input(
        f"Commune de «\u00a0{blocks.plain(called)}\u00a0» (nom ou code INSEE)",
        key=widget,
        max_chars=60,
    ).strip()
    place = commune(typed)
    if place:
        frame.aside(place.name if typed == place.code else f"{place.name}, {place.code}")
    elif typed:
        frame.aside("Plusieurs communes, ou aucune : donnez le code INSEE.")
    else:
        frame.aside("Le fichier ne dit pas sa commune : donnez-la pour qu'il soit compté.")
    return place


def commune(typed: str) -> Territory | None:
    """A commune by its code, or by a name that only one bears."""
    if not typed:
        return None
    if code := _commune(typed):
        return territories.territory(code)
    asked = territories.fold(typed)
    found = [
        place
        for place in territories.search(typed, 8)
        if place.level == "commune" and territories.fold(place.name) == asked
    ]
    return found[0] if len(found) == 1 else None


# --- what comes of it ----------------------------------------------------------------------------


def _answer(made: Any) -> None:
    """One sentence, the archive to take away, then a line a file."""
    st.header("Comparaison")
    fit = sum(one.valid for one in made.compared)
    count = len(made.compared)
    towns = len({one.territory for one in made.compared})
    frame.html(
        blocks.text(
            f"{french.plural(count, 'fichier')} de {french.plural(towns, 'commune')}, "
            f"{french.plural(made.table.num_rows, 'ligne')} : {fit} "
            f"{french.agree(fit, 'respecte', 'respectent')} le standard.",
            frame.theme(),
        )
    )


def _take_away(folder: str, files: Mapping[str, bytes]) -> None:
    st.download_button(
        "Télécharger la comparaison et le fichier commun (ZIP)",
        data=lambda: zipped(files),
        file_name=f"comparaison_{folder}.zip",
        mime="application/zip",
        type="primary",
        on_click="ignore",
        key="comparer-zip",
    )


def _row(one: Any) -> list[Cell]:
    missing = ", ".join(one.missing) or "aucun"
    share = one.share_valid_rows
    right = "aucune ligne" if share is None else french.percent(_floored(100 * share))
    return [
        Cell(prose(_name(one.territory)), 2, "8rem", labelled=False),
        Cell(prose(one.file), 3, "10rem"),
        Cell(prose(one.version or "non dite"), 1, "5rem"),
        Cell(french.number(one.rows), 1, "4rem"),
        Cell(prose(right), 1, "5rem"),
        Cell(prose(missing), 2, "9rem"),
    ]


def _floored(share: float) -> float:
    """A file with one error is not right at 100 %."""
    return min(share, 99.9) if share < 100 else share


def _name(code: str) -> str:
    return f"{territories.territory(code).name} ({code})"


def _duplicates(made: Any) -> None:
    keys = ", ".join(made.key) or "la ligne entière"
    if not made.duplicate_keys:
        st.write(f"Aucune ligne en double (d'après\u00a0: {blocks.plain(keys)}).")
        return
    count = french.plural(made.duplicate_keys, "clé répétée", "clés répétées")
    st.subheader(f"{french.upper_first(count)}")
    frame.aside(
        f"Clé : {keys}. Rien n'est retiré : chaque commune dit laquelle de ses lignes est juste."
    )
    lines = [_repeated(one) for one in made.duplicates[:SHOWN]]
    frame.html(blocks.texts(lines, frame.theme()))
    if made.duplicate_keys > SHOWN:
        frame.aside("Les autres sont dans « doublons.csv ».")


def _repeated(one: Any) -> str:
    where = [f"{file} ligne {french.number(line)}" for _, file, line in one.rows[:4]]
    more = "…" if len(one.rows) > 4 else ""
    return f"« {' | '.join(one.key)} » : {french.listed(where)}{more}"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in one archive."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()
