"""The map of France as data: outlines and towns, overseas drawn beside the mainland, no basemap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data.territories import Territory
from drawing.signs import BORDER, INK, PRIMARY, TINT

STYLE = "/app/static/blank.json"  # served by the app: no third-party request
VIEW = {"latitude": 45.2, "longitude": 2.2, "zoom": 4.05}  # fits the width of a phone

# Overseas départements: (centre there, centre on the map, enlargement). Not to scale, and said so.
_INSETS: dict[str, tuple[tuple[float, float], tuple[float, float], float]] = {
    "971": ((-61.45, 16.2), (-4.4, 39.6), 1.5),
    "972": ((-61.0, 14.65), (-1.1, 39.6), 2.0),
    "973": ((-53.2, 4.0), (2.2, 39.6), 0.34),
    "974": ((55.53, -21.13), (5.4, 39.6), 1.7),
    "976": ((45.15, -12.82), (8.5, 39.6), 2.2),
}
_LABELS = {
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
}


def placed(lon: float, lat: float, departement: str | None) -> tuple[float, float]:
    """Where a point is drawn, WGS84 degrees: its own place, or inside its overseas inset."""
    inset = _INSETS.get(departement or "")
    if inset is None:
        return lon, lat
    (from_lon, from_lat), (to_lon, to_lat), scale = inset
    return to_lon + (lon - from_lon) * scale, to_lat + (lat - from_lat) * scale


def outlines(collection: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of départements with the overseas ones brought closer."""
    features = [
        {
            **feature,
            "geometry": {
                "type": feature["geometry"]["type"],
                "coordinates": _moved(
                    feature["geometry"]["coordinates"], feature["properties"]["code"]
                ),
            },
        }
        for feature in collection["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def _moved(coordinates: Any, departement: str) -> Any:
    if departement not in _INSETS:
        return coordinates
    if isinstance(coordinates[0], (int, float)):
        return list(placed(coordinates[0], coordinates[1], departement))
    return [_moved(part, departement) for part in coordinates]


def town_points(towns: Iterable[Territory]) -> list[dict[str, Any]]:
    """One row per town whose point is known: code, name, departement, position."""
    return [
        {
            "code": town.code,
            "name": town.name,
            "departement": town.departement_name or "",
            "position": list(placed(town.lon, town.lat, town.departement)),
        }
        for town in towns
        if town.lon is not None and town.lat is not None
    ]


def unplaced(towns: Iterable[Territory]) -> list[str]:
    """Names of the towns whose point no embedded source gives."""
    return [town.name for town in towns if town.lon is None]


def inset_labels() -> list[dict[str, Any]]:
    """Names written under the overseas insets."""
    return [
        {"text": _LABELS[code], "position": [to_lon, to_lat - 1.15]}
        for code, (_, (to_lon, to_lat), _) in _INSETS.items()
    ]


def letters() -> str:
    """The characters of these names: the map draws no other, accents included."""
    return "".join(sorted(set("".join(_LABELS.values()))))


def colours(theme: str) -> dict[str, list[int]]:
    """RGB of the map's parts for a theme ('light' or 'dark')."""
    parts = {"land": TINT, "border": BORDER, "town": PRIMARY, "ink": INK}
    return {name: _rgb(pair[theme]) for name, pair in parts.items()}


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
