"""Whether what came back answers the question that was asked.

A server that ignores a filter, renames a column, changes a unit or loses half its content answers
200 like any other: what does not pass here leaves the last good copy in place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from connectors.fetching import FetchError, Got
from data.catalog import Column, Dataset
from data.store import Fetch

MAX_FALL = 0.2  # share of the rows of the last good copy that may go
MIN_ROWS = 50  # a shorter copy may lose more than that without anything being wrong
MIN_GONE = 5  # a copy of so many rows does not become empty overnight
MAX_ODD = 0.01  # share of values beyond what is plausible: more is another unit


class FellShort(FetchError):
    """Far fewer rows than in the last good copy; a person may accept it."""


def accepted(dataset: Dataset, asked: Collection[str] | None, got: Got) -> Got:
    """The answer, less its implausible values (said in its detail); raises FetchError.

    `asked` are the codes that rows may bear; None for a national file.
    """
    _check_codes(asked, got)
    _check_columns(dataset, got)
    notes = [got.detail] if got.detail else []
    rows = got.rows
    for column in dataset.columns:
        if column.plausible and len(rows):
            rows, note = _within(rows, column, got.url)
            notes += [note] if note else []
    return replace(got, rows=rows, detail=" ; ".join(notes) or None)


def check_fall(got: Got, last: Fetch | None) -> None:
    """Raise FellShort where the rows fell since the last good copy."""
    before, now = (last.rows if last else 0), len(got.rows)
    fell = before >= MIN_ROWS and now < (1 - MAX_FALL) * before
    if last and (fell or (before >= MIN_GONE and not now)):
        raise FellShort(
            f"{got.url} : {now} lignes reçues, {before} le {last.fetched_at:%d/%m/%Y} ; "
            "la copie d'avant est gardée"
        )


def _check_codes(asked: Collection[str] | None, got: Got) -> None:
    if asked is None or got.rows.empty:
        return
    others = sorted(set(got.rows["territory"].unique()) - set(asked))
    if others:
        raise FetchError(
            f"{got.url} : réponse pour {', '.join(map(str, others[:3]))}, non pour le territoire "
            "demandé : filtre ignoré par la source"
        )


def _check_columns(dataset: Dataset, got: Got) -> None:
    wanted = {"territory", *(column.name for column in dataset.columns)}
    given = set(map(str, got.rows.columns))
    if len(got.rows) and given != wanted:
        raise FetchError(
            f"{got.url} : colonnes absentes {sorted(wanted - given)}, "
            f"inconnues {sorted(given - wanted)}"
        )


def _within(rows: pd.DataFrame, column: Column, url: str) -> tuple[pd.DataFrame, str | None]:
    """Rows whose values lie within the bounds of the card; the odd ones, if few, left empty."""
    low, high = column.plausible or (float("-inf"), float("inf"))
    values = pd.to_numeric(rows[column.name], errors="coerce")
    odd = values.notna() & ~values.between(low, high)
    if not odd.any():
        return rows, None
    example = values[odd].iloc[0]
    if odd.sum() > MAX_ODD * values.notna().sum():
        raise FetchError(
            f"{url} : « {column.label} » vaut {example:g}, attendu entre {low:g} et {high:g} : "
            "l'unité ou la colonne a-t-elle changé ?"
        )
    kept = rows.assign(**{column.name: rows[column.name].where(~odd)})
    return kept, f"« {column.label} » : {odd.sum()} valeurs invraisemblables laissées vides"
