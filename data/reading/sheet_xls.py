"""An XLS (BIFF, Excel 97 to 2003) gone through record by record: extents and hidden lines.

The reading library opens every sheet at once, each as the whole rectangle up to its last cell: the
rectangles are added before it is asked. The file is a small file system (« compound file »), whose
chains of sectors are followed here under a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error as short
from struct import unpack_from

from data.reading.sheet_marks import KEPT, Marks
from data.strict_xml import Malformed, TooBig

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RECORDS = 20_000_000
_LAST = 0xFFFFFFFA  # above: free sectors and ends of chains
_BOF, _EOF, _SHEET, _ROW, _COLUMN = (0x809, 0x409, 0x209, 0x009), 0x0A, 0x85, 0x208, 0x7D
_PASSWORD, _SHARED, _EXTENT = 0x2F, 0xFC, 0x200
_FORMULA, _ERROR, _MANY = 0x06, 0x205, 0xBD
_CELLS = frozenset({_FORMULA, _ERROR, _MANY, 0xFD, 0x203, 0x27E, 0x204, 0xD6})


@dataclass
class Book:
    """The sheets of a workbook in order, and what stands against reading it."""

    sheets: list[Marks] = field(default_factory=list)
    locked: bool = False


def streams(body: bytes) -> dict[str, tuple[int, int]]:
    """The entries of a compound file: name -> (first sector, bytes). Raises Malformed."""
    try:
        return dict(_entries(body, _table(body)))
    except (short, IndexError, UnicodeDecodeError) as error:
        raise Malformed from error


def book(body: bytes) -> Book:
    """What the workbook stream says. Raises Malformed or TooBig."""
    try:
        found = streams(body)
        entry = found.get("Workbook") or found.get("Book")
        if entry is None:
            raise Malformed
        return _read(_content(body, found["Root Entry"], *entry))
    except (short, IndexError, KeyError) as error:
        raise Malformed from error


# --- compound file -------------------------------------------------------------------------------


def _sector(body: bytes) -> int:
    power = unpack_from("<H", body, 30)[0]
    sectors = (unpack_from("<I", body, at)[0] for at in (44, 64, 72))
    if power not in (9, 12) or max(sectors) << power > len(body):
        raise Malformed
    return 1 << int(power)


def _table(body: bytes) -> list[int]:
    """The sector that follows each sector."""
    size = _sector(body)
    listed = list(unpack_from("<109I", body, 76))
    more, count = unpack_from("<I", body, 68)[0], 0
    while more < _LAST and count * size < len(body):
        entries = unpack_from(f"<{size // 4}I", body, (more + 1) * size)
        listed += entries[:-1]
        more, count = entries[-1], count + 1
    following: list[int] = []
    for sector in listed:
        if sector < _LAST and len(following) * size <= len(body) * 2:
            following += unpack_from(f"<{size // 4}I", body, (sector + 1) * size)
    return following


def _chain(following: list[int], first: int) -> Iterator[int]:
    seen = 0
    while first < _LAST:
        yield first
        first, seen = following[first], seen + 1
        if seen > len(following):
            raise Malformed


def _big(body: bytes, following: list[int], first: int) -> bytes:
    size = _sector(body)
    return b"".join(body[(at + 1) * size : (at + 2) * size] for at in _chain(following, first))


def _entries(body: bytes, following: list[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    folder = _big(body, following, unpack_from("<I", body, 48)[0])
    for at in range(0, len(folder) - 127, 128):
        length = unpack_from("<H", folder, at + 64)[0]
        if 2 <= length <= 64:
            name = folder[at : at + length - 2].decode("utf-16-le")
            first, size = unpack_from("<II", folder, at + 116)
            if size > len(body):
                raise Malformed
            yield name, (first, size)


def _content(body: bytes, root: tuple[int, int], first: int, size: int) -> bytes:
    following = _table(body)
    if size >= unpack_from("<I", body, 56)[0]:
        return _big(body, following, first)[:size]
    small = _big(body, following, root[0])
    table = _big(body, following, unpack_from("<I", body, 60)[0])
    next_small = list(unpack_from(f"<{len(table) // 4}I", table))
    return b"".join(small[at * 64 : at * 64 + 64] for at in _chain(next_small, first))[:size]


# --- records -------------------------------------------------------------------------------------


def _read(stream: bytes) -> Book:
    found, starts = Book(), []
    for kind, at, size in _records(stream, 0):
        if kind == _PASSWORD:
            found.locked = True
        elif kind == _SHEET:
            starts.append(unpack_from("<I", stream, at)[0])
        elif kind == _SHARED and size >= 8 and unpack_from("<I", stream, at + 4)[0] > len(stream):
            raise Malformed  # as many texts as are announced would be allocated
    for start in starts:
        found.sheets.append(_sheet(stream, start) if 0 < start < len(stream) else Marks())
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Each record as (kind, where its content starts, its size), charts inside left out."""
    depth = count = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        at, count = at + 4, count + 1
        if count > RECORDS:
            raise TooBig
        if kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, at, size
        at += size


def _sheet(stream: bytes, start: int) -> Marks:
    found = Marks()
    for kind, at, size in _records(stream, start):
        if kind in _CELLS and size >= 6:
            _cell(found, stream, kind, at, size)
        elif kind == _EXTENT and size >= 12:
            _check_extent(*unpack_from("<IIHH", stream, at))
        elif kind == _ROW and size >= 16 and unpack_from("<H", stream, at + 12)[0] & 0x20:
            found.hide_rows(unpack_from("<H", stream, at)[0])
        elif kind == _COLUMN and size >= 10 and unpack_from("<H", stream, at + 8)[0] & 1:
            found.hide_columns(*unpack_from("<HH", stream, at))
    return found


def _check_extent(first_row: int, end_row: int, first_column: int, end_column: int) -> None:
    """What a sheet announces is allocated too: refuse more than the format may hold."""
    if not (first_row <= end_row <= 65_536 and first_column <= end_column <= 256):
        raise Malformed


def _cell(found: Marks, stream: bytes, kind: int, at: int, size: int) -> None:
    row, column = unpack_from("<HH", stream, at)
    if kind == _MANY:
        column = max(column, unpack_from("<H", stream, at + size - 2)[0])
    found.written(row, column)
    failed = kind == _ERROR and size >= 8 and stream[at + 7] == 1
    if kind == _FORMULA and size >= 14:
        failed = stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2
    if failed and len(found.errors) < KEPT:
        found.errors.append((row, column))
