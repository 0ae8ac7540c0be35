"""An answer is kept only if it answers the question; otherwise the last good copy stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from connectors.fetching import FetchError, Got, Unchanged, Unreachable, Validator
from connectors.runs import tasks
from connectors.runs.acceptance import FellShort, accepted, check_fall
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import Column, Source, catalog
from data.store import Fetch, Store
from data.territories import territory
from tests.connectors.test_tasks import Client

CAHORS, AVIGNON = territory("46042"), territory("84007")
CARD = replace(
    catalog().datasets["tree_inventory"],
    columns=(Column("part", "DOUBLE", "Part", "%", plausible=(0, 100)),),
    sources=(
        Source("essai", "Producteur", "LO", "commune", False, False, "France", endpoint="GEO"),
    ),
)

LINE = Fetch(
    "tree_inventory", "46042", "commune", "ok", 0, 0.1, 1, "http://x", None,
    datetime(2026, 11, 1, tzinfo=UTC), None, "essai", "Producteur", "LO",
)  # fmt: skip


def got(parts: list[float | None], code: str = "46042") -> Got:
    rows = pd.DataFrame({"territory": [code] * len(parts), "part": parts})
    return Got(rows, "http://x", None, 1)


def test_rows_of_another_territory_are_a_filter_that_was_ignored():
    with pytest.raises(FetchError, match="filtre ignoré"):
        accepted(CARD, ["46042"], got([1.0], "84007"))
    assert len(accepted(CARD, None, got([1.0], "84007")).rows) == 1


def test_a_column_that_is_missing_is_named():
    short = replace(got([1.0]), rows=pd.DataFrame({"territory": ["46042"], "autre": [1]}))
    with pytest.raises(FetchError, match=r"absentes \['part'\], inconnues \['autre'\]"):
        accepted(CARD, ["46042"], short)


def test_another_unit_is_refused_and_a_stray_value_left_empty():
    with pytest.raises(FetchError, match="l'unité ou la colonne a-t-elle changé"):
        accepted(CARD, ["46042"], got([1200.0, 3400.0, 50.0]))
    kept = accepted(CARD, ["46042"], got([50.0] * 199 + [1200.0]))
    assert kept.rows["part"].isna().sum() == 1
    assert kept.detail and "1 valeurs invraisemblables laissées vides" in kept.detail


def test_an_absence_is_not_an_implausible_value():
    assert accepted(CARD, ["46042"], got([None, 0.0, 100.0])).rows["part"].isna().sum() == 1


@pytest.mark.parametrize(
    ("before", "now", "falls"),
    [(100, 81, False), (100, 79, True), (40, 10, False), (40, 0, True), (4, 0, False)],
)
def test_a_source_that_lost_its_rows_is_not_believed(before, now, falls):
    last = replace(LINE, rows=before)
    if falls:
        with pytest.raises(FellShort, match="la copie d'avant est gardée"):
            check_fall(got([1.0] * now), last)
    else:
        check_fall(got([1.0] * now), last)


# --- through a run -------------------------------------------------------------------------------


@pytest.fixture
def memory():
    store = Store.open(":memory:")
    store.ensure(CARD)
    yield store
    store.close()


def answers(monkeypatch, function, many=None):
    module = SimpleNamespace(fetch=function, fetch_many=many)
    monkeypatch.setattr(tasks.importlib, "import_module", lambda name: module)


def task(place=CAHORS, **changes) -> Task:
    source = replace(CARD.sources[0], **changes)
    return Task(replace(CARD, sources=(source,)), source, place)


def stored(store: Store) -> list[tuple]:
    found = store.rows("select territory, part from tree_inventory order by all")
    return [(row["territory"], row["part"]) for row in found]


def test_a_fall_keeps_the_copy_leaves_a_finding_and_can_be_accepted(memory, monkeypatch):
    answers(monkeypatch, lambda *_: got([1.0] * 60))
    Run(memory, Client()).perform(task())
    answers(monkeypatch, lambda *_: got([2.0] * 3))
    line = Run(memory, Client()).perform(task())[0]
    assert line.status == "failed" and len(stored(memory)) == 60
    (finding,) = memory.findings()
    assert finding.kind == "refused" and "3 lignes reçues, 60" in finding.subject
    assert finding.previous_at and finding.previous_at < finding.found_at
    accepted_line = Run(memory, Client(), accept_fall=True).perform(task())[0]
    assert accepted_line.status == "ok" and len(stored(memory)) == 3


def test_the_same_rows_in_another_order_are_not_written_again(memory, monkeypatch):
    answers(monkeypatch, lambda *_: got([1.0, 2.0]))
    Run(memory, Client()).perform(task())
    memory.rows("update tree_inventory set part = 7 where part = 1")  # a mark of what was there
    answers(monkeypatch, lambda *_: got([2.0, 1.0]))
    line = Run(memory, Client()).perform(task())[0]
    assert line.status == "ok" and line.rows == 2
    assert ("46042", 7.0) in stored(memory), "les mêmes lignes ont été réécrites"


def test_unchanged_renews_the_copy_without_touching_its_rows(memory, monkeypatch):
    def first(dataset, place, get):
        get.seen["http://x"] = Validator('"a"', None, "d1")
        return got([1.0])

    answers(monkeypatch, first)
    before = Run(memory, Client()).perform(task())[0]
    known = []

    class Watching(Client):
        def begin(self, known_=None):
            self.seen = {}
            known.append(known_)

    def same(*_):
        raise Unchanged("http://x")

    answers(monkeypatch, same)
    line = Run(memory, Watching()).perform(task())[0]
    assert known == [{"http://x": Validator('"a"', None, "d1")}]
    assert (line.status, line.rows) == ("ok", 1) and line.fetched_at > before.fetched_at
    assert stored(memory) == [("46042", 1.0)]


def test_a_copy_that_another_source_has_overwritten_is_asked_in_full(memory, monkeypatch):
    def first(dataset, place, get):
        get.seen["http://x"] = Validator('"a"', None, "d1")
        return got([1.0])

    answers(monkeypatch, first)
    Run(memory, Client()).perform(task())
    answers(monkeypatch, lambda *_: got([9.0]))
    Run(memory, Client()).perform(task(connector="autre"))
    seen = []

    class Watching(Client):
        def begin(self, known_=None):
            self.seen = {}
            seen.append(known_)

    answers(monkeypatch, first)
    Run(memory, Watching()).perform(task())
    assert seen == [{}], "« inchangé » aurait gardé les lignes de l'autre source"
    assert stored(memory) == [("46042", 1.0)]


def test_a_host_that_stays_silent_is_left_alone_and_the_others_go_on(memory, monkeypatch):
    asked = []

    def down(dataset, place, get):
        asked.append(place.code)
        raise Unreachable("http://x : connexion refusée après 4 essais")

    answers(monkeypatch, down)
    run = Run(memory, Client())
    lines = [run.perform(task())[0] for _ in range(5)]
    assert len(asked) == 3
    assert all(line.status == "failed" for line in lines)
    assert "non redemandé cette fois" in (lines[-1].detail or "")
    answers(monkeypatch, lambda *_: got([1.0]))
    assert run.perform(task(endpoint="GBIF"))[0].status == "ok"


def test_a_group_is_asked_once_and_each_commune_has_its_line(memory, monkeypatch):
    def many(dataset, communes, get):
        assert [made.code for made in communes] == ["46042", "84007", "29019"]
        rows = pd.DataFrame({"territory": ["46042", "46042", "29019"], "part": [1.0, 2.0, 3.0]})
        return Got(rows, "http://x", None, 1, uncovered={"84007": "aucune station"})

    answers(monkeypatch, None, many)
    places = (CAHORS, AVIGNON, territory("29019"))
    group = replace(task(None, group=20), group=places)
    lines = Run(memory, Client()).perform(group)
    assert [(line.territory, line.status, line.rows) for line in lines] == [
        ("46042", "ok", 2),
        ("84007", "not_covered", 0),
        ("29019", "ok", 1),
    ]
    assert stored(memory) == [("29019", 3.0), ("46042", 1.0), ("46042", 2.0)]


def test_a_group_that_fails_fails_for_each_of_its_communes(memory, monkeypatch):
    def many(*_):
        raise FetchError("http://x : 500")

    answers(monkeypatch, None, many)
    group = replace(task(None, group=20), group=(CAHORS, AVIGNON))
    lines = Run(memory, Client()).perform(group)
    assert [(line.territory, line.status) for line in lines] == [
        ("46042", "failed"),
        ("84007", "failed"),
    ]


def test_an_epci_is_asked_as_its_communes_and_replaces_their_rows(memory, monkeypatch):
    epci = territory("200023737")

    def many(dataset, communes, get):
        assert "46042" in [made.code for made in communes] and len(communes) > 20
        return got([5.0])

    answers(monkeypatch, lambda *_: got([1.0]))
    Run(memory, Client()).perform(task())
    answers(monkeypatch, None, many)
    line = Run(memory, Client()).perform(task(epci, group=20))[0]
    assert (line.territory, line.level, line.status) == ("200023737", "epci", "ok")
    assert stored(memory) == [("46042", 5.0)]


def test_in_a_group_only_the_commune_that_fell_is_refused(memory, monkeypatch):
    def many(count):
        rows = pd.DataFrame({"territory": ["46042"] * count + ["84007"], "part": 1.0})
        return lambda *_: Got(rows, "http://x", None, 1)

    group = replace(task(None, group=20), group=(CAHORS, AVIGNON))
    answers(monkeypatch, None, many(60))
    Run(memory, Client()).perform(group)
    answers(monkeypatch, None, many(2))
    lines = Run(memory, Client()).perform(group)
    assert [(line.territory, line.status) for line in lines] == [
        ("46042", "failed"),
        ("84007", "ok"),
    ]
    assert len(stored(memory)) == 61
    assert [finding.territory for finding in memory.findings()] == ["46042"]


@pytest.mark.parametrize("place", ["46042", "200023737"])
def test_a_place_alone_that_the_source_leaves_out_is_not_covered_and_not_empty(
    memory, monkeypatch, place
):
    """Asked alone, a commune or an EPCI is told as it would be in a group: never « nothing »."""

    def none(dataset, communes, get):
        rows = pd.DataFrame({"territory": [], "part": []})
        uncovered = {made.code: "hors des aires urbaines" for made in communes}
        return Got(rows, "http://x", None, 1, uncovered=uncovered)

    answers(monkeypatch, None, none)
    (line,) = Run(memory, Client()).perform(task(territory(place), group=20))
    assert (line.status, line.detail) == ("not_covered", "hors des aires urbaines")


def test_a_part_of_an_epci_that_the_source_leaves_out_is_said(memory, monkeypatch):
    def part(dataset, communes, get):
        rows = pd.DataFrame({"territory": ["46042"], "part": [1.0]})
        return Got(rows, "http://x", None, 1, uncovered={"46007": "Aucune ligne."})

    answers(monkeypatch, None, part)
    (line,) = Run(memory, Client()).perform(task(territory("200023737"), group=20))
    assert (line.status, line.detail) == ("ok", "Aucune ligne : Arcambal (46007)")


def test_each_place_of_a_group_is_told_what_is_of_it_alone(memory, monkeypatch):
    def many(dataset, communes, get):
        rows = pd.DataFrame({"territory": ["46042"], "part": [1.0]})
        return Got(rows, "http://x", None, 1, "édition 2026", details={"84007": "aucune station"})

    answers(monkeypatch, None, many)
    group = replace(task(None, group=20), group=(CAHORS, AVIGNON))
    lines = {line.territory: line for line in Run(memory, Client()).perform(group)}
    assert lines["46042"].detail == "édition 2026"
    assert lines["84007"].status == "empty"
    assert lines["84007"].detail == "édition 2026 ; aucune station : Avignon (84007)"


def test_an_epci_does_not_take_the_rows_of_a_commune_of_which_the_source_says_nothing(
    memory, monkeypatch
):
    answers(monkeypatch, None, lambda *_: got([7.0], "46007"))
    Run(memory, Client()).perform(task(territory("46007"), group=20))

    def part(dataset, communes, get):
        rows = pd.DataFrame({"territory": ["46042"], "part": [1.0]})
        return Got(rows, "http://x", None, 1, uncovered={"46007": "Aucune ligne."})

    answers(monkeypatch, None, part)
    (line,) = Run(memory, Client()).perform(task(territory("200023737"), group=20))
    assert line.status == "ok"
    assert stored(memory) == [("46007", 7.0), ("46042", 1.0)]


@pytest.mark.parametrize("odd", [["beaucoup"], [{"a": 1}], [object()], [1.0, "deux"]])
def test_rows_that_the_store_cannot_hold_fail_this_source_and_no_other(memory, monkeypatch, odd):
    answers(monkeypatch, lambda *_: got([1.0]))
    Run(memory, Client()).perform(task())
    plain = replace(CARD, columns=(Column("part", "DOUBLE", "Part", "%"),))
    rows = pd.DataFrame({"territory": ["46042"] * len(odd), "part": odd})
    answers(monkeypatch, lambda *_: Got(rows, "http://x", None, 1))
    line = Run(memory, Client()).perform(replace(task(), dataset=plain))[0]
    assert line.status == "failed" and line.detail
    assert stored(memory) == [("46042", 1.0)]
