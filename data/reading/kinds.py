"""What a file is, by what it contains and never by its name; then its sheet as a grid."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from data.reading import (
    geo_json,
    geo_tables,
    html_tables,
    sheet_xls,
    text_grid,
    workbooks,
    xml_spreadsheet,
)
from data.reading.archives import CHUNK, Archive, is_archive
from data.reading.bounds import check_size, damaged, guarded, protected
from data.reading.reading import LARGEST, LARGEST_BOOK, Grid, Unreadable, Wishes

HEAD = 8192  # bytes looked at
_CSV = "exportez le tableau au format CSV ou XLSX, puis redonnez-le"

# First bytes of kinds that hold no table: what to tell.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "un document PDF\u00a0: demandez au service le tableau d'origine (tableur ou export)",
    ),
    (b"\x89PNG", "une image\u00a0: demandez le tableau d'origine"),
    (b"\xff\xd8\xff", "une image\u00a0: demandez le tableau d'origine"),
    (b"GIF8", "une image\u00a0: demandez le tableau d'origine"),
    (b"II*\x00", "une image\u00a0: demandez le tableau d'origine"),
    (b"MM\x00*", "une image\u00a0: demandez le tableau d'origine"),
    (b"BM", "une image\u00a0: demandez le tableau d'origine"),
    (b"{\\rtf", "un texte mis en forme (RTF)\u00a0: copiez le tableau dans un tableur"),
    (b"Rar!", "une archive RAR\u00a0: décompressez-la et donnez le tableau seul"),
    (b"7z\xbc\xaf", "une archive 7z\u00a0: décompressez-la et donnez le tableau seul"),
    (b"BZh", "une archive bzip2\u00a0: décompressez-la et donnez le tableau seul"),
    (b"\xfd7zXZ", "une archive xz\u00a0: décompressez-la et donnez le tableau seul"),
    (b"\x00\x01\x00\x00Standard", f"une base Access\u00a0: {_CSV}"),
    (b"MIME-Version:", f"une page web enregistrée en un seul fichier\u00a0: {_CSV}"),
    (b"MZ", "un programme\u00a0: il ne sera pas ouvert"),
    (b"\x7fELF", "un programme\u00a0: il ne sera pas ouvert"),
    (b"AC10", "un dessin AutoCAD\u00a0: exportez la couche au format GeoJSON ou Shapefile"),
    (
        b"\x00\x00\x27\x0a",
        "un fichier .shp seul\u00a0: mettez .shp, .shx, .dbf et .prj dans un ZIP",
    ),
)
_BINARY = (b"BM", b"MZ")  # two letters that a text may begin with: refused only with a zero byte

# A file that an Office or OpenDocument archive holds: kind of workbook, or what to tell.
_WORKBOOKS = (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"))
_DOCUMENTS = (
    ("word/document.xml", "un document Word"),
    ("ppt/presentation.xml", "une présentation PowerPoint"),
    ("index/document.iwa", "un document Apple (Numbers, Pages ou Keynote)"),
    ("visio/document.xml", "un dessin Visio"),
)
_TABLES = (
    *(".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".json"),
    *(".geojson", ".gpkg", ".kml", ".parquet", ".html", ".htm", ".xml"),
)


def grid(path: Path, wishes: Wishes, name: str) -> Grid:
    """The sheet of a file, whatever its kind. Raises Unreadable; `name` is only for messages."""
    try:
        if not path.is_file():
            raise Unreadable(f"«\u00a0{name}\u00a0» n'est pas un fichier que l'on peut lire.")
        check_size(path.stat().st_size, LARGEST)
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise Unreadable(
            f"«\u00a0{name}\u00a0» ne s'ouvre pas\u00a0: vérifiez ses droits d'accès."
        ) from error
    with guarded():
        return _opened(path, head, wishes, layers=1)


def _opened(path: Path, head: bytes, wishes: Wishes, layers: int) -> Grid:
    """`layers`: archives that may still be opened, this one included."""
    if head.startswith(b"PK"):
        return _zip(path, wishes, layers)
    if head.startswith(b"\x1f\x8b"):
        return _gzip(path, wishes, layers)
    if head.startswith(sheet_xls.SIGNATURE):
        return _compound(path, wishes)
    _refuse(head)
    for known, reader in _READERS:
        if known(head):
            return reader(path, wishes)
    return _text(path, wishes)


def _refuse(head: bytes) -> None:
    for start, told in _REFUSED:
        if head.startswith(start) and (start not in _BINARY or b"\0" in head):
            raise Unreadable(f"C'est {told}.")
    if len(head) == HEAD and not head.strip(b"\0"):
        raise Unreadable(
            "Le fichier ne contient que des octets nuls\u00a0: sa copie ou son téléchargement a "
            "échoué, redemandez-le."
        )


# --- plain files ---------------------------------------------------------------------------------


def _start(head: bytes) -> bytes:
    """The first characters in lower case, without mark, spaces or comments."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def _is_html(head: bytes) -> bool:
    start = _start(head)
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body")):
        return True
    marked = start.startswith((b"<?xml", b"<!--", b"<style", b"<div", b"<center", b"<!doctype"))
    return marked and (b"<html" in start or b"<table" in start) and not _is_sheet_xml(head)


def _is_sheet_xml(head: bytes) -> bool:
    return (
        _start(head).startswith((b"<?xml", b"<workbook", b"<ss:")) and xml_spreadsheet.MARK in head
    )


def _is_kml(head: bytes) -> bool:
    start = _start(head)
    return start.startswith((b"<?xml", b"<kml")) and b"<kml" in start


