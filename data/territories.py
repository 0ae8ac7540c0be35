"""Communes, EPCI, départements, régions and the fictional ones, as one kind of thing.

Codes are text. Output codes: commune INSEE (5), EPCI SIREN (9), `dep:46`, `reg:76`. Fictional:
Castelvoire 00001, Brisanne Agglomération 000000001, la Vaurelle dep:00 (no real code begins so).
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from data.catalog import REFERENCE, catalog

EMBEDDED = Path(__file__).parent / "embedded"
NATIONAL = "FR"
FICTIONAL_TOWN, FICTIONAL_EPCI, FICTIONAL_DEPARTEMENT = "00001", "000000001", "dep:00"
FICTIONAL_POINT = (-20.0, 46.0)  # far out at sea: nothing there can be taken for a real place
MAX_QUERY = 100  # characters; the longest name of a commune has 45
ARTICLE = re.compile(r"^ (le|la|les|l) ")
NOISE = re.compile(r"cedex|\d+(er|e|eme)|dep|reg|departement|region")  # says nothing of a name
NUMBER = re.compile(r"\d{2,5}|2[ab]\d*")
PREFIXES = {"departement": "dep:", "region": "reg:"}


class UnknownTerritory(Exception):
    """A code that names no territory: one sentence for the reader."""


@dataclass(frozen=True)
class Acv:
    """What the programme says of a town: identifier, signature, 2018 list, « entrée de ville »."""

    id: str
    signed: date | None  # the public list leaves some towns without a date
    list_2018: bool
    town_entrance: bool


@dataclass(frozen=True)
class Territory:
    """A place one can choose, whatever its level."""

    code: str
    name: str
    level: str  # commune, epci, departement, region
    departement: str | None = None  # bare code, « 46 »
    departement_name: str | None = None
    region: str | None = None
    region_name: str | None = None
    epci: str | None = None  # SIREN
    epci_name: str | None = None
    population: int | None = None  # inhabitants
    siren: str | None = None
    postal_codes: tuple[str, ...] = ()
    acv: Acv | None = None
    fictional: bool = False
    lon: float | None = None  # WGS84 degrees
    lat: float | None = None
    altitude: int | None = None  # metres

    @property
    def scopes(self) -> tuple[str, ...]:
        """Codes under which a fetch may serve this territory, nearest first."""
        parents = [self.epci if self.level == "commune" else None]
        if self.level in ("commune", "epci") and self.departement:
            parents.append(f"dep:{self.departement}")
        if self.level != "region" and self.region:
            parents.append(f"reg:{self.region}")
        if not self.fictional:
            parents.append(NATIONAL)
        return tuple(dict.fromkeys([self.code, *[code for code in parents if code]]))

    def header(self) -> dict[str, Any]:
        """How every JSON document names its territory."""
        return {
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "fictional": self.fictional,
        }


Ranked = tuple[tuple[int, bool, int, int, str], Territory]


def territory(code: str) -> Territory:
    """The territory of a code (current or former); raises UnknownTerritory with a sentence."""
    asked = str(code).strip()
    kind, _, bare_code = asked.replace(" ", ":", 1).partition(":")
    prefixed = f"{kind.lower()}:{bare_code.strip().upper()}"
    for candidate in (asked, asked.upper(), prefixed, current_code(asked.upper())):
        if candidate in _all():
            return _all()[candidate]
    bare = [found for prefix in PREFIXES.values() if (found := _all().get(prefix + asked.upper()))]
    if len(bare) == 1:
        return bare[0]
    raise UnknownTerritory(_unknown(asked, bare))


def current_code(code: str) -> str | None:
    """The current commune of a former INSEE code; the code itself when it is current."""
    found = _all().get(code)
    return code if found and found.level == "commune" else _old_codes().get(code)


def former_codes(code: str) -> tuple[str, ...]:
    """The INSEE codes of communes that are now part of this one, or its own of before."""
    return _former_codes().get(code, ())


def members(place: Territory) -> tuple[str, ...]:
    """Codes of the communes that make up a territory (a commune: itself).

    Empty for the fictional département, of which only one agglomération has been drawn.
    """
    return (place.code,) if place.level == "commune" else _members().get(place.code, ())


@cache
def acv_towns() -> tuple[Territory, ...]:
    """The 244 real communes of the programme, by code."""
    towns = (place for place in _all().values() if place.acv and not place.fictional)
    return tuple(sorted(towns, key=lambda town: town.code))


@cache
def departement_outlines() -> dict[str, Any]:
    """GeoJSON FeatureCollection of the départements (Natural Earth, simplified to 2 km)."""
    return dict(json.loads((EMBEDDED / "departements.geojson").read_text(encoding="utf-8")))


def search(query: str, limit: int = 10) -> list[Territory]:
    """Territories by name, postal code, INSEE code or SIREN.

    Accents, hyphens and « Saint » abbreviations do not matter. Ranked: exact name or code first,
    then towns of the programme, then by population. Where nothing is found, words are matched one
    by one, and a number beside them names a département or a postal code (« cahors 46 »).
    """
    asked = fold(query[:MAX_QUERY])
    if not asked:
        return []
    ranked = sorted(_matches(asked) or _loose(asked) or _joined(asked), key=lambda pair: pair[0])
    return [place for _, place in ranked[:limit]]


def fold(text: str) -> str:
    """A name as it is compared: no accent, no punctuation, « st » read as « saint »."""
    spelt = re.sub(r"\bs/", "sur ", text.replace("œ", "oe").replace("Œ", "oe"))
    decomposed = unicodedata.normalize("NFKD", spelt)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()
    words = re.sub(r"[^a-z0-9:]+", " ", plain).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _matches(asked: str) -> list[Ranked]:
    """The whole of what was typed, as a code or at the beginning of a word of the name."""
    found = []
    if any(letter.isdigit() for letter in asked):
        codes = {asked.replace(" ", ""), asked.replace(" ", ":")}
        places = [place for code in codes for place in _by_code().get(code, ())]
        found = [(_rank(0, place), place) for place in places]
    padded = " " + asked
    found += [
        (_rank(_kind(name, padded), place), place) for name, place in _names() if padded in name
    ]
    return list({place.code: (rank, place) for rank, place in reversed(found)}.values())


def _loose(asked: str) -> list[Ranked]:
    """Each word somewhere in the name, each number a code of the place or of where it lies."""
    kept = [word for word in asked.split() if not NOISE.fullmatch(word)]
    numbers = [word for word in kept if NUMBER.fullmatch(word)]
    words = sorted((" " + word for word in kept if word not in numbers), key=len)
    if not words:
        return []
    longest = words.pop()  # leaves few names for the other tests
    found = [(name, place) for name, place in _names() if longest in name]
    return [
        (_rank(3, place), place)
        for name, place in found
        if all(word in name for word in words) and set(numbers) <= _numbers(place)
    ]


def _joined(asked: str) -> list[Ranked]:
    """Names typed without their spaces: « lhay les roses »."""
    close = asked.replace(" ", "")
    if len(close) < 4:
        return []
    return [(_rank(3, place), place) for name, place in _closed_names() if name.startswith(close)]


def _numbers(place: Territory) -> set[str]:
    departement = (place.departement or "").lower()
    return {place.code.lower(), departement, *place.postal_codes}


def _kind(name: str, asked: str) -> int:
    """0: the whole name, its article aside; 1: its first words; 2: their beginning; 3: inside."""
    if asked in (name, ARTICLE.sub(" ", name, count=1)):
        return 0
    if name.startswith(asked):
        return 1 if name.startswith(asked + " ") else 2
    return 3


def _rank(kind: int, place: Territory) -> tuple[int, bool, int, int, str]:
    """Exact first, then the programme, then how the name begins, then the number of people."""
    return min(kind, 1), place.acv is None, kind, -(place.population or 0), place.code


@cache
def _names() -> tuple[tuple[str, Territory], ...]:
    named = [(" " + fold(place.name), place) for place in _all().values()]
    return (*named, *((" fictif", place) for place in _fictional()))


@cache
def _closed_names() -> tuple[tuple[str, Territory], ...]:
    return tuple((name.replace(" ", ""), place) for name, place in _names())


@cache
def _by_code() -> dict[str, tuple[Territory, ...]]:
    """Places by INSEE code, SIREN, postal code, former code, and bare département code."""
    index: dict[str, list[Territory]] = {}
    for place in _all().values():
        bare = place.code.partition(":")[2]
        for key in {place.code, place.siren or place.code, *place.postal_codes, bare} - {""}:
            index.setdefault(key.lower(), []).append(place)
    for old, code in _old_codes().items():
        index.setdefault(old.lower(), []).append(_all()[code])
    return {key: tuple(places) for key, places in index.items()}


@cache
def _all() -> dict[str, Territory]:
    real = {place.code: place for place in _real()}
    return {**real, **{place.code: place for place in _fictional()}}


def _real() -> Iterator[Territory]:
    rows = _read("territories")
    names = {row["code"]: row["name"] for row in rows if row["level"] != "commune"}
    programme = _acv()
    for row in rows:
        row["postal_codes"] = tuple(row["postal_codes"] or ())
        yield Territory(
            **row,
            departement_name=names.get(f"dep:{row['departement']}"),
            region_name=names.get(f"reg:{row['region']}"),
            epci_name=names.get(row["epci"] or ""),
            acv=programme.get(row["code"]),
        )


def _fictional() -> Iterator[Territory]:
    """Castelvoire, its agglomération and its département, from their context sheets."""
    people = {key: made["identity"]["population"] for key, made in catalog().contexts.items()}
    lon, lat = FICTIONAL_POINT
    common = Territory(
        code="",
        name="",
        level="",
        departement="00",
        departement_name="la Vaurelle",
        fictional=True,
        lon=lon,
        lat=lat,
    )
    yield replace(
        common,
        code=FICTIONAL_TOWN,
        name="Castelvoire",
        level="commune",
        epci=FICTIONAL_EPCI,
        epci_name="Brisanne Agglomération",
        population=people["castelvoire"],
        acv=Acv("FICTIF", None, list_2018=False, town_entrance=False),
    )
    yield replace(
        common,
        code=FICTIONAL_EPCI,
        name="Brisanne Agglomération",
        level="epci",
        population=people["brisanne"],
    )
    yield replace(
        common,
        code=FICTIONAL_DEPARTEMENT,
        name="la Vaurelle",
        level="departement",
        population=people["vaurelle"],
    )


@cache
def _members() -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for place in _all().values():
        if place.level == "commune" and not place.fictional:
            for parent in (place.epci, f"dep:{place.departement}", f"reg:{place.region}"):
                groups.setdefault(parent or "", []).append(place.code)
    drawn = catalog().contexts["brisanne"]["identity"]["communes"]
    groups[FICTIONAL_EPCI] = [f"{number:05d}" for number in range(1, drawn + 1)]
    return {code: tuple(sorted(codes)) for code, codes in groups.items() if code}


@cache
def _old_codes() -> dict[str, str]:
    return {row["old_code"]: row["code"] for row in _read("old_codes")}


@cache
def _former_codes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for old, code in _old_codes().items():
        found.setdefault(code, []).append(old)
    return {code: tuple(sorted(old)) for code, old in found.items()}


def _acv() -> dict[str, Acv]:
    with (REFERENCE / "acv_communes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code_insee"]: _programme(row) for row in csv.DictReader(lines)}


def _programme(row: dict[str, str]) -> Acv:
    given = row["date_signature"]
    signed = datetime.strptime(given, "%d/%m/%Y").date() if given else None
    yes = {key: row[key] == "oui" for key in ("territoire_2018", "entree_de_ville_acv2")}
    return Acv(row["id_acv"], signed, yes["territoire_2018"], yes["entree_de_ville_acv2"])


def _read(name: str) -> list[dict[str, Any]]:
    """Rows of an embedded Parquet file; a connection of its own, closed at once."""
    with duckdb.connect() as connection:
        table = connection.execute(
            "select * from read_parquet(?)", [str(EMBEDDED / f"{name}.parquet")]
        )
        columns = [column[0] for column in table.description]
        return [dict(zip(columns, row, strict=True)) for row in table.fetchall()]


def _unknown(asked: str, bare: list[Territory]) -> str:
    if bare:
        choices = " ou ".join(f"{place.code} ({place.name})" for place in bare)
        return f"Le code « {asked} » désigne deux territoires : donnez {choices}."
    return (
        f"Aucun territoire ne porte le code « {asked[:40]} » : donnez un code INSEE de commune "
        "(46042), un SIREN d'EPCI (200023737), dep:46 ou reg:76."
    )
