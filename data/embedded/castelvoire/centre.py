"""Shops, firms, brownfields, what is spent: the economy of the town."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from data.embedded.castelvoire.agglomeration import codes, place
from data.embedded.castelvoire.names import COMMUNES
from data.embedded.castelvoire.plane import (
    EPCI,
    TOWN,
    Floats,
    chance,
    geojson,
    hectares,
    latitude,
    lon_lat,
    longitude,
    points_in,
    share_out,
)
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import blocks, contour, forest, patch, quarter_shapes, street_at

UNITS, VACANT_2025, VACANT_2026, VACANT_TWICE = 400, 62, 68, 41  # 17 % in 2026
BROWNFIELDS, BROWNFIELD_HA, IN_TOWN = 118, 42, 63
TRADES = [
    "alimentation",
    "restauration",
    "équipement de la personne",
    "hygiène et santé",
    "services",
    "culture et loisirs",
    "équipement de la maison",
    "banque et assurance",
]
SHOPPING_STREET = [(-430, 40), (-180, 170), (20, 140), (240, 190), (420, 20), (600, -240)]
KINDS = [
    "friche industrielle",
    "friche commerciale",
    "friche d'équipement public",
    "friche d'habitat",
    "friche ferroviaire",
    "friche hospitalière",
]


@cache
def units() -> pd.DataFrame:
    """The 400 ground floors surveyed, in the plane, with their state in 2025 and 2026."""
    rng = chance("ground floors")
    line = LineString(SHOPPING_STREET)
    kerbs = [block.shape.exterior for block in blocks() if block.shape.distance(line) < 95]
    spots = [p for kerb in kerbs for p in _every(kerb, 9)]
    far = np.array([shapely.Point(spot).distance(line) for spot in spots])
    x, y = np.array(spots)[np.argsort(far, kind="stable")[:UNITS]].T
    order = rng.permutation(UNITS)
    state_2025, state_2026 = (np.full(UNITS, "occupé", dtype="<U10") for _ in range(2))
    state_2025[order[:VACANT_2025]] = "vacant"
    again = (
        order[:VACANT_TWICE].tolist() + order[VACANT_2025:][: VACANT_2026 - VACANT_TWICE].tolist()
    )
    state_2026[again] = "vacant"
    frame = pd.DataFrame(
        {"x": x, "y": y, "street": street_at(x, y), "y2025": state_2025, "y2026": state_2026}
    )
    frame["number"] = frame.groupby("street").cumcount() + 1
    frame["trade"] = rng.choice(TRADES, UNITS, p=[0.14, 0.2, 0.18, 0.14, 0.16, 0.06, 0.06, 0.06])
    frame["area"] = rng.gamma(3, 28, UNITS).round() + 15
    return frame


@table("ground_floor_units", scope=TOWN, level="commune", vintage="2025-2026", origin="handed_over")
def ground_floor_units() -> Rows:
    """Two surveys on foot, March 2025 and March 2026, of the same 400 ground floors."""
    frame = units()
    years = []
    for year in (2025, 2026):
        state = frame[f"y{year}"]
        years.append(
            pd.DataFrame(
                {
                    "territory": TOWN,
                    "id_local": [f"FICTIF-L{number:03d}" for number in range(1, UNITS + 1)],
                    "annee_releve": year,
                    "date_releve": f"{year}-03-17",
                    "adresse": frame["number"].astype(str) + " " + frame["street"],
                    "etat": state,
                    "activite": frame["trade"].where(state == "occupé"),
                    "surface_m2": frame["area"],
                    **lon_lat(frame["x"], frame["y"]),
                }
            )
        )
    return pd.concat(years, ignore_index=True).to_dict("list")


@table("businesses", scope=TOWN, level="commune", vintage="2026-10")
def businesses() -> Rows:
    """Active, opened and closed establishments by year and activity."""
    rng = chance("firms")
    sectors = {
        "Commerce de détail": 412,
        "Restauration": 186,
        "Services aux personnes": 241,
        "Artisanat et construction": 498,
        "Industrie": 137,
        "Santé et action sociale": 356,
    }
    rows = []
    for sector, active in sectors.items():
        for year in range(2019, 2026):
            opened, closed = rng.poisson(active * 0.085), rng.poisson(active * 0.082)
            active += opened - closed
            rows.append((sector, year, active, opened, closed))
    names = ["secteur", "annee", "etablissements_actifs", "creations", "cessations"]
    return {"territory": TOWN, **pd.DataFrame(rows, columns=names)}


# domain, part of it, type (codes of the national list), how many in the town
FACILITIES = [
    ("Commerces", "B1", "B104", 3),
    ("Commerces", "B1", "B105", 9),
    ("Commerces", "B2", "B207", 21),
    ("Commerces", "B2", "B204", 12),
    ("Commerces", "B3", "B302", 38),
    ("Commerces", "B3", "B304", 7),
    ("Commerces", "B3", "B312", 14),
    ("Services aux particuliers", "A5", "A501", 44),
    ("Services aux particuliers", "A5", "A504", 71),
    ("Enseignement", "C1", "C108", 16),
    ("Santé et action sociale", "D2", "D265", 37),
    ("Sports, loisirs et culture", "F3", "F303", 1),
]


@table("facilities", scope=TOWN, level="commune", vintage="2024")
def facilities() -> Rows:
    """Shops and services counted by type."""
    names = ["domaine", "sous_domaine", "type_equipement", "equipements"]
    made = pd.DataFrame(FACILITIES, columns=names)
    return {"territory": TOWN, "annee": 2024, **made}


@table("household_income", scope=TOWN, level="commune", vintage="2021")
def household_income() -> Rows:
    """What half of the households live with, and how many are poor."""
    return {
        "territory": [TOWN],
        "annee": 2021,
        "niveau_vie_median": 20480.0,
        "niveau_vie_secret": False,
        "taux_pauvrete": 19.1,
        "taux_pauvrete_secret": False,
    }


@table("pedestrian_counts", scope=TOWN, level="commune", vintage="2021")
def pedestrian_counts() -> Rows:
    """Two Saturdays counted by hand in 2021: one street, opening hours only."""
    hours = np.tile(np.arange(9, 19), 2)
    busy = np.array([61, 118, 204, 187, 92, 121, 214, 262, 231, 148])
    return {
        "territory": TOWN,
        "point": "rue des Drapiers",
        "date": ["2021-09-18"] * 10 + ["2021-12-11"] * 10,
        "heure": hours,
        "pietons": [*busy, *(busy * 1.45).astype(int)],
        **lon_lat(-120, 190),
    }


@table("brownfields", scope=EPCI, level="commune", vintage="2025", origin="handed_over")
def brownfields() -> Rows:
    """The 118 sites of the agglomération: 42 hectares in all, 63 sites in Castelvoire."""
    rng = chance("brownfields")
    communes = [TOWN] * IN_TOWN + sorted(rng.choice(codes()[1:], BROWNFIELDS - IN_TOWN).tolist())
    area = share_out(BROWNFIELD_HA * 10_000, rng.lognormal(0, 1.0, BROWNFIELDS))
    kind = rng.choice(KINDS, BROWNFIELDS, p=[0.42, 0.22, 0.12, 0.14, 0.06, 0.04])
    lon, lat = _brownfield_places(communes, rng)
    return {
        "territory": communes,
        "site_id": [f"FICTIF-F{number:03d}" for number in range(1, BROWNFIELDS + 1)],
        "site_nom": [f"{name.capitalize()} n° {number}" for number, name in enumerate(kind, 1)],
        "site_type": kind,
        "site_statut": rng.choice(
            ["friche sans projet", "friche avec projet", "friche potentielle"],
            BROWNFIELDS,
            p=[0.66, 0.22, 0.12],
        ),
        "comm_nom": [COMMUNES[int(code) - 1] for code in communes],
        "unite_fonciere_surface": area,
        "sol_pollution_existe": rng.choice(
            ["inconnu", "pollution supposée", "pollution avérée", "pollution peu probable"],
            BROWNFIELDS,
            p=[0.55, 0.2, 0.1, 0.15],
        ),
        "site_actu_date": rng.choice(["2021-05-11", "2023-04-04", "2025-02-18"], BROWNFIELDS),
        "longitude": lon,
        "latitude": lat,
    }


@table("local_urban_plan", scope=EPCI, level="commune", vintage="2026-03")
def local_urban_plan() -> Rows:
    """Zones of the intercommunal plan within Castelvoire."""
    shapes = {"UA": quarter_shapes()["centre"], "UX": quarter_shapes()["plaine"]}
    shapes["UB"] = shapely.union_all([quarter_shapes()[name] for name in ("faubourg", "aubiers")])
    shapes["UC"] = quarter_shapes()["pavillons"]
    shapes["AU"] = patch(2000, -700, 260).difference(shapely.union_all(list(shapes.values())))
    shapes["N"] = forest()
    shapes["A"] = contour().difference(shapely.union_all(list(shapes.values())).buffer(1))
    return {
        "territory": TOWN,
        "typezone": [name[0] if name[0] in "NA" and name != "AU" else name[:2] for name in shapes],
        "libelle": list(shapes),
        "surface_ha": [hectares(shape) for shape in shapes.values()],
        "date_approbation": "2026-03-19",
        "geometry_geojson": [geojson(shape.simplify(6)) for shape in shapes.values()],
    }


@table("grants", scope=EPCI, level="epci", vintage="2025")
def grants() -> Rows:
    """Grants paid by the agglomération, by year, purpose and kind of receiver."""
    rng = chance("grants")
    purposes = [
        "Ravalement et rénovation de l'habitat",
        "Animation du centre-ville",
        "Plantation de haies",
        "Club sportif",
        "Accueil de jour",
        "Festival d'été",
        "Récupérateurs d'eau",
    ]
    rows = [
        (year, purpose, kind, int(round(float(rng.gamma(2, 9000)), -2)))
        for year in (2023, 2024, 2025)
        for purpose in purposes
        for kind in ("association", "particulier (agrégé)")
        for _ in range(2)
    ]
    frame = pd.DataFrame(rows, columns=["annee", "objet", "type_beneficiaire", "montant_eur"])
    return {
        "territory": EPCI,
        **frame,
        "nb_logements_aides": np.where(
            frame["objet"].str.startswith("Ravalement"),
            (frame["montant_eur"] // 3500).clip(lower=1),
            0,
        ),
    }


@table("public_contracts", scope=EPCI, level="epci", vintage="2026-10")
def public_contracts() -> Rows:
    """Contracts notified by the agglomération."""
    rng = chance("contracts")
    objects = [
        "Élagage des arbres d'alignement",
        "Maintenance de l'éclairage",
        "Étude hydraulique",
        "Réfection de chaussée",
        "Location de capteurs",
        "Entretien des fossés",
    ]
    days = np.datetime64("2024-01-15") + (np.arange(36) * 28).astype("timedelta64[D]")
    return {
        "territory": EPCI,
        "id_marche": [f"FICTIF-M{number:03d}" for number in range(1, 37)],
        "objet": rng.choice(objects, 36),
        "nature": rng.choice(["travaux", "services", "fournitures"], 36),
        "date_notification": days,
        "montant_eur": rng.gamma(2, 60_000, 36).round(-2),
        "duree_mois": rng.choice([6, 12, 24, 36, 48], 36),
    }


def _every(kerb: shapely.LinearRing, step: float) -> list[tuple[float, float]]:
    count = int(kerb.length / step)
    at = (np.arange(count) + 0.5) * kerb.length / max(count, 1)
    return list(map(tuple, shapely.get_coordinates(shapely.line_interpolate_point(kerb, at))))


def _brownfield_places(communes: list[str], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """In town: the plain and the faubourgs. Elsewhere: near the heart of the commune."""
    plain = points_in(quarter_shapes()["plaine"], 38, rng)
    faubourg = points_in(quarter_shapes()["faubourg"], IN_TOWN - 38, rng)
    x, y = (np.concatenate([plain[side], faubourg[side]]) for side in (0, 1))
    away = np.array([place(code) for code in communes[IN_TOWN:]])
    shift = rng.normal(0, 0.004, away.shape).round(6)
    lon, lat = (away + shift).round(6).T
    return np.concatenate([longitude(x), lon]), np.concatenate([latitude(y), lat])
