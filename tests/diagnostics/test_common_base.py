"""The common base of a territory: every set has a line, and none enters a count or a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.catalog import catalog
from data.records import Declaration, Person, declare
from data.territories import territory
from diagnostics import common_base
from diagnostics.availability import assess
from diagnostics.common_base import counts, lines
from diagnostics.summary import summary
from tests.diagnostics.test_availability import publish

DAY = date(2026, 11, 21)
CAHORS = territory("46042")
EDITOR = Person("editor", "Essai")


def base(store, place=CAHORS, agents=None):
    return lines(assess(store, place, DAY), DAY, agents)


def line(store, dataset, **given):
    return next(made for made in base(store, **given) if made.dataset == dataset)


def say(store, dataset, status="candidate", existence="exists", **given):
    declare(store, EDITOR, Declaration("46042", dataset, status, existence, **given))


@pytest.mark.parametrize(
    "code", ["46042", "46128", "200023737", "dep:46", "dep:48", "reg:76", "00001", "000000001"]
)
@pytest.mark.parametrize("kept", ["embedded_store", "empty_store"])
def test_every_set_has_a_line_with_a_standard_and_a_next_step(request, kept, code):
    made = base(request.getfixturevalue(kept), territory(code))
    assert [one.dataset for one in made] == [one.dataset for one in catalog().common_base.sets]
    for one in made:
        assert one.standards and one.next_step and one.title
        assert all(standard.title and standard.url for standard in one.standards)
        assert one.group in (common_base.BY_LAW, common_base.FREELY)


def test_nothing_is_published_where_nothing_was_looked_at(empty_store):
    made = base(empty_store)
    found = counts(made)
    assert (found.sets, found.checked, found.published) == (17, 0, 0)
    assert all(one.last_update is None and not one.checked for one in made)
    assert not {badge.kind for one in made for badge in one.badges} & {"publish", "to_verify"}


def test_a_text_is_named_even_where_no_publication_is_asked(empty_store):
    found = line(empty_store, "grants")
    assert found.no_badge == "unknown" and "2017-779" in found.texts[0]
    assert found.group == common_base.BY_LAW
    assert found.next_step == common_base.ASK
    assert line(empty_store, "first_names").texts == ()
    assert line(empty_store, "first_names").group == common_base.FREELY


def test_nobody_is_sent_to_ask_for_what_the_law_does_not_ask_here(empty_store):
    small, large = territory("46042"), replace(CAHORS, population=90_000)
    assert line(empty_store, "top_salaries", place=small).next_step == common_base.NOT_AIMED_AT
    assert line(empty_store, "top_salaries", place=large).next_step == common_base.ASK


def test_a_declaration_moves_the_line_and_its_badges(store):
    say(store, "defibrillators")
    found = line(store, "defibrillators")
    assert (found.evidence.status, found.evidence.provenance) == ("candidate", "declared")
    assert [badge.kind for badge in found.badges] == ["to_verify", "transmit"]
    settled = line(store, "defibrillators", agents=50)
    assert [badge.kind for badge in settled.badges] == ["publish", "transmit"]
    assert counts(base(store)).checked == 1


def test_what_a_catalogue_lists_is_published_with_the_date_its_source_gives(store):
    publish(store, "first_names")
    found = line(store, "first_names")
    assert found.evidence.status == "open" and found.evidence.provenance == "observed"
    assert found.last_update == "2026-06-01"
    assert (counts(base(store)).checked, counts(base(store)).published) == (1, 1)


def test_a_declared_dataset_without_source_has_no_invented_update(store):
    say(store, "budget")
    assert line(store, "budget").last_update is None


def test_a_set_says_which_projects_need_it(empty_store):
    for one in base(empty_store):
        assert len(one.experiments) == len(catalog().needed_by(one.dataset))
    assert len(line(empty_store, "grants").experiments) == 3


def test_what_only_the_base_asks_changes_no_count_no_score_and_no_verdict(store):
    before = assess(store, CAHORS, DAY)
    facts = summary(before)
    assert facts.checked is False
    for key in catalog().base():
        if not catalog().needed_by(key):
            say(store, key, "open")
    after = assess(store, CAHORS, DAY)
    assert after.as_dict() == before.as_dict()
    assert summary(after) == facts
    assert sum(after.counts.values()) == 94
    assert counts(base(store)).published > 0


def test_the_base_alone_lets_no_project_start(empty_store):
    assessment = assess(empty_store, CAHORS, DAY)
    for key in catalog().base():
        assert key in assessment.evidence
        if not catalog().needed_by(key):
            assert assessment.unlocks[key] == ()
