"""Files as services send them, with the table and the flags that must come out.

Written without looking at how the reader works: what is asked is the normal form of the interface.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import xlsxwriter

from data.reading.door import read


@dataclass(frozen=True)
class Case:
    name: str
    body: bytes
    header: list[str]
    rows: list[list[str | None]]
    flags: tuple[str, ...] = ()  # each must be raised (its beginning is enough)
    file: str = "fichier.csv"
    types: dict[str, str] = field(default_factory=dict)


def text(name: str, content: str, header: str, rows: list[str], *flags: str, **said) -> Case:
    """A case in UTF-8; expected rows are written with « | », nothing meaning null."""
    encoding = said.pop("encoding", "utf-8")
    expected = [[cell or None for cell in row.split("|")] for row in rows]
    return Case(name, content.encode(encoding), header.split("|"), expected, flags, **said)


TREES = "nom;haut\nÉrable champêtre;12\nChêne;8\n"
TREES_ROWS = ["Érable champêtre|12", "Chêne|8"]
PLACES = "lieu,code\nMairie,46042\nÉcole,46102\nGare,46201\n"

CASES = [
    # --- encodings
    text("utf8", TREES, "nom|haut", TREES_ROWS),
    text("utf8 bom", TREES, "nom|haut", TREES_ROWS, encoding="utf-8-sig"),
    text("cp1252", TREES, "nom|haut", TREES_ROWS, encoding="cp1252"),
    text(
        "cp1252 euro",
        "objet;prix\nBanc 50 €;3\nŒuvre d’art;4\n",
        "objet|prix",
        ["Banc 50 €|3", "Œuvre d’art|4"],
        encoding="cp1252",
    ),
    text("utf16 le", TREES, "nom|haut", TREES_ROWS, encoding="utf-16"),
    Case(
        "utf16 be",
        b"\xfe\xff" + TREES.encode("utf-16-be"),
        ["nom", "haut"],
        [["Érable champêtre", "12"], ["Chêne", "8"]],
    ),
    Case(
        "double utf8",
        TREES.encode("utf-8").decode("cp1252").encode("utf-8"),
        ["nom", "haut"],
        [["Érable champêtre", "12"], ["Chêne", "8"]],
        ("mojibake_repaired",),
    ),
    Case(
        "mixed",
        "nom;haut\nÉrable;1\n".encode() + "Chêne;2\nÉpicéa;3\n".encode("cp1252"),
        ["nom", "haut"],
        [["Érable", "1"], ["Chêne", "2"], ["Épicéa", "3"]],
        ("mixed_encoding",),
    ),
    Case(
        "accent late",
        b"nom;n\n" + b"abc;1\n" * 300 + "Orl\u00e9ans;2\n".encode("cp1252"),
        ["nom", "n"],
        [["abc", "1"]] * 300 + [["Orléans", "2"]],
    ),
    # --- delimiters, quotes, line ends
    text("tab", "a\tb\nx\t1\ny\t2\n", "a|b", ["x|1", "y|2"]),
    text("pipe", "a|b\nx|1\ny|2\n", "a|b", ["x|1", "y|2"]),
    text("sep line", "sep=;\na;b\nx;1\ny;2\n", "a|b", ["x|1", "y|2"]),
    text("cr only", "a;b\rx;1\ry;2\r", "a|b", ["x|1", "y|2"]),
    text("crlf", "a;b\r\nx;1\r\ny;2\r\n", "a|b", ["x|1", "y|2"]),
    text(
        "commas in semicolons",
        "objet;lieu;n\nPose, dépose, reprise;Rue A, B;1\nCuve, pompe;Rue C, D;2\n"
        "Banc, socle, vis;Rue E;3\n",
        "objet|lieu|n",
        ["Pose, dépose, reprise|Rue A, B|1", "Cuve, pompe|Rue C, D|2", "Banc, socle, vis|Rue E|3"],
    ),
    text("quoted delimiter", 'a;b\n"x;y";1\nz;2\n', "a|b", ["x;y|1", "z|2"]),
    Case("inner line break", b'a;b\n"l1\nl2";1\nz;2\n', ["a", "b"], [["l1\nl2", "1"], ["z", "2"]]),
    text("doubled quotes", 'a;b\n"dit ""oui""";1\nz;2\n', "a|b", ['dit "oui"|1', "z|2"]),
    text("trailing semicolons", "a;b;;;\nx;1;;;\ny;2;;;\n", "a|b", ["x|1", "y|2"]),
    text("short rows", "a;b;c\nx;1\ny;2;z\nw;3;v\n", "a|b|c", ["x|1|", "y|2|z", "w|3|v"]),
    text("one column", "nom\nParis\nLyon\nMetz\n", "nom", ["Paris", "Lyon", "Metz"]),
    # --- headers
    text(
        "title lines",
        "Liste des arbres de la ville;;\nService espaces verts, 2024;;\n;;\n"
        "id;genre;haut\n1;Tilia;12\n2;Acer;8\n",
        "id|genre|haut",
        ["1|Tilia|12", "2|Acer|8"],
    ),
    text(
        "title without delimiters",
        "Inventaire 2024\n\nid;genre\n1;Tilia\n2;Acer\n",
        "id|genre",
        ["1|Tilia", "2|Acer"],
    ),
    text(
        "units row",
        "site;hauteur;largeur\n;m;cm\nA;2;30\nB;3;40\nC;4;50\n",
        "site|hauteur|largeur",
        ["A|2|30", "B|3|40", "C|4|50"],
        "units_row",
    ),
    text("repeated names", "a;b;b\n1;2;3\n4;5;6\n", "a|b|b_2", ["1|2|3", "4|5|6"]),
    text("empty name", "a;;c\n1;x;3\n4;y;6\n", "a|colonne_2|c", ["1|x|3", "4|y|6"]),
    text(
        "no header",
        "12;Tilia;2019\n13;Acer;2020\n14;Quercus;2021\n",
        "colonne_1|colonne_2|colonne_3",
        ["12|Tilia|2019", "13|Acer|2020", "14|Quercus|2021"],
        "no_header",
    ),
    # --- rows
    text(
        "total",
        "poste;montant\nVoirie;100\nÉcoles;200\nTotal;300\n",
        "poste|montant",
        ["Voirie|100", "Écoles|200"],
        "total_row_dropped",
    ),
    text(
        "notes after",
        "a;b\nx;1\ny;2\n\nSource : service technique, données provisoires;\n",
        "a|b",
        ["x|1", "y|2"],
        "footnotes_dropped",
    ),
    text(
        "repeated header", "a;b\nx;1\na;b\ny;2\n", "a|b", ["x|1", "y|2"], "repeated_header_dropped"
    ),
    text("blank rows", "a;b\n\nx;1\n;\ny;2\n\n", "a|b", ["x|1", "y|2"]),
    text("duplicates", "a;b\nx;1\nx;1\ny;2\n", "a|b", ["x|1", "x|1", "y|2"], "duplicate_rows:1"),
    # --- values
    text(
        "decimal comma",
        "site;surface\nA;12,5\nB;3,25\nC;1000,75\n",
        "site|surface",
        ["A|12.5", "B|3.25", "C|1000.75"],
        types={"surface": "number"},
    ),
    text(
        "thousands space",
        "poste;montant\nA;1 234,50\nB;12\u00a0345,00\nC;1\u202f000\n",
        "poste|montant",
        ["A|1234.50", "B|12345.00", "C|1000"],
    ),
    text(
        "thousands dot",
        "poste;montant\nA;1.234,56\nB;12.345,60\nC;7,00\n",
        "poste|montant",
        ["A|1234.56", "B|12345.60", "C|7.00"],
    ),
    text(
        "percent",
        "zone;part\nA;12,5 %\nB;7 %\nC;100 %\n",
        "zone|part",
        ["A|0.125", "B|0.07", "C|1"],
        "percent:part",
    ),
    text(
        "unit",
        "site;hauteur\nA;12 m\nB;3,5 m\nC;8 m\n",
        "site|hauteur",
        ["A|12", "B|3.5", "C|8"],
        "unit:hauteur:m",
    ),
    text(
        "french dates",
        "acte;date\nA;12/03/2024\nB;01/12/2023\nC;25/07/2024\n",
        "acte|date",
        ["A|2024-03-12", "B|2023-12-01", "C|2024-07-25"],
        types={"date": "date"},
    ),
    text(
        "month words",
        "acte;date\nA;12 mars 2024\nB;1er août 2023\nC;3 décembre 2022\n",
        "acte|date",
        ["A|2024-03-12", "B|2023-08-01", "C|2022-12-03"],
    ),
    text(
        "year first slashes",
        "acte;date\nA;2020/10/22\nB;2021/01/05\n",
        "acte|date",
        ["A|2020-10-22", "B|2021-01-05"],
    ),
    text(
        "mixed dates",
        "acte;date\nA;12/03/2024\nB;2024-04-15\nC;3 mai 2024\n",
        "acte|date",
        ["A|2024-03-12", "B|2024-04-15", "C|2024-05-03"],
    ),
    text(
        "serial dates",
        "acte;date\nA;45363\nB;45000\nC;44197\n",
        "acte|date",
        ["A|2024-03-12", "B|2023-03-15", "C|2021-01-01"],
        "excel_serial",
    ),
    text(
        "month alone", "zone;mois\nA;03/2024\nB;11/2023\n", "zone|mois", ["A|2024-03", "B|2023-11"]
    ),
    text(
        "yes no",
        "site;accessible\nA;Oui\nB;NON\nC;oui\n",
        "site|accessible",
        ["A|true", "B|false", "C|true"],
        types={"accessible": "boolean"},
    ),
    text(
        "missing words",
        "site;note\nA;12\nB;NC\nC;n/a\nD;\nE;#N/A\n",
        "site|note",
        ["A|12", "B|", "C|", "D|", "E|"],
    ),
    text(
        "siret spaces",
        "nom;siret\nCahors;214 600 421 00014\nX;356 000 000 00048\n",
        "nom|siret",
        ["Cahors|21460042100014", "X|35600000000048"],
    ),
    text(
        "siret scientific",
        "nom;siret\nCahors;2,146E+13\nX;35600000000048\n",
        "nom|siret",
        ["Cahors|2,146E+13", "X|35600000000048"],
        "siret_unrecoverable:1",
    ),
    text(
        "lost zero insee",
        "commune;code_insee\nBourg-en-Bresse;1053\nLaon;2408\nCahors;46042\n",
        "commune|code_insee",
        ["Bourg-en-Bresse|01053", "Laon|02408", "Cahors|46042"],
        "leading_zero_restored",
    ),
    text(
        "lost zero postal",
        "commune;code postal\nBourg-en-Bresse;1000\nLaon;2000\nCahors;46000\n",
        "commune|code postal",
        ["Bourg-en-Bresse|01000", "Laon|02000", "Cahors|46000"],
        "leading_zero_restored",
    ),
    text(
        "phone",
        "nom;telephone\nMairie;05 65 20 87 87\nGare;+33 5 65 20 00 00\nPoste;0565.20.61.00\n",
        "nom|telephone",
        ["Mairie|0565208787", "Gare|0565200000", "Poste|0565206100"],
    ),
    text(
        "swapped",
        "lieu;longitude;latitude\nA;44.4475;1.4406\nB;44.4512;1.4367\nC;44.4440;1.4501\n",
        "lieu|longitude|latitude",
        ["A|1.4406|44.4475", "B|1.4367|44.4512", "C|1.4501|44.4440"],
        "latlon_swapped",
    ),
    text(
        "one cell point",
        "lieu;coordonnees\nA;44.4475, 1.4406\nB;44.4512, 1.4367\n",
        "lieu|coordonnees",
        ["A|44.4475,1.4406", "B|44.4512,1.4367"],
    ),
    text("code kept", "ref;nom\n007;A\n012;B\n100;C\n", "ref|nom", ["007|A", "012|B", "100|C"]),
    text(
        "street named total",
        "voie;n\nrue du Total;1\nrue de la Somme;2\n",
        "voie|n",
        ["rue du Total|1", "rue de la Somme|2"],
    ),
    text(
        "house numbers",
        "numero;voie\n12 bis;rue A\n3;rue B\n14 m;rue C\n",
        "numero|voie",
        ["12 bis|rue A", "3|rue B", "14 m|rue C"],
    ),
    text(
        "free text keeps its commas",
        "id;remarque\n1;Haie taillée, à revoir\n2;1,5 m de haut environ\n",
        "id|remarque",
        ["1|Haie taillée, à revoir", "2|1,5 m de haut environ"],
    ),
    Case("header only", b"a;b;c\n", ["a", "b", "c"], [], ("empty",)),
]


