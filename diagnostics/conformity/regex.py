"""A pattern of a schema, written for Python, in SQL: the same verdict on every value.

DuckDB's RE2 is linear in time but knows neither look-around nor references, and reads \\d, \\w and
\\s as ASCII. What can be said in RE2 is rewritten; the rest runs in a Python of its own, stopped
after SECONDS: a pattern comes from a schema that anyone may write, and may never end.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator

from diagnostics.conformity.cells import literal

SECONDS = 10
LONGEST = 20_000  # characters of a pattern
MOST = 1_000  # repeats that RE2 takes
SPACE = (
    r"\s\x{0B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}"
    r"\x{205F}\x{3000}"
)
CLASSES = {"d": r"\p{Nd}", "w": r"\p{L}\p{N}_", "s": SPACE}
KEPT = "fnrtv"  # escapes that both read alike
_REPEAT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_GROUP = re.compile(r"\((?!\?)|\(\?:|\(\?P<(?=\w+>)")
_HEX = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})")
_CHILD = """
import json, re, sys
asked = json.load(sys.stdin)
test = re.compile(asked["pattern"]).match
json.dump([value for value in asked["values"] if not test(value)], sys.stdout)
"""


class Untranslatable(Exception):
    """RE2 cannot say the same."""


class TooLong(Exception):
    """The pattern did not end within SECONDS on these values."""


def compiled(pattern: str) -> bool:
    """Whether Python can read a pattern, as the official tools anchor it."""
    try:
        re.compile(anchored(pattern))
    except (re.error, RecursionError, OverflowError):
        return False
    return len(pattern) <= LONGEST


def anchored(pattern: str) -> str:
    """The pattern as the official tools run it, from the first character."""
    return f"^{pattern}$"


def matches(pattern: str, column: str) -> str:
    """SQL boolean: the text matches. Raises Untranslatable."""
    re2 = literal(r"\A(?:" + translated(anchored(pattern)) + ")")
    # Python's $ also stands before a last line end
    cut = f"(regexp_matches({column}, {re2}) or regexp_matches(left({column}, -1), {re2}))"
    plain = f"regexp_matches({column}, {re2})"
    return f"case when ends_with({column}, chr(10)) then {cut} else {plain} end"


def failing(pattern: str, values: Iterable[str]) -> list[str]:
    """The values that do not match, found by Python. Raises TooLong."""
    given = list(values)
    if not given:
        return []
    asked = json.dumps({"pattern": anchored(pattern), "values": given})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _CHILD],
            input=asked.encode("utf-8", "surrogatepass"),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise TooLong from error
    return list(json.loads(done.stdout))


def translated(pattern: str) -> str:
    """A pattern of Python in the words of RE2. Raises Untranslatable."""
    return "".join(_pieces(pattern))


def _pieces(pattern: str) -> Iterator[str]:
    place = 0
    while place < len(pattern):
        letter = pattern[place]
        if letter == "\\":
            piece, place = _escaped(pattern, place + 1, inside=False)
        elif letter == "[":
            piece, place = _class(pattern, place)
        elif letter == "(":
            piece, place = _opened(pattern, place)
        elif letter in "*+?{":
            piece, place = _repeated(pattern, place)
        else:
            piece, place = letter, place + 1
        yield piece


def _opened(pattern: str, place: int) -> tuple[str, int]:
    found = _GROUP.match(pattern, place)
    if not found:
        raise Untranslatable(pattern)
    return found[0], found.end()


def _repeated(pattern: str, place: int) -> tuple[str, int]:
    end = place + 1
    text = pattern[place]
    if text == "{":
        found = _REPEAT.match(pattern, place)
        if not found or not (found[1] or found[3]):
            return r"\{", end  # a brace that repeats nothing stands for itself
        if max(int(found[1] or 0), int(found[3] or 0)) > MOST:
            raise Untranslatable(pattern)
        text, end = f"{{{found[1] or 0}{found[2]}{found[3]}}}", found.end()
    if pattern[end : end + 1] == "+":  # possessive: never gives back
        raise Untranslatable(pattern)
    return text, end


def _escaped(pattern: str, place: int, inside: bool) -> tuple[str, int]:
    letter = pattern[place : place + 1]
    found = _HEX.match(pattern, place)
    if found:
        return rf"\x{{{found[1] or found[2] or found[3]}}}", found.end()
    if letter.lower() in CLASSES and letter.isascii():
        return _of_kind(letter, inside), place + 1
    if letter in ("A", "Z") and not inside:
        return (r"\A" if letter == "A" else r"\z"), place + 1
    if letter and letter in KEPT or (letter and not letter.isalnum()):
        return (f"\\{letter}" if letter.isascii() else letter), place + 1
    raise Untranslatable(pattern)  # a reference, a word boundary, a rare escape


def _of_kind(letter: str, inside: bool) -> str:
    words = CLASSES[letter.lower()]
    if letter.islower():
        return words if inside else f"[{words}]"
    if inside:
        raise Untranslatable(letter)
    return f"[^{words}]"


def _class(pattern: str, place: int) -> tuple[str, int]:
    start = place + 1
    pieces = ["["]
    if pattern[start : start + 1] == "^":
        pieces.append("^")
        start += 1
    first, end = start, start
    while True:
        letter = pattern[end : end + 1]
        if not letter:
            raise Untranslatable(pattern)
        if letter == "]" and end > first:
            return "".join([*pieces, "]"]), end + 1
        if letter == "\\":
            piece, end = _escaped(pattern, end + 1, inside=True)
        else:
            piece, end = (f"\\{letter}" if letter in "[]" else letter), end + 1
        pieces.append(piece)
