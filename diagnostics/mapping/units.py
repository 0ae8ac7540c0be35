"""The unit of a file's column and that of the standard's field: converted when both are said.

A unit is said by the header (« Hauteur (m) », « duree_h ») or by the cells, from which reading took
it away and told so. Nothing is guessed from the size of the values: that is a check of sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, DecimalException
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from data.schemas import Field, Schema

# Unit as it is written -> (what is measured, how many of the smallest one here).
SIZES: dict[str, tuple[str, Decimal]] = {
    "mm": ("length", Decimal(1)),
    "cm": ("length", Decimal(10)),
    "dm": ("length", Decimal(100)),
    "m": ("length", Decimal(1000)),
    "km": ("length", Decimal(1_000_000)),
    "s": ("time", Decimal(1)),
    "min": ("time", Decimal(60)),
    "h": ("time", Decimal(3600)),
    "W": ("power", Decimal(1)),
    "kW": ("power", Decimal(1000)),
    "mbar": ("pressure", Decimal(1)),
    "bar": ("pressure", Decimal(1000)),
    "m2": ("area", Decimal(1)),
    "ha": ("area", Decimal(10_000)),
}
SPELT = {"mètre": "m", "mètres": "m", "metre": "m", "metres": "m", "m²": "m2", "kw": "kW"}
SPELT |= {"minutes": "min", "minute": "min", "mn": "min", "heures": "h", "heure": "h"}
SPELT |= {"bars": "bar", "centimètres": "cm", "millimètres": "mm", "hectares": "ha"}
_BRACKETS = re.compile(r"[(\[]\s*(?:en\s+)?([^()\[\]]{1,12}?)\s*[)\]]\s*$")
_ENDING = re.compile(r"(?:_|\ben\s+)(mm|cm|dm|m|km|min|h|kw|ha|m2|bars?)$", re.IGNORECASE)


class Conversion(NamedTuple):
    """Values of one field that were counted in another unit."""

    given: str
    wanted: str
    factor: Decimal


def known(text: str) -> str | None:
    """A unit as SIZES writes it; None for one that is not there."""
    plain = text.strip()
    for said in (plain, SPELT.get(plain.casefold(), ""), plain.casefold()):
        if said in SIZES:
            return said
    return None


def of_header(header: str) -> str | None:
    """The unit that a header says; None when it says none."""
    found = _BRACKETS.search(header) or _ENDING.search(header)
    return known(found[1]) if found else None


def told(flags: Iterable[str]) -> dict[str, str]:
    """Column -> the unit that reading took from its cells (flag « unit:<column>:<unit> »)."""
    made = {}
    for flag in flags:
        kind, _, rest = flag.partition(":")
        column, _, unit = rest.rpartition(":")
        if kind == "unit" and column and known(unit):
            made[column] = str(known(unit))
    return made


def conversion(header: str, field: Field, units: Mapping[str, str]) -> Conversion | None:
    """From the column's unit to the field's; None when one is not said or nothing changes."""
    wanted = known(str(field.raw.get("unit", "")))
    given = known(units.get(header, "")) or of_header(header)
    if wanted is None or given is None or given == wanted:
        return None
    (what, size), (other, unit_size) = SIZES[given], SIZES[wanted]
    return Conversion(given, wanted, size / unit_size) if what == other else None


def conversions(
    schema: Schema, fields: Mapping[str, str | None], units: Mapping[str, str]
) -> dict[str, Conversion]:
    """Field -> what its values undergo, for the log and the screen."""
    found = {}
    for header, name in fields.items():
        field = schema.field(name) if name else None
        if field and (made := conversion(header, field, units)):
            found[field.name] = made
    return found


def converted(column: pa.Array, made: Conversion) -> pa.Array:
    """The numbers of a column of texts in the other unit; what is no number stays as it is."""
    coded = column.dictionary_encode()
    texts = [_times(text, made.factor) for text in coded.dictionary.to_pylist()]
    return pc.take(pa.array(texts, pa.string()), coded.indices)


def _times(text: str | None, factor: Decimal) -> str | None:
    try:
        product = Decimal(text or "") * factor
    except DecimalException:
        return text
    if not product.is_finite() or abs(product.adjusted()) > 15:
        return text
    whole = f"{product:f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
