"""The fictional world: its promises, its coherence, its verdicts, and that it can be rebuilt."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

from data.embedded import build_fictional as build
from data.embedded.castelvoire import climate, town
from data.embedded.castelvoire.plane import METRES_PER_LAT, METRES_PER_LON, longitude, share_out
from data.embedded.castelvoire.sent import SERVICE_FILES
from data.embedded.castelvoire.tables import TABLES

ROOT = Path(__file__).parents[2]
WORLD = ROOT / "data" / "embedded" / "fictional"
REFERENCE = ROOT / "data" / "reference"
DAY = pd.Timestamp("2026-11-21")
AGGLOMERATION = "Brisanne Agglomération (FICTIF)"

EXPECTED = {
    "heat_islands": ("degraded", "degraded"),
    "tree_heritage": ("blocked", "blocked"),
    "cool_routes": ("blocked", "blocked"),
    "desealing": ("unknown", "degraded"),
    "flood_pcs": ("degraded", "degraded"),
    "clay_shrink_swell": ("degraded", "degraded"),
    "green_network": ("degraded", "degraded"),
    "dark_network": ("degraded", "degraded"),
    "drought_water": ("ready", "degraded"),
    "ground_floors": ("blocked", "blocked"),
    "brownfield_renaturation": ("blocked", "blocked"),
    "heatwave_fragile": ("degraded", "degraded"),
    "wildfire_edge": ("unknown", "degraded"),
    "summer_comfort_housing": ("ready", "ready"),
}


@cache
def table(dataset: str) -> pd.DataFrame:
    return duckdb.sql(
        "select * from read_parquet(?)", params=[str(WORLD / f"{dataset}.parquet")]
    ).df()


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((WORLD / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def statuses() -> dict[str, dict]:
    text = (REFERENCE / "fictional" / "castelvoire.yml").read_text(encoding="utf-8")
    return {row["dataset"]: row for row in yaml.safe_load(text)["statuses"]}


@pytest.fixture(scope="module")
def experiments() -> dict[str, dict]:
    paths = sorted((REFERENCE / "experiments").glob("*.yml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def cards() -> dict[str, dict]:
    paths = (REFERENCE / "datasets").glob("*.yml")
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


# --- rebuilt ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dataset", ["brownfields", "catnat_orders", "heat_sensors", "municipalities"]
)
def test_a_table_rebuilt_has_the_rows_that_are_kept(dataset, tmp_path):
    build.write_table(TABLES[dataset], build.frame(TABLES[dataset]), tmp_path)
    rebuilt = duckdb.sql(
        "select * from read_parquet(?)", params=[str(tmp_path / f"{dataset}.parquet")]
    )
    assert rebuilt.df().equals(table(dataset))


@pytest.mark.parametrize("name", ["friches_agglo.xlsx", "capteur_riviere.csv", "budget_2026.csv"])
def test_a_service_file_rebuilt_has_the_bytes_that_are_kept(name):
    file = next(one for one in SERVICE_FILES if one.name == f"FICTIF_{name}")
    assert file.make() == (WORLD / "files" / file.name).read_bytes()


@pytest.mark.deep
def test_the_whole_world_rebuilt_is_the_one_that_is_kept():
    assert build.main(["--check"]) == 0


def test_a_changed_table_is_named_by_the_check(tmp_path):
    kept, rebuilt = tmp_path / "kept", tmp_path / "rebuilt"
    for folder, value in ((kept, 1), (rebuilt, 2)):
        folder.mkdir()
        duckdb.sql(f"select {value} as v").write_parquet(str(folder / "t.parquet"))
    assert build.differences(kept, rebuilt) == ["t.parquet"]


def test_the_manifest_lists_every_file_of_the_folder_and_no_other(manifest):
    listed = {entry["file"] for entry in manifest["files"]}
    assert listed == {path.name for path in WORLD.glob("*.parquet")}
    sent = {entry["file"] for entry in manifest["service_files"]}
    assert sent == {path.name for path in (WORLD / "files").iterdir()}
    assert len(sent) >= 20


def test_the_manifest_counts_the_rows_and_hashes_the_files(manifest):
    for entry in manifest["files"]:
        assert len(table(entry["dataset"])) == entry["rows"] > 0, entry["file"]
        assert build.sha256(WORLD / entry["file"]) == entry["sha256"], entry["file"]


def test_the_world_is_light():
    total = sum(path.stat().st_size for path in WORLD.rglob("*") if path.is_file())
    assert total < 4_000_000


def test_each_table_has_the_columns_of_its_card_territory_first(manifest, cards):
    for entry in manifest["files"]:
        columns = list(table(entry["dataset"]).columns)
        assert columns == ["territory", *cards[entry["dataset"]]["columns"]], entry["dataset"]


# --- marked, and far from anywhere --------------------------------------------------------------


def test_everything_says_fictif(manifest, statuses):
    assert manifest["fictional"] is True
    assert all(entry["producer"].startswith("FICTIF") for entry in manifest["files"])
    assert all("FICTIF" in entry["licence"] for entry in manifest["files"])
    assert all(row["evidence"].startswith("FICTIF") for row in statuses.values())
    assert all("FICTIF" in row["holder"] for row in statuses.values())


def test_each_service_file_says_fictif_in_its_name_and_inside():
    for path in (WORLD / "files").iterdir():
        assert path.name.startswith("FICTIF_")
        assert b"FICTIF" in _content(path), path.name


def test_no_coordinate_lies_within_a_thousand_kilometres_of_france(manifest):
    for entry in manifest["files"]:
        rows = table(entry["dataset"])
        for name in ("longitude", "lon"):
            if name in rows:
                assert rows[name].dropna().between(-20.3, -19.7).all(), entry["dataset"]
        if "geometry_geojson" in rows:
            shapes = shapely.from_geojson(rows["geometry_geojson"].to_numpy())
            left, _, right, _ = shapely.total_bounds(shapes)
            assert -20.4 < left < right < -19.6, entry["dataset"]


def test_no_code_could_be_a_real_one(manifest):
    for entry in manifest["files"]:
        codes = set(table(entry["dataset"])["territory"])
        assert all(code.startswith("000") or code == "dep:00" for code in codes), entry["dataset"]


def test_phone_numbers_are_those_kept_for_fiction():
    text = (WORLD / "files" / "FICTIF_lieux_frais_2024.csv").read_text(encoding="utf-8-sig")
    numbers = pd.Series(text.splitlines()[1:]).str.extract(r"(0\d[\d.]{8,})")[0]
    assert numbers.notna().all() and numbers.str.startswith("01.99.00").all()


# --- the sums of the story ------------------------------------------------------------------------


def test_31_800_people_live_in_the_squares_and_in_the_iris():
    squares, iris = table("population_grid"), table("iris_population")
    town_iris = iris[iris["com"] == "00001"]
    assert squares["ind"].sum() == town_iris["pop"].sum() == 31_800
    by_iris = squares.groupby("iris")[["ind", "ind_65p"]].sum()
    census = town_iris.set_index("iris").loc[by_iris.index]
    assert (by_iris["ind"] == census["pop"]).all() and (
        by_iris["ind_65p"] == census["pop_65p"]
    ).all()


def test_the_34_communes_hold_86_400_people():
    communes = table("municipalities")
    assert len(communes) == 34 and communes["population"].sum() == 86_400
    assert table("iris_population")["pop"].sum() == 86_400


def test_the_census_adds_up_row_by_row():
    rows = table("iris_population")
    assert (rows["pop_0_19"] + rows["pop_20_64"] + rows["pop_65p"] == rows["pop"]).all()
    parts = rows["res_principales"] + rows["res_secondaires"] + rows["logements_vacants"]
    assert (parts == rows["logements"]).all()
    assert (rows["maisons"] + rows["appartements"] == rows["logements"]).all()
    assert (rows["rp_en_appartement"] <= rows["appartements"]).all()


def test_the_dwellings_of_the_buildings_are_those_of_the_census():
    census = table("iris_population").query("com == '00001'")["logements"].sum()
    assert table("building_features")["nb_logements"].sum() == census


def test_6_400_trees_one_genus_too_many_and_empty_cells():
    rows = table("tree_inventory")
    assert len(rows) == 6_400 and rows["id_arbre"].is_unique
    known = rows["genre"].dropna()
    assert known.value_counts(normalize=True).iloc[0] > 0.3
    assert rows["date_plantation"].isna().mean() > 0.5
    assert rows["longitude"].isna().sum() == 140


def test_118_brownfields_cover_42_hectares():
    rows = table("brownfields")
    assert len(rows) == 118 and rows["unite_fonciere_surface"].sum() == 420_000


def test_17_percent_of_the_ground_floors_are_vacant():
    rows = table("ground_floor_units")
    last = rows[rows["annee_releve"] == 2026]
    assert (last["etat"] == "vacant").mean() == pytest.approx(0.17)
    assert set(rows["annee_releve"]) == {2025, 2026}


def test_3_000_trees_are_to_be_planted_and_41_colleges_are_measured():
    assert table("planting_projects")["nb_arbres"].sum() == 3_000
    assert table("school_indoor_temperature")["etablissement"].nunique() == 41


def test_shares_are_whole_and_sum_exactly():
    assert share_out(10, [1, 1, 1]).sum() == 10
    assert share_out(31_800, np.linspace(0.1, 9, 333)).sum() == 31_800


# --- a world that holds together ---------------------------------------------------------------


def test_no_tree_stands_in_a_building_or_in_the_river():
    trees = table("tree_inventory").dropna(subset=["longitude"])
    walls = shapely.STRtree(_rectangles(table("buildings")))
    assert walls.query(shapely.points(*_metres(trees)), predicate="within").size == 0
    cover = table("land_cover").set_index("couverture")["geometry_geojson"]
    river = shapely.from_geojson(cover["eau"]).buffer(-0.0001)  # 10 m: its outline is simplified
    shapely.prepare(river)
    assert not shapely.contains_xy(river, trees["longitude"], trees["latitude"]).any()


def test_the_old_centre_has_few_trees_and_much_sealed_ground():
    x, y = _metres(table("tree_inventory").dropna(subset=["longitude"]))
    where = town.quarter_at(x, y)
    assert (where == "centre").sum() < 100 < (where == "faubourg").sum()
    sealed = table("impervious_surfaces").merge(table("street_blocks"), on="id_ilot")
    means = sealed.groupby("quartier")["part_impermeable"].mean()
    assert means["Centre ancien"] > means["Lotissements"] + 0.4


def test_nights_are_hotter_in_the_centre_than_in_the_country():
    rows = table("heat_sensors").merge(
        pd.DataFrame({"horodatage": climate.SUMMER, "country": climate.country_air()}).astype(
            {"horodatage": "datetime64[us]"}
        )
    )
    night = rows[rows["horodatage"].dt.hour == 3]
    gap = (night["temperature_c"] - night["country"]).groupby(night["capteur"]).mean()
    assert gap["Place du Marché-aux-Oies"] > 3 > 1 > gap["Parc des Trois-Saules"]


def test_each_flood_contains_the_more_frequent_one():
    rows = table("flood_hazard_maps").sort_values("periode_retour_ans")
    assert rows["surface_ha"].is_monotonic_increasing
    often, once = shapely.from_geojson(rows["geometry_geojson"].to_numpy())[[0, 2]]
    assert once.buffer(0.0002).contains(often)


def test_the_ground_cover_covers_the_commune_once():
    commune = table("admin_boundaries").set_index("territory").loc["00001", "surface_ha"]
    assert table("land_cover")["surface_ha"].sum() == pytest.approx(commune, rel=0.005)


@pytest.mark.parametrize(
    ("dataset", "figures"), [("climate_projections", 15), ("hot_days_projections", 3)]
)
def test_projections_keep_low_under_median_under_high(dataset, figures):
    rows = table(dataset).query("territory == '00001' and statistic != 'reference'")
    wide = rows.pivot(index=["indicator", "horizon"], columns="statistic", values="value")
    assert len(wide) == figures
    assert (wide["low"] <= wide["median"]).all() and (wide["median"] <= wide["high"]).all()


# --- statuses and verdicts ------------------------------------------------------------------------


def test_every_dataset_of_the_reference_has_one_entry(statuses, experiments, cards):
    needed = {
        dataset
        for one in experiments.values()
        for dataset in one["minimum_data"] + one.get("useful_data", [])
    }
    assert needed <= set(statuses)
    assert set(statuses) == {key for key, card in cards.items() if card["kind"] == "need"}


def test_open_and_observed_means_something_to_open(statuses):
    for row in statuses.values():
        if row["status"] == "open" and row["provenance"] == "observed":
            assert row["table"] or row["file"], row["dataset"]
            assert row["url"] and row["licence"] and row["updated_at"], row["dataset"]


def test_tables_and_files_named_by_a_status_are_there(statuses):
    for dataset, row in statuses.items():
        assert row["table"] == (WORLD / f"{dataset}.parquet").exists(), dataset
        assert row["file"] is None or (WORLD / "files" / row["file"]).exists(), dataset


def test_without_known_reason_is_declared_a_month_after_a_written_request(statuses):
    closed = [row for row in statuses.values() if row["status"] == "closed_unjustified"]
    assert len(closed) == 2
    for row in closed:
        assert row["provenance"] == "declared"
        waited = pd.Timestamp(row["declared_at"]) - pd.Timestamp(row["requested_at"])
        assert waited.days >= 30


def test_provenance_evidence_and_existence_agree(statuses):
    for row in statuses.values():
        if row["provenance"] == "assumed":
            assert row["evidence_level"] == "E0" and row["existence"] == "unknown", row["dataset"]
        if row["provenance"] == "declared":
            assert row["declared_at"] and row["author"] == "Référente données (FICTIF)"
        if row["existence"] == "not_produced":
            assert row["status"] == "not_evaluated", row["dataset"]
        if row["status"] in ("closed_justified", "other"):
            assert row["reason"], row["dataset"]


def test_the_agglomeration_publishes_twelve_datasets_seven_of_them_out_of_date(statuses, cards):
    published = [
        row
        for row in statuses.values()
        if row["holder"] == AGGLOMERATION and row["status"] == "open"
    ]
    late = [row for row in published if _age(row) > (cards[row["dataset"]]["max_age_days"] or 9e9)]
    assert (len(published), len(late)) == (12, 7)


def test_the_town_itself_publishes_nothing(statuses):
    holders = [row["holder"] for row in statuses.values() if row["status"] == "open"]
    assert not [holder for holder in holders if "Castelvoire" in holder]


def test_the_fourteen_verdicts_follow_from_the_statuses(statuses, experiments):
    found = {
        key: tuple(_verdict(one, statuses, assumed) for assumed in (False, True))
        for key, one in experiments.items()
    }
    assert found == EXPECTED


def test_the_verdicts_are_mixed():
    assert Counter(now for now, _ in EXPECTED.values()) == {
        "degraded": 6,
        "blocked": 4,
        "ready": 2,
        "unknown": 2,
    }


def test_the_page_of_castelvoire_shows_the_same_verdicts(experiments):
    lines = (ROOT / "docs" / "castelvoire.md").read_text(encoding="utf-8").splitlines()
    for key, (now, later) in EXPECTED.items():
        row = next(line for line in lines if line.startswith(f"| {experiments[key]['code']} "))
        assert f"| {now} | {later} |" in row


def test_longitudes_are_those_of_the_open_sea():
    assert longitude(0) == -20


def _verdict(experiment: dict, statuses: dict[str, dict], assumed: bool) -> str:
    """The rule of the reference, written again from its text."""
    minimum = [_met(statuses[need], assumed) for need in experiment["minimum_data"]]
    useful = [_met(statuses[need], assumed) for need in experiment.get("useful_data", [])]
    if "unmet" in minimum:
        return "blocked"
    if "unknown" in minimum:
        return "unknown"
    return "degraded" if {"partly", "unmet"} & {*minimum, *useful} else "ready"


def _met(row: dict, assumed: bool) -> str:
    if row["existence"] == "not_produced":
        return "unmet"
    if row["status"] == "not_evaluated" or (row["provenance"] == "assumed" and not assumed):
        return "unknown"
    if row["status"] == "not_concerned":
        return "out"
    if row["status"] == "open":
        return "partly" if row["existence"] == "partial" else "met"
    substituted = row["status"] == "closed_justified" and row.get("substitute")
    return "partly" if row["status"] == "other" or substituted else "unmet"


def _metres(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    x = (rows["longitude"].to_numpy() + 20) * METRES_PER_LON
    return x, (rows["latitude"].to_numpy() - 46) * METRES_PER_LAT


def _rectangles(rows: pd.DataFrame) -> np.ndarray:
    """Buildings drawn again from their table, 20 cm narrower than their rounded figures."""
    angle = np.radians(rows["orientation_deg"].to_numpy())[:, None]
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2
    sides = corners * (rows[["longueur_m", "largeur_m"]].to_numpy()[:, None] - 0.4)
    x, y = (side[:, None] for side in _metres(rows))
    across = x + sides[..., 0] * np.cos(angle) - sides[..., 1] * np.sin(angle)
    up = y + sides[..., 0] * np.sin(angle) + sides[..., 1] * np.cos(angle)
    return shapely.polygons(np.stack([across, up], axis=2))


def _age(row: dict) -> int:
    return (DAY - pd.Timestamp(row["updated_at"])).days


def _content(path: Path) -> bytes:
    """The bytes a reader sees: those of every part of a workbook."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        return b"".join(book.read(name) for name in book.namelist() if "sharedStrings" in name)
