"""Polluted, or perhaps polluted, sites of communes: one answer of Géorisques, several inventories.

Each inventory is paged apart within the answer, under one of two names. SIS and SUP are what the
State concluded; CASIAS is the history of trades, which proves no pollution. No name of a firm or
of a person is kept: in these inventories they are often the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors import paged_json
from connectors.fetching import FetchError, Get, Got, card_source
from connectors.network.addresses import with_params
from connectors.reading import json_columns
from connectors.reading.dialects import SHAPES, at, dialect
from connectors.reading.paging import MAX_PAGES
from data.catalog import Dataset, Source
from data.territories import Territory

# inventory: the names of its part of the answer, the field of its state, whether it must be there
INVENTORIES: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "SIS": (("conclusions_sis", "sis"), "statut_classification", True),
    "SUP": (("conclusions_sup", "sup"), "statut_classification", True),
    "Instruction": (("instructions", "basol"), "statut", False),
    "CASIAS": (("casias",), "statut", True),
}
ENVELOPE = SHAPES["georisques"]
MAX_POINTS = 50_000  # of one outline


@dataclass
class _Inventory:
    """What came of one inventory so far."""

    name: str
    rows: list[Any] = field(default_factory=list)
    total: int = 0
    more: bool = True


def fetch(dataset: Dataset, place: Territory | None, get: Get) -> Got:
    """Sites of one commune, or of the communes of an EPCI."""
    return fetch_many(dataset, paged_json.communes_of(place), get)


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """One row a site and inventory; raises FetchError when an inventory is missing or cut."""
    source = card_source(dataset, "georisques_soils")
    before = get.requests
    codes, most = [place.code for place in communes], source.params["most"]
    base = get.address(source.endpoint or "", source.params["path"])
    url = with_params(base, _params(source, codes[:most], 1))
    groups = [codes[start : start + most] for start in range(0, len(codes), most)]
    sites = [site for group in groups for site in _sites(source, group, url, get)]
    given = source.params
    rows, notes = json_columns.table(dataset, sites, given["code"], given["columns"], url)
    rows, repeated = paged_json.once(rows, ["id_site", "inventaire"])
    return paged_json.answered(
        source, communes, rows, [*notes, *repeated], url, get.requests - before
    )


def _sites(source: Source, codes: Sequence[str], url: str, get: Get) -> Iterator[dict[str, Any]]:
    """The sites of some communes, with their inventory, state and a point."""
    found = {name: _Inventory(name) for name in INVENTORIES}
    for number in range(1, MAX_PAGES + 1):
        params = _params(source, codes, number)
        answer, asked = get.json(source.endpoint or "", source.params["path"], params)
        for inventory in found.values():
            _add(inventory, answer, asked, params)
            given = (at(row, "code_insee") for row in inventory.rows)
            paged_json.check_asked(given, codes, asked)
        if not any(inventory.more for inventory in found.values()):
            break
    for inventory in found.values():
        _check_whole(inventory, url)
        yield from (_site(inventory.name, row, url) for row in inventory.rows)


def _params(source: Source, codes: Sequence[str], number: int) -> dict[str, Any]:
    size = source.params["page_size"]
    return {"code_insee": ",".join(codes), ENVELOPE.page: number, ENVELOPE.size: size}


def _add(inventory: _Inventory, answer: Any, url: str, params: Mapping[str, Any]) -> None:
    """The rows of one page, while this inventory has pages left."""
    names, _, needed = INVENTORIES[inventory.name]
    given = answer if isinstance(answer, dict) else {}
    name = next((name for name in names if isinstance(given.get(name), dict)), None)
    if not inventory.more or (name is None and not needed):
        inventory.more = False
        return
    if name is None:
        raise FetchError(f"{url} : inventaire « {' ou '.join(names)} » absent de la réponse")
    page = dialect(ENVELOPE, name)(answer, url, params)
    if page.rows and page.rows == inventory.rows[-len(page.rows) :]:
        raise FetchError(f"{url} : « {name} » répète une page déjà lue")
    inventory.rows += page.rows
    inventory.total = page.total or 0
    inventory.more = bool(page.rows) and page.following is not None


def _check_whole(inventory: _Inventory, url: str) -> None:
    if inventory.more or len(inventory.rows) < inventory.total:
        raise FetchError(
            f"{url} : inventaire {inventory.name} incomplet, {len(inventory.rows)} lignes reçues, "
            f"{inventory.total} annoncées"
        )


def _site(name: str, row: Any, url: str) -> dict[str, Any]:
    if not isinstance(row, dict) or "code_insee" not in row or "identifiant_ssp" not in row:
        raise FetchError(f"{url} : inventaire {name}, site sans code_insee ou identifiant_ssp")
    state = INVENTORIES[name][1]
    if state not in row:
        raise FetchError(f"{url} : inventaire {name}, champ « {state} » absent")
    lon, lat = _middle(row.get("geom"))
    return {
        "code_insee": row["code_insee"],
        "identifiant_ssp": row["identifiant_ssp"],
        "activite": row.get("activite_principale"),
        "inventaire": name,
        "statut": row[state],
        "longitude": lon,
        "latitude": lat,
    }


def _middle(shape: Any) -> tuple[float | None, float | None]:
    """Middle of the box of a GeoJSON shape; nothing where it has no readable point."""
    points = list(_points(shape.get("coordinates") if isinstance(shape, dict) else None, 0))
    if not points or len(points) > MAX_POINTS:
        return None, None
    lons, lats = zip(*points, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _points(given: Any, depth: int) -> Iterator[tuple[float, float]]:
    if not isinstance(given, list) or depth > 4:
        return
    if len(given) in (2, 3) and all(type(made) in (int, float) for made in given):
        yield float(given[0]), float(given[1])
        return
    for one in given:
        yield from _points(one, depth + 1)
