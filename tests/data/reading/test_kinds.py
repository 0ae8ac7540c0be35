"""A file is what it contains, whatever its name; what holds no table is refused with what to do."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.reading import kinds
from data.reading.reading import Grid, Unreadable, Wishes
from tests.data.reading.books import HEADERS, ROWS, ods, ods_table, xls, xlsx, zipped

TABLE = [HEADERS, *ROWS]
TEXT = "code;nom;montant\nA1;Mairie;12\nA2;École;7.5\nA3;Gare;0.25\n"
ROW = "<tr>" + "<td>{}</td>" * 3 + "</tr>"
HTML = "<table>" + "".join(ROW.format(*row) for row in TABLE) + "</table>"
SPREADSHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="F1"><Table>{}'
    "</Table></Worksheet></Workbook>"
)


def spreadsheet_row(row: list[object]) -> str:
    cells = "".join(
        f'<Cell><Data ss:Type="{kind}">{cell}</Data></Cell>'
        for cell in row
        for kind in ["String" if isinstance(cell, str) else "Number"]
    )
    return f"<Row>{cells}</Row>"


def parquet() -> bytes:
    held = io.BytesIO()
    columns = dict(zip(HEADERS, zip(*ROWS, strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), held)
    return held.getvalue()


BODIES = {
    "xlsx": xlsx(("F", TABLE)),
    "xls": xls(TABLE),
    "ods": ods(ods_table(TABLE)),
    "text": TEXT.encode(),
    "cp1252": TEXT.encode("cp1252"),
    "html": f"<html><body>{HTML}</body></html>".encode(),
    "html cp1252": f"<HTML><meta charset=iso-8859-1>{HTML}</HTML>".encode("cp1252"),
    "html utf-16": f"<html>{HTML}</html>".encode("utf-16"),
    "xml 2003": SPREADSHEET.format("".join(map(spreadsheet_row, TABLE))).encode(),
    "json": json.dumps([dict(zip(HEADERS, row, strict=True)) for row in ROWS]).encode(),
    "parquet": parquet(),
    "zip of text": zipped({"lieux.csv": TEXT, "LISEZMOI.txt": "x", "__MACOSX/._lieux.csv": "x"}),
    "zip of a workbook": zipped({"dossier/lieux.xlsx": xlsx(("F", TABLE))}),
    "gzip": gzip.compress(TEXT.encode()),
}


def grid(tmp_path: Path, body: bytes, name: str = "fichier", **wishes) -> Grid:
    path = tmp_path / "file"
    path.write_bytes(body)
    return kinds.grid(path, Wishes(**wishes), name)


def lines(made: Grid) -> list[list[str | None]]:
    header = [] if made.header is None else [list(made.header)]
    return header + [list(row.values()) for row in made.cells.to_pylist()]


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("name", ["a.csv", "a.xls"])
def test_a_table_is_the_same_in_every_kind_under_every_name(tmp_path, kind, name):
    expected = [HEADERS, *([str(cell) for cell in row] for row in ROWS)]
    assert lines(grid(tmp_path, BODIES[kind], name)) == expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1", "RTF"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x00" * 20_000, "octets nuls"),
        (b"MZ\x90\x00\x03", "programme"),
        (b"<?xml version='1.0'?><rss/>", "XML"),
        (zipped({"word/document.xml": "x", "[Content_Types].xml": "x"}), "Word"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}),
            "feuille",
        ),
        (zipped({"a.csv": "a;b", "b.csv": "c;d"}), "plusieurs"),
        (zipped({}), "aucun fichier"),
        (b"PK\x03\x04" + b"x" * 50, "abîmé"),
        (BODIES["xlsx"][:-200], "abîmé"),
        (BODIES["parquet"][:-10], "abîmé"),
        (BODIES["xls"][:1500], "abîmé"),
        (b"SQLite format 3\x00" + bytes(200), "abîmé"),
        (b'[{"a": 1},', "ligne 1"),
        (b'{"a": 1}', "ni un GeoJSON"),
        (b"<html><p>Session finie</p></html>", "sans tableau"),
    ],
)
def test_what_holds_no_table_is_refused_with_what_to_do(tmp_path, body, said):
    with pytest.raises(Unreadable, match=said) as refusal:
        grid(tmp_path, body)
    assert str(refusal.value).endswith(".")


def test_a_locked_workbook_is_told(tmp_path):
    locked = xls(TABLE).replace("Workbook".encode("utf-16-le"), "Encrypte".encode("utf-16-le"))
    with pytest.raises(Unreadable, match="sans feuille"):
        grid(tmp_path, locked)
    password = xls(TABLE).replace(b"\x42\x00\x02\x00\xb0\x04", b"\x2f\x00\x02\x00\x00\x00")
    with pytest.raises(Unreadable, match="mot de passe"):
        grid(tmp_path, password)
    body = bytearray(zipped({"a.csv": TEXT}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="mot de passe"):
        grid(tmp_path, bytes(body))


def test_the_member_of_an_archive_is_told(tmp_path):
    assert "archive_member:lieux.csv" in grid(tmp_path, BODIES["zip of text"]).flags


def test_cells_of_a_page_are_whole(tmp_path):
    body = (
        "<table><tr><th colspan=2>Lieu<th>Code</tr><tr><td rowspan=2>A&amp;B<td>Rue <b>du</b>\n"
        "Port<br>bis<td>01</tr><tr><td>x<td>02</table><table><tr><td>menu</table>"
    )
    made = grid(tmp_path, body.encode())
    assert lines(made) == [
        ["Lieu", None, "Code"],
        ["A&B", "Rue du Port\nbis", "01"],
        ["A&B", "x", "02"],
    ]
    assert made.flags == ("filled_down",)
    assert made.sheets == ("Tableau 1", "Tableau 2")
    assert lines(grid(tmp_path, body.encode(), sheet="tableau 2")) == [["menu"]]


def test_lines_that_an_xml_workbook_skips_are_empty(tmp_path):
    row = '<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="DateTime">2024-01-02T00:00:00.000'
    body = SPREADSHEET.format(spreadsheet_row(["a", "b"]) + row + "</Data></Cell></Row>")
    assert lines(grid(tmp_path, body.encode())) == [["a", "b"], [None] * 2, [None, "2024-01-02"]]
