"""What to do first, and the least effort that lets one project start, then two, and so on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.combination import (
    Combination,
    Milestone,
    Move,
    Way,
)
from diagnostics.missing import MissingData
from diagnostics.readiness import STARTS
from drawing import blocks, french, paths, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, menu

FIRST = 5  # lines shown before « la suite »
HEADERS = ("Projets", "Ceux-ci", "Actions", "Effort supposé", "Lesquelles")


def introduction(found: Combination, missing: Sequence[MissingData]) -> None:
    """One sentence on what to do first and what it brings, one on the missing data that helps."""
    theme = frame.theme()
    helps = _most_useful(found, missing[0]) if missing else ""
    frame.html(
        blocks.quote(paths.first(found), theme) + (blocks.text(helps, theme) if helps else "")
    )


def _most_useful(found: Combination, line: MissingData) -> str:
    said = (
        f"La donnée manquante qui aiderait le plus\u00a0: {paths.short(line.title)}. "
        f"Détenteur\u00a0: {line.holder}."
    )
    if not line.unlocks:
        return said
    others = any(
        move.dataset != line.dataset
        for way in found.ways
        if way.experiment in line.unlocks
        for move in way.moves
    )
    lead = "Une fois le reste confirmé, elle" if others else "Elle"
    return (
        f"{said} {lead} suffirait à débloquer\u00a0: {french.listed(paths.quoted(line.unlocks))}."
    )


def table(found: Combination) -> None:
    """The path: for each number of projects the least effort; then project by project."""
    frame.html(blocks.text(_explained(found), frame.theme()))
    _steps(found)
    _aside(found)
    waiting = [way for way in found.ways if way.verdict not in STARTS]
    if waiting:
        with st.expander(f"Projet par projet ({len(waiting)})"):
            frame.html(_projects(waiting))


def _explained(found: Combination) -> str:
    if not found.milestones:
        return paths.first(found)
    have = len(found.already)
    start = (
        f"{french.plural(have, 'projet')} sur {len(found.ways)} "
        f"{french.agree(have, 'a', 'ont')} déjà les données pour commencer. "
        if have
        else "Pour aucun projet les données ne sont encore établies. "
    )
    return (
        f"{start}Chaque ligne donne la combinaison d'actions la moins coûteuse qui permet à "
        "autant de projets de démarrer, au moins en version réduite. Une même donnée sert "
        "plusieurs projets\u00a0: c'est pourquoi le compte n'est pas une simple somme."
    )


def _steps(found: Combination) -> None:
    rows = [_row(one, rank, found) for rank, one in enumerate(found.milestones)]
    frame.html(_path(rows[:FIRST], "Le plus court chemin"))
    if len(rows) > FIRST:
        with st.expander(f"La suite du chemin ({french.plural(len(rows) - FIRST, 'ligne')})"):
            frame.html(_path(rows[FIRST:], "Suite du plus court chemin"))


def _path(rows: Sequence[Sequence[Cell]], name: str) -> str:
    return blocks.table(name, HEADERS, rows, frame.theme())


def _row(one: Milestone, rank: int, found: Combination) -> list[Cell]:
    before = found.milestones[rank - 1].starting if rank else ()
    fresh = [made for made in one.starting if made not in before]
    said = french.plural(one.count, "projet")
    return [
        Cell(f"<strong>{prose(said)}</strong>", 1, "4.5rem", labelled=False),
        Cell(_project_links(fresh, again=len(fresh) < len(one.starting)), 4, "10rem"),
        Cell(prose(paths.counted(one.moves)), 2, "7rem"),
        Cell(prose(paths.days(one.days)), 1, "5rem"),
        Cell(_moves(one, rank), 5, "12rem"),
    ]


def _project_links(experiments: Sequence[str], *, again: bool) -> str:
    links = [
        blocks.page_link(
            catalog().experiments[made].title,
            menu.address("disponibilite"),
            choosing.parameters(experience=made),
        )
        for made in experiments
    ]
    return (prose("Les mêmes, plus : ") if again and links else "") + "\u00a0; ".join(links)


def _moves(one: Milestone, rank: int) -> str:
    """Only what is new when the line goes on from the one before; else the whole list, said so."""
    shown = one.fresh if one.nested else one.moves
    words = {paths.kind_of_step(move) for move in shown}
    lead = "" if not rank else "En plus, " if one.nested else "Autre combinaison, "
    if len(words) == 1:  # said once for all of them
        said = french.upper_first(f"{lead}{words.pop()}\u00a0: ")
        return prose(said) + "\u00a0; ".join(_move_link(move) for move in shown)
    muted = signs.MUTED[frame.theme()]
    links = [
        f'{_move_link(move)} <span style="color:{muted}">({prose(paths.kind_of_step(move))})</span>'
        for move in shown
    ]
    return prose(lead.replace(", ", "\u00a0: ")) + "\u00a0; ".join(links)


def _move_link(move: Move) -> str:
    return blocks.page_link(
        move.title, menu.address("donnee"), choosing.parameters(jeu=move.dataset)
    )


def _aside(found: Combination) -> None:
    said = [paths.supposed_effort()]
    if any(not move.established for one in found.milestones for move in one.moves):
        said.append(
            "Une partie de ce chemin repose sur des suppositions du référentiel\u00a0: une réponse "
            "contraire l'allonge ou le raccourcit."
        )
    stuck = found.out_of_reach
    if stuck:
        names = french.listed(f"«\u00a0{way.title}\u00a0»" for way in stuck)
        said.append(f"Hors de portée des actions connues\u00a0: {names}.")
    frame.aside(" ".join(said))


def _projects(ways: Sequence[Way]) -> str:
    rows = [
        [
            Cell(_project_links([way.experiment], again=False), 4, "11rem", labelled=False),
            Cell(prose(paths.sentence(way)), 8, "16rem"),
            Cell(prose("–" if way.stuck else paths.days(way.days)), 1, "5rem"),
        ]
        for way in sorted(ways, key=lambda way: (bool(way.stuck), way.days, way.experiment))
    ]
    headers = ("Projet", "Ce qui le ferait démarrer", "Effort supposé")
    return blocks.table("Projet par projet", headers, rows, frame.theme())
