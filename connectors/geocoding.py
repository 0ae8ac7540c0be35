"""Longitudes and latitudes for the addresses of a town's own file, by the national geocoder.

Only the columns that the caller chooses are sent, joined as one address, with a number of line and
the code of the town: no name, no telephone, nothing else of the file. An address is kept when the
geocoder is sure enough of it, in this town, and found more than the town itself.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from connectors.fetching import FetchError, Get, Upload
from connectors.reading.communes import current
from data.boxes import box_of, holds
from data.territories import Territory

ENDPOINT, PATH = "GEOCODING", "/geocodage/search/csv/"
BATCH = 1000  # addresses of one request
MOST = 50_000  # addresses of one file
LONGEST = 200  # characters: one longer address has the whole batch refused
MIN_SCORE = 0.5
KEPT, UNSURE, ELSEWHERE, VAGUE, NOT_FOUND, EMPTY = (
    "kept",
    "unsure",
    "elsewhere",
    "vague",
    "not_found",
    "empty",
)
STATES = (KEPT, UNSURE, ELSEWHERE, VAGUE, NOT_FOUND, EMPTY)
WHOLE_TOWN = "municipality"  # type of a result that is the middle of the town
SENT = ("ligne", "adresse", "commune")
READ = ("ligne", "longitude", "latitude", "result_score", "result_citycode", "result_type")


@dataclass(frozen=True)
class Located:
    """Where the rows of a file stand, in their order, and how many of each state."""

    rows: pd.DataFrame  # lon, lat, score (empty unless kept), state
    counts: Mapping[str, int]  # by state, every one of STATES
    requests: int

    @property
    def sentence(self) -> str:
        """« 120 adresses sur 150 placées ; 12 douteuses ; 3 hors de la commune... »"""
        words = {
            UNSURE: "trop douteuses",
            ELSEWHERE: "trouvées dans une autre commune",
            VAGUE: "trouvées à la commune entière",
            NOT_FOUND: "introuvables",
            EMPTY: "sans adresse",
        }
        said = [f"{self.counts[KEPT]} adresses placées sur {len(self.rows)}"]
        said += [f"{self.counts[key]} {word}" for key, word in words.items() if self.counts[key]]
        return " ; ".join(said)


class CannotLocate(Exception):
    """A file whose addresses cannot be sent: one French sentence."""


def located(
    get: Get,
    rows: pd.DataFrame,
    address_columns: Sequence[str],
    place: Territory,
    min_score: float = MIN_SCORE,
) -> Located:
    """The place of each row of a file, from the columns that hold its address and no other.

    Identical addresses are asked once. Raises CannotLocate, and FetchError when the geocoder fails
    or answers something else than what it was asked: then nothing is kept.
    """
    _check(rows, address_columns, place)
    before = get.requests
    addresses = [_address(values) for values in _values(rows, address_columns)]
    distinct = list(dict.fromkeys(one for one in addresses if one))
    if len(distinct) > MOST:
        raise CannotLocate(f"{len(distinct)} adresses différentes ; {MOST} au plus à la fois.")
    found: dict[str, dict[str, object]] = {"": _nowhere(EMPTY)}
    for start in range(0, len(distinct), BATCH):
        batch = distinct[start : start + BATCH]
        found |= dict(zip(batch, _asked(get, batch, place, min_score), strict=True))
    made = pd.DataFrame([found[one] for one in addresses], columns=["lon", "lat", "score", "state"])
    made.index = rows.index
    counts = {state: int((made["state"] == state).sum()) for state in STATES}
    return Located(made, counts, get.requests - before)


def _check(rows: pd.DataFrame, columns: Sequence[str], place: Territory) -> None:
    missing = [name for name in columns if name not in rows.columns]
    if missing or not columns:
        raise CannotLocate(f"Colonne d'adresse absente : {', '.join(missing) or 'aucune choisie'}.")
    if place.level != "commune" or place.fictional:
        raise CannotLocate("Le géocodage se fait pour une commune réelle.")


def _values(rows: pd.DataFrame, columns: Sequence[str]) -> Iterable[tuple[object, ...]]:
    return rows[list(columns)].itertuples(index=False, name=None)


def _address(values: tuple[object, ...]) -> str:
    """One line of text, short enough; the geocoder reads words, not cells."""
    texts = (str(one) for one in values if one is not None and one == one)
    return " ".join(" ".join(texts).split())[:LONGEST].strip()


def _asked(
    get: Get, addresses: list[str], place: Territory, min_score: float
) -> list[dict[str, object]]:
    """What the geocoder says of a batch, in its order."""
    upload = Upload(
        ("adresses.csv", _csv(addresses, place), "text/csv"),
        (("columns", "adresse"), ("citycode", "commune")),
    )
    text, url = get.text(ENDPOINT, PATH, upload=upload)
    lines = _lines(text, len(addresses), url)
    return [_place(line, place, min_score, url) for line in lines]


def _csv(addresses: list[str], place: Territory) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(SENT)
    writer.writerows([number, one, place.code] for number, one in enumerate(addresses))
    return buffer.getvalue().encode()


def _lines(text: str, expected: int, url: str) -> list[dict[str, str]]:
    """The lines of an answer, as many as were sent and in their order; raises FetchError."""
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FetchError(f"{url} : CSV illisible ou tronqué") from error
    header = table[0] if table else []
    missing = [name for name in READ if name not in header]
    if missing:
        raise FetchError(f"{url} : colonne {', '.join(missing)} absente")
    body = [line for line in table[1:] if line]
    if len(body) != expected or any(len(line) != len(header) for line in body):
        raise FetchError(f"{url} : {len(body)} lignes reçues, {expected} envoyées")
    lines = [dict(zip(header, line, strict=True)) for line in body]
    if [line["ligne"] for line in lines] != [str(number) for number in range(expected)]:
        raise FetchError(f"{url} : lignes reçues dans un autre ordre")
    return lines


def _place(
    line: Mapping[str, str], place: Territory, min_score: float, url: str
) -> dict[str, object]:
    """Where one address stands, or why it is not said."""
    if not line["longitude"] or not line["latitude"] or not line["result_score"]:
        return _nowhere(NOT_FOUND)
    lon, lat, score = (
        _number(line[name], url) for name in ("longitude", "latitude", "result_score")
    )
    if current(line["result_citycode"]) != place.code:
        return _nowhere(ELSEWHERE)
    if not holds(box_of(place.departement), lon, lat):
        raise FetchError(f"{url} : point {lon:g}, {lat:g} hors du territoire : axes inversés ?")
    if not 0 <= score <= 1:
        raise FetchError(f"{url} : note {score:g}, attendue entre 0 et 1")
    if score < min_score:
        return _nowhere(UNSURE)
    if line["result_type"] == WHOLE_TOWN:
        return _nowhere(VAGUE)
    return {"lon": lon, "lat": lat, "score": score, "state": KEPT}


def _number(text: str, url: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise FetchError(f"{url} : nombre illisible") from error
    if not math.isfinite(value):
        raise FetchError(f"{url} : nombre illisible")
    return value


def _nowhere(state: str) -> dict[str, object]:
    return {"lon": math.nan, "lat": math.nan, "score": math.nan, "state": state}
