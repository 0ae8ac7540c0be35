"""Trees, green spaces, ground cover, wild life."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from data.embedded.castelvoire.housing import footprints
from data.embedded.castelvoire.names import TREES
from data.embedded.castelvoire.plane import (
    TOWN,
    Floats,
    chance,
    geojson,
    hectares,
    inside,
    lon_lat,
    points_in,
)
from data.embedded.castelvoire.tables import Rows, table
from data.embedded.castelvoire.town import (
    QUARTERS,
    blocks,
    contour,
    forest,
    gardens,
    park,
    patch,
    quarter_shapes,
    river,
    street_at,
    urban,
    water,
)

INVENTORY = 6_400  # trees of the pruner's list
# metres of kerb for one tree, by quarter: none but a few squares in the old centre
TREE_STEP_M = {"faubourg": 17.0, "aubiers": 11.0, "pavillons": 34.0, "plaine": 62.0}
SPECIES = [
    ("Martinet noir", "Apus apus"),
    ("Hérisson d'Europe", "Erinaceus europaeus"),
    ("Pipistrelle commune", "Pipistrellus pipistrellus"),
    ("Hirondelle rustique", "Hirundo rustica"),
    ("Alyte accoucheur", "Alytes obstetricans"),
    ("Lézard des murailles", "Podarcis muralis"),
    ("Grand murin", "Myotis myotis"),
    ("Mésange charbonnière", "Parus major"),
    ("Martin-pêcheur d'Europe", "Alcedo atthis"),
    ("Lucane cerf-volant", "Lucanus cervus"),
    ("Azuré du serpolet", "Phengaris arion"),
    ("Écureuil roux", "Sciurus vulgaris"),
    ("Chouette hulotte", "Strix aluco"),
    ("Orchis bouc", "Himantoglossum hircinum"),
    ("Loutre d'Europe", "Lutra lutra"),
    ("Rougegorge familier", "Erithacus rubecula"),
    ("Triton palmé", "Lissotriton helveticus"),
    ("Cordulie à corps fin", "Oxygastra curtisii"),
]


@cache
def trees() -> pd.DataFrame:
    """The 6 400 trees of the inventory, in the plane; no trunk stands in a building."""
    kerb, green = _kerb_trees(), _garden_trees()
    rng = chance("trees")
    kept = rng.choice(len(kerb), INVENTORY - len(green), replace=False)
    frame = pd.concat([kerb.iloc[np.sort(kept)], green], ignore_index=True)
    shares = np.array([share for *_, share in TREES])
    frame["kind"] = rng.choice(len(TREES), len(frame), p=shares / shares.sum())
    frame["age"] = np.clip(rng.gamma(3, 13, len(frame)), 1, 160).round()
    frame["height"] = np.clip(
        2.2 + 0.31 * frame["age"] ** 0.95 + rng.normal(0, 1.4, len(frame)), 2, 31
    )
    frame["girth"] = np.clip(8 + 2.5 * frame["age"] + rng.normal(0, 9, len(frame)), 10, 420)
    frame["street"] = street_at(frame["x"].to_numpy(), frame["y"].to_numpy())
    return frame


@table("tree_inventory", scope=TOWN, level="commune", vintage="2024", origin="handed_over")
def tree_inventory() -> Rows:
    """The pruner's list: many cells empty, 140 trees without a place, one genus too many."""
    frame = trees()
    genus, species, common = (np.array([t[i] for t in TREES])[frame["kind"]] for i in range(3))
    rng = chance("tree gaps")
    size = len(frame)
    planted = 2024 - frame["age"].astype(int)
    dates = pd.to_datetime(dict(year=planted, month=11, day=25)).dt.date
    placed = rng.permutation(size) >= 140
    places = {
        name: pd.Series(v).where(placed) for name, v in lon_lat(frame["x"], frame["y"]).items()
    }
    return {
        "territory": TOWN,
        "id_arbre": range(1, size + 1),
        "genre": _gap(genus, 0.06, rng),
        "espece": _gap(species, 0.22, rng),
        "nom_vernaculaire": _gap(common, 0.15, rng),
        "date_plantation": _gap(dates, 0.61, rng),
        "hauteur_m": _gap(frame["height"].round(1), 0.34, rng),
        "circonference_cm": _gap(frame["girth"].round(0), 0.41, rng),
        "remarquable": (frame["girth"] > 330) & (rng.random(size) < 0.5),
        "situation": frame["place"],
        "adresse": frame["street"],
        **places,
    }


