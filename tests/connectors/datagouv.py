"""A small data.gouv.fr on loopback: its four ways of answering, on the example answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from data.territories import fold

ANSWERS = Path(__file__).parent.parent / "answers/catalogue_search"


class DataGouv:
    """Serves organisations and datasets; tests add, change or break them."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.organisations = json.loads((ANSWERS / "organisations.json").read_text())["data"]
        self.datasets = json.loads((ANSWERS / "datasets.json").read_text())["data"]
        self.ignored_filters: set[str] = set()
        self.gone: set[str] = set()  # identifiers that answer 410
        self.broken: dict[str, dict[str, Any]] = {}  # what is put over a dataset when it leaves
        routes: dict[str, Callable[[Request], Response]] = {
            "/api/2/organizations/search/": self._organisations,
            "/api/1/datasets/": lambda request: self._listed(request, full=True),
            "/api/2/datasets/search/": lambda request: self._listed(request, full=False),
        }
        for path, answer in routes.items():
            server.expect_request(path).respond_with_handler(answer)
        for given in self.datasets:
            server.expect_request(f"/api/1/datasets/{given['id']}/").respond_with_handler(self._one)

    def dataset(self, number: int) -> dict[str, Any]:
        return next(one for one in self.datasets if one["id"] == f"{number:024x}")

    @property
    def asked(self) -> list[str]:
        return [request.path for request, _ in self.server.log]

    def _organisations(self, request: Request) -> Response:
        words = fold(request.args["q"]).split()
        found = [one for one in self.organisations if any(w in fold(one["name"]) for w in words)]
        return _page(request, found)

    def _listed(self, request: Request, full: bool) -> Response:
        asked = {
            key: value for key, value in request.args.items() if key not in self.ignored_filters
        }
        schemas = request.args.getlist("schema")
        found = [one for one in self.datasets if _passes(one, asked, schemas)]
        shown = [one if full else _light(one) for one in found]
        return _page(request, [{**one, **self.broken.get(one["id"], {})} for one in shown])

    def _one(self, request: Request) -> Response:
        identifier = request.path.rstrip("/").rpartition("/")[2]
        found = next((one for one in self.datasets if one["id"] == identifier), None)
        if found is None or identifier in self.gone:
            said = '{"message": "Dataset has been deleted"}'
            return Response(said, 410, content_type="application/json")
        shown = {**found, **self.broken.get(identifier, {})}
        return Response(json.dumps(shown), content_type="application/json")


def _passes(one: dict[str, Any], asked: dict[str, str], schemas: list[str]) -> bool:
    publisher = (one["organization"] or {}).get("id")
    zones = [zone.partition("@")[0] for zone in (one["spatial"] or {}).get("zones", [])]
    named = {(found["schema"] or {}).get("name") for found in one["resources"]}
    text = fold(f"{one['title']} {one['description']} {(one['organization'] or {}).get('name')}")
    return (
        asked.get("organization") in (None, publisher)
        and ("geozone" not in asked or asked["geozone"] in zones)
        and (not schemas or "schema" not in asked or bool(named & set(schemas)))
        and ("q" not in asked or fold(asked["q"]) in text)
    )


def _light(one: dict[str, Any]) -> dict[str, Any]:
    link = f"https://www.data.gouv.fr/api/2/datasets/{one['id']}/resources/?page=1&page_size=50"
    total = len(one["resources"])
    return {**one, "resources": {"rel": "subsection", "href": link, "type": "GET", "total": total}}


def _page(request: Request, found: list[dict[str, Any]]) -> Response:
    number, size = int(request.args["page"]), int(request.args["page_size"])
    if number > 1 and (number - 1) * size >= len(found):
        return Response('{"message": "not found"}', 404, content_type="application/json")
    more = "suite" if number * size < len(found) else None
    answer = {
        "data": found[(number - 1) * size : number * size],
        "page": number,
        "page_size": size,
        "total": len(found),
        "next_page": more,
        "previous_page": None,
    }
    return Response(json.dumps(answer), content_type="application/json")
