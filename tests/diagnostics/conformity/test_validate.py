"""The control of a file: every row, every error, whatever the file is written like."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.reading.reading import Unreadable
from data.schemas import schema_of
from diagnostics.conformity import regex
from diagnostics.conformity.validate import validate_file, validate_table

Pairs = set[tuple[int | None, str | None, str]]


def schema(*fields: dict[str, Any], **more: Any):
    """A schema of these fields."""
    return schema_of({"fields": list(fields), **more}, "essai")


def found(folder: Path, text: str | bytes, asked, name: str = "essai.csv") -> Pairs:
    """Our (row, field, code) on a text."""
    path, kept = folder / name, folder / "errors.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    validate_file(path, asked, errors_out=kept)
    with kept.open(newline="") as lines:
        return {
            (int(one["row"]) if one["row"] else None, one["field"] or None, one["code"])
            for one in csv.DictReader(lines)
        }


A, B = {"name": "a", "type": "integer"}, {"name": "b"}
NEEDED = {"name": "a", "constraints": {"required": True}}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a,b\n1,x\n", set()),
        ("a,b\nx,x\n", {(1, "a", "type-error")}),
        ("a,b\n1\n", {(1, "b", "missing-cell")}),
        ("a,b\n1,x,y\n", {(1, None, "extra-cell")}),
        ("a,b\n1,x,\n", {(1, None, "extra-cell")}),
        ("a,b\n1,x\n\n2,y\n", {(2, None, "blank-row")}),
        ("a,b\n1,x\n,\n", {(2, None, "blank-row")}),
        ("a,b\n1,x\n\n", {(2, None, "blank-row")}),
        ("a,a\n1,x\n", {(None, "a", "duplicate-label")}),
        ("b\n1\n", set()),
        ('a,b\n1,"x\ny"\nz,2\n', {(2, "a", "type-error")}),
        ('a,b\n1,"x" \nz,2\n', {(2, "a", "type-error")}),
        ("a;b\n1;x,y\nz;2\n", {(2, "a", "type-error")}),
        ("a\tb\n1\tx\nz\t2\n", {(2, "a", "type-error")}),
        ("a,b\r\n1,x\r\nz,2\r\n", {(2, "a", "type-error")}),
        ("\ufeffa,b\nz,x\n", {(1, "a", "type-error")}),
        ("a,b\nz,été\n".encode("cp1252"), {(1, "a", "type-error")}),
        ("a,b\nz,été\n".encode("utf-16"), {(1, "a", "type-error")}),
        (" a ,b\nz,x\n", {(1, "a", "type-error")}),
        ("a,b\n", set()),
    ],
)
def test_each_fault_is_told_with_its_row(
    text: str | bytes, expected: Pairs, tmp_path: Path
) -> None:
    assert found(tmp_path, text, schema(A, B)) == expected


def test_a_column_that_must_be_there_is_missed_whatever_the_header_is(tmp_path: Path) -> None:
    assert found(tmp_path, "x,y\n1,2\n", schema(NEEDED)) == {(None, "a", "missing-label")}


TYPES = [
    ("number", {}, ["1", "1.5", "-1e3", " 7 ", "5.", ".5", "NaN", "inf", "1_0", "\u00a01"],
     ["x", "1,5", "1 000", "0x1", "--1", "+-1", "."]),
    ("number", {"decimalChar": ","}, ["1,5", "1"], ["1.5", "x"]),
    ("number", {"groupChar": " "}, ["1 000", "1.5"], ["x"]),
    ("number", {"bareNumber": False}, ["12 €", "-3 %"], ["€"]),
    ("integer", {}, ["1", "-1", "+4", " 7 ", "1_0", "9" * 30], ["1.0", "1e3", "x", "_1"]),
    ("integer", {"bareNumber": False}, ["12 ans"], ["ans"]),
    ("boolean", {}, ["true", "False", "1", "0"], ["oui", "tRue", " true"]),
    ("boolean", {"trueValues": ["oui"], "falseValues": ["non"]}, ["oui", "non"], ["true", "Oui"]),
    ("date", {}, ["2024-03-05", "2024-3-5", "0001-01-01"],
     ["2024-02-30", "05/03/2024", "2024", "0000-01-01", "2024-03-05 ", "20240305"]),
    ("date", {"format": "%d/%m/%Y"}, ["05/03/2024", "5/3/2024"], ["2024-03-05", "30/02/2024"]),
    ("date", {"format": "%d %b %Y"}, ["05 Mar 2024"], ["05/03/2024"]),
    ("date", {"format": "any"}, ["2024-03-05", "March 5, 2024"], ["hier"]),
    ("datetime", {}, ["2024-03-05T08:30:00", "2024-03-05 08:30:00Z", "2024-03-05T08:30:00.5+01:00"],
     ["2024-03-05", "2024-03-05T25:00:00", "2024-03-05T08:30"]),
    ("time", {}, ["08:30:00", "08:30:00Z"], ["8h30", "08:30", "25:00:00"]),
    ("year", {}, ["2024", "0000"], ["24", "20245", "abcd", "-123"]),
    ("yearmonth", {}, ["2024-03", "2024-3"], ["2024", "2024-13", "03/2024"]),
    ("duration", {}, ["P1Y", "PT5H", "P1Y2M3DT4H5M6S", "P2W"], ["1 an", "P", "PT", "P1"]),
    ("geopoint", {}, ["2.35,48.85", " 2 , 48 "], ["2.35", "200,1", "2,95", "a,b"]),
    ("geopoint", {"format": "array"}, ["[2.35, 48.85]", '["2", "48"]'], ["2,48", "[1]", "[2, 95]"]),
    ("geopoint", {"format": "object"}, ['{"lon": 2, "lat": 48}'], ['{"lon": 2}', "[2, 48]"]),
    ("geojson", {}, ['{"type": "Point", "coordinates": [2, 48]}'],
     ["{}", '{"type": "Point"}', "x"]),
    ("array", {}, ["[]", '["a"]'], ["a", "{}"]),
    ("object", {}, ["{}", '{"a": 1}'], ["[]", "a"]),
    ("string", {"format": "email"}, ["a@b.fr", "A.b+c@x-y.fr", "a@été.fr"],
     ["a@b", "a b@c.fr", "@b.fr"]),
    ("string", {"format": "uri"}, ["https://x.fr", "mailto:a"], ["www.x.fr", "//x"]),
    ("string", {"format": "uuid"}, ["1b4e28ba-2fa1-41d2-883f-0016d3cca427"], ["1b4e28ba", "x"]),
    ("string", {"format": "binary"}, ["YQ=="], ["YQ="]),
    ("any", {}, ["x", "1"], []),
]  # fmt: skip


@pytest.mark.parametrize("kind, more, right, wrong", TYPES)
def test_each_type_takes_its_values_and_no_others(
    kind: str, more: dict, right: list[str], wrong: list[str]
) -> None:
    table = pa.table({"a": pa.array([*right, *wrong], pa.string())})
    verdict = validate_table(table, schema({"name": "a", "type": kind, **more}))
    told = {row for issue in verdict.errors for row in issue.rows}
    assert told == set(range(len(right) + 1, len(right) + len(wrong) + 1))
    assert {issue.code for issue in verdict.errors} <= {"type-error"}


CONSTRAINTS = [
    ("string", {"minLength": 2}, ["ab"], ["a"]),
    ("string", {"maxLength": 2}, ["éé"], ["abc"]),
    ("string", {"enum": ["a", "b'c"]}, ["a", "b'c"], ["A", "b"]),
    ("string", {"pattern": r"\d{2}"}, ["12", "١٢", "12\n"], ["1", "123", "x12"]),
    ("string", {"pattern": r"a|b"}, ["ax", "b"], ["c"]),  # as the official tools anchor it
    ("string", {"pattern": r"(?=a)\w+"}, ["ab", "aé"], ["ba"]),
    ("string", {"pattern": r"(.)\1"}, ["aa"], ["ab"]),
    ("string", {"pattern": r"[A-Z\s]+"}, ["A\u00a0B"], ["a"]),
    ("integer", {"minimum": 3, "maximum": 5}, ["3", "5"], ["2", "6"]),
    ("number", {"minimum": "0.5"}, ["0.5", "inf"], ["0.4", "nan"]),
    ("date", {"minimum": "2020-01-01"}, ["2020-01-01"], ["2019-12-31"]),
    ("year", {"maximum": 2000}, ["2000"], ["2001"]),
    ("number", {"enum": [1, "2.0"]}, ["1.0", "2"], ["3"]),
    ("array", {"minLength": 1}, ["[1]"], ["[]"]),
]


@pytest.mark.parametrize("kind, rules, right, wrong", CONSTRAINTS)
def test_each_constraint_is_looked_at(
    kind: str, rules: dict, right: list[str], wrong: list[str]
) -> None:
    table = pa.table({"a": pa.array([*right, *wrong], pa.string())})
    verdict = validate_table(table, schema({"name": "a", "type": kind, "constraints": rules}))
    told = {row for issue in verdict.errors for row in issue.rows}
    assert told == set(range(len(right) + 1, len(right) + len(wrong) + 1))
    assert {issue.code for issue in verdict.errors} == {"constraint-error"}


def test_items_of_a_list_have_their_own_rules() -> None:
    item = {"type": "string", "constraints": {"enum": ["a"]}}
    cells = ['["a"]', '["b"]', "[1]", "[]"]
    asked = schema({"name": "a", "type": "array", "arrayItem": item})
    verdict = validate_table(pa.table({"a": cells}), asked)
    assert {(issue.code, issue.rows) for issue in verdict.errors} == {
        ("constraint-error", (2,)),
        ("type-error", (3,)),
    }


def test_keys_are_unique_as_typed_values() -> None:
    asked = schema(
        {"name": "a", "type": "number", "constraints": {"unique": True}},
        {"name": "b"},
        {"name": "c"},
        primaryKey=["b", "c"],
    )
    table = pa.table(
        {"a": ["1", "1.0", None, None], "b": ["x", "x", None, "x"], "c": ["y", None, None, "y"]}
    )
    verdict = validate_table(table, asked)
    told = {(issue.code, issue.rows) for issue in verdict.errors}
    assert told >= {("unique-error", (2,)), ("primary-key", (4,)), ("primary-key", (3,))}


def test_missing_values_are_those_of_the_schema_then_of_the_field() -> None:
    own = {"name": "b", "missingValues": ["?"], "constraints": {"required": True}}
    asked = schema(NEEDED, own, missingValues=["", "NA"])
    verdict = validate_table(pa.table({"a": ["NA", "x"], "b": ["NA", "?"]}), asked)
    assert {(issue.field, issue.rows) for issue in verdict.errors} == {("a", (1,)), ("b", (2,))}


def test_a_schema_that_cannot_be_read_says_nothing_of_the_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    verdict = validate_file(path, schema_of({"fields": []}, "vide"))
    assert not verdict.valid and not verdict.errors
    assert verdict.document()["schema"]["loaded"] is False


def test_every_error_is_counted_and_twenty_rows_are_shown(tmp_path: Path) -> None:
    verdict = validate_table(pa.table({"a": ["x"] * 5000}), schema(A), errors_out=tmp_path / "e")
    (issue,) = verdict.errors
    assert issue.count == verdict.rows == verdict.rows_with_errors == 5000
    assert issue.rows == tuple(range(1, 21)) and verdict.share_valid_rows == 0
    assert len((tmp_path / "e").read_text().splitlines()) == 5001


def test_the_document_has_the_shape_of_the_interface(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,c\nx,1\n")
    made = validate_file(path, schema(A, B)).document()
    json.dumps(made, allow_nan=False)
    assert set(made) == {
        "schema", "file", "rows", "rows_checked", "valid", "rows_with_errors", "share_valid_rows",
        "errors", "warnings", "sense", "seconds",
    }  # fmt: skip
    assert set(made["errors"][0]) == {
        "code", "title", "message", "field", "count", "rows", "example", "suggestion",
    }  # fmt: skip
    assert [issue["field"] for issue in made["warnings"]] == ["b", "c"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\x00" * 50, b"%PDF-1.7", b"PK\x03\x04x"])
def test_what_is_no_table_is_refused_in_one_sentence(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    with pytest.raises(Unreadable):
        validate_file(path, schema(A))


def test_a_pattern_that_never_ends_is_said_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "SECONDS", 0.5)
    asked = schema({"name": "a", "constraints": {"pattern": r"(a+)+\1b"}})
    start = time.monotonic()
    verdict = validate_table(pa.table({"a": ["a" * 60]}), asked)
    assert time.monotonic() - start < 5
    assert [issue.code for issue in verdict.errors] == ["check-error"]


@pytest.mark.parametrize("name", ["a[1].csv", "*.csv", "a'b.csv", "{x}.csv", "é\u00a0?.csv"])
def test_a_name_is_never_a_pattern_nor_sql(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, "a\nx\n", schema(A), name) == {(1, "a", "type-error")}


def test_names_of_columns_and_values_never_end_a_query(tmp_path: Path) -> None:
    odd = "a\"); drop table x; --'"
    rules = {"enum": ["'; select 1; --"], "pattern": "'.*"}
    asked = schema({"name": odd, "constraints": rules}, primaryKey=[odd])
    lines = [[odd, "b", "c"], ["'; select 1; --", "x", "y"], ["'; select 1; --", "x", "y"]]
    text = "\n".join(",".join('"' + one.replace('"', '""') + '"' for one in line) for line in lines)
    assert found(tmp_path, text, asked) == {(2, odd, "primary-key")}


@given(st.binary(max_size=200))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_judged_or_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + body)
    try:
        verdict = validate_file(path, schema(A, B))
    except Unreadable:
        return
    assert verdict.valid is (not verdict.errors)
