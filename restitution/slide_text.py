"""Texts that fit their place on a slide: measured with a wide font, shrunk, then cut.

Whoever lacks our font sees a wider one: what is measured here with DejaVu Sans, as wide as
Verdana, fits with either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from fontTools.ttLib import TTFont

from drawing import letters
from restitution.typeset import FONTS

LINE = 1.2  # height of a line, in sizes
BOLD = 1.12  # how much wider a bold text is
POINT = 0.0352778  # cm
LONGEST = 4000  # characters of a text before it is measured
NOTES = 10_000  # characters of the notes of a slide


def clean(text: str, longest: int = LONGEST) -> str:
    """One line without what XML refuses nor signs that turn the reading order."""
    return letters.clean(_legal(text), longest)


def tidy(text: str) -> str:
    """The same for notes, which have several lines."""
    return letters.tidy(_legal(text))[:NOTES]


def _legal(text: str) -> str:
    return re.sub("[\ufffe\uffff]", "", text)


@cache
def _advances() -> tuple[dict[int, str], dict[str, float]]:
    with TTFont(FONTS / "DejaVuSans.ttf", lazy=True) as font:
        scale = font["head"].unitsPerEm
        widths = {name: pair[0] / scale for name, pair in font["hmtx"].metrics.items()}
        return dict(font.getBestCmap()), widths


@cache
def _width(sign: str) -> float:
    names, widths = _advances()
    return widths.get(names.get(ord(sign), ""), 1.0)


def width(text: str) -> float:
    """Width in sizes of the font."""
    return sum(map(_width, text))


def lines(text: str, size: float, across: float, *, bold: bool = False) -> int:
    """Lines of a text of `size` points in `across` centimetres."""
    room = across / (size * POINT) / (BOLD if bold else 1)
    count, filled = 1, 0.0
    for word in _words(text):
        needed = width(word)
        if filled and filled + width(word.rstrip()) > room:
            count, filled = count + 1, 0.0
        if needed > room:  # a word longer than a line is broken where it must
            count += int(needed // room)
            needed %= room
        filled += needed
    return count


def longest(text: str, size: float, *, bold: bool = False) -> float:
    """Centimetres of the widest word of a text."""
    widest = max(width(word.rstrip()) for word in _words(text))
    return widest * size * POINT * (BOLD if bold else 1)


def _words(text: str) -> list[str]:
    """Pieces that a line may end after."""
    return re.split(r"(?<=[ \-])", text)


def height(text: str, size: float, across: float, *, bold: bool = False) -> float:
    """Centimetres that a text takes."""
    return lines(text, size, across, bold=bold) * size * POINT * LINE


def fitted(
    text: str, across: float, down: float, sizes: Sequence[float], *, bold: bool = False
) -> tuple[str, float]:
    """A text and the greatest of the sizes (largest first) at which it stands; cut at the last."""
    for size in sizes:
        if height(text, size, across, bold=bold) <= down:
            return text, size
    allowed = max(int(down / (sizes[-1] * POINT * LINE)), 1)
    return cut(text, sizes[-1], across, allowed, bold=bold), sizes[-1]


def cut(text: str, size: float, across: float, allowed: int, *, bold: bool = False) -> str:
    """A text in so many lines, its end replaced by « … » when it has more."""
    if lines(text, size, across, bold=bold) <= allowed:
        return text
    room = allowed * across / (size * POINT) / (BOLD if bold else 1)
    kept = sum(filled <= room for filled in accumulate(map(_width, text)))
    while kept and lines(f"{text[:kept].rstrip()}…", size, across, bold=bold) > allowed:
        kept -= 1
    return f"{text[:kept].rstrip()}…"
