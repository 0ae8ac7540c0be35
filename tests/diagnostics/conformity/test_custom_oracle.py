"""Our custom checks beside those of validata-table: same (line, code) pairs on drawn rows."""

# ruff: noqa: E501 (tables of values)

from __future__ import annotations

import csv
import json
import random
import subprocess
from pathlib import Path

import pytest

from data.scratch import scratch
from diagnostics.conformity.custom import checks
from tests.diagnostics.conformity.small_cells import cells, pairs

ROOT = Path(__file__).resolve().parents[3]
ORACLE = ROOT / ".venv-validata" / "bin" / "python"
ROWS = 300
SCRIPT = """
import json, sys, warnings
warnings.filterwarnings("ignore")
from validata_core.main import validate
for line in sys.stdin:
    case = json.loads(line)
    report = validate(case["file"], case["schema"])
    found = [[e.location.row_number, e.type.value] for e in report.errors]
    print("R" + json.dumps(found), flush=True)
"""

SIRETS = [
    "21460042100017", "35600000049837", "35600000000048", "35600000049838", "2146004210001",
    "214 600 421 00017", "21460042100018", "abc", "２1460042100017", "21460042100017.", "1" * 14,
    "00000000000000", "", "21460042100017\t", "214-600-421-00017", "·21460042100017", "٢1460042100017",
]  # fmt: skip
SIRENS = [
    "214600421",
    "214 600 421",
    "214600422",
    "356000000",
    "21460042",
    "A14600421",
    "",
    "0" * 9,
]
PHONES = [
    "0565208740", "05 65 20 87 40", "05.65.20.87.40", "+33 5 65 20 87 40", "+33565208740", "115",
    "3949", "3975", "565208740", "+44 20 7946 0958", "0033565208740", "12", "texte", "", "0765",
    "05 65 20 87 40 poste 12", "+1 650 253 0000", "0800 123 456", "118218", "0565208740 0565208741",
]  # fmt: skip
HOURS = [
    "Mo-Fr 09:00-18:00", "24/7", "Mo 9h-12h", "lundi", "", "PH off", "Mo-Fr 08:00-12:00,14:00-18:00",
    "Mo-Fr 09:00-18:00; PH off", "sunrise-sunset", "09:00", "Mo 25:00-26:00", "Mo-Su,PH 10:00-20:00",
    "Jan-Mar Mo 10:00-12:00", "week 1-10 Mo", "Mo-Fr 09:00+", 'Mo-Fr 09:00-12:00 "sur rdv"', "off",
]  # fmt: skip
YEARS = ["2020", "2020/2021", "2021/2020", "2020/2020", "20", "2020-2021", "", " 2020", "٢٠٢٠", "x"]
ACTS = [
    "Urbanisme/PLU", "urbanisme/PLU", "URBANISME/PLU", "Urbanisme /PLU", "Urbanisme/ PLU",
    "Libertes publiques et pouvoirs de police/x", "Libertés publiques et pouvoirs de police/x", "",
    "Urbanisme", "Urbanismes", "Finances locales", "/x", "Truc/x", "Finances  locales/x", "Urbanisme/a/ b",
]  # fmt: skip
POINTS = [
    "1.44,44.44", "44.44,1.44", "55.5,-21.1", "-21.1,55.5", "100,10", "texte", "", "9.560091,45",
    "-61.5,16.2", "1.44", "200,44", "0,0", " 2.35 , 48.85 ", "45.1,-12.8",
]  # fmt: skip
NUMBERS = ["1", "2", "3", "4", "5", "0", "-1", "", "x", "1.5", "10"]
DECIMALS = ["0.1", "0.2", "0.3", "1e2", "100", "", "x", "-5", "0.30", "12"]
DATES = ["2020-01-01", "2020-01-02", "2019-12-31", "", "01/02/2020", "2021-06-30"]
TEXTS = ["a", "b", "B", "é", "10", "9", "2.5", "", "a b", "z"]


def _one(name, values, kind="string", **params):
    return {"a": (kind, values)}, {"name": name, "params": {"column": "a", **params}}


def _two(name, first, second, kinds=("string", "string"), **params):
    fields = {"a": (kinds[0], first), "b": (kinds[1], second)}
    return fields, {"name": name, "params": {"column": "a", **params}}


def _three(name, values, kind, **params):
    return {one: (kind, values) for one in "abc"}, {
        "name": name,
        "params": {"column": "a", **params},
    }


