"""What a text asks of whom about a dataset: publish, hand over, adopt, keep at hand, or nothing.

A duty is never a status: it says what the law provides for, not what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from data.checking import CardError

PUBLISH, TRANSMIT, ADOPT = "publish", "transmit", "adopt"
KEEP_AVAILABLE, VOLUNTARY = "keep_available", "voluntary"
KINDS = (PUBLISH, TRANSMIT, ADOPT, KEEP_AVAILABLE, VOLUNTARY)
LEVELS = ("commune", "epci", "departement", "region")


@dataclass(frozen=True)
class Duty:
    """One duty of a dataset card, with the text it rests on and what the tool did not check."""

    kind: str
    text: str  # the legal text cited
    binds: tuple[str, ...]  # levels of the authorities it binds
    not_checked: str
    what: str | None = None  # what it bears on, when that is not the whole dataset: « PICS »
    holder: str | None = None  # whom it binds, when a role decides: « l'aménageur des bornes »
    inhabitants_min: int | None = None  # inhabitants from which it binds
    agents_min: int | None = None  # full-time equivalents from which it binds
    deadline: date | None = None


def read_duty(document: dict[str, Any], file: str) -> Duty:
    """A duty from its block in a card, already checked against the schema.

    Raises CardError for a deadline that is no day.
    """
    given = document.get("deadline")
    made = {**document, "binds": tuple(document["binds"]), "deadline": _day(given, file)}
    return Duty(**made)


def _day(text: str | None, file: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CardError(f"{file} : duties/deadline : {text!r} donné ; permis : un jour") from error
