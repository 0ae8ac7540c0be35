"""Dirty files at will, the same for the same seed, of every kind that is read.

A file is drawn as a table, written in one kind, then damaged: bytes changed, cut, doubled, or its
structure (lines, cells, XML, members of an archive) shuffled.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.data.reading import books

_WORDS = tuple(
    """id nom code_insee Date montant € % é Œuvre total Total année 46042 02134 1,5 1.234,56
12,5% 01/02/2024 2024-02-30 31/12/99 oui non NC n/a - true 0 -3 1e400 NaN inf 75001 48.85,2.35
=1+1 @cmd -2+3 "guillemet" a;b a,b '' 21460042100015 2.14600421E+13 0565208800 +33565208800
Lambert48°51'24"N 652000,5 6862000 avril février-2023 10h30 Source: note sous-total""".split()  # noqa: SIM905
)
_ODD = ["", " ", "\u00a0", "\ufeff", "\x00", "\t", "\r", "\u2028", "\ud7ff", "x" * 5000, "Ã©", "🌳"]
_ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac_roman", "cp850")
_PIECES = (
    *(b"\x00", b"\xff", b'"', b";", b"\r\n", b"PK\x03\x04", b"<", b">", b"&", b"{", b"[" * 50),
    *(b"99999999999", b"-1", b"1048576", b"XFD1048576", b"NaN", b"1e999", b"<!DOCTYPE a [", b"]]>"),
)

Table = list[list[object]]


