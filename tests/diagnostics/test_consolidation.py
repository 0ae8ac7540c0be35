"""Files of several towns: each compared, all rows kept, repeated keys listed."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas import schema_of
from data.standards import standard
from diagnostics.consolidation import FILE, LINE, SHOWN, TOWN, Sent, consolidated

SCHEMA = schema_of(
    {
        "fields": [
            {"name": "id", "type": "string", "constraints": {"required": True}},
            {"name": "haut", "type": "number"},
        ],
        "primaryKey": "id",
        "version": "1.0.0",
    },
    "essai",
)


def sent(code: str, **columns: list) -> Sent:
    made = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return Sent(code, f"{code}.csv", pa.table(made))


def test_rows_of_all_towns_are_kept_with_where_they_come_from():
    made = consolidated(
        [
            sent("46042", id=["a", "b"], haut=["1", None]),
            sent("62765", id=["a"], essence=["Tilia"]),
        ],
        SCHEMA,
    )
    assert made.table.column_names == [TOWN, FILE, LINE, "id", "haut", "essence"]
    assert made.table.to_pylist()[2] == {
        TOWN: "62765", FILE: "62765.csv", LINE: 1, "id": "a", "haut": None, "essence": "Tilia"
    }  # fmt: skip
    assert made.duplicate_keys == 1
    assert made.duplicates[0].rows == (("46042", "46042.csv", 1), ("62765", "62765.csv", 1))
    assert [one.beyond for one in made.compared] == [(), ("essence",)]


def test_each_file_is_judged_apart():
    made = consolidated(
        [sent("46042", id=["a", None], haut=["1", "x"]), sent("62765", id=[])], SCHEMA
    )
    first, second = made.compared
    assert (first.valid, first.share_valid_rows, first.rows) == (False, 0.5, 2)
    assert second.share_valid_rows is None
    assert made.document()["territories"][0]["missing"] == []


def test_a_column_named_as_ours_gives_way():
    made = consolidated([sent("46042", id=["a"], ligne=["x"])], SCHEMA)
    assert made.table[LINE].to_pylist() == [1]
    assert made.table["ligne_2"].to_pylist() == ["x"]


def test_without_a_key_whole_rows_are_compared():
    schema = standard("scdl-prenoms")
    columns = {name: ["x", "x", "y"] for name in schema.names}
    made = consolidated([sent("46042", **columns)], schema)
    assert made.key == ()
    assert made.duplicate_keys == 1


def test_every_duplicate_is_counted_and_some_are_listed():
    keys = [str(number) for number in range(SHOWN + 50)]
    made = consolidated([sent("46042", id=keys), sent("62765", id=keys)], SCHEMA)
    assert made.duplicate_keys == SHOWN + 50
    assert len(made.duplicates) == SHOWN


def test_no_file_gives_an_empty_table():
    made = consolidated([], SCHEMA)
    assert made.table.num_rows == 0
    assert made.table.column_names == [TOWN, FILE, LINE, "id", "haut"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=4), max_size=3))
def test_nothing_is_lost_whatever_the_values(towns):
    made = consolidated([sent(f"4604{n}", id=values) for n, values in enumerate(towns)], SCHEMA)
    assert made.table["id"].to_pylist() == [one for values in towns for one in values]


@pytest.mark.parametrize("name", ['a"b', "é;drop table x", "x" * 300])
def test_a_hostile_column_name_is_only_a_name(name):
    made = consolidated([sent("46042", id=["a"], **{name: ["v"]})], SCHEMA)
    assert made.table[name].to_pylist() == ["v"]
