"""Availability of a town from a real store: declared, observed, assumed, and the five absences."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from data.catalog import REFERENCE, catalog, read_yaml
from data.records import Declaration
from data.store import Fetch
from data.territories import acv_towns, territory
from diagnostics import checks
from diagnostics.availability import UnknownExperiment, assess
from diagnostics.evidence import adequacy
from diagnostics.scoring import NOT_TESTED

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAHORS = territory("46042")
CENSUS = "iris_population"  # a card with a source and columns
NEED_KEYS = {
    "dataset", "criticality", "status", "existence", "provenance", "evidence_level", "reason",
    "legal_ground", "producer", "usable", "openness", "adequacy", "checks", "sources",
}  # fmt: skip


def fetch(dataset=CENSUS, status="ok", scope="46042", **given):
    rows = given.pop("rows", 3 if status == "ok" else 0)
    source = catalog().datasets[dataset].sources[0]
    fields = {
        "level": "commune", "seconds": 0.1, "requests": 1, "url": "https://exemple.test/a.csv",
        "vintage": "2026", "fetched_at": NOON, "detail": None, "connector": source.connector,
        "source": source.producer, "licence": "Licence Ouverte 2.0",
    }  # fmt: skip
    return Fetch(dataset, scope, status=status, rows=rows, **{**fields, **given})


def declare(store, status, dataset="tree_inventory", existence="exists", town="46042", **given):
    store.declare(Declaration(town, dataset, status, existence, **given))


def publish(store, dataset, town="46042", **given):
    """One line of the catalogue, matched to a dataset."""
    card = catalog().datasets["published_datasets"]
    line = dict.fromkeys((column.name for column in card.columns), None)
    line |= {
        "territory": town, "id": f"{dataset}-{len(given)}", "title": "Arbres", "level": "commune",
        "url": "https://exemple.test/arbres", "publisher": "Ville", "licence": "lov2",
        "formats": json.dumps(["csv"]), "matched": json.dumps([dataset]), "frequency": "annual",
        "updated_at": datetime(2026, 6, 1), "resources": json.dumps([{"available": "unknown"}]),
    }  # fmt: skip
    logged = fetch("published_datasets", scope=town)
    store.save(card, logged, pd.DataFrame([{**line, **given}]))


def need(store, dataset, town=CAHORS, day=DAY):
    """The evidence, as JSON, of the first need of that dataset."""
    for experiment in assess(store, town, day).as_dict()["experiments"]:
        for made in experiment["needs"]:
            if made["dataset"] == dataset:
                return made
    raise AssertionError(dataset)


def test_the_document_has_every_key_of_the_interface(embedded_store):
    made = assess(embedded_store, CAHORS, DAY).as_dict()
    json.dumps(made, allow_nan=False)
    assert {"territory", "computed_at", "reference_version", "counts", "experiments"} <= set(made)
    assert made["territory"] == {
        "code": "46042", "name": "Cahors", "level": "commune", "fictional": False
    }  # fmt: skip
    assert made["computed_at"] == "2026-11-21"
    assert made["reference_version"] == catalog().version
    assert [one["id"] for one in made["experiments"]] == list(catalog().experiments)
    for one in made["experiments"]:
        assert {"title", "verdict", "expected", "to_confirm", "blocking", "usable"} <= set(one)
        assert {"openness", "evaluated_share", "needs", "actions"} <= set(one)
        for asked in one["needs"]:
            assert set(asked) >= NEED_KEYS
            assert set(asked["checks"]) == set(checks.NAMES)
            assert asked["status"] != "closed_unjustified" or asked["provenance"] == "declared"
        for action in one["actions"]:
            assert set(action) >= {
                "dataset", "action", "gain", "unlocks", "effort", "holder", "legal_basis"
            }  # fmt: skip
            assert 0 <= action["gain"]["low"] <= action["gain"]["high"] <= 100
            assert action["effort"] in ("S", "M", "L")


def test_counts_sum_to_the_datasets_needed_once_each(embedded_store):
    for listed in (None, ["tree_heritage"], ["heat_islands", "cool_routes"]):
        made = assess(embedded_store, CAHORS, DAY, listed)
        needed = {asked.dataset for one in made.experiments for asked in one.needs}
        assert sum(made.counts.values()) == len(needed)


def test_an_unknown_experiment_is_named_in_one_sentence(embedded_store):
    with pytest.raises(UnknownExperiment, match="Expérimentation « arbres » inconnue ; permis"):
        assess(embedded_store, CAHORS, DAY, ["arbres"])


def test_the_same_store_gives_the_same_document_twice(embedded_store):
    documents = [assess(embedded_store, CAHORS, DAY).as_dict() for _ in range(2)]
    assert json.dumps(documents[0]) == json.dumps(documents[1])


# --- assumed -------------------------------------------------------------------------------------


def test_nothing_fetched_nothing_said_leaves_every_verdict_unknown(empty_store):
    made = assess(empty_store, CAHORS, DAY)
    assert {one.verdict for one in made.experiments} == {"unknown"}
    assert made.counts["not_evaluated"] == sum(made.counts.values()) > 90
    for one in made.experiments:
        assert (one.usable.low, one.usable.high, one.evaluated_share) == (0, 100, 0)
        assert {asked.provenance for asked in one.needs} == {"assumed"}


def test_seven_experiments_would_do_with_open_national_data(empty_store):
    """The reference's own count: E01, E04, E06, E07, E09, E13, E14."""
    made = assess(empty_store, CAHORS, DAY)
    codes = [
        catalog().experiments[one.id].code
        for one in made.experiments
        if one.expected in ("ready", "degraded")
    ]
    assert codes == ["E01", "E04", "E06", "E07", "E09", "E13", "E14"]