def book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as made:
        fill(made)
    return held.getvalue()


def rows(sheet, lines, top: int = 0, left: int = 0) -> None:
    for number, line in enumerate(lines):
        sheet.write_row(top + number, left, line)


def _plain(made) -> None:
    sheet = made.add_worksheet()
    rows(sheet, [["insee", "surface", "date"], [46042, 12.5, ""], [1004, 3, ""]])
    for line, day in enumerate([dt.datetime(2024, 3, 12), dt.datetime(2023, 1, 5)], start=1):
        sheet.write_datetime(line, 2, day, made.add_format({"num_format": "dd/mm/yyyy"}))


def _hidden_first(made) -> None:
    hidden = made.add_worksheet("param")
    rows(hidden, [["clé", "valeur"], ["x", 1]])
    shown = made.add_worksheet("arbres")
    rows(shown, [["id", "genre"], [1, "Tilia"], [2, "Acer"]])
    shown.activate()
    hidden.hide()


def _offset(made) -> None:
    rows(made.add_worksheet(), [["id", "genre"], [1, "Tilia"], [2, "Acer"]], top=4, left=3)


def _years(made) -> None:
    for year in ("2023", "2024"):
        rows(made.add_worksheet(year), [["poste", "montant"], [f"A{year}", 1], [f"B{year}", 2]])


