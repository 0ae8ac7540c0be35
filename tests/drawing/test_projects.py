"""One project in words: what an élu repeats is true, in French, short, and never a false zero."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from data.catalog import catalog
from data.records import Declaration
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.scoring import Interval
from drawing import articles, projects

DAY = date(2026, 11, 21)
CAHORS = territory("46042")
TREES = "tree_heritage"  # indispensable: tree_inventory, admin_boundaries; nine useful
WILDFIRE = "wildfire_edge"
PLACES = ("46042", "00001", "97611", "200023737", "dep:46", "reg:76", "000000001")
DECLARED = {  # what a person would say of a dataset, by short name
    "open": {"status": "open", "existence": "exists"},
    "candidate": {"status": "candidate", "existence": "exists"},
    "absent": {"status": "not_evaluated", "existence": "not_produced"},
    "out": {"status": "not_concerned", "existence": "unknown", "reason": "Aucun arbre ici."},
    "protected": {"status": "closed_justified", "existence": "exists"},
}


def said(store, project: str, **known: str) -> str:
    """The sentence of a project once these datasets have been declared."""
    made, whole = assessed(store, project, **known)
    return projects.sentence(made, whole).replace("\u00a0", " ")


def assessed(store, project: str, **known: str):
    for dataset, short in known.items():
        given: dict[str, Any] = DECLARED[short]
        store.declare(Declaration("46042", dataset, **given))
    whole = assess(store, CAHORS, DAY)
    return next(made for made in whole.experiments if made.id == project), whole


def needs(project: str, criticality: str | None = None) -> list[str]:
    sheet = catalog().experiments[project]
    return [one.dataset for one in sheet.needs if criticality in (None, one.criticality)]


def test_nothing_checked_is_said_and_is_no_zero(empty_store):
    assert said(empty_store, TREES) == (
        "Rien n'a encore été vérifié ; 6 données sur 11 sont supposées ouvertes ; il manquerait "
        "l'inventaire des arbres, à vérifier ; l'ouvrir ferait avancer 6 projets."
    )


def test_an_established_lack_is_said_as_such(empty_store):
    assert said(
        empty_store, TREES, tree_inventory="candidate", admin_boundaries="open", parcels="open"
    ) == (
        "1 donnée sur 11 est ouverte, 5 autres sont supposées l'être ; il manque l'inventaire des "
        "arbres ; l'ouvrir ferait avancer 6 projets."
    )


def test_among_what_is_known_nothing_open_is_no_zero_of_the_rest(empty_store):
    assert said(empty_store, TREES, tree_inventory="candidate").startswith(
        "La seule donnée connue sur 11 n'est pas ouverte, 6 autres sont supposées l'être ; il "
        "manque l'inventaire des arbres"
    )
    assert said(empty_store, TREES, tree_health="absent").startswith(
        "Aucune des 2 données connues sur 11 n'est ouverte, 6 autres"
    )


def test_a_dataset_that_does_not_exist_cannot_be_opened(empty_store):
    assert said(empty_store, TREES, tree_inventory="absent").endswith(
        "il manque l'inventaire des arbres ; l'obtenir ferait avancer 6 projets."
    )


def test_a_plural_lack_agrees(empty_store):
    assert said(empty_store, "brownfield_renaturation", brownfields="candidate").endswith(
        "il manque les friches ; les ouvrir ferait avancer ce projet."
    )


def test_what_is_enough_alone_is_said_only_when_nothing_else_is_unknown(empty_store):
    others = {one: "open" for one in needs("brownfield_renaturation", "indispensable")}
    known = {**others, "brownfields": "candidate"}
    assert said(empty_store, "brownfield_renaturation", **known).endswith(
        "il manque les friches ; les ouvrir suffirait pour commencer."
    )


def test_several_lacks_promise_nothing(empty_store):
    known = {"cool_places": "candidate", "drinking_fountains": "candidate"}
    assert said(empty_store, "cool_routes", **known).endswith(
        "il manque les lieux frais accessibles et les fontaines à eau potable."
    )


def test_every_dataset_open(empty_store):
    known = dict.fromkeys(needs(TREES), "open")
    assert said(empty_store, TREES, **known) == (
        "Les 11 données sont ouvertes ; c'est assez pour commencer."
    )


def test_a_reduced_form_says_what_the_full_one_asks(empty_store):
    known = {**dict.fromkeys(needs(TREES), "open"), "tree_health": "candidate"}
    assert said(empty_store, TREES, **known) == (
        "10 données sur 11 sont ouvertes ; assez pour une version réduite ; pour la version "
        "complète, il faudrait les diagnostics phytosanitaires et interventions."
    )


def test_what_remains_to_confirm_is_named(empty_store):
    assert said(empty_store, WILDFIRE, forest_mask="open", buildings="open") == (
        "2 données sur 10 sont ouvertes, 4 autres sont supposées l'être ; reste à confirmer, pour "
        "une version réduite, le zonage des obligations de débroussaillement."
    )


def test_everything_without_object(empty_store):
    known = dict.fromkeys(needs(TREES), "out")
    assert said(empty_store, TREES, **known) == (
        "Ici, ce projet est sans objet : aucune de ses données n'est à réunir."
    )


def test_needs_without_object_leave_the_total(empty_store):
    known = {**dict.fromkeys(needs(TREES), "open"), "tree_health": "out"}
    assert said(empty_store, TREES, **known).startswith("Les 10 données sont ouvertes")


def test_a_town_outside_the_coverage_is_told_so(embedded_store):
    whole = assess(embedded_store, territory("97611"), DAY)
    made = next(one for one in whole.experiments if one.id == "summer_comfort_housing")
    assert projects.sentence(made, whole).replace("\u00a0", " ") == (
        "Rien n'est encore établi ; 6 données sur 10 sont supposées ouvertes ; on ne sait pas "
        "encore pour la population par IRIS et âge, hors couverture de la source nationale."
    )


def test_data_open_and_out_of_use_are_not_said_lacking(empty_store):
    made, whole = assessed(empty_store, TREES, tree_inventory="open", admin_boundaries="open")
    broken = tuple(
        replace(one, fulfilment="unmet") if one.dataset == "tree_inventory" else one
        for one in made.needs
    )
    made = replace(made, verdict="blocked", blocking=("tree_inventory",), needs=broken)
    assert "inutilisable en l'état\u00a0: l'inventaire des arbres" in projects.sentence(made, whole)


@pytest.fixture(params=["embedded", "empty"])
def any_store(request):
    return request.getfixturevalue(f"{request.param}_store")


@pytest.mark.parametrize("code", PLACES)
def test_every_sentence_is_one_sentence_short_and_without_false_zero(any_store, code):
    whole = assess(any_store, territory(code), DAY)
    assert len(whole.experiments) == 14
    for made in whole.experiments:
        sentence = projects.sentence(made, whole)
        assert len(sentence) <= projects.LONGEST, sentence
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
        assert not sentence.endswith("..")
        assert "  " not in sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert not re.search(r"\b0\s+(?:donnée|autre|projet)", sentence), sentence
        assert "None" not in sentence
        counted = projects.tally(made.needs)
        assert counted.open + counted.supposed <= counted.concerned
        if not counted.known:
            assert sentence.startswith("Rien n'"), sentence


def test_the_longest_titles_still_fit(empty_store):
    whole = assess(empty_store, CAHORS, DAY)
    longest = sorted(catalog().datasets.values(), key=lambda card: -len(card.title))[:6]
    for made in whole.experiments:
        worst = replace(made, to_confirm=tuple(card.id for card in longest), expected="degraded")
        assert len(projects.sentence(worst, whole)) <= projects.LONGEST


# --- articles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Inventaire des arbres", "l'inventaire des arbres"),
        ("Contours administratifs (communes, EPCI)", "les contours administratifs"),
        ("Trame verte et bleue locale", "la trame verte et bleue locale"),
        ("Réseau d'eau potable", "le réseau d'eau potable"),
        ("Atlas de la biodiversité communale", "l'atlas de la biodiversité communale"),
        ("DICRIM et consignes", "le DICRIM et consignes"),
        ("Enjeux et moyens du plan", "les enjeux et moyens du plan"),
        ("Zorglub des parcs", "la donnée «\u00a0Zorglub des parcs\u00a0»"),
    ],
)
def test_a_title_takes_its_article(title, expected):
    assert articles.the(title) == expected


def test_no_title_of_the_reference_has_an_unknown_gender():
    """A card whose first word is new asks for a line in drawing/articles.py."""
    unknown = [
        card.title for card in catalog().datasets.values() if "«" in articles.the(card.title)
    ]
    assert unknown == []


def test_long_lists_are_cut():
    titles = ["Friches", "Bâtiments", "Inventaire des arbres", "Budget", "Délibérations"]
    assert articles.the_first(titles[:2]) == "les friches et les bâtiments"
    assert articles.the_first(titles[:4]) == (
        "les friches, les bâtiments, l'inventaire des arbres et une autre"
    )
    assert articles.the_first(titles).endswith("et 2\u00a0autres")
    assert articles.the_first(titles, 1) == "les friches et 4\u00a0autres"


# --- for the project lead -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "share", "expected"),
    [
        (48.0, 79.0, 0.81, "64 [48–79] sur 100, 81 % évalué"),
        (48.2, 78.8, 0.7, "64 [48–79] sur 100, 70 % évalué"),
        (48.0, 79.0, 0.699, "[48–79] sur 100, 69 % évalué"),
        (0.0, 100.0, 0.0, "[0–100] sur 100, 0 % évalué"),
    ],
)
def test_a_score_has_its_interval_and_under_seventy_percent_that_only(
    empty_store, low, high, share, expected
):
    made = assess(empty_store, CAHORS, DAY).experiments[0]
    made = replace(made, usable=Interval(low, high), evaluated_share=share)
    assert projects.score(made).replace("\u00a0", " ") == expected


def test_no_score_where_nothing_is_concerned(empty_store):
    made = assess(empty_store, CAHORS, DAY).experiments[0]
    assert projects.score(replace(made, usable=None)) == ""


def test_a_word_alone_on_an_indispensable_need_is_to_be_confirmed(empty_store):
    made, _ = assessed(empty_store, TREES, tree_inventory="open", tree_health="open")
    assert projects.weakly_proved(made) == ("tree_inventory",)  # useful ones may rest on a word
    opened = tuple(replace(one, evidence_level="E2") for one in made.needs)
    assert projects.weakly_proved(replace(made, needs=opened)) == ()


def test_the_reduced_form_tells_what_can_be_computed(empty_store):
    known = {**dict.fromkeys(needs(TREES), "open"), "tree_health": "candidate"}
    made, _ = assessed(empty_store, TREES, **known)
    form = projects.reduced(made, catalog().experiments[TREES])
    assert form.lacking == ("tree_health",)
    assert "Arbres publics pour 100 habitants" in form.possible
    assert form.waiting == ("Solde annuel de plantation",)  # its sources name tree_health
