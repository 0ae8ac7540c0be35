"""Servers on loopback that answer as real ones do when they fail, and time that does not pass."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from connectors.network.http import Http, Limits
from connectors.network.pace import Clock, Throttle

Answer = Callable[[socket.socket, int], None]  # the connection, and its number from 1


class RawServer:
    """A server that writes bytes by hand: the only way to break HTTP itself."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        self.requests: list[bytes] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> RawServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with suppress(OSError):  # a close alone would leave the thread asleep in accept()
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(
                target=self._handle, args=(connection, self.connections), daemon=True
            ).start()

    def _handle(self, connection: socket.socket, number: int) -> None:
        with connection:
            try:
                connection.settimeout(5)
                request = connection.recv(65536)
                if not request:
                    return
                self.requests.append(request)
                self._answer(connection, number)
            except OSError:
                return


def reply(
    body: bytes, status: str = "200 OK", kind: str = "application/json", **headers: str
) -> bytes:
    """A whole HTTP answer; a header given as `Content_Length` replaces the true one."""
    made = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    made |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in made.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def kill(connection: socket.socket) -> None:
    """Close with a reset, as a crashed server does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip(connection: socket.socket, start: bytes, every: float = 0.02, seconds: float = 5) -> None:
    """Send a beginning, then one byte now and then: each read succeeds, nothing ever ends."""
    connection.sendall(start)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.sendall(b" ")
        time.sleep(every)


@dataclass
class Time:
    """A clock that only moves when someone sleeps; chance always gives 0."""

    at: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds, 3))
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, lambda: self.at, self.sleep, lambda: 0.0)


def client(at: Time | None = None, **limits: float) -> Http:
    """A client that does not wait between tries."""
    return Http(Limits(**limits), (at or Time()).clock, Throttle())
