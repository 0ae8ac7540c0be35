"""A dataset, a licence, a schema or a link that was there at the last run and is no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from connectors.catalogue.disappearance import MOST, noticed
from connectors.catalogue.published import frame
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import territory
from tests.connectors.datagouv import DataGouv
from tests.connectors.servers import client

CARD = catalog().datasets["published_datasets"]
CAHORS = territory("46042")
FILE = {"title": "a.csv", "url": "https://exemple.invalid/a.csv", "available": True}


def one(number=1, **changes):
    made = {
        "id": f"{number:024x}", "title": f"Jeu {number}", "url": f"https://exemple.invalid/{number}",
        "publisher": "Ville", "publisher_id": None, "level": "commune", "routes": ["organisation"],
        "licence": "lov2", "formats": ["csv"], "updated_at": None, "frequency": None,
        "schema": "scdl/equipements", "matched": [], "quality": {}, "quality_score": None,
        "resources": [FILE], "harvested_from": None, "quality_ours": {},
    }  # fmt: skip
    return {**made, **changes}


def gone(before, after, archived=()):
    return list(noticed(frame("46042", before), frame("46042", after, archived)))


def test_nothing_gone_is_nothing_noticed():
    assert gone([one()], [one(), one(2)]) == []
    assert gone([], [one()]) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"licence": None}, [("licence_gone", "Jeu 1", "lov2", "")]),
        ({"licence": "notspecified"}, [("licence_gone", "Jeu 1", "lov2", "notspecified")]),
        ({"licence": "odc-odbl"}, []),  # another licence is no disappearance
        ({"schema": None}, [("schema_gone", "Jeu 1", "scdl/equipements", "")]),
        ({"resources": [], "schema": None}, []),  # files not listed this time
        (
            {"resources": [{**FILE, "title": "b.csv", "url": "https://exemple.invalid/b.csv"}]},
            [("link_gone", "Jeu 1 — a.csv", FILE["url"], "")],
        ),
        ({"resources": [{**FILE, "url": "https://exemple.invalid/2026/a.csv"}]}, []),  # moved
        (
            {"resources": [{**FILE, "available": False, "http_status": 404}]},
            [("link_gone", "Jeu 1 — a.csv", FILE["url"], "ne répond plus (404)")],
        ),
        ({"resources": [{**FILE, "available": "unknown"}]}, []),
    ],
)
def test_what_a_dataset_lost_is_named(now, expected):
    assert gone([one()], [one(**now)]) == expected


def test_a_dataset_that_is_gone_is_said_once_and_why_where_it_is_known():
    was = one(2, routes=["text"])
    assert gone([one(), was], []) == [
        ("dataset_gone", "Jeu 1", "https://exemple.invalid/1", ""),
        (
            "dataset_gone",
            "Jeu 2",
            "https://exemple.invalid/2",
            "absent des réponses à la recherche par mots",
        ),
    ]
    assert gone([one()], [], [one()["id"]]) == [
        ("archived", "Jeu 1", "https://exemple.invalid/1", "archivé par son producteur")
    ]


def test_thousands_of_disappearances_are_counted():
    found = gone([one(number) for number in range(MOST + 7)], [])
    assert len(found) == MOST + 1
    assert found[-1] == ("dataset_gone", "et 7 autres disparitions", "", "")


def test_damaged_lists_of_a_copy_of_before_notice_nothing():
    before = frame("46042", [one()]).assign(resources="[{", routes="3", licence=None, schema=None)
    assert list(noticed(before, frame("46042", [one()]))) == []


# --- through a run and a store --------------------------------------------------------------


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> DataGouv:
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    return DataGouv(httpserver)


def ask(store):
    return Run(store, client()).perform(Task(CARD, CARD.sources[0], CAHORS))[0]


def found(store):
    return sorted((made.kind, made.before) for made in store.findings(["46042"]))


def test_a_run_that_fails_notices_nothing_and_the_next_says_what_went(site, empty_store):
    first = ask(empty_store)
    assert first.status == "ok" and found(empty_store) == []
    lost = site.dataset(1)
    lost["license"] = None
    file = lost["resources"][0]
    lost["resources"] = lost["resources"][1:]
    archived = site.dataset(3)
    archived["archived"] = "2026-11-20T00:00:00+00:00"
    kept = [made for made in site.datasets if made["id"] != f"{2:024x}"]
    site.server.clear()  # every address answers 500 from here on
    assert ask(empty_store).status == "failed"
    assert found(empty_store) == []
    again = DataGouv(site.server)
    again.datasets = kept
    done = ask(empty_store)
    assert done.status == "ok", done.detail
    assert found(empty_store) == [
        ("archived", "https://www.data.gouv.fr/datasets/jeu-3/"),
        ("dataset_gone", "https://www.data.gouv.fr/datasets/jeu-2/"),
        ("licence_gone", "lov2"),
        ("link_gone", file["url"]),
    ]
    (finding,) = empty_store.findings(["46042"])[:1]
    assert finding.previous_at == first.fetched_at and finding.found_at >= first.fetched_at


def test_rows_that_another_source_wrote_since_are_not_compared(site, empty_store):
    first = ask(empty_store)
    rows = empty_store.table(CARD.id, ["46042"])
    other = replace(
        first, connector="catalogue_bulk", fetched_at=first.fetched_at.replace(year=2027)
    )
    more = rows.assign(id=[f"{900 + at:024x}" for at in range(len(rows))])
    empty_store.save(CARD, other, more)
    ask(empty_store)
    assert found(empty_store) == []
