"""Publier: the file on the right, in its present form, what changed marked in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pyarrow as pa

from data.reading.reading import Reading, Repair
from drawing import french, signs
from drawing.blocks import prose
from ui import frame
from ui.publish_work import Work

ROWS, COLUMNS = 50, 40
LONGEST = 60  # characters of a cell
CHANGED, WRONG = "✎", "✕"
TYPES = {
    "string": "texte",
    "number": "nombre",
    "integer": "entier",
    "boolean": "oui ou non",
    "date": "date",
    "datetime": "date et heure",
    "time": "heure",
    "year": "année",
    "yearmonth": "mois",
    "geopoint": "point",
    "any": "tout",
}

Marks = Mapping[tuple[int, str], str]  # (row 1-based, column) -> what was there before


@dataclass(frozen=True)
class View:
    """A table to show, its marks, and a word under each header."""

    caption: str
    table: pa.Table
    under: Mapping[str, str]
    changed: Marks
    wrong: frozenset[tuple[int, str]] = frozenset()


def draw(work: Work, step: int) -> None:
    """The file as it stands at this step."""
    view = as_read(work) if step < 4 else as_published(work, checked=step == 4)
    frame.html(_heading(view))
    frame.html(_table(view, frame.theme()))
    frame.html(_legend(view))


# --- views -----------------------------------------------------------------------------------


def as_read(work: Work) -> View:
    """What was read of the file, repaired."""
    found = work.reading()
    types = {column.name: TYPES.get(column.type, column.type) for column in found.columns}
    return View("Le fichier, tel qu'il est lu", found.table, types, marks(found))


def as_published(work: Work, *, checked: bool) -> View:
    """What would be published, with the cells in error when they are being looked at."""
    if not any(work.fields().values()) and not any(work.transforms().values()):
        return as_read(work)
    table, found = work.table(), work.wanted()
    sources = {field: name for name, field in work.fields().items() if field}
    read = marks(found)
    names = set(table.column_names)
    moved = {
        (row, field): before
        for field, name in sources.items()
        if field in names
        for (row, column), before in read.items()
        if column == name
    }
    wrong = _wrong(work) if checked else _NONE
    table = table.select(_wrong_first(table.column_names, wrong))
    under = {field: _from(field, sources.get(field), work) for field in table.column_names}
    return View("Le fichier, tel qu'il sera publié", table, under, moved, wrong)


def _wrong_first(names: Sequence[str], wrong: frozenset[tuple[int, str]]) -> list[str]:
    """The columns to mend, that a narrow view would hide, then the others in their order."""
    bad = {field for _, field in wrong}
    return sorted(names, key=lambda name: name not in bad)


_NONE: frozenset[tuple[int, str]] = frozenset()


def _from(field: str, name: str | None, work: Work) -> str:
    moved = work.conversions().get(field)
    unit = f", de {moved.given} en {moved.wanted}" if moved else ""
    if name:
        return f"même nom{unit}" if name == field else f"de «\u00a0{name}\u00a0»{unit}"
    constant = field in work.transforms().get("constants", {})
    return "même valeur partout" if constant else "composée"


def _wrong(work: Work) -> frozenset[tuple[int, str]]:
    verdict = work.verdict()
    if verdict is None:
        return _NONE
    return frozenset(
        (row, issue.field) for issue in verdict.errors if issue.field for row in issue.rows
    )


def marks(found: Reading) -> dict[tuple[int, str], str]:
    """The cells of the first rows that a repair changed, with what was there before.

    A repair names its first rows only: one that changed every value of a column marks them all.
    """
    nulls = {column.name: column.nulls for column in found.columns}
    made: dict[tuple[int, str], str] = {}
    for repair in found.repairs:
        if repair.column in nulls:
            filled = found.table.num_rows - nulls[repair.column]
            made |= _marked(repair, found.table.num_rows, filled)
    return made


def _marked(repair: Repair, rows: int, filled: int) -> dict[tuple[int, str], str]:
    column = str(repair.column)
    shown: Iterable[int] = repair.rows
    if filled and repair.count >= filled:
        shown = range(1, min(rows, ROWS) + 1)
    before = {row: was for row, was, _ in repair.examples if row}
    return {(row, column): before.get(row, "") for row in shown if row <= ROWS}


# --- drawing ---------------------------------------------------------------------------------


def _heading(view: View) -> str:
    size = (
        f"{french.plural(view.table.num_rows, 'ligne')}, "
        f"{french.plural(view.table.num_columns, 'colonne')}"
    )
    muted = signs.MUTED[frame.theme()]
    return (
        f'<p style="margin:0"><strong>{prose(view.caption)}</strong><br>'
        f'<span style="font-size:.86rem;color:{muted}">{size}{_shown(view)}</span></p>'
    )


def _shown(view: View) -> str:
    parts = []
    if view.table.num_rows > ROWS:
        parts.append(f"les {ROWS} premières lignes")
    if view.table.num_columns > COLUMNS:
        parts.append(f"les {COLUMNS} premières colonnes")
    return f"\u00a0; ici {french.listed(parts)}" if parts else ""


def _legend(view: View) -> str:
    said = []
    if view.changed:
        said.append(f"{CHANGED} cellule réparée (avant et après\u00a0: étape 2)")
    if view.wrong:
        said.append(f"{WRONG} cellule en erreur (ces colonnes d'abord)")
    muted = signs.MUTED[frame.theme()]
    return f'<p style="font-size:.82rem;margin:0;color:{muted}">{prose(" · ".join(said))}</p>'


def _table(view: View, theme: str) -> str:
    names = view.table.column_names[:COLUMNS]
    table = view.table.select(names).slice(0, ROWS)
    columns: Sequence[Sequence[Any]] = [table.column(name).to_pylist() for name in names]
    head = "".join(_header(name, view.under.get(name, ""), theme) for name in names)
    body = "".join(
        _row(rank + 1, names, values, view, theme)
        for rank, values in enumerate(zip(*columns, strict=True))
    )
    label = escape(f"{view.caption}, premières lignes")
    return (
        f'<div tabindex="0" role="region" aria-label="{label}" style="overflow:auto;'
        f"max-height:min(62vh,34rem);border:1px solid {signs.BORDER[theme]};border-radius:4px;"
        f'margin:.4rem 0"><table style="border-collapse:separate;border-spacing:0;'
        f'font-size:.8rem;font-variant-numeric:tabular-nums;margin:0;border:none">'
        f'<thead><tr><th scope="col" style="{_head_style(theme)}">n°</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head_style(theme: str) -> str:
    return (
        f"position:sticky;top:0;background:{signs.TINT[theme]};text-align:left;"
        f"padding:.25rem .5rem;border:none;border-bottom:1px solid {signs.BORDER[theme]};"
        "vertical-align:top;white-space:nowrap"
    )


def _header(name: str, under: str, theme: str) -> str:
    small = f'<br><span style="font-weight:400;color:{signs.MUTED[theme]}">{prose(under)}</span>'
    return (
        f'<th scope="col" style="{_head_style(theme)}">{escape(_cut(name))}'
        f"{small if under else ''}</th>"
    )


def _row(rank: int, names: Sequence[str], values: Sequence[Any], view: View, theme: str) -> str:
    cells = "".join(
        _cell(value, view.changed.get((rank, name)), (rank, name) in view.wrong, theme)
        for name, value in zip(names, values, strict=True)
    )
    line = f"border:none;border-bottom:1px solid {signs.BORDER[theme]};padding:.15rem .5rem"
    muted = f"{line};color:{signs.MUTED[theme]};font-weight:400"
    return f'<tr><th scope="row" style="{muted}">{rank}</th>{cells}</tr>'


def _cell(value: Any, before: str | None, wrong: bool, theme: str) -> str:
    line = (
        f"border:none;border-bottom:1px solid {signs.BORDER[theme]};padding:.15rem .5rem;"
        "white-space:nowrap"
    )
    told, title = _value(value, theme), ""
    if before is not None:
        line += f";background:{signs.TINT[theme]};font-weight:600"
        told = f'<span aria-label="réparée">{CHANGED}</span>\u00a0{told}'
        title = f' title="avant\u00a0: {escape(_cut(before), quote=True)}"' if before else ""
    if wrong:
        line += f";outline:2px solid {signs.ACCENT[theme]};outline-offset:-2px"
        told = f'<span aria-label="en erreur">{WRONG}</span>\u00a0{told}'
    return f'<td style="{line}"{title}>{told}</td>'


def _value(value: Any, theme: str) -> str:
    if value is None or value == "":
        return f'<span style="color:{signs.MUTED[theme]}">vide</span>'
    return escape(_cut(str(value)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
