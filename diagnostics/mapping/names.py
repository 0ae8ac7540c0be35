"""How alike the header of a column and the names of a field are: words, never values.

A text becomes tokens: without case, accents, plurals, units and empty words, « camelCase » and
« collésensemble » taken apart. Two tokens are alike when equal, synonyms, inflections,
abbreviations or typing slips of one another, each less surely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
from rapidfuzz import fuzz

from data.field_words import field_words

LONGEST = 200  # characters of a header or of a title that count
EQUAL, SAME, INFLECTED, TYPO, ABBREVIATED, SKELETON, NEAR = 1.0, 0.93, 0.82, 0.84, 0.78, 0.62, 0.55
GENERIC = {
    "nom": 0.6, "numero": 0.6, "code": 0.6, "date": 0.65, "type": 0.6, "nombre": 0.5,
    "identifiant": 0.6, "annee": 0.8, "libelle": 0.5, "montant": 0.8, "commentaire": 0.8,
    "donnee": 0.3, "champ": 0.2, "valeur": 0.4, "info": 0.5, "presence": 0.5, "site": 0.6,
    "complet": 0.3, "eventuel": 0.2, "autre": 0.9, "total": 0.5, "mise_a_jour": 0.9,
}  # fmt: skip

_SIGNS = (
    ("n°", " numero "), ("nº", " numero "), ("€", " eur "), ("%", " pourcentage "), ("œ", "oe"),
    ("@ctes", "actes"), ("m²", "m2"), ("m³", "m3"), ("ø", " diametre "), ("æ", "ae"),
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")
_OTHERS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ]{2})")
_DIGITS = re.compile(r"([a-z]{2,})(\d+)")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,20})[)\]]")
_VOWELS = frozenset("aeiouy")
_LOOSE_UNITS = frozenset(("m", "cm", "mm", "km", "m2", "m3", "ha", "kw", "kva", "kwh", "eur",
                          "euro", "ttc", "bar", "kg"))  # fmt: skip

Tokens = tuple[str, ...]


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Small letters and digits without accents, anything else as one space."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("’", " "))
    return _OTHERS.sub(" ", _MARKS.sub("", flat)).strip()


def squashed(text: str) -> str:
    """A name with nothing but its letters and digits, to tell a mere change of writing."""
    return plain(text).replace(" ", "")


@lru_cache(maxsize=20_000)
def tokens(text: str) -> Tokens:
    """The words of a name that count, in order; multi-word synonyms as one concept."""
    words = list(_words(text[:LONGEST]))
    cut = [part for word in words for part in _segmented(word)]
    return _joined(tuple(cut))


def raw_tokens(text: str) -> Tokens:
    """The words of a name, empty ones too, nothing taken apart that is written as one."""
    spaced = _CAMEL.sub(" ", _signs(text[:LONGEST]))
    found = _DIGITS.sub(r"\1 \2", plain(spaced)).split()
    return tuple(_singular(word) for word in found)


def concepts(token: str) -> frozenset[str]:
    """What a token may mean."""
    return _lexicon()[0].get(token, frozenset())


def weight(token: str) -> float:
    """How much a token tells one field from another, whatever the schema."""
    found = [GENERIC[one] for one in (token, *concepts(token)) if one in GENERIC]
    return min(found, default=1.0) if not token.isdigit() else 0.8


Index = dict[str, list[int]]


def alike(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """How alike each of `left` is to each of `right`: a matrix of 0 to 1."""
    made = np.zeros((len(left), len(right)), dtype=np.float32)
    means, beside, initials, places = _indexed(tuple(right))
    for row, token in enumerate(left):
        line = made[row]
        mine = {token, *concepts(token)}
        for concept in mine:
            line[beside.get(concept, [])] = NEAR
        for concept in _neighbours(token):
            line[means.get(concept, [])] = NEAR
        for place in initials.get(token[:1], ()):
            line[place] = max(line[place], _written(token, right[place]))
        for concept in mine:
            line[means.get(concept, [])] = SAME
        line[places.get(token, [])] = EQUAL
    return made


@lru_cache(maxsize=64)
def _indexed(words: Tokens) -> tuple[Index, Index, Index, Index]:
    """Places of words by what they mean, by what lies near it, by initial, by themselves."""
    made: tuple[Index, Index, Index, Index] = ({}, {}, {}, {})
    for place, word in enumerate(words):
        keys = ({word, *concepts(word)}, _neighbours(word), {word[:1]}, {word})
        for index, found in zip(made, keys, strict=True):
            for key in found:
                index.setdefault(key, []).append(place)
    return made


@lru_cache(maxsize=200_000)
def _written(token: str, other: str) -> float:
    """Whether one is the other, inflected, mistyped or cut short."""
    if token.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((token, other), key=len)
    if len(short) >= 5:
        if fuzz.ratio(short, long) >= 84:
            return TYPO
        shared = _shared(short, long)
        if shared >= 5 and shared >= 0.6 * len(long):
            return INFLECTED
    if len(short) < 3 or len(long) < len(short) + 2:
        return 0.0
    if long.startswith(short):
        return ABBREVIATED if len(short) > 3 else SKELETON
    consonants = not any(char in _VOWELS for char in short[1:])
    return SKELETON if consonants and _within(short, long) else 0.0


def _shared(short: str, long: str) -> int:
    for place, char in enumerate(short):
        if long[place] != char:
            return place
    return len(short)


def _within(short: str, long: str) -> bool:
    """Whether the letters of `short` come in this order in `long`."""
    left = iter(long)
    return all(char in left for char in short)


def _signs(text: str) -> str:
    for sign, words in _SIGNS:
        text = text.replace(sign, words).replace(sign.upper(), words)
    return text


def _words(text: str) -> Iterable[str]:
    bare = _BRACKETS.sub(_without_unit, _signs(text))
    found = [word for chunk in bare.split() for word in _parted(chunk)]
    while len(found) > 1 and found[-1] in _LOOSE_UNITS:
        found.pop()
    kept = [word for word in found if word not in _stops()]
    return kept or found


def _parted(chunk: str) -> Tokens:
    """The words of a text without spaces; one that the lexicon knows whole stays so."""
    whole = plain(chunk)
    parts = raw_tokens(chunk)
    apart = len(parts) > 1 and all(part in _vocabulary() for part in parts)
    known = whole.isalpha() and whole in _vocabulary()
    return (_singular(whole),) if known and not apart else parts


def _without_unit(match: re.Match[str]) -> str:
    inside = raw_tokens(match.group(1))
    units = _units() | _stops()
    return " " if inside and all(word in units for word in inside) else f" {match.group(1)} "


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    if len(word) > 4 and word.endswith(("ee", "ees")):  # « posée », « posées » as « posé »
        return word.rstrip("s")[:-1]
    if len(word) > 3 and word[-1] in "sx" and not word.endswith(("ss", "ais", "ois", "prix")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def _segmented(word: str) -> Tokens:
    """« codepostal » as « code », « postal » when both are known and the whole is not."""
    known = _vocabulary()
    if word in known or not 6 <= len(word) <= 40 or not word.isalpha():
        return (word,)
    best: list[Tokens | None] = [()] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 20), end - 1):
            before, part = best[start], word[start:end]
            if before is None or (len(part) < 4 and part not in _SHORT) or part not in known:
                continue
            made = (*before, part)
            if best[end] is None or len(made) < len(best[end] or ()):
                best[end] = made
    whole = best[len(word)]
    return tuple(_singular(part) for part in whole if part not in _stops()) if whole else (word,)


_SHORT = frozenset(("nb", "dt", "cp", "id", "num", "nom", "adr", "tel", "lib", "date", "mt", "nbr",
                    "ref", "cod", "com", "de", "du", "rue", "des", "mnt"))  # fmt: skip


def _joined(words: Tokens) -> Tokens:
    """Phrases that are one concept (« mise à jour ») as this concept."""
    phrases = _lexicon()[1]
    made: list[str] = []
    place = 0
    while place < len(words):
        for size in (3, 2):
            found = phrases.get(words[place : place + size])
            if found is not None and place + size <= len(words):
                made.append(found)
                place += size
                break
        else:
            made.append(words[place])
            place += 1
    return tuple(made)


@cache
def _stops() -> frozenset[str]:
    return frozenset(plain(word) for word in field_words().stop)


@cache
def _units() -> frozenset[str]:
    return frozenset(part for word in field_words().units for part in raw_tokens(_signs(word)))


@cache
def _lexicon() -> tuple[dict[str, frozenset[str]], dict[Tokens, str]]:
    """Token -> concepts, and phrase -> concept."""
    single: dict[str, set[str]] = {}
    phrases: dict[Tokens, str] = {("mise", "jour"): "mise_a_jour", ("mis", "jour"): "mise_a_jour"}
    for concept, words in field_words().same.items():
        single.setdefault(concept, set()).add(concept)
        for word in (concept.replace("_", " "), *words):
            parts = tuple(part for part in raw_tokens(word) if part not in _stops())
            parts = parts or raw_tokens(word)
            if len(parts) == 1:
                single.setdefault(parts[0], set()).add(concept)
            else:
                phrases[parts] = concept
    return {token: frozenset(made) for token, made in single.items()}, phrases


@cache
def _near() -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = {}
    for group in field_words().near:
        for concept in group:
            made.setdefault(concept, set()).update(one for one in group if one != concept)
    return {concept: frozenset(others) for concept, others in made.items()}


@lru_cache(maxsize=20_000)
def _neighbours(token: str) -> frozenset[str]:
    near = _near()
    found = [near.get(one, frozenset()) for one in (token, *concepts(token))]
    return frozenset().union(*found)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that the lexicon knows: a whole one is not taken apart."""
    words = field_words()
    groups = [words.same, words.anywhere, *words.fields.values()]
    texts = [text for group in groups for made in group.values() for text in made]
    known = {part for text in texts for part in (*raw_tokens(text), *plain(text).split())}
    return frozenset(
        known | {part for group in groups for name in group for part in raw_tokens(name)}
    )
