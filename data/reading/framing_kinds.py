"""What a cell looks like, before values are understood: enough to tell a header from data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

NUMBER = re.compile(
    r"[-+(]?\s?(?:€\s?)?\d{1,3}(?:(?:[ \u00a0\u202f.,'’]\d{3})+)?(?:[.,]\d*)?(?:[eE][-+]?\d+)?"
    r"\s?(?:%|€|m²|m2|ha|km|m|kg|h|k€)?\)?|[-+]?\d+(?:[.,]\d*)?(?:[eE][-+]?\d+)?\s?(?:%|€)?|[-+]?[.,]\d+"
)
MONTHS = (
    "janv|jan|févr|fevr|fév|fev|feb|mars|mar|avr|apr|mai|may|juin|jun|juil|jul|août|aout|aug|sept|"
    "sep|oct|nov|déc|dec"
)
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[T ]\d{1,2}[:h]\d{2}(?::\d{2})?(?:[.,]\d+)?"
    r"(?:Z|[+-]\d{2}:?\d{2})?)?"
    rf"|(?:\w{{3,9}}\.? )?\d{{1,2}}(?:er)?[ -](?:{MONTHS})[a-zéû]*\.?[ -]\d{{2,4}}"
    rf"|(?:{MONTHS})[a-zéû]*\.?[ -]\d{{2,4}}|\d{{1,2}}[:h]\d{{2}}(?::\d{{2}})?",
    re.IGNORECASE,
)
WORDS = frozenset(("oui", "non", "o", "n", "vrai", "faux", "true", "false", "yes", "no", "x", "y"))
MISSING = frozenset(
    ("-", "--", "n/a", "na", "n.a.", "nd", "n.d.", "nc", "n.c.", "null", "none", "?", "ns", "s.o.",
     "so", "néant", "neant", "nan", "non renseigné", "non communiqué", "…", "...", ".", "#n/a")
)  # fmt: skip
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+|www\.\S+", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d{2}")
LONGEST = 60  # characters of a cell whose kind is looked for


@lru_cache(maxsize=1 << 14)
def kind_of(cell: str) -> str:
    """`number`, `date`, `word` (yes, no), `link`, `code` (with digits), `text` or `missing`."""
    if not cell or cell.lower() in MISSING:
        return "missing"
    if MAIL.fullmatch(cell[:300]):
        return "link"
    if len(cell) > LONGEST:
        return "text"
    if NUMBER.fullmatch(cell):
        return "number"
    if DATE.fullmatch(cell):
        return "date"
    if cell.lower() in WORDS:
        return "word"
    if any(sign.isdigit() for sign in cell):
        return "code"
    return "text"


@lru_cache(maxsize=1 << 14)
def shape(cell: str) -> str:
    """A code with its letters as A and its digits as 9, repeats folded: « AB-123 » is « A-9 »."""
    return re.sub(r"9+", "9", re.sub(r"\d", "9", re.sub(r"[^\W\d_]+", "A", cell[:LONGEST])))


def fits(cell: str, kind: str) -> bool:
    """Whether a cell is of the kind of its column (`shape:A-9` for codes of one shape)."""
    if kind.startswith("shape:"):
        return shape(cell) == kind[6:] or kind_of(cell) == "missing"
    return kind_of(cell) in (kind, "missing")


def strict_kind(cells: Sequence[str]) -> str | None:
    """The kind that most of a column's cells have, None when they are mere texts.

    Nine tenths of them; seven in a short column, where one total or unit line weighs much.
    """
    kinds = [kind for cell in cells if (kind := kind_of(cell)) != "missing"]
    if not kinds:
        return None
    enough = len(kinds) * (0.9 if len(kinds) > 20 else 0.7)
    most, times = Counter(kinds).most_common(1)[0]
    if most in ("number", "date", "link", "word") and times >= enough:
        return most if most != "word" or len(kinds) > 1 else None
    shapes = Counter(shape(cell) for cell in cells if kind_of(cell) != "missing")
    form, times = shapes.most_common(1)[0]
    if "9" in form and times >= enough and len(kinds) > 1:
        return "shape:" + form
    return None


def strict_kinds(body: Sequence[Sequence[str | None]]) -> list[str | None]:
    """The kind of each column of some rows of data (None: any text)."""
    width = max((len(cells) for cells in body), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for cells in body:
        for place, cell in enumerate(cells):
            columns[place].append((cell or "").strip())
    return [strict_kind(column) for column in columns]
