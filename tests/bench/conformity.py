"""Control of deliberations 2.1.5 beside the official tools, and beside merely reading the file.

Each measure runs in a process of its own; all in the same run, so that ratios hold.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.standards import standard  # noqa: E402
from tests.diagnostics.conformity.oracle import PYTHON, descriptor  # noqa: E402

STANDARD = "scdl-deliberations"
MIDDLE, LARGE, FAULTS = 100_000, 1_000_000, 500
SEED = 20261122
TARGETS = {"validata": 50, "frictionless": 12, "rss_mb": 400, "read": 3}

_OURS = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from data.standards import standard
from diagnostics.conformity.validate import validate_file
start = time.perf_counter()
out = Path(sys.argv[4]) if len(sys.argv) > 4 else None
verdict = validate_file(Path(sys.argv[2]), standard(sys.argv[3]), errors_out=out)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
errors = sum(issue.count for issue in verdict.errors)
print(json.dumps({"seconds": seconds, "rss_mb": peak, "rows": verdict.rows, "errors": errors}))
"""
_READ = """
import json, sys, time
import duckdb
start = time.perf_counter()
path = sys.argv[1]
names = open(path, encoding="utf-8").readline().strip().split(",")
columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
lengths = " + ".join(f'coalesce(length("{name}"), 0)' for name in names)
duckdb.connect().execute(
    f"select sum({lengths}) from read_csv('{path}', header = true, auto_detect = false,"
    f" delim = ',', quote = '\\"', columns = {{{columns}}})"
).fetchall()
print(json.dumps({"seconds": time.perf_counter() - start}))
"""
_THEIRS = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import frictionless
from frictionless.resource import Resource
Resource.validate.__kwdefaults__["limit_errors"] = 0
tool, path, schema = sys.argv[1:4]
if tool == "validata":
    from validata_core.domain import validation_features
    validation_features.VALIDATA_MAX_ROWS = 10**9
    kept = frictionless.validate
    frictionless.validate = lambda source, **kw: kept(source, **kw, limit_errors=10**9)
    from validata_core.main import validate
    start = time.perf_counter()
    report = validate(path, schema)
    seconds = time.perf_counter() - start
    found = [[e.location.row_number - 1, e.type.value] for e in report.errors]
else:
    frictionless.system.trusted = True
    start = time.perf_counter()
    resource = frictionless.Resource(path=path, schema=frictionless.Schema(schema))
    report = resource.validate(limit_errors=10**9)
    seconds = time.perf_counter() - start
    found = [[t[0] - 1, t[1]] for t in report.flatten(["rowNumber", "type"]) if t[0]]
