"""A height written in metres goes to a field counted in centimetres as centimetres, or stays."""

from __future__ import annotations

import pyarrow as pa
import pytest

from data.standards import standard
from diagnostics.mapping.carry import carried
from diagnostics.mapping.choices import Choices, choices_of
from diagnostics.mapping.units import conversions, of_header, told

TREES = standard("arbre-0.3.1")


def heights(header: str, *values: str | None, **said: str) -> list[str | None]:
    choices = Choices(fields={header: "hauteur"}, units=said)
    return carried(pa.table({header: pa.array(values, pa.string())}), TREES, choices)[
        "hauteur"
    ].to_pylist()


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Hauteur (m)", "m"),
        ("Hauteur [en cm]", "cm"),
        ("haut_m", "m"),
        ("hauteur en m", "m"),
        ("Hauteur (mètres)", "m"),
        ("hauteur", None),
        ("Nom", None),
        ("Hauteur (approximative)", None),
        ("Surface (m²)", "m2"),
    ],
)
def test_a_header_says_its_unit(header, unit):
    assert of_header(header) == unit


def test_metres_become_centimetres_when_the_header_or_the_cells_say_so():
    assert heights("Hauteur (m)", "12.5", None, "0.1") == ["1250", None, "10"]
    assert heights("haut", "12.5", haut="m") == ["1250"]
    assert heights("haut_cm", "1250") == ["1250"]


def test_nothing_is_guessed_from_the_values():
    assert heights("hauteur", "12.5") == ["12.5"]
    assert heights("Hauteur (m)", "environ 12", "1e999999") == ["environ 12", "1e999999"]


def test_units_of_another_kind_are_left_alone():
    assert heights("hauteur_h", "2") == ["2"]


def test_what_was_converted_can_be_told_and_kept():
    fields = {"Hauteur (m)": "hauteur", "Genre": "genre"}
    made = conversions(TREES, fields, {})
    assert [(name, one.given, one.wanted) for name, one in made.items()] == [("hauteur", "m", "cm")]
    kept = Choices(fields=fields, units={"a": "m"})
    assert choices_of(fields, kept.transforms()) == kept


def test_the_unit_that_reading_took_away_is_known():
    assert told(["unit:hauteur: totale:m", "unit:x:barriques", "crs:EPSG:2154"]) == {
        "hauteur: totale": "m"
    }