def files(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of `count` files; the name gives the seed back."""
    for number in range(count):
        yield one(seed, number)


def one(seed: int, number: int) -> tuple[str, bytes]:
    """The file of a seed and a number."""
    drawn = random.Random(f"{seed}-{number}")
    kind, write = drawn.choice(_KINDS)
    body = write(drawn, _table(drawn))
    for _ in range(drawn.choice((0, 1, 1, 2, 5))):
        body = drawn.choice(_DAMAGES)(drawn, body)
    return f"{seed}-{number}.{kind}", body


def _table(drawn: random.Random) -> Table:
    width, height = drawn.randint(0, 8), drawn.choice((0, 1, 2, 5, 30))
    rows: Table = [[_cell(drawn) for _ in range(width)] for _ in range(height)]
    if drawn.random() < 0.3:
        for row in rows:
            del row[drawn.randint(0, width) :]
    return rows


def _cell(drawn: random.Random) -> object:
    chance = drawn.random()
    if chance < 0.1:
        return None
    if chance < 0.3:
        return drawn.choice((0, 1, -1, 0.1, 1e20, 45292, 45292.5, 2154, 48.85, 10**15))
    if chance < 0.4:
        return drawn.choice(_ODD)
    return " ".join(drawn.choices(_WORDS, k=drawn.choice((1, 1, 1, 2, 4))))


# --- kinds ---------------------------------------------------------------------------------------


def _plain(row: list[object]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]


def _csv(drawn: random.Random, rows: Table) -> bytes:
    mark, end = drawn.choice(";,\t|:"), drawn.choice(("\n", "\r\n", "\r"))
    quoted = drawn.random() < 0.5
    lines = [
        mark.join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in _plain(row))
        for row in rows
    ]
    return end.join(lines).encode(drawn.choice(_ENCODINGS), errors="replace")


def _xml(text: object) -> object:
    """A cell that may stand in XML."""
    if not isinstance(text, str):
        return text
    kept = re.sub(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd]", "", text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _xlsx(drawn: random.Random, rows: Table) -> bytes:
    plain = [[_short(cell) for cell in row] for row in rows]
    sheets = [("Données", plain)]
    sheets += [(str(2020 + number), plain) for number in range(drawn.choice((0, 0, 1, 3)))]
    return books.xlsx(*sheets, hidden=drawn.choice(((), ("2020",))))


def _short(cell: object) -> object:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "", cell) if isinstance(cell, str) else cell


def _raw_xlsx(drawn: random.Random, rows: Table) -> bytes:
    cells = "".join(
        f"<row r='{line}'>"
        + "".join(
            books.inline(f"{chr(65 + at)}{line}", _xml(str(cell))) for at, cell in enumerate(row)
        )
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    return books.raw_xlsx(f"<sheetData>{cells}</sheetData>")


def _ods(drawn: random.Random, rows: Table) -> bytes:
    plain = [[_xml(cell) for cell in row] for row in rows]
    after = drawn.choice(("", _MANY_ROWS))
    return books.ods(books.ods_table(plain, after=after))


_MANY_ROWS = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
)


def _xls(drawn: random.Random, rows: Table) -> bytes:
    return books.xls([[_short_text(cell) for cell in row] for row in rows])


def _short_text(cell: object) -> object:
    return cell[:100] if isinstance(cell, str) else cell


def _geojson(drawn: random.Random, rows: Table) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {f"p{at}": cell for at, cell in enumerate(row)},
            "geometry": _geometry(drawn),
        }
        for row in rows
    ]
    document: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if drawn.random() < 0.2:
        document["crs"] = {"type": "name", "properties": {"name": drawn.choice(_CRS)}}
    return json.dumps(document).encode()


_CRS = ("urn:ogc:def:crs:EPSG::2154", "EPSG:3948", "EPSG:999999", "+init=/vsicurl/x", "")


def _geometry(drawn: random.Random) -> object:
    x, y = drawn.choice(((2.35, 48.85), (48.85, 2.35), (652000, 6862000), (1e300, 0), (0, 0)))
    return drawn.choice(
        (
            None,
            {"type": "Point", "coordinates": [x, y]},
            {"type": "Point", "coordinates": [x, y, 12]},
            {"type": "Point", "coordinates": []},
            {"type": "Polygon", "coordinates": [[[x, y], [x + 1, y], [x, y + 1], [x, y]]]},
            {"type": "Polygon", "coordinates": [[[x, y]]]},
            {"type": "Cercle"},
        )
    )


def _html(drawn: random.Random, rows: Table) -> bytes:
    lines = "".join(
        "<tr>" + "".join(f"<td colspan={drawn.choice((1, 1, 2, 999999))}>{cell}" for cell in row)
        for row in rows
    )
    return f"<html><table>{lines}</table>".encode(drawn.choice(("utf-8", "cp1252")), "replace")


def _zip(drawn: random.Random, rows: Table) -> bytes:
    name = drawn.choice(("a.csv", "données/a.csv", "../a.csv", "/a.csv", "a.zip", "a"))
    return books.zipped({name: _csv(drawn, rows), **drawn.choice(({}, {"lisezmoi.txt": "x"}))})


def _gzip(drawn: random.Random, rows: Table) -> bytes:
    return gzip.compress(_csv(drawn, rows), mtime=0)


def _gpkg(drawn: random.Random, rows: Table) -> bytes:
    return _package()


@cache
def _package() -> bytes:
    """A small GeoPackage; written once, GDAL being slow at it."""
    import pyarrow as pa
    import pyogrio
    import shapely

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        table = pa.table(
            {"nom": ["a", "é"], "geometry": [shapely.to_wkb(shapely.Point(2, 48))] * 2}
        )
        pyogrio.write_arrow(
            table,
            path,
            driver="GPKG",
            layer="lieux",
            geometry_name="geometry",
            geometry_type="Point",
            crs="EPSG:4326",
        )
        with sqlite3.connect(path) as opened:
            opened.execute("pragma journal_mode = delete")
        opened.close()
        return path.read_bytes()


_KINDS: tuple[tuple[str, Callable[[random.Random, Table], bytes]], ...] = (
    *[("csv", _csv)] * 5,
    *(("xlsx", _xlsx), ("xlsx", _raw_xlsx), ("xlsx", _raw_xlsx), ("ods", _ods), ("ods", _ods)),
    *(("xls", _xls), ("geojson", _geojson), ("geojson", _geojson), ("xls", _html), ("zip", _zip)),
    *(("csv.gz", _gzip), ("gpkg", _gpkg)),
)


# --- damages -------------------------------------------------------------------------------------


def _cut(drawn: random.Random, body: bytes) -> bytes:
    return body[: drawn.randint(0, len(body))]


def _flipped(drawn: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(drawn.choice((1, 3, 20))):
        if changed:
            changed[drawn.randrange(len(changed))] = drawn.randrange(256)
    return bytes(changed)


def _inserted(drawn: random.Random, body: bytes) -> bytes:
    at = drawn.randint(0, len(body))
    return body[:at] + drawn.choice(_PIECES) * drawn.choice((1, 1, 10)) + body[at:]


def _removed(drawn: random.Random, body: bytes) -> bytes:
    at = drawn.randint(0, len(body))
    return body[:at] + body[at + drawn.choice((1, 10, 500)) :]


def _doubled(drawn: random.Random, body: bytes) -> bytes:
    start = drawn.randint(0, len(body))
    stop = min(len(body), start + drawn.choice((5, 100, 3000)))
    return body[:stop] + body[start:stop] * drawn.choice((1, 4)) + body[stop:]


def _shuffled(drawn: random.Random, body: bytes) -> bytes:
    lines = body.split(b"\n")
    drawn.shuffle(lines)
    return b"\n".join(lines)


def _inside(drawn: random.Random, body: bytes) -> bytes:
    """Damage one member of an archive, and pack it again: the archive itself stays sound."""
    try:
        held = books.members(body)
    except Exception:
        return _flipped(drawn, body)
    if not held:
        return body
    name = drawn.choice(sorted(held))
    held[name] = drawn.choice((_cut, _flipped, _inserted, _removed, _figures))(drawn, held[name])
    if drawn.random() < 0.2:
        del held[drawn.choice(sorted(held))]
    return books.zipped(held)


def _figures(drawn: random.Random, body: bytes) -> bytes:
    """One number of a document becomes another one, huge or negative."""
    found = list(re.finditer(rb"\d+", body))
    if not found:
        return body
    one = drawn.choice(found)
    other = drawn.choice((b"0", b"1048576", b"16384", b"99999999", b"-5", b"1e300", b"A"))
    return body[: one.start()] + other + body[one.end() :]


_DAMAGES = (_cut, _flipped, _inserted, _removed, _doubled, _shuffled, _inside, _inside, _figures)