print(json.dumps({"seconds": seconds, "errors": found}))
"""


def measure_conformity() -> dict[str, Any]:
    """Times in seconds, memory in MB, ratios; `same_errors`: (row, code) of validata and ours."""
    with tempfile.TemporaryDirectory(prefix="acv-bench-") as made:
        folder = Path(made)
        middle, large = folder / "middle.csv", folder / "large.csv"
        schema, errors = folder / "schema.json", folder / "errors.csv"
        schema.write_text(json.dumps(descriptor(standard(STANDARD))))
        write(middle, MIDDLE, FAULTS)
        write(large, LARGE, 0)
        ours = _run([sys.executable, "-c", _OURS, str(ROOT), str(middle), STANDARD, str(errors)])
        whole = _run([sys.executable, "-c", _OURS, str(ROOT), str(large), STANDARD])
        read = _run([sys.executable, "-c", _READ, str(large)])
        return {
            "rows_100k_seconds": ours["seconds"],
            "rows_100k_errors": ours["errors"],
            "rows_1m_seconds": whole["seconds"],
            "rows_1m_rss_mb": whole["rss_mb"],
            "read_1m_seconds": read["seconds"],
            "ratio_to_reading": whole["seconds"] / read["seconds"],
            **_beside(middle, schema, errors, ours["seconds"]),
        }


def _beside(file: Path, schema: Path, errors: Path, seconds: float) -> dict[str, Any]:
    """The same file by the official tools; nothing when they are not installed."""
    if not PYTHON.exists():
        return {}
    told = {
        tool: _run([str(PYTHON), "-c", _THEIRS, tool, str(file), str(schema)])
        for tool in ("validata", "frictionless")
    }
    with errors.open(newline="") as lines:
        ours = Counter((int(one["row"] or 0), one["code"]) for one in csv.DictReader(lines))
    theirs = Counter((row, code) for row, code in told["validata"]["errors"])
    return {
        **{f"{tool}_seconds": made["seconds"] for tool, made in told.items()},
        **{f"times_faster_than_{tool}": made["seconds"] / seconds for tool, made in told.items()},
        "same_errors": ours == theirs,
        "validata_errors": sum(theirs.values()),
    }


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


# --- the file ------------------------------------------------------------------------------------


def write(path: Path, rows: int, faults: int) -> None:
    """Deliberations that conform, with faults on rows drawn from a seed."""
    chance = random.Random(SEED)
    names = list(standard(STANDARD).names)
    wrong = set(chance.sample(range(rows), faults))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        for number in range(rows):
            row = _row(chance, number)
            if number in wrong:
                chance.choice(FAULTY)(row, chance)
            writer.writerow([row[name] for name in names])


def _row(chance: random.Random, number: int) -> dict[str, str]:
    day = date(2015, 1, 1) + timedelta(days=chance.randrange(3000))
    pour, contre, abstention = chance.randrange(20, 40), chance.randrange(5), chance.randrange(5)
    total = pour + contre + abstention
    return {
        "COLL_NOM": "Ville de Cahors",
        "COLL_SIRET": "35600000049837",
        "DELIB_ID": f"DEL{number:08d}",
        "DELIB_DATE": day.isoformat(),
        "DELIB_MATIERE_CODE": "7.5",
        "DELIB_MATIERE_NOM": "Finances locales/Subventions",
        "DELIB_OBJET": f"Subvention de fonctionnement à l'association {number}, avec convention",
        "BUDGET_ANNEE": str(day.year),
        "BUDGET_NOM": "Budget principal",
        "PREF_ID": f"046-{number:09d}",
        "PREF_DATE": (day + timedelta(days=3)).isoformat(),
        "VOTE_EFFECTIF": str(total + 3),
        "VOTE_REEL": str(total),
        "VOTE_POUR": str(pour),
        "VOTE_CONTRE": str(contre),
        "VOTE_ABSTENTION": str(abstention),
        "DELIB_URL": f"https://www.exemple.fr/deliberations/{day.year}/{number:08d}.pdf",
    }


def _put(name: str, *values: str) -> Callable[[dict[str, str], random.Random], None]:
    return lambda row, chance: row.update({name: chance.choice(values)})


FAULTY = (
    _put("COLL_NOM", ""),
    _put("COLL_SIRET", "35600000049838", "3560000004983", ""),
    _put("DELIB_DATE", "12/03/2024", "2024-02-30", ""),
    _put("DELIB_MATIERE_CODE", "7,5", "75"),
    _put("DELIB_MATIERE_NOM", "Finances locales", "Finances locales / Subventions", ""),
    _put("BUDGET_ANNEE", "21", "2021/2020", ""),
    _put("BUDGET_NOM", ""),
    _put("PREF_DATE", "2001-01-01", "hier"),
    _put("VOTE_EFFECTIF", "1", "", "douze"),
    _put("VOTE_REEL", "99", "40,0"),
    _put("VOTE_POUR", "999", ""),
    _put("VOTE_CONTRE", "x", "7.0"),
    _put("DELIB_URL", "www.exemple.fr"),
)

if __name__ == "__main__":
    print(json.dumps(measure_conformity(), indent=1))
