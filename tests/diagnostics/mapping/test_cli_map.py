"""`python -m diagnostics map`, run in process on small files."""

from __future__ import annotations

import argparse
import json

import pytest

from data.schemas import schema_of
from diagnostics import cli_map
from diagnostics.usage import WrongUse

CSV = "Prénom;Sexe;Nb;Année;INSEE\nLéa;F;12;2022;49007\nHugo;M;9;2022;49007\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prenoms.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def run(*given, fetch=None):
    parser = argparse.ArgumentParser()
    cli_map.adder(fetch)(parser.add_subparsers())
    args = parser.parse_args(["map", *map(str, given)])
    args.check(args)
    return args.run(args, None)


def test_the_document_of_the_interface(file, capsys):
    assert run(file, "--schema", "scdl/prenoms", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["schema"]["id"] == "scdl/prenoms"
    fields = {one["header"]: one["field"] for one in made["columns"]}
    assert fields["Prénom"] == "ENFANT_PRENOM" and fields["Nb"] == "NOMBRE_OCCURRENCES"
    assert made["missing_required"] == []


def test_the_text_names_fields_and_what_is_missing(file, capsys):
    assert run(file, "--schema", "scdl-deliberations") == 0
    assert "Champs obligatoires sans colonne\u00a0:" in capsys.readouterr().out


def test_without_a_schema_the_standard_is_recognised(file, capsys):
    assert run(file, "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["recognised"][0]["schema"]["folder"] == "scdl-prenoms"


def test_an_address_goes_through_the_function_given(file, capsys):
    address = "https://schemas.example/schema.json"
    asked = []

    def fetch(url):
        asked.append(url)
        return schema_of({"fields": [{"name": "prenom"}]}, url)

    assert run(file, "--schema", address, "--json", fetch=fetch) == 0
    assert asked == [address]
    assert json.loads(capsys.readouterr().out)["schema"]["id"] == address
    with pytest.raises(WrongUse, match="adresse"):
        run(file, "--schema", address)


@pytest.mark.parametrize("schema", ["inconnu", "", "/dev/null"])
def test_an_unknown_schema_is_wrong_use(file, schema):
    with pytest.raises(WrongUse):
        run(file, "--schema", schema)


def test_a_file_that_does_not_exist_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse):
        run(tmp_path / "absent.csv", "--schema", "scdl-prenoms")


def test_a_list_of_vulnerable_persons_is_refused(tmp_path, capsys):
    path = tmp_path / "registre_canicule.csv"
    path.write_text("Nom,Prénom,Adresse\nDUPONT,Jean,3 rue X\n", encoding="utf-8")
    assert run(path, "--schema", "scdl-prenoms", "--json") == 1
    shown = capsys.readouterr()
    assert shown.out == "" and "désigne des personnes" in shown.err
