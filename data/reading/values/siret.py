"""SIRET and SIREN: their key (Luhn, La Poste's exception), what was lost and what can return."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"[ .\-_/']")
EXPONENT = re.compile(r"(\d)[.,](\d+)[eE]\+?(\d{1,2})")
FLOAT = re.compile(r"(\d{8,14})[.,]0+")
LA_POSTE = "356000000"


def luhn(digits: str) -> bool:
    """Whether the last digit is the key of the others."""
    doubled = (int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_siren(digits: str) -> bool:
    """Nine digits with their key."""
    return len(digits) == 9 and digits.isdecimal() and luhn(digits)


def is_siret(digits: str) -> bool:
    """Fourteen digits with their key; La Poste's sum to a multiple of five."""
    if len(digits) != 14 or not digits.isdecimal():
        return False
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    return luhn(digits)


def bare(value: str) -> str:
    """The value without what people put between its digits."""
    return SEPARATORS.sub("", value)


def whole(value: str, length: int) -> str | None:
    """All the digits of a number in scientific notation when it keeps them all, else None."""
    match = EXPONENT.fullmatch(value.replace(" ", ""))
    if match is None or int(match[3]) != length - 1 or len(match[2].rstrip("0")) > length - 1:
        return None
    return match[1] + match[2] if len(match[2]) == length - 1 else None


def scientific(value: str) -> bool:
    """A number whose last digits a spreadsheet hid: « 2,13104E+13 »."""
    return EXPONENT.fullmatch(value.replace(" ", "")) is not None
