"""Values of a frame in normal form: final names, repairs that are certain, flags for the doubts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.reading import Frame, ReadColumn, Repair, Settled, Wishes, distinct
from data.reading.values import (
    booleans,
    codes,
    coordinates,
    dates,
    degrees,
    missing,
    names,
    numbers,
    pairs,
    places,
    points,
    text,
)
from data.reading.values.column import Column
from data.reading.values.duplicates import repeated

KINDS = (booleans.settle, points.settle, degrees.settle, dates.settle, numbers.settle)
MOMENTS = frozenset({"date", "datetime", "yearmonth", "year", "time"})
CODES = frozenset(codes.READERS)


class Work:
    """The columns of one frame while they are settled."""

    def __init__(self, frame: Frame, wishes: Wishes) -> None:
        kept = _kept(frame)
        self.wishes = wishes
        self.originals = frame.names[:kept]
        self.names = names.final(self.originals)
        self.cells: list[Any] = []
        self.types: list[str] = []
        self.repairs: list[Repair] = list(_renamed(self.originals, self.names))
        self.flags: list[str] = []
        self.apart = False  # one column is enough to tell every row from the others
        self.held: dict[int, Column] = {}  # columns that other columns need


def settled(frame: Frame, wishes: Wishes) -> Settled:
    """The table of a frame in normal form: names, types, repairs, flags."""
    work = Work(frame, wishes)
    needed = _needed(work.names)
    for place, name in enumerate(work.names):
        column = Column(name, work.originals[place], frame.cells.column(place), wishes)
        kind = settle_column(column)
        work.types.append(kind)
        work.cells.append(None)
        if place in needed:
            work.held[place] = column
        else:
            _finish(work, place, column)
    _together(work)
    return _result(work)


def settle_column(column: Column) -> str:
    """Settle the values of one column; its kind: a type, or the name of a code."""
    text.settle(column)
    missing.settle_certain(column)
    sample = column.sample()
    kind = "string"
    if sample.total:
        kind = next(
            (made for settle in (codes.settle, *KINDS) if (made := settle(column, sample))),
            "string",
        )
        if kind not in MOMENTS and names.has(column.name, "date", "dates", "horodatage"):
            _tell_no_date(column)
    missing.settle_doubtful(column, typed=kind != "string")
    return kind


def _tell_no_date(column: Column) -> None:
    """A header that says date, over values that are none."""
    if names.says_date(column.name) and not any(f.startswith("not_a_date") for f in column.flags):
        column.flag_rows("not_a_date", column.positions())


def _together(work: Work) -> None:
    """What several columns say of each other: postal for INSEE, coordinates."""
    kinds = {place: work.types[place] for place in work.held}
    named = places.name_column(list(work.held.values()))
    for place, kind in kinds.items():
        if kind == "insee":
            places.settle(work.held[place], named)
    localised = {c.name: c for p, c in work.held.items() if kinds[p] in CODES}
    found = pairs.pairs(work.names)
    hints = places.departements(localised) if found and localised else frozenset()
    for place, column in work.held.items():
        _finish(work, place, column)
    _coordinates(work, found, hints)


def _finish(work: Work, place: int, column: Column) -> None:
    work.cells[place] = column.cells()
    work.repairs += column.repairs()
    work.flags += column.flags
    work.apart = work.apart or column.tells_rows_apart()


def _coordinates(work: Work, found: list[pairs.Pair], hints: frozenset[str]) -> None:
    """Pairs in degrees first: beside them, a projected pair is wanted as it is."""
    numeric = [pair for pair in found if all(_numeric(work, place) for place in pair)]
    ready = False
    for pair in sorted(numeric, key=lambda pair: _projected(work, pair)):
        both = work.names[pair.lon], work.names[pair.lat]
        made = coordinates.settle(
            work.cells[pair.lon], work.cells[pair.lat], both, work.wishes, hints
        )
        if made.epsg and ready:
            work.flags += [flag for flag in made.flags if flag.startswith("crs:")]
            continue
        ready = ready or not (made.epsg or made.flags)
        work.cells[pair.lon], work.cells[pair.lat] = made.x, made.y
        work.repairs += made.repairs
        work.flags += made.flags
        if made.epsg:
            work.types[pair.lon] = work.types[pair.lat] = "number"


def _numeric(work: Work, place: int) -> bool:
    return work.types[place] in ("number", "integer")


def _projected(work: Work, pair: pairs.Pair) -> bool:
    values = coordinates.floats(work.cells[pair.lat])
    return bool(np.nanmedian(np.abs(values)) > 1_000) if not np.isnan(values).all() else False


def _result(work: Work) -> Settled:
    arrays = [
        cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells], pa.string())
        for cells in work.cells
    ]
    table = pa.table(arrays, names=work.names)
    columns = tuple(
        ReadColumn(name, original, "string" if kind in CODES else kind, cells.null_count)
        for name, original, kind, cells in zip(
            work.names, work.originals, work.types, arrays, strict=True
        )
    )
    again = 0 if work.apart else repeated(table)
    flags = [*work.flags, *([f"duplicate_rows:{again}"] if again else [])]
    return Settled(table, columns, distinct(flags), tuple(work.repairs))


# --- names ---------------------------------------------------------------------------------------


def _kept(frame: Frame) -> int:
    """Columns left once those without a name nor a value, on the right, are dropped."""
    kept = len(frame.names)
    while kept and not names.clean(frame.names[kept - 1] or "") and _empty(frame.cells, kept - 1):
        kept -= 1
    return kept


def _empty(cells: pa.Table, place: int) -> bool:
    column = cells.column(place)
    if column.null_count == len(column):
        return True
    filled = pc.match_substring_regex(column, pattern=r"\S")
    return not pc.any(filled).as_py()


def _renamed(originals: Sequence[str], finals: Sequence[str]) -> list[Repair]:
    return [
        Repair(
            "column_renamed",
            final,
            1,
            before=original or "",
            after=final,
            examples=((None, original or "", final),),
        )  # fmt: skip
        for original, final in zip(originals, finals, strict=True)
        if (original or "") != final
    ]


def _needed(final: list[str]) -> frozenset[int]:
    """Places of the columns that are looked at together."""
    place_codes = ("insee", "postal", "departement")
    named = [p for p, n in enumerate(final) if codes.kind_of(n) in place_codes]
    communal = [p for p, n in enumerate(final) if names.has(n, *names.COMMUNES)]
    return frozenset(named + communal)
