"""The way out to the network, over real sockets: every fault gives a sentence, none hangs."""

from __future__ import annotations

import email.utils
import gzip
import io
import re
import time
import zipfile

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request

from connectors.fetching import FetchError, Offline
from connectors.network.addresses import is_public, shown, with_params
from connectors.network.http import PRODUCT, Http, Limits
from connectors.network.pace import Throttle
from tests.connectors.servers import RawServer, Time, client, drip, kill, reply

GOOD = reply(b'{"ok": true}')


@pytest.fixture
def point(monkeypatch):
    """Point a source at a server of ours."""

    def to(url: str, endpoint: str = "GEO") -> None:
        monkeypatch.setenv(f"ACV_ENDPOINT_{endpoint}", url)

    return to


@pytest.fixture
def geo(httpserver: HTTPServer, point) -> HTTPServer:
    point(httpserver.url_for(""))
    return httpserver


def failure(get: Http, path: str = "/x") -> str:
    with pytest.raises(FetchError) as caught:
        get.json("GEO", path)
    message = str(caught.value)
    assert re.match(r"https?://\S+ : \S", message), message
    return message


def raw(point, answer, **limits):
    server = RawServer(answer)
    point(server.url)
    return server, client(**limits)


# --- tries ---------------------------------------------------------------------------------------


def test_a_429_waits_as_long_as_the_server_asks_then_succeeds(geo):
    geo.expect_ordered_request("/x").respond_with_data("", 429, {"Retry-After": "7"})
    geo.expect_ordered_request("/x").respond_with_json({"ok": True})
    at = Time()
    get = client(at)
    assert get.json("GEO", "/x")[0] == {"ok": True}
    assert at.sleeps == [7] and get.requests == 2


def test_a_retry_after_given_as_a_date_is_understood(geo):
    at = Time()
    moment = email.utils.formatdate(at.at + 12, usegmt=True)
    geo.expect_ordered_request("/x").respond_with_data("", 503, {"Retry-After": moment})
    geo.expect_ordered_request("/x").respond_with_json([])
    assert client(at).json("GEO", "/x")[0] == []
    assert at.sleeps == [12]


def test_a_wait_longer_than_the_deadline_is_refused_at_once(geo):
    geo.expect_request("/x").respond_with_data("", 429, {"Retry-After": "3600"})
    at = Time()
    get = client(at)
    assert "429 (trop de demandes)" in failure(get) and get.requests == 1 and not at.sleeps


@pytest.mark.parametrize("given", ["bientôt", "-5", "1e9", ""])
def test_an_unreadable_retry_after_falls_back_on_our_own_waits(point, given):
    answers = [reply(b"", "503 Service Unavailable", Retry_After=given), GOOD]
    server, _ = raw(point, lambda connection, number: connection.sendall(answers[number - 1]))
    at = Time()
    with server:
        assert client(at).json("GEO", "/x")[0] == {"ok": True}
    assert at.sleeps == [1]


def test_a_500_is_tried_four_times_with_growing_waits(geo):
    geo.expect_request("/x").respond_with_data("panne", 500, content_type="text/plain")
    at = Time()
    get = client(at)
    message = failure(get)
    assert "réponse 500 (erreur du serveur) « panne » après 4 essais" in message
    assert get.requests == 4 and at.sleeps == [1, 2, 4]


