"""French as people read it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing import french


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (25036, 0, "25\u202f036"),
        (12.5, 1, "12,5"),
        (12.0, 1, "12"),
        (-3.25, 1, "\u22123,2"),
        (-0.01, 1, "0,0"),
        (1234567.8, 1, "1\u202f234\u202f567,8"),
        (0, 0, "0"),
    ],
)
def test_a_number_has_thin_thousands_and_a_comma(value, decimals, text):
    assert french.number(value, decimals) == text


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_can_be_read_back(value):
    text = french.number(value).replace("\u202f", "").replace("\u2212", "-")
    assert int(text) == value


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Cahors", "de Cahors", "à Cahors"),
        ("Avignon", "d'Avignon", "à Avignon"),
        ("Épinal", "d'Épinal", "à Épinal"),
        ("Le Havre", "du Havre", "au Havre"),
        ("Les Abymes", "des Abymes", "aux Abymes"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("Hyères", "d'Hyères", "à Hyères"),
        ("Haguenau", "de Haguenau", "à Haguenau"),
        ("Yvetot", "d'Yvetot", "à Yvetot"),
        ("Yutz", "de Yutz", "à Yutz"),
    ],
)
def test_a_town_contracts_and_elides(name, of, at):
    assert french.of(name) == of
    assert french.at(name) == at


@pytest.mark.parametrize(
    ("name", "of", "inside"),
    [
        ("Lot", "du Lot", "dans le Lot"),
        ("Ain", "de l'Ain", "dans l'Ain"),
        ("Yonne", "de l'Yonne", "dans l'Yonne"),
        ("Hérault", "de l'Hérault", "dans l'Hérault"),
        ("Haute-Loire", "de la Haute-Loire", "dans la Haute-Loire"),
        ("Côte-d'Or", "de la Côte-d'Or", "dans la Côte-d'Or"),
        ("Landes", "des Landes", "dans les Landes"),
        ("Paris", "de Paris", "à Paris"),
        ("La Réunion", "de La Réunion", "à La Réunion"),
        ("la Vaurelle", "de la Vaurelle", "dans la Vaurelle"),
    ],
)
def test_a_departement_takes_its_article(name, of, inside):
    assert french.of_place(name, "departement") == of
    assert french.inside(name, "departement") == inside


def test_an_agglomeration_is_feminine():
    assert french.inside("CA du Grand Cahors", "epci") == "dans la CA du Grand Cahors"
    assert french.of_place("CA du Grand Cahors", "epci") == "de la CA du Grand Cahors"
    assert french.inside("Dijon Métropole", "epci") == "à Dijon Métropole"


def test_zero_and_one_are_singular():
    assert [french.plural(n, "projet") for n in (0, 1, 2)] == [
        "0\u00a0projet",
        "1\u00a0projet",
        "2\u00a0projets",
    ]


def test_dates_are_written_out():
    assert french.day(date(2026, 11, 21)) == "21\u00a0novembre\u00a02026"
    assert french.day(date(2026, 5, 1)) == "1er\u00a0mai\u00a02026"
    assert french.readable_day("2023-06-20") == "20\u00a0juin\u00a02023"
    assert french.readable_day("2026-09") == "septembre\u00a02026"
    assert french.readable_day("2026-13") == "2026-13"
    assert french.readable_day("2020-2024") == "2020-2024"
    assert french.readable_day("v411 du 09/09/2026") == "v411 du 09/09/2026"


def test_units_agree_and_are_said_in_full():
    assert french.unit_for(1, "jours/an") == "jour/an"
    assert french.spoken_unit(9, "jours/an") == "jours par an"
    assert french.spoken_unit(9, "€/m²") == "€/m²"
    assert french.unit_for(1, "arrêtés") == "arrêté"


def test_a_list_ends_with_et():
    assert french.listed([]) == ""
    assert french.listed(["a"]) == "a"
    assert french.listed(["a", "b", "c"]) == "a, b et c"


def test_an_acronym_keeps_its_capitals():
    assert french.lower_first("Inventaire des arbres") == "inventaire des arbres"
    assert french.lower_first("DPE du parc") == "DPE du parc"


def test_signs_never_stand_alone_at_the_start_of_a_line():
    assert french.typeset("« Espaces » : oui ; non ?") == (
        "«\u00a0Espaces\u00a0»\u00a0: oui\u00a0; non\u00a0?"
    )
    assert french.typeset("à 8:30, http://x") == "à 8:30, http://x"
