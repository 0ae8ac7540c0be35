"""One page for élus: two sides whatever the town, its words, or what a person wrote in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from data.entries import Draft
from data.territories import acv_towns, territory
from drawing import figures, mentions
from restitution import onepage
from restitution.account import Account
from restitution.document import BALLOT, EDITED, FICTIONAL, NOTICE, KeyFigures, Picture
from tests.restitution import papers
from tests.restitution.papers import DAY

LONG = "Saint-Barthélemy-d'Anjou-sur-la-Grande-Rivière-des-Bois-d'En"
CODES = ("46042", "97209", "01001", "00001", "200023737", "dep:46")


def _nothing(name: str) -> None:
    return None


@pytest.fixture(scope="module")
def cahors(embedded_store) -> Account:
    """One account for the tests that only read it: its facts are computed once."""
    return Account(embedded_store, territory("46042"), DAY)


def printed(account: Account, draft: Draft | None = None, picture=_nothing) -> list[str]:
    """The two sides, checked: inside the page, the notice on each."""
    content = onepage.as_pdf(account, draft, picture).content
    assert list(papers.outside(content)) == []
    sides = papers.pages(content)
    assert len(sides) == 2
    assert all(NOTICE in side for side in sides)
    return sides


@pytest.mark.parametrize("code", CODES)
def test_two_sides_for_any_place(embedded_store, code):
    account = Account(embedded_store, territory(code), DAY)
    sides = printed(account)
    words = " ".join(sides)
    assert words.count(BALLOT) == 1
    assert all((FICTIONAL in side) == account.place.fictional for side in sides)
    for jargon in (" points", "score", "expérimentation", "sur 100", "N/A", "0 projet"):
        assert jargon not in words


def test_it_is_tagged_and_the_same_twice(cahors):
    content = onepage.as_pdf(cahors, None, _nothing).content
    assert papers.faults(content) == []
    assert onepage.as_pdf(cahors, None, _nothing).content == content


def test_two_sides_for_the_longest_names(embedded_store):
    assert len(LONG) == 60
    longest = sorted(acv_towns(), key=lambda place: -len(place.name))[:3]
    for place in (*longest, replace(territory("46042"), name=LONG, epci_name=LONG * 2)):
        assert place.name.split("-")[0] in printed(Account(embedded_store, place, DAY))[0]


def test_an_empty_store_says_what_is_not_known(empty_store):
    sides = printed(Account(empty_store, territory("46042"), DAY))
    assert "Non récupéré" in sides[0]
    assert "n'ont pas encore été vérifiées" in sides[1]


def test_figures_are_said_as_in_council_with_interval_source_and_year(cahors):
    parts = {part.id: part for part in onepage.document(cahors).parts}
    (block,) = parts["chiffres"].blocks
    assert isinstance(block, KeyFigures)
    assert 0 < len(block.figures) <= 6
    by_id = {value.id: value for value in cahors.values}
    heat = by_id["d35_2050"]
    shown = next(made for made in block.figures if made.label == heat.title)
    assert shown.value == figures.spoken(heat)
    assert shown.beside.startswith("entre ")
    assert all(re.search(r"\d{4}|modèle", made.source) for made in block.figures if made.source)
    assert not any("[" in made.beside for made in block.figures)


def test_outside_the_team_no_service_is_named(embedded_store):
    account = Account(embedded_store, territory("00001"), DAY)
    assert "ervice des" not in " ".join(printed(account))


def test_internal_pages_say_so(embedded_store):
    account = Account(embedded_store, territory("46042"), DAY, internal=True)
    assert all(mentions.INTERNAL in side for side in printed(account))


def test_the_costly_trial_of_robustness_is_not_run(embedded_store, monkeypatch):
    monkeypatch.delattr(Account, "robustness")
    printed(Account(embedded_store, territory("46042"), DAY))


@pytest.mark.parametrize("typed", ["a" * 10_000, "#panic() *b* \u202e😀", "\ud800"])
def test_two_sides_whatever_a_person_writes(cahors, typed):
    texts = {f"essentiel/{name}": typed for name in ("fait", "projets", "utile")}
    comments = {"sources": typed, "essentiel": typed}
    picture = Picture(b"not one", "png", "b")
    sides = printed(
        cahors,
        Draft("onepage", texts=texts, comments=comments, pictures={"essentiel": "x/y"}),
        lambda name: picture,
    )
    assert EDITED in sides[0] or not typed.strip("\ud800")


def test_parts_are_chosen_and_the_sides_kept(cahors):
    sides = printed(cahors, Draft("onepage", parts=["sources", "chiffres"]))
    assert "D'où cela vient" in sides[1]
    assert "Ce qui manque le plus" not in " ".join(sides)