def test_waits_carry_some_chance_so_that_clients_do_not_come_back_together(geo):
    geo.expect_request("/x").respond_with_data("", 502)
    at = Time()
    unlucky = at.clock.__class__(at.clock.monotonic, at.clock.now, at.sleep, lambda: 1.0)
    failure(Http(clock=unlucky, throttle=Throttle()))
    assert at.sleeps == [1.25, 2.5, 5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_refusal_is_never_tried_again(geo, status):
    geo.expect_request("/x").respond_with_data("non", status, content_type="text/plain")
    get = client()
    with pytest.raises(FetchError) as caught:
        get.json("GEO", "/x")
    assert caught.value.status == status and get.requests == 1
    assert f"réponse {status}" in str(caught.value) and "« non »" in str(caught.value)


def test_a_killed_connection_is_tried_again(point):
    server, get = raw(point, lambda line, number: kill(line) if number < 3 else line.sendall(GOOD))
    with server:
        assert get.json("GEO", "/x")[0] == {"ok": True}
    assert get.requests == 3


def test_a_connection_always_killed_ends_in_a_sentence(point):
    server, get = raw(point, lambda line, number: kill(line))
    with server:
        assert "connexion interrompue après 4 essais" in failure(get)


def test_a_closed_port_ends_in_a_sentence(point):
    with RawServer(lambda line, number: None) as server:
        pass
    point(server.url)
    assert "connexion refusée après 4 essais" in failure(client())


# --- time ----------------------------------------------------------------------------------------


def test_a_silent_server_is_left_after_the_read_timeout(point):
    server, get = raw(point, lambda line, number: time.sleep(3), read=0.1)
    started = time.monotonic()
    with server:
        assert "réponse trop lente après 4 essais" in failure(get)
    assert time.monotonic() - started < 2


def test_a_body_that_never_ends_is_cut_at_the_deadline(point):
    start = reply(b"", Content_Length="100000") + b"["
    server = RawServer(lambda line, number: drip(line, start))
    point(server.url)
    started = time.monotonic()
    with server:
        message = failure(Http(Limits(read=5, deadline=0.5)))
    assert "délai total dépassé" in message and time.monotonic() - started < 2


def test_headers_that_never_end_are_cut_at_the_deadline(point):
    server = RawServer(lambda line, number: drip(line, b"HTTP/1.1 200 OK\r\nX-Long: "))
    point(server.url)
    started = time.monotonic()
    with server:
        message = failure(Http(Limits(read=5, deadline=0.5)))
    assert "délai total dépassé" in message and time.monotonic() - started < 2


def test_a_body_shorter_than_announced_on_an_open_connection_does_not_hang(point):
    def answer(line, number):
        line.sendall(reply(b'{"ok"', Content_Length="500", Connection="keep-alive"))
        time.sleep(3)

    server, get = raw(point, answer, read=0.1)
    started = time.monotonic()
    with server:
        assert "réponse trop lente" in failure(get)
    assert time.monotonic() - started < 2


def test_tries_share_one_deadline(geo):
    geo.expect_request("/x").respond_with_data("", 503)
    at = Time()
    get = client(at, deadline=2.5)
    assert "au-delà du délai" in failure(get) and get.requests == 2


# --- bodies --------------------------------------------------------------------------------------


def test_a_page_with_status_200_is_a_failure_not_data(geo):
    geo.expect_request("/x").respond_with_data("<html>Maintenance</html>", content_type="text/html")
    get = client()
    assert "page HTML reçue à la place des données" in failure(get) and get.requests == 1


def test_a_page_that_says_it_is_json_is_unmasked(geo):
    geo.expect_request("/x").respond_with_data(
        "\ufeff <!doctype html>", content_type="application/json"
    )
    assert "page HTML ou XML reçue à la place de JSON" in failure(client())


def test_a_truncated_body_is_tried_again_then_named(point):
    server, get = raw(
        point, lambda line, number: line.sendall(reply(b'{"ok":', Content_Length="500"))
    )
    with server:
        assert "réponse tronquée après 4 essais" in failure(get)


def test_a_truncated_chunked_body_is_named(point):
    body = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    server, get = raw(point, lambda line, number: line.sendall(body + b"20\r\n[1,2,3"))
    with server:
        assert "réponse tronquée après 4 essais" in failure(get)


def test_a_json_cut_without_any_length_is_named(point):
    answer = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[1, 2"
    server, get = raw(point, lambda line, number: line.sendall(answer))
    with server:
        assert "JSON illisible ou tronqué (5 octets)" in failure(get)


def test_an_empty_body_is_a_failure_not_an_empty_list(geo):
    geo.expect_request("/x").respond_with_data(b"", content_type="application/json")
    assert "réponse vide (0 octet)" in failure(client())


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/zip"])
def test_a_wrong_content_type_is_named(geo, kind):
    geo.expect_request("/x").respond_with_data("[]", content_type=kind)
    assert f"type de contenu inattendu ({kind}" in failure(client())


def test_a_body_announced_too_large_is_not_read(geo):
    geo.expect_request("/x").respond_with_data(b"1" * 5000, content_type="application/json")
    assert "réponse de 5000 octets, limite 1000" in failure(client(json_bytes=1000))


def test_a_body_too_large_without_length_is_stopped_on_the_way(point):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    server, get = raw(point, lambda line, number: drip(line, head + b"1" * 5000), json_bytes=1000)
    with server:
        assert "plus de 1000 octets" in failure(get)


def test_a_gzip_bomb_is_stopped_before_it_fills_memory(point):
    bomb = gzip.compress(b"0" * 50_000_000)
    answer = reply(bomb, Content_Encoding="gzip")
    assert len(bomb) < 60_000
    server, get = raw(point, lambda line, number: line.sendall(answer), json_bytes=1_000_000)
    with server:
        assert "plus de 1000000 octets" in failure(get)


def test_a_compressed_answer_is_read(point):
    answer = reply(gzip.compress(b'{"ok": "\xc3\xa9"}'), Content_Encoding="gzip")
    server, get = raw(point, lambda line, number: line.sendall(answer))
    with server:
        assert get.json("GEO", "/x")[0] == {"ok": "é"}


def test_a_body_that_lies_about_its_compression_is_a_sentence(point):
    answer = reply(b"pas du gzip", Content_Encoding="gzip")
    server, get = raw(point, lambda line, number: line.sendall(answer))
    with server:
        assert "illisible" in failure(get)


def test_a_document_nested_to_break_the_parser_is_a_sentence(geo):
    geo.expect_request("/x").respond_with_data("[" * 200_000, content_type="application/json")
    assert "JSON illisible" in failure(client())


def test_what_is_not_http_at_all_is_a_sentence(point):
    server, get = raw(point, lambda line, number: line.sendall(b"\x00\x01 bonjour\r\n\r\n"))
    with server:
        assert "connexion interrompue" in failure(get)


def test_a_206_is_an_answer(geo):
    geo.expect_request("/x").respond_with_data("[1]", 206, content_type="application/json")
    assert client().json("GEO", "/x")[0] == [1]


# --- redirects and private addresses -------------------------------------------------------------


def test_a_redirect_under_the_override_is_followed_and_counted(geo):
    geo.expect_request("/x").respond_with_data("", 302, {"Location": "/y?a=1"})
    geo.expect_request("/y", query_string="a=1").respond_with_json({"ok": True})
    get = client()
    assert get.json("GEO", "/x")[0] == {"ok": True} and get.requests == 2


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://10.0.0.8/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00::1]/",
        "//0.0.0.0:{port}/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused_and_never_reached(geo, target):
    with RawServer(lambda line, number: line.sendall(GOOD)) as inside:
        geo.expect_request("/x").respond_with_data(
            "", 302, {"Location": target.format(port=inside.port)}
        )
        get = client()
        assert "adresse privée refusée" in failure(get)
        assert inside.connections == 0 and get.requests == 1


def test_a_name_that_changes_between_check_and_use_gets_no_request(geo):
    with RawServer(lambda line, number: line.sendall(GOOD)) as inside:
        location = f"http://localhost:{inside.port}/"
        geo.expect_request("/x").respond_with_data("", 302, {"Location": location})
        get = Http(clock=Time().clock, throttle=Throttle(), resolve=lambda *_: ["93.184.216.34"])
        assert "adresse privée refusée" in failure(get)
        assert inside.requests == []


def test_a_host_with_one_private_address_among_public_ones_is_refused():
    get = Http(throttle=Throttle(), resolve=lambda *_: ["93.184.216.34", "192.168.1.10"])
    assert "adresse privée refusée (192.168.1.10)" in failure(get) and get.requests == 0


def test_an_unknown_host_is_a_sentence():
    def unknown(host, port):
        raise OSError("Name or service not known")

    get = Http(clock=Time().clock, throttle=Throttle(), resolve=unknown)
    assert "nom d'hôte introuvable après 4 essais" in failure(get) and get.requests == 0


def test_redirects_in_circles_stop_after_five(geo):
    geo.expect_request("/x").respond_with_data("", 301, {"Location": "/x"})
    get = client()
    assert "plus de 5 redirections" in failure(get) and get.requests == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x/y", "javascript:alert(1)"])
def test_a_redirect_to_another_protocol_is_refused(geo, target):
    geo.expect_request("/x").respond_with_data("", 302, {"Location": target})
    assert "redirection vers une adresse qui n'est ni http ni https" in failure(client())


def test_a_redirect_without_address_is_a_sentence(point):
    answer = reply(b"", "302 Found")
    server, get = raw(point, lambda line, number: line.sendall(answer))
    with server:
        assert "redirection 302 sans adresse" in failure(get)


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.216.34", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd12::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("n'importe quoi", False),
    ],
)
def test_public_addresses_are_told_from_private_ones_whatever_their_wrapping(ip, public):
    assert is_public(ip) is public


