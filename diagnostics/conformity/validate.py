"""Does a file conform to a standard: all its rows, whatever their number and that of the errors.

Values and headers are judged as given: only the encoding, the delimiter and the sheet are detected.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from data.reading import encodings, kinds, text_grid
from data.reading.reading import Unreadable, Wishes
from data.reading.text_grid import TextForm
from data.schemas import Schema
from data.scratch import Scratch, ScratchError, scratch, write_csv
from data.territories import Territory
from diagnostics.conformity import (
    constraints,
    custom,
    geojson,
    given,
    header,
    keys,
    sense,
    structure,
)
from diagnostics.conformity.cells import VIEW, Cells, Issue, RowCheck
from diagnostics.conformity.given import BEYOND, Given
from diagnostics.conformity.glance import Rules, glance
from diagnostics.conformity.load import Loaded
from diagnostics.conformity.messages import WARNINGS, worded
from diagnostics.conformity.passes import Tally, passed
from diagnostics.conformity.verdict import Verdict

THREADS = 4  # at most: each one holds buffers
UNREADABLE = (
    "Le fichier n'a pas pu être contrôlé\u00a0: ouvrez-le dans un tableur, enregistrez-le de"
    " nouveau, puis recommencez."
)


class _Irregular(Exception):
    """A line has more cells than were looked for: the file must be written again."""


@dataclass(frozen=True)
class _Asked:
    """What a control is asked: the schema, the place of the data, where every error goes."""

    schema: Schema
    territory: Territory | None
    errors_out: Path | None
    name: str


def validate_file(
    path: Path,
    schema: Schema,
    sheet: str | None = None,
    territory: Territory | None = None,
    errors_out: Path | None = None,
    name: str | None = None,
) -> Verdict:
    """The verdict on a file as given. Raises Unreadable."""
    started = time.perf_counter()
    asked = _Asked(schema, territory, errors_out, name or path.name)
    if not schema.loaded:
        verdict = Verdict(schema, asked.name)
    elif schema.json_schema is not None:
        return geojson.validate(path, schema, territory, errors_out, asked.name)
    elif header.is_text(path):
        verdict = _of_text(path, asked)
    else:
        verdict = _of_sheet(path, asked, sheet)
    return replace(verdict, seconds=time.perf_counter() - started)


def validate_table(
    table: pa.Table,
    schema: Schema,
    territory: Territory | None = None,
    errors_out: Path | None = None,
    name: str = "",
) -> Verdict:
    """The verdict on a table of strings whose columns bear the names of fields."""
    started = time.perf_counter()
    asked = _Asked(schema, territory, errors_out, name)
    if not schema.loaded:
        return Verdict(schema, name)
    verdict = _of_table(table, table.column_names, asked)
    return replace(verdict, seconds=time.perf_counter() - started)


def _of_sheet(path: Path, asked: _Asked, sheet: str | None) -> Verdict:
    cells = kinds.grid(path, Wishes(sheet=sheet), asked.name)
    if cells.header is not None:  # a format that names its columns itself
        return _of_table(cells.cells, cells.header, asked)
    table = _without_margins(cells.cells)
    sample = [list(row.values()) for row in table.slice(0, 1).to_pylist()]
    found = header.chosen(sample)
    return _of_table(table.slice(1), found.labels, asked)


def _without_margins(table: pa.Table) -> pa.Table:
    """A sheet without the empty columns on its right and the empty lines below."""
    filled = [at for at in range(table.num_columns) if table.column(at).null_count < len(table)]
    kept = table.select(list(range(max(filled) + 1))) if filled else table.slice(0, 0)
    last = 0
    for column in kept.columns:
        held = column.is_valid().to_numpy(zero_copy_only=False).nonzero()[0]
        last = max(last, int(held[-1]) + 1 if len(held) else 0)
    return kept.slice(0, last)


def _of_table(table: pa.Table, labels: Sequence[str], asked: _Asked) -> Verdict:
    with scratch() as space:
        try:
            return _judged(space, given.of_table(space, table, labels), asked)
        except ScratchError as error:
            raise Unreadable(UNREADABLE) from error


def _of_text(path: Path, asked: _Asked) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="acv-") as made, scratch() as space:
        folder = Path(made)
        space.run(f"set threads = {min(THREADS, os.cpu_count() or 1)}")
        trouble: Exception | None = None
        for found in _ways(path, folder):
            if isinstance(trouble, _Irregular) and found.beyond:
                continue  # read in order its lines would be as wide
            try:
                return _judged(space, found, asked)
            except (ScratchError, _Irregular) as error:
                trouble = error
        raise Unreadable(UNREADABLE) from trouble


def _ways(path: Path, folder: Path) -> Iterator[Given]:
    """The ways to read a text, the quickest first; the last one reads anything."""
    quick = header.quick_form(path)
    if quick is not None:  # DuckDB refuses what is no UTF-8
        yield from _direct(given.plain_name(path, folder), quick)
    form = text_grid.form(path)
    plain = given.plain_name(encodings.as_utf8(path, folder), folder)
    if quick is None:
        yield from _direct(plain, form)
    yield given.rewritten(plain, form, header.header(plain, form), folder)


def _direct(path: Path, form: TextForm) -> Iterator[Given]:
    """A text as DuckDB reads it, when it reads it as the official tools do."""
    found = header.header(path, form)
    simple = found.row == 1 and not any("\n" in label or "\r" in label for label in found.labels)
    if simple and given.regular(path, form):
        yield given.direct(path, form, found, parallel=True)
        yield given.direct(path, form, found, parallel=False)  # line ends inside quotes


def _judged(space: Scratch, found: Given, asked: _Asked) -> Verdict:
    seen = glance(space, found, asked.schema, _rules, sense.foreseen)
    made, checks = seen.made, seen.rules.checks
    tally = Tally(seen.rows, kept=[] if asked.errors_out else None)
    made.cells.rows = tally.rows
    if structure.RAGGED in seen.places:
        _shapes(made, checks, tally)
    passed(made, checks, seen.rules.hushed, tally, seen.places)
    tally.counts.pop(structure.RAGGED, 0)
    keys.repeats(made.cells, checks, tally)
    errors = [*structure.errors(asked.schema, found.labels), *_worded(made, checks, tally)]
    told = [*structure.warnings(asked.schema, found.labels)]
    for issue in seen.rules.issues:
        (told if issue.code in WARNINGS else errors).append(issue)
    if asked.errors_out is not None:
        _write(asked.errors_out, errors, checks, tally)
    return Verdict(
        asked.schema,
        asked.name,
        tally.rows,
        tally.wrong_rows(),
        tuple(errors),
        tuple(told),
        sense.sense(made.cells, asked.territory),
    )


def _rules(cells: Cells) -> Rules:
    checks = [structure.BLANK_ROW, structure.RAGGED_ROW]
    issues: list[Issue] = []
    _sorted(constraints.checks(cells), checks, issues)
    hushed = len(checks) - 1
    empty = keys.empty_key(cells)
    if empty is not None:
        checks.append(empty)
    _sorted(custom.checks(cells), checks, issues)
    return Rules(checks, hushed, issues)


def _sorted(made: Iterator[RowCheck | Issue], checks: list[RowCheck], issues: list[Issue]) -> None:
    for one in made:
        if isinstance(one, RowCheck):
            checks.append(one)
        else:
            issues.append(one)


def _shapes(made: Loaded, checks: list[RowCheck], tally: Tally) -> None:
    widest = structure.lines(made, checks, tally)
    if made.given.beyond and widest >= len(made.given.labels) + BEYOND:
        raise _Irregular


def _worded(made: Loaded, checks: Sequence[RowCheck], tally: Tally) -> Iterator[Issue]:
    """Each kind of error in words, in the order of the rules."""
    found = [(place, tally.first[place]) for place in sorted(tally.counts)]
    examples = _examples(made.cells, [(checks[place].field, rows[0]) for place, rows in found])
    for (place, rows), example in zip(found, examples, strict=True):
        shown = tuple(dict.fromkeys(rows))
        yield worded(checks[place], made.cells, tally.counts[place], shown, example)


def _examples(cells: Cells, asked: Sequence[tuple[str | None, int]]) -> list[str | None]:
    """The text of a field on a row, for each."""
    wanted = sorted({row for name, row in asked if name in cells.raw})
    names = list(dict.fromkeys(name for name, _ in asked if name in cells.raw))
    if not wanted:
        return [None] * len(asked)
    columns = ", ".join(cells.raw[str(name)] for name in names)
    found = cells.scratch.rows(
        f"select n, {columns} from {VIEW} where list_contains($1::bigint[], n) limit {len(wanted)}",
        [wanted],
    )
    by_row = {row: dict(zip(names, texts, strict=True)) for row, *texts in found}
    return [by_row.get(row, {}).get(name) for name, row in asked]


def _write(path: Path, errors: Sequence[Issue], checks: Sequence[RowCheck], tally: Tally) -> None:
    """Every error, one line each: `row,field,code`; those of the whole file first."""
    whole = [issue for issue in errors if not issue.rows]
    kept = [(place, rows) for place, rows in tally.kept or [] if place != structure.RAGGED]
    rows = np.concatenate([rows for _, rows in kept]) if kept else np.zeros(0, np.int64)
    places = np.concatenate([np.full(len(rows), place) for place, rows in kept] or [rows])
    order = np.lexsort((places, rows))
    fields = pa.array([check.field for check in checks], pa.string())
    codes = pa.array([check.code for check in checks], pa.string())
    told = pa.array(places[order], pa.int64())
    table = pa.table(
        {
            "row": pa.array(rows[order], pa.int64()),
            "field": fields.take(told),
            "code": codes.take(told),
        }
    )
    head = pa.table(
        {
            "row": pa.nulls(len(whole), pa.int64()),
            "field": pa.array([issue.field for issue in whole], pa.string()),
            "code": pa.array([issue.code for issue in whole], pa.string()),
        }
    )
    write_csv(pa.concat_tables([head, table]), path)
