"""Records of a JSON answer as the columns of a card, field by field, as the card says.

A correspondence is `column: field`, or `column: {field, ...}` with:
- `words`: what each word stands for (null: known, and no value); another word is unreadable;
- `factor`: from the unit of the source to that of the column;
- `below`: column that takes the threshold of « <0,029 », whose own value stays empty;
- `state`: column that says in a word what the figure is (mesuré, sous le seuil, ...);
- `lower: true`: a text in small letters;
- `optional: true`: the source may leave the field out of all its records;
- `tolerant: true`: unreadable values are left empty and said, however many.

A field is a place: `a.b`, `geom.coordinates.0`, `reseaux.*.nom` (each of a list, joined).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from connectors.fetching import FetchError
from connectors.reading.communes import check_known, current
from connectors.reading.figures import BELOW, BLANK, SECRET, VALUE, Figure, figure
from data.boxes import box_of, holds
from data.catalog import Column, Dataset
from data.territories import territory

MAX_TEXT = 500  # characters of a text kept
MAX_ODD = 0.2  # share of filled values that may be unreadable, or out of place: else a fault
NUMBERS = ("INTEGER", "BIGINT", "DOUBLE")
LARGEST = {"INTEGER": 2**31, "BIGINT": 2**63}
STATES = {
    VALUE: "mesuré",
    BELOW: "sous le seuil",
    SECRET: "secret",
    BLANK: "non renseigné",
}
UNREAD = "non chiffré"
POINT = ("longitude", "latitude")
_FRENCH = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?!\d)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")


@dataclass(frozen=True)
class Rule:
    """How one column is filled."""

    column: Column
    field: str
    words: Mapping[str, Any] | None = None
    factor: float = 1.0
    below: str | None = None
    state: str | None = None
    lower: bool = False
    optional: bool = False
    tolerant: bool = False


@dataclass
class Reading:
    """What was read, and by column what could not be: unreadable, secret, below a threshold."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    tolerant: frozenset[str] = frozenset()  # columns that may be unreadable throughout

    def count(self, rule: Rule, kind: str) -> None:
        self.counts.setdefault(rule.column.name, Counter())[kind] += 1


def rules(dataset: Dataset, given: Mapping[str, Any]) -> list[Rule]:
    """The correspondences of a card, by column."""
    known = {column.name: column for column in dataset.columns}
    return [
        Rule(known[name], **({"field": made} if isinstance(made, str) else made))
        for name, made in given.items()
    ]


def table(
    dataset: Dataset,
    records: Sequence[Any],
    code: str,
    columns: Mapping[str, Any],
    url: str,
) -> tuple[pd.DataFrame, list[str]]:
    """One row a record: `territory`, then the columns of the card; and what a reader must know.

    Raises FetchError on a field that is nowhere, values that cannot be read, a commune unknown.
    """
    made = rules(dataset, columns)
    _check_fields(records, [code, *[rule.field for rule in made if not rule.optional]], url)
    seen = Reading(tolerant=frozenset(one.column.name for one in made if one.tolerant))
    rows = [_row(record, code, made, seen) for record in records]
    frame = _typed(dataset, pd.DataFrame(rows, columns=_names(dataset), dtype=object))
    aside = check_known(frame["territory"], url)
    notes = [*([aside] if aside else []), *_notes(dataset, frame, seen, url)]
    frame = frame[frame["territory"].notna()].reset_index(drop=True)
    if set(POINT) <= set(frame.columns):
        frame, note = placed(frame, url)
        notes += note
    return frame, notes


def placed(frame: pd.DataFrame, url: str) -> tuple[pd.DataFrame, list[str]]:
    """Rows whose points lie where their commune can be; the few others lose theirs.

    Raises FetchError when many do not: axes exchanged, or metres for degrees.
    """
    filled = frame[POINT[0]].notna() & frame[POINT[1]].notna()
    points = zip(frame["territory"], frame[POINT[0]], frame[POINT[1]], strict=True)
    inside = [_inside(code, lon, lat) for code, lon, lat in points]
    odd = filled & ~pd.Series(inside, index=frame.index, dtype=bool)
    if odd.sum() > MAX_ODD * filled.sum():
        lon, lat = (frame.loc[odd, name].iloc[0] for name in POINT)
        raise FetchError(f"{url} : point {lon}, {lat} hors du territoire : axes inversés ?")
    if not odd.any():
        return frame, []
    kept = frame.assign(**{name: frame[name].where(~odd) for name in POINT})
    return kept, [f"points hors du territoire, laissés vides : {odd.sum()}"]


def _inside(code: str, lon: float | None, lat: float | None) -> bool:
    if lon is None or lat is None or pd.isna(lon) or pd.isna(lat):
        return False
    return holds(box_of(territory(code).departement), lon, lat)


def _names(dataset: Dataset) -> list[str]:
    return ["territory", *[column.name for column in dataset.columns]]


def _check_fields(records: Sequence[Any], wanted: Sequence[str], url: str) -> None:
    """Each field must stand in one record at least: a name that changed is not an empty value."""
    if any(not isinstance(record, dict) for record in records):
        raise FetchError(f"{url} : enregistrements illisibles")
    for place in wanted if records else []:
        key = place.split(".")[0]
        if not any(key in record for record in records):
            given = ", ".join(sorted(map(str, records[0])))[:200]
            raise FetchError(f"{url} : champ « {key} » absent (reçu : {given})")


def _row(record: Any, code: str, made: list[Rule], seen: Reading) -> dict[str, Any]:
    row: dict[str, Any] = {"territory": current(value_at(record, code))}
    for rule in made:
        row.update(_cells(rule, value_at(record, rule.field), seen))
    return row


