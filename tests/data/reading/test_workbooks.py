"""Workbooks as services make them: sheets, merges, offsets, formats, formulas, padded ranges."""

from __future__ import annotations

import io
import time
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from data.reading import kinds, sheet_choice, sheet_scan, sheet_texts, sheet_xls, sheet_xml
from data.reading.reading import Grid, Unreadable, Wishes
from tests.data.reading.books import (
    HEADERS,
    ROWS,
    inline,
    members,
    ods,
    ods_table,
    raw_xlsx,
    xls,
    xlsx,
    zipped,
)

TEXTS = [["A1", "Mairie", "12"], ["A2", "École", "7.5"], ["A3", "Gare", "0.25"]]


def grid(tmp_path: Path, body: bytes, sheet: str | None = None, *refused: str) -> Grid:
    path = tmp_path / "file"
    path.write_bytes(body)
    wishes = Wishes(sheet, frozenset((kind, None) for kind in refused))
    return kinds.grid(path, wishes, "fichier")


def lines(made: Grid) -> list[list[str | None]]:
    return [list(row.values()) for row in made.cells.to_pylist()]


def workbook(fill) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    fill(book)
    book.close()
    return held.getvalue()


def table(*rows: list[object]) -> list[list[object]]:
    return [HEADERS, *(rows or ROWS)]


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write", [lambda rows: xlsx(("F", rows)), xls, lambda rows: ods(ods_table(rows))]
)
def test_the_three_kinds_give_the_same_texts(tmp_path, write):
    assert lines(grid(tmp_path, write(table()))) == [HEADERS, *TEXTS]


def test_values_are_written_in_their_shortest_form(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, [46042, 12.0, 0.1, 1e-7, 1e20, 21460042100015, True, "=1+1"[1:]])
        sheet.write_datetime(0, 8, datetime(2024, 1, 2), day)
        sheet.write_datetime(0, 9, datetime(2024, 1, 2, 10, 5), moment)
        sheet.write_formula(0, 10, "=1/0", None, "#DIV/0!")

    made = grid(tmp_path, workbook(fill))
    assert lines(made)[0] == [
        *("46042", "12", "0.1", "0.0000001", "100000000000000000000", "21460042100015", "true"),
        *("1+1", "2024-01-02", "2024-01-02T10:05:00"),
    ]
    assert "error_cells:1" in made.flags


