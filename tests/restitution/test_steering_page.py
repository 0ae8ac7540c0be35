"""The page for the steering committee: whole, self-contained, internal, every text escaped."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from data import entries, records, validation
from data.catalog import catalog
from data.entries import Hours, PlannedAction, Request, Validation
from data.records import Declaration, Person
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.missing import missing_data
from diagnostics.week import week, with_duties
from drawing import mentions
from restitution import steering_page

DAY = date(2026, 11, 21)
HOSTILE = "<img src=x onerror=alert(1)>\"'&</style><script>alert(2)</script>"
TOWNS = ("46042", "200023737", "dep:46", "reg:76", "00001", "000000001")


def page(store, code="46042", day=DAY):
    place = territory(code)
    made = assess(store, place, day)
    held = with_duties(week(store, place, day), made, day)
    return steering_page.as_html(made, held, missing_data(made), day).decode()


class Reader(HTMLParser):
    """Tags and words of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.attributes = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words.append(data)


@pytest.mark.parametrize("code", TOWNS)
def test_the_page_says_everything_asked_for(any_kind, code):
    read = Reader(page(any_kind, code))
    said = "".join(read.words)
    for part in (
        "Document interne, ne pas diffuser", "21\u00a0novembre\u00a02026", "Où en sont les données",
        "Les projets", "Ce qui a bougé", "Prochaines actions", "Échéances", "Temps passé",
        "Ce que l'on ne sait pas", "Sources", "Outil indépendant, sans lien avec l'ANCT",
        "Document de travail",
    ):  # fmt: skip
        assert part in said, part
    assert ("FICTIF" in said) == territory(code).fictional
    assert said.count("données servent au moins un projet") == 1
    for nothing in ("None", "nan", "N/A", "NaT", "en retard"):
        assert not re.search(rf"\b{nothing}\b", said), nothing
    assert read.tags.count("h1") == 1


@pytest.fixture(params=["embedded", "empty"])
def any_kind(request):
    return request.getfixturevalue(f"{request.param}_store")


def test_every_project_is_there_once_with_its_verdict(embedded_store):
    said = "".join(Reader(page(embedded_store)).words).replace("\u00a0", " ")
    for made in assess(embedded_store, territory("46042"), DAY).experiments:
        assert said.count(made.title.replace("\u00a0", " ")) == 1


def test_nothing_is_loaded_from_elsewhere(embedded_store):
    text = page(embedded_store)
    read = Reader(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(read.tags)
    assert "default-src 'none'; style-src 'unsafe-inline'; font-src data:" in text
    outside = re.findall(r"url\((.{12})", text)
    assert outside == ["data:font/wo"]


def test_what_is_typed_stays_text(store):
    me = Person("editor", HOSTILE)
    records.declare(
        store, me,
        Declaration("46042", "tree_inventory", "candidate", "exists", holder=HOSTILE),
    )  # fmt: skip
    entries.keep(
        store, me, "46042",
        PlannedAction("PCAET", HOSTILE, owner=HOSTILE, deadline=DAY),
        Request("tree_inventory", HOSTILE, "own_service", state="sent", sent_on=DAY, due_on=DAY),
        Hours(DAY, 2.5, HOSTILE),
        Validation(HOSTILE, day=DAY),
    )  # fmt: skip
    text = page(store)
    read = Reader(text)
    assert not {"script", "img"} & set(read.tags)
    assert read.tags.count("style") == 1
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert "".join(read.words).count("<script>alert(2)</script>") >= 3
    assert "2,5\u00a0h" in text


def test_a_validated_diagnosis_says_by_whom_and_when(store):
    me = Person("editor", "Camille")
    entries.keep(store, me, "46042", Validation("La référente", day=date(2026, 11, 3)))
    said = "".join(Reader(page(store)).words)
    assert "Validé le 3\u00a0novembre\u00a02026 par La référente." in said
    assert "Document de travail" not in said


def test_a_later_declaration_makes_it_a_working_document_in_the_words_of_the_screens(store):
    me = Person("editor", "Camille")
    entries.keep(store, me, "46042", Validation("La référente", day=date(2026, 11, 3)))
    records.declare(store, me, Declaration("46042", "tree_inventory", "candidate", "exists"))
    said = "".join(Reader(page(store)).words)
    standing = validation.of(store, territory("46042"), catalog().version)
    assert "modifié depuis la validation du 3\u00a0novembre" in mentions.standing(
        standing, named=True
    )
    assert f"{mentions.standing(standing, named=True)}." in said
    assert "La référente" not in said


def test_sources_are_counted_among_the_data_that_the_bar_counts(store):
    """A declaration on a dataset of the common base alone enters no count."""
    made = assess(store, territory("46042"), DAY)
    base = next(iter(set(made.evidence) - set(made.needed)))
    before = sources_said(store)
    records.declare(
        store, Person("editor", "Camille"), Declaration("46042", base, "candidate", "exists")
    )
    assert sources_said(store) == before
    assert len(made.needed) == sum(made.counts.values())


def sources_said(store):
    return re.findall(r"(\d+)\u00a0(?:données? constatées?|déclarées?)", page(store))


@pytest.mark.parametrize("day", [DAY, date(2026, 12, 3)])
def test_a_legal_deadline_is_never_a_verdict(embedded_store, day):
    said = "".join(Reader(page(embedded_store, "200023737", day)).words)
    assert "Information générale, à confirmer avec votre service juridique." in said
    assert ("passée\u00a0; situation non vérifiée par l'outil." in said) == (day > DAY)


def test_long_lists_are_cut_and_counted(store):
    me = Person("editor", "Camille")
    made = [PlannedAction("PCAET", f"Action {rank}", deadline=DAY) for rank in range(9)]
    entries.keep(store, me, "46042", *made)
    said = "".join(Reader(page(store)).words)
    assert "Et 5\u00a0autres lignes." in said
    assert re.search(r"Et [56]\u00a0autres échéances\.", said)


def test_the_file_name_says_town_day_and_fiction():
    real = steering_page.file_name(territory("dep:46"), DAY)
    assert real == "comite_de_pilotage_dep_46_2026-11-21.html"
    assert "FICTIF" in steering_page.file_name(territory("00001"), DAY)
