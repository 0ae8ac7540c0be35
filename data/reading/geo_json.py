"""GeoJSON, and plain JSON that is a list of records, as grids whose column names are known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import shapely

from data.reading import sheet_texts
from data.reading.bounds import DOCUMENT, check_grid, check_size, guarded, too_big
from data.reading.geo_points import places
from data.reading.html_tables import decoded
from data.reading.reading import COLUMNS, SHOWN, Grid, Unreadable

_GEOMETRIES = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}


def grid(path: Path) -> Grid:
    """The features, or the records, of a JSON document. Raises Unreadable."""
    check_size(path.stat().st_size, DOCUMENT)
    text, encoding = decoded(path.read_bytes())
    document = _parsed(text.removeprefix("\ufeff"))
    with guarded("Le fichier JSON"):
        features = _features(document)
        if features is None:
            return _table(_records(document), encoding)
        return _table(
            [_properties(made) for made in features],
            encoding,
            [made.get("geometry") for made in features],
            _crs(document),
        )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refused_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"Le fichier JSON est abîmé ou incomplet, ligne {error.lineno}, caractère "
            f"{error.colno}\u00a0: exportez-le de nouveau depuis le logiciel qui l'a produit."
        ) from error
    except (RecursionError, MemoryError) as error:
        raise too_big("le document JSON est trop imbriqué") from error
    except ValueError as error:
        raise Unreadable(
            "Le fichier JSON contient un nombre illisible\u00a0: exportez-le de nouveau."
        ) from error


def _refused_constant(_: str) -> NoReturn:
    raise ValueError


def _features(document: Any) -> list[dict[str, Any]] | None:
    """The features of a GeoJSON document; None for another JSON."""
    if isinstance(document, list) and document and all(map(_is_feature, document)):
        return document
    if not isinstance(document, dict):
        return None
    kind = document.get("type")
    if kind == "FeatureCollection":
        found = document.get("features")
        if not isinstance(found, list) or not all(isinstance(made, dict) for made in found):
            raise Unreadable(
                "Le fichier GeoJSON n'a pas de liste d'objets «\u00a0features\u00a0»\u00a0: "
                "exportez-le de nouveau."
            )
        return found
    if _is_feature(document):
        return [document]
    if kind in _GEOMETRIES and ("coordinates" in document or "geometries" in document):
        return [{"geometry": document}]
    return None


def _is_feature(made: Any) -> bool:
    return isinstance(made, dict) and made.get("type") == "Feature"


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    made = dict(found) if isinstance(found, dict) else {}
    if isinstance(feature.get("id"), str) and "id" not in made:
        return {"id": feature["id"], **made}
    return made


def _records(document: Any) -> list[dict[str, Any]]:
    lists = [document]
    if isinstance(document, dict):
        lists = [made for made in document.values() if isinstance(made, list)]
    tables = [made for made in lists if _is_table(made)]
    if len(tables) != 1:
        raise Unreadable(
            "Ce fichier JSON n'est ni un GeoJSON ni une liste d'enregistrements\u00a0: "
            "exportez les données au format CSV ou GeoJSON."
        )
    return list(tables[0])


def _is_table(made: Any) -> bool:
    return isinstance(made, list) and bool(made) and all(isinstance(row, dict) for row in made)


def _crs(document: Any) -> str | None:
    """What the document says, in its old form; without a word, GeoJSON is in WGS84."""
    said = document.get("crs") if isinstance(document, dict) else None
    if isinstance(said, dict) and isinstance(said.get("properties"), dict):
        name = said["properties"].get("name")
        return str(name)[:2000] if name else None
    return None


def _table(
    rows: Sequence[Mapping[str, Any]],
    encoding: str,
    shapes: Sequence[Any] | None = None,
    crs: str | None = None,
) -> Grid:
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > COLUMNS:
        raise too_big(f"{len(names)} propriétés différentes")
    check_grid(len(rows), len(names) + 2, "le document")
    columns = [pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names]
    flags: tuple[str, ...] = ()
    if shapes is not None:
        made = _shapes(shapes)
        found = places(made, crs)
        columns += found.columns
        names += found.names
        flags = found.flags + _unread(shapes, made)
    cells = pa.table({str(index): column for index, column in enumerate(columns)})
    return Grid(cells, encoding=encoding, header=tuple(names), flags=flags)


def _text(value: Any) -> str | None:
    known = sheet_texts.TEXT.get(type(value))
    if known is not None:
        return known(value)
    return json.dumps(value, ensure_ascii=False)


def _shapes(geometries: Sequence[Any]) -> Any:
    """An array of shapely geometries; None for an absent or wrong one."""
    made = np.full(len(geometries), None, dtype=object)
    points = [(index, point) for index, one in enumerate(geometries) if (point := _point(one))]
    if points:
        made[[index for index, _ in points]] = shapely.points([point for _, point in points])
    done = {index for index, _ in points}
    others = [index for index, one in enumerate(geometries) if index not in done and _is_shape(one)]
    if others:
        written = [json.dumps(geometries[index]) for index in others]
        made[others] = shapely.from_geojson(written, on_invalid="ignore")
    return made


def _point(geometry: Any) -> tuple[float, float] | None:
    """Longitude and latitude of a plain point of two numbers."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    at = geometry.get("coordinates")
    if not isinstance(at, list) or len(at) != 2:
        return None
    if not all(type(part) in (int, float) and abs(part) < 1e12 for part in at):
        return None
    return float(at[0]), float(at[1])


def _is_shape(geometry: Any) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") in _GEOMETRIES


def _unread(given: Sequence[Any], made: Any) -> tuple[str, ...]:
    rows = [
        str(index + 1) for index, one in enumerate(given) if one is not None and made[index] is None
    ]
    return (f"geometry_invalid:{','.join(rows[:SHOWN])}",) if rows else ()
