"""Whether points fall on the land of France, or of the départements that a file names.

The outlines are simplified to two kilometres: a margin is left around them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from data.territories import departement_outlines

Array = np.ndarray[Any, Any]
MARGIN = 0.05  # degrees, about five kilometres
LOOKED_AT = 2_000  # points; more would say the same


def share_on_land(lon: Array, lat: Array, departements: frozenset[str]) -> float:
    """Share of the points (degrees) on the land of some départements; of all of France if none."""
    known = frozenset(departements & _outlines().keys())
    step = max(1, len(lon) // LOOKED_AT)
    return float(shapely.contains_xy(_land(known), lon[::step], lat[::step]).mean())


@cache
def _land(departements: frozenset[str]) -> Any:
    wanted = [_outlines()[code] for code in sorted(departements)] or list(_outlines().values())
    made = shapely.union_all([outline.buffer(MARGIN) for outline in wanted])
    shapely.prepare(made)
    return made


@cache
def _outlines() -> dict[str, Any]:
    return {
        str(one["properties"]["code"]).removeprefix("dep:"): shape(one["geometry"])
        for one in departement_outlines()["features"]
    }
