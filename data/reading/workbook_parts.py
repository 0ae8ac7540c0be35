"""The parts of a workbook made safe: unpacked under limits, gone through, packed again.

What the reading library opens is our copy, which holds only parts that were counted here: it never
sees what the archive announces, its drawings, its macros, its links.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data import strict_xml
from data.reading import sheet_ods, sheet_scan, sheet_xls, sheet_xlsb, sheet_xml
from data.reading.archives import CHUNK, Archive
from data.reading.bounds import TEXTS, check_size, damaged, protected, too_big
from data.reading.reading import CELLS, LARGEST_BOOK
from data.reading.sheet_marks import Marks

_ROOT = ("[content_types].xml", "_rels/.rels")
_COMMON = ("xl/workbook", "xl/_rels/workbook", "xl/styles", "xl/sharedstrings")


@dataclass(frozen=True)
class Parts:
    """A workbook that may be opened, and what its sheets say, by name."""

    path: Path
    marks: dict[str, Marks] = field(default_factory=dict)
    ordered: tuple[Marks, ...] = ()  # of a format that is gone through without names


def prepared(path: Path, kind: str, folder: Path) -> Parts:
    """A safe copy of a workbook in `folder`; `kind`: xlsx, xlsb, ods or xls. Raises Unreadable."""
    made = {"xlsx": _xlsx, "xlsb": _xlsb, "ods": _ods, "xls": _xls}[kind](path, folder)
    for name, marks in made.marks.items():
        marks.check(name)
    for number, marks in enumerate(made.ordered, start=1):
        marks.check(f"feuille {number}")
    return made


# --- XLSX ----------------------------------------------------------------------------------------


def _xlsx(path: Path, folder: Path) -> Parts:
    copied = folder / "book.xlsx"
    with Archive(path) as archive:
        _pack(archive, copied, (".xml", ".rels"))
    with zipfile.ZipFile(copied) as book:
        names = set(book.namelist())
        padded = sheet_xml.padded_styles(_pieces(book, "xl/styles.xml", names))
        parts = _sheet_parts(book, names)
        scanned = {part: _scanned(book, part, names, padded) for part in names if _is_sheet(part)}
        _check_texts(book, names, scanned)
    for part, marks in scanned.items():
        marks.check(posixpath.basename(part))
    return Parts(copied, {name: scanned[part] for name, part in parts.items() if part in scanned})


def _scanned(book: zipfile.ZipFile, part: str, names: set[str], padded: dict[str, int]) -> Marks:
    """What a worksheet part says: by patterns when it is plain, else by events."""
    found = None if padded else sheet_scan.marks(_pieces(book, part, names))
    if found is None or not found.fits:
        return sheet_xml.marks(_pieces(book, part, names), padded)
    return found


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/") and not part.lower().startswith(_COMMON) and part[-5:] != ".rels"


def _check_texts(book: zipfile.ZipFile, names: set[str], scanned: dict[str, Marks]) -> None:
    """Refuse cells that repeat long texts: each of them becomes a text of its own once read."""
    lengths = sheet_xml.shared_lengths(_pieces(book, "xl/sharedStrings.xml", names))
    longest = max(lengths, default=0)
    for part, marks in scanned.items():
        if marks.cells * longest <= TEXTS:
            continue
        count = sheet_scan.shared_total if marks.plain else sheet_xml.shared_total
        if count(_pieces(book, part, names), lengths) > TEXTS:
            raise too_big("trop de texte dans les cellules")


def _sheet_parts(book: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name -> part, by the relations of the workbook."""
    targets = _targets(book, names, "xl/_rels/workbook.xml.rels")
    return {
        made.get("name", ""): targets.get(_relation(made), "")
        for made in _elements(book, "xl/workbook.xml", names, "sheet")
    }


def _targets(book: zipfile.ZipFile, names: set[str], part: str) -> dict[str, str]:
    """Relation -> part that it names."""
    return {
        made.get("Id", ""): posixpath.normpath(
            posixpath.join("/xl", made.get("Target", "").replace("\\", "/"))
        ).lstrip("/")
        for made in _elements(book, part, names, "Relationship")
    }


