"""Species and effort: pages, caps split by years, groups within the whole, never a few for none."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import shapely
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import gbif
from connectors.fetching import FetchError, NotCovered
from data.catalog import catalog
from data.shapes import rectangle
from data.territories import territory
from tests.connectors.servers import client
from tests.data.test_shapes import jagged

CARD = catalog().datasets["species_richness"]
BIRDS = {"rank": "classKey", "taxa": {212: "Aves"}}
FROGS = {"rank": "classKey", "taxa": {131: "Amphibia"}}
YEAR = {"field": "YEAR", "counts": [{"name": "hier", "count": 1}]}


def card(**params):
    made = {"since": 2020, "groups": {"Oiseaux": BIRDS, "Amphibiens": FROGS}, **params}
    return replace(CARD, sources=(replace(CARD.sources[0], params=made),))


class Gbif:
    """Records as (species, class, year), counted as the API counts them."""

    def __init__(self, server: HTTPServer, contour: dict) -> None:
        self.records: list[tuple[int | None, int, int]] = []
        self.names = {"212": "Aves", "131": "Amphibia"}
        self.asked: list[dict] = []
        self.urls: list[str] = []
        self.ignores: set[str] = set()  # parameters without effect
        self.change = lambda answer: answer
        town = {"nom": "Cahors", "code": "46042", "contour": contour}
        server.expect_request("/communes/46042").respond_with_json(town)
        server.expect_request("/v1/occurrence/search").respond_with_handler(self.search)
        for key in self.names:
            server.expect_request(f"/v1/species/{key}").respond_with_handler(self.taxon)

    def taxon(self, request: Request) -> Response:
        name = self.names[request.path.rsplit("/", 1)[1]]
        return Response(json.dumps({"canonicalName": name}), content_type="application/json")

    def search(self, request: Request) -> Response:
        asked = request.args
        self.asked.append(asked.to_dict(flat=False))
        self.urls.append(request.url)
        since, until = map(int, asked["year"].split(","))
        kept = [
            (species, kind, year)
            for species, kind, year in self.records
            if since <= year <= until
            and ("classKey" in self.ignores or asked.get("classKey", str(kind)) == str(kind))
        ]
        offset = 0 if "facetOffset" in self.ignores else int(asked["facetOffset"])
        facets = [
            {"field": name, "counts": self._counts(values, offset, int(asked["facetLimit"]))}
            for name, values in (
                ("SPECIES_KEY", [one[0] for one in kept if one[0]]),
                ("YEAR", [one[2] for one in kept]),
            )
        ]
        answer = {"count": len(kept), "results": [], "facets": facets}
        return Response(json.dumps(self.change(answer)), content_type="application/json")

    def _counts(self, values: list[int], offset: int, limit: int) -> list[dict]:
        made = {one: values.count(one) for one in values}
        ordered = sorted(made, key=lambda one: (-made[one], one))[offset : offset + limit]
        return [{"name": str(one), "count": made[one]} for one in ordered]


@pytest.fixture
def world(httpserver: HTTPServer, monkeypatch) -> Gbif:
    for key in ("GEO", "GBIF"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for(""))
    made = Gbif(httpserver, jagged(900))
    made.records = [
        *[(number, 212, 2020 + number % 7) for number in range(1, 8)] * 3,
        *[(number, 216, 2024) for number in range(8, 12)],
        (None, 216, 2021),  # known to its genus only
    ]
    return made


def fetch(place: str = "46042", **params):
    got = gbif.fetch(card(**params), territory(place), client())
    return got, {row["taxon_group"]: row for row in got.rows.to_dict("records")}


def test_species_come_with_the_observations_that_made_them_known(world):
    got, rows = fetch()
    assert (rows["Ensemble"]["species"], rows["Ensemble"]["records"]) == (11, 26)
    assert (rows["Oiseaux"]["species"], rows["Oiseaux"]["records"]) == (7, 21)
    assert (rows["Ensemble"]["first_year"], rows["Ensemble"]["last_year"]) == (2020, 2026)
    assert got.vintage == "2020-2026" and set(got.rows["territory"]) == {"46042"}


def test_a_group_nobody_saw_has_no_row_rather_than_zero_species(world):
    _, rows = fetch()
    assert "Amphibiens" not in rows


def test_nobody_looked_is_no_row_and_few_observations_are_said(world):
    got, _ = fetch()
    assert "26 observations seulement : trop peu pour parler du nombre d'espèces" in got.detail
    world.records = []
    got, rows = fetch()
    assert rows == {} and "0 observations seulement" in got.detail


def test_only_counts_are_asked_of_present_records_within_a_short_contour(world):
    fetch()
    for asked, url in zip(world.asked, world.urls, strict=True):
        assert asked["limit"] == ["0"] and asked["occurrenceStatus"] == ["PRESENT"]
        assert asked["facet"] == ["speciesKey", "year"] and asked["year"] == ["2020,2026"]
        assert len(url) < 3500 and urlsplit(url).path == "/v1/occurrence/search"
        ring = shapely.from_wkt(asked["geometry"][0]).exterior
        assert ring.is_ccw and len(ring.coords) < 100


@pytest.mark.parametrize("page", [1, 2, 3, 11, 12, 5000])
def test_pages_of_species_are_read_to_the_end(world, page):
    _, rows = fetch(page=page)
    assert rows["Ensemble"]["species"] == 11 and rows["Oiseaux"]["species"] == 7
    assert (rows["Ensemble"]["first_year"], rows["Ensemble"]["last_year"]) == (2020, 2026)


def test_a_cap_splits_the_years_and_loses_nothing(world, monkeypatch):
    monkeypatch.setattr(gbif, "CAP", 6)
    _, rows = fetch(page=3)
    assert (rows["Ensemble"]["species"], rows["Ensemble"]["records"]) == (11, 26)
    assert len({tuple(asked["year"]) for asked in world.asked}) > 2
    assert all(int(asked["facetOffset"][0]) + 3 <= 6 for asked in world.asked)


def test_a_single_year_beyond_the_cap_is_refused(world, monkeypatch):
    monkeypatch.setattr(gbif, "CAP", 2)
    with pytest.raises(FetchError, match="plus de 2 espèces en"):
        fetch(page=2)


def test_a_page_for_ever_the_same_is_refused(world):
    world.ignores = {"facetOffset"}
    with pytest.raises(FetchError, match="une page se répète"):
        fetch(page=3)


def test_a_key_that_names_another_group_today_is_refused(world):
    world.names["212"] = "Insecta"
    with pytest.raises(FetchError, match="taxon Insecta reçu, Aves attendu"):
        fetch()


def test_a_contour_that_was_not_applied_is_seen_by_its_count(world):
    world.change = lambda answer: {**answer, "count": 3_000_000_000}
    with pytest.raises(FetchError, match="le contour a été ignoré"):
        fetch()


def test_a_group_larger_than_everything_is_refused(world):
    world.change = lambda answer: {**answer, "count": answer["count"] + len(world.asked)}
    with pytest.raises(FetchError, match="dépasse l'ensemble"):
        fetch(groups={"Oiseaux": {"rank": "kingdomKey", "taxa": {212: "Aves"}}})


SPECIES = {"field": "SPECIES_KEY", "counts": []}


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"count": 3},
        {"count": None, "facets": []},
        {"count": "3", "facets": [SPECIES]},
        {"count": 3, "facets": [SPECIES]},
        {"count": 3, "facets": [SPECIES, {"field": "YEAR", "counts": []}]},
        {"count": -1, "facets": [SPECIES, {"field": "YEAR", "counts": []}]},
        {"count": 1, "facets": [{"field": "SPECIES_KEY", "counts": [{"name": "1", "count": 9}]},
                                {"field": "YEAR", "counts": [{"name": "2024", "count": 1}]}]},
        {"count": 1, "facets": [{"field": "SPECIES_KEY", "counts": [{"name": None, "count": 1}]},
                                {"field": "YEAR", "counts": [{"name": "2024", "count": 1}]}]},
        {"count": 1, "facets": [SPECIES, YEAR]},
    ],
)  # fmt: skip
def test_an_answer_without_its_counts_is_refused_never_read_as_zero(world, answer):
    world.change = lambda _: answer
    with pytest.raises(FetchError):
        fetch()


@pytest.mark.parametrize("code", ["00001", "dep:46"])
def test_what_has_no_contour_is_not_covered(world, code):
    with pytest.raises(NotCovered):
        fetch(code)
    assert world.asked == []


def test_a_square_town_is_asked_with_five_points(httpserver, monkeypatch):
    for key in ("GEO", "GBIF"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for(""))
    made = Gbif(httpserver, rectangle((1.4, 44.41, 1.48, 44.49)))
    got, _ = fetch()
    assert "contour réduit à 5 points, 0,0 % de la surface" in got.detail and made.asked
