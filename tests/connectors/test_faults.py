"""Every source × every fault: it ends soon, in words, and no figure moves.

The matrix is made from the cards: a source added tomorrow is in it, whether one thinks of it or
not. It is printed whole at the end of the run (`pytest -s`, or `make deep`).
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from connectors.runs.planning import live_sources
from connectors.runs.tasks import Run
from data.catalog import endpoints
from data.store import Store
from data.territories import NATIONAL, territory
from diagnostics.indicators.compute import measure
from diagnostics.indicators.header import indicators
from tests.connectors import replay
from tests.connectors.faults import FAULTS, FILE_CAP, JSON_CAP
from tests.connectors.servers import Time, client
from tests.connectors.test_examples import task_of

SOURCES = [(card.id, source.connector) for card, source in live_sources(set())]
BOUND = 12  # seconds, on a machine that does other things too
SHORT = {"connect": 1, "read": 0.1, "deadline": 0.4, "file_deadline": 0.4}  # for the slow faults
ROOMY = {"connect": 5, "read": 5, "deadline": 20, "file_deadline": 20}
SLOW = ("timeout", "drip")
PARTIAL = ("http_503", "html_200", "truncated")  # played on one exchange alone, too
MATRIX: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module", autouse=True)
def printed():
    yield
    for dataset, connector in SOURCES:
        name = f"{dataset}.{connector}"
        cells = {fault: MATRIX[name, fault] for fault in FAULTS if (name, fault) in MATRIX}
        print(f"\n{name:45} " + " ".join(f"{fault}:{said}" for fault, said in cells.items()))


@pytest.mark.parametrize(("dataset", "connector"), SOURCES)
def test_no_fault_of_a_source_passes_for_data(dataset, connector, monkeypatch):
    """One good copy, then each fault in turn: the copy stays, each line of the log says why."""
    example = replay.example(dataset, connector)
    unknown = set(example.not_applicable) - set(FAULTS)
    assert not unknown, f"{example.name} : pannes inconnues {unknown}"
    store = Store.open(":memory:")
    task = task_of(example)
    with replay.Source(example) as server:
        _point(monkeypatch, server.url)
        first = Run(store, client(Time())).perform(task)[0]
    assert first.good, first.detail
    known: dict[str, tuple] = {}
    before = _held(store, dataset, known)
    for fault in FAULTS:
        why = example.not_applicable.get(fault)
        MATRIX[example.name, fault] = f"({why})" if why else _broken(store, task, example, fault)
        assert _held(store, dataset, known) == before, (
            f"{example.name} × {fault} : des chiffres ont bougé"
        )
    store.close()


@pytest.mark.parametrize(("dataset", "connector"), SOURCES)
def test_one_answer_that_fails_among_several_is_never_read_as_nothing_there(
    dataset, connector, monkeypatch
):
    """A partial union would pass for « nothing published », a missing page for a smaller town."""
    example = replay.example(dataset, connector)
    if len(example.exchanges) == 1:
        return
    store = Store.open(":memory:")
    task = task_of(example)
    with replay.Source(example) as server:
        _point(monkeypatch, server.url)
        Run(store, client(Time())).perform(task)
    known: dict[str, tuple] = {}
    before = _held(store, dataset, known)
    for only in example.exchanges:
        for fault in PARTIAL:
            _broken(store, task, example, fault, only)
            assert _held(store, dataset, known) == before, (example.name, fault, only.path)
    store.close()


def _broken(
    store: Store, task, example: replay.Example, fault: str, only: replay.Exchange | None = None
) -> str:
    """One fault; the status that came of it."""
    patch = pytest.MonkeyPatch()
    started = time.monotonic()
    times = SHORT if fault in SLOW else ROOMY
    with replay.Source(example, FAULTS[fault], only) as server:
        _point(patch, server.url if fault != "refused" else "http://127.0.0.1:9")
        limits = {**times, "json_bytes": JSON_CAP, "file_bytes": FILE_CAP}
        line = Run(store, client(Time(), **limits)).perform(_unread(task))[0]
    patch.undo()
    spent = time.monotonic() - started
    where = f"{example.name} × {fault} {only.path if only else ''} : {line.status}, {line.detail}"
    assert line.status in ("failed", "not_covered"), where
    assert line.detail and "Traceback" not in line.detail, where
    assert "réponse inattendue" not in line.detail, f"{where} : à dire en clair"
    assert spent < BOUND, f"{where} : {spent:.1f} s"
    return line.status


def _unread(task):
    """The same task, read otherwise: an answer that did not change must not be recognised."""
    source = replace(task.source, params={**task.source.params, "_fault": True})
    return replace(task, source=source, dataset=replace(task.dataset, sources=(source,)))


def _point(patch: pytest.MonkeyPatch, url: str) -> None:
    for key in endpoints():
        patch.setenv(f"ACV_ENDPOINT_{key}", url)


def _held(store: Store, dataset: str, known: dict[str, tuple]) -> tuple:
    """The rows, and what the indicators make of them.

    Figures follow from the rows and from what the log says, first or last: where all is as it was
    once, they are those of `known`.
    """
    rows = store.rows(f'select * from "{dataset}" order by all')
    said = [(line.territory, line.status) for line in store.fetches(dataset)]
    state = repr((rows, said[0], sorted(set(said))))
    if state not in known:
        known[state] = _figures(store, dataset, rows)
    return rows, known[state]


def _figures(store: Store, dataset: str, rows: list[dict]) -> tuple:
    places = sorted({row["territory"] for row in rows} - {NATIONAL})[:3]
    fed = [made for made in indicators().values() if dataset in made.datasets]
    return tuple(
        (code, value.id, value.value, value.low, value.high)
        for code in places
        for value in measure(store, territory(code), fed)
    )


def test_the_matrix_has_no_hole():
    """Runs last in this file: every source met every fault, or says why it cannot."""
    missing = [
        f"{dataset}.{connector} × {fault}"
        for dataset, connector in SOURCES
        for fault in FAULTS
        if (f"{dataset}.{connector}", fault) not in MATRIX
    ]
    assert not missing, missing[:10]