CASES = {
    "siret": _one("french-siret-value", SIRETS),
    "siren": _one("siren", SIRENS),
    "siret-number": _one("siret", NUMBERS, "integer"),
    "phone": _one("phone-number-value", PHONES),
    "hours": _one("opening-hours-value", HOURS),
    "years": _one("year-interval-value", YEARS),
    "years-alone": _one("year-interval-value", YEARS, **{"allow-year-only": "true"}),
    "acts": _one("nomenclature-actes-value", ACTS),
    "gps": _one("french-gps-coordinates", POINTS, "geopoint"),
    "departement": _one("numero-departement", ["46", "2A", "971", "20", "1", "", "984"], cog="2024"),
    "region": _one("region", ["Bretagne", "bretagne", "Occitanie", "", "Lot"], cog="latest"),
    "code-region": _one("code-region", ["76", "1", "975", "", "11"], cog="2023"),
    "commune": _one("commune", ["Cahors", "cahors", "Abriès", "Nulle-Part", ""], cog="2024"),
    "insee": _one("code-commune-insee", ["46042", "46000", "2A004", "", "4604"], cog="2024"),
    "postal": _one("code-postal", ["46000", "46042", "97610", "", "4600"]),
    "pays": _one("pays", ["France", "Belgique", "Atlantide", ""], cog="2024"),
    "no-cog": _one("commune", ["Cahors"]),
    "no-op": _two("compare-columns-value", NUMBERS, NUMBERS, column2="b"),
    "bad-op": _two("compare-columns-value", NUMBERS, NUMBERS, column2="b", op="!="),
    "unknown": _one("inconnu", TEXTS),
    "compare-int": _two("compare-columns-value", NUMBERS, NUMBERS, ("integer",) * 2, column2="b", op=">="),
    "compare-number": _two(
        "compare-columns-value", DECIMALS, NUMBERS, ("number", "integer"), column2="b", op="=="
    ),
    "compare-text": _two("compare-columns-value", TEXTS, TEXTS, column2="b", op="<"),
    "compare-mixed": _two(
        "compare-columns-value", NUMBERS, TEXTS, ("integer", "string"), column2="b", op="<="
    ),
    "compare-date": _two("compare-columns-value", DATES, DATES, ("date",) * 2, column2="b", op=">"),
    "compare-apart": _two(
        "compare-columns-value", DATES, TEXTS, ("date", "string"), column2="b", op=">"
    ),
    "compare-absent": _one("compare-columns-value", NUMBERS, "integer", column2="z", op=">"),
    "cohesive": _three("cohesive-columns-value", NUMBERS, "integer", othercolumns=["b", "c"]),
    "cohesive-absent": _three("cohesive-columns-value", TEXTS, "string", othercolumns=["b", "z"]),
    "cohesive-one": _one("cohesive-columns-value", TEXTS, othercolumns=["z"]),
    "sum": _three("sum-columns-value", ["0", "1", "2", "3", "", "x"], "integer", columns=["b", "c"]),
    "sum-number": _three("sum-columns-value", DECIMALS, "number", columns=["b", "c"]),
    "sum-absent": _three("sum-columns-value", NUMBERS, "integer", columns=["b", "z"]),
    "one-of": _two("one-of-required", ["", "x"], ["", "y"], column1="a", column2="b"),
    "one-of-number": _two(
        "one-of-required", NUMBERS, ["", "0", "x"], ("integer", "number"), column1="a", column2="b"
    ),
    "one-of-one": _one("one-of-required", ["", "x"], column1="a", column2="z"),
    "one-of-none": _one("one-of-required", ["", "x"], column1="y", column2="z"),
}  # fmt: skip
# A required field that the file lacks is seen as empty, not as absent.
REQUIRED = {
    "cohesive-required": ("cohesive-columns-value", {"column": "a", "othercolumns": ["z"]}),
    "one-of-required": ("one-of-required", {"column1": "a", "column2": "z"}),
}


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    if not ORACLE.exists():
        pytest.skip("validata-table absent (.venv-validata)")
    folder = tmp_path_factory.mktemp("oracle")
    drawn = {
        **{name: _drawn(name) for name in CASES},
        **{name: _lacking(name) for name in REQUIRED},
    }
    asked = ""
    for name, (schema, columns) in drawn.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(columns)
            lines.writerows(zip(*columns.values(), strict=True))
        asked += json.dumps({"file": str(path), "schema": schema}) + "\n"
    ran = subprocess.run(
        [ORACLE, "-c", SCRIPT],
        input=asked,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    answers = [json.loads(line[1:]) for line in ran.stdout.splitlines() if line.startswith("R")]
    return {
        name: (*case, found) for (name, case), found in zip(drawn.items(), answers, strict=True)
    }


@pytest.mark.server
@pytest.mark.parametrize("name", [*CASES, *REQUIRED])
def test_same_pairs_as_validata(name, oracle):
    schema, columns, found = oracle[name]
    theirs = {
        (row - 1 if row and row > 1 else None, code)
        for row, code in found
        if code not in ("type-error", "missing-label", "constraint-error", "blank-row")
    }
    kept = {key: [value or None for value in values] for key, values in columns.items()}
    with scratch() as space:
        made = cells(space, schema["fields"], kept, *schema["custom_checks"])
        ours = pairs(made, list(checks(made)))
    assert ours == theirs


def _drawn(name):
    """A schema and its columns of drawn values; a first column keeps lines from being blank."""
    fields, check = CASES[name]
    rng = random.Random(name)
    count = ROWS if len(fields) > 1 else max(len(values) for _, values in fields.values())
    columns = {"id": [str(n) for n in range(count)]}
    for one, (_, values) in fields.items():
        columns[one] = [rng.choice(values) for _ in range(count)] if len(fields) > 1 else values
    described = [{"name": "id", "type": "string"}]
    described += [{"name": one, "type": kind} for one, (kind, _) in fields.items()]
    check["params"] = {key: value for key, value in check["params"].items() if value is not None}
    return {"fields": described, "custom_checks": [check]}, columns


def _lacking(name):
    code, params = REQUIRED[name]
    fields = [
        {"name": "a", "type": "string"},
        {"name": "z", "type": "string", "constraints": {"required": True}},
    ]
    check = {"name": code, "params": params}
    return {"fields": fields, "custom_checks": [check]}, {"a": ["x", "y", ""], "n": ["1", "2", "3"]}
