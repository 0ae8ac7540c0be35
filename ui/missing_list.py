"""Données manquantes: what, who holds it, why it matters, what it unlocks, effort, next step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from data.catalog import catalog
from data.cells import XLSX
from diagnostics.missing import MissingData
from drawing import blocks, french, paths, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, menu

FIRST = 10  # lines shown before « tout afficher »
EVERY = "Tous les projets"
HEADERS = ("Donnée", "Détenteur", "Pourquoi elle compte", "Effort et gain", "Prochain pas")


def introduction(missing: Sequence[MissingData]) -> None:
    """How many lack, and how each lack is known."""
    if not missing:
        st.write("Aucune donnée ne manque parmi celles qui ont été vérifiées.")
        return
    st.write(
        f"**{french.plural(len(missing), 'donnée')}**\u00a0: {paths.lacks(missing)}. En tête, "
        "celles qui suffiraient à débloquer un projet."
    )


def downloads(
    as_csv: Callable[[], bytes], as_xlsx: Callable[[], bytes], names: Sequence[str]
) -> None:
    """The list as CSV and XLSX, written when asked for."""
    kinds = ("text/csv", XLSX)
    with st.container(horizontal=True):
        for label, made, name, mime in zip(
            ("Télécharger (CSV)", "Télécharger (XLSX)"),
            (as_csv, as_xlsx),
            names,
            kinds,
            strict=True,
        ):
            st.download_button(label, made, file_name=name, mime=mime, on_click="ignore")


def of_project(missing: Sequence[MissingData]) -> list[MissingData]:
    """The lines of the project the address names, or all; changing it changes the address."""
    if not missing:
        return []
    titles = {one: made.title for one, made in catalog().experiments.items()}
    options = ["", *titles]
    named = frame.experience()
    picked = st.selectbox(
        "Projet",
        options,
        index=options.index(named.id) if named else 0,
        format_func=lambda key: titles.get(key, EVERY),
    )
    if picked != st.query_params.get(choosing.EXPERIMENT, ""):
        choosing.pick_experiment(picked)
    kept = [
        line for line in missing if not picked or picked in {use.experiment for use in line.uses}
    ]
    if not kept:
        st.write("Rien ne manque à ce projet parmi ce qui a été vérifié ou supposé.")
    return kept


def ranked(missing: Sequence[MissingData], planned: Collection[str] | None = None) -> None:
    """The list in its order, or the same by holder in one touch.

    `planned`: datasets of the team's plan; None for someone who may not write in it.
    """
    if not missing:
        return
    if st.toggle("Grouper par détenteur"):
        for holder, lines in _by_holder(missing).items():
            st.header(f"{blocks.plain(holder)} ({len(lines)})")
            frame.html(_table(lines, f"Données que détient {holder}", planned))
        return
    everything = len(missing) <= FIRST or st.toggle(f"Afficher les {len(missing)} lignes")
    shown = missing if everything else missing[:FIRST]
    frame.html(_table(shown, "Données manquantes", planned))


def _by_holder(missing: Sequence[MissingData]) -> dict[str, list[MissingData]]:
    groups: dict[str, list[MissingData]] = {}
    for line in missing:
        groups.setdefault(line.holder, []).append(line)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _table(lines: Sequence[MissingData], name: str, planned: Collection[str] | None) -> str:
    return blocks.table(name, HEADERS, [_row(line, planned) for line in lines], frame.theme())


def _row(line: MissingData, planned: Collection[str] | None) -> list[Cell]:
    return [
        Cell(_what(line), 4, "10rem", labelled=False),
        Cell(prose(line.holder), 3, "7rem"),
        Cell(prose(paths.why(line)), 4, "10rem"),
        Cell(_effort(line), 3, "6rem"),
        Cell(_next(line, planned), 5, "11rem"),
    ]


def _what(line: MissingData) -> str:
    theme = frame.theme()
    page = blocks.page_link(
        line.title, menu.address("donnee"), choosing.parameters(jeu=line.dataset)
    )
    sign = signs.need_sign(line.status, line.existence)
    when = french.readable_day(line.as_of) if line.as_of else None
    mark = blocks.mark(sign, theme, line.provenance, when)
    return f'{page}<br><span style="font-size:.88rem">{mark}</span>'


def _effort(line: MissingData) -> str:
    return small(prose(signs.EFFORTS[line.effort]), paths.gain(line.gain.low, line.gain.high))


def small(shown: str, words: str) -> str:
    """HTML with quiet words under it."""
    muted = signs.MUTED[frame.theme()]
    return f'{shown}<br><span style="font-size:.86rem;color:{muted}">{prose(words)}</span>'


def _next(line: MissingData, planned: Collection[str] | None) -> str:
    said = f'<span style="font-size:.9rem">{prose(line.next_step)}</span>'
    standard = line.standard_title or line.standard
    if standard:
        said = small(said, f"Standard : {standard}")
    return said + _to_plan(line, planned)


def _to_plan(line: MissingData, planned: Collection[str] | None) -> str:
    if planned is None:
        return ""
    if line.dataset in planned:
        return f'<br><span style="font-size:.86rem">{prose("✓ Dans le plan")}</span>'
    here = menu.address("donnees_manquantes")
    link = blocks.page_link("Ajouter au plan", here, choosing.parameters(jeu=line.dataset))
    return f'<br><span style="font-size:.86rem">{link}</span>'
