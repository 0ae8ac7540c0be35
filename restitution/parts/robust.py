"""How far the verdicts hold, in plain words: which do, which do not, why, what would help."""

from __future__ import annotations

from collections.abc import Sequence

from data.catalog import catalog
from diagnostics.draws import DRAWS
from diagnostics.missing import to_confirm
from diagnostics.robustness import Robust
from drawing import certainty, french, paths
from restitution.account import Account
from restitution.document import Block, Cell, Column, Part, Table, Text

ID, TITLE = "solidite", "Ces réponses tiennent-elles\u00a0?"
HOLDS = 0.9  # share of the draws; under it a verdict is said to depend on our choices
FIRST = 8  # data awaited, named
NAMED = 3  # data to confirm named in a line


def part(account: Account) -> Part:
    """One sentence of counts, how it is tried, then one line a verdict tried; what is awaited."""
    found = account.robustness.experiments
    tried = tuple(made for made in found if made.verdict != "unknown")
    blocks: list[Block] = [
        Text(_counts(found), "lead", id="solidite"),
        Text(_told(), id="epreuve"),
        _table(tried),
    ]
    if awaited := to_confirm(account.assessment):
        blocks.append(Text(_awaited(awaited), id="attendues"))
    return Part(ID, TITLE, tuple(blocks))


def _awaited(datasets: Sequence[str]) -> str:
    """The data supposed to be enough that most verdicts wait for."""
    named = [paths.short(catalog().datasets[one].title) for one in datasets[:FIRST]]
    if len(datasets) > FIRST:
        named.append(french.plural(len(datasets) - FIRST, "autre"))
    return (
        "Supposées suffisantes, ces données attendent une confirmation, la plus attendue "
        f"d'abord\u00a0: {french.listed(named)}."
    )


def _counts(found: tuple[Robust, ...]) -> str:
    tried = [made for made in found if made.verdict != "unknown"]
    waiting = len(found) - len(tried)
    holding = sum(made.stability >= HOLDS for made in tried)
    wavering = len(tried) - holding
    said = []
    if holding:
        said.append(french.plural(holding, "verdict tient", "verdicts tiennent"))
    if wavering:
        depends = french.agree(wavering, "dépend", "dépendent")
        said.append(f"{french.plural(wavering, 'verdict')} {depends} encore de nos choix")
    if waiting:
        said.append(
            f"pour {french.plural(waiting, 'projet')}, il n'y a pas encore de verdict à éprouver"
        )
    return french.upper_first(f"{french.listed(said)}.")


def _told() -> str:
    return (
        f"{french.number(DRAWS)}\u00a0fois, l'outil refait le calcul en changeant au hasard tout "
        "ce dont on peut douter\u00a0: l'importance des données, la liste de celles que le projet "
        "demande, ce qui n'est pas connu, et les erreurs possibles. On dit qu'un verdict tient "
        f"quand il reste le même au moins {certainty.times(HOLDS)} sur {french.number(DRAWS)}. "
        "Ces tirages ne prédisent rien et ne comparent aucune ville."
    )


def _table(tried: tuple[Robust, ...]) -> Table:
    columns = (
        Column("Projet", 3),
        Column(f"Sur {french.number(DRAWS)} tirages", 2.4),
        Column("Ce qui aiderait", 4),
    )
    rows = tuple(_row(made) for made in tried)
    nothing = "Aucun verdict à éprouver encore\u00a0: trop de données ne sont que supposées."
    return Table("Solidité des verdicts", columns, rows, empty=nothing)


def _row(made: Robust) -> tuple[Cell, ...]:
    return made.title, _held(made), _helps(made)


def _held(made: Robust) -> str:
    """How often the same verdict came out; the others where it wavers."""
    others = certainty.others(made, but=made.verdict) if made.stability < HOLDS else ""
    return certainty.held(made) + (f" (sinon\u00a0: {others})" if others else "")


def _helps(made: Robust) -> str:
    """The data whose confirmation would help, the decisive ones first."""
    if not made.doubts:
        return "Tout ce qui compte ici est établi et vérifié."
    kept = [doubt for doubt in made.doubts if doubt.decisive] or list(made.doubts)
    named = [paths.short(catalog().datasets[one.dataset].title) for one in kept[:NAMED]]
    if len(kept) > NAMED:
        named.append(french.plural(len(kept) - NAMED, "autre"))
    return f"Confirmer\u00a0: {french.listed(named)}."
