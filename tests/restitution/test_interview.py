"""The interview guide and interviews laid out: no name outside the team, agreement first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data import entries
from data.catalog import catalog
from data.entries import Interview
from data.records import Person
from data.territories import territory
from drawing.french import typeset
from restitution import interview, sheet
from restitution.account import Account
from tests.restitution import reading

DAY = date(2026, 11, 21)
HOSTILE = "<b>#eval</b> [x](http://y) =1+1 \u202e\x00 👩‍🌾 " + "long" * 400
ANSWERS = {"role": "Je suis les plantations", "results": HOSTILE, "obstacles": " "}


def account(store, code="46042", internal=False) -> Account:
    return Account(store, territory(code), DAY, internal)


def kept(store, **changes):
    made = replace(
        Interview("tree_heritage", DAY, "Zoé Quidam", "Jardinière en chef", ANSWERS), **changes
    )
    entries.keep(store, Person("editor", "Moi"), "46042", made)
    return entries.of(store, Interview, "46042")[-1]


def test_the_questions_cover_the_themes_of_the_method():
    ids = [question.id for question in interview.QUESTIONS]
    assert len(set(ids)) == len(ids)
    assert {"role", "problem", "held", "formats", "update", "obstacles", sheet.RESULT} <= set(ids)
    assert all(question.words.endswith("\u00a0?") for question in interview.QUESTIONS)


@pytest.mark.parametrize("code", ["46042", "97209", "01001", "00001"])
def test_a_guide_is_filled_and_leaves_room_to_write(embedded_store, code):
    told = account(embedded_store, code)
    for experiment in (None, *catalog().experiments):
        made = interview.guide(told, experiment)
        said = [block for part in made.parts for block in part.blocks]
        asked = [block.words for block in said if getattr(block, "tone", "") == "answer"]
        assert [question.words for question in interview.QUESTIONS] == asked[:-1]
        needs = catalog().experiments[experiment].needs if experiment else ()
        wanted = {need.dataset for need in needs}
        lacking = [made for made in told.missing if not wanted or made.dataset in wanted]
        table = next(part for part in made.parts if part.id == "donnees").blocks[0]
        titles = [typeset(line.title) for line in lacking[: interview.ASKED]]
        assert [row[0] for row in table.rows] == titles and (titles or table.empty)
        assert not experiment or made.subtitle == typeset(catalog().experiments[experiment].title)


@pytest.mark.parametrize("extension", interview.EXTENSIONS)
def test_a_guide_exists_in_each_format(embedded_store, extension):
    made = interview.make(account(embedded_store, "00001"), "tree_heritage", extension)
    said = {
        "pdf": lambda content: " ".join(reading.pdf_pages(content)),
        "docx": lambda content: "\n".join(reading.office_parts(content)),
    }.get(extension, bytes.decode)(made.content)
    assert "Guide d" in said and "Patrimoine arboré" in said and "Accord" in said


def test_without_agreement_an_interview_stays_with_the_team(store):
    one = kept(store)
    assert interview.laid_out(account(store), one) is None
    assert interview.article(account(store), one, "md") is None
    said = repr(interview.laid_out(account(store, internal=True), one))
    assert "Zoé Quidam" in said and "Jardinière" in said and "Sans accord" in said


def test_with_agreement_the_answers_go_out_without_name_nor_function(store):
    made = interview.laid_out(account(store), kept(store, agreed=True))
    said = repr(made)
    assert "Je suis les plantations" in said and interview.AGREED in said
    assert "Quidam" not in said and "Jardini" not in said
    sections = [block.title for block in made.parts[0].blocks if hasattr(block, "blocks")]
    words = {question.id: question.words for question in interview.QUESTIONS}
    assert sections == [words["role"], words["results"]]  # a blank answer is no answer


def test_a_withdrawn_interview_is_nowhere(store):
    one = kept(store, agreed=True, withdrawn=True)
    assert interview.laid_out(account(store, internal=True), one) is None
    assert "Quidam" not in repr(interview.guide(account(store, internal=True), "tree_heritage"))


def test_the_guide_of_the_team_holds_the_interviews_of_its_subject(store):
    kept(store)
    assert "Quidam" in repr(interview.guide(account(store, internal=True), "tree_heritage"))
    assert "Quidam" not in repr(interview.guide(account(store, internal=True), None))
    assert "plantations" not in repr(interview.guide(account(store), "tree_heritage"))


@pytest.mark.parametrize("extension", interview.EXTENSIONS)
def test_hostile_answers_break_no_format(store, extension):
    team = account(store, internal=True)
    made = interview.article(team, kept(store), extension)
    again = interview.article(team, kept(store), extension)
    assert made and again and len(made.content) > 1000
    assert b"<b>#eval" not in made.content
