"""What reading changed and the standard wanted: put back where the field takes it, nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.reading.door import read
from data.schemas import schema_of
from diagnostics.mapping.carry import carried
from diagnostics.mapping.choices import Choices
from diagnostics.mapping.wanted import with_wanted_words


def field(kind: str = "string", **constraints):
    return {"name": "f", "type": kind, "constraints": constraints}


def wanted(folder: Path, cells: list[str], described: dict, header: str = "colonne"):
    """The reading of one column (beside another) once it is mapped to the field `f`."""
    path = folder / "f.csv"
    path.write_text("n;" + header + "\n" + "".join(f"a{n};{c}\n" for n, c in enumerate(cells)))
    schema = schema_of({"fields": [described]}, "s")
    choices = Choices(fields={header: "f"})
    made = with_wanted_words(path, read(path), schema, choices)
    return made, carried(made.table, schema, choices)["f"].to_pylist()


def kinds(made) -> dict[str, int]:
    return {one.kind: one.count for one in made.repairs if one.column == "colonne"}


def test_a_word_that_the_pattern_asks_for_is_put_back(tmp_path):
    cells = ["190", "N/A", "210", "n.c.", "N/A"]
    made, column = wanted(tmp_path, cells, field(pattern=r"^(\d+|N/A)$", required=True))
    assert column == ["190", "N/A", "210", None, "N/A"]
    assert kinds(made) == {"missing_value": 1}
    left = next(one for one in made.repairs if one.kind == "missing_value")
    assert (left.before, left.rows) == ("n.c.", (4,))
    assert next(one for one in made.columns if one.name == "colonne").nulls == 1


def test_a_word_of_the_closed_list_is_put_back_and_its_repair_forgotten(tmp_path):
    made, column = wanted(
        tmp_path, ["gratuit", "sans objet"], field(enum=["gratuit", "sans objet"])
    )
    assert column == ["gratuit", "sans objet"]
    assert "missing_value" not in kinds(made)


def test_the_numbers_beside_a_word_stay_repaired(tmp_path):
    cells = ["1 900,5", "N/A", "12,25"]
    _, column = wanted(tmp_path, cells, field(pattern=r"^(\d+\.\d+|N/A)$"))
    assert column == ["1900.5", "N/A", "12.25"]


@pytest.mark.parametrize("pattern", ["^.{1,50}$", "^[A-Z/]{2,5}$", None, "^[0-9]+$", "^(?=N).*$"])
def test_a_pattern_that_takes_anything_asks_for_no_word(tmp_path, pattern):
    made, column = wanted(
        tmp_path, ["12", "N/A", "15"], field(**({"pattern": pattern} if pattern else {}))
    )
    assert column == ["12", None, "15"]
    assert kinds(made) == {"missing_value": 1}


def test_an_international_phone_goes_back_to_the_form_asked(tmp_path):
    _, column = wanted(
        tmp_path,
        ["+33565208700", "+33565208701", "05 65 20 87 02"],
        field(pattern=r"^(\+33|\+590)(\d){6,9}$"),
        "Téléphone",
    )
    assert column == ["+33565208700", "+33565208701", "+33565208702"]


@pytest.mark.parametrize(
    ("limits", "expected", "flag"),
    [
        ({"maximum": 100}, ["12.5", "50", "100"], False),
        ({"maximum": 1}, ["0.125", "0.5", "1"], False),
        ({}, ["0.125", "0.5", "1"], True),
    ],
)
def test_a_share_is_a_percentage_again_only_where_it_is_certain(tmp_path, limits, expected, flag):
    described = {**field("number", **limits), "name": "taux"}
    path = tmp_path / "f.csv"
    path.write_text("n;colonne\na;12,5 %\nb;50 %\nc;100 %\n")
    schema = schema_of({"fields": [described]}, "s")
    choices = Choices(fields={"colonne": "taux"})
    made = with_wanted_words(path, read(path), schema, choices)
    assert carried(made.table, schema, choices)["taux"].to_pylist() == expected
    assert ("percent_scale:colonne" in made.flags) is flag


def test_nothing_is_read_again_when_nothing_is_wanted(tmp_path, monkeypatch):
    path = tmp_path / "f.csv"
    path.write_text("n;colonne\na;1,5\nb;N/A\n")
    reading = read(path)
    monkeypatch.setattr("diagnostics.mapping.wanted.read", None)
    schema = schema_of({"fields": [field("number")]}, "s")
    assert with_wanted_words(path, reading, schema, Choices(fields={"colonne": "f"})) == reading
