"""`python -m diagnostics validate`: what a person sees, what a script gets, the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from diagnostics.__main__ import main

FIELDS = {
    "name": "essai",
    "title": "Essai",
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "nom", "constraints": {"required": True}},
        {"name": "age", "constraints": {"required": True}},
        *({"name": name} for name in ("u", "v", "w")),
    ],
}


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The command on a file that has one wrong cell, misses columns and has others."""
    (tmp_path / "a.csv").write_text("id,xx,yy\n1,a,b\nz,a,c\n")
    (tmp_path / "essai.json").write_text(json.dumps(FIELDS))
    return ["validate", str(tmp_path / "a.csv"), "--schema", str(tmp_path / "essai.json")]


def test_a_person_reads_one_sentence_for_columns_of_which_the_same_is_said(asked, capsys):
    assert main(asked) == 0
    said = capsys.readouterr().out
    for words in (
        "Sera-t-il accepté\u00a0? Non",
        "1 sur 2 (50\u00a0%)",
        "2\u00a0colonnes obligatoires ne sont pas dans le fichier\u00a0: «\u00a0nom\u00a0» et «",
        "3\u00a0colonnes facultatives ne sont pas dans le fichier\u00a0: «\u00a0u\u00a0», «",
        "2\u00a0colonnes ne sont pas décrites par le standard\u00a0: «\u00a0xx\u00a0» et «",
    ):
        assert words in said
    assert said.count("facultative") == 1 and "missing" not in said


def test_a_script_gets_every_issue_apart(asked, capsys):
    assert main([*asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["valid"], document["share_valid_rows"]) == (2, False, 0.5)
    codes = [one["code"] for one in document["warnings"]]
    assert codes == ["missing-optional-label"] * 3 + ["extra-label"] * 2
    assert [one["count"] for one in document["errors"] if one["field"] == "id"] == [1]


def test_errors_are_written_and_never_over_something_else(asked, tmp_path, capsys):
    out = tmp_path / "erreurs.csv"
    for _ in range(2):  # the same content is no loss
        assert main([*asked, "--errors-out", str(out)]) == 0
    assert "2,id,type-error" in out.read_text().splitlines()
    out.write_text("autre")
    capsys.readouterr()
    assert main([*asked, "--errors-out", str(out)]) == 3
    assert out.read_text() == "autre"
    assert "contient autre chose" in capsys.readouterr().err
    assert main([*asked, "--errors-out", str(tmp_path / "absent" / "e.csv")]) == 2


def test_a_schema_is_read_at_its_address(
    asked, capsys, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ACV_ENDPOINT_SCHEMAS", httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/essai.json").respond_with_json(FIELDS)
    assert main([*asked[:3], httpserver.url_for("/essai.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"]["loaded"] is True
    httpserver.expect_request("/page").respond_with_data("<html></html>")
    assert main([*asked[:3], httpserver.url_for("/page")]) == 2
    assert "chéma" in capsys.readouterr().err
    assert main([*asked[:3], "http://127.0.0.1:9/x.json"]) == 2


def test_what_is_no_table_ends_with_1_in_one_sentence(asked, tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7")
    assert main(asked) == 1
    told = capsys.readouterr()
    assert not told.out and len(told.err.strip().splitlines()) == 1
