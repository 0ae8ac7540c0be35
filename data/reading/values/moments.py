"""How one date or time is written: its parts told apart, before the column says their order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from data.reading.values.names import fold

MONTHS = {
    word: number
    for number, spelt in enumerate(
        (
            "janvier janv jan january", "fevrier fevr fev february feb", "mars mar march",
            "avril avr april apr", "mai may", "juin jun june", "juillet juil jul july",
            "aout aou august aug", "septembre sept sep september", "octobre oct october",
            "novembre nov november", "decembre dec december",
        ),
        start=1,
    )
    for whole in spelt.split()
    for word in {whole[:length] for length in range(3, len(whole) + 1)} - {"jui", "juil"} | {whole}
}  # fmt: skip
DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim"
CLOCK = (
    r"(?:[T ,]+(?:[aà] |- )?(\d{1,2}) ?[:hH] ?(\d{2})?(?: ?(?::|min|m) ?(\d{2}) ?s?)?"
    r"([.,]\d{1,9})?(Z|(?<=\d)[+-]\d{2}:?\d{2}| ?UTC)?)?"
)
FIGURES = re.compile(rf"(\d{{1,4}})([/.\-])(\d{{1,2}})\2(\d{{1,4}}){CLOCK}", re.ASCII)
SPELT = re.compile(
    rf"(?:(?:{DAYS})\.?,? )?(?:le )?(\d{{1,2}})(?:er)?[ \-/.]?([a-z]{{3,9}})\.?[ \-/,.]{{0,2}}"
    rf"(\d{{4}}|\d{{2}}){CLOCK}",
    re.ASCII,
)
ENGLISH = re.compile(rf"([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){CLOCK}", re.ASCII)
MONTH_SPELT = re.compile(r"([a-z]{3,9})(?:\. ?|[ \-/])(\d{4}|\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})", re.ASCII)
YEAR_MONTH = re.compile(r"(\d{4})[/\-](\d{1,2})", re.ASCII)
YEAR = re.compile(r"1\d{3}|20\d\d|2100", re.ASCII)
COMPACT = re.compile(r"(1[5-9]\d\d|20\d\d)(\d{2})(\d{2})", re.ASCII)
SERIAL = re.compile(r"([1-7]\d{4})(?:[.,](\d+))?", re.ASCII)
HOUR = re.compile(r"(\d{1,2}) ?[hH]", re.ASCII)
TIME = re.compile(
    r"(\d{1,2}) ?(?::|h) ?(\d{2})(?: ?(?::|min|m) ?(\d{2}) ?s?)?", re.IGNORECASE | re.ASCII
)
EPOCH = date(1899, 12, 30)  # day 0 of the spreadsheets' serials
FIRST_YEAR, LAST_YEAR, LAST_SERIAL = 1000, 2100, 73_050
LONGEST = 48  # characters


class Moment(NamedTuple):
    """A date taken apart. `form`: figures, iso, spelt, month, year, compact, serial.

    `first` and `second` are day and month in the order of the text for `figures`; elsewhere the
    order is known and they are month and day (0: not given). `clock` is HH:MM:SS or None.
    """

    form: str
    year: int
    first: int
    second: int
    clock: str | None = None
    short: bool = False  # the year has two digits
    sign: str = ""  # between the figures

    def iso(self, month_first: bool = False) -> str | None:
        """ISO text, as precise as what is written; None for a date that does not exist."""
        month, day = self.first, self.second
        if self.form == "figures" and not month_first:
            month, day = day, month
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            return None
        if month == 0 and day == 0:
            return f"{self.year:04d}"
        if day == 0:
            return f"{self.year:04d}-{month:02d}" if month <= 12 else None
        return self._whole(month, day)

    def _whole(self, month: int, day: int) -> str | None:
        try:
            made = date(self.year, month, day).isoformat()
        except ValueError:
            return None
        return f"{made}T{self.clock}" if self.clock else made


@lru_cache(maxsize=65_536)
def moment(value: str, pivot: int) -> Moment | None:
    """A text read as a date, a month or a year; `pivot`: last two-digit year after 2000."""
    if len(value) > LONGEST or not any(sign.isdigit() for sign in value):
        return None
    match = FIGURES.fullmatch(value)
    if match:
        return _figures(match, pivot)
    return _short(value) or _words(value, pivot)


def _figures(match: re.Match[str], pivot: int) -> Moment | None:
    head, sign, middle, tail = match[1], match[2], int(match[3]), match[4]
    clock = _clock(match, 5)
    if clock == "":
        return None
    if len(head) == 4 and len(tail) <= 2:
        return Moment("iso", int(head), middle, int(tail), clock, sign=sign)
    if len(head) > 2 or len(tail) not in (2, 4):
        return None
    year, short = _year(tail, pivot)
    return Moment("figures", year, int(head), middle, clock, short, sign)


def _short(value: str) -> Moment | None:
    """Figures that give less than a day, or a day without a sign."""
    if YEAR.fullmatch(value):
        return Moment("year", int(value), 0, 0)
    if match := MONTH.fullmatch(value):
        return Moment("month", int(match[2]), int(match[1]), 0) if int(match[1]) else None
    if match := YEAR_MONTH.fullmatch(value):
        return Moment("month", int(match[1]), int(match[2]), 0)
    if match := COMPACT.fullmatch(value):
        return Moment("compact", int(match[1]), int(match[2]), int(match[3]))
    return _serial(value)


def _serial(value: str) -> Moment | None:
    """A day of the spreadsheets, 1927 to 2099."""
    match = SERIAL.fullmatch(value)
    if match is None or int(match[1]) >= LAST_SERIAL:
        return None
    day = EPOCH + timedelta(days=int(match[1]))
    seconds = round(float(f"0.{match[2] or 0}") * 86_400)
    if seconds == 86_400:
        day, seconds = day + timedelta(days=1), 0
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return Moment("serial", day.year, day.month, day.day, clock if seconds else None)


def _words(value: str, pivot: int) -> Moment | None:
    folded = fold(value)
    if match := SPELT.fullmatch(folded):
        return _spelt(match, match[2], match[1], match[3], pivot)
    if match := ENGLISH.fullmatch(folded):
        return _spelt(match, match[1], match[2], match[3], pivot)
    match = MONTH_SPELT.fullmatch(folded)
    if match and match[1] in MONTHS:
        year, short = _year(match[2], pivot)
        return Moment("month", year, MONTHS[match[1]], 0, short=short, sign="mot")
    return None


def _spelt(match: re.Match[str], month: str, day: str, year: str, pivot: int) -> Moment | None:
    clock = _clock(match, 4)
    if month not in MONTHS or clock == "":
        return None
    full, short = _year(year, pivot)
    return Moment("spelt", full, MONTHS[month], int(day), clock, short)


def _clock(match: re.Match[str], first: int) -> str | None:
    """HH:MM:SS with its zone; None when no hour is written, « » when the hour cannot be."""
    hour, minute, second, part, zone = (match[first + step] for step in range(5))
    if hour is None:
        return None
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return ""
    tail = "" if part is None or not part.strip(".,0") else "." + part[1:]
    zoned = {" UTC": "Z", "UTC": "Z"}.get((zone or "").upper(), (zone or "").upper())
    return f"{int(hour):02d}:{int(minute or 0):02d}:{int(second or 0):02d}{tail}{zoned}"


@lru_cache(maxsize=65_536)
def clock(value: str) -> str | None:
    """A time of day as HH:MM:SS, or None."""
    match = TIME.fullmatch(value) if len(value) <= LONGEST else None
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    inside = hour <= 23 and minute <= 59 and second <= 59
    return f"{hour:02d}:{minute:02d}:{second:02d}" if inside else None


@lru_cache(maxsize=65_536)
def hour(value: str) -> str | None:
    """« 18h » or « 9 h » as HH:MM:SS, or None; alone, it may as well be a duration."""
    match = HOUR.fullmatch(value)
    return f"{int(match[1]):02d}:00:00" if match and int(match[1]) <= 23 else None


def _year(text: str, pivot: int) -> tuple[int, bool]:
    if len(text) == 4:
        return int(text), False
    return int(text) + (2000 if int(text) <= pivot else 1900), True
