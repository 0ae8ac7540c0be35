"""Where a figure stands among the towns that have it: median and middle half, never a rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

GROUP = "villes Action Cœur de Ville ayant ce chiffre"
POSITIONS = {
    "below": "sous la moitié centrale",
    "within": "dans la moitié centrale",
    "above": "au-dessus de la moitié centrale",
}
FEWEST = 5  # under five towns, a median says more of one town than of the group


@dataclass(frozen=True)
class Comparison:
    """A figure set against a group of towns; same unit as the figure."""

    group: str
    n: int  # towns that have the figure
    median: float
    p25: float
    p75: float
    position: str  # below, within, above the middle half


def compare(value: float, peers: Iterable[float], precision: int) -> Comparison | None:
    """Set `value` against `peers`; None under five of them."""
    figures = sorted(peers)
    if len(figures) < FEWEST:
        return None
    p25, median, p75 = quantiles(figures, n=4, method="inclusive")
    position = "below" if value < p25 else "above" if value > p75 else "within"
    median, p25, p75 = (round(figure, precision + 1) for figure in (median, p25, p75))
    return Comparison(GROUP, len(figures), median, p25, p75, position)
