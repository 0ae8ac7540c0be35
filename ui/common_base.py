"""Socle commun: the standard sets and the publications the law provides for, one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data import entries
from data.catalog import catalog
from data.entries import Profile
from data.records import Refused
from data.store import Store
from data.territories import Territory
from diagnostics.common_base import BY_LAW, FREELY, BaseCounts, BaseLine, Standard
from diagnostics.duties import Threshold
from drawing import blocks, duties, french, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, keeping, menu, who

GROUPS = {
    BY_LAW: "Publication ou envoi prévus par la loi",
    FREELY: "Socle commun, sans texte propre",
}
HEADERS = ("Jeu de données", "Standard", "Mise à jour", "Obligation", "Prochain pas")
ASKED = ("publish", "to_verify")  # kinds of badge that speak of a publication


def introduction(found: BaseCounts, place: Territory) -> None:
    """How many sets were looked at, and how many of those are open."""
    where = frame.inside(place)
    if not found.checked:
        st.write(
            f"**{french.upper_first(where)}, rien n'a encore été vérifié** sur les {found.sets} "
            "jeux du socle commun et des publications prévues par la loi."
        )
        return
    looked = french.agree(found.checked, "a été vérifié", "ont été vérifiés")
    st.write(
        f"**{french.upper_first(where)}, {found.checked} des {found.sets} jeux** du socle commun "
        f"et des publications prévues par la loi {looked}\u00a0; {_published(found.published)}"
    )


def _published(count: int) -> str:
    if not count:
        return "aucun de ceux-là n'est publié en données ouvertes à ce jour."
    return (
        f"parmi eux, {count} {french.agree(count, 'est publié', 'sont publiés')} "
        "en données ouvertes."
    )


def groups(lines: Sequence[BaseLine]) -> None:
    """The legal notice, the sets that a text names, then the others."""
    invented = any(badge.example for line in lines for badge in line.badges)
    said = f"{duties.LEGAL} {duties.EXAMPLE}" if invented else duties.LEGAL
    frame.html(blocks.note(said, frame.theme()))
    for code, title in GROUPS.items():
        chosen = [line for line in lines if line.group == code]
        st.header(title)
        frame.html(blocks.table(title, HEADERS, map(_row, chosen), frame.theme()))


def _row(line: BaseLine) -> list[Cell]:
    theme = frame.theme()
    return [
        Cell(_what(line), 3, "10rem", labelled=False),
        Cell("<br>et ".join(map(_standard, line.standards)), 2, "7rem"),
        Cell(f'<span style="font-size:.9rem">{prose(_updated(line))}</span>', 1, "7.5rem"),
        Cell(_duties(line, theme), 4, "11rem"),
        Cell(f'<span style="font-size:.9rem">{prose(line.next_step)}</span>', 3, "9rem"),
    ]


def _what(line: BaseLine) -> str:
    theme, known = frame.theme(), line.evidence
    page = blocks.page_link(
        line.title, menu.address("donnee"), choosing.parameters(jeu=line.dataset)
    )
    sign = signs.need_sign(known.status, known.existence)
    when = french.readable_day(known.as_of) if known.as_of else None
    mark = blocks.mark(sign, theme, known.provenance, when)
    return (
        f'{page}<br><span style="font-size:.88rem">{mark}</span><br>'
        f'<span style="font-size:.84rem;color:{signs.MUTED[theme]}">{prose(_served(line))}</span>'
    )


def _served(line: BaseLine) -> str:
    served = len(line.experiments)
    return f"sert {french.plural(served, 'projet')}" if served else "aucun projet ne la demande"


def _standard(made: Standard) -> str:
    shown = blocks.link(made.title, made.url) if made.url else prose(made.title)
    return f'<span style="font-size:.9rem">{shown}</span>'


def _updated(line: BaseLine) -> str:
    if line.last_update:
        return french.readable_day(line.last_update)
    return "non dite par la source" if line.checked else "inconnue"


def _duties(line: BaseLine, theme: str) -> str:
    asked = any(badge.kind in ASKED for badge in line.badges)
    silent = line.badges and line.no_badge == "no_text"
    why = "" if asked or silent else duties.none(line.no_badge, line.texts, theme)
    return why + duties.marks(line.badges, theme)


def history() -> None:
    """How many sets and schemas the common base has had."""
    base = catalog().common_base
    numbers = {7: "sept", 10: "dix"}
    announced, documented = (numbers.get(n, str(n)) for n in (base.announced, base.documented))
    frame.html(
        blocks.text(
            f"Socle commun des données locales (SCDL)\u00a0: {announced} annoncés en "
            f"{base.announced_year}, {documented} documentés en {base.documented_year}, "
            f"{base.labelled} schémas aujourd'hui.",
            frame.theme(),
        )
    )
    frame.aside(
        "La liste des jeux annoncés en 2017 n'a pas été retrouvée. Deux schémas de la recharge "
        "électrique sont réunis dans un troisième, qui compte parmi les schémas."
    )


def threshold(found: Threshold) -> None:
    """The general duty to publish: which threshold is used, and what it gives here."""
    st.header("L'obligation générale de publier")
    frame.html(blocks.texts(duties.threshold(found), frame.theme()))


def agents_form(store: Store, place: Territory, agents: int | None) -> None:
    """The number of agents, which no open source gives, and what it changes."""
    if agents is not None:
        frame.aside(
            f"Nombre d'agents déclaré\u00a0: {french.number(agents)} (équivalent temps plein)."
        )
    if not who.internal():
        who.read_only()
        return
    with st.form("agents", border=False):
        typed = st.text_input(
            "Nombre d'agents (équivalent temps plein)",
            value="" if agents is None else str(agents),
            max_chars=12,
            width=320,
        )
        frame.aside(
            "Ce que ce nombre change\u00a0: l'obligation générale, pour les jeux qui existent, "
            "passe de «\u00a0Obligation à vérifier\u00a0» à «\u00a0Publication prévue par la "
            "loi\u00a0» (seuil atteint) ou à «\u00a0Volontaire\u00a0» (seuil non atteint). Il ne "
            "change aucun statut, aucun score."
        )
        if st.form_submit_button("Enregistrer"):
            _keep(store, place, typed)
    if agents is not None and st.button("Effacer le nombre déclaré", type="tertiary"):
        _write(store, place, None)


def _keep(store: Store, place: Territory, typed: str) -> None:
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit():
        _write(store, place, int(digits))
    else:
        st.warning("Écrivez le nombre d'agents en chiffres, sans virgule ni signe : 60.")


def _write(store: Store, place: Territory, agents: int | None) -> None:
    profile = entries.only(store, Profile, place.code) or Profile()
    try:
        entries.keep(store, who.person(), place.code, replace(profile, agents=agents))
    except Refused as refused:
        keeping.refused(refused)
        return
    st.toast("Nombre d'agents effacé." if agents is None else "Nombre d'agents enregistré.")
    st.rerun()
