"""From the fetch log to the screen, the JSON and the workbook: an absence is never a zero.

One figure and its dataset walk the whole way in each kind of absence, beside a true zero that must
show as one.
"""

from __future__ import annotations

import html
import io
import json
import re
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from data.catalog import catalog
from data.records import Declaration
from data.store import Fetch
from data.territories import territory
from diagnostics import served
from diagnostics.availability import assess
from diagnostics.missing import missing_data
from drawing import signs
from restitution import missing_list
from tests.ui.conftest import words

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAHORS = territory("46042")
VACANCY, FIGURE = "housing_vacancy", "long_vacancy_share"
TITLE = "Logements privés vacants depuis plus de deux ans"
RESIDENCES = {"annee": 2025, "logements_prives": 1000}


def log(store, status, detail=None, rows=None):
    line = Fetch(
        VACANCY, "46042", "commune", status, len(rows or ()), 0.1, 1, "https://exemple.test/a.csv",
        "2025", NOON, detail, "lovac", "Source d'essai", "Licence Ouverte 2.0",
    )  # fmt: skip
    if rows is None:
        store.log(line)
        return
    card = catalog().datasets[VACANCY]
    names = ["territory", *(column.name for column in card.columns)]
    made = [{"territory": "46042", **RESIDENCES, **row} for row in rows]
    store.save(card, line, pd.DataFrame(made, columns=names).astype(object))


def cell(count, secret):
    return [{"vacants_plus_2_ans": count, "secret_statistique": secret}]


def said(store, status):
    store.declare(Declaration("46042", VACANCY, status, "unknown", recorded_at=NOON))


# absence -> how it comes about, status of the figure, whether the status of the data is established
WALKS = {
    "jamais demandé": (lambda store: None, "not_fetched", False),
    "délai dépassé": (lambda store: log(store, "failed", "délai dépassé"), "source_failed", False),
    "hors ligne": (lambda store: log(store, "offline"), "not_fetched", False),
    "hors couverture": (lambda store: log(store, "not_covered"), "not_covered", False),
    "secret": (lambda store: log(store, "ok", rows=cell(None, True)), "secret", True),
    "non évaluée": (lambda store: said(store, "not_evaluated"), "not_fetched", False),
    "existence inconnue": (lambda store: said(store, None), "not_fetched", False),
}


@pytest.fixture(params=WALKS)
def walk(request, empty_store):
    plant, status, established = WALKS[request.param]
    plant(empty_store)
    return empty_store, status, established


def test_the_json_says_which_absence_and_no_zero(walk):
    store, status, established = walk
    figures = json.loads(json.dumps(served.indicators(store, CAHORS, DAY)))
    figure = next(made for made in figures["indicators"] if made["id"] == FIGURE)
    assert (figure["value"], figure["status"]) == (None, status)
    document = json.loads(json.dumps(served.availability(store, CAHORS, DAY)))
    needs = [n for e in document["experiments"] for n in e["needs"] if n["dataset"] == VACANCY]
    assert needs
    for need in needs:
        assert need["existence"] != "not_produced"
        if not established:
            assert need["usable"] == need["openness"] == {"low": 0.0, "high": 100.0}
            assert need["fulfilment"] == "unknown"
    assert document["counts"]["not_produced"] == 0


def test_the_screens_say_the_absence_in_words(screen, walk):
    store, status, established = walk
    shown = text(words(screen("tableau_de_bord", store, territoire="46042")))
    around = shown[shown.index(TITLE) - 400 : shown.index(TITLE) + 400]
    assert signs.absence(status).words in around.lower()
    assert not re.search(r"(?<![\d,])0(,0)?[\s\u00a0]*%", around)
    one = text(words(screen("donnee", store, territoire="46042", jeu=VACANCY)))
    assert "N'existe pas" not in one
    if not established:
        assert "0 point" not in one.replace("\u00a0", " ")


def test_the_workbook_says_it_is_to_ask_or_supposed_never_absent(walk):
    store, _, established = walk
    missing = missing_data(assess(store, CAHORS, DAY))
    content = missing_list.as_xlsx(missing, CAHORS, DAY)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    header = next(row for row in rows if "Identifiant" in row)
    lines = [dict(zip(header, row, strict=False)) for row in rows]
    found = [line for line in lines if line["Identifiant"] == VACANCY]
    for line in found:
        assert line["Certitude"] != signs.CERTAINTIES["established"] or established
        assert line["Statut"] != signs.STATUSES["not_produced"].word
        assert 0 not in line.values() and "0" not in line.values()
    assert found or established


def test_a_true_zero_is_a_zero_all_the_way(screen, empty_store):
    log(empty_store, "ok", rows=cell(0, False))
    figures = served.indicators(empty_store, CAHORS, DAY)["indicators"]
    figure = next(made for made in figures if made["id"] == FIGURE)
    assert (figure["value"], figure["status"]) == (0, "value")
    shown = text(words(screen("tableau_de_bord", empty_store, territoire="46042")))
    after = shown[shown.index(TITLE) : shown.index(TITLE) + 200]
    assert re.search(r"(?<![\d,])0[\s\u00a0]*%", after)


def text(body: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", body))
