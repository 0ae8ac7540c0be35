"""The workbook reread by another program: every number of the JSON of the same run, nothing run."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from functools import cache

import pytest

from data.cells import restored
from data.entries import PlannedAction, Remark, Request, keep
from data.records import ANIMATOR, Declaration, Person, declare
from data.store import Store
from data.territories import territory
from diagnostics import served
from drawing import signs
from drawing.mentions import INTERNAL
from restitution import sheets, workbook
from restitution.account import Account
from restitution.document import BALLOT, NOTICE
from restitution.holders import attribution
from restitution.sheets import Sheet
from tests.restitution import reading

DAY = date(2026, 11, 21)
PLACES = ("46042", "97209", "01001", "00001")
PUBLIC = ("Lisez-moi", "Inventaire", "Preuves", "Projets", "Chiffres", "Actions", "Sources")
TEAM = ("Plan", "Demandes", "Historique", "Séance")
SOMEONE = Person(ANIMATOR, "Odile Marqueur")


def made(store: Store, code: str, internal: bool = False) -> bytes:
    account = Account(store, territory(code), DAY, internal)
    return workbook.as_xlsx(account, None, lambda name: None).content


@pytest.fixture(scope="module")
def book(embedded_store):
    """book(code): the rows of each sheet."""
    return cache(lambda code: reading.sheets(made(embedded_store, code)))


@pytest.fixture(scope="module")
def document(embedded_store):
    """document(code): the JSON of availability of the same run."""
    return cache(lambda code: served.availability(embedded_store, territory(code), DAY))


def lines(rows: list[list[object]], key: str = "Identifiant") -> list[dict[str, object]]:
    """The table of a sheet as dictionaries: from its header to the first empty row."""
    start = next(at for at, row in enumerate(rows) if key in row)
    table = []
    for row in rows[start + 1 :]:
        if not any(cell != "" for cell in row):
            break
        table.append(dict(zip(rows[start], row, strict=True)))
    return table


def same(cell: object, number: float | None) -> bool:
    """An empty cell for nothing, the very number else."""
    return cell == "" if number is None else cell == pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize("code", PLACES)
def test_each_figure_is_that_of_the_json(embedded_store, book, code):
    account = Account(embedded_store, territory(code), DAY)
    figures = served.indicators(embedded_store, territory(code), DAY)["indicators"]
    rows = lines(book(code)["Chiffres"])
    assert [row["Identifiant"] for row in rows] == [figure["id"] for figure in figures]
    for row, figure in zip(rows, figures, strict=True):
        value, compared = figure["value"], figure["comparison"] or {}
        if isinstance(value, str):
            assert row["Valeur"] == date.fromisoformat(value)
        else:
            assert same(row["Valeur"], value), figure["id"]
        assert same(row["Au moins"], figure["low"]) and same(row["Au plus"], figure["high"])
        assert same(row["Médiane des villes ACV"], compared.get("median"))
        assert same(row["Premier quart"], compared.get("p25"))
        assert same(row["Dernier quart"], compared.get("p75"))
        assert same(row["Villes comparées"], compared.get("n"))
        absent = value is None
        assert row["Absence"] == (signs.absence(figure["status"]).words if absent else "")
        told = (figure["source"], figure["licence"], figure["datasets"])
        assert row["Source"] == attribution(account, *told)
        fetched = figure["fetched_at"] and date.fromisoformat(figure["fetched_at"][:10])
        assert row["Récupéré le"] == (fetched or "")


@pytest.mark.parametrize("code", PLACES)
def test_each_project_and_action_is_that_of_the_json(document, book, code):
    document = document(code)
    rows = lines(book(code)["Projets"])
    assert len(rows) == len(document["experiments"])
    for row, project in zip(rows, document["experiments"], strict=True):
        assert row["Identifiant"] == project["id"]
        for axis, name in (("usable", "Utilisable"), ("openness", "Ouverture")):
            bounds = project[axis] or {}
            assert same(row[f"{name}, au moins (points)"], bounds.get("low"))
            assert same(row[f"{name}, au plus (points)"], bounds.get("high"))
        assert same(row["Part évaluée (0 à 1)"], project["evaluated_share"])
        assert row["Besoins"] == len(project["needs"])
    gains = {
        (action["dataset"], action["gain"]["low"], action["gain"]["high"])
        for project in document["experiments"]
        for action in project["actions"]
    }
    for row in lines(book(code)["Actions"]):
        bounds = row["Gain au moins (points)"], row["Gain au plus (points)"]
        assert (row["Identifiant"], *bounds) in gains or bounds == (0, 0)


@pytest.mark.parametrize("code", PLACES)
def test_each_need_and_check_is_that_of_the_json(document, book, code):
    document = document(code)
    needs = {need["dataset"]: need for one in document["experiments"] for need in one["needs"]}
    rows = {row["Identifiant"]: row for row in lines(book(code)["Inventaire"])}
    assert rows.keys() == needs.keys()
    for dataset, need in needs.items():
        kinds = [
            one["criticality"]
            for made in document["experiments"]
            for one in made["needs"]
            if one["dataset"] == dataset
        ]
        row = rows[dataset]
        assert row["Indispensable à (projets)"] == kinds.count("indispensable")
        assert row["Utile à (projets)"] == kinds.count("useful")
        assert row["De confort à (projets)"] == kinds.count("comfort")
        assert row["Statut"] == signs.need_sign(need["status"], need["existence"]).word
        assert row["Connu le"] == (date.fromisoformat(need["as_of"]) if need["as_of"] else "")
        if need["provenance"] == "assumed":
            assert row["Compte comme"] == "Non évaluée"
    for row in lines(book(code)["Preuves"]):
        need = needs[row["Identifiant"]]
        for check, title in signs.CHECKS.items():
            value = need["checks"][check]
            assert row[title] == ("non testé" if isinstance(value, str) else value)


@pytest.mark.parametrize("code", PLACES)
def test_a_source_without_a_copy_counts_no_row(book, code):
    rows = lines(book(code)["Sources"])
    assert rows
    for row in rows:
        if row["Ce qu'il en est"].startswith("récupéré"):
            assert isinstance(row["Lignes de la copie"], float | int)
            assert isinstance(row["Récupéré ou essayé le (UTC)"], datetime | date)
        else:
            assert row["Lignes de la copie"] == ""


@pytest.mark.parametrize("code", PLACES)
def test_every_sheet_says_where_when_and_what_it_is(book, code):
    held = book(code)
    assert tuple(held) == PUBLIC
    for name, rows in held.items():
        assert "21\u00a0novembre\u00a02026" in rows[0][0], name
        assert ("FICTIF" in rows[0][0]) == (code == "00001"), name
        assert rows[1][0] == "Document de travail"
        assert any(NOTICE in row for row in rows), name
    assert any(BALLOT in row for row in held["Lisez-moi"])


def test_the_internal_one_says_so_and_holds_what_the_team_noted(store):
    place = territory("46042")
    keep(store, SOMEONE, "46042", PlannedAction("=1+1", "+33 publier", deadline=DAY, effort_days=2))
    keep(store, SOMEONE, "46042", Request("tree_inventory", "@SUM(A1)", "authority"))
    keep(store, SOMEONE, "46042", Remark("decision", "-2 réunions", DAY, "Anne Agrée", True))
    declare(store, SOMEONE, Declaration("46042", "tree_inventory", "open", "exists", note="=A1"))
    held = reading.sheets(made(store, "46042", internal=True))
    assert tuple(held) == (*PUBLIC, *TEAM)
    assert all(rows[1][0] == INTERNAL for rows in held.values())
    (action,) = lines(held["Plan"], "Action")
    assert action["Politique publique servie"] == "'=1+1" and action["Échéance"] == DAY
    assert action["Effort (jours d'agent)"] == 2
    assert lines(held["Demandes"], "Donnée")[0]["Détenteur"] == "'@SUM(A1)"
    assert lines(held["Historique"])[0]["Note"] == "'=A1"
    assert lines(held["Séance"], "Jour")[0]["Question ou décision"] == "'-2 réunions"
    outside = made(store, "46042")
    assert tuple(reading.sheets(outside)) == PUBLIC and place.name
    assert b"Marqueur" not in b"".join(xml_of(outside).values())


def xml_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name) for name in held.namelist()}


def test_no_cell_runs_and_no_link_leaves(embedded_store):
    parts = xml_of(made(embedded_store, "46042"))
    formulas = [name for name, xml in parts.items() if re.search(rb"<f[ >]|<hyperlink", xml)]
    assert formulas == []
    assert all(b'TargetMode="External"' not in xml for xml in parts.values())


def test_it_prints_and_filters(embedded_store):
    parts = xml_of(made(embedded_store, "46042"))
    pages = [xml for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == len(PUBLIC)
    for xml in pages:
        for wanted in (b"<autoFilter", b'state="frozen"', b'orientation="landscape"', b"fitTo"):
            assert wanted in xml, wanted
        assert b'paperSize="9"' in xml and NOTICE.split("'")[0].encode() in xml
    assert parts["xl/workbook.xml"].count(b"_xlnm.Print_Titles") == len(PUBLIC)


@pytest.mark.parametrize("code", ["46042"])
def test_the_same_account_gives_the_same_bytes(embedded_store, code):
    assert made(embedded_store, code) == made(embedded_store, code)


HOSTILE = (
    *("=1+1", "+33", "@x", "-2", "\t=1", "＝1", "a" * 40_000, "🌳 \u202eelbmasser", "<b>&amp;</b>"),
    *("_x000D_", "\x01", "https://exemple.invalid/", "'=1"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text(text):
    content = sheets.workbook([Sheet("A", text, (("B", 10),), [[text]], top="&Z" * 300)], "t", DAY)
    ((title, *_), *_, (cell, *_)) = [
        row for row in reading.sheets(content)["A"] if row[0] not in ("", NOTICE)
    ]
    assert isinstance(cell, str) and len(cell) <= sheets.LONGEST
    assert cell[:1] not in "=+@-\t＝"
    assert restored(cell)[:20] == text[:20]
    xml = b"".join(xml_of(content).values())
    assert b"<f>" not in xml and b"<hyperlink" not in xml


def test_a_number_a_day_and_nothing_keep_their_nature():
    moment = datetime.fromisoformat("2026-11-21T08:30:00+00:00")
    row = [0, 12.5, 20050, DAY, moment, None, ""]
    columns = [(str(number), 10) for number in range(len(row))]
    content = sheets.workbook([Sheet("A", "T", columns, [row])], "t", DAY)
    read = reading.sheets(content)["A"][3]
    assert read == [0, 12.5, 20050, DAY, moment.replace(tzinfo=None), "", ""]


def test_a_table_without_rows_says_why():
    content = sheets.workbook([Sheet("A", "T", (("B", 9),), [], empty="Rien ici.")], "t", DAY)
    assert ["Rien ici."] in reading.sheets(content)["A"]
