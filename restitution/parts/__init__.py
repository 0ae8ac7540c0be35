"""The parts of a report, one file each: `part(account) -> Part`, in the order of ORDER."""

from __future__ import annotations

from restitution.account import Account
from restitution.document import Part
from restitution.parts import (
    available,
    exchanges,
    findings,
    glossary,
    method,
    plan,
    projects,
    robust,
    town,
)

ORDER = (town, findings, available, projects, plan, robust, exchanges, method, glossary)
TEAM_ONLY = (exchanges,)  # holds what people typed


def parts(account: Account) -> tuple[Part, ...]:
    """Every part of the report of a territory; an empty one says why."""
    kept = [module for module in ORDER if account.internal or module not in TEAM_ONLY]
    return tuple(module.part(account) for module in kept)
