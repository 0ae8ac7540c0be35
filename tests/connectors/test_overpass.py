"""What OpenStreetMap knows: the commune is in the answer, a remark is a failure, zero a count."""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import overpass
from connectors.fetching import FetchError, NotCovered
from connectors.network.http import Http, Limits
from connectors.network.pace import Throttle
from data.catalog import catalog
from data.territories import territory
from tests.connectors import replay
from tests.connectors.servers import Time, client

CARD = catalog().datasets["osm_features"]
WHOLE = replay.example("osm_features", "overpass").exchanges[0].content


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_OVERPASS", httpserver.url_for(""))
    return httpserver


@pytest.fixture
def ask(server):
    def answered(answer):
        server.expect_request(overpass.PATH, method="POST").respond_with_json(answer)
        return overpass.fetch(CARD, territory("46042"), client())

    return answered


def test_one_request_counts_everything_at_the_day_of_the_base(ask, server):
    got = ask(WHOLE)
    assert set(got.rows.columns) == {"territory", *(made.name for made in CARD.columns)}
    counts = dict(zip(got.rows["kind"], got.rows["count"], strict=True))
    assert counts["arbres"] == 1204 and counts["points lumineux"] == 0
    assert set(got.rows["counted_at"]) == {date(2026, 11, 20)} and got.requests == 1
    request = server.log[0][0]
    assert request.form["data"] == overpass.question("46042")
    assert "CoeurDeDonnees" in request.headers["User-Agent"]


