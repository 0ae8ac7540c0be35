"""`python -m restitution …` as scripts call it: files, JSON, exit codes, one-sentence refusals."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data.catalog import catalog
from restitution.__main__ import main
from tests.restitution.reading import sheets

PLACES = ("46042", "97209", "01001", "00001")
KINDS = {
    "report": ".pdf",
    "onepage": ".pdf",
    "slides": ".pptx",
    "workbook": ".xlsx",
    "page": ".html",
    "bundle": ".zip",
}
MAGIC = {
    ".pdf": b"%PDF-",
    ".pptx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".docx": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".html": b"<!doctype html>",
    ".md": b"",
    ".txt": b"",
}


@pytest.fixture(autouse=True)
def _ready(store, offline):
    """The embedded default, closed so that a command opens it as it would a user's."""
    store.close()


def run(capsys, *given: str) -> tuple[int, str, str]:
    code = main([str(made) for made in given])
    said = capsys.readouterr()
    return code, said.out, said.err


# Each takes a second or two, a bundle ten: `make deep` makes them all for each of the towns.
SAMPLE = [(kind, "00001") for kind in KINDS] + [("report", "01001"), ("onepage", "97209")]
EVERY = [(kind, code) for kind in KINDS for code in PLACES if (kind, code) not in SAMPLE]


@pytest.mark.parametrize(
    ("kind", "code"),
    [*SAMPLE, *(pytest.param(*made, marks=pytest.mark.deep) for made in EVERY)],
)
def test_a_document_is_written_and_described(capsys, tmp_path: Path, kind: str, code: str):
    path = tmp_path / f"sortie{KINDS[kind]}"
    ended, out, _ = run(capsys, kind, code, "--out", path, "--json")
    assert ended == 0
    document = json.loads(out)
    (made,) = document["files"]
    content = path.read_bytes()
    assert content.startswith(MAGIC[path.suffix])
    assert (made["path"], made["kind"], made["bytes"]) == (str(path), kind, len(content))
    assert made["sha256"] == hashlib.sha256(content).hexdigest()
    assert all(line.keys() == {"part", "reason"} for line in document["skipped"])
    assert all(line["part"] and line["reason"] for line in document["skipped"])


# Every document twice in one process: test_bundle.py. Here, by the command.
@pytest.mark.parametrize("kind", ["onepage", "slides"])
def test_the_same_inputs_give_the_same_bytes(capsys, tmp_path: Path, kind: str):
    paths = [tmp_path / f"{name}{KINDS[kind]}" for name in "ab"]
    for path in paths:
        assert run(capsys, kind, "00001", "--out", path)[0] == 0
    first, second = (path.read_bytes() for path in paths)
    assert first == second


SINGLE = [
    ("sheet", "heat_islands", ".pdf"),
    ("sheet", "heat_islands", ".docx"),
    ("sheet", "heat_islands", ".html"),
    ("sheet", "heat_islands", ".md"),
    ("letter", "tree_inventory", ".pdf"),
    ("letter", "tree_inventory", ".docx"),
    ("letter", "tree_inventory", ".txt"),
    ("letters", None, ".zip"),
    ("dossier", "climate_adaptation", ".pdf"),
    ("interview", "tout", ".docx"),
    ("interview", "heat_islands", ".pdf"),
]


@pytest.mark.parametrize(("command", "subject", "extension"), SINGLE)
def test_a_document_about_one_thing(capsys, tmp_path: Path, command, subject, extension):
    path = tmp_path / f"sortie{extension}"
    subject = [subject] if subject else []
    ended, out, _ = run(capsys, command, *subject, "46042", "--out", path, "--json")
    assert ended == 0
    assert json.loads(out)["files"][0]["bytes"] == path.stat().st_size > 200
    assert path.read_bytes().startswith(MAGIC[extension])


REFUSED = [
    (("report", "99999", "--out", "a.pdf"), "99999"),
    (("report", "46042", "--out", "a.doc"), ".pdf"),
    (("report", "46042", "--out", "absent/a.pdf"), "absent"),
    (("report", "--out", "a.pdf"), "code"),
    (("report", "46042", "--acv", "--out", "a.pdf"), "code"),
    (("report", "46042", "--out", "a.pdf", "--experiment", "licornes"), "licornes"),
    (("sheet", "licornes", "46042", "--out", "a.pdf"), "licornes"),
    (("letter", "licornes", "46042", "--out", "a.pdf"), "licornes"),
    (("dossier", "licornes", "46042", "--out", "a.pdf"), "licornes"),
    (("poster", "46042", "--out", "a.pdf"), "poster"),
    (("onepage", "--acv", "--out", "absent"), "absent"),
]


@pytest.mark.parametrize(("given", "named"), REFUSED)
def test_wrong_use_is_one_sentence_and_writes_nothing(
    capsys, tmp_path: Path, monkeypatch, given, named
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    ended, out, err = run(capsys, *given)
    assert (ended, out) == (2, "")
    assert named in err and "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_edited_by_hand_is_not_lost(capsys, tmp_path: Path):
    path = tmp_path / "rapport.pdf"
    path.write_bytes(b"retouches d'un soir")
    ended, out, err = run(capsys, "report", "46042", "--out", path)
    assert (ended, out) == (3, "")
    assert "existe déjà" in err
    assert path.read_bytes() == b"retouches d'un soir"


def test_internal_and_public_documents_are_told_apart(capsys, tmp_path: Path):
    inside, outside = tmp_path / "dedans.html", tmp_path / "dehors.html"
    assert run(capsys, "page", "46042", "--out", inside, "--interne")[0] == 0
    assert run(capsys, "page", "46042", "--out", outside)[0] == 0
    mark = "Document interne, ne pas diffuser"
    assert mark in inside.read_text().replace("\u00a0", " ")
    assert mark not in outside.read_text().replace("\u00a0", " ")


def test_one_project_alone(capsys, tmp_path: Path):
    path = tmp_path / "classeur.xlsx"
    given = ("workbook", "46042", "--experiment", "heat_islands", "--out", path)
    assert run(capsys, *given)[0] == 0
    said = str(sheets(path.read_bytes())["Projets"])
    titles = {made.title for made in catalog().experiments.values() if made.title in said}
    assert titles == {catalog().experiments["heat_islands"].title}


def test_the_towns_of_the_programme_one_by_one(capsys, tmp_path: Path, monkeypatch):
    from restitution import cli_export

    towns = cli_export.acv_towns()[:3]
    monkeypatch.setattr(cli_export, "acv_towns", lambda: towns)
    ended, out, _ = run(capsys, "onepage", "--acv", "--out", tmp_path, "--json")
    assert ended == 0
    files = json.loads(out)["files"]
    assert [town.code in made["path"] for town, made in zip(towns, files, strict=True)] == [
        True
    ] * 3
