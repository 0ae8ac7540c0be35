"""Données manquantes: what, who holds it, why it matters, what it unlocks, effort, next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.missing import MissingData
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, menu

FIRST = 10  # lines shown before « tout afficher »
HEADERS = ("Donnée", "Détenteur", "Pourquoi elle compte", "Effort", "Prochain pas")


def introduction(missing: Sequence[MissingData]) -> None:
    """How many lack, and how each lack is known."""
    if not missing:
        st.write("Aucune donnée ne manque parmi celles qui ont été vérifiées.")
        return
    kinds = {kind: sum(line.certainty == kind for line in missing) for kind in signs.CERTAINTIES}
    words = {
        "established": ("manque établi", "manques établis"),
        "supposed": ("manque supposé", "manques supposés"),
        "to_ask": ("à demander", "à demander"),
    }
    parts = [french.plural(count, *words[kind]) for kind, count in kinds.items() if count]
    st.write(
        f"**{french.plural(len(missing), 'donnée')}**\u00a0: {french.listed(parts)}. En tête, "
        "celles qui suffiraient à débloquer un projet."
    )


def downloads(
    as_csv: Callable[[], bytes], as_xlsx: Callable[[], bytes], names: Sequence[str]
) -> None:
    """The list as CSV and XLSX, written when asked for."""
    kinds = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    with st.container(horizontal=True):
        for label, made, name, mime in zip(
            ("Télécharger (CSV)", "Télécharger (XLSX)"),
            (as_csv, as_xlsx),
            names,
            kinds,
            strict=True,
        ):
            st.download_button(label, made, file_name=name, mime=mime, on_click="ignore")


def ranked(missing: Sequence[MissingData]) -> None:
    """The list in its order, or the same by holder in one touch."""
    if not missing:
        return
    if st.toggle("Grouper par détenteur"):
        for holder, lines in _by_holder(missing).items():
            st.header(f"{blocks.plain(holder)} ({len(lines)})")
            frame.html(_table(lines, f"Données que détient {holder}"))
        return
    everything = len(missing) <= FIRST or st.toggle(f"Afficher les {len(missing)} lignes")
    frame.html(_table(missing if everything else missing[:FIRST], "Données manquantes"))


def _by_holder(missing: Sequence[MissingData]) -> dict[str, list[MissingData]]:
    groups: dict[str, list[MissingData]] = {}
    for line in missing:
        groups.setdefault(line.holder, []).append(line)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _table(lines: Sequence[MissingData], name: str) -> str:
    return blocks.table(name, HEADERS, [_row(line) for line in lines], frame.theme())


def _row(line: MissingData) -> list[Cell]:
    return [
        Cell(_what(line), 4, "10rem", labelled=False),
        Cell(prose(line.holder), 3, "7rem"),
        Cell(prose(_why(line)), 4, "10rem"),
        Cell(prose(signs.EFFORTS[line.effort]), 2, "5rem"),
        Cell(f'<span style="font-size:.9rem">{prose(line.next_step)}</span>', 5, "11rem"),
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


def _why(line: MissingData) -> str:
    weights = signs.weights([use.criticality for use in line.uses])
    said = f"Sert {french.plural(len(line.uses), 'projet')} ({weights})."
    if line.unlocks:
        titles = [catalog().experiments[one].title for one in line.unlocks]
        said += f" Débloquerait\u00a0: {french.listed(titles)}."
    elif line.blocks:
        said += f" Retient {french.plural(len(line.blocks), 'projet')}, avec d'autres."
    return said
