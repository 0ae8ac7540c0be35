"""A source on loopback: the example answers of one card, whole or broken in a named way.

One file a source, `tests/answers/sources/<dataset>.<connector>.yml`:

    origin: built from documentation            # or: recorded <address> <date>
    territory: "46042"                          # asked; absent for a national file
    params: {min_communes: 1}                   # put over those of the card, for a short example
    exchanges:
    - path: /api/v1/radon                       # exact; or `pattern:`, a regular expression
      params: {code_insee: "46042"}             # those that the request must bear
      status: 200
      headers: {ETag: '"a"'}
      json: {...}                               # or text:, csv:, zip:, tar:, gzip:, folder_zip:
      records: data                             # where the records stand in a JSON (a.b, or "." )
    expect: [{territory: "46042", ...}]         # rows: each must be found, columns left out aside
    rows: 1                                     # how many rows in all
    not_applicable: {wrong_axes: no geometry}   # a fault this source cannot meet, and why
"""

from __future__ import annotations

import gzip
import io
import json
import re
import socket
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from data.checking import read_yaml
from tests.connectors.servers import RawServer, drip, kill, reply

FOLDER = Path(__file__).parent.parent / "answers" / "sources"
TEXTS = ("csv", "text")
ARCHIVES = ("zip", "tar", "folder_zip")


@dataclass(frozen=True)
class Exchange:
    """One request that the connector makes, and the answer of the source."""

    path: str | None = None
    pattern: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "json"  # json, text, csv, zip, tar, gzip, folder_zip
    content: Any = None
    records: str | None = None

    def answers(self, path: str, asked: dict[str, str]) -> bool:
        """Whether this is the exchange of a request."""
        same = re.fullmatch(self.pattern, path) if self.pattern else path == self.path
        return bool(same) and all(asked.get(key) == str(want) for key, want in self.params.items())

    @cached_property
    def body(self) -> bytes:
        return BODIES[self.kind](self.content)

    @property
    def media_type(self) -> str:
        return MEDIA[self.kind]


@dataclass(frozen=True)
class Example:
    """The example of one source: what is asked, what is answered, the rows that follow."""

    dataset: str
    connector: str
    origin: str
    exchanges: tuple[Exchange, ...]
    expect: tuple[dict[str, Any], ...]
    rows: int
    territory: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    not_applicable: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.dataset}.{self.connector}"


def example(dataset: str, connector: str) -> Example:
    """Read the example answers of a source; FileNotFoundError names the one that is missing."""
    path = FOLDER / f"{dataset}.{connector}.yml"
    document = read_yaml(path.read_text(encoding="utf-8"), path.name)
    exchanges = tuple(_exchange(made) for made in document.pop("exchanges"))
    expect = tuple(document.pop("expect"))
    return Example(dataset, connector, exchanges=exchanges, expect=expect, **document)


def _exchange(made: dict[str, Any]) -> Exchange:
    kind = next(name for name in BODIES if name in made)
    content = made.pop(kind)
    return Exchange(kind=kind, content=content, **made)


class Source(RawServer):
    """Answers the exchanges of an example; what it does not know is a 404, kept in `unexpected`."""

    def __init__(
        self, made: Example, fault: Fault | None = None, only: Exchange | None = None
    ) -> None:
        super().__init__(self._reply)
        self.example, self.fault, self.only = made, fault, only
        self.unexpected: list[str] = []
        self.asked: list[str] = []

    def _reply(self, connection: socket.socket, number: int) -> None:
        request = _whole(connection, self.requests[-1])
        method, target = request.split(b" ", 2)[:2]
        path, asked = _asked(target.decode(), request)
        self.asked.append(f"{method.decode()} {target.decode()}")
        found = next((made for made in self.example.exchanges if made.answers(path, asked)), None)
        if found is None:
            self.unexpected.append(f"{target.decode()} {asked}")
            connection.sendall(reply(b'{"message": "inconnu"}', "404 Not Found"))
        elif self.fault is not None and self.only in (None, found):
            self.fault(connection, found, self)
        else:
            connection.sendall(whole(found))


Fault = Callable[[socket.socket, Exchange, Source], None]


def whole(made: Exchange) -> bytes:
    """The answer of an exchange, unbroken."""
    headers = {name.replace("-", "_"): value for name, value in made.headers.items()}
    return reply(made.body, f"{made.status} OK", made.media_type, **headers)


def _whole(connection: socket.socket, start: bytes) -> bytes:
    """The rest of a request that carries a content."""
    head, _, body = start.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _asked(target: str, request: bytes) -> tuple[str, dict[str, str]]:
    """Path and parameters; those of a form, and a JSON content under `body`, are joined in."""
    parts = urlsplit(target)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    head, _, body = request.partition(b"\r\n\r\n")
    if b"x-www-form-urlencoded" in head.lower():
        asked |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif body:
        asked["body"] = body.decode()
    return unquote(parts.path), asked


def _zip(members: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text if isinstance(text, bytes) else str(text).encode())
    return buffer.getvalue()


def _tar(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _folder_zip(folder: str) -> bytes:
    paths = sorted((FOLDER / folder).glob("*.csv"))
    return _zip({path.name: path.read_bytes() for path in paths})


BODIES: dict[str, Callable[[Any], bytes]] = {
    "json": lambda made: json.dumps(made, ensure_ascii=False).encode(),
    "text": lambda made: str(made).encode(),
    "csv": lambda made: str(made).encode(),
    "zip": _zip,
    "tar": _tar,
    "gzip": lambda made: gzip.compress(str(made).encode()),
    "folder_zip": _folder_zip,
}
MEDIA = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "csv": "text/csv",
    "zip": "application/zip",
    "tar": "application/x-tar",
    "gzip": "application/gzip",
    "folder_zip": "application/zip",
}

# Kept together for the faults that are written beside: replace, drip, kill, time.
__all__ = ["Example", "Exchange", "Source", "drip", "example", "kill", "replace", "time", "whole"]
