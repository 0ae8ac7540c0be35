"""What a good copy leaves in the log so that the next run may see that nothing changed.

Three ways, cheapest first: the server answers 304, the file has the same bytes, the rows are the
same. Each holds only while the card reads the source in the same way and no other source has
written the same rows since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from connectors.fetching import Validator
from data.catalog import Dataset, Source
from data.store import Fetch
from data.territories import NATIONAL

PIECE = 16_000_000  # bytes of rows read at once: a column of contours weighs several times that
MAX_ADDRESSES = 20  # a copy made of more answers is told apart by its rows alone


@dataclass(frozen=True)
class Trace:
    """What a good copy was made of."""

    reading: str  # changes when the card reads otherwise
    rows: str  # sha256 of the rows
    answers: Mapping[str, Validator] = field(default_factory=dict)  # by address

    def dumped(self) -> str:
        """As the log keeps it."""
        answers = {url: asdict(made) for url, made in self.answers.items()}
        return json.dumps({"reading": self.reading, "rows": self.rows, "answers": answers})


def trace(dataset: Dataset, source: Source, rows: pd.DataFrame, seen: Mapping[str, Any]) -> Trace:
    """The trace of the rows that came from these answers."""
    return Trace(reading(dataset, source), rows_digest(rows), _few(seen))


def reading(dataset: Dataset, source: Source) -> str:
    """A mark of how a source is read: its columns, its way of asking."""
    columns = [(made.name, made.type) for made in dataset.columns]
    made = json.dumps([columns, source.connector, source.endpoint, source.params], default=str)
    return hashlib.sha256(made.encode()).hexdigest()[:16]


def rows_digest(rows: pd.DataFrame) -> str:
    """The same for the same rows in any order."""
    if rows.empty:
        return "0"
    columns = sorted(map(str, rows.columns))
    weight = int(rows.memory_usage(index=False).sum()) or 1
    step = max(len(rows) * PIECE // weight, 1000)
    parts = (rows[columns].iloc[at : at + step] for at in range(0, len(rows), step))
    hashes = [pd.util.hash_pandas_object(part, index=False).to_numpy() for part in parts]
    made = np.sort(np.concatenate(hashes)).tobytes()
    return hashlib.sha256(json.dumps(columns).encode() + made).hexdigest()


def read_trace(fetch: Fetch | None) -> Trace | None:
    """The trace left by a log line; None where it left none, or where it is damaged."""
    try:
        given = json.loads((fetch.validators if fetch else None) or "")
        answers = {url: Validator(**made) for url, made in given["answers"].items()}
        return Trace(given["reading"], given["rows"], answers)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def still_ours(last: Fetch, lines: Iterable[Fetch]) -> bool:
    """Whether no other source has written over the rows of this copy since."""
    wide = last.territory == NATIONAL
    return not any(
        line.good
        and line.fetched_at > last.fetched_at
        and line.connector != last.connector
        and (wide or line.territory in (last.territory, NATIONAL))
        for line in lines
    )


def _few(seen: Mapping[str, Validator]) -> dict[str, Validator]:
    return dict(seen) if len(seen) <= MAX_ADDRESSES else {}
