"""Which sign cuts the lines of a text into cells: the one that gives the most even rows.

Never a count of signs: each candidate cuts a sample, and what is weighed is how many rows, one
after the other, have the same number of cells. A comma inside numbers or sentences is not a
delimiter; a file of one column stays a file of one column.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data.reading.framing_kinds import fits, strict_kinds
from data.reading.text_rows import Form, rows

SAMPLE = 1 << 18  # characters
SAMPLE_ROWS = 500
SURE = ("\t", "|", ";")  # in this order when equally even: rarer inside texts first
SEP = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)
ENOUGH = 0.5


@dataclass(frozen=True)
class Cut:
    """A sample cut by a delimiter: its lines that have the width most of them have."""

    delimiter: str
    width: int
    found: list[list[str]]  # non-blank rows
    first: int  # place of the first row of that width
    evenness: float  # share of that width between the first and the last one
    share: float  # share of that width in the whole sample

    @property
    def quality(self) -> float:
        return self.evenness * self.share**0.5 * (0.95 if self.delimiter == "," else 1.0)

    @property
    def body(self) -> list[list[str]]:
        return [cells for cells in self.found[self.first :] if len(cells) == self.width]


def sep_line(text: str) -> str | None:
    """The delimiter that a first line « sep=; » gives."""
    found = SEP.match(re.split("[\r\n]", text, maxsplit=1)[0].strip(" \t"))
    if found is None and text.lower().startswith("sep=\t"):
        return "\t"
    return found[1] if found else None


def form_of(text: str, whole: bool = True) -> Form:
    """How to cut a text, from its first lines (`whole`: the sample ends with the file)."""
    given = sep_line(text)
    if given is not None:
        text = re.split("\r\n|\r|\n", text, maxsplit=1)[-1]
    lines = _sample(text, whole)
    if not text.strip(";,\t|\"' \r\n"):
        return Form(Counter(text.strip("\"' \r\n") or ",").most_common(1)[0][0])
    quote = _quotechar(lines)
    if given is not None:
        return _formed(_cut(lines, given, quote) or _single(lines, given), lines, quote)
    best = _best(lines, quote)
    if best is not None:
        return _formed(best, lines, quote)
    return _wrapped(lines) or Form(None, quote if quote in "".join(lines) else None)


def _sample(text: str, whole: bool) -> list[str]:
    lines = io.StringIO(text[:SAMPLE], newline="").readlines()
    if len(lines) > 1 and not (whole and len(text) <= SAMPLE):
        lines.pop()  # cut in its middle
    return lines[: SAMPLE_ROWS * 4]


def _quotechar(lines: Sequence[str]) -> str:
    """Double quotes, unless values stand between single ones (not mere French apostrophes)."""
    simple = re.compile(r"(?:^|[;,\t|])'[^'\r\n]*'(?=[;,\t|\r\n]|$)")
    with_simple = sum(1 for line in lines if simple.search(line))
    return "'" if with_simple > len(lines) / 2 and not any('"' in line for line in lines) else '"'


def _best(lines: Sequence[str], quote: str) -> Cut | None:
    cuts = [made for sign in (*SURE, ",") if (made := _cut(lines, sign, quote)) is not None]
    good = [made for made in cuts if _good(made)]
    if good:
        return max(good, key=lambda made: made.quality)  # the first one when equal
    for sign in (":", " "):
        rare = _cut(lines, sign, quote)
        if rare is not None and _rare(rare, lines):
            return rare
    return None


def _cut(lines: Sequence[str], sign: str, quote: str) -> Cut | None:
    if not any(sign in line for line in lines):
        return None
    spaced = _spaced(lines, sign, quote)
    found = [
        cells for cells in _cells(lines, Form(sign, quote, spaced)) if any(map(str.strip, cells))
    ]
    widths = Counter(len(cells) for cells in found if len(cells) > 1)
    if not widths:
        return None
    width = max(widths, key=lambda made: (widths[made], made))
    places = [place for place, cells in enumerate(found) if len(cells) == width]
    evenness = len(places) / (places[-1] - places[0] + 1)
    return Cut(sign, width, found, places[0], evenness, len(places) / len(found))


def _cells(lines: Sequence[str], form: Form) -> list[list[str]]:
    """Rows of a sample; csv alone, quicker than the lenient reading and enough to weigh."""
    text = "".join(lines).rstrip()
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=form.delimiter or "\x1f",
        quotechar=form.quotechar,
        skipinitialspace=form.spaced,
    )
    try:
        found = [cells for cells, _ in zip(reader, range(SAMPLE_ROWS), strict=False)]
    except csv.Error:
        found = []
    if len(found) >= min(len(lines), SAMPLE_ROWS) * 0.8:
        return found
    lenient = rows(io.StringIO(text, newline=""), form)
    return [row.cells for row, _ in zip(lenient, range(SAMPLE_ROWS), strict=False)]


def _spaced(lines: Sequence[str], sign: str, quote: str) -> bool:
    """Whether blanks stand before opening quotes: « a; "b;c" »."""
    opening = re.compile(re.escape(sign) + " +" + re.escape(quote))
    closing = re.compile(re.escape(quote) + r" *(?:" + re.escape(sign) + r"|[\r\n]|$)")
    return any(
        (found := opening.search(line)) and closing.search(line, found.end()) for line in lines
    )


def _good(cut: Cut) -> bool:
    """Even enough to be the delimiter; commas of numbers and sentences are not."""
    count = len(cut.body)
    if cut.share < ENOUGH and (cut.width < 3 or count < 2 or cut.evenness < 0.8):
        return False
    if count < 2 and len(cut.found) > 2:
        return False
    return cut.delimiter != "," or not _of_text(cut)


def _of_text(cut: Cut) -> bool:
    """Whether these commas belong to the values of a file of one column."""
    before = cut.found[: cut.first]
    if not before or any(len(cells) > 1 for cells in before):
        return _numbers(cut)
    # « adresse » then « 12 rue des Lilas, 46000 Cahors »: the line before is the true header
    if all(cell.startswith(" ") for cells in cut.body for cell in cells[1:]):
        return True
    kinds = strict_kinds(cut.body[1:])
    header = any(
        cell.strip() and not fits(cell.strip(), kind)
        for cell, kind in zip(cut.body[0], kinds, strict=False)  # no kind: one line only
        if kind is not None
    )
    return not header and (cut.width == 2 or any(kind is not None for kind in kinds))


def _numbers(cut: Cut) -> bool:
    """Whether each line is one number with a decimal comma."""
    number = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*,\d+$|-?\d+,\d+$")
    return cut.width == 2 and all(number.match(",".join(cells).strip()) for cells in cut.body)


def _rare(cut: Cut, lines: Sequence[str]) -> bool:
    """A colon or a space cut a table only when nothing in it contradicts."""
    if cut.share < 1 or len(cut.found) < 3:
        return False
    text = "".join(lines)
    if cut.delimiter == ":":
        return not re.search(r"://|\d:\d|: ", text)
    body = cut.body[1:]
    header = cut.body[0]
    kinds = strict_kinds(body)
    strict = [place for place, kind in enumerate(kinds) if kind == "number"]
    named = all(re.fullmatch(r"[^\W\d]\w*", cell) for cell in header)
    return cut.width > 2 and len(strict) >= cut.width - 1 and named


def _single(lines: Sequence[str], sign: str) -> Cut:
    return Cut(sign, 1, [[line] for line in lines], 0, 1.0, 1.0)


def _formed(cut: Cut, lines: Sequence[str], quote: str) -> Form:
    return Form(cut.delimiter, quote, _spaced(lines, cut.delimiter, quote), width=cut.width)


def _wrapped(lines: Sequence[str]) -> Form | None:
    """Whole lines between quotes, as some spreadsheets write them: what is inside is cut."""
    texts = [line.strip() for line in lines if line.strip()]
    inside = [text[1:-1] for text in texts if len(text) > 1 and text[0] == text[-1] == '"']
    if (
        len(texts) < 2
        or len(inside) < len(texts)
        or any('""' not in text and '"' in text for text in inside)
    ):
        return None
    best = _best([text.replace('""', '"') + "\n" for text in inside], '"')
    # `"nom"` then `"Dupont, Jean"`: a value between quotes is one value
    if best is None or best.share < 1 or (best.width == 2 and best.delimiter == ","):
        return None
    return Form(best.delimiter, '"', wrapped=True, width=best.width)
