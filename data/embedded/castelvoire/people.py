"""Where the 31 800 inhabitants live: 200 m squares, IRIS, ages, occupied and vacant dwellings."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import box

from data.embedded.castelvoire.agglomeration import TOWN_PEOPLE, codes, inhabitants
from data.embedded.castelvoire.housing import buildings, people_weights, vacancy_weights
from data.embedded.castelvoire.plane import EPCI, TOWN, Floats, chance, geojson, share_out
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import quarter_at

SIDE_M = 200
IRIS = {
    "000010101": ("Centre-Halle", "H", (-120, 200)),
    "000010102": ("Centre-Collégiale", "H", (230, 60)),
    "000010103": ("Faubourg de la Gare", "H", (650, -450)),
    "000010104": ("Faubourg des Tanneurs", "H", (-150, -650)),
    "000010105": ("Porte-Vaurelle", "H", (-500, 750)),
    "000010106": ("Vieux-Gué", "H", (-1150, 350)),
    "000010107": ("Les Aubiers", "H", (1180, 1080)),
    "000010108": ("Haute-Vaurelle", "H", (150, 1350)),
    "000010109": ("Le Belvédère", "H", (-1050, 1250)),
    "000010110": ("La Prairie", "H", (1500, 250)),
    "000010111": ("La Sablière", "H", (1150, -1000)),
    "000010112": ("Les Meuniers", "H", (250, -1550)),
    "000010201": ("Plaine industrielle", "A", (-1500, -1500)),
}
# shares of under 20 and of 65 and over, by quarter
AGES = {"centre": (0.17, 0.24), "faubourg": (0.20, 0.25), "aubiers": (0.33, 0.13)}
OTHER_AGES = (0.24, 0.23)
SECOND_HOMES = 0.021  # share of dwellings


@cache
def squares() -> pd.DataFrame:
    """Inhabited 200 m squares: corner, inhabitants by age, dwellings; together 31 800 people."""
    frame = _by_square()
    frame["people"] = share_out(TOWN_PEOPLE, frame["weight"])
    frame = frame[frame["people"] > 0].reset_index(drop=True)
    x, y = (frame[side].to_numpy() + SIDE_M / 2 for side in ("left", "low"))
    young, old = np.array([AGES.get(q, OTHER_AGES) for q in quarter_at(x, y)]).T
    rng = chance("ages")
    frame["young"] = rng.binomial(frame["people"], young)
    frame["old"] = np.minimum(rng.binomial(frame["people"], old), frame["people"] - frame["young"])
    frame["over_75"] = rng.binomial(frame["old"], 0.46)
    frame["iris"] = _nearest_iris(x, y)
    frame["poor"] = rng.binomial(frame["households"], np.where(young > 0.3, 0.41, 0.14))
    return frame


def iris_of(x: Floats, y: Floats) -> NDArray[np.str_]:
    """IRIS of each point, by the square that holds it: squares never straddle two IRIS."""
    return _nearest_iris(_corner(x) + SIDE_M / 2, _corner(y) + SIDE_M / 2)


@table("population_grid", scope=TOWN, level="commune", vintage="2021")
def population_grid() -> Rows:
    """200 m squares; under 11 households the figures are imputed, as the real source does."""
    frame = squares()
    shapes = [
        box(x, y, x + SIDE_M, y + SIDE_M) for x, y in zip(frame["left"], frame["low"], strict=True)
    ]
    return {
        "territory": TOWN,
        "id_carreau": [
            f"FICTIF200mN{int(y):+06d}E{int(x):+06d}"
            for x, y in zip(frame["left"], frame["low"], strict=True)
        ],
        "iris": frame["iris"],
        "ind": frame["people"],
        "ind_0_19": frame["young"],
        "ind_65p": frame["old"],
        "ind_75p": frame["over_75"],
        "men": frame["households"],
        "men_pauv": frame["poor"],
        "impute": frame["households"] < 11,
        "geometry_geojson": [geojson(shape) for shape in shapes],
    }


@table("iris_population", scope=EPCI, level="commune", vintage="2021")
def iris_population() -> Rows:
    """Census by IRIS: Castelvoire from its squares and buildings, the other communes whole."""
    return pd.concat([_town_census(), _other_census()], ignore_index=True).to_dict("list")


@table("energy_ratings", scope=TOWN, level="commune", vintage="2026-11")
def energy_ratings() -> Rows:
    """Number of ratings by class, type of dwelling and IRIS, for the dwellings rated."""
    frame = buildings().query("homes > 0")
    rated = chance("ratings").binomial(frame["homes"], 0.44)
    counted = pd.DataFrame(
        {
            "iris": iris_of(frame["x"].to_numpy(), frame["y"].to_numpy()),
            "type_batiment": np.where(frame["flats"], "appartement", "maison"),
            "etiquette_dpe": frame["rating"],
            "nb_dpe": rated,
        }
    )
    rows = counted.groupby(["iris", "type_batiment", "etiquette_dpe"], as_index=False)[
        "nb_dpe"
    ].sum()
    return {"territory": TOWN, **rows[rows["nb_dpe"] > 0]}


def census_counts() -> pd.DataFrame:
    """Dwellings of Castelvoire by IRIS: houses, flats, vacant, second homes, main homes."""
    frame = buildings()
    homes = frame["homes"].to_numpy()
    counted = (
        pd.DataFrame(
            {
                "iris": iris_of(frame["x"].to_numpy(), frame["y"].to_numpy()),
                "maisons": np.where(frame["flats"], 0, homes),
                "appartements": np.where(frame["flats"], homes, 0),
                "vacants": vacancy_weights(),
                "vacants_flats": np.where(frame["flats"], vacancy_weights(), 0),
            }
        )
        .groupby("iris")
        .sum()
        .reindex(list(IRIS), fill_value=0)
    )
    return counted


def _town_census() -> pd.DataFrame:
    people = (
        squares()
        .groupby("iris")[["people", "young", "old"]]
        .sum()
        .reindex(list(IRIS), fill_value=0)
    )
    homes = census_counts()
    total = (homes["maisons"] + homes["appartements"]).astype(int)
    vacant = homes["vacants"].round().astype(int)
    second = (total * SECOND_HOMES).round().astype(int)
    empty_flats = homes["vacants_flats"] + homes["appartements"] * SECOND_HOMES
    return pd.DataFrame(
        {
            "territory": TOWN,
            "iris": list(IRIS),
            "com": TOWN,
            "typ_iris": [kind for _, kind, _ in IRIS.values()],
            "lab_iris": "1",
            "pop": people["people"].to_numpy(),
            "pop_0_19": people["young"].to_numpy(),
            "pop_20_64": (people["people"] - people["young"] - people["old"]).to_numpy(),
            "pop_65p": people["old"].to_numpy(),
            "logements": total.to_numpy(),
            "res_principales": (total - vacant - second).to_numpy(),
            "res_secondaires": second.to_numpy(),
            "logements_vacants": vacant.to_numpy(),
            "maisons": homes["maisons"].astype(int).to_numpy(),
            "appartements": homes["appartements"].astype(int).to_numpy(),
            "rp_en_appartement": (homes["appartements"] - empty_flats)
            .round()
            .astype(int)
            .to_numpy(),
        }
    )


def _other_census() -> pd.DataFrame:
    rng = chance("other census")
    rows = []
    for code in codes()[1:]:
        people = inhabitants()[code]
        young, old = round(people * rng.uniform(0.2, 0.26)), round(people * rng.uniform(0.19, 0.29))
        homes = round(people / rng.uniform(1.85, 2.05))
        vacant, second = (
            round(homes * rng.uniform(0.05, 0.1)),
            round(homes * rng.uniform(0.02, 0.08)),
        )
        flats = round(homes * rng.uniform(0.03, 0.16))
        main = homes - vacant - second
        rows.append(
            [
                code,
                f"{code}0000",
                code,
                "Z",
                "5",
                people,
                young,
                people - young - old,
                old,
                homes,
                main,
                second,
                vacant,
                homes - flats,
                flats,
                round(flats * main / homes),
            ]
        )
    return pd.DataFrame(rows, columns=_town_census().columns)


def _by_square() -> pd.DataFrame:
    frame = buildings()
    counted = pd.DataFrame(
        {
            "left": _corner(frame["x"].to_numpy()),
            "low": _corner(frame["y"].to_numpy()),
            "weight": people_weights(),
            "households": frame["homes"] - vacancy_weights() - frame["homes"] * SECOND_HOMES,
        }
    )
    rows = counted.groupby(["left", "low"], as_index=False).sum()
    rows["households"] = rows["households"].round().astype(int)
    return rows


def _corner(side: Floats) -> Floats:
    return np.floor(np.asarray(side) / SIDE_M) * SIDE_M


def _nearest_iris(x: Floats, y: Floats) -> NDArray[np.str_]:
    """A Voronoi map: the nearest heart is the IRIS that holds the point."""
    hearts = np.array([heart for _, _, heart in IRIS.values()])
    far = (x[:, None] - hearts[None, :, 0]) ** 2 + (y[:, None] - hearts[None, :, 1]) ** 2
    return np.array(list(IRIS))[far.argmin(axis=1)]
