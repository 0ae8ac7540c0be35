"""The API of the running application: shapes, refusals, and what it keeps for this machine."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import jsonschema
import pytest

from data.catalog import catalog
from diagnostics.availability import assess

pytestmark = pytest.mark.server
PLACES = ("46042", "97611", "200023737", "dep:46", "reg:76", "00001")


def get(url: str, path: str, **headers: str) -> tuple[int, dict]:
    request = urllib.request.Request(f"{url}/api/v1/{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


@pytest.fixture
def described(shared_app):
    status, document = get(shared_app, "openapi.json")
    assert status == 200
    return document


def schema_of(document: dict, path: str) -> dict:
    answer = document["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]
    made = answer["content"]["application/json"]["schema"]
    return {**made, "components": document["components"]}


def test_every_answer_has_the_described_shape(shared_app, described):
    from app import app

    served = {route.path for route in app._user_routes}
    assert served == set(described["paths"])
    asked = {"sante": "sante", "territoires": "territoires?q=cahors", "programme": "programme"}
    for path, address in asked.items():
        status, body = get(shared_app, address)
        assert status == 200
        jsonschema.validate(body, schema_of(described, path))
    for code in PLACES:
        for name in ("disponibilite", "indicateurs"):
            status, body = get(shared_app, f"territoires/{code}/{name}")
            assert status == 200, (code, name)
            jsonschema.validate(body, schema_of(described, f"territoires/{{code}}/{name}"))
            assert body["territory"]["code"] == code
    assert len(body["indicators"]) > 50


def test_the_documents_are_those_of_the_commands(shared_app, embedded_store, today):
    from data.territories import territory

    _, body = get(shared_app, "territoires/46042/disponibilite")
    assert body == json.loads(
        json.dumps(assess(embedded_store, territory("46042"), today).as_dict())
    )
    assert len(body["experiments"]) == len(catalog().experiments)


@pytest.mark.parametrize("code", ["99999", "x", "'; drop table fetches; --", "é" * 300, "..%2f.."])
def test_an_unknown_code_is_a_404_in_french(shared_app, code):
    status, body = get(shared_app, f"territoires/{urllib.request.quote(code)}/disponibilite")
    assert status == 404
    assert set(body) == {"error"}


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "203.0.113.9"}, {"Host": "donnees.ville.test"}]
)
def test_towns_are_listed_on_this_machine_alone(shared_app, headers):
    _, own = get(shared_app, "programme")
    _, other = get(shared_app, "programme", **headers)
    assert all(len(made["towns"]) == 244 for made in own["experiments"])
    assert not any("towns" in made for made in other["experiments"])
    assert own["datasets"] == other["datasets"]
