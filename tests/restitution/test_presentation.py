"""The presentation in one file: alone, whole, the same every time, and a search that never lies."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser

import pytest

from data import entries
from data.catalog import catalog
from data.entries import Draft
from data.records import Declaration, Person
from data.store import Store
from data.territories import acv_towns, territory
from drawing import figures, french, signs
from restitution import presentation
from restitution.account import Account
from restitution.answers import LONGEST, NOT_ZERO, answers, index
from restitution.deck import AUDIENCES, deck
from restitution.document import BALLOT, EDITED, FICTIONAL, NOTICE
from tests.restitution.test_web_page import HOSTILE, VNU

DAY = date(2026, 11, 21)
TOWNS = ("46042", "97209", "01001", "00001")
LARGEST_INDEX = 300_000  # bytes


@cache
def account(store: Store, code: str = "46042", internal: bool = False) -> Account:
    """What is told of a town, once for the tests that change nothing."""
    return Account(store, territory(code), DAY, internal)


def file(store: Store, code: str = "46042", draft: Draft | None = None) -> str:
    return presentation.as_html(account(store, code), draft, lambda name: None).content.decode()


def data(content: str) -> dict:
    return json.loads(
        re.search(r'<script type="application/json" id="deck">(.*?)</script>', content)[1]
    )


class Tags(HTMLParser):
    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["46042", "00001"])
def test_it_calls_nobody(embedded_store, code):
    content = file(embedded_store, code)
    made = Tags(content)
    for tag, given in made.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert (given.get(name) or "data:").startswith(("data:", "#")), (tag, given)
        assert not [name for name in given if name.startswith("on")]
    style = re.search(r"<style>(.*?)</style>", content, re.S)[1]
    assert all(found.startswith("data:") for found in re.findall(r"url\(([^)]*)", style))
    assert "@import" not in style


def test_the_same_bytes_twice(embedded_store):
    assert file(embedded_store) == file(embedded_store)


@pytest.mark.parametrize(
    ("code", "audience"), [*(("46042", name) for name in AUDIENCES), ("00001", "elus")]
)
def test_every_view_is_there_and_says_what_it_is(embedded_store, code, audience):
    content = file(embedded_store, code, Draft("deck", audience))
    made = deck(account(embedded_store, code), audience)
    views = re.findall(r'<section class="view".*?(?=<section class="view"|<script)', content, re.S)
    assert len(views) == len(made.views) == len(data(content)["views"])
    for view in views:
        assert NOTICE.split(",")[0] in view and "Document de travail" in view
        assert (FICTIONAL in view) == (code == "00001")
    assert content.count(BALLOT) == 1
    assert [view["notes"] for view in data(content)["views"]] == [
        list(view.notes) for view in made.views
    ]


def test_an_internal_deck_says_so_on_every_view(embedded_store):
    inside = account(embedded_store, internal=True)
    made = deck(inside, "elus")
    assert presentation.markup(made).count("Document interne, ne pas diffuser") > len(made.views)


def test_nothing_typed_becomes_a_tag(embedded_store):
    first = deck(account(embedded_store), "elus").views[0].id
    whole = " ".join(HOSTILE)
    draft = Draft("deck", "elus", texts={f"{first}/sentence": whole}, comments={first: whole})
    content = file(embedded_store, draft=draft)
    plain, hostile = (
        [tag for tag, _ in Tags(made).tags if tag not in ("br", "wbr")]
        for made in (file(embedded_store), content)
    )
    assert sorted(hostile) == sorted([*plain, "span"])  # the mark of what was written by hand
    assert EDITED in content
    assert "alert(1)" in data(content)["views"][0]["notes"][-1]


def test_a_draft_orders_the_views_of_its_audience(embedded_store):
    names = [view.id for view in deck(account(embedded_store), "services").views]
    draft = Draft("deck", "services", parts=[names[2], names[0], "disparue"])
    held = data(file(embedded_store, draft=draft))
    assert [view["id"] for view in held["views"]] == [names[2], names[0]]


def test_the_screen_lays_the_draft_for_the_team_alone(store):
    kept = [view.id for view in deck(account(store), "elus").views][:2]
    entries.keep(store, Person("editor", "Ana"), "46042", Draft("deck", "elus", parts=kept))
    for drafted, count in ((True, 2), (False, 15)):
        made = presentation.shown(store, territory("46042"), DAY, False, drafted, "elus")
        assert len(made["deck"]["views"]) == count


@pytest.mark.deep
def test_it_is_valid_html(embedded_store, tmp_path):
    if not shutil.which("java") or not VNU.exists():
        pytest.skip("vnu absent")
    first = deck(account(embedded_store), "elus").views[0].id
    draft = Draft("deck", "elus", texts={f"{first}/sentence": " ".join(HOSTILE)})
    (tmp_path / "vues.html").write_text(file(embedded_store, "46042", draft))
    (tmp_path / "fictif.html").write_text(file(embedded_store, "00001"))
    command = ["java", "-jar", str(VNU), "--errors-only", *map(str, tmp_path.glob("*.html"))]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.stderr == ""


# --- the search ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TOWNS)
def test_every_thing_is_answered_in_three_lines(embedded_store, code):
    told = account(embedded_store, code)
    found = presentation.index(told)
    kinds = [made["kind"] for made in found]
    towns = [town for town in acv_towns() if town.code != code]
    assert kinds.count("figure") == len(told.values)
    assert kinds.count("dataset") == len(told.assessment.needed)
    assert kinds.count("project") == len(catalog().experiments)
    assert kinds.count("town") == len(towns) and kinds.count("place") == 1
    for made in found:
        assert len(made["lines"]) == 3 and all(made["lines"])
        assert max(map(len, made["lines"])) <= LONGEST + 10  # no-break spaces, « … »
    assert len(json.dumps(found, ensure_ascii=False).encode()) < LARGEST_INDEX


@pytest.mark.parametrize("code", TOWNS)
def test_figures_are_those_of_the_screens_and_absences_their_own_words(embedded_store, code):
    told = account(embedded_store, code)
    said = [made for made in answers(told) if made.kind == "figure"]
    for value, made in zip(told.values, said, strict=True):
        assert made.title == value.title
        if value.value is not None:
            assert made.known.startswith(figures.spoken(value))
        else:
            assert signs.ABSENCES[value.status].words in made.known.lower()
            assert not re.search(r"(?<![\d,.])0(?![\d,])", made.known)
            assert value.status == "not_applicable" or NOT_ZERO in made.unknown


def test_a_supposed_status_is_not_evaluated(embedded_store):
    told = account(embedded_store)
    said = {made.title: made for made in answers(told) if made.kind == "dataset"}
    for dataset, found in told.assessment.needed.items():
        made = said[catalog().datasets[dataset].title]
        assert made.known.startswith("Non évaluée") == (not found.established)
        if found.established:
            assert signs.PROVENANCES[found.provenance] in made.known


def test_a_service_is_named_to_the_team_alone(store):
    typed = "Service des arbres de Mme Rousseau"
    made = Declaration("46042", "tree_inventory", "candidate", "exists", holder=typed)
    store.declare(replace(made, author="Ana"))
    for internal in (True, False):
        told = Account(store, territory("46042"), DAY, internal)
        whole = json.dumps(presentation.index(told), ensure_ascii=False)
        assert ("Rousseau" in whole) == internal
    assert "Service espaces verts" not in whole


def test_another_town_is_not_judged(embedded_store):
    towns = {made.title: made for made in answers(account(embedded_store)) if made.kind == "town"}
    for town in acv_towns():
        if town.code == "46042":
            continue
        made = towns[f"{french.upper_first(town.name)} ({town.departement_name})"]
        assert "s'ouvre dans l'outil" in made.unknown
        if town.population:
            assert made.known.startswith(french.number(town.population))
        assert not re.search(r"rang|classe|premi|mieux|moins", f"{made.known} {made.unknown}")


def test_a_dataset_is_found_by_the_word_of_publishers(embedded_store):
    made = index(Account(embedded_store, territory("46042"), date(2026, 11, 21)))
    (cover,) = (one for one in made if one["title"].startswith("Couverture arborée"))
    assert "canopée" in cover["also"]
