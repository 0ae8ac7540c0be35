"""One running application for the tests that only look at it, and what is noted while they look."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

DONE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


class Visit:
    """A page of the browser that notes every host it calls and opens our screens by path."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.foreign: list[str] = []
        self.broken: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.broken.append(str(error)))

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


@pytest.fixture
def visit(browser: Browser, shared_app: str) -> Iterator[Visit]:
    """A visitor on a laptop, speaking French."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    yield Visit(context.new_page(), shared_app)
    context.close()


@pytest.fixture
def phone(browser: Browser, shared_app: str) -> Iterator[Visit]:
    """A visitor on a phone, at night."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", color_scheme="dark"
    )
    yield Visit(context.new_page(), shared_app)
    context.close()
