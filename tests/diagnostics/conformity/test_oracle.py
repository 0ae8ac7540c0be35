"""Our verdict beside that of validata-table, on mutated files of every standard."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.schemas import Schema
from data.standards import folders, standard
from diagnostics.conformity import validate
from diagnostics.conformity.cells import Issue
from tests.diagnostics.conformity import oracle
from tests.diagnostics.conformity.mutations import Draw, plain

SAMPLE, WHOLE = 10, 200  # files of each standard
ERRORS = "errors.csv"

pytestmark = pytest.mark.skipif(not oracle.PYTHON.exists(), reason=oracle.ABSENT)


@pytest.mark.server
@pytest.mark.parametrize("half", [0, 1])  # each in less than a minute
def test_ten_files_of_each_standard_get_the_verdict_of_the_official_tool(
    half: int, tmp_path: Path
) -> None:
    different = compared(tmp_path, list(folders())[half::2], SAMPLE)
    assert not different, "\n".join(different[:20])


@pytest.mark.deep
@pytest.mark.parametrize("name", folders())
def test_two_hundred_files_of_a_standard_get_the_verdict_of_the_official_tool(
    name: str, tmp_path: Path
) -> None:
    different = compared(tmp_path, [name], WHOLE)
    assert not different, "\n".join(different[:20])


def compared(folder: Path, names: list[str], count: int) -> list[str]:
    """What differs without a known reason; the first file of each standard must be valid."""
    cases = [case for name in names for case in _cases(folder, name, count)]
    with ThreadPoolExecutor(1) as beside:  # the oracle is a process of its own
        asked = beside.submit(oracle.asked, [(file, schema) for _, _, file, schema in cases])
        schemas = {name: standard(name) for name in names}
        verdicts = [
            judged(file, schemas[name], written=at % 5 == 1)
            for at, (name, _, file, _) in enumerate(cases)
        ]
        told = asked.result()
    different = []
    for (name, done, file, _), (valid, ours), said in zip(cases, verdicts, told, strict=True):
        if oracle.explained(ours, said) is not None:
            continue
        if ours < said.pairs and oracle.takes_spaces_away(file):
            continue
        if said.crash or valid != said.valid or ours != said.pairs:
            more, less = sorted(map(str, ours - said.pairs)), sorted(map(str, said.pairs - ours))
            different.append(f"{name} {done} : {more} / {less} {said.crash or ''}")
        if done == "conforme" and not said.valid:
            different.append(f"{name} : le fichier de départ n'est pas conforme")
    return different


def _cases(folder: Path, name: str, count: int) -> list[tuple[str, str, Path, Path]]:
    schema = standard(name)
    described = folder / f"{name}.json"
    described.write_text(json.dumps(oracle.descriptor(schema)))
    made = []
    for at in range(count):
        draw = Draw(schema, str(at))
        done, text = draw.mutated() if at else ("conforme", plain(draw.table()))
        file = folder / f"{name}-{at}.csv"
        file.write_text(text, encoding="utf-8", newline="")
        made.append((name, done, file, described))
    return made


def judged(file: Path, schema: Schema, written: bool) -> tuple[bool, frozenset[oracle.Pair]]:
    """Our verdict and our (row, code) pairs: those of the document and, when written, of the file.

    Writing the errors of a small file costs as much as finding them: one file in five is enough to
    see that both say the same.
    """
    kept = file.with_suffix(".errors") if written else None
    verdict = validate.validate_file(file, schema, errors_out=kept)
    assert verdict.rows == verdict.document()["rows_checked"]
    pairs = _listed(verdict.errors)
    if kept is None and pairs is not None:
        return verdict.valid, pairs
    if kept is None:  # more rows than the document lists
        return judged(file, schema, written=True)
    with kept.open(newline="") as lines:
        found = csv.DictReader(lines)
        told = {(int(one["row"]) if one["row"] else None, one["code"]) for one in found}
    assert pairs is None or pairs == told
    return verdict.valid, frozenset(told)


def _listed(errors: Sequence[Issue]) -> frozenset[oracle.Pair] | None:
    """The pairs that a verdict lists; None when it counts rows beyond those it lists."""
    if any(one.count > len(one.rows) > 0 for one in errors):
        return None
    return frozenset((row, one.code) for one in errors for row in one.rows or (None,))
