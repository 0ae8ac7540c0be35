"""Buildings of Castelvoire and their dwellings: all that is counted of housing starts here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon

from data.embedded.castelvoire.agglomeration import codes, inhabitants
from data.embedded.castelvoire.names import COMMUNES
from data.embedded.castelvoire.plane import EPCI, TOWN, Floats, chance, lon_lat
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import Block, blocks


@dataclass(frozen=True)
class Habit:
    """How one builds in a quarter."""

    step_m: float  # along the street
    setback_m: float  # from the street to the middle of the building
    house: tuple[float, float]  # length, width in metres
    flats: tuple[float, float]
    flats_share: float
    homes: float  # dwellings in a building of flats, on average
    years: tuple[int, int]
    vacancy: float  # share of dwellings
    people: float  # inhabitants of an occupied dwelling


HABITS = {
    "centre": Habit(14, 7, (11, 10), (13, 11), 0.62, 3.6, (1720, 1910), 0.19, 1.55),
    "faubourg": Habit(18, 10, (10, 9), (16, 12), 0.20, 6.5, (1880, 1968), 0.11, 1.85),
    "aubiers": Habit(75, 20, (50, 12), (54, 13), 1.0, 38, (1962, 1976), 0.10, 2.25),
    "pavillons": Habit(26, 13, (12, 9), (20, 12), 0.045, 10, (1955, 2021), 0.055, 2.35),
    "plaine": Habit(95, 32, (48, 26), (60, 34), 0.0, 0, (1958, 2015), 0.0, 0.0),
}
CLASSES = list("ABCDEFG")
# energy ratings by period of building: the older, the worse
RATINGS = {
    1915: (0.01, 0.02, 0.10, 0.25, 0.29, 0.20, 0.13),
    1949: (0.01, 0.02, 0.12, 0.28, 0.29, 0.18, 0.10),
    1975: (0.01, 0.03, 0.19, 0.36, 0.26, 0.11, 0.04),
    2006: (0.02, 0.08, 0.36, 0.38, 0.13, 0.03, 0.00),
    2100: (0.16, 0.38, 0.38, 0.07, 0.01, 0.00, 0.00),
}


@cache
def buildings() -> pd.DataFrame:
    """One row per building: place in the plane, size, age, use, dwellings."""
    frame = pd.concat([_along(block) for block in blocks()], ignore_index=True)
    rng = chance("buildings")
    habit = frame["quarter"].map(HABITS)
    low, high = (np.array([one.years[end] for one in habit]) for end in (0, 1))
    frame["year"] = rng.triangular(low, (low + high) / 2, high).astype(int)
    frame["flats"] = rng.random(len(frame)) < np.array([one.flats_share for one in habit])
    frame["use"] = _uses(frame, rng)
    frame["homes"] = _homes(frame, habit, rng)
    sizes = [
        one.flats if flats else one.house for one, flats in zip(habit, frame["flats"], strict=True)
    ]
    frame[["length", "width"]] = np.array(sizes) * rng.uniform(0.85, 1.15, (len(frame), 2))
    frame["height"] = _heights(frame, rng)
    frame["rating"] = _ratings(frame["year"], rng)
    frame["id"] = [f"FICTIF-B{number:05d}" for number in range(1, len(frame) + 1)]
    return frame


@cache
def footprints() -> list[Polygon]:
    """The ground each building covers, in the plane."""
    frame = buildings()
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2
    sides = corners[None] * frame[["length", "width"]].to_numpy()[:, None]
    cos, sin = np.cos(frame["angle"].to_numpy()), np.sin(frame["angle"].to_numpy())
    x = frame["x"].to_numpy()[:, None] + sides[..., 0] * cos[:, None] - sides[..., 1] * sin[:, None]
    y = frame["y"].to_numpy()[:, None] + sides[..., 0] * sin[:, None] + sides[..., 1] * cos[:, None]
    return list(shapely.polygons(np.stack([x, y], axis=2)))


def vacancy_weights() -> Floats:
    """Expected vacant dwellings of each building."""
    frame = buildings()
    return frame["homes"].to_numpy() * _habit(frame, "vacancy")


def people_weights() -> Floats:
    """Expected inhabitants of each building, before they are made to sum to the census."""
    frame = buildings()
    occupied = frame["homes"].to_numpy() - vacancy_weights()
    return occupied * _habit(frame, "people")


@table("buildings", scope=TOWN, level="commune", vintage="2026")
def building_rows() -> Rows:
    """Centre, size and direction of each building: its rectangle can be drawn again."""
    frame = buildings()
    return {
        "territory": TOWN,
        "id_batiment": frame["id"],
        "usage": frame["use"],
        "hauteur_m": frame["height"].round(1),
        "longueur_m": frame["length"].round(1),
        "largeur_m": frame["width"].round(1),
        "orientation_deg": np.degrees(frame["angle"]).round(0) % 180,
        **lon_lat(frame["x"], frame["y"]),
    }


@table("building_features", scope=TOWN, level="commune", vintage="2026")
def building_features() -> Rows:
    """Age, walls, dwellings and likely rating of each building that has dwellings."""
    frame = buildings().query("homes > 0")
    rng = chance("walls")
    old = frame["year"] < 1949
    walls = np.where(
        old,
        rng.choice(["pierre", "brique", "pan de bois"], len(frame), p=[0.6, 0.3, 0.1]),
        rng.choice(["béton", "parpaing", "brique creuse"], len(frame)),
    )
    return {
        "territory": TOWN,
        "id_batiment": frame["id"],
        "type_batiment": np.where(frame["flats"], "collectif", "individuel"),
        "annee_construction": frame["year"].where(rng.random(len(frame)) > 0.06).astype("Int64"),
        "materiau_murs": walls,
        "nb_logements": frame["homes"],
        "classe_dpe_estimee": frame["rating"],
        **lon_lat(frame["x"], frame["y"]),
    }


@table("local_addresses", scope=TOWN, level="commune", vintage="2026-10")
def local_addresses() -> Rows:
    """One address per building, numbered along its street."""
    frame = buildings()
    number = frame.groupby("street").cumcount() + 1
    street_codes = {
        name: f"{rank:04d}" for rank, name in enumerate(sorted(frame["street"].unique()), 1)
    }
    keys = [
        f"{TOWN}_{street_codes[s]}_{n:05d}" for s, n in zip(frame["street"], number, strict=True)
    ]
    return {
        "territory": TOWN,
        "cle_interop": keys,
        "numero": number,
        "voie_nom": frame["street"],
        "commune_nom": COMMUNES[0],
        "certification_commune": chance("addresses").random(len(frame)) < 0.83,
        **lon_lat(frame["x"], frame["y"]),
    }


@table("property_sales", scope=TOWN, level="commune", vintage="2021-2025")
def property_sales() -> Rows:
    """Median price and number of sales, by year, houses and flats."""
    years = list(range(2021, 2026))
    return {
        "territory": TOWN,
        "type_local": ["appartement"] * 5 + ["maison"] * 5,
        "year": years * 2,
        "median_price_m2": [1140.0, 1185, 1260, 1215, 1190, 1480, 1565, 1610, 1570, 1555],
        "sales_count": [268, 251, 214, 172, 189, 301, 288, 236, 197, 210],
    }


@table("housing_vacancy", scope=EPCI, level="commune", vintage="2025")
def housing_vacancy() -> Rows:
    """Private dwellings empty for over two years; under 11 the count is a statistical secret."""
    rng = chance("lovac")
    homes = np.array([round(people / 1.93) for people in inhabitants().values()])
    homes[0] = int(buildings()["homes"].sum() * 0.83)
    empty = rng.binomial(homes, rng.uniform(0.02, 0.07, len(homes)))
    empty[0] = round(homes[0] * 0.058)
    return {
        "territory": codes(),
        "annee": 2025,
        "logements_prives": homes,
        "vacants_plus_2_ans": pd.Series(empty).where(empty >= 11).astype("Int64"),
        "secret_statistique": empty < 11,
    }


@table("building_permits", scope=TOWN, level="commune", vintage="2026-09")
def building_permits() -> Rows:
    """Dwellings and floor area authorised, by year and kind."""
    years = np.repeat(np.arange(2016, 2026), 2)
    rng = chance("permits")
    houses = np.tile([True, False], 10)
    homes = np.where(houses, rng.integers(24, 58, 20), rng.integers(0, 95, 20))
    return {
        "territory": TOWN,
        "annee": years,
        "type_logement": np.where(houses, "individuel", "collectif"),
        "logements_autorises": homes,
        "surface_m2": homes * np.where(houses, 108, 64),
    }


def _habit(frame: pd.DataFrame, field: str) -> Floats:
    return np.array([getattr(HABITS[quarter], field) for quarter in frame["quarter"]])


def _along(block: Block) -> pd.DataFrame:
    """Buildings that face the streets around a block, none over another."""
    habit = HABITS[block.quarter]
    line = shapely.get_parts(block.shape.buffer(-habit.setback_m, join_style="mitre").boundary)
    places = [place for ring in line for place in _stations(ring, habit.step_m)]
    kept: list[tuple[float, float, float]] = []
    for x, y, angle in places:
        if all((x - a) ** 2 + (y - b) ** 2 > (habit.step_m * 0.93) ** 2 for a, b, _ in kept):
            kept.append((x, y, angle))
    frame = pd.DataFrame(kept, columns=["x", "y", "angle"], dtype=float)
    return frame.assign(quarter=block.quarter, block=block.id, street=block.street)


def _stations(ring: shapely.LineString, step: float) -> list[tuple[float, float, float]]:
    count = max(1, int(ring.length / step))
    at = (np.arange(count) + 0.5) * ring.length / count
    here = shapely.get_coordinates(shapely.line_interpolate_point(ring, at))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(ring, np.minimum(at + 1, ring.length))
    )
    angle = np.arctan2(*(ahead - here).T[::-1])
    return [(x, y, a) for (x, y), a in zip(here.tolist(), angle.tolist(), strict=True)]


def _uses(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    use = np.where(rng.random(len(frame)) < 0.03, "tertiaire", "résidentiel")
    return np.where(frame["quarter"] == "plaine", "industriel", use)


def _homes(frame: pd.DataFrame, habit: pd.Series, rng: np.random.Generator) -> np.ndarray:
    several = np.maximum(2, rng.poisson([max(one.homes, 1) for one in habit]))
    homes = np.where(frame["flats"], several, 1)
    return np.where(frame["use"] == "résidentiel", homes, 0)


def _heights(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    floors = np.select(
        [frame["quarter"] == "aubiers", frame["flats"], frame["quarter"] == "plaine"],
        [rng.integers(5, 11, len(frame)), rng.integers(3, 5, len(frame)), 3],
        rng.integers(1, 3, len(frame)),
    )
    return 2.9 * floors + rng.uniform(0.8, 3.2, len(frame))


def _ratings(years: pd.Series, rng: np.random.Generator) -> np.ndarray:
    limits = np.array(list(RATINGS))
    ladder = np.cumsum(list(RATINGS.values()), axis=1)[np.searchsorted(limits, years, side="right")]
    drawn = rng.random((len(years), 1))
    return np.array(CLASSES)[np.minimum((drawn > ladder).sum(axis=1), 6)]