# --- observed ------------------------------------------------------------------------------------


def test_rows_read_are_observed_open_at_the_strongest_level(empty_store):
    empty_store.log(fetch())
    found = need(empty_store, CENSUS)
    assert (found["status"], found["provenance"], found["evidence_level"]) == (
        "open", "observed", "E3"
    )  # fmt: skip
    assert found["checks"]["licence"] == found["checks"]["readable"] == 1
    assert found["checks"]["link"] == NOT_TESTED  # an extract shipped: its source was not asked
    assert found["checks"]["schema"] == found["checks"]["documentation"] == NOT_TESTED
    assert 60 <= found["usable"]["low"] < found["usable"]["high"] == 100
    assert found["sources"][0]["url"] == "https://exemple.test/a.csv"


@pytest.mark.parametrize("status", ["failed", "offline"])
def test_a_fetch_that_failed_changes_nothing_but_is_said(empty_store, status):
    before = need(empty_store, CENSUS)
    empty_store.log(fetch(status=status))
    after = need(empty_store, CENSUS)
    assert after["reason"] != before["reason"] and "20/11/2026" in after["reason"]
    assert {**after, "reason": ""} == {**before, "reason": ""}
    assert after["usable"] == {"low": 0, "high": 100}


def test_a_failure_after_a_good_copy_leaves_the_copy_and_says_so(empty_store):
    empty_store.log(fetch())
    empty_store.log(fetch(status="failed", fetched_at=NOON + timedelta(hours=3)))
    found = need(empty_store, CENSUS)
    assert found["status"] == "open" and found["evidence_level"] == "E3"
    assert "la copie précédente sert" in found["reason"]


def test_a_source_that_leaves_the_town_out_says_nothing_of_a_local_dataset(empty_store):
    empty_store.log(fetch(status="not_covered"))
    found = need(empty_store, CENSUS)
    assert (found["status"], found["existence"]) == ("not_evaluated", "unknown")
    assert found["outside"] and found["aspects"]["coverage"] == 0
    assert found["usable"] == {"low": 0, "high": 100}
    assert found["reason"].startswith("La source ne couvre pas ce territoire")
    assert found["fulfilment"] == "unknown"
    made = {one.id: one for one in assess(empty_store, CAHORS, DAY).experiments}
    assert CENSUS not in made["summer_comfort_housing"].blocking
    action = next(a for a in made["summer_comfort_housing"].actions if a.dataset == CENSUS)
    assert "chercher une donnée locale" in action.action


