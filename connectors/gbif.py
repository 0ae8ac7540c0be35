"""How many species are known of a territory, and how much people looked: counts of the GBIF.

Only counts are asked: each record has its own licence (some forbid commercial use) and may name its
observer. The number of species follows the number of observations, so neither is given without the
other, and a group without an observation has no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import pandas as pd

from connectors import geo
from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.reading.figures import whole_number
from data.catalog import Dataset, catalog
from data.records import today_utc
from data.shapes import BadShape, Ground, Outline
from data.territories import Territory

ENDPOINT = "GBIF"
SEARCH, TAXON = "/v1/occurrence/search", "/v1/species/{}"
EVERYTHING = "Ensemble"
PAGE = 5000  # species of one answer
CAP = 100_001  # species that pages may reach: beyond, years are asked apart
POINTS = (99, 70, 50, 30)  # of the contour, until its address is short enough
LONGEST = 3000  # characters of the contour in the address: beyond 3 500 in all it breaks
WIDEST_GAP = 0.1  # share of the territory that a contour in few points may misplace
MOST_RECORDS = 20_000_000  # no town has so many: the contour was not applied
FEW = 500  # observations under which a number of species says nothing


@dataclass
class Found:
    """What one filter gave: observations, species and years with their number of them."""

    records: int = 0
    species: dict[str, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        self.records += other.records
        for key, count in other.species.items():
            self.species[key] = self.species.get(key, 0) + count
        for year, count in other.years.items():
            self.years[year] = self.years.get(year, 0) + count


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row a group of species, and one for all: species, observations, first and last year.

    Raises NotCovered where no contour is drawn, FetchError when an answer is cut short, or is not
    about the territory.
    """
    before = get.requests
    outline = _outline(territory, get)
    asked = card_source(dataset, "gbif").params
    since, until = int(asked.get("since", 2000)), today_utc().year
    page = int(asked.get("page", PAGE))
    ask = _Ask(get, outline.wkt, page)
    whole = ask.found({}, since, until)
    _check_taxa(asked.get("groups", {}), get)
    rows = [_row(EVERYTHING, whole)] if whole.records else []
    for label, group in asked.get("groups", {}).items():
        own = ask.found({group["rank"]: list(group["taxa"])}, since, until)
        _check_within(own, whole, label, ask.url)
        rows += [_row(label, own)] if own.records else []
    names = ["territory", *(column.name for column in dataset.columns)]
    frame = pd.DataFrame(rows, columns=names[1:])
    frame.insert(0, "territory", territory.code if territory else None)
    detail = _detail(whole, outline)
    return Got(frame, ask.url, f"{since}-{until}", get.requests - before, detail)


@dataclass
class _Ask:
    """One territory asked under several filters."""

    get: Get
    wkt: str
    page: int
    url: str = ""

    def found(self, taxa: Mapping[str, list[Any]], since: int, until: int) -> Found:
        """Everything seen between two years; halves of them where a list of species is too long."""
        made, offset = Found(), 0
        while True:
            if offset + self.page > CAP:
                return self._halves(taxa, since, until)
            answer = self._page(taxa, since, until, offset)
            records, species, years = self._read(answer)
            if offset and (records != made.records or species.keys() & made.species.keys()):
                raise FetchError(f"{self.url} : liste d'espèces incomplète, une page se répète")
            made = Found(records, made.species | species, made.years | years)
            if max(len(species), len(years)) < self.page:
                break
            offset += self.page
        if sum(made.species.values()) > made.records or sum(made.years.values()) > made.records:
            raise FetchError(f"{self.url} : plus d'observations par espèce qu'en tout")
        if made.records and not made.years:
            raise FetchError(f"{self.url} : observations sans année")
        return made

    def _halves(self, taxa: Mapping[str, list[Any]], since: int, until: int) -> Found:
        if since == until:
            raise FetchError(f"{self.url} : plus de {CAP} espèces en {since}")
        middle, made = (since + until) // 2, Found()
        made.add(self.found(taxa, since, middle))
        made.add(self.found(taxa, middle + 1, until))
        return made

    def _page(self, taxa: Mapping[str, list[Any]], since: int, until: int, offset: int) -> Any:
        params = {
            "geometry": self.wkt,
            "year": f"{since},{until}",
            "occurrenceStatus": "PRESENT",  # absences are records too
            "hasGeospatialIssue": "false",
            **taxa,
            "limit": 0,
            "facet": ["speciesKey", "year"],
            "facetLimit": self.page,
            "facetOffset": offset,
        }
        answer, self.url = self.get.json(ENDPOINT, SEARCH, params)
        return answer

    def _read(self, answer: Any) -> tuple[int, dict[str, int], dict[int, int]]:
        given = answer if isinstance(answer, dict) else {}
        facets = given.get("facets")
        if "count" not in given or not isinstance(facets, list):
            raise FetchError(f"{self.url} : réponse sans « count » ou sans « facets »")
        records = _number(given["count"], self.url)
        if records > MOST_RECORDS:
            raise FetchError(f"{self.url} : {records} observations, le contour a été ignoré")
        by_field = {
            str(one.get("field", "")).upper(): one.get("counts")
            for one in facets
            if isinstance(one, dict)
        }
        species = dict(_counts(by_field.get("SPECIES_KEY"), self.url))
        years = dict(_counts(by_field.get("YEAR"), self.url))
        if not all(name.isdecimal() and len(name) == 4 for name in years):
            raise FetchError(f"{self.url} : décompte par année illisible")
        return records, species, {int(name): count for name, count in years.items()}


