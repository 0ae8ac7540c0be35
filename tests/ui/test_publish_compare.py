"""Publier, « Comparer », and what happens when something breaks: said, never the way lost."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pyarrow as pa
import pytest

from data import entries
from data.entries import Publication
from data.reading.reading import Unreadable
from data.records import Person
from diagnostics.conformity import validate
from diagnostics.consolidation import Sent
from diagnostics.mapping import propose
from restitution import consolidated
from tests.ui.conftest import words
from tests.ui.test_publish import at_step, button, latest, opened, press
from ui import publish_check, publish_compare, publish_example, publish_package, who
from ui.publish import INTERRUPTED

STANDARD = "arbre-0.3.1"
TREES = (
    b"id,longitude,latitude,genre\n1,-20.02,45.99,Acer\n2,-20.021,45.991,Tilia\n"
    b"2,-20.022,45.992,Tilia\n"
)
TOOLS = publish_compare.Tools(
    consolidated.sent, consolidated.files, Sent, consolidated.NotConsolidable
)


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: Person("editor", "Essai"))


def packed(**files):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return body.getvalue()


# --- comparing -----------------------------------------------------------------------------------


def test_files_of_several_towns_are_compared_and_taken_away(screen, store, editor):
    test = opened(screen, store, volet="comparer")
    next(made for made in test.selectbox if made.label == "Standard").set_value(STANDARD).run()
    test.file_uploader[0].upload("arbres.csv", TREES, "text/csv").run()
    assert "ne dit pas sa commune" in words(test) and not test.get("download_button")
    test.text_input[0].set_value("Cahors").run()
    said = words(test).replace("\u00a0", " ")
    assert "1 fichier de 1 commune, 3 lignes" in said and "Cahors (46042)" in said
    assert "1 clé répétée" in said and "ligne 2" in said and "ligne 3" in said
    assert test.get("download_button")
    assert entries.of(store, Publication, "00001") == []  # nothing is kept


def test_a_reader_of_a_shared_server_compares_nothing(screen, store, monkeypatch):
    monkeypatch.setattr(who, "person", Person)
    test = opened(screen, store, volet="comparer")
    assert not test.file_uploader and "Lecture seule" in test.info[0].value


def test_a_package_says_its_town_and_its_version():
    said = b'{"name": "46042-arbres", "conformsTo": {"version": "0.3.1"}, "resources": [{"path": '
    said += b'"data.csv", "schema": {"fields": []}}]}'
    body = packed(data__csv=TREES, datapackage__json=said)
    one, town = publish_compare.opened(TOOLS, STANDARD, "arbres_46042.zip", body)
    assert (town, one.file, one.version) == ("46042", "arbres_46042.zip", "0.3.1")
    assert one.table.num_rows == 3


def test_a_file_that_is_no_table_is_refused_in_a_sentence():
    for content in (b"%PDF-1.7 x", b"", packed(data__csv=b"\0" * 60_000_000)):
        with pytest.raises((consolidated.NotConsolidable, Unreadable)) as refused:
            publish_compare.opened(TOOLS, STANDARD, "x.csv", content)
        assert "depot\u00a0:" not in publish_compare._why(refused.value)


@pytest.mark.parametrize(
    ("codes", "town"),
    [(["46042", "46042"], "46042"), (["46042", "46102"], ""), (["99999"], ""), ([None], "")],
)
def test_a_column_of_codes_says_the_town_when_it_is_the_only_one(codes, town):
    assert publish_compare.town_of(pa.table({"code_insee": pa.array(codes, pa.string())})) == town


@pytest.mark.parametrize(
    ("typed", "code"), [("46042", "46042"), ("cahors", "46042"), ("Saint", None), ("", None)]
)
def test_a_town_is_taken_when_only_one_bears_the_name(typed, code):
    found = publish_compare.commune(typed)
    assert (found.code if found else None) == code


# --- what breaks ---------------------------------------------------------------------------------


def broken(*_, **__):
    raise RuntimeError("bug")


def messy(word):
    """A file of its own: what is computed of a file is kept by digest from a test to the next."""
    return publish_example.body().replace(b"Platane", b"Platane " + word)


def at_columns(screen, store, body=None):
    test = opened(screen, store)
    if body is None:
        press(test, "Essayer")
    else:
        test.file_uploader[0].upload("essai.csv", body, "text/csv").run()
    press(test, "Continuer")
    return press(test, "C'est relu")


def test_a_check_that_breaks_is_said_and_the_way_goes_on(screen, store, editor, monkeypatch):
    monkeypatch.setattr(validate, "validate_table", broken)
    body = messy(b"rompu")
    test = press(at_columns(screen, store, body), "Continuer")
    assert at_step(test, 4) and "Contrôle non effectué" in words(test)
    press(test, "Continuer sans contrôle")
    assert at_step(test, 5) and "Accord du producteur" in str(test.text_input)


def test_a_step_that_breaks_keeps_the_file_and_the_way_back(screen, store, editor, monkeypatch):
    monkeypatch.setattr(propose, "propose", broken)
    test = at_columns(screen, store, messy(b"cassant"))
    assert at_step(test, 3) and any(made.value == INTERRUPTED for made in test.error)
    assert button(test, "Annuler") and latest(store).step == 3
    press(test, "✓ 2")
    assert at_step(test, 2) and not test.error


# --- transformations -----------------------------------------------------------------------------


def form(test, kind):
    picked = next(made for made in test.segmented_control if made.label == "Ajouter")
    picked.set_value(kind).run()
    return test


def choose(kind, label, value):
    next(made for made in kind if made.label == label).set_value(value)


def test_columns_are_cut_joined_filled_and_each_is_taken_back(screen, store, editor):
    test = form(at_columns(screen, store), "merges")
    choose(test.multiselect, "Colonnes à réunir", ["Genre", "Espèce"])
    choose(test.selectbox, "Dans le champ", "nom_vernaculaire")
    press(test, "Réunir")
    assert latest(store).transforms["merges"][0]["headers"] == ["Genre", "Espèce"]

    form(test, "constants")
    choose(test.selectbox, "Champ", "remarque")
    press(test, "Remplir")
    assert any("Donnez la valeur" in made.value for made in test.error)
    choose(test.text_input, "Valeur pour toutes les lignes", "Castelvoire")
    press(test, "Remplir")
    assert latest(store).transforms["constants"] == {"remarque": "Castelvoire"}

    form(test, "splits")
    choose(test.selectbox, "Colonne à découper", "Rue")
    choose(test.selectbox, "Selon", " ")
    choose(test.multiselect, "Champs, dans l'ordre", ["adresse"])
    press(test, "Découper")
    assert any(one["header"] == "Rue" for one in latest(store).transforms["splits"])

    for count in (3, 2, 1):
        assert sum(made.label == "Retirer" for made in test.button) >= count
        next(made for made in test.button if made.label == "Retirer").click()
        test.run()
        assert not test.exception
    held = latest(store).transforms
    assert sum(map(len, held.values())) <= 1


def test_a_schema_at_an_address_says_that_the_network_is_off(screen, store, editor, offline):
    test = at_columns(screen, store)
    choose(test.selectbox, "Standard", "adresse")
    test.run()
    choose(test.text_input, "Adresse du schéma (Table Schema en JSON)", "http://exemple.fr/s.json")
    press(test, "Lire ce schéma")
    assert any("https://" in made.value for made in test.error)
    choose(test.text_input, "Adresse du schéma (Table Schema en JSON)", "https://exemple.fr/s.json")
    press(test, "Lire ce schéma")
    assert any("réseau interdit" in made.value.casefold() for made in test.error)
    assert at_step(test, 3) and latest(store).schema != "https://exemple.fr/s.json"


def test_a_remark_made_of_many_fields_is_made_once():
    issues = [
        SimpleNamespace(title="Colonne facultative absente", field=name, message="m", rows=())
        for name in ("famille", "genre", "espece")
    ]
    (said,) = publish_check.remarks(issues)
    assert "(3)" in said and "famille, genre, espece" in said


def test_without_a_standard_nothing_shows_an_identifier():
    reading = SimpleNamespace(columns=(SimpleNamespace(name="rue", type="string"),))
    work = SimpleNamespace(
        schema=lambda: None, fields=lambda: {"rue": "rue"}, reading=lambda: reading, name="x.csv"
    )
    said = publish_package.standard_of(work)
    assert "sans" not in (said.title, said.raw["id"]) and said.raw["id"].startswith("aucun")
