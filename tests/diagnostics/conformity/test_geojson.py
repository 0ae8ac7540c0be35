"""A GeoJSON standard: all features judged, faults grouped, nothing fetched, nothing endless."""

from __future__ import annotations

import json

import pytest

from data import geojson_check
from data.schemas import schema_of
from diagnostics.conformity.geojson import validate
from tests.diagnostics.conformity.test_messages import speaks_french

REMOTE = "https://geojson.org/schema/FeatureCollection.json"
PROPERTIES = {
    "required": ["id", "nom"],
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]+$"},
        "nom": {"enum": ["a", "b"]},
        "n": {"type": "integer", "minimum": 0},
    },
}
FEATURES = {"properties": {"features": {"items": {"properties": {"properties": PROPERTIES}}}}}
DRAFTS = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/schema",
]


def feature(properties, coordinates=(1.44, 44.44), kind="Point"):
    geometry = {"type": kind, "coordinates": list(coordinates)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def judged(tmp_path):
    def judge(features, schema=None, **options):
        path = tmp_path / "essai.geojson"
        body = features if isinstance(features, bytes) else _collection(features)
        path.write_bytes(body)
        asked = schema_of(schema or {"allOf": [{"$ref": REMOTE}, FEATURES]}, "essai")
        return validate(path, asked, **options)

    return judge


def _collection(features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


GOOD = feature({"id": "A", "nom": "a", "n": 1})


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_good_file_passes_under_each_draft(draft, judged):
    verdict = judged([GOOD] * 3, {"$schema": draft, "allOf": [{"$ref": REMOTE}, FEATURES]})
    assert verdict.valid and verdict.rows == 3 and verdict.document()["share_valid_rows"] == 1


def test_faults_are_grouped_by_rule_and_property_over_all_features(judged, tmp_path):
    bad = [
        feature({"id": "a", "nom": "z", "n": "x"}),
        feature({"nom": "a", "n": -1}),
        feature({"id": "A", "nom": "a"}, (1,)),
        feature({"id": "A", "nom": "y"}),
    ]
    out = tmp_path / "errors.csv"
    verdict = judged([GOOD, *bad, *[GOOD] * 30, *bad[:1] * 30], errors_out=out)
    kinds = {(one.code, one.field): one for one in verdict.errors}
    assert set(kinds) == {
        ("constraint-error", "id"),
        ("constraint-error", "nom"),
        ("constraint-error", "n"),
        ("type-error", "n"),
        ("geometry-error", "geometry"),
    }
    enum = kinds["constraint-error", "nom"]
    assert enum.count == 32 and len(enum.rows) == 20 and enum.rows[:2] == (2, 5)
    assert verdict.rows_with_errors == 34 and not verdict.valid
    for issue in verdict.errors:
        speaks_french(issue)
    lines = out.read_text().splitlines()
    assert lines[0] == "row,field,code" and len(lines) - 1 == sum(e.count for e in verdict.errors)


@pytest.mark.parametrize(
    ("kind", "coordinates", "right"),
    [
        ("Point", [1, 2, 3], True),
        ("Point", [], False),
        ("Point", ["1", "2"], False),
        ("LineString", [[1, 2], [3, 4]], True),
        ("LineString", [[1, 2]], False),
        ("Polygon", [[[0, 0], [0, 1], [1, 1], [0, 0]]], True),
        ("Polygon", [[[0, 0], [0, 1]]], False),
        ("MultiPolygon", [[[[0, 0], [0, 1], [1, 1], [0, 0]]]], True),
        ("Cercle", [1, 2], False),
    ],
)
def test_geometries_follow_the_standard_of_geojson(kind, coordinates, right):
    document = json.loads(_collection([feature({}, coordinates, kind)]))
    assert (not list(geojson_check.faults(document, {"$ref": REMOTE}))) is right


def test_a_geometry_may_be_empty_and_a_feature_may_stand_alone(judged):
    assert judged(
        [{"type": "Feature", "properties": None, "geometry": None}], {"$ref": REMOTE}
    ).valid
    assert judged(json.dumps(GOOD).encode()).rows == 1


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://exemple.fr/schema.json"},
        {"$ref": "file:///etc/passwd"},
        {"properties": {"features": {"items": {"$ref": "#/properties/features/items"}}}},
        {"properties": {"a": {"pattern": "(?=a)"}}},
        {"properties": {"a": {"patternProperties": {"(a+)+$": {}}}}},
        {"properties": 3},
        {"rfc7946": 3, "properties": {}},
        {"properties": {"a": {"not": {}}}, **json.loads('{"items":' * 60 + "{}" + "}" * 60)},
    ],
)
def test_a_schema_that_cannot_be_used_is_told_from_bad_data(schema, judged):
    verdict = judged([GOOD], schema)
    assert not verdict.valid and verdict.document()["schema"]["loaded"] is False
    (issue,) = verdict.errors
    assert issue.code == "schema-error" and issue.rows == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nom;x\n1;2",
        b"[" * 100_000,
        b'{"a":NaN}',
        b"\xff\xfe",
        b"[]",
        b'{"features":3}',
        b"null",
    ],
)
def test_what_is_no_geojson_is_refused_in_one_sentence(body, judged):
    (issue,) = judged(body).errors
    speaks_french(issue)
    assert issue.code == "source-error"


def test_sizes_are_bounded(judged, monkeypatch):
    monkeypatch.setattr(geojson_check, "MOST", 2)
    assert "au plus" in judged([GOOD] * 3).errors[0].message
    monkeypatch.setattr(geojson_check, "LARGEST", 10)
    assert "trop lourd" in judged([GOOD]).errors[0].message


def test_points_are_looked_at_with_sense(judged):
    verdict = judged([GOOD, feature({"id": "A", "nom": "a"}, (44.44, 1.44)), {"geometry": 3}, 4])
    assert [one.code for one in verdict.sense] == ["swapped-axes"]
