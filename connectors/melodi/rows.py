"""Observations of INSEE Melodi brought to the rows of a card, whichever way they came.

A card says in `params` which dimension names its measures, which values of it are its columns, and
which dimensions are its keys. Every other dimension must be at its total (`_T`). Both ways of
asking (one town, or the whole file) pass here: same observations, same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.fetching import FetchError
from connectors.reading.communes import check_known, current_codes
from data.catalog import Dataset, Source

TOTAL = "_T"
CODE, LEVEL, PERIOD, VALUE = "GEO", "GEO_OBJECT", "TIME_PERIOD", "OBS_VALUE"
OWN = (CODE, LEVEL, PERIOD, VALUE)
ATTRIBUTES = ("FREQ", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "GEO_REF")  # and *_STATUS
STATUS = "CONF_STATUS"
SECRETS = frozenset({"C", "N", "S", "D"})  # confidential, not for publication
MAX_UNKNOWN = 0.4  # share of values whose word is not known before the list has changed
NUMBER = r"^[+-]?\d{1,12}([.,]\d{1,12})?([eE][+-]?\d{1,2})?$"
YEAR = r"^(19|20)\d\d$"


@dataclass(frozen=True)
class Reading:
    """How a card reads one dataset of Melodi (its `params`)."""

    dataset: str
    measure: str  # dimension whose values are columns of the card
    columns: Mapping[str, str]  # value of that dimension: column
    index: Mapping[str, str] = field(default_factory=dict)  # dimension: column
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # words of its values
    where: Mapping[str, str] = field(default_factory=dict)  # dimension: value kept
    secret: Mapping[str, str] = field(default_factory=dict)  # column: column that says « secret »
    summed: bool = True  # communes merged since add up; a median does not
    years: int | None = None  # the last ones kept
    parts: tuple[str, ...] = ()  # columns that must make `whole`
    whole: str | None = None

    @property
    def required(self) -> set[str]:
        return {self.measure, *self.index, *self.where}


def reading(source: Source) -> Reading:
    """The reading that a source's card describes."""
    known = {name: made for name, made in source.params.items() if name in FIELDS}
    return Reading(**{**known, "parts": tuple(known.get("parts", ()))})


FIELDS = frozenset(Reading.__dataclass_fields__)


def kept(table: pa.Table, made: Reading, url: str) -> pa.Table:
    """The observations of communes that the card reads, out of a table of text.

    Columns: the keys as dictionaries, the year, `number` (null when secret or blank) and `secret`.
    Raises FetchError where a dimension is missing, where figures are given in thousands, and on a
    value that is no number.
    """
    names = table.column_names
    missing = sorted(({*OWN, *made.required}) - set(names))
    if missing:
        raise FetchError(f"{url} : {missing[0]} absent (reçu : {', '.join(names)[:160]})")
    wanted = _all(
        [
            pc.equal(table[LEVEL], "COM"),
            pc.is_in(table[made.measure], pa.array(list(made.columns))),
            *(pc.equal(table[name], value) for name, value in made.where.items()),
            *(pc.not_equal(table[name], TOTAL) for name in made.index),
            *(pc.equal(table[name], TOTAL) for name in _others(names, made)),
        ]
    )
    found = table.filter(pc.fill_null(wanted, False))
    if "UNIT_MULT" in names:
        odd = pc.unique(found["UNIT_MULT"]).to_pylist()
        if any(str(power or "0") != "0" for power in odd):
            raise FetchError(f"{url} : valeurs données en puissances de dix ({odd[:3]})")
    read = _read(found, made, url)
    if made.years and read.num_rows:  # the last year of a block is at most that of the file
        last = pc.max(read[PERIOD]).as_py()
        read = read.filter(pc.greater(read[PERIOD], last - made.years))
    return read


def _others(names: Sequence[str], made: Reading) -> list[str]:
    """Dimensions that the card does not read: their total alone is kept."""
    known = {*OWN, *made.required, *ATTRIBUTES}
    return [name for name in names if name not in known and not name.endswith(("_STATUS", "_FR"))]


