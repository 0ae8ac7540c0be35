"""Where a point of France may lie: boxes in degrees (WGS84), wider than what they hold.

They tell France from elsewhere, degrees from metres and a longitude from a latitude, no more.
"""

from __future__ import annotations

Box = tuple[float, float, float, float]  # west, south, east, north

METROPOLE: Box = (-5.6, 41.2, 9.8, 51.3)
OVERSEAS: dict[str, Box] = {
    "971": (-61.9, 15.7, -60.9, 16.6),
    "972": (-61.3, 14.3, -60.7, 15.0),
    "973": (-54.7, 2.0, -51.5, 5.9),
    "974": (55.1, -21.5, 55.95, -20.75),
    "975": (-56.6, 46.6, -56.0, 47.3),
    "976": (44.9, -13.1, 45.4, -12.5),
    "977": (-63.2, 17.8, -62.7, 18.2),
    "978": (-63.2, 17.8, -62.7, 18.2),  # its neighbour: one box for the two islands
    "986": (-178.4, -14.5, -176.0, -13.1),
    "987": (-155.0, -28.0, -134.0, -7.5),
    "988": (158.0, -23.0, 172.5, -17.5),
}
BOXES: dict[str, Box] = {"metropole": METROPOLE, **OVERSEAS}


def box_of(departement: str | None) -> Box:
    """Where a département or a collectivity can be; the metropole for any that is not overseas."""
    return OVERSEAS.get(departement or "", METROPOLE)


def holds(box: Box, longitude: float, latitude: float) -> bool:
    """Whether a point (degrees) falls in a box; one that is not a number never does."""
    west, south, east, north = box
    return west <= longitude <= east and south <= latitude <= north
