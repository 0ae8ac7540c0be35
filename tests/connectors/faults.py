"""Nineteen ways a source fails, each played over a real socket on the example of a card."""

from __future__ import annotations

import gzip
import io
import json
import re
import socket
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.connectors.replay import Exchange, Fault, Source, whole
from tests.connectors.servers import drip, reply

PAGE = b"<!DOCTYPE html><html><body>Maintenance</body></html>"
JSON_CAP = 40_000  # bytes: the limit that a client is given here, so that ten times is little
FILE_CAP = 60_000
ELSEWHERE = {"commune": "29019", "epci": "242900314", "departement": "29"}  # Brest
UNKNOWN = "99999"


def says(status: str, body: bytes = b'{"message": "panne"}', **headers: str) -> Fault:
    """Always the same answer, whatever is asked."""

    def fault(connection: socket.socket, made: Exchange, source: Source) -> None:
        connection.sendall(reply(body, status, **headers))

    return fault


def silent(connection: socket.socket, made: Exchange, source: Source) -> None:
    """The connection is taken and nothing is ever said."""
    connection.settimeout(30)
    connection.recv(1)


def dripping(connection: socket.socket, made: Exchange, source: Source) -> None:
    """The true answer begins, then one byte now and then: no read is late, nothing ends."""
    start = whole(replace(made, headers={**made.headers, "Content-Length": "9999999"}))
    drip(connection, start[: max(60, len(start) // 2)], seconds=30)


def to_itself(connection: socket.socket, made: Exchange, source: Source) -> None:
    connection.sendall(reply(b"", "302 Found", Location=f"{source.url}{made.path or '/ailleurs'}"))


def page(connection: socket.socket, made: Exchange, source: Source) -> None:
    connection.sendall(reply(PAGE, "200 OK", "text/html; charset=utf-8"))


def empty(connection: socket.socket, made: Exchange, source: Source) -> None:
    connection.sendall(reply(b"", "200 OK", made.media_type))


def truncated(connection: socket.socket, made: Exchange, source: Source) -> None:
    """Half of the body with a length that agrees: nothing on the line betrays it."""
    connection.sendall(reply(_half(made.body), "200 OK", made.media_type))


def _half(body: bytes) -> bytes:
    """A cut in the middle of a line, where a table is one."""
    middle = len(body) // 2
    return body[: middle if body[middle - 1 : middle] != b"\n" else middle - 2]


def truncated_gzip(connection: socket.socket, made: Exchange, source: Source) -> None:
    packed = gzip.compress(made.body)
    answer = reply(packed[: len(packed) * 2 // 3], "200 OK", made.media_type)
    connection.sendall(answer.replace(b"\r\n", b"\r\nContent-Encoding: gzip\r\n", 1))


def too_big(connection: socket.socket, made: Exchange, source: Source) -> None:
    """The true answer, followed by blanks up to ten times what a client accepts."""
    cap = FILE_CAP if made.kind in ("zip", "tar", "gzip", "folder_zip") else JSON_CAP
    connection.sendall(reply(made.body + b" " * 10 * max(cap, FILE_CAP), "200 OK", made.media_type))


def rewritten(change: Callable[[Exchange, Source], bytes]) -> Fault:
    def fault(connection: socket.socket, made: Exchange, source: Source) -> None:
        connection.sendall(reply(change(made, source), f"{made.status} OK", made.media_type))

    return fault


def wrong_columns(made: Exchange, source: Source) -> bytes:
    """Each key of each record, or each name of a header, is another."""
    if made.kind == "json":
        return _json(_changed(made.content, made.records, _renamed))
    return _in_texts(made, _other_header)


def wrong_codes(made: Exchange, source: Source) -> bytes:
    """The answer of another commune: the filter was ignored (a national file: of nowhere)."""
    asked = source.example.territory
    return _in_texts(made, lambda text: _elsewhere(text, asked))


def _elsewhere(text: str, asked: str | None) -> str:
    if asked is None:
        return re.sub(r"(?<![\w.-])(?<!\d,)(?:\d{5}|2[AB]\d{3})(?![\w.]|,\d)", UNKNOWN, text)
    level = "epci" if len(asked) == 9 else "departement" if asked.startswith("dep:") else "commune"
    return text.replace(asked.removeprefix("dep:"), ELSEWHERE[level])


def wrong_axes(made: Exchange, source: Source) -> bytes:
    """Latitude where longitude is expected, and the other way round."""
    if made.kind == "json":
        return _json(_swapped(made.content))
    return _in_texts(made, _swapped_columns)


def page_loop(made: Exchange, source: Source) -> bytes:
    """The first page for ever: each page asked is the first one again."""
    first = next(other for other in source.example.exchanges if _alike(other, made))
    return first.body


def _alike(one: Exchange, other: Exchange) -> bool:
    return (one.path, one.pattern, one.kind) == (other.path, other.pattern, other.kind)


FAULTS: dict[str, Fault | None] = {
    "refused": None,  # nobody listens
    "timeout": silent,
    "drip": dripping,
    "http_429": says("429 Too Many Requests"),
    "http_429_retry_after": says("429 Too Many Requests", Retry_After="2"),
    "http_500": says("500 Internal Server Error"),
    "http_503": says("503 Service Unavailable", PAGE, kind="text/html"),
    "http_404": says("404 Not Found"),
    "http_410": says("410 Gone"),
    "redirect_loop": to_itself,
    "html_200": page,
    "empty_200": empty,
    "truncated": truncated,
    "truncated_gzip": truncated_gzip,
    "wrong_columns": rewritten(wrong_columns),
    "wrong_codes": rewritten(wrong_codes),
    "wrong_axes": rewritten(wrong_axes),
    "page_loop": rewritten(page_loop),
    "too_big": too_big,
}


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _changed(content: Any, records: str | None, change: Callable[[Any], Any]) -> Any:
    """The document with the records at « a.b » changed; without a place, all of it."""
    if records is None or records == ".":
        return [change(one) for one in content] if isinstance(content, list) else change(content)
    head, _, rest = records.partition(".")
    return {**content, head: _changed(content[head], rest or ".", change)}


def _renamed(one: Any) -> Any:
    """Every key otherwise, also within: a reader must not find a field by chance."""
    if isinstance(one, dict):
        return {f"{key}_bis": _renamed(value) for key, value in one.items()}
    return [_renamed(made) for made in one] if isinstance(one, list) else one


def _other_header(text: str) -> str:
    header, end, rest = text.partition("\n")
    return re.sub(r"[A-Za-zÀ-ÿ_][\w À-ÿ]*", "autre_colonne", header) + end + rest


def _swapped(one: Any) -> Any:
    """Pairs of numbers turned round, and values of keys that name an axis exchanged."""
    if isinstance(one, list):
        pair = len(one) in (2, 3) and all(isinstance(made, int | float) for made in one)
        return [one[1], one[0], *one[2:]] if pair else [_swapped(made) for made in one]
    if not isinstance(one, dict):
        return one
    made = {key: _swapped(value) for key, value in one.items()}
    for lon, lat in AXES:
        if lon in made and lat in made:
            made[lon], made[lat] = made[lat], made[lon]
    return made


AXES = (("longitude", "latitude"), ("lon", "lat"), ("x", "y"), ("LONGITUDE", "LATITUDE"))


def _swapped_columns(text: str) -> str:
    header, end, rest = text.partition("\n")
    for lon, lat in AXES:
        if re.search(rf"\b{lon}\b", header) and re.search(rf"\b{lat}\b", header):
            marked = re.sub(rf"\b{lon}\b", "\0", header)
            header = re.sub(rf"\b{lat}\b", lon, marked).replace("\0", lat)
    return header + end + rest


def _in_texts(made: Exchange, change: Callable[[str], str]) -> bytes:
    """A change made to the text of a body, or to that of each member of an archive."""
    if made.kind == "gzip":
        return gzip.compress(change(gzip.decompress(made.body).decode()).encode())
    if made.kind in ("zip", "folder_zip"):
        return _in_zip(made.body, change)
    if made.kind == "tar":
        return _in_tar(made.body, change)
    return change(made.body.decode()).encode()


def _in_zip(body: bytes, change: Callable[[str], str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            new.writestr(change(info.filename), change(_text(old.read(info))))
    return buffer.getvalue()


def _in_tar(body: bytes, change: Callable[[str], str]) -> bytes:
    buffer = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(body)) as old,
        tarfile.open(fileobj=buffer, mode="w") as new,
    ):
        for info in old:
            content = change(_text(old.extractfile(info).read())).encode()
            made = tarfile.TarInfo(info.name)
            made.size = len(content)
            new.addfile(made, io.BytesIO(content))
    return buffer.getvalue()


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252")
