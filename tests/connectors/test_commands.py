"""`python -m connectors`: shapes, exit codes, one JSON document on stdout and nothing else."""

import json
import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from connectors.__main__ import main

RUN = {"dataset", "territory", "level", "status", "rows", "seconds", "requests", "url", "vintage"}
RUN |= {"fetched_at", "detail"}


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
    assert {run["status"] for run in document["runs"]} == {"offline"}
    assert document["summary"]["offline"] == len(document["runs"])
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
    assert set(document["runs"][0]) >= RUN


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
