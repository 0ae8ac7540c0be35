"""Who publishes, and of which place a text speaks: a town hall is not its homonym's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from data.territories import Territory, fold, search

# Words before a name, by level, once accents and articles are gone.
BEFORE = {
    "commune": "ville|commune|mairie|municipalite",
    "epci": "communaute (?:d )?agglomeration|communaute (?:de )?communes|communaute urbaine"
    "|metropole|agglomeration|ca|cc|cu",
    "departement": "departement|conseil departemental|conseil general",
    "region": "region|conseil regional",
}
ARTICLES = "(?:de la |de l |des |du |de |d |la |le |les |l )?"


def is_publisher(organisation: dict[str, Any], place: Territory) -> bool | None:
    """Whether an organisation of data.gouv.fr is the authority of a place.

    True: same SIREN, or its exact name with something that tells it from a homonym. False: another
    legal unit or another name. None: its exact name, and nothing to tell it from a homonym.
    """
    same_unit = _same_unit(organisation, place)
    if same_unit is not None:
        return same_unit
    name = fold(str(organisation.get("name") or ""))
    bare, prefixed = _official(name, place), _prefixed(name, place)
    if not bare and not prefixed:
        return False
    said = [organisation.get(key) for key in ("name", "acronym", "description", "url", "slug")]
    if has_clue(" ".join(str(text) for text in said if text), place):
        return True
    return True if prefixed and is_alone(place) else None


def is_namesake(organisation: dict[str, Any], place: Territory) -> bool:
    """Whether an organisation bears the name of the authority and is another legal unit."""
    named = _official(fold(str(organisation.get("name") or "")), place)
    return named and _same_unit(organisation, place) is False


def speaks_of(title: str, text: str, place: Territory) -> bool:
    """Whether a dataset is about a place: its title or publisher names it, and a clue confirms.

    `title`: title and publisher; `text`: these and everything else that was written.
    """
    if not names(title, place):
        return False
    if place.level == "epci" and " " not in _core(place.name):
        return _called(fold(title), place)  # its name is also that of a commune
    return has_clue(text, place) or (is_alone(place) and _called(fold(title), place))


def names(text: str, place: Territory) -> bool:
    """Whether a text holds the name of a place, accents and what says its level apart."""
    name = _core(place.name) if place.level == "epci" else fold(place.name)
    return f" {name} " in f" {fold(text)} "


def short_name(place: Territory) -> str:
    """The name to search for: « Grand Cahors » and not « CA du Grand Cahors »."""
    if place.level != "epci":
        return place.name
    kind = r"(?:CA|CC|CU|Communauté d['’]agglomération|Communauté de communes|Communauté urbaine)"
    return re.sub(rf"^{kind} (?:de la |de l['’]|des |du |de |d['’])?", "", place.name) or place.name


def has_clue(text: str, place: Territory) -> bool:
    """Whether a text holds what no homonym shares: codes, département, agglomération."""
    codes = [place.code, place.siren or "", place.epci or "", *place.postal_codes]
    if any(_word(code, text) for code in codes if len(code) >= 5):
        return True
    if place.departement and f"({place.departement})" in text:
        return True
    return _names_departement(text, place) or _names_epci(text, place)


def _names_departement(text: str, place: Territory) -> bool:
    if place.level == "departement" or not place.departement_name:
        return False
    for region in ("Pays de la Loire", "Val de Loire"):  # regions, not the département Loire
        text = text.replace(region, "")
    return _word(place.departement_name, text)


def _names_epci(text: str, place: Territory) -> bool:
    core = _core(place.epci_name or "")
    if place.level != "commune" or core in ("", fold(place.name), _core(place.name, "commune")):
        return False  # an agglomération named as its town tells nothing
    return f" {core} " in f" {fold(text)} "


@cache
def is_alone(place: Territory) -> bool:
    """Whether no other territory of the same level bears this name."""
    same = fold(place.name)
    found = [other for other in search(place.name, 50) if fold(other.name) == same]
    return [other.code for other in found if other.level == place.level] == [place.code]


@cache
def is_unique(place: Territory) -> bool:
    """Whether no other territory of any level bears this name."""
    same = fold(place.name)
    return [made.code for made in search(place.name, 50) if fold(made.name) == same] == [place.code]


def core(name: str, level: str = "epci") -> str:
    """A name, folded, without what says its level: « CA du Grand Cahors » is grand cahors."""
    return _core(name, level)


def names_of(places: Iterable[Territory]) -> list[str]:
    """Names to leave out of a title to see what it is about, with and without their prefix."""
    return [name for place in places for name in (place.name, _core(place.name, place.level))]


def _same_unit(organisation: dict[str, Any], place: Territory) -> bool | None:
    """By the first nine digits of its SIRET; None where one of the two is unknown."""
    siret = re.sub(r"\D", "", str(organisation.get("business_number_id") or ""))
    return siret.startswith(place.siren[:9]) if len(siret) == 14 and place.siren else None


def _official(name: str, place: Territory) -> bool:
    return name == fold(place.name) or _core(name, place.level) == _core(place.name, place.level)


def _prefixed(name: str, place: Territory) -> bool:
    return name != fold(place.name) and _official(name, place)


def _called(text: str, place: Territory) -> bool:
    """Whether a text says « ville de X », « mairie d'X », « commune du X »."""
    name = _core(place.name, place.level)
    return bool(re.search(rf"\b(?:{BEFORE[place.level]}) {ARTICLES}{re.escape(name)}\b", text))


def _core(name: str, level: str = "epci") -> str:
    """A name without what says its level: « CA du Grand Cahors » is grand cahors."""
    return re.sub(rf"^(?:(?:{BEFORE[level]}) )?{ARTICLES}", "", fold(name), count=1)


def _word(word: str, text: str) -> bool:
    """A word as written, capitals included, and not inside a longer name (Lot-et-Garonne)."""
    return bool(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text))
