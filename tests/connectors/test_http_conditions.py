"""Not moving twice what did not change, not believing what was cut, asking with a content."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.fetching import FetchError, Unchanged, Unreachable, Validator
from tests.connectors.servers import RawServer, Time, client, reply

BODY = b'{"a": 1}' + b" " * 5000


@pytest.fixture
def point(monkeypatch):
    def to(url: str) -> None:
        monkeypatch.setenv("ACV_ENDPOINT_GEO", url)

    return to


def conditional(httpserver: HTTPServer, body: bytes = BODY, kind: str = "application/json") -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return Response(status=304)
        return Response(body, headers={"ETag": '"v1"'}, content_type=kind)

    httpserver.expect_request("/x").respond_with_handler(answer)


def test_an_answer_that_did_not_change_moves_no_body(httpserver, point):
    conditional(httpserver)
    point(httpserver.url_for("").rstrip("/"))
    get = client()
    get.begin()
    get.json("GEO", "/x")
    first, known = get.bytes, dict(get.seen)
    assert first >= len(BODY)
    get.begin(known)
    with pytest.raises(Unchanged):
        get.json("GEO", "/x")
    assert get.bytes == first


def test_of_several_answers_none_is_asked_conditionally(httpserver, point):
    conditional(httpserver)
    point(httpserver.url_for("").rstrip("/"))
    url = httpserver.url_for("/x")
    get = client()
    get.begin({url: Validator('"v1"'), f"{url}?page=2": Validator('"v1"')})
    assert get.json("GEO", "/x")[0] == {"a": 1}, "une page inchangée ferait un trou"


def test_a_304_that_nobody_asked_for_is_a_failure(point):
    with RawServer(lambda line, _: line.sendall(reply(b"", "304 Not Modified"))) as server:
        point(server.url)
        with pytest.raises(FetchError, match="réponse 304"):
            client().json("GEO", "/x")


def test_the_same_file_is_recognised_by_its_bytes(httpserver, point):
    body = b"a;b\n1;2\n"
    httpserver.expect_request("/f.csv").respond_with_data(body, content_type="text/csv")
    point(httpserver.url_for("").rstrip("/"))
    get = client()
    url = httpserver.url_for("/f.csv")
    known = {url: Validator(digest=hashlib.sha256(body).hexdigest(), file=True)}
    get.begin({**known, "http://x/liste": Validator(digest="l")})
    with pytest.raises(Unchanged):
        get.file("GEO", "/f.csv", ("csv",))
    get.begin({**known, "http://x/g.csv": Validator(digest="g", file=True)})
    assert get.file("GEO", "/f.csv", ("csv",)), "un autre fichier du même jeu a pu changer"
    get.begin({url: Validator(digest="autre", file=True)})
    assert get.file("GEO", "/f.csv", ("csv",)).read_bytes() == body
    assert get.requests == 1, "un fichier se télécharge une fois par passage"


def test_a_dataset_without_copy_gets_the_file_that_another_found_unchanged(httpserver, point):
    conditional(httpserver, b"a;b\n1;2\n", "text/csv")
    point(httpserver.url_for("").rstrip("/"))
    get = client()
    get.begin({httpserver.url_for("/x"): Validator('"v1"', digest="d", file=True)})
    with pytest.raises(Unchanged):
        get.file("GEO", "/x", ("csv",))
    get.begin()
    assert get.file("GEO", "/x", ("csv",)).read_bytes() == b"a;b\n1;2\n"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_compressed_answer_cut_short_is_refused_even_when_its_length_agrees(point, share):
    packed = gzip.compress(json.dumps(list(range(2000))).encode())
    answer = reply(packed[: int(len(packed) * share)], Content_Encoding="gzip")
    with RawServer(lambda line, _: line.sendall(answer)) as server:
        point(server.url)
        with pytest.raises(FetchError, match="compressée tronquée"):
            client().json("GEO", "/x")


def test_a_compressed_bomb_stops_at_the_limit(point):
    answer = reply(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")
    with RawServer(lambda line, _: line.sendall(answer)) as server:
        point(server.url)
        with pytest.raises(FetchError, match="plus de 100000 octets"):
            client(json_bytes=100_000).json("GEO", "/x")


def test_an_unknown_compression_is_refused(point):
    with RawServer(lambda line, _: line.sendall(reply(b"x", Content_Encoding="br"))) as server:
        point(server.url)
        with pytest.raises(FetchError, match="compression inattendue"):
            client().json("GEO", "/x")


def test_an_empty_answer_is_a_failure_unless_the_source_says_so(point):
    with RawServer(lambda line, _: line.sendall(reply(b"", kind=""))) as server:
        point(server.url)
        with pytest.raises(FetchError, match="réponse vide"):
            client().json("GEO", "/x")
        assert client().json("GEO", "/x", empty=True)[0] is None


def test_a_content_is_posted_and_its_redirect_not_followed(point):
    with RawServer(lambda line, _: line.sendall(reply(b"{}"))) as server:
        point(server.url)
        client().json("GEO", "/x", form={"data": "[out:json];é"})
        client().json("GEO", "/x", body={"geom": {"type": "Point"}})
        assert server.requests[0].startswith(b"POST /x")
        assert b"application/json" in server.requests[1]
    moved = reply(b"", "307 Temporary Redirect", Location="/y")
    with RawServer(lambda line, _: line.sendall(moved)) as server:
        point(server.url)
        with pytest.raises(FetchError, match="redirection d'une demande"):
            client().json("GEO", "/x", body={})


def test_overpass_is_left_thirty_seconds_after_too_many_requests(monkeypatch):
    at = Time()
    with RawServer(lambda line, _: line.sendall(reply(b"", "429 Too Many"))) as server:
        monkeypatch.setenv("ACV_ENDPOINT_OVERPASS", server.url)
        with pytest.raises(Unreachable):
            client(at, deadline=600).json("OVERPASS", "/api/interpreter", form={"data": "x"})
    assert at.sleeps == [30, 30, 30]


def test_a_portal_is_asked_at_its_own_address_and_a_private_one_is_refused(monkeypatch):
    with pytest.raises(FetchError, match="adresse privée refusée"):
        client().json("PORTALS", "http://192.168.1.10/api")
    with pytest.raises(FetchError, match="attendu, une adresse http"):
        client().json("PORTALS", "file:///etc/passwd")
    with RawServer(lambda line, _: line.sendall(reply(b"{}"))) as server:
        monkeypatch.setenv("ACV_ENDPOINT_PORTALS", server.url)
        assert client().json("PORTALS", "https://data.ville.fr/api?x=1", {"y": 2})[0] == {}
        assert server.requests[0].startswith(b"GET /api?x=1&y=2 ")


def test_a_text_in_another_encoding_or_a_page_for_people_is_refused(httpserver, point):
    point(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/xml").respond_with_data(
        "<?xml version='1.0'?><a/>", content_type="text/xml"
    )
    httpserver.expect_request("/latin").respond_with_data(b"\xe9t\xe9", content_type="text/plain")
    httpserver.expect_request("/page").respond_with_data(
        "<!doctype html>", content_type="text/plain"
    )
    assert client().text("GEO", "/xml")[0].endswith("<a/>")
    for path, said in (("/latin", "UTF-8"), ("/page", "page HTML")):
        with pytest.raises(FetchError, match=said):
            client().text("GEO", path)
