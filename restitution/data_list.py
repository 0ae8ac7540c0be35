"""Each dataset that a project needs, one by one: what the web page lets people search.

The report puts together those of which the same is said; a screen has room for a row each.
"""

from __future__ import annotations

from data.catalog import catalog
from diagnostics.evidence import Evidence
from diagnostics.scoring import standing
from drawing import french, signs
from restitution.account import Account
from restitution.document import Cell, Column, Part, Table, Text
from restitution.holders import holder
from restitution.workbook_tables import uses

COLUMNS = (
    Column("Donnée", 3),
    Column("Statut", 1.5),
    Column("Comment on le sait", 2),
    Column("Qui la détient", 1.8),
    Column("Projets qui la demandent", 2.7),
)


def part(account: Account) -> Part:
    """The whole table, in the order of the signs then of the reference."""
    served = {
        dataset: "\u00a0; ".join(experiment.title for experiment, _ in found)
        for dataset, found in uses(account).items()
    }
    order = list(signs.STATUSES)
    needed = account.assessment.needed.values()
    shown = sorted(needed, key=lambda made: order.index(standing(made.state)))
    rows = tuple(_row(account, made, served) for made in shown)
    said = Text(
        "Une ligne par donnée qu'au moins un projet demande. Une donnée seulement supposée par le "
        "référentiel compte comme non évaluée\u00a0: personne n'a encore vérifié.",
        id="donnees",
    )
    return Part("donnees", "Toutes les données", (said, Table("Données", COLUMNS, rows)))


def _row(account: Account, made: Evidence, served: dict[str, str]) -> tuple[Cell, ...]:
    return (
        catalog().datasets[made.dataset].title,
        signs.status(standing(made.state)),
        _proof(made),
        holder(account, made.dataset),
        served[made.dataset],
    )


def _proof(made: Evidence) -> str:
    """'Constaté le 3 mars 2026, lignes lues'; for a supposition, that it is one."""
    said = signs.proof_words(made.evidence_level, made.provenance, made.proof)
    if not made.established:
        return french.upper_first(said)
    when = f" le {french.readable_day(made.as_of)}" if made.as_of else ""
    known = french.upper_first(signs.PROVENANCES[made.provenance])
    return f"{known}{when}, {said.removeprefix('déclarée, ')}"
