"""Exposure to the shrinking and swelling of clay at the point of a commune (Géorisques, /rga).

The answer names no commune and has no list: one bare object, or not a byte. No byte means « outside
the zones, or not mapped », which is not « no exposure ».
"""

from __future__ import annotations

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from data.catalog import Dataset
from data.territories import Territory

WORDS = {"1": "faible", "2": "moyenne", "3": "forte"}
SILENT = (
    "Géorisques ne répond rien en ce point : hors des zones argileuses ou non cartographié. "
    "Ce n'est pas une exposition nulle."
)


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """One row: the exposure at the commune's point, and that point (WGS84, degrees).

    Raises NotCovered where the source says nothing, FetchError on an answer it does not describe.
    """
    if place is None or place.fictional or place.level != "commune":
        raise NotCovered("La source se demande au point d'une commune.")
    if place.lon is None or place.lat is None:
        raise NotCovered("Le point de cette commune n'est pas connu.")
    source = card_source(dataset, "georisques_clay")
    before = get.requests
    params = {
        "latlon": f"{place.lon},{place.lat}"
    }  # longitude first: exchanged, it answers nothing
    answer, url = get.json(source.endpoint or "", source.params["path"], params, empty=True)
    if answer is None:
        raise NotCovered(SILENT)
    given = answer.get("codeExposition") if isinstance(answer, dict) else None
    code = str(given).strip()
    if code not in WORDS:
        raise FetchError(f"{url} : « codeExposition » vaut {code[:40]!r}, attendu 1, 2 ou 3")
    row = {
        "territory": place.code,
        "exposition_code": int(code),
        "exposition": WORDS[code],
        "longitude": place.lon,
        "latitude": place.lat,
    }
    return Got(pd.DataFrame([row]), url, None, get.requests - before)
