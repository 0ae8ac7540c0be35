"""A file judged in one look, whatever is read twice, kept whole or written again."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data.schemas import schema_of
from data.standards import standard
from diagnostics.conformity import given, sense, sense_dates, sense_values
from diagnostics.conformity.validate import validate_file, validate_table
from tests.diagnostics.conformity.mutations import Draw

DAYS = schema_of({"fields": [{"name": "jour", "type": "date"}, {"name": "b"}]}, "essai")
NARROW = schema_of({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}, "essai")


def judged(path: Path, schema: Any) -> dict[str, Any]:
    """The document of a verdict without its time, and every error."""
    kept = path.with_suffix(".errors")
    document = validate_file(path, schema, errors_out=kept).document()
    return {**document, "seconds": 0, "lines": kept.read_text()}


@pytest.mark.screens
@pytest.mark.parametrize("name", ["scdl-deliberations", "irve-statique", "arbre", "scdl-plats"])
@pytest.mark.parametrize("seed", range(4))
def test_a_large_file_gets_the_verdict_of_a_small_one(
    name: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(Draw(standard(name), f"vue {seed}").mutated()[1], "utf-8", newline="")
    kept = judged(path, standard(name))
    monkeypatch.setattr(given, "SMALL", -1)
    assert judged(path, standard(name)) == kept


def test_values_refused_by_python_lose_their_type_in_every_rule() -> None:
    point = {"name": "p", "type": "geopoint", "constraints": {"unique": True}}
    items = {"name": "l", "type": "array", "constraints": {"minLength": 2}}
    checks = [{"name": "one-of-required", "params": {"column1": "p", "column2": "l"}}]
    asked = schema_of({"fields": [point, items], "custom_checks": checks}, "essai")
    table = pa.table({"p": ["1,2", "1,95", "1,95"], "l": ["[1]", "x", "[1, 2]"]})
    told = {(one.code, one.field, one.rows) for one in validate_table(table, asked).errors}
    assert told == {
        ("type-error", "p", (2, 3)),
        ("type-error", "l", (2,)),
        ("constraint-error", "l", (1,)),
        ("one-of-required", None, (2,)),
    }


def test_days_that_are_none_raise_no_doubt() -> None:
    verdict = validate_table(pa.table({"jour": ["x"] * 12, "b": ["y"] * 12}), DAYS)
    assert verdict.errors[0].count == 12
    assert {one.code for one in verdict.sense} == {"duplicated-rows"}


@pytest.mark.parametrize("broken", [sense_dates, sense_values])
def test_a_doubt_that_fails_never_loses_the_verdict(
    broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken, "rules", lambda *_: 1 / 0)
    table = pa.table({"jour": ["hier"], "b": ["y"]})
    with pytest.raises(ZeroDivisionError):  # in tests it surfaces
        validate_table(table, DAYS)
    monkeypatch.setattr(sense, "SURFACE", False)
    verdict = validate_table(table, DAYS)
    assert [one.code for one in verdict.errors] == ["type-error"]
    assert [one.title for one in verdict.sense] == ["Contrôle non effectué"]
    assert "des valeurs" in verdict.sense[0].message


def test_what_sense_asks_and_sql_refuses_never_loses_the_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sense, "SURFACE", False)
    monkeypatch.setattr(sense_dates, "asked", lambda _: {"known jour": "error('non')"})
    verdict = validate_table(pa.table({"jour": ["hier"], "b": ["y"]}), DAYS)
    assert [one.code for one in verdict.errors] == ["type-error"]
    assert [one.code for one in verdict.sense] == ["not-computed"]


@pytest.mark.parametrize(
    "rows, more",
    [
        (300, (1,)),
        (300, (1, 12)),
        pytest.param(200_000, (1, 2, 3), marks=pytest.mark.deep),
        pytest.param(200_000, (1, 12), marks=pytest.mark.deep),
    ],
)
@pytest.mark.parametrize("small", [True, False])
def test_ragged_lines_are_counted_cell_by_cell(
    rows: int, more: tuple[int, ...], small: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not small:
        monkeypatch.setattr(given, "SMALL", -1)
    chance, path, expected = random.Random(rows), tmp_path / "a.csv", Counter[str]()
    with path.open("w") as out:
        out.write("a,b\n")
        for number in range(rows):
            kind = chance.randrange(100) if number else 0
            extra = chance.choice(more)
            if kind == 0:
                out.write(f"{number},x{',y' * extra}\n")
                expected["extra-cell"] += extra
            else:
                out.write(f"{number}\n" if kind == 1 else f"{number},x\n")
                expected["missing-cell"] += kind == 1
    start = time.process_time()
    kept = tmp_path / "errors.csv"
    verdict = validate_file(path, NARROW, errors_out=kept)
    assert time.process_time() - start < 30
    assert verdict.rows == rows
    with kept.open(newline="") as lines:
        assert Counter(one["code"] for one in csv.DictReader(lines)) == +expected
