"""A point in one cell: its two coordinates, and the ways a standard wants them written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schemas import Field

_NUMBER = r"-?\d{1,3}(?:\.\d+)?"
_POINT = rf"^\s*[\[(]?\s*{_NUMBER}(?:\s*[,;]\s*|\s+){_NUMBER}\s*[\])]?\s*$"
# Mainland France: where the order of two numbers cannot be mistaken.
SOUTH, NORTH, WEST, EAST = 41.0, 51.6, -5.8, 10.0


def latlon(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Latitudes and longitudes of a column of points, as strings; null where there is no point.

    The normal form is « lat,lon »; between brackets it is a GeoJSON pair, longitude first; two
    numbers that can only be read one way in mainland France are read that way.
    """
    there = pc.fill_null(pc.match_substring_regex(column, _POINT), False)
    first, second = (spread(part, there) for part in _halves(column.filter(there)))
    bracket = pc.starts_with(pc.utf8_ltrim_whitespace(column), "[")
    one, two = pc.cast(first, pa.float64()), pc.cast(second, pa.float64())
    straight = pc.and_(_between(one, SOUTH, NORTH), _between(two, WEST, EAST))
    swapped = pc.and_(_between(one, WEST, EAST), _between(two, SOUTH, NORTH))
    reverse = pc.or_(swapped, pc.and_not(bracket, straight))
    return pc.if_else(reverse, second, first), pc.if_else(reverse, first, second)


def _halves(points: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The two numbers of texts that are all points."""
    bare = pc.utf8_trim(points, "[]() \t\u00a0")
    loose = pc.match_substring_regex(bare, "[^0-9.,-]")  # another separator than a comma alone
    if pc.any(loose).as_py():
        bare = pc.replace_substring_regex(bare, r"\s*[,;]\s*|\s+", ",")
    parts = pc.split_pattern(bare, ",", max_splits=1).flatten()
    places = pa.array(np.arange(0, len(parts), 2))
    return parts.take(places), parts.take(pc.add(places, 1))


def spread(values: pa.Array, there: pa.Array) -> pa.Array:
    """Values put back at the places where `there` is true, null elsewhere."""
    places = pc.subtract(pc.cumulative_sum(pc.cast(there, pa.int64())), 1)
    return values.take(pc.if_else(there, places, pa.scalar(None, pa.int64())))


def geopoint(column: pa.Array, field: Field) -> pa.Array:
    """A column of points as the format of the field asks; what is no point is left as it is."""
    latitude, longitude = latlon(column)
    if field.format == "array":
        made = _between_texts("[", longitude, ", ", latitude, "]")
    elif field.format == "object":
        made = _between_texts('{"lon": ', longitude, ', "lat": ', latitude, "}")
    else:
        made = _between_texts("", longitude, ", ", latitude, "")
    return pc.coalesce(made, column)


def _between(values: pa.Array, low: float, high: float) -> pa.Array:
    return pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))


def _between_texts(
    before: str, first: pa.Array, middle: str, second: pa.Array, after: str
) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.scalar(before), first, pa.scalar(middle), second, pa.scalar(after), ""
    )
