"""Every source that asks the network has an example answer, and reads it as its file says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.runs.planning import Task, live_sources
from connectors.runs.tasks import run
from data.catalog import Dataset, Source, catalog, endpoints
from data.territories import territory
from tests.connectors import replay
from tests.connectors.servers import client

SOURCES = [(card.id, source.connector) for card, source in live_sources(set())]


def task_of(example: replay.Example) -> Task:
    """The task that the example answers, with the floors that a short example can pass."""
    card = catalog().datasets[example.dataset]
    source = card.source(example.connector)
    assert source
    small = replace(source, params={**source.params, **example.params})
    card = replace(card, sources=(small,))
    place = territory(example.territory) if example.territory else None
    return Task(card, small, place)


@pytest.mark.parametrize(("dataset", "connector"), SOURCES)
def test_a_source_reads_its_example(dataset, connector, empty_store, monkeypatch):
    example = replay.example(dataset, connector)
    with replay.Source(example) as server:
        for key in endpoints():
            monkeypatch.setenv(f"ACV_ENDPOINT_{key}", server.url)
        fetch = run(empty_store, task_of(example), client())
    assert fetch.status == ("ok" if example.rows else "empty"), fetch.detail
    assert not server.unexpected, server.unexpected
    stored = empty_store.rows(f'select * from "{dataset}"')
    assert len(stored) == fetch.rows == example.rows
    for wanted in example.expect:
        assert any(_holds(row, wanted) for row in stored), (wanted, stored[:3])


def _holds(row: dict, wanted: dict) -> bool:
    return all(_same(row[key], value) for key, value in wanted.items())


def _same(found, wanted) -> bool:
    if isinstance(wanted, float) and isinstance(found, float):
        return found == pytest.approx(wanted)
    return str(found) == str(wanted) if not isinstance(wanted, bool) else found is wanted


def cards() -> list[tuple[Dataset, Source]]:
    return list(live_sources(set()))


@pytest.mark.parametrize(("card", "source"), cards(), ids=lambda made: getattr(made, "id", ""))
def test_a_live_source_says_all_that_its_reader_must_know(card: Dataset, source: Source):
    where = f"{card.id}.yml, source {source.connector}"
    assert source.endpoint in endpoints(), f"{where} : endpoint absent de endpoints.yml"
    for field in ("url", "not_seen_live", "vintage_rule", "coverage", "licence", "producer"):
        assert getattr(source, field), f"{where} : {field} manque"
    for column in card.columns:
        if column.type in ("INTEGER", "BIGINT", "DOUBLE"):
            assert column.unit, f"{card.id}.yml : colonne {column.name} : unit manque"


@pytest.mark.parametrize(("dataset", "connector"), SOURCES)
def test_an_example_says_whether_it_was_recorded(dataset, connector):
    origin = replay.example(dataset, connector).origin
    assert origin.startswith(("recorded http", "built from documentation"))


def test_no_example_answers_for_a_source_that_is_gone():
    files = {path.stem for path in replay.FOLDER.glob("*.yml")}
    assert files == {f"{dataset}.{connector}" for dataset, connector in SOURCES}
