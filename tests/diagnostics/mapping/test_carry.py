"""Columns of a file in the form of a standard, and values in its closed lists."""

from __future__ import annotations

import pyarrow as pa
import pytest

from data.schemas import schema_of
from data.standards import standard
from diagnostics.mapping.carry import carried, formed
from diagnostics.mapping.choices import LATLON, Choices, Merge, Split
from diagnostics.mapping.points import latlon
from diagnostics.mapping.values import certain, nearest, value_proposals

SCHEMA = schema_of(
    {
        "fields": [
            {"name": "nom"},
            {"name": "adresse"},
            {"name": "lat", "type": "number"},
            {"name": "lon", "type": "number"},
            {"name": "acces", "constraints": {"enum": ["Intérieur", "Extérieur"]}},
            {"name": "source"},
        ]
    },
    "essai",
)
TABLE = pa.table(
    {
        "Point": ["47.91,-1.65", None, "inconnu"],
        "N°": ["3", "", None],
        "Voie": ["rue du Port", "rue X", None],
        "Où": ["ext", "Intérieur", "?"],
        "Libellé": ["A", "B", "C"],
        "Autre": ["a", "b", "c"],
    }
)


def form(values, **described):
    field = schema_of({"fields": [{"name": "champ", **described}]}, "essai").fields[0]
    return formed(pa.array(values, pa.string()), field).to_pylist()


def test_columns_come_in_the_order_of_the_standard():
    made = carried(
        TABLE,
        SCHEMA,
        Choices(
            fields={"Où": "acces", "Libellé": "nom", "Autre": None, "Absent": "adresse"},
            splits=(Split("Point", ("lon", "lat"), LATLON),),
            merges=(Merge(("N°", "Voie"), "adresse"),),
            constants={"source": "Redon", "nom": "jamais"},
            values={"acces": {"ext": "Extérieur"}},
        ),
    )
    assert made.to_pydict() == {
        "nom": ["A", "B", "C"],
        "adresse": ["3 rue du Port", "rue X", None],
        "lat": ["47.91", None, None],
        "lon": ["-1.65", None, None],
        "acces": ["Extérieur", "Intérieur", "?"],
        "source": ["Redon"] * 3,
    }
    assert {field.type for field in made.schema} == {pa.string()}


def test_nothing_chosen_gives_no_column():
    made = carried(TABLE, SCHEMA, Choices())
    assert made.num_columns == 0


def test_a_text_is_split_at_its_separator():
    table = pa.table({"Adresse": ["3; rue du Port; bis", "sans", None]})
    choices = Choices(splits=(Split("Adresse", ("nom", "adresse"), separator=";"),))
    assert carried(table, SCHEMA, choices).to_pydict() == {
        "nom": ["3", "sans", None],
        "adresse": ["rue du Port; bis", None, None],
    }


def test_chunks_and_no_rows_are_carried():
    chunked = pa.table({"a": pa.chunked_array([["x"], ["y", None]])})
    made = carried(chunked, SCHEMA, Choices(fields={"a": "nom"}))
    assert made["nom"].to_pylist() == ["x", "y", None]
    empty = pa.table({"a": pa.chunked_array([], pa.string())})
    choices = Choices(fields={"a": "nom"}, splits=(Split("a", ("lat", "lon"), LATLON),))
    assert carried(empty, SCHEMA, choices).num_rows == 0


@pytest.mark.parametrize(
    ("described", "given", "expected"),
    [
        ({"type": "boolean"}, ["oui", "FAUX", "1", "?"], ["true", "false", "true", "?"]),
        ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, ["true", "0"],
         ["oui", "non"]),
        ({"constraints": {"enum": ["oui", "non", "inconnu"]}}, ["true", "false", "inconnu"],
         ["oui", "non", "inconnu"]),
        ({"constraints": {"enum": ["A", "B"]}}, ["true"], ["true"]),
        ({"type": "date"}, ["2024-01-05", "2024-01-05T00:00:00", "2024"],
         ["2024-01-05", "2024-01-05", "2024"]),
        ({"type": "date", "format": "%d/%m/%Y"}, ["2024-01-05", "x"], ["05/01/2024", "x"]),
        ({"type": "date", "format": "%Y"}, ["2024-01-05", "1998"], ["2024", "1998"]),
        ({"type": "year"}, ["2024-01-05", "1998"], ["2024", "1998"]),
        ({"type": "number"}, ["1,5", "2.50", "abc"], ["1.5", "2.50", "abc"]),
        ({"type": "number", "decimalChar": ","}, ["1.5"], ["1,5"]),
        ({"type": "integer"}, ["12.0", "12.5", "7"], ["12", "12.5", "7"]),
        ({"type": "geopoint"}, ["47.9,-1.65", "?"], ["-1.65, 47.9", "?"]),
        ({"type": "geopoint", "format": "array"}, ["47.9,-1.65"], ["[-1.65, 47.9]"]),
        ({"type": "geopoint", "format": "object"}, ["47.9,-1.65"], ['{"lon": -1.65, "lat": 47.9}']),
        ({"type": "array"}, ["lait, œuf", '["a"]'], ['["lait", "œuf"]', '["a"]']),
        ({"type": "string"}, ["true", " x "], ["true", " x "]),
    ],
)  # fmt: skip
def test_values_take_the_form_of_the_field(described, given, expected):
    assert form(given, **described) == expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("47.91,-1.65", ("47.91", "-1.65")),
        ("-1.65, 47.91", ("47.91", "-1.65")),  # cannot be read otherwise in mainland France
        ("[-1.65, 47.91]", ("47.91", "-1.65")),
        ("(47.91 ; -1.65)", ("47.91", "-1.65")),
        ("-21.1,55.5", ("-21.1", "55.5")),  # la Réunion: the normal form is trusted
        ("[55.5, -21.1]", ("-21.1", "55.5")),
        ("47.91", (None, None)),
        ("47,91,-1,65", (None, None)),
    ],
)
def test_a_point_gives_its_latitude_and_longitude(point, expected):
    latitude, longitude = latlon(pa.array([point, None]))
    assert (latitude[0].as_py(), longitude[0].as_py()) == expected
    assert latitude[1].as_py() is None