def test_midnights_among_moments_are_moments(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for line, hour in enumerate((8, 0, 9)):
            sheet.write_datetime(line, 0, datetime(2024, 1, 2, hour), moment)

    texts = [line[0] for line in lines(grid(tmp_path, workbook(fill)))]
    assert texts == [f"2024-01-02T{hour}:00:00" for hour in ("08", "00", "09")]


@settings(max_examples=15, deadline=None)
@drawn(
    st.lists(
        st.one_of(
            *(st.floats(), st.just(""), st.text(max_size=5), st.booleans(), st.dates(), st.none()),
            st.integers(-(10**9), 10**9).map(lambda made: made / 100),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_a_column_in_arrow_is_the_column_cell_by_cell(values):
    expected = [sheet_texts.TEXT[type(value)](value) for value in values]
    if not any(isinstance(value, date) for value in values):
        assert sheet_texts._texts(tuple(values)).to_pylist() == expected


def test_zeros_that_a_format_shows_are_written_and_may_be_refused(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, [1004], book.add_format({"num_format": "00000"}))
        sheet.write_row(1, 1, ["Mairie", 1])

    body = workbook(fill)
    made = grid(tmp_path, body)
    assert lines(made)[1][0] == "01004"
    assert [(repair.kind, repair.before, repair.after) for repair in made.repairs] == [
        ("displayed_zeros", "1004", "01004")
    ]
    assert lines(grid(tmp_path, body, None, "displayed_zeros"))[1][0] == "1004"


def test_a_formula_that_was_never_computed_is_told(tmp_path):
    cells = inline("A2", "x") + "<c r='B2'><f>A1</f><v></v></c><c r='C2'><f>1</f><v>1</v></c>"
    head = "".join(inline(f"{letter}1", letter) for letter in "ABC")
    sheet = f"<sheetData><row r='1'>{head}</row><row r='2'>{cells}</row></sheetData>"
    assert grid(tmp_path, raw_xlsx(sheet)).flags == ("formula_without_value",)
    assert not grid(tmp_path, raw_xlsx(sheet.replace("<v></v>", "<v>3</v>"))).flags


# --- sheets --------------------------------------------------------------------------------------


def test_a_hidden_sheet_is_never_chosen_and_the_table_is(tmp_path):
    notes = [["Mode d'emploi"], ["Remplir une ligne par lieu."]]
    big = [HEADERS, *ROWS * 20]
    body = xlsx(("param", big), ("Lisez-moi", notes), ("Lieux", table()), hidden=("param",))
    made = grid(tmp_path, body)
    assert (made.sheet, made.sheets) == ("Lieux", ("Lisez-moi", "Lieux"))
    assert made.flags == ("hidden_sheet:param",)
    assert grid(tmp_path, body, "lisez-moi ").sheet == "Lisez-moi"
    assert grid(tmp_path, body, "param").sheet == "param"
    with pytest.raises(Unreadable, match="Lisez-moi.*Lieux"):
        grid(tmp_path, body, "Autre")


def test_the_largest_table_is_chosen_and_the_other_is_named(tmp_path):
    other = [["rue", "ville"], ["x", "y"]]
    made = grid(tmp_path, xlsx(("Petite", other), ("Grande", table())))
    assert (made.sheet, made.flags) == ("Grande", ("other_sheet:Petite",))


def test_sheets_of_the_same_header_are_stacked_and_it_may_be_refused(tmp_path):
    body = xlsx(
        ("2022", [["Titre"], [], *table(), ["Total", None, 19.75]]),
        ("2023", [["Titre"], [], [" CODE", "Nom", "montant "], ["B1", "Halle", 3]]),
    )
    made = grid(tmp_path, body)
    assert "sheets_stacked" in made.flags
    assert lines(made)[2:] == [
        [*HEADERS, "feuille"],
        *([*row, "2022"] for row in TEXTS),
        ["Total", None, "19.75", "2022"],
        ["B1", "Halle", "3", "2023"],
    ]
    assert lines(made)[0] == ["Titre", None, None, None]
    alone = grid(tmp_path, body, None, "sheets_stacked")
    assert (alone.sheet, alone.flags) == ("2022", ("other_sheet:2023",))
    assert grid(tmp_path, body, "2023").cells.num_columns == 3


def test_a_line_of_units_is_not_stacked_twice(tmp_path):
    units = ["", "", "en euros"]
    body = xlsx(("2022", [HEADERS, units, *ROWS]), ("2023", [HEADERS, units, *ROWS]))
    assert [line[2] for line in lines(grid(tmp_path, body))].count("en euros") == 1


def test_notes_below_a_sheet_do_not_end_among_the_lines_of_the_next(tmp_path):
    notes = [[], ["Source : service des sports"]]
    body = xlsx(("2022", [*table(), *notes]), ("2023", [*table(), *notes]))
    made = grid(tmp_path, body)
    assert [line[0] for line in lines(made)].count("Source : service des sports") == 1
    assert "footnotes_dropped" in made.flags
    assert [done.before for done in made.repairs if done.kind == "note_dropped"] == notes[1]


def test_the_sheet_of_an_ods_is_hidden_by_its_style(tmp_path):
    style = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    hidden = ods_table([HEADERS, *ROWS * 5], "param").replace(
        'table:name="param"', 'table:name="param" table:style-name="ta2"'
    )
    made = grid(tmp_path, ods(hidden, ods_table(table(), "Lieux"), styles=style))
    assert (made.sheet, made.flags) == ("Lieux", ("hidden_sheet:param",))


def test_a_header_is_compared_without_case_accents_nor_spaces():
    assert sheet_choice.folded(" Année  DU\u00a0relevé") == "annee du releve"
    sample = [["Liste des lieux"], [], ["Année", "Nom", "2023"], ["2020", "x", "1"]]
    made = sheet_choice.profile("F", sample, 10)
    assert (made.header_line, made.header, made.rows) == (2, ("annee", "nom", "2023"), 7)


# --- where the table stands ----------------------------------------------------------------------


def test_an_offset_table_keeps_its_line_numbers(tmp_path):
    rows = [[], [], *([None, None, *row] for row in table())]
    made = grid(tmp_path, xlsx(("F", rows)))
    assert lines(made) == [[None] * 3, [None] * 3, HEADERS, *TEXTS]


def test_merged_cells_of_data_are_filled_down_and_those_above_are_told(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "Lieux 2024")
        sheet.write_row(1, 0, ["quartier", "nom", "montant"])
        sheet.merge_range(2, 0, 4, 0, "Centre")
        for line, row in enumerate(ROWS, start=2):
            sheet.write_row(line, 1, row[1:])

    body = workbook(fill)
    made = grid(tmp_path, body)
    assert [line[0] for line in lines(made)[2:]] == ["Centre"] * 3
    assert made.flags == ("filled_down",)
    assert made.merged == ((0, 0, 0, 2), (2, 0, 4, 0))
    alone = grid(tmp_path, body, None, "filled_down")
    assert [line[0] for line in lines(alone)[2:]] == ["Centre", None, None]


def test_hidden_lines_and_columns_are_placed(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        for line, row in enumerate(table(), start=1):
            sheet.write_row(line, 1, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    made = grid(tmp_path, workbook(fill))
    assert (made.hidden_rows, made.hidden_columns) == ((2,), (1,))
    hidden = ods_table(table()).replace("<table:table-row>", _HIDDEN, 1)
    assert grid(tmp_path, ods(hidden)).hidden_rows == (0,)


_HIDDEN = '<table:table-row table:visibility="collapse">'


def test_hidden_lines_of_an_old_workbook_are_placed(tmp_path):
    line = (1).to_bytes(2, "little")
    row = b"\x08\x02\x10\x00" + line + bytes(10) + b"\x20\x01\x0f\x00"
    column = b"\x7d\x00\x0c\x00" + bytes([2, 0, 2, 0]) + bytes(4) + b"\x01\x00" + bytes(2)
    body = xls(table(), extra=row + column)
    assert sheet_xls.book(body).sheets[0].hidden_rows == [1]
    made = grid(tmp_path, body)
    assert (made.hidden_rows, made.hidden_columns) == ((1,), (2,))


def test_a_padded_range_costs_nothing(tmp_path):
    head = "".join(inline(f"{letter}1", letter) for letter in "AB")
    data = inline("A2", "x") + inline("B2", "y") + "<c r='XFD2' s='0'/>"
    empty = "".join(f"<row r='{n}'><c r='A{n}' s='0'/></row>" for n in range(3, 2_000))
    last = "<row r='1048576'><c r='XFD1048576' s='0'/></row>"
    sheet = f"<sheetData><row r='1'>{head}</row><row r='2'>{data}</row>{empty}{last}</sheetData>"
    start = time.process_time()
    assert lines(grid(tmp_path, raw_xlsx(sheet))) == [["A", "B"], ["x", "y"]]
    plain = sheet.replace("'", '"')
    assert lines(grid(tmp_path, raw_xlsx(plain))) == [["A", "B"], ["x", "y"]]
    assert time.process_time() - start < 3


def test_repeated_empties_of_an_ods_cost_nothing(tmp_path):
    after = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert lines(grid(tmp_path, ods(ods_table(table(), after=after)))) == [HEADERS, *TEXTS]


def test_parts_that_hold_no_value_may_be_missing_or_wrong(tmp_path):
    parts = members(xlsx(("F", table())))
    sheet = parts["xl/worksheets/sheet1.xml"]
    drawing = b'<drawing r:id="rId1"/></worksheet>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</worksheet>", drawing)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = b"<broken"
    parts["xl/drawings/drawing1.xml"] = b"\x00\xff"
    parts["docProps/app.xml"] = b"<"
    assert lines(grid(tmp_path, zipped(parts))) == [HEADERS, *TEXTS]


def test_names_with_backslashes_are_those_with_slashes(tmp_path):
    parts = members(xlsx(("F", table())))
    body = zipped({name.replace("/", "\\"): content for name, content in parts.items()})
    assert lines(grid(tmp_path, body)) == [HEADERS, *TEXTS]


@pytest.mark.parametrize(
    "sheet",
    [
        b'<row r="1"><c r="A1"><v>1</v></c><c r="C9" s="1" t="s"><v>0</v></c></row>',
        b'<row r="1"><c r="AB3" s="1"><v>1</v></c></row><row r="7"><c r="A7"><v>1</v></c></row>',
        b"<row/>",
    ],
)
def test_patterns_and_events_see_the_same_extent(sheet):
    body = b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>"
    fast, slow = sheet_scan.marks([body[:30], body[30:]]), sheet_xml.marks([body])
    assert fast is not None
    assert (fast.rows, fast.columns, fast.cells) == (slow.rows, slow.columns, slow.cells)


@pytest.mark.parametrize(
    "sheet",
    [
        *(b"<c r='A1'><v>1</v></c>", b'<x:c r="A1"><v>1</v></x:c>', b"<c><v>1</v></c>"),
        *(b'<c r="A1" r="XFD1"><f>1</f></c>', b'<c  r="A1"/>', b'<!-- --><c r="A1"/>'),
        *(b'<row hidden="1"/>', b'<c r="A1" t="e"/>', b'<c t="n" r="A1"/>', b'<c\nr="A1"/>'),
    ],
)
def test_any_doubt_leaves_a_sheet_to_events(sheet):
    assert sheet_scan.marks([b"<sheetData>" + sheet + b"</sheetData>"]) is None


def test_an_official_old_workbook_is_read(tmp_path, shared):
    path = shared / "schemas/lieux-covoiturage/exemple-valide.xls"
    made = kinds.grid(path, Wishes(), path.name)
    assert lines(made)[0][:5] == ["id_lieu", "nom_lieu", "ad_lieu", "com_lieu", "insee"]
    assert lines(made)[1][4] == "76217"
