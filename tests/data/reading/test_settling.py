"""A frame settled: names, repairs that can be refused, doubts told, nothing lost."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.reading.reading import Frame, Settled, Wishes
from data.reading.settling import settled
from data.reading.values import missing

FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def frame(columns: Sequence[tuple[str, Sequence[str | None]]]) -> Frame:
    cells = [pa.array(values, pa.string()) for _, values in columns]
    names = [str(place) for place in range(len(columns))]
    return Frame(pa.table(cells, names=names), tuple(name for name, _ in columns), 1)


def settle(*columns: tuple[str, Sequence[str | None]], wishes: Wishes | None = None) -> Settled:
    return settled(frame(columns), wishes or Wishes())


def again(made: Settled) -> Settled:
    held = [(name, made.table.column(name).to_pylist()) for name in made.table.column_names]
    return settle(*held)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_names", "wanted"),
    [
        (["a", "a", "a"], ["a", "a_2", "a_3"]),
        (["a", "a_2", "a"], ["a", "a_2", "a_3"]),
        (["", "b", ""], ["colonne_1", "b", "colonne_3"]),
        (["", "colonne_1"], ["colonne_1_2", "colonne_1"]),
        ([" Nom\u00a0 de\nla  voie ", "Été"], ["Nom de la voie", "Été"]),
        (["Nom", "nom"], ["Nom", "nom"]),
    ],
)
def test_names_become_unique_and_clean(given_names: list[str], wanted: list[str]) -> None:
    made = settle(*[(name, ["v", "w"]) for name in given_names])
    assert made.table.column_names == wanted
    assert [column.original for column in made.columns] == given_names


def test_columns_without_name_nor_value_on_the_right_are_dropped() -> None:
    made = settle(("a", ["x"]), ("", [None]), ("b", [None]), (" ", ["  "]), ("", [None]))
    assert made.table.column_names == ["a", "colonne_2", "b"]


def test_a_frame_without_row_or_column_is_settled() -> None:
    assert settle(("a", []), ("date", [])).table.num_rows == 0
    assert settle().table.num_columns == 0


# --- the whole -----------------------------------------------------------------------------------


def test_repairs_say_what_where_and_how_many() -> None:
    made = settle(("montant", ["1 234,50", "12", "7,5", "12,5", "7,5"]))
    told = {repair.kind: repair for repair in made.repairs}
    comma = told["decimal_comma"]
    assert (comma.column, comma.count, comma.rows) == ("montant", 3, (3, 4, 5))
    assert (comma.before, comma.after) == ("7,5", "7.5")
    assert comma.examples == ((3, "7,5", "7.5"), (4, "12,5", "12.5"))
    assert told["thousands"].examples == ((1, "1 234,50", "1234.50"),)


def test_a_refused_repair_is_not_made_and_only_there() -> None:
    columns = (("a", ["1,5", "2,5"]), ("b", ["1,5", "2,5"]))
    made = settle(*columns, wishes=Wishes(refused=frozenset({("decimal_comma", "a")})))
    assert made.table.column("a").to_pylist() == ["1,5", "2,5"]
    assert made.table.column("b").to_pylist() == ["1.5", "2.5"]
    assert [column.type for column in made.columns] == ["string", "number"]
    assert {repair.column for repair in made.repairs} == {"b"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("date", ["12/03/2024", "13/03/2024"]),
        ("boolean", ["Oui", "Non"]),
        ("percent", ["12 %", "13 %"]),
        ("unit", ["12 m", "13 m"]),
        ("missing_value", ["n/a", "texte"]),
        ("white_space", ["a\u00a0b", "texte"]),
        ("dms", ["44°26'51\" N", "44°26'52\" N"]),
        ("point", ["44.4475, 1.4419", "44.4476, 1.4419"]),
    ],
)
def test_each_kind_can_be_refused(kind: str, values: list[str]) -> None:
    assert {repair.kind for repair in settle(("valeur", values)).repairs} == {kind}
    made = settle(("valeur", values), wishes=Wishes(refused=frozenset({(kind, None)})))
    assert made.table.column("valeur").to_pylist() == values
    assert not made.repairs and not made.flags


def test_repeated_rows_are_told_and_stay() -> None:
    made = settle(("a", ["1", "1", "2", "1"]), ("b", ["x", "x", "x", None]))
    assert made.flags == ("duplicate_rows:1",)
    assert made.table.num_rows == 4
    assert "duplicate_rows:1" in settle(("a", ["1,0", "1.0", "2,5"])).flags


def test_text_is_trimmed_and_its_line_breaks_stay() -> None:
    made = settle(
        ("t", [" a\u00a0\u202fb ", "c\td", "e\r\nf", "deux  espaces", "\u200bx\ufeff", " "])
    )
    assert made.table.column("t").to_pylist() == ["a b", "c d", "e\nf", "deux  espaces", "x", None]


def test_a_cell_mended_twice_is_told_once_as_it_was_in_the_file() -> None:
    (repair,) = settle(("q", ["1\u202f234,5", "2\u202f234,5"])).repairs
    assert (repair.kind, repair.before, repair.after) == ("thousands", "1\u202f234,5", "1234.5")


# --- properties ----------------------------------------------------------------------------------

DIRT = st.sampled_from(
    """12|12,5|1 234,50|1.234,56|1.234|-3|+4|12 %|5 m|3,5 m|12 €|n/a|-|NC|?|néant|Oui|non|O|x|1|0
    |12/03/2024|1er mars 2024|2024-03-12|mars 2024|2024|31/02/2024|45000|14h30|texte libre, ici|NA
    |05 65 20 87 00|214 600 421 00019|2,146E+13|46000|1004|2a004|44.4475|1.4419|577000|6372000
    |44.4475, 1.4419|44°26'51" N|12 bis|1e3|007|(12)|a\u00a0b|vrai|12/03/24|20240312""".replace(
        "\n    ", ""
    ).split("|")
)
HEADERS = st.sampled_from(
    ["date", "montant", "code_insee", "code postal", "siret", "tel", "lat", "lon", "x", "y"]
    + ["actif", "nb", "commune", "annee", "nom", "", "obs"]
)
TABLES = st.integers(1, 5).flatmap(
    lambda rows: st.lists(
        st.tuples(HEADERS, st.lists(DIRT | st.none(), min_size=rows, max_size=rows)),
        min_size=1,
        max_size=4,
    )
)


