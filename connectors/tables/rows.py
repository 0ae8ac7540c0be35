"""From a published table, as text and numbers, to the rows of a card.

Wide becomes long, units are brought to those of the card, the communes of yesterday to those of
today. A secret, a value below a threshold, a blank and a zero stay four things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.fetching import FetchError
from connectors.reading.communes import check_known, current, without_districts
from connectors.reading.figures import BELOW, BLANK, SECRET, UNREADABLE, VALUE, figure
from connectors.tables.card import Found, Key, Measure, Series, TableCard
from data.catalog import Dataset
from data.tables import Table

KINDS = (VALUE, BLANK, BELOW, SECRET, UNREADABLE)  # of a sum: the worst of its parts
MAX_UNREADABLE = 0.01  # share of the figures of a column that may be no figure at all
MAX_WHOLE = 2**31 - 1
ALL = "territory"


@dataclass
class Rows:
    """Rows of a card, what they say of the file, and what was left aside in words."""

    frame: pd.DataFrame
    span: str | None = None  # first and last year
    notes: list[str] = field(default_factory=list)

    @property
    def detail(self) -> str | None:
        return " ; ".join(self.notes) or None


@dataclass(frozen=True)
class _Figures:
    """A column of figures: the value, null unless it is one, and its kind (place in KINDS)."""

    value: np.ndarray
    kind: np.ndarray

    def __add__(self, other: _Figures) -> _Figures:
        return _Figures(self.value + other.value, np.maximum(self.kind, other.kind))


def rows_of(dataset: Dataset, card: TableCard, found: Found, table: Table, url: str) -> Rows:
    """The rows of the card; raises FetchError where the file cannot be what the card says."""
    if not table.columns.num_rows:
        return Rows(_typed(dataset, pd.DataFrame(columns=[ALL, *_names(dataset)]), url))
    codes = _encoded(table.columns.column(found.code))
    known = [current(code) for code in _distinct(codes)]
    said = check_known(_series(_mapped(codes, known, pa.string())), url)
    places = _places(codes)
    notes = [said] if said else []
    shared = {ALL: places, **_keyed(dataset, card, table, url)}
    read = _Read(card, table, url, shared)
    frame = pd.concat([read.part(one) for one in found.series], ignore_index=True)
    notes += read.notes()
    frame = _merged(card, frame, notes) if read.repeated.any() else frame
    frame = _complete(card, frame, notes)
    return Rows(_typed(dataset, _flagged(card, frame), url), _span(frame), notes)


class _Read:
    """One table under reading: what its lines share, what was seen of its figures."""

    def __init__(
        self, card: TableCard, table: Table, url: str, shared: dict[str, pa.DictionaryArray]
    ) -> None:
        self.card, self.table, self.url = card, table, url
        self.unreadable: dict[str, int] = {}
        self.kept = shared[ALL].is_valid().to_numpy(zero_copy_only=False)  # of a known commune
        if not self.kept.all():
            shared = {name: made.filter(pa.array(self.kept)) for name, made in shared.items()}
        self.lines = int(self.kept.sum())
        self.repeated = _repeated(list(shared.values()))
        self.shared = {name: _series(made) for name, made in shared.items()}

    def part(self, series: Series) -> pd.DataFrame:
        """The rows of one value of the named groups, less those that say nothing."""
        made: dict[str, Any] = {**self.shared, **series.keys}
        something = np.zeros(self.lines, dtype=bool)
        for measure in self.card.measures:
            figures = self._figures(measure, series)
            made[measure.column], made[_kind(measure)] = figures.value, figures.kind
            something |= figures.kind != KINDS.index(BLANK)
        frame = pd.DataFrame(made)
        return frame if something.all() else frame[something]

    def _figures(self, measure: Measure, series: Series) -> _Figures:
        names = series.cells.get(measure.column, ())
        if not names:
            blank = np.full(self.lines, KINDS.index(BLANK), np.int8)
            return _Figures(np.full(self.lines, np.nan), blank)
        added = _figures(self.table, names[0])
        for name in names[1:]:
            added = added + _figures(self.table, name)
        value, kind = added.value[self.kept] / measure.divide, added.kind[self.kept]
        self._count(measure, kind)
        return _Figures(value, kind)

    def _count(self, measure: Measure, kind: np.ndarray) -> None:
        bad = int((kind == KINDS.index(UNREADABLE)).sum())
        given = int((kind != KINDS.index(BLANK)).sum())
        if bad > MAX_UNREADABLE * given:
            raise FetchError(
                f"{self.url} : colonne « {measure.match} » : {bad} valeurs sur {given} ne sont pas "
                "des nombres"
            )
        self.unreadable[measure.column] = self.unreadable.get(measure.column, 0) + bad

    def notes(self) -> Iterator[str]:
        for column, bad in self.unreadable.items():
            if bad:
                yield f"« {column} » : {bad} valeurs illisibles laissées vides"


def _figures(table: Table, name: str) -> _Figures:
    """A column of the file; the few texts among its numbers are read one distinct value at once."""
    value = table.columns.column(name).to_numpy().astype(float)
    kind = np.where(np.isnan(value), KINDS.index(BLANK), KINDS.index(VALUE)).astype(np.int8)
    odd = table.odd[name]
    if odd.null_count < len(odd):
        texts = odd.combine_chunks().dictionary_encode()
        read = [figure(text) for text in texts.dictionary.to_pylist()]
        at = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
        which = pc.drop_null(texts.indices).to_numpy()
        kind[at] = np.array([KINDS.index(one.kind) for one in read], np.int8)[which]
        numbers = [one.value if one.kind == VALUE else None for one in read]
        value[at] = np.array(numbers, dtype=float)[which]
    return _Figures(value, kind)


def _places(codes: pa.DictionaryArray) -> pa.DictionaryArray:
    """The communes of today, null where none is known; each distinct code is looked up once."""
    return _mapped(codes, without_districts(_distinct(codes)), pa.string())


def _keyed(
    dataset: Dataset, card: TableCard, table: Table, url: str
) -> dict[str, pa.DictionaryArray]:
    types = {column.name: column.type for column in dataset.columns}
    return {name: _key(table, key, types[name], url) for name, key in card.keys.items()}


def _key(table: Table, key: Key, kind: str, url: str) -> pa.DictionaryArray:
    """What each line is about; raises FetchError where a line does not say it."""
    column = _encoded(table.columns.column(key.column))
    found = [re.search(key.pattern or r"(.+)", text[:200]) for text in _distinct(column)]
    given = [made[1] for made in found if made]
    whole = kind == "INTEGER"
    if column.null_count or len(given) < len(found) or (whole and not all(map(_is_year, given))):
        raise FetchError(f"{url} : lignes sans « {key.column} » lisible")
    others = sorted(set(given) - set(key.values or given))
    if others:
        raise FetchError(f"{url} : « {key.column} » vaut {others[0][:60]!r}, non demandé")
    return _mapped(column, list(map(int, given)) if whole else given, None)


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) <= 4


def _distinct(column: pa.DictionaryArray) -> list[str]:
    return [str(text) for text in column.dictionary.to_pylist()]


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return column.combine_chunks().dictionary_encode()


def _mapped(column: pa.DictionaryArray, values: list[Any], kind: pa.DataType) -> pa.DictionaryArray:
    """Each cell replaced by what stands for it among the distinct ones, where the two agree."""
    made = pa.array(values, kind).dictionary_encode()
    return pa.DictionaryArray.from_arrays(made.indices.take(column.indices), made.dictionary)


def _series(column: pa.DictionaryArray) -> pd.Series:
    return column.dictionary.take(column.indices).to_pandas()


def _repeated(columns: list[pa.DictionaryArray]) -> np.ndarray:
    """Lines whose keys are also those of another line."""
    mixed = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        mixed = mixed * len(column.dictionary) + column.indices.to_numpy()
    return pd.Series(mixed).duplicated(keep=False).to_numpy()


def _merged(card: TableCard, frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """One row for each commune of today and each key, where several old ones have theirs."""
    keys = _row_keys(card, frame)
    several = frame.duplicated(keys, keep=False)
    together = frame[several].groupby(keys, sort=False, dropna=False)
    made = pd.DataFrame({column: how for column, how in _added(card, together)})
    for measure in card.measures:
        if isinstance(measure.merge, tuple):
            over, under = measure.merge
            made[measure.column] = made[over] / made[under].where(made[under] > 0)
    notes.append(f"communes fusionnées depuis : {int(several.sum())} lignes réunies en {len(made)}")
    return pd.concat([frame[~several], made.reset_index()], ignore_index=True)


def _added(card: TableCard, together: object) -> Iterator[tuple[str, pd.Series]]:
    """Each figure of communes put together: unknown as soon as one part is, for what adds up."""
    blank = KINDS.index(BLANK)
    for measure in card.measures:
        figures, kinds = together[measure.column], together[_kind(measure)]  # type: ignore[index]
        if measure.merge == "alone":
            alone = figures.count() == 1
            yield measure.column, figures.first().where(alone)
            yield _kind(measure), kinds.min().where(alone, blank)
        else:
            yield measure.column, figures.sum(skipna=False)
            yield _kind(measure), kinds.max()


def _complete(card: TableCard, frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Without the last years for which too few communes have given theirs yet."""
    for name, share in card.complete.items():
        counts = frame.groupby(name)[ALL].nunique().sort_index()
        while len(counts) > 1 and counts.iloc[-1] < share * counts.iloc[-2]:
            notes.append(
                f"{counts.index[-1]} laissée de côté, incomplète : {counts.iloc[-1]} communes, "
                f"{counts.iloc[-2]} l'année d'avant"
            )
            frame = frame[frame[name] != counts.index[-1]]
            counts = counts.iloc[:-1]
    return frame


