"""What a standard is: a Table Schema read leniently, what can be used used, what is wrong said.

A badly formed schema (`problem`) is never mistaken for bad data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MISSING = ("",)
# What tells a JSON Schema (of a GeoJSON standard) from a document that is no schema at all.
JSON_SCHEMA = ("properties", "definitions", "$defs", "$ref", "allOf", "anyOf", "oneOf")
TYPES = (
    "string", "number", "integer", "boolean", "date", "datetime", "time", "year", "yearmonth",
    "duration", "geopoint", "geojson", "array", "object", "any",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a Table Schema. `raw` is its whole description (trueValues, arrayItem...)."""

    name: str
    type: str
    format: str
    constraints: Mapping[str, Any]
    raw: Mapping[str, Any]

    @property
    def required(self) -> bool:
        """Whether each line must hold a value."""
        return self.constraints.get("required") is True


@dataclass(frozen=True)
class Schema:
    """A Table Schema as the validator, the mapping and the publication read it."""

    id: str  # catalogue id, folder, path or address: as it was asked
    version: str | None
    title: str
    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = MISSING
    primary_key: tuple[str, ...] = ()
    custom_checks: tuple[Mapping[str, Any], ...] = ()
    loaded: bool = True
    problem: str | None = None  # what is wrong with the schema itself, loaded or not
    licence: str | None = None
    source: str | None = None  # address or repository
    json_schema: Mapping[str, Any] | None = None  # a GeoJSON standard: no fields
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the standard."""
        return tuple(made.name for made in self.fields)

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((made for made in self.fields if made.name == name), None)

    def header(self) -> dict[str, Any]:
        """As the interface gives it in `validate`."""
        return {
            "id": self.id,
            "version": self.version,
            "loaded": self.loaded,
            "problem": self.problem,
        }


def schema_of(document: Mapping[str, Any], asked: str) -> Schema:
    """A Table Schema (or the JSON Schema of a GeoJSON standard) as we read it, leniently.

    What is wrong in the schema is said in `problem`; it is `loaded` as long as its fields can be
    told apart, so that one the official tools refuse for the form of its `name` can be used.
    """
    fields = document.get("fields")
    if not isinstance(fields, list):
        return _without_fields(document, asked)
    made = tuple(_field(one) for one in fields if isinstance(one, Mapping))
    problem = _problem(document, fields, made)
    return Schema(
        id=asked,
        version=_text(document.get("version")),
        title=_text(document.get("title")) or _text(document.get("name")) or asked,
        fields=made,
        missing_values=_texts(document.get("missingValues")) or MISSING,
        primary_key=_texts(document.get("primaryKey")),
        custom_checks=tuple(
            one for one in document.get("custom_checks") or () if isinstance(one, Mapping)
        ),
        loaded=bool(made) and len({one.name for one in made}) == len(made),
        problem=problem,
        licence=_text(document.get("licence")),
        source=_source(document),
        raw=document,
    )


def _without_fields(document: Mapping[str, Any], asked: str) -> Schema:
    geometric = any(key in document for key in JSON_SCHEMA)
    return Schema(
        id=asked,
        version=_text(document.get("version")),
        title=_text(document.get("title")) or asked,
        fields=(),
        loaded=geometric,
        problem=None if geometric else "Le schéma ne décrit aucun champ.",
        json_schema=document if geometric else None,
        raw=document,
    )


def _field(one: Mapping[str, Any]) -> Field:
    kind = _text(one.get("type")) or "string"
    constraints = one.get("constraints")
    return Field(
        name=_text(one.get("name")) or "",
        type=kind,
        format=_text(one.get("format")) or "default",
        constraints=constraints if isinstance(constraints, Mapping) else {},
        raw=one,
    )


def _problem(document: Mapping[str, Any], fields: list[Any], made: tuple[Field, ...]) -> str | None:
    """The first thing wrong in the schema, in one sentence."""
    names = [one.name for one in made]
    unknown = [one for one in made if one.type not in TYPES]
    if len(made) < len(fields) or not all(names):
        return "Un champ du schéma n'a pas de nom."
    if not made:
        return "Le schéma ne décrit aucun champ."
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return f"Le champ « {twice} » est décrit deux fois."
    if unknown:
        return f"Le champ « {unknown[0].name} » a un type inconnu : {unknown[0].type}."
    return None


def _source(document: Mapping[str, Any]) -> str | None:
    given = document.get("source")
    if isinstance(given, Mapping):
        return _text(given.get("repository"))
    return _text(given) or _text(document.get("homepage"))


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) and str(value) else None


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
