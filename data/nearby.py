"""Who may help near a territory: bodies found in public sources, each with its source and date.

The list is incomplete on purpose: no entry without a source. A fictional territory gets only
fictional bodies.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data import territories
from data.catalog import REFERENCE
from data.checking import CardError, load
from data.territories import Territory

FILE = "helpers_nearby"
PREFECTURE, NETWORK = "prefecture", "network"
NATIONAL = "national"


@dataclass(frozen=True)
class Body:
    """One body that may help, with where and when this was written."""

    id: str
    name: str
    kind: str  # digital_syndicate, technical_agency, data_facilitator, departement, prefecture...
    scope: str  # the nearest level it serves: epci, departement, region, national
    help: str
    source_title: str
    source_date: str | None  # ISO year, month or day; None: the page gives none
    source_url: str | None

    @property
    def listed(self) -> bool:
        """A local body of the list, not the prefecture nor a national network."""
        return self.kind not in (PREFECTURE, NETWORK)


def caveat() -> str:
    """The reserve to say beside the list."""
    return str(_reference()["caveat"])


def near(place: Territory) -> tuple[Body, ...]:
    """Those that serve a territory, the nearest first; its préfecture after the local bodies."""
    reference = _reference()
    found = [
        _body(made, reference["sources"][made["source"]], scope)
        for made in reference["bodies"]
        if bool(made.get("fictional")) == place.fictional
        for scope in [_scope(made, place)]
        if scope
    ]
    return tuple(sorted([*found, *_prefecture(place)], key=_distance))


def load_bodies(path: Path) -> dict[str, Any]:
    """Read and check the file; raises CardError naming what is wrong."""
    document = dict(load(path, FILE))
    for made in document["bodies"]:
        if made["source"] not in document["sources"]:
            raise CardError(
                f"{path.name} : {made['id']} : {made['source']!r} donné ; permis : une clé de "
                "sources"
            )
    return document


@cache
def _reference() -> dict[str, Any]:
    return load_bodies(REFERENCE / f"{FILE}.yml")


_SCOPES = ("epci", "departement", "region", NATIONAL)


def _scope(made: dict[str, Any], place: Territory) -> str | None:
    """The nearest level at which a body serves a territory."""
    codes = {
        "epci": place.code if place.level == "epci" else place.epci,
        "departement": place.departement,
        "region": place.region,
    }
    served = (level for level in codes if codes[level] in made.get(f"{level}s", ()))
    return next(served, NATIONAL if made.get("national") else None)


def _body(made: dict[str, Any], source: dict[str, Any], scope: str) -> Body:
    return Body(
        id=made["id"],
        name=made["name"],
        kind=made["kind"],
        scope=scope,
        help=made["help"],
        source_title=source["title"],
        source_date=source.get("date"),
        source_url=source.get("url"),
    )


def _prefecture(place: Territory) -> list[Body]:
    """The préfecture of a real département, known by its chief town."""
    known = _reference()["prefectures"]
    seat = known["seats"].get(place.departement or "")
    if seat is None or place.fictional:
        return []
    town = territories.territory(seat).name
    entry = {
        "id": f"prefecture_{place.departement}",
        "name": f"Préfecture du département (chef-lieu : {town})",
        "kind": PREFECTURE,
        "help": known["help"],
    }
    return [_body(entry, known["source"], "departement")]


def _distance(body: Body) -> tuple[int, bool]:
    return _SCOPES.index(body.scope), body.kind == PREFECTURE
