"""Yearly median price and number of sales of a commune, from the open geo-dvf files.

The sales are read and dropped here: only figures of a whole year leave. The method is that of the
official « Statistiques DVF » (data.gouv.fr), so that these rows mean what the shipped ones do:
lines repeated are one; sales, sales off plan and adjudications; a mutation of one single dwelling;
price over built surface, under 100,000 €/m².
"""

from __future__ import annotations

import csv
import gzip
import math
import statistics
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.reading.communes import refuse_districts
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT = "DVF_FILES"
ROOT = "/geo-dvf/latest/csv"
NATURES = frozenset({"Vente", "Vente en l'état futur d'achèvement", "Adjudication"})
KINDS = {"1": "maison", "2": "appartement", "4": "local"}  # outbuildings and bare land aside
DWELLINGS = ("appartement", "maison")
MAX_PRICE = 100_000  # euros a square metre, beyond which the official method drops a sale
MIN_SALES = 5  # a median of fewer is almost somebody's price: it is not given
# By these columns a line is known to be there twice.
COLUMNS = (
    "id_mutation",
    "date_mutation",
    "code_commune",
    "id_parcelle",
    "nature_mutation",
    "code_type_local",
    "valeur_fonciere",
    "surface_reelle_bati",
)
MAX_LINE = 20_000  # characters
MAX_BYTES = 800_000_000  # of a département's file once opened
GONE = 404


