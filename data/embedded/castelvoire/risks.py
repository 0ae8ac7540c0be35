"""Risks known to the State: orders, plans, clay, soil pollution, radon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from data.embedded.castelvoire.agglomeration import codes
from data.embedded.castelvoire.plane import (
    EPCI,
    TOWN,
    chance,
    geojson,
    hectares,
    lon_lat,
    points_in,
)
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import contour, patch, quarter_shapes, river
from data.embedded.castelvoire.water import communes_of_the_river

FLOOD = ("ICB", "Inondations et/ou Coulées de Boue")
GROUND = ("MVT", "Mouvement de Terrain")
DROUGHT = ("SEC", "Sécheresse")
# start, end, order, publication
FLOODS = [
    ("1982-12-16", "1982-12-20", "1983-01-11", "1983-01-13"),
    ("1995-01-18", "1995-01-29", "1995-02-06", "1995-02-08"),
    ("1999-12-25", "1999-12-29", "1999-12-29", "1999-12-30"),
    ("2001-03-12", "2001-03-15", "2001-08-06", "2001-08-11"),
    ("2013-05-30", "2013-06-02", "2013-07-22", "2013-07-25"),
    ("2016-05-31", "2016-06-03", "2016-07-26", "2016-08-12"),
    ("2021-07-15", "2021-07-17", "2021-09-30", "2021-10-02"),
    ("2024-10-17", "2024-10-19", "2024-12-18", "2024-12-21"),
    ("2025-08-27", "2025-08-27", "2025-11-04", "2025-11-08"),
]
DROUGHTS = [
    ("1989-06-01", "1990-12-31", "1991-07-12", "1991-08-10"),
    ("2003-07-01", "2003-09-30", "2005-05-27", "2005-05-31"),
    ("2011-04-01", "2011-06-30", "2012-07-11", "2012-07-17"),
    ("2018-10-01", "2018-12-31", "2019-09-17", "2019-10-26"),
    ("2022-04-01", "2022-09-30", "2023-05-02", "2023-06-10"),
    ("2025-06-01", "2025-09-30", "2026-06-16", "2026-07-02"),
]
# two digits: a family; three: a kind within the family of the first two
DDRM = [
    ("11", "Inondation"),
    ("112", "Par une crue à débordement lent de cours d'eau"),
    ("12", "Mouvement de terrain"),
    ("127", "Tassements différentiels"),
    ("21", "Risque industriel"),
    ("24", "Transport de marchandises dangereuses"),
]
PLANS = [
    ("PPRi Vallée de la Brisanne", "PPRN-I", "Approuvé", "Inondation", "1998-05-04", "2004-09-27"),
    (
        "PPRi Vallée de la Brisanne, révision",
        "PPRN-I",
        "Prescrit",
        "Inondation",
        "2022-03-14",
        None,
    ),
    ("PPRT Dépôt du Port-Sec", "PPRT", "Approuvé", "Risque industriel", "2009-11-30", "2013-06-18"),
]


@table("catnat_orders", scope=EPCI, level="commune", vintage="2026-09")
def catnat_orders() -> Rows:
    """Orders by peril and event: all for the town, some for the other communes."""
    rng = chance("orders")
    rows = [(TOWN, *row) for row in _orders(FLOOD, FLOODS) + _orders(DROUGHT, DROUGHTS)]
    rows += [(TOWN, *row) for row in _orders(GROUND, [FLOODS[2]])]
    for code in codes()[1:]:
        floods = FLOODS if code in communes_of_the_river() else FLOODS[2:4]
        known = [*_orders(FLOOD, floods), *_orders(DROUGHT, DROUGHTS)]
        rows += [(code, *row) for row in known if rng.random() < 0.6]
    names = [
        "territory",
        "num_risque",
        "lib_risque",
        "date_debut",
        "date_fin",
        "date_arrete",
        "date_jo",
    ]
    frame = pd.DataFrame(rows, columns=names).sort_values(["territory", "date_debut", "num_risque"])
    frame.insert(1, "id_gaspar", [f"FICTIF-CN{number:04d}" for number in range(1, len(frame) + 1)])
    return frame.to_dict("list")


@table("prevention_plans", scope=TOWN, level="commune", vintage="2026-09")
def prevention_plans() -> Rows:
    """Three plans: two in force, one being revised."""
    procedure, model, state, risk, prescribed, approved = zip(*PLANS, strict=True)
    return {
        "territory": TOWN,
        "id_gaspar": [f"FICTIF-PP{number:02d}" for number in range(1, 4)],
        "procedure": procedure,
        "model": model,
        "state": state,
        "risk": risk,
        "prescribed": prescribed,
        "approved": approved,
    }


@table("risk_records", scope=TOWN, level="commune", vintage="2026-09")
def risk_records() -> Rows:
    """Risks listed in the département's file."""
    number, label = zip(*DDRM, strict=True)
    return {"territory": TOWN, "num_risque": number, "lib_risque": label}


