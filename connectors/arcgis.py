"""Shares of local climate zones (LCZ) by commune, from an ArcGIS feature service of the Cerema.

The service documents no column name: the code and the shares are found by pattern. An error comes
with status 200; a list goes on while `exceededTransferLimit` is true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.reading.figures import VALUE, figure
from connectors.reading.paging import Page, walk, whole
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT, CONNECTOR = "LCZ", "arcgis"
SHARE = re.compile(r"(?:part_|pct_|p_)?lcz_?(10|[1-9]|[a-g])(?:_(?:part|pct|p|pourcent))?")
CODE = re.compile(r"\w{5}")
MAX_PAGES = 20
MAX_ODD = 0.2  # share of communes whose shares do not make 100 before the unit is doubted
TOLERANCE = 3.0  # points around 100: rounding, and what no class describes
OUTSIDE = "la source ne couvre que les grandes aires urbaines"
CLASSES = {  # words of the Cerema's legend; class 10 is not met in France
    "1": "Ensemble compact de tours",
    "2": "Ensemble compact d'immeubles",
    "3": "Ensemble compact de maisons",
    "4": "Ensemble de tours espacées",
    "5": "Ensemble d'immeubles espacés",
    "6": "Ensemble de maisons espacées",
    "7": "Ensemble dense de constructions légères",
    "8": "Bâtiments de grande emprise",
    "9": "Implantation diffuse de maisons",
    "10": "Industrie lourde",
    "A": "Espace densément arboré",
    "B": "Espace arboré clairsemé",
    "C": "Espace végétalisé hétérogène",
    "D": "Végétation basse",
    "E": "Sol imperméable naturel ou artificiel",
    "F": "Sol nu perméable",
    "G": "Surface en eau",
}


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """One row for each class present in each commune, with its share in %.

    A commune that the answer leaves out, or whose shares are all empty, is said not covered.
    Raises FetchError on shares that do not make 100, and on a list cut short.
    """
    asked = [place.code for place in communes if CODE.fullmatch(place.code)]
    if not asked:
        raise NotCovered("La source se demande par communes.")
    source = card_source(dataset, CONNECTOR)
    params = source.params
    before = get.requests
    path, names = params["service"], params["code"].split("|")
    column, url = _code_column(get, path, names)
    records: dict[str, Mapping[str, Any]] = {}
    step = source.group if source else len(asked)
    for start in range(0, len(asked), step):
        found, url = _records(get, path, column, asked[start : start + step])
        records |= found
    rows, uncovered = _told(records, asked, url)
    columns = ["territory", *(made.name for made in dataset.columns)]
    if not rows:
        raise NotCovered(f"{OUTSIDE[0].upper()}{OUTSIDE[1:]}.")
    frame = pd.DataFrame(rows, columns=columns).astype({"surface_ha": float, "part_pct": float})
    return Got(frame, url, None, get.requests - before, None, uncovered)


def _told(
    records: Mapping[str, Mapping[str, Any]], asked: Sequence[str], url: str
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The rows of every commune, and why for those without any; raises FetchError."""
    rows: list[dict[str, Any]] = []
    why = dict.fromkeys(asked, OUTSIDE)
    odd: dict[str, float] = {}
    for code, record in records.items():
        shares = _shares(record, url)
        total = sum(shares.values())
        factor = 100 if abs(total - 1) <= TOLERANCE / 100 else 1  # fractions, where 1 is the whole
        if total and abs(total * factor - 100) > TOLERANCE:
            odd[code] = total
            why[code] = f"parts incomplètes dans la source ({total:g} au lieu de 100)"
        elif total:
            rows += _rows(code, shares, factor)
            del why[code]
    if len(odd) > MAX_ODD * len(records):
        code, total = next(iter(odd.items()))
        raise FetchError(f"{url} : {code}, les parts font {total:g}, environ 100 attendu")
    return rows, why


def _records(
    get: Get, path: str, column: str, asked: Sequence[str]
) -> tuple[dict[str, Mapping[str, Any]], str]:
    """The attributes of each commune asked, by code; raises FetchError on any other code."""
    codes = ",".join(f"'{code}'" for code in sorted(asked))
    params = {
        "where": f"{column} in ({codes})",
        "outFields": "*",
        "returnGeometry": "false",
        "orderByFields": column,
        "f": "json",
    }
    url = get.address(ENDPOINT, path)
    found: dict[str, Mapping[str, Any]] = {}
    for record in whole(walk(get, ENDPOINT, path, params, _page, MAX_PAGES, announced=True), url):
        given = str(record.get(column) or "").strip()
        if given not in asked:
            raise FetchError(f"{url} : réponse pour {given[:12] or 'aucun code'}, non demandé")
        if given in found:
            raise FetchError(f"{url} : la commune {given} figure deux fois")
        found[given] = record
    return found, url


def _code_column(get: Get, path: str, names: Sequence[str]) -> tuple[str, str]:
    """How the service names the commune's code, read in one of its records."""
    params = {
        "where": "1=1",
        "outFields": "*",
        "returnGeometry": "false",
        "resultRecordCount": 1,
        "f": "json",
    }
    answer, url = get.json(ENDPOINT, path, params)
    page = _page(answer, url, params)
    given = list(page.rows[0]) if page.rows else []
    column = next((key for key in given if key.lower() in names), None)
    if column is None or not re.fullmatch(r"\w{1,60}", column):
        raise FetchError(f"{url} : colonne du code de commune absente ({_few(given)})")
    if not any(SHARE.fullmatch(key.lower()) for key in given):
        raise FetchError(f"{url} : colonnes de parts absentes ({_few(given)})")
    return column, url


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    """`{features: [{attributes: {...}}], exceededTransferLimit}`; an `error` is an error."""
    if isinstance(answer, dict) and "error" in answer:
        error = answer["error"] if isinstance(answer["error"], dict) else {}
        said = " ".join(str(error.get("message") or "sans message").split())[:120]
        raise FetchError(f"{url} : le service répond une erreur « {said} »")
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise FetchError(f"{url} : réponse sans la liste « features »")
    rows = [one.get("attributes") if isinstance(one, dict) else None for one in features]
    if not all(isinstance(row, dict) for row in rows):
        raise FetchError(f"{url} : élément sans « attributes »")
    more = answer.get("exceededTransferLimit") is True and "resultRecordCount" not in asked
    following = {"resultOffset": int(asked.get("resultOffset", 0)) + len(rows)} if more else None
    return Page(rows, None, following)


def _rows(code: str, shares: Mapping[str, float], factor: int) -> list[dict[str, Any]]:
    """A row for each class whose share is above zero."""
    return [
        {"territory": code, "lcz": lcz, "libelle": CLASSES[lcz], "part_pct": share * factor}
        for lcz, share in shares.items()
        if share > 0
    ]


def _shares(record: Mapping[str, Any], url: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, given in record.items():
        named = SHARE.fullmatch(str(key).lower())
        read = figure(given) if named else None
        if named is None or read is None or read.kind in ("blank", "secret"):
            continue
        lcz = named[1].upper()
        if lcz in found or read.kind != VALUE or not 0 <= (read.value or 0.0) <= 100.5:
            raise FetchError(f"{url} : part illisible ou répétée (colonne {str(key)[:40]})")
        found[lcz] = read.value or 0.0
    return found


def _few(names: Sequence[str]) -> str:
    return f"reçu : {', '.join(map(str, names))[:160] or 'aucune'}"
