"""The words of what to do: first moves, shortest path, why a datum counts, what it brings."""

from __future__ import annotations

from collections.abc import Sequence

from data.catalog import catalog
from diagnostics.combination import ASK, BRING, CONFIRM, EFFORT_DAYS, Combination, Move, Way
from diagnostics.missing import MissingData
from diagnostics.readiness import DEGRADED
from drawing import french, signs

NAMED = 4  # data named in a sentence; beyond, they are counted
_NATURES = {
    CONFIRM: ("confirmation", "confirmations"),
    ASK: ("question à poser", "questions à poser"),
    BRING: ("donnée à obtenir", "données à obtenir"),
}


def first(found: Combination) -> str:
    """What to do first, and what it brings."""
    if len(found.already) == len(found.ways):
        return "Rien à débloquer\u00a0: chaque projet a les données pour commencer."
    if not found.milestones:
        return "Aucune action connue ne suffit à faire démarrer un projet de plus."
    start = found.milestones[0]
    could = french.agree(len(start.starting), "ce projet pourrait", "ces projets pourraient")
    return (
        f"Commencez par {named(start.moves)}\u00a0: pour {days(start.days)} d'agent, effort "
        f"supposé, {could} démarrer\u00a0: {french.listed(quoted(start.starting))}."
    )


def short(title: str) -> str:
    """'Lieux frais (horaires, gratuité)' -> 'lieux frais', inside a sentence."""
    return french.lower_first(title.split(" (")[0])


def named(moves: Sequence[Move]) -> str:
    """'confirmer 2 données (…) et obtenir 1 donnée (…)', by nature of action."""
    verbs = {CONFIRM: "confirmer", ASK: "demander", BRING: "obtenir"}
    parts = []
    for nature, verb in verbs.items():
        titles = [short(move.title) for move in moves if move.nature == nature]
        if titles:
            parts.append(f"{verb} {_some(titles)}")
    return french.listed(parts)


def _some(titles: Sequence[str]) -> str:
    kept = list(titles[:NAMED])
    left = len(titles) - NAMED
    if left > 0:
        kept.append(french.plural(left, "autre"))
    return f"{french.plural(len(titles), 'donnée')} ({french.listed(kept)})"


def quoted(experiments: Sequence[str]) -> list[str]:
    """Titles of projects inside « »."""
    return [f"«\u00a0{catalog().experiments[one].title}\u00a0»" for one in experiments]


def days(count: float) -> str:
    """2.5 -> '2,5 jours'; agent days."""
    shown = french.number(count, 1)
    return f"{shown}\u00a0{french.agree(int(count), 'jour')}"


def supposed_effort() -> str:
    """What an effort is counted in, and what each class of it is worth."""
    return (
        f"Compté en jours d'agent, supposés par l'outil\u00a0: {days(EFFORT_DAYS['S'])} pour une "
        f"confirmation ou une question (un clic, un appel), {days(EFFORT_DAYS['M'])} pour publier, "
        f"réparer ou négocier, {days(EFFORT_DAYS['L'])} pour produire. Le travail du projet "
        "lui-même n'y est pas."
    )


def kind_of_step(move: Move) -> str:
    """'à confirmer', 'à demander', else the effort of bringing the data out."""
    words = {CONFIRM: "à confirmer", ASK: "à demander"}
    return words.get(move.nature, french.lower_first(signs.EFFORTS[move.effort]))


def counted(moves: Sequence[Move]) -> str:
    """'2 confirmations, 1 donnée à obtenir'."""
    counts = {
        nature: sum(move.nature == nature for move in moves) for nature in (CONFIRM, ASK, BRING)
    }
    return ", ".join(
        french.plural(count, *_NATURES[nature]) for nature, count in counts.items() if count
    )


def sentence(way: Way) -> str:
    """Why these actions, and what they lead to."""
    if way.stuck:
        names = [short(catalog().datasets[one].title) for one in way.stuck]
        return f"Aucune action connue ne suffit pour\u00a0: {french.listed(names)}."
    form = " en version réduite" if way.reached == DEGRADED else ""
    said = french.upper_first(named(way.moves))
    if way.words_only:
        return f"{said}\u00a0: il ne manque que des confirmations pour commencer{form}."
    supposed = sum(not move.established for move in way.moves)
    rests = french.plural(supposed, "de ces points n'est", "de ces points ne sont")
    rests += french.agree(supposed, " que supposé.", " que supposés.")
    return f"{said}, pour commencer{form}." + (f" {french.upper_first(rests)}" if supposed else "")


def lacks(missing: Sequence[MissingData]) -> str:
    """'3 manques établis, 2 à demander': how each lack is known, never merged."""
    words = {
        "established": ("manque établi", "manques établis"),
        "supposed": ("manque supposé", "manques supposés"),
        "to_ask": ("à demander", "à demander"),
    }
    kinds = {kind: sum(line.certainty == kind for line in missing) for kind in signs.CERTAINTIES}
    parts = [french.plural(count, *words[kind]) for kind, count in kinds.items() if count]
    return french.listed(parts)


def why(line: MissingData) -> str:
    """'Sert 3 projets (indispensable à 1, utile à 2). Débloquerait : …'."""
    weights = signs.weights([use.criticality for use in line.uses])
    said = f"Sert {french.plural(len(line.uses), 'projet')} ({weights})."
    if line.unlocks:
        titles = [catalog().experiments[one].title for one in line.unlocks]
        said += f" Débloquerait\u00a0: {french.listed(titles)}."
    elif line.blocks:
        said += f" Retient {french.plural(len(line.blocks), 'projet')}, avec d'autres."
    return said


def gain(low: float, high: float) -> str:
    """'jusqu'à 43 points sur 100', what the next step brings to one project; may be nothing."""
    if high < 0.5:
        return "aucun point à gagner"
    if french.number(low) == french.number(high):
        return french.plural(round(high), "point") + " sur 100"
    if low < 0.5:
        return f"jusqu'à {french.plural(round(high), 'point')} sur 100"
    return f"de {french.number(low)} à {french.plural(round(high), 'point')} sur 100"