def _all(conditions: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    found = conditions[0]
    for condition in conditions[1:]:
        found = pc.and_(found, condition)
    return found


@dataclass(frozen=True)
class Rows:
    """Rows in the columns of the card, their last year, and what was left aside."""

    frame: pd.DataFrame
    vintage: str | None
    detail: str | None


def rows(dataset: Dataset, made: Reading, observations: pa.Table, url: str) -> Rows:
    """One row for each commune, year and key; raises FetchError on what contradicts itself."""
    table, said = _lately(observations, made, url)
    lines = _of_today(table, made, said, url)
    wide = _spread(lines, made)
    frame = pd.DataFrame({"territory": wide[CODE], "annee": wide[PERIOD].astype("int32")})
    for dimension, column in made.index.items():
        frame[column] = _worded(wide[dimension], made.labels.get(dimension))
    for value, column in made.columns.items():
        frame[column] = wide[value]
        if column in made.secret:
            frame[made.secret[column]] = wide[f"{value} secret"].astype(bool)
    _check_whole(frame, made, url)
    for one in dataset.columns:
        if one.name not in frame:
            frame[one.name] = float("nan")  # known of the card, not given by this source
    names = ["territory", *(one.name for one in dataset.columns)]
    vintage = str(frame["annee"].max()) if len(frame) else None
    return Rows(frame[names].reset_index(drop=True), vintage, " ; ".join(said) or None)


def _read(found: pa.Table, made: Reading, url: str) -> pa.Table:
    """Years and values as numbers; a secret or blank value is none, never zero."""
    text = pc.utf8_trim_whitespace(found[VALUE])
    readable = pc.fill_null(pc.match_substring_regex(text, NUMBER), False)
    blank = pc.or_(pc.is_null(text), pc.is_in(text, pa.array(["", "nan", "NaN"])))
    dated = pc.fill_null(pc.match_substring_regex(found[PERIOD], YEAR), False)
    strange = pc.sum(pc.invert(pc.or_(readable, blank))).as_py() or 0
    undated = pc.sum(pc.invert(dated)).as_py() or 0
    if strange or undated:
        raise FetchError(f"{url} : {strange} valeurs et {undated} années illisibles")
    number = pc.replace_substring(pc.if_else(readable, text, None), ",", ".")
    return pa.table(
        {
            **{
                name: pc.dictionary_encode(found[name])
                for name in (CODE, made.measure, *made.index)
            },
            PERIOD: pc.cast(found[PERIOD], pa.int32()),
            "number": pc.cast(number, pa.float64()),
            "secret": _secret(found, readable),
        }
    )


def _lately(observations: pa.Table, made: Reading, url: str) -> tuple[pd.DataFrame, list[str]]:
    """The last years, in the words that the card knows, and what was left aside."""
    table = observations.to_pandas()
    said = []
    if made.years and len(table):
        table = table[table[PERIOD] > table[PERIOD].max() - made.years]
    for dimension, words in made.labels.items():
        unknown = ~table[dimension].isin(list(words))
        if unknown.any():
            some = ", ".join(sorted(map(str, table.loc[unknown, dimension].unique()))[:3])
            if unknown.mean() > MAX_UNKNOWN:
                raise FetchError(f"{url} : {dimension} {some}, de sens inconnu")
            said.append(f"{dimension} inconnu laissé de côté : {some} ({unknown.sum()} valeurs)")
            table = table[~unknown]
    return table, said


def _secret(observations: pa.Table, readable: pa.ChunkedArray) -> pa.ChunkedArray:
    if STATUS not in observations.column_names:
        return pc.and_(readable, False)
    marked = pc.is_in(observations[STATUS], pa.array(sorted(SECRETS)))
    return pc.and_(pc.fill_null(marked, False), pc.invert(readable))


def _of_today(table: pd.DataFrame, made: Reading, said: list[str], url: str) -> pd.DataFrame:
    """Lines of today's communes, those merged since added up or, where they cannot be, dropped."""
    keys = [CODE, PERIOD, made.measure, *made.index]
    if table.duplicated(keys).any():
        raise FetchError(f"{url} : plusieurs valeurs pour une même commune et une même année")
    given = pd.Series(list(table[CODE].cat.categories), dtype=object)
    current = current_codes(given)
    unknown = check_known(current, url)
    said += [unknown.replace("lignes", "communes")] if unknown else []
    names = {old: now for old, now in zip(given, current, strict=True) if now is not None}
    lines = table[table[CODE].isin(list(names))]
    codes = lines[CODE].cat.remove_unused_categories()
    if len(set(names.values())) == len(names):
        return lines.assign(**{CODE: codes.cat.rename_categories(names)})
    lines = lines.assign(**{CODE: codes.astype(object).map(names)})
    twice = lines.duplicated(keys, keep=False)
    merged = lines[twice]
    said.append(f"communes fusionnées depuis : {merged[CODE].nunique()}")
    if not made.summed:
        return lines[~lines[CODE].isin(set(merged[CODE]))]
    added = merged.groupby(keys, observed=True, as_index=False).agg(
        number=("number", lambda part: part.sum(skipna=False)), secret=("secret", "any")
    )
    return pd.concat([lines[~twice], added], ignore_index=True)


def _spread(lines: pd.DataFrame, made: Reading) -> pd.DataFrame:
    """One line for each key, a column for each measure (and « secret » beside it)."""
    keys = [CODE, PERIOD, *made.index]
    parts = []
    for value in made.columns:
        part = lines.loc[lines[made.measure] == value, [*keys, "number", "secret"]]
        parts.append(part.rename(columns={"number": value, "secret": f"{value} secret"}))
    wide = parts[0]
    for part in parts[1:]:
        wide = wide.merge(part, on=keys, how="outer")
    for value in made.columns:
        wide[f"{value} secret"] = wide[f"{value} secret"].eq(True)
    return wide


def _worded(values: pd.Series, words: Mapping[str, str] | None) -> pd.Series:
    made = values.astype("category").cat.remove_unused_categories()
    return made.cat.rename_categories(dict(words)) if words else made


def _check_whole(frame: pd.DataFrame, made: Reading, url: str) -> None:
    """Parts that must make a whole: else one dimension was not at its total."""
    if not made.whole:
        return
    known = frame[[*made.parts, made.whole]].dropna()
    gap = (known[list(made.parts)].sum(axis=1) - known[made.whole]).abs()
    wrong = int((gap > 1 + 0.001 * known[made.whole]).sum())
    if wrong:
        raise FetchError(f"{url} : {wrong} communes dont les parts ne font pas « {made.whole} »")


def table_of(records: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Records of text as a table; a key that one lacks is null there."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return pa.table(
        {name: pa.array([_text(one.get(name)) for one in records], pa.string()) for name in names}
    )


def _text(given: Any) -> str | None:
    return None if given is None else str(given)
