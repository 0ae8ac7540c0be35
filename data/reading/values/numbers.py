"""Columns of numbers: decimal comma, thousands signs, percent, one unit; texts among them kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc

from data.reading.values import units
from data.reading.values.column import Column, Sample
from data.reading.values.figures import PLAIN, Figure, figure
from data.reading.values.names import has, joined, says_amount, says_code, says_count, says_year
from data.reading.values.pairs import names_one

ENOUGH = 0.7  # share of the rows that must read as numbers
PLAIN_RE2 = r"^-?(0|[1-9]\d*)(\.\d+)?$"
FRENCH_RE2 = r"^-?(0|[1-9]\d{0,2}( \d{3})+|[1-9]\d*)(,\d+)?$"
ODD = 50_000  # numbers of other writings looked at, beside the sample
ZEROS = re.compile(r"0\d+")
HOUSE = re.compile(r"\d+ ?(?:bis|ter|quater|quinquies|[A-Za-z])", re.IGNORECASE)
LIST = re.compile(r"\d+(?:[,;/\-] ?\d+){2,}")
YEAR = re.compile(r"1\d{3}|20\d\d|2100")
BRACKETS = re.compile(r"\(([^()\n]{1,40})\)|(\d[\d .,'’]{0,30}(?:€ ?)?)-")
GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")
HOUSES = re.compile("voie|adresse|lot|numero|version|modele|type|ligne")
NEARLY = re.compile(
    r"^(?:[~≈<>≤≥±]=?|env(?:iron|\.)?|plus de|moins de|vers|ca\.?) ?", re.IGNORECASE
)
FEW, SHORT = 5, 12  # texts among numbers, and their characters, that are words for one
TOLD_FROM = 0.5  # share of numbers from which texts among them are told
IDENTIFIER_DIGITS = 13  # integers this long count nothing a town counts
KINDS = {
    "space": "thousands", "apostrophe": "thousands", "dots": "thousands", "commas": "thousands",
    "comma": "decimal_comma", "comma3": "decimal_comma", "exponent": "decimal_comma",
}  # fmt: skip


def settle(column: Column, sample: Sample) -> str | None:
    """integer, number or year when the column holds numbers, brought to normal form; else None."""
    if _identifiers(column, sample):
        return None
    sample = _bracketed(column, sample)
    unit_made = _measures(column, sample)
    if unit_made:
        return unit_made
    if sample.share(figure) < ENOUGH:
        _tell_mixed(column, sample)
        return None
    _convert(column, sample)
    return typed(column)


def _bracketed(column: Column, sample: Sample) -> Sample:
    """« (300,00) » and « 300,00- » below zero, as accountants write, where the rest are amounts."""
    if not any(BRACKETS.fullmatch(value) for value in sample.values):
        return sample
    others = [value for value in sample.values if not BRACKETS.fullmatch(value)]
    amounts = says_amount(column.name) or any(_is_amount(value) for value in sample.values)
    read = sample.share(lambda value: _numeric(value) or BRACKETS.fullmatch(value))
    if not amounts or read < ENOUGH or not any(map(_numeric, others)):
        return sample
    made: dict[int, str | None] = {
        int(at): "-" + (match[1] or match[2]).strip()
        for at in column.positions(column.matching(r"^\(.*\)|-( ?€)?$"))
        if (match := BRACKETS.fullmatch(column.values[at])) and _numeric(match[1] or match[2])
    }
    return column.sample() if column.apply("accounting_negative", made) else sample


def _is_amount(value: str) -> bool:
    bare = value.strip("()- ")
    measured = units.measure(bare)
    if measured is not None:
        return measured.unit in units.CURRENCIES
    found = figure(bare)
    return found is not None and found.decimals is not None


def _numeric(value: str) -> bool:
    """A number, alone or with a known unit."""
    if figure(value):
        return True
    measured = units.measure(value)
    return measured is not None and measured.unit is not None


def _tell_mixed(column: Column, sample: Sample) -> None:
    """Texts beside as many numbers: the column stays as it is, and the person knows it."""
    if says_code(column.name) or HOUSES.search(joined(column.name)):
        return
    share = sample.share(lambda value: _numeric(NEARLY.sub("", value)))
    others = [value for value in sample.values if not _numeric(value)]
    short = len(others) <= FEW and all(len(value) <= SHORT for value in others)
    quantity = says_year(column.name) or says_count(column.name) or says_amount(column.name)
    if others and (share > TOLD_FROM or (share == TOLD_FROM and (short or quantity))):
        column.flag(f"mixed_types:{column.name}")
    written = {made.written for value in sample.values if (made := units.measure(value))}
    if len(written) == 1 and sample.share(units.measure) >= ENOUGH and len(sample.values) > 1:
        unit = written.pop()
        if unit[0].isalpha() and not any(map(str.isdigit, unit)):
            column.flag(f"unknown_unit:{column.name}:{unit}")


def typed(column: Column) -> str:
    """integer, number or year, from the values that read so; the others are flagged."""
    texts = [at for at in column.positions(~column.matching(PLAIN_RE2))]
    odd = [at for at in texts if not _castable(column.values[at])]
    if 2 * column.counts[odd].sum() > column.counts[column.positions()].sum():
        return "string"  # the person refused the repairs
    column.flag_rows("not_a_number", odd)
    left = set(odd)
    held = [column.values[at] for at in column.positions() if at not in left]
    if any("." in value or "E" in value for value in held):
        return "number"
    if not says_year(column.name) or not held:
        return "integer"
    wrong = [at for at in column.positions() if not YEAR.fullmatch(column.values[at])]
    if wrong and 2 * len(wrong) < len(held):
        column.flag_rows("not_a_year", [at for at in wrong if at not in left])
    return "integer" if len(wrong) > len(left) else "year"


def _castable(value: str) -> bool:
    found = figure(value)
    return bool(PLAIN.fullmatch(value)) or (found is not None and found.style == "exponent")


def _identifiers(column: Column, sample: Sample) -> bool:
    """Figures that count nothing: leading zeros, house numbers, lists, very long integers."""
    if says_code(column.name) and not _measured_code(column, sample):
        if sample.share(GROUPED.fullmatch) >= TOLD_FROM:
            column.flag(f"ambiguous_number:{column.name}")
        return True
    decimals = sample.share(lambda value: "," in value or "." in value)
    zeros = sample.share(ZEROS.fullmatch)
    houses = sample.share(lambda value: HOUSE.fullmatch(value) and not _unit(value))
    long = sample.share(lambda value: value.isdigit() and len(value) >= IDENTIFIER_DIGITS)
    if zeros and decimals < 0.3:
        return True
    one_letter = houses and not sample.share(units.measure) >= ENOUGH
    return bool(one_letter or long > 0.1 or sample.share(LIST.fullmatch) and _lists(sample))


def _measured_code(column: Column, sample: Sample) -> bool:
    """A header such as « id » over plain integers: an integer all the same."""
    plain = sample.share(lambda value: value.isdigit() and (value == "0" or value[0] != "0"))
    named_code = has(column.name, "code", "codes", "siret", "siren", "telephone", "tel")
    return plain == 1.0 and not named_code and max(map(len, sample.values)) < IDENTIFIER_DIGITS


def _lists(sample: Sample) -> bool:
    return any(LIST.fullmatch(value) and not figure(value) for value in sample.values)


def _unit(value: str) -> bool:
    found = units.measure(value)
    return found is not None and found.unit is not None and value[-1].islower()


# --- units ---------------------------------------------------------------------------------------


def _measures(column: Column, sample: Sample) -> str | None:
    """The type when the column holds measures with their unit; None when it holds none."""
    found = {value: units.measure(value) for value in sample.values}
    weights = dict(zip(sample.values, sample.weights, strict=True))
    spelt = Counter(made.written for made in found.values() if made)
    measured = {
        value: made for value, made in found.items() if made and _heard(made, spelt, len(found))
    }
    with_unit = sum(weights[value] for value in measured)
    if not with_unit:
        return None
    bare = [value for value in sample.values if value not in measured and figure(value)]
    bare_weight = sum(weights[value] for value in bare)
    if with_unit + bare_weight < ENOUGH * sample.total or bare_weight >= ENOUGH * sample.total:
        return None
    kinds = {made.unit or made.written for made in measured.values()}
    one = len(kinds) == 1 and _bare_agree(bare, next(iter(kinds)))
    if not one:
        column.flag(f"mixed_units:{column.name}")
        return "string"
    return _one_unit(column, sample, Counter(made.written for made in measured.values()))


def _heard(made: units.Measure, spelt: Counter[str], values: int) -> bool:
    """A known unit, or one plain word that follows several numbers all down the column."""
    if made.unit:
        return True
    same = spelt[made.written]
    return units.generic(made.written) and same == values and same >= 3


def _bare_agree(bare: list[str], unit: str) -> bool:
    """Whether numbers without a unit may stand beside those that bear it."""
    zero = all(not figure(value).text().strip("-0.") for value in bare)  # type: ignore[union-attr]
    return zero or unit in units.CURRENCIES


def _one_unit(column: Column, sample: Sample, written: Counter[str]) -> str | None:
    spelt = next(iter(written)) if len(written) == 1 else units.known(next(iter(written))) or ""
    percent = units.known(spelt) == units.PERCENT
    kind = "percent" if percent else "unit"
    if column.wishes.refuses(kind, column.name):
        return "string"
    figures = [made.figure for value in sample.values if (made := units.measure(value))]
    grouping = Grouping(figures + [f for value in sample.values if (f := figure(value))])
    changes: dict[int, str | None] = {}
    for at in column.positions():
        measured = units.measure(column.values[at])
        if measured and grouping.text(measured.figure) is not None:
            text = grouping.text(measured.figure) or ""
            changes[int(at)] = hundredth(text) if percent else text
    column.apply(kind, changes)
    column.flag(f"percent:{column.name}" if percent else f"unit:{column.name}:{spelt}")
    _convert_with(column, grouping)
    return typed(column)


def hundredth(text: str) -> str:
    """« 12.5 » -> « 0.125 », exactly, without useless zeros."""
    made = format(Decimal(text).scaleb(-2), "f")
    return made.rstrip("0").rstrip(".") if "." in made else made


# --- bare numbers --------------------------------------------------------------------------------


class Grouping:
    """What the separators of a column mean, from all the numbers it holds."""

    def __init__(self, figures: list[Figure], coordinate: bool = False) -> None:
        styles = {made.style for made in figures}
        below_one = {made.style for made in figures if made.whole in ("", "0") and made.decimals}
        # « 1 234,5 »: the sign after groups of thousands is that of decimals
        signs = {made.sign for made in figures if made.style in ("space", "apostrophe")}
        dot_decimal = bool({"dot", "commas"} & styles or "dot" in below_one or "." in signs)
        comma_decimal = bool({"comma", "dots"} & styles or "comma" in below_one or "," in signs)
        self.dots = "dots" in styles and not dot_decimal
        self.commas = "commas" in styles and not comma_decimal
        # A point beside decimal commas, a comma beside decimal points: no one can tell.
        self.dot_unsure = "dot3" in styles and not self.dots and comma_decimal and not dot_decimal
        self.comma_unsure = (
            "comma3" in styles and not self.commas and dot_decimal and not comma_decimal
        )
        spaced = {"plain", "space", "apostrophe"}
        only = styles <= {"dot3", *spaced} or styles <= {"comma3", *spaced}
        if coordinate:  # degrees have decimals, and no thousands
            self.dots = self.dots and "dot3" not in styles
            self.dot_unsure = self.comma_unsure = only = False
        self.doubt = self.dot_unsure or self.comma_unsure or (only and not styles <= spaced)

    def text(self, made: Figure) -> str | None:
        """The number in normal form; None when its separator cannot be told."""
        if made.style == "dot3":
            return None if self.dot_unsure else (made.grouped() if self.dots else made).text()
        if made.style == "comma3":
            return None if self.comma_unsure else (made.grouped() if self.commas else made).text()
        return made.text()


def _convert(column: Column, sample: Sample) -> None:
    grouping = Grouping(_evidence(column, sample), coordinate=names_one(column.name))
    _convert_with(column, grouping)
    if grouping.doubt:
        column.flag(f"ambiguous_number:{column.name}")


def _evidence(column: Column, sample: Sample) -> list[Figure]:
    """The numbers of the sample, and those of the whole column that are written otherwise."""
    odd = column.positions(~column.matching(PLAIN_RE2) & ~column.matching(FRENCH_RE2))[:ODD]
    texts = (*sample.values, *column.values[odd])
    return [made for value in texts if (made := figure(value))]


def _convert_with(column: Column, grouping: Grouping) -> None:
    if not (grouping.commas or grouping.comma_unsure):
        _convert_french(column)
    column.apply_kinds(_changes(column, grouping))


def _convert_french(column: Column) -> None:
    """« 1 234,50 » and « 12,5 » without Python: columns of a million amounts are written so."""
    ready = ~column.doubtful & column.filled & column.matching(FRENCH_RE2)
    spaced = ready & column.matching(" ")
    comma = ready & ~spaced & column.matching(",")
    for kind, mask in (("thousands", spaced), ("decimal_comma", comma)):
        if mask.any():
            unspaced = pc.replace_substring(column.texts(), " ", "")
            column.apply_texts(kind, mask, pc.replace_substring(unspaced, ",", "."))


def _changes(column: Column, grouping: Grouping) -> Iterator[tuple[int, str, str | None]]:
    odd = ~column.matching(r"^-?\d+$") if grouping.dots else ~column.matching(PLAIN_RE2)
    for at in column.positions(np.asarray(odd)):
        value = column.values[at]
        made = figure(value)
        after = grouping.text(made) if made else None
        if made and after is not None and after != value:
            yield int(at), _kind(made, after), after


def _kind(made: Figure, after: str) -> str:
    if made.style in ("dot3", "comma3") and "." not in after:
        return "thousands"
    return KINDS.get(made.style, "number_sign")
