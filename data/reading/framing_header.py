"""Which line names the columns, among titles, notes and units, from the first lines of a sheet.

A header is a line that names most of the columns filled below it, and does not look like them: a
word above numbers, dates or codes. When nothing tells it from the data, the first full line is the
header, unless all its cells are of the kind of the cells below: then there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from data.reading.framing_kinds import YEAR, fits, kind_of, strict_kinds

Line = Sequence[str | None]
HEAD = 120  # lines looked at
HIGHEST = 60  # a header is not looked for lower
COVERED = 0.6  # share of the columns filled below that a header names
NOTE = re.compile(
    r"(?:sources?|notes?|nota|n\.?b\.?|champs?|lecture|remarques?|l[ée]gende|avertissement|attention|"
    r"producteur|contact|licence|fichier|document|données|extraction|export|mise à jour|maj|date|"
    r"unité|périmètre|définitions?|abréviations?)[^:;]{0,40}:"
    r"|(?:sources?|notes?|nota bene|dernière mise|mise à jour|extraite?s? (?:le|de|du)|extraction|"
    r"export du|édit[ée]e? le|imprimée? le|données (?:au|extraites|issues|provisoires)|n\.?b\.?|"
    r"fichier (?:produit|extrait)|date d[e'’] ?(?:extraction|mise|édition))\s+\S"
    r"|fait (?:à|le)\s|©"
    r"|#+\s?\w|\*+\s?\w|\(\*+\)|\(\d\)\s?\w|[a-z.]{1,5} ?[:=] (?:non|secret|données|sans)",
    re.IGNORECASE,
)
TECHNICAL = re.compile(r"[a-zA-Z][a-zA-Z0-9]{0,30}(?:_[a-zA-Z0-9]{1,30}){0,8}")
# What a first cell says when the next one is its value.
KEY = re.compile(
    r"(?:sources?|date|contact|producteur|service|direction|exercice|ann[ée]e|version|auteur|titre|commune|ville|mairie|collectivit[ée]|"
    r"p[ée]riode|d[ée]partement|code|r[ée]f[ée]rence|objet|nom)\b",
    re.IGNORECASE,
)
# Units, in lower case; a blank stands between two of them.
UNIT_WORDS = """
m m² m2 m³ m3 km km² km2 ha a ca cm mm l hl t kg g € k€ m€ euro euros eur % ‰ h min mn s j jour
jours mois an ans année années heure heures kw kwh mwh gwh kwc kva w wh v °c °f hab hab. habitant
habitants nb nombre unité unités mètre mètres metre metres kilomètre kilomètres hectare hectares
tonne tonnes litre litres ° degré degrés µg/m3 µg/m³ mg/l m3/h m³/h m3/j m³/j l/s hab/km² hab/km2
€/m² €/m2 kwh/m² kwh/m2 db db(a) ht ttc €ht €ttc places logements personnes
"""
UNITS = frozenset(UNIT_WORDS.split())
UNLIKE_UNITS = frozenset(("-", "–", "/", "texte", "date", "sans unité", "s.o.", "code", "libellé"))


@dataclass(frozen=True)
class Header:
    """The lines that name columns: places in the grid, names raw. None as `last`: no header."""

    first: int  # first line of the header, or of the data when there is none
    last: int | None
    names: tuple[str, ...]
    joined: bool = False  # names come from two lines
    units: int | None = None  # the line of units

    @property
    def data(self) -> int:
        """The first line of data."""
        if self.last is None:
            return self.first
        return (self.units if self.units is not None else self.last) + 1


def found(head: Sequence[Line], join: bool = True, units: bool = True) -> Header:
    """The header of a sheet from its first lines (`join`, `units`: whether to look for them)."""
    last = _place(head)
    width = max((len(line) for line in head), default=0)
    if last is None:
        return Header(_first_full(head), None, ("",) * width)
    first, last = _pair(head, last) if join else (last, last)
    top = head[first] if first < last else None
    names = _named(top, head[last], width)
    if first and first < last and len(filled(head[first - 1])) > 1:
        joined = [name or None for name in names]
        if _are_pair(head[first - 1], joined, head[last + 1 :]):
            first, names = first - 1, _named(head[first - 1], joined, width)
    made = Header(first, last, names, first < last)
    if units and _is_units(head, last + 1):
        return Header(first, last, names, first < last, last + 1)
    return made


def labels(line: Line, below: Sequence[Line]) -> bool:
    """Whether a line surely names the columns of the lines below it."""
    return _verdict([line, *below], 0) == "label"


def doubled(line: Line, below: Sequence[Line], names: Sequence[str]) -> bool:
    """Whether the line below the header names the columns again: « nom_voie » for « Voie »."""
    columns = used(below)
    cells = {place: line[place] or "" for place in filled(line)}
    if len(cells) < 2 or not columns <= set(cells) or len(set(cells.values())) < len(cells):
        return False
    if any(kind_of(cell) not in ("text", "code") for cell in cells.values()):
        return False
    kinds = strict_kinds(below)
    typed = [place for place in cells if place < len(kinds) and kinds[place] is not None]
    odd = sum(1 for place in typed if not fits(cells[place], kinds[place] or ""))
    technical = sum(1 for cell in cells.values() if TECHNICAL.fullmatch(cell))
    every = technical == len(cells) and any("_" in cell for cell in cells.values())
    plain = any(TECHNICAL.fullmatch(name) and "_" in name for name in names)
    return len(typed) == odd and (odd > 1 or (every and not plain)) and len(below) > 1


def filled(line: Line) -> list[int]:
    """Places of the cells that hold something."""
    return [place for place, cell in enumerate(line) if cell]


def text_of(line: Line, delimiter: str | None = None) -> str:
    """A line as a person reads it."""
    return f"{delimiter or ';'} ".join(cell for cell in line if cell)[:300]


def used(lines: Sequence[Line]) -> set[int]:
    """Columns that more than a tenth of the full lines fill; lines of one cell do not count."""
    several = [filled(line) for line in lines]
    full = [places for places in several if len(places) > 1] or [one for one in several if one]
    if len(full) < 3:
        return {place for places in full for place in places}
    counts: dict[int, int] = {}
    for places in full:
        for place in places:
            counts[place] = counts.get(place, 0) + 1
    return {place for place, count in counts.items() if count > max(1, len(full) / 10)}


def _place(head: Sequence[Line]) -> int | None:
    """The line of the header; None when the first full line is data already."""
    likely = _likely(head)
    found = note = None
    for place, verdict in likely:
        if verdict == "data":
            return None
        if verdict != "note":
            found = place
            break
        note = place
    if found is not None:
        return _fuller(head, found, list(islice(likely, 3)))
    return note if note is not None else next((p for p, line in enumerate(head) if filled(line)), 0)


def _likely(head: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """The lines that may be a header, and what each looks like, computed one at a time."""
    for place in range(min(HIGHEST, len(head))):
        verdict = _verdict(head, place)
        if verdict is not None:
            yield place, verdict


def _fuller(head: Sequence[Line], place: int, after: Sequence[tuple[int, str]]) -> int:
    """A lower line that names more columns, and surely is no data, wins over a partial one."""
    columns = used(head[place + 1 :])
    covered = len(columns & set(filled(head[place])))
    if covered == len(columns):
        return place
    for lower, verdict in after:
        if lower - place > 4 or verdict == "data":
            break
        more = len(columns & set(filled(head[lower])))
        between = head[place + 1 : lower]
        apart = any(not filled(line) for line in between)
        if apart and _holds_data(head[place], between):
            break
        if (
            more > covered
            and (verdict == "label" or apart)
            and not _more_values(head, place, lower)
        ):
            return lower
    return place


def _more_values(head: Sequence[Line], place: int, lower: int) -> bool:
    """Whether a lower line holds values, and the upper one names alone: a line cut too often."""
    held = [
        sum(1 for cell in head[at] if cell and not YEAR.fullmatch(cell) and _is_value(cell))
        for at in (place, lower)
    ]
    return held[1] > held[0] == 0 and len(filled(head[place])) > 2


def _is_value(cell: str) -> bool:
    return kind_of(cell) in ("number", "date", "link")


def _holds_data(line: Line, below: Sequence[Line]) -> bool:
    """Whether a line names those right below it: they are a table, another one follows."""
    stop = next((place for place, row in enumerate(below) if not filled(row)), len(below))
    return stop > 1 and len(filled(line)) > 1 and labels(line, below[:stop])


def _verdict(head: Sequence[Line], place: int) -> str | None:
    """`label`, `data`, `note` or `neutral`; None for a line that does not name enough columns."""
    line, below = head[place], head[place + 1 :]
    places = filled(line)
    columns = used(below)
    if not places:
        return None
    if not columns:
        return _alone(line)
    if len(columns & set(places)) < max(min(2, len(columns)), COVERED * len(columns)):
        return None
    if len(columns) == 1:
        return _verdict_of_one(head, place, min(columns))
    if NOTE.match(line[places[0]] or "") and len(places) < len(columns):
        return "note"
    return _compared(line, below, columns)


def _alone(line: Line) -> str:
    """The last line of a sheet: names alone, unless most cells are numbers, dates or addresses."""
    kinds = [kind_of(cell) for cell in line if cell and not YEAR.fullmatch(cell)]
    values = sum(1 for kind in kinds if kind in ("number", "date", "link"))
    return "data" if kinds and values >= len(kinds) / 2 else "neutral"


def _verdict_of_one(head: Sequence[Line], place: int, column: int) -> str:
    """In a file of one column, a line apart from the others by a blank one is a title."""
    after = head[place + 1 : place + 4]
    if after and not filled(after[0]) and any(filled(line) for line in after[1:]):
        return "note"
    return _compared(head[place], head[place + 1 :], {column})


def _compared(line: Line, below: Sequence[Line], columns: set[int]) -> str:
    """What the kinds of the cells below say of a line."""
    kinds = strict_kinds([row for row in below if len(filled(row)) > 1 or len(columns) == 1])
    fit = misfit = 0
    for place in sorted(columns):
        cell = line[place] if place < len(line) else None
        kind = kinds[place] if place < len(kinds) else None
        if not cell or kind is None or kind_of(cell) == "missing":
            continue
        fit, misfit = (fit + 1, misfit) if fits(cell, kind) else (fit, misfit + 1)
    if misfit and misfit >= fit:
        return "label"
    if years(line, below):
        return "label"
    if fit and len(filled(line)) >= max(2, COVERED * len(columns)) or fit and len(columns) == 1:
        return "data"
    return "neutral" if not misfit else "data"


def years(line: Line, below: Sequence[Line]) -> bool:
    """Whether the numbers of a line are years in a row, and those below are not."""
    places = [place for place in filled(line) if kind_of(line[place] or "") == "number"]
    cells = [line[place] or "" for place in places]
    if len(cells) < 2 or not all(YEAR.fullmatch(cell) for cell in cells):
        return False
    steps = {int(right) - int(left) for left, right in zip(cells, cells[1:], strict=False)}
    values = [row[place] or "" for row in below for place in places if place < len(row)]
    same = sum(1 for value in values if YEAR.fullmatch(value))
    return len(steps) <= 2 and 0 not in steps and same < len(values) / 2


def _first_full(head: Sequence[Line]) -> int:
    """The first line of data when no line names the columns."""
    for place, line in enumerate(head):
        columns = used(head[place:])
        if filled(line) and len(filled(line)) >= min(2, len(columns)):
            return place
    return 0


def _pair(head: Sequence[Line], place: int) -> tuple[int, int]:
    """The first and last line of a header of one or two lines."""
    if place + 1 < len(head) and _are_pair(head[place], head[place + 1], head[place + 2 :]):
        return place, place + 1
    if place and _are_pair(head[place - 1], head[place], head[place + 1 :]):
        return place - 1, place
    return place, place


def _are_pair(top: Line, bottom: Line, below: Sequence[Line]) -> bool:
    """Whether the first line groups the names that the second one gives."""
    over, under, columns = set(filled(top)), set(filled(bottom)), used(below)
    if not over or not under or len(columns) < 2 or columns - over - under:
        return False
    if any(len(top[place] or "") > 60 or NOTE.match(top[place] or "") for place in over):
        return False
    gaps = {place for place in columns - over} | _repeats(top)
    if not gaps or not gaps <= under:
        return False
    starts = [max((place for place in over if place < gap), default=None) for gap in gaps - over]
    if not all(start is None or start in under for start in starts):
        return False
    return _groups(top, bottom, columns) and _no_data(bottom, below, columns)


def _repeats(top: Line) -> set[int]:
    """Columns whose group is written again, the first one of each group too."""
    places = filled(top)
    pairs = zip(places, places[1:], strict=False)
    same = [(left, right) for left, right in pairs if top[left] == top[right]]
    return {place for pair in same for place in pair}


def _groups(top: Line, bottom: Line, columns: set[int]) -> bool:
    """Vertical merges (the second line is empty below some names), or real groups above all."""
    over, under = set(filled(top)), set(filled(bottom))
    if not columns <= under:
        return True
    if len(over) == 1:
        (only,) = over
        return only > min(columns) and len(top[only] or "") <= 25 and only + 1 in columns
    if _repeats(top) or min(over) > min(columns):
        return True
    return _spread(top, bottom, columns)


def _spread(top: Line, bottom: Line, columns: set[int]) -> bool:
    """Whether several cells each begin a group of columns; a title stands alone, or is a phrase."""
    starts = filled(top)
    cells = [top[place] or "" for place in starts]
    if any(len(cell) > 40 or cell.endswith((":", ".")) for cell in cells):
        return False
    stops = [*starts[1:], max(columns) + 1]
    wide = [start for start, stop in zip(starts, stops, strict=True) if stop - start > 1]
    # a label and its value, « Exercice ; 2023 », are no groups; years are, when they are several
    known = [cell for cell in cells if kind_of(cell) != "text"]
    if known and not (len(known) > 1 and all(map(YEAR.fullmatch, known))):
        return False
    names = [bottom[place] for place in sorted(filled(bottom))]
    if len(set(names)) < len(names):
        return True
    if len(starts) == 2 and starts[1] - starts[0] == 1 and KEY.match(cells[0]):
        return False
    return 2 * len(wide) >= len(starts) and max(wide, default=0) > starts[0]


def _no_data(bottom: Line, below: Sequence[Line], columns: set[int]) -> bool:
    """Whether the second line is not a line of data: words above numbers, years, repeated names."""
    kinds = strict_kinds(below)
    cells = {place: bottom[place] or "" for place in filled(bottom) if place in columns}
    numbers = {place for place, kind in enumerate(kinds) if kind is not None and place in cells}
    as_years = {place for place in numbers if YEAR.fullmatch(cells[place])}
    if any(fits(cells[place], kinds[place] or "") for place in numbers - as_years):
        return False
    if numbers - as_years or len(as_years) > 1:
        return True
    return len(set(cells.values())) < len(cells) or len(columns - set(cells)) > 1


def _named(top: Line | None, bottom: Line, width: int) -> tuple[str, ...]:
    """Names of the columns; under a group, « group name »."""
    names, group = [], ""
    for place in range(width):
        below = _folded(bottom[place] if place < len(bottom) else None)
        above = _folded(top[place] if top is not None and place < len(top) else None)
        group = above or (group if below else "")
        words = [group, below] if group != below else [below]
        names.append(" ".join(word for word in words if word))
    return tuple(names)


def _folded(name: str | None) -> str:
    return " ".join((name or "").split())


def _is_units(head: Sequence[Line], place: int) -> bool:
    """Whether a line gives the units of the columns of numbers below it."""
    if place >= len(head) - 1:
        return False
    cells = {column: head[place][column] or "" for column in filled(head[place])}
    kinds = strict_kinds(head[place + 1 :])
    units = {column for column, cell in cells.items() if is_unit(cell)}
    others = {column for column in cells if column not in units}
    if not any(column < len(kinds) and kinds[column] == "number" for column in units):
        return False
    return all(cells[column].lower() in UNLIKE_UNITS or _wordy(cells[column]) for column in others)


def is_unit(cell: str) -> bool:
    """« m² », « (en euros) », « [k€] »."""
    bare = cell.strip("()[] ").lower().removeprefix("en ").removeprefix("unité : ").strip()
    return bare in UNITS


def _wordy(cell: str) -> bool:
    return bool(re.fullmatch(r"\([^()]*\)|\[[^\[\]]*\]", cell))
