"""What a check of sense raises is said to a user; in tests it surfaces."""

from __future__ import annotations

import pytest

from diagnostics.conformity import sense


@pytest.fixture(autouse=True)
def surfaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sense, "SURFACE", True)
