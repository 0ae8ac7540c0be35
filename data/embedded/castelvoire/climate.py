"""Heat: local climate zones, sensors, the rural station, projections."""

from __future__ import annotations

import numpy as np
import pandas as pd
from shapely.ops import unary_union

from data.embedded.castelvoire.agglomeration import codes, place
from data.embedded.castelvoire.plane import EPCI, TOWN, Floats, chance, geojson, hectares, lon_lat
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import contour, forest, gardens, quarter_shapes, water

# class, label, sensitivity to heat of each quarter
ZONES = {
    "centre": ("2", "Bâti compact de hauteur moyenne", "très forte"),
    "faubourg": ("3", "Bâti compact bas", "forte"),
    "aubiers": ("4", "Immeubles espacés", "moyenne"),
    "pavillons": ("6", "Maisons espacées", "faible"),
    "plaine": ("8", "Grandes emprises basses", "forte"),
    "parc": ("A", "Arbres denses", "très faible"),
    "bois": ("A", "Arbres denses", "très faible"),
    "eau": ("G", "Eau", "très faible"),
    "champs": ("D", "Végétation basse", "très faible"),
}
# name, place in the plane, degrees kept at night above the open country
SENSORS = [
    ("Place du Marché-aux-Oies", 10, 160, 4.1),
    ("Rue des Drapiers", -130, 230, 3.8),
    ("Collégiale", 210, 60, 3.6),
    ("Gare", 640, -420, 2.7),
    ("Les Aubiers", 1170, 1090, 2.3),
    ("Zone des Forges", -1500, -1350, 2.2),
    ("Lotissement du Belvédère", -1000, 1260, 1.1),
    ("Parc des Trois-Saules", -830, -280, 0.4),
]
SUMMER = np.arange(
    np.datetime64("2026-06-01T00"), np.datetime64("2026-09-01T00"), np.timedelta64(3, "h")
)
HEATWAVES = [(17, 24, 7.0), (41, 49, 8.5)]  # first and last day of summer, degrees added
# reference, then (low, median, high) in a France at +2, +2.7 and +4 degrees
PROJECTIONS = {
    "d30": ("jours/an", 14, (17, 21, 28), (22, 29, 39), (34, 45, 62)),
    "d35": ("jours/an", 1, (1, 3, 6), (3, 6, 11), (7, 14, 27)),
    "n20": ("nuits/an", 1, (2, 4, 8), (5, 9, 17), (14, 24, 41)),
    "hw": ("jours/an", 3, (5, 8, 14), (9, 14, 24), (20, 31, 52)),
    "fire": ("jours/an", 2, (1, 4, 9), (3, 7, 14), (8, 15, 29)),
    "dry": ("jours/été", 61, (58, 65, 72), (61, 68, 77), (66, 74, 85)),
}
HORIZONS = ("2030", "2050", "2100")


@table("local_climate_zones", scope=TOWN, level="commune", vintage="2025")
def local_climate_zones() -> Rows:
    """One shape per quarter, park, wood, river and the fields left."""
    shapes = {**quarter_shapes(), "parc": unary_union(list(gardens().values())), "bois": forest()}
    shapes["eau"] = water()
    shapes["champs"] = contour().difference(unary_union(list(shapes.values())).buffer(1))
    for name in quarter_shapes():
        shapes[name] = shapes[name].difference(shapes["parc"])
    classes, labels, sensitivity = zip(*(ZONES[name] for name in shapes), strict=True)
    areas = [hectares(shape) for shape in shapes.values()]
    return {
        "territory": TOWN,
        "lcz": classes,
        "libelle": labels,
        "sensibilite": sensitivity,
        "secteur": list(shapes),
        "surface_ha": areas,
        "geometry_geojson": [geojson(shape.simplify(5)) for shape in shapes.values()],
        "part_pct": [round(100 * area / sum(areas), 2) for area in areas],
    }


