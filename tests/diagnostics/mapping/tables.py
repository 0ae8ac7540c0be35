"""Tables as the reader gives them, made from columns of samples."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from data.reading.reading import ReadColumn

BENCHMARK = Path(__file__).parent / "benchmark.csv"
Columns = Mapping[str, Sequence[str | None]]


def table(columns: Columns) -> tuple[tuple[ReadColumn, ...], pa.Table]:
    """Columns of unequal lengths are filled with nulls."""
    rows = max((len(values) for values in columns.values()), default=0)
    arrays = {
        name: pa.array([*values, *[None] * (rows - len(values))], pa.string())
        for name, values in columns.items()
    }
    return tuple(ReadColumn(name, name, "string", 0) for name in arrays), pa.table(arrays)


def samples(text: str) -> list[str | None]:
    return [part or None for part in text.split("|")]


def benchmark() -> dict[tuple[str, str], list[dict[str, str]]]:
    """(file, schema) -> its lines: header, samples, field ('' for none), kind."""
    made: dict[tuple[str, str], list[dict[str, str]]] = {}
    with BENCHMARK.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            made.setdefault((line["file"], line["schema"]), []).append(line)
    return made


def benchmark_table(lines: Sequence[dict[str, str]]) -> tuple[tuple[ReadColumn, ...], pa.Table]:
    return table({line["header"]: samples(line["samples"]) for line in lines})
