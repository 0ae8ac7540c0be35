"""Lines of totals and sub-totals among data: dropped when surely so, else kept and told.

Sure: its label stands in a column of labels, the other cells that identify a line are empty; or its
numbers are the sums of those above. « rue du Total », or the filling station « Total Access » with
its address, are data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data.reading.framing_kinds import strict_kinds

WORDS = (
    r"(?:sous[ -]?tota(?:l|ux)|s/s?[ -]?t(?:ota(?:l|ux))?|(?:grand )?tota(?:l|ux)|cumul|somme|"
    r"moyenne|ensemble(?: (?:de la |de l'|du |des ).{0,60})?$)"
)
LABEL = re.compile(rf"{WORDS}(?:$|[ :=(.].{{0,80}}$)", re.IGNORECASE | re.DOTALL)
# the same for a whole column at once, after trimming
SEARCHED = rf"(?i)^{WORDS}(?:$|[ :=(.])"
SUB = re.compile(r"(?:sous[ -]?tota|s/)", re.IGNORECASE)
# labels that are nothing else, whatever their numbers: « Total Access » is not one of them
PLAIN = re.compile(
    r"(?:(?:grand )?tota(?:l|ux)|ensemble|cumul|somme|moyenne)"
    r"(?: g[ée]n[ée]ral| ht| ttc| (?:19|20)\d\d| en euros| annuel| cumulé)?"
    r"(?:\s?[:=]\s?[\d ., ]*[^\d]{0,25})?",
    re.IGNORECASE,
)
COLUMNS = 8  # columns where a label is looked for
CANDIDATES = 5_000  # more lines than that are no totals but values
SAMPLE = 200  # lines that tell what a column holds
OFTEN = 0.8  # share of lines that fill a column that identifies them
SUMMED = 200_000  # lines over which sums are checked
BUDGET = 3_000_000  # cells read to check sums, over all the lines of a table
SPACES = re.compile("[\\s\u00a0\u202f]|€|%")


@dataclass(frozen=True)
class Totals:
    """Lines that are totals, by place; lines that may be and are kept."""

    sure: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()


def is_label(text: str) -> bool:
    """« Total », « Sous-total Centre », « Ensemble »."""
    return LABEL.match(text.strip()) is not None


def totals(cells: pa.Table) -> Totals:
    """Totals and sub-totals of the lines of data of a table."""
    if cells.num_rows < 2 or cells.num_columns < 2:
        return Totals()
    table = _Lines(cells)
    sure: list[int] = []
    doubtful: list[int] = []
    for place in _candidates(cells):
        verdict = table.verdict(place, sure)
        if not verdict and doubtful:
            again = table.verdict(place, [*sure, *doubtful])
            verdict = verdict if again is None else again
        if verdict is not None:
            (sure if verdict else doubtful).append(place)
    last = cells.num_rows - 1
    if last not in sure and last not in doubtful and table.unnamed(last, sure):
        sure.append(last)
    return Totals(tuple(sure), tuple(doubtful))


def _candidates(cells: pa.Table) -> list[int]:
    found: set[int] = set()
    for column in cells.columns[:COLUMNS]:
        mask = pc.match_substring_regex(column, SEARCHED)
        places = pc.indices_nonzero(pc.fill_null(mask, False))
        if len(places) <= CANDIDATES:
            found.update(places.to_pylist())
    return sorted(found)


class _Lines:
    """Lines of data with what their columns usually hold."""

    def __init__(self, cells: pa.Table) -> None:
        self.cells = cells
        self.left = BUDGET
        sample = [list(row.values()) for row in cells.slice(0, SAMPLE).to_pylist()]
        self.kinds = strict_kinds(sample)
        shares = [sum(1 for row in sample if row[place]) for place in range(cells.num_columns)]
        self.often = {place for place, n in enumerate(shares) if n >= 0.6 * len(sample)}
        self.numbers = {place for place, kind in enumerate(self.kinds) if kind == "number"}
        # numbers that may be codes: where one is missing, the line is not like the others
        self.codes = {p for p in self.numbers if _are_codes([line[p] for line in sample])}

    def line(self, place: int) -> list[str | None]:
        """The cells of one line."""
        return [column[place].as_py() for column in self.cells.columns]

    def verdict(self, place: int, before: Sequence[int]) -> bool | None:
        """True: surely a total; False: perhaps; None: a line of data."""
        line = self.line(place)
        full = [column for column, cell in enumerate(line) if cell]
        labels = [column for column in full if is_label(line[column] or "")]
        if not labels:
            return None
        label = labels[0]
        others = [c for c in full if c != label and c not in self.numbers and c not in labels]
        if any(column > label for column in others):
            return None
        text = (line[label] or "").strip()
        if others and not SUB.match(text) and not self._blank(line, label):
            # « Cahors ; Ensemble ; 100 » is a value of a second column, a sum all the same
            return False if self.sums(place, line, label, before) else None
        if self._blank(line, label) and (PLAIN.fullmatch(text) or SUB.match(text)):
            return True
        sums = self.sums(place, line, label, before)
        if sums:
            return True
        # the last line is one whatever its numbers: a line may have been forgotten, or added
        return bool(PLAIN.fullmatch(text)) and place == self.cells.num_rows - 1

    def _blank(self, line: Sequence[str | None], label: int) -> bool:
        """Whether columns that identify lines, usually filled, are empty here."""
        return any(
            not line[column]
            for column in self.often
            if column != label and (column not in self.numbers or column in self.codes)
        )

    def sums(
        self, place: int, line: Sequence[str | None], label: int, before: Sequence[int]
    ) -> bool | None:
        """Whether the numbers are sums of the lines above; None when that cannot be checked."""
        columns = [c for c in sorted(self.numbers) if c != label and number(line[c]) is not None]
        if not columns or place > SUMMED:
            return None
        rows, skipped = self.cells.num_rows, {*before, place}
        spans = {(0, place), (max((t + 1 for t in before if t < place), default=0), place)}
        if not place:
            spans = {(1, rows)}  # the total of a whole column, put first
        # a group may have one line alone, a whole column has several
        least = 1 if SUB.match(line[label] or "") else 2
        return any(self._fits(c, span, skipped, line, least) for c in columns for span in spans)

    def _fits(
        self,
        column: int,
        span: tuple[int, int],
        skipped: set[int],
        line: Sequence[str | None],
        least: int = 2,
    ) -> bool:
        start, stop = span
        if stop - start > min(SUMMED, self.left):
            return False
        self.left -= stop - start
        values = self.cells.column(column).slice(start, stop - start).to_pylist()
        read = [number(v) for at, v in enumerate(values, start) if at not in skipped and v]
        known = [value for value in read if value is not None]
        wanted = number(line[column])
        if wanted is None or not known or len(known) < len(read):
            return False
        return abs(sum(known) - wanted) <= max(0.01, 0.0005 * abs(wanted)) and len(known) >= least

    def unnamed(self, place: int, before: Sequence[int]) -> bool:
        """A last line of sums without a label: all its numbers are sums, the rest is empty."""
        line = self.line(place)
        full = [column for column, cell in enumerate(line) if cell]
        rest = [column for column in self.often if column not in self.numbers]
        if not full or not rest or any(c not in self.numbers for c in full) or place > SUMMED:
            return False
        return (
            place + len(full) > 3
            and place > 1
            and all(self._fits(c, (0, place), set(before), line) for c in full)
        )


def _are_codes(cells: Sequence[str | None]) -> bool:
    """Whether numbers are codes: of one length, four digits or more, none twice."""
    known = [cell for cell in cells if cell and cell.isdigit()]
    return (
        len(known) > 1
        and {len(cell) for cell in known} <= {len(known[0])}
        and (len(known[0]) > 3 and len(set(known)) == len(known))
    )


def number(text: str | None) -> float | None:
    """« 1 234,50 € » as a number, « (38) » below zero; None when it is not one."""
    bare = SPACES.sub("", text or "").replace("−", "-")
    if bare[:1] == "(" and bare[-1:] == ")":
        bare = "-" + bare[1:-1]
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        return float(bare) if len(bare) < 40 and bare.lower() not in ("nan", "inf") else None
    except ValueError:
        return None