@dataclass
class _Year:
    """What one file says of a commune in one year."""

    year: int
    days: set[str] = field(default_factory=set)
    prices: Mapping[str, list[float]] = field(default_factory=dict)  # by kind of dwelling


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row by kind of dwelling and year: median price (€/m², whole euros) and number of sales.

    Raises NotCovered but for a commune; FetchError on a file cut short, of another commune or of
    another year, and when no whole year was found. A year begun or not finished is left aside.
    """
    if territory is None or territory.fictional or territory.level != "commune":
        raise NotCovered("La source se lit commune par commune.")
    refuse_districts(territory)
    source = card_source(dataset, "dvf")
    before = get.requests
    get.begin()  # one file of five unchanged says nothing of the four others
    asked = sorted(source.params["years"])
    found = [made for year in asked if (made := _year(year, territory, get)) is not None]
    whole, partial = _whole(found)
    url = get.address(ENDPOINT, f"{ROOT}/{asked[-1]}/communes")
    if not whole:
        raise FetchError(f"{url} : aucune année complète de ventes pour {territory.code}")
    rows = [row for made in whole for row in _rows(made, territory.code)]
    columns = ["territory", "type_local", "year", "median_price_m2", "sales_count"]
    missing = sorted(set(asked) - {made.year for made in found if made.days})
    return Got(
        pd.DataFrame(rows, columns=columns),
        url,
        f"ventes de {whole[0].year} à {whole[-1].year}",
        get.requests - before,
        _detail(missing, partial),
    )


def completed(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """The rows, with those of whole years that the source gives no more; and what to say of them.

    It keeps five years, read by the same method: a year that left it is still true.
    """
    gone = before[~before["year"].isin(after["year"])]
    if gone.empty:
        return after, None
    kept = gone[after.columns].astype(after.dtypes.to_dict())
    years = ", ".join(map(str, sorted(gone["year"].unique())))
    said = f"années gardées de la copie d'avant, la source ne les donne plus entières : {years}"
    return pd.concat([kept, after], ignore_index=True), said


def _year(year: int, place: Territory, get: Get) -> _Year | None:
    """The sales of a commune in a year; None where the source has no such year."""
    try:
        path = f"{ROOT}/{year}/communes/{place.departement}/{place.code}.csv"
        text, url = get.text(ENDPOINT, path)
    except FetchError as error:
        if error.status != GONE:
            raise
        return _from_departement(year, place, get)
    if not text.endswith("\n"):
        raise FetchError(f"{url} : fichier coupé, dernière ligne inachevée")
    lines = list(_lines(text.splitlines(keepends=True), url))
    others = {line["code_commune"] for line in lines} - {place.code}
    if others or not lines:
        raise FetchError(f"{url} : fichier de {min(others, default='personne')[:12]}")
    return _read(year, lines, url)


def _from_departement(year: int, place: Territory, get: Get) -> _Year | None:
    """The same out of the file of the département: that of some communes is missing."""
    path = f"{ROOT}/{year}/departements/{place.departement}.csv.gz"
    url = get.address(ENDPOINT, path)
    try:
        file = get.file(ENDPOINT, path, ("gzip",))
    except FetchError as error:
        if error.status != GONE:
            raise
        return None
    try:
        lines = _lines(_opened(file, url), url)
        return _read(year, (one for one in lines if one["code_commune"] == place.code), url)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise FetchError(f"{url} : fichier compressé illisible ou tronqué") from error


def _opened(path: Path, url: str) -> Iterator[str]:
    """Lines of a compressed file, none too long, and no more of them than is plausible."""
    size = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        while line := lines.readline(MAX_LINE):
            size += len(line)
            if not line.endswith("\n") or size > MAX_BYTES:
                raise FetchError(f"{url} : ligne inachevée ou fichier démesuré")
            yield line


def _bounded(given: Iterable[str], url: str) -> Iterator[str]:
    """Lines none of which is too long, whatever the limit that others set for the whole program."""
    for line in given:
        if len(line) > MAX_LINE:
            raise FetchError(f"{url} : ligne illisible, plus de {MAX_LINE} caractères")
        yield line


def _lines(given: Iterable[str], url: str) -> Iterator[dict[str, str]]:
    """The columns that serve, of each line; refuses a header without them and a broken line."""
    try:
        reader = csv.reader(_bounded(given, url), strict=True)
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise FetchError(f"{url} : colonnes absentes {missing}")
        places = {name: header.index(name) for name in COLUMNS}
        for cells in reader:
            if len(cells) != len(header):
                raise FetchError(f"{url} : ligne {reader.line_num} coupée ou décalée")
            yield {name: cells[at] for name, at in places.items()}
    except csv.Error as error:
        raise FetchError(f"{url} : tableau illisible, ligne {reader.line_num}") from error


def _read(year: int, lines: Iterable[dict[str, str]], url: str) -> _Year:
    """Sales of one single dwelling, by kind."""
    made, seen = _Year(year), set()
    dwellings: dict[str, list[dict[str, str]]] = {}  # by mutation
    for line in lines:
        _check_day(line["date_mutation"], year, url)
        made.days.add(line["date_mutation"])
        key = tuple(line.values())
        if key in seen:
            continue
        seen.add(key)
        if line["nature_mutation"] in NATURES and line["code_type_local"] in KINDS:
            dwellings.setdefault(line["id_mutation"], []).append(line)
    alone = [sold[0] for sold in dwellings.values() if len(sold) == 1]
    prices: dict[str, list[float]] = {kind: [] for kind in DWELLINGS}
    for line in alone:
        kind, price = KINDS[line["code_type_local"]], _price(line, url)
        if kind in prices and price is not None:
            prices[kind].append(price)
    made.prices = prices
    return made


def _check_day(day: str, year: int, url: str) -> None:
    if day[:5] != f"{year}-" or len(day) != 10:
        raise FetchError(f"{url} : vente du « {day[:12]} » dans le fichier de {year}")


def _price(line: Mapping[str, str], url: str) -> float | None:
    """Euros a square metre; None where it cannot be computed or is beyond what is a price."""
    value, surface = line["valeur_fonciere"].strip(), line["surface_reelle_bati"].strip()
    try:
        price = float(value or "nan") / float(surface or "nan")
    except ZeroDivisionError:
        return None
    except ValueError as error:
        raise FetchError(f"{url} : valeur foncière ou surface illisible") from error
    return price if math.isfinite(price) and 0 <= price < MAX_PRICE else None


def _whole(found: list[_Year]) -> tuple[list[_Year], list[_Year]]:
    """The years complete, and those at either end that the source only begins or ends within."""
    known = [made for made in found if made.days]
    partial = {
        *(made.year for made in known[:1] if min(made.days)[5:7] != "01"),
        *(made.year for made in known[-1:] if max(made.days)[5:7] != "12"),
    }
    return (
        [made for made in known if made.year not in partial],
        [made for made in known if made.year in partial],
    )


def _rows(made: _Year, code: str) -> Iterator[dict[str, Any]]:
    for kind in DWELLINGS:
        prices = made.prices[kind]
        median = statistics.median(prices) if len(prices) >= MIN_SALES else None
        yield {
            "territory": code,
            "type_local": kind,
            "year": made.year,
            "median_price_m2": None if median is None else float(math.floor(median + 0.5)),
            "sales_count": len(prices),
        }


def _detail(missing: list[int], partial: list[_Year]) -> str | None:
    notes = [
        f"{made.year} laissée de côté : ventes du {min(made.days)} au {max(made.days)} seulement"
        for made in partial
    ]
    if missing:
        notes.append("aucune vente publiée pour " + ", ".join(map(str, missing)))
    return " ; ".join(notes) or None
