"""Whether one text is a telephone number, opening hours or a period: the libraries that know."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import opening_hours  # type: ignore[import-untyped]
import phonenumbers

PERIOD = re.compile(r"(\d{4})/(\d{4})\n?")
YEAR = re.compile(r"\d{4}\n?")
PLAIN = re.compile(r"0[1-9](?:[ .]?[0-9]{2}){4}")
KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "pager", "uan", "voicemail",
)  # fmt: skip
LONGEST = 1_000  # characters of a value that a parser is given


def is_phone(text: str) -> bool:
    """A French number, short numbers included, or an international one with its prefix."""
    return _is_plain(text) or _is_number(text, "FR") or _is_number(text, None)


def is_hours(text: str) -> bool:
    """Whether a text follows the syntax of opening hours; what is too long does not."""
    return len(text) <= LONGEST and bool(opening_hours.validate(text))


def is_period(text: str, alone: bool) -> bool:
    """« 2024/2025 », or « 2024 » when years alone are allowed."""
    both = PERIOD.fullmatch(text)
    if both is None:
        return alone and YEAR.fullmatch(text) is not None
    return int(both.group(1)) < int(both.group(2))


def _is_plain(text: str) -> bool:
    """Ten digits, by the library's own table of French numbers: as its parser, but at once."""
    if not PLAIN.fullmatch(text):
        return False
    national = re.sub("[ .]", "", text)[1:]
    everything, kinds = _french()
    return bool(everything.fullmatch(national)) and any(kind.fullmatch(national) for kind in kinds)


@cache
def _french() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    table: Any = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    described = (getattr(table, kind) for kind in KINDS)
    given = [one.national_number_pattern for one in described if one]
    return (
        re.compile(table.general_desc.national_number_pattern),
        tuple(re.compile(pattern) for pattern in given if pattern),
    )


def _is_number(text: str, country: str | None) -> bool:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return False
    valid = phonenumbers.is_valid_number(number)
    return valid or (country is not None and phonenumbers.is_valid_short_number(number))