def _is_json(head: bytes) -> bool:
    start = _start(head)
    if start.startswith(b"{"):
        return start[1:].lstrip()[:1] in (b'"', b"}")
    return start.startswith(b"[") and start[1:].lstrip()[:1] in (b"{", b"]")


def _is_xml(head: bytes) -> bool:
    return _start(head).startswith((b"<?xml", b"<svg", b"<gml", b"<gpx", b"<!doctype"))


def _not_xml(path: Path, wishes: Wishes) -> Grid:
    raise Unreadable(f"C'est un fichier XML sans tableau connu\u00a0: {_CSV}.")


def _text(path: Path, wishes: Wishes) -> Grid:
    return text_grid.grid(path, wishes)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[Path, Wishes], Grid]], ...] = (
    (lambda head: head.startswith(b"PAR1"), lambda path, wishes: geo_tables.parquet(path)),
    (lambda head: head.startswith(b"SQLite format 3\0"), geo_tables.geopackage),
    (_is_sheet_xml, xml_spreadsheet.grid),
    (_is_kml, geo_tables.kml),
    (_is_html, html_tables.grid),
    (_is_json, lambda path, wishes: geo_json.grid(path)),
    (_is_xml, _not_xml),
)


# --- compound files (Office before 2007, and protected ones) --------------------------------------


def _compound(path: Path, wishes: Wishes) -> Grid:
    check_size(path.stat().st_size, LARGEST_BOOK)
    with guarded("Le classeur"):
        names = sheet_xls.streams(path.read_bytes())
    if "EncryptedPackage" in names:
        raise protected()
    if "Workbook" in names or "Book" in names:
        return workbooks.grid(path, "xls", wishes)
    told = "un document Word" if "WordDocument" in names else "un document Office sans feuille"
    raise Unreadable(f"C'est {told}\u00a0: copiez le tableau dans un tableur, puis redonnez-le.")


# --- archives ------------------------------------------------------------------------------------


def _zip(path: Path, wishes: Wishes, layers: int) -> Grid:
    with Archive(path) as archive:
        names = archive.names
        low = {name.replace("\\", "/").lower() for name in names}
        kind = _workbook(archive, low)
    if kind is not None:
        return workbooks.grid(path, kind, wishes)
    for inside, told in _DOCUMENTS:
        if inside in low:
            raise Unreadable(f"C'est {told}\u00a0: {_CSV}.")
    if layers < 1:
        raise _nested()
    if any(name.endswith(".shp") for name in low):
        return geo_tables.shapefile(path, wishes)
    return _member(path, names, wishes)


def _workbook(archive: Archive, low: set[str]) -> str | None:
    for inside, kind in _WORKBOOKS:
        if inside in low:
            return kind
    if "mimetype" not in low or "content.xml" not in low:
        return None
    told = archive.body("mimetype", 1000) if "mimetype" in archive.names else b""
    if b"opendocument.spreadsheet" in told:
        return "ods"
    raise Unreadable(f"C'est un document OpenDocument sans feuille de calcul\u00a0: {_CSV}.")


def _member(path: Path, names: Sequence[str], wishes: Wishes) -> Grid:
    """The only table of an archive, read in its turn."""
    tables = [name for name in names if _is_table(name)] or [
        name for name in names if not _is_clutter(name)
    ]
    if len(tables) != 1:
        raise Unreadable(_several(tables))
    with tempfile.TemporaryDirectory(prefix="acv-") as folder, Archive(path) as archive:
        start = archive.start(tables[0])
        copied = archive.copy(tables[0], Path(folder) / "member")
        check_size(copied.stat().st_size, LARGEST)
        if is_archive(start) and not start.startswith(b"PK"):
            raise _nested()
        made = _opened(copied, start, wishes, layers=0)
    return replace(made, flags=(*made.flags, f"archive_member:{PurePosixPath(tables[0]).name}"))


def _is_table(name: str) -> bool:
    return not _is_clutter(name) and name.lower().endswith(_TABLES) and not _is_notice(name)


def _is_clutter(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db"


def _is_notice(name: str) -> bool:
    stem = PurePosixPath(name).stem.lower().replace("-", "").replace("_", "").replace(" ", "")
    return name.lower().endswith(".txt") and stem.startswith(("lisezmoi", "readme", "licen"))


def _several(tables: Sequence[str]) -> str:
    if not tables:
        return "L'archive ne contient aucun fichier à lire\u00a0: donnez le tableau seul."
    listed = ", ".join(f"«\u00a0{PurePosixPath(name).name}\u00a0»" for name in tables[:10])
    return f"L'archive contient plusieurs fichiers ({listed})\u00a0: donnez seulement celui à lire."


def _nested() -> Unreadable:
    return Unreadable(
        "L'archive en contient une autre\u00a0: décompressez-la et donnez le tableau seul."
    )


def _gzip(path: Path, wishes: Wishes, layers: int) -> Grid:
    if layers < 1:
        raise _nested()
    check_size(path.stat().st_size, LARGEST_BOOK)
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        copied = Path(folder) / "member"
        size = 0
        try:
            with gzip.open(path, "rb") as packed, copied.open("wb") as held:
                while piece := packed.read(CHUNK):
                    size += len(piece)
                    check_size(size, LARGEST)
                    held.write(piece)
        except (OSError, EOFError) as error:
            raise damaged("L'archive gzip") from error
        with copied.open("rb") as file:
            head = file.read(HEAD)
        return _opened(copied, head, wishes, layers=0)
