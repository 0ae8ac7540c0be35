"""A second table below the first one: a line of other names, then lines of another kind.

Its lines would be read under the names of the first table: wrong, and in silence.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.reading.framing_header import Line, filled, labels, used
from data.reading.framing_kinds import kind_of, strict_kinds

TITLES = 3  # lines of title above the names of the second table


def start(
    lines: Sequence[Line], first: Sequence[Line], names: Sequence[str]
) -> tuple[int, bool] | None:
    """The place of the second header in the lines that follow a blank one, and whether it is sure.

    None: no second table. `first`: lines of the first one, whose columns are named `names`.
    """
    for place, line in enumerate(lines[: TITLES + 1]):
        if len(filled(line)) > 1:
            body = _body(lines[place + 1 :])
            if not _is_header(line, body, names):
                return None
            sure = _differs(line, body, first)
            titled = any(map(filled, lines[:place]))
            return (place, sure) if sure or titled else None
    return None


def above(head: Sequence[Line], stop: int) -> range | None:
    """The lines of a table that stands whole above line `stop`, with its names; None: none does."""
    for place in range(stop):
        if len(filled(head[place])) > 1:
            body = _body(head[place + 1 : stop])
            apart = place + 1 + len(body) < stop
            whole = apart and len(body) > 1 and labels(head[place], body)
            return range(place, place + 1 + len(body)) if whole else None
    return None


def _body(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines up to the next blank one."""
    stop = next((place for place, line in enumerate(lines) if not filled(line)), len(lines))
    return lines[:stop]


def _is_header(line: Line, body: Sequence[Line], names: Sequence[str]) -> bool:
    cells = [cell for cell in line if cell]
    known = {name.casefold() for name in names if name}
    if not body or {cell.casefold() for cell in cells} <= known:
        return False
    if len(set(cells)) < len(cells) or any(kind_of(cell) == "missing" for cell in cells):
        return False
    return labels(line, body)


def _differs(line: Line, body: Sequence[Line], first: Sequence[Line]) -> bool:
    """Whether the lines below are not those of the first table with a word among the numbers."""
    columns = used(first)
    if used(body) != columns:
        return len(filled(line)) >= len(used(body))
    kinds, before = strict_kinds(body), strict_kinds(first)
    differing = sum(1 for place in columns if kinds[place] != before[place])
    return differing > 1 or sum(1 for place in filled(line) if kinds[place] == "number") > 1
