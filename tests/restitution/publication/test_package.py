"""Each file of a package, read back by another program than the one that wrote it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas import schema_of
from data.standards import folders, standard
from restitution.publication.package import JOURNAL, NAMES, built, files, notice
from restitution.publication.tabular import as_csv, tabular
from restitution.publication.template import as_template
from restitution.publication.to_publish import Metadata, metadata_of
from tests.restitution import reading as read_back
from tests.restitution.publication import making
from tests.restitution.publication.making import SECRET, SIGNER, made, trees

ROOT = Path(__file__).resolve().parents[3]
FRICTIONLESS = ROOT / ".venv-validata/bin/frictionless"
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def package():
    return built(made())


@pytest.fixture(scope="module")
def hostile():
    return built(making.hostile())


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def test_the_package_holds_these_files_and_no_other(package):
    assert tuple(package.files) == NAMES
    assert JOURNAL not in package.files


def test_the_same_inputs_give_the_same_bytes(package):
    assert files(made()) == package.files
    assert built(made()).journal == package.journal
    assert files(made(code="00001")) != package.files


# --- data --------------------------------------------------------------------------------------


def test_the_csv_is_the_table_in_the_order_of_the_standard(package):
    content = package.files["data.csv"]
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    found = rows(content)
    order = [name for name in standard("arbre").names if name in found[0]]
    assert sorted(found[0], key=order.index) == sorted(order, key=order.index)
    given = trees()
    for name, column in zip(found[0], zip(*found[1:], strict=True), strict=True):
        if name not in ("genre_arbre", "remarque"):
            assert [cell or None for cell in column] == given[name].to_pylist()


def test_a_formula_gets_a_quote_and_a_number_or_a_phone_does_not(package):
    by_name = dict(zip(*rows(package.files["data.csv"])[0::2][:2], strict=True))
    assert by_name["genre_arbre"] == "'=cmd|'/C calc'!A0"
    assert by_name["hauteur"] == "-5"
    assert [row[-1] for row in rows(package.files["data.csv"])[1:]] == [
        "+33 5 65 20 00 00", "'- à voir", "voilà", "-12",
    ]  # fmt: skip
    assert json.loads(package.files["transformations.json"])["formulas_neutralised"] == 2


@pytest.mark.parametrize(
    "given", ["-1.5e-3", "+5", "-12,5 %", "(+33) 5", "-", "--", "+33.5.65.20.00.00", "-INF", "−3"]
)
def test_what_cannot_be_run_stays_as_it_is(given):
    table = tabular(pa.table({"a": [given]}), standard("arbre"))
    assert table.texts["a"].to_pylist() == [given]


@pytest.mark.parametrize(
    "given", ["=1", "@x", "+A1", "-2+cmd|x", "＝1+1", "'=1", "\t=1", "-1.5e-3x", "+1\n=A1", "\r@a"]
)
def test_what_could_be_run_is_made_harmless(given):
    table = tabular(pa.table({"a": [given]}), standard("arbre"))
    assert table.texts["a"].to_pylist() == [f"'{given}"]


def test_a_value_that_the_standard_lists_stays_right():
    fields = [
        {"name": "a", "type": "string", "constraints": {"enum": ["+plus", "-moins", "-1|x", "=A1"]}}
    ]
    schema = schema_of({"fields": fields}, "x")
    table = tabular(pa.table({"a": ["+plus", "-moins", "+autre", "-1|x", "=A1"]}), schema)
    assert table.texts["a"].to_pylist() == ["+plus", "-moins", "'+autre", "'-1|x", "'=A1"]


def test_a_column_alone_loses_no_empty_cell():
    table = tabular(pa.table({"a": ["x", None, "y"]}), standard("arbre"))
    assert rows(as_csv(table)) == [["a"], ["x"], [""], ["y"]]


TEXTS = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=12))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_whatever_the_cells_the_csv_gives_them_back(cells):
    table = pa.table(
        {
            name: pa.array([row[at] for row in cells], pa.string())
            for at, name in enumerate(("a", "b"))
        }
    )
    made_of = tabular(table, standard("arbre"))
    found = rows(as_csv(made_of))[1:]
    assert [tuple(cell or None for cell in row) for row in found] == [
        tuple(one or None for one in row)
        for row in zip(*(column.to_pylist() for column in made_of.texts.columns), strict=True)
    ]
    for given_cells, kept in zip(cells, found, strict=True):
        for before, after in zip(given_cells, kept, strict=True):
            assert after in ((before or ""), f"'{before}")


def test_the_parquet_has_the_types_of_the_standard(package, tmp_path):
    path = tmp_path / "data.parquet"
    path.write_bytes(package.files["data.parquet"])
    found = duckdb.sql(f"select * from '{path}'")
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    assert (types["id"], types["hauteur"], types["date_plantation"]) == ("BIGINT", "DOUBLE", "DATE")
    assert (types["arbre_remarquable"], types["code_insee"]) == ("BOOLEAN", "VARCHAR")
    assert found.fetchall()[1][5:8] == (date(2013, 11, 25), -5.0, False)


def test_a_column_with_one_wrong_value_keeps_all_its_texts():
    table = trees().set_column(0, "id", pa.array(["1", "deux", None, "4"]))
    typed = tabular(table, standard("arbre")).typed
    assert typed["id"].to_pylist() == ["1", "deux", None, "4"]


def test_the_points_are_read_by_a_map(package, tmp_path):
    path = tmp_path / "data.geojson"
    path.write_bytes(package.files["data.geojson"])
    meta, _, shapes, columns = pyogrio.raw.read(path)
    points = shapely.from_wkb(shapes)
    assert [(one.x, one.y) for one in points[:3]] == [(1.4412, 44.44), (1.45, 44.5), (-1.5, 44.001)]
    assert points[3] is None and len(points) == 4
    assert columns[list(meta["fields"]).index("code_insee")][2] == "01004"


@pytest.mark.parametrize(
    ("kind", "form", "cell"),
    [
        ("string", "default", "POINT (1.5 44.25)"),
        ("geopoint", "array", "[1.5, 44.25]"),
        ("geopoint", "default", "1.5, 44.25"),
        ("string", "default", "44.25,1.5"),
        ("geojson", "default", '{"type": "Point", "coordinates": [1.5, 44.25]}'),
    ],
)
def test_a_point_in_one_cell_is_a_place(kind, form, cell):
    fields = [{"name": "coordonneesXY", "type": kind, "format": form}]
    schema = schema_of({"title": "t", "fields": fields}, "x")
    table = pa.table({"coordonneesXY": [cell, None, "ailleurs"]})
    found = json.loads(files(made(table=table, schema=schema))["data.geojson"])
    assert [one["geometry"] for one in found["features"]] == [
        {"type": "Point", "coordinates": [1.5, 44.25]}, None, None,
    ]  # fmt: skip


def test_without_places_there_is_no_geojson_and_a_reason():
    found = built(made(table=trees().drop_columns(["longitude"])))
    assert "data.geojson" not in found.files
    assert dict(found.skipped)["data.geojson"].startswith("Aucune colonne ne dit où")
    listed = json.loads(found.files["datapackage.json"])["resources"]
    assert [one["path"] for one in listed] == ["data.csv", "data.parquet"]


# --- descriptions ------------------------------------------------------------------------------


def test_the_data_package_names_each_file_with_its_digest(package):
    said = json.loads(package.files["datapackage.json"])
    assert re.fullmatch(r"[a-z0-9-]+", said["name"])
    assert said["created"] == "2026-11-21T00:00:00Z"
    assert said["licenses"][0]["name"] == "etalab-2.0"
    for one in said["resources"]:
        content = package.files[one["path"]]
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    fields = [one["name"] for one in said["resources"][0]["schema"]["fields"]]
    assert fields == rows(package.files["data.csv"])[0]


def test_the_dcat_record_says_what_dcat_ap_asks(package):
    said = json.loads(package.files["dcat.jsonld"])
    prefixes = set(said["@context"])
    names = set(re.findall(r'"(\w+):\w+":', package.files["dcat.jsonld"].decode()))
    assert names - {"http", "https"} <= prefixes
    for name in (
        "dct:title", "dct:description", "dct:publisher", "dcat:contactPoint", "dcat:keyword",
        "dcat:theme", "dct:spatial", "dct:accrualPeriodicity", "dcat:distribution",
    ):  # fmt: skip
        assert said[name], name
    assert said["dct:spatial"]["@id"] == "http://id.insee.fr/geo/commune/46042"
    for one in said["dcat:distribution"]:
        content = package.files[one["dcat:accessURL"]["@id"]]
        assert one["dcat:byteSize"]["@value"] == str(len(content))
        digest = one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert digest == hashlib.sha256(content).hexdigest()
        assert one["dcat:mediaType"]["@id"].startswith("https://www.iana.org/")


def test_the_record_gives_the_period_the_frequency_and_the_address_that_are_known():
    metadata = Metadata(
        start="2024", end="2025-06-30", frequency="annual", licence="odbl",
        contact="opendata@cahors.example", url="https://www.data.gouv.fr/datasets/x",
        base="https://static.example/x/",
    )  # fmt: skip
    consents = replace(making.GIVEN, licence="odbl")
    said = json.loads(files(made(metadata=metadata, consents=consents))["dcat.jsonld"])
    assert said["dct:temporal"]["dcat:startDate"] == {"@value": "2024", "@type": "xsd:gYear"}
    assert said["dct:accrualPeriodicity"]["@id"].endswith("/frequency/ANNUAL")
    assert said["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:opendata@cahors.example"}
    assert said["@id"] == "https://www.data.gouv.fr/datasets/x"
    first = said["dcat:distribution"][0]
    assert first["dcat:accessURL"]["@id"] == "https://static.example/x/data.csv"
    assert "opendatacommons" in first["dct:license"]["@id"]


def complete() -> Metadata:
    return Metadata(
        siret="21460042100017", start="2024-01-01", end="2024-12-31", frequency="annual",
        url="https://www.data.gouv.fr/datasets/arbres",
    )  # fmt: skip


@pytest.mark.screens
def test_the_line_of_the_catalogue_is_right_by_our_own_validator(tmp_path):
    validate = pytest.importorskip("diagnostics.conformity.validate")
    for code, metadata in (("46042", complete()), ("00001", Metadata())):
        path = tmp_path / f"{code}.csv"
        path.write_bytes(files(made(code=code, metadata=metadata))["catalogue.csv"])
        verdict = validate.validate_file(path, standard("scdl-catalogue"))
        codes = [one.code for one in verdict.errors]
        fields = {one.field for one in verdict.errors}
        assert (verdict.rows, verdict.valid) == (1, True), (codes, fields)


def test_the_line_has_twenty_fields_and_says_what_it_lacks(package):
    header, line = rows(package.files["catalogue.csv"])
    assert header == list(standard("scdl-catalogue").names)
    empty = {name for name, value in zip(header, line, strict=True) if not value}
    assert empty == {"COLL_SIRET", "PRODUCTEUR_SIRET"}
    said = " ".join(part for part, _ in package.skipped)
    assert all(name in said for name in (*empty, "COUV_TEMP_DEBUT", "URL"))
    whole = rows(files(made(metadata=complete()))["catalogue.csv"])[1]
    assert all(whole)


def test_the_siret_is_read_in_the_file_only_when_it_is_the_town_s():
    own = made()
    siren = own.place.siren
    assert siren
    for value, expected in ((f"{siren}00017", f"{siren}00017"), ("1" * 14, "")):
        table = trees().append_column("num_siret", pa.array([value] * 4))
        assert replace(own, table=table).said.siret == expected


# --- what is said to people ----------------------------------------------------------------------


def test_the_datasheet_is_alone_and_calls_nobody(package):
    page = package.files["fiche.html"].decode().replace("<wbr>", "")
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page)
    assert 'lang="fr"' in page
    assert "Document de travail" not in page
    for words in ("Arbres", "Licence Ouverte", "Virgule décimale", "SHA-256", making.SOURCE):
        assert words.lower() in page.lower(), words


def test_without_the_agreements_every_paper_says_so():
    found = built(made(consents=making.Consents()))
    page = found.files["fiche.html"].decode()
    assert "Document de travail" in page
    assert "non donné" in page
    said = json.loads(found.files["transformations.json"])["consents"]
    assert said["producer"] is False
    assert len(said["missing"]) == 2


def test_what_is_inside_stays_inside(package):
    for name, content in package.files.items():
        text = content.decode("utf-8", "replace")
        assert SIGNER not in text, name
        assert SECRET not in text, name
    journal = package.journal.decode()
    assert SIGNER in journal
    assert SECRET in journal


def test_the_log_says_the_mapping_the_repairs_and_what_is_left_aside(package):
    said = json.loads(package.files["transformations.json"])
    assert said["source"] == {"sha256": making.SOURCE}
    assert said["mapping"] == {"N°": "id", "X": "longitude", "Jardinier": None}
    assert said["left_aside"] == ["Jardinier"]
    assert said["repairs"][0] == {"kind": "decimal_comma", "column": "hauteur", "count": 2}
    assert said["choices"]["values_replaced"] == {"genre_arbre": 1}
    assert said["validation"]["valid"] is True


def test_an_invented_place_is_said_invented_in_every_paper():
    found = files(made(code="00001"))
    for name in ("fiche.html", "dcat.jsonld", "catalogue.csv", "datapackage.json", "data.geojson"):
        assert "FICTIF" in found[name].decode(), name
    assert json.loads(found["transformations.json"])["fictional"] is True
    assert next(iter(read_back.sheets(found["modele.xlsx"]))) == "FICTIF Données"
    assert "id.insee.fr" not in found["dcat.jsonld"].decode()


def test_the_notice_is_what_the_platform_takes():
    publish = pytest.importorskip("connectors.datagouv_publish")
    said = notice(made(metadata=complete()))
    told = publish.Notice(**said, organisation="abc").payload()
    assert told["license"] == "lov2"
    assert told["spatial"] == {"zones": ["fr:commune:46042"]}
    assert notice(made(code="00001"))["zone"] is None
    deliberations = replace(made(), schema=standard("scdl-deliberations"))
    assert notice(deliberations)["schema"] == {"name": "scdl/deliberations", "version": "2.1.5"}


def test_metadata_come_back_from_what_was_kept():
    given = replace(complete(), keywords=("arbres", "ville"))
    assert metadata_of(json.loads(json.dumps(given.document()))) == given
    assert metadata_of({"licence": "cc", "frequency": "parfois", "autre": 1}) == Metadata()


# --- template ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["arbre", "scdl-equipements", "dae", "friches"])
def test_the_template_has_the_fields_and_lists_to_pick_in(name):
    schema = standard(name)
    content = as_template(schema, made().place)
    found = read_back.sheets(content)
    assert found["Données"][0] == list(schema.names)
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        sheet = held.read("xl/worksheets/sheet1.xml").decode()
        assert 'state="frozen"' in sheet
        assert any(one.startswith("xl/comments") for one in held.namelist())
        styles = held.read("xl/styles.xml").decode()
    assert 'numFmtId="49"' in styles
    picked = [f for f in schema.fields if f.type == "boolean" or f.constraints.get("enum")]
    assert sheet.count('type="list"') == len(picked)
    assert "<f>" not in sheet


# --- hostile -----------------------------------------------------------------------------------


def test_hostile_content_runs_nowhere(hostile):
    page = hostile.files["fiche.html"].decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    for row in rows(hostile.files["data.csv"]):
        for cell in row:
            assert not re.match(r"[=@\t\r＝＠]", cell), cell
    first = [row[0] for row in rows(hostile.files["data.csv"])]
    assert first[0] == "'=cmd()"
    assert not any(cell.startswith("=") for cell in first)
    for row in rows(hostile.files["catalogue.csv"]):
        assert not any(cell.startswith(("=", "@", "+", "-")) for cell in row)
    dcat = json.loads(hostile.files["dcat.jsonld"])
    assert "javascript" not in json.dumps([dcat["@id"], dcat["dcat:contactPoint"]])


def test_hostile_content_loses_no_row(hostile, tmp_path):
    path = tmp_path / "data.parquet"
    path.write_bytes(hostile.files["data.parquet"])
    assert duckdb.sql(f"select count(*) from '{path}'").fetchone() == (28,)
    assert len(rows(hostile.files["data.csv"])) == 29
    features = json.loads(hostile.files["data.geojson"])["features"]
    assert [one["geometry"] is None for one in features] == [False, *[True] * 27]
    sheets = read_back.sheets(hostile.files["modele.xlsx"])
    assert sheets["Données"][0][0] == "'=cmd()"


def test_an_empty_table_still_makes_a_package():
    found = built(made(table=trees().slice(0, 0), verdict=making.Verdict(rows=0)))
    assert rows(found.files["data.csv"]) == [trees().column_names]
    assert "data.geojson" not in found.files


# --- other programs ----------------------------------------------------------------------------


@pytest.mark.screens
def test_frictionless_reads_the_package_of_every_standard(tmp_path):
    if not FRICTIONLESS.exists():
        pytest.skip("frictionless absent")
    names = [name for name in folders() if standard(name).fields]
    for name in names:
        schema = standard(name)
        table = pa.table({one.name: pa.array([], pa.string()) for one in schema.fields})
        _unpack(tmp_path / name, files(made(table=table, schema=schema)))
    _unpack(tmp_path / "arbres", _sound())
    program = (
        "import sys, json; from frictionless import Package, Resource\n"
        "found = {}\n"
        "for path in sys.argv[1:]:\n"
        "    package = Package(path + '/datapackage.json')\n"
        "    report = package.get_resource('data').validate()\n"
        "    found[path] = [str(e) for e in report.flatten(['message'])]\n"
        "print(json.dumps(found))\n"
    )
    folders_ = [str(tmp_path / name) for name in (*names, "arbres")]
    python = FRICTIONLESS.with_name("python")
    ran = subprocess.run(
        [str(python), "-c", program, *folders_], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    wrong = {path: errors for path, errors in json.loads(ran.stdout).items() if errors}
    assert wrong == {}


def _sound() -> dict[str, bytes]:
    """Trees that keep every rule."""
    table = trees().set_column(6, "hauteur", pa.array(["1200", "5", "30.5", None]))
    placed = table.slice(0, 3)
    return files(made(table=placed))


def _unpack(folder: Path, content: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, body in content.items():
        (folder / name).write_bytes(body)


@pytest.mark.screens
def test_the_datasheet_is_valid_html(package, hostile, tmp_path):
    if not shutil.which("java"):
        pytest.skip("Java absent")
    if not VNU.exists():
        pytest.skip("vnu absent")
    for name, one in (("made", package), ("hostile", hostile)):
        (tmp_path / f"{name}.html").write_bytes(one.files["fiche.html"])
    command = ["java", "-Xss8m", "-XX:TieredStopAtLevel=1", "-jar", str(VNU), "--errors-only"]
    ran = subprocess.run(
        [*command, *map(str, sorted(tmp_path.glob("*.html")))],
        capture_output=True, text=True, timeout=60, env=os.environ,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_datasheet_is_accessible(browser, package, hostile, tmp_path, width):
    if not AXE.exists():
        pytest.skip("axe-core absent")
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        for name, one in (("made", package), ("hostile", hostile)):
            path = tmp_path / f"{name}.html"
            path.write_bytes(one.files["fiche.html"])
            page = context.new_page()
            page.goto(path.as_uri())
            page.context.new_cdp_session(page).send(
                "Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")}
            )
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [rule["id"] for rule in found["violations"]] == []
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) <= 0
    finally:
        context.close()
