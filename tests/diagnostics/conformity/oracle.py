"""validata-table, called as a program of its own: its verdict and its errors on many files.

`known` lists where we say otherwise on purpose; the reasons are in
docs/decisions/026-controle-de-conformite.md.
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.schemas import Schema

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".venv-validata" / "bin" / "python"
ABSENT = "validata-table absent (.venv-validata : voir le Makefile)"
SCRIPT = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import frictionless
from frictionless.resource import Resource
Resource.validate.__kwdefaults__["limit_errors"] = 0
from validata_core.domain import validation_features
validation_features.VALIDATA_MAX_ROWS = 10**9
kept = frictionless.validate
frictionless.validate = lambda source, **kw: kept(source, **kw, limit_errors=10**9)
from validata_core.main import validate

# The same schema is read again for each file: what depends on nothing else is computed once.
from functools import cache
from frictionless.schema.field import Field
from frictionless.system import system
from frictionless.vendors import stringcase
stringcase.snakecase = cache(stringcase.snakecase)
system.select_field_class = cache(system.select_field_class)
checked, right = Field.metadata_validate.__func__, set()
def field_errors(cls, descriptor, *, context=None):
    seen = (cls, repr(descriptor), repr(context))
    if seen not in right:
        found = list(checked(cls, descriptor, context=context))
        if not found:
            right.add(seen)
        yield from found
Field.metadata_validate = classmethod(field_errors)
whole, reports = validation_features._FrictionlessValidation, {}
schema_checked = whole.validate_schema.__func__
def schema_report(cls, descriptor):
    key = json.dumps(descriptor, sort_keys=True, default=str)
    if key not in reports:
        reports[key] = schema_checked(cls, descriptor)
    return reports[key]
whole.validate_schema = classmethod(schema_report)

for line in sys.stdin:
    case = json.loads(line)
    try:
        report = validate(case["file"], case["schema"])
        found = [[e.location.row_number, e.type.value] for e in report.errors]
        said = {"valid": report.valid, "errors": found, "warnings": report.warnings}
    except Exception as error:
        said = {"crash": f"{type(error).__name__}: {error}"}
    print("\\x1eR" + json.dumps(said), flush=True)
"""

Pair = tuple[int | None, str]


@dataclass(frozen=True)
class Said:
    """What the oracle said of a file: rows are data rows, None for the whole file."""

    valid: bool
    pairs: frozenset[Pair]
    crash: str | None = None


def descriptor(schema: Schema) -> dict[str, Any]:
    """A schema as the official tools take it: the names of the schema and of its checks fit theirs.

    With its own names, arbre is refused whole and french_gps_coordinates is unknown.
    """
    kept = ("fields", "missingValues", "primaryKey")
    made = {key: schema.raw[key] for key in kept if key in schema.raw}
    checks = [{**one, "name": str(one["name"]).replace("_", "-")} for one in schema.custom_checks]
    return {"name": "standard", **made, "custom_checks": checks}


def asked(cases: Sequence[tuple[Path, Path]]) -> list[Said]:
    """The verdicts on pairs (file, schema), in one process."""
    lines = [json.dumps({"file": str(file), "schema": str(schema)}) for file, schema in cases]
    done = subprocess.run(
        [str(PYTHON), "-c", SCRIPT],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=3600,
    )
    told = [json.loads(line[2:]) for line in done.stdout.split("\n") if line.startswith("\x1eR")]
    assert len(told) == len(cases), done.stderr[-2000:]
    return [_said(one) for one in told]


def _said(told: Mapping[str, Any]) -> Said:
    if "crash" in told:
        return Said(False, frozenset(), told["crash"])
    return Said(told["valid"], frozenset(_pairs(told["errors"])))


def _pairs(errors: Iterable[tuple[int | None, str]]) -> Iterable[Pair]:
    for row, code in errors:  # the line of the header, counted first, stands for the whole file
        yield (row - 1 if row and row > 1 else None), code


@dataclass(frozen=True)
class Difference:
    """A known difference: which mutations, and which of our pairs or theirs do not count."""

    id: str  # as in the decision
    ours: frozenset[str] = frozenset()  # codes that we alone give
    theirs: frozenset[str] = frozenset()  # codes that they alone give
    crash: str | None = None  # they crash, with this in the message


KNOWN = (
    Difference("en-tête répété", frozenset({"duplicate-label"}), frozenset({"error"})),
    Difference("aucune colonne reconnue", crash="unmatched-header"),
)


def takes_spaces_away(file: Path) -> bool:
    """Whether the official tool guesses that a space follows each separator of this file.

    An apostrophe at the start of a cell is enough: a cell that is one space is then empty for it.
    """
    try:
        return csv.Sniffer().sniff(file.read_text(encoding="utf-8"), ",\t;|").skipinitialspace
    except csv.Error:
        return False


def explained(ours: frozenset[Pair], said: Said) -> str | None:
    """The known difference that tells our pairs from theirs; None when there is none."""
    codes = {code for _, code in ours}
    for known in KNOWN:
        if known.crash is not None:
            if said.crash and known.crash in said.crash:
                return known.id
        elif known.ours <= codes and {code for _, code in said.pairs} == known.theirs:
            return known.id
    return None
