"""A published table asked for a few communes only: the codes to ask, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.fetching import FetchError, Got, NotCovered
from connectors.reading.communes import current
from connectors.tables.rows import Rows
from data.territories import Territory, former_codes

ABSENT = "La source n'a aucune ligne pour cette commune."


def codes_of(communes: Sequence[Territory]) -> list[str]:
    """Their codes, and those of the communes that became part of them: a table may be older."""
    return [code for place in communes for code in (place.code, *former_codes(place.code))]


def check_asked(given: Iterable[object], asked: Sequence[str], url: str) -> None:
    """Refuse lines of other communes: a source that ignores a filter answers with all of them."""
    towns = {current(code) for code in asked}
    others = sorted({str(code)[:12] for code in given if current(code) not in towns})
    if others:
        raise FetchError(
            f"{url} : lignes de {', '.join(others[:3])}, non des communes demandées : filtre ignoré"
        )


def got(communes: Sequence[Territory], rows: Rows, url: str, vintage: str | None) -> Got:
    """The answer (its requests not counted); the communes without a line are not covered.

    Raises NotCovered when none has a line.
    """
    there = set(rows.frame["territory"])
    absent = {place.code: ABSENT for place in communes if place.code not in there}
    if len(absent) == len(communes):
        raise NotCovered(ABSENT)
    return Got(rows.frame, url, vintage, 0, rows.detail, absent)
