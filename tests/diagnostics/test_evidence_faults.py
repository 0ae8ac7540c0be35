"""Faults planted where evidence is weighed: each is noticed by the check that guards against it.

Together with the faults seeded in the arithmetic (test_scoring) and in the rule (test_readiness),
this is the mutation test of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.catalog import catalog
from data.records import Declaration
from data.store import Fetch, Store
from data.territories import territory
from diagnostics import actions, checks, evidence, presence, scoring
from diagnostics.availability import assess
from diagnostics.evidence import Evidence

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAHORS = territory("46042")
CENSUS, TREES, CATNAT = "iris_population", "tree_inventory", "catnat_orders"


def fetched(store: Store, status: str = "ok", dataset: str = CENSUS, **given: Any) -> Evidence:
    source = catalog().datasets[dataset].sources[0]
    line = {
        "level": "commune", "rows": 3 if status == "ok" else 0, "seconds": 0.1, "requests": 1,
        "url": "https://exemple.test/a.csv", "vintage": "2026", "fetched_at": NOON, "detail": None,
        "connector": source.connector, "source": source.producer, "licence": "Licence Ouverte 2.0",
    }  # fmt: skip
    store.log(Fetch(dataset, "46042", status=status, **{**line, **given}))
    return assess(store, CAHORS, DAY).evidence[dataset]


def declared(store: Store, status: str, **given: Any) -> Evidence:
    store.declare(Declaration("46042", TREES, status, "exists", recorded_at=NOON, **given))
    return assess(store, CAHORS, DAY).evidence[TREES]


def a_failure_is_a_failure(store: Store) -> None:
    for status in ("failed", "offline"):
        found = fetched(store, status, CATNAT)
        assert (found.provenance, found.state.established) == ("assumed", False)


def a_gap_of_the_source_is_unknown(store: Store) -> None:
    found = fetched(store, "not_covered")
    assert (found.status, found.outside) == ("not_evaluated", True)
    assert scoring.usable(found.state) == scoring.UNKNOWN


def an_empty_answer_is_no_zero(store: Store) -> None:
    cards = [card for card in catalog().needs().values() if card.sources]
    partial = next(card.id for card in cards if not card.sources[0].exhaustive)
    assert fetched(store, "empty", partial).provenance == "assumed"


def a_lack_of_reason_needs_its_trace(store: Store) -> None:
    assert declared(store, "closed_unjustified").status == "not_evaluated"


def a_declaration_is_the_strongest_word(store: Store) -> None:
    fetched(store)
    store.declare(Declaration("46042", CENSUS, "other", "exists", recorded_at=NOON))
    assert assess(store, CAHORS, DAY).evidence[CENSUS].status == "other"


def an_unknown_date_is_not_tested(store: Store) -> None:
    assert fetched(store, vintage=None).checks["freshness"] == "not_tested"


def an_untried_link_is_not_tested(store: Store) -> None:
    assert checks.link([{"available": "unknown"}]) == "not_tested"


def invented_data_open_nothing_real(store: Store) -> None:
    assert fetched(store, licence="FICTIF").status == "other"


def a_licence_that_nobody_says_is_not_open(store: Store) -> None:
    assert fetched(store, licence="notspecified").status == "other"


def a_coarser_source_is_less_adequate(store: Store) -> None:
    assert evidence.adequacy("departement", "commune") == 0.4


def a_part_is_not_the_whole(store: Store) -> None:
    assert fetched(store, detail="Couverture partielle : un quartier").existence == "partial"


def what_is_assumed_is_not_established(store: Store) -> None:
    made = assess(store, CAHORS, DAY)
    assert all(one.verdict == "unknown" for one in made.experiments)
    assert made.counts["not_evaluated"] == sum(made.counts.values())


def a_protection_needs_a_paper(store: Store) -> None:
    found = declared(store, "closed_justified", reason_code="security", legal_ground="CRPA")
    assert scoring.openness_term(found.state).low == 0


def a_dead_link_caps_its_project(store: Store) -> None:
    dead = scoring.State("open", quality=scoring.Interval(1, 1), reachable=False)
    needs = [("indispensable", dead), ("useful", scoring.State("open", quality=dead.quality))]
    assert scoring.usable_score(needs).high <= scoring.CAP


def the_last_good_copy_serves(store: Store) -> None:
    fetched(store)
    late = fetched(store, "failed", fetched_at=NOON.replace(hour=18))
    assert (late.status, late.evidence_level) == ("open", "E3")


def what_is_protected_is_never_asked_to_be_opened(store: Store) -> None:
    found = declared(store, "closed_justified", reason_code="personal_data")
    reached = actions.step(found).reach(found.state)
    assert reached.status == "closed_justified"


def withdrawn_is_said_no_more(store: Store) -> None:
    found = declared(store, "open", withdrawn=True)
    assert found.provenance == "assumed"


_NOT_COVERED, _PRESENCE = evidence._not_covered, presence.presence


def _open_all_the_same(dataset, place, last):
    made = _NOT_COVERED(dataset, place, last)
    return replace(made, status="open", existence="partial", outside=False)


def _last_attempt_alone(latest, dataset, place):
    return _PRESENCE({key: lines[:1] for key, lines in latest.items()}, dataset, place)


FAULTS: dict[str, tuple[Callable[[Store], None], object, str, object]] = {
    "un échec vaut une copie": (
        a_failure_is_a_failure, Fetch, "good", property(lambda made: True)),
    "hors couverture vaut ouvert": (
        a_gap_of_the_source_is_unknown, evidence, "_not_covered", _open_all_the_same),
    "aucune ligne vaut zéro": (
        an_empty_answer_is_no_zero, evidence, "_speaks_of", lambda *given: True),
    "motif inconnu cru sur parole": (
        a_lack_of_reason_needs_its_trace, Declaration, "traced", property(lambda made: True)),
    "le constat l'emporte sur le déclaré": (
        a_declaration_is_the_strongest_word, evidence, "_declared",
        lambda dataset, said, observed: observed),
    "sans date vaut à jour": (
        an_unknown_date_is_not_tested, checks, "freshness", lambda *given: 1.0),
    "lien non essayé vaut bon": (
        an_untried_link_is_not_tested, checks, "link", lambda resources: 1.0),
    "le fictif ouvre le réel": (
        invented_data_open_nothing_real, evidence, "_status_under", lambda *given: "open"),
    "sans licence vaut ouvert": (
        a_licence_that_nobody_says_is_not_open, checks, "is_open_licence", lambda *given: True),
    "la maille ne compte pas": (
        a_coarser_source_is_less_adequate, evidence, "adequacy", lambda *given: 1.0),
    "une partie vaut le tout": (
        a_part_is_not_the_whole, evidence, "_is_partial", lambda good: False),
    "supposé vaut constaté": (
        what_is_assumed_is_not_established, Evidence, "established", property(lambda made: True)),
    "une protection sans pièce est fondée": (
        a_protection_needs_a_paper, scoring, "contested", lambda state: False),
    "un lien mort ne plafonne pas": (
        a_dead_link_caps_its_project, scoring, "unusable", lambda state: False),
    "un échec efface la copie": (
        the_last_good_copy_serves, presence, "presence", _last_attempt_alone),
    "protégée à ouvrir": (
        what_is_protected_is_never_asked_to_be_opened, actions, "_substituted",
        lambda state: actions.BEST),
    "annulé compte encore": (
        withdrawn_is_said_no_more, Declaration, "withdrawn", property(
            lambda made: False, lambda made, value: None)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_guard_notices_the_fault(fault, empty_store, monkeypatch):
    guard, place, name, planted = FAULTS[fault]
    monkeypatch.setattr(place, name, planted, raising=False)
    with pytest.raises(AssertionError):
        guard(empty_store)


GUARDS = {guard.__name__: guard for guard, *_ in FAULTS.values()}


@pytest.mark.parametrize("name", GUARDS)
def test_the_guard_holds(name, empty_store):
    GUARDS[name](empty_store)
