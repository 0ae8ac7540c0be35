"""Files made to hurt: refused with a sentence, at once, without memory; or read as plain text."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import time
import tracemalloc
import zipfile
from functools import cache
from pathlib import Path

import pytest

from data.cells import neutral
from data.reading import archives, bounds, kinds, sheet_xml, workbook_parts
from data.reading.door import read
from data.reading.reading import Reading, Unreadable, Wishes
from tests.data.reading import dirt
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

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
)
FORMULA = "=cmd|' /C calc'!A0"


def given(tmp_path: Path, body: bytes | str, name: str = "fichier.xlsx", **wishes) -> Reading:
    path = tmp_path / "file"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return read(path, Wishes(**wishes), name)


def refused(reading: Reading) -> str:
    assert reading.refused is not None, reading.table.to_pylist()[:3]
    assert not reading.columns
    return reading.refused


# --- archives ------------------------------------------------------------------------------------


@cache
def zeros() -> bytes:
    """An archive of one CSV of 60 MB of zeros, a thousand times smaller than it."""
    return zipped({"a.csv": b"0" * 60_000_000})


def test_a_bomb_is_refused_at_once_and_without_memory(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(zeros())
    start = time.process_time()
    said = refused(read(path))
    taken = time.process_time() - start
    tracemalloc.start()
    read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "démesuré" in said
    assert taken < 1
    assert peak < 20_000_000


def test_a_bomb_that_lies_about_its_size_is_read_up_to_what_it_announces(tmp_path):
    body = bytearray(zeros())
    announced = (60_000_000).to_bytes(4, "little")
    assert announced in body
    lying = bytes(body).replace(announced, (1_000).to_bytes(4, "little"))
    assert given(tmp_path, lying).refused


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "x/../../a.csv", "..\\a.csv"]
)
def test_a_path_that_leaves_the_archive_is_refused(tmp_path, name):
    assert "chemin" in refused(given(tmp_path, zipped({name: "a;b\n1;2\n"})))
    assert [made.name for made in tmp_path.iterdir()] == ["file"]


def test_a_link_in_an_archive_is_refused(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "lien" in refused(given(tmp_path, held.getvalue()))


def test_an_archive_in_an_archive_is_refused(tmp_path):
    inner = zipped({"a.csv": "a;b\n1;2\n"})
    assert "autre" in refused(given(tmp_path, zipped({"a.zip": inner})))
    assert "autre" in refused(given(tmp_path, zipped({"a.csv": inner})))


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MEMBERS", 10)
    body = zipped({f"{number}.csv": "" for number in range(11)})
    assert "trop de fichiers" in refused(given(tmp_path, body))


def test_a_file_of_ten_gigabytes_is_refused_at_once(tmp_path):
    path = tmp_path / "grand.csv"
    path.touch()
    os.truncate(path, 10_000_000_000)
    start = time.process_time()
    assert "trop lourd" in refused(read(path))
    assert time.process_time() - start < 1


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "tube")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "tube", Path("/dev/zero")):
        assert "fichier" in refused(read(path))


# --- XML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(tmp_path, part):
    parts = members(xlsx(("F", [HEADERS, *ROWS])))
    start, rest = parts[part].split(b"?>", 1)
    parts[part] = start + b"?>" + LAUGHS.encode() + rest
    refused(given(tmp_path, zipped(parts)))


def test_entities_in_other_documents_are_refused(tmp_path):
    table = ods_table([HEADERS, ["&c;", "b", 1]])
    refused(given(tmp_path, ods(table, doctype=LAUGHS)))
    refused(given(tmp_path, f"<?xml version='1.0'?>{LAUGHS}<svg>&c;</svg>"))
    placemark = "<Document><Placemark><name>&c;</name></Placemark></Document>"
    space = "http://www.opengis.net/kml/2.2"
    refused(given(tmp_path, f"<?xml version='1.0'?>{LAUGHS}<kml xmlns='{space}'>{placemark}</kml>"))


def test_a_tag_without_end_is_not_held(tmp_path):
    refused(given(tmp_path, raw_xlsx("<sheetData a='" + "x" * 3_000_000)))


# --- grids ---------------------------------------------------------------------------------------


def test_an_announced_extent_costs_nothing(tmp_path):
    body = raw_xlsx(
        "<dimension ref='A1:XFD1048576'/><sheetData><row r='1'>"
        + inline("A1", "nom") + inline("B1", "ville") + "</row><row r='2'>"
        + inline("A2", "Mairie") + inline("B2", "Cahors") + "</row></sheetData>"
    )  # fmt: skip
    start = time.process_time()
    assert given(tmp_path, body).table.to_pylist() == [{"nom": "Mairie", "ville": "Cahors"}]
    assert time.process_time() - start < 1


@pytest.mark.parametrize("reference", ["XFD1048576", "A99999999", "AAAA1", "A1060000"])
def test_one_cell_at_the_far_corner_is_refused(tmp_path, reference):
    line = reference.lstrip("ADFX")
    sheet = f"<sheetData><row r='1'>{inline('A1', 'nom')}</row><row r='{line}'>"
    start = time.process_time()
    refused(given(tmp_path, raw_xlsx(f"{sheet}{inline(reference, 'x')}</row></sheetData>")))
    assert time.process_time() - start < 1


def test_a_million_repeated_cells_of_an_ods_are_refused(tmp_path):
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
        "</table:table-row>"
    )
    start = time.process_time()
    assert "trop grand" in refused(given(tmp_path, ods(ods_table([HEADERS], after=row))))
    assert time.process_time() - start < 1


def test_long_texts_repeated_by_their_number_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "TEXTS", 10_000)
    cells = "".join(f"<row r='{n}'><c r='A{n}' t='s'><v>0</v></c></row>" for n in range(1, 200))
    body = raw_xlsx(f"<sheetData>{cells}</sheetData>", shared=f"<si><t>{'x' * 100}</t></si>")
    assert "trop de texte" in refused(given(tmp_path, body))


def test_far_cells_of_an_old_workbook_are_added_up(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "CELLS", 1_000)
    body = xls([HEADERS, *[[None] * 3] * 500, ["x", "y", "z"]])
    assert "trop grand" in refused(given(tmp_path, body))


def test_shared_texts_that_are_only_announced_are_not_allocated(tmp_path):
    sheet = "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData>"
    parts = members(raw_xlsx(sheet, shared="<si><t>nom</t></si>"))
    shared = parts["xl/sharedStrings.xml"].replace(b"<sst ", b"<sst uniqueCount='99999999' ")
    assert "abîmé" in refused(given(tmp_path, zipped({**parts, "xl/sharedStrings.xml": shared})))
    extent = b"\x00\x02\x0e\x00" + bytes(4) + b"\xff\xff\xff\x0f\0\0\xff\xff\0\0"
    assert "abîmé" in refused(given(tmp_path, xls([HEADERS, *ROWS], extra=extent)))


def test_a_sheet_that_hides_behind_another_part_is_not_opened(tmp_path):
    """The workbook may name any part as a sheet: one that was not gone through stays closed."""
    far = f"<row r='1048576'>{inline('XFD1048576', 'x')}</row>"
    parts = members(raw_xlsx(f"<sheetData><row r='1'>{inline('A1', 'nom')}</row></sheetData>"))
    parts["xl/media/image1.xml"] = f"<worksheet><sheetData>{far}</sheetData></worksheet>".encode()
    relations = parts["xl/_rels/workbook.xml.rels"]
    target = b"worksheets/sheet1.xml"
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(target, b"media/image1.xml")
    refused(given(tmp_path, zipped(parts)))


# --- formulas ------------------------------------------------------------------------------------


def test_a_formula_stays_a_text_and_is_neutralised_only_on_leaving(tmp_path):
    rows = [["nom", "lien"], ["Mairie", FORMULA], ["Gare", "@SUM(1)"]]
    for body in (xlsx(("F", rows)), ods(ods_table(rows)), xls(rows)):
        table = given(tmp_path, body).table
        assert table.column("lien").to_pylist() == [FORMULA, "@SUM(1)"]
    assert neutral(FORMULA).startswith("'")


# --- geographic files ----------------------------------------------------------------------------


def test_a_view_of_a_geopackage_is_never_run(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(dirt._package())
    with sqlite3.connect(path) as opened:
        opened.execute(
            "create view sans_fin as with recursive r(n) as "
            "(select 1 union all select n + 1 from r) select n as fid from r"
        )
        opened.execute(
            "insert into gpkg_contents (table_name, data_type, identifier) "
            "values ('sans_fin', 'attributes', 'sans_fin')"
        )
    opened.close()
    start = time.process_time()
    assert read(path).table.num_rows == 2
    assert "n'existe pas" in refused(read(path, Wishes(sheet="sans_fin")))
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "body",
    [
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>",
        "<?xml version='1.0'?><GDALG/>",
    ],
)
def test_a_virtual_layer_opens_nothing(tmp_path, body):
    assert "root:" not in json.dumps(given(tmp_path, body, "a.vrt").document())


def test_a_reference_system_that_is_an_address_is_not_fetched(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"nom": "a"},
        "geometry": {"type": "Point", "coordinates": [2, 48]},
    }
    crs = {"type": "name", "properties": {"name": "http://exemple.invalid/crs"}}
    body = json.dumps({"type": "FeatureCollection", "features": [feature], "crs": crs})
    made = given(tmp_path, body)
    assert "crs_unknown" in made.flags
    assert made.table.column("longitude").to_pylist() == ["2"]


def test_nesting_without_end_is_refused(tmp_path):
    refused(given(tmp_path, '[{"a":' + "[" * 200_000))
    given(tmp_path, "<html>" + "<table><tr><td>" * 5_000)
    given(tmp_path, '<html><table><tr><td colspan="99999999" rowspan="99999999">x<tr><td>y')


# --- the net -------------------------------------------------------------------------------------


def test_whatever_a_library_raises_becomes_a_refusal():
    class PanicException(BaseException):
        """As the one of libraries written in Rust."""

    for error in (ValueError("x"), MemoryError(), RecursionError(), PanicException("x")):
        with pytest.raises(Unreadable), bounds.guarded():
            raise error
    with pytest.raises(KeyboardInterrupt), bounds.guarded():
        raise KeyboardInterrupt


def test_a_name_never_becomes_a_path(tmp_path):
    path = tmp_path / "file"
    path.write_text("a;b\n1;2\n")
    assert kinds.grid(path, Wishes(), "../../etc/passwd\x00.csv").cells.num_rows == 2


def test_marks_count_cells_that_name_no_place():
    found = sheet_xml.marks([b"<a><row><c><v>1</v></c><c/><c><v>2</v></c></row></a>"])
    assert (found.rows, found.columns, found.cells) == (1, 3, 2)