def test_the_server_gives_up_before_this_product_does():
    assert Limits().read > overpass.SECONDS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made.update(remark="runtime error: Query timed out"), "timed out"),
        (lambda made: made.update(remark="x" * 10**6), "interrompue"),
        (lambda made: made["elements"].pop(0), "absente de la base"),
        (lambda made: made["elements"].insert(0, made["elements"][0]), "46042, 46042"),
        (lambda made: made["elements"][0]["tags"].update({"ref:INSEE": "75056"}), "75056"),
        (lambda made: made["elements"][0].pop("tags"), "tags"),
        (lambda made: made["elements"].pop(), "5 décomptes"),
        (lambda made: made["elements"].append(made["elements"][1]), "7 décomptes"),
        (lambda made: made["elements"][1]["tags"].pop("total"), "décompte illisible"),
        (lambda made: made["elements"][1]["tags"].update(total="-3"), "décompte illisible"),
        (lambda made: made["elements"][1]["tags"].update(total="1e9"), "décompte illisible"),
        (lambda made: made["elements"][1].update(tags=None), "tags"),
        (lambda made: made["elements"].append("<b>"), "limite de"),
        (lambda made: made.pop("osm3s"), "date de la base"),
        (lambda made: made["osm3s"].update(timestamp_osm_base=""), "date de la base"),
        (lambda made: made.update(elements=None), "elements"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_in_words(ask, change, said):
    answer = copy.deepcopy(WHOLE)
    change(answer)
    with pytest.raises(FetchError, match=said) as caught:
        ask(answer)
    assert len(str(caught.value)) < 500


def test_an_unknown_area_is_not_a_town_without_trees(ask):
    """Each count is zero when the area is missing: nothing is kept of them."""
    none = {"type": "count", "id": 0, "tags": {"total": "0"}}
    with pytest.raises(FetchError, match="limite de la commune 46042 absente"):
        ask(WHOLE | {"elements": [none] * len(overpass.KINDS)})


def test_too_many_requests_waits_half_a_minute_at_least(server):
    def answer(request: Request) -> Response:
        busy = len(server.log) == 0
        return Response(json.dumps(WHOLE), 429 if busy else 200, content_type="application/json")

    server.expect_request(overpass.PATH).respond_with_handler(answer)
    at = Time()
    overpass.fetch(CARD, territory("46042"), client(at))
    assert min(at.sleeps) >= 30


def test_requests_are_ten_seconds_apart(server, monkeypatch):
    server.expect_request(overpass.PATH).respond_with_json(WHOLE)
    monkeypatch.setattr("connectors.network.http.LOOPBACK", frozenset())  # as if it were far away
    at = Time()
    with Http(clock=at.clock, throttle=Throttle()) as get:
        for _ in range(3):
            overpass.fetch(CARD, territory("46042"), get)
    assert at.sleeps == [10, 10]


@pytest.mark.parametrize("code", ["200023737", "00001", "dep:46"])
def test_only_real_communes_are_asked(server, code):
    with pytest.raises(NotCovered):
        overpass.fetch(CARD, territory(code), client())
    assert not server.log


# -- the rules, on true objects -----------------------------------------------------------------

TEST = re.compile(r'\[(!)?"([^"]+)"(?:(=|!=|!~)"([^"]+)")?\]')
TYPES = {"node": ("node",), "nwr": ("node", "way", "relation")}


def objects(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Type and tags of each object of an OSM file."""
    for _, found in ET.iterparse(path):
        if found.tag in ("node", "way", "relation"):
            yield found.tag, {tag.get("k", ""): tag.get("v", "") for tag in found.iter("tag")}


def meets(rule: str, kind: str, tags: dict[str, str]) -> bool:
    """Whether Overpass would select an object, for the tests that the rules are made of."""
    asked, tests = rule.split("[")[0], TEST.findall(rule)
    assert "".join(part for part in TEST.split(rule)[:1]) == asked
    return kind in TYPES[asked] and all(_holds(test, tags) for test in tests)


def _holds(test: tuple[str, str, str, str], tags: dict[str, str]) -> bool:
    absent, key, sign, value = test
    if absent:
        return key not in tags
    holds = {
        "": key in tags,
        "=": tags.get(key) == value,
        "!=": tags.get(key) != value,
        "!~": not re.search(value, tags.get(key, "")),
    }
    return holds[sign]


def counted(found: list[tuple[str, dict[str, str]]]) -> dict[str, int]:
    return {
        name: sum(any(meets(rule, *made) for rule in rules) for made in found)
        for name, rules in overpass.KINDS.items()
    }


def test_the_rules_tell_an_invented_handful_apart():
    tags = [
        ("node", {"natural": "tree"}),
        ("way", {"natural": "tree"}),
        ("node", {"natural": "tree_row"}),
        ("way", {"shop": "bakery", "disused:shop": "shoes"}),
        ("node", {"shop": "vacant"}),
        ("node", {"shop": "vacant", "disused:shop": "shoes"}),
        ("node", {"disused:shop": "yes"}),
        ("node", {"shop": "no"}),
        ("relation", {"amenity": "bench"}),
        ("node", {"amenity": "fountain"}),
    ]
    expected = dict.fromkeys(overpass.KINDS, 0)
    expected |= {"arbres": 1, "bancs": 1, "commerces": 1, "commerces vacants": 3}
    assert counted(tags) == expected


def test_the_rules_find_in_a_true_town_what_is_there(shared):
    """Redon in September 2019: counted by the lines of the file, without the rules."""
    path = shared / "fixtures/osm_redon/redon.osm"
    text = path.read_text(encoding="utf-8-sig")
    blocks = re.findall(
        r"<(?:node|way|relation) [^>]*[^/]>(.*?)</(?:node|way|relation)>", text, re.S
    )

    def lines(*wanted: str) -> int:
        return sum(any(one in block for one in wanted) for block in blocks)

    drawn = list(objects(path))
    found = counted(drawn)
    vacant = ('k="shop" v="vacant"',)
    assert found["arbres"] == text.count('k="natural" v="tree"/>') == 317
    assert found["bancs"] == text.count('k="amenity" v="bench"/>') == 47
    assert found["commerces"] == lines('<tag k="shop" v=') - lines(*vacant) > 50
    assert lines(*vacant) < found["commerces vacants"] <= lines(*vacant, 'k="disused:shop"')
    areas = [tags for _, tags in drawn if tags.get("ref:INSEE") == "35236"]
    levels = [tags["admin_level"] for tags in areas if tags.get("boundary") == "administrative"]
    assert levels == ["8"], "la limite que la demande nomme est celle de la commune, et elle seule"
