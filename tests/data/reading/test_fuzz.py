"""Ten thousand dirty files: read or refused, never a crash, never long, never much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.reading.door import read
from tests.data.reading import dirt

ROOT = Path(__file__).resolve().parents[3]
SEED = 5
SAMPLE = 60
DEEP = 10_000
SECONDS = 10
MEMORY = 4_000_000_000  # bytes of address space: libraries, their threads, and one file
WORKERS = 2


def tried(name: str, body: bytes, folder: Path) -> float:
    """Read one file as the door does; seconds taken. Anything raised is a fault."""
    path = folder / "file"
    path.write_bytes(body)
    start = time.monotonic()
    reading = read(path, name=name)
    taken = time.monotonic() - start
    document = reading.document()
    assert document["rows"] == reading.table.num_rows
    if reading.refused is not None:
        assert reading.refused.strip().endswith((".", "!"))
        assert not document["columns"]
    else:
        assert [column.name for column in reading.columns] == reading.table.column_names
    return taken


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_dirty_file_is_read_or_refused(number: int, tmp_path: Path) -> None:
    assert tried(*dirt.one(SEED, number), tmp_path) < SECONDS


@pytest.mark.deep
def test_ten_thousand_dirty_files(tmp_path: Path) -> None:
    """In processes of their own, so that memory is bounded and a crash of a library is seen."""
    share = DEEP // WORKERS
    workers = [
        subprocess.Popen(
            [sys.executable, __file__, str(number * share), str(share), str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WORKERS)
    ]
    for worker in workers:
        _, said = worker.communicate(timeout=3600)
        assert worker.returncode == 0, said[-3000:]


def _main(first: int, count: int, folder: Path) -> None:
    """Read `count` files from number `first`; stop at the first fault, naming it."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    mine = folder / str(first)
    mine.mkdir()
    for number in range(first, first + count):
        name, body = dirt.one(SEED, number)
        try:
            taken = tried(name, body, mine)
        except BaseException:
            print(f"faute sur {name}", file=sys.stderr)
            raise
        if taken > SECONDS:
            raise SystemExit(f"{name} : {taken:.1f} s")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
