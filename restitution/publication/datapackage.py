"""The package described for machines: Data Package and Table Schema, version 1."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from data.cells import neutral
from data.schemas import Field, Schema
from restitution.publication.tabular import Tabular
from restitution.publication.to_publish import ToPublish, slug
from restitution.publication.vocabularies import LICENCES, MEDIA

TITLES = {
    "data.csv": "Données, forme du standard (CSV)",
    "data.geojson": "Données situées (GeoJSON)",
    "data.parquet": "Données typées (Parquet)",
}
NAMES = {"data.csv": "data", "data.geojson": "data-geojson", "data.parquet": "data-parquet"}
# What a field of a Table Schema may say, and the constraints that its type allows.
_KEPT = (
    "title", "description", "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber",
    "example", "rdfType",
)  # fmt: skip
_ORDERED = ("minimum", "maximum")
_SIZED = ("minLength", "maxLength")
_ALLOWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("string",), (*_SIZED, "pattern")),
    **dict.fromkeys(("array", "object"), _SIZED),
    **dict.fromkeys(
        ("integer", "number", "date", "time", "datetime", "year", "yearmonth"), _ORDERED
    ),
}


def as_datapackage(made: ToPublish, table: Tabular, files: Mapping[str, bytes]) -> bytes:
    """`datapackage.json` for these data files."""
    said = made.said
    licence = LICENCES[said.licence]
    document = {
        "profile": "data-package",
        "name": slug(f"{made.place.code}-{said.title}"),
        "title": said.title,
        "description": said.description,
        "created": f"{datetime.combine(made.day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        "version": made.day.isoformat(),
        "keywords": list(said.keywords),
        "fictional": made.place.fictional,
        "licenses": [{"name": licence.name, "title": _terms(made), "path": licence.path}],
        "contributors": _contributors(made),
        "sources": [_source(made)],
        **_conforms(made),
        "resources": [_resource(made, table, name, files[name]) for name in NAMES if name in files],
    }
    return json_bytes(document)


def _conforms(made: ToPublish) -> dict[str, Any]:
    """The standard; nothing for a file that follows none."""
    if not made.has_standard:
        return {}
    return {"conformsTo": {"schema": made.standard, "version": made.schema.version}}


def _terms(made: ToPublish) -> str:
    """The licence; one that nobody decided is only proposed, and said so."""
    title = LICENCES[made.said.licence].title
    decided = made.consents.licence and made.consents.licence_by.strip()
    return title if decided else f"{title} (proposée, pas encore décidée)"


def _contributors(made: ToPublish) -> list[dict[str, str]]:
    said = made.said
    listed = [{"title": said.organisation, "role": "publisher"}]
    if said.producer != said.organisation:
        listed.append({"title": said.producer, "role": "author"})
    return listed


def _source(made: ToPublish) -> dict[str, str]:
    """Where the data come from: the digest tells the file apart without showing it."""
    return {
        "title": f"Fichier de {made.said.producer}",
        "hash": f"sha256:{made.source_sha256}",
        "transformations": "transformations.json",
    }


def _resource(made: ToPublish, table: Tabular, name: str, content: bytes) -> dict[str, Any]:
    extension = name.rpartition(".")[2]
    tabular = extension == "csv"
    return {
        "name": NAMES[name],
        "title": made.titled(TITLES[name]),
        **({"profile": "tabular-data-resource"} if tabular else {}),
        "path": name,
        "format": extension,
        "mediatype": MEDIA[extension],
        **({} if extension == "parquet" else {"encoding": "utf-8"}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **({"dialect": {"delimiter": ",", "lineTerminator": "\n"}} if tabular else {}),
        **({"schema": table_schema(made.schema, table)} if tabular else {}),
    }


def table_schema(schema: Schema, table: Tabular) -> dict[str, Any]:
    """The Table Schema of the columns that are there, as the standard has them."""
    by_name = {neutral(one.name): one for one in schema.fields}
    fields = [_field(name, by_name.get(name)) for name in table.columns]
    key = [neutral(name) for name in schema.primary_key]
    there = key and set(key) <= set(table.columns)
    return {
        "fields": fields,
        "missingValues": list(dict.fromkeys(["", *schema.missing_values])),
        **({"primaryKey": key} if there else {}),
    }


def _field(name: str, made: Field | None) -> dict[str, Any]:
    if made is None:
        return {"name": name, "type": "string"}
    kind = "any" if made.type == "duration" else made.type
    constraints = _constraints(made)
    return {
        "name": name,
        "type": kind,
        **({"format": made.format} if made.format != "default" else {}),
        **{key: made.raw[key] for key in _KEPT if made.raw.get(key) is not None},
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(made: Field) -> dict[str, Any]:
    """Those that the type allows; a bound written as a text is a number again."""
    allowed = ("required", "unique", "enum", *_ALLOWED.get(made.type, ()))
    kept = {name: value for name, value in made.constraints.items() if name in allowed}
    if made.type in ("integer", "number"):
        for name in _ORDERED:
            if isinstance(kept.get(name), str):
                kept[name] = _number(kept[name])
    return {name: value for name, value in kept.items() if value is not None}


def _number(text: str) -> float | int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def json_bytes(document: Any) -> bytes:
    """A JSON document as UTF-8, indented, the same bytes for the same document."""
    said = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return f"{said}\n".encode()
