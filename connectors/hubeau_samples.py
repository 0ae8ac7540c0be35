"""Samples of drinking water of communes (Hub'Eau): one row a sample, whatever was measured in it.

The source gives one row a result; what it says of conformity is said of the whole sample. Two
results are asked, nitrates and one that nearly every sample has, so that a sample without nitrates
is seen too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors import paged_json
from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading import json_columns
from data.catalog import Dataset
from data.territories import Territory

NITRATES, EVERY_SAMPLE = "1340", "1449"  # Sandre codes: nitrates, Escherichia coli
UNIT = "mg/l"
NEEDED = ("code_prelevement", "code_parametre", "code_commune")


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """Samples of one commune, or of the communes of an EPCI."""
    return fetch_many(dataset, paged_json.communes_of(place), get)


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """Samples of the last years; nitrates in mg/l, empty when not measured or below a threshold."""
    source = card_source(dataset, "hubeau_samples")
    before, asked = get.requests, paged_json.question(source)
    codes = [place.code for place in communes]
    url = paged_json.first_address(asked, codes, get)
    results = paged_json.gathered(asked, codes, get)
    given = source.params
    samples = _samples(results, url)
    rows, notes = json_columns.table(dataset, samples, given["code"], given["columns"], url)
    return paged_json.answered(source, communes, rows, notes, url, get.requests - before)


def _samples(results: Sequence[Any], url: str) -> list[dict[str, Any]]:
    """One record a sample of a commune, with its nitrates under `nitrates`."""
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for result in results:
        _check(result, url)
        key = str(result["code_commune"]), str(result["code_prelevement"])
        sample = made.setdefault(key, {**result, "nitrates": None})
        if str(result["code_parametre"]) == NITRATES:
            sample["nitrates"] = result.get("resultat_alphanumerique")
    return list(made.values())


def _check(result: Any, url: str) -> None:
    missing = [key for key in NEEDED if not isinstance(result, dict) or not result.get(key)]
    if missing:
        raise FetchError(f"{url} : champ « {missing[0]} » absent d'un résultat")
    code = str(result["code_parametre"])
    if code not in (NITRATES, EVERY_SAMPLE):
        raise FetchError(f"{url} : paramètre {code[:20]} reçu sans être demandé : filtre ignoré")
    if code != NITRATES:
        return
    if "resultat_alphanumerique" not in result:
        raise FetchError(f"{url} : champ « resultat_alphanumerique » absent d'un résultat")
    unit = str(result.get("libelle_unite") or "").strip().lower()
    if unit != UNIT:
        raise FetchError(f"{url} : nitrates en « {unit[:20]} », attendus en {UNIT}")
