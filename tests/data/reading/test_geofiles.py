"""GeoJSON, Shapefile, GeoPackage and KML: properties as texts, places in WGS84."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyogrio
import pytest
import shapely

from data.reading import kinds
from data.reading.reading import Grid, Unreadable, Wishes
from tests.data.reading import dirt
from tests.data.reading.books import zipped

CAHORS = (577_000.0, 6_372_000.0)  # Lambert 93
DEGREES = (1.4437, 44.4472)


def grid(tmp_path: Path, body: bytes | str, **wishes) -> Grid:
    path = tmp_path / "file"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return kinds.grid(path, Wishes(**wishes), "fichier")


def rows(made: Grid) -> list[dict[str, str | None]]:
    return [
        dict(zip(made.header or (), row.values(), strict=True)) for row in made.cells.to_pylist()
    ]


def collection(*features: tuple[dict | None, dict | None], **more) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
            **more,
        }
    )


def point(*at: float) -> dict:
    return {"type": "Point", "coordinates": list(at)}


def named(crs: str) -> dict:
    return {"crs": {"type": "name", "properties": {"name": crs}}}


# --- GeoJSON -------------------------------------------------------------------------------------


def test_properties_are_texts_and_points_are_two_columns(tmp_path):
    first = {"nom": "École", "n": 3, "part": 0.25, "vu": True, "x": {"a": [1]}, "vide": ""}
    made = grid(tmp_path, collection((first, point(*DEGREES)), ({"nom": "b", "y": None}, None)))
    assert made.header == ("nom", "n", "part", "vu", "x", "vide", "y", "longitude", "latitude")
    assert list(rows(made)[0].values()) == [
        *("École", "3", "0.25", "true", '{"a": [1]}', None, None, "1.4437", "44.4472")
    ]
    assert list(rows(made)[1].values()) == ["b", *[None] * 8]
    assert not made.flags


def test_other_geometries_are_one_column(tmp_path):
    line = {"type": "LineString", "coordinates": [[1, 44], [2, 45]]}
    made = grid(tmp_path, collection(({"a": "x"}, line), ({"a": "y"}, point(1, 44))))
    assert made.header == ("a", "geometry")
    assert [json.loads(row["geometry"] or "") for row in rows(made)] == [
        {"type": "LineString", "coordinates": [[1.0, 44.0], [2.0, 45.0]]},
        {"type": "Point", "coordinates": [1.0, 44.0]},
    ]


@pytest.mark.parametrize(
    ("more", "flags"),
    [
        (named("urn:ogc:def:crs:EPSG::2154"), ("crs:EPSG:2154",)),
        (named("EPSG:2154"), ("crs:EPSG:2154",)),
        ({}, ("crs:EPSG:2154", "crs_guessed")),
    ],
)
def test_projected_places_come_back_in_degrees(tmp_path, more, flags):
    made = grid(tmp_path, collection(({"a": "x"}, point(*CAHORS)), **more))
    row = rows(made)[0]
    assert abs(float(row["longitude"] or 0) - DEGREES[0]) < 0.05
    assert abs(float(row["latitude"] or 0) - DEGREES[1]) < 0.05
    assert len((row["longitude"] or "").partition(".")[2]) <= 7
    assert made.flags == flags


def test_places_that_nothing_explains_stay_as_they_are(tmp_path):
    made = grid(tmp_path, collection(({"a": "x"}, point(500, 900_000))))
    assert made.header == ("a", "x", "y")
    assert made.flags == ("crs_unknown",)


def test_wrong_geometries_and_heights_are_told(tmp_path):
    wrong = {"type": "Polygon", "coordinates": [[[1, 2]]]}
    made = grid(
        tmp_path,
        collection(({"a": "x"}, point(1, 44, 120)), ({"a": "y"}, wrong), ({"a": "z"}, point())),
    )
    assert "elevation_dropped" in made.flags
    assert any(flag.startswith("geometry_invalid:2") for flag in made.flags)


def test_a_lone_feature_a_lone_shape_and_no_feature_are_read(tmp_path):
    assert grid(tmp_path, json.dumps(point(1, 44))).header == ("longitude", "latitude")
    feature = {"type": "Feature", "id": "a1", "properties": {"b": 1}, "geometry": None}
    assert rows(grid(tmp_path, json.dumps(feature))) == [{"id": "a1", "b": "1"}]
    assert grid(tmp_path, collection()).cells.num_rows == 0


# --- written by GDAL -----------------------------------------------------------------------------


@cache
def shapefile(encoding: str) -> dict[str, bytes]:
    table = pa.table(
        {
            "nom": ["École", "Œuvre"],
            "n": [1.5, 2.0],
            "jour": pa.array([19_000, None], pa.date32()),
            "geometry": [shapely.to_wkb(shapely.Point(CAHORS))] * 2,
        }
    )
    with TemporaryDirectory() as folder:
        pyogrio.write_arrow(
            table,
            Path(folder) / "lieux.shp",
            driver="ESRI Shapefile",
            geometry_name="geometry",
            geometry_type="Point",
            crs="EPSG:2154",
            encoding=encoding,
        )
        return {f"dossier/{path.name}": path.read_bytes() for path in Path(folder).iterdir()}


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
@pytest.mark.parametrize("without", ["", ".cpg", ".prj", ".shx"])
def test_a_shapefile_is_read_without_its_side_files(tmp_path, encoding, without):
    parts = shapefile(encoding)
    kept = {name: body for name, body in parts.items() if not (without and name.endswith(without))}
    made = grid(tmp_path, zipped(kept))
    assert [row["nom"] for row in rows(made)] == ["École", "Œuvre"]
    assert [row["jour"] for row in rows(made)] == ["2022-01-08", None]
    assert [row["n"] for row in rows(made)] == ["1.5", "2"]
    assert "crs:EPSG:2154" in made.flags
    assert ("crs_guessed" in made.flags) == (without == ".prj")
    assert abs(float(rows(made)[0]["latitude"] or 0) - DEGREES[1]) < 0.05


def test_a_shapefile_without_its_table_is_refused(tmp_path):
    kept = {name: body for name, body in shapefile("UTF-8").items() if not name.endswith(".dbf")}
    with pytest.raises(Unreadable, match="dbf"):
        grid(tmp_path, zipped(kept))


def test_layers_are_sheets(tmp_path):
    parts = shapefile("UTF-8")
    second = {name.replace("lieux", "zones"): body for name, body in parts.items()}
    body = zipped({**parts, **second})
    made = grid(tmp_path, body)
    assert made.sheets == ("lieux", "zones")
    assert made.flags[-1] == "other_sheet:zones"
    assert grid(tmp_path, body, sheet="ZONES").sheet == "zones"
    with pytest.raises(Unreadable, match="lieux.*zones"):
        grid(tmp_path, body, sheet="autre")


def test_a_geopackage_is_read(tmp_path):
    assert rows(grid(tmp_path, dirt._package())) == [
        {"nom": "a", "longitude": "2", "latitude": "48"},
        {"nom": "é", "longitude": "2", "latitude": "48"},
    ]


def test_a_kml_holds_only_its_own_columns(tmp_path):
    body = (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>L</name>'
        "<Placemark><name>Mairie</name><Point><coordinates>1.4437,44.4472,0</coordinates></Point>"
        "</Placemark></Document></kml>"
    )
    assert rows(grid(tmp_path, body))[0] | {"description": None} == {
        "Name": "Mairie",
        "description": None,
        "longitude": "1.4437",
        "latitude": "44.4472",
    }
