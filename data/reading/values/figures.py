"""How one number is written: its signs told apart, and its normal form once they are settled.

Styles: `plain` 1234, `dot` 12.5, `comma` 12,5, `dot3` 1.234 and `comma3` 1,234 (thousands or
decimals, the column tells), `space` 1 234,5, `apostrophe` 1'234.5, `dots` 1.234,56 or 1.234.567,
`commas` 1,234.56 or 1,234,567, `exponent` 1,5E+03.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

BODY = r"\d+(?:[ '’.,]\d+)*|[.,]\d+"
NUMBER = re.compile(rf"([+\-−–]?) ?({BODY})", re.ASCII)
EXPONENT = re.compile(r"([+\-−–]?)(\d[.,]\d+)[eE]([+-]?\d{1,3})", re.ASCII)
SEPARATOR = re.compile(r"[ '’.,]")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
MINUS = ("-", "−", "–")
LONGEST = 60  # characters; a longer text is no number
GROUPED = {" ": "space", "'": "apostrophe", "’": "apostrophe", ".": "dots", ",": "commas"}


class Figure(NamedTuple):
    """One number taken apart. `decimals` is None when there is no decimal sign."""

    style: str
    minus: bool
    whole: str
    decimals: str | None
    sign: str = ""  # of the decimals, when there are some

    def text(self) -> str:
        """Normal form: decimal point, no thousands sign, decimals as written."""
        tail = "" if self.decimals is None else f".{self.decimals}"
        return f"{'-' if self.minus else ''}{self.whole or '0'}{tail}"

    def grouped(self) -> Figure:
        """The same number, its only separator taken for a thousands sign."""
        return self._replace(whole=self.whole + (self.decimals or ""), decimals=None)


@lru_cache(maxsize=65_536)
def figure(value: str) -> Figure | None:
    """A text read as a number, or None."""
    if len(value) > LONGEST:
        return None
    match = NUMBER.fullmatch(value)
    if match is None:
        return _exponent(value)
    split = _split(match[2])
    if split is None:
        return None
    style, whole, decimals = split
    sign = "" if decimals is None else SEPARATOR.findall(match[2])[-1]
    return Figure(style, match[1] in MINUS, whole, decimals, sign)


def _exponent(value: str) -> Figure | None:
    match = EXPONENT.fullmatch(value)
    if match is None:
        return None
    whole, decimals = match[2].replace(",", ".").split(".")
    return Figure("exponent", match[1] in MINUS, whole, f"{decimals}E{match[3]}")


def _split(body: str) -> tuple[str, str, str | None] | None:
    """(style, whole part, decimals) of the digits and their separators; None when ill-grouped."""
    signs = SEPARATOR.findall(body)
    if not signs:
        return "plain", body, None
    parts = SEPARATOR.split(body)
    if len(signs) == 1:
        return _one_sign(signs[0], parts[0], parts[1])
    first, last = signs[0], signs[-1]
    if set(signs) == {first}:
        return (GROUPED[first], "".join(parts), None) if _groups(parts) else None
    if set(signs[:-1]) == {first} and last in ".," and _groups(parts[:-1]):
        return GROUPED[first], "".join(parts[:-1]), parts[-1]
    return None


def _one_sign(sign: str, whole: str, rest: str) -> tuple[str, str, str | None] | None:
    if sign in ".,":
        name = "dot" if sign == "." else "comma"
        grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
        return (f"{name}3" if grouped else name), whole, rest
    return (GROUPED[sign], whole + rest, None) if _groups([whole, rest]) else None


def _groups(parts: list[str]) -> bool:
    """Whether these are groups of thousands: 1 to 3 digits, then threes."""
    head = parts[0]
    return (
        1 <= len(head) <= 3
        and (head == "0" or not head.startswith("0"))
        and all(len(part) == 3 for part in parts[1:])
    )
