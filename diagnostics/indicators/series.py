"""The horizons of a projection, for charts: one point per horizon, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from data.store import Store
from data.territories import Territory
from diagnostics.indicators.compute import measure
from diagnostics.indicators.header import indicators

REFERENCE = "reference"


@dataclass(frozen=True)
class SeriesPoint:
    """One horizon of an indicator; same unit as the indicator."""

    horizon: str
    low: float | None
    median: float
    high: float | None
    reference: float | None  # the reference period's figure, repeated on each point


def series(store: Store, territory: Territory, indicator_key: str) -> list[SeriesPoint]:
    """The horizons of a file with variants (« d35 »); empty where the figures are absent."""
    chosen = [made for made in indicators().values() if made.key == indicator_key and made.variant]
    values = zip(chosen, measure(store, territory, chosen), strict=True)
    found = {str(made.variant): value for made, value in values if value.value is not None}
    reference = found.pop(REFERENCE, None)
    start = reference.value if reference else None
    return [
        SeriesPoint(horizon, made.low, made.value, made.high, start)
        for horizon, made in found.items()
    ]
