"""Whether points lie in France: boxes around the metropole and the five overseas départements.

Degrees WGS84. A box is larger than what it holds: a point just across a border passes.
"""

from __future__ import annotations

from diagnostics.conformity.cells import Cells
from diagnostics.conformity.custom_asked import kind

# west, south, east, north
BOXES = {
    "métropole": (-5.141277, 41.333571, 9.560091, 51.088989),
    "Guadeloupe": (-61.809839, 15.832041, -61.001959, 16.514488),
    "Martinique": (-61.229033, 14.388646, -60.809655, 14.878723),
    "Guyane": (-54.60239, 2.111055, -51.619041, 5.748138),
    "La Réunion": (55.216526, -21.389631, 55.836654, -20.8718),
    "Mayotte": (45.01833, -13.005254, 45.299985, -12.63659),
}


def in_france(lon: str, lat: str) -> str:
    """SQL boolean: a point (two SQL numbers) is strictly inside one of the boxes."""
    inside = (
        f"({lon} > {west} and {lon} < {east} and {lat} > {south} and {lat} < {north})"
        for west, south, east, north in BOXES.values()
    )
    return f"({' or '.join(inside)})"


def point(cells: Cells, name: str) -> tuple[str, str] | None:
    """SQL numbers, longitude and latitude, of a geopoint field; None when it is none.

    Read in the raw text, whatever form the loader gives to a typed point; null where the cell
    does not have its type.
    """
    field = cells.schema.field(name)
    if field is None or not cells.has(name) or kind(cells, name) != "geopoint":
        return None
    raw, typed = cells.raw[name], cells.typed[name]
    if field.format == "object":
        parts = [
            f"json_extract_string(try_cast({raw} as json), '$.{key}')" for key in ("lon", "lat")
        ]
    elif field.format == "array":
        parts = [f"json_extract_string(try_cast({raw} as json), '$[{at}]')" for at in (0, 1)]
    else:
        parts = [f"trim(split_part({raw}, ',', {at}))" for at in (1, 2)]
    lon, lat = (
        f"case when {typed} is not null then try_cast({part} as double) end" for part in parts
    )
    return f"({lon})", f"({lat})"
