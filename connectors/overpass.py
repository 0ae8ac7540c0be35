"""What OpenStreetMap knows of a commune: how many trees, benches, shops (Overpass API).

A stand-in for an inventory that the town has not opened, never the inventory itself: what nobody
drew is not counted, and zero says that OpenStreetMap knows none. One request counts everything. Its
answer begins with the commune's area and that area's code, without which every count would be a
zero that means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from connectors.fetching import FetchError, Get, Got, NotCovered
from data.catalog import Dataset
from data.territories import Territory

ENDPOINT, PATH = "OVERPASS", "/api/interpreter"
SECONDS = 25  # given to the server: less than this product waits, so that it says why it gave up
CODE = "ref:INSEE"
# « admin_level » 8 is the commune; a former commune, at 9, may bear a code too.
AREA = 'area["boundary"="administrative"]["admin_level"="8"]["ref:INSEE"="{}"]->.town;'
# Each kind counted, in Overpass QL; objects of several lines are counted once.
KINDS: dict[str, tuple[str, ...]] = {
    "arbres": ('node["natural"="tree"]',),
    "fontaines à boire": ('nwr["amenity"="drinking_water"]',),
    "bancs": ('nwr["amenity"="bench"]',),
    "points lumineux": ('node["highway"="street_lamp"]',),
    "commerces": ('nwr["shop"]["shop"!~"^(vacant|no)$"]',),
    "commerces vacants": ('nwr["shop"="vacant"]', 'nwr["disused:shop"][!"shop"]'),
}


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row by kind: `count` objects known at `counted_at`, the day of the base.

    Raises NotCovered but for a commune; FetchError when the server gave up (« remark »), when the
    commune's area is missing, double or another one, and when a count is missing.
    """
    if territory is None or territory.fictional or territory.level != "commune":
        raise NotCovered("La source se demande commune par commune.")
    before = get.requests
    answer, url = get.json(ENDPOINT, PATH, form={"data": question(territory.code)})
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise FetchError(f"{url} : réponse sans la liste « elements »")
    if answer.get("remark"):
        said = " ".join(str(answer["remark"]).split())[:120]
        raise FetchError(f"{url} : demande interrompue par le serveur « {said} »")
    day = _day(answer.get("osm3s"), url)
    elements = answer["elements"]
    _check_area(elements, territory.code, url)
    counts = [_count(one, url) for one in elements if _kind(one) == "count"]
    if len(counts) != len(KINDS) or len(elements) != len(KINDS) + 1:
        raise FetchError(f"{url} : {len(counts)} décomptes reçus, {len(KINDS)} demandés")
    rows = pd.DataFrame({"kind": list(KINDS), "count": counts})
    rows = rows.assign(territory=territory.code, counted_at=day)
    return Got(rows, url, f"base du {day.isoformat()}", get.requests - before)


def question(code: str) -> str:
    """The request for a commune, in Overpass QL."""
    counted = (
        "(" + "".join(f"{rule}(area.town);" for rule in rules) + ");out count;"
        for rules in KINDS.values()
    )
    return f"[out:json][timeout:{SECONDS}];{AREA.format(code)}.town out tags;" + "".join(counted)


def _kind(element: Any) -> str:
    return str(element.get("type")) if isinstance(element, dict) else ""


def _tags(element: dict[str, Any], url: str) -> dict[str, Any]:
    tags = element.get("tags")
    if not isinstance(tags, dict):
        raise FetchError(f"{url} : élément sans « tags »")
    return tags


def _check_area(elements: Sequence[Any], code: str, url: str) -> None:
    areas = [one for one in elements if _kind(one) != "count"]
    if not areas:
        raise FetchError(f"{url} : limite de la commune {code} absente de la base interrogée")
    codes = [str(_tags(one, url).get(CODE))[:12] if _kind(one) else "?" for one in areas]
    if codes != [code]:
        raise FetchError(f"{url} : limite de {', '.join(codes[:3])}, {code} seule demandée")


def _count(element: dict[str, Any], url: str) -> int:
    """The total as written, « 150 »; a missing one is never zero."""
    given = str(_tags(element, url).get("total"))
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise FetchError(f"{url} : décompte illisible « {given[:20]} »")
    return int(given)


def _day(given: Any, url: str) -> date:
    """The day of the base that was counted."""
    stamp = given.get("timestamp_osm_base") if isinstance(given, dict) else None
    try:
        return datetime.fromisoformat(str(stamp)).date()
    except ValueError as error:
        raise FetchError(f"{url} : date de la base absente ou illisible") from error
