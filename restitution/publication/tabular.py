"""The mapped table as it leaves: texts a spreadsheet would run made harmless, types where whole."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.cells import neutral
from data.schemas import Field, Schema
from data.scratch import write_csv

# As data.cells.neutral: how what a spreadsheet would run begins (full-width signs alike).
_RISKY = r"^'*[=+\-@＝＋－＠\t\r\n]"
# No letter, so no function: a negative number, « +33 5 65 20 00 00 », « - », « -1.5e-3 ».
_HARMLESS = r"^[+\-]?[0-9 .,()/%:\-\x{a0}\x{202f}]*(?:[0-9][eE][+\-]?[0-9]+)?$|^-INF$"
# A value that the standard lists, when it is a word: a list may come from anywhere too.
_WORD = r"^[+\-][\pL\pN .,'’_\-]*$"
_TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms"),
    "year": pa.int32(),
}
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


@dataclass(frozen=True)
class Tabular:
    """One table in two forms, of the same rows and columns."""

    texts: pa.Table  # strings, null for nothing
    typed: pa.Table  # the same with the types of the standard, where every value has its type
    guarded: int  # texts that received a quote in front

    @property
    def columns(self) -> list[str]:
        """Their names, in order."""
        return list(self.texts.column_names)


def tabular(table: pa.Table, schema: Schema) -> Tabular:
    """Both forms of a table of strings whose columns bear names of fields."""
    names = [neutral(name) for name in table.column_names]
    texts, guarded = [], 0
    for name in table.column_names:
        column, count = _guarded(table[name], schema.field(name))
        texts.append(column)
        guarded += count
    typed = [
        _typed(column, schema.field(name))
        for column, name in zip(texts, table.column_names, strict=True)
    ]
    return Tabular(pa.table(texts, names=names), pa.table(typed, names=names), guarded)


def _guarded(column: pa.ChunkedArray, made: Field | None) -> tuple[pa.ChunkedArray, int]:
    """The column with a quote before each text that would be run; a listed value stays."""
    given = column.cast(pa.string())
    said = pc.if_else(pc.equal(given, ""), pa.scalar(None, pa.string()), given)
    risky = pc.and_(
        pc.match_substring_regex(said, _RISKY),
        pc.invert(pc.match_substring_regex(said, _HARMLESS)),
    )
    listed = made.constraints.get("enum") if made else None
    if isinstance(listed, list):
        allowed = pc.is_in(said, value_set=pa.array([str(one) for one in listed], pa.string()))
        allowed = pc.and_(allowed, pc.match_substring_regex(said, _WORD))
        risky = pc.and_(risky, pc.invert(allowed))
    count = pc.sum(risky.cast(pa.int64())).as_py() or 0
    if not count:
        return said, 0
    quoted = pc.binary_join_element_wise(pa.scalar("'"), said, "")
    return pc.if_else(risky, quoted, said), int(count)


def _typed(column: pa.ChunkedArray, made: Field | None) -> pa.ChunkedArray:
    """The column with the type of its field when every value has it; else the texts."""
    kind = made.type if made else "string"
    if kind == "boolean" and made:
        return _yes_or_no(column, made)
    if kind not in _TYPES or (made and made.format not in ("default", "any", "%Y-%m-%d")):
        return column
    try:
        return column.cast(_TYPES[kind])
    except pa.ArrowException:  # one value that is not of the type: none is lost, all stay texts
        return column


def _yes_or_no(column: pa.ChunkedArray, made: Field) -> pa.ChunkedArray:
    yes, no = (
        pc.is_in(column, value_set=pa.array(_words(made, key, usual), pa.string()))
        for key, usual in (("trueValues", TRUE), ("falseValues", FALSE))
    )
    typed = pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))
    return typed if typed.null_count == column.null_count else column


def _words(made: Field, key: str, usual: tuple[str, ...]) -> list[str]:
    given: Any = made.raw.get(key)
    return [str(one) for one in given] if isinstance(given, list) else list(usual)


def as_csv(made: Tabular) -> bytes:
    """UTF-8 without BOM, comma, LF, quotes only where needed, nothing for null.

    In a table of one column null is « "" »: readers skip an empty line.
    """
    table = made.texts
    if table.num_columns == 1:
        table = pa.table([pc.fill_null(table.column(0), "")], names=table.column_names)
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        path = Path(folder) / "data.csv"
        write_csv(table, path)
        return path.read_bytes()


def as_parquet(made: Tabular, title: str = "") -> bytes:
    """The typed table, compressed, its title in the metadata; the same bytes for the same table."""
    held = io.BytesIO()
    titled = made.typed.replace_schema_metadata({"title": title}) if title else made.typed
    pq.write_table(titled, held, compression="zstd")
    return held.getvalue()
