"""SIRET and SIREN numbers: the Luhn key, and the establishments of La Poste that do not follow it.

The text is read as the official tools read it: spaces and points between digits do not matter.
"""

from __future__ import annotations

import unicodedata

SIRET, SIREN = 14, 9  # digits
LA_POSTE = "356000000"
LA_POSTE_SEAT = "35600000000048"  # its head office follows Luhn as any other
POINTS = ".·․‧∙⋅．﹒・･"
DOUBLED = str.maketrans("123456789", "246813579")  # twice a digit, its own digits added
OGHAM = "\u1680"  # a separator that draws a line: not a space for the official tools


def siren(text: str) -> bool:
    """Whether a text is a well-formed SIREN (it may not exist)."""
    digits = compact(text)
    return _digits(digits, SIREN) and luhn(digits)


def siret(text: str) -> bool:
    """Whether a text is a well-formed SIRET (it may not exist)."""
    digits = compact(text)
    if not _digits(digits, SIRET) or not luhn(digits[:SIREN]):
        return False
    if digits.startswith(LA_POSTE) and digits != LA_POSTE_SEAT:
        return sum(map(int, digits)) % 5 == 0
    return luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is the key of the others."""
    terms = digits[-1::-2] + digits[-2::-2].translate(DOUBLED)
    return sum(map(int, terms)) % 10 == 0


def compact(text: str) -> str:
    """The digits without their separators, whatever the look of both in Unicode."""
    if text.isascii() and text.isdigit():
        return text
    return "".join(_plain(letter) for letter in text).strip()


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _plain(letter: str) -> str:
    if letter in "0123456789":
        return letter
    if letter in POINTS or (unicodedata.category(letter) == "Zs" and letter != OGHAM):
        return ""
    if unicodedata.category(letter) == "Nd":
        return unicodedata.normalize("NFKC", letter)
    return letter
