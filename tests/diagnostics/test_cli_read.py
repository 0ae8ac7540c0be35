"""`python -m diagnostics read`: what a person sees, what a script gets, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diagnostics import cli_read
from diagnostics.command import Commands


def _no_store(**_: object) -> None:
    raise AssertionError("lire un fichier n'ouvre pas la base")


MAIN = Commands("diagnostics", "", {"read": cli_read.add}, _no_store).main
TEXT = "Arbres 2024\n\nnom;haut\nÉrable;12,5\nChêne;8\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "arbres.csv"
    path.write_text(TEXT, "cp1252")
    return path


def test_a_person_sees_what_the_file_is_and_what_was_repaired(file, capsys):
    assert MAIN(["read", str(file)]) == 0
    said = capsys.readouterr().out
    for words in ("2 lignes, 2 colonnes", "point-virgule", "cp1252", "Réparé", "Érable | 12.5"):
        assert words in said
    assert "decimal_comma" not in said


def test_a_script_gets_one_document(file, capsys):
    assert MAIN(["read", str(file), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["file"], document["rows"], document["header_row"]) == ("arbres.csv", 2, 3)
    assert document["refused"] is None


def test_a_refused_file_ends_with_1_and_its_document_all_the_same(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.7")
    assert MAIN(["read", str(path), "--json", "--out", str(tmp_path / "b.csv")]) == 1
    assert "PDF" in json.loads(capsys.readouterr().out)["refused"]["reason"]
    assert not (tmp_path / "b.csv").exists()
    assert MAIN(["read", str(path)]) == 1
    assert "Refusé" in capsys.readouterr().out


def test_the_table_is_written_and_never_over_another_one(file, tmp_path, capsys):
    out = tmp_path / "propre.csv"
    for _ in range(2):
        assert MAIN(["read", str(file), "--out", str(out)]) == 0
    assert out.read_text("utf-8") == "nom,haut\nÉrable,12.5\nChêne,8\n"
    out.write_text("autre")
    capsys.readouterr()
    assert MAIN(["read", str(file), "--out", str(out)]) == 3
    assert MAIN(["read", str(file), "--out", str(file)]) == 3
    assert out.read_text() == "autre"
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arbres.csv", "propre.csv"]


@pytest.mark.parametrize("given", [["absent.csv"], ["."], ["\0"], [], ["{file}", "--out", "."]])
def test_wrong_use_ends_with_2_and_one_sentence(given, file, capsys):
    assert MAIN(["read", *(part.format(file=file) for part in given)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_an_unknown_sheet_is_refused_with_those_there_are(tmp_path, capsys):
    from tests.data.reading.books import HEADERS, ROWS, xlsx

    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(("Lieux", [HEADERS, *ROWS])))
    assert MAIN(["read", str(path), "--sheet", "Autre"]) == 1
    assert "Lieux" in capsys.readouterr().out


def test_nothing_of_a_file_drives_the_terminal(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("nom;haut\n\x1b[31mrouge;1\nb;2\n")
    assert MAIN(["read", str(path)]) in (0, 1)
    assert "\x1b" not in capsys.readouterr().out
