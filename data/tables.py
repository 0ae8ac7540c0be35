"""A national table in a CSV or Parquet file: read by DuckDB, the asked columns, strict on lines.

Every line must have as many cells as the header: a file cut short, or joined to another, is
refused. What does not fit in memory is spilled on disk and goes with the reading.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data.scratch import Scratch, quoted, scratch

HEADER_BYTES = 1_000_000  # of the first line; beyond, this is not a table
SEPARATORS = (";", ",", "\t", "|")
PARQUET = b"PAR1"
MAX_COLUMNS = 2000
CHUNK = 1 << 20
MAX_CELL = 100_000  # characters that a message may have to look into
EXTRA = "__odd_"  # column of the texts that are not numbers, beside a column of numbers


class Misread(Exception):
    """A file that is not the table it should be: a French sentence without its address."""


@dataclass(frozen=True)
class Layout:
    """How a file is cut: its separator (none for Parquet) and the names of its columns."""

    separator: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Columns to read by name, how each is read, and the values that lines must have."""

    texts: Sequence[str]
    numbers: Sequence[str] = ()
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)  # column: values kept

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*self.texts, *self.numbers, *self.only]))


@dataclass(frozen=True)
class Table:
    """Text columns, and number columns (double, null where there is no number) with the odd texts.

    `odd[name]` holds, beside each number column, the text of the cells that are neither a number
    nor empty (« s », « <11 »): null everywhere else.
    """

    columns: pa.Table
    odd: Mapping[str, pa.ChunkedArray]


def layout(path: Path) -> Layout:
    """Separator and header of a file; raises Misread."""
    with path.open("rb") as lines:
        first = lines.readline(HEADER_BYTES)
    if first.startswith(PARQUET):
        return _bounded(Layout("", _parquet_names(path)))
    if not first.strip():
        raise Misread("fichier vide")
    if len(first) == HEADER_BYTES:
        raise Misread("première ligne démesurée : ce n'est pas un tableau")
    text = _text(first.removeprefix(codecs.BOM_UTF8)).rstrip("\r\n")
    separator = max(SEPARATORS, key=text.count)
    try:
        names = next(csv.reader([text], delimiter=separator, strict=True))
    except (csv.Error, StopIteration) as error:
        raise Misread("en-tête illisible") from error
    return _bounded(Layout(separator, tuple(name.strip() for name in names)))


def is_ended(path: Path) -> bool:
    """Whether the last line of a text file ends with one: a cut in its last cell shows otherwise
    nowhere. A Parquet file says it by itself.
    """
    with path.open("rb") as lines:
        if lines.read(len(PARQUET)) == PARQUET:
            return True
        size = lines.seek(0, 2)
        lines.seek(max(0, size - 1))
        return lines.read(1) in (b"\n", b"\r")


def read_table(path: Path, shape: Layout, wanted: Wanted) -> Table:
    """The wanted columns of a file (UTF-8, or cp1252); raises Misread naming a broken line."""
    with scratch() as space:
        try:
            return _read(space, path, shape, wanted)
        except duckdb.Error as error:
            if not shape.separator or not _is_not_utf8(error):
                raise Misread(_said(error)) from error
        with _in_utf8(path) as copied:
            try:
                return _read(space, copied, shape, wanted)
            except duckdb.Error as error:
                raise Misread(_said(error)) from error


def _is_not_utf8(error: duckdb.Error) -> bool:
    return "nicode" in str(error) or "utf-8" in str(error).lower()


def _parquet_names(path: Path) -> tuple[str, ...]:
    with scratch() as space:
        try:
            given = space.rows(f"describe select * from read_parquet({_literal(str(path))})")
        except duckdb.Error as error:
            raise Misread(_said(error)) from error
    return tuple(str(line[0]) for line in given)


def _bounded(made: Layout) -> Layout:
    if len(made.names) > MAX_COLUMNS:
        raise Misread(f"{len(made.names)} colonnes, {MAX_COLUMNS} au plus")
    return made


