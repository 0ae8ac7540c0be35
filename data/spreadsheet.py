"""Opening a spreadsheet that someone sends: its sheets as rows of plain values, within bounds.

Nothing is trusted: the archive is unpacked here under a limit and packed again, and the size of
the grid is measured (data.workbook_size) before the reading library allocates it: one cell at the
far corner of a sheet is enough to ask it for gigabytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from data import workbook_size
from data.workbook_size import CHARACTERS, COLUMNS, ROWS

LARGEST = 10_000_000  # bytes received
UNPACKED = 100_000_000  # bytes once unpacked
MEMBERS = 2_000  # files in the archive
SHEETS = 50
GRID = 2_000_000  # cells, empty ones too, all sheets

_CHUNK = 1 << 20
_SAVE_AS = "enregistrez-le au format XLSX (ou CSV) et déposez-le de nouveau"


class Unreadable(Exception):
    """A file that cannot be read: one sentence, what is wrong and what to do."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: line 1 of the spreadsheet is rows[0]; an empty cell is « »."""

    name: str
    rows: list[list[Any]]


def sheets(body: bytes) -> list[Sheet]:
    """The visible sheets of an XLSX file, or the one of a CSV file. Raises Unreadable."""
    if not body.strip():
        raise Unreadable("Le fichier est vide.")
    if len(body) > LARGEST:
        raise Unreadable(
            f"Le fichier est trop lourd : {LARGEST // 1_000_000} Mo au plus. Retirez les images et "
            "les feuilles ajoutées."
        )
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_old_or_locked(body))
    return _workbook(body) if body.startswith(b"PK") else [_csv(body)]


def _old_or_locked(body: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in body:
        return "Le fichier est protégé par un mot de passe : retirez-le, puis déposez le fichier."
    return f"C'est un ancien format de tableur (XLS) : {_SAVE_AS}."


# --- XLSX ------------------------------------------------------------------------------------


def _workbook(body: bytes) -> list[Sheet]:
    members = _unpacked(body)
    if "xl/workbook.xml" not in members:
        raise Unreadable(f"Ce n'est pas un tableur XLSX : {_SAVE_AS}.")
    _measure(members)
    try:
        return list(_read(_packed(members)))
    except Unreadable:
        raise
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged() from error
    except BaseException as error:  # the library's own panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        "Le fichier est abîmé : ouvrez-le dans un tableur, enregistrez-le de nouveau au format "
        "XLSX, puis déposez-le."
    )


def _read(archive: bytes) -> Iterator[Sheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(archive)) as book:
        shown = [
            made.name for made in book.sheets_metadata if made.visible == SheetVisibleEnum.Visible
        ]
        if len(shown) > SHEETS:
            raise Unreadable(f"Le fichier a trop de feuilles : {SHEETS} au plus.")
        grid = characters = 0  # several sheets may share one part: counted as they are read
        for name in shown:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            grid += sum(map(len, rows))
            characters += sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
            if grid > GRID or characters > CHARACTERS:
                raise _too_big()
            yield Sheet(name, [list(row) for row in rows])


def _unpacked(body: bytes) -> dict[str, bytes]:
    """The XML parts of an archive; counted while they are unpacked, whatever it announces."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            listed = archive.infolist()
            if len(listed) > MEMBERS:
                raise _too_big()
            if any(made.flag_bits & 1 for made in listed):
                raise Unreadable(
                    "Le fichier est protégé par un mot de passe : retirez-le, puis déposez le "
                    "fichier."
                )
            kept = [made for made in listed if _is_read(made.filename)]
            return _members(archive, kept)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as error:
        raise _damaged() from error


def _is_read(name: str) -> bool:
    """Whether a part may be asked for: others (macros, pictures, saved queries) are left out."""
    plain = name.replace("\\", "/").lower()
    inside = plain.startswith(("xl/", "_rels/", "[content_types]"))
    return inside and plain.endswith((".xml", ".rels"))


def _members(archive: zipfile.ZipFile, kept: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    left, found = UNPACKED, {}
    for made in kept:
        parts = []
        with archive.open(made) as member:
            while part := member.read(min(_CHUNK, left + 1)):
                left -= len(part)
                if left < 0:
                    raise _too_big()
                parts.append(part)
        found[made.filename] = b"".join(parts)
    return found


def _too_big() -> Unreadable:
    return Unreadable(
        "Le fichier est trop grand une fois ouvert : gardez la feuille de l'inventaire "
        f"({ROWS} lignes au plus) et retirez le reste."
    )


def _packed(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def _measure(members: dict[str, bytes]) -> None:
    """Refuse a grid, or repeated texts, that would not fit in memory."""
    try:
        workbook_size.check(members)
    except workbook_size.TooBig as error:
        raise _too_big() from error
    except workbook_size.Malformed as error:
        raise _damaged() from error


# --- CSV -------------------------------------------------------------------------------------


def _csv(body: bytes) -> Sheet:
    text = _decoded(body)
    lines = text.splitlines()
    if "\x00" in text or len(lines) > 20 * ROWS:
        raise Unreadable(f"Ce n'est pas un tableur que l'outil sait lire : {_SAVE_AS}.")
    sample = "\n".join(lines[:10])
    delimiter = max(";,\t", key=sample.count)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise _damaged() from error
    if len(rows) > ROWS or max(map(len, rows), default=0) > COLUMNS:
        raise _too_big()
    return Sheet("CSV", rows)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")
