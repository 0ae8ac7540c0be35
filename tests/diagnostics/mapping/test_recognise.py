"""Which standard a table is made for."""

from __future__ import annotations

import time

import pytest

from diagnostics.mapping.recognise import recognise
from tests.diagnostics.mapping.tables import benchmark, benchmark_table, table

FILES = [key for key in benchmark() if key[0] in ("02", "08", "24")]


@pytest.mark.parametrize("key", FILES, ids=lambda key: key[1])
def test_the_standard_of_a_file_is_found(key):
    found = recognise(*benchmark_table(benchmark()[key]))
    assert key[1] in [one.folder for one in found[:2]]
    best = found[0]
    assert 0 < best.score <= 1 and best.why.endswith(".")
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.deep
def test_the_standard_of_nearly_all_files_is_the_first():
    files = benchmark()
    first = [(key[1], recognise(*benchmark_table(files[key]))) for key in files]
    right = sum(bool(found) and found[0].folder == schema for schema, found in first)
    assert right >= len(files) - 3


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"Nom": ["a"]},
        {"Nom": ["a", "b"], "Adresse": ["1 rue A", "2 rue B"], "Ville": ["X", "Y"]},
        {"Date": ["2024-01-01"], "Température": ["12.5"], "Humidité": ["40"]},
        {"Produit": ["a"], "Quantité": ["3"], "Prix": ["4"], "Client": ["x"]},
        {"Quartier": ["a", "b"], "Nombre": ["1", "2"]},
        {"colonne_1": ["a"], "colonne_2": ["b"], "colonne_3": ["c"]},
    ],
)
def test_nothing_is_recognised_where_nothing_fits(columns):
    assert recognise(*table(columns)) == ()


@pytest.mark.screens
def test_sixty_columns_are_judged_quickly():
    columns = {}
    for lines in list(benchmark().values())[8:12]:
        columns.update({line["header"]: line["samples"].split("|") * 4 for line in lines})
    made = table(dict(list(columns.items())[:60]))
    recognise(*table({"Prénom": ["Léa"], "Sexe": ["F"]}))  # the labels of the standards, once
    started = time.process_time()
    recognise(*made)
    assert (
        time.process_time() - started < 3
    )  # of processor, by several threads; one second of clock
