"""The figures that the data of one project already give, and those they do not give yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.catalog import Experiment
from diagnostics.indicators import Value
from drawing import figures, french, signs
from restitution.account import Account
from restitution.document import Absent, Block, Column, Table, Text
from restitution.holders import attribution

SHOWN = 4  # figures of a sheet
HORIZONS = ("2030", "2100")  # left to the dashboard: a sheet says the reference and 2050


@dataclass(frozen=True)
class Found:
    """The figures of a project: known, and absent whatever the absence."""

    known: tuple[Value, ...]
    absent: tuple[Value, ...]


def of(account: Account, sheet: Experiment) -> Found:
    """Those the sheet names first, then those of its indispensable data, then of the others.

    Their producers are named as the document may name them.
    """
    kept = [
        replace(value, source=attribution(account, value.source, value.licence, value.datasets))
        for value in account.values
        if _rank(value, sheet) is not None and value.id.rpartition("_")[2] not in HORIZONS
    ]
    kept.sort(key=lambda value: _rank(value, sheet) or 0)
    return Found(
        tuple(value for value in kept if value.value is not None),
        tuple(value for value in kept if value.value is None),
    )


def _rank(value: Value, sheet: Experiment) -> int | None:
    """None for a figure that says nothing of this project."""
    weights = {need.dataset: need.criticality for need in sheet.needs}
    own = {str(row["id"]) for row in sheet.indicators}
    if value.id in own:
        return 0
    if any(weights.get(dataset) == "indispensable" for dataset in value.datasets):
        return 1
    # The census serves many projects as a mere divisor: it tells nothing of them.
    useful = value.theme != "portrait" and any(dataset in weights for dataset in value.datasets)
    return 2 if useful else None


def blocks(found: Found) -> tuple[Block, ...]:
    """A table for each source of what is known, then each absence with its words and its step."""
    absences = _absences(found.absent)
    if not found.known:
        return absences or (Absent("Aucun chiffre.", why_none(found)),)
    by_source: dict[str, list[Value]] = {}
    for value in found.known[:SHOWN]:
        by_source.setdefault(_source(value), []).append(value)
    tables = tuple(_table(source, values) for source, values in by_source.items())
    left = len(found.known) - SHOWN
    more = f"Et {french.plural(left, 'autre chiffre', 'autres chiffres')} au tableau de bord."
    return (*tables, *((Text(more, "quiet"),) if left > 0 else ()), *absences)


def _table(source: str, values: list[Value]) -> Table:
    columns = (Column("Chiffre", 3), Column("Valeur", 3))
    rows = tuple((french.typeset(value.title), _amount(value)) for value in values)
    return Table("Chiffres connus", columns, rows, source)


def _amount(value: Value) -> str:
    said = " ".join(part for part in (figures.spoken(value), figures.interval(value)) if part)
    return f"{said} ({value.interval})" if figures.interval(value) and value.interval else said


def _source(value: Value) -> str:
    """Producer, year, level: the licence and the day stand in the method."""
    source, vintage, level = figures.source_parts(value)[:3]
    year = vintage if figures.year_beside(value, value.source) else None
    return french.typeset(", ".join(part for part in (source, year, level) if part))


def _absences(absent: tuple[Value, ...]) -> tuple[Block, ...]:
    grouped: dict[str, list[Value]] = {}
    for value in absent:
        grouped.setdefault(value.status, []).append(value)
    return tuple(_absent(status, values) for status, values in grouped.items())


def _absent(status: str, values: list[Value]) -> Absent:
    made = signs.absence(status)
    titles = french.listed(french.lower_first(value.title) for value in values[:SHOWN])
    left = len(values) - SHOWN
    more = f", et {french.plural(left, 'autre chiffre', 'autres chiffres')}" if left > 0 else ""
    step = made.next_step if status != "not_applicable" else ""
    return Absent(
        f"{french.upper_first(made.words)}\u00a0:", french.typeset(f"{titles}{more}."), step
    )


def why_none(found: Found) -> str:
    """Why a sheet has no figure at all, in one sentence."""
    if not found.absent:
        return "L'outil ne calcule encore aucun chiffre à partir des données de ce projet."
    words = dict.fromkeys(signs.absence(value.status).words for value in found.absent)
    return f"Aucun chiffre connu\u00a0: {french.listed(words)}."
