"""The official lists that a custom check may ask for, by the name of the check."""

from __future__ import annotations

from data.official_codes import listed

# Those that ask for a vintage of the official geographic code. Current and former codes pass
# whatever the vintage: a file of last year is not refused for a merger.
DATED = (
    "canton",
    "code-commune-insee",
    "code-fantoir",
    "code-pays-iso2",
    "code-pays-iso3",
    "code-region",
    "commune",
    "departement",
    "numero-departement",
    "pays",
    "region",
)
NAMES = (*DATED, "code-postal")


def values(name: str) -> frozenset[str] | None:
    """The values that are right; None when the list is not kept here."""
    return listed(name) or None
