"""Memory and time of the largest national files, from a file on disk to the store.

Files are made here in the documented shape, as many communes and lines as the real ones have or
more, values invented; each is read in a process of its own.
"""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.territories import Territory, _all  # noqa: E402

TARGET_MB = 600
POINTS = 40  # of a contour: 35,000 communes simplified to 50 m
MELODI_LINES = 100  # of a commune: four are kept
DATASETS, RESOURCES = 75_000, 400_000
MELODI_NAME = "DS_RP_LOGEMENT_PRINC"
DIMENSIONS = ("OCS", "L_STAY", "TDW", "CARS", "CARPARK", "NOR", "BUILD_END", "NRG_SRC", "TSH")
USES = {"_T": 12450.5, "DW_MAIN": 10120.25, "DW_SEC_DW_OCC": 730.0, "DW_VAC": 1600.25}


def communes() -> list[Territory]:
    """Communes of metropolitan France."""
    return [
        made
        for made in _all().values()
        if made.level == "commune" and not made.fictional and len(made.departement or "") == 2
    ]


def contours(folder: Path) -> None:
    """Each commune as a ring round its point."""
    turns = [2 * math.pi * step / POINTS for step in range(POINTS)]
    with gzip.open(folder / "communes-50m.geojson.gz", "wt", compresslevel=1) as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for number, made in enumerate(communes()):
            lon, lat = made.lon or number % 50 / 10, made.lat or 44 + number % 40 / 10
            ring = [[lon + 0.02 * math.cos(turn), lat + 0.015 * math.sin(turn)] for turn in turns]
            properties = {"code": made.code, "nom": made.name, "departement": made.departement}
            feature = {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
            out.write(f"{',' if number else ''}{json.dumps(feature)}\n")
        out.write("]}")


def melodi(folder: Path) -> None:
    """Dwellings: four lines of each commune are read among a hundred."""
    names = ";".join(f'"{name}"' for name in DIMENSIONS)
    header = f'"GEO";"GEO_OBJECT";"RP_MEASURE";{names};"TIME_PERIOD";"OBS_STATUS";"OBS_VALUE"\n'
    total = ";".join(['"_T"'] * (len(DIMENSIONS) - 1))
    kept = [f'"CODE";"COM";"DWELLINGS";"{use}";{total};"2022";"A";{n}\n' for use, n in USES.items()]
    other = f'"CODE";"COM";"ROOMS";"DW_MAIN";{total};"2022";"A";38000.25\n'
    block = "".join([*kept, *[other] * (MELODI_LINES - len(kept))])
    packed = zipfile.ZipFile(folder / f"{MELODI_NAME}.zip", "w", zipfile.ZIP_DEFLATED, True, 1)
    with packed, packed.open(f"{MELODI_NAME}_2022_data.csv", "w", force_zip64=True) as out:
        out.write(header.encode())
        for made in communes():
            out.write(block.replace("CODE", made.code).encode())


def catalogue(folder: Path) -> None:
    """Organisations, datasets and resources in the number that the platform has."""
    from connectors.catalogue_bulk import COLUMNS

    makers: dict[str, Callable[[], Iterator[dict[str, str]]]] = {
        "organizations": lambda: (_organisation(number) for number in range(6_000)),
        "datasets": lambda: (_dataset(number) for number in range(DATASETS)),
        "resources": lambda: (_resource(number) for number in range(RESOURCES)),
    }
    for name, made in makers.items():
        columns = COLUMNS[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as out:
            out.write(";".join(f'"{column}"' for column in columns) + "\n")
            for row in made():
                out.write(";".join(f'"{row.get(column, "")}"' for column in columns) + "\n")


def _organisation(number: int) -> dict[str, str]:
    name = "Ville de Cahors" if not number else f"Producteur {number}"
    siret = "21460042100019" if not number else ""
    return {"id": f"{number:024x}", "name": name, "business_number_id": siret}


def _dataset(number: int) -> dict[str, str]:
    owner = number % 6_000
    return {
        "id": f"{number:024x}",
        "title": f"Jeu inventé {number}",
        "url": f"https://exemple.invalid/{number}",
        "organization": f"Producteur {owner}" if owner else "Ville de Cahors",
        "organization_id": f"{owner:024x}",
        "description": "Un texte inventé, long comme le sont ceux des producteurs. " * 25,
        "license": "Licence Ouverte / Open Licence version 2.0",
        "archived": "False",
    }


def _resource(number: int) -> dict[str, str]:
    return {
        "dataset.id": f"{number % DATASETS:024x}",
        "url": f"https://exemple.invalid/fichiers/{number}.csv",
        "title": f"fichier-{number}.csv",
        "description": "Un fichier inventé. " * 15,
        "type": "main",
        "format": "csv",
        "extras": "{}",
    }


class OnDisk:
    """A `get` that gives files already there."""

    requests = bytes = 0

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, {}  # type: ignore[var-annotated]

    def begin(self, *_: object) -> None:
        """Nothing is known of before."""

    def address(self, endpoint_id: str, path: str) -> str:
        return f"https://exemple.invalid{path}"

    def json(self, endpoint_id: str, path: str, *_: object, **__: object) -> tuple[Any, str]:
        file = f"{self.address('', '')}/melodi/file/{MELODI_NAME}/{MELODI_NAME}_2022_CSV_FR"
        product = {"id": f"{MELODI_NAME}_2022_CSV_FR", "format": "CSV", "language": "FR"}
        product |= {"packageFormat": "application/zip", "accessURL": file}
        return {"identifier": MELODI_NAME, "product": [product]}, self.address("", path)

    def file(self, endpoint_id: str, path: str, *_: object, **__: object) -> Path:
        from connectors.catalogue_bulk import FILES

        stable = {identifier: f"{name}.csv" for name, identifier in FILES.items()}
        last = Path(path).name
        return self.folder / stable.get(last, f"{MELODI_NAME}.zip" if "melodi" in path else last)


# How each file is made, and the dataset and connector that read it.
SOURCES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "contours": (contours, "admin_boundaries", "contours"),
    "melodi_file": (melodi, "census_housing", "melodi_file"),
    "catalogue_bulk": (catalogue, "published_datasets", "catalogue_bulk"),
}


def read(name: str, folder: Path) -> dict[str, float]:
    """One source from its files to a store: seconds, lines kept, megabytes of this process."""
    from connectors.runs.planning import Task
    from connectors.runs.tasks import Run
    from data.catalog import catalog
    from data.store import Store
    from data.territories import acv_towns

    _, dataset, connector = SOURCES[name]
    card = catalog().datasets[dataset]
    source = card.source(connector)
    assert source
    group = acv_towns()[: source.group] if source.group > 1 else ()
    store = Store.open(str(folder / "acv.duckdb"))
    started = time.perf_counter()
    lines = Run(store, OnDisk(folder)).perform(Task(card, source, None, group))  # type: ignore[arg-type]
    seconds = time.perf_counter() - started
    store.close()
    assert all(line.good for line in lines), lines[0].detail
    rows = sum(line.rows for line in lines)
    return {"seconds": seconds, "rows": rows, "memory_mb": memory_mb()}


def memory_mb() -> float:
    """Largest resident memory of this process alone: getrusage would count that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure_sources() -> dict[str, float]:
    """Each source read apart: `<name>_seconds`, `_rows`, `_memory_mb`, and the weight on disk."""
    found: dict[str, float] = {}
    for name, (make, _, _) in SOURCES.items():
        with tempfile.TemporaryDirectory(prefix="acv-bench-") as made:
            folder = Path(made)
            make(folder)
            weight = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            command = [sys.executable, __file__, name, made]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{name} : {done.stderr.strip().splitlines()[-1]}")
            read_apart = json.loads(done.stdout)
        found |= {f"{name}_{key}": value for key, value in read_apart.items()}
        found[f"{name}_file_mb"] = weight
    return found


if __name__ == "__main__":
    asked = sys.argv[1:]
    print(json.dumps(read(asked[0], Path(asked[1])) if asked else measure_sources()))