def test_a_town_hall_behind_a_proxy_goes_through_it(monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://source.invalid")
    with RawServer(lambda line, number: line.sendall(GOOD)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert client().json("GEO", "/x")[0] == {"ok": True}
    assert proxy.requests[0].startswith(b"GET http://source.invalid/x ")


def test_a_proxy_is_no_way_round_to_a_private_address(monkeypatch):
    answer = reply(b"", "302 Found", Location="http://169.254.169.254/latest/meta-data/")
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://source.invalid")
    with RawServer(lambda line, number: line.sendall(answer)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert "adresse privée refusée (169.254.169.254)" in failure(client())
    assert len(proxy.requests) == 1


# --- files ---------------------------------------------------------------------------------------


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "x")
    return buffer.getvalue()


def test_a_file_is_downloaded_once_per_run_and_deleted_with_it(geo):
    geo.expect_request("/f.zip").respond_with_data(zipped(), content_type="application/zip")
    with client() as get:
        path = get.file("GEO", "/f.zip")
        assert path.read_bytes() == zipped() and get.file("GEO", "/f.zip") == path
        assert get.requests == 1
    assert not path.exists()


def test_a_file_that_failed_is_not_asked_again_in_the_same_run(geo):
    geo.expect_request("/f.zip").respond_with_data("", 404)
    get = client()
    messages = set()
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            get.file("GEO", "/f.zip")
        messages.add(str(caught.value))
    assert get.requests == 1 and len(messages) == 1


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"<html>bonjour</html>", "application/zip", "page HTML reçue à la place d'un fichier zip"),
        (b"code;nom\n", "application/octet-stream", "n'est pas un fichier zip"),
        (b"<html></html>", "text/html; charset=utf-8", "page HTML"),
        (b'{"error": 1}', "application/json", "type de contenu inattendu (application/json)"),
        (b"", "application/zip", "réponse vide"),
    ],
)
def test_a_file_of_another_kind_is_refused(geo, body, kind, said):
    geo.expect_request("/f.zip").respond_with_data(body, content_type=kind)
    with pytest.raises(FetchError, match=re.escape(said)):
        client().file("GEO", "/f.zip")


