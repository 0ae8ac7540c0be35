"""Grants: nothing leaves without a key, the key goes nowhere else and is written nowhere."""

from __future__ import annotations

import copy
import json
import logging
import re

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import aides
from connectors.fetching import FetchError, NotCovered, Unreachable
from connectors.runs.planning import Task
from connectors.runs.tasks import run
from data.catalog import catalog
from data.territories import territory
from tests.connectors import replay
from tests.connectors.conftest import INVENTED_KEY
from tests.connectors.servers import client

CARD = catalog().datasets["aids"]
EXAMPLE = replay.example("aids", "aides")
TOKEN, PLACES, FIRST, LAST = (made.content for made in EXAMPLE.exchanges)


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_AIDES", httpserver.url_for(""))
    return httpserver


@pytest.fixture
def ask(server):
    """The source with one of its answers changed; nothing is asked of it twice."""

    def answered(token=TOKEN, places=PLACES, first=FIRST, last=LAST):
        answers = {"/api/connexion/": token, "/api/perimeters/": places, "1": first, "2": last}

        def answer(request: Request) -> Response:
            made = answers[request.args.get("page", request.path)]
            if isinstance(made, Response):
                return made
            return Response(json.dumps(made), content_type="application/json")

        server.expect_request(re.compile("/api/.*")).respond_with_handler(answer)
        return aides.fetch(CARD, territory("46042"), client())

    return answered


def test_the_key_buys_a_token_that_reads_every_page(ask, server):
    got = ask()
    assert len(got.rows) == 3 and got.requests == 4
    login, *others = [entry[0] for entry in server.log]
    assert login.headers["X-AUTH-TOKEN"] == INVENTED_KEY and login.method == "POST"
    assert {made.headers["Authorization"] for made in others} == {"Bearer fictif.jeton.du-jour"}
    assert not [made for made in others if "X-AUTH-TOKEN" in made.headers]
    assert others[1].args["perimeter"] == "1001-cahors"
    assert "contact" not in got.rows.to_csv() and "FICTIF</p>" not in got.rows.to_csv()


@pytest.mark.parametrize("given", [None, "", "  "])
def test_without_a_key_nothing_is_sent(server, monkeypatch, given):
    monkeypatch.delenv(aides.KEY) if given is None else monkeypatch.setenv(aides.KEY, given)
    with pytest.raises(NotCovered, match="Clé absente"):
        aides.fetch(CARD, territory("46042"), client())
    assert not server.log


@pytest.mark.parametrize(
    "given", ["a\nX-Autre: 1 2", "clé-accentuée-longue", "é" * 20, "x" * 501, "court"]
)
def test_a_key_that_no_header_can_bear_is_not_sent(server, monkeypatch, given):
    monkeypatch.setenv(aides.KEY, given)
    with pytest.raises(NotCovered, match="illisible") as caught:
        aides.fetch(CARD, territory("46042"), client())
    assert given not in str(caught.value) and not server.log


@pytest.mark.parametrize("step", ["token", "places", "first"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_follows_no_redirect(ask, server, status, step):
    server.expect_request("/ailleurs").respond_with_json(TOKEN)
    away = Response(status=status, headers={"Location": server.url_for("/ailleurs")})
    with pytest.raises(FetchError, match="qui porte une clé"):
        ask(**{step: away})
    assert "/ailleurs" not in [entry[0].path for entry in server.log]


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_neither_key_nor_token_is_in_a_message_even_when_the_server_repeats_it(
    server, empty_store, status, caplog
):
    caplog.set_level(logging.DEBUG)
    body = f'{{"message": "refus {INVENTED_KEY} fictif.jeton.du-jour"}}'
    server.expect_request("/api/connexion/").respond_with_data(body, status, content_type="x/json")
    line = run(empty_store, Task(CARD, CARD.sources[0], territory("46042")), client())
    assert line.status == "failed" and str(status) in line.detail
    with pytest.raises((FetchError, Unreachable)) as caught:
        aides.fetch(CARD, territory("46042"), client())
    written = f"{line} {caught.value!r} {caplog.text}"
    assert INVENTED_KEY not in written and "jeton.du-jour" not in written


def test_a_not_modified_answer_to_a_keyed_request_is_a_failure(ask):
    with pytest.raises(FetchError, match="304"):
        ask(first=Response(status=304))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": {}}, "sans jeton"),
        ({"token": {"token": "a b\r\nX: y z"}}, "sans jeton"),
        ({"token": []}, "sans jeton"),
        (
            {"places": PLACES | {"results": PLACES["results"][1:]}},
            "périmètre pour la commune 46042",
        ),
        (
            {"places": PLACES | {"results": [PLACES["results"][0], {"id": 7, "code": "46042"}]}},
            "2 pér",
        ),
        ({"places": PLACES | {"results": [{"id": "../x", "code": "46042"}]}}, "périmètre"),
        ({"places": {"count": 0}}, "results"),
        ({"first": FIRST | {"count": None}}, "count"),
        ({"first": FIRST | {"count": 40}}, "3 lignes reçues"),
        ({"last": FIRST}, "répète une page"),
        ({"first": FIRST | {"results": ["x"]}}, "results"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_in_words(ask, changes, said):
    if "first" in changes and changes["first"].get("count") == 40:
        changes["last"] = LAST | {"count": 40}
    with pytest.raises(FetchError, match=said) as caught:
        ask(**changes)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"submission_deadline": "bientôt"}, "date limite"),
        ({"url": "https://ailleurs.invalid/x"}, "hors du site"),
        ({"url": "//ailleurs.invalid/x"}, "hors du site"),
        ({"url": None}, "lisible"),
        ({"name": 7}, "lisible"),
    ],
)
def test_a_grant_that_cannot_be_shown_is_refused(ask, change, said):
    first = copy.deepcopy(FIRST)
    first["results"][0] |= change
    with pytest.raises(FetchError, match=said):
        ask(first=first)


def test_a_long_title_is_cut(ask):
    first = copy.deepcopy(FIRST)
    first["results"][0]["name"] = "<script>" + "A" * 10_000
    assert ask(first=first).rows["title"].str.len().max() == aides.MAX_TEXT


@pytest.mark.parametrize("code", ["200023737", "00001"])
def test_only_real_communes_are_asked(server, code):
    with pytest.raises(NotCovered):
        aides.fetch(CARD, territory(code), client())
    assert not server.log
