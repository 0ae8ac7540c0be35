"""The words by which towns' services name the columns of their files, as the lexicon keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from data.catalog import REFERENCE
from data.checking import load

FILE = REFERENCE / "field_words.yml"
Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class FieldWords:
    """Words as written (accents, plurals); whoever compares them normalises them."""

    stop: tuple[str, ...]
    units: tuple[str, ...]
    same: Groups  # concept -> words that mean just that
    near: tuple[tuple[str, ...], ...]  # concepts that are mistaken for one another
    kinds: Groups  # kind of value -> concepts whose fields hold it
    constant: frozenset[str]  # fields that are mostly the same on all lines
    anywhere: Groups  # field name in small letters -> words, in any schema
    fields: Mapping[str, Groups]  # standard -> field -> words
    people: Groups  # list -> words that tell, in a header, that a column is about persons
    values: tuple[tuple[str, ...], ...]  # values of closed lists that mean the same


@cache
def field_words() -> FieldWords:
    """The lexicon. Raises CardError where it breaks its JSON Schema."""
    document = load(FILE, "field_words")
    return FieldWords(
        stop=tuple(document["stop"]),
        units=tuple(document["units"]),
        same=_groups(document["same"]),
        near=tuple(tuple(one) for one in document["near"]),
        kinds=_groups(document["kinds"]),
        constant=frozenset(document["constant"]),
        anywhere=_groups(document["anywhere"]),
        fields={name: _groups(made) for name, made in document["fields"].items()},
        people=_groups(document["people"]),
        values=tuple(tuple(one) for one in document["values"]),
    )


def _groups(made: Mapping[str, list[str]]) -> Groups:
    return {name: tuple(words) for name, words in made.items()}
