"""LCZ: columns found by pattern, pages, errors inside a 200, towns that the source leaves out."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from connectors import arcgis
from connectors.fetching import FetchError, Got, NotCovered
from data.catalog import catalog
from data.territories import territory
from tests.connectors import replay

CARD = catalog().datasets["local_climate_zones"]
CAHORS, FIGEAC, NANCY = territory("46042"), territory("46102"), territory("54395")
SHAPE, CITY = (made.content for made in replay.example(CARD.id, "arcgis").exchanges)


class Service:
    """A `get` that answers the question about the columns, then page after page."""

    requests = 0

    def __init__(self, *pages, shape=None) -> None:
        self.pages, self.shape = list(pages), shape or SHAPE
        self.asked: list[dict] = []

    def json(self, endpoint_id, path, params=None, **_):
        self.requests += 1
        if "resultRecordCount" in params:
            return self.shape, "https://cerema.example/query"
        self.asked.append(dict(params))
        return self.pages.pop(0), "https://cerema.example/query"

    def address(self, endpoint_id, path):
        return f"https://cerema.example{path}"


def page(*records: dict, more: bool = False) -> dict:
    return {"features": [{"attributes": made} for made in records], "exceededTransferLimit": more}


def commune(code: str, **shares) -> dict:
    return {"insee_com": code, **(shares or {"lcz_2": 12.5, "lcz_a": 87.5})}


def read(*pages, places=(CAHORS,), shape=None) -> Got:
    return arcgis.fetch_many(CARD, places, Service(*pages, shape=shape))


def parts(got: Got) -> dict[str, float]:
    return dict(zip(got.rows["lcz"], got.rows["part_pct"], strict=True))


def test_only_what_the_source_gives_is_filled():
    got = read(CITY)
    assert parts(got)["2"] == 4.2
    assert "1" not in parts(got)
    assert got.rows[["sensibilite", "secteur", "surface_ha", "geometry_geojson"]].isna().all(None)


@pytest.mark.parametrize(
    "names",
    [("LCZ1", "LCZ_A"), ("lcz_1", "lcza"), ("part_lcz_1", "PCT_LCZ_A"), ("p_lcz1", "lcz_a")],
)
@pytest.mark.parametrize("code", ["code_insee", "INSEE_COM", "codgeo"])
def test_columns_are_found_by_pattern(names, code):
    one = {code: "46042", "FID": 1, names[0]: 30, names[1]: 70, "lcz_dominante": "A"}
    service = Service(page(one), shape=page(one))
    got = arcgis.fetch_many(CARD, [CAHORS], service)
    assert parts(got) == {"1": 30, "A": 70}
    assert service.asked[0]["where"] == f"{code} in ('46042')"


def test_fractions_are_brought_to_percentages():
    assert parts(read(page(commune("46042", lcz_2=0.25, lcz_a=0.75)))) == {"2": 25, "A": 75}


def test_a_town_that_the_source_leaves_out_is_a_finding():
    got = read(page(commune("54395")), places=[CAHORS, NANCY])
    assert got.uncovered == {"46042": arcgis.OUTSIDE}
    assert set(got.rows["territory"]) == {"54395"}
    with pytest.raises(NotCovered, match="grandes aires urbaines"):
        read(page())


@pytest.mark.parametrize("empty", [{"lcz_2": None, "lcz_a": None}, {"lcz_2": 0, "lcz_a": 0.0}])
def test_a_town_whose_shares_are_all_empty_is_not_covered(empty):
    got = read(page(commune("46042", **empty), commune("54395")), places=[CAHORS, NANCY])
    assert got.uncovered == {"46042": arcgis.OUTSIDE}


def test_shares_that_do_not_make_a_hundred_are_refused():
    half = commune("46042", lcz_2=20, lcz_a=31)
    with pytest.raises(FetchError, match="46042, les parts font 51"):
        read(page(half))
    places = [CAHORS, *(territory(code) for code in CODES)]
    got = read(page(half, *(commune(code) for code in CODES)), places=places)
    assert "51 au lieu de 100" in got.uncovered["46042"]
    assert "46042" not in set(got.rows["territory"])


CODES = ["54395", "46102", "29019", "12202", "81004"]


def test_pages_go_on_while_the_limit_is_exceeded():
    service = Service(page(commune("46042"), more=True), page(commune("46102")))
    got = arcgis.fetch_many(CARD, [CAHORS, FIGEAC], service)
    assert set(got.rows["territory"]) == {"46042", "46102"}
    assert [asked.get("resultOffset") for asked in service.asked] == [None, 1]
    assert got.requests == 3


def test_a_page_that_comes_back_is_refused():
    again = page(commune("46042"), more=True)
    with pytest.raises(FetchError, match="répète une page"):
        read(again, again)


def test_more_communes_than_one_request_may_name_are_split():
    source = replace(CARD.source("arcgis"), group=2)
    few = replace(CARD, sources=(source,))
    service = Service(page(commune("46042")), page(commune("54395")))
    got = arcgis.fetch_many(few, [CAHORS, FIGEAC, NANCY], service)
    assert [asked["where"].count("'") // 2 for asked in service.asked] == [2, 1]
    assert got.uncovered == {"46102": arcgis.OUTSIDE}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": {"code": 400, "message": "Invalid <b>query</b>"}}, "répond une erreur"),
        ({"error": "non"}, "répond une erreur"),
        ([], "features"),
        ({"features": {}}, "features"),
        ({"features": [None]}, "attributes"),
        ({"features": [{"attributes": None}]}, "attributes"),
        (page({"lcz_2": 100}), "aucun code"),
        (page(commune("29019")), "réponse pour 29019"),
        (page(commune("46042"), commune("46042", lcz_2=100)), "deux fois"),
        (page(commune("46042", lcz_2="beaucoup", lcz_a=3)), "part illisible"),
        (page(commune("46042", lcz_2=-5, lcz_a=105)), "part illisible"),
        (page(commune("46042", lcz_2=1250, lcz_a=8750)), "part illisible"),
        (page(commune("46042", lcz_2=50, LCZ2=50)), "part illisible"),
    ],
)
def test_an_answer_that_cannot_be_believed_is_refused(answer, said):
    with pytest.raises(FetchError, match=said):
        read(deepcopy(answer))


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (page({"nom": "Ville", "lcz_1": 3}), "code de commune absente"),
        (page({"insee_com": "01001", "nom": "Ville"}), "parts absentes"),
        (page(), "code de commune absente"),
        ({"error": {"message": "Token Required"}}, "Token Required"),
    ],
)
def test_a_service_that_changed_its_columns_is_refused(shape, said):
    with pytest.raises(FetchError, match=said):
        read(CITY, shape=shape)


def test_a_department_is_not_asked():
    with pytest.raises(NotCovered):
        arcgis.fetch_many(CARD, [territory("dep:46")], Service())
