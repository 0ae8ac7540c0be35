"""What our fonts can print: texts without the signs they lack, long words that may be cut."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
UNKNOWN_GLYPH = "\u25a1"  # a square where no font of ours has the sign
CUT = "\u200b"  # where a line may end inside a word
# The narrow no-break space of numbers, which our font lacks: a thin one that ends no line. Drawn as
# a plain space squeezed, it would be lost to whoever reads or copies the file.
NARROW = "\u2009\u2060"
LONGEST = 30  # signs without a space: no French word is longer
PIECE = 8  # signs of a long word that stay together: a narrow cell holds them

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Zl", "Zp")
_LONG = re.compile(rf"[^ \n-]{{{LONGEST},}}")
_FALLBACK = "DejaVuSans.ttf"


def printable(text: str) -> str:
    """A text with the signs that our fonts hold; the others become a square, controls vanish.

    PDF/UA refuses a page with a missing glyph: a hostile name must not cost the whole document.
    """
    return unicodedata.normalize("NFC", text).translate(_signs())


def breakable(text: str) -> str:
    """The same with places to cut the words that no line could hold."""
    return _LONG.sub(lambda found: _cut(found.group()), text)


def _cut(word: str) -> str:
    """After the signs where an address may be cut, and every few signs."""
    return CUT.join(re.findall(rf"[^/._@?&=]{{1,{PIECE}}}[/._@?&=]*|[/._@?&=]{{1,{PIECE}}}", word))


class _Signs(dict[int, str]):
    """What stands for each sign, learnt as signs are met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _shown(chr(code))
        return found


@cache
def _signs() -> _Signs:
    return _Signs()


def _shown(sign: str) -> str:
    if sign in "\u2009\u202f":
        return NARROW
    if sign == "\n":
        return sign
    category = unicodedata.category(sign)
    if sign == "\t" or (category == "Zs" and ord(sign) not in _coverage()):
        return " "
    if category in _UNSEEN:
        return ""
    return sign if ord(sign) in _coverage() else UNKNOWN_GLYPH


@cache
def _coverage() -> frozenset[int]:
    """The signs that every face can show: in the fallback, or in each face of the family.

    The fallback has one face: it serves for the bold and the italic that lack a sign.
    """
    faces = {path.name: _face(path) for path in sorted(FONTS.glob("*.ttf"))}
    fallback = faces.pop(_FALLBACK)
    return fallback | frozenset.intersection(*faces.values())


def _face(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
