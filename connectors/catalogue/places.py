"""Of which territories a line of the bulk catalogue speaks, by the routes of the search.

The files give zones by name, not by identifier, and names have homonyms: a zone counts where no
other territory bears its name, or where the text holds a clue that no homonym shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from connectors.catalogue.publishers import (
    core,
    has_clue,
    is_namesake,
    is_publisher,
    is_unique,
    names,
    speaks_of,
)
from data.territories import Territory, fold

NEAR = ("commune", "epci")
LONGEST_NAME = 12  # words
SHORTEST_LABEL = 4  # letters of a name that a domain may be known by
LABEL = re.compile("^(?:ville|mairie|agglo|opendata|data|sig)|(?:agglo|agglomeration|metropole)$")
EVERYWHERE = {"france", "monde", "world", "europe", "union europeenne"}

Row = Mapping[str, str]
Hits = dict[str, set[str]]  # routes by code of territory


@dataclass
class Places:
    """The territories looked for, ready to be found in names, numbers and domains."""

    all: tuple[Territory, ...]
    publishers: dict[str, list[tuple[Territory, bool]]] = field(default_factory=dict)
    namesakes: dict[str, set[str]] = field(default_factory=dict)  # codes, by organisation

    def __post_init__(self) -> None:
        self._by_siren = {made.siren[:9]: made for made in self.all if made.siren}
        self._by_core = _index((core(made.name, made.level), made) for made in self.all)
        self._by_zone = _index((fold(made.name), made) for made in self.all)
        near = [made for made in self.all if made.level in NEAR]
        self._by_words = _index((_spoken(made), made) for made in near)
        self._by_label = _index((_spoken(made).replace(" ", ""), made) for made in near)

    def know(self, organisation: Row) -> None:
        """Note which authority an organisation is, or which it only bears the name of."""
        identifier = organisation["id"]
        for place in self._candidates(organisation):
            sure = is_publisher(dict(organisation), place)
            if is_namesake(dict(organisation), place):
                self.namesakes.setdefault(identifier, set()).add(place.code)
            if sure is not False:
                self.publishers.setdefault(identifier, []).append((place, bool(sure)))

    def _candidates(self, organisation: Row) -> list[Territory]:
        number = re.sub(r"\D", "", organisation.get("business_number_id", ""))
        found = {made.code: made for made in filter(None, [self._by_siren.get(number[:9])])}
        for level in ("commune", "epci", "departement", "region"):
            for place in self._by_core.get(core(organisation["name"], level), ()):
                found[place.code] = place
        return list(found.values())

    def hits(self, row: Row) -> Hits:
        """The territories of which a dataset speaks, and by which routes."""
        found: Hits = {}
        said = f"{row['title']} — {row['organization']}"
        text = f"{said} \n{row['description']} \n{row['tags']}"[:100_000]
        zones = {fold(zone) for zone in row["spatial.zones"].split(",")} - {""}
        for place, sure in self.publishers.get(row["organization_id"], ()):
            if sure:
                found.setdefault(place.code, set()).add("organisation")
            elif self._about(row, place, said, text, zones):
                found.setdefault(place.code, set()).add("text")
        for place in self._in_zones(zones, text):
            found.setdefault(place.code, set()).add("geozone")
        for place in self._in_words(said):
            if self._about(row, place, said, text, zones):
                found.setdefault(place.code, set()).add("text")
        for place in self.in_domain(row["harvest.domain"]):
            found.setdefault(place.code, set()).add("portal")
        return found

    def _in_zones(self, zones: set[str], text: str) -> Iterator[Territory]:
        for zone in zones:
            for place in self._by_zone.get(zone, ()):
                if is_unique(place) or has_clue(text, place):
                    yield place

    def _in_words(self, said: str) -> list[Territory]:
        """Near places whose name stands in a text."""
        words = fold(said).split()
        found: dict[str, Territory] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1):
                for place in self._by_words.get(" ".join(words[start:end]), ()):
                    found[place.code] = place
        return list(found.values())

    def in_domain(self, domain: str) -> Iterator[Territory]:
        """Near places whose name is a part of the domain a dataset is harvested from."""
        for label in domain.lower().split(".")[:-1]:
            plain = fold(label).replace(" ", "")
            for known in {plain, LABEL.sub("", plain)}:
                for place in self._by_label.get(known, ()):
                    if len(known) >= SHORTEST_LABEL and is_unique(place):
                        yield place

    def _about(self, row: Row, place: Territory, said: str, text: str, zones: set[str]) -> bool:
        """Whether a text speaks of this place and not of a homonym elsewhere."""
        if place.code in self.namesakes.get(row["organization_id"], ()):
            return False
        above = {fold(name) for name in (place.departement_name, place.region_name) if name}
        own = {fold(place.name), fold(place.epci_name or place.name)}
        if zones and not zones & (own | above | EVERYWHERE):
            return False  # it says which places it covers: others
        if zones & above and names(said, place):
            return True
        return speaks_of(said, text, place)


def _index(pairs: Iterable[tuple[str, Territory]]) -> dict[str, list[Territory]]:
    made: dict[str, list[Territory]] = {}
    for name, place in pairs:
        if name:
            made.setdefault(name, []).append(place)
    return made


def _spoken(place: Territory) -> str:
    """The name by which a text speaks of a place."""
    return core(place.name) if place.level == "epci" else fold(place.name)