def test_a_town_outside_the_coverage_of_the_embedded_census_is_told_so(embedded_store):
    found = need(embedded_store, CENSUS, town=territory("97611"))
    assert (found["provenance"], found["adequacy"]) == ("observed", 0)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("iris", 1), ("commune", 1), ("epci", 0.7), ("departement", 0.4), ("region", 0.4)],
)
def test_a_coarser_source_is_less_adequate_to_a_town(level, expected):
    assert adequacy(level, "commune") == expected


def test_an_epci_is_served_in_full_by_data_of_its_level():
    assert (adequacy("epci", "epci"), adequacy("departement", "epci")) == (1, 0.7)


def test_a_fetch_that_says_it_is_partial_is_partly_met(empty_store):
    empty_store.log(fetch(detail="Couverture partielle : deux quartiers sur neuf"))
    found = need(empty_store, CENSUS)
    assert (found["existence"], found["fulfilment"]) == ("partial", "partly")
    assert "deux quartiers sur neuf" in found["reason"]


def test_a_source_without_open_licence_is_not_called_open(empty_store):
    empty_store.log(fetch(licence="Usage interne"))
    found = need(empty_store, CENSUS)
    assert (found["status"], found["checks"]["licence"]) == ("other", 0)


def test_invented_data_open_nothing_in_a_real_town(empty_store):
    empty_store.log(fetch(licence="FICTIF (données inventées)"))
    assert need(empty_store, CENSUS)["status"] == "other"
    empty_store.log(fetch(scope="00001", licence="FICTIF (données inventées)"))
    assert need(empty_store, CENSUS, town=territory("00001"))["status"] == "open"


def test_an_empty_answer_counts_only_where_the_source_is_exhaustive(empty_store):
    exhaustive = catalog().datasets[CENSUS].sources[0].exhaustive
    assert not catalog().datasets["climate_projections"].sources[0].exhaustive
    empty_store.log(fetch("climate_projections", status="empty"))
    silent = need(empty_store, "climate_projections")
    assert silent["provenance"] == "assumed" and "ce n'est pas un zéro" in silent["reason"]
    empty_store.log(fetch(status="empty"))
    assert (need(empty_store, CENSUS)["provenance"] == "observed") is exhaustive


def test_a_catalogue_entry_is_observed_and_its_untried_link_is_not_tested(empty_store):
    publish(empty_store, "tree_inventory")
    found = need(empty_store, "tree_inventory")
    assert (found["status"], found["provenance"], found["evidence_level"]) == (
        "open", "observed", "E1"
    )  # fmt: skip
    assert found["checks"]["link"] == NOT_TESTED and found["checks"]["freshness"] == 1
    assert found["usable"]["low"] == 60  # without a tested link, nothing is gained yet
    publish(empty_store, "tree_inventory", resources=json.dumps([{"available": True}]))
    assert need(empty_store, "tree_inventory")["evidence_level"] == "E2"


def test_a_catalogue_entry_whose_every_link_fails_is_unusable(empty_store):
    publish(empty_store, "tree_inventory", resources=json.dumps([{"available": False}]))
    found = need(empty_store, "tree_inventory")
    assert found["checks"]["link"] == 0 and found["fulfilment"] == "unmet"


def test_a_catalogue_entry_without_licence_is_to_be_specified(empty_store):
    publish(empty_store, "tree_inventory", licence="notspecified")
    found = need(empty_store, "tree_inventory")
    assert (found["status"], found["checks"]["licence"]) == ("other", NOT_TESTED)
    assert "conditions de réutilisation à préciser" in found["reason"]


def test_a_published_pdf_cannot_be_read(empty_store):
    publish(empty_store, "tree_inventory", formats=json.dumps(["pdf"]))
    assert need(empty_store, "tree_inventory")["fulfilment"] == "unmet"


