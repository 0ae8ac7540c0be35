"""`locate`: the file of a town comes back with the places of its addresses; the rest never left."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors.__main__ import main
from tests.connectors.test_geocoding import Geocoder

HEADER = "Nom de l'agent;Numéro;Voie;Téléphone\n"
LINES = ("Mme Untel;12;rue des Fleurs;05 00 00 00 00", "M. Durand;;;", "x;3;place =1+1;")


@pytest.fixture
def geocoder(httpserver: HTTPServer, monkeypatch) -> Geocoder:
    monkeypatch.setenv("ACV_ENDPOINT_GEOCODING", httpserver.url_for("").rstrip("/"))
    return Geocoder(httpserver)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(HEADER + "\n".join(LINES) + "\n", encoding="cp1252")
    return path


def asked(file: Path, out: Path, *more: str) -> int:
    columns = ("--address", "Numéro", "--address", "Voie")
    return main(["locate", str(file), "--territory", "46042", *columns, "--out", str(out), *more])


def test_each_line_comes_back_with_its_place_or_the_reason_it_has_none(
    geocoder, file, tmp_path, capsys
):
    out = tmp_path / "place.csv"
    assert asked(file, out) == 0
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["Voie"] for row in rows] == ["rue des Fleurs", "", "place =1+1"]
    assert rows[0]["geocodage_etat"] == "placée" and float(rows[0]["longitude"])
    assert (rows[1]["longitude"], rows[1]["geocodage_etat"]) == ("", "sans adresse")
    said = capsys.readouterr()
    assert "Numéro, Voie, et rien d'autre du fichier" in said.err
    assert "adresses placées sur 3" in said.out


def test_no_other_column_leaves_the_machine(geocoder, file, tmp_path, httpserver):
    asked(file, tmp_path / "place.csv")
    sent = b"".join(request.get_data() for request, _ in httpserver.log)
    assert b"Untel" not in sent and b"05 00" not in sent


def test_nothing_is_written_over_a_file_nor_half_written(geocoder, file, tmp_path, capsys):
    out = tmp_path / "place.csv"
    out.write_text("à garder")
    assert asked(file, out) == 2 and out.read_text() == "à garder"
    assert "rien n'a été remplacé" in capsys.readouterr().err


def test_a_geocoder_that_is_down_writes_nothing(file, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ACV_OFFLINE", "1")
    out = tmp_path / "place.csv"
    assert asked(file, out) == 1 and not out.exists()
    assert "rien n'est écrit" in capsys.readouterr().err


def test_a_column_that_is_not_there_is_named_with_those_that_are(geocoder, file, tmp_path, capsys):
    out = tmp_path / "place.csv"
    given = ["locate", str(file), "--territory", "46042", "--address", "Rue", "--out", str(out)]
    assert main(given) == 2
    assert "Rue (il y a : Nom de l'agent, Numéro" in capsys.readouterr().err
