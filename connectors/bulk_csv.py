"""A national table in one file (CSV or Parquet), all communes at once, read as its card says.

Where it is: `dataset` and `resource` (a data.gouv.fr dataset, and what the title or the address of
its file matches), or `path` and `query` at the endpoint of the source. How: connectors.tables.card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.fetching import FetchError, Get, Got, card_source
from connectors.reading.communes import check_enough
from connectors.tables import resources
from connectors.tables.card import Found, TableCard, find, table_card
from connectors.tables.resources import Resource, resource_of
from connectors.tables.rows import Rows, rows_of
from connectors.tables.unpacking import KINDS, unpacked
from data.catalog import Dataset, Source
from data.records import today_utc
from data.tables import Misread, Table, is_ended, layout, read_table
from data.territories import Territory, members

NAME = "bulk_csv"


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """Rows of every commune (territory None) or of those of a territory.

    Raises FetchError naming the file, column or line that is not what the card expects.
    """
    source = card_source(dataset, NAME)
    before = get.requests
    card, resource = table_card(dataset, source), _resource(source, get)
    path, url = _file(source, resource, get)
    found, table = read(card, path, url, source.params.get("member"))
    rows = rows_of(dataset, card, found, table, url)
    check_enough(rows.frame["territory"].nunique(), card.min_communes, url)
    _check_values(card, rows, url)
    frame = rows.frame
    if territory is not None:
        frame = frame[frame["territory"].isin(members(territory))].reset_index(drop=True)
    vintage = found.vintage or rows.span or (resource.day if resource else None)
    return Got(frame, url, vintage, get.requests - before, _detail(resource, rows))


def asked(query: Mapping[str, Any], years: int | None = None) -> dict[str, Any]:
    """The parameters of an export; `{since}` is the first of the last `years` years."""
    since = today_utc().year - (years or 0)
    return {name: str(value).replace("{since}", str(since)) for name, value in query.items()}


def _resource(source: Source, get: Get) -> Resource | None:
    return resource_of(source, get) if "dataset" in source.params else None


def _file(source: Source, resource: Resource | None, get: Get) -> tuple[Path, str]:
    """The file on disk, and the address to write down."""
    if resource is not None:
        path = get.file(resources.ENDPOINT, resource.path, KINDS)
        return path, get.address(resources.ENDPOINT, resource.path)
    params = source.params
    query = asked(params.get("query", {}), params.get("years"))
    path = get.file(source.endpoint or "", params["path"], KINDS, query)
    return path, get.address(source.endpoint or "", params["path"])


def read(card: TableCard, path: Path, url: str, member: str | None) -> tuple[Found, Table]:
    """What a received file holds of the card's columns; raises FetchError."""
    try:
        with unpacked(path, url, member) as plain:
            if not card.open_end and not is_ended(plain):
                raise Misread("dernière ligne sans fin de ligne : fichier tronqué")
            shape = layout(plain)
            found = find(card, shape.names, url)
            return found, read_table(plain, shape, found.wanted)
    except Misread as error:
        raise FetchError(f"{url} : {error}") from error


def _check_values(card: TableCard, rows: Rows, url: str) -> None:
    """A label that the source spells otherwise today would leave a figure out in silence."""
    for name, key in card.keys.items():
        missing = sorted(set(key.values or ()) - set(rows.frame[name].unique()))
        if missing:
            raise FetchError(f"{url} : « {key.column} » ne vaut jamais {', '.join(missing)}")


def _detail(resource: Resource | None, rows: Rows) -> str | None:
    note = [resource.note] if resource and resource.note else []
    return replace(rows, notes=[*note, *rows.notes]).detail
