"""Finding the file of a data.gouv.fr dataset: the newest that matches, or why there is none."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from connectors.fetching import FetchError
from connectors.tables.resources import resolve
from tests.connectors.servers import client

DATASET = "0" * 23 + "a"
PATH = f"/api/1/datasets/{DATASET}/"


def made(number, title="communes.csv", day="2026-06-25", **others):
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}", "type": "main", "title": title,
        "url": f"https://exemple.invalid/{number}.csv", "format": "csv",
        "last_modified": f"{day}T10:00:00+00:00", **others,
    }  # fmt: skip


@pytest.fixture
def ask(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))

    def asked(resources, pattern="communes", form="csv", /, **others):
        document = {"id": DATASET, "resources": resources, "archived": None} | others
        httpserver.expect_request(PATH).respond_with_json(document)
        return resolve(client(), DATASET, pattern, form)

    return asked


def test_the_newest_main_file_that_matches_is_taken(ask):
    found = ask([
        made(1, day="2025-06-25"), made(2), made(3, title="EPCI", day="2026-07-01"),
        made(4, type="documentation", day="2026-08-01"), made(5, day="2026-08-01", format="pdf",
        url="https://exemple.invalid/communes.pdf"),
    ])  # fmt: skip
    assert found.id.endswith("2") and found.day == "2026-06-25" and found.note is None
    assert found.path == f"/api/1/datasets/r/{found.id}"


def test_the_address_may_match_when_the_title_says_nothing(ask):
    url = "https://exemple.invalid/lovac-communes26.csv"
    assert ask([made(1, title="Données", url=url)], r"communes\d*\.csv").url == url


def test_what_was_looked_for_and_what_was_there_are_said(ask):
    with pytest.raises(FetchError) as error:
        ask([made(number, title=f"fichier {number}") for number in range(12)], "introuvable")
    said = str(error.value)
    assert "introuvable" in said and "fichier 0" in said and "et 4 autres" in said


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "../../etc/passwd"}, {"id": None}, {"title": 3}, {"url": None},
        {"last_modified": None}, {"last_modified": "hier"}, {"type": "update"},
    ],
)  # fmt: skip
def test_an_entry_that_is_no_file_is_passed_over(ask, broken):
    with pytest.raises(FetchError, match="aucun fichier csv"):
        ask([made(1) | broken, "texte", None])


def test_an_archived_dataset_is_read_and_said(ask):
    assert "archivé par son producteur le 2026-02-01" in str(
        ask([made(1)], archived="2026-02-01T00:00:00").note
    )


def test_a_dataset_marked_deleted_is_refused(ask):
    with pytest.raises(FetchError, match="retiré par son producteur le 2026-03-04"):
        ask([made(1)], deleted="2026-03-04T00:00:00")


@pytest.mark.parametrize("others", [{"id": "autre"}, {"resources": {}}, {"resources": None}])
def test_another_answer_is_refused(ask, others):
    with pytest.raises(FetchError):
        ask([made(1)], **others)


def test_a_dataset_gone_is_said_with_its_status(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    httpserver.expect_request(PATH).respond_with_json({"message": "gone"}, status=410)
    with pytest.raises(FetchError, match="retiré par son producteur") as error:
        resolve(client(), DATASET, "communes")
    assert error.value.status == 410


def test_a_dataset_is_asked_once_per_run(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    document = {"id": DATASET, "resources": [made(1), made(2, title="EPCI")]}
    httpserver.expect_request(PATH).respond_with_json(document)
    run = client()
    resolve(run, DATASET, "communes")
    resolve(run, DATASET, "epci")
    assert run.requests == 1
    resolve(client(), DATASET, "communes")
    assert len(httpserver.log) == 2
