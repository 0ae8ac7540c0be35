"""Contours of communes and EPCI, from the API Découpage administratif (geo.api.gouv.fr)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered
from data.boxes import Box, box_of, holds
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT = "GEO"
PATHS = {"commune": "/communes/{}", "epci": "/epcis/{}"}
FIELDS = "nom,code,surface,contour"
HECTARES_PER_KM2 = 100
EARTH_KM = 6371.0088
MAX_RATIO = 10  # between the surface given and that of the contour: beyond, the unit is wrong


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row: name, contour as GeoJSON text (WGS84), surface in hectares.

    Raises NotCovered for départements, régions and fictional territories, which the source does
    not draw, and FetchError when the answer is not the territory asked or cannot be its shape.
    """
    if territory is None or territory.fictional or territory.level not in PATHS:
        raise NotCovered("La source ne donne que le contour des communes et des EPCI réels.")
    before = get.requests
    path = PATHS[territory.level].format(territory.code)
    answer, url = get.json(ENDPOINT, path, {"fields": FIELDS, "format": "json"})
    found = _asked_territory(answer, territory, url)
    geometry = _geometry(found, territory, url)
    surface = _surface(found, geometry, url)
    row = {
        "territory": territory.code,
        "name": found.get("nom"),
        "geometry_geojson": json.dumps(geometry, separators=(",", ":")),
        "surface_ha": surface,
    }
    detail = None if surface is not None else "surface absente de la réponse"
    return Got(pd.DataFrame([row]), url, None, get.requests - before, detail)


def _asked_territory(answer: Any, territory: Territory, url: str) -> dict[str, Any]:
    found = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
    if not isinstance(found, dict) or "code" not in found:
        raise FetchError(f"{url} : réponse sans la clé « code »")
    if str(found["code"]) != territory.code:
        raise FetchError(f"{url} : code {str(found['code'])[:12]} reçu, {territory.code} demandé")
    return found


def _geometry(found: dict[str, Any], territory: Territory, url: str) -> dict[str, Any]:
    """The contour, once its type and every point of it are plausible."""
    given = found.get("contour")
    if not isinstance(given, dict) or given.get("type") not in ("Polygon", "MultiPolygon"):
        kind = given.get("type") if isinstance(given, dict) else None
        raise FetchError(f"{url} : contour {kind or 'absent'}, Polygon ou MultiPolygon attendu")
    home = box_of(territory.departement)
    try:
        points = 0
        for ring in _rings(given):
            _check_ring(ring, home)
            points += len(ring)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise FetchError(f"{url} : contour illisible ({str(error)[:120]})") from error
    if not points:
        raise FetchError(f"{url} : contour vide")
    return {"type": given["type"], "coordinates": given["coordinates"]}


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    many = geometry["type"] == "MultiPolygon"
    for polygon in geometry["coordinates"] if many else [geometry["coordinates"]]:
        yield from polygon


def _check_ring(ring: list[list[float]], home: Box) -> None:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("anneau ouvert ou trop court")
    for lon, lat, *_ in ring:
        if not holds(home, lon, lat):
            raise ValueError(f"point {lon}, {lat} hors du territoire : axes inversés ?")


def _surface(found: dict[str, Any], geometry: dict[str, Any], url: str) -> float | None:
    """Hectares as given, refused when the contour says it cannot be that unit."""
    given = found.get("surface")
    if not isinstance(given, int | float) or isinstance(given, bool) or not given > 0:
        return None
    drawn = abs(_area_km2(geometry)) * HECTARES_PER_KM2
    if not drawn / MAX_RATIO <= given <= drawn * MAX_RATIO:
        raise FetchError(
            f"{url} : surface {given:g} pour un contour de {drawn:.0f} ha, l'unité a changé ?"
        )
    return float(given)


def _area_km2(geometry: dict[str, Any]) -> float:
    """Spherical area, within 1 %: enough to tell hectares from square kilometres."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    total = 0.0
    for outer, *holes in polygons:
        total += abs(_ring_area(outer)) - sum(abs(_ring_area(hole)) for hole in holes)
    return total


def _ring_area(ring: list[list[float]]) -> float:
    pairs = zip(ring, ring[1:], strict=False)
    twice = sum(
        math.radians(there[0] - here[0])
        * (2 + math.sin(math.radians(here[1])) + math.sin(math.radians(there[1])))
        for here, there in pairs
    )
    return twice * EARTH_KM**2 / 2
