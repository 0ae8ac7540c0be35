"""Fields of records become columns: units, words, dates, thresholds, and what is none of them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.fetching import FetchError
from connectors.reading.json_columns import day, table, value_at
from data.catalog import Column, Dataset

URL = "https://exemple.invalid/x"
COLUMNS = (
    Column("nom", "VARCHAR", "Nom"),
    Column("annee", "INTEGER", "Année", "année"),
    Column("valeur", "DOUBLE", "Valeur", "m³"),
    Column("seuil", "DOUBLE", "Seuil", "m³"),
    Column("etat", "VARCHAR", "État"),
    Column("jour", "DATE", "Jour"),
    Column("conforme", "BOOLEAN", "Conforme"),
    Column("longitude", "DOUBLE", "Longitude", "degrés"),
    Column("latitude", "DOUBLE", "Latitude", "degrés"),
)
RULES = {
    "nom": "a.*.nom",
    "annee": "annee",
    "valeur": {"field": "valeur", "factor": 1000, "below": "seuil", "state": "etat"},
    "jour": "jour",
    "conforme": {"field": "mot", "words": {"C": True, "N": False, "S": None}},
    "longitude": "geom.coordinates.0",
    "latitude": "geom.coordinates.1",
}


def card() -> Dataset:
    return Dataset("essai", "context", "Essai", "national_public", "X", "open", None, "point",
                   "jour", None, ("eau",), columns=COLUMNS)  # fmt: skip


def record(**more) -> dict:
    made = {
        "code": "46042",
        "a": [{"nom": "un"}, {"nom": "deux"}, {"nom": "un"}],
        "annee": 2024,
        "valeur": "1,5",
        "jour": "04/02/1998",
        "mot": "C",
        "geom": {"type": "Point", "coordinates": [1.44, 44.45]},
    }
    return {**made, **more}


def read(*records: object) -> tuple[pd.DataFrame, list[str]]:
    return table(card(), list(records), "code", RULES, URL)


def one(**more) -> dict:
    """The row of one odd record among ten plain ones."""
    rows, _ = read(record(**more), *[record()] * 10)
    return rows.astype(object).where(rows.notna(), None).iloc[0].to_dict()


def test_a_record_becomes_a_row_in_the_units_of_the_card():
    row = one()
    assert row == {
        "territory": "46042",
        "nom": "un ; deux",
        "annee": 2024,
        "valeur": 1500.0,
        "seuil": None,
        "etat": "mesuré",
        "jour": date(1998, 2, 4),
        "conforme": True,
        "longitude": 1.44,
        "latitude": 44.45,
    }


@pytest.mark.parametrize(
    ("given", "value", "seuil", "etat"),
    [
        ("<0,029", None, 29.0, "sous le seuil"),
        ("<SEUIL", None, None, "sous le seuil"),
        ("s", None, None, "secret"),
        ("", None, None, "non renseigné"),
        (None, None, None, "non renseigné"),
        ("0", 0.0, None, "mesuré"),
        (0, 0.0, None, "mesuré"),
        ("traces", None, None, "non chiffré"),
        (float("nan"), None, None, "non renseigné"),
        (float("inf"), None, None, "non chiffré"),
        (True, None, None, "non chiffré"),
        ([1], None, None, "non chiffré"),
        (10**400, None, None, "non chiffré"),
        ("9" * 100_000, 9999999999999999999999999999999999999999e3, None, "mesuré"),
    ],
)
def test_below_secret_blank_zero_and_unreadable_are_five_things(given, value, seuil, etat):
    row = one(valeur=given)
    assert row["etat"] == etat
    assert row["valeur"] == (pytest.approx(value) if value is not None else None)
    assert row["seuil"] == (pytest.approx(seuil) if seuil is not None else None)


def test_what_was_left_empty_is_said():
    _, notes = read(record(valeur="<2"), record(valeur="s"), *[record()] * 8, record(mot="?"))
    assert any(
        "« Valeur », valeurs sous le seuil de mesure (ce n'est pas zéro) : 1" in note
        for note in notes
    )
    assert any("secrètes, laissées vides : 1" in note for note in notes)
    assert any("« Conforme », valeurs illisibles, laissées vides : 1" in note for note in notes)


def test_too_many_unreadable_values_are_another_format():
    with pytest.raises(FetchError, match="« Valeur » illisible sur 2 lignes de 4"):
        read(record(valeur="abc"), record(valeur="def"), record(), record())


@pytest.mark.parametrize("mot", ["S", "", None])
def test_a_word_without_a_value_and_no_word_stay_empty(mot):
    assert one(mot=mot)["conforme"] is None


def test_no_is_not_nothing():
    assert one(mot="N")["conforme"] is False


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2021-06-01", date(2021, 6, 1)),
        ("2021-06-01T12:00:00Z", date(2021, 6, 1)),
        ("01/06/2021", date(2021, 6, 1)),
        ("13/13/2021", None),
        ("31/02/2021", None),
        ("2021", None),
        ("0000-00-00", None),
        ("06/2021", None),
    ],
)
def test_days_in_both_orders(text, made):
    assert day(text) == made


def test_a_year_with_a_fraction_or_out_of_reach_is_not_a_year():
    assert one(annee=2024.5)["annee"] is None
    assert one(annee=10**12)["annee"] is None
    assert one(annee="2024")["annee"] == 2024


@pytest.mark.parametrize("gone", ["annee", "valeur", "jour", "mot", "geom", "a", "code"])
def test_a_field_that_is_nowhere_is_a_change_of_the_source(gone):
    records = [{k: v for k, v in record().items() if k != gone} for _ in range(3)]
    with pytest.raises(FetchError, match=f"champ « {gone} » absent"):
        read(*records)


@pytest.mark.parametrize("odd", [None, 1, "x", []])
def test_records_that_are_no_objects_are_refused(odd):
    with pytest.raises(FetchError, match="illisibles"):
        read(record(), odd)


def test_no_record_is_no_row_with_the_columns_all_the_same():
    rows, notes = read()
    assert rows.empty and list(rows.columns)[0] == "territory" and notes == []


def test_axes_exchanged_are_refused():
    swapped = {"type": "Point", "coordinates": [44.45, 1.44]}
    with pytest.raises(FetchError, match="axes inversés"):
        read(*[record(geom=swapped)] * 3)


def test_metres_are_not_degrees():
    with pytest.raises(FetchError, match="hors du territoire"):
        read(*[record(geom={"coordinates": [572_000.0, 6_374_000.0]})] * 3)


def test_one_point_far_away_is_left_empty_and_said():
    rows, notes = read(record(geom={"coordinates": [0.0, 0.0]}), *[record()] * 9)
    assert rows["longitude"].isna().sum() == 1 and len(rows) == 10
    assert any("hors du territoire" in note for note in notes)


def test_an_overseas_town_has_its_own_box():
    here = record(code="97411", geom={"coordinates": [55.45, -20.88]})
    rows, _ = read(here)
    assert rows["longitude"].iloc[0] == 55.45
    with pytest.raises(FetchError):
        read(record(code="97411"))


def test_a_site_without_a_point_stays():
    assert one(geom=None)["longitude"] is None
    assert one(geom={"coordinates": []})["latitude"] is None


def test_texts_are_plain_short_and_without_control_characters():
    row = one(a=[{"nom": "<script>\x00\x1b[31m\ud800" + "x" * 10_000}])
    assert len(row["nom"]) <= 500 and row["nom"].startswith("<script>")
    row["nom"].encode("utf-8")
    assert all(letter.isprintable() for letter in row["nom"])


def test_a_code_without_its_zero_and_unknown_ones():
    rows, _ = read(record(code=1004))
    assert list(rows["territory"]) == ["01004"]
    with pytest.raises(FetchError, match="sans commune connue"):
        read(record(code="99999"), record())
    kept, notes = read(record(code="99999"), *[record()] * 9)
    assert len(kept) == 9 and any("commune inconnue" in note for note in notes)


def test_a_code_of_the_fictional_town_is_never_taken():
    with pytest.raises(FetchError):
        read(record(code="00001"))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


ODD = st.fixed_dictionaries(dict.fromkeys(("valeur", "jour", "mot", "annee", "geom", "a"), ANY))


@given(odd=ODD)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_whatever_comes_is_read_or_refused_in_words(odd):
    check_any(odd)


@pytest.mark.deep
@given(odd=ODD)
@settings(max_examples=500, deadline=None)
def test_whatever_comes_is_read_or_refused_in_words_at_length(odd):
    check_any(odd)


def check_any(odd: dict) -> None:
    odd = record(**odd)
    try:
        rows, _ = read(odd, *[record()] * 10)
    except FetchError:
        return
    assert set(rows["territory"]) == {"46042"}
    assert rows["conforme"].map(lambda made: made in (True, False, None)).all()


def test_places_in_a_record():
    deep = {"a": {"b": [{"c": 1}, {"c": 2}]}}
    assert value_at(deep, "a.b.1.c") == 2 and value_at(deep, "a.b.*.c") == [1, 2]
    assert value_at(deep, "a.b.9.c") is None and value_at(deep, "x.y") is None
    assert value_at(deep, "a.*.c") == []