@table("tree_survey", scope=TOWN, level="commune", vintage="2026-05", origin="handed_over")
def tree_survey() -> Rows:
    """Trees noted by residents: 340 also in the inventory (some metres away), 140 not."""
    rng = chance("survey")
    frame = trees()
    near = frame.index[np.hypot(frame["x"], frame["y"] - 120) < 950].to_numpy()
    seen = np.sort(rng.choice(near, 340, replace=False))
    known = frame.loc[seen]
    new_x, new_y = _free(quarter_shapes()["faubourg"], 140, rng)
    common = np.array([name for *_, name, _ in TREES])
    names = np.append(
        common[known["kind"]], rng.choice(["Figuier", "Olivier", "Cerisier", "Arbre ?"], 140)
    )
    x = np.append(known["x"] + rng.normal(0, 2.5, 340), new_x)
    y = np.append(known["y"] + rng.normal(0, 2.5, 340), new_y)
    return {
        "territory": TOWN,
        "id_releve": [f"FICTIF-CP{number:03d}" for number in range(1, 481)],
        "nom_releve": names,
        "id_arbre_inventaire": pd.Series([*(seen + 1), *[None] * 140], dtype="Int64"),
        "domaine": ["public"] * 340 + ["privé visible de la rue"] * 140,
        "date_releve": "2026-05-23",
        **lon_lat(x, y),
    }


@table("planting_projects", scope=TOWN, level="commune", vintage="2026", origin="handed_over")
def planting_projects() -> Rows:
    """The 3 000 trees promised, street by street, over three winters."""
    rng = chance("planting")
    x, y = points_in(urban().difference(quarter_shapes()["centre"]), 60, rng)
    number = rng.multinomial(3000, rng.dirichlet(np.full(60, 3.0)))
    return {
        "territory": TOWN,
        "id_projet": [f"FICTIF-P{rank:03d}" for rank in range(1, 61)],
        "campagne": np.repeat(["2026-2027", "2027-2028", "2028-2029"], 20),
        "adresse": street_at(x, y),
        "nb_arbres": number,
        "essence_prevue": _gap(rng.choice([t[2] for t in TREES[1:]], 60), 0.4, rng),
        **lon_lat(x, y),
    }


@table("green_spaces", scope=TOWN, level="commune", vintage="2022")
def green_spaces() -> Rows:
    """Public gardens and parks."""
    shapes = gardens()
    return {
        "territory": TOWN,
        "nom": list(shapes),
        "ouvert_la_nuit": [name.startswith(("Mail", "Prairie")) for name in shapes],
        "eau_potable": [name.startswith("Parc") for name in shapes],
        "surface_ha": [hectares(shape) for shape in shapes.values()],
        "geometry_geojson": [geojson(shape.simplify(1)) for shape in shapes.values()],
    }


@table("green_management", scope=TOWN, level="commune", vintage="2023")
def green_management() -> Rows:
    """How each green space is kept."""
    ways = [
        "soignée",
        "soignée",
        "soignée",
        "courante",
        "courante",
        "extensive",
        "extensive",
        "courante",
    ]
    return {
        "territory": TOWN,
        "nom": list(gardens()),
        "classe_gestion": ["courante", *ways],
        "fauches_par_an": [12, 20, 20, 20, 14, 12, 2, 1, 14],
        "arrosage": [True, True, True, True, False, False, False, False, True],
    }


