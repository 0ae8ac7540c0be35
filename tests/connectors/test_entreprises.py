"""Companies by sector: totals alone, filters proved, a cap that is never a number."""

from __future__ import annotations

import json

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import entreprises
from connectors.fetching import FetchError, NotCovered, Unreachable
from data.catalog import catalog
from data.territories import territory
from tests.connectors.servers import Time, client

CARD = catalog().datasets["sirene_counts"]
SECTIONS = CARD.sources[0].params["sections"]


def company(section: str, commune: object = "46042", **changes: object) -> dict:
    made = {"nom_complet": "FICTIF SECRET", "siren": "000000000", "etat_administratif": "A"}
    made |= {"section_activite_principale": section}
    return made | {"matching_etablissements": [{"commune": commune}]} | changes


@pytest.fixture
def ask(httpserver: HTTPServer, monkeypatch):
    """An answer by section; without one, seven companies."""
    monkeypatch.setenv("ACV_ENDPOINT_ENTREPRISES", httpserver.url_for(""))

    def asked(answers: dict | None = None, code: str = "46042", at: Time | None = None):
        def answer(request: Request) -> Response:
            section = request.args["section_activite_principale"]
            plain = {"results": [company(section)], "total_results": 7}
            made = (answers or {}).get(section, plain)
            if isinstance(made, Response):
                return made
            return Response(json.dumps(made), content_type="application/json")

        httpserver.expect_request("/search").respond_with_handler(answer)
        return entreprises.fetch(CARD, territory(code), client(at))

    asked.log = httpserver.log
    return asked


def test_each_section_is_one_polite_request_and_no_name_is_kept(ask):
    got = ask({"R": {"results": [], "total_results": 0}})
    assert got.requests == len(SECTIONS) == CARD.sources[0].requests
    assert list(got.rows["section"]) == list(SECTIONS)
    counts = dict(zip(got.rows["section"], got.rows["entreprises"], strict=True))
    assert counts["G"] == 7 and counts["R"] == 0
    assert "SECRET" not in got.rows.to_csv() and "000000000" not in got.rows.to_csv()
    asked = ask.log[0][0].args
    assert (asked["per_page"], asked["minimal"], asked["code_commune"]) == ("1", "true", "46042")


def test_at_the_cap_the_number_is_unknown_and_said(ask):
    got = ask({"G": {"results": [company("G")], "total_results": 10_000}})
    assert got.rows["entreprises"].isna().sum() == 1
    assert got.detail == "10000 entreprises ou plus, nombre non donné : G"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"results": [company("G", "75056")], "total_results": 7}, "filtre ignoré"),
        ({"results": [company("G", None)], "total_results": 7}, "filtre ignoré"),
        ({"results": [company("C")], "total_results": 7}, "section C"),
        ({"results": [company("G", etat_administratif="C")], "total_results": 7}, "cessée"),
        ({"results": [company("G", matching_etablissements=[])], "total_results": 7}, "sans établ"),
        ({"results": [company("G", matching_etablissements="x")], "total_results": 7}, "sans étab"),
        ({"results": [], "total_results": 7}, "annoncées"),
        ({"results": [company("G")], "total_results": 0}, "annoncées"),
        ({"results": [company("G")]}, "total_results"),
        ({"results": [company("G")], "total_results": "7"}, "total_results"),
        ({"results": [company("G")], "total_results": True}, "total_results"),
        ({"results": [company("G")], "total_results": -1}, "total_results"),
        ({"results": ["x"], "total_results": 1}, "illisible"),
        ({"erreur": "Veuillez indiquer au moins un paramètre"}, "results"),
        ([], "results"),
    ],
)
def test_an_answer_to_another_question_is_refused(ask, answer, said):
    with pytest.raises(FetchError, match=said) as caught:
        ask({"G": answer})
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("field", ["section_activite_principale", "etat_administratif"])
def test_an_answer_that_does_not_show_its_filter_is_refused(ask, field):
    shown = company("G")
    del shown[field]
    with pytest.raises(FetchError, match="filtre ignoré"):
        ask({"G": {"results": [shown], "total_results": 7}})


def test_no_company_at_all_is_not_a_town(ask):
    nothing = {"results": [], "total_results": 0}
    with pytest.raises(FetchError, match="aucun secteur"):
        ask(dict.fromkeys(SECTIONS, nothing))


def test_too_many_requests_waits_what_the_source_asks(ask):
    at = Time()
    with pytest.raises(Unreachable, match="trop de demandes"):
        ask({"G": Response(status=429, headers={"Retry-After": "7"})}, at=at)
    assert at.sleeps and min(at.sleeps) >= 7


@pytest.mark.parametrize("code", ["200023737", "00001", "75056"])
def test_only_real_communes_are_asked(ask, code):
    with pytest.raises(NotCovered):
        ask(code=code)
    assert not ask.log
