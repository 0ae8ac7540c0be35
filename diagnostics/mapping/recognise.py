"""Which standard a table is made for: those kept here, best first, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from data.reading.reading import ReadColumn
from data.schemas import Schema
from data.standards import by_id, folders, standard
from diagnostics.mapping.contents import Profile, profile
from diagnostics.mapping.labels import named
from diagnostics.mapping.names import tokens
from diagnostics.mapping.propose import NONE, Mapped, proposed

SHORTLIST = 6  # standards whose values are looked at
LEAST = 0.5  # score under which a standard is not named
CLOSE = 0.7  # share of the best score under which another standard is no rival
SHOWN = 5
WIDEST = 200  # columns of the file that count
CLEAR = 0.75  # likeness of a header from which it counts in the shortlist
COMMON = frozenset(
    ["nom", "date", "id", "identifiant", "numero", "code", "adresse", "commune", "ville", "x", "y"]
    + ["latitude", "longitude", "lat", "lon", "long", "insee", "postal", "cp", "siret", "type"]
    + ["commentaire", "remarque", "observation", "url", "email", "telephone", "tel", "rue", "mail"]
    + ["mise_a_jour", "libelle", "num", "horaire", "gestionnaire", "description", "anne", "source"]
)


@dataclass(frozen=True)
class Recognised:
    """A standard that a table may be made for."""

    schema_id: str
    folder: str
    title: str
    score: float  # 0 to 1
    matched: int  # columns of the file that are fields of it
    required_found: int
    required: int
    why: str

    def document(self) -> dict[str, Any]:
        """As the command gives it."""
        return {
            "schema": {"id": self.schema_id, "folder": self.folder, "title": self.title},
            "score": self.score,
            "matched": self.matched,
            "required_found": self.required_found,
            "required": self.required,
            "why": self.why,
        }


def recognise(columns: Sequence[ReadColumn], table: pa.Table) -> tuple[Recognised, ...]:
    """The standards that fit, best first; empty when nothing does."""
    kept = list(columns)[:WIDEST]
    if not kept or table.num_columns < 2:
        return ()
    headers = [one.name for one in kept]
    ids = {folder: name for name, folder in by_id().items()}
    shortlist = sorted(folders(), key=lambda name: -_quick(headers, _kept(name)))[:SHORTLIST]
    profiles = [profile(table[name]) for name in headers]
    found = [_judged(kept, profiles, name, ids.get(name, name)) for name in shortlist]
    best = max((one.score for one in found), default=0.0)
    fit = [one for one in found if one.score >= max(LEAST, CLOSE * best)]
    return tuple(sorted(fit, key=lambda one: (-one.score, one.folder))[:SHOWN])


@cache
def _kept(folder: str) -> Schema:
    return standard(folder)


def _quick(headers: Sequence[str], schema: Schema) -> float:
    """How much the headers alone look like the standard: the likeness of the clear ones."""
    best = named(headers, schema)
    if not best.size:
        return 0.0
    clear = best.max(axis=1)
    told = np.array([0.35 if _common(header) else 1.0 for header in headers])
    required = np.array([field.required for field in schema.fields])
    reached = best[:, required].max(axis=0) >= CLEAR if required.any() else np.array([False])
    return float((told * np.where(clear >= CLEAR, clear, 0)).sum() + 2 * reached.mean())


def _common(header: str) -> bool:
    """A header that many kinds of files have tells none of them."""
    return set(tokens(header)) <= COMMON


def _judged(
    columns: Sequence[ReadColumn], profiles: Sequence[Profile], folder: str, schema_id: str
) -> Recognised:
    schema = _kept(folder)
    made = proposed(columns, profiles, schema)
    matched = [one for one in made.columns if one.decision != NONE or one.split or one.merge]
    required = sum(field.required for field in schema.fields)
    found = required - len(made.missing_required)
    score = _score(matched, len(columns), found, required, schema)
    why = _why(len(matched), len(columns), found, required, len(schema.fields))
    return Recognised(schema_id, folder, schema.title, score, len(matched), found, required, why)


def _score(
    matched: Sequence[Mapped], columns: int, found: int, required: int, schema: Schema
) -> float:
    """Shares of the file's columns explained and of the required fields found, both needed.

    A file whose only matches are headers that any file has (name, address, date) stays low.
    """
    weights = [one.confidence * (0.5 if _common(one.header) else 1.0) for one in matched]
    telling = sum(1 for one in matched if not _common(one.header) and one.confidence >= 0.7)
    share = min(1.0, sum(weights) / max(1.0, min(columns, len(schema.fields)) * 0.85))
    needed = found / required if required else min(1.0, len(matched) / 4)
    score = 0.55 * share + 0.45 * needed
    if telling < 2 and len(matched) < max(4, 0.8 * len(schema.fields)):
        score *= 0.5
    return round(min(1.0, score * min(1.0, 0.4 + 0.2 * len(matched))), 3)


def _why(matched: int, columns: int, found: int, required: int, fields: int) -> str:
    parts = [f"{matched} de vos {columns} colonnes sont des champs de ce standard"]
    if required:
        parts.append(f"{found} de ses {required} champs obligatoires sont là")
    else:
        parts.append(f"il compte {fields} champs, tous facultatifs")
    return "\u00a0; ".join(parts) + "."
