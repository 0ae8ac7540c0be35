"""The walk from the fetch log goes on to every document: an absence is never written as a zero.

The same seven absences as on screen (tests/ui/test_never_zero.py), and a true zero beside them.
"""

from __future__ import annotations

import json
import re

import pytest

from data.catalog import catalog
from drawing import signs
from restitution.account import Account
from restitution.exports import EXPORTS
from tests.restitution import reading
from tests.ui.test_never_zero import CAHORS, DAY, FIGURE, TITLE, VACANCY, WALKS, cell, log

ZERO = re.compile(r"(?<![\d,.\u202f])0(?:,0+)?[\s\u00a0\u202f]*%")
PROSE = {
    "report": lambda content: " ".join(reading.pdf_pages(content)),
    "page": reading.html_text,
}
FREE = {  # documents that choose their figures: none of them may write this one as a zero
    "onepage": lambda content: " ".join(reading.pdf_pages(content)),
    "slides": lambda content: "\n".join(reading.office_parts(content)),
}


def made(store, kind: str) -> bytes:
    export = EXPORTS[kind]
    return export.makers[export.extension](Account(store, CAHORS, DAY), None, _nothing).content


def _nothing(name: str) -> None:
    return None


# Five documents each: those that a screen already walks in the same way are left to `make deep`.
OFTEN = ("jamais demandé", "délai dépassé", "hors couverture", "secret")
EVERY = [name if name in OFTEN else pytest.param(name, marks=pytest.mark.deep) for name in WALKS]


@pytest.fixture(params=EVERY)
def walk(request, empty_store):
    """Each document of a store where the figure is absent in one way, and that way."""
    plant, status, _ = WALKS[request.param]
    plant(empty_store)
    return {kind: made(empty_store, kind) for kind in (*PROSE, *FREE, "workbook")}, status


def test_an_absence_is_said_and_never_written_as_a_zero(walk):
    documents, status = walk
    no_zero(documents)
    the_absence_is_named(documents, status)
    the_cell_is_empty(documents["workbook"], status)


def no_zero(documents):
    for kind, read in {**PROSE, **FREE}.items():
        words = read(documents[kind])
        assert not ZERO.search(words), (kind, around(words, ZERO.search(words).start()))
        assert not re.search(rf"{signs.STATUSES['not_produced'].word} ?\(?[1-9]", words), kind


def the_absence_is_named(documents, status):
    wanted = signs.absence(status).words
    for kind, read in PROSE.items():
        words = flat(read(documents[kind])).lower()
        names = (
            TITLE,
            catalog().datasets[VACANCY].title.partition(" (")[0],
        )  # a long list names the data it lacks
        places = [
            found.start()
            for name in names
            for found in re.finditer(re.escape(flat(name).lower()), words)
        ]
        assert places, kind
        assert any(flat(wanted) in words[max(0, at - 2500) : at + 2500] for at in places), kind


def the_cell_is_empty(workbook, status):
    rows = reading.sheets(workbook)["Chiffres"]
    line = next(row for row in rows if FIGURE in row or TITLE in row)
    assert 0 not in [item for item in line if not isinstance(item, bool | str)]
    assert "0" not in line
    assert signs.absence(status).words in json.dumps(line, ensure_ascii=False, default=str).lower()


def test_a_true_zero_is_written_as_one(empty_store):
    log(empty_store, "ok", rows=cell(0, False))
    for kind, read in PROSE.items():
        words = read(made(empty_store, kind))
        assert ZERO.search(words), kind
    rows = reading.sheets(made(empty_store, "workbook"))["Chiffres"]
    line = next(row for row in rows if FIGURE in row or TITLE in row)
    assert 0 in [item for item in line if not isinstance(item, bool | str)]


def around(words: str, at: int) -> str:
    return words[max(0, at - 120) : at + 80]


def flat(words: str) -> str:
    """Every kind of space and hyphen taken out: a page cuts lines where it likes."""
    return re.sub(r"[\s\u00a0\u202f\u00ad-]+", "", words)