def _outline(territory: Territory | None, get: Get) -> Outline:
    """The contour in few enough points to go into an address."""
    if territory is None or territory.fictional or territory.level not in geo.PATHS:
        raise NotCovered("La source se demande pour une commune ou un EPCI réels.")
    got = geo.fetch(catalog().datasets["admin_boundaries"], territory, get)
    contour = json.loads(got.rows["geometry_geojson"].iloc[0])
    try:
        ground = Ground(contour, territory.departement)
        drawn = (ground.outline(most) for most in POINTS)
        made = next((one for one in drawn if len(quote_plus(one.wkt)) <= LONGEST), None)
    except BadShape as error:
        raise FetchError(f"{got.url} : {error}") from error
    if made is None or made.gap > WIDEST_GAP:
        raise FetchError(f"{got.url} : contour trop découpé pour tenir dans une adresse")
    return made


def _counts(given: Any, url: str) -> Iterator[tuple[str, int]]:
    """Name and number of a facet; raises FetchError when it is not there or unreadable."""
    if not isinstance(given, list):
        raise FetchError(f"{url} : décompte par espèce ou par année absent")
    for one in given:
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str | int):
            raise FetchError(f"{url} : décompte illisible")
        yield str(name), _number(one.get("count"), url)


def _number(given: Any, url: str) -> int:
    """A count; raises FetchError on anything else."""
    found = whole_number(given)
    if found is None:
        raise FetchError(f"{url} : décompte illisible")
    return found


def _check_taxa(groups: Mapping[str, Mapping[str, Any]], get: Get) -> None:
    """Whether the keys of the card still name the groups that it says."""
    for group in groups.values():
        for key, name in group["taxa"].items():
            answer, url = get.json(ENDPOINT, TAXON.format(key))
            told = answer.get("canonicalName") if isinstance(answer, dict) else None
            if told != name:
                raise FetchError(f"{url} : taxon {str(told)[:40]} reçu, {name} attendu")


def _check_within(own: Found, whole: Found, label: str, url: str) -> None:
    """A group is a part of everything: more, and one of the two filters was not applied."""
    if own.records > whole.records or not own.species.keys() <= whole.species.keys():
        raise FetchError(
            f"{url} : le groupe {label} dépasse l'ensemble, filtre ignoré par la source"
        )


def _row(label: str, found: Found) -> dict[str, Any]:
    return {
        "taxon_group": label,
        "species": len(found.species),
        "records": found.records,
        "first_year": min(found.years),
        "last_year": max(found.years),
    }


def _detail(whole: Found, outline: Outline) -> str:
    gap = f"{100 * outline.gap:.1f}".replace(".", ",")
    said = [f"contour réduit à {outline.points} points, {gap} % de la surface mal placée"]
    if whole.records < FEW:
        said.append(
            f"{whole.records} observations seulement : trop peu pour parler du nombre d'espèces"
        )
    return " ; ".join(said)