@cache
def cover() -> dict[str, BaseGeometry]:
    """The whole commune in seven kinds of ground; together they cover it once."""
    mineral = unary_union(
        [block.shape for block in blocks() if block.quarter in ("centre", "plaine")]
    )
    kinds = {
        "eau": water(),
        "boisement": forest(),
        "parc et jardin public": unary_union(list(gardens().values())),
    }
    kinds["bâti dense et activité"] = mineral
    kinds["bâti lâche et jardins"] = unary_union([block.shape for block in blocks()])
    kinds["voirie et stationnement"] = urban()
    kinds["culture et prairie"] = contour()
    taken: BaseGeometry = Point(0, 9e9).buffer(1)
    for name, shape in kinds.items():
        kinds[name] = shape.intersection(contour()).difference(taken)
        taken = unary_union([taken, shape])
    return kinds


@table("land_cover", scope=TOWN, level="commune", vintage="2023")
def land_cover() -> Rows:
    """Ground cover by kind (aggregated shapes, simplified to about 6 m)."""
    green = {
        "boisement": 1.0,
        "parc et jardin public": 0.88,
        "culture et prairie": 0.97,
        "bâti lâche et jardins": 0.46,
        "bâti dense et activité": 0.07,
        "voirie et stationnement": 0.09,
        "eau": 0.0,
    }
    return {
        "territory": TOWN,
        "couverture": list(cover()),
        "surface_ha": [hectares(shape) for shape in cover().values()],
        "part_vegetalisee": [green[name] for name in cover()],
        "geometry_geojson": [geojson(_plain(shape)) for shape in cover().values()],
    }


@table("impervious_surfaces", scope=TOWN, level="commune", vintage="2023")
def impervious_surfaces() -> Rows:
    """Share of sealed ground in each street block."""
    usual = {"centre": 0.93, "plaine": 0.81, "faubourg": 0.62, "aubiers": 0.48, "pavillons": 0.38}
    rng = chance("sealed")
    share = [np.clip(rng.normal(usual[block.quarter], 0.06), 0.1, 0.99) for block in blocks()]
    return {
        "territory": TOWN,
        "id_ilot": [block.id for block in blocks()],
        "surface_m2": [round(block.shape.area) for block in blocks()],
        "part_impermeable": np.round(share, 2),
    }


@table("street_blocks", scope=TOWN, level="commune", vintage="2026")
def street_blocks() -> Rows:
    """Street blocks with their quarter."""
    return {
        "territory": TOWN,
        "id_ilot": [block.id for block in blocks()],
        "quartier": [QUARTERS[block.quarter].label for block in blocks()],
        "surface_m2": [round(block.shape.area) for block in blocks()],
        "geometry_geojson": [geojson(block.shape.simplify(3)) for block in blocks()],
    }


@table("forest_mask", scope=TOWN, level="commune", vintage="2025")
def forest_mask() -> Rows:
    """Bois de Haute-Vaurelle and the riverside strip."""
    strip = (
        river()
        .buffer(55)
        .difference(urban().buffer(40))
        .difference(water())
        .intersection(contour())
    )
    shapes = {"Bois de Haute-Vaurelle": forest(), "Ripisylve de la Brisanne": strip}
    return {
        "territory": TOWN,
        "nom": list(shapes),
        "type_formation": ["futaie mixte", "boisement rivulaire"],
        "surface_ha": [hectares(shape) for shape in shapes.values()],
        "geometry_geojson": [geojson(_plain(shape)) for shape in shapes.values()],
    }