def value_at(record: Any, place: str) -> Any:
    """What stands at a place of a record; a list where the place goes through « * »."""
    head, _, rest = place.partition(".")
    if head == "*":
        each = record if isinstance(record, list) else []
        return [value_at(one, rest) if rest else one for one in each]
    if isinstance(record, dict):
        found = record.get(head)
    elif isinstance(record, list) and head.isdecimal() and int(head) < len(record):
        found = record[int(head)]
    else:
        return None
    return value_at(found, rest) if rest else found


def _cells(rule: Rule, given: Any, seen: Reading) -> dict[str, Any]:
    """The value of a column, with those of the columns that go with it."""
    if rule.words is not None:
        return {rule.column.name: _word(rule, given, seen)}
    if rule.column.type in NUMBERS:
        return _number(rule, given, seen)
    if rule.column.type == "DATE":
        return {rule.column.name: _date(rule, given, seen)}
    if rule.column.type == "BOOLEAN":
        return {rule.column.name: _boolean(rule, given, seen)}
    return {rule.column.name: _text(rule, given, seen)}


def _word(rule: Rule, given: Any, seen: Reading) -> Any:
    text = str(given if given is not None else "").strip()
    if text and text not in (rule.words or {}):
        seen.count(rule, "unreadable")
        return None
    return (rule.words or {}).get(text)


def _number(rule: Rule, given: Any, seen: Reading) -> dict[str, Any]:
    read = _figure(given)
    value = None
    if read.kind == VALUE and read.value is not None:
        value = _fitting(rule, read.value * rule.factor)
        read = read if value is not None else Figure("unreadable")
    if read.kind != VALUE:
        seen.count(rule, read.kind)
    cells: dict[str, Any] = {rule.column.name: value}
    if rule.below:
        under = read.kind == BELOW and read.value is not None
        cells[rule.below] = (read.value or 0.0) * rule.factor if under else None
    if rule.state:
        cells[rule.state] = STATES.get(read.kind, UNREAD)
    return cells


def _figure(given: Any) -> Figure:
    """As `figures` reads it; « <SEUIL » is below a threshold that is not told."""
    if isinstance(given, bool | list | dict):
        return Figure("unreadable")
    try:
        read = figure(given[:40] if isinstance(given, str) else given)
    except OverflowError:
        return Figure("unreadable")
    told = read.kind in (VALUE, BELOW, SECRET, BLANK)
    return read if told or not str(given).strip().startswith("<") else Figure(BELOW)


def _fitting(rule: Rule, value: float) -> float | int | None:
    """The number as its column can hold it; None when it cannot be one."""
    if not math.isfinite(value):
        return None
    largest = LARGEST.get(rule.column.type)
    if largest is None:
        return value
    return int(value) if value == int(value) and abs(value) < largest else None


def _date(rule: Rule, given: Any, seen: Reading) -> date | None:
    text = str(given if given is not None else "").strip()[:30]
    if not text:
        return None
    made = day(text)
    if made is None:
        seen.count(rule, "unreadable")
    return made


def day(text: str) -> date | None:
    """The day of 2021-06-01, 2021-06-01T12:00:00Z or 01/06/2021; None otherwise."""
    iso, french = _ISO.match(text), _FRENCH.match(text)
    if iso:
        year, month, number = map(int, iso.groups())
    elif french:
        number, month, year = map(int, french.groups())
    else:
        return None
    try:
        return date(year, month, number) if 1800 <= year <= 2100 else None
    except ValueError:
        return None


def _text(rule: Rule, given: Any, seen: Reading) -> str | None:
    if isinstance(given, list):
        parts = [str(one).strip() for one in given if one and not isinstance(one, dict | list)]
        given = " ; ".join(dict.fromkeys(parts))
    if isinstance(given, dict):
        seen.count(rule, "unreadable")
        return None
    text = _printable(str(given if given is not None else "")[:MAX_TEXT])
    return (text.lower() if rule.lower else text) or None


def _printable(text: str) -> str:
    """Without the control characters and broken pairs that no text of a public body holds."""
    if text.isprintable():
        return text.strip()
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _boolean(rule: Rule, given: Any, seen: Reading) -> bool | None:
    if given is not None and not isinstance(given, bool):
        seen.count(rule, "unreadable")
    return given if isinstance(given, bool) else None


def _typed(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers, also where a column holds none."""
    for column in dataset.columns:
        given = frame[column.name]
        if column.type == "DOUBLE":
            frame[column.name] = given.astype("float64")
        elif column.type in NUMBERS:
            frame[column.name] = given.astype("Int64")
    return frame


def _notes(dataset: Dataset, frame: pd.DataFrame, seen: Reading, url: str) -> Iterator[str]:
    """What was left empty and why; raises FetchError when too much of a column is unreadable."""
    labels = {column.name: column.label for column in dataset.columns}
    for name, counts in seen.counts.items():
        filled = int(frame[name].notna().sum()) + counts["unreadable"] + counts[BELOW]
        if name not in seen.tolerant and counts["unreadable"] > MAX_ODD * filled:
            raise FetchError(
                f"{url} : « {labels[name]} » illisible sur {counts['unreadable']} lignes "
                f"de {filled}"
            )
        for kind, words in (
            (BELOW, "valeurs sous le seuil de mesure (ce n'est pas zéro)"),
            (SECRET, "valeurs secrètes, laissées vides"),
            ("unreadable", "valeurs illisibles, laissées vides"),
        ):
            if counts[kind]:
                yield f"« {labels[name]} », {words} : {counts[kind]}"