def _relation(attributes: dict[str, str]) -> str:
    found = [value for name, value in attributes.items() if name.rpartition(":")[2] == "id"]
    return found[0] if found else ""


def _elements(
    book: zipfile.ZipFile, part: str, names: set[str], wanted: str
) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted and len(found) < 10_000:
            found.append(attributes)

    parser = strict_xml.parser()
    parser.StartElementHandler = start
    strict_xml.feed(parser, _pieces(book, part, names))
    return found


def _pieces(book: zipfile.ZipFile, part: str, names: set[str]) -> Iterator[bytes]:
    """A part of our own copy by pieces; an absent one is an empty element."""
    if part not in names:
        yield b"<none/>"
        return
    with book.open(part) as member:
        while piece := member.read(CHUNK):
            yield piece


def _pack(archive: Archive, to: Path, endings: tuple[str, ...]) -> None:
    """Copy the parts that hold values, each name once, without compression."""
    seen = set()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as copied:
        for name in archive.names:
            plain = name.replace("\\", "/")
            low = plain.lower()
            if low in seen or not (_is_kept(low) and low.endswith(endings)):
                continue
            seen.add(low)
            with copied.open(plain, "w", force_zip64=True) as member:
                for piece in archive.pieces(name):
                    member.write(piece)


def _is_kept(low: str) -> bool:
    sheet = low.startswith("xl/worksheets/") and "/_rels/" not in low
    return low in _ROOT or low.startswith(_COMMON) or sheet


# --- XLSB, ODS, XLS ------------------------------------------------------------------------------


def _xlsb(path: Path, folder: Path) -> Parts:
    copied = folder / "book.xlsb"
    with Archive(path) as archive:
        _pack(archive, copied, (".bin", ".xml", ".rels"))
    scanned = {}
    with zipfile.ZipFile(copied) as book:
        names = set(book.namelist())
        shared = "xl/sharedStrings.bin"
        lengths = sheet_xlsb.shared_lengths(book.read(shared)) if shared in names else []
        targets = _targets(book, names, "xl/_rels/workbook.bin.rels")
        listed = sheet_xlsb.sheets(book.read("xl/workbook.bin"))
        for part in names:
            if part.lower().startswith("xl/worksheets/"):
                body = book.read(part)
                scanned[part] = sheet_xlsb.marks(body)
                scanned[part].check(posixpath.basename(part))
                if sheet_xlsb.shared_total(body, lengths) > TEXTS:
                    raise too_big("trop de texte dans les cellules")
    by_name = {name: targets.get(relation, "") for name, relation in listed.items()}
    return Parts(copied, {name: scanned[part] for name, part in by_name.items() if part in scanned})


def _ods(path: Path, folder: Path) -> Parts:
    copied = folder / "book.ods"
    with Archive(path) as archive, zipfile.ZipFile(copied, "w", zipfile.ZIP_STORED) as kept:
        if "META-INF/manifest.xml" in archive.names:
            manifest = archive.body("META-INF/manifest.xml")
            if b"encryption-data" in manifest:
                raise protected()
        kept.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        kept.writestr("META-INF/manifest.xml", _MANIFEST)
        with kept.open("content.xml", "w", force_zip64=True) as member:
            for piece in archive.pieces("content.xml"):
                member.write(piece)
    with zipfile.ZipFile(copied) as book:
        return Parts(copied, sheet_ods.marks(_pieces(book, "content.xml", {"content.xml"})))


_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def _xls(path: Path, folder: Path) -> Parts:
    check_size(path.stat().st_size, LARGEST_BOOK)
    body = path.read_bytes()
    found = sheet_xls.book(body)
    if found.locked:
        raise protected()
    if not found.sheets:
        raise damaged("Le classeur")
    if sum(made.rows * made.columns for made in found.sheets) > CELLS:  # all opened at once
        raise too_big("toutes les feuilles ensemble")
    copied = folder / "book.xls"
    copied.write_bytes(body)
    return Parts(copied, ordered=tuple(found.sheets))
