"""Points that the file holds in one cell and the standard in two, or the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.schemas import Schema
from diagnostics.mapping.choices import LATLON, Merge, Split
from diagnostics.mapping.contents import Profile
from diagnostics.mapping.mapped import NONE, Candidate, Mapped
from diagnostics.mapping.names import concepts, tokens

AXES = ("latitude", "longitude")
SURE = 0.9  # confidence shown of a field that a split or a merge fills
# Degrees of mainland France: numbers elsewhere are not taken for coordinates by their header alone.
BOXES = {"latitude": (41.0, 51.6), "longitude": (-5.8, 10.0)}


def reshaped(
    made: Sequence[Mapped], profiles: Sequence[Profile], kinds: Sequence[str], schema: Schema
) -> list[Mapped]:
    """The columns, with the split or the merge that their points call for."""
    if "geopoint" in kinds:
        return _merged(made, profiles, schema.names[kinds.index("geopoint")])
    if all(axis in kinds for axis in AXES):
        pair = (schema.names[kinds.index(AXES[0])], schema.names[kinds.index(AXES[1])])
        return _split(made, profiles, pair)
    return list(made)


def _split(
    made: Sequence[Mapped], profiles: Sequence[Profile], pair: tuple[str, str]
) -> list[Mapped]:
    """A column of « lat,lon » points, for a standard that keeps them apart."""
    whole = list(made)
    for row, one in enumerate(made):
        elsewhere = {other.field for other in made if other is not one}
        free = one.personal is None and (one.field is None or one.field in pair)
        if free and profiles[row].share("point") >= 0.8 and not elsewhere & set(pair):
            fields = f"«\u00a0{pair[0]}\u00a0» et «\u00a0{pair[1]}\u00a0»"
            why = f"La colonne tient un point en une cellule\u00a0: elle se partage entre {fields}."
            whole[row] = replace(_left(one, why, pair), split=Split(one.header, pair, LATLON))
            break
    return whole


def _merged(made: Sequence[Mapped], profiles: Sequence[Profile], field: str) -> list[Mapped]:
    """Two columns of coordinates, for a standard that wants a point in one cell."""
    if any(one.field == field for one in made):
        return list(made)
    rows = [_row(made, profiles, axis) for axis in AXES]
    if rows[0] is None or rows[1] is None or rows[0] == rows[1]:
        return list(made)
    whole = list(made)
    merge = Merge((made[rows[0]].header, made[rows[1]].header), field, ",")
    why = f"La latitude et la longitude se réunissent dans «\u00a0{field}\u00a0»."
    for row in (rows[0], rows[1]):
        whole[row] = replace(_left(made[row], why, (field,)), merge=merge)
    return whole


def _row(made: Sequence[Mapped], profiles: Sequence[Profile], axis: str) -> int | None:
    """The one column whose header and numbers are those of an axis."""
    low, high = BOXES[axis]
    found = [
        row
        for row, one in enumerate(made)
        if one.field is None and one.personal is None and axis in _meant(one.header)
        and profiles[row].share("number") >= 0.8
        and low <= (profiles[row].low or 0.0) and (profiles[row].high or 0.0) <= high
        and not profiles[row].empty
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _meant(header: str) -> set[str]:
    words = tokens(header)
    return {*words, *(concept for word in words for concept in concepts(word))}


def _left(one: Mapped, why: str, fields: Sequence[str]) -> Mapped:
    """A column that fills no field by itself."""
    shown = tuple(Candidate(name, SURE) for name in fields)
    return replace(one, field=None, confidence=0.0, decision=NONE, candidates=shown, why=why)
