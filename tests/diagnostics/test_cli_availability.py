"""`availability` and `programme` at the command line: JSON alone on stdout, French for people."""

from __future__ import annotations

import argparse
import json

import pytest

from data.territories import UnknownTerritory
from diagnostics import cli_availability
from diagnostics.usage import WrongUse


@pytest.fixture
def run(embedded_store, capsys):
    """Run a command on the embedded default; gives what it printed."""

    def go(*arguments: str) -> str:
        parser = argparse.ArgumentParser()
        cli_availability.add(parser.add_subparsers(required=True))
        args = parser.parse_args(arguments)
        args.check(args)
        assert args.run(args, embedded_store) == 0
        return capsys.readouterr().out

    return go


def test_availability_prints_one_json_document(run):
    made = json.loads(run("availability", "46042", "--json"))
    assert made["territory"]["code"] == "46042" and len(made["experiments"]) == 14
    assert made["computed_at"] == "2026-11-21"


def test_one_experiment_can_be_asked_for(run):
    made = json.loads(run("availability", "46042", "--experiment", "tree_heritage", "--json"))
    assert [one["id"] for one in made["experiments"]] == ["tree_heritage"]
    made = json.loads(run("programme", "--experiment", "tree_heritage", "--json"))
    assert [one["id"] for one in made["experiments"]] == ["tree_heritage"]


def test_the_text_says_what_is_not_known_and_what_would_do(run):
    text = run("availability", "46042")
    assert text.startswith("Cahors, 46042")
    assert "On ne sait pas encore." in text and "Données attendues suffisantes" in text


def test_the_fictional_town_is_marked(run):
    assert "Castelvoire (FICTIF), 00001" in run("availability", "00001")


def test_the_programme_in_words_counts_communes(run):
    assert "en nombre de communes" in run("programme")


@pytest.mark.parametrize(
    ("arguments", "refusal", "words"),
    [
        (("availability", "99999"), UnknownTerritory, "99999"),
        (("availability", "46042", "--experiment", "arbres"), WrongUse, "arbres"),
        (("programme", "--experiment", "arbres"), WrongUse, "permis"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_printed(run, capsys, arguments, refusal, words):
    with pytest.raises(refusal, match=words):
        run(*arguments)
    assert capsys.readouterr().out == ""


def test_a_day_that_is_no_day_is_refused(run, monkeypatch):
    monkeypatch.setenv("ACV_TODAY", "demain")
    with pytest.raises(WrongUse, match="ACV_TODAY : « demain » donné ; attendu : AAAA-MM-JJ"):
        run("programme")
