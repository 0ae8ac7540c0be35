"""Writes into a store without end, in processes that the test kills: `kill_writer.py FILE SEED`.

One round a line read on stdin: a child is forked, its process id is printed, and it writes scope
after scope until it is killed. Each write is a whole state: WIDTH rows that all carry the number
that its log line carries too, so half a write cannot go unseen.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

# Started as a script: the repository is not on the path by itself.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pandas as pd  # noqa: E402

from data.catalog import Column, Dataset  # noqa: E402
from data.records import Record  # noqa: E402
from data.store import Fetch, Store  # noqa: E402

SCOPES = ("01001", "01002", "FR")
WIDTH = 400  # rows of one write
PADDING = "x" * 200

CARD = Dataset(
    id="kill_probe",
    kind="context",
    title="Écritures interrompues",
    producer="local",
    producer_label="Test",
    likely_status="open",
    standard=None,
    geometry="none",
    refresh="never",
    max_age_days=None,
    themes=(),
    columns=(Column("number", "BIGINT", "Numéro"), Column("text", "VARCHAR", "Remplissage")),
)


def fetch(scope: str, number: int, status: str = "ok") -> Fetch:
    """The log line of write `number`; its vintage is the number that its rows carry."""
    return Fetch(
        dataset=CARD.id,
        territory=scope,
        level="national" if scope == "FR" else "commune",
        status=status,
        rows=WIDTH,
        seconds=0.0,
        requests=0,
        url="",
        vintage=str(number),
        fetched_at=datetime.now(UTC),
        detail=None,
        connector="test",
        source="Test",
        licence="Test",
    )


def rows(scope: str, number: int) -> pd.DataFrame:
    """WIDTH rows of write `number`, for the scope's own territory."""
    return pd.DataFrame({"territory": scope, "number": [number] * WIDTH, "text": PADDING})


def write_without_end(path: str, seed: int) -> None:
    """Save, log, record and copy in a random order until killed."""
    chance = random.Random(seed)
    store = Store.open(path)
    row = store.rows("select count(*) as n from fetches")
    for number in range(row[0]["n"] + 1, 10**9):
        scope = chance.choice(SCOPES)
        store.save(CARD, fetch(scope, number), rows(scope, number))
        store.record(Record("note", scope, {"number": number}, "test"))
        if chance.random() < 0.2:
            store.log(fetch(scope, number, status="failed"))
        if chance.random() < 0.1:
            store.snapshot()


def main(path: str, seed: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # killed children leave no zombie
    for number, _ in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            write_without_end(path, seed + number)
        print(child, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
