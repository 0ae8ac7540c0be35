"""A GeoJSON file against a JSON Schema (drafts 4 to 2020): every fault, feature by feature.

The only remote reference that is answered is to the schemas of geojson.org, by the description of
RFC 7946 below. Sizes are bounded and patterns run in RE2, whose time is linear: schemas come from
anyone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
from jsonschema import Draft202012Validator, exceptions, validators
from referencing import Registry, Resource
from referencing import exceptions as unfound
from referencing.jsonschema import DRAFT7

LARGEST = 100_000_000  # bytes of a file
MOST = 200_000  # features
DEEPEST = 40  # levels of a schema
OF_GEOJSON = ("https://geojson.org/schema/", "http://geojson.org/schema/")
UNSAFE = ("patternProperties", "rfc7946")  # patterns jsonschema would run itself; our own keyword
LONGEST = 80  # characters of a value kept as an example
SHAPE = "rfc7946"  # our keyword
# type of geometry -> lists around its positions, positions that the innermost one needs
NESTED = {
    "Point": (0, 1),
    "MultiPoint": (1, 0),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}


class NotGeoJson(Exception):
    """A file that cannot be judged: one French sentence."""


class BadSchema(Exception):
    """A JSON Schema that cannot be used: one French sentence."""


@dataclass(frozen=True)
class Fault:
    """One error: the feature (1-based, None for the whole file), where in it, the rule broken."""

    feature: int | None
    place: tuple[str, ...]  # « properties », « nom »... or « geometry »
    rule: str  # the keyword of JSON Schema: required, type, enum...
    wanted: Any
    example: str | None


def features(path: Path) -> dict[str, Any]:
    """The FeatureCollection of a file; a single feature makes one. Raises NotGeoJson."""
    if path.stat().st_size > LARGEST:
        raise NotGeoJson(f"Fichier trop lourd : {LARGEST // 1_000_000} Mo au plus pour un GeoJSON.")
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refused)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotGeoJson("Ce fichier n'est pas du JSON en UTF-8.") from error
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {"type": "FeatureCollection", "features": [document]}
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise NotGeoJson("Ce fichier n'est pas une collection d'objets GeoJSON.")
    if len(document["features"]) > MOST:
        raise NotGeoJson(f"Fichier trop long : {MOST} objets au plus pour un GeoJSON.")
    return document


def faults(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault of every feature. Raises BadSchema when the schema cannot be used."""
    if not schema:
        raise BadSchema("Le schéma est vide.")
    _safe(schema, 0)
    made = _validator(schema)
    try:
        for error in made.iter_errors(document):
            yield _fault(error)
    except (unfound.Unresolvable, exceptions.UnknownType) as error:
        raise BadSchema("Le schéma renvoie à un autre schéma, qui n'est pas suivi.") from error
    except (ArithmeticError, TypeError, ValueError) as error:
        raise BadSchema("Le schéma ne peut pas être appliqué à ce fichier.") from error
    except RecursionError as error:
        raise BadSchema("Le schéma se renvoie à lui-même sans fin.") from error


def _validator(schema: Mapping[str, Any]) -> Any:
    found = validators.validator_for(schema, default=Draft202012Validator)
    try:
        found.check_schema(dict(schema))
    except (exceptions.SchemaError, RecursionError) as error:
        raise BadSchema("Le schéma n'est pas un schéma JSON bien formé.") from error
    registry: Registry[Any] = Registry(retrieve=_retrieved)  # type: ignore[call-arg]
    return validators.extend(found, {"pattern": _pattern, SHAPE: _shape})(schema, registry=registry)


