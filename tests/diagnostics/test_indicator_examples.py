"""Every indicator runs on the examples of its own header, in a real DuckDB."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from data.catalog import catalog
from data.store import Fetch, Store
from diagnostics.indicators import indicators
from diagnostics.indicators.panel import Panel
from diagnostics.indicators.value import Row, shown

FILES = {made.key: made for made in indicators().values()}
EXAMPLES = [
    pytest.param(key, number, id=f"{key}: {example['says']}")
    for key, made in FILES.items()
    for number, example in enumerate(made.examples)
]


@pytest.fixture(scope="module")
def store():
    store = Store.open(":memory:")
    yield store
    store.close()


def save(store, dataset, rows):
    """Replace the table of a dataset with a few rows; columns not given are empty."""
    card = catalog().datasets[dataset]
    columns = ["territory", *(column.name for column in card.columns)]
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{dataset} n'a pas de colonne {sorted(unknown)}"
    made = {"rows": len(rows), "seconds": 0.0, "requests": 0, "url": "", "vintage": None}
    fetch = Fetch(
        dataset=dataset,
        territory="FR",
        level="commune",
        status="ok",
        fetched_at=datetime(2026, 11, 21, tzinfo=UTC),
        detail=None,
        connector="essai",
        source="essai",
        licence="essai",
        **made,
    )
    store.save(card, fetch, pd.DataFrame(rows, columns=columns).astype(object))


def chosen(key, example):
    variant = example.get("variant")
    made = [made for made in indicators().values() if made.key == key]
    return next(found for found in made if variant in (None, found.variant))


def expected(wanted):
    """A bare figure stands for a row with that value and no absence."""
    return wanted if isinstance(wanted, dict) else {"value": wanted, "absence": None}


@pytest.mark.parametrize(("key", "number"), EXAMPLES)
def test_the_example_of_a_header_holds(store, key, number):
    example = FILES[key].examples[number]
    indicator = chosen(key, example)
    for dataset in indicator.datasets:
        save(store, dataset, example["given"].get(dataset, []))
    members = {code: (code,) for code in example["expect"]}
    members |= {code: tuple(made) for code, made in example.get("members", {}).items()}
    with store.cursor() as cursor:
        rows = Panel(cursor, members).rows(indicator)
    for code, wanted in example["expect"].items():
        row = shown(indicator, rows.get(code, Row()))._asdict()
        for name, value in expected(wanted).items():
            assert row[name] == pytest.approx(value), (code, name)


@pytest.mark.parametrize("key", FILES)
def test_a_file_gives_an_absence_or_a_zero_among_its_examples(key):
    wanted = [
        expected(made) for example in FILES[key].examples for made in example["expect"].values()
    ]
    assert any(not made.get("value") for made in wanted)


@pytest.mark.parametrize("key", FILES)
def test_a_file_that_gives_bounds_says_what_they_are(key):
    wanted = [
        made
        for example in FILES[key].examples
        for made in example["expect"].values()
        if isinstance(made, dict)
    ]
    bounded = any(made.get("low") is not None for made in wanted)
    assert bounded == (FILES[key].interval is not None)


@pytest.mark.parametrize("key", FILES)
def test_a_file_reads_no_dataset_that_its_header_hides(key):
    words = set(FILES[key].sql.replace('"', " ").replace("(", " ").replace(".", " ").split())
    assert words & set(catalog().datasets) == set(FILES[key].datasets)
