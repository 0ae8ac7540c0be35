"""Reading page after page: to the end, never beyond."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.fetching import FetchError
from connectors.reading.paging import pages
from tests.connectors.servers import client


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))
    return httpserver


def serve(site: HTTPServer, page_of) -> None:
    def handler(request: Request) -> Response:
        import json

        answer = page_of(int(request.args["page"]))
        if answer is None:
            return Response('{"message": "page trop loin"}', 404, content_type="application/json")
        return Response(json.dumps(answer), content_type="application/json")

    site.expect_request("/p").respond_with_handler(handler)


def read(**more):
    return pages(client(), "DATAGOUV", "/p", {"q": "x"}, **more)


def test_pages_are_read_to_the_last(site):
    serve(site, lambda n: {"data": [n], "total": 3, "next_page": "…" if n < 3 else None})
    assert read().rows == [1, 2, 3]


def test_endless_pages_stop_at_the_bound_and_say_so(site):
    serve(site, lambda n: {"data": [n], "next_page": "toujours"})
    got = read(max_pages=1000)
    assert len(got.rows) == 200 and got.why == "lecture arrêtée à 200 pages"


def test_a_page_that_repeats_itself_stops_the_reading(site):
    serve(site, lambda n: {"data": [min(n, 2)], "next_page": "toujours"})
    got = read()
    assert got.rows == [1, 2] and "la page 3 répète" in (got.why or "")


def test_a_404_past_the_end_is_the_end(site):
    serve(site, lambda n: {"data": [n], "next_page": "…"} if n < 3 else None)
    assert read() == read() and read().rows == [1, 2] and read().why is None


def test_a_404_on_the_first_page_is_a_failure(site):
    serve(site, lambda n: None)
    with pytest.raises(FetchError, match="404"):
        read()


@pytest.mark.parametrize("answer", [{"results": []}, [], {"data": {}}, {"data": None}])
def test_an_answer_without_its_list_is_a_failure_not_an_empty_list(site, answer):
    serve(site, lambda n: answer)
    with pytest.raises(FetchError, match="sans la liste « data »"):
        read()
