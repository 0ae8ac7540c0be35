"""Degrees as people write them: 48°51'24" N, N 48° 51.4', 2,35° O; French O is west."""

from __future__ import annotations

import re
from functools import lru_cache

from data.reading.values.column import Column, Sample

SIDE = "[NSEWOnsewo]|Nord|Sud|Est|Ouest|nord|sud|est|ouest"
MINUTE, SECOND = (
    "['\u2019\u2018\u2032\u00b4]",
    "(?:\"|\u201d|\u201c|\u2033|''|\u2019\u2019|\u2032\u2032)",
)
NUMBER = r"\d{1,3}(?:[.,]\d{1,12})?"
SIGNED = re.compile(
    rf"(?:(?P<before>{SIDE}) ?)?(?P<minus>[+\-−]?)(?P<d>{NUMBER}) ?(?:°|º|d|deg) ?"
    rf"(?:(?P<m>{NUMBER}) ?(?:{MINUTE}|min) ?(?:(?P<s>{NUMBER}) ?(?:{SECOND}|sec)? ?)?)?"
    rf"(?P<after>{SIDE})?"
)
SPACED = re.compile(
    rf"(?:(?P<before>{SIDE}) ?)?(?P<minus>[+\-−]?)(?P<d>\d{{1,3}}) (?P<m>\d{{1,2}}) "
    rf"(?P<s>\d{{1,2}}(?:[.,]\d+)?) ?(?P<after>{SIDE})?"
)
DECIMAL = re.compile(
    rf"(?:(?P<before>{SIDE}) ?)?(?P<minus>-?)(?P<d>\d{{1,3}}[.,]\d{{3,15}}) ?(?P<after>{SIDE})?",
    re.ASCII,
)
LONGEST = 60
SIDES = {SIGNED: (0, 1), SPACED: (1,), DECIMAL: (1,)}  # how many sides each may, or must, name
PLACES = 7  # decimals of a degree: one centimetre


@lru_cache(maxsize=65_536)
def degrees(value: str) -> float | None:
    """Decimal degrees of one angle that bears a degree sign or a side; None for anything else."""
    if len(value) > LONGEST:
        return None
    match = SIGNED.fullmatch(value) or SPACED.fullmatch(value) or DECIMAL.fullmatch(value)
    if match is None or bool(match["before"]) + bool(match["after"]) not in SIDES[match.re]:
        return None
    written = match.groupdict()
    parts = [float((written.get(name) or "0").replace(",", ".")) for name in ("d", "m", "s")]
    if parts[0] > 180 or parts[1] >= 60 or parts[2] >= 60:
        return None
    side = (match["before"] or match["after"] or "N")[0].upper()
    sign = -1 if (side in "SWO") != bool(match["minus"] in ("-", "−") and match["minus"]) else 1
    return sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)


def shown(value: float) -> str:
    """Degrees as text: seven decimals at most, no useless zero."""
    text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def settle(column: Column, sample: Sample) -> str | None:
    """number when the column holds angles in degrees, minutes and seconds; else None."""
    signed = sample.share(lambda value: degrees(value) is not None)
    if signed < 0.7 or not any(_is_angle(value) for value in sample.values):
        return None
    places = column.positions()
    made = {
        int(at): shown(found) for at in places if (found := degrees(column.values[at])) is not None
    }
    if not column.apply("dms", dict(made)):
        return "string"
    column.flag("dms")
    return "number"


def _is_angle(value: str) -> bool:
    """Minutes or a side: « 12° » alone is a temperature."""
    found = degrees(value) is not None
    return found and (
        any(sign in value for sign in "'’′´‘") or value[-1:].isalpha() or value[:1].isalpha()
    )