def test_the_best_of_two_sources_counts_and_both_are_shown(empty_store):
    empty_store.log(fetch(status="not_covered"))
    publish(empty_store, CENSUS, title="Recensement local")
    found = need(empty_store, CENSUS)
    assert (found["adequacy"], found["existence"]) == (1, "exists")
    assert len(found["sources"]) == 2


def test_a_hostile_catalogue_line_breaks_nothing(empty_store):
    publish(
        empty_store, "tree_inventory", formats="{pas du json", quality='"texte"', resources="[1]",
        publisher=None,
    )  # fmt: skip
    assert need(empty_store, "tree_inventory")["provenance"] == "observed"


# --- declared ------------------------------------------------------------------------------------


def test_the_latest_declaration_counts_and_history_stays(empty_store):
    declare(empty_store, "open", recorded_at=NOON)
    declare(empty_store, "candidate", recorded_at=NOON + timedelta(days=1), holder="Service parcs")
    found = need(empty_store, "tree_inventory")
    assert (found["status"], found["provenance"], found["holder"]) == (
        "candidate", "declared", "Service parcs"
    )  # fmt: skip
    assert len(empty_store.declaration_history("46042", "tree_inventory")) == 2


def test_a_declaration_is_stronger_than_a_fetch_and_the_contradiction_is_said(empty_store):
    empty_store.log(fetch())
    declare(empty_store, "candidate", dataset=CENSUS, reason="Fichier non diffusé.")
    found = need(empty_store, CENSUS)
    assert (found["status"], found["provenance"]) == ("candidate", "declared")
    assert "Constaté par ailleurs" in found["reason"]


def test_a_file_handed_over_contradicts_no_declaration(empty_store):
    empty_store.log(fetch(url=""))
    declare(empty_store, "candidate", dataset=CENSUS, reason="Remis par le service.")
    assert need(empty_store, CENSUS)["reason"] == "Remis par le service."


def test_a_declared_open_dataset_keeps_the_checks_of_its_fetch(empty_store):
    empty_store.log(fetch())
    declare(empty_store, "open", dataset=CENSUS)
    found = need(empty_store, CENSUS)
    assert (found["provenance"], found["evidence_level"]) == ("declared", "E3")


def test_not_produced_wins_over_the_status_and_scores_zero(empty_store):
    declare(empty_store, None, existence="not_produced")
    made = assess(empty_store, CAHORS, DAY)
    found = need(empty_store, "tree_inventory")
    assert made.counts["not_produced"] == 1
    assert found["usable"] == found["openness"] == {"low": 0, "high": 0}
    assert found["fulfilment"] == "unmet"


def test_a_protection_needs_a_text_and_a_proof(empty_store):
    declare(empty_store, "closed_justified", substitute="Effectifs par quartier")
    bare = need(empty_store, "tree_inventory")
    declare(
        empty_store, "closed_justified", substitute="Effectifs par quartier",
        legal_ground="CRPA, L. 311-6", evidence="Avis du 3 mai 2026",
        reason_code="personal_data",
    )  # fmt: skip
    grounded = need(empty_store, "tree_inventory")
    assert (bare["usable"]["low"], bare["openness"]) == (0, {"low": 0, "high": 0})
    assert grounded["openness"] is None and grounded["legal_ground"] == "CRPA, L. 311-6"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, "not_evaluated"),
        ({"evidence": "On me l'a dit"}, "not_evaluated"),
        ({"trace": "on dit", "evidence": "On me l'a dit"}, "not_evaluated"),
        ({"trace": "written_refusal"}, "not_evaluated"),
        ({"trace": "written_refusal", "evidence": "Courriel du 3 mai"}, "closed_unjustified"),
        ({"trace": "unanswered_request", "evidence": "Courrier"}, "not_evaluated"),
        (
            {"trace": "unanswered_request", "evidence": "Courrier", "asked_on": date(2026, 10, 25)},
            "not_evaluated",
        ),
        (
            {"trace": "unanswered_request", "evidence": "Courrier", "asked_on": date(2026, 10, 20)},
            "closed_unjustified",
        ),
    ],
)
def test_a_lack_of_known_reason_is_shown_or_does_not_count(empty_store, given, status):
    declare(empty_store, "closed_unjustified", recorded_at=NOON, **given)
    found = need(empty_store, "tree_inventory")
    assert found["status"] == status
    assert ("compte comme non évaluée" in found["reason"]) == (status == "not_evaluated")


