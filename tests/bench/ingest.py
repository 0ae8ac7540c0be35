"""A table of 1,000,000 lines, as an API exports it: from the answer to the store, beside DuckDB.

Each measure runs in a process of its own, in turn and several times in the same run, so that the
ratio holds on a machine that does other things; the fastest of each counts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.territories import acv_towns, territory  # noqa: E402

LINES, TIMES, SEED = 1_000_000, 3, 20261122
TARGETS = {"ratio": 1.5, "rss_mb": 600}
PATH = "/api/explore/v2.1/catalog/datasets/ofgl-base-communes-consolidee/exports/csv"
LABELS = (
    "Encours de dette",
    "Epargne brute",
    "Recettes de fonctionnement",
    "Dépenses de fonctionnement",
    "Dépenses d'investissement",
)

# DuckDB draws a progress bar on the output of a program that is no file.
_OURS = """
__file__ = "ingest.py"
import json, os, resource, sys, time
sys.path.insert(0, sys.argv[1])
os.environ["ACV_ENDPOINT_OFGL"] = sys.argv[2]
from dataclasses import replace
from connectors.network.http import Http
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.store import Store
import connectors.bulk_csv
from data.territories import current_code
current_code("46042")
card = catalog().datasets["municipal_finances"]
source = card.source("bulk_csv")
store = Store.open(sys.argv[3])
store.ensure(card)
with Http() as get:
    before = resource.getrusage(resource.RUSAGE_SELF)
    start, started = time.perf_counter(), before.ru_utime + before.ru_stime
    line = Run(store, get).perform(Task(card, source, None))[0]
    seconds = time.perf_counter() - start
store.close()
used = resource.getrusage(resource.RUSAGE_SELF)
assert line.status == "ok", line.detail
cpu = used.ru_utime + used.ru_stime - started
found = {"seconds": seconds, "cpu": cpu, "rss_mb": used.ru_maxrss / 1024, "rows": line.rows}
print(json.dumps(found))
"""
_THEIRS = """
__file__ = "read_csv.py"
import json, resource, sys, time, urllib.request
import duckdb
connection = duckdb.connect(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF)
start, started = time.perf_counter(), before.ru_utime + before.ru_stime
urllib.request.urlretrieve(sys.argv[1], sys.argv[3])
received = time.perf_counter() - start
connection.execute("create table t as select * from read_csv($1)", [sys.argv[3]])
seconds = time.perf_counter() - start
rows = connection.execute("select count(*) from t").fetchone()[0]
connection.close()
used = resource.getrusage(resource.RUSAGE_SELF)
cpu = used.ru_utime + used.ru_stime - started
print(json.dumps({"seconds": seconds, "cpu": cpu, "received": received, "rows": rows}))
"""


def measure_ingest() -> dict[str, Any]:
    """Seconds of both from the request to the table, their ratio, our peak of memory in MB."""
    with tempfile.TemporaryDirectory(prefix="acv-bench-") as made:
        folder = Path(made)
        file = folder / "site" / PATH.lstrip("/")
        file.parent.mkdir(parents=True)
        write(file, LINES)
        ours, theirs = [], []
        with served(folder / "site") as url:
            for turn in range(TIMES):
                theirs.append(_theirs(url, folder, turn))
                ours.append(_ours(url, folder, turn))
        best, beside = _fastest(ours), _fastest(theirs)
        return {
            "lines": LINES,
            "megabytes": file.stat().st_size / 1e6,
            "seconds": best["seconds"],
            "duckdb_seconds": beside["seconds"],
            "cpu_seconds": best["cpu"],
            "duckdb_cpu_seconds": beside["cpu"],
            "ratio": best["seconds"] / beside["seconds"],
            "rss_mb": max(run["rss_mb"] for run in ours),
            "same_rows": best["rows"] == beside["rows"] == LINES,
        }


def _ours(url: str, folder: Path, turn: int) -> dict[str, Any]:
    return _run([_OURS, str(ROOT), url, str(folder / f"ours-{turn}.duckdb")])


def _theirs(url: str, folder: Path, turn: int) -> dict[str, Any]:
    base, copy = folder / f"theirs-{turn}.duckdb", folder / "received.csv"
    return _run([_THEIRS, f"{url}{PATH}", str(base), str(copy)])


def _fastest(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return min(runs, key=lambda run: run["seconds"])


def _run(arguments: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-c", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {"": "text/csv"}

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server on loopback that gives the files of a folder."""

    def handler(*given: Any) -> _Quiet:
        return _Quiet(*given, directory=str(folder))

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def write(path: Path, lines: int) -> None:
    """Accounts of invented amounts, in the shape of an Opendatasoft export: long, `;`, BOM."""
    chance = random.Random(SEED)
    codes = _codes()
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        out.write("exer;com_code;siren;agregat;montant;euros_par_habitant;ptot\n")
        for number in range(lines):
            turn, place = divmod(number, len(codes))
            year, label = 2025 - turn // len(LABELS), LABELS[turn % len(LABELS)]
            amount, people = chance.randrange(10**4, 10**9) / 100, chance.randrange(50, 90_000)
            line = f"{year};{codes[place]};21{codes[place]}00;{label};{amount}"
            out.write(f"{line};{amount / people:.6f};{people}\n")


def _codes() -> list[str]:
    """Every commune: those of the EPCI and départements of the programme's towns, and the rest."""
    from data.territories import members

    departements = {f"dep:{town.departement}" for town in acv_towns()}
    return sorted({code for name in departements for code in members(territory(name))})


def ingest_lines(found: dict[str, Any]) -> list[str]:
    """What a person reads of the measure."""
    return [
        f"ingestion de {found['lines']} lignes ({found['megabytes']:.0f} Mo) : "
        f"{found['seconds']:.2f} s, DuckDB read_csv {found['duckdb_seconds']:.2f} s, "
        f"rapport {found['ratio']:.2f} (cible {TARGETS['ratio']})",
        f"mémoire au plus : {found['rss_mb']:.0f} Mo (cible {TARGETS['rss_mb']})",
    ]


if __name__ == "__main__":
    result = measure_ingest()
    print("\n".join(ingest_lines(result)))
    print(json.dumps(result, indent=1))
