"""Where a territory lies, on paper: outlines of the départements, its own darker, and a point.

No basemap and no tile: a Vega-Lite spec that holds its own outlines (Natural Earth, public domain).
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians
from typing import Any

import altair as alt
import pandas as pd

from data.territories import Territory, departement_outlines
from drawing import charts, french, maps
from drawing.signs import ACCENT, BORDER, INK, MUTED, PAGE, PRIMARY

SOURCE = (
    "Contours\u00a0: Natural Earth, domaine public, simplifiés. Points\u00a0: GeoNames, CC BY 4.0."
)
NOT_TO_SCALE = "Outre-mer rapproché, non à l'échelle."
UNPLACED = (
    "Aucune source embarquée ne donne le point de ce territoire\u00a0: la carte ne le place pas."
)
INVENTED = "Territoire inventé\u00a0: il n'a pas de lieu sur une carte."
_WIDTH, _HEIGHT = charts.WIDTH, 170  # a band: the rest of the page is for figures
_OVERSEAS = frozenset({"971", "972", "973", "974", "976"})  # drawn beside the mainland by maps
_FLAT = cos(radians(46.5))  # a degree of longitude is that much shorter than one of latitude there


def words(place: Territory) -> str:
    """What the map shows of a territory, or why it cannot show it."""
    if place.fictional:
        return INVENTED
    within = f" ({place.departement_name})" if place.departement_name else ""
    name = f"{french.upper_first(place.name)}{within}"
    if place.lon is None or place.lat is None:
        return f"{name}. {UNPLACED}"
    return f"{name}, sur les contours des départements. {NOT_TO_SCALE}"


def drawable(place: Territory) -> bool:
    """Whether a map says something: a real territory with a point, or with a département."""
    return not place.fictional and bool(place.lon is not None or place.departement)


@lru_cache(maxsize=64)
def locator(place: Territory, theme: str = "light") -> dict[str, Any]:
    """Vega-Lite spec: France with the overseas beside it, the département filled, the town named.

    ValueError for a territory that is on no map: ask `drawable` first.
    """
    if not drawable(place):
        raise ValueError(f"{place.code} : aucun lieu sur une carte")
    layers = [_land(place, theme)]
    if place.lon is not None and place.lat is not None:
        layers += _point(place, place.lon, place.lat, theme)
    made = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    return charts.dressed(made)


def _land(place: Territory, theme: str) -> alt.Chart:
    own = alt.condition(
        f"datum.code === '{place.departement or ''}'",
        alt.value(PRIMARY[theme]),
        alt.value(PAGE[theme]),
    )
    shapes = alt.Data(values=_outlines())
    land = alt.Chart(shapes).mark_geoshape(stroke=MUTED[theme], strokeWidth=0.5)
    return land.encode(color=own).project(type="identity", reflectY=True)


@lru_cache(maxsize=1)
def _outlines() -> list[dict[str, Any]]:
    """Outlines in flat degrees, two decimals: paper shows no more."""
    return [
        {
            "type": "Feature",
            "code": feature["properties"]["code"],
            "geometry": {
                "type": feature["geometry"]["type"],
                "coordinates": _flattened(feature["geometry"]["coordinates"]),
            },
        }
        for feature in maps.outlines(departement_outlines())["features"]
    ]


def _flattened(coordinates: Any) -> Any:
    if isinstance(coordinates[0], (int, float)):
        return [round(coordinates[0] * _FLAT, 2), round(coordinates[1], 2)]
    return [_flattened(part) for part in coordinates]


def _point(place: Territory, lon: float, lat: float, theme: str) -> list[alt.Chart]:
    x, y = maps.placed(lon, lat, place.departement)
    name = french.upper_first(place.name)
    frame = pd.DataFrame([{"x": x * _FLAT, "y": y, "name": name}])
    base = alt.Chart(frame).encode(longitude="x:Q", latitude="y:Q")
    base = base.project(type="identity", reflectY=True)
    if place.departement in _OVERSEAS:
        text: dict[str, Any] = {"align": "center", "dy": -20, "fontSize": 13}
    else:  # the name goes towards the middle of the map
        right = x > 4
        text = {"align": "right" if right else "left", "dx": -9 if right else 9, "fontSize": 13}
    halo = base.mark_text(stroke=PAGE[theme], strokeWidth=4, fontWeight="bold", **text)
    label = base.mark_text(color=INK[theme], fontWeight="bold", **text)
    dot = base.mark_point(
        shape="diamond", filled=True, size=50, opacity=1, color=ACCENT[theme], stroke=BORDER[theme]
    )
    return [dot, halo.encode(text="name:N"), label.encode(text="name:N")]
