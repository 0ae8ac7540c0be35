"""Addok and Redis started on loopback: the program behind the national geocoder.

The service puts it under /geocodage and accepts a final slash; a few lines of WSGI do the same. The
addresses are invented; the streets of two communes, so that an answer may be in the wrong one.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-addok" / "bin" / "python"
START_SECONDS = 60
CONFIG = """
from addok.config.default import *
FIELDS = FIELDS + [{"key": "citycode"}]
FILTERS = ["type", "postcode", "citycode"]
LOG_NOT_FOUND = LOG_QUERIES = False
BATCH_WORKERS = 1
"""
SERVE = """
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from addok.http.wsgi import application

class Quiet(WSGIRequestHandler):
    def log_message(self, *args): pass

def mounted(environ, start):
    path = environ["PATH_INFO"]
    environ["PATH_INFO"] = path.removeprefix("/geocodage").rstrip("/") or "/"
    return application(environ, start)

make_server("127.0.0.1", int(sys.argv[1]), mounted, handler_class=Quiet).serve_forever()
"""


def _street(code: str, city: str, name: str, lon: float, lat: float, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{code}_{len(name):04d}",
        "type": "street",
        "name": name,
        "city": city,
        "citycode": code,
        "postcode": "46000" if code == "46042" else "46090",
        "lon": lon,
        "lat": lat,
        "importance": 0.5,
        "housenumbers": {
            str(number): {"lon": round(lon + number / 1e4, 6), "lat": lat, "id": f"{code}_{number}"}
            for number in range(1, 30)
        },
        **more,
    }


ADDRESSES = [
    _street("46042", "Cahors", "Rue des Essais Fictifs", 1.441, 44.447),
    _street("46042", "Cahors", "Boulevard de la Preuve", 1.437, 44.449),
    _street("46042", "Cahors", "Place du Modèle", 1.443, 44.451),
    _street("46242", "Pradines", "Chemin du Faux Voisin", 1.405, 44.472),
    {
        "id": "46042",
        "type": "municipality",
        "name": "Cahors",
        "city": "Cahors",
        "citycode": "46042",
        "postcode": "46000",
        "lon": 1.44,
        "lat": 44.447,
        "importance": 0.7,
    },
]


def absent() -> str | None:
    """Why Addok cannot run here; None when it can."""
    if not PYTHON.exists():
        return "Addok absent (.venv-addok : voir le Makefile)"
    return None if shutil.which("redis-server") else "redis-server absent (system-packages.txt)"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a geocoder that knows ADDRESSES; both programs end with the block."""
    redis_port, port = _free(), _free()
    (folder / "addok.conf").write_text(CONFIG, encoding="utf-8")
    (folder / "serve.py").write_text(SERVE, encoding="utf-8")
    lines = "\n".join(json.dumps(made, ensure_ascii=False) for made in ADDRESSES)
    (folder / "addresses.json").write_text(lines, encoding="utf-8")
    env = {
        "PATH": os.environ["PATH"],
        "ADDOK_CONFIG_MODULE": str(folder / "addok.conf"),
        "ADDOK_LOG_DIR": str(folder),
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": str(redis_port),
    }
    redis = ["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", ""]
    with _started([*redis, "--dir", str(folder)], env, redis_port):
        addok = str(PYTHON.with_name("addok"))
        for command in (["batch", str(folder / "addresses.json")], ["ngrams"]):
            _run([addok, *command], env)
        with _started([str(PYTHON), str(folder / "serve.py"), str(port)], env, port):
            yield f"http://127.0.0.1:{port}"


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=START_SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]


@contextmanager
def _started(command: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"{process.args} s'est arrêté"
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} ne répond pas")


def _free() -> int:
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
