"""`consolidate`: published files of several towns as one, nothing lost, nothing overwritten."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from diagnostics.command import Commands
from restitution import cli_consolidate
from restitution.consolidated import sent

SCHEMA = {
    "name": "abris",
    "title": "Abris",
    "version": "2.0.0",
    "primaryKey": "id",
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True}},
        {"name": "couvert", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
        {"name": "hauteur", "type": "string", "constraints": {"pattern": r"^(\d+|N/A)$"}},
        {"name": "point", "type": "geopoint", "format": "array"},
    ],
}
CAHORS = 'id,couvert,hauteur,point,note\nA1,oui,190,"[1.44, 44.44]",bon\nA2,non,N/A,,\n'
ARRAS = "id,couvert,hauteur\nA1,oui,N/A\nB2,non,210\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA))
    return path


@pytest.fixture
def run(tmp_path: Path, schema: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    out = tmp_path / "sortie"
    out.mkdir()
    commands = Commands("restitution", "", {"consolidate": cli_consolidate.add}, None)

    def run(*sources: str, **more: str) -> tuple[int, str, str]:
        asked = ["consolidate", *sources, "--schema", str(schema), "--out", str(out)]
        code = commands.main([*asked, *more.get("options", "").split()])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def given(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def package(folder: Path, name: str, text: str, version: str = "1.2.0") -> str:
    (folder / name).mkdir()
    given(folder / name, "data.csv", text)
    said = {"conformsTo": {"version": version}, "resources": [{"path": "data.csv", "schema": {}}]}
    given(folder / name, "datapackage.json", json.dumps(said))
    return str(folder / name)


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "sortie" / name).read_text())))


def test_two_towns_and_a_package_become_one_file(run, tmp_path):
    first = package(tmp_path, "paquet", CAHORS)
    code, out, _ = run(f"46042={first}", f"62041={given(tmp_path, 'arras.csv', ARRAS)}")
    assert code == 0
    assert "4 lignes, 1 clé en plusieurs exemplaires" in out.replace("\u00a0", " ")
    rows = lines(tmp_path, "consolide.csv")
    assert [(row["code_territoire"], row["id"], row["note"]) for row in rows] == [
        ("46042", "A1", "bon"),
        ("46042", "A2", ""),
        ("62041", "A1", ""),
        ("62041", "B2", ""),
    ]
    compared = lines(tmp_path, "comparaison.csv")
    assert [row["version_du_standard"] for row in compared] == ["1.2.0", ""]
    assert [row["colonnes_hors_standard"] for row in compared] == ["note", ""]
    assert [row["ligne"] for row in lines(tmp_path, "doublons.csv")] == ["1", "1"]


def test_what_was_published_in_the_form_of_the_standard_stays_so(run, tmp_path):
    code, _, _ = run(f"46042={package(tmp_path, 'paquet', CAHORS)}")
    rows = lines(tmp_path, "consolide.csv")
    assert [row["couvert"] for row in rows] == ["oui", "non"]
    assert [row["hauteur"] for row in rows] == ["190", "N/A"]
    assert rows[0]["point"] == "[1.44, 44.44]"
    compared = lines(tmp_path, "comparaison.csv")[0]
    assert (code, compared["conforme"], compared["part_de_lignes_valides"]) == (0, "true", "1.0000")


@pytest.mark.screens
def test_a_file_is_judged_as_it_was_published(run, tmp_path):
    run(f"46042={given(tmp_path, 'a.csv', 'id,couvert' + chr(10) + 'A1,VRAI' + chr(10))}")
    assert lines(tmp_path, "comparaison.csv")[0]["conforme"] == "false"
    assert lines(tmp_path, "consolide.csv")[0]["couvert"] == "oui"


def test_one_that_cannot_be_read_is_said_and_the_others_go_on(run, tmp_path):
    (tmp_path / "nu").mkdir()
    code, out, err = run(
        f"46042={given(tmp_path, 'a.csv', CAHORS)}",
        f"62041={given(tmp_path, 'vide.csv', '')}",
        f"62765={tmp_path / 'nu'}",
        options="--json",
    )
    said = json.loads(out)
    assert code == 1
    assert [one["part"] for one in said["skipped"]] == ["62041 vide.csv", "62765 nu"]
    assert "vide.csv" in err and "n'a pas de fichier data.csv" in err
    assert set(said) == {
        "files", "skipped", "schema", "rows", "territories", "key", "duplicate_keys", "duplicates"
    }  # fmt: skip
    assert {"path", "kind", "bytes", "sha256"} == set(said["files"][0])
    assert (said["rows"], said["key"], said["territories"][0]["territory"]) == (2, ["id"], "46042")


def test_when_nothing_can_be_read_nothing_is_written(run, tmp_path):
    code, out, _ = run(f"46042={given(tmp_path, 'vide.csv', '')}", options="--json")
    assert (code, json.loads(out)["files"]) == (1, [])
    assert list((tmp_path / "sortie").iterdir()) == []


@pytest.mark.screens
def test_the_same_file_twice_is_refused_and_two_of_one_town_are_not(run, tmp_path):
    whole = package(tmp_path, "paquet", CAHORS)
    code, out, err = run(f"46042={whole}", f"62041={whole}/data.csv")
    assert (code, out) == (2, "")
    assert "deux fois" in err
    other = given(tmp_path, "a.csv", CAHORS)
    assert run(f"46042={whole}", f"46042={other}")[0] == 0
    assert len(lines(tmp_path, "doublons.csv")) == 4


@pytest.mark.screens
def test_other_content_is_never_overwritten(run, tmp_path):
    source = f"46042={given(tmp_path, 'a.csv', CAHORS)}"
    assert run(source)[0] == 0
    assert run(source)[0] == 0
    (tmp_path / "sortie/consolide.csv").write_text("à moi")
    code, out, _ = run(source)
    assert (code, out) == (3, "")
    assert (tmp_path / "sortie/consolide.csv").read_text() == "à moi"


@pytest.mark.screens
def test_an_invented_town_is_said_invented(run, tmp_path):
    run(f"00001={given(tmp_path, 'a.csv', CAHORS)}")
    assert lines(tmp_path, "comparaison.csv")[0]["fictif"] == "true"
    assert "FICTIF" in (tmp_path / "sortie/LISEZMOI.txt").read_text()


@pytest.mark.parametrize("said", ["[]", "{", '{"resources": 3}', '{"resources": [3]}', "null"])
def test_a_package_that_says_anything_has_no_version(tmp_path, schema, said):
    from data.standards import opened

    folder = Path(package(tmp_path, "paquet", CAHORS))
    given(folder, "datapackage.json", said)
    assert sent("46042", folder, opened(str(schema))).version is None