@table("heat_sensors", scope=TOWN, level="commune", vintage="2026", origin="handed_over")
def heat_sensors() -> Rows:
    """Eight lent sensors, every three hours of summer 2026, with failures (empty cells)."""
    rng = chance("sensors")
    country = country_air()
    night = _night(SUMMER)
    frames = []
    for name, x, y, gap in SENSORS:
        air = country + gap * (0.25 + 0.75 * night) + rng.normal(0, 0.35, len(SUMMER))
        silent = rng.random(len(SUMMER)) < 0.03
        if name == "Gare":
            silent |= (pd.Timestamp("2026-07-20") < SUMMER) & (pd.Timestamp("2026-08-03") > SUMMER)
        heard = pd.Series(air.round(1)).where(~silent)
        frames.append(
            pd.DataFrame(
                {"capteur": name, "horodatage": SUMMER, "temperature_c": heard, **lon_lat(x, y)}
            )
        )
    return {"territory": TOWN, **pd.concat(frames, ignore_index=True)}


@table("weather_observations", scope=EPCI, level="epci", vintage="2026-10")
def weather_observations() -> Rows:
    """The rural station, 6 km away: daily lows, highs and rain, January to October 2026."""
    lon, lat = place("00007")
    days = np.arange("2026-01-01", "2026-11-01", dtype="datetime64[D]")
    rng = chance("station")
    season = 10.5 - 9.5 * np.cos(2 * np.pi * (np.arange(len(days)) - 20) / 365)
    low = season - 4.5 + rng.normal(0, 1.9, len(days))
    high = season + 6.5 + rng.normal(0, 2.4, len(days))
    summer = (days >= np.datetime64("2026-06-01")) & (days < np.datetime64("2026-09-01"))
    air = country_air().reshape(-1, 8)
    low[summer], high[summer] = air.min(axis=1), air.max(axis=1)
    rain = np.where(
        rng.random(len(days)) < np.where(summer, 0.16, 0.36), rng.gamma(0.9, 5, len(days)), 0
    )
    return {
        "territory": EPCI,
        "station": "Fontgrise-aux-Ormes (FICTIF)",
        "date": days,
        "tn_c": low.round(1),
        "tx_c": high.round(1),
        "rr_mm": rain.round(1),
        "longitude": lon,
        "latitude": lat,
    }


@table("climate_projections", scope=EPCI, level="commune", vintage="modèle fictif")
def climate_projections() -> Rows:
    """Five indicators at four horizons, the same for all communes of one 8 km cell."""
    return _projections([key for key in PROJECTIONS if key != "d30"])


@table("hot_days_projections", scope=EPCI, level="commune", vintage="modèle fictif")
def hot_days_projections() -> Rows:
    """Days at 30 °C or more, which the real source of the five others does not give."""
    return _projections(["d30"])


def _projections(keys: list[str]) -> Rows:
    rows = [
        (code, key, horizon, statistic, float(value), unit)
        for code in codes()
        for key, (unit, reference, *later) in PROJECTIONS.items()
        if key in keys
        for horizon, statistic, value in _series(reference, later)
    ]
    names = ["territory", "indicator", "horizon", "statistic", "value", "unit"]
    return pd.DataFrame(rows, columns=names).to_dict("list")


def country_air() -> Floats:
    """Temperature of the open country every three hours of the summer, in degrees."""
    rng = chance("country air")
    day = np.arange(len(SUMMER)) // 8
    hour = np.arange(len(SUMMER)) % 8 * 3
    base = 18.6 + 2.4 * np.sin(np.pi * day / 92) + np.repeat(rng.normal(0, 1.6, 92), 8)
    for first, last, added in HEATWAVES:
        base += added * ((day >= first) & (day <= last))
    return base + 6.4 * np.cos(2 * np.pi * (hour - 15) / 24)


def _night(moments: np.ndarray) -> Floats:
    """1 at three in the morning, 0 at three in the afternoon."""
    hour = (moments.astype("datetime64[h]").astype(int) % 24).astype(float)
    return (1 + np.cos(2 * np.pi * (hour - 3) / 24)) / 2


def _series(reference: int, later: list[tuple[int, int, int]]) -> list[tuple[str, str, int]]:
    rows = [("1976-2005", "reference", reference)]
    for horizon, values in zip(HORIZONS, later, strict=True):
        rows += [
            (horizon, kind, value)
            for kind, value in zip(("low", "median", "high"), values, strict=True)
        ]
    return rows
