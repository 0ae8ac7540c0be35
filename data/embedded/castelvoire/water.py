"""The Brisanne and the water one drinks: floods, levels, withdrawals, restrictions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.embedded.castelvoire.agglomeration import codes
from data.embedded.castelvoire.plane import EPCI, TOWN, Floats, chance, geojson, hectares, lon_lat
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import contour, river

# scenario, return period, reach of water on each bank (north, south), height of water
SCENARIOS = [
    ("fréquent", 15, 60, 120, 0.6),
    ("moyen", 100, 125, 290, 1.2),
    ("extrême", 1000, 230, 520, 2.1),
]
FLOODS = [
    ("1856-06-03", 3.42),
    ("1910-01-22", 2.95),
    ("1955-02-11", 2.61),
    ("1982-12-18", 2.48),
    ("1999-12-26", 2.20),
    ("2013-05-31", 2.74),
    ("2021-07-16", 2.35),
    ("2024-10-18", 2.88),
]
GAUGES = [("Brisanne à Pont-Vieux", 330, -190), ("Brisanne aux Forges", -1900, -1080)]
DAYS = np.arange("2025-11-01", "2026-11-01", dtype="datetime64[D]")


@cache
def flooded() -> dict[str, BaseGeometry]:
    """Ground under water in each scenario; the south bank, lower, floods further."""
    shapes = {}
    for name, _, north, south, _ in SCENARIOS:
        left = river().buffer(north)
        right = river().buffer(south).intersection(_south_bank())
        shapes[name] = left.union(right).intersection(contour())
    return shapes


@table("flood_hazard_maps", scope=TOWN, level="commune", vintage="2019")
def flood_hazard_maps() -> Rows:
    """Three scenarios, each inside the next."""
    return {
        "territory": TOWN,
        "scenario": [name for name, *_ in SCENARIOS],
        "periode_retour_ans": [years for _, years, *_ in SCENARIOS],
        "hauteur_eau_max_m": [height for *_, height in SCENARIOS],
        "surface_ha": [hectares(shape) for shape in flooded().values()],
        "geometry_geojson": [geojson(shape.simplify(8)) for shape in flooded().values()],
    }


@table("flood_marks", scope=TOWN, level="commune", vintage="2026")
def flood_marks() -> Rows:
    """Marks left on walls, beside the river."""
    at = np.linspace(2700, 5600, len(FLOODS))
    x, y = shapely.get_coordinates(shapely.line_interpolate_point(river(), at)).T
    return {
        "territory": TOWN,
        "date_crue": [day for day, _ in FLOODS],
        "hauteur_echelle_m": [height for _, height in FLOODS],
        "support": ["mur de quai", "pile de pont", "façade", "repère posé"] * 2,
        "cote_ngf_connue": [True, False] * 4,
        **lon_lat(x + 18, y - 26),
    }


@table("river_levels", scope=TOWN, level="commune", vintage="2026-11")
def river_levels() -> Rows:
    """Daily mean height and flow at the State's gauge."""
    height = _height()
    return {
        "territory": TOWN,
        "station": GAUGES[0][0] + " (FICTIF)",
        "date": DAYS,
        "hauteur_m": height.round(2),
        "debit_m3s": (11.5 * height**1.7).round(2),
        **lon_lat(*GAUGES[0][1:]),
    }


@table("local_river_sensors", scope=EPCI, level="commune", vintage="2026-11")
def local_river_sensors() -> Rows:
    """The joint body's sensor, downstream: every three hours of the last ten days."""
    moments = np.arange(
        np.datetime64("2026-11-11T00"), np.datetime64("2026-11-21T00"), np.timedelta64(3, "h")
    )
    rng = chance("river sensor")
    wave = (
        0.62
        + 0.5 * np.exp(-((np.arange(len(moments)) - 34) ** 2) / 60)
        + rng.normal(0, 0.01, len(moments))
    )
    return {
        "territory": TOWN,
        "capteur": GAUGES[1][0] + " (FICTIF)",
        "horodatage": moments,
        "hauteur_m": wave.round(2),
        **lon_lat(*GAUGES[1][1:]),
    }


@table("groundwater_levels", scope=TOWN, level="commune", vintage="2006-2026")
def groundwater_levels() -> Rows:
    """Monthly level over twenty years at one borehole: lower and lower at the end of summer."""
    months = pd.period_range("2006-01", "2026-10", freq="M")
    rng = chance("groundwater")
    turn = np.arange(len(months))
    wet = np.convolve(rng.normal(0, 0.5, len(months) + 8), np.ones(9) / 3, "valid")
    level = 182.4 + 0.9 * np.cos(2 * np.pi * (turn - 3) / 12) + wet - 0.0042 * turn
    return {
        "territory": TOWN,
        "code_station": "FICTIF-BSS-01",
        "mois": months.to_timestamp(),
        "niveau_ngf_m": level.round(2),
        **lon_lat(-2100, 700),
    }


