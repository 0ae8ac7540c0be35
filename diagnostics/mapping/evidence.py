"""What names and values say together of each pair (column, field), and how sure that makes us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.field_words import field_words
from data.schemas import Field, Schema
from diagnostics.mapping.contents import Profile, fits, kinds
from diagnostics.mapping.labels import named
from diagnostics.mapping.names import raw_tokens

LOOKED_AT = 0.22  # likeness of names from which values are looked at
IMPOSSIBLE = -0.85  # fit under which only the very name of the field is believed
TELLING = 0.6  # fit from which values speak by themselves
ALONE = frozenset(
    ["siret", "siren", "email", "url", "phone", "geopoint", "geojson", "enum", "uuid", "latitude"]
    + ["longitude", "insee", "postal", "year", "date", "datetime"]
)
NAMELESS = frozenset(
    [
        "colonne",
        "column",
        "col",
        "champ",
        "field",
        "unnamed",
        "donne",
        "valeur",
        "var",
        "f",
        "c",
        "sans",
    ]
)

# A logistic regression on the first half of tests/diagnostics/mapping/benchmark.csv.
INTERCEPT = -2.0
WEIGHTS = np.array([0.88, 1.68, 1.28, 1.53, -1.34, 5.79, 2.0, 0.89])


@dataclass(frozen=True)
class Evidence:
    """Columns x fields: likeness of names, fit of values, and the mark of both."""

    headers: tuple[str, ...]
    kinds: tuple[str, ...]  # what each field expects
    names: np.ndarray
    fits: np.ndarray
    marks: np.ndarray

    def confidence(self, row: int, marks: np.ndarray) -> np.ndarray:
        """How sure each field is for a column, given what the other columns are worth."""
        made = self.features(row, marks) @ WEIGHTS + INTERCEPT
        return np.asarray(np.where(marks[row] > 0, 1 / (1 + np.exp(-made)), 0.0))

    def features(self, row: int, marks: np.ndarray) -> np.ndarray:
        """Fields x 8: name, its square, exact, for, against, lead in row, in column, by values."""
        name, fit, mine = self.names[row], self.fits[row], marks[row]
        return np.stack(
            [
                name,
                name**2,
                name >= 0.999,
                np.clip(fit, 0, 1),
                np.clip(-fit, 0, 1),
                np.clip(mine - _best_other(mine), -0.4, 0.4),
                np.clip(mine - _best_elsewhere(marks, row), -0.4, 0.4),
                (name < 0.45) & (fit >= TELLING),
            ],
            axis=1,
        )


def _best_other(marks: np.ndarray) -> np.ndarray:
    """For each place, the greatest mark at another place."""
    if len(marks) < 2:
        return np.zeros_like(marks)
    order = np.argsort(marks)
    best = np.full_like(marks, marks[order[-1]])
    best[order[-1]] = marks[order[-2]]
    return best


def _best_elsewhere(marks: np.ndarray, row: int) -> np.ndarray:
    others = np.delete(marks, row, axis=0)
    return np.asarray(others.max(axis=0)) if len(others) else np.zeros(marks.shape[1])


def weighed(headers: Sequence[str], profiles: Sequence[Profile], schema: Schema) -> Evidence:
    """The evidence of every pair."""
    names = named(headers, schema)
    expects = kinds(schema)
    judged = np.zeros_like(names)
    for row, made in enumerate(profiles):
        unnamed = _unnamed(headers[row], names[row])
        for column, field in enumerate(schema.fields):
            alone = unnamed and _tells_alone(made, field, expects[column])
            if alone or names[row, column] >= LOOKED_AT:
                judged[row, column] = fits(made, field, expects[column])
    marks = _marked(headers, profiles, schema, names, judged, expects)
    return Evidence(tuple(headers), expects, names, judged, marks)


def _tells_alone(made: Profile, field: Field, kind: str) -> bool:
    """Whether the values are of a kind that few fields take, and this one does."""
    if made.empty or kind not in ALONE:
        return not made.empty and kind == "any" and "pattern" in field.constraints
    shares = {"geopoint": "point", "geojson": "wkt", "latitude": "number", "longitude": "number"}
    return kind == "enum" or made.share(shares.get(kind, kind)) >= 0.7


def _marked(
    headers: Sequence[str],
    profiles: Sequence[Profile],
    schema: Schema,
    names: np.ndarray,
    judged: np.ndarray,
    expects: Sequence[str],
) -> np.ndarray:
    against, pro = np.clip(-judged, 0, 1), np.clip(judged, 0, 1)
    marks = names * (1 - 0.75 * against) + 0.2 * pro * np.clip(names / 0.5, 0, 1)
    marks[(judged <= IMPOSSIBLE) & (names < 0.95)] = 0
    for row, made in enumerate(profiles):
        marks[row] += _by_values_alone(headers[row], judged[row], names[row], expects)
        for column, field in enumerate(schema.fields):
            if marks[row, column] > 0.2:
                marks[row, column] += _repeated(made, field, expects[column], schema)
    return np.asarray(np.clip(marks, 0, None))


def _unnamed(header: str, names: np.ndarray) -> bool:
    """Whether the header is like no field, so that values alone may speak."""
    return _nameless(header) or bool(names.max(initial=0.0) < 0.45)


def _nameless(header: str) -> bool:
    """« Colonne 3 », « Champ1 »: a name that says nothing."""
    return all(word in NAMELESS or word.isdigit() for word in raw_tokens(header))


def _by_values_alone(
    header: str, judged: np.ndarray, names: np.ndarray, expects: Sequence[str]
) -> np.ndarray:
    """What values say of a column without a name that says something."""
    made = np.zeros_like(judged)
    telling = [place for place, fit in enumerate(judged) if fit >= TELLING]
    if not telling or not _unnamed(header, names):
        return made
    share = 0.55 if _nameless(header) else 0.4
    for place in telling:
        rivals = sum(1 for other in telling if expects[other] == expects[place])
        made[place] = share * judged[place] / rivals
    return made


def _repeated(made: Profile, field: Field, kind: str, schema: Schema) -> float:
    """Whether the field is one that stays the same, or never does, and the values agree."""
    usual = field.name in field_words().constant
    if usual:
        return 0.07 if made.constant else -0.14 if made.different >= 3 else 0.0
    if made.constant and made.filled >= 3 and kind in ("siret", "siren"):
        return -0.1
    key = field.name in schema.primary_key or field.constraints.get("unique") is True
    if key and made.filled >= 4 and not made.distinctive:
        return -0.15
    return 0.0
