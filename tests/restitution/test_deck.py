"""The views: 10 to 15 an audience, one idea each, no points, no typed word, nothing turned to 0."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

import pytest

from data import records
from data.catalog import catalog
from data.entries import Draft
from data.records import EDITOR, Declaration, Person
from data.territories import territory
from drawing import signs
from restitution.account import Account
from restitution.deck import AUDIENCES, Deck, View, arranged, deck
from restitution.document import (
    Absent,
    Chart,
    Items,
    KeyFigures,
    Picture,
    Table,
    Text,
)

PLACES = ("46042", "97209", "97608", "01001", "00001", "200023737", "000000001", "dep:46")
FIGURED = (KeyFigures, Chart, Table)
# A score: « 12 points », « sur 100 »; « 2 points à confirmer » are things to confirm.
POINTS = re.compile(r"\bscore|sur 100\b(?! habitants)|\d points?\b(?!.*confirm)", re.IGNORECASE)
RANKS = re.compile(r"\b\d+\s?(e|er|ème|re)\b(?! *janvier)|\brang\b|classement|meilleure ville")


@pytest.fixture(scope="module")
def decks(embedded_store):
    """The deck of a place for an audience, made once."""

    @cache
    def account(code: str) -> Account:
        return Account(embedded_store, territory(code), date(2026, 11, 21))

    return cache(lambda code, audience: deck(account(code), audience))


# How sure one is takes a thousand draws: three places say as much as eight.
SERVED = ("46042", "97608", "00001")


@pytest.fixture(
    params=[
        (code, audience)
        for code in PLACES
        for audience in AUDIENCES
        if audience != "services" or code in SERVED
    ]
)
def one(request, decks) -> Deck:
    """Each deck in turn."""
    return decks(*request.param)


def words(view: View) -> str:
    """All that is on screen."""
    return " ".join([view.title, view.sentence, view.source, *map(block_words, view.body)])


def block_words(block) -> str:
    """The words of a block as they are read."""
    if isinstance(block, Chart):
        return f"{block.title} {block.alt} {block_words(block.table)}"
    if isinstance(block, Table):
        cells = [cell if isinstance(cell, str) else cell.word for row in block.rows for cell in row]
        return " ".join([*(column.header for column in block.columns), *cells, block.empty])
    if isinstance(block, KeyFigures):
        return " ".join(f"{made.label} {made.value} {made.beside}" for made in block.figures)
    return spoken(block)


def spoken(block) -> str:
    """The words of a block that is neither a table nor a chart."""
    if isinstance(block, Text):
        return block.words
    if isinstance(block, Items):
        return " ".join(block.items)
    return f"{block.title} {block.reason} {block.step}" if isinstance(block, Absent) else ""


def test_ten_to_fifteen_views_whose_ids_are_stable(one):
    ids = [view.id for view in one.views]
    assert 10 <= len(ids) <= 15
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)
    assert (ids[0], ids[-1]) == ("titre", "fin")


def test_one_idea_that_fits_a_screen(one):
    for view in one.views:
        assert 0 < len(view.title) <= 70, view.title
        said = " ".join([view.sentence, *map(spoken, view.body)]).split()
        assert len(said) <= 55, (view.id, len(said))
        assert sum(isinstance(block, FIGURED) for block in view.body) <= 1
        tables = [block for block in view.body if isinstance(block, Table)]
        assert all(len(table.rows) <= 6 for table in tables), view.id
        assert all(table.rows or table.empty for table in tables), view.id
        figures = [block for block in view.body if isinstance(block, KeyFigures)]
        assert all(0 < len(block.figures) <= 6 for block in figures), view.id


def test_a_view_with_figures_says_their_source(one):
    for view in one.views:
        if any(isinstance(block, FIGURED) for block in view.body) and view.id != "methode":
            assert "iveau " in view.source, view.id
            assert re.search(r"\d{4}|fictif", view.source), (view.id, view.source)


def test_the_speaker_knows_what_to_say_and_not_to_say(one):
    for view in one.views:
        assert 2 <= len(view.notes) <= 4, view.id
        assert view.notes[0].startswith("À dire"), view.id
        assert view.notes[1].startswith("À ne pas"), view.id
        assert any("Question probable" in note for note in view.notes), view.id


def test_neither_score_nor_rank(one):
    for view in one.views:
        assert not POINTS.search(words(view)), (view.id, POINTS.search(words(view)))
        assert not RANKS.search(words(view)), (view.id, RANKS.search(words(view)))
        assert "expérimentation" not in words(view).lower()


def test_an_absence_is_never_a_zero(decks):
    """Everything absent: no view of it holds a figure, and each absence has its words."""
    made = decks("97608", "elus")
    heat = next(view for view in made.views if view.id == "chaleur")
    (block,) = heat.body
    assert isinstance(block, Absent) and block.reason and block.step
    assert not re.search(r"\b0\b", words(heat).replace("2050", ""))
    unknown = next(view for view in made.views if view.id == "inconnu").body[0]
    said = {row[0] for row in unknown.rows}
    assert "Hors couverture de la source" in said and "Non récupéré" in said
    portrait = next(view for view in made.views if view.id == "territoire").body[0]
    assert "ors couverture" in portrait.reason


def test_a_store_where_nothing_was_ever_fetched(empty_store):
    for audience in AUDIENCES:
        made = deck(Account(empty_store, territory("46042"), date(2026, 11, 21)), audience)
        assert 10 <= len(made.views) <= 15
        assert not any(re.search(r"\b0\b", words(view)) for view in made.views)


def test_statuses_count_as_the_screens_do(embedded_store, decks):
    for code in ("46042", "00001"):
        account = Account(embedded_store, territory(code), date(2026, 11, 21))
        view = next(made for made in decks(code, "elus").views if made.id == "donnees")
        shown = {row[0].code: point.value for row, point in rows(view.body[0])}
        assert shown == {name: n for name, n in account.assessment.counts.items() if n}


def rows(chart: Chart):
    return zip(chart.table.rows, chart.points, strict=True)


def test_a_verdict_counts_each_project_once(embedded_store, decks):
    for code in PLACES:
        table = next(made for made in decks(code, "elus").views if made.id == "projets").body[0]
        assert sum(int(row[1]) for row in table.rows) == len(catalog().experiments)


def test_heat_has_its_interval_and_its_table(decks):
    chart = next(view for view in decks("46042", "elus").views if view.id == "chaleur").body[0]
    assert [point.value for point in chart.points] == [3, 9, 12, 25]
    assert (chart.points[2].low, chart.points[2].high) == (7, 15)
    assert chart.points[0].low is None
    assert [row[1] for row in chart.table.rows] == ["3", "9", "12", "25"]


def test_what_each_audience_sees(decks):
    seen = {name: {view.id for view in decks("00001", name).views} for name in AUDIENCES}
    assert {"manque", "suite"} <= seen["elus"] and "surete" not in seen["elus"]
    assert {"apporter", "surete"} <= seen["services"]
    assert {"ouvert", "contribuer"} <= seen["habitants"]
    assert not {"manque", "apporter", "suite"} & seen["habitants"]


TYPED = ("Odile Secrète", "note très privée", "odile@exemple.fr", "Service des poteaux secrets")


def test_nothing_typed_leaves_the_team(store):
    name, note, contact, holder = TYPED
    records.declare(
        store,
        Person(EDITOR, name),
        Declaration(
            territory="46042",
            dataset="tree_inventory",
            status="candidate",
            existence="exists",
            reason=note,
            note=note,
            contact=contact,
            holder=holder,
        ),
    )
    trees = ("tree_heritage",)  # the one project that needs it: the draws of the others are long
    for audience in AUDIENCES:
        made = deck(Account(store, territory("46042"), date(2026, 11, 21), only=trees), audience)
        said = " ".join(" ".join([words(view), *view.notes]) for view in made.views)
        assert not [typed for typed in TYPED if typed in said]
    inside = deck(Account(store, territory("46042"), date(2026, 11, 21), True, trees), "services")
    assert holder in " ".join(words(view) for view in inside.views)


def test_the_draft_orders_rewrites_comments_and_pictures(decks):
    made = decks("46042", "elus")
    picture = Picture(b"...", "png", "")
    draft = Draft(
        "deck",
        "elus",
        parts=["fin", "donnees", "inconnue", "fin", "titre"],
        texts={"donnees/sentence": "Ma phrase : la voici.", "fin/sentence": "  "},
        comments={"fin": "Remercier."},
        pictures={"donnees": "abc/x.png"},
        captions={"donnees": "La mairie vue du pont"},
    )
    found = arranged(made, draft, lambda name: picture if name == "abc/x.png" else None)
    assert [view.id for view in found.views] == ["fin", "donnees", "donnees-image", "titre"]
    end, told, pictured, _ = found.views
    assert told.sentence == "Ma phrase\u00a0: la voici." and told.edited
    assert not end.edited and end.notes[-1] == "Remercier."
    assert pictured.body[0].alt == "La mairie vue du pont"
    assert arranged(made, None) is made


def test_a_deck_says_the_same_twice_that_day(embedded_store, decks):
    morning = deck(Account(embedded_store, territory("00001"), datetime(2026, 11, 21, 9)), "elus")
    assert morning.views == decks("00001", "elus").views


def test_a_status_word_is_the_one_of_the_screens(decks):
    chart = next(view for view in decks("00001", "elus").views if view.id == "donnees").body[0]
    assert {row[0] for row in chart.table.rows} == set(signs.STATUSES.values())


def test_the_end_says_what_to_decide_and_where_to_write_without_blame(decks):
    for audience in AUDIENCES:
        end = decks("46042", audience).views[-1]
        said = words(end)
        assert "écrivez à la mairie" in said and "pas encore" not in said
        assert 2 <= len(end.body[0].items) <= 3


def test_a_producer_is_named_without_packages(decks):
    table = next(made for made in decks("46042", "elus").views if made.id == "methode").body[0]
    assert not re.search(r"paquet|via|@|github", " ".join(" ".join(row) for row in table.rows))
    assert all(re.fullmatch(r"\d{4}|non précisée", row[1]) for row in table.rows)


def test_a_theme_promises_only_what_it_holds(decks):
    risks = next(made for made in decks("46042", "elus").views if made.id == "theme-risques")
    assert not re.search("argile|feux|inondation", risks.title.lower())
