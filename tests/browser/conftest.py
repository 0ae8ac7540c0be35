"""One running application for the tests that only look at it, and what is noted while they look."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import serve

DONE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


class Visit:
    """A page of the browser that notes every host it calls and opens our screens by path."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.foreign: list[str] = []
        self.broken: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", self._broken)

    def _broken(self, error) -> None:
        self.broken.append(str(error))

    def leave(self) -> None:
        """Leave nothing behind for whoever uses the window next."""
        self.page.remove_listener("request", self._note)
        self.page.remove_listener("pageerror", self._broken)
        self.forget()

    def forget(self) -> None:
        """Close the screen and lose what the browser kept of it."""
        if self.page.url.startswith(self.url):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")

    def _note(self, request) -> None:
        parts = urlsplit(request.url)
        own = parts.scheme in ("data", "blob") or parts.netloc == urlsplit(self.url).netloc
        if not own:
            self.foreign.append(request.url)

    def open(self, path: str) -> Page:
        """Open a screen and wait until its script has run."""
        self.page.goto(self.url + path)
        return self.settle()

    def settle(self) -> Page:
        self.page.wait_for_selector("h1", timeout=60_000)
        self.page.wait_for_function(DONE, timeout=60_000)
        self.page.get_by_text("Outil indépendant, sans lien").wait_for(timeout=60_000)
        return self.page

    def text(self) -> str:
        return self.page.locator("[data-testid=stMain]").inner_text()


# A new window costs five seconds of processor to load the application, one already open two: the
# tests share two windows, each emptied between two tests and opened anew at an address.


def _shared(browser: Browser, **more: bool) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", **more)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Page]:
    """A window of someone who speaks French."""
    yield from _shared(browser)


@pytest.fixture(scope="session")
def examined(browser: Browser) -> Iterator[Page]:
    """A window into which axe-core can be loaded, which our policy forbids."""
    yield from _shared(browser, bypass_csp=True)


@contextmanager
def visiting(
    page: Page, url: str, width: int = 1366, height: int = 768, scheme: str = "light"
) -> Iterator[Visit]:
    """Somebody else in a shared window: its size and its night are set before anything loads."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    visit = Visit(page, url)
    try:
        yield visit
    finally:
        visit.leave()


@pytest.fixture
def visit(window: Page, shared_app: str) -> Iterator[Visit]:
    """A visitor on a laptop, speaking French."""
    with visiting(window, shared_app) as made:
        yield made


@pytest.fixture
def phone(window: Page, shared_app: str) -> Iterator[Visit]:
    """A visitor on a phone, at night."""
    with visiting(window, shared_app, 390, 844, "dark") as made:
        yield made


@pytest.fixture(scope="session")
def working_app(embedded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, started once for the tests that write: each in a town of its own."""
    path = tmp_path_factory.mktemp("working") / "acv.duckdb"
    shutil.copy(embedded_file, path)
    yield from serve(path)
