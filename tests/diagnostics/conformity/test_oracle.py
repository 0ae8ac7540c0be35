"""Our verdict beside that of validata-table, on mutated files of every standard."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.standards import folders, standard
from diagnostics.conformity import validate
from tests.diagnostics.conformity import oracle
from tests.diagnostics.conformity.mutations import Draw, plain

SAMPLE, WHOLE = 10, 200  # files of each standard
ERRORS = "errors.csv"

pytestmark = pytest.mark.skipif(not oracle.PYTHON.exists(), reason=oracle.ABSENT)


@pytest.mark.server
def test_ten_files_of_each_standard_get_the_verdict_of_the_official_tool(tmp_path: Path) -> None:
    different = compared(tmp_path, list(folders()), SAMPLE)
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
        verdicts = [judged(file, name) for name, _, file, _ in cases]
        told = asked.result()
    different = []
    for (name, done, _, _), (valid, ours), said in zip(cases, verdicts, told, strict=True):
        if oracle.explained(ours, said) is not None:
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


def judged(file: Path, name: str) -> tuple[bool, frozenset[oracle.Pair]]:
    """Our verdict and our (row, code) pairs."""
    kept = file.with_suffix(".errors")
    verdict = validate.validate_file(file, standard(name), errors_out=kept)
    with kept.open(newline="") as lines:
        found = csv.DictReader(lines)
        pairs = {(int(one["row"]) if one["row"] else None, one["code"]) for one in found}
    assert verdict.rows == verdict.document()["rows_checked"]
    return verdict.valid, frozenset(pairs)
