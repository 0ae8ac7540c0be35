"""The inventory as a workbook: what it holds, what it never does, how it comes back."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from data import inventory_words as words
from data.inventory_file import read
from data.records import EXISTENCES, STATUSES, Declaration
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.inventory_lines import inventory
from drawing import signs
from restitution import inventory as file

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def lines(embedded_store):
    return inventory(assess(embedded_store, territory("00001"), DAY), {})


def rows(body: bytes, sheet: str = file.SHEET) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def cell(body: bytes, header: str, line: int = 0):
    made = rows(body)
    return made[file.HEADER + 1 + line][made[file.HEADER].index(header)]


def said(line, **more):
    """The line with this declaration."""
    made = Declaration("00001", line.dataset, None, "exists", **more)
    return replace(line, declaration=made)


def test_every_dataset_of_the_reference_has_one_line(lines):
    listed = [line.dataset for line in lines]
    assert len(set(listed)) == len(listed) >= 99
    assert set(listed) == set(words.inventory_datasets())
    body = file.as_xlsx(lines, territory("00001"), DAY)
    assert [row[0] for row in rows(body)[file.HEADER + 1 :]] == listed
    assert len(read(body).rows) == len(listed)


def test_the_heading_says_what_where_when_internal_and_fictif(lines):
    made = rows(file.as_xlsx(lines, territory("00001"), DAY))
    assert made[0][0].startswith("FICTIF")
    assert "21\u00a0novembre\u00a02026" in made[0][0]
    assert "Document interne, ne pas diffuser" in made[1][0]
    guide = rows(file.as_xlsx(lines, territory("00001"), DAY), file.GUIDE)
    assert guide[0][0].startswith("FICTIF")
    real = rows(file.as_xlsx(lines, territory("46042"), DAY))
    assert real[0][0].startswith("Inventaire des données de Cahors")


def test_the_guide_gives_every_word_its_meaning():
    guide = {row[0]: row[1] for row in rows(file.as_xlsx([], territory("46042"), DAY), file.GUIDE)}
    for column in words.filled():
        assert guide[column.header]
        for word in column.words.values():
            assert guide[word], word


def test_the_words_are_those_of_the_screens():
    assert all(signs.STATUSES[code].word == word for code, word in words.STATUSES.items())
    assert set(words.STATUSES) == set(STATUSES)
    assert set(words.EXISTENCES) == set(EXISTENCES)
    names = {made.name for made in fields(Declaration)}
    assert {column.name for column in words.filled()} <= names


def test_the_latest_declaration_is_there_with_real_dates(lines):
    line = said(lines[0], holder="Voirie", asked_on=date(2026, 10, 3), trace="written_refusal")
    body = file.as_xlsx([line], territory("00001"), DAY)
    assert cell(body, "Service détenteur") == "Voirie"
    assert cell(body, "Date de la demande") == date(2026, 10, 3)
    assert cell(body, "Trace de la demande") == "Refus écrit"
    assert cell(body, words.MARK) == f"v1|00001|2026-11-21|{line.declaration.id}"
    dated = next(one for one in lines if one.as_of)
    told = cell(file.as_xlsx([dated], territory("00001"), DAY), "Connu au")
    assert isinstance(told, date | datetime)


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "＝1", '=HYPERLINK("http://x")'])
def test_a_formula_is_neutralised_in_what_is_told_and_in_what_is_filled(lines, text):
    line = replace(said(lines[0], holder=text, note=text), title=text, usual_holder=text)
    body = file.as_xlsx([line], territory("00001"), DAY)
    for header in (words.TITLE, "Détenteur habituel", "Service détenteur", "Note"):
        assert cell(body, header) == "'" + text
    assert read(body).rows[0].said["note"] == text
    sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_the_same_inputs_give_the_same_bytes(lines):
    made = [file.as_xlsx(lines, territory("00001"), DAY) for _ in range(2)]
    assert made[0] == made[1]
    core = zipfile.ZipFile(io.BytesIO(made[0])).read("docProps/core.xml").decode()
    assert "2026-11-21T00:00:00Z" in core


def sheet_xml(body: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()


def test_lists_point_at_the_words_of_the_guide(lines):
    body = file.as_xlsx(lines, territory("00001"), DAY)
    guide = rows(body, file.GUIDE)
    listed = re.findall(r'type="list".*?<formula1>(.*?)</formula1>', sheet_xml(body))
    found = []
    for source in listed:
        first, last = map(int, re.search(r"\$A\$(\d+):\$A\$(\d+)", source).groups())
        found.append([guide[row - 1][0] for row in range(first, last + 1)])
    wanted = [list(column.words.values()) for column in words.filled() if column.words]
    assert [[word for word in made if word != "Effacer"] for made in found] == wanted
    assert all("Mode d''emploi" in source for source in listed)


def test_the_sheet_is_frozen_filtered_and_printable(lines):
    xml = sheet_xml(file.as_xlsx(lines, territory("00001"), DAY))
    assert 'state="frozen"' in xml
    assert "<autoFilter" in xml
    assert 'orientation="landscape"' in xml


def test_an_empty_selection_is_still_a_file():
    assert len(rows(file.as_xlsx([], territory("46042"), DAY))) == file.HEADER + 1


def test_the_name_of_the_file_says_where_what_when_and_internal():
    name = file.file_name
    assert name(territory("46042"), DAY) == "inventaire_46042_2026-11-21_interne.xlsx"
    assert name(territory("00001"), DAY, "Service espaces verts") == (
        "inventaire_00001_FICTIF_service_espaces_verts_2026-11-21_interne.xlsx"
    )
    assert "/" not in name(territory("dep:46"), DAY, "../../étc\x00|*?")
    assert ":" not in name(territory("dep:46"), DAY)


def test_a_declaration_of_the_holder_alone_leaves_what_is_assumed(embedded_store):
    """Someone said whom to ask: of a dataset that no project asks for, nothing else changes."""
    place = territory("00001")
    assessment = assess(embedded_store, place, DAY)
    key = next(key for key in words.inventory_datasets() if key not in assessment.evidence)
    made = Declaration("00001", key, None, "unknown", holder="Voirie")
    before = {line.dataset: line for line in inventory(assessment, {})}[key]
    after = {line.dataset: line for line in inventory(assessment, {key: made})}[key]
    assert (after.status, after.existence, after.provenance) == (
        before.status,
        before.existence,
        before.provenance,
    )
    assert after.holder == "Voirie"