def _flagged(card: TableCard, frame: pd.DataFrame) -> pd.DataFrame:
    """With the columns of the card that say a secret, or the status of a figure."""
    flags: dict[str, pd.Series] = {}
    for measure in card.measures:
        kind = frame[_kind(measure)]
        if measure.secret:
            secret = kind == KINDS.index(SECRET)
            flags[measure.secret] = secret | flags.get(measure.secret, False)
        if measure.status:
            flags[measure.status] = kind.map(dict(enumerate(KINDS)))
    return frame.assign(**flags)


def _typed(dataset: Dataset, frame: pd.DataFrame, url: str) -> pd.DataFrame:
    """The card's columns in their types; a whole number keeps its empty cells."""
    made = {ALL: frame[ALL]}
    for column in dataset.columns:
        values = frame[column.name]
        if column.type == "INTEGER":
            values = _whole(values, f"{url} : « {column.label} »")
        made[column.name] = values
    return pd.DataFrame(made).reset_index(drop=True)


def _whole(values: pd.Series, where: str) -> pd.Series:
    if values.dtype.kind == "i":
        return values.astype("Int64")
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = numbers.notna() & ((numbers != numbers.round()) | (numbers.abs() > MAX_WHOLE))
    if wrong.any():
        raise FetchError(f"{where} vaut {numbers[wrong].iloc[0]:g}, nombre entier attendu")
    return numbers.astype("Int64")


def _span(frame: pd.DataFrame) -> str | None:
    if "annee" not in frame or frame.empty:
        return None
    first, last = frame["annee"].min(), frame["annee"].max()
    return str(last) if first == last else f"{first}-{last}"


def _row_keys(card: TableCard, frame: pd.DataFrame) -> list[str]:
    measured = {name for made in card.measures for name in (made.column, _kind(made))}
    return [name for name in frame.columns if name not in measured]


def _kind(measure: Measure) -> str:
    return f"kind of {measure.column}"


def _names(dataset: Dataset) -> list[str]:
    return [column.name for column in dataset.columns]
