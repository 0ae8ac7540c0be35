"""After something was kept: what it changed in each project, in words and in points."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from diagnostics.effects import Change
from diagnostics.scoring import Interval
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import frame

HEADERS = ("Projet", "Verdict", "Utilisable aujourd'hui, en points sur 100")
_SHORT = {**signs.VERDICTS, "blocked": "Il manque des données"}


def keep(key: str, sentence: str, found: Sequence[Change]) -> None:
    """Remember what to say once the screen is drawn again."""
    st.session_state[_name(key)] = (sentence, tuple(found))


def draw(key: str) -> None:
    """Say it, once."""
    sentence, found = st.session_state.pop(_name(key), (None, ()))
    if sentence is None:
        return
    st.success(sentence)
    turned = [change for change in found if change.turned]
    moved = [change for change in found if change.moved and not change.turned]
    frame.html(_table(turned or moved))
    if turned and moved:
        question = f"Verdict inchangé, score déplacé\u00a0: {french.plural(len(moved), 'projet')}"
        frame.html(blocks.folded(question, _table(moved), frame.theme()))
    _still(len(found) - len(turned) - len(moved), bool(turned or moved))


def _still(count: int, others: bool) -> None:
    """The projects that ask for the data and where nothing moves."""
    if not count:
        return
    word = f"{'autre ' if others else ''}projet qui la demande"
    many = f"{'autres ' if others else ''}projets qui la demandent"
    frame.aside(f"Rien ne change pour {french.plural(count, word, many)}.")


def _table(made: Sequence[Change]) -> str:
    return blocks.table("Ce qui change", HEADERS, map(_row, made), frame.theme())


def _name(key: str) -> str:
    return f"{key}-resultat"


def _row(change: Change) -> list[Cell]:
    return [
        Cell(prose(change.title), 3, "12rem", labelled=False),
        Cell(prose(verdicts(change)), 4, "12rem"),
        Cell(prose(points(change.usable_before, change.usable)), 3, "11rem"),
    ]


def verdicts(change: Change) -> str:
    """'On ne sait pas encore → Données suffisantes…'; the expected one when it alone turned."""
    now = _SHORT[change.verdict]
    if change.verdict_before != change.verdict:
        return f"{_SHORT[change.verdict_before]} → {now}"
    if change.turned:
        was, then = _SHORT[change.expected_before], _SHORT[change.expected]
        return f"{now} (attendu\u00a0: {french.lower_first(was)} → {french.lower_first(then)})"
    return f"{now} (inchangé)"


def points(before: Interval | None, after: Interval | None) -> str:
    """'entre 12 et 60 avant, entre 22 et 60 maintenant (+10 au plus bas)'."""
    if before is None or after is None:
        return f"{_span(before)} avant, {_span(after)} maintenant"
    low, high = _shift(before.low, after.low), _shift(before.high, after.high)
    parts = [f"{low} au plus bas" if low else "", f"{high} au plus haut" if high else ""]
    moved = french.listed(part for part in parts if part)
    told = f" ({moved})" if moved else ""
    return f"{_span(before)} avant, {_span(after)} maintenant{told}"


def _span(points_: Interval | None) -> str:
    if points_ is None:
        return "sans objet"
    low, high = french.number(points_.low), french.number(points_.high)
    return low if low == high else f"entre {low} et {high}"


def _shift(before: float, after: float) -> str:
    step = round(after) - round(before)
    return f"{'+' if step > 0 else ''}{french.number(step)}" if step else ""
