"""Codes of communes as sources write them, brought to the communes of today."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from connectors.fetching import FetchError, NotCovered
from data.territories import Territory, current_code

MAX_NAMED = 5  # communes named in a sentence
BY_DISTRICT = frozenset({"75056", "69123", "13055"})  # Paris, Lyon, Marseille
MAX_UNKNOWN = 0.2  # share of lines without a known commune beyond which codes are misread


def current(code: object) -> str | None:
    """The commune of today of a code, whatever it lost: leading zero, capital letter, a merger.

    Codes that begin with 00 are those of this product's fictional territories: never a real one.
    """
    asked = str(code if code is not None else "").strip().upper().removesuffix(".0").zfill(5)
    return None if asked.startswith("00") else current_code(asked)


def current_codes(codes: pd.Series) -> pd.Series:
    """The same for a column; None where no commune is known."""
    made = {code: current(code) for code in codes.unique()}
    return codes.map(made).astype(object)


def check_known(codes: pd.Series, url: str) -> str | None:
    """What to say of the lines left aside; raises FetchError when they are too many.

    `codes` as `current_codes` gives them, before the unknown ones are dropped.
    """
    unknown = int(codes.isna().sum())
    if unknown > MAX_UNKNOWN * len(codes):
        raise FetchError(f"{url} : {unknown} lignes sur {len(codes)} sans commune connue")
    return f"laissées de côté, commune inconnue : {unknown} lignes" if unknown else None


def check_enough(communes: int, floor: int, url: str) -> None:
    """A national file that lost most of its communes must not pass for a quiet country."""
    if communes < floor:
        raise FetchError(f"{url} : {communes} communes lues, au moins {floor} attendues")


def named(places: Sequence[Territory], among: int) -> str:
    """« Cahors (46042), Figeac (46102) », or « 12 communes sur 20 » in place of a long list."""
    if len(places) > MAX_NAMED:
        return f"{len(places)} communes sur {among}"
    return ", ".join(f"{place.name} ({place.code})" for place in places)


def without_districts(codes: Sequence[str]) -> list[str | None]:
    """The communes of today; none for an arrondissement of a town that is there as a whole.

    Both added up would count Paris, Lyon and Marseille twice.
    """
    whole = BY_DISTRICT & set(codes)
    made = ((code, current(code)) for code in codes)
    return [None if now in whole and code != now else now for code, now in made]


def refuse_districts(place: Territory) -> None:
    """Raise NotCovered for a town of which such a source only knows the arrondissements.

    Asked for the whole town, it answers « nothing », which would be read as none.
    """
    if place.code in BY_DISTRICT:
        raise NotCovered(f"{place.name} : la source ne se lit que par arrondissement.")
