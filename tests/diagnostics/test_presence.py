"""Which absence holds, read in the fetch log alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog import catalog
from data.store import Fetch
from data.territories import territory
from diagnostics.presence import presence

START = datetime(2026, 9, 1, tzinfo=UTC)
CENSUS = catalog().datasets["iris_population"]
CLIMATE = catalog().datasets["climate_projections"]
CAHORS, MAMOUDZOU = territory("46042"), territory("97608")


def attempt(status="ok", scope="FR", day=0, dataset="iris_population", **more):
    made = {
        "dataset": dataset,
        "territory": scope,
        "level": "commune",
        "status": status,
        "rows": 0,
        "seconds": 0.0,
        "requests": 0,
        "url": "",
        "vintage": None,
        "fetched_at": START + timedelta(days=day),
        "detail": None,
        "connector": "embedded",
        "source": "essai",
        "licence": "essai",
    }
    return Fetch(**{**made, **more})


def read(*attempts, dataset=CENSUS, place=CAHORS):
    return presence({dataset.id: list(attempts)}, dataset, place)


def test_an_empty_log_means_never_fetched():
    found = presence({}, CENSUS, CAHORS)
    assert (found.state, found.good, found.last) == ("not_fetched", None, None)


def test_a_national_fetch_serves_a_commune():
    made = attempt("ok")
    assert read(made).state == "fetched"
    assert read(made).good == made


def test_an_answer_without_rows_is_an_answer():
    assert read(attempt("empty")).state == "fetched"


def test_a_national_fetch_does_not_serve_a_departement_its_source_leaves_out():
    assert read(attempt("ok"), place=MAMOUDZOU).state == "not_covered"
    assert read(attempt("ok"), place=territory("dep:976")).state == "not_covered"


def test_a_card_whose_every_source_leaves_a_place_out_says_so_before_any_fetch():
    assert presence({}, CENSUS, MAMOUDZOU).state == "not_covered"
    assert presence({}, CENSUS, CAHORS).state == "not_fetched"


def test_a_fetch_made_for_the_commune_itself_lifts_the_exclusion():
    assert read(attempt("ok", scope="97608"), place=MAMOUDZOU).state == "fetched"


@pytest.mark.parametrize(
    ("status", "state"),
    [("failed", "source_failed"), ("offline", "offline"), ("not_covered", "not_covered")],
)
def test_without_a_good_copy_the_last_attempt_decides(status, state):
    found = read(attempt("failed", day=1), attempt(status, day=2))
    assert (found.state, found.good) == (state, None)
    assert found.last.status == status


@pytest.mark.parametrize("status", ["failed", "offline", "not_covered"])
def test_a_failure_after_a_good_copy_keeps_it_and_is_known(status):
    good, bad = attempt("ok", day=1), attempt(status, day=2)
    found = read(bad, good)
    assert (found.state, found.good) == ("fetched", good)
    assert found.failed_since == bad


def test_a_good_copy_after_a_failure_forgets_it():
    found = read(attempt("failed", day=1), attempt("ok", day=2))
    assert (found.state, found.failed_since) == ("fetched", None)


def test_a_good_copy_of_a_neighbour_serves_no_one_else():
    made = attempt("ok", scope="84007", dataset=CLIMATE.id)
    assert read(made, dataset=CLIMATE).state == "not_fetched"


@pytest.mark.parametrize("scope", ["200023737", "dep:46", "reg:76"])
def test_a_fetch_at_a_wider_scope_serves_the_commune_at_that_level(scope):
    level = territory(scope).level
    found = read(attempt("ok", scope=scope, level=level))
    assert (found.state, found.good.level) == ("fetched", level)


def test_a_national_fetch_says_nothing_of_the_fictional_town():
    assert read(attempt("ok"), place=territory("00001")).state == "not_fetched"


STATUSES = st.sampled_from(["ok", "empty", "not_covered", "failed", "offline"])


@given(st.lists(STATUSES, max_size=6), st.randoms(use_true_random=False))
def test_whatever_the_history_a_good_copy_is_never_lost_and_never_invented(history, chance):
    attempts = [attempt(status, day=day) for day, status in enumerate(history)]
    good = [made for made in attempts if made.status in ("ok", "empty")]
    chance.shuffle(attempts)
    found = read(*attempts)
    assert (found.state == "fetched") == bool(good)
    assert found.good == (good[-1] if good else None)
    assert (found.last is None) == (not attempts)


def test_the_town_s_own_copy_serves_before_a_newer_one_of_its_epci():
    own, above = attempt(scope="46042", day=0), attempt(scope="200023737", day=1)
    assert read(own, above).good == own
    assert read(above).good == above


def test_a_newer_national_copy_serves_before_an_older_one_of_the_town():
    own, national = attempt(scope="46042", day=0), attempt(scope="FR", day=1)
    assert read(own, national).good == national


def test_a_failure_for_its_epci_takes_nothing_from_a_town():
    """Both are asked in one run; what the town's own rows say is not a copy of before."""
    own = attempt("ok", "46042", 1)
    after = attempt("failed", CAHORS.epci, 2)
    assert read(own, after).failed_since is None
    mine = attempt("failed", "46042", 3)
    assert read(own, after, mine).failed_since == mine
    assert read(mine, attempt("not_covered", CAHORS.epci, 4)).state == "source_failed"
    upper = attempt("ok", CAHORS.epci, 1, level="epci")
    assert read(upper, after).failed_since == after, "la copie qui sert est celle de l'EPCI"


def test_a_source_that_failed_is_told_without_the_address_that_was_asked():
    """It is long, says nothing to an élu, and made a screen wider than itself."""
    from diagnostics.indicators.value import worst

    asked = "https://x.example/a?code=" + "46042%2C" * 200 + " : réponse 404 (introuvable)"
    found = worst({CENSUS.id: read(attempt("failed", detail=asked))})
    assert found is not None
    assert "https://" not in found[1] and "réponse 404 (introuvable)" in found[1]
