"""Two folders never mixed: nothing typed in the first, everything in the second."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser

import duckdb
import pyarrow.parquet
import pypdfium2
import pytest

from data import attachments
from data.entries import (
    Draft,
    Hours,
    Interview,
    Observation,
    PlannedAction,
    Profile,
    Remark,
    Request,
    Validation,
    keep,
)
from data.records import ANIMATOR, Declaration, Person, declare
from data.store import Store
from data.territories import territory
from diagnostics.usage import WouldLose
from drawing.mentions import INTERNAL
from restitution import bundle, leaks, open_data, pictures
from restitution.account import Account
from restitution.document import BALLOT, NOTICE
from restitution.drafts import draft_of
from restitution.exports import EXPORTS
from restitution.fetched import origins
from restitution.holders import attribution
from tests.restitution import reading

DAY = date(2026, 11, 21)
CAHORS = territory("46042")
ONE = ("heat_islands",)  # one project: its sheet, and every other document
REPORT_TO = "signaler@cahors.invalid"
PAPER = b"Zqpiece contenu du courrier"
WARNING = "DOCUMENT_INTERNE_NE_PAS_DIFFUSER.txt"


def person(name: str) -> Person:
    return Person(ANIMATOR, name)


def typed(store: Store) -> list[str]:
    """Plant one mark of its own in each field somebody can type; returns them."""
    at, made = "46042", iter(range(1000))
    marks: list[str] = []

    def mark(kind: str = "mot") -> str:
        word = f"Zq{kind}{next(made):03d}x"
        text = {"mail": f"{word.lower()}@mairie.invalid", "tel": word}.get(kind, word)
        marks.append(text)
        return text

    kept = attachments.keep(store, f"{mark('piece')}.txt", PAPER)
    marks.append("Zqpiece contenu")
    declare(
        store,
        person(mark("nom")),
        Declaration(
            at, "tree_inventory", "closed_justified", "exists", reason=mark(),
            legal_ground=mark(), evidence=mark(), substitute=mark(), holder=mark(),
            note=mark(), contact=mark("mail"), file=kept, url=f"https://exemple.invalid/{mark()}",
        ),
    )  # fmt: skip
    written = (
        Request("tree_inventory", mark(), "authority", "sent", mark(), mark("mail"), DAY,
                note=mark()),
        Observation("street_lights", mark(), mark(), answer=mark()),
        PlannedAction(mark(), mark(), "tree_inventory", mark("nom"), DAY, mark(), 2, mark(),
                      mark(), mark(), comment=mark()),
        Validation(mark("nom"), True, DAY, "", mark()),
        Hours(DAY, 2.5, mark()),
        Interview("heat_islands", DAY, mark("nom"), mark(), {"results": mark()}),
        Interview("heat_islands", DAY, mark("nom"), mark(), {"results": mark()}, agreed=True),
        Remark("decision", mark(), DAY, mark("nom"), True, mark()),
        Draft("report", "", True, None, {"territoire/fait": mark()}, {"territoire": mark()}),
    )  # fmt: skip
    for number, entry in enumerate(written):
        keep(store, person(f"Zqauteur{number}x"), at, entry)
        marks.append(f"Zqauteur{number}x")
    return marks


@pytest.fixture(scope="module")
def planted(embedded_file, tmp_path_factory) -> Iterator[tuple[Store, list[str]]]:
    path = tmp_path_factory.mktemp("dossiers") / "acv.duckdb"
    path.write_bytes(embedded_file.read_bytes())
    store = Store.open(str(path))
    marks = typed(store)
    keep(store, person("Zqauteurpx"), "46042", Profile(report_to=REPORT_TO))
    published = Draft("report", texts={"territoire/fait": "Texte public récrit à la main."})
    keep(store, person("Zqauteurqx"), "46042", published)
    yield store, [*marks, "Zqauteurpx", "Zqauteurqx"]
    store.close()


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert held.testzip() is None
        return {name: held.read(name) for name in held.namelist()}


def zipped(store: Store, internal: bool, only=ONE, place=CAHORS) -> bytes:
    account = Account(store, place, DAY, internal, only)
    return bundle.as_zip(account, draft_of(account, "bundle"), pictures.reader(store)).content


@pytest.fixture(scope="module")
def outside(planted) -> dict[str, bytes]:
    return opened(zipped(planted[0], internal=False))


@pytest.fixture(scope="module")
def inside(planted) -> dict[str, bytes]:
    return opened(zipped(planted[0], internal=True))


def readings(path: str, content: bytes) -> Iterator[str]:
    """Everything a file says, whatever its format, metadata and inner files too."""
    yield path
    if path.endswith((".zip", ".docx", ".xlsx", ".pptx")):
        for inner, held in opened(content).items():
            yield from readings(inner, held)
    elif path.endswith(".pdf"):
        yield from reading.pdf_pages(content)
        document = pypdfium2.PdfDocument(content)
        yield json.dumps(document.get_metadata_dict(), ensure_ascii=False)
        document.close()
    elif path.endswith(".parquet"):
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        yield json.dumps(table.to_pylist(), ensure_ascii=False, default=str)
        yield str(table.schema.metadata)
    yield content.decode("utf-8", "replace")
    yield content.decode("utf-16-le", "replace")


def said(files: dict[str, bytes]) -> str:
    return "\n".join(text for path, body in files.items() for text in readings(path, body)).lower()


# --- never mixed -----------------------------------------------------------------------------


def test_nothing_typed_is_in_the_folder_to_publish(planted, outside):
    words = said(outside)
    assert [mark for mark in planted[1] if mark.lower() in words] == []
    assert "Texte public récrit".lower() in words  # what was typed to be published is
    assert REPORT_TO in words
    assert not [path for path in outside if path.endswith((".duckdb", ".ics"))]
    assert INTERNAL.lower() not in words.replace("\u00a0", " ")


def test_a_service_that_handed_a_file_over_is_named_nowhere_outside_the_team(embedded_store):
    """Castelvoire has local files under no open licence: their producers stay unnamed."""
    place = territory("00001")
    account = Account(embedded_store, place, DAY)
    known = [made for made in account.values if made.value is not None]
    hidden = {
        name.removeprefix("FICTIF, ")
        for made in known
        if attribution(account, made.source, made.licence, made.datasets) != made.source
        for name in made.source.split(" ; ")
    }
    named = {made.source.removeprefix("FICTIF, ") for made in origins(account) if made.open}
    assert hidden - named
    words = said(opened(zipped(embedded_store, internal=False, place=place)))
    assert [name for name in hidden - named if name.lower() in words] == []


def test_the_walk_reads_every_format_that_could_hold_a_name(outside):
    """The test above can fail: a word that is in each kind of file is found in each of them."""
    for extension in (".pdf", ".docx", ".xlsx", ".pptx", ".html", ".csv", ".parquet", ".geojson"):
        files = {path: body for path, body in outside.items() if path.endswith(extension)}
        if not files and extension == ".pptx" and "slides" not in EXPORTS:
            continue
        assert files, extension
        assert "cahors" in said(files) or "46042" in said(files), extension


def test_everything_typed_is_in_the_folder_of_the_team(planted, inside):
    words = said({path: body for path, body in inside.items() if not path.endswith(".duckdb")})
    assert [mark for mark in planted[1] if mark.lower() not in words] == []
    assert all("INTERNE" in path.upper() for path in inside)
    assert INTERNAL in inside[WARNING].decode()
    assert PAPER in inside.values()


def test_names_of_files_are_plain_and_stay_in_the_folder(inside, outside):
    for path in (*inside, *outside):
        assert path.isascii() and re.fullmatch(r"[\w./-]+", path), path
        assert ".." not in path and not path.startswith("/")


def test_a_typed_file_name_never_becomes_a_path(store):
    kept = attachments.keep(store, "../../étc/p😀asswd .tar.gz/..\\évil", b"x")
    declare(
        store,
        person("Essai"),
        Declaration("46042", "street_lights", "open", "exists", file=kept),
    )
    account = Account(store, CAHORS, DAY, True)
    ((path, content),) = bundle._papers(account, bundle._Folder())
    assert content == b"x" and re.fullmatch(r"pieces/[\w-]+\.\w+", path)


def test_the_database_opens_by_itself_and_holds_the_same_rows(planted, inside, tmp_path):
    (name,) = (path for path in inside if path.endswith(".duckdb"))
    copy = tmp_path / "copie.duckdb"
    copy.write_bytes(inside[name])
    store, _ = planted
    tables = [row["t"] for row in store.rows("select table_name as t from duckdb_tables()")]
    assert {"fetches", "declarations", "records"} <= set(tables)
    with duckdb.connect(str(copy), read_only=True) as held:
        for table in tables:
            sql = f'select * from "{table}" order by all'
            ours = [tuple(row.values()) for row in store.rows(f"select count(*) n from ({sql})")]
            assert held.execute(f"select count(*) from ({sql})").fetchall() == ours, table
        for table in ("fetches", "declarations", "records"):
            sql = f"select * from {table} order by all"
            assert held.execute(sql).fetchall() == [tuple(r.values()) for r in store.rows(sql)]


# --- what a person wrote in a document to be published ---------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Relu par Jeanne Témoin, du service.",
        "relu par JEANNE\u00a0TEMOIN",
        "Écrire à jeanne.temoin@mairie.invalid",
        "Appeler le 05 65 00 00 99.",
    ],
)
def test_a_draft_that_names_somebody_noted_is_refused(store, words):
    keep(store, person("Essai"), "46042", Validation("Jeanne Témoin", True, DAY))
    keep(
        store,
        person("Essai"),
        "46042",
        Request("tree_inventory", "Parcs", "authority", contact="jeanne.temoin@mairie.invalid",
                note="Rappeler au 05 65 00 00 99"),
    )  # fmt: skip
    draft = Draft("report", texts={"territoire/fait": words})
    guarded = leaks.people(store, CAHORS)
    with pytest.raises(WouldLose, match="Dossier à diffuser refusé"):
        leaks.check_drafts([draft], guarded)
    keep(store, person("Essai"), "46042", draft)
    with pytest.raises(WouldLose):
        zipped(store, internal=False)


def test_the_name_of_the_town_and_the_public_address_are_nobody(store):
    keep(store, person("Cahors"), "46042", Profile(report_to=REPORT_TO))
    keep(store, person("Cahors"), "46042", Hours(DAY, 1, f"écrit à {REPORT_TO}"))
    draft = Draft("report", texts={"a/b": f"À Cahors, écrire à {REPORT_TO}."})
    leaks.check_drafts([draft], leaks.people(store, CAHORS))
    leaks.check_files({"a.html": f"<p>{REPORT_TO}</p>".encode()}, leaks.people(store, CAHORS))


def test_a_mailbox_is_found_in_every_readable_format(outside):
    words = {"jeanne@mairie.invalid"}
    page = b"<a href='mailto:jeanne&#64;mairie.invalid'>x</a>"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as held:
        held.writestr("word/document.xml", "<w:t>JEANNE@mairie.invalid</w:t>")
    files = {"a.html": page, "b.docx": inner.getvalue(), "c.zip": zip_of({"d.csv": page})}
    assert {path for path, _ in leaks.found(files, words)} == set(files)
    for path, content in files.items():
        with pytest.raises(WouldLose):
            leaks.check_files({path: content}, words)
    leaks.check_files(outside, words)


def zip_of(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return held.getvalue()


def test_the_words_of_the_reference_are_no_secret(planted):
    words = leaks.typed_words(planted[0], CAHORS)
    unseen = [mark for mark in planted[1] if not any(mark in word for word in words)]
    assert unseen == ["Zqpiece contenu"]
    assert REPORT_TO not in words and "Texte public récrit à la main." not in words


# --- both can be verified and read -----------------------------------------------------------


@pytest.mark.parametrize("which", ["outside", "inside"])
def test_the_digests_verify(which, request):
    files = request.getfixturevalue(which)
    (sums,) = (path for path in files if path.startswith(bundle.SUMS))
    lines = dict(reversed(line.split("  ")) for line in files[sums].decode().splitlines())
    assert lines.keys() == files.keys() - {sums}
    for path, digest in lines.items():
        assert hashlib.sha256(files[path]).hexdigest() == digest


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(("which", "page"), [("outside", ""), ("inside", "_INTERNE")])
def test_the_page_lists_every_file_and_calls_nothing(which, page, request):
    files = request.getfixturevalue(which)
    reader = _Links()
    words = files[f"index{page}.html"].decode()
    reader.feed(words)
    around = {path for path in files if "/" not in path}
    assert sorted(reader.links) == sorted(files.keys() - around)
    assert not {"script", "img", "iframe", "link"} & set(reader.tags)
    assert NOTICE.replace("'", "&#x27;") in words and BALLOT in words
    assert (INTERNAL in words) == bool(page)


def test_every_document_is_there(outside):
    for export in EXPORTS.values():
        for extension in export.makers:
            name = f"documents/{export.stem}_46042_2026-11-21.{extension}"
            assert name in outside, name
    assert "fiches/fiche_heat_islands_46042_2026-11-21.pdf" in outside


def test_the_same_account_gives_the_same_bytes(embedded_store, monkeypatch):
    monkeypatch.setattr(bundle, "EXPORTS", {"workbook": EXPORTS["workbook"]})
    first, second = (zipped(embedded_store, False, place=territory("01001")) for _ in "ab")
    files = opened(first), opened(second)
    assert [path for path in files[0] if files[0][path] != files[1].get(path)] == []
    assert first == second


# --- open data -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(embedded_store):
    """folder(code): the account of a territory and its open data, made once."""

    @cache
    def made(code: str) -> tuple[Account, open_data.Folder]:
        account = Account(embedded_store, territory(code), DAY)
        return account, open_data.folder(account)

    return made


@pytest.fixture(params=["46042", "01001", "00001", "dep:46"])
def published(request, folder) -> tuple[Account, dict[str, bytes]]:
    account, made = folder(request.param)
    return account, dict(made.files)


READ = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")),
}


def table(content: bytes, schema: dict) -> list[dict]:
    """The rows of a CSV as its schema says them; fails where a value breaks its own field."""
    text = content.decode("utf-8")
    assert "\r\n" not in text and not text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    names = [field["name"] for field in schema["fields"]]
    assert rows[0] == names and len(set(names)) == len(names)
    found = []
    for row in rows[1:]:
        assert len(row) == len(names)
        found.append(
            {f["name"]: value(f, cell) for f, cell in zip(schema["fields"], row, strict=True)}
        )
    keys = [tuple(row[name] for name in schema.get("primaryKey", names[:0])) for row in found]
    assert len(set(keys)) == len(keys) or not schema.get("primaryKey")
    return found


def value(field: dict, cell: str):
    bounds = field.get("constraints", {})
    if cell == "":
        assert not bounds.get("required"), field["name"]
        return None
    read = READ[field["type"]](cell)
    assert read in bounds.get("enum", [read]), (field["name"], read)
    if "minimum" in bounds:
        assert read >= bounds["minimum"], field["name"]
    if "maximum" in bounds:
        assert read <= bounds["maximum"], field["name"]
    return read


def test_each_resource_is_what_the_package_says(published):
    account, files = published
    package = json.loads(files["datapackage.json"])
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    names = [made["name"] for made in package["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9._/-]+", name) for name in names)
    assert package["fictional"] is account.place.fictional
    described = {made["path"] for made in package["resources"]}
    assert files.keys() - described == {
        "datapackage.json", "LISEZMOI.txt", *(path for path in files if path.startswith("schema/")),
    }  # fmt: skip
    for made in package["resources"]:
        content = files[made["path"]]
        assert made["bytes"] == len(content)
        assert made["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert ("FICTIF" in made["title"]) == account.place.fictional
        for licence in made.get("licenses", package["licenses"]):
            assert licence.get("name") or licence.get("path")
            assert "sans licence" not in licence["title"]


def test_each_table_obeys_its_schema_and_parquet_says_the_same(published):
    _, files = published
    package = json.loads(files["datapackage.json"])
    tables = [made for made in package["resources"] if made["format"] == "csv"]
    assert len(tables) >= 5
    for made in tables:
        schema = made["schema"]
        stem = made["path"].removesuffix(".csv").rpartition("/")[2].removeprefix("FICTIF_")
        assert json.loads(files[f"schema/{stem}.json"]) == schema
        rows = table(files[made["path"]], schema)
        held = pyarrow.parquet.read_table(io.BytesIO(files[made["path"][:-3] + "parquet"]))
        assert held.to_pylist() == rows, made["path"]


def test_the_diagnosis_published_is_that_of_the_json(published):
    account, files = published
    document = account.assessment.as_dict()
    package = {made["path"]: made for made in json.loads(files["datapackage.json"])["resources"]}

    def rows(name):
        path = f"diagnostic/{name}.csv"
        return table(files[path], package[path]["schema"])

    needs = [(one, need) for one in document["experiments"] for need in one["needs"]]
    for row, (one, need) in zip(rows("disponibilite"), needs, strict=True):
        assert (row["experiment"], row["verdict"]) == (one["id"], one["verdict"])
        for name in ("dataset", "status", "provenance", "existence", "adequacy", "outside"):
            assert row[name] == need[name], name
        for axis in ("usable", "openness"):
            bounds = need[axis] or {"low": None, "high": None}
            assert (row[f"{axis}_low"], row[f"{axis}_high"]) == (bounds["low"], bounds["high"])
            assert need[axis] or f"{axis}=not_applicable" in row["absence"]
        for name, checked in need["checks"].items():
            untested = isinstance(checked, str)
            assert row[f"check_{name}"] == (None if untested else checked)
            assert (f"check_{name}=not_tested" in (row["absence"] or "")) == untested
    for row, made in zip(rows("indicateurs"), account.values, strict=True):
        shown = row["value_date"].isoformat() if row["value_date"] else row["value"]
        assert (row["id"], shown, row["low"], row["high"], row["precision"]) == (
            made.id, made.value, made.low, made.high, made.precision,
        )  # fmt: skip
        assert row["absence"] == (made.status if made.value is None else None)
    for row in rows("sources"):
        assert (row["rows"] is None) == bool(row["absence"])


def test_geojson_is_as_the_standard_asks(published):
    account, files = published
    for path, content in files.items():
        if not path.endswith(".geojson"):
            continue
        document = json.loads(content)
        assert document["type"] == "FeatureCollection" and "crs" not in document
        for feature in document["features"]:
            assert feature["type"] == "Feature" and isinstance(feature["properties"], dict)
            if feature["geometry"] is not None:
                lon, lat = feature["geometry"]["coordinates"]
                assert feature["geometry"]["type"] == "Point"
                assert -180 <= lon <= 180 and -90 <= lat <= 90
    (town,) = json.loads(files["territoire.geojson"])["features"]
    assert (town["geometry"] is None) == (account.place.lon is None)
    assert town["properties"]["absence"] or town["geometry"]


def test_rows_of_a_file_that_is_not_open_stay_where_they_are(folder):
    _, made = folder("00001")
    reasons = dict(made.skipped)
    for dataset in ("tree_inventory", "street_lights", "heat_sensors"):
        assert "n'est pas ouverte" in reasons[dataset]
        assert not [path for path in made.files if dataset in path]
    assert "donnees/FICTIF_schools.csv" in made.files
    rows = made.files["diagnostic/sources.csv"].decode()
    assert "Élagueur" not in rows and "Espaces verts de" not in rows


def test_too_many_rows_are_said_to_be_left_out(embedded_store, monkeypatch):
    monkeypatch.setattr(open_data, "MOST_ROWS", 20)
    made = open_data.folder(Account(embedded_store, CAHORS, DAY))
    assert "Trop de lignes" in dict(made.skipped)["climate_projections"]
    assert "donnees/climate_projections.csv" not in made.files
    assert "climate_projections" in made.files["LISEZMOI.txt"].decode()


def test_an_internal_account_publishes_nothing_more(planted):
    store, marks = planted
    team = open_data.files(Account(store, CAHORS, DAY, internal=True))
    assert team == open_data.files(Account(store, CAHORS, DAY))
    words = said(team)
    assert [mark for mark in marks if mark.lower() in words] == []


def test_a_paper_that_is_lost_is_said_never_quietly_left_out(store: Store):
    lost = f"{'a' * 64}/plan.pdf"
    person = Person(ANIMATOR, "Essai")
    declare(store, person, Declaration("46042", "tree_inventory", "candidate", "exists", file=lost))
    folder = bundle._Folder()
    assert list(bundle._papers(Account(store, CAHORS, DAY, internal=True), folder)) == []
    assert folder.skipped == [("pieces/plan.pdf", "Pièce perdue ou abîmée : à redemander.")]


@pytest.mark.parametrize(
    ("typed", "text", "refused"),
    [
        ("Zoé Dupontel", "Merci à Mme Dupontel pour son aide.", True),
        ("Zoé Dupontel", "Le service des espaces verts a répondu.", False),
        ("Service espaces verts", "Le service de la Mairie suit ce projet.", False),
        ("王小明", "Merci à 王小明.", True),
        ("z@ville.test", "Écrire à Z@ville.test", True),
    ],
)
def test_a_name_is_known_by_one_of_its_words_and_a_service_is_nobody(typed, text, refused):
    assert leaks._names(text, typed) is refused
