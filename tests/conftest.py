"""What every test stands on: a fixed day, a store of its own, no way out to the real network."""

from __future__ import annotations

import gc
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from data.store import Store

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-21"
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
START_SECONDS = 120

# Before anything of ours is imported: what the person at the keyboard has set must not count.
for _name in [name for name in os.environ if name.startswith("ACV_") and name != "ACV_DEEP_REPORT"]:
    del os.environ[_name]
os.environ["ACV_TODAY"] = DAY
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Places for stores, one a test that has no folder: making thousands would take seconds."""
    folder = tmp_path_factory.mktemp("stores")
    return (folder / f"{number}.duckdb" for number in count())


@pytest.fixture(autouse=True)
def surroundings(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, stores: Iterator[Path]
) -> None:
    """A store of its own for each test, and an error for one that calls the real network."""
    own = "tmp_path" in request.fixturenames
    place = request.getfixturevalue("tmp_path") / "acv.duckdb" if own else next(stores)
    monkeypatch.setenv("ACV_STORE", str(place))
    if request.node.get_closest_marker("live") is None:
        monkeypatch.setattr(socket.socket, "connect", _loopback_only(socket.socket.connect))


def _loopback_only(connect):
    def guarded(self: socket.socket, address):
        outside = isinstance(address, tuple) and address[0] not in LOOPBACK
        assert not outside, f"un test appelle {address[0]} : seul « live » le peut"
        return connect(self, address)

    return guarded


@pytest.fixture
def today() -> date:
    """The day that ACV_TODAY gives."""
    return date.fromisoformat(DAY)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network forbidden, as a user forbids it."""
    monkeypatch.setenv("ACV_OFFLINE", "1")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evidence beside the repository; tests that read it are skipped without it."""
    folder = ROOT.parent / "shared"
    if not (folder / "README.md").exists():
        pytest.skip("dossier shared absent")
    return folder


# --- stores --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def embedded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file holding the embedded default, loaded once per session; copy it to write."""
    from connectors import embedded
    from data.store import Store

    path = tmp_path_factory.mktemp("embedded") / "acv.duckdb"
    store = Store.open(str(path))
    embedded.load(store)
    store.close()
    return path


@pytest.fixture
def store(embedded_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The embedded default, writable, for one test; the same file that ACV_STORE names."""
    from data.store import Store

    path = tmp_path / "acv.duckdb"
    shutil.copy(embedded_file, path)
    opened = Store.open(str(path))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def embedded_store(embedded_file: Path) -> Iterator[Store]:
    """The embedded default, read-only, one for the session: for tests that only read."""
    from data.store import Store

    opened = Store.open(str(embedded_file), read_only=True)
    yield opened
    opened.close()


@pytest.fixture
def empty_store() -> Iterator[Store]:
    """A store in memory where nothing was ever fetched."""
    from data.store import Store

    opened = Store.open(":memory:")
    yield opened
    opened.close()


# --- the real application and a real browser -----------------------------------------------------


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Chromium of the system; None for Playwright's own; skipped when there is neither."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found or any((Path.home() / ".cache/ms-playwright").glob("chromium*")):
        return found
    pytest.skip("Chromium absent")


@pytest.fixture(scope="session")
def browser(chromium_path: str | None) -> Iterator[Browser]:
    """A headless Chromium that draws maps without a graphics card."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        launched = play.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"],
        )
        yield launched
        launched.close()


