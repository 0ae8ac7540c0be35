"""Runs a screen as Streamlit does, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from connectors import refresh
from ui import frame

MAIN = Path(__file__).resolve().parents[2] / "ui/main.py"
Screen = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def installed() -> Iterator[None]:
    """Streamlit reads the metadata of every package installed for each screen: once is enough."""
    scan = manifest_scanner.scan_component_manifests
    with patch.object(manifest_scanner, "scan_component_manifests", cache(scan)):
        yield


@pytest.fixture(params=["embedded", "empty"])
def any_store(request):
    """The embedded default, or a store where nothing was ever fetched."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """screen(page, store, **address): the screen once its script has run."""
    monkeypatch.setattr(frame, "HELD", [])

    def run(page: str, store, followed: str | None = None, **address: str) -> AppTest:
        monkeypatch.setattr(refresh, "ready_store", lambda: store)
        test = AppTest.from_file(str(MAIN), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        test.session_state["recuperation_suivie"] = followed
        if page != "accueil":  # by its address, on a server that opened its store for somebody else
            test.switch_page(f"../pages/{page}.py")
            if not frame.HELD:
                frame.HELD.append(store)
        return test.run()

    return run


def words(test: AppTest) -> str:
    """Everything a screen says."""
    kinds = ("title", "header", "subheader", "markdown", "text", "caption", "error")
    said = [str(made.value) for kind in kinds for made in getattr(test, kind)]
    said += [made.proto.body for made in test.get("html")]
    said += [made.proto.label for made in test.get("page_link")]
    return "\n".join(said)
