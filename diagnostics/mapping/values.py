"""The nearest allowed value of each foreign one, for the closed lists of a standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

from data.field_words import field_words
from data.schemas import Field, Schema
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.contents import WORDS_FALSE, WORDS_TRUE
from diagnostics.mapping.names import alike, plain, tokens

MOST = 200  # foreign values of a field that are shown, the most frequent ones
WRITING, KNOWN, LEAST = (
    1.0,
    0.95,
    0.5,
)  # same but for its writing; said so by the lexicon; the floor
CERTAIN = 0.99


@dataclass(frozen=True)
class ValueProposal:
    """A value that the closed list lacks, and the allowed one it seems to mean."""

    given: str
    count: int
    kept: str | None
    confidence: float


def value_proposals(
    table: pa.Table, schema: Schema, choices: Choices
) -> dict[str, tuple[ValueProposal, ...]]:
    """Field -> its foreign values, the most frequent first; fields without any are left out."""
    made: dict[str, tuple[ValueProposal, ...]] = {}
    for header, name in choices.fields.items():
        field = schema.field(name) if name else None
        if field is None or header not in table.column_names:
            continue
        allowed = closed_list(field)
        if allowed:
            found = _foreign(table[header], allowed)
            if found:
                made[field.name] = found
    return made


def certain(made: Mapping[str, Sequence[ValueProposal]]) -> dict[str, dict[str, str]]:
    """What differs only by its writing, as `Choices.values` holds it."""
    kept = {
        name: {one.given: one.kept for one in found if one.kept and one.confidence >= CERTAIN}
        for name, found in made.items()
    }
    return {name: values for name, values in kept.items() if values}


def closed_list(field: Field) -> tuple[str, ...]:
    """The values that a field allows; none when any will do."""
    given = field.constraints.get("enum")
    return tuple(str(one) for one in given) if isinstance(given, list) else ()


def _foreign(column: pa.ChunkedArray, allowed: Sequence[str]) -> tuple[ValueProposal, ...]:
    counted = pc.value_counts(column.drop_null())
    pairs = [(str(one["values"]), int(one["counts"])) for one in _most(counted)]
    known = set(allowed)
    return tuple(
        ValueProposal(given, count, *nearest(given, allowed))
        for given, count in pairs
        if given.strip() and given not in known
    )


def _most(counted: pa.StructArray) -> list[dict[str, Any]]:
    order = pc.sort_indices(counted.field("counts"), sort_keys=[("", "descending")])
    taken: list[dict[str, Any]] = counted.take(order[: 2 * MOST]).to_pylist()
    return taken[:MOST]


def nearest(given: str, allowed: Sequence[str]) -> tuple[str | None, float]:
    """The allowed value nearest to one, and how sure that is; (None, 0) when none is."""
    same = [one for one in allowed if plain(one) == plain(given)]
    if len(same) == 1:
        return same[0], WRITING
    marks = sorted(((_likeness(given, one), one) for one in allowed), reverse=True)
    best, kept = marks[0] if marks else (0.0, "")
    rival = marks[1][0] if len(marks) > 1 else 0.0
    sure = best - 0.5 * max(0.0, 0.15 - (best - rival)) / 0.15 if best < WRITING else best
    return (kept, round(max(sure, 0.3), 2)) if best >= LEAST else (None, 0.0)


def _likeness(given: str, allowed: str) -> float:
    left, right = plain(given), plain(allowed)
    if _boolean(left) is not None and _boolean(left) == _boolean(right):
        return KNOWN
    if _groups().get(left, frozenset()) & _groups().get(right, frozenset()):
        return KNOWN
    if len(left) < 3 or len(right) < 3:
        return 0.0
    written = fuzz.ratio(left, right) / 100
    return min(0.93, max(written if written >= 0.7 else 0.0, _by_words(given, allowed)))


def _by_words(given: str, allowed: str) -> float:
    mine, theirs = tokens(given), tokens(allowed)
    near = alike(mine, theirs)
    if not near.size:
        return 0.0
    return float((near.max(axis=0).mean() * near.max(axis=1).mean()) ** 0.5) * 0.93


def _boolean(text: str) -> bool | None:
    return True if text in WORDS_TRUE else False if text in WORDS_FALSE else None


@cache
def _groups() -> dict[str, frozenset[int]]:
    made: dict[str, set[int]] = {}
    for number, words in enumerate(field_words().values):
        for word in words:
            made.setdefault(plain(word), set()).add(number)
    return {word: frozenset(found) for word, found in made.items()}
