"""What our client costs a request: small JSON over loopback, beside a bare requests.Session.

Both ask the same server, kept alive, in turn and several times in the same run; the fastest of each
counts. Nothing waits: the rate of a host is a choice, not a cost.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

REQUESTS, TIMES = 400, 4
TARGET_MS = 5.0  # more than the bare session: nothing beside an answer from far away
_SERVER = """
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
BODY = json.dumps({"data": [{"code_insee": "46042", "valeur": n} for n in range(20)]}).encode()
class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)
    def log_message(self, *given):
        pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


def measure_client() -> dict[str, float]:
    """Milliseconds a request by each, their ratio and difference."""
    import requests

    from connectors.network.http import Http
    from connectors.network.pace import Throttle

    class Free(Throttle):
        def wait(self, *_: object) -> None:
            """No rate."""

    with _server() as url, requests.Session() as bare:
        os.environ["ACV_ENDPOINT_GEO"] = url
        bare.trust_env = False
        with Http(throttle=Free()) as ours:
            theirs_ms, ours_ms = [], []
            for _ in range(TIMES):
                theirs_ms.append(_each(lambda: bare.get(f"{url}/a", timeout=5).json()))
                ours_ms.append(_each(lambda: ours.json("GEO", "/a")))
    best, beside = min(ours_ms), min(theirs_ms)
    return {
        "requests": REQUESTS,
        "ms": best,
        "session_ms": beside,
        "overhead_ms": best - beside,
        "ratio": best / beside,
    }


def _each(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(REQUESTS):
        ask()
    return 1000 * (time.perf_counter() - start) / REQUESTS


@contextmanager
def _server() -> Iterator[str]:
    """The server, in a process of its own: it must not share the interpreter of a client."""
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    print(measure_client())
