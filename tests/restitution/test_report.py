"""The report as a paper: contents that tell the truth, numbers, titles, a notice a page."""

from __future__ import annotations

import re

import pikepdf
import pytest

from data.entries import Draft
from data.territories import territory
from restitution import report, typeset
from restitution.account import Account
from restitution.document import BALLOT, EDITED, FICTIONAL, NOTICE, Part, Section, Text
from tests.restitution import papers
from tests.restitution.papers import DAY, SAID, document, every_block, table

LONG = "Saint-Barthélemy-d'Anjou-sur-la-Rivière-des-Grands-Bois-d'En-Haut"


@pytest.fixture(scope="module")
def made() -> bytes:
    chapters = [Part(f"p{at}", f"Chapitre {at} du rapport", _blocks(at)) for at in range(1, 7)]
    return typeset.pdf("report.typ", typeset.plain(document(*chapters)), DAY)


def _blocks(at: int):
    return (*every_block(), Section(f"Section {at} bis", (Text(SAID * 4 * at), table(9 * at))))


@pytest.fixture(scope="module")
def pages(made) -> list[str]:
    return papers.pages(made)


def test_the_contents_send_to_the_page_of_each_heading(pages):
    entries = re.findall(r"((?:Chapitre|Section) \d (?:du rapport|bis))[ .]*(\d+)", pages[0])
    assert len(entries) == 12
    for title, number in entries:
        # The header of pages bears the title of the report, never that of a chapter.
        assert title in pages[int(number) - 1]
        assert not any(title in page for page in pages[1 : int(number) - 1])


def test_the_outline_of_the_reader_names_every_heading(made, tmp_path):
    path = tmp_path / "r.pdf"
    path.write_bytes(made)
    with pikepdf.open(path) as held, held.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
    assert [title for title in titles if "Chapitre" in title] == [
        f"{at} Chapitre {at} du rapport" for at in range(1, 7)
    ]


def test_each_page_says_its_number_the_title_the_place_and_the_notice(pages):
    for at, page in enumerate(pages, start=1):
        assert f"page {at} sur {len(pages)}" in page
        for words in ("Diagnostic des données", "Cahors", NOTICE):
            assert words in page
    assert " ".join(pages).count(BALLOT) == 1


def test_headings_are_numbered(pages):
    words = " ".join(pages[1:])
    assert "1 Premier" not in words
    assert "3 Chapitre 3 du rapport" in words
    assert re.search(r"3\.\d Section 3 bis", words)


def test_it_is_tagged_and_nothing_stands_out_of_its_pages(made):
    assert papers.faults(made) == []
    assert list(papers.outside(made)) == []


def test_long_names_and_titles_fit():
    chapters = [Part(f"p{at}", f"{LONG} {at}", _blocks(at)) for at in range(4)]
    long = document(*chapters, title=f"Diagnostic des données de {LONG}", subtitle=LONG * 2)
    content = typeset.pdf("report.typ", typeset.plain(long), DAY)
    assert list(papers.outside(content)) == []
    assert all("page" in page for page in papers.pages(content))


def test_the_report_of_a_town_is_whole(embedded_store):
    account = Account(embedded_store, territory("00001"), DAY)
    content = report.as_pdf(account, None, _nothing).content
    found = papers.pages(content)
    assert 8 <= len(found) <= 14
    assert papers.faults(content) == []
    assert list(papers.outside(content)) == []
    for page in found:
        assert NOTICE in page
        assert FICTIONAL in page


def test_a_draft_chooses_the_parts_and_marks_what_was_rewritten(embedded_store, monkeypatch):
    chapters = (Part("a", "Gardé", (Text(SAID, id="fait"),)), Part("b", "Ôté", (Text(SAID),)))
    monkeypatch.setattr(report, "parts", lambda account: chapters)
    account = Account(embedded_store, territory("46042"), DAY)
    texts, comments = {"a/fait": "Réécrit : à la main."}, {"a": "#panic(1)"}
    draft = Draft("report", parts=["a"], texts=texts, comments=comments)
    words = " ".join(papers.pages(report.as_pdf(account, draft, _nothing).content))
    assert f"Réécrit\u00a0: à la main. ({EDITED})" in words
    assert "#panic(1)" in words
    assert "Ôté" not in words


def _nothing(name: str) -> None:
    return None
