"""Duty badges: kinds never mixed, thresholds, deadlines, whom they bind; nobody said to be late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from data.catalog import catalog
from data.duties import KINDS, LEVELS, Duty
from data.entries import Profile, keep
from data.records import Person
from data.territories import territory
from diagnostics import duties
from diagnostics.duties import agents_of, badges, threshold, why_none
from diagnostics.evidence import Evidence
from drawing import duties as words

DAY = date(2026, 11, 21)
CAHORS, EPCI = territory("46042"), territory("200023737")
LOT, OCCITANIE, CASTELVOIRE = territory("dep:46"), territory("reg:76"), territory("00001")
TREES = "tree_inventory"  # local, no text of its own: the general duty
EDITOR = Person("editor", "Essai")


def known(dataset=TREES, status="candidate", existence="exists", provenance="declared", **given):
    return Evidence(dataset, status, existence, provenance, "E0", "Dit par le service.", **given)


def shown(dataset=TREES, place=CAHORS, evidence=None, day=DAY, agents=None):
    card = catalog().datasets[dataset]
    return badges(card, place, evidence or known(dataset), day, agents)


def kinds(*given, **named):
    return [badge.kind for badge in shown(*given, **named)]


# --- one kind each -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "expected", "said"),
    [
        ("grants", "publish", "Publication prévue par la loi"),
        ("local_addresses", "transmit", "À transmettre"),
        ("pcs_assets", "adopt", "À adopter"),
        ("street_lights", "keep_available", "À tenir à disposition"),
        ("first_names", "voluntary", "Volontaire"),
        (TREES, "to_verify", "Obligation à vérifier"),
    ],
)
def test_each_kind_has_its_words(dataset, expected, said):
    badge = next(made for made in shown(dataset) if made.kind == expected)
    assert words.label(badge).startswith(said)
    others = [first for kind, (_, first) in words.WORDS.items() if kind != expected]
    assert not any(other in words.label(badge) for other in others)


def test_a_publication_comes_before_the_rest():
    for card in catalog().datasets.values():
        for agents in (None, 49, 50):
            order = [duties.ORDER.index(kind) for kind in kinds(card.id, agents=agents)]
            assert order == sorted(order), card.id


def test_every_duty_of_a_card_cites_a_text_and_says_what_was_not_checked():
    made = [duty for card in catalog().datasets.values() for duty in card.duties]
    assert {duty.kind for duty in made} == set(KINDS)
    for duty in made:
        assert duty.text and duty.not_checked and set(duty.binds) <= set(LEVELS)


# --- never a publication where none can be asked -------------------------------------------------

SILENT = {
    "supposée": known(provenance="assumed", existence="unknown"),
    "supposée ouverte": known(status="open", provenance="assumed"),
    "existence inconnue": known(existence="unknown"),
    "non évaluée": known(status="not_evaluated"),
    "non produite": known(existence="not_produced"),
    "protégée": known(status="closed_justified"),
    "sans objet": known(status="not_concerned"),
}
PUBLICATIONS = {"publish", "to_verify"}


@pytest.mark.parametrize("evidence", SILENT.values(), ids=SILENT)
def test_no_publication_of_what_is_unknown_not_produced_protected_or_not_concerned(evidence):
    cases = product(catalog().datasets, (CAHORS, EPCI, LOT), (None, 3000))
    for dataset, place, agents in cases:
        found = shown(dataset, place, replace(evidence, dataset=dataset), agents=agents)
        assert not PUBLICATIONS & {badge.kind for badge in found}


@pytest.mark.parametrize("status", ["open", "candidate", "closed_unjustified", "other"])
def test_a_publication_of_what_exists_and_may_be_published(status):
    assert kinds("grants", evidence=known("grants", status)) == ["publish"]
    assert kinds("grants", evidence=known("grants", status, "partial")) == ["publish"]


def test_nothing_at_all_where_the_territory_is_not_concerned():
    assert shown("pcs_assets", evidence=known("pcs_assets", "not_concerned")) == ()


def test_a_protected_plan_still_has_to_be_adopted():
    assert kinds("pcs_assets", evidence=known("pcs_assets", "closed_justified")) == [
        "adopt",
        "adopt",
    ]


def test_only_local_public_data_carry_the_general_duty():
    for card in catalog().datasets.values():
        if card.producer != "local_public" and not card.duties:
            assert shown(card.id, agents=3000) == (), card.id
    assert [badge.text for badge in shown(agents=3000)] == [duties.CRPA]


# --- thresholds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inhabitants", "agents", "both", "either", "kind"),
    [
        (3499, 49, False, False, "voluntary"),
        (3499, 50, False, True, "voluntary"),
        (3499, None, False, None, "voluntary"),
        (3500, 49, False, True, "voluntary"),
        (3500, 50, True, True, "publish"),
        (3500, None, None, True, "to_verify"),
        (None, 50, None, True, "to_verify"),
        (None, 49, False, None, "voluntary"),
        (None, None, None, None, "to_verify"),
    ],
)
def test_the_threshold_of_a_commune_asks_both_and_the_other_reading_is_known(
    inhabitants, agents, both, either, kind
):
    place = replace(CAHORS, population=inhabitants)
    found = threshold(place, agents)
    assert (found.both, found.either) == (both, either)
    assert kinds(place=place, agents=agents) == [kind]
    said = " ".join(words.threshold(found))
    assert "au moins 50 agents" in said and "OpenDataFrance" in said
    assert said.count("à vérifier") == [both, either].count(None)


@pytest.mark.parametrize(
    ("agents", "both", "kind"),
    [(49, False, "voluntary"), (50, True, "publish"), (None, None, "to_verify")],
)
def test_an_epci_follows_its_agents_alone(agents, both, kind):
    for inhabitants in (3499, None, 42_325):
        place = replace(EPCI, population=inhabitants)
        assert threshold(place, agents).both is threshold(place, agents).either is both
        assert kinds(place=place, agents=agents) == [kind]
    assert "à confirmer" in " ".join(words.threshold(threshold(EPCI, agents)))


@pytest.mark.parametrize(("inhabitants", "kind"), [(80_000, []), (80_001, ["publish"])])
def test_high_salaries_bind_above_eighty_thousand_inhabitants(inhabitants, kind):
    place = replace(CAHORS, population=inhabitants)
    assert kinds("top_salaries", place) == kind


def test_a_doubt_says_what_to_find_out():
    unknown = shown()[0]
    assert "Le nombre d'agents n'est pas connu." in words.sentences(unknown)
    nobody = shown(place=replace(CAHORS, population=None), agents=50)[0]
    assert "Le nombre d'habitants n'est pas connu." in words.sentences(nobody)
    limited = shown(evidence=known(status="other"), agents=50)[0]
    assert limited.kind == "to_verify"
    assert "Des droits de tiers peuvent s'y opposer." in words.sentences(limited)
    below = shown(agents=49)[0]
    assert "Le seuil n'est pas atteint." in words.sentences(below)


def test_the_number_of_agents_is_the_latest_that_was_declared(store):
    assert agents_of(store, CAHORS) is None
    keep(store, EDITOR, CAHORS.code, Profile(agents=49))
    keep(store, EDITOR, CAHORS.code, Profile(agents=350))
    assert agents_of(store, CAHORS) == 350
    assert agents_of(store, EPCI) is None


# --- whom, and until when ------------------------------------------------------------------------


def adoptions(place, day=DAY):
    return {made.what.split("(")[1][:-1]: made for made in shown("pcs_assets", place, day=day)
            if made.kind == "adopt"}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "pcs", "pics"),
    [(CAHORS, "here", "epci"), (EPCI, "communes", "here"), (CASTELVOIRE, "here", "epci")],
)
def test_the_pcs_binds_the_commune_and_the_pics_the_epci(place, pcs, pics):
    found = adoptions(place)
    assert {name: badge.bound for name, badge in found.items()} == {"PCS": pcs, "PICS": pics}


def test_who_is_bound_is_said_from_where_one_stands():
    assert words.bound(adoptions(CAHORS)["PICS"]).endswith("pas la commune.")
    assert words.bound(adoptions(CAHORS)["PCS"]) == "Lie la commune."
    assert words.bound(adoptions(EPCI)["PCS"]).startswith("Lie les communes membres")
    assert words.bound(shown("grants")[0]) == "Lie toute collectivité."
    assert "aménageur" in words.bound(shown("charging_stations")[0])
    assert words.bound(shown("first_names")[-1]) == ""


@pytest.mark.parametrize("place", [LOT, OCCITANIE])
def test_a_plan_of_communes_binds_neither_a_departement_nor_a_region(place):
    assert adoptions(place) == {}
    assert kinds("grants", place) == ["publish"]
    assert kinds("local_urban_plan", place) == []
    assert kinds("local_addresses", place, agents=50) == ["publish"]


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        (date(2026, 11, 25), False),
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), True),
        (date(2030, 1, 1), True),
    ],
)
def test_a_deadline_passes_the_day_after_and_nobody_is_said_to_be_late(day, passed):
    badge = adoptions(CAHORS, day)["PICS"]
    assert badge.passed is passed
    assert words.label(badge).startswith(
        "À adopter (EPCI)" + ("" if passed else " avant le 26\u00a0novembre\u00a02026")
    )
    late = (
        "Échéance du 26\u00a0novembre\u00a02026 passée\u00a0; situation non vérifiée par l'outil."
    )
    assert (late in words.sentences(badge)) is passed
    assert "avant le" not in words.label(badge) or not passed


def test_no_word_says_late_nor_unlawful_and_the_legal_notice_is_everywhere():
    for card, place, day in product(
        catalog().datasets.values(), (CAHORS, EPCI, CASTELVOIRE), (DAY, date(2027, 6, 1))
    ):
        said = words.html(shown(card.id, place, day=day), "light").lower()
        assert words.LEGAL.lower().replace("'", "&#x27;") in said
        for blame in ("retard", "manquement", "infraction", "illégal", "hors délai"):
            assert blame not in said


def test_a_fictional_place_shows_its_duties_as_an_example():
    found = shown("pcs_assets", CASTELVOIRE)
    assert found and all(badge.example for badge in found)
    assert "FICTIF" in words.html(found, "light")
    assert "Exemple" in words.marks(found, "light")
    real = shown("pcs_assets", CAHORS)
    assert "FICTIF" not in words.html(real, "light") and "Exemple" not in words.marks(real, "light")


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "place", "evidence", "code"),
    [
        ("grants", CAHORS, SILENT["supposée"], "unknown"),
        ("grants", CAHORS, SILENT["non produite"], "not_produced"),
        ("grants", CAHORS, SILENT["protégée"], "protected"),
        ("grants", CAHORS, SILENT["sans objet"], "not_concerned"),
        ("top_salaries", CAHORS, SILENT["supposée"], "below"),
        ("local_urban_plan", LOT, SILENT["supposée"], "other_level"),
        ("first_names", CAHORS, SILENT["supposée"], "no_text"),
    ],
)
def test_why_no_publication_is_asked_has_its_words(dataset, place, evidence, code):
    card = catalog().datasets[dataset]
    assert why_none(card, place, replace(evidence, dataset=dataset)) == code
    assert words.none(code, (), "light")


def test_a_text_of_a_card_is_escaped_where_it_is_drawn():
    hostile = Duty("publish", "<script>alert(1)</script>", ("commune",), "<b>rien</b>", what="<i>")
    card = replace(catalog().datasets[TREES], duties=(hostile,))
    found = badges(card, CAHORS, known(), DAY, None)
    for drawn in (words.html(found, "dark"), words.marks(found, "dark")):
        assert "<script" not in drawn and "<b>" not in drawn and "<i>" not in drawn
    assert "<script" not in words.none("unknown", [hostile.text], "light")


def test_thousands_stay_together_in_a_badge():
    assert "23\u00a0000" in words.marks(shown("grants"), "light")