def _merged_title(made) -> None:
    sheet = made.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "Inventaire des arbres 2024")
    rows(sheet, [["id", "genre", "haut"], [1, "Tilia", 12], [2, "Acer", 8]], top=2)


BOOKS = [
    Case(
        "workbook",
        book(_plain),
        ["insee", "surface", "date"],
        [["46042", "12.5", "2024-03-12"], ["01004", "3", "2023-01-05"]],
        ("leading_zero_restored",),
        "arbres.xlsx",
    ),
    Case(
        "workbook named csv",
        book(_offset),
        ["id", "genre"],
        [["1", "Tilia"], ["2", "Acer"]],
        file="arbres.csv",
    ),
    Case(
        "hidden first sheet",
        book(_hidden_first),
        ["id", "genre"],
        [["1", "Tilia"], ["2", "Acer"]],
        file="arbres.xlsx",
    ),
    Case(
        "merged title",
        book(_merged_title),
        ["id", "genre", "haut"],
        [["1", "Tilia", "12"], ["2", "Acer", "8"]],
        file="arbres.xlsx",
    ),
    text("text named xls", TREES, "nom|haut", TREES_ROWS, file="arbres.xls"),
    text(
        "html named xls",
        "<html><body><table><tr><th>nom</th><th>haut</th></tr><tr><td>Tilleul</td>"
        "<td>12</td></tr><tr><td>Chêne</td><td>8</td></tr></table></body></html>",
        "nom|haut",
        ["Tilleul|12", "Chêne|8"],
        file="arbres.xls",
    ),
    text(
        "geojson",
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"nom":"A"},"geometry":{"type":"Point","coordinates":[1.44,44.45]}},{"type":"Feature",'
        '"properties":{"nom":"B"},"geometry":{"type":"Point","coordinates":[1.45,44.46]}}]}',
        "nom|longitude|latitude",
        ["A|1.44|44.45", "B|1.45|44.46"],
        file="points.geojson",
    ),
]


@pytest.mark.parametrize("case", CASES + BOOKS, ids=lambda case: case.name)
def test_a_file_comes_out_in_normal_form(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.body)
    found = read(path)
    assert found.refused is None
    assert found.table.column_names == case.header
    made = [list(row.values()) for row in found.table.to_pylist()]
    assert made == case.rows
    for flag in case.flags:
        assert any(one.startswith(flag) for one in found.flags), (flag, found.flags)
    types = {column.name: column.type for column in found.columns}
    assert {name: types[name] for name in case.types} == case.types


def test_one_sheet_a_year_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    path.write_bytes(book(_years))
    found = read(path)
    assert "sheets_stacked" in found.flags
    assert found.table.num_rows == 4
    assert {"2023", "2024"} <= {
        value for column in found.table.columns for value in column.to_pylist()
    }


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("vide.csv", b""),
        ("blanc.csv", b"\n \n;;\n"),
        ("note.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("abime.xlsx", b"PK\x03\x04" + b"\x00" * 200),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(name, body, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    found = read(path)
    assert found.refused and found.refused.endswith(".")
    assert found.table.num_rows == 0