def _read(space: Scratch, path: Path, shape: Layout, wanted: Wanted) -> Table:
    """Names of columns stay out of the SQL: a file's header may hold anything, twice the same."""
    places = {name: f"c{shape.names.index(name)}" for name in wanted.names}
    source = _csv(path, shape) if shape.separator else _parquet(path, shape)
    space.run(f"create or replace view given as {source}")
    return _taken(space, wanted, places)


def _csv(path: Path, shape: Layout) -> str:
    kinds = ", ".join(f"'c{at}': 'varchar'" for at in range(len(shape.names)))
    return (
        "select * from read_csv("
        f"{_literal(str(path))}, delim = {_literal(shape.separator)}, columns = {{{kinds}}},"
        " skip = 1, header = false, auto_detect = false, quote = '\"', escape = '\"',"
        " strict_mode = true, null_padding = false, ignore_errors = false)"
    )


def _parquet(path: Path, shape: Layout) -> str:
    """Every column as text, as if the file were a CSV one."""
    names = ", ".join(f"c{at}" for at in range(len(shape.names)))
    given = f"select * from read_parquet({_literal(str(path))})"
    return f"select columns(*)::varchar from ({given}) as held({names})"


def _taken(space: Scratch, wanted: Wanted, places: Mapping[str, str]) -> Table:
    parts = [f"{quoted(places[name])} as {quoted(name)}" for name in wanted.texts]
    for name in wanted.numbers:
        parts += _number(quoted(places[name]), name)
    conditions, params = _conditions(wanted, places)
    found = space.arrow(f"select {', '.join(parts)} from given{conditions}", params)
    odd = {name: found.column(EXTRA + name) for name in wanted.numbers}
    kept = found.select([*wanted.texts, *wanted.numbers])
    return Table(kept, odd)


def _number(place: str, name: str) -> list[str]:
    """A number written with a point or a comma; « nan » and « inf » are texts like others."""
    value = f"coalesce(try_cast({place} as double), try_cast(replace({place}, ',', '.') as double))"
    finite = f"case when isfinite({value}) then {value} end"
    odd = (
        f"case when not coalesce(isfinite({value}), false) and trim({place}) <> '' then {place} end"
    )
    return [f"{finite} as {quoted(name)}", f"{odd} as {quoted(EXTRA + name)}"]


def _conditions(wanted: Wanted, places: Mapping[str, str]) -> tuple[str, list[Any]]:
    if not wanted.only:
        return "", []
    numbered = enumerate(wanted.only, 1)
    said = [f"{quoted(places[name])} in (select unnest(${at}::varchar[]))" for at, name in numbered]
    return f" where {' and '.join(said)}", [list(values) for values in wanted.only.values()]


def _text(body: bytes) -> str:
    """UTF-8, else cp1252 as French services write it; no byte stops the reading."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


@contextmanager
def _in_utf8(path: Path) -> Iterator[Path]:
    """A copy of a cp1252 file in UTF-8, deleted afterwards."""
    copied = path.with_name(f"{path.name}.utf8")
    try:
        with path.open("rb") as given, copied.open("wb") as made:
            while chunk := given.read(CHUNK):
                made.write(chunk.decode("cp1252", "replace").encode())
        yield copied
    finally:
        copied.unlink(missing_ok=True)


def _said(error: duckdb.Error) -> str:
    """What is wrong with a file in a French sentence: DuckDB's own holds a path and lines of it."""
    text = str(error)[:MAX_CELL]
    at = re.search(r"Line: (\d+)", text)
    where = f"ligne {at[1]} " if at else ""
    if "Expected Number of Columns" in text or "Missing" in text or "too many columns" in text:
        return f"{where}sans le nombre de colonnes de l'en-tête : fichier tronqué ou abîmé"
    if "quote" in text.lower():
        return f"{where}à un guillemet jamais refermé : fichier tronqué ou abîmé"
    if "Maximum line size" in text:
        return f"{where}démesurée"
    return f"{where}illisible : fichier tronqué ou abîmé"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
