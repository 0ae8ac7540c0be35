"""What every test stands on: a fixed day, a store of its own, no way out to the real network."""

from __future__ import annotations

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
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from data.store import Store

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-21"
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
START_SECONDS = 60

# Before anything of ours is imported: what the person at the keyboard has set must not count.
for _name in [name for name in os.environ if name.startswith("ACV_") and name != "ACV_DEEP_REPORT"]:
    del os.environ[_name]
os.environ["ACV_TODAY"] = DAY
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


@pytest.fixture(autouse=True)
def surroundings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A store of its own for each test, and an error for one that calls the real network."""
    monkeypatch.setenv("ACV_STORE", str(tmp_path / "acv.duckdb"))
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


def serve(store_file: Path) -> Iterator[str]:
    """Start the application on a free port with the network forbidden, stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "ACV_STORE": str(store_file), "ACV_OFFLINE": "1"}
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
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if (ROOT / "tests/browser") in item.path.parents or "browser" in item.fixturenames:
            item.add_marker("browser")
        screen = (ROOT / "tests/ui") in item.path.parents and not _quick(item)
        if screen or item.path.name in LONG:
            item.add_marker("screens")
    # Playwright keeps an event loop running until the session ends: what starts a loop of its own
    # would fail after it. The slowest come last, too.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


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
