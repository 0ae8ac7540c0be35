"""One sheet of an XLSB gone through record by record: its extent and its hidden lines."""

from __future__ import annotations

from collections.abc import Iterator

from data.reading.sheet_marks import KEPT, Marks
from data.strict_xml import Malformed, TooBig

_ROW, _COLUMN = 0, 60
_BLANK, _ERROR, _ERROR_FORMULA, _LAST_CELL = 1, 3, 11, 11
_TEXTS, _TEXT, _SHARED_TEXT, _SHEET = 159, 19, 7, 156
RECORDS = 80_000_000


def marks(body: bytes) -> Marks:
    """What one binary worksheet part says. Raises Malformed or TooBig."""
    found, row = Marks(), 0
    for kind, start, size in _records(body):
        if kind == _ROW and size >= 12:
            row = _whole(body, start)
            if body[start + 11] & 0x10:
                found.hide_rows(row)
        elif _BLANK < kind <= _LAST_CELL and size >= 4:
            column = _whole(body, start)
            found.written(row, column)
            if kind in (_ERROR, _ERROR_FORMULA) and len(found.errors) < KEPT:
                found.errors.append((row, column))
        elif kind == _COLUMN and size >= 18 and body[start + 16] & 1:
            found.hide_columns(_whole(body, start), _whole(body, start + 4))
    return found


def sheets(body: bytes) -> dict[str, str]:
    """The workbook part: sheet name -> its relation. Raises Malformed or TooBig."""
    found = {}
    for kind, start, size in _records(body):
        if kind == _SHEET and size >= 16:
            relation, after = _string(body, start + 8)
            found[_string(body, after)[0]] = relation
    return found


def _string(body: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 text -> (text, where the next byte is)."""
    end = at + 4 + 2 * min(_whole(body, at), 32_767)
    return body[at + 4 : end].decode("utf-16-le", errors="replace"), end


def shared_lengths(body: bytes) -> list[int]:
    """Characters of each shared text, in order. Raises Malformed or TooBig."""
    lengths = []
    for kind, start, size in _records(body):
        if kind == _TEXT and size >= 5:
            lengths.append(_whole(body, start + 1))
        elif kind == _TEXTS and _whole(body, start + 4) > len(body):
            raise Malformed  # as many texts as are announced would be allocated
    return lengths


def shared_total(body: bytes, lengths: list[int]) -> int:
    """Characters that the cells of a sheet hold through shared texts, each time counted."""
    return sum(
        lengths[index]
        for kind, start, size in _records(body)
        if kind == _SHARED_TEXT and size >= 12 and (index := _whole(body, start + 8)) < len(lengths)
    )


def _whole(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "little")


def _records(body: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record as (kind, where its content starts, its size)."""
    at, count, end = 0, 0, len(body)
    while at < end:
        kind, at = _number(body, at, 2)
        size, at = _number(body, at, 4)
        if at + size > end:
            raise Malformed
        count += 1
        if count > RECORDS:
            raise TooBig
        yield kind, at, size
        at += size


def _number(body: bytes, at: int, longest: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first; -> (number, where the next byte is)."""
    found = 0
    for index in range(longest):
        if at >= len(body):
            raise Malformed
        byte = body[at]
        at += 1
        found |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            break
    return found, at