@pytest.mark.parametrize(
    ("given", "allowed", "expected"),
    [
        ("INTERIEUR", ("Intérieur", "Extérieur"), ("Intérieur", 1.0)),
        ("BP", ("budget primitif", "compte administratif"), ("budget primitif", 0.95)),
        ("Garçon", ("M", "F", "I"), ("M", 0.95)),
        ("true", ("oui", "non"), ("oui", 0.95)),
        ("violet", ("Intérieur", "Extérieur"), (None, 0.0)),
        ("", ("A", "B"), (None, 0.0)),
        ("x", (), (None, 0.0)),
    ],
)
def test_the_nearest_allowed_value(given, allowed, expected):
    kept, confidence = nearest(given, allowed)
    assert kept == expected[0]
    assert confidence == pytest.approx(expected[1], abs=0.02)


def test_a_slip_is_proposed_but_never_certain():
    kept, confidence = nearest("fontionnement", ("fonctionnement", "investissement"))
    assert kept == "fonctionnement" and 0.6 < confidence < 0.99


def test_foreign_values_are_proposed_and_only_writing_is_certain():
    table = pa.table({"Sens": ["D", "DÉPENSE", "recette", "D", None]})
    made = value_proposals(table, standard("scdl-budget"), Choices(fields={"Sens": "BGT_CODRD"}))
    assert [(one.given, one.count, one.kept) for one in made["BGT_CODRD"]] == [
        ("D", 2, "dépense"),
        ("DÉPENSE", 1, "dépense"),
    ]
    assert certain(made) == {"BGT_CODRD": {"DÉPENSE": "dépense"}}


@pytest.mark.deep
def test_a_million_rows_are_carried():
    rows = 1_000_000
    table = pa.table({"P": [f"47.{one:06d},-1.65" for one in range(rows)], "B": ["oui"] * rows})
    choices = Choices(fields={"B": "nom"}, splits=(Split("P", ("lat", "lon"), LATLON),))
    assert carried(table, SCHEMA, choices).num_rows == rows


@pytest.mark.parametrize(
    ("pattern", "given", "expected"),
    [
        (r"^\+(33|590)\d{6,9}$", "0565208700", "+33565208700"),
        (r"^\+(33|590)\d{6,9}$", "0690123456", "0690123456"),  # Guadeloupe has its own
        (r"^\+(33|590)\d{6,9}$", "3620", "3620"),
        (r"^(lundi|mardi)(\|(lundi|mardi))*$", "Lundi|MARDI", "lundi|mardi"),
        (r"^(2[AB]|\d{2})\d{3}$", "2a004", "2A004"),
        (r"^[a-z]+$", "a b", "a b"),
        (r"^(?=a).*$", "Ab", "Ab"),
    ],
)
def test_what_a_pattern_refuses_is_rewritten_only_when_certain(pattern, given, expected):
    assert form([given, None], type="string", constraints={"pattern": pattern}) == [expected, None]


def test_items_of_a_list_take_the_words_of_the_standard():
    item = {"type": "string", "enum": ["bim", "lsf", "avec_équipement"]}
    given = ["BIM, LSF", "Avec équipement;autre", '["lsf"]']
    assert form(given, type="array", arrayItem=item) == [
        '["bim", "lsf"]',
        '["avec_équipement", "autre"]',
        '["lsf"]',
    ]


def test_a_year_written_as_a_decimal_is_a_year():
    assert form(["2024.0", "2024-05-06", "24"], type="year") == ["2024", "2024", "24"]
