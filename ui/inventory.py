"""The inventory on screen: what is known of each dataset, and filling many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from data.catalog import catalog
from data.cells import XLSX
from data.inventory_words import inventory_datasets
from data.records import Declaration
from data.store import Store
from data.territories import Territory
from diagnostics.inventory_lines import InventoryLine
from drawing import blocks, french, mentions, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, instruct, menu, who
from ui.instruct import Effects

FIRST = 10  # lines shown before « tout afficher »
RECENT = 20  # declarations listed
KEY = "inventaire"


def declared(store: Store, place: Territory) -> dict[str, Declaration]:
    """What was declared, for those who may read who said it; else nothing."""
    return store.declarations(place.code) if who.internal() else {}


def introduction(lines: Sequence[InventoryLine]) -> None:
    """How many datasets, and how each is known."""
    counts = {code: sum(line.provenance == code for line in lines) for code in signs.PROVENANCES}
    words = {
        "declared": ("déclarée", "déclarées"),
        "observed": ("constatée", "constatées"),
        "assumed": ("seulement supposée", "seulement supposées"),
    }
    told = [french.plural(counts[code], *said) for code, said in words.items() if counts[code]]
    st.write(f"**{french.plural(len(lines), 'donnée')}**\u00a0: {french.listed(told)}.")


# --- filters and table -----------------------------------------------------------------------


def chosen(lines: Sequence[InventoryLine]) -> list[InventoryLine]:
    """The lines that the four filters keep; without a filter, all of them."""
    left, right = st.columns(2)
    with left:
        holders = _filter("Service ou détenteur", {line.holder: line.holder for line in lines})
        statuses = _filter(
            "Statut", {_sign(line).code: _sign(line).word for line in lines}, _BY_SIGN
        )
    with right:
        families = _filter("Famille", {line.family: line.family_label for line in lines})
        projects = _filter("Projet", {use.experiment: use.title for x in lines for use in x.uses})
    return [
        line
        for line in lines
        if (not holders or line.holder in holders)
        and (not families or line.family in families)
        and (not statuses or _sign(line).code in statuses)
        and (not projects or any(use.experiment in projects for use in line.uses))
    ]


_BY_SIGN = tuple(signs.STATUSES)


def _filter(label: str, words: Mapping[str, str], order: Sequence[str] = ()) -> list[str]:
    options = [key for key in order if key in words] or sorted(words, key=words.__getitem__)
    return st.multiselect(
        label,
        options,
        format_func=lambda key: blocks.plain(words[key]),
        placeholder="Sans filtre",
        key=f"{KEY}-{label}",
        select_all=False,
    )


def _sign(line: InventoryLine) -> signs.Sign:
    return signs.need_sign(line.status, line.existence)


def table(shown: Sequence[InventoryLine]) -> None:
    """One line per dataset: title, status and how it is known, holder, projects."""
    if not shown:
        st.text("Aucune donnée ne répond à ces filtres.")
        return
    few = len(shown) <= FIRST
    everything = few or st.toggle(f"Afficher les {len(shown)} lignes", key=f"{KEY}-tout")
    kept = shown if everything else shown[:FIRST]
    headers = ("Donnée", "Statut", "Détenteur", "Projets servis")
    rows = [_row(line) for line in kept]
    frame.html(blocks.table("Inventaire des données", headers, rows, frame.theme()))


def _row(line: InventoryLine) -> list[Cell]:
    page = menu.address("donnee")
    title = blocks.page_link(line.title, page, choosing.parameters(jeu=line.dataset))
    when = french.readable_day(line.as_of) if line.as_of else None
    mark = blocks.mark(_sign(line), frame.theme(), line.provenance, when)
    return [
        Cell(title, 4, "11rem", labelled=False),
        Cell(mark + _by(line.declaration), 4, "12rem"),
        Cell(prose(line.holder), 3, "8rem"),
        Cell(prose(_served(line)), 2, "7rem"),
    ]


def _by(made: Declaration | None) -> str:
    """Who declared it; only those who may know are given declarations."""
    author = f"par {made.author}" if made and made.author else ""
    return f'<br><span style="font-size:.88rem">{prose(author)}</span>' if author else ""


def _served(line: InventoryLine) -> str:
    needed = f", indispensable à {line.indispensable}" if line.indispensable else ""
    return (french.plural(len(line.uses), "projet") + needed) if line.uses else "Aucun projet"


def _said(made: Declaration) -> str:
    return f"{french.day(made.recorded_at)}, {made.author or 'auteur non dit'}"


# --- several at once -------------------------------------------------------------------------


def several(
    shown: Sequence[InventoryLine], store: Store, place: Territory, effects: Effects
) -> None:
    """The same answer for several datasets: those of the filters, chosen one by one or all."""
    st.header("Renseigner plusieurs données d'un coup")
    titles = {line.dataset: line.title for line in shown}
    key = f"{KEY}-choix"
    kept = [one for one in st.session_state.get(key, ()) if one in titles]
    st.session_state[key] = kept  # a choice that the filters hide is given up, and seen to be
    if 1 < len(titles) < len(inventory_datasets()):
        st.button(
            f"Choisir les {len(titles)} données filtrées",
            on_click=_choose,
            args=(key, list(titles)),
            disabled=len(titles) == len(kept),
        )
    picked = st.multiselect(
        "Données (les filtres du haut réduisent cette liste)",
        list(titles),
        format_func=lambda one: blocks.plain(titles[one]),
        placeholder="Choisir des données",
        key=key,
        select_all=False,
    )
    cards = [catalog().datasets[one] for one in picked]
    instruct.form(cards, store, place, f"{KEY}-plusieurs", effects)


def _choose(key: str, datasets: list[str]) -> None:
    st.session_state[key] = datasets


# --- export ----------------------------------------------------------------------------------


def exports(
    lines: Sequence[InventoryLine],
    shown: Sequence[InventoryLine],
    as_xlsx: Callable[[Sequence[InventoryLine]], bytes],
    file_name: Callable[[str], str],
) -> None:
    """The workbook to send to services: everything, or what the filters keep."""
    st.header("Faire remplir par les services")
    st.write(
        "Le tableur s'ouvre avec les réponses déjà connues et des listes de choix. Filtrez par "
        "service en haut de la page pour n'envoyer à chacun que ses données."
    )
    with st.container(horizontal=True):
        _download(f"Tout l'inventaire ({len(lines)})", lines, as_xlsx, file_name(""), "tout")
        if 0 < len(shown) < len(lines):
            label = f"Les {french.plural(len(shown), 'donnée filtrée', 'données filtrées')}"
            _download(label, shown, as_xlsx, file_name(_part(shown)), "filtre")
    frame.aside(f"{mentions.INTERNAL}\u00a0: il contient ce qui a été déclaré.")


def _part(shown: Iterable[InventoryLine]) -> str:
    """The service named in the file's name, when there is only one."""
    holders = {line.holder for line in shown}
    return holders.pop() if len(holders) == 1 else "selection"


