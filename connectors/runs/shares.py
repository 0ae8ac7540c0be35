"""One answer about several places: what of it is each one's, in rows and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pandas import DataFrame

from connectors.fetching import Got, NotCovered
from connectors.reading.communes import named
from data.territories import Territory


def of_one(got: Got, place: Territory) -> Got:
    """The part of one place of a group; raises NotCovered where the source leaves it out."""
    return told(replace(got, rows=_own(got, place)), [place])


def told(got: Got, communes: Sequence[Territory]) -> Got:
    """An answer about these communes (an EPCI's, or one), whose detail says what each lacks.

    Raises NotCovered where it has no row and the source leaves all of them out. A part of an EPCI
    that the source leaves out is said: its rows are not those of the whole.
    """
    codes = {place.code for place in communes}
    if got.rows.empty and codes and codes <= set(got.uncovered):
        raise NotCovered(next(got.uncovered[place.code] for place in communes))
    absent = {code: why for code, why in got.uncovered.items() if code in codes}
    said = [*([got.detail] if got.detail else []), *_by_reason({**got.details, **absent}, communes)]
    return replace(got, detail=" ; ".join(said) or None)


def _own(got: Got, place: Territory) -> DataFrame:
    return got.rows[got.rows["territory"] == place.code].reset_index(drop=True)


def _by_reason(words: Mapping[str, str], communes: Sequence[Territory]) -> list[str]:
    """« aucune station : Cahors (46042), Figeac (46102) », each reason once."""
    about: dict[str, list[Territory]] = {}
    for place in communes:
        if place.code in words:
            about.setdefault(words[place.code].rstrip(". "), []).append(place)
    return [f"{why} : {named(places, len(communes))}" for why, places in about.items()]
