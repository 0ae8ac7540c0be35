"""The whole way of a file: recognised, opened as a grid, framed, its values settled."""

from __future__ import annotations

from pathlib import Path

from data.reading import kinds
from data.reading.framing import framed
from data.reading.reading import Grid, Reading, Unreadable, Wishes, distinct
from data.reading.settling import settled

NOTHING = Wishes()


def read(path: Path, wishes: Wishes = NOTHING, name: str | None = None) -> Reading:
    """A file in normal form; one that cannot be read is refused with its reason, never guessed."""
    called = name or path.name
    try:
        return _read(kinds.grid(path, wishes, called), wishes, called)
    except Unreadable as refused:
        return Reading(called, refused=str(refused))


def _read(grid: Grid, wishes: Wishes, called: str) -> Reading:
    frame = framed(grid, wishes)
    made = settled(frame, wishes)
    return Reading(
        file=called,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        sheets=grid.sheets,
        header_row=frame.header_row,
        table=made.table,
        columns=made.columns,
        repairs=grid.repairs + frame.repairs + made.repairs,
        flags=distinct(grid.flags + frame.flags + made.flags),
    )
