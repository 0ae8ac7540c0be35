"""What to do first, and the least effort that lets one project start, then two, and so on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.combination import (
    ASK,
    BRING,
    CONFIRM,
    EFFORT_DAYS,
    Combination,
    Milestone,
    Move,
    Way,
)
from diagnostics.missing import MissingData
from diagnostics.readiness import DEGRADED, STARTS
from drawing import blocks, french, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, menu

FIRST = 5  # lines shown before « la suite »
NAMED = 4  # data named in a sentence; beyond, they are counted
HEADERS = ("Projets", "Ceux-ci", "Actions", "Effort supposé", "Lesquelles")
SUPPOSED = "Compté en jours d'agent, supposés par l'outil\u00a0: "
_NATURES = {
    CONFIRM: ("confirmation", "confirmations"),
    ASK: ("question à poser", "questions à poser"),
    BRING: ("donnée à obtenir", "données à obtenir"),
}


def introduction(found: Combination, missing: Sequence[MissingData]) -> None:
    """One sentence on what to do first and what it brings, one on the missing data that helps."""
    theme = frame.theme()
    helps = _most_useful(found, missing[0]) if missing else ""
    frame.html(blocks.quote(first(found), theme) + (blocks.text(helps, theme) if helps else ""))


def first(found: Combination) -> str:
    """What to do first, and what it brings."""
    if len(found.already) == len(found.ways):
        return "Rien à débloquer\u00a0: chaque projet a les données pour commencer."
    if not found.milestones:
        return "Aucune action connue ne suffit à faire démarrer un projet de plus."
    start = found.milestones[0]
    could = french.agree(len(start.starting), "ce projet pourrait", "ces projets pourraient")
    return (
        f"Commencez par {_named(start.moves)}\u00a0: pour {days(start.days)} d'agent, effort "
        f"supposé, {could} démarrer\u00a0: {french.listed(_titles(start.starting))}."
    )


def _most_useful(found: Combination, line: MissingData) -> str:
    said = (
        f"La donnée manquante qui aiderait le plus\u00a0: {_short(line.title)}. "
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
    return f"{said} {lead} suffirait à débloquer\u00a0: {french.listed(_titles(line.unlocks))}."


def _short(title: str) -> str:
    """'Lieux frais (horaires, gratuité)' -> 'lieux frais', inside a sentence."""
    return french.lower_first(title.split(" (")[0])


def _named(moves: Sequence[Move]) -> str:
    """'confirmer 2 données (…) et obtenir 1 donnée (…)', by nature of action."""
    verbs = {CONFIRM: "confirmer", ASK: "demander", BRING: "obtenir"}
    parts = []
    for nature, verb in verbs.items():
        titles = [_short(move.title) for move in moves if move.nature == nature]
        if titles:
            parts.append(f"{verb} {_some(titles)}")
    return french.listed(parts)


def _some(titles: Sequence[str]) -> str:
    named = list(titles[:NAMED])
    left = len(titles) - NAMED
    if left > 0:
        named.append(french.plural(left, "autre"))
    return f"{french.plural(len(titles), 'donnée')} ({french.listed(named)})"


def _titles(experiments: Sequence[str]) -> list[str]:
    return [f"«\u00a0{catalog().experiments[one].title}\u00a0»" for one in experiments]


def days(count: float) -> str:
    """2.5 -> '2,5 jours'; agent days."""
    shown = french.number(count, 1)
    return f"{shown}\u00a0{french.agree(int(count), 'jour')}"


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
        return first(found)
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
        Cell(prose(_counted(one.moves)), 2, "7rem"),
        Cell(prose(days(one.days)), 1, "5rem"),
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
    words = {_word(move) for move in shown}
    lead = "" if not rank else "En plus, " if one.nested else "Autre combinaison, "
    if len(words) == 1:  # said once for all of them
        said = french.upper_first(f"{lead}{words.pop()}\u00a0: ")
        return prose(said) + "\u00a0; ".join(_move_link(move) for move in shown)
    muted = signs.MUTED[frame.theme()]
    links = [
        f'{_move_link(move)} <span style="color:{muted}">({prose(_word(move))})</span>'
        for move in shown
    ]
    return prose(lead.replace(", ", "\u00a0: ")) + "\u00a0; ".join(links)


def _word(move: Move) -> str:
    words = {CONFIRM: "à confirmer", ASK: "à demander"}
    return words.get(move.nature, french.lower_first(signs.EFFORTS[move.effort]))


def _move_link(move: Move) -> str:
    return blocks.page_link(
        move.title, menu.address("donnee"), choosing.parameters(jeu=move.dataset)
    )


def _counted(moves: Sequence[Move]) -> str:
    """'2 confirmations, 1 donnée à obtenir'."""
    counts = {
        nature: sum(move.nature == nature for move in moves) for nature in (CONFIRM, ASK, BRING)
    }
    return ", ".join(
        french.plural(count, *_NATURES[nature]) for nature, count in counts.items() if count
    )


def _aside(found: Combination) -> None:
    said = [
        f"{SUPPOSED}{days(EFFORT_DAYS['S'])} pour une confirmation ou une question (un clic, un "
        f"appel), {days(EFFORT_DAYS['M'])} pour publier, réparer ou négocier, "
        f"{days(EFFORT_DAYS['L'])} pour produire. Le travail du projet lui-même n'y est pas."
    ]
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
            Cell(prose(sentence(way)), 8, "16rem"),
            Cell(prose("–" if way.stuck else days(way.days)), 1, "5rem"),
        ]
        for way in sorted(ways, key=lambda way: (bool(way.stuck), way.days, way.experiment))
    ]
    headers = ("Projet", "Ce qui le ferait démarrer", "Effort supposé")
    return blocks.table("Projet par projet", headers, rows, frame.theme())


def sentence(way: Way) -> str:
    """Why these actions, and what they lead to."""
    if way.stuck:
        names = [_short(catalog().datasets[one].title) for one in way.stuck]
        return f"Aucune action connue ne suffit pour\u00a0: {french.listed(names)}."
    form = " en version réduite" if way.reached == DEGRADED else ""
    said = french.upper_first(_named(way.moves))
    if way.words_only:
        return f"{said}\u00a0: il ne manque que des confirmations pour commencer{form}."
    supposed = sum(not move.established for move in way.moves)
    rests = french.plural(supposed, "de ces points n'est", "de ces points ne sont")
    rests += french.agree(supposed, " que supposé.", " que supposés.")
    return f"{said}, pour commencer{form}." + (f" {french.upper_first(rests)}" if supposed else "")
