"""What sources that ask for a key need to be played at all: an invented one."""

from __future__ import annotations

import pytest

INVENTED_KEY = "cle-inventee-pour-les-essais"


@pytest.fixture(autouse=True)
def invented_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Aides-territoires sends nothing without a key."""
    monkeypatch.setenv("ACV_AIDES_KEY", INVENTED_KEY)