def test_gzip_and_csv_are_told_by_their_first_bytes(geo):
    geo.expect_request("/a").respond_with_data(gzip.compress(b"x"), content_type="application/gzip")
    geo.expect_request("/b").respond_with_data(b"a;b\n1;2\n", content_type="text/csv")
    get = client()
    assert get.file("GEO", "/a", ("gzip",)) and get.file("GEO", "/b", ("csv",))
    with pytest.raises(FetchError, match="n'est pas un fichier parquet"):
        client().file("GEO", "/b", ("parquet",))
    with pytest.raises(ValueError, match="permis : zip, gzip"):
        get.file("GEO", "/b", ("exe",))


def test_a_truncated_file_leaves_nothing_behind(point):
    answer = reply(zipped()[:40], Content_Length="5000", kind="application/zip")
    server, get = raw(point, lambda line, number: line.sendall(answer))
    with server, pytest.raises(FetchError, match="réponse tronquée"):
        get.file("GEO", "/f.zip")


# --- manners, secrets, the network forbidden -----------------------------------------------------


def test_offline_refuses_before_any_socket(geo, offline):
    get = client()
    for ask in (lambda: get.json("GEO", "/x"), lambda: get.file("GEO", "/f.zip")):
        with pytest.raises(Offline, match="réseau interdit"):
            ask()
    assert get.requests == 0 and geo.log == []


