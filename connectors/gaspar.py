"""The national GASPAR file: disaster recognitions, prevention plans, risks, information booklets.

One archive on files.georisques.fr serves four datasets, for all communes at once. Column names
changed between exports and never all appear in one: each field lists every name it has had.
"""

from __future__ import annotations

import csv
import io
import operator
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading.communes import MAX_UNKNOWN, check_enough, current
from connectors.tables.zips import BROKEN, opened
from data.catalog import Dataset
from data.territories import Territory, members

ENDPOINT, PATH = "GASPAR", "/GASPAR/gaspar.zip"
MAX_BYTES = 1_500_000_000  # uncompressed, whole archive
MAX_BROKEN = 0.01  # share of lines that do not have the columns of their header

NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "catnat_orders": {
        "code": ("code_commune", "cod_commune"),
        "id_gaspar": ("id_gaspar", "cod_nat_catnat"),
        "num_risque": ("num_risque_jo",),
        "lib_risque": ("lib_risque_jo", "libelle_risque_jo"),
        "date_debut": ("date_debut", "dat_deb"),
        "date_fin": ("date_fin", "dat_fin"),
        "date_arrete": ("date_signature_arrete", "date_publication_arrete", "dat_pub_arrete"),
        "date_jo": ("date_publication_jo", "dat_pub_jo"),
    },
    "prevention_plans": {
        "code": ("code_insee_commune", "code_commune", "cod_commune"),
        # « PROECEDURE » is how the 2026 export spells it.
        "id_gaspar": (
            "code_procedure",
            "code_proecedure",
            "id_gaspar",
            "cod_nat_pprn",
            "cod_nat_pprm",
            "cod_nat_pprt",
            "cod_ppr",
        ),
        "procedure": ("libelle_procedure", "lib_pprn", "lib_pprm", "lib_pprt", "lib_ppr"),
        "model": ("code_modele", "libelle_modele", "typ_ppr"),
        "state": ("libelle_sous_etat", "libelle_etat", "etat"),
        "risk": ("libelle_risque_2", "libelle_risque_3", "libelle_risque_1", "lib_risque"),
        "prescribed": ("prescription", "dat_prescription"),
        "approved": ("approbation", "dat_approbation"),
    },
    "risk_records": {
        "code": ("cod_commune", "code_commune"),
        "num_risque": ("num_risque",),
        "lib_risque": ("lib_risque", "libelle_risque"),
    },
    "dicrim_records": {
        "code": ("cod_commune", "code_commune"),
        "id_gaspar": ("cod_nat_dicrim", "id_gaspar"),
        "date_publication": ("dat_publi_dicrim", "date_publication_dicrim"),
    },
}
MEMBERS = {
    "catnat_orders": ("catnat_gaspar",),
    "prevention_plans": ("pprn_gaspar", "pprm_gaspar", "pprt_gaspar"),
    "risk_records": ("ddrm_risq_gaspar",),
    "dicrim_records": ("dicrim_gaspar",),
}
# Fields read from the first of their columns that is filled on the line, not only present.
FILLED = {"state", "risk", "model"}
DATES = {
    "date_debut",
    "date_fin",
    "date_arrete",
    "date_jo",
    "prescribed",
    "approved",
    "date_publication",
}
# One recognition, one plan for one risk, one risk: the source repeats lines.
KEYS = {
    "catnat_orders": ["territory", "id_gaspar", "num_risque", "date_debut"],
    "prevention_plans": ["territory", "id_gaspar", "risk"],
    "risk_records": ["territory", "num_risque"],
    "dicrim_records": ["territory", "id_gaspar", "date_publication"],
}
# Fewer communes than this is a broken export (33 000, 13 000 and 31 000 are usual).
MIN_COMMUNES = {
    "catnat_orders": 20_000,
    "prevention_plans": 5_000,
    "risk_records": 20_000,
    "dicrim_records": 3_000,
}


@dataclass
class _Count:
    """What was read and what was left aside."""

    lines: int = 0
    broken: int = 0
    dates: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """Rows of one dataset for every commune (territory None) or for those of a territory.

    Raises FetchError naming the member or column that is missing, and on an implausible content.
    """
    url, before = get.address(ENDPOINT, PATH), get.requests
    path = get.file(ENDPOINT, PATH, ("zip",))
    count = _Count()
    with opened(path, url, MAX_BYTES) as archive:
        found = [_member(archive, stem, url) for stem in MEMBERS[dataset.id]]
        tables = [_table(archive, info, dataset.id, count, url) for info in found]
        vintage = max(filter(None, (_vintage(info) for info in found)), default=None)
    frame = _frame(dataset, pd.concat(tables, ignore_index=True))
    _check_plausible(dataset, frame, count, url)
    if territory is not None:
        frame = frame[frame["territory"].isin(members(territory))].reset_index(drop=True)
    return Got(frame, url, vintage, get.requests - before, _detail(frame, count))


def _member(archive: zipfile.ZipFile, stem: str, url: str) -> zipfile.ZipInfo:
    """The newest member of a family: its name may end with the date of the export."""
    shape = re.compile(rf"{stem}[^/]*\.csv", re.IGNORECASE)
    found = [info for info in archive.infolist() if shape.fullmatch(Path(info.filename).name)]
    if not found:
        names = ", ".join(sorted(info.filename for info in archive.infolist()))[:200]
        raise FetchError(f"{url} : fichier {stem}*.csv absent de l'archive (reçu : {names})")
    return max(found, key=lambda info: (_vintage(info) or "", info.filename))