@table("risk_figures", scope=TOWN, level="commune", vintage="2026-09")
def risk_figures() -> Rows:
    """The facts of the tables of orders and plans, in the shape of the pilot towns' figures."""
    rows: list[tuple[Any, ...]] = [
        ("radon_class", "Potentiel radon de la commune", "2019", "2", "classe 1-3"),
        *[
            ("ddrm_risk", label, None, "1", "mention (1 = listé)")
            for number, label in DDRM
            if len(number) == 2
        ],
        *[
            (
                "pprt" if plan[1] == "PPRT" else "pprn",
                plan[0],
                None,
                plan[2],
                "état de la procédure",
            )
            for plan in PLANS
        ],
    ]
    orders = pd.DataFrame(catnat_orders()).query(
        "territory == @TOWN and date_debut >= '1996-09-24'"
    )
    last = orders.iloc[-1]
    rows += [
        (
            "catnat_count",
            "Reconnaissances CatNat, tous périls",
            "1996-09-24/..",
            str(len(orders)),
            "arrêté x péril x date de début",
        ),
        (
            "catnat_last",
            last["lib_risque"],
            last["date_debut"],
            last["date_debut"],
            "date de début de l'événement",
        ),
    ]
    names = ["item", "label", "date_or_period", "value", "unit"]
    return {"territory": TOWN, **pd.DataFrame(rows, columns=names)}


@table("radon_potential", scope=TOWN, level="commune", vintage="2019")
def radon_potential() -> Rows:
    """Class of the commune."""
    return {"territory": TOWN, "radon_class": [2]}


@table("clay_exposure", scope=TOWN, level="commune", vintage="2026")
def clay_exposure() -> Rows:
    """Strong on the marls of the east, medium around, low elsewhere."""
    strong = patch(1500, 500, 1050).union(patch(900, 1500, 500))
    medium = strong.buffer(520).difference(strong)
    parts = {"forte": strong, "moyenne": medium, "faible": contour().difference(strong.buffer(520))}
    shapes = {name: part.intersection(contour()) for name, part in parts.items()}
    return {
        "territory": TOWN,
        "exposition": list(shapes),
        "surface_ha": [hectares(shape) for shape in shapes.values()],
        "geometry_geojson": [geojson(shape.simplify(10)) for shape in shapes.values()],
    }


@table("soil_pollution", scope=TOWN, level="commune", vintage="2026-10")
def soil_pollution() -> Rows:
    """Former works: most in the industrial plain, some old ones near the river."""
    rng = chance("soils")
    plain = points_in(quarter_shapes()["plaine"], 29, rng)
    old = points_in(river().buffer(160).intersection(quarter_shapes()["faubourg"]), 12, rng)
    trade = rng.choice(
        ["Fonderie", "Dépôt de carburants", "Teinturerie", "Usine à gaz", "Décharge"], 41
    )
    return {
        "territory": TOWN,
        "id_site": [f"FICTIF-SSP{number:03d}" for number in range(1, 42)],
        "nom": [f"{name} n° {number}" for number, name in enumerate(trade, 1)],
        "inventaire": rng.choice(["CASIAS", "CASIAS", "CASIAS", "SIS"], 41),
        "statut": rng.choice(["ancien site", "en activité", "à surveiller"], 41, p=[0.7, 0.2, 0.1]),
        **lon_lat(*([*plain[side], *old[side]] for side in (0, 1))),
    }


@table("land_take", scope=EPCI, level="commune", vintage="2011-2024")
def land_take() -> Rows:
    """Hectares turned from field or wood into building ground, by commune and year."""
    rng = chance("land take")
    years = list(range(2011, 2025))
    means = [9.0 if code == TOWN else 1.1 for code in codes()]
    slower = [1.2 - 0.05 * turn for turn in range(len(years))]
    taken = [[rng.gamma(2, mean * pace / 2) for pace in slower] for mean in means]
    return {
        "territory": [code for code in codes() for _ in years],
        "annee": years * len(codes()),
        "habitat_ha": [round(0.62 * one, 2) for row in taken for one in row],
        "activite_ha": [round(0.31 * one, 2) for row in taken for one in row],
        "autre_ha": [round(0.07 * one, 2) for row in taken for one in row],
    }


def _orders(peril: tuple[str, str], events: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(*peril, *event) for event in events]
