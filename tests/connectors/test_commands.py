"""`python -m connectors`: shapes, exit codes, one JSON document on stdout and nothing else."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from connectors.__main__ import main
from connectors.runs import announcing, planning, tasks
from connectors.runs.announcing import Announcement, TooManyRequests
from data.store import Store
from data.territories import acv_towns
from tests.connectors.replay import example

RUN = {"dataset", "territory", "level", "status", "rows", "seconds", "requests", "url", "vintage"}
RUN |= {"fetched_at", "detail", "bytes"}


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def command(capsys, monkeypatch):
    """Run a command in this process: its exit code and what it wrote."""
    monkeypatch.setenv("ACV_OFFLINE", "1")

    def run(*args: str) -> Done:
        try:
            code = main(args)
        except SystemExit as end:
            code = int(str(end.code))
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def ready(store):
    """ACV_STORE names a file that holds the embedded default, held by no one."""
    store.close()


def test_list_says_what_each_connector_brings(command):
    done = command("list", "--json")
    rows = json.loads(done.stdout)["connectors"]
    assert done.returncode == 0
    assert {"embedded", "catalogue_search", "gaspar", "geo"} <= {row["id"] for row in rows}
    for row in rows:
        keys = {"id", "endpoint", "embedded", "datasets", "level", "licence", "bulk", "coverage"}
        assert keys <= set(row)
        assert row["embedded"] == (row["endpoint"] is None), row["id"]
        assert row["endpoint"] in (*row["endpoints"].values(), None)


def test_config_shows_the_overrides(command, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://127.0.0.1:9")
    done = command("config", "--json")
    document = json.loads(done.stdout)
    assert set(document) >= {"store", "offline", "endpoints", "environment"}
    assert document["offline"] is True
    assert document["endpoints"]["GEO"] == "http://127.0.0.1:9"
    assert "ACV_ENDPOINT_GEO" in document["environment"]


def test_a_refresh_with_the_network_forbidden_says_so_and_ends_with_1(command, ready):
    done = command("refresh", "46042", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert all(set(run) >= RUN for run in document["runs"])
    assert set(document["plan"]) == {"requests", "hosts", "files_mb"}
    assert document["plan"]["requests"] == sum(document["plan"]["hosts"].values()) > 0
    assert f"{document['plan']['requests']} demandes prévues" in done.stderr
    statuses = [run["status"] for run in document["runs"]]
    assert set(statuses) - {"not_covered"} == {"offline"}
    assert document["summary"]["offline"] == statuses.count("offline")
    assert set(document["summary"]) >= {
        "ok",
        "empty",
        "not_covered",
        "failed",
        "offline",
        "kept_last_good",
    }


def test_the_journal_of_a_town_shows_what_serves_it(command, ready):
    done = command("journal", "46042", "--json")
    runs = json.loads(done.stdout)["runs"]
    assert done.returncode == 0
    assert {"climate_projections", "iris_population"} <= {run["dataset"] for run in runs}
    assert {run["territory"] for run in runs} <= {"46042", "200023737", "dep:46", "reg:76", "FR"}


@pytest.mark.server
def test_an_empty_store_first_loads_the_embedded_default(tmp_path):
    done = process("journal", "--json", ACV_STORE=str(tmp_path / "new.duckdb"))
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["runs"]) > 50


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("nope",),
        ("refresh",),
        ("refresh", "99999"),
        ("refresh", "46042", "--dataset", "nope"),
        ("refresh", "46042", "--accept-drop"),
        ("refresh", "46042", "--since-days", "x"),
        ("refresh", "46042", "--since-days", "-3"),
        ("refresh", "46042", "--since-days", "99999999999"),
        ("journal", "zz"),
        ("discover",),
        ("discover", "99999"),
    ],
)
def test_wrong_use_ends_with_2_one_sentence_and_an_empty_stdout(command, args):
    done = command(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_discover_offline_says_so(command, ready):
    done = command("discover", "46042", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["territory"], document["sources"]) == ("46042", [])
    assert document["runs"][0]["status"] == "offline"
    assert set(document["runs"][0]) >= RUN - {"bytes"}


def test_nothing_is_sought_for_a_fictional_town(command, ready):
    done = command("discover", "00001", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["sources"] == []
    assert document["runs"][0]["status"] == "not_covered"


def process(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The same as a real process, as a script outside this repository would call it."""
    return subprocess.run(
        [sys.executable, "-m", "connectors", *args],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "ACV_OFFLINE": "1", **env},
    )


@pytest.mark.server
def test_a_command_that_writes_names_the_running_application(store):
    done = process("refresh", "46042")
    assert done.returncode == 1
    assert "Sources et méthode" in done.stderr
    store.keep_copy()
    assert process("journal", "46042", "--json").returncode == 0


def test_a_fictional_town_has_no_real_source(command, ready):
    done = command("refresh", "00001", "--json")
    assert done.returncode == 0
    assert {run["status"] for run in json.loads(done.stdout)["runs"]} == {"not_covered"}


# --- the plan, the refusal, the resumption, the stop ---------------------------------------------

SOME = ("--dataset", "admin_boundaries", "--dataset", "catnat_orders")


def test_the_plan_of_the_whole_programme_stays_within_its_budget():
    planned = planning.budget(planning.plan(acv_towns()))
    assert planned.total <= planning.MAX_REQUESTS, planned.sentence()


