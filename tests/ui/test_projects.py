"""Disponibilité: counts that agree with each other, the élu's sentences, contributions, filters."""

from __future__ import annotations

import re
from datetime import date

import pytest

from data.catalog import catalog
from data.territories import territory
from diagnostics.availability import assess
from drawing import projects, signs
from tests.ui.conftest import words
from ui import matrix

DAY = date(2026, 11, 21)
CODES = ("46042", "00001", "97611", "200023737")


def plain(body: str) -> str:
    """What is read of a block of HTML."""
    spaced = re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " ").replace("&#x27;", "'")
    return re.sub(r" +", " ", spaced)


def blocks_of(test) -> list[str]:
    return [made.proto.body for made in test.get("html")]


@pytest.mark.parametrize("code", CODES)
def test_the_crosstab_sums_to_the_status_bar(embedded_store, code):
    made = assess(embedded_store, territory(code), DAY)
    counted = matrix.crosstab(made)
    assert list(counted) == [family["code"] for family in catalog().producers]
    sums = {status: sum(len(row[status]) for row in counted.values()) for status in signs.STATUSES}
    assert sums == made.counts
    listed = [need.dataset for row in counted.values() for needs in row.values() for need in needs]
    assert len(listed) == len(set(listed)) == sum(made.counts.values())


def test_the_screen_shows_the_sums_of_the_crosstab(screen, embedded_store):
    made = assess(embedded_store, territory("00001"), DAY)
    test = screen("disponibilite", embedded_store, territoire="00001")
    body = next(body for body in blocks_of(test) if "par producteur et par statut" in body)
    total = plain("<" + body.rpartition('role="row"')[2])
    found = [int(number) for number in re.findall(r"(?<!dont )\b\d+\b", total)]
    shown = [count for code in signs.STATUSES if (count := made.counts[code])]
    assert found == [*shown, sum(made.counts.values())]


@pytest.mark.parametrize("code", CODES)
def test_what_is_not_evaluated_is_split_in_words(screen, embedded_store, code):
    made = assess(embedded_store, territory(code), DAY)
    needs, _ = matrix.distinct(made)
    supposed = sum(projects.is_supposed_open(need) for need in needs)
    unknown = made.counts["not_evaluated"]
    said = plain("\n".join(blocks_of(screen("disponibilite", embedded_store, territoire=code))))
    assert f"Sur {unknown} données non évaluées, {supposed} sont supposées ouvertes" in said
    assert f"{unknown - supposed} sont à demander à qui les détient." in said


def test_the_status_bar_comes_first_and_one_sentence_a_project(screen, embedded_store):
    made = assess(embedded_store, territory("46042"), DAY)
    test = screen("disponibilite", embedded_store, territoire="46042")
    assert [header.value for header in test.header][:3] == [
        "Projets",
        "Qui apporte quoi",
        "Toutes les données demandées",
    ]
    said = plain("\n".join(blocks_of(test)))
    for one in made.experiments:
        assert projects.sentence(one, made).replace("\u00a0", " ") in said


def test_points_stay_in_the_line_of_the_project_lead(screen, embedded_store):
    for body in blocks_of(screen("disponibilite", embedded_store, territoire="00001")):
        outside = re.sub(r"<details.*?</details>", "", body, flags=re.DOTALL)
        assert "sur 100" not in plain(outside)
    assert "sur 100" in words(screen("disponibilite", embedded_store, territoire="00001"))


def test_a_town_links_to_its_epci_whose_figures_stand_apart(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="46042")
    links = [made.proto for made in test.get("page_link")]
    (link,) = [one for one in links if "CA du Grand Cahors" in one.label]
    assert "territoire=200023737" in link.query_string
    said = plain("\n".join(blocks_of(test)))
    epci = assess(embedded_store, territory("200023737"), DAY)
    count = epci.counts["open"]
    apart = "pour tout son territoire et toutes origines confondues"
    assert f"{apart} : {count} donnée ouverte établie sur 94." in said


def test_where_nothing_is_established_nobody_is_said_to_bring_nothing(screen, empty_store):
    test = screen("disponibilite", empty_store, territoire="46042")
    said = words(test).replace("\u00a0", " ")
    assert "Aucune donnée n'est encore établie comme ouverte : on ne peut pas encore dire" in said
    assert "rien n'y est encore établi" in plain(said)
    assert not re.search(r"\b0 (?:donnée|établie|supposée)", plain(said))


def test_a_project_alone_leaves_out_what_speaks_of_all(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="00001", experience="tree_heritage")
    assert [header.value for header in test.header] == ["Projets"]
    said = plain("\n".join(blocks_of(test)))
    assert "Il manque une donnée preuve à confirmer" in said
    assert "il manque l'inventaire des arbres" in said
    assert "À confirmer : preuve légère" in said


def test_a_reduced_form_is_explained(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="00001", experience="flood_pcs")
    said = plain("\n".join(blocks_of(test)))
    assert "on peut déjà calculer : habitants en zone inondable" in said
    assert "Ce qui attendrait : ancienneté du PCS." in said


def test_suppositions_to_confirm_are_links_to_their_data(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="46042", experience="wildfire_edge")
    body = next(body for body in blocks_of(test) if "un clic ou un appel chacun" in body)
    for dataset in ("forest_mask", "buildings", "brush_clearing_zones"):
        assert f"jeu={dataset}" in body
    assert "version réduite si ces suppositions sont justes" in body


def test_the_list_is_grouped_by_family(screen, embedded_store):
    test = screen("disponibilite", embedded_store, territoire="46042")
    test.multiselect[0].set_value(["company", "parapublic"]).run()
    assert not test.exception
    table = next(body for body in reversed(blocks_of(test)) if "Données demandées" in body)
    families = re.findall(r"Entreprise|Acteur parapublic", plain(table))
    assert families == sorted(families)  # « Acteur parapublic », then « Entreprise »
    assert len(families) == 10
