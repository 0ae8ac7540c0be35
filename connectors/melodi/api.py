"""INSEE Melodi for some communes: `/data/{dataset}?GEO=COM-46042&GEO=COM-...`, page by page.

Only the communes are asked, never a dimension: what the answer holds is filtered here, so that a
value renamed by the source is seen and not read as « nothing ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.fetching import FetchError, Get, Got, NotCovered, card_source
from connectors.melodi.rows import CODE, LEVEL, STATUS, VALUE, kept, reading, rows, table_of
from connectors.reading.communes import BY_DISTRICT
from connectors.reading.paging import Page, walk, whole
from connectors.tables.few_communes import codes_of
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT, CONNECTOR = "MELODI", "melodi"
GEO = re.compile(r"(?:(\d{4})-)?([A-Z]{2,6}\d{0,4})-(\w{1,9})")
COMMUNE = re.compile(r"\w{5}")
MAX_RESULT = 100_000  # observations in one page, the most that the source gives
MAX_PAGES = 20
NOTHING = "l'Insee ne donne aucune observation de ce jeu pour cette commune"


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """Rows of each commune, in the columns of the card; those without any are said not covered.

    Raises FetchError on an answer of another dataset, of other communes, or cut short.
    """
    asked = [place.code for place in communes if COMMUNE.fullmatch(place.code)]
    if not asked:
        raise NotCovered("La source se demande par communes.")
    source = card_source(dataset, CONNECTOR)
    made, before = reading(source), get.requests
    # A dataset may be older than a merger; a code that it does not know has no observation.
    former = codes_of([place for place in communes if place.code not in BY_DISTRICT])
    named = list(dict.fromkeys(code for code in (*asked, *former) if COMMUNE.fullmatch(code)))
    path = f"/melodi/data/{made.dataset}"
    url = get.address(ENDPOINT, path)
    records = [
        record
        for start in range(0, len(named), source.group)
        for record in _observations(get, path, named[start : start + source.group], url)
    ]
    if not records:
        raise NotCovered(f"{NOTHING[0].upper()}{NOTHING[1:]}.")
    found = rows(dataset, made, kept(table_of(records), made, url), url)
    if found.frame.empty:
        raise FetchError(f"{url} : aucune des {len(records)} observations n'a la forme attendue")
    served = set(found.frame["territory"])
    uncovered = {code: NOTHING for code in asked if code not in served}
    spent = get.requests - before
    return Got(found.frame, url, found.vintage, spent, found.detail, uncovered)


def _observations(get: Get, path: str, asked: Sequence[str], url: str) -> list[dict[str, Any]]:
    """The observations of some communes as flat records; raises FetchError on any other place."""
    params = {
        "GEO": [f"COM-{code}" for code in asked],
        "maxResult": MAX_RESULT,
        "totalCount": "TRUE",
        "idTerritoire": "TRUE",
    }
    found = whole(walk(get, ENDPOINT, path, params, _page, MAX_PAGES, announced=True), url)
    return [_flat(one, asked, url) for one in found]


def _page(answer: Any, url: str, asked: Mapping[str, Any]) -> Page:
    """`{identifier, observations: [...], paging: {count?, next?}}`."""
    name = urlsplit(url).path.rpartition("/")[2]
    if not isinstance(answer, dict) or not isinstance(answer.get("observations"), list):
        raise FetchError(f"{url} : réponse sans la liste « observations »")
    if answer.get("identifier") != name:
        given = str(answer.get("identifier"))[:40]
        raise FetchError(f"{url} : réponse du jeu {given}, {name} demandé")
    paging = answer.get("paging")
    paging = paging if isinstance(paging, dict) else {}
    count, following = paging.get("count"), paging.get("next")
    total = count if isinstance(count, int) and not isinstance(count, bool) else None
    return Page(answer["observations"], total, _next(following, url) if following else None)


def _next(following: Any, url: str) -> Mapping[str, Any]:
    """The number of the next page, read in its address; the address itself is never followed."""
    given = parse_qs(urlsplit(str(following)).query).get("page", [""])[0]
    if not re.fullmatch(r"\d{1,6}", given):
        raise FetchError(f"{url} : adresse de page suivante illisible")
    return {"page": int(given)}


def _flat(one: Any, asked: Sequence[str], url: str) -> dict[str, Any]:
    """One observation: its dimensions, its status, its value as text (None when it has none)."""
    if not isinstance(one, dict) or not isinstance(one.get("dimensions"), dict):
        raise FetchError(f"{url} : observation sans « dimensions »")
    dimensions = dict(one["dimensions"])
    place = GEO.fullmatch(str(dimensions.get(CODE) or ""))
    if place is None or place[2] != "COM" or place[3] not in asked:
        given = str(dimensions.get(CODE))[:30]
        raise FetchError(f"{url} : réponse pour {given}, non demandé : filtre ignoré par la source")
    attributes = one.get("attributes")
    status = attributes.get(STATUS) if isinstance(attributes, dict) else None
    power = attributes.get("UNIT_MULT") if isinstance(attributes, dict) else None
    told = {CODE: place[3], LEVEL: "COM", VALUE: _value(one, url), STATUS: status}
    return {**dimensions, **told, **({"UNIT_MULT": power} if power is not None else {})}


def _value(one: Mapping[str, Any], url: str) -> str | None:
    """The only measure, whatever its name (OBS_VALUE_NIVEAU, OBS_VALUE_INDICE_DE_PRIX...)."""
    measures = one.get("measures")
    if not isinstance(measures, dict):
        raise FetchError(f"{url} : observation sans « measures »")
    named = [name for name in measures if str(name).startswith(VALUE)]
    if len(named) != 1 or len(measures) != 1 or not isinstance(measures[named[0]], dict):
        shown = ", ".join(map(str, measures))[:80]
        raise FetchError(f"{url} : une mesure {VALUE}_* attendue ({shown or 'aucune'} reçue)")
    cell = measures[named[0]]
    if not cell:
        return None  # a secret cell may come without its value
    if "value" not in cell:
        raise FetchError(f"{url} : mesure {named[0]} sans « value »")
    given = cell["value"]
    return None if given is None else str(given)
