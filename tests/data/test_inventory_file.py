"""A spreadsheet sent back by a service: moved, renamed, damaged or hostile."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from data import inventory_words as words
from data import workbook_size
from data.cells import neutral, restored
from data.inventory_file import read
from data.spreadsheet import Unreadable, sheets
from data.workbook_size import COLUMNS, ROWS

ID, TITLE, STATUS, MARK = "Identifiant", "Donnée", "Statut", "Repère de l'export"
HEADERS = [ID, *(made.header for made in words.filled()), MARK]
GOOD_MARK = "v1|46042|2026-11-21|-"


def workbook(*sheets_: tuple[str, list[list[object]]]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets_:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    book.close()
    return held.getvalue()


def inventory(*rows: list[object], headers: list[str] = HEADERS) -> bytes:
    return workbook(("Inventaire", [headers, *rows]))


def one(**cells: object):
    """The only row of a file whose columns are those named (« Texte_cité » for « Texte cité »)."""
    headers = [name.replace("_", " ") for name in cells]
    return read(inventory(list(cells.values()), headers=headers)).rows[0]


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Ouverte", "  OUVERTE ", "ouverte", "open", "Open", "Ouvérte"])
def test_a_status_is_read_as_a_word_or_a_code(typed):
    assert one(Identifiant="tree_inventory", Statut=typed).said == {"status": "open"}


@pytest.mark.parametrize("column", [made for made in words.filled() if made.words])
def test_every_word_of_every_list_comes_back_as_its_code(column):
    for code, word in column.words.items():
        for typed in (word, word.upper(), f" {word} ", code):
            row = read(inventory(["tree_inventory", typed], headers=[ID, column.header])).rows[0]
            assert row.said == {column.name: code}


def test_a_word_out_of_the_list_is_kept_as_typed_for_the_merge_to_refuse():
    assert one(Identifiant="tree_inventory", Statut="presque").said == {"status": "presque"}


def test_n_existe_pas_speaks_of_existence():
    row = one(Identifiant="tree_inventory", Statut="N’existe pas")
    assert row.said == {"status": "not_evaluated", "existence": "not_produced"}
    assert not row.problems
    clash = one(Identifiant="tree_inventory", Statut="N'existe pas", Existence="Existe")
    assert "gardez l'un des deux" in clash.problems[0]


def test_an_empty_cell_says_nothing_and_a_word_erases():
    row = one(Identifiant="tree_inventory", Statut="", Note="Effacer", Explication="   ")
    assert row.said == {"note": None}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_a_neutralised_text_comes_back_as_it_was(text):
    kept = words.canonical(text) or ""
    assert restored(neutral(kept)) == kept
    assert not neutral(kept).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "'=1", "''=1", "'l'eau", "effacer", "'Effacer", "+33 5", "a\nb", "_x0041_", "x"],
)
def test_a_text_travels_through_a_workbook(text):
    assert one(Identifiant="tree_inventory", Note=neutral(text)).said == {"note": text}


@pytest.mark.parametrize(
    "cell", [datetime(2026, 10, 3), 46298, "03/10/2026", "3/10/26", "2026-10-03", "3.10.2026"]
)
def test_a_day_is_read_however_it_is_written(cell):
    row = one(Identifiant="tree_inventory", Date_de_la_demande=cell)
    assert row.said == {"asked_on": date(2026, 10, 3)}


@pytest.mark.parametrize("cell", ["hier", "32/01/2026", "2026-13-01", 3])
def test_a_day_that_is_none_is_said_with_what_was_typed(cell):
    row = one(Identifiant="tree_inventory", Date_de_la_demande=cell)
    assert "asked_on" not in row.said
    assert str(cell) in row.problems[0]


def test_a_number_typed_in_a_text_column_keeps_its_digits():
    assert one(Identifiant="tree_inventory", Contact_public=565208800).said["contact"] == (
        "565208800"
    )


# --- columns and rows ------------------------------------------------------------------------


def test_moved_renamed_missing_and_doubled_columns_are_said():
    headers = ["statut", "Remarques", " IDENTIFIANT ", "Statut", "note"]
    found = read(inventory(["Ouverte", "vu", "tree_inventory", "Protégée", "ok"], headers=headers))
    assert found.rows[0].said == {"status": "open", "note": "ok"}
    said = " ".join(found.problems)
    assert "Colonne «\u00a0Remarques\u00a0» inconnue, laissée de côté (1 cellule remplie)" in said
    assert "«\u00a0Statut\u00a0» présente deux fois" in said
    assert "Colonne «\u00a0Texte cité\u00a0» absente" in said


def test_a_row_is_found_by_title_where_the_identifier_column_is_lost():
    title = words.inventory_datasets()["tree_inventory"].title
    assert one(Donnée=title.upper(), Statut="Ouverte").dataset == "tree_inventory"


def test_unknown_doubled_added_and_empty_rows_all_come_out_with_their_line():
    found = read(
        inventory(
            ["tree_inventory", "Ouverte"],
            [],
            ["nothing_such", "Ouverte"],
            ["tree_inventory", "Protégée"],
            ["", "Ouverte"],
        )
    )
    assert [(row.dataset, row.place) for row in found.rows] == [
        ("tree_inventory", "ligne\u00a02"),
        (None, "ligne\u00a04"),
        ("tree_inventory", "ligne\u00a05"),
        (None, "ligne\u00a06"),
    ]


def test_several_sheets_are_read_and_named_and_other_sheets_left_aside():
    body = workbook(
        ("Espaces verts", [["Titre"], [], [ID, STATUS], ["tree_inventory", "Ouverte"]]),
        ("Voirie", [[ID, STATUS], ["street_lights", "Protégée"]]),
        ("Mode d'emploi", [[ID, STATUS], ["tree_inventory", "Protégée"]]),
        ("Notes", [["tout autre chose"]]),
    )
    found = read(body)
    assert [row.dataset for row in found.rows] == ["tree_inventory", "street_lights"]
    assert found.rows[0].place == "feuille «\u00a0Espaces verts\u00a0», ligne\u00a04"


def test_merged_cells_count_once():
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [ID, STATUS])
    sheet.merge_range(1, 1, 2, 1, "Ouverte")
    sheet.write(1, 0, "tree_inventory")
    sheet.write(2, 0, "street_lights")
    book.close()
    first, second = read(held.getvalue()).rows
    assert first.said == {"status": "open"}
    assert second.said == {}


@pytest.mark.parametrize("bad", ["", "v1|46042", "v2|46042|2026-11-21|-", "v1|46042|hier|-", "x"])
def test_a_mark_that_was_changed_is_no_mark(bad):
    row = read(inventory(["tree_inventory", bad], headers=[ID, MARK])).rows[0]
    assert row.mark is None


def test_a_mark_comes_back():
    row = read(inventory(["tree_inventory", GOOD_MARK], headers=[ID, MARK])).rows[0]
    assert row.mark == words.Mark("46042", date(2026, 11, 21), None)
    assert row.mark.written() == GOOD_MARK


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", ","), ("utf-8", "\t")]
)
def test_a_csv_is_read_too(encoding, delimiter):
    lines = [[ID, STATUS, "Note"], ["tree_inventory", "Protégée", "été"]]
    body = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    assert read(body).rows[0].said == {"status": "closed_justified", "note": "été"}


# --- hostile ---------------------------------------------------------------------------------


def refusal(body: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(body)
    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\x00\x01\x02" * 100,
        b"PK\x03\x04 and nothing",
        b"%PDF-1.7 hello",
        b"<html><body>x</body></html>",
        b"Nom;Valeur\na;b\n",
        b'a;"never closed',
        bytes(range(256)) * 40,
    ],
)
def test_what_is_no_inventory_is_refused_in_one_sentence(body):
    refusal(body)


def test_a_locked_file_and_an_old_one_are_told_apart():
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "mot de passe" in refusal(head + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"))
    assert "ancien format" in refusal(head + b"\0" * 600)


def test_a_file_that_is_too_heavy_is_refused_unread():
    assert "trop lourd" in refusal(b"PK" + b"\0" * 10_000_001)


def rezipped(body: bytes, **changed: bytes) -> bytes:
    """The same workbook, with parts replaced: {« xl/worksheets/sheet1.xml »: content}."""
    held = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(body))
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.pop(name, source.read(name)))
        for name, content in changed.items():
            target.writestr(name, content)
    return held.getvalue()


def test_a_zip_bomb_is_refused():
    good = inventory(["tree_inventory", "Ouverte"])
    bomb = rezipped(good, **{"xl/bomb.xml": b" " * 101_000_000})
    assert len(bomb) < 1_000_000
    assert "trop grand" in refusal(bomb)


def test_a_file_that_lies_on_its_size_is_refused():
    good = bytearray(rezipped(inventory(["x"]), **{"xl/bomb.xml": b" " * 5_000_000}))
    real, told = (5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert real in good
    refusal(bytes(good.replace(real, told)))


def test_too_many_members_are_refused():
    many = {f"xl/{number}.xml": b"" for number in range(2_100)}
    assert "trop grand" in refusal(rezipped(inventory(["x"]), **many))


SHEET = "xl/worksheets/sheet1.xml"


def planted(rows: str) -> bytes:
    """An inventory whose sheet holds these rows of XML."""
    good = inventory(["tree_inventory", "Ouverte"])
    sheet = zipfile.ZipFile(io.BytesIO(good)).read(SHEET).decode()
    return rezipped(good, **{SHEET: sheet.replace("</sheetData>", rows + "</sheetData>").encode()})


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="9"><c r="XFD9"><v>1</v></c></row>',
        "<row r='1048576'><c><v>1</v></c></row>",
        '<x:row r = "1048576"><x:c r = "A1048576"><x:v>1</x:v></x:c></x:row>',
        '<row r="9"><c s=">" r="XFD1048576"><v>1</v></c></row>',
        "<row spans='>' r='1048576'><c><v>1</v></c></row>",
        '<row r="9"><c><!-- > --><v/></c><c s="/>" r="XFD9"><is><t>a</t></is></c></row>',
        '<row r="9"><c r="XFD9"><![CDATA[>]]><v>1</v></c></row>',
    ],
)
def test_one_far_cell_does_not_ask_for_the_whole_grid(row):
    assert "trop grand" in refusal(planted(row))


@pytest.mark.parametrize(
    "row",
    [
        '<row r="9"><c r="XFD9" r="A9"><v>1</v></c></row>',  # which one counts?
        '<row r="9"><c r="&#88;-9"><v>1</v></c></row>',
        '<row r="9"><c r="A9"><v>1</c></row>',
    ],
)
def test_what_two_readers_would_read_differently_is_refused(row):
    assert "abîmé" in refusal(planted(row))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_part_hidden_under_another_encoding_is_refused(encoding):
    """Two readers would not see the same tags in the same bytes."""
    hidden = (
        '<worksheet><sheetData><row r="9"><c r="XFD9"><v>1</v></c></row></sheetData></worksheet>'
    )
    body = rezipped(inventory(["x"]), **{SHEET: hidden.encode(encoding)})
    assert "abîmé" in refusal(body)


def test_entities_are_refused_unexpanded():
    content = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    for name in (SHEET, "xl/sharedStrings.xml", "xl/other.xml"):
        assert "abîmé" in refusal(rezipped(inventory(["x"]), **{name: content}))


def test_one_part_named_by_many_sheets_counts_each_time():
    """The grid of each sheet is allowed, not that of all of them."""
    corner = planted('<row r="5000"><c r="GR5000"><v>1</v></c></row>')
    found = zipfile.ZipFile(io.BytesIO(corner))
    book = found.read("xl/workbook.xml").decode()
    first = re.search(r"<sheet [^>]*/>", book)[0]
    many = [re.sub(r'name="[^"]*"', f'name="s{number}"', first) for number in range(9)]
    assert "trop grand" in refusal(
        rezipped(corner, **{"xl/workbook.xml": book.replace(first, "".join(many)).encode()})
    )


def test_empty_shared_texts_do_not_hide_a_long_one():
    cells = "".join(
        f'<row r="{line}">' + '<c t="s"><v>0<!-- -->2</v></c>' * 150 + "</row>"
        for line in range(3, 203)
    )
    texts = f"<sst><si/><si/><si><t>{'x' * 30_000}</t></si></sst>".encode()
    body = rezipped(planted(cells), **{"xl/sharedStrings.xml": texts})
    assert len(body) < 100_000
    assert "trop grand" in refusal(body)


def test_a_saved_query_in_another_encoding_is_left_aside():
    saved = "<DataMashup>x</DataMashup>".encode("utf-16")
    body = rezipped(inventory(["tree_inventory", "Ouverte"]), **{"customXml/item1.xml": saved})
    assert [row.dataset for row in read(body).rows] == ["tree_inventory"]


def test_more_elements_than_an_inventory_has_are_refused(monkeypatch):
    monkeypatch.setattr(workbook_size, "ELEMENTS", 1_000)
    assert "trop grand" in refusal(planted("<row/>" * 1_001))


def test_a_tag_without_end_is_refused_before_it_is_held_whole():
    endless = "<row " + " ".join(f"a{number}='x'" for number in range(150_000)) + "/>"
    assert "trop grand" in refusal(planted(endless))


def test_formatted_empty_cells_far_away_are_harmless():
    found = read(planted('<row r="1048576"><c r="A1048576" s="1"/></row>'))
    assert [row.dataset for row in found.rows] == ["tree_inventory"]


def test_too_many_rows_are_refused():
    assert str(ROWS) in refusal(inventory(*[["tree_inventory"]] * (ROWS + 1)))
    lines = "Identifiant;Statut\n" + "tree_inventory;Ouverte\n" * (ROWS + 1)
    assert str(ROWS) in refusal(lines.encode())


def test_too_many_columns_are_refused_in_a_csv():
    assert "trop grand" in refusal((ID + ";" * (COLUMNS + 1)).encode())


def test_a_long_text_repeated_everywhere_is_refused_before_it_fills_the_memory():
    body = inventory(*[["tree_inventory"] + ["x" * 30_000] * 13] * 400)
    assert len(body) < 1_000_000
    assert "trop grand" in refusal(body)


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize(
    "content", [b"", b"<a", b"\xff\xfe\x00", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
def test_a_damaged_part_is_refused_or_read_never_an_error(name, content):
    try:
        sheets(rezipped(inventory(["tree_inventory", "Ouverte"]), **{name: content}))
    except Unreadable as refused:
        assert str(refused)


GOOD = inventory(["tree_inventory", "Ouverte"])


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_whatever_is_damaged_in_a_file_gives_a_sentence_or_rows(noise, at):
    body = bytearray(GOOD)
    body[at : at + len(noise)] = noise
    for sent in (bytes(body), noise):
        try:
            assert isinstance(read(sent).rows, tuple)
        except Unreadable as refused:
            assert str(refused)