@table("drought_restrictions", scope=EPCI, level="commune", vintage="2026-11")
def drought_restrictions() -> Rows:
    """Orders of the last four years for the zone of the Brisanne; together they do not overlap."""
    orders = [
        ("2023-07-18", "2023-08-10", "vigilance"),
        ("2023-08-11", "2023-10-02", "alerte"),
        ("2024-08-05", "2024-09-06", "vigilance"),
        ("2025-06-27", "2025-07-15", "alerte"),
        ("2025-07-16", "2025-09-19", "alerte renforcée"),
        ("2026-06-22", "2026-07-09", "vigilance"),
        ("2026-07-10", "2026-08-01", "alerte"),
        ("2026-08-02", "2026-09-14", "crise"),
        ("2026-09-15", "2026-10-09", "alerte"),
    ]
    start, end, level = zip(*orders, strict=True)
    return {
        "territory": TOWN,
        "zone_alerte": "Brisanne amont (FICTIF)",
        "niveau": level,
        "date_debut": start,
        "date_fin": end,
        "ressource": "superficielle",
    }


@table("water_service_performance", scope=EPCI, level="epci", vintage="2024")
def water_service_performance() -> Rows:
    """Yearly figures of the drinking-water service of the agglomération."""
    years = list(range(2016, 2025))
    return {
        "territory": EPCI,
        "annee": years,
        "rendement_reseau_pct": [71.8, 72.4, 71.1, 73.0, 74.2, 73.6, 75.1, 74.8, 76.3],
        "indice_lineaire_pertes": [5.1, 4.9, 5.2, 4.8, 4.5, 4.6, 4.3, 4.4, 4.1],
        "taux_renouvellement_pct": [0.42, 0.45, 0.38, 0.41, 0.52, 0.47, 0.55, 0.6, 0.58],
        "prix_ttc_eur_m3": [2.05, 2.08, 2.1, 2.13, 2.15, 2.19, 2.31, 2.42, 2.49],
        "lineaire_km": [612, 614, 615, 617, 618, 621, 622, 624, 625],
    }


@table("water_abstractions", scope=EPCI, level="commune", vintage="2023")
def water_abstractions() -> Rows:
    """Yearly volumes by work and use."""
    works = [
        ("Champ captant des Saules", "eau potable", 2_180_000, -2300, -900),
        ("Forage du Gué", "eau potable", 940_000, -2050, 820),
        ("Prise des Forges", "industrie", 310_000, -1880, -1060),
        ("Irrigation de la plaine", "irrigation", 420_000, -2600, -1500),
    ]
    rng = chance("withdrawals")
    rows = [
        (name, use, year, round(volume * rng.uniform(0.9, 1.1), -2), *lon_lat(x, y).values())
        for name, use, volume, x, y in works
        for year in range(2015, 2024)
    ]
    names = ["ouvrage", "usage", "annee", "volume_m3", "longitude", "latitude"]
    return {"territory": TOWN, **pd.DataFrame(rows, columns=names)}


@table("drinking_water_quality", scope=EPCI, level="commune", vintage="2026")
def drinking_water_quality() -> Rows:
    """Nitrates and compliance of the monthly checks at the tap."""
    months = pd.period_range("2024-01", "2026-09", freq="M").to_timestamp() + pd.Timedelta(days=11)
    rng = chance("tap")
    nitrates = (
        27 + 6 * np.sin(2 * np.pi * (months.month - 2) / 12) + rng.normal(0, 1.8, len(months))
    )
    return {
        "territory": TOWN,
        "reseau": "Castelvoire-Brisanne (FICTIF)",
        "date_prelevement": months,
        "nitrates_mg_l": nitrates.round(1),
        "conforme_bacteriologie": rng.random(len(months)) > 0.03,
        "conforme_chimie": rng.random(len(months)) > 0.06,
    }


@table("runoff_hotspots", scope=TOWN, level="commune", vintage="2026", origin="handed_over")
def runoff_hotspots() -> Rows:
    """Places where crews went after storms; the address is blurred to 100 m."""
    rng = chance("runoff")
    turn = rng.uniform(0, 2 * np.pi, 31)
    far = rng.uniform(300, 1900, 31)
    x, y = (np.round(far * side(turn) / 100) * 100 for side in (np.cos, np.sin))
    days = ["2021-07-16", "2023-06-20", "2024-10-18", "2025-08-27", "2026-06-30"]
    return {
        "territory": TOWN,
        "id_point": [f"FICTIF-R{number:02d}" for number in range(1, 32)],
        "date_evenement": rng.choice(days, 31),
        "cause": rng.choice(
            ["avaloir bouché", "talus lessivé", "réseau saturé", "passage busé"], 31
        ),
        "interventions": rng.integers(1, 9, 31),
        **lon_lat(x, y + 100),
    }


def communes_of_the_river() -> list[str]:
    """Communes the river crosses (for the orders that recognise floods)."""
    return [codes()[0], *codes()[3:8]]


def _height() -> Floats:
    """Daily height of the river: slow seasons, one flood in winter, low water in summer."""
    rng = chance("river")
    day = np.arange(len(DAYS))
    slow = 0.85 + 0.4 * np.cos(2 * np.pi * (day - 75) / 365)
    rain = np.convolve(rng.gamma(0.25, 0.35, len(day) + 9), np.exp(-np.arange(10) / 3), "valid")
    flood = 1.15 * np.exp(-((day - 96) ** 2) / 18)
    return np.maximum(0.18, slow + 0.6 * rain + flood - 0.25)


def _south_bank() -> BaseGeometry:
    """All that lies south of the river."""
    bed = shapely.get_coordinates(river())
    return shapely.Polygon([*bed, (9000, -9000), (-9000, -9000)]).buffer(0)
