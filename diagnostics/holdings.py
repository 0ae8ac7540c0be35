"""Everything the store holds on a territory, gathered once: log, declarations, catalogue lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.catalog import Dataset, catalog
from data.records import Declaration
from data.store import Fetch, Store, quoted
from data.territories import NATIONAL, Territory, members

# Lists of published datasets: the national catalogue, then the portals of towns.
CATALOGUE_TABLES = ("published_datasets", "portal_datasets")


@dataclass(frozen=True)
class Known:
    """Everything the store holds on one territory, by dataset id."""

    fetches: dict[str, list[Fetch]]
    declarations: Mapping[str, Declaration]
    published: Mapping[str, list[dict[str, Any]]]
    named: Mapping[str, frozenset[str]]  # places that a partial national table speaks of


def known(store: Store, territory: Territory) -> Known:
    """Read the store for one territory."""
    return known_of(store, [territory])[territory.code]


def known_of(store: Store, territories: Sequence[Territory]) -> dict[str, Known]:
    """Read the store once for several territories; those of which it holds the same share one."""
    scopes = sorted({scope for place in territories for scope in place.scopes})
    latest = store.latest(scopes)
    by_scope = _by_scope(made for lines in latest.values() for made in lines)
    published = _published(store, scopes)
    declared = {
        row["territory"] for row in store.rows("select distinct territory from declarations")
    }
    named = _named(store, latest, territories)
    spoken = by_scope.keys() | published.keys()
    made: dict[tuple[str | None, ...], Known] = {}
    found = {}
    for place in territories:
        own = place.code if place.code in declared else None
        key = (own, *[scope for scope in place.scopes if scope in spoken])
        if key not in made:
            made[key] = Known(
                fetches=_gather(by_scope, place.scopes),
                declarations=store.declarations(own) if own else {},
                published=_gather(published, place.scopes),
                named=named,
            )
        found[place.code] = made[key]
    return found


def _by_scope(fetches: Iterable[Fetch]) -> dict[str, dict[str, list[Fetch]]]:
    index: dict[str, dict[str, list[Fetch]]] = {}
    for made in fetches:
        index.setdefault(made.territory, {}).setdefault(made.dataset, []).append(made)
    return index


def _gather(
    index: Mapping[str, Mapping[str, list[Any]]], scopes: Sequence[str]
) -> dict[str, list[Any]]:
    gathered: dict[str, list[Any]] = {}
    for scope in scopes:
        for dataset, lines in index.get(scope, {}).items():
            gathered.setdefault(dataset, []).extend(lines)
    return gathered


def _published(store: Store, scopes: Sequence[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Catalogue lines by scope, then by the dataset they were matched to."""
    index: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in filter(store.has, CATALOGUE_TABLES):
        for row in _lines(store, table, scopes):
            for dataset in items(row["matched"]):
                index.setdefault(row["territory"], {}).setdefault(str(dataset), []).append(row)
    return index


def _lines(store: Store, table: str, scopes: Sequence[str]) -> list[dict[str, Any]]:
    rows = store.rows(
        f"select * from {quoted(table)} where territory in (select unnest($1))"
        " order by territory, id",
        [list(scopes)],
    )
    return [{**row, "quality": _quality(row)} for row in rows]


def _quality(row: Mapping[str, Any]) -> str:
    """What the platform says of each point; what was computed here where it says nothing."""
    said, ours = points(row.get("quality")), points(row.get("quality_ours"))
    told = {name: value for name, value in said.items() if isinstance(value, bool)}
    return json.dumps({**said, **ours, **told})


def _named(
    store: Store, latest: Mapping[str, list[Fetch]], places: Sequence[Territory]
) -> dict[str, frozenset[str]]:
    """Which of these places the national tables that are not exhaustive speak of."""
    cards = catalog().datasets
    partial = [
        dataset
        for dataset, lines in latest.items()
        if dataset in cards and any(_is_partial(cards[dataset], made) for made in lines)
    ]
    codes = sorted({code for place in places for code in (place.code, *members(place))})
    return {
        dataset: frozenset(_spoken(store, dataset, codes))
        for dataset in partial
        if store.has(dataset)
    }


def _spoken(store: Store, dataset: str, codes: Sequence[str]) -> list[str]:
    asked = f'select distinct territory from "{dataset}" where territory in (select unnest($1))'
    return [str(row["territory"]) for row in store.rows(asked, [list(codes)])]


def _is_partial(dataset: Dataset, made: Fetch) -> bool:
    source = dataset.source(made.connector)
    return made.good and made.territory == NATIONAL and bool(source and not source.exhaustive)


def items(value: Any) -> list[Any]:
    """A JSON list kept as text; anything else is an empty one, since it comes from outside."""
    made = _json(value)
    return made if isinstance(made, list) else []


def points(value: Any) -> dict[str, Any]:
    """A JSON object kept as text; anything else is an empty one."""
    made = _json(value)
    return made if isinstance(made, dict) else {}


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
