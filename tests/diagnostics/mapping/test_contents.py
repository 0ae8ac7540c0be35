"""What values say of a field."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest

from data.schemas import schema_of
from diagnostics.mapping.contents import fits, kinds, luhn, number, profile


def field(**described):
    return schema_of({"fields": [{"name": "champ", **described}]}, "essai").fields[0]


def fit(values, **described):
    return fits(profile(pa.chunked_array([pa.array(values, pa.string())])), field(**described))


ENUM = {"constraints": {"enum": ["Intérieur", "Extérieur"]}}
BOUNDS = {"type": "number", "constraints": {"minimum": 0, "maximum": 10}}


@pytest.mark.parametrize(
    ("values", "described"),
    [
        (["2024-01-02", "2024-02-03"], {"type": "date"}),
        (["1998", "2003"], {"type": "year"}),
        (["https://a.example/x"], {"format": "uri"}),
        (["contact@a.example"], {"format": "email"}),
        (["interieur", "EXTÉRIEUR"], ENUM),
        (["oui", "non"], {"type": "boolean"}),
        (["47.9,-1.6"], {"type": "geopoint"}),
        (["W353000123"], {"constraints": {"pattern": r"^W\d{9}$"}}),
    ],
)
def test_values_of_the_kind_speak_for_the_field(values, described):
    assert fit(values, **described) >= 0.5


@pytest.mark.parametrize(
    ("values", "described"),
    [
        (["bleu", "rouge"], {"type": "date"}),
        (["bleu", "rouge"], {"type": "number"}),
        (["12", "45"], {"type": "boolean"}),
        (["450", "900"], BOUNDS),
        (["12.5", "3.7"], {"type": "integer"}),
        (["https://a.example/x"], ENUM),
        (["bleu"], {"format": "email"}),
        (["a@b.fr"], {"type": "string"}),
    ],
)
def test_values_of_another_kind_speak_against_it(values, described):
    assert fit(values, **described) <= -0.3


@pytest.mark.parametrize("values", [[], [None, None], ["", "  "]])
def test_an_empty_column_says_nothing(values):
    assert fit(values, type="date") == 0


def test_a_pattern_that_backtracks_is_run_without_harm():
    started = time.process_time()
    fit(["a" * 300 + "!"], constraints={"pattern": "(a+)+$"})
    fit(["a" * 300], constraints={"pattern": "(?=a)a+"})  # unknown to the engine: says nothing
    fit(["a"], constraints={"pattern": "((("})
    assert time.process_time() - started < 1


def test_kinds_follow_the_checks_and_the_neighbours_of_a_field():
    made = schema_of(
        {
            "fields": [{"name": name, "type": kind} for name, kind in
                       (("x", "number"), ("lon", "number"), ("tiers", "string"))],
            "custom_checks": [{"name": "french-siret-value", "params": {"column": "tiers"}}],
        },
        "essai",
    )  # fmt: skip
    assert kinds(made) == ("metres", "longitude", "siret")


def test_numbers_are_read_as_french_files_write_them():
    assert number("1 234,5 €") == 1234.5
    assert number("12 rue") is None
    assert luhn("732829320") and not luhn("732829321")


@pytest.mark.screens
def test_a_column_of_a_million_rows_is_sampled():
    made = profile(pa.chunked_array([pa.array([str(one % 1000) for one in range(300_000)])]))
    assert made.rows == 20_000
    assert len(made.distinct) == 300