def test_a_plan_beyond_the_limit_is_refused_before_anything_is_asked(command, ready, monkeypatch):
    monkeypatch.setattr(announcing, "MAX_REQUESTS", 0)
    done = command("refresh", "46042", *SOME, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--force" in done.stderr
    assert not [run for run in lines() if run.status == "offline"], "rien n'est inscrit"
    forced = command("refresh", "46042", *SOME, "--force", "--json")
    assert forced.returncode == 1
    assert {run["status"] for run in json.loads(forced.stdout)["runs"]} == {"offline"}


def lines():
    store = Store.open()
    try:
        return store.fetches()
    finally:
        store.close()


def test_a_resumed_run_says_when_it_had_begun():
    said = []
    told = Announcement(said.append)
    told([], datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    assert said[0].startswith("Reprise de la récupération commencée le 20/11/2026 à ")
    with pytest.raises(TooManyRequests, match="au plus 600 demandes"):
        told.force = False
        told([task for task in planning.plan(acv_towns()) for _ in range(40)], None)


def test_a_programme_run_stopped_on_its_way_goes_on_and_says_so(command, ready, monkeypatch):
    perform, left = tasks.Run.perform, iter([False] * 1 + [True])

    def stopped(self, task):
        if next(left, False):
            raise KeyboardInterrupt
        return perform(self, task)

    monkeypatch.setattr(tasks.Run, "perform", stopped)
    first = command("refresh", "--acv", *SOME)
    assert first.returncode == 130
    assert "Reprise" not in first.stderr
    assert first.stderr.strip().splitlines()[-1].startswith("Arrêté : ce qui a été récupéré")
    second = command("refresh", "--acv", *SOME)
    assert "Reprise de la récupération commencée le 21/11/2026" in second.stderr
    third = command("refresh", "--acv", *SOME)
    assert "Reprise" not in third.stderr, "la récupération était finie"


def test_accepting_a_drop_reaches_the_run(command, ready, monkeypatch):
    seen = []

    def watched(*given, **options):
        seen.append(options["accept_fall"])
        return tasks.refresh(*given, **options)

    monkeypatch.setattr("connectors.__main__.refresh", watched)
    command("refresh", "46042", "--dataset", "catnat_orders", "--accept-drop")
    command("refresh", "46042", "--dataset", "catnat_orders")
    assert seen == [True, False]


@pytest.fixture
def answering(httpserver: HTTPServer) -> dict[str, str]:
    """geo.api.gouv.fr that answers and georisques that lost its file, both on loopback."""
    contour = example("admin_boundaries", "geo").exchanges[0]
    httpserver.expect_request(contour.path).respond_with_json(contour.content)
    httpserver.expect_request("/GASPAR/gaspar.zip").respond_with_data("", status=404)
    origin = httpserver.url_for("").rstrip("/")
    online = {"ACV_OFFLINE": "", "ACV_ENDPOINT_GEO": origin, "ACV_ENDPOINT_GASPAR": origin}
    return online


@pytest.mark.server
def test_with_its_addresses_on_loopback_the_real_command_works(ready, answering):
    done = process("refresh", "46042", *SOME, "--json", **answering)
    document = json.loads(done.stdout)
    assert done.returncode == 1
    runs = {run["dataset"]: run for run in document["runs"]}
    assert (runs["admin_boundaries"]["status"], runs["admin_boundaries"]["rows"]) == ("ok", 1)
    assert runs["admin_boundaries"]["bytes"] > 100
    assert runs["catnat_orders"]["status"] == "failed"
    assert list(document["plan"]["hosts"].values()) == [1]
    assert document["plan"]["files_mb"] == 8
    journal = json.loads(process("journal", "46042", "--json", **answering).stdout)["runs"]
    assert {run["dataset"] for run in journal[:2]} == set(runs)
    connectors = json.loads(process("list", "--json", **answering).stdout)["connectors"]
    origin = {row["id"]: row["endpoint"] for row in connectors}
    assert origin["geo"] == origin["gaspar"] == answering["ACV_ENDPOINT_GEO"]


@pytest.mark.server
def test_a_stop_at_the_keyboard_ends_with_130_and_keeps_what_came(ready, httpserver, answering):
    asked, release = threading.Event(), threading.Event()

    def slowly(_request):
        asked.set()
        release.wait(20)
        return Response(status=404)

    httpserver.clear()
    contour = example("admin_boundaries", "geo").exchanges[0]
    httpserver.expect_request(contour.path).respond_with_json(contour.content)
    httpserver.expect_request("/GASPAR/gaspar.zip").respond_with_handler(slowly)
    command = [sys.executable, "-m", "connectors", "refresh", "46042", *SOME, "--json"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **answering},
    ) as running:
        try:
            assert asked.wait(60)
            running.send_signal(signal.SIGINT)
            said, errors = running.communicate(timeout=30)
        finally:
            release.set()
            running.kill()
    assert (running.returncode, said) == (130, "")
    assert "Traceback" not in errors
    assert errors.strip().splitlines()[-1] == "Arrêté : ce qui a été récupéré est gardé."
    kept = [run for run in lines() if run.connector in ("geo", "gaspar")]
    assert [(run.dataset, run.status) for run in kept] == [("admin_boundaries", "ok")]
