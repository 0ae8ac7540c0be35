"""Rebuild the fictional world: `python -m data.embedded.build_fictional [--check]`.

FICTIF: all it writes is invented. It reads the columns of the dataset cards and the holders of
castelvoire.yml, and draws with a fixed seed: a rebuild gives the same content. `--check` rebuilds
into a temporary folder and names what differs from the files kept here.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pandas as pd
import yaml

from data.embedded.castelvoire import (
    agglomeration,
    centre,
    climate,
    housing,
    nature,
    people,
    risks,
    services,
    text_files,
    water,
    workbook_files,
)
from data.embedded.castelvoire.plane import SEED
from data.embedded.castelvoire.sent import SERVICE_FILES
from data.embedded.castelvoire.tables import TABLES, Table
from data.embedded.packages import sha256

HERE = Path(__file__).parent / "fictional"
CARDS = Path(__file__).parents[1] / "reference" / "datasets"
AS_OF = "2026-11-21"  # the day at which this world stands still
LICENCE = "FICTIF (données inventées)"
TYPES = {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "DATE", "BOOLEAN", "TIMESTAMP"}
# importing these fills the two lists: tables and service files
MAKERS: tuple[ModuleType, ...] = (agglomeration, centre, climate, housing, nature, people)
MAKERS += (risks, services, text_files, water, workbook_files)


def columns(dataset: str) -> dict[str, str]:
    """Name and DuckDB type of each column of a dataset's table, `territory` first."""
    card = yaml.safe_load((CARDS / f"{dataset}.yml").read_text(encoding="utf-8"))
    if not card.get("columns"):
        raise SystemExit(f"{dataset}.yml : columns : absent ; décrire les colonnes de la table.")
    return {"territory": "VARCHAR"} | {name: one["type"] for name, one in card["columns"].items()}


def frame(table: Table) -> pd.DataFrame:
    """The rows of a table, in the columns of its card and no other."""
    made = pd.DataFrame(dict(table.make()))
    expected = list(columns(table.dataset))
    if set(made.columns) != set(expected):
        odd = sorted(set(made.columns) ^ set(expected))
        raise SystemExit(f"{table.dataset} : colonnes à accorder avec la fiche : {', '.join(odd)}.")
    return made[expected]


def write_table(table: Table, rows: pd.DataFrame, out: Path) -> None:
    """Write one Parquet file, each column in the type of the card."""
    kept = columns(table.dataset)
    if not set(kept.values()) <= TYPES:
        raise SystemExit(f"{table.dataset}.yml : type de colonne inconnu.")
    casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in kept.items())
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("made", rows)
        target = str(_parquet(out, table.dataset)).replace("'", "''")
        connection.execute(
            f"copy (select {casts} from made) to '{target}' (format parquet, compression zstd)"
        )


def build(out: Path = HERE) -> None:
    """Write every table, every service file and the manifest into `out`."""
    (out / "files").mkdir(parents=True, exist_ok=True)
    counts = {}
    for name in sorted(TABLES):
        rows = frame(TABLES[name])
        write_table(TABLES[name], rows, out)
        counts[name] = len(rows)
    for file in SERVICE_FILES:
        (out / "files" / file.name).write_bytes(file.make())
    document = manifest(out, counts)
    (out / "manifest.json").write_text(document, encoding="utf-8", newline="\n")


def manifest(out: Path, counts: dict[str, int]) -> str:
    """What was written: for whom, at which level, how many rows, how it came."""
    document = {
        "fictional": True,
        "notice": "FICTIF : territoire, noms et chiffres inventés, situés en plein Atlantique.",
        "seed": SEED,
        "as_of": AS_OF,
        "files": [_entry(TABLES[name], rows, out) for name, rows in counts.items()],
        "service_files": [
            {
                "file": file.name,
                "dataset": file.dataset,
                "format": file.format,
                "dirt": list(file.dirt),
            }
            for file in SERVICE_FILES
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def differences(kept: Path, rebuilt: Path) -> list[str]:
    """Names of what is not the same in two folders: tables by content, files by bytes."""
    names = {
        path.relative_to(root)
        for root in (kept, rebuilt)
        for path in root.rglob("*")
        if path.is_file()
    }
    return sorted(str(name) for name in names if not _same(kept / name, rebuilt / name))


def main(arguments: list[str] | None = None) -> int:
    """Rebuild, or compare with a fresh rebuild."""
    parser = argparse.ArgumentParser(description="Reconstruit le monde fictif de Castelvoire.")
    parser.add_argument("--check", action="store_true", help="compare sans rien remplacer")
    if not parser.parse_args(arguments).check:
        build()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        changed = differences(HERE, Path(folder))
    for name in changed:
        print(f"{name} : différent de sa reconstruction ; relancer sans --check.", file=sys.stderr)
    return 1 if changed else 0


def _entry(table: Table, rows: int, out: Path) -> dict[str, Any]:
    path = _parquet(out, table.dataset)
    return {
        "dataset": table.dataset,
        "file": path.name,
        "territory": table.scope,
        "level": table.level,
        "rows": rows,
        "vintage": table.vintage,
        "producer": f"FICTIF, {_holder(table.dataset)}",
        "licence": LICENCE,
        "origin": table.origin,
        "sha256": sha256(path),
    }


@cache
def _statuses() -> dict[str, dict[str, Any]]:
    path = CARDS.parent / "fictional" / "castelvoire.yml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["statuses"]
    return {row["dataset"]: row for row in rows}


def _holder(dataset: str) -> str:
    """Who holds the dataset in the story; tables of no need come from the world's own maker."""
    holder = _statuses().get(dataset, {}).get("holder", "producteur national inventé")
    return str(holder).removesuffix(" (FICTIF)")


def _same(kept: Path, rebuilt: Path) -> bool:
    if not (kept.exists() and rebuilt.exists()):
        return False
    if kept.suffix == ".parquet":
        return _rows(kept).equals(_rows(rebuilt))
    if kept.name == "manifest.json":
        return _without_hashes(kept) == _without_hashes(rebuilt)
    return kept.read_bytes() == rebuilt.read_bytes()


def _without_hashes(path: Path) -> Any:
    """The manifest without the hashes, which follow the version of DuckDB that wrote the files."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document["files"] = [
        {k: v for k, v in one.items() if k != "sha256"} for one in document["files"]
    ]
    return document


def _rows(path: Path) -> pd.DataFrame:
    return duckdb.sql("select * from read_parquet(?)", params=[str(path)]).df()


def _parquet(out: Path, dataset: str) -> Path:
    return out / f"{dataset}.parquet"


if __name__ == "__main__":
    sys.exit(main())
