"""Lines that a sign inside a value has broken: too long (a delimiter) or in two (a line break).

A line is put together again only when one reading alone fits what the other lines hold in each
column; otherwise it stays as it is and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb

from data.reading.framing_kinds import fits, strict_kind

READINGS = 3_000  # ways of joining cells that are tried for one line
ALL_READINGS = 200_000  # for all lines of a file
KNOWN = 30  # distinct values of a column that only takes a few
Row = list[str | None]
Test = Callable[[str], bool]


def tests(body: Sequence[Sequence[str | None]], width: int) -> list[Test | None]:
    """For each column, what a cell must be like, from whole lines (None: any text)."""
    return [_test([row[place] or "" for row in body]) for place in range(width)]


def joined(
    row: Row, width: int, delimiter: str, asked: Sequence[Test | None], tried: int = READINGS
) -> Row | None:
    """A line too long with the cells of one value joined again, when one reading is certain.

    None too when there are more than `tried` ways to join: one reading cannot be told alone.
    """
    cells = [cell or "" for cell in row]
    while len(cells) > width and not cells[-1]:
        cells.pop()
    extra = len(cells) - width
    if extra <= 0 or comb(len(cells) - 1, extra) > tried:
        return None
    readings = [
        (way, made)
        for way in combinations(range(1, len(cells)), extra)
        if _suits(made := _joined(cells, way, delimiter), asked)
    ]
    if len(readings) == 1:
        return _nulls(readings[0][1])
    # a blank after a delimiter is that of a sentence, when the line has no other
    spaced = {place for place in range(1, len(cells)) if cells[place].startswith(" ")}
    natural = [made for way, made in readings if set(way) == spaced]
    return _nulls(natural[0]) if len(natural) == 1 else None


def decimals(body: Sequence[Row], names: int) -> tuple[int, ...] | None:
    """Where the comma of decimals cut numbers in two, in every line: `12,5` between commas.

    The places of the right-hand halves, when there is one way alone to come back to the columns
    that have a name; else None.
    """
    width = max((len(_bare(row)) for row in body), default=0)
    extra = width - names
    if not 0 < extra <= 4 or len(body) < 2 or width > 40:
        return None
    if any(len(_bare(row)) < width for row in body):
        return None
    halves = [place for place in range(1, width) if all(_halves(row, place) for row in body)]
    if comb(len(halves), extra) > READINGS:
        return None
    ways = [
        way
        for way in combinations(halves, extra)
        if all(right - left > 1 for left, right in zip(way, way[1:], strict=False))
    ]
    return ways[0] if len(ways) == 1 else None


def _halves(row: Row, place: int) -> bool:
    """Whether two neighbours may be the two parts of one number."""
    left, right = (row[place - 1] or "").strip(), row[place] or ""
    return left.lstrip("-").isdigit() and right.strip().isdigit() and not right.startswith(" ")


def together(first: Row, second: Row, width: int, asked: Sequence[Test | None]) -> Row | None:
    """Two lines too short, one after the other, as one whose value held a line break."""
    left, right = _bare(first), _bare(second)
    if not left or not right or len(left) + len(right) - 1 != width:
        return None
    cells = [*left[:-1], left[-1] + "\n" + right[0], *right[1:]]
    apart = _suits(left + [""] * (width - len(left)), asked) and _suits(
        right + [""] * (width - len(right)), asked
    )
    return _nulls(cells) if not apart and _suits(cells, asked) else None


def _test(cells: Sequence[str]) -> Test | None:
    known = [cell.strip() for cell in cells if cell.strip()]
    kind = strict_kind(known)
    if kind is not None:
        wanted = kind
        return lambda cell: not cell.strip() or fits(cell.strip(), wanted)
    values = set(known)
    if len(known) >= 10 and len(values) <= min(KNOWN, len(known) / 3):
        return lambda cell: not cell.strip() or cell.strip() in values
    return None


def at(row: Row, way: Sequence[int], delimiter: str) -> Row:
    """A line with the cells at these places joined to the one before."""
    return _nulls(_joined([cell or "" for cell in row], way, delimiter))


def _joined(cells: Sequence[str], way: Sequence[int], delimiter: str) -> list[str]:
    """The cells with those at the given places joined to the one before."""
    made: list[str] = []
    for place, cell in enumerate(cells):
        if place in way:
            made[-1] += delimiter + cell
        else:
            made.append(cell)
    return made


def _suits(cells: Sequence[str], asked: Sequence[Test | None]) -> bool:
    return all(test is None or test(cell) for cell, test in zip(cells, asked, strict=True))


def _bare(row: Row) -> list[str]:
    cells = [cell or "" for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _nulls(cells: Sequence[str]) -> Row:
    return [cell or None for cell in cells]
