"""Contours of every commune and EPCI at once, from the file that geo.api.gouv.fr is built on.

One GeoJSON of all communes, already simplified to 50 m, read as it is unpacked: whole, it would
take ten times its size in memory. Contours of EPCI are those of their communes joined.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading.communes import check_enough, current
from data.catalog import Dataset
from data.shapes import BadShape, drawn, union
from data.territories import Territory, UnknownTerritory, members, territory

ENDPOINT = "CONTOURS"
PATH = "/2026/geojson/communes-50m.geojson.gz"
CHUNK = 1 << 20  # bytes unpacked at once
MAX_BYTES = 800_000_000  # once unpacked
MAX_FEATURE = 8_000_000  # characters of one commune
MAX_FEATURES = 60_000
MIN_COMMUNES = 34_000
AWAY = ("984", "986", "987", "988", "989")  # Pacific and southern lands: no projection here
MAX_UNKNOWN = 0.05  # share of communes of the file that are not communes of today
COLUMNS = ("territory", "name", "geometry_geojson", "surface_ha")


@dataclass
class _Read:
    """What came of the file so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    parts: int = 0  # arrondissements and other pieces of communes
    away: int = 0  # communes of the Pacific
    unknown: Counter[str] = field(default_factory=Counter)


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """One row a commune and one an EPCI: name, contour (GeoJSON, WGS84), hectares measured on it.

    Raises FetchError on a file that is cut, that misplaces a commune or that lost most of them.
    """
    url, before = get.address(ENDPOINT, PATH), get.requests
    floor = int(card_source(dataset, "contours").params.get("min_communes", MIN_COMMUNES))
    path = get.file(ENDPOINT, PATH, ("gzip",))
    read = _Read()
    for feature in _features(path, url):
        _keep(feature, read, url)
    _check(read, floor, url)
    joined, torn = _joined(read.rows, url)
    frame = pd.DataFrame(read.rows + joined, columns=COLUMNS)
    read.rows.clear()  # tens of megabytes of text, now in the frame
    joined.clear()
    if place is not None:
        frame = frame[frame["territory"].isin([place.code, *members(place)])]
    return Got(frame, url, PATH.split("/")[1], get.requests - before, _detail(read, torn))


def _features(path: Path, url: str) -> Iterator[dict[str, Any]]:
    """Each feature of a collection, one at a time; raises FetchError on a file cut short."""
    decoder, text, begun = json.JSONDecoder(), "", False
    for piece in _text(path, url):
        if begun and text.startswith("]"):
            continue  # what follows the list is of no use, and may be long
        text += piece
        if not begun:
            start = text.find('"features"')
            opened = text.find("[", start) if start >= 0 else -1
            if opened < 0:
                _bounded(text, url)
                continue
            text, begun = text[opened + 1 :], True
        found, text = _decoded(decoder, text, url)
        yield from found
    if not begun:
        raise FetchError(f"{url} : fichier sans la liste « features »")
    if not text.lstrip().startswith("]"):
        raise FetchError(f"{url} : liste de communes coupée")


def _decoded(decoder: json.JSONDecoder, text: str, url: str) -> tuple[list[dict[str, Any]], str]:
    """The features that a text holds whole, and what is left of it."""
    found, at = [], 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text) or text[at] == "]":
            break
        try:
            made, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            _bounded(text[at:], url)
            break
        if not isinstance(made, dict):
            raise FetchError(f"{url} : une commune n'est pas un objet")
        found.append(made)
    return found, text[at:]


def _bounded(text: str, url: str) -> None:
    if len(text) > MAX_FEATURE:
        raise FetchError(f"{url} : contenu illisible, {MAX_FEATURE} caractères sans une commune")


def _text(path: Path, url: str) -> Iterator[str]:
    """The text of a gzip file piece by piece; its own word about its size is not believed."""
    reader, size = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    held = b""
    try:
        with path.open("rb") as packed:
            while not reader.eof:
                given = reader.unconsumed_tail or packed.read(CHUNK)
                if not given:
                    raise FetchError(f"{url} : fichier compressé tronqué")
                body = held + reader.decompress(given, CHUNK)
                size += len(body) - len(held)
                if size > MAX_BYTES:
                    raise FetchError(f"{url} : plus de {MAX_BYTES} octets une fois décompressé")
                whole, held = _whole_letters(body)
                yield whole
    except (zlib.error, UnicodeDecodeError) as error:
        raise FetchError(f"{url} : fichier compressé illisible") from error


