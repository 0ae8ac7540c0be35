"""Everything a field may be called, and how near each header of a file comes to each field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data.field_words import Groups, field_words
from data.schemas import Field, Schema
from data.standards import by_id, folders
from diagnostics.mapping.names import Tokens, alike, concepts, raw_tokens, squashed, tokens, weight

NAME, BARE, WORD, TITLE, DESCRIPTION = 1.0, 0.96, 1.0, 0.97, 0.72
UNKNOWN = 0.8  # weight of a header's word that the standard never uses
FIRST_WORDS = 8  # of a description


@dataclass(frozen=True, eq=False)
class Labels:
    """What the fields of one schema may be called, as arrays: K labels of V distinct tokens."""

    words: tuple[str, ...]  # V
    exact: tuple[str, ...]  # names of the fields, squashed
    weights: np.ndarray  # of the tokens of all labels, those of a label summing to 1
    places: np.ndarray  # tokens of all labels end to end, as places in `words`
    starts: np.ndarray  # where each label starts in `places`
    quality: np.ndarray  # K
    fields: np.ndarray  # first label of each field
    spread: np.ndarray  # V: share of the fields whose own name holds the word
    thing: frozenset[str]  # what the standard is about: « arbre » in a standard of trees
    bare: tuple[Tokens, ...]  # names of the fields without it


def named(headers: Sequence[str], schema: Schema) -> np.ndarray:
    """How near each header is to each field: headers x fields, 0 to 1; 1 when it is its name."""
    if not schema.fields:
        return np.zeros((len(headers), 0), dtype=np.float32)
    return near(tuple(headers), labels(schema))


def labels(schema: Schema) -> Labels:
    """The labels of a schema; those of the standards kept here are computed once."""
    folder = schema.id if schema.id in folders() else by_id().get(schema.id, "")
    described = tuple(_described(field) for field in schema.fields)
    return _labels(schema.names, described, folder, _thing(schema, folder))


def _thing(schema: Schema, folder: str) -> frozenset[str]:
    """What the standard is about: the words that its name and its title share."""
    name = schema.raw.get("name")
    called = {*tokens(folder), *tokens(name if isinstance(name, str) else "")}
    return frozenset(
        word for word in called & set(tokens(schema.title)) if weight(word) == 1 and word.isalpha()
    )


@lru_cache(maxsize=64)
def near(headers: tuple[str, ...], made: Labels) -> np.ndarray:
    """The greatest likeness of each header to the labels of each field; not to be written to."""
    if not headers or not made.exact:
        return np.zeros((len(headers), len(made.exact)), dtype=np.float32)
    cut = [tokens(header) for header in headers]
    words = sorted({word for one in cut for word in one})
    if not words:
        return np.zeros((len(headers), len(made.exact)), dtype=np.float32)
    likeness = alike(words, made.words)
    score = _covered(cut, words, likeness, made)
    best = np.maximum.reduceat(score * made.quality, made.fields, axis=1)
    same = np.array([[squashed(one) == name for name in made.exact] for one in headers])
    best[same] = 1.0
    for row, one in enumerate(cut):
        place = _of_the_thing(one, made)
        if place is not None and not same[row].any():
            best[row, place] = 1.0
    return np.asarray(np.clip(best, 0, 1), dtype=np.float32)


def _of_the_thing(header: Tokens, made: Labels) -> int | None:
    """The one field that a header names once « arbre » is left out: « genre_arbre », « genre »."""
    bare = _without(header, made.thing)
    found = [place for place, name in enumerate(made.bare) if name == bare]
    return found[0] if len(found) == 1 else None


def _without(words: Tokens, thing: frozenset[str]) -> Tokens:
    return tuple(word for word in words if word not in thing) or words


def _covered(
    cut: Sequence[Tokens], words: Sequence[str], likeness: np.ndarray, made: Labels
) -> np.ndarray:
    """Headers x labels: how much of the label the header says, and the other way round."""
    place = {word: row for row, word in enumerate(words)}
    spread = likeness[:, made.places]
    reached = np.maximum.reduceat(spread, made.starts, axis=1)
    each = _header_weights(words, likeness, made)
    score = np.zeros((len(cut), len(made.starts)), dtype=np.float32)
    for row, one in enumerate(cut):
        if one:
            rows = [place[word] for word in one]
            of_label = np.add.reduceat(spread[rows].max(axis=0) * made.weights, made.starts)
            of_header = (each[rows, None] * reached[rows]).sum(axis=0) / each[rows].sum()
            score[row] = np.sqrt(of_label * of_header)
    return score


def _header_weights(words: Sequence[str], likeness: np.ndarray, made: Labels) -> np.ndarray:
    """How much each word of the headers tells, in this standard."""
    known = likeness.max(axis=1) >= 0.6
    spread = ((likeness >= 0.8) * made.spread).max(axis=1)
    each = np.array([weight(word) for word in words]) * (1 - 0.75 * spread)
    return np.where(known, each, UNKNOWN)


def _described(field: Field) -> tuple[str, str]:
    title, text = field.raw.get("title"), field.raw.get("description")
    return (
        title if isinstance(title, str) else "",
        " ".join(text.split()[:FIRST_WORDS]) if isinstance(text, str) else "",
    )


@lru_cache(maxsize=64)
def _labels(
    names: tuple[str, ...],
    described: tuple[tuple[str, str], ...],
    folder: str,
    thing: frozenset[str],
) -> Labels:
    ours: Groups = field_words().fields.get(folder, {})
    shared = _shared_start(names)
    groups = [
        list(_called(name, shared, said, ours.get(name, ())))
        for name, said in zip(names, described, strict=True)
    ]
    flat = [label for group in groups for label in group]
    words = tuple(sorted({word for one, _ in flat for word in one})) or ("",)
    place = {word: row for row, word in enumerate(words)}
    spread = _spread(names, words)
    each = np.array([weight(word) for word in words]) * (1 - 0.75 * spread)
    places = np.array([place[word] for one, _ in flat for word in one])
    sizes = [len(one) for one, _ in flat]
    starts = np.cumsum([0, *sizes[:-1]])
    total = np.repeat(np.add.reduceat(each[places], starts), sizes)
    return Labels(
        words=words,
        exact=tuple(squashed(name) for name in names),
        weights=each[places] / np.where(total > 0, total, 1),
        places=places,
        starts=starts,
        quality=np.array([quality for _, quality in flat]),
        fields=np.cumsum([0, *[len(group) for group in groups[:-1]]]),
        spread=spread,
        thing=thing,
        bare=tuple(_without(tokens(name), thing) for name in names),
    )


def _called(
    name: str, shared: frozenset[str], said: tuple[str, str], ours: Iterable[str]
) -> Iterable[tuple[Tokens, float]]:
    """Each thing a field may be called, with how far it can be trusted."""
    own = tokens(name) or raw_tokens(name) or ("",)
    yield own, NAME
    bare = tuple(word for word in own if word not in shared)
    if bare and bare != own:
        yield bare, BARE
    for text in (*ours, *field_words().anywhere.get(name.casefold(), ())):
        yield tokens(text) or ("",), WORD
    for text, quality in zip(said, (TITLE, DESCRIPTION), strict=True):
        if text and tokens(text):
            yield tokens(text), quality


def _shared_start(names: Sequence[str]) -> frozenset[str]:
    """Words with which many names of a schema begin: they tell no field from another."""
    starts = [tokens(name)[:1] for name in names]
    found = {one[0] for one in starts if one and starts.count(one) >= 3}
    generic = {"nombre", "date", "nom", "identifiant", "type", "prise", "paiement", "tarif"}
    return frozenset(one for one in found if not ({one} | concepts(one)) & generic)


def _spread(names: Sequence[str], words: Sequence[str]) -> np.ndarray:
    count = np.zeros(len(words))
    place = {word: row for row, word in enumerate(words)}
    for name in names:
        for word in set(tokens(name)):
            if word in place:
                count[place[word]] += 1
    return np.asarray(np.where(count > 1, count / max(1, len(names)), 0))
