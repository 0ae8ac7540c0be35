"""Columns of dates, months and times: French order unless the column proves another."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from functools import partial

import numpy as np

from data.reading.values.column import Column, Sample
from data.reading.values.moments import Moment, clock, hour, moment
from data.reading.values.names import has, says_code, says_date, says_year

ISO_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$"  # days all months have: certainly right
AHEAD = 10  # years: a two-digit year further ahead is of the last century
MIDNIGHT = "00:00:00"
SURE = ("spelt", "iso", "figures")  # forms that are dates whatever the header says
PARTIAL = ("month", "year")


def settle(column: Column, sample: Sample) -> str | None:
    """date, datetime, yearmonth, year or time when the column holds them; else None."""
    read = partial(moment, pivot=_pivot())
    found = {value: made for value in sample.values if (made := read(value))}
    if _are_times(column, sample):
        return _times(column)
    if not found or not _are_dates(column.name, sample, found):
        return None
    kept = Counter(found[value].form for value in sample.values if value in found)
    if set(kept) <= set(PARTIAL) and not kept["month"]:
        return _years(column, sample, found)
    return _dates(column, Order(_all(column, found, read)))


def _pivot() -> int:
    given = os.environ.get("ACV_TODAY", "")
    year = int(given[:4]) if given[:4].isdigit() else date.today().year
    return year % 100 + AHEAD


def _all(column: Column, found: dict[str, Moment], read: partial[Moment | None]) -> list[Moment]:
    """Every date of the column, not only of the sample: one line may prove the order."""
    if len(found) >= len(column.positions()):
        return list(found.values())
    odd = column.positions(~column.matching(ISO_DAY))
    return [made for at in odd if (made := read(column.values[at]))]


# --- is it a column of dates? --------------------------------------------------------------------


def _are_dates(name: str, sample: Sample, found: dict[str, Moment]) -> bool:
    named = says_date(name)
    sure = sample.share(lambda value: value in found and _sure(found[value], named))
    if sure == 0.0 and not named:
        return _are_months(name, sample, found)
    loose = sample.share(lambda value: value in found)
    real = sample.share(lambda value: value in found and found[value].iso() is not None)
    if named and sure == 0.0 and loose < 0.9:
        return loose >= 0.5 and _are_months(name, sample, found)
    return real > 0 and loose >= (0.5 if named else 0.7) and (named or sure >= 0.2)


def _sure(made: Moment, named: bool) -> bool:
    """A date whatever surrounds it; « 01-02-03 » or « 01.02.03 » may number something."""
    return made.form in SURE and (named or not made.short or made.sign in ("/", ""))


def _are_months(name: str, sample: Sample, found: dict[str, Moment]) -> bool:
    """Months alone; « 03/2024 » may number a decision, so the header must say months."""
    if says_code(name):
        return False
    months = sample.share(lambda value: value in found and found[value].form == "month")
    certain = sample.share(lambda value: value in found and _month_sure(value, found[value]))
    loose = sample.share(
        lambda value: value in found and found[value].form in PARTIAL and found[value].iso()
    )
    named = has(name, "mois", "month", "periode") or says_date(name)
    return loose >= 0.9 and months >= 0.5 and (named or certain >= 0.5)


def _month_sure(value: str, made: Moment) -> bool:
    return made.sign == "mot" or (made.form == "month" and value == made.iso())


def _are_times(column: Column, sample: Sample) -> bool:
    lasting = has(column.name, "duree", "durees", "temps", "amplitude", "delai")
    if lasting:
        return False
    minutes = sample.share(clock)
    named = has(column.name, "heure", "heures", "horaire", "horaires", "ouverture", "fermeture")
    return (minutes > 0 or named) and sample.share(_time) >= 0.95


def _time(value: str) -> str | None:
    return clock(value) or hour(value)


# --- conversions ---------------------------------------------------------------------------------


class Order:
    """Which of the two figures is the month, from all the dates of a column."""

    def __init__(self, dates: list[Moment]) -> None:
        figures = [made for made in dates if made.form == "figures"]
        day_first = sum(1 for made in figures if made.first > 12 >= made.second and made.iso())
        month_first = sum(1 for made in figures if made.second > 12 >= made.first)
        self.mixed = bool(day_first and month_first) and month_first * 10 >= day_first
        self.month_first = month_first > 0 and day_first == 0

    def iso(self, made: Moment) -> str | None:
        """ISO text, None when impossible, or when the order cannot be told."""
        if made.form != "figures" or not self.mixed:
            return made.iso(self.month_first)
        return None if self.unsure(made) else made.iso() or made.iso(month_first=True)

    def unsure(self, made: Moment) -> bool:
        """Two readings in a column that holds both orders."""
        twice = made.first <= 12 and made.second <= 12 and made.first != made.second
        return self.mixed and made.form == "figures" and twice


def _dates(column: Column, order: Order) -> str:
    pivot = _pivot()
    told: dict[str, list[int]] = {}
    changes: list[tuple[int, str, str | None]] = []
    for at in column.positions(~column.matching(ISO_DAY)):
        made = moment(column.values[at], pivot)
        after = order.iso(made) if made else None
        for flag in _told(made, after, order):
            told.setdefault(flag, []).append(at)
        if made and after and after != column.values[at]:
            changes.append((int(at), _kind(made, order), after))
    column.apply_kinds(_without_midnight(column, changes))
    _raise(column, told, changes, order)
    return _type(column)


def _told(made: Moment | None, after: str | None, order: Order) -> list[str]:
    if made is None:
        return ["not_a_date"]
    if after is None:
        return ["ambiguous_date" if order.unsure(made) else "impossible_date"]
    partial_date = ["partial_date"] if len(after) < 10 else []
    return partial_date + (["two_digit_year"] if made.short else [])


def _kind(made: Moment, order: Order) -> str:
    if made.form == "serial":
        return "excel_serial"
    if made.form == "figures" and (order.month_first or (order.mixed and made.second > 12)):
        return "month_first"
    return "two_digit_year" if made.short else "date"


def _raise(
    column: Column,
    told: dict[str, list[int]],
    changes: list[tuple[int, str, str | None]],
    order: Order,
) -> None:
    months_only = _months_only(column) and not says_date(column.name)
    for flag, places in told.items():
        if flag == "two_digit_year":
            column.flag(f"two_digit_year:{column.name}")
        elif flag != "partial_date" or not months_only:
            column.flag_rows(flag, places)
    for kind in sorted({kind for _, kind, _ in changes} & {"excel_serial", "month_first"}):
        if not column.wishes.refuses(kind, column.name):
            column.flag(kind)


def _without_midnight(
    column: Column, changes: list[tuple[int, str, str | None]]
) -> list[tuple[int, str, str | None]]:
    """Days written « 00:00:00 » all down the column are days."""
    new = {at: after or "" for at, _, after in changes}
    finals = [new.get(int(at), column.values[at]) for at in column.positions()]
    timed = [text for text in finals if text[10:11] == "T"]
    if not timed or any(text[11:] != MIDNIGHT for text in timed):
        return changes
    made = [(at, kind, after[:10] if after else None) for at, kind, after in changes]
    for at in column.positions():
        if int(at) not in new and column.values[at][10:] == f"T{MIDNIGHT}":
            made.append((int(at), "date", column.values[at][:10]))
    return made


def _months_only(column: Column) -> bool:
    return all(len(column.values[at]) == 7 for at in column.positions())


def _type(column: Column) -> str:
    """The type of most rows."""
    held: Counter[str] = Counter()
    lengths = {4: "year", 7: "yearmonth", 10: "date"}
    places = column.positions()
    for at in places:
        value = column.values[at]
        kind = lengths.get(len(value), "datetime" if value[10:11] == "T" else "string")
        held[kind] += int(column.counts[at])
    return max(held, key=lambda kind: (held[kind], kind.startswith("date")))


def _years(column: Column, sample: Sample, found: dict[str, Moment]) -> str | None:
    """Years alone under a header that says date: as precise as is known, and told."""
    if not says_date(column.name) or says_year(column.name) or len(found) < len(sample.values):
        return None
    column.flag_rows("partial_date", column.positions())
    return "year"


def _times(column: Column) -> str:
    places = np.asarray(column.positions())
    changes = {int(at): made for at in places if (made := _time(column.values[at]))}
    column.apply("time", dict(changes))
    column.flag_rows("not_a_time", [at for at in places if _time(column.values[at]) is None])
    return "time"
