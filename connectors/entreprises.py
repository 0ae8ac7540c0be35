"""Companies active in a commune by sector, from the API Recherche d'entreprises (DINUM).

Only the totals are kept: no name, no SIREN. What the total counts is read in the program of that
API: active legal units of a sector (the sector and the state are those of the company) that have an
establishment in the commune, open or closed since. It is never a number of shops.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.reading.communes import refuse_districts
from connectors.reading.figures import whole_number
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT, PATH = "ENTREPRISES", "/search"
CAP = 10_000  # the source counts no further
ACTIVE = "A"


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row by section of the card: `entreprises`, empty where the source stops counting.

    Raises NotCovered but for a commune; FetchError when an answer names another commune or another
    section, and when no section has any company, which no town of France is.
    """
    if territory is None or territory.fictional or territory.level != "commune":
        raise NotCovered("La source se demande commune par commune.")
    refuse_districts(territory)
    sections: dict[str, str] = card_source(dataset, "entreprises").params["sections"]
    before, rows, capped = get.requests, [], []
    for section, label in sections.items():
        total = _total(section, territory.code, get)
        if total >= CAP:
            capped.append(section)
        count = None if total >= CAP else total
        rows.append(
            {
                "territory": territory.code,
                "section": section,
                "libelle": label,
                "entreprises": count,
            }
        )
    url = get.address(ENDPOINT, f"{PATH}?code_commune={territory.code}")
    if not any(row["entreprises"] != 0 for row in rows):
        raise FetchError(f"{url} : aucune entreprise dans aucun secteur, le code est-il connu ?")
    detail = (
        f"{CAP} entreprises ou plus, nombre non donné : {', '.join(capped)}" if capped else None
    )
    frame = pd.DataFrame(rows).astype({"entreprises": "Int64"})
    return Got(frame, url, None, get.requests - before, detail)


def _total(section: str, code: str, get: Get) -> int:
    """Companies of a section; the first one shows that the filters were applied."""
    params = {
        "code_commune": code,
        "section_activite_principale": section,
        "etat_administratif": ACTIVE,
        "minimal": "true",
        "include": "matching_etablissements",
        "limite_matching_etablissements": 1,
        "page": 1,
        "per_page": 1,
    }
    answer, url = get.json(ENDPOINT, PATH, params)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise FetchError(f"{url} : réponse sans la liste « results »")
    total = whole_number(answer.get("total_results"))
    if total is None:
        raise FetchError(f"{url} : « total_results » absent ou illisible")
    if bool(total) != bool(answer["results"]):
        raise FetchError(f"{url} : {total} entreprises annoncées, {len(answer['results'])} reçues")
    for company in answer["results"]:
        _check(company, section, code, url)
    return total


def _check(company: Any, section: str, code: str, url: str) -> None:
    if not isinstance(company, dict):
        raise FetchError(f"{url} : entreprise illisible")
    found = company.get("matching_etablissements")
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise FetchError(f"{url} : réponse sans établissement de la commune")
    others = {str(one.get("commune"))[:12] for one in found} - {code}
    if others:
        raise FetchError(f"{url} : établissement de {min(others)}, {code} demandé : filtre ignoré")
    given = company.get("section_activite_principale")
    if given != section or company.get("etat_administratif") != ACTIVE:
        raise FetchError(
            f"{url} : entreprise de section {str(given)[:5]} ou cessée, section {section} active "
            "demandée : filtre ignoré"
        )
