"""INSEE Melodi for every commune: the zip of CSV that its catalogue points to, read as a stream.

The vintage is in the name of the file, so its address is read in `/catalog/{dataset}` each time.
The largest (dwellings) is 93 MB packed, 1.2 GB of text: it never stands whole in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.melodi.rows import Reading, Rows, kept, reading, rows
from connectors.reading.communes import check_enough
from connectors.tables.zips import opened
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT, CONNECTOR = "MELODI", "melodi_file"
MAX_BYTES = 4_000_000_000  # of the archive once unpacked
BLOCK = 8_000_000  # bytes parsed at once
HEADER = 10_000  # bytes in which the first line must end


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """Rows of all communes, in the columns of the card; the file serves no one alone.

    Raises FetchError when the catalogue shows no CSV, when the archive is harmful, cut short or
    hollow, and when a column is missing.
    """
    if territory is not None:
        raise NotCovered("Fichier national : il se lit pour toutes les communes à la fois.")
    source = card_source(dataset, CONNECTOR)
    made, before = reading(source), get.requests
    path = _path(get, made.dataset)
    url = get.address(ENDPOINT, path)
    archive = get.file(ENDPOINT, path, ("zip",))
    found = _rows(dataset, made, archive, url)
    communes = found.frame["territory"].nunique()
    check_enough(communes, int(source.params["min_communes"]), url)
    return Got(found.frame, url, found.vintage, get.requests - before, found.detail)


def _path(get: Get, name: str) -> str:
    """Where the catalogue says that the CSV of a dataset is; the origin stays ours."""
    answer, url = get.json(ENDPOINT, f"/melodi/catalog/{name}")
    if not isinstance(answer, dict) or answer.get("identifier") != name:
        raise FetchError(f"{url} : fiche du jeu {name} attendue")
    products = answer.get("product")
    if not isinstance(products, list):
        raise FetchError(f"{url} : fiche sans la liste « product »")
    shape = re.compile(rf"/melodi/file/{re.escape(name)}/[A-Za-z0-9_-]{{1,120}}")
    found = [
        path
        for one in products
        if isinstance(one, dict) and str(one.get("format")).upper() == "CSV"
        if shape.fullmatch(path := urlsplit(str(one.get("accessURL"))).path)
    ]
    if not found:
        raise FetchError(f"{url} : aucun fichier CSV parmi les {len(products)} produits")
    return max(found)  # the newest vintage, where several are kept


def _rows(dataset: Dataset, made: Reading, archive: Path, url: str) -> Rows:
    with opened(archive, url, MAX_BYTES) as given, given.open(_member(given, url)) as lines:
        tables = [kept(table, made, url) for table in _tables(lines, url)]
    return rows(dataset, made, pa.concat_tables(tables), url)


def _member(given: zipfile.ZipFile, url: str) -> zipfile.ZipInfo:
    """The table of the archive (`..._data.csv`)."""
    infos = given.infolist()
    found = [info for info in infos if info.filename.lower().endswith("_data.csv")]
    if len(found) != 1:
        names = ", ".join(info.filename for info in infos[:5])[:160]
        raise FetchError(f"{url} : un fichier *_data.csv attendu (reçu : {names})")
    return found[0]


def _tables(lines: IO[bytes], url: str) -> Iterator[pa.Table]:
    """Tables of text, block after block; raises FetchError on lines that are not of the header."""
    try:
        with arrow_csv.open_csv(
            lines,
            arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, encoding="utf8"),
            arrow_csv.ParseOptions(delimiter=";"),
            arrow_csv.ConvertOptions(column_types=_texts(lines, url), strings_can_be_null=False),
        ) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])
    except pa.ArrowException as error:
        raise FetchError(f"{url} : lignes de CSV illisibles") from error


def _texts(lines: Any, url: str) -> dict[str, pa.DataType]:
    """Every column of the header as text: codes keep their zeros. Comes back to the start."""
    header = lines.readline(HEADER)
    lines.seek(0)
    if not header.endswith(b"\n"):
        raise FetchError(f"{url} : première ligne illisible")
    names = header.decode("utf-8-sig", "replace").strip().split(";")
    return {name.strip('" '): pa.string() for name in names}