def _whole_letters(body: bytes) -> tuple[str, bytes]:
    """The text of some bytes, and those of a letter begun at their end."""
    for cut in range(len(body), max(len(body) - 4, -1), -1):
        try:
            return body[:cut].decode("utf-8"), body[cut:]
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or error.start < len(body) - 4:
                raise
    return "", body


def _keep(feature: dict[str, Any], read: _Read, url: str) -> None:
    """The row of a commune of today, checked; its arrondissements and old parts are left out."""
    given = feature.get("properties")
    geometry = feature.get("geometry")
    if not isinstance(given, dict) or "code" not in given or "nom" not in given:
        raise FetchError(f"{url} : champ code ou nom absent")
    if not isinstance(geometry, dict):
        raise FetchError(f"{url} : {str(given['code'])[:12]} : contour absent")
    code = str(given["code"])
    if _left_out(code, given.get("commune"), read):
        return
    if len(read.rows) >= MAX_FEATURES:
        raise FetchError(f"{url} : plus de {MAX_FEATURES} communes")
    try:
        text, surface = drawn(geometry, territory(code).departement)
    except BadShape as error:
        raise FetchError(f"{url} : {code} : {error}") from error
    read.rows.append(
        {
            "territory": code,
            "name": given["nom"],
            "geometry_geojson": text,
            "surface_ha": round(surface, 2),
        }
    )


def _left_out(code: str, parent: object, read: _Read) -> bool:
    """Whether a contour is no commune of today; counted by reason."""
    if parent not in (None, code):
        read.parts += 1
    elif code.startswith(AWAY):
        read.away += 1
    elif current(code) != code:
        read.unknown[code] += 1
    else:
        return False
    return True


def _check(read: _Read, floor: int, url: str) -> None:
    codes = [row["territory"] for row in read.rows]
    if len(codes) != len(set(codes)):
        raise FetchError(f"{url} : une commune a deux contours")
    lost = read.unknown.total()
    if lost > MAX_UNKNOWN * max(len(codes) + lost, 1):
        raise FetchError(f"{url} : {lost} contours sur {len(codes) + lost} sans commune connue")
    check_enough(len(codes), floor, url)


def _joined(communes: list[dict[str, Any]], url: str) -> tuple[list[dict[str, Any]], int]:
    """The EPCI of which every commune is drawn; how many lack one."""
    by_code = {row["territory"]: row for row in communes}
    rows, torn = [], 0
    for place in _epcis(by_code):
        inside = members(place)
        if not all(code in by_code for code in inside):
            torn += 1
            continue
        own = [by_code[code] for code in inside]
        try:
            text = union([row["geometry_geojson"] for row in own])
        except BadShape as error:
            raise FetchError(f"{url} : {place.code} : {error}") from error
        rows.append(
            {
                "territory": place.code,
                "name": place.name,
                "geometry_geojson": text,
                "surface_ha": round(sum(row["surface_ha"] for row in own), 2),
            }
        )
    return rows, torn


def _epcis(codes: Iterable[str]) -> Iterator[Territory]:
    """The EPCI of some communes, each once."""
    found = {territory(code).epci for code in codes}
    for code in sorted(one for one in found if one):
        try:
            yield territory(code)
        except UnknownTerritory:
            continue


def _detail(read: _Read, torn: int) -> str | None:
    said = []
    if read.parts:
        said.append(f"arrondissements et communes déléguées laissés de côté : {read.parts}")
    if read.away:
        said.append(f"communes du Pacifique laissées de côté : {read.away}")
    if read.unknown:
        examples = ", ".join(list(read.unknown)[:3])
        said.append(
            f"contours sans commune actuelle laissés de côté : {read.unknown.total()} "
            f"(dont {examples})"
        )
    if torn:
        said.append(f"EPCI sans contour, une commune manque : {torn}")
    return " ; ".join(said) or None
