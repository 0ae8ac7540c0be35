"""Headers cut into words, and words told alike."""

from __future__ import annotations

import pytest

from data.field_words import field_words
from data.standards import folders, standard
from diagnostics.mapping.names import alike, plain, tokens


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("codePostal", ("code", "postal")),
        ("dateConvention", ("date", "convention")),
        ("nbplaces", ("nb", "place")),
        ("N° délib.", ("numero", "delib")),
        ("Circonférence (cm)", ("circonference",)),
        ("MONTANT_EUR", ("montant",)),
        ("Mise à jour", ("mise_a_jour",)),
        ("CHAdeMO", ("chademo",)),
        ("Posées le", ("pose",)),
        ("tel1", ("tel", "1")),
        ("date de la délibération", ("date", "deliberation")),
        ("🌳", ()),
        ("", ()),
        ("   ", ()),
    ],
)
def test_a_header_is_cut_into_its_words(header, expected):
    assert tokens(header) == expected


@pytest.mark.parametrize(
    ("left", "right", "least"),
    [
        ("tilleul", "tilleul", 1.0),
        ("qte", "nombre", 0.9),
        ("circonf", "circonference", 0.9),
        ("plante", "plantation", 0.8),
        ("beneficaire", "beneficiaire", 0.8),
        ("constr", "construction", 0.7),
        ("cstr", "construction", 0.6),
    ],
)
def test_words_are_told_alike(left, right, least):
    assert alike([left], [right])[0, 0] >= least


@pytest.mark.parametrize(
    ("left", "right"), [("latitude", "longitude"), ("pour", "contre"), ("1", "12"), ("x", "yacht")]
)
def test_other_words_are_not(left, right):
    assert alike([left], [right])[0, 0] < 0.6


def test_plain_text_keeps_letters_and_figures_only():
    assert plain("  Œuvre d’Étrennes, n°12 ! ") == "oeuvre d etrennes n 12"


def test_a_hostile_header_costs_nothing():
    assert len(tokens("é" * 1_000_000)) <= 1
    assert tokens("a_" * 500_000)


def test_the_lexicon_names_only_fields_of_its_standards():
    fields = field_words().fields
    assert set(fields) == set(folders())
    for folder, words in fields.items():
        assert set(words) <= set(standard(folder).names), folder
