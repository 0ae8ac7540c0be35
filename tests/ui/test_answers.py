"""The read-only API, and the shell around every answer."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.test_fetching import LINE
from ui import answers, frame, shell

KEYS = {"code", "name", "level", "departement", "population", "acv", "fictional"}


def test_the_search_answers_in_the_documented_shape():
    body, code = answers.search("Cahors")
    assert code == 200
    assert body["query"] == "Cahors"
    assert all(set(found) == KEYS for found in body["territories"])
    assert body["territories"][0]["code"] == "46042"
    assert json.dumps(body)


@pytest.mark.parametrize("query", ["", "   ", "x" * 101])
def test_a_bad_query_is_refused_in_french(query):
    body, code = answers.search(query)
    assert code == 400
    assert set(body) == {"error"}


def test_health_speaks_before_the_store_is_open(monkeypatch):
    monkeypatch.setattr(frame, "HELD", [])
    body = answers.health()
    assert body == {"status": "ok", "store": {"kind": "file", "ready": False}, "sources": []}


def test_health_tells_which_source_fails_and_since_when(monkeypatch, empty_store):
    monkeypatch.setattr(frame, "HELD", [empty_store])
    empty_store.log(replace(LINE, status="ok"))
    assert answers.health()["status"] == "ok"
    empty_store.log(LINE)
    body = answers.health()
    assert body["status"] == "degraded"
    source = body["sources"][0]
    assert (source["id"], source["state"]) == ("gaspar", "failed")
    assert source["last_success"]
    assert source["last_failure"]


def test_a_forbidden_network_is_not_a_failing_source(monkeypatch, empty_store):
    monkeypatch.setattr(frame, "HELD", [empty_store])
    empty_store.log(replace(LINE, status="offline"))
    assert answers.health()["status"] == "ok"


def finished(coroutine):
    """Its result, from a thread of its own: a browser leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


async def asked(application, path, accept=b"text/html"):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept", accept)]}
    await application(scope, receive, send)
    return sent


def served(body: bytes, kind: bytes, parts: int = 3):
    async def application(scope, receive, send):
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        step = len(body) // parts + 1
        for start in range(0, len(body), step):
            more = start + step < len(body)
            piece = body[start : start + step]
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    return application


def test_the_shell_is_rewritten_even_when_it_comes_in_pieces():
    body = b'<html lang="en"><title>Streamlit</title></html>'
    wrapped = shell.SecurityHeaders(shell.FrenchShell(served(body, b"text/html; charset=utf-8")))
    start, *rest = finished(asked(wrapped, "/"))
    text = b"".join(part["body"] for part in rest).decode()
    assert text == '<html lang="fr"><title>Cœur de Données</title></html>'
    headers = dict(start["headers"])
    assert headers[b"content-length"] == str(len(text.encode())).encode()
    assert b"content-security-policy" in headers


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/sante", b"text/html"), ("/", b"application/json")]
)
def test_other_answers_pass_untouched(path, kind):
    body = b'<html lang="en"></html>'
    sent = finished(asked(shell.FrenchShell(served(body, kind)), path))
    assert b"".join(part.get("body", b"") for part in sent) == body


def test_the_installed_streamlit_shell_still_holds_what_is_rewritten():
    import streamlit

    page = Path(streamlit.__file__).parent / "static/index.html"
    body = shell.french(page.read_bytes())
    assert b'<html lang="fr"' in body
    assert shell.TITLE.encode() in body
    assert b"<script>" not in body  # no inline script: the policy forbids them
    assert b"SourceSans" not in body
    assert shell.NO_SCRIPT.encode() in body


def test_each_source_says_its_state_in_words_those_that_fail_first(monkeypatch, empty_store):
    monkeypatch.setattr(frame, "HELD", [empty_store])
    empty_store.log(LINE)
    sources = answers.health()["sources"]
    assert sources[0]["words"].startswith("En échec depuis le 21\u00a0novembre\u00a02026")
    states = {made["id"]: made["state"] for made in sources[0]["datasets"]}
    assert states["catnat_orders"] == "failed"
    assert states["risk_records"] == "never"
    assert {made["state"] for made in sources[1:]} == {"never"}
    assert json.dumps(sources)
