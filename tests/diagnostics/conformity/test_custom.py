"""The custom checks one by one: good, bad, missing, absent column, cell that fails its type."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.conformity import identifiers, nomenclature
from diagnostics.conformity.cells import Issue
from diagnostics.conformity.custom import COMPILED, checks
from diagnostics.conformity.custom_tests import _is_number, _is_plain, is_hours, is_period, is_phone
from tests.diagnostics.conformity.small_cells import cells, failing, pairs, workspace

TOWN = "21460042100017"


def found(fields, columns, *asked):
    made = cells(workspace(), fields, columns, *asked)
    return pairs(made, list(checks(made)))


def check(name, **params):
    return {"name": name, "params": params}


@pytest.mark.parametrize(
    ("name", "kind", "values", "code", "lines"),
    [
        ("french-siret-value", "string", [TOWN, "1" * 14, None], "custom-check-error", {2}),
        ("siren", "string", ["214600421", "214600422", None], "custom-check-error", {2}),
        ("phone-number-value", "string", ["0565208740", "05", None], "phone-number-value", {2}),
        ("opening-hours-value", "string", ["24/7", "lundi", None], "opening-hours-value", {2}),
        ("year-interval-value", "string", ["2020/2021", "2020", None], "year-interval-value", {2}),
        (
            "nomenclature-actes-value",
            "string",
            ["Urbanisme/PLU", "PLU", None],
            "custom-check-error",
            {2},
        ),
        ("code-postal", "string", ["46000", "46042", None], "custom-check-error", {2}),
    ],
)
def test_one_value(name, kind, values, code, lines):
    assert found({"a": kind}, {"a": values}, check(name, column="a")) == {(n, code) for n in lines}
    assert found({"a": kind}, {"b": values}, check(name, column="a")) == set(), "colonne absente"
    assert found({"a": kind}, {"a": []}, check(name, column="a")) == set()


@pytest.mark.parametrize("name", ["french-gps-coordinates", "french_gps_coordinates"])
def test_points_of_france_are_told_from_exchanged_and_foreign_ones(name):
    values = ["1.44,44.44", "44.44,1.44", "100,10", None, "texte", "55.5,-21.1"]
    kept = found({"a": "geopoint"}, {"a": values}, check(name, column="a"))
    assert kept == {(2, "reversed-french-gps-coordinates"), (3, "french-gps-coordinates")}
    arrays = ["[1.44, 44.44]", "[44.44, 1.44]"]
    field = [{"name": "a", "type": "geopoint", "format": "array"}]
    kept = found(field, {"a": arrays}, check(name, column="a"))
    assert kept == {(2, "reversed-french-gps-coordinates")}


def test_a_check_borne_by_its_field_is_run():
    fields = [{"name": "a", "type": "string", "customCheck": "siret"}]
    assert found(fields, {"a": [TOWN, "x"]}) == {(2, "custom-check-error")}


@pytest.mark.parametrize(
    "asked",
    [
        check("inconnu", column="a"),
        check("compare-columns-value", column="a", column2="b", op="!="),
        check("compare-columns-value", column="a", op=">"),
        check("cohesive-columns-value", column="a", othercolumns="b"),
        check("sum-columns-value", column="a"),
        check("sum-columns-value", column="t", columns=["a"]),
        check("phone-number-value", column="n"),
        check("french-gps-coordinates", column="a"),
        check("commune", column="a"),
        check("siret"),
        {"name": "siret"},
        {"params": {}},
    ],
)
def test_a_check_that_is_unknown_or_badly_described_is_said(asked):
    made = cells(workspace(), {"a": "string", "n": "integer", "t": "string"}, {
        "a": ["x"], "n": ["1"], "t": ["y"],
    }, asked)  # fmt: skip
    (issue,) = checks(made)
    assert isinstance(issue, Issue) and issue.code == "check-error"
    assert "C'est le schéma qui est à corriger" in issue.message


def test_a_list_that_is_not_kept_here_is_a_warning():
    asked = check("code-fantoir", column="a", cog="2024")
    (issue,) = checks(cells(workspace(), {"a": "string"}, {"a": ["x"]}, asked))
    assert issue.code == "check-skipped"


def test_a_cell_that_fails_its_type_counts_as_empty():
    columns = {"a": ["40,0", "40", None], "b": ["1", "1", None]}
    fields = {"a": "integer", "b": "integer"}
    together = check("cohesive-columns-value", column="a", othercolumns=["b"])
    assert found(fields, columns, together) == {(1, "cohesive-columns-value")}
    more = check("compare-columns-value", column="a", column2="b", op="<")
    assert found(fields, columns, more) == {(2, "compare-columns-value")}


def test_one_of_required_sees_zero_and_false_as_nothing():
    fields = {"a": "integer", "b": "boolean"}
    columns = {"a": ["0", "1", None], "b": ["false", "false", "true"]}
    asked = check("one-of-required", column1="a", column2="b")
    assert found(fields, columns, asked) == {(1, "one-of-required")}
    assert found(fields, {"c": ["1"]}, asked) == {(None, "one-of-required")}


def test_columns_that_go_together_are_all_there_or_none():
    asked = check("cohesive-columns-value", column="a", othercolumns=["b"])
    fields = {"a": "string", "b": "string"}
    assert found(fields, {"a": ["x", None]}, asked) == {(None, "cohesive-columns-value")}
    assert found(fields, {"c": ["x"]}, asked) == set()


def test_sums_of_decimals_are_exact():
    columns = {"t": ["0.3", "0.4"], "a": ["0.1", "0.1"], "b": ["0.2", "0.2"]}
    asked = check("sum-columns-value", column="t", columns=["a", "b"])
    kept = found(dict.fromkeys("tab", "number"), columns, asked)
    assert kept == {(2, "sum-columns-value")}


def test_numbers_in_text_are_compared_as_numbers():
    columns = {"a": ["10", "abc", "é"], "b": ["9", "abd", "z"]}
    asked = check("compare-columns-value", column="a", column2="b", op=">")
    kept = found({"a": "string", "b": "string"}, columns, asked)
    assert kept == {(2, "compare-columns-value")}


def test_names_with_quotes_and_brackets_are_names_only():
    name = 'a"; drop table given; --{0}'
    asked = check("siret", column=name)
    assert found({name: "string"}, {name: [TOWN, "x' or 1=1 --"]}, asked) == {
        (2, "custom-check-error")
    }


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_a_test_of_one_value(text):
    for test in (identifiers.siret, identifiers.siren, is_phone, is_hours, nomenclature.known):
        assert test(text) in (True, False)
    assert is_period(text, alone=True) in (True, False)


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"\A[0-9]{13}\Z"))
def test_one_last_digit_in_ten_at_most_makes_a_siret(digits):
    right = [last for last in "0123456789" if identifiers.luhn(digits + last)]
    assert len(right) == 1


def test_la_poste_follows_its_own_rule():
    assert identifiers.siret("35600000049837") and not identifiers.luhn("35600000049837")
    assert identifiers.siret("35600000000048"), "le siège suit la clé ordinaire"
    assert not identifiers.siret("35600000049838")


def test_sql_and_python_agree_on_numbers():
    values = [f"{n:014d}" for n in range(0, 3_000, 7)] + [TOWN, "35600000049837", "x", TOWN + " "]
    made = cells(workspace(), {"a": "string"}, {"a": values}, check("siret", column="a"))
    (one,) = checks(made)
    wrong = failing(made, one)
    assert wrong == [n for n, text in enumerate(values, 1) if not identifiers.siret(text)]


def test_every_check_of_validata_is_here():
    assert {"siret", "siren", "nomenclature-acte", "commune", "canton", "pays"} <= set(COMPILED)


def test_ten_digits_are_judged_at_once_as_the_parser_would():
    rng = random.Random(5)
    drawn = [f"0{rng.randrange(10**9):09d}" for _ in range(150)] + ["05 65 20 87 40", "0800123456"]
    for text in drawn:
        assert _is_plain(text) == _is_number(text, "FR"), text
