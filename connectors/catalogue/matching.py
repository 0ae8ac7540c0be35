"""Which datasets of the catalogue a published dataset is: by its schema first, else by its title.

Precise rather than greedy: a wrong match would say that a town publishes what it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

from data.catalog import catalog
from data.keywords import Keywords, keywords
from data.territories import fold

STRONG, ENOUGH = 3, 3  # points
MAX_PARTS = 30  # of the path of an address
LINKING = re.compile("aux?|a|avec|ce|ces|d|dans|des?|du|en|et|l|la|les?|par|pour|sur|une?")
EMPTY = re.compile(
    "base|carte|cartographie|commune|communaute|complet|couche|csv|donnee|fichier|geolocalisation|"
    "geolocalise|implantation|inventaire|jeu|liste|localisation|mairie|municipal|open|data|opendata|"
    "position|recensement|referentiel|releve|repertoire|sig|territoire|ville|agglomeration|"
    "metropole|annuel|annee|[0-9]+"
)
PLURALS = {"eaux": "eau", "sols": "sol", "feux": "feu", "lots": "lot", "jeux": "jeu"}

Words = tuple[str, ...]


@dataclass(frozen=True)
class _Rule:
    strong: tuple[Words, ...]
    alone: frozenset[Words]
    weak: tuple[Words, ...]
    exclude: tuple[Words, ...]


def matches(
    title: str,
    tags: Iterable[str] = (),
    schemas: Iterable[str] = (),
    places: Iterable[str] = (),
) -> list[str]:
    """Catalogue ids that a published dataset answers, in catalogue order.

    `schemas`: identifiers from `schema_id`; when one is the standard of a card it decides alone.
    `places`: names to leave out of the title before asking whether a keyword is all of it.
    """
    words = _words(title)
    by_title = [dataset for dataset in _rules() if _score(dataset, words, tags, places) >= ENOUGH]
    by_schema = _of_schemas(schemas, by_title)
    return by_schema or by_title


def schema_id(name: str | None, url: str | None) -> str | None:
    """The identifier of a schema given by name or by address; what was given if it is unknown.

    The same standard comes as a name, as the address of its schema on schema.data.gouv.fr, or as
    that of its repository; some producers write the address where the name is expected.
    """
    known = _schemas_by_place()
    for given in (name, url):
        found = _known_schema(given.strip(), known) if given else None
        if found:
            return found
    return name or url or None


def _known_schema(given: str, known: dict[str, str]) -> str | None:
    """The standard that a name or an address names, None where it is not one of the catalogue."""
    if given.lower() in known:
        return known[given.lower()]
    if "://" not in given:
        return None
    try:
        parts = [part for part in urlsplit(given).path.split("/") if part]
    except ValueError:  # « http://[bad »
        return None
    parts = [part.removesuffix(".git").lower() for part in parts[:MAX_PARTS]]
    pairs = ["/".join(parts[start : start + 2]) for start in range(len(parts) - 1)]
    return next((known[pair] for pair in pairs if pair in known), None)


def schemas_wanted() -> list[str]:
    """The standards that the cards of the catalogue name, each once."""
    return sorted({card.standard for card in catalog().datasets.values() if card.standard})


def _of_schemas(schemas: Iterable[str], by_title: list[str]) -> list[str]:
    """Cards of these standards; where several share one, the title chooses among them."""
    found: set[str] = set()
    for schema in schemas:
        cards = _cards_of().get(schema.lower(), [])
        named = [card for card in cards if card in by_title]
        lead = [card for card in cards if keywords().get(card, Keywords()).schema_alone]
        found.update(cards if len(cards) == 1 else named or lead)
    return [card for card in catalog().datasets if card in found]


def _score(dataset: str, words: Words, tags: Iterable[str], places: Iterable[str]) -> int:
    rule = _rules()[dataset]
    if any(_inside(phrase, words) for phrase in rule.exclude):
        return 0
    if any(_inside(phrase, words) for phrase in rule.strong):
        return STRONG
    if rule.alone and _core(words, places) in rule.alone:
        return STRONG
    tagged = [_words(tag) for tag in tags] if rule.weak else []
    return sum(any(_inside(phrase, text) for text in (words, *tagged)) for phrase in rule.weak)


def _core(words: Words, places: Iterable[str]) -> Words:
    """What is left of a title without places, years and words that say nothing."""
    for place in sorted((_words(place) for place in places), key=len, reverse=True):
        words = _without(place, words)
    return tuple(word for word in words if not EMPTY.fullmatch(word))


def _without(phrase: Words, words: Words) -> Words:
    for start in range(len(words) - len(phrase) + 1):
        if phrase and words[start : start + len(phrase)] == phrase:
            return _without(phrase, words[:start] + words[start + len(phrase) :])
    return words


def _inside(phrase: Words, words: Words) -> bool:
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


@lru_cache(maxsize=10_000)  # names of places come back for every dataset and every rule
def _words(text: str) -> Words:
    """A text as it is compared: no accents, singular, no articles."""
    spaced = re.sub(r"[_:]", " ", re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", text))
    return tuple(_singular(word) for word in fold(spaced).split() if not LINKING.fullmatch(word))


def _singular(word: str) -> str:
    if word in PLURALS:
        return PLURALS[word]
    return re.sub(r"[sx]$", "", word) if len(word) >= 5 else word


@cache
def _rules() -> dict[str, _Rule]:
    known = keywords()
    return {dataset: _rule(known[dataset]) for dataset in catalog().datasets if dataset in known}


def _rule(given: Keywords) -> _Rule:
    return _Rule(
        tuple(map(_words, given.strong)),
        frozenset(map(_words, given.alone)),
        tuple(map(_words, given.weak)),
        tuple(map(_words, given.exclude)),
    )


@cache
def _cards_of() -> dict[str, list[str]]:
    """Cards by standard, in lower case: names differ in case from one place to another."""
    found: dict[str, list[str]] = {}
    for card in catalog().datasets.values():
        if card.standard:
            found.setdefault(card.standard.lower(), []).append(card.id)
    return found


@cache
def _schemas_by_place() -> dict[str, str]:
    """Schema ids by name, by address, and by « owner/name » as their repositories have it."""
    found = {name.lower(): name for name in [*catalog().standards, *schemas_wanted()]}
    for name, row in catalog().standards.items():
        if row.get("schema_url"):
            found.setdefault(str(row["schema_url"]).lower(), name)
        project = _project(str(row.get("repository") or ""))
        if project:  # one that holds several standards bears the name of the first of them
            found.setdefault(project, name)
    return found


def _project(repository: str) -> str:
    """« owner/name » at the end of the address of a repository; empty when it has no such end."""
    parts = [part for part in urlsplit(repository).path.removesuffix(".git").split("/") if part]
    return "/".join(parts[-2:]).lower() if len(parts) >= 2 else ""
