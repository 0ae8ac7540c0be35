"""No document contradicts the JSON of the same run: every figure is read back and looked for.

The numbers are written here by another hand than the product's (`said`), and read by other programs
than those that made the files. Two questions: is every known figure of the JSON in the document,
beside its title? And does every number that bears a unit come from the JSON, or from the reference?
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

import pytest

from data.catalog import catalog
from data.territories import territory
from diagnostics import served
from diagnostics.combination import of_town
from diagnostics.robustness import robustness
from restitution.account import Account
from restitution.exports import EXPORTS
from tests.restitution import reading

DAY = date(2026, 11, 21)
PLACES = ("46042", "00001")
OTHERS = ("97209", "01001")  # as long again: left to `make deep`
NUMBER = r"[\u2212-]?\d+(?:,\d+)?"
UNIT = r"%|°C|€|ha\b|km|jours?\b|nuits?\b|ans\b|habitants?\b|logements?\b|arrêtés?\b|points?\b"
WITH_UNIT = re.compile(rf"({NUMBER})[\u00a0\u202f ]?(?:{UNIT})")


def of_pages(content: bytes) -> str:
    """The text of a PDF; its reader may give a plain space for the one between thousands."""
    words = " ".join(reading.pdf_pages(content))
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", words)


TEXTS = {
    "report": of_pages,
    "onepage": of_pages,
    "slides": lambda content: "\n".join(reading.office_parts(content)),
    "workbook": lambda content: json.dumps(
        reading.sheets(content), default=str, ensure_ascii=False
    ),
    "page": reading.html_text,
}


@pytest.fixture(
    scope="module",
    params=[*PLACES, *(pytest.param(code, marks=pytest.mark.deep) for code in OTHERS)],
)
def run(request, embedded_store):
    """The account of a town and the JSON of the same run."""
    place = territory(request.param)
    combined = of_town(embedded_store, place, DAY, internal=False)
    document = {
        "availability": served.availability(embedded_store, place, DAY),
        "indicators": served.indicators(embedded_store, place, DAY),
        "robustness": robustness(embedded_store, place, DAY).as_dict(),
        "effort": [way.days for way in (*combined.ways, *combined.milestones)],
    }
    return Account(embedded_store, place, DAY), json.loads(json.dumps(document))


@pytest.fixture(scope="module")
def text(run):
    """text(kind): what a document says, whatever its format; each is made once."""
    account, _ = run

    @cache
    def made(kind: str) -> str:
        export = EXPORTS[kind]
        content = export.makers[export.extension](account, None, lambda name: None).content
        return joined(TEXTS[kind](content))

    return made


def said(figure: float, decimals: int) -> str:
    """25036.4 -> '25036': written here, not by drawing.french; thousands are not parted."""
    whole, _, rest = f"{abs(figure):.{decimals}f}".partition(".")
    sign = "\u2212" if figure < 0 and (whole.strip("0") or rest.strip("0")) else ""
    return sign + whole + (f",{rest}" if rest else "")


def joined(words: str) -> str:
    """A text without its thousands separators: readers of PDF keep or lose the narrow ones."""
    return re.sub(r"(?<=\d)(?:[\u202f\u00a0]|\u2009\u2060)(?=\d{3}(?!\d))", "", words)


@pytest.mark.parametrize("kind", ["report", "page", "workbook"])
def test_every_known_figure_is_in_the_documents_that_list_them(run, text, kind):
    _, document = run
    words = text(kind)
    known = [made for made in document["indicators"]["indicators"] if made["status"] == "value"]
    for figure in known:
        title = figure["title"]
        assert flat(title.split(", ")[0]) in flat(words), title
        if isinstance(figure["value"], int | float):
            assert any(form in words for form in _forms(figure["value"], kind)), title


def _forms(value: float, kind: str) -> Iterator[str]:
    if kind == "workbook":
        yield from (json.dumps(value), json.dumps(float(value)), json.dumps(round(value, 1)))
        return
    yield from (said(value, decimals) for decimals in range(3))


# The numbers of the workbook bear no unit: test_workbook.py rereads them cell by cell.
@pytest.mark.parametrize("kind", ["report", "onepage", "slides", "page"])
def test_every_number_with_a_unit_comes_from_the_json_or_the_reference(run, text, kind):
    _, document = run
    words = text(kind)
    known = {form for number in numbers(document) for form in every_form(number)}
    known |= {part for words in strings(document) for part in re.findall(NUMBER, joined(words))}
    strange = {
        found.group(0)
        for found in WITH_UNIT.finditer(words)
        if found.group(1).lstrip("\u2212-") not in known | of_the_reference()
    }
    assert strange == set()


def every_form(number: float) -> Iterator[str]:
    """A number as any document may round it; a share as percent too."""
    for made in (number, 100 * number if -1 <= number <= 1 else number):
        yield from (said(abs(made), decimals) for decimals in range(3))
        yield said(abs(int(made)), 0)


def numbers(value: Any) -> Iterator[float]:
    """Every number of a JSON document."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if list_like(value) else ():
        yield from numbers(inner)


def strings(value: Any) -> Iterator[str]:
    """Every text of a document."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if list_like(value) else ():
        yield from strings(inner)


def list_like(value: Any) -> bool:
    return isinstance(value, list | tuple)


@cache
def of_the_reference() -> frozenset[str]:
    """Numbers that stand in the texts and the efforts of the reference, whatever the town."""
    reference = [
        *(asdict(made) for made in catalog().experiments.values()),
        *(asdict(made) for made in catalog().datasets.values()),
    ]
    found = {part for words in strings(reference) for part in re.findall(NUMBER, joined(words))}
    return frozenset(found | {said(number, 0) for number in numbers(reference)})


def flat(words: str) -> str:
    """Hyphens that a page adds and every kind of space, taken out."""
    return re.sub(r"[\s\u00a0\u202f\u00ad\u200b-]+", "", words)


def test_the_oracle_writes_french_numbers():
    written = [said(25036.4, 0), said(-3.25, 1), said(-0.01, 1), said(999, 0)]
    assert written == ["25036", "\u22123,2", "0,0", "999"]
    assert joined("1\u202f234\u202f567 et 2 030") == "1234567 et 2 030"


def test_the_walk_through_json_misses_no_number():
    document = {"a": [1, {"b": 2.5, "c": None, "d": True}], "e": "7 jours"}
    assert list(numbers(document)) == [1, 2.5]
    assert list(strings(document)) == ["7 jours"]
