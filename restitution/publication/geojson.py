"""The lines of a table as GeoJSON (RFC 7946), where they have a place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from data.points import located
from data.schemas import Schema
from drawing import french
from restitution.publication.tabular import Tabular

MOST_FEATURES = 200_000
SHAPES = frozenset(
    "Point MultiPoint LineString MultiLineString Polygon MultiPolygon".split()  # noqa: SIM905
)
_NO_PLACE = "Aucune colonne ne dit où sont les lignes, en degrés (WGS84) ou en GeoJSON."
_LONGEST_SHAPE = 5_000_000  # characters of one geometry


def as_geojson(
    made: Tabular, given: pa.Table, schema: Schema, title: str
) -> tuple[bytes | None, str]:
    """The features, or None and why there are none; a line without a place keeps its values.

    `given` is the table before its texts were made harmless: places are read there.
    """
    rows = made.texts.num_rows
    if rows > MOST_FEATURES:
        return None, (
            f"Trop de lignes pour un GeoJSON ({french.number(rows)}, "
            f"{french.number(MOST_FEATURES)} au plus)\u00a0: prenez le Parquet."
        )
    shapes = _shapes(given, schema) or _points(given, schema)
    if shapes is None:
        return None, _NO_PLACE
    features = [
        {"type": "Feature", "geometry": shape, "properties": values}
        for shape, values in zip(shapes, _properties(made.typed), strict=True)
    ]
    document = {"type": "FeatureCollection", "title": title, "features": features}
    said = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{said}\n".encode(), ""


def _points(table: pa.Table, schema: Schema) -> list[dict[str, Any] | None] | None:
    found = located(table, schema)
    if found is None:
        return None
    pairs = zip(found.lon.to_pylist(), found.lat.to_pylist(), strict=True)
    return [
        None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
        for lon, lat in pairs
    ]


def _shapes(table: pa.Table, schema: Schema) -> list[dict[str, Any] | None] | None:
    """The geometries that a column of type « geojson » holds; None when there is no such column."""
    named = next((one.name for one in schema.fields if one.type == "geojson"), None)
    if named is None or named not in table.column_names:
        return None
    shapes = [_shape(cell) for cell in table[named].to_pylist()]
    return shapes if any(shapes) else None


def _shape(cell: str | None) -> dict[str, Any] | None:
    if not cell or len(cell) > _LONGEST_SHAPE:
        return None
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("type") not in SHAPES:
        return None
    placed = found.get("coordinates")
    return {"type": found["type"], "coordinates": placed} if isinstance(placed, list) else None


def _properties(table: pa.Table) -> Iterator[dict[str, Any]]:
    columns = [_plain(column) for column in table.columns]
    names = table.column_names
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """The values as JSON holds them: days and moments as ISO texts, no infinite number."""
    if pa.types.is_temporal(column.type):
        return [
            one.isoformat() if isinstance(one, date | datetime) else one
            for one in column.to_pylist()
        ]
    if pa.types.is_floating(column.type):
        return [None if one is None or one - one != 0 else one for one in column.to_pylist()]
    return list(column.to_pylist())