def _safe(value: Any, depth: int) -> None:
    """Raises BadSchema for what could run for ever."""
    if depth > DEEPEST:
        raise BadSchema("Le schéma a trop de niveaux.")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in UNSAFE:
                raise BadSchema(f"Le schéma utilise « {key} », qui n'est pas contrôlé ici.")
            if key == "pattern" and isinstance(inner, str):
                _compiled(inner)
            _safe(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _safe(inner, depth + 1)


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[exceptions.ValidationError]:
    """The keyword `pattern`, in RE2."""
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield exceptions.ValidationError("pattern")


@cache
def _compiled(pattern: str) -> None:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadSchema("Le schéma demande un motif qui ne peut pas être contrôlé ici.") from error


@lru_cache(maxsize=100_000)
def _matches(pattern: str, text: str) -> bool:
    return bool(pc.match_substring_regex(pa.array([text]), pattern)[0].as_py())


def _fault(error: exceptions.ValidationError) -> Fault:
    """The fault behind an error; of alternatives, the one that the value is nearest to."""
    chosen = exceptions.best_match([error]) or error
    path = list(chosen.absolute_path)
    feature = None
    if len(path) > 1 and path[0] == "features" and isinstance(path[1], int):
        feature, path = path[1] + 1, path[2:]
    place = [str(one) for one in path if not isinstance(one, int)]
    if chosen.validator == "required" and isinstance(chosen.instance, Mapping):
        wanted = chosen.validator_value if isinstance(chosen.validator_value, list) else []
        absent = [str(one) for one in wanted if one not in chosen.instance]
        # jsonschema gives one error for each absent property, in order
        named = next(
            (one for one in absent if repr(one) in chosen.message), absent[:1] and absent[0]
        )
        place += [named] if named else []
    return Fault(
        feature, tuple(place), str(chosen.validator), chosen.validator_value, _shown(chosen)
    )


def _shown(error: exceptions.ValidationError) -> str | None:
    value = error.instance
    if isinstance(value, Mapping | list) or error.validator == "required":
        return None
    return json.dumps(value, ensure_ascii=False).strip('"')[:LONGEST]


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _retrieved(uri: str) -> Resource[Any]:
    """Our description of what geojson.org describes; nothing else is fetched."""
    for start in OF_GEOJSON:
        name = uri.removeprefix(start).removesuffix(".json")
        if uri.startswith(start) and name in _described():
            return Resource.from_contents(_described()[name], default_specification=DRAFT7)
    raise unfound.NoSuchResource(uri)


@cache
def _described() -> dict[str, dict[str, Any]]:
    """RFC 7946 in its own words: what a geometry, a feature and a collection hold.

    Coordinates are looked at by a keyword of ours: alternatives would be tried one by one.
    """
    made: dict[str, dict[str, Any]] = {
        name: {SHAPE: [name]} for name in (*NESTED, "GeometryCollection")
    }
    made["Geometry"] = {SHAPE: [*NESTED, "GeometryCollection"]}
    made["Feature"] = {
        "type": "object",
        "required": ["type", "properties", "geometry"],
        "properties": {
            "type": {"enum": ["Feature"]},
            "id": {"type": ["number", "string"]},
            "properties": {"type": ["object", "null"]},
            "geometry": {SHAPE: [*made["Geometry"][SHAPE], None]},
        },
    }
    made["FeatureCollection"] = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": made["Feature"]},
        },
    }
    made["GeoJSON"] = {"oneOf": [made["Geometry"], made["Feature"], made["FeatureCollection"]]}
    return made


def _shape(
    _: Any, names: list[str | None], instance: Any, __: Any
) -> Iterator[exceptions.ValidationError]:
    """Our keyword: a geometry of one of these types, or nothing when None is among them."""
    if not (instance is None and None in names) and not _geometry(instance, names, 0):
        yield exceptions.ValidationError(SHAPE)


def _geometry(value: Any, names: list[str | None], depth: int) -> bool:
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in names or depth > DEEPEST:
        return False
    if kind == "GeometryCollection":
        inner = value.get("geometries")
        allowed: list[str | None] = [*NESTED, kind]
        return isinstance(inner, list) and all(_geometry(one, allowed, depth + 1) for one in inner)
    levels, fewest = NESTED[kind]
    return _positions(value.get("coordinates"), levels, fewest)


def _positions(value: Any, levels: int, fewest: int) -> bool:
    """Whether a list holds positions under `levels` lists, the last with at least `fewest`."""
    if not isinstance(value, list):
        return False
    if levels == 0:
        return len(value) >= 2 and all(
            isinstance(one, int | float) and not isinstance(one, bool) for one in value
        )
    if levels == 1 and len(value) < fewest:
        return False
    return all(_positions(one, levels - 1, fewest) for one in value)
