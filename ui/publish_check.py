"""Publier, step 4: will it be accepted, and if not, what, where, how many, and what to put."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from data.schemas import Schema
from diagnostics.conformity.cells import Issue
from drawing import blocks, french, signs
from drawing.blocks import prose
from ui import frame
from ui import publish_room as rooms
from ui.publish_room import STEPS
from ui.publish_steps import onward
from ui.publish_work import Work

NOT_CHECKED = (
    "Contrôle non effectué\u00a0: une vérification s'est interrompue, rien ne dit que ce fichier "
    "est conforme ou non. Le fichier et vos choix sont gardés\u00a0; le journal du serveur dit "
    "pourquoi."
)
COLUMNS_STEP, REVIEW_STEP, FILE_STEP = 3, 2, 1
# Where an error is mended: choosing columns or translating values, or in the file itself.
_COLUMN_CODES = (
    "missing-label",
    "extra-label",
    "incorrect-label",
    "blank-label",
    "duplicate-label",
)


def step(work: Work) -> None:
    """The answer in one sentence, the errors grouped, the rest apart."""
    standard, verdict = work.schema(), work.verdict()
    if standard is not None and verdict is None:
        st.error(NOT_CHECKED)
    elif standard is None or verdict is None:
        st.write(
            "Sans standard, il n'y a rien à quoi se conformer\u00a0: le fichier est publié tel "
            "que vous le voyez."
        )
    else:
        _answer(standard, verdict)
        _errors(work, verdict)
        _warnings(verdict.warnings)
        _sense(verdict.sense)
    onward(work, 5, _label(standard, verdict))


def _label(standard: Schema | None, verdict: Any | None) -> str:
    if standard is not None and verdict is None:
        return "Continuer sans contrôle\u00a0: décider"
    if verdict is None or verdict.valid:
        return "Continuer\u00a0: décider"
    return "Continuer malgré les erreurs\u00a0: décider"


# --- the answer ------------------------------------------------------------------------------


def _answer(standard: Schema, verdict: Any) -> None:
    st.subheader("Sera-t-il accepté\u00a0?")
    theme = frame.theme()
    ok = bool(verdict.valid)
    sign, colour = (
        ("✓", signs.STATUSES["open"]) if ok else ("✕", signs.STATUSES["closed_unjustified"])
    )
    frame.html(
        f'<p style="font-size:1.12rem;margin:.2rem 0;padding-left:.8rem;'
        f'border-left:3px solid {colour.colour(theme)}"><span aria-hidden="true" '
        f'style="color:{colour.colour(theme)};font-weight:700">{sign}</span> '
        f"{prose(verdict.sentence)}</p>"
    )
    frame.html(blocks.text(_share(verdict), theme))
    if standard.problem:
        frame.html(
            blocks.note(
                f"Le schéma lui-même a un défaut, qui n'est pas le vôtre : {standard.problem}",
                theme,
            )
        )


def _share(verdict: Any) -> str:
    if not verdict.rows:
        return "Le fichier n'a aucune ligne de données."
    share = 100 * verdict.share_valid_rows
    shown = french.percent(min(share, 99.9) if verdict.rows_with_errors else share)
    bad = french.plural(verdict.rows_with_errors, "ligne a", "lignes ont")
    rows = french.plural(verdict.rows, "ligne")
    if not verdict.rows_with_errors:
        return (
            f"Les {rows} ont toutes été contrôlées et sont justes."
            if verdict.rows > 1
            else ("La ligne a été contrôlée et elle est juste.")
        )
    return f"{shown} des {rows} sont justes ; {bad} au moins une erreur. Toutes ont été contrôlées."


# --- errors ----------------------------------------------------------------------------------


def _errors(work: Work, verdict: Any) -> None:
    if not verdict.errors:
        return
    st.subheader(f"À corriger\u00a0: {french.plural(len(verdict.errors), 'point')}")
    for rank, issue in enumerate(verdict.errors):
        _error(work, issue, rank)
    st.download_button(
        "Télécharger toutes les erreurs (CSV)",
        data=lambda: errors_csv(work),
        file_name=f"erreurs_{Path(work.name).stem}.csv",
        mime="text/csv",
        on_click="ignore",
        key="publier-erreurs",
    )


def _error(work: Work, issue: Issue, rank: int) -> None:
    target = mended_at(issue)
    label = {
        COLUMNS_STEP: "Corriger\u00a0: revoir les colonnes (étape 3)",
        FILE_STEP: "Corriger\u00a0: déposer un fichier corrigé (étape 1)",
    }[target]
    with st.container(gap=None):
        frame.html(_told(issue))
        st.button(
            label,
            type="tertiary",
            key=f"publier-corriger-{rank}",
            on_click=rooms.open_file,
            args=(work.key, target),
            help=f"Va à l'étape «\u00a0{STEPS[target]}\u00a0»",
        )


def mended_at(issue: Issue) -> int:
    """The step where an error is mended."""
    whole = not issue.rows
    listed = issue.code == "constraint-error" and "liste" in issue.message.casefold()
    return COLUMNS_STEP if whole or listed or issue.code in _COLUMN_CODES else FILE_STEP


def _told(issue: Issue) -> str:
    theme = frame.theme()
    muted = f"font-size:.86rem;color:{signs.MUTED[theme]}"
    where = f"champ « {issue.field} »" if issue.field else "fichier entier"
    parts = [where, french.plural(issue.count, "fois", "fois"), _rows(issue)]
    head = " · ".join(part for part in parts if part)
    lines = [
        f'<p style="margin:.5rem 0 0;padding-top:.4rem;border-top:1px solid {signs.BORDER[theme]}">'
        f'<span aria-hidden="true" style="color:{signs.ACCENT[theme]};font-weight:700">✕</span> '
        f'<strong>{prose(issue.title)}</strong> <span style="{muted}">{prose(head)}</span></p>',
        blocks.text(issue.message, theme),
    ]
    if issue.example is not None:
        lines.append(_pair("Exemple", issue.example, theme))
    if issue.suggestion:
        lines.append(_pair("Valeur juste la plus proche", issue.suggestion, theme))
    return "".join(lines)


def _pair(label: str, value: str, theme: str) -> str:
    return (
        f'<p style="margin:.1rem 0;font-size:.92rem">{prose(label)}\u00a0: <span '
        f'style="font-family:monospace;background:{signs.TINT[theme]};padding:.05rem .3rem;'
        f'border-radius:3px;overflow-wrap:anywhere">{prose(value[:200])}</span></p>'
    )


def _rows(issue: Issue) -> str:
    if not issue.rows:
        return ""
    shown = ", ".join(french.number(row) for row in issue.rows[:8])
    more = "…" if issue.count > 8 else ""
    return f"{french.agree(len(issue.rows), 'ligne')} {shown}{more}"


def errors_csv(work: Work) -> bytes:
    """Every error of every line: row, field, code."""
    standard = work.schema()
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        path = Path(folder) / "erreurs.csv"
        work.room.tools.validate(
            work.table(), standard, territory=work.room.place, errors_out=path, name=work.name
        )
        return path.read_bytes()


# --- the rest --------------------------------------------------------------------------------


def _warnings(issues: Sequence[Issue]) -> None:
    if not issues:
        return
    with st.expander(f"Remarques, sans effet sur l'acceptation ({len(issues)})"):
        frame.html(blocks.texts(remarks(issues), frame.theme()))


def remarks(issues: Sequence[Issue]) -> list[str]:
    """One sentence a remark; the same one made of several fields is made once, with their names."""
    alike: dict[str, list[Issue]] = {}
    for issue in issues:
        alike.setdefault(issue.title, []).append(issue)
    said = []
    for title, group in alike.items():
        fields = [issue.field for issue in group if issue.field]
        if len(group) > 2 and len(fields) == len(group) and not any(one.rows for one in group):
            said.append(f"{title} ({len(group)}) : {', '.join(fields)}.")
            continue
        for issue in group:
            where = f" (champ « {issue.field} »)" if issue.field else ""
            said.append(f"{title}{where} : {issue.message}")
    return said


def _sense(found: Sequence[Any]) -> None:
    """What a standard does not forbid and that is odd all the same."""
    if not found:
        return
    st.subheader("Cela a-t-il du sens\u00a0?")
    frame.aside("Le standard ne l'interdit pas\u00a0: à vous de dire si c'est juste.")
    theme = frame.theme()
    lines = "".join(
        f'<li style="margin:.2rem 0"><strong>{prose(made.title)}</strong> '
        f"({french.plural(made.count, 'fois', 'fois')})\u00a0: {prose(made.message)}</li>"
        for made in found
    )
    frame.html(
        f'<ul style="padding-left:1.2rem;margin:.2rem 0;color:{signs.INK[theme]}">{lines}</ul>'
    )
