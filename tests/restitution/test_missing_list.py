"""The list of missing data as files people open in a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from data.cells import neutral
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.missing import missing_data
from restitution import missing_list

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def missing(embedded_store):
    return missing_data(assess(embedded_store, territory("00001"), DAY))


def test_the_csv_opens_as_it_is_in_a_french_spreadsheet(missing):
    body = missing_list.as_csv(missing)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [header for header, _ in missing_list.COLUMNS]
    assert len(rows) == len(missing) + 1
    assert [row[1] for row in rows[1:]] == [line.dataset for line in missing]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_neutralised(missing, text):
    assert neutral(text) == "'" + text
    planted = [replace(missing[0], holder=text)]
    column = [header for header, _ in missing_list.COLUMNS].index("Détenteur")
    rows = list(
        csv.reader(
            io.StringIO(missing_list.as_csv(planted).decode("utf-8-sig"), newline=""),
            delimiter=";",
        )
    )
    assert rows[1][column] == "'" + text
    book = missing_list.as_xlsx(planted, territory("00001"), DAY)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert sheet.to_python()[3][column].startswith("'")


def test_the_workbook_holds_the_same_lines_the_footer_and_says_fictif(missing):
    book = missing_list.as_xlsx(missing, territory("00001"), DAY)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0][0].startswith("FICTIF")
    assert "21\u00a0novembre\u00a02026" in rows[0][0]
    assert [row[1] for row in rows[3 : 3 + len(missing)]] == [line.dataset for line in missing]
    assert rows[-1][0] == missing_list.FOOTER


def test_an_empty_list_is_still_a_file():
    assert len(missing_list.as_csv([]).splitlines()) == 1
    assert missing_list.as_xlsx([], territory("46042"), DAY)[:2] == b"PK"


def test_the_name_of_the_file_says_where_when_and_fictif():
    name = missing_list.file_name
    assert name(territory("46042"), DAY, "csv") == "donnees_manquantes_46042_2026-11-21.csv"
    assert "FICTIF" in name(territory("00001"), DAY, "xlsx")
    assert ":" not in name(territory("dep:46"), DAY, "csv")