@pytest.fixture
def app_url(embedded_file: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the application, freshly started on a copy of the embedded default."""
    shutil.copy(embedded_file, tmp_path / "acv.duckdb")
    yield from serve(tmp_path / "acv.duckdb")


@pytest.fixture(scope="session")
def shared_app(embedded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, started once: for tests that change nothing in its store."""
    path = tmp_path_factory.mktemp("app") / "acv.duckdb"
    shutil.copy(embedded_file, path)
    yield from serve(path)


def serve(store_file: Path, **settings: str) -> Iterator[str]:
    """Start the application on a free port, the network forbidden unless told, stop it after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "ACV_STORE": str(store_file), "ACV_OFFLINE": "1", **settings}
    journal = store_file.with_suffix(".log")
    with (
        journal.open("wb") as output,
        subprocess.Popen(
            [*command, "--server.headless", "true"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, journal)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen, journal: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.kill()
    pytest.fail(f"l'application n'a pas démarré : {journal.read_text()[-2000:]}")


# --- marks, skips by cause, report of the long forms ---------------------------------------------

_SKIPS: Counter[str] = Counter()
_DEEP: list[dict] = []


# Files of many drawn cases: `make test` runs them, `make check` keeps the quick ones.
LONG = (
    "test_robustness.py", "test_inventory_merge.py", "test_contributions.py", "test_week.py",
    "test_changes.py", "test_combination.py", "test_embedded_build.py",
    "test_bundle.py", "test_command_line.py", "test_deck.py", "test_interview.py",
    "test_letters.py", "test_markdown.py", "test_never_zero_documents.py", "test_onepage.py",
    "test_parts.py", "test_presentation.py", "test_report.py", "test_same_figures.py",
    "test_sheet.py", "test_slides.py", "test_typeset.py", "test_web_page.py",
    "test_word.py", "test_workbook.py", "test_indicators.py", "test_drafts.py", "test_pictures.py",
    "test_minutes.py", "test_local_file.py", "test_cli_publish.py", "test_validate.py",
    "test_package.py", "test_consolidation.py", "test_sense.py", "test_benchmark.py",
    "test_recognise.py", "test_consents.py", "test_cli_map.py", "test_values_codes.py",
    "test_custom.py", "test_geojson.py", "test_wanted.py", "test_workbooks.py",
    "test_faults.py", "test_refresh_properties.py", "test_disappearance.py", "test_melodi.py",
    "test_paged_json.py", "test_arcgis.py", "test_climadiag.py", "test_contours.py",
    "test_hubeau.py", "test_tabular.py", "test_entreprises.py", "test_aides.py",
    "test_data_fair.py",
    # Cases of one source each: test_examples.py keeps its example, and its terms, in `make check`.
    "test_portals.py", "test_catalogue_bulk.py", "test_catalogue_search.py", "test_discovery.py",
    "test_nature_zonings.py", "test_gbif.py", "test_bulk_csv.py", "test_dvf.py",
    "test_schema_index.py", "test_overpass.py",
    "test_inventory_file.py", "test_disclosure.py", "test_request_letter.py", "test_attachments.py",
    "test_evidence_faults.py", "test_steering_page.py", "test_indicator_examples.py",
    "test_shapes.py", "test_settling.py",
)  # fmt: skip


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files that the marks leave out whole are not even read: it would cost as much as tests do."""
    marks = config.option.markexpr
    browser = "not browser" in marks and collection_path == ROOT / "tests/browser"
    long = "not screens" in marks and collection_path.name in LONG
    return True if browser or long else None


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A gzip holds the second of its making: two processes would not agree on a name made of it."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = _folder(item.path)
        if folder == "browser" or "browser" in item.fixturenames:
            item.add_marker("browser")
        if (folder == "ui" and not _quick(item)) or item.path.name in LONG:
            item.add_marker("screens")
    # Playwright keeps an event loop running until the session ends: what starts a loop of its own
    # would fail after it. The slowest come last, too.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was read to collect stays to the end: looking for its rubbish took a fifth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@cache
def _folder(path: Path) -> str:
    """The folder of tests/ that a file stands in; empty for a file of elsewhere."""
    inside = path.is_relative_to(ROOT / "tests")
    return path.relative_to(ROOT / "tests").parts[0] if inside else ""


def _quick(item: pytest.Item) -> bool:
    """A screen takes a second: `make check` draws each once for one town, `make test` them all."""
    if "screen" not in item.fixturenames:
        return True
    case = getattr(item, "callspec", None)
    params = case.params if case else {}
    drawn = item.originalname == "test_a_screen_says_something_and_never_breaks"
    return drawn and params["code"] == "46042" and params["any_store"] == "embedded"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple | list):
        _SKIPS[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if report.when == "call":
        found = {"test": report.nodeid, "outcome": report.outcome, "seconds": report.duration}
        _DEEP.append({**found, **dict(report.user_properties)})


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a run: how many tests were skipped, by cause."""
    if config.option.collectonly or hasattr(config, "workerinput"):
        return  # a process of `pytest -n`: the first one counts for all
    if target := os.environ.get("ACV_DEEP_REPORT"):
        (ROOT / target).write_text(json.dumps(_DEEP, ensure_ascii=False, indent=1))
    causes = ", ".join(f"{count} {cause}" for cause, count in _SKIPS.most_common())
    total = sum(_SKIPS.values())
    line = f"Tests ignorés : {total}" + (f" ({causes})" if causes else "")
    config.get_terminal_writer().line(line)
