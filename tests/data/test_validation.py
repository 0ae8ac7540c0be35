"""A diagnosis is a working document until it is validated, and again once something is declared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data import entries, records, validation
from data.entries import Kept, Validation
from data.records import Declaration, Person
from data.territories import territory
from data.validation import Standing, standing

AT = datetime(2026, 11, 3, 10, tzinfo=UTC)
SIGNED = Validation("Paul", True, date(2026, 11, 3), "v1")


def kept(entry: Validation = SIGNED) -> Kept[Validation]:
    return Kept(entry, "Essai", AT, AT)


def test_without_a_word_it_is_a_working_document():
    assert standing(None, None, "v1") == Standing()
    assert standing(None, AT, "v1").state == validation.WORKING
    assert standing(kept(Validation("Paul", False, None)), None, "v1") == Standing()


@pytest.mark.parametrize("seconds", [-1, 0])
def test_what_was_declared_before_is_validated_with_the_rest(seconds):
    found = standing(kept(), AT + timedelta(seconds=seconds), "v1")
    assert (found.state, found.day, found.referent) == ("validated", SIGNED.day, "Paul")


def test_what_is_declared_afterwards_is_not():
    found = standing(kept(), AT + timedelta(days=2), "v1")
    assert (found.state, found.changed) == ("working", validation.DECLARED_SINCE)
    assert (found.day, found.changed_on) == (SIGNED.day, date(2026, 11, 5))


def test_another_reference_is_another_diagnosis():
    assert standing(kept(), None, "v2").changed == validation.REFERENCE_SINCE
    assert standing(kept(Validation("Paul", True, AT.date())), None, "v2").state == "validated"


def test_undoing_is_a_declaration_too(store):
    place, person = territory("46042"), Person("editor", "Essai")
    records.declare(store, person, Declaration("46042", "energy_ratings", "open", "exists"))
    entries.keep(store, person, "46042", SIGNED)
    assert validation.of(store, place, "v1").state == "validated"
    records.undo(store, person, "46042", "energy_ratings")
    assert validation.of(store, place, "v1").changed == validation.DECLARED_SINCE
    entries.keep(store, person, "46042", SIGNED)
    assert validation.of(store, place, "v1").state == "validated"
