"""The command `locate`: a town's own file, with the longitude and latitude of its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from connectors.fetching import Get
from connectors.geocoding import CannotLocate, Located, located
from data.reading.door import read
from data.reading.reading import Wishes
from data.scratch import write_csv
from data.territories import Territory

ADDED = ("longitude", "latitude", "geocodage_score", "geocodage_etat")
STATES = {
    "kept": "placée",
    "unsure": "douteuse",
    "elsewhere": "autre commune",
    "vague": "commune entière",
    "not_found": "introuvable",
    "empty": "sans adresse",
}


def locate(
    file: Path, place: Territory, columns: Sequence[str], out: Path, get: Get, sheet: str | None
) -> Located:
    """Write the table read from `file`, and where each row stands, to `out` (never over a file).

    Raises CannotLocate with one sentence, or FetchError when the geocoder fails: then nothing is
    written.
    """
    if out.exists():
        raise CannotLocate(f"« {out} » existe déjà ; rien n'a été remplacé, donnez un autre nom.")
    reading = read(file, Wishes(sheet=sheet))
    if reading.refused is not None:
        raise CannotLocate(reading.refused)
    taken = sorted(set(ADDED) & set(reading.table.column_names))
    if taken:
        raise CannotLocate(f"Ce fichier a déjà une colonne {taken[0]} : renommez-la d'abord.")
    addresses = reading.table.select(_known(reading.table, columns)).to_pandas()
    found = located(get, addresses, columns, place)
    write_csv(_with_places(reading.table, found), out)
    return found


def _known(table: pa.Table, columns: Sequence[str]) -> list[str]:
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        there = ", ".join(table.column_names)[:300]
        raise CannotLocate(f"Colonne d'adresse absente : {', '.join(missing)} (il y a : {there}).")
    return list(columns)


def _with_places(table: pa.Table, found: Located) -> pa.Table:
    """The table as it was read, then four columns; a row that has no place keeps them empty."""
    rows = found.rows
    made = {
        "longitude": _texts(rows["lon"], 6),
        "latitude": _texts(rows["lat"], 6),
        "geocodage_score": _texts(rows["score"], 2),
        "geocodage_etat": [STATES[state] for state in rows["state"]],
    }
    for name in ADDED:
        table = table.append_column(name, pa.array(made[name], pa.string()))
    return table


def _texts(values: Iterable[float], digits: int) -> list[str | None]:
    return [None if value != value else f"{value:.{digits}f}" for value in values]