@table("natural_areas", scope=TOWN, level="commune", vintage="2026")
def natural_areas() -> Rows:
    """Protected or listed natural ground; land under two of them is counted once, bought first."""
    shapes = {
        "Bois de Haute-Vaurelle": forest().intersection(patch(-700, 2400, 1100)),
        "Méandres de la Brisanne": river()
        .buffer(190)
        .intersection(contour())
        .difference(urban().buffer(80)),
        "Pelouse des Crêtes": patch(1750, 1950, 170).intersection(contour()),
    }
    wood, banks, ridge = shapes.values()
    alone = [wood.difference(unary_union([banks, ridge])), banks.difference(ridge), ridge]
    kinds = ["ZNIEFF 2", "ZNIEFF 1", "ENS"]
    return {
        "territory": TOWN,
        "nom": list(shapes),
        "type_zonage": kinds,
        "surface_ha": [hectares(shape) for shape in shapes.values()],
        "geometry_geojson": [geojson(_plain(shape)) for shape in shapes.values()],
        "famille": ["inventaire", "inventaire", "foncier"],
        "id_zonage": [f"FICTIF-{number}" for number in range(1, len(shapes) + 1)],
        "couche": [f"FICTIF {kind}" for kind in kinds],
        "url": None,
        "surface_seule_ha": [hectares(shape) for shape in alone],
        "surface_territoire_ha": hectares(contour()),
    }


@table("species_observations", scope=TOWN, level="commune", vintage="2016-2026")
def species_observations() -> Rows:
    """Observations drawn to a 500 m mesh; more where people walk, none is not absence."""
    rng = chance("species")
    parts = [
        (park(), 260),
        (forest(), 190),
        (river().buffer(80).intersection(contour()), 210),
        (urban(), 240),
    ]
    drawn = [points_in(shape, count, rng) for shape, count in parts]
    x, y = (np.floor(np.concatenate([d[i] for d in drawn]) / 500) * 500 + 250 for i in (0, 1))
    weights = rng.dirichlet(np.full(len(SPECIES), 0.8))
    kind = rng.choice(len(SPECIES), len(x), p=weights)
    days = np.datetime64("2016-03-01") + rng.integers(0, 3850, len(x)).astype("timedelta64[D]")
    return {
        "territory": TOWN,
        "nom_vernaculaire": np.array([name for name, _ in SPECIES])[kind],
        "nom_scientifique": np.array([name for _, name in SPECIES])[kind],
        "date_observation": days,
        "maille_m": 500,
        **lon_lat(x, y),
    }


def _kerb_trees() -> pd.DataFrame:
    """Stations along the kerbs, 1.6 m into the street, thinned to the habit of each quarter."""
    rows: list[tuple[float, float]] = []
    for block in blocks():
        step = TREE_STEP_M.get(block.quarter)
        kerb = block.shape.buffer(1.6, join_style="mitre").exterior
        count = int(kerb.length / step) if step else 0
        at = (np.arange(count) + 0.5) * kerb.length / max(count, 1)
        rows += map(tuple, shapely.get_coordinates(shapely.line_interpolate_point(kerb, at)))
    x, y = _standing(*np.array(rows).T)
    return pd.DataFrame({"x": x, "y": y, "place": "alignement"})


def _garden_trees() -> pd.DataFrame:
    rng = chance("garden trees")
    parts = [points_in(shape, max(5, int(shape.area / 95)), rng) for shape in gardens().values()]
    x, y = _standing(*(np.concatenate([part[i] for part in parts]) for i in (0, 1)))
    return pd.DataFrame({"x": x, "y": y, "place": "parc ou jardin"})


@cache
def _walls() -> BaseGeometry:
    return unary_union([shape.buffer(0.8) for shape in footprints()])


def _standing(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Keep the points that stand neither in a building nor in the river, within the commune."""
    free = ~inside(_walls(), x, y) & ~inside(water(), x, y) & inside(contour(), x, y)
    return x[free], y[free]


def _free(area: BaseGeometry, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    x, y = _standing(*points_in(area, 3 * count, rng))
    return x[:count], y[:count]


def _gap(values: object, share: float, rng: np.random.Generator) -> pd.Series:
    """A column with a share of its cells left empty."""
    column = pd.Series(values).reset_index(drop=True)
    return column.where(rng.random(len(column)) >= share)


def _plain(shape: BaseGeometry) -> BaseGeometry:
    """A shape light enough for a file: corners under 6 m and crumbs under 300 m2 dropped."""
    parts = [part for part in shapely.get_parts(shape.simplify(6)) if part.area > 300]
    return unary_union(parts) if parts else shape
