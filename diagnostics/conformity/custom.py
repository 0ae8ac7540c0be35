"""The custom checks of a schema, compiled to SQL over the loaded table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from diagnostics.conformity import custom_columns, custom_values, messages
from diagnostics.conformity.cells import Cells, Issue, RowCheck
from diagnostics.conformity.custom_asked import Asked, BadCheck, asked
from diagnostics.conformity.official import NAMES

COMPILED: dict[str, Callable[[Cells, Asked], Iterator[RowCheck | Issue]]] = {
    "siret": custom_values.identifier,
    "siren": custom_values.identifier,
    "nomenclature-acte": custom_values.acts,
    "phone-number-value": custom_values.phone,
    "opening-hours-value": custom_values.hours,
    "year-interval-value": custom_values.years,
    "french-gps-coordinates": custom_values.coordinates,
    "coordonnees-gps-francaises": custom_values.coordinates,
    "cohesive-columns-value": custom_columns.cohesive,
    "compare-columns-value": custom_columns.compare,
    "sum-columns-value": custom_columns.total,
    "one-of-required": custom_columns.one_of,
    **dict.fromkeys(NAMES, custom_values.official_list),
}


def checks(cells: Cells) -> Iterator[RowCheck | Issue]:
    """What the schema asks beyond types and constraints.

    A check that is unknown or badly described is an Issue: it is the schema's fault, not the
    data's, but the official tools refuse the file all the same.
    """
    for one in asked(cells.schema):
        compiled = COMPILED.get(one.name)
        if compiled is None:
            yield messages.check_error(one.given, "il est inconnu")
            continue
        try:
            yield from compiled(cells, one)
        except BadCheck as error:
            yield messages.check_error(one.given, str(error))
