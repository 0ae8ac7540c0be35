"""Custom checks of one value: SIRET, telephone, opening hours, period, acts, official codes.

Each runs on the distinct values of its column only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from diagnostics.conformity import gps, identifiers, messages, nomenclature, official
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.custom_asked import OF_TEXT, Asked, BadCheck, kind, needs_text
from diagnostics.conformity.custom_tests import is_hours, is_period, is_phone

FORMAT = "custom-check-error"  # the official code of every check that comes from frformat
PHONE, HOURS, YEARS = "phone-number-value", "opening-hours-value", "year-interval-value"
GPS, REVERSED = "french-gps-coordinates", "reversed-french-gps-coordinates"
VINTAGES = ("2023", "2024", "latest")  # of the official geographic code, those of Validata
Found = Iterator[RowCheck | Issue]


def identifier(cells: Cells, asked: Asked) -> Found:
    """SIRET or SIREN."""
    name, test = asked.column, getattr(identifiers, asked.name)
    if not cells.has(name):
        return
    if kind(cells, name) not in OF_TEXT:  # a number is never a SIRET for the official tool
        yield RowCheck(FORMAT, name, f"({cells.typed[name]} is not null)", asked.name)
        return
    yield RowCheck(FORMAT, name, cells.failing(name, test, typed=True), asked.name)


def acts(cells: Cells, asked: Asked) -> Found:
    """Nomenclature of acts."""
    yield from _text(cells, asked, FORMAT, nomenclature.known)


def phone(cells: Cells, asked: Asked) -> Found:
    """Telephone numbers."""
    yield from _text(cells, asked, PHONE, is_phone)


def hours(cells: Cells, asked: Asked) -> Found:
    """Opening hours in the syntax of OpenStreetMap."""
    yield from _text(cells, asked, HOURS, is_hours)


def years(cells: Cells, asked: Asked) -> Found:
    """A period of two different years in order, or one year alone when the schema allows it."""
    alone = asked.text("allow-year-only", "false") in ("true", "yes")
    yield from _text(cells, asked, YEARS, partial(is_period, alone=alone), alone=alone)


def official_list(cells: Cells, asked: Asked) -> Found:
    """Official codes and names."""
    if asked.name in official.DATED and str(asked.params.get("cog")) not in VINTAGES:
        raise BadCheck("le millésime du code officiel géographique (« cog ») manque ou est inconnu")
    values, name = official.values(asked.name), asked.column
    if values is None:
        yield messages.skipped(asked.given)
        return
    if cells.has(name) and kind(cells, name) not in OF_TEXT:
        yield RowCheck(FORMAT, name, f"({cells.typed[name]} is not null)", asked.name)
        return
    yield from _text(cells, asked, FORMAT, values.__contains__)


def coordinates(cells: Cells, asked: Asked) -> Found:
    """Points of France; a point that would be there with its two numbers exchanged says so."""
    name = asked.column
    if not cells.has(name):
        return
    found = gps.point(cells, name)
    if found is None:
        raise BadCheck(f"« {name} » n'est pas une colonne de points")
    here, exchanged = gps.in_france(*found), gps.in_france(*reversed(found))
    yield RowCheck(REVERSED, name, f"(not {here} and {exchanged})", "gps-reversed")
    yield RowCheck(GPS, name, f"(not {here} and not {exchanged})", "gps")


def _text(
    cells: Cells, asked: Asked, code: str, test: Callable[[str], bool], **details: object
) -> Found:
    """A test of Python on the distinct texts of the column; nothing when the file lacks it."""
    name = asked.column
    if not cells.has(name):
        return
    needs_text(cells, name)
    yield RowCheck(code, name, cells.failing(name, test, typed=True), asked.name, details)