@FEW
@given(TABLES)
def test_settling_what_is_settled_changes_nothing(columns) -> None:
    made = settle(*columns)
    twice = again(made)
    assert twice.table.equals(made.table)
    assert not twice.repairs


@FEW
@given(TABLES)
def test_no_value_is_lost_but_missing_words(columns) -> None:
    made = settle(*columns)
    emptied = sum(repair.count for repair in made.repairs if repair.after is None)
    dropped = len(columns) - made.table.num_columns
    before = sum(value is not None for _, values in columns for value in values)
    after = sum(len(cells) - cells.null_count for cells in made.table.columns)
    assert before - after == emptied
    assert all(
        after is not None or missing.means_nothing(before)
        for repair in made.repairs
        for _, before, after in repair.examples
    )
    assert dropped >= 0


@FEW
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.text(max_size=12))
def test_any_text_is_settled_without_a_fault(values: list[str], name: str) -> None:
    made = settle((name, values), ("date", values), ("lat", values), ("lon", values))
    assert made.table.num_rows == len(values)


@pytest.mark.deep
@settings(FEW, max_examples=2_000)
@given(TABLES)
def test_settling_twice_over_many_tables(columns) -> None:
    made = settle(*columns)
    assert again(made).table.equals(made.table)


@pytest.mark.deep
@settings(FEW, max_examples=2_000)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.text(max_size=12))
def test_any_text_over_many_tables(values: list[str], name: str) -> None:
    assert settle((name, values), ("date", values)).table.num_rows == len(values)


# --- size ----------------------------------------------------------------------------------------


def test_thirty_thousand_rows_take_no_time() -> None:
    rows = 30_000
    columns = [
        ("id", [f"A-{row:06d}" for row in range(rows)]),
        ("montant", [f"{row % 900 + 1} {row % 1000:03d},{row % 97:02d}" for row in range(rows)]),
        ("date", [f"{row % 27 + 1:02d}/{row % 12 + 1:02d}/2024" for row in range(rows)]),
        ("actif", ["Oui" if row % 3 else "Non" for row in range(rows)]),
    ]
    ready = frame(columns)
    start = time.process_time()
    made = settled(ready, Wishes())
    assert time.process_time() - start < 3
    assert [column.type for column in made.columns] == ["string", "number", "date", "boolean"]


@pytest.mark.parametrize("value", [" " * 200_000 + "a", "1 " * 50_000, "1," * 50_000, "°" * 90_000])
def test_long_cells_do_not_hold_the_reader(value: str) -> None:
    start = time.process_time()
    settle(("valeur", [value, "12"]), ("date", [value, "x" + value]))
    assert time.process_time() - start < 1
