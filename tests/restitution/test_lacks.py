"""What is lacking is said apart from what nobody checked; a shared step is said once."""

from dataclasses import replace

import pytest

from data.territories import territory
from restitution import lacks, verdicts
from restitution.account import Account


@pytest.fixture(scope="module")
def missing(embedded_store):
    from datetime import date

    return {
        code: Account(embedded_store, territory(code), date(2026, 11, 21)).missing
        for code in ("46042", "00001")
    }


def test_what_nobody_checked_is_never_headed_as_lacking(missing):
    for lines in missing.values():
        unsure = lacks.unchecked(lines)
        assert lacks.title(unsure) == lacks.TO_CHECK if unsure else True
        assert "manque" not in lacks.counted(unsure)
        assert all("non évaluée" in lacks.known(line) for line in unsure)
    assert lacks.title(missing["00001"]) == lacks.BOTH
    assert lacks.title(lacks.established(missing["00001"])) == lacks.LACKING


def test_a_step_shared_by_all_is_said_once(missing):
    lines = missing["46042"][:4]
    steps = lacks.steps(lines)
    assert set(steps.own) == {""} and lacks.PUBLISHING in steps.note
    other = (*lines, replace(lines[0], next_step="Chiffrer l'achat."))
    assert all(lacks.steps(other).own)
    assert "standardiser" not in " ".join(lacks.steps(other).own).lower()
    assert lacks.steps(()).note == ""


def test_every_group_of_what_nobody_knows_starts_with_the_same_words():
    for group in ("waiting", "lacking", "unknown"):
        assert verdicts.group_sign(group).word.startswith("On ne sait pas encore\u00a0: ")
