"""Levels of groundwater (Hub'Eau): the stations of communes, then the monthly means of each.

A station may have stopped long ago: one without a recent measure is said, not asked. The series of
several stations cannot be asked at once, so that an EPCI costs as many requests as it has stations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectors import paged_json
from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading import json_columns
from connectors.reading.communes import current
from connectors.reading.figures import VALUE, figure
from connectors.reading.json_columns import day
from data.catalog import Dataset, Source
from data.records import today_utc
from data.territories import Territory

MAX_CODE = 60  # characters of the code of a station
MAX_STATIONS = 40  # asked for one territory; the most recently measured
STATION = ("code_bss", "code_commune_insee", "x", "y", "date_fin_mesure")
MEASURE = ("code_bss", "date_mesure", "niveau_nappe_eau")


@dataclass(frozen=True)
class Station:
    """A place where the level is measured."""

    code: str
    commune: str
    lon: float | None
    lat: float | None
    last: str  # ISO day of its last measure; empty when not told: it may be under way


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """Monthly means of the stations of a commune, or of the communes of an EPCI."""
    return fetch_many(dataset, paged_json.communes_of(place), get)


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """One row a station and month: mean of its measures, metres above sea level (NGF)."""
    source = card_source(dataset, "hubeau_levels")
    before, given = get.requests, source.params
    asked = paged_json.question(source)
    codes = [place.code for place in communes]
    url = paged_json.first_address(asked, codes, get)
    stations = _stations(paged_json.gathered(asked, codes, get), url)
    since = f"{today_utc().year - given['years'] + 1}-01-01"
    recent = [one for one in stations if not one.last or one.last >= since]
    recent.sort(key=lambda one: one.last or "9999", reverse=True)
    tables = [_months(source, one, since, get) for one in recent[:MAX_STATIONS]]
    rows = _joined(dataset, tables)
    rows, notes = json_columns.placed(rows, url) if len(rows) else (rows, [])
    said = [*_said(stations, recent, since), *notes]
    last = str(rows["mois"].max())[:7] if len(rows) else None
    there = {one.commune for one in stations}
    none = {code: "aucune station" for code in codes if code not in there}
    spent, detail = get.requests - before, " ; ".join(said) or None
    return Got(rows, url, last, spent, detail, details=none)


def _stations(records: Sequence[Any], url: str) -> list[Station]:
    found = [_station(record, url) for record in records]
    return list({one.code: one for one in found}.values())


def _station(record: Any, url: str) -> Station:
    _check_keys(record, STATION, url)
    commune = current(record["code_commune_insee"])
    code = str(record["code_bss"] or "")
    if commune is None or not 0 < len(code) <= MAX_CODE:
        raise FetchError(f"{url} : station sans code ou sans commune connue")
    last = day(str(record["date_fin_mesure"] or ""))
    lon, lat = (_degrees(record[axis]) for axis in ("x", "y"))
    return Station(code, commune, lon, lat, last.isoformat() if last else "")


def _degrees(given: Any) -> float | None:
    read = figure(given)
    return read.value if read.kind == VALUE else None


def _check_keys(record: Any, wanted: Sequence[str], url: str) -> None:
    missing = [key for key in wanted if not isinstance(record, dict) or key not in record]
    if missing:
        raise FetchError(f"{url} : champ « {missing[0]} » absent d'un enregistrement")


def _months(source: Source, station: Station, since: str, get: Get) -> pd.DataFrame:
    """Monthly means of one station: columns of the card."""
    given: Mapping[str, Any] = source.params["series"]
    asked = paged_json.Question(
        endpoint=source.endpoint or "",
        path=given["path"],
        dialect=source.params["dialect"],
        codes="code_bss",
        most=1,
        page_size=given["page_size"],
        cap=source.params["cap"],
        query={**given["query"], "date_debut_mesure": since},
    )
    url = get.address(asked.endpoint, asked.path)
    measures = paged_json.gathered(asked, [station.code], get)
    levels = pd.DataFrame([_measure(one, station, url) for one in measures], columns=["at", "m"])
    levels = levels.dropna().drop_duplicates()
    months = pd.to_datetime(levels["at"]).dt.to_period("M")
    means = levels["m"].astype(float).groupby(months).mean().round(2)
    return pd.DataFrame(
        {
            "territory": station.commune,
            "code_station": station.code,
            "mois": pd.PeriodIndex(means.index).to_timestamp(),
            "niveau_ngf_m": means.to_numpy(),
            "longitude": station.lon,
            "latitude": station.lat,
        }
    )


def _measure(record: Any, station: Station, url: str) -> tuple[str | None, float | None]:
    _check_keys(record, MEASURE, url)
    if str(record["code_bss"]) != station.code:
        raise FetchError(f"{url} : mesure de {str(record['code_bss'])[:30]}, non de {station.code}")
    made, read = day(str(record["date_mesure"] or "")), figure(record["niveau_nappe_eau"])
    if made is None or read.kind not in (VALUE, "blank"):
        raise FetchError(f"{url} : mesure illisible de la station {station.code}")
    return made.isoformat(), read.value


def _joined(dataset: Dataset, tables: list[pd.DataFrame]) -> pd.DataFrame:
    names = ["territory", *[column.name for column in dataset.columns]]
    filled = [made for made in tables if len(made)]
    made = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=names)
    for name in ("longitude", "latitude", "niveau_ngf_m"):
        made[name] = made[name].astype("float64")
    return made[names]


def _said(stations: Sequence[Station], recent: Sequence[Station], since: str) -> list[str]:
    """What the reader must know of the stations: stopped, left aside."""
    said = []
    if len(stations) > len(recent):
        stopped = len(stations) - len(recent)
        said.append(f"stations sans mesure depuis {since[:4]}, non demandées : {stopped}")
    if len(recent) > MAX_STATIONS:
        said.append(
            f"stations au-delà de {MAX_STATIONS}, non demandées : {len(recent) - MAX_STATIONS}"
        )
    return said
