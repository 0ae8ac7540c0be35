"""The schema asked for by `map`, `validate`, `publish` and `consolidate`: the same in the four."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors import schema_fetch
from data.store import Store
from diagnostics import cli_map, cli_validate
from diagnostics.command import Commands
from restitution import cli_consolidate, cli_publish

SCHEMA = {"name": "essai", "title": "Essai", "fields": [{"name": "genre"}, {"name": "hauteur"}]}
FOUR = ("map", "validate", "publish", "consolidate")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """run(command, schema): the exit code, what is printed and what is refused."""
    file = tmp_path / "arbres.csv"
    file.write_text("genre,hauteur\nAcer,12\nTilia,9\n")
    (tmp_path / "sortie").mkdir()
    (tmp_path / "ensemble").mkdir()
    after = {
        "map": (str(file),),
        "validate": (str(file),),
        "publish": (str(file), "--territory", "46042", "--out", str(tmp_path / "sortie")),
        "consolidate": (f"46042={file}", "--out", str(tmp_path / "ensemble")),
    }

    def run(command: str, schema: str, fetch=schema_fetch.schema) -> tuple[int, str, str]:
        adders = {
            "map": cli_map.adder(fetch),
            "validate": cli_validate.adder(fetch),
            "publish": cli_publish.adder(None, fetch),
            "consolidate": cli_consolidate.adder(fetch),
        }
        commands = Commands("essai", "", adders, lambda read_only: Store.open(":memory:"))
        code = commands.main([command, *after[command], "--schema", schema, "--json"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.mark.parametrize("command", FOUR)
def test_an_address_in_capitals_is_an_address(
    run: Run, command: str, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACV_ENDPOINT_SCHEMAS", httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/essai.json").respond_with_json(SCHEMA)
    code, out, err = run(command, "HTTP" + httpserver.url_for("/essai.json")[4:])
    assert (code, err) == (0, "")
    assert json.loads(out)
    assert len(httpserver.log) == 1  # asked once


@pytest.mark.parametrize("command", FOUR)
@pytest.mark.parametrize("address", ["HTTPS://exemple.test/s.json", "Http://exemple.test/s.json"])
def test_without_what_opens_it_an_address_is_refused_as_one(
    run: Run, command: str, address: str
) -> None:
    code, out, err = run(command, address, fetch=None)
    assert (code, out) == (2, "")
    assert err == "Une adresse ne peut être ouverte ici\u00a0; donnez le fichier du schéma.\n"


def test_the_four_refuse_in_the_same_words(
    run: Run, httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/page").respond_with_data("<html></html>")
    (tmp_path / "faux.json").write_text("[1]")
    for schema in ("inconnu", str(tmp_path / "faux.json"), "/dev/null", ""):
        said = {run(command, schema) for command in FOUR}
        assert len(said) == 1, schema
        code, out, err = said.pop()
        assert (code, out, err.count("\n")) == (2, "", 1), schema
    said = {run(command, httpserver.url_for("/page"))[::2] for command in FOUR}
    assert len(said) == 1 and said.pop()[0] == 2


def test_a_schema_without_columns_serves_only_a_verdict(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "geojson.json"
    path.write_text(json.dumps({"name": "sans", "title": "Sans colonnes"}))
    said = {run(command, str(path)) for command in FOUR if command != "validate"}
    assert len(said) == 1
    code, out, err = said.pop()
    assert (code, out) == (2, "") and err.startswith("Schéma «")
    assert run("validate", str(path))[0] == 0
