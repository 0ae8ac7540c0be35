"""The workbook to fill: read back by another library, for every dataset."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from data.catalog import catalog
from data.territories import territory
from restitution.template_file import FIELDS_SHEET, TYPES, fields_of, file_name, template

CAHORS = territory("46042")
NEEDS = list(catalog().needs().values())
CARDS = catalog().datasets


def read(book: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(book))


def xml(book: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as held:
        return held.read(name).decode()


@pytest.mark.parametrize("card", NEEDS, ids=lambda card: card.id)
def test_every_dataset_gives_a_sheet_to_fill_and_its_fields(card):
    book = read(template(card, CAHORS))
    data, described = book.sheet_names
    fields = fields_of(card)
    assert len(fields) > 2
    assert book.get_sheet_by_name(data).to_python() == [[made.name for made in fields]]
    assert described == FIELDS_SHEET
    rows = book.get_sheet_by_name(described).to_python()
    table = [row for row in rows if row[2] in TYPES.values()]
    assert [row[1] for row in table] == [made.name for made in fields]
    assert [row[3] for row in table] == ["oui" if made.required else "non" for made in fields]
    assert all(row[4] for row in table)


def test_the_columns_of_a_standard_are_its_own():
    row = catalog().standards["scdl/subventions"]
    made = fields_of(CARDS["grants"])
    assert [one.name for one in made] == [field["name"] for field in row["fields"]]
    assert sum(one.required for one in made) == row["n_required"]


def test_without_a_standard_the_columns_of_the_card_then_a_plain_start():
    assert fields_of(CARDS["tree_inventory"])[1].name == "genre"
    assert "de cet outil" not in fields_of(CARDS["tree_inventory"])[1].meaning
    assert "à adapter" in fields_of(CARDS["tree_inventory"])[1].meaning
    assert fields_of(CARDS["elevation_lidar"])[0].name == "fichier"
    assert fields_of(CARDS["lighting_energy"])[2].name == "valeur"


def test_what_is_protected_is_asked_for_as_counts_only():
    for card in NEEDS:
        if card.likely_status == "closed_justified":
            assert [made.name for made in fields_of(card)][:2] == ["secteur", "nombre"]


def test_header_frozen_and_cells_checked():
    book = template(CARDS["fire_hydrants"], CAHORS)
    sheet = xml(book, "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet
    assert 'ySplit="1"' in sheet
    rules = re.findall(r"<dataValidation ", sheet)
    assert len(rules) == len(fields_of(CARDS["fire_hydrants"]))
    types = {made.kind for made in fields_of(CARDS["fire_hydrants"])}
    assert "number" in types
    assert 'type="decimal"' in sheet
    assert 'errorStyle="warning"' in sheet


def test_the_same_dataset_gives_the_same_bytes():
    for place in (CAHORS, territory("00001")):
        assert template(CARDS["grants"], place) == template(CARDS["grants"], place)


def test_several_data_have_a_sheet_each_and_one_list_of_fields():
    asked = [card for card in NEEDS if card.producer == "local_public"]
    book = read(template(asked, CAHORS))
    assert len(book.sheet_names) == len(asked) + 1
    assert len({name.casefold() for name in book.sheet_names}) == len(asked) + 1
    rows = book.get_sheet_by_name(FIELDS_SHEET).to_python()
    count = sum(len(fields_of(card)) for card in asked)
    assert sum(row[2] in TYPES.values() for row in rows) == count


def test_two_data_of_one_title_keep_two_sheets():
    trees = CARDS["tree_inventory"]
    same = replace(CARDS["budget"], title="INVENTAIRE des arbres")
    assert read(template([trees, same], CAHORS)).sheet_names == [
        "Inventaire des arbres",
        "budget",
        FIELDS_SHEET,
    ]


def test_a_fictional_town_says_so():
    book = read(template(CARDS["grants"], territory("00001")))
    assert book.sheet_names[0].startswith("FICTIF")
    assert str(book.get_sheet_by_name(FIELDS_SHEET).to_python()[0][0]).startswith("FICTIF")
    assert file_name([CARDS["grants"]], territory("00001")) == "modele_grants_FICTIF.xlsx"
    assert file_name([CARDS["grants"]] * 2, CAHORS) == "modele_2_donnees.xlsx"


@pytest.mark.parametrize(
    "title",
    ["=cmd|' /C calc'!A0", "[x]:*?/\\", "'", "Champs", "\u202eenvers\n", "x" * 10_000, "<b>&"],
)
def test_hostile_titles_and_columns_break_nothing(title):
    columns = tuple(
        replace(made, name=f"={made.name}", label=title) for made in CARDS["tree_inventory"].columns
    )
    card = replace(CARDS["tree_inventory"], title=title, columns=columns)
    book = template(card, CAHORS)
    read_back = read(book)
    header = read_back.get_sheet_by_name(read_back.sheet_names[0]).to_python()[0]
    assert all(str(name).startswith("'=") for name in header)
    rows = read_back.get_sheet_by_name(FIELDS_SHEET).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    for name in ("sheet1", "sheet2"):
        assert "<f>" not in xml(book, f"xl/worksheets/{name}.xml")
