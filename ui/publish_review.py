"""Publier, step 2: each repair with before and after, and each doubt, explained."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from data.reading import words
from data.reading.reading import Repair
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import frame
from ui.publish_steps import onward
from ui.publish_work import Work

REMOVED, EMPTIED = "retiré", "cellule vide"  # what becomes of a line, of a value
SHOWN = 12  # repairs in view; the others open on touch
VISIBLE = {" ": "espace", "\t": "tabulation", "\u00a0": "espace insécable", "\n": "fin de ligne"}


def step(work: Work) -> None:
    """What a person must know first, then what was changed."""
    found = work.reading()
    _flags(found.flags)
    _repairs(work, found.repairs)
    _refused(work)
    onward(work, 3, "C'est relu\u00a0: reconnaître le standard")


def _flags(flags: Sequence[str]) -> None:
    told = [words.flag(given) for given in flags]
    doubts = [said for level, said in told if level == words.DOUBT]
    noted = [said for level, said in told if level == words.NOTED]
    if doubts:
        st.subheader(f"À vérifier\u00a0: {french.plural(len(doubts), 'point')}")
        frame.html(_list(doubts, "?"))
    if noted:
        st.subheader("Bon à savoir")
        frame.html(_list(noted, "i"))


def _list(sentences: Sequence[str], sign: str) -> str:
    theme = frame.theme()
    mark = (
        f'<span aria-hidden="true" style="display:inline-block;min-width:1.3rem;font-weight:700;'
        f'color:{signs.ACCENT[theme] if sign == "?" else signs.PRIMARY[theme]}">{sign}</span>'
    )
    lines = "".join(
        f'<li style="display:flex;margin:.15rem 0">{mark}<span>{prose(said)}</span></li>'
        for said in sentences
    )
    return f'<ul style="list-style:none;padding:0;margin:.2rem 0 .6rem">{lines}</ul>'


def _repairs(work: Work, repairs: Sequence[Repair]) -> None:
    if not repairs:
        st.write("Rien n'a dû être réparé\u00a0: le fichier était déjà en forme.")
        return
    total = sum(made.count for made in repairs)
    st.subheader(f"Réparé\u00a0: {french.plural(total, 'changement')}")
    frame.aside("Chaque réparation se refuse\u00a0: le fichier est alors relu sans elle.")
    for rank, made in enumerate(repairs[:SHOWN]):
        _repair(work, made, rank)
    rest = repairs[SHOWN:]
    if rest:
        more = french.plural(len(rest), "autre réparation", "autres réparations")
        with st.expander(more):
            for rank, made in enumerate(rest, start=SHOWN):
                _repair(work, made, rank)


def _repair(work: Work, made: Repair, rank: int) -> None:
    with st.container(key=f"publier-reparation-{rank}", gap=None):
        frame.html(_told(made))
        st.button(
            "Refuser cette réparation",
            type="tertiary",
            key=f"publier-refuser-{rank}-{made.kind}-{made.column}",
            on_click=_refuse,
            args=(work, made.kind, made.column),
        )


def _told(made: Repair) -> str:
    theme = frame.theme()
    where = f"colonne « {made.column} », " if made.column else ""
    rows = _rows(made)
    muted = f"font-size:.86rem;color:{signs.MUTED[theme]}"
    head = (
        f'<p style="margin:.5rem 0 0;padding-top:.4rem;border-top:1px solid {signs.BORDER[theme]}">'
        f"<strong>{prose(words.repair(made.kind))}</strong> "
        f'<span style="{muted}">{prose(where)}{french.plural(made.count, "fois", "fois")}'
        f"{prose(rows)}</span></p>"
    )
    gone = REMOVED if made.column is None else EMPTIED
    first = before_after(made.before, made.after, theme, gone) if made.before or made.after else ""
    return head + first + _more(made, theme)


def _rows(made: Repair) -> str:
    if not made.rows:
        return ""
    shown = french.listed(str(row) for row in made.rows[:5])
    word = french.agree(len(made.rows), "ligne")
    more = "…" if made.count > 5 else ""
    return f" ({word} {shown}{more})"


def before_after(before: str, after: str | None, theme: str, gone: str = "vide") -> str:
    """'12,5 → 12.5': both in the same type, what cannot be seen named."""
    style = (
        f"font-family:monospace;font-size:.88rem;background:{signs.TINT[theme]};"
        "padding:.05rem .3rem;border-radius:3px;overflow-wrap:anywhere;white-space:pre-wrap"
    )
    then = gone if after is None else after
    return (
        f'<p style="margin:.1rem 0"><span style="{style}"><del>{prose_raw(before)}</del></span>'
        f' → <span style="{style}"><ins style="text-decoration:none">{prose_raw(then)}</ins>'
        "</span></p>"
    )


def prose_raw(value: str) -> str:
    """A value as it was, escaped and nothing else; one that cannot be seen is named."""
    if value and not value.strip():
        return " ".join(VISIBLE.get(sign, repr(sign)) for sign in value[:3])
    return escape(value[:200]) or "vide"


def _more(made: Repair, theme: str) -> str:
    """The other examples, line by line."""
    if len(made.examples) < 2:
        return ""
    gone = REMOVED if made.column is None else EMPTIED
    rows = [
        [
            Cell(str(row) if row else "fichier", 1, "4rem"),
            Cell(prose_raw(before), 3, "8rem"),
            Cell(gone if after is None else prose_raw(after), 3, "8rem"),
        ]
        for row, before, after in made.examples
    ]
    table = blocks.table("Exemples", ("Ligne", "Avant", "Après"), rows, theme)
    return blocks.folded(f"{len(rows)} exemples", table, theme)


def _refuse(work: Work, kind: str, column: str | None) -> None:
    refused = [*work.now().refused, [kind, column]]
    work.change("Réparation refusée\u00a0: le fichier est relu sans elle.", refused=refused)


def _refused(work: Work) -> None:
    if not work.made.refused:
        return
    st.subheader("Réparations refusées")
    for rank, (kind, column) in enumerate(work.made.refused):
        where = f" (colonne « {column} »)" if column else ""
        told = blocks.plain(french.typeset(f"{words.repair(kind or '')}{where}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(told)
            st.button(
                "Réparer de nouveau",
                type="tertiary",
                key=f"publier-reparer-{rank}",
                on_click=_accept,
                args=(work, [kind, column]),
            )


def _accept(work: Work, pair: list[str | None]) -> None:
    work.change(refused=[one for one in work.now().refused if one != pair])
