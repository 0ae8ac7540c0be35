"""Measure the reading of a national Climadiag archive: `measure()` gives seconds and megabytes.

The archive is made here, in the documented shape: 34,939 communes and 1,244 EPCI of 106 lines each,
values invented. `python tests/bench/climadiag.py` prints the figures of one run.
"""

from __future__ import annotations

import io
import resource
import sys
import tarfile
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

COMMUNES, EPCI = 34_939, 1_244
HEADER = (
    "identifiant_insee,nom,type_entite,indicateur_id,type_ind,horizon,label,ref,low,median,high\n"
)
SEASONS = ("hiver", "printemps", "été", "automne")
SEASONAL, YEARLY = ("G1", "R1", "R5", "G3"), ("S1", "S2", "S3", "R4", "G2", "R2", "S4", "T1")


def lines(code: str, name: str, kind: str) -> str:
    """The file of one place: four seasonal indicators and eight yearly ones, three horizons."""
    rows = [HEADER]
    head = f"{code},{name},{kind}"
    for horizon in ("2030", "2050", "2100"):
        for indicator in YEARLY:
            rows.append(f"{head},{indicator},annuel,{horizon},,3,4,9,11\n")
        for indicator in SEASONAL:
            rows += [
                f"{head},{indicator},saisonnier,{horizon},{season},30,25,36,55\n"
                for season in SEASONS
            ]
        for number in range(11):
            rows.append(f"{head},G4,mensuel,{horizon},mois {number},14.2,15.1,15.8,16.4\n")
        rows.append(f"{head},AG2,annuel,{horizon},,06/03,14/02,18/02,22/02\n")
    return "".join(rows[:107])


def codes() -> tuple[list[str], list[str]]:
    """As many real codes of communes and EPCI as there are, then unknown ones up to the count."""
    import pandas as pd

    known = pd.read_parquet(ROOT / "data/embedded/territories.parquet")
    communes = sorted(known.loc[known["level"] == "commune", "code"])[:COMMUNES]
    epci = sorted(known.loc[known["level"] == "epci", "code"])[:EPCI]
    communes += [f"95{number:03}"[:5] for number in range(COMMUNES - len(communes))]
    epci += [f"9{number:08}" for number in range(EPCI - len(epci))]
    return communes, epci


def archive(path: Path) -> None:
    """Write the whole archive (about 200 MB)."""
    communes, epci = codes()
    with tarfile.open(path, "w") as tar:
        for folder, kind, places in (("commune", "commune", communes), ("epci", "epci", epci)):
            for code in places:
                body = lines(code, "Villefictive-sur-Exemple", kind).encode()
                info = tarfile.TarInfo(f"indicateurs_par_{folder}/{code}.csv")
                info.size = len(body)
                tar.addfile(info, io.BytesIO(body))


class OnDisk:
    """A `get` that gives an archive already there."""

    requests = bytes = 0

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, *_: object, **__: object) -> tuple[str, str]:
        key = "CLIMADIAG_COMMUNE/donnees_climadiag_commune_v411_20260908.tar"
        return f"<ListBucketResult><Contents><Key>{key}</Key></Contents></ListBucketResult>", ""

    def file(self, *_: object, **__: object) -> Path:
        return self.path

    def address(self, endpoint_id: str, path: str) -> str:
        return path


def read(path: Path) -> dict[str, float]:
    """Read an archive and save it in a store; seconds of each, megabytes of this process."""
    from connectors import climadiag
    from connectors.fetching import Got
    from connectors.runs.planning import Task
    from connectors.runs.tasks import Run
    from data.catalog import catalog
    from data.store import Store

    dataset = catalog().datasets["climate_projections"]
    source = dataset.source("climadiag")
    assert source
    before = memory_mb()
    started, worked = time.perf_counter(), time.process_time()
    got: Got = climadiag.fetch(dataset, None, OnDisk(path))  # type: ignore[arg-type]
    parsed, rows = time.perf_counter() - started, len(got.rows)
    busy = time.process_time() - worked
    after = memory_mb()
    del got
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(str(Path(folder) / "acv.duckdb"))
        started = time.perf_counter()
        client = type("Client", (OnDisk,), {"seen": {}, "begin": lambda *_: None})(path)
        line = Run(store, client).perform(Task(dataset, replace(source), None))[0]
        whole = time.perf_counter() - started
        store.close()
    assert line.status == "ok", line.detail
    return {
        "read_seconds": parsed,
        "read_cpu_seconds": busy,
        "refresh_seconds": whole,
        "rows": rows,
        "archive_mb": path.stat().st_size / 1e6,
        "memory_before_mb": before,
        "memory_read_mb": after,
        "memory_refresh_mb": memory_mb(),
    }


def memory_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> dict[str, float]:
    """Make the archive in a temporary folder and read it in a process of its own."""
    import json
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "climadiag.tar"
        archive(path)
        done = subprocess.run(
            [sys.executable, __file__, str(path)], capture_output=True, text=True, check=True
        )
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    import json

    print(json.dumps(read(Path(sys.argv[1])) if len(sys.argv) > 1 else measure()))
