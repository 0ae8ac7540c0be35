"""What public services run: schools, care, cool places, fountains, lights, parking."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import shapely

from data.embedded.castelvoire.names import SCHOOLS
from data.embedded.castelvoire.plane import (
    DEPARTEMENT,
    TOWN,
    chance,
    geojson,
    inside,
    lon_lat,
    points_in,
)
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import (
    blocks,
    quarter_at,
    quarter_shapes,
    street_at,
    streets,
    urban,
    water,
)

SCHOOL_PLACES = [
    (-330, 560),
    (60, 210),
    (420, 640),
    (1120, 1210),
    (-1180, 330),
    (1480, 180),
    (-820, -1020),
    (60, 1420),
    (-620, 980),
    (330, -1240),
    (1080, -820),
    (-1120, 1180),
    (1420, -340),
    (-540, -620),
]
COOL_PLACES = [  # name, type, place, hours of weekdays, hours of Saturday, free
    ("Médiathèque de la Halle", "bibliothèque", 40, 190, "10:00-19:00", "10:00-18:00", True),
    ("Collégiale Sainte-Alvoire", "lieu de culte", 210, 70, "09:00-18:30", "09:00-18:30", True),
    ("Musée des Drapiers", "musée", -150, 240, "10:00-12:30,14:00-18:00", "14:00-18:00", False),
    ("Salle du Vieux-Gué", "salle communale", -1130, 410, "13:00-20:00", None, True),
    ("Centre social des Aubiers", "centre social", 1190, 1040, "09:00-20:30", "10:00-17:00", True),
    ("Piscine des Saules", "piscine", -620, -60, "11:00-20:00", "10:00-19:00", False),
    ("Parc des Trois-Saules", "parc", -830, -280, "07:00-22:00", "07:00-22:00", True),
    ("Hôtel de ville, salle des mariages", "mairie", -20, 110, "09:00-17:30", None, True),
    ("Maison de la Prairie", "salle communale", 1460, 230, "14:00-18:00", None, True),
    ("Cinéma Le Grenier", "cinéma", 130, 280, "14:00-23:30", "14:00-23:30", False),
    ("Galerie de la Gare", "commerce", 660, -400, "09:00-19:30", "09:00-19:30", True),
]
# sector, label, hours switched off each night
SWITCH_OFF = {"A": 0.0, "B": 4.5, "C": 6.0}
LAMP_STEP_M = {"centre": 26, "faubourg": 31, "aubiers": 30, "pavillons": 36, "plaine": 44}


@cache
def lamps() -> pd.DataFrame:
    """Street lights at the edge of blocks, in the plane."""
    rows = []
    for block in blocks():
        kerb = block.shape.buffer(1.0, join_style="mitre").exterior
        count = int(kerb.length / (2 * LAMP_STEP_M[block.quarter]))
        at = (np.arange(count) + 0.25) * kerb.length / max(count, 1)
        rows += [
            (*spot, block.quarter)
            for spot in shapely.get_coordinates(shapely.line_interpolate_point(kerb, at)).tolist()
        ]
    frame = pd.DataFrame(rows, columns=["x", "y", "quarter"])
    frame = frame[~inside(water(), frame["x"].to_numpy(), frame["y"].to_numpy())].reset_index(
        drop=True
    )
    frame["sector"] = (
        frame["quarter"].map({"centre": "A", "faubourg": "B", "aubiers": "B"}).fillna("C")
    )
    frame["street"] = street_at(frame["x"].to_numpy(), frame["y"].to_numpy())
    return frame


@table("street_lights", scope=TOWN, level="commune", vintage="2025", origin="handed_over")
def street_lights() -> Rows:
    """Lamps with power, colour, sector; a fifth of the colours are unknown."""
    frame = lamps()
    rng = chance("lamps")
    led = rng.random(len(frame)) < frame["quarter"].map({"centre": 0.7, "plaine": 0.15}).fillna(
        0.35
    )
    colour = np.where(
        led,
        rng.choice([2200, 2700, 3000, 4000], len(frame), p=[0.08, 0.3, 0.42, 0.2]),
        rng.choice([2000, 4000], len(frame), p=[0.86, 0.14]),
    )
    power = np.where(
        led, rng.choice([28, 36, 52], len(frame)), rng.choice([70, 100, 150], len(frame))
    )
    known = rng.random(len(frame)) > 0.19
    return {
        "territory": TOWN,
        "id_point": [f"FICTIF-PL{number:04d}" for number in range(1, len(frame) + 1)],
        "source_lumineuse": np.where(led, "LED", "sodium ou iodures"),
        "puissance_w": power,
        "temperature_couleur_k": pd.Series(colour).where(known).astype("Int64"),
        "secteur_extinction": frame["sector"],
        "heures_extinction_nuit": frame["sector"].map(SWITCH_OFF),
        "adresse": frame["street"],
        **lon_lat(frame["x"], frame["y"]),
    }


@table("schools", scope=TOWN, level="commune", vintage="2026-11")
def schools() -> Rows:
    """Fourteen primary schools, three collèges, two lycées."""
    rng = chance("schools")
    x, y = np.array(
        [*SCHOOL_PLACES, (-520, 500), (900, 980), (-980, 820), (480, -700), (-280, 860)]
    ).T
    names = [f"École {name}" for name in SCHOOLS]
    names += [f"Collège {name}" for name in ("Porte-Vaurelle", "des Aubiers", "du Vieux-Gué")]
    names += ["Lycée des Drapiers", "Lycée agricole de la Vaurelle"]
    return {
        "territory": TOWN,
        "id_etablissement": [f"FICTIF-E{number:02d}" for number in range(1, 20)],
        "nom": names,
        "nature": ["école"] * 14 + ["collège"] * 3 + ["lycée"] * 2,
        "eleves": [*rng.integers(90, 290, 14), *rng.integers(420, 640, 3), 910, 430],
        **lon_lat(x, y),
    }


@table("health_care_sites", scope=TOWN, level="commune", vintage="2026-10")
def health_care_sites() -> Rows:
    """Hospital, care homes, clinics; two of them stand in the flood zone."""
    sites = [
        ("Centre hospitalier de la Vaurelle", "hôpital", 310, -980, 286),
        ("EHPAD des Lavandières", "EHPAD", -280, -480, 84),
        ("EHPAD du Belvédère", "EHPAD", -930, 1290, 72),
        ("EHPAD des Vergers", "EHPAD", 980, -610, 96),
        ("Résidence des Aubiers", "résidence autonomie", 1090, 940, 58),
        ("Clinique de la Gare", "clinique", 730, -520, 64),
        ("Maison de santé du Vieux-Gué", "maison de santé", -1050, 300, 0),
        ("Maison de santé de la Halle", "maison de santé", 90, 120, 0),
        ("Foyer des Meuniers", "foyer de vie", 180, -1480, 34),
        ("Crèche du Parc", "crèche", -560, 150, 40),
        ("Crèche des Aubiers", "crèche", 1240, 1130, 52),
    ]
    name, kind, x, y, beds = zip(*sites, strict=True)
    return {
        "territory": TOWN,
        "id_etablissement": [f"FICTIF-S{number:02d}" for number in range(1, len(sites) + 1)],
        "nom": name,
        "categorie": kind,
        "capacite": [places or None for places in beds],
        **lon_lat(x, y),
    }


@table("schoolyards", scope=TOWN, level="commune", vintage="2025", origin="handed_over")
def schoolyards() -> Rows:
    """Nine yards measured out of fourteen."""
    rng = chance("yards")
    area = rng.integers(850, 2600, 9)
    return {
        "territory": TOWN,
        "nom": [f"École {name}" for name in SCHOOLS[:9]],
        "surface_cour_m2": area,
        "surface_permeable_m2": (area * rng.choice([0.02, 0.05, 0.11, 0.28, 0.46], 9)).astype(int),
        "arbres": rng.integers(0, 15, 9),
        **lon_lat(*np.array(SCHOOL_PLACES[:9]).T),
    }


@table("cool_places", scope=TOWN, level="commune", vintage="2024")
def cool_places() -> Rows:
    """Eleven places with their hours of summer 2024 (OpenStreetMap syntax)."""
    name, kind, x, y, week, saturday, free = zip(*COOL_PLACES, strict=True)
    hours = [f"Mo-Fr {w}" + (f"; Sa {s}" if s else "") for w, s in zip(week, saturday, strict=True)]
    return {
        "territory": TOWN,
        "nom": name,
        "type_lieu": kind,
        "horaires_ete": hours,
        "ouvert_apres_19h": [text.split("-")[-1] > "19:00" for text in week],
        "gratuit": free,
        **lon_lat(x, y),
    }


@table("drinking_fountains", scope=TOWN, level="commune", vintage="2026", origin="handed_over")
def drinking_fountains() -> Rows:
    """Twenty-three fountains known to those who mend them; five do not run."""
    rng = chance("fountains")
    inner = points_in(quarter_shapes()["centre"], 11, rng)
    outer = points_in(quarter_shapes()["faubourg"], 12, rng)
    x, y = (np.concatenate([inner[side], outer[side]]) for side in (0, 1))
    state = np.array(["en service"] * 18 + ["hors service"] * 5)[rng.permutation(23)]
    return {
        "territory": TOWN,
        "id_fontaine": [f"FICTIF-FO{number:02d}" for number in range(1, 24)],
        "type_fontaine": rng.choice(
            ["borne fontaine", "robinet", "fontaine type Wallace", "autre"], 23
        ),
        "potable": rng.random(23) < 0.83,
        "etat": state,
        "accessible_pmr": pd.Series(rng.random(23) < 0.5)
        .where(rng.random(23) < 0.7)
        .astype("boolean"),
        "adresse": street_at(x, y),
        **lon_lat(x, y),
    }


@table("parking_lots", scope=TOWN, level="commune", vintage="2020")
def parking_lots() -> Rows:
    """Public car parks."""
    lots = [
        ("Place du Marché-aux-Oies", -30, 130, 84),
        ("Quai de la Brisanne", -180, -240, 126),
        ("Gare", 690, -360, 310),
        ("Remparts", 400, 240, 148),
        ("Porte-Vaurelle", -260, 480, 96),
        ("Halle", 90, 230, 42),
        ("Piscine", -640, -20, 118),
        ("Hôpital", 360, -940, 420),
        ("Aubiers", 1230, 1000, 205),
        ("Champ-de-Foire", 520, 360, 260),
        ("Forges", -1380, -1240, 188),
    ]
    name, x, y, places = zip(*lots, strict=True)
    return {
        "territory": TOWN,
        "id_parking": [f"FICTIF-PK{number:02d}" for number in range(1, len(lots) + 1)],
        "nom": name,
        "nb_places": places,
        "surface_m2": [25 * count for count in places],
        "gratuit": [count > 150 for count in places],
        "revetement": ["enrobé"] * 9 + ["stabilisé", "enrobé"],
        **lon_lat(x, y),
    }


@table("public_facilities", scope=TOWN, level="commune", vintage="2021")
def public_facilities() -> Rows:
    """Only sports and culture: the other services never sent their lists."""
    rows = [
        ("Piscine des Saules", "Equipement sportif et de loisirs", -620, -60),
        ("Stade de la Prairie", "Equipement sportif et de loisirs", 1600, 60),
        ("Gymnase des Aubiers", "Equipement sportif et de loisirs", 1080, 1160),
        ("Gymnase du Vieux-Gué", "Equipement sportif et de loisirs", -1210, 260),
        ("Médiathèque de la Halle", "Equipement culturel", 40, 190),
        ("Musée des Drapiers", "Equipement culturel", -150, 240),
        ("Théâtre du Grenier-à-Sel", "Equipement culturel", 160, 330),
        ("École de musique", "Equipement culturel", -340, 60),
    ]
    name, theme, x, y = zip(*rows, strict=True)
    return {
        "territory": TOWN,
        "equip_uid": [f"{TOWN}-FICTIF-{number:03d}" for number in range(1, len(rows) + 1)],
        "equip_theme": theme,
        "equip_nom": name,
        **lon_lat(x, y),
    }


@table("fire_hydrants", scope=TOWN, level="commune", vintage="2022")
def fire_hydrants() -> Rows:
    """Hydrants and tanks, sparse along the wood."""
    rng = chance("hydrants")
    x, y = points_in(urban(), 214, rng)
    flow = rng.normal(78, 22, 214).round()
    return {
        "territory": TOWN,
        "id_pei": [f"FICTIF-PEI{number:03d}" for number in range(1, 215)],
        "type_pei": rng.choice(["PI", "BI", "citerne"], 214, p=[0.82, 0.14, 0.04]),
        "disponible": rng.random(214) < 0.93,
        "debit_m3h": pd.Series(flow).where(rng.random(214) < 0.72),
        **lon_lat(x, y),
    }


@table(
    "school_indoor_temperature",
    scope=DEPARTEMENT,
    level="departement",
    vintage="2024-2026",
    origin="handed_over",
)
def school_indoor_temperature() -> Rows:
    """The 41 collèges of the département: hours over 28 degrees by month, never looked at."""
    rng = chance("classrooms")
    sites = [f"Collège n° {number:02d} (FICTIF)" for number in range(1, 42)]
    months = [f"{year}-{month:02d}-01" for year in (2024, 2025, 2026) for month in (5, 6, 9)]
    hot = np.tile([4, 21, 11], 3) * np.repeat([0.7, 1.2, 1.5], 3)
    hours = rng.poisson(hot[None, :] * rng.lognormal(0, 0.5, (41, 1)))
    missing = rng.random((41, 9)) < 0.08
    return {
        "territory": DEPARTEMENT,
        "etablissement": np.repeat(sites, 9),
        "mois": months * 41,
        "heures_plus_28": pd.Series(hours.ravel()).where(~missing.ravel()).astype("Int64"),
        "temperature_max_c": pd.Series(
            (26.5 + 0.16 * hours.ravel() + rng.normal(0, 0.6, 369)).round(1)
        ).where(~missing.ravel()),
    }


@table("pedestrian_network", scope=TOWN, level="commune", vintage="2026-09")
def pedestrian_network() -> Rows:
    """Pieces of street with surface, shade at three in the afternoon, benches."""
    rng = chance("walks")
    lines = streets()
    middle = np.array([line.interpolate(0.5, normalized=True).coords[0] for line in lines])
    x, y = middle.T
    where = quarter_at(x, y)
    shade = (
        pd.Series(where)
        .map({"centre": 0.44, "faubourg": 0.34, "aubiers": 0.31, "plaine": 0.06})
        .fillna(0.22)
    )
    return {
        "territory": TOWN,
        "id_troncon": [f"FICTIF-T{number:04d}" for number in range(1, len(lines) + 1)],
        "nom": street_at(x, y),
        "longueur_m": [round(line.length, 1) for line in lines],
        "revetement": rng.choice(["enrobé", "pavés", "stabilisé"], len(lines), p=[0.74, 0.16, 0.1]),
        "part_ombre_15h": np.clip(shade + rng.normal(0, 0.12, len(lines)), 0, 1).round(2),
        "bancs": rng.binomial(2, 0.09, len(lines)),
        "geometry_geojson": [geojson(line.simplify(3)) for line in lines],
    }