def test_the_client_says_what_it_is_and_whom_to_write_to(geo, monkeypatch):
    monkeypatch.setenv("ACV_CONTACT", "sig@exemple.invalid\r\nX-Injected: 1")
    geo.expect_request("/x").respond_with_json([])
    client().json("GEO", "/x")
    request: Request = geo.log[0][0]
    assert request.headers["User-Agent"].startswith(PRODUCT)
    assert "sig@exemple.invalid" in request.headers["User-Agent"]
    assert "X-Injected" not in request.headers


def test_requests_to_one_host_are_spaced_and_hosts_do_not_wait_for_each_other():
    at, throttle = Time(), Throttle()
    for host in ("a", "a", "b", "a"):
        throttle.wait(host, 5, at.clock)
    assert at.sleeps == [0.2, 0.2]


def test_secrets_are_not_written_in_messages(geo, point):
    origin = geo.url_for("").replace("http://", "http://agent:motdepasse@")
    point(origin)
    geo.expect_request("/x").respond_with_data("", 403)
    with pytest.raises(FetchError) as caught:
        client().json("GEO", "/x", {"api_key": "cle-secrete", "q": "Cahors"})
    message = str(caught.value)
    assert "motdepasse" not in message and "cle-secrete" not in message and "Cahors" in message
    assert shown("https://x/y?token=1&a=b") == "https://x/y?token=%2A%2A%2A&a=b"


@pytest.mark.parametrize("given", ["geo.api.gouv.fr", "ftp://x", "http://", "n'importe quoi"])
def test_a_malformed_override_is_named(point, given):
    point(given)
    with pytest.raises(FetchError, match="ACV_ENDPOINT_GEO"):
        client().json("GEO", "/x")


def test_an_unknown_source_is_named():
    with pytest.raises(FetchError, match="source inconnue ; permis : DATAGOUV"):
        client().json("NULLE_PART", "/x")


def test_a_list_repeats_its_key_and_none_is_left_out():
    assert (
        with_params("http://x/", {"a": ["1", "2"], "b": None, "c": "é"})
        == "http://x/?a=1&a=2&c=%C3%A9"
    )


def test_requests_that_leave_this_machine_are_paced(monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://source.invalid")
    at = Time()
    with RawServer(lambda line, number: line.sendall(GOOD)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        get = client(at)
        for _ in range(3):
            get.json("GEO", "/x")
    assert at.sleeps == [0.1, 0.1], "dix demandes par seconde à geo.api.gouv.fr"


def test_one_connection_serves_many_requests(point):
    def answer(line, number):
        for _ in range(3):
            line.sendall(reply(b"[1]", Connection="keep-alive"))
            line.recv(65536)

    server, get = raw(point, answer)
    with server, get:
        assert [get.json("GEO", "/x")[0] for _ in range(3)] == [[1]] * 3
    assert server.connections == 1 and get.requests == 3
