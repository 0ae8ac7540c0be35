"""Grants a commune may ask for, from Aides-territoires (ANCT): asked only with the user's own key.

The key (environment, ACV_AIDES_KEY) buys a token for a day; neither is written anywhere. Names and
addresses of contacts, which the source gives, are not kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered
from connectors.reading.paging import Page, walk, whole
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT = "AIDES"
KEY = "ACV_AIDES_KEY"
SITE = "https://aides-territoires.beta.gouv.fr"  # where the addresses of grants point
LOGIN, PERIMETERS, AIDS = "/api/connexion/", "/api/perimeters/", "/api/aids/"
READABLE = re.compile(r"[!-~]{8,500}")
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,4000}")
PERIMETER = re.compile(r"\d{1,9}(-[\w-]{0,80})?")
PAGE_SIZE = 100
MAX_PAGES = 60
MAX_TEXT = 300
COLUMNS = ("title", "url", "deadline", "financer")


@dataclass(frozen=True)
class _Keyed:
    """The network with the token of the day, as far as reading pages needs it."""

    get: Get
    token: str

    def json(self, endpoint: str, path: str, params: Mapping[str, Any]) -> tuple[Any, str]:
        key = {"Authorization": f"Bearer {self.token}"}
        return self.get.json(endpoint, path, params, key=key)


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row by grant open to the commune: title, address, deadline, who pays.

    Raises NotCovered without a key (nothing is sent) and but for a commune; FetchError when the
    commune is not among the perimeters given, or when the list is not whole.
    """
    if territory is None or territory.fictional or territory.level != "commune":
        raise NotCovered("La source se demande commune par commune.")
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise NotCovered(f"Clé absente : source facultative, lue avec la clé donnée par {KEY}.")
    if not READABLE.fullmatch(key):
        raise NotCovered(f"Clé illisible dans {KEY} : rien n'a été envoyé.")
    before = get.requests
    keyed = _Keyed(get, _token(key, get))
    asked = {"perimeter": _perimeter(territory, keyed), "organizationType": "commune"}
    pages = {**asked, "itemsPerPage": PAGE_SIZE, "page": 1}
    url = get.address(ENDPOINT, AIDS)
    found = whole(walk(cast(Get, keyed), ENDPOINT, AIDS, pages, _page, MAX_PAGES), url)
    rows = pd.DataFrame([_row(one, url) for one in found], columns=list(COLUMNS))
    rows = rows.drop_duplicates().assign(territory=territory.code)
    return Got(rows, url, None, get.requests - before)


def _token(key: str, get: Get) -> str:
    answer, url = get.json(ENDPOINT, LOGIN, body={}, key={"X-AUTH-TOKEN": key})
    token = answer.get("token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise FetchError(f"{url} : réponse sans jeton")
    return token


def _perimeter(place: Territory, keyed: _Keyed) -> str:
    """The identifier that the source gives to a commune, found by its code among its namesakes."""
    asked = {"q": place.name, "scale": "commune", "itemsPerPage": PAGE_SIZE}
    answer, url = keyed.json(ENDPOINT, PERIMETERS, asked)
    found = [one for one in _page(answer, url, {"page": 1}).rows if one.get("code") == place.code]
    identifiers = {str(one.get("id")) for one in found}
    if len(identifiers) != 1 or not PERIMETER.fullmatch(min(identifiers)):
        raise FetchError(f"{url} : {len(identifiers)} périmètre pour la commune {place.code}")
    return min(identifiers)


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    """One page `{count, next, results}`; the address of the next one is never followed as given."""
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise FetchError(f"{url} : réponse sans la liste « results »")
    total = answer.get("count")
    if not isinstance(total, int) or isinstance(total, bool):
        raise FetchError(f"{url} : « count » absent ou illisible")
    more = {"page": asked["page"] + 1} if answer.get("next") else None
    return Page(results, total, more)


def _row(given: Mapping[str, Any], url: str) -> tuple[str, str, date | None, str | None]:
    missing = [
        key for key in ("name", "url", "submission_deadline", "financers") if key not in given
    ]
    if missing or not isinstance(given["name"], str) or not isinstance(given["url"], str):
        raise FetchError(f"{url} : aide sans {', '.join(missing) or 'titre ou adresse lisible'}")
    address = urljoin(SITE, given["url"])
    if urlsplit(address).netloc != urlsplit(SITE).netloc:
        raise FetchError(f"{url} : aide dont l'adresse est hors du site")
    payers = given["financers"] if isinstance(given["financers"], list) else []
    names = " ; ".join(_short(name) for name in payers if isinstance(name, str) and name.strip())
    return (
        _short(given["name"]),
        address,
        _deadline(given["submission_deadline"], url),
        names or None,
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_TEXT]


def _deadline(given: Any, url: str) -> date | None:
    """None where the grant has no deadline."""
    if given in (None, ""):
        return None
    try:
        return date.fromisoformat(str(given)[:10])
    except ValueError as error:
        raise FetchError(f"{url} : date limite illisible « {str(given)[:20]} »") from error
