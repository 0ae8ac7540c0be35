"""Standards of local data: which ones are kept here, and the schema asked for by id or by file.

A standard is kept as facts (field, type, constraints, version, source) in one file of
data/reference/standards.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from data.catalog import REFERENCE, catalog
from data.checking import CardError, load
from data.schemas import Schema, schema_of

FOLDER = REFERENCE / "standards"
CATALOGUE = "catalogue.yml"
LARGEST = 5_000_000  # bytes of a schema


class UnknownSchema(Exception):
    """No such standard: one sentence, what was given and what is allowed."""


@cache
def folders() -> dict[str, Path]:
    """The standards kept here, by folder name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yml")) if path.name != CATALOGUE}


@cache
def by_id() -> dict[str, str]:
    """Catalogue id -> folder name."""
    return {str(_facts(name)["id"]): name for name in folders()}


def standard(asked: str) -> Schema:
    """A standard kept here, by catalogue id or folder name. Raises UnknownSchema."""
    name = asked if asked in folders() else by_id().get(asked)
    if name is None:
        raise UnknownSchema(_unknown(asked))
    return schema_of(_facts(name), asked)


def opened(asked: str) -> Schema:
    """A standard kept here, or the schema of a file. Raises UnknownSchema."""
    if asked in folders() or asked in by_id():
        return standard(asked)
    path = Path(asked)
    try:
        if not path.is_file():
            raise UnknownSchema(_unknown(asked))
        if path.stat().st_size > LARGEST:
            raise UnknownSchema(
                f"« {asked} » : schéma trop lourd ({LARGEST // 1_000_000} Mo au plus)."
            )
        return parsed(path.read_bytes(), asked)
    except OSError as error:
        raise UnknownSchema(f"« {asked[:120]} » : illisible ({error.strerror}).") from error


def parsed(body: bytes, asked: str) -> Schema:
    """The schema that a JSON document holds. Raises UnknownSchema when it is no JSON object."""
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UnknownSchema(f"« {asked[:120]} » : ce n'est pas un schéma en JSON.") from error
    if not isinstance(document, dict):
        raise UnknownSchema(f"« {asked[:120]} » : ce n'est pas un schéma en JSON.")
    return schema_of(document, asked)


def _facts(name: str) -> dict[str, Any]:
    try:
        return dict(load(folders()[name], "standard"))
    except CardError as error:
        raise UnknownSchema(str(error)) from error


def _unknown(asked: str) -> str:
    known = ", ".join(sorted(folders()))
    hint = " (décrit au catalogue, sans champs ici : donnez le chemin ou l'adresse de son schéma)"
    listed = asked in catalog().standards
    given = f"Standard « {asked[:120]} » inconnu{hint if listed else ''}"
    return f"{given} ; permis : {known}, ou un fichier."