def _vintage(info: zipfile.ZipInfo) -> str | None:
    """Date of the export: in the member's name, else the date kept by the archive."""
    named = re.search(r"(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)", info.filename)
    if named:
        return "-".join(named.groups())
    year, month, day = info.date_time[:3]
    return f"{year:04d}-{month:02d}-{day:02d}" if year > 1980 else None


def _table(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, dataset: str, count: _Count, url: str
) -> pd.DataFrame:
    """Lines of one member whose commune is known: `territory`, then the fields of the dataset."""
    place = f"{url} : {info.filename}"
    try:
        lines = csv.reader(io.StringIO(_text(archive, info), newline=""), delimiter=";")
        wanted = _columns(next(lines, []), dataset, place)
        read = _lines(lines, sorted({at for columns in wanted.values() for at in columns}), count)
    except BROKEN as error:
        raise FetchError(f"{place} : fichier corrompu dans l'archive") from error
    except csv.Error as error:
        raise FetchError(f"{place} : lignes illisibles") from error
    return _known(_fields(read, wanted, count), count)


def _lines(lines: Iterator[list[str]], columns: list[int], count: _Count) -> pd.DataFrame:
    """The wanted columns of every line; those too short to have them are counted."""
    pick = operator.itemgetter(*columns)
    rows, broken = [], 0
    for line in lines:
        if len(line) > columns[-1]:
            rows.append(pick(line))
        elif line:
            broken += 1
    count.lines += len(rows) + broken
    count.broken += broken
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _fields(lines: pd.DataFrame, wanted: dict[str, list[int]], count: _Count) -> pd.DataFrame:
    found = pd.DataFrame(index=lines.index)
    for name, columns in wanted.items():
        values = _each(lines[columns[0]], _mended)
        for other in columns[1:] if name in FILLED else []:
            values = values.where(values.notna(), _each(lines[other], _mended))
        if name in DATES:
            days = _each(values, _day)
            count.dates += int((days.isna() & values.notna()).sum())
            values = days
        found[name] = values
    return found


def _known(found: pd.DataFrame, count: _Count) -> pd.DataFrame:
    """Lines of current communes; the codes of the others are counted."""
    given = found.pop("code").fillna("(vide)")
    codes = _each(given, current)
    count.unknown.update(given[codes.isna()])
    found.insert(0, "territory", codes)
    return found[codes.notna()]


def _each(values: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Apply a function to each distinct value: a national file repeats few of them."""
    made = {given: change(given) if isinstance(given, str) else None for given in values.unique()}
    return values.map(made).astype(object)


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    body = archive.read(info)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")  # older exports


def _columns(header: list[str], dataset: str, place: str) -> dict[str, list[int]]:
    """Positions of each field, best name first; raises FetchError naming a missing column."""
    given = [_folded(name) for name in header]
    found = {
        name: [given.index(known) for known in names if known in given]
        for name, names in NAMES[dataset].items()
    }
    missing = [name for name, columns in found.items() if not columns]
    if missing:
        expected = " ou ".join(NAMES[dataset][missing[0]])
        raise FetchError(f"{place} : colonne {expected} absente (reçu : {', '.join(header)[:200]})")
    return found


def _mended(text: str) -> str | None:
    """Trimmed, None when empty; undoes UTF-8 read as cp1252 (« DÃ©bordement »)."""
    text = text.strip()
    if "Ã" not in text and "â€" not in text:
        return text or None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _day(text: str) -> str | None:
    """ISO day of a date written 2021-06-01, 2021-06-01 12:00:00 or 01/06/2021; else None."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", text)
    year, month, day = found.groups() if found else (None, None, None)
    if not found and (french := re.match(r"(\d\d)[/-](\d\d)[/-](\d{4})(?!\d)", text)):
        day, month, year = french.groups()
    try:
        made = date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
    return made.isoformat() if 1900 <= made.year <= 2100 else None


def _frame(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.drop_duplicates(KEYS[dataset.id], ignore_index=True)
    for name in DATES & set(frame.columns):
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame


def _check_plausible(dataset: Dataset, frame: pd.DataFrame, count: _Count, url: str) -> None:
    """An export that lost most of its content must not pass for a quiet country."""
    floor = card_source(dataset, "gaspar").params.get("min_communes", MIN_COMMUNES[dataset.id])
    check_enough(frame["territory"].nunique(), floor, url)
    if count.unknown.total() > MAX_UNKNOWN * count.lines:
        raise FetchError(
            f"{url} : {count.unknown.total()} lignes sur {count.lines} sans commune connue "
            f"(par exemple {', '.join(list(count.unknown)[:3])})"
        )
    if count.broken > MAX_BROKEN * count.lines:
        raise FetchError(f"{url} : {count.broken} lignes sur {count.lines} sans leurs colonnes")


def _detail(frame: pd.DataFrame, count: _Count) -> str:
    said = [f"lignes lues : {count.lines}, gardées sans les répétitions : {len(frame)}"]
    if count.unknown:
        examples = ", ".join(list(count.unknown)[:3])
        said.append(
            f"laissées de côté, commune inconnue : {count.unknown.total()} "
            f"({len(count.unknown)} codes, dont {examples})"
        )
    if count.broken:
        said.append(f"laissées de côté, incomplètes : {count.broken}")
    if count.dates:
        said.append(f"dates illisibles, laissées vides : {count.dates}")
    return " ; ".join(said)


def _folded(name: str) -> str:
    """A header as it is compared: « LIBELLE SOUS-ETAT » is libelle_sous_etat."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "_".join(re.findall(r"[a-z0-9]+", plain))
