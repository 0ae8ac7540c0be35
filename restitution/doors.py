"""Whom to write to in an authority that gave no address for errors."""

from __future__ import annotations

from data.territories import Territory
from drawing import french

_DOORS = {
    "commune": "à la mairie {}",
    "epci": "au siège {}",
    "departement": "au conseil départemental {}",
    "region": "au conseil régional ({})",
}


def door(place: Territory) -> str:
    """'à la mairie de Cahors', after « écrivez »."""
    return _DOORS[place.level].format(french.of_place(place.name, place.level))
