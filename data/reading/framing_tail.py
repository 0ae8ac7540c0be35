"""Lines after the table: sources, notes, signatures; they are short and say so, or stand apart."""

from __future__ import annotations

from collections.abc import Sequence

from data.reading.framing_header import NOTE, Line, filled
from data.reading.framing_kinds import kind_of
from data.reading.framing_totals import is_label

TAIL = 80  # lines looked at


def notes(lines: Sequence[Line], width: int) -> int:
    """How many of the last lines are not data (`width`: columns of the table), blank ones too."""
    usual = _usual(lines)
    found = 0
    for back in range(1, len(lines) + 1):
        line = lines[-back]
        if not filled(line):
            continue
        before = lines[-back - 1] if back < len(lines) else None
        apart = before is not None and not filled(before)
        # a blank line above one of these notes sets all of them apart
        if not (_is_note(line, width, usual, apart) or _of_a_block(lines, back, width, usual)):
            break
        found = back
    return _with_blanks(lines, found)


def _of_a_block(lines: Sequence[Line], back: int, width: int, usual: int) -> bool:
    """Whether a short line follows, without a blank one, a line that is a note."""
    if not _is_short(lines[-back], width, usual):
        return False
    for further in range(back + 1, min(back + 6, len(lines) + 1)):
        line = lines[-further]
        if not filled(line) or not _is_short(line, width, usual):
            return False
        above = lines[-further - 1] if further < len(lines) else None
        if _is_note(line, width, usual, apart=above is not None and not filled(above)):
            return True
    return False


def _usual(lines: Sequence[Line]) -> int:
    """Cells that most lines fill at least: a line with fewer is unlike them."""
    counts = sorted(len(filled(line)) for line in lines if filled(line))
    return counts[len(counts) // 2] if counts else 0


def _is_short(line: Line, width: int, usual: int) -> bool:
    places = filled(line)
    return len(places) < max(2, min(width, usual)) and width > 1


def _is_note(line: Line, width: int, usual: int, apart: bool) -> bool:
    places = filled(line)
    first = line[places[0]] or ""
    if is_label(first):
        return False
    if NOTE.match(first) and places[0] == 0:
        return apart if width == 1 else len(places) < width or places[-1] >= width
    if width == 1 or kind_of(first) not in ("text", "code"):
        return False
    if len(places) == 1 and _is_short(line, width, usual):
        # no other line is as short: several words alone are a note, not the start of a line
        return apart or (" " in first and width > 2 and usual > max(2, width / 2))
    return apart and width > 2 and len(places) <= width / 2 and len(places) < usual


def _with_blanks(lines: Sequence[Line], found: int) -> int:
    while found < len(lines) and not filled(lines[-found - 1]):
        found += 1
    return found
