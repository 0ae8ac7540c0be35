"""Where the lines of a table stand: its point columns as longitudes and latitudes (WGS84)."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data.schemas import Schema

LONGITUDES = ("longitude", "lon", "long", "lng", "xlong", "long_coor1", "equip_long")
LATITUDES = ("latitude", "lat", "ylat", "lat_coor1", "equip_lat")
ONE_CELL = ("coordonneesxy", "geompoint", "geopoint", "geo_point", "geo_point_2d")

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
_WKT = rf"^\s*(?i:point)\s*\(\s*(?P<lon>{_NUMBER})\s+(?P<lat>{_NUMBER})\s*\)\s*$"
_ARRAY = rf"^\s*\[\s*(?P<lon>{_NUMBER})\s*,\s*(?P<lat>{_NUMBER})\s*\]\s*$"
_LON_LAT = rf"^\s*(?P<lon>{_NUMBER})\s*,\s*(?P<lat>{_NUMBER})\s*$"
_LAT_LON = rf"^\s*(?P<lat>{_NUMBER})\s*,\s*(?P<lon>{_NUMBER})\s*$"


@dataclass(frozen=True)
class Points:
    """One place a line, null where it is not known; `columns` are those it was read in."""

    lon: pa.Array  # double, degrees
    lat: pa.Array
    columns: tuple[str, ...]

    @property
    def known(self) -> int:
        """How many lines have a place."""
        return len(self.lon) - self.lon.null_count


def located(table: pa.Table, schema: Schema | None = None) -> Points | None:
    """The places of a table of strings; None when no column says where a line stands.

    Two columns of degrees come first, else one cell: WKT, « [lon, lat] », a geopoint of the
    standard (« lon, lat »), else our normal form (« lat,lon »). Metres are no degrees: columns
    named x and y are left aside. A place off the Earth, or half a place, is none.
    """
    return _two_columns(table) or _one_cell(table, schema)


def _two_columns(table: pa.Table) -> Points | None:
    lon, lat = (_named(table, names) for names in (LONGITUDES, LATITUDES))
    if lon is None or lat is None:
        return None
    return _points(_degrees(table[lon]), _degrees(table[lat]), (lon, lat))


def _named(table: pa.Table, names: tuple[str, ...]) -> str | None:
    by_name = columns_by_name(table)
    return next((by_name[name] for name in names if name in by_name), None)


def columns_by_name(table: pa.Table) -> dict[str, str]:
    """The columns of a table by their name, and by their name in lower case."""
    folded = {name.casefold(): name for name in reversed(table.column_names)}
    return {**folded, **{name: name for name in table.column_names}}


def _one_cell(table: pa.Table, schema: Schema | None) -> Points | None:
    for name in table.column_names:
        made = schema.field(name) if schema else None
        typed = made is not None and made.type == "geopoint"
        if typed or name.casefold() in ONE_CELL:
            found = _read(table[name], _LON_LAT if typed else _LAT_LON, name)
            if found:
                return found
    return None


def _read(column: pa.ChunkedArray, plain: str, name: str) -> Points | None:
    """The first way of writing a point that one cell at least follows."""
    texts = _texts(column)
    for pattern in (_WKT, _ARRAY, plain):
        parts = pc.extract_regex(texts, pattern)
        lon, lat = (_degrees(pc.struct_field(parts, key)) for key in ("lon", "lat"))
        made = _points(lon, lat, (name,))
        if made:
            return made
    return None


def _texts(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())


def _degrees(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    texts = pc.utf8_trim_whitespace(_texts(column))
    plain = pc.match_substring_regex(texts, f"^{_NUMBER}$")
    return pc.if_else(plain, texts, pa.scalar(None, pa.string())).cast(pa.float64())


def _points(lon: pa.Array, lat: pa.Array, columns: tuple[str, ...]) -> Points | None:
    inside = pc.and_(
        pc.less_equal(pc.abs(lon), 180.0),
        pc.less_equal(pc.abs(lat), 90.0),
    )
    nothing = pa.scalar(None, pa.float64())
    made = Points(pc.if_else(inside, lon, nothing), pc.if_else(inside, lat, nothing), columns)
    return made if made.known else None
