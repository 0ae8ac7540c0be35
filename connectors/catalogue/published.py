"""The table of datasets that catalogues list: its columns, and the rows made of what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from connectors.catalogue.disappearance import ARCHIVED

COLUMNS = [
    *("id", "title", "url", "publisher", "publisher_id", "level", "routes", "licence"),
    *("formats", "updated_at", "frequency", "schema", "matched", "quality"),
    *("quality_score", "resources", "harvested_from", "quality_ours"),
]
LISTS = frozenset({"routes", "formats", "matched", "quality", "quality_ours", "resources"})


def frame(
    code: str,
    found: Iterable[dict[str, Any]],
    archived: Iterable[str] = (),
    columns: Sequence[str] = COLUMNS,
) -> pd.DataFrame:
    """One row per dataset, in the shape `evidence`, for a territory; lists are JSON text.

    `archived`: identifiers of datasets met that their producer has archived.
    """
    made = pd.DataFrame([_row(one) for one in found], columns=list(columns))
    made.insert(0, "territory", code)
    moments = pd.to_datetime(made["updated_at"], errors="coerce", utc=True, format="ISO8601")
    made["updated_at"] = moments.dt.tz_localize(None)
    made.attrs[ARCHIVED] = sorted(archived)
    return made


def _row(made: dict[str, Any]) -> dict[str, Any]:
    return {
        key: json.dumps(value, ensure_ascii=False) if key in LISTS else value
        for key, value in made.items()
    }
