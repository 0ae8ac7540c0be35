"""Where a diagnosis stands: a working document, until its référent validates it.

What people declare afterwards, and a reference that changed since, turn it back into one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data import entries
from data.entries import Kept, Validation
from data.store import Store
from data.territories import Territory

WORKING, VALIDATED = "working", "validated"
DECLARED_SINCE, REFERENCE_SINCE = "declared", "reference"  # why a validation no longer holds


@dataclass(frozen=True)
class Standing:
    """The state of a diagnosis; `referent` is a person's name, to show to the team only."""

    state: str = WORKING
    day: date | None = None  # of the latest validation, whether it still holds or not
    referent: str | None = None
    changed: str | None = None  # what came after the validation: declared, reference
    changed_on: date | None = None


def of(store: Store, place: Territory, reference_version: str) -> Standing:
    """The standing of a territory's diagnosis, from what the store holds."""
    kept = entries.of(store, Validation, place.code)
    if not kept:
        return Standing()
    lines = store.declaration_history(place.code)
    return standing(kept[-1], lines[-1].recorded_at if lines else None, reference_version)


def standing(
    kept: Kept[Validation] | None, last_declared: datetime | None, reference_version: str
) -> Standing:
    """The same from the latest validation and the moment of the latest declaration: pure."""
    if kept is None or not kept.entry.valid:
        return Standing()
    made = kept.entry
    if last_declared is not None and last_declared > kept.recorded_at:
        return Standing(WORKING, made.day, made.referent, DECLARED_SINCE, last_declared.date())
    if made.reference_version and made.reference_version != reference_version:
        return Standing(WORKING, made.day, made.referent, REFERENCE_SINCE)
    return Standing(VALIDATED, made.day, made.referent)