def test_saying_whom_to_ask_says_nothing_of_the_data(empty_store):
    empty_store.log(fetch())
    before = assess(empty_store, CAHORS, DAY)
    declare(empty_store, None, dataset=CENSUS, existence="unknown", holder="Service des études")
    after = assess(empty_store, CAHORS, DAY)
    assert after.evidence[CENSUS].holder == "Service des études"
    assert after.evidence[CENSUS].status == "open"
    for was, now in zip(before.experiments, after.experiments, strict=True):
        assert (was.verdict, was.expected, was.usable) == (now.verdict, now.expected, now.usable)


def test_not_concerned_is_out_of_everything(empty_store):
    declare(empty_store, "not_concerned", reason="Aucun arbre sur le domaine public.")
    found = need(empty_store, "tree_inventory")
    assert (found["usable"], found["openness"], found["fulfilment"]) == (None, None, "out")
    assert assess(empty_store, CAHORS, DAY).counts["not_concerned"] == 1


def test_a_declaration_in_another_town_says_nothing_here(empty_store):
    declare(empty_store, "open", town="84007")
    assert need(empty_store, "tree_inventory")["provenance"] == "assumed"


# --- verdicts and actions ------------------------------------------------------------------------


def experiment(store, name, town=CAHORS):
    return next(one for one in assess(store, town, DAY).experiments if one.id == name)


def test_declaring_the_indispensable_data_turns_the_verdict(empty_store):
    declare(empty_store, "open", dataset="admin_boundaries")
    declare(empty_store, "candidate")
    found = experiment(empty_store, "tree_heritage")
    assert (found.verdict, found.blocking) == ("blocked", ("tree_inventory",))
    declare(empty_store, "open", recorded_at=datetime(2026, 11, 22, tzinfo=UTC))
    found = experiment(empty_store, "tree_heritage")
    assert (found.verdict, found.expected, found.blocking) == ("ready", "degraded", ())
    assert set(found.to_confirm) >= {"tree_health", "planting_projects"}


def test_the_gain_of_an_action_is_what_scoring_again_gives(empty_store):
    declare(empty_store, "open", dataset="admin_boundaries")
    declare(empty_store, "candidate")
    before = experiment(empty_store, "tree_heritage")
    action = next(made for made in before.actions if made.dataset == "tree_inventory")
    assert action.unlocks == ("tree_heritage",) and action.effort == "M"
    total = sum({"indispensable": 3, "useful": 2}[made.criticality] for made in before.needs)
    # By hand: the low bound moves from the candidate's 13.75 (it exists: a quarter of its band) to
    # 100; the high bound leaves its cap of 59 for a mean where every other need is at its best.
    high = 100 - before.usable.high
    assert action.gain.high == pytest.approx(high)
    assert action.gain.low == pytest.approx(3 * (100 - 13.75) / total, abs=0.1)


def test_actions_are_ordered_by_gain_then_unlocks_then_effort(embedded_store):
    for one in assess(embedded_store, CAHORS, DAY).experiments:
        keys = [
            (-made.gain.high, -made.gain.low, -len(made.unlocks), "SML".index(made.effort))
            for made in one.actions
        ]
        assert keys == sorted(keys)


def test_a_settled_need_asks_for_nothing(empty_store):
    declare(empty_store, "not_concerned", reason="Sans objet ici.")
    found = experiment(empty_store, "tree_heritage")
    assert "tree_inventory" not in {made.dataset for made in found.actions}


# --- the fictional town, whose sheet says every status -------------------------------------------


FATES = (("unmet", "blocked"), ("unknown", "unknown"))  # of an indispensable need, worst first


