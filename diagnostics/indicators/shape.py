"""The `indicators` shape that other programs read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from data.territories import Territory
from diagnostics.indicators.value import Value


def to_json(values: Iterable[Value], territory: Territory) -> dict[str, Any]:
    """The document of `python -m diagnostics indicators --json`: plain lists, texts and numbers."""
    return {
        "territory": territory.header(),
        "indicators": [_shape(value) for value in values],
    }


def _shape(value: Value) -> dict[str, Any]:
    made = asdict(value)
    made["fetched_at"] = value.fetched_at.isoformat() if value.fetched_at else None
    return {key: list(item) if isinstance(item, tuple) else item for key, item in made.items()}
