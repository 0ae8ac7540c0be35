"""Real map servers on loopback: pygeoapi (OGC API Features) and MapServer under lighttpd (WFS).

Each serves two trees of Cahors from one small GeoJSON, on a free port, until its block ends.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYGEOAPI = ROOT / ".venv-pygeoapi" / "bin" / "python"
MAPSERV = Path("/usr/lib/cgi-bin/mapserv")
START_SECONDS = 30
TREES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": number,
            "properties": {"id": number, "nom": name},
            "geometry": {"type": "Point", "coordinates": [1.44 + number / 1000, 44.45]},
        }
        for number, name in ((1, "FICTIF : tilleul"), (2, "FICTIF : platane"))
    ],
}
# Without debug: it would start a second process to watch its files.
SERVE = "import sys; from pygeoapi.flask_app import APP; APP.run('127.0.0.1', int(sys.argv[1]))"


@contextmanager
def pygeoapi(folder: Path) -> Iterator[str]:
    """The address of a service with one collection, `arbres`; skips where it is not installed."""
    if not PYGEOAPI.exists():
        pytest.skip("pygeoapi absent (.venv-pygeoapi : voir le Makefile)")
    port = _free_port()
    (folder / "arbres.geojson").write_text(json.dumps(TREES))
    config, described = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(yaml.safe_dump(_pygeoapi_config(port, folder)))
    env = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    generate = ["openapi", "generate", str(config), "--output-file", str(described)]
    program = PYGEOAPI.with_name("pygeoapi")
    subprocess.run([str(program), *generate], env=env, check=True, capture_output=True, timeout=60)
    url = f"http://127.0.0.1:{port}"
    with _running([str(PYGEOAPI), "-c", SERVE, str(port)], env, f"{url}/collections?f=json"):
        yield url


@contextmanager
def mapserver(folder: Path) -> Iterator[str]:
    """The address of a WFS with two layers, the second without its file; skips where absent."""
    lighttpd = shutil.which("lighttpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if lighttpd is None or not MAPSERV.exists():
        pytest.skip("MapServer ou lighttpd absent (system-packages.txt)")
    port = _free_port()
    (folder / "arbres.geojson").write_text(json.dumps(TREES))
    (folder / "essai.map").write_text(_map(port, folder))
    (folder / "mapserver.conf").write_text(
        f'CONFIG\n MAPS\n "essai" "{folder}/essai.map"\n END\nEND\n'
    )
    (folder / "lighttpd.conf").write_text(_lighttpd_config(port, folder))
    url = f"http://127.0.0.1:{port}/wfs"
    command = [lighttpd, "-D", "-f", str(folder / "lighttpd.conf")]
    with _running(command, os.environ, f"{url}?service=WFS&request=GetCapabilities"):
        yield url


@contextmanager
def _running(command: list[str], env: Mapping[str, str], ready: str) -> Iterator[None]:
    """A program in a group of its own, ended with what it started."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=dict(env), start_new_session=True, **quiet) as process:
        try:
            _wait_for(ready, process)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"{url} : le serveur n'a pas démarré")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pygeoapi_config(port: int, folder: Path) -> dict:
    contact = ("name", "position", "address", "city", "stateorprovince", "postalcode", "country",
               "phone", "fax", "email", "hours", "instructions")  # fmt: skip
    page = "https://exemple.invalid"
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["fr-FR"],
            "map": {"url": f"{page}/{{z}}/{{x}}/{{y}}.png", "attribution": "aucune"},
            "limits": {"default_items": 10, "max_items": 100},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "FICTIF", "description": "FICTIF", "keywords": ["fictif"],
                "keywords_type": "theme", "terms_of_service": None, "url": page,
            },
            "license": {"name": "Licence Ouverte 2.0", "url": page},
            "provider": {"name": "Ville de Cahors", "url": page},
            "contact": {
                **dict.fromkeys(contact, "FICTIF"), "url": page, "role": "pointOfContact"
            },
        },
        "resources": {
            "arbres": {
                "type": "collection",
                "title": "Arbres d'alignement",
                "description": "FICTIF",
                "keywords": ["arbre"],
                "links": [
                    {
                        "type": "text/html", "rel": "license", "href": page,
                        "title": "Licence Ouverte 2.0",
                    }
                ],
                "extents": {"spatial": {"bbox": [1, 44, 2, 45], "crs": crs}},
                "providers": [
                    {
                        "type": "feature", "name": "GeoJSON", "id_field": "id",
                        "data": str(folder / "arbres.geojson"),
                    }
                ],
            }
        },
    }  # fmt: skip


def _map(port: int, folder: Path) -> str:
    layers = "".join(
        f'''
 LAYER
  NAME "{name}" TYPE POINT STATUS ON CONNECTIONTYPE OGR
  CONNECTION "{folder}/{name}.geojson" DATA "{name}"
  PROJECTION "init=epsg:4326" END
  METADATA
   "ows_title" "{title}" "ows_abstract" "FICTIF" "ows_keywordlist" "arbre"
   "gml_featureid" "id" "gml_include_items" "all"
  END
 END'''
        for name, title in (("arbres", "Arbres d'alignement"), ("bancs", "Bancs publics"))
    )
    return f"""MAP
 NAME "essai" EXTENT 1 44 2 45
 PROJECTION "init=epsg:4326" END
 WEB METADATA
  "ows_title" "FICTIF" "ows_onlineresource" "http://127.0.0.1:{port}/wfs?"
  "ows_srs" "EPSG:4326" "ows_enable_request" "*" "ows_fees" "none"
  "ows_accessconstraints" "Licence Ouverte 2.0" "ows_contactorganization" "Ville de Cahors"
 END END{layers}
END
"""


def _lighttpd_config(port: int, folder: Path) -> str:
    return f'''server.port = {port}
server.bind = "127.0.0.1"
server.document-root = "{folder}"
server.modules = ("mod_setenv", "mod_alias", "mod_cgi")
alias.url = ("/wfs" => "{MAPSERV}")
cgi.assign = ("/wfs" => "", "mapserv" => "")
setenv.add-environment = (
  "MS_MAPFILE" => "{folder}/essai.map",
  "MAPSERVER_CONFIG_FILE" => "{folder}/mapserver.conf"
)
'''