def sheet():
    path = REFERENCE / "fictional" / "castelvoire.yml"
    if not path.exists():
        pytest.skip("fiche de Castelvoire absente")
    return {row["dataset"]: row for row in read_yaml(path.read_text(), path.name)["statuses"]}


def read_in_the_sheet(row):
    """met, partly, unmet or unknown as the sheet alone says it."""
    if row["existence"] == "not_produced":
        return "unmet"
    if row["provenance"] == "assumed" or row["status"] == "not_evaluated":
        return "unknown"
    if row["status"] == "open":
        return "partly" if row["existence"] == "partial" else "met"
    fates = {"other": "partly", "not_concerned": "met"}
    if row["status"] == "closed_justified" and row.get("substitute"):
        return "partly"
    return fates.get(row["status"], "unmet")


@pytest.mark.parametrize("name", list(catalog().experiments))
def test_castelvoire_has_the_verdict_that_its_sheet_calls_for(embedded_store, name):
    rows, musts, asked = sheet(), set(), set()
    for one in catalog().experiments[name].needs:
        fate = read_in_the_sheet(rows[one.dataset])
        musts |= {fate} if one.criticality == "indispensable" else set()
        asked |= {fate} if one.criticality != "comfort" else set()
    called = next((word for fate, word in FATES if fate in musts), None)
    called = called or ("degraded" if asked & {"partly", "unmet"} else "ready")
    assert experiment(embedded_store, name, territory("00001")).verdict == called


def test_castelvoire_agrees_with_the_table_of_its_documentation(embedded_store):
    path = REFERENCE.parent.parent / "docs" / "castelvoire.md"
    rows = re.findall(r"^\| (E\d\d) [^|]*\| (\w+) \| (\w+) \|", path.read_text(), re.MULTILINE)
    found = assess(embedded_store, territory("00001"), DAY).experiments
    codes = [(catalog().experiments[one.id].code, one.verdict, one.expected) for one in found]
    assert codes == rows


def test_castelvoire_shows_every_status_and_every_verdict(embedded_store):
    made = assess(embedded_store, territory("00001"), DAY)
    assert min(made.counts.values()) > 0
    assert {one.verdict for one in made.experiments} == {"ready", "degraded", "blocked", "unknown"}


# --- checks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("Licence Ouverte 2.0", True),
        ("lov2", True),
        ("fr-lo", True),
        ("odc-odbl", True),
        ("CC BY 4.0", True),
        ("cc-by-sa", True),
        ("cc-zero", True),
        ("CC BY-NC 4.0", False),
        ("Tous droits réservés", False),
        ("notspecified", None),
        (None, None),
        ("FICTIF", False),
    ],
)
def test_a_licence_is_open_closed_or_unsaid(licence, expected):
    assert checks.is_open_licence(licence) is expected


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        ("2026-11-20", 1),
        ("2025-11-21", 1),  # 365 days: within the period
        ("2024-11-21", pytest.approx(0.5, abs=0.01)),  # two periods
        ("2023-11-01", 0),
        ("2026", 1),  # a year is counted from its last day
        ("v411", NOT_TESTED),
        ("2026-13", NOT_TESTED),
        (None, NOT_TESTED),
    ],
)
def test_freshness_falls_to_zero_at_three_periods_and_is_never_guessed(dated, expected):
    assert checks.freshness(dated, 365, DAY) == expected
    assert checks.freshness(dated, None, DAY) == NOT_TESTED


def test_a_link_is_failed_only_when_every_one_was_tried():
    tried, failed, unknown = {"available": True}, {"available": False}, {"available": "unknown"}
    assert checks.link([failed, failed]) == 0
    assert checks.link([failed, unknown]) == checks.link([]) == NOT_TESTED
    assert checks.link([tried, failed, unknown]) == 0.5


def test_every_town_of_the_programme_has_an_assessment(embedded_store):
    for town in (*acv_towns()[::40], territory("200023737"), territory("dep:46")):
        made = assess(embedded_store, town, DAY)
        assert len(made.experiments) == len(catalog().experiments)
