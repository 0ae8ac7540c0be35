"""The words by which a published dataset is recognised as one of the catalogue's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.catalog import REFERENCE, CardError, catalog
from data.checking import load


@dataclass(frozen=True)
class Keywords:
    """Phrases as written in matching.yml; how they weigh is said there."""

    strong: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    schema_alone: bool = False


@cache
def keywords() -> dict[str, Keywords]:
    """Keywords by dataset id, for the catalogue shipped with the product (read once)."""
    return load_keywords(REFERENCE / "matching.yml")


def load_keywords(path: Path) -> dict[str, Keywords]:
    """Read and check a file of keywords; raises CardError naming file, field, given, allowed."""
    document = load(path, "matching")
    unknown = sorted(set(document) - set(catalog().datasets))
    if unknown:
        raise CardError(
            f"{path.name} : {unknown[0]!r} donné ; permis : un identifiant de datasets/"
        )
    return {dataset: _keywords(given) for dataset, given in document.items()}


def _keywords(given: dict[str, Any]) -> Keywords:
    phrases = {key: tuple(found) for key, found in given.items() if isinstance(found, list)}
    return Keywords(**phrases, schema_alone=given.get("schema_alone", False))
