"""An export whose server filters it, asked for a few communes: the same table as the whole one.

The card's params are those of connectors.bulk_csv; the codes are added to the `where` of its query
(Opendatasoft).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.bulk_csv import asked, read
from connectors.fetching import FetchError, Get, Got, card_source
from connectors.tables.card import table_card
from connectors.tables.few_communes import check_asked, codes_of, got
from connectors.tables.rows import rows_of
from data.catalog import Dataset
from data.territories import Territory

NAME = "filtered_csv"


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One commune; see `fetch_many`."""
    if territory is None:
        raise FetchError(f"{dataset.id} : cet export se demande commune par commune")
    return fetch_many(dataset, [territory], get)


def fetch_many(dataset: Dataset, communes: Sequence[Territory], get: Get) -> Got:
    """Rows of these communes, those of their former communes put together.

    Raises NotCovered when the table has no line for any of them, FetchError otherwise.
    """
    source = card_source(dataset, NAME)
    before, params = get.requests, source.params
    card, codes = table_card(dataset, source), codes_of(communes)
    query = asked(params["query"], params.get("years"))
    listed = ", ".join(f'"{code}"' for code in codes)
    query["where"] = f"({query['where']}) and {card.code} in ({listed})"
    url = get.address(source.endpoint or "", params["path"])
    path = get.file(source.endpoint or "", params["path"], ("csv",), query)
    found, table = read(card, path, url, None)
    check_asked(table.columns.column(found.code).unique().to_pylist(), codes, url)
    made = rows_of(dataset, card, found, table, url)
    answer = got(communes, made, url, found.vintage or made.span)
    return replace(answer, requests=get.requests - before)
