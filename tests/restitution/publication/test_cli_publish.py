"""`python -m restitution publish`: from a file to a folder, and what is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

pytest.importorskip("diagnostics.mapping.carry")

from data.schemas import schema_of  # noqa: E402
from data.standards import standard  # noqa: E402
from data.store import Store  # noqa: E402
from data.territories import territory  # noqa: E402
from diagnostics.command import Commands  # noqa: E402
from restitution import cli_publish  # noqa: E402
from restitution.publication.package import NAMES  # noqa: E402
from restitution.publication.prepare import prepared  # noqa: E402

MESSY = (
    "Inventaire des arbres;;;;\n"
    "N° arbre;Genre;Espèce;Latitude;Longitude;Plantation;Nom du jardinier\n"
    '1;Acer;campestre;44,4475;1,4412;25/11/2013;"Mme Odette Dupont"\n'
    '2;Tilia;cordata;44,4480;1,4420;01/02/2012;"M. Jean Martin"\n'
    '3;=1+1;;44,4490;1,4430;;"Mme Zoé Petit"\n'
)
MAPPING = {
    "N° arbre": "id", "Genre": "genre_arbre", "Espèce": "espece_arbre", "Latitude": "latitude",
    "Longitude": "longitude", "Plantation": "date_plantation", "Nom du jardinier": None,
}  # fmt: skip
AGREED = (
    "--accord-producteur", "Espaces verts", "--avis-dpo", "favorable", "--licence", "lov2",
    "--licence-par", "le conseil",
)  # fmt: skip


@pytest.fixture
def messy(tmp_path):
    path = tmp_path / "arbres.csv"
    path.write_bytes(MESSY.encode("cp1252"))
    return path


@pytest.fixture
def publish(tmp_path, capsys):
    """Run the command; gives (code, stdout, stderr). `calls` holds what was pushed."""
    calls: list[dict] = []

    def nothing(read_only: bool = False) -> Store:
        """The command reads no store: an empty one is enough."""
        return Store.open(":memory:")

    def push(files, told, **options):
        calls.append({"files": sorted(files), "told": told, **options})
        said = {"target": options["target"], "url": "https://demo.example/x", "refused": None}
        return SimpleNamespace(document=lambda: said)

    commands = Commands("restitution", "", {"publish": cli_publish.adder(push)}, nothing)

    def run(path, *options, schema="arbre", code="46042", out="sortie"):
        folder = str(tmp_path / out)
        base = ["publish", str(path), "--schema", schema, "--territory", code, "--out", folder]
        code_ = commands.main([*base, *options])
        captured = capsys.readouterr()
        return code_, captured.out, captured.err

    run.calls = calls
    return run


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_options_of_the_interface_are_enough(publish, messy, tmp_path):
    code, out, _ = publish(messy, "--json", "--mapping", json.dumps(MAPPING))
    said = json.loads(out)
    assert code == 0
    assert {Path(one["path"]).name for one in said["files"]} == set(NAMES)
    assert set(content(tmp_path / "sortie")) == set(NAMES)
    assert said["validation"]["rows"] == said["validation"]["rows_checked"] == 3
    assert len(said["quality"]) == 9
    assert all(isinstance(one, bool) for one in said["quality"].values())
    assert any("jardinier" in one["part"] for one in said["skipped"])
    assert any("Accord du producteur" in one["reason"] for one in said["skipped"])
    lines = (tmp_path / "sortie/data.csv").read_text().splitlines()
    assert lines[0] == "id,longitude,latitude,genre_arbre,espece_arbre,date_plantation"
    assert lines[1] == "1,1.4412,44.4475,Acer,campestre,2013-11-25"
    assert lines[3].startswith("3,1.4430,44.4490,'=1+1,")
    assert "Document de travail" in (tmp_path / "sortie/fiche.html").read_text()
    for body in content(tmp_path / "sortie").values():
        assert b"Odette" not in body


@pytest.mark.screens
def test_without_a_mapping_what_is_sure_is_used_and_the_rest_is_said(publish, messy, tmp_path):
    code, out, _ = publish(messy, "--json")
    said = json.loads(out)
    assert code == 0
    header = (tmp_path / "sortie/data.csv").read_text().splitlines()[0].split(",")
    assert {"latitude", "longitude"} <= set(header)
    aside = [one["part"] for one in said["skipped"] if one["part"].startswith("colonne")]
    assert any("jardinier" in part for part in aside)


@pytest.mark.screens
def test_twice_the_same_is_the_same_and_other_content_is_refused(publish, messy, tmp_path):
    assert publish(messy)[0] == 0
    before = content(tmp_path / "sortie")
    assert publish(messy)[0] == 0
    assert content(tmp_path / "sortie") == before
    (tmp_path / "sortie/data.csv").write_text("retouché à la main")
    code, out, err = publish(messy)
    assert (code, out) == (3, "")
    assert "contient déjà autre chose (data.csv)" in err
    assert (tmp_path / "sortie/data.csv").read_text() == "retouché à la main"


@pytest.mark.screens
def test_a_folder_that_holds_something_else_is_left_alone(publish, messy, tmp_path):
    (tmp_path / "sortie").mkdir()
    (tmp_path / "sortie/notes.txt").write_text("à moi")
    assert publish(messy)[0] == 3
    assert [path.name for path in (tmp_path / "sortie").iterdir()] == ["notes.txt"]


def test_a_list_of_vulnerable_people_is_refused_before_anything_is_written(publish, tmp_path):
    path = tmp_path / "registre canicule.csv"
    path.write_text(
        "Nom;Prénom;Date de naissance;Adresse\nDupont;Odette;01/02/1931;3 rue Haute\n"
        "Martin;Jean;05/06/1929;5 rue Basse\n"
    )
    code, out, err = publish(path, "--json", schema="arbre")
    assert code == 1
    assert "désigne des personnes" in err
    assert json.loads(out)["files"] == []
    assert not (tmp_path / "sortie").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"schema": "inconnu"}, "Standard « inconnu » inconnu"),
        ({"code": "99999"}, "99999"),
        ({"out": "absent/x"}, "n'existe pas"),
        ({"mapping": "[1]"}, "--mapping"),
        ({"mapping": '{"Inconnue": "id"}'}, "Inconnue"),
        ({"mapping": '{"Genre": "inconnu"}'}, "inconnu"),
        ({"mapping": '{"Genre": "id", "N° arbre": "id"}'}, "deux en-têtes"),
        ({"debut": "2024-13-01"}, "--debut"),
        ({"siret": "12"}, "--siret"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_written(publish, messy, tmp_path, options, said):
    known = {name: options[name] for name in ("schema", "code", "out") if name in options}
    others = [
        part
        for name, value in options.items()
        if name not in known
        for part in (f"--{name}", value)
    ]
    code, out, err = publish(messy, *others, **known)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "sortie").exists()


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(publish, tmp_path):
    path = tmp_path / "vide.csv"
    path.write_bytes(b"\x00\xff" * 50)
    code, _, err = publish(path)
    assert code == 1
    assert err.strip()
    assert not (tmp_path / "sortie").exists()


@pytest.mark.screens
def test_a_try_writes_nothing(publish, messy, tmp_path):
    code, out, _ = publish(messy, "--dry-run", "--json")
    assert code == 0
    assert len(json.loads(out)["files"]) == len(NAMES)
    assert not (tmp_path / "sortie").exists()


@pytest.mark.screens
def test_without_the_agreements_nothing_is_pushed(publish, messy):
    code, out, _ = publish(messy, "--push", "demo", "--json")
    assert code == 1
    assert publish.calls == []
    assert "Rien n'est déposé" in json.loads(out)["push"]["refused"]


@pytest.mark.screens
def test_with_the_agreements_the_package_is_pushed(publish, messy, monkeypatch, tmp_path):
    monkeypatch.setenv("ACV_DATAGOUV_API_KEY", "clef-secrete")
    journal = tmp_path / "journal_interne.json"
    options = ("--push", "demo", "--dry-run", "--jeu", "abc", "--journal", str(journal), *AGREED)
    code, out, err = publish(messy, *options)
    assert code == 0
    assert "clef-secrete" not in out + err + journal.read_text()
    call = publish.calls[0]
    assert (call["target"], call["dry_run"], call["known"]) == ("demo", True, {"dataset": "abc"})
    assert call["files"] == sorted(NAMES)
    assert call["told"]["licence"] == "Licence Ouverte 2.0"
    assert "le conseil" in journal.read_text()
    assert "le conseil" not in "".join(
        body.decode("utf-8", "replace") for body in content(tmp_path / "sortie").values()
    )


@pytest.mark.screens
def test_the_journal_never_goes_into_the_folder(publish, messy, tmp_path):
    (tmp_path / "sortie").mkdir()
    code, _, err = publish(messy, "--journal", str(tmp_path / "sortie/journal.json"))
    assert code == 2
    assert "hors du dossier" in err


@pytest.mark.screens
def test_an_invented_town_is_said_invented(publish, messy, tmp_path):
    assert publish(messy, code="00001")[0] == 0
    assert "FICTIF" in (tmp_path / "sortie/fiche.html").read_text()
    words = re.findall(r"FICTIF", (tmp_path / "sortie/catalogue.csv").read_text())
    assert words


@pytest.mark.parametrize("target", ["demo", "production"])
def test_an_invented_town_goes_to_no_platform(publish, messy, tmp_path, target):
    code, out, _ = publish(messy, "--push", target, "--json", *AGREED, code="00001")
    assert code == 1
    assert "FICTIVE" in json.loads(out)["push"]["refused"]
    assert publish.calls == []


@pytest.mark.screens
def test_each_file_of_an_invented_town_says_so_but_the_data_themselves(publish, messy, tmp_path):
    publish(messy, code="00001")
    for name, body in content(tmp_path / "sortie").items():
        if name.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                body = b"".join(book.read(one) for one in book.namelist())
        elif name.endswith("parquet"):
            body = pq.read_schema(io.BytesIO(body)).metadata[b"title"]
        assert (b"FICTIF" in body) is (name != "data.csv"), name


@pytest.mark.screens
def test_the_journal_keeps_the_answer_and_never_goes_under_the_folder(publish, messy, tmp_path):
    journal = tmp_path / "journal.json"
    asked = ("--push", "demo", "--journal", str(journal), *AGREED)
    assert publish(messy, *asked)[0] == 0
    assert json.loads(journal.read_text())["pushed"]["url"] == "https://demo.example/x"
    before = len(publish.calls)
    code, _, err = publish(messy, *asked)
    assert (code, len(publish.calls)) == (3, before)  # nothing is sent again over a kept answer
    assert "rien n'a été remplacé" in err
    (tmp_path / "autre/dessous").mkdir(parents=True)
    inside = str(tmp_path / "autre/dessous/j.json")
    assert publish(messy, "--journal", inside, out="autre")[0] in (2, 3)
    assert not (tmp_path / "autre/dessous/j.json").exists()


def test_what_the_product_is_sure_of_is_enough_for_a_file_at_the_standard(tmp_path):
    """Words that the standard wants, a closed list in another writing, a point in one cell."""
    path = tmp_path / "f.csv"
    path.write_text(
        "id;etat;hauteur_max;position\n1;En Service;N/A;44.4475, 1.4412\n"
        "2;hors-service;190;44.4480, 1.4420\n3;en service;200;44.4482, 1.4425\n"
    )
    schema = schema_of(
        {
            "title": "Abris",
            "fields": [
                {"name": "id", "type": "integer", "constraints": {"required": True}},
                {"name": "etat", "constraints": {"enum": ["en_service", "hors_service"]}},
                {"name": "hauteur_max", "constraints": {"pattern": r"^(\d+|N/A)$"}},
                {"name": "longitude", "type": "number"},
                {"name": "latitude", "type": "number"},
            ],
        },
        "abris",
    )
    made = prepared(path, schema, territory("46042"), date(2026, 11, 22))
    assert made.verdict.valid
    assert made.table.column_names == ["id", "etat", "hauteur_max", "longitude", "latitude"]
    assert made.table["etat"].to_pylist() == ["en_service", "hors_service", "en_service"]
    assert made.table["hauteur_max"].to_pylist() == ["N/A", "190", "200"]
    assert made.table["latitude"].to_pylist() == ["44.4475", "44.4480", "44.4482"]
    assert dict(made.choices.values["etat"])["En Service"] == "en_service"


def test_a_file_that_does_not_conform_says_what_lacks(publish, messy):
    _, out, _ = publish(messy, "--dry-run", "--mapping", json.dumps({**MAPPING, "N° arbre": None}))
    assert "sans erreur ; obligatoires et absents : id)" in out.replace("\u00a0", " ")


# --- what waits for a confirmation --------------------------------------------------------------

DAE = (
    "nom;adresse;CP;commune;tel1;lat;lon\n"
    "Mairie;1 place A;46000;Cahors;05 65 20 87 00;44.44;1.44\n"
    "Gymnase;2 rue B;46000;Cahors;05 65 20 87 01;44.45;1.45\n"
)


@pytest.fixture
def defibrillators(tmp_path):
    path = tmp_path / "dae.csv"
    path.write_text(DAE)
    return path


def test_a_phone_that_the_standard_wants_waits_and_says_how_to_confirm_it(
    publish, defibrillators, tmp_path
):
    _, out, _ = publish(defibrillators, "--json", schema="dae")
    said = {one["part"]: one["reason"] for one in json.loads(out)["skipped"]}
    waits = said["colonne «\u00a0tel1\u00a0»"]
    assert "attend votre confirmation" in waits and "désigner des personnes" in waits
    assert waits.endswith("--confirmer tel1.")
    assert "tel1" not in (tmp_path / "sortie/data.csv").read_text().splitlines()[0]
    code, out, _ = publish(defibrillators, "--confirmer", "tel1", schema="dae", out="confirmee")
    assert code == 0 and "Laissée de côté" not in out
    assert "tel1" in (tmp_path / "confirmee/data.csv").read_text().splitlines()[0]
    assert "délégué" in out  # confirmed is not agreed: the officer is still asked


def test_an_address_of_messaging_waits_and_its_header_comes_back_as_it_was_said(tmp_path):
    path = tmp_path / "bornes.csv"
    path.write_text(
        "nom_operateur;Contact : opérateur;id_station_itinerance\n"
        "Ville;paul.dupont@exemple.fr;FRXXXP1\nVille;anne.durand@exemple.fr;FRXXXP2\n"
    )
    schema = schema_of(
        {
            "title": "Bornes",
            "fields": [
                {"name": "nom_operateur"},
                {"name": "contact_operateur", "format": "email"},
                {"name": "id_station_itinerance"},
            ],
        },
        "bornes",
    )
    here, day = territory("46042"), date(2026, 11, 22)
    made = prepared(path, schema, here, day)
    assert made.waiting == {"Contact : opérateur": "contact_operateur"}
    assert "Contact : opérateur" in made.left_aside
    said = "Contact\u00a0: opérateur"
    assert prepared(path, schema, here, day, confirmed=[said]).left_aside == ()


def test_one_confirms_only_what_waits_and_never_beside_a_mapping(publish, defibrillators, tmp_path):
    code, out, err = publish(defibrillators, "--confirmer", "nom", schema="dae")
    assert (code, out) == (2, "") and "permis : tel1" in err
    mapping = ("--mapping", '{"nom": "nom"}', "--confirmer", "tel1")
    code, out, err = publish(defibrillators, *mapping, schema="dae")
    assert (code, out) == (2, "") and "l'un ou l'autre" in err
    assert not (tmp_path / "sortie").exists()


def test_points_beside_names_left_aside_are_not_said_to_be_homes(messy):
    """The gardener of a tree, who is not published, makes no home of the tree."""
    here, day, trees = territory("46042"), date(2026, 11, 22), standard("arbre")
    said = prepared(messy, trees, here, day, MAPPING).risks
    assert [(one.kind, one.column) for one in said] == [("personal", "Nom du jardinier")]