def _download(
    label: str,
    lines: Sequence[InventoryLine],
    as_xlsx: Callable[[Sequence[InventoryLine]], bytes],
    name: str,
    key: str,
) -> None:
    st.download_button(
        f"{label}, en XLSX",
        lambda: as_xlsx(lines),
        file_name=name,
        mime=XLSX,
        on_click="ignore",
        key=f"{KEY}-xlsx-{key}",
    )


# --- history ---------------------------------------------------------------------------------


def history(store: Store, place: Territory) -> None:
    """The last declarations of the territory, newest first; internal."""
    lines = store.declaration_history(place.code)[-RECENT:]
    st.header("Dernières déclarations")
    if not lines:
        st.text("Aucune déclaration pour ce territoire.")
        return
    rows = [_past(line) for line in reversed(lines)]
    headers = ("Donnée", "Déclaration", "Date et auteur")
    frame.html(blocks.table("Dernières déclarations", headers, rows, frame.theme()))


def _past(line: Declaration) -> list[Cell]:
    card = catalog().datasets.get(line.dataset)
    page = menu.address("donnee")
    link = blocks.page_link(
        card.title if card else line.dataset, page, choosing.parameters(jeu=line.dataset)
    )
    sign = signs.need_sign(line.status or "", line.existence)
    mark = blocks.mark(sign, frame.theme())
    said = prose("Déclaration retirée") if line.withdrawn else mark
    return [
        Cell(link, 4, "11rem", labelled=False),
        Cell(said, 3, "9rem"),
        Cell(prose(_said(line)), 3, "10rem"),
    ]


def for_readers() -> None:
    """The rest is for those who may write: one sentence for the others, then nothing."""
    if not who.internal():
        who.read_only()
        st.stop()
