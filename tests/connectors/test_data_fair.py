"""Energy ratings: the commune is read in the answer, labels and counts are whole or refused."""

from __future__ import annotations

import copy
import json

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import data_fair
from connectors.fetching import FetchError, NotCovered
from connectors.runs.planning import Task, budget, plan
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import acv_towns, territory
from diagnostics.indicators.compute import measure
from diagnostics.indicators.header import indicators
from tests.connectors import replay
from tests.connectors.servers import client

CARD = catalog().datasets["energy_ratings"]
PATH = "/data-fair/api/v1/datasets/dpe03existant/values_agg"
WHOLE = replay.example("energy_ratings", "data_fair").exchanges[0].content


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_ADEME", httpserver.url_for(""))
    return httpserver


@pytest.fixture
def ask(server):
    def answered(answer):
        server.expect_request(PATH).respond_with_json(answer)
        return data_fair.fetch(CARD, territory("46042"), client())

    return answered


def flat(**labels: int) -> dict:
    aggs = [{"value": key, "total": count, "results": []} for key, count in labels.items()]
    return {"total": sum(labels.values()), "total_values": 7, "total_other": 0, "aggs": aggs}


def test_one_request_gives_labels_by_type_and_bears_the_commune(ask, server):
    got = ask(WHOLE)
    assert set(got.rows.columns) == {"territory", *(made.name for made in CARD.columns)}
    assert got.rows["nb_dpe"].sum() == 1201 and got.requests == 1
    assert got.detail == "2 diagnostics sans type ou sans étiquette, non comptés"
    asked = server.log[0][0].args
    assert asked["qs"] == 'code_insee_ban:"46042"' and asked["size"] == "0"


def test_no_rating_is_no_row_and_not_a_zero(ask):
    assert ask({"total": 0, "total_values": 0, "total_other": 0, "aggs": []}).rows.empty


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made.update(total=9999), "filtre ignoré"),
        (lambda made: made["aggs"].append(made["aggs"][0] | {"value": "75056"}), "filtre ignoré"),
        (lambda made: made["aggs"].append(made["aggs"][0]), "revient deux fois"),
        (lambda made: made.update(total_other=12), "hors des groupes"),
        (lambda made: made.pop("total_other"), "total_other"),
        (lambda made: made.update(timed_out=True), "partiel"),
        (lambda made: made.update(aggs=[]), "aucun groupe"),
        (lambda made: made.update(total=None), "total"),
        (lambda made: made["aggs"][0]["aggs"][0].pop("aggs"), "aggs"),
        (lambda made: made["aggs"][0]["aggs"][0].update(value="<script>"), "colonne"),
        (lambda made: made["aggs"][0]["aggs"][0]["aggs"][0].update(value="N"), "colonne"),
        (lambda made: made["aggs"][0]["aggs"][0]["aggs"][0].update(total=True), "total"),
        (lambda made: made["aggs"][0]["aggs"][0]["aggs"][0].update(total=-1), "total"),
        (lambda made: made["aggs"][0]["aggs"][0]["aggs"][0].update(total=1e9), "total"),
        (lambda made: made["aggs"][0]["aggs"][0]["aggs"][0].update(total=10**9), "plus de"),
        (lambda made: made["aggs"][0].update(value="A" * 10**6), "filtre ignoré"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_in_words(ask, change, said):
    answer = copy.deepcopy(WHOLE)
    change(answer)
    with pytest.raises(FetchError, match=said) as caught:
        ask(answer)
    assert len(str(caught.value)) < 500


def test_a_server_that_refuses_groups_is_asked_labels_and_a_canary(server):
    def answer(request: Request) -> Response:
        if ";" in request.args["field"]:
            return Response("groupement refusé", 400)
        body = flat(D=70, G=5) if "46042" in request.args["qs"] else flat()
        return Response(json.dumps(body), content_type="application/json")

    server.expect_request(PATH).respond_with_handler(answer)
    got = data_fair.fetch(CARD, territory("46042"), client())
    assert got.requests == 3 and got.rows["type_batiment"].isna().all()
    asked = [made[0].args["qs"] for made in server.log][1:]
    assert all('AND NOT type_batiment:"immeuble"' in words for words in asked), asked
    assert "logements seuls" in got.detail
    assert dict(zip(got.rows["etiquette_dpe"], got.rows["nb_dpe"], strict=True)) == {
        "D": 70,
        "G": 5,
    }


def test_a_canary_that_sings_means_an_ignored_filter(server):
    def answer(request: Request) -> Response:
        refused = ";" in request.args["field"]
        return Response(json.dumps(flat(D=70)), 400 if refused else 200)

    server.expect_request(PATH).respond_with_handler(answer)
    with pytest.raises(FetchError, match="commune inexistante : filtre ignoré"):
        data_fair.fetch(CARD, territory("46042"), client())


def test_the_second_answer_that_did_not_change_is_recognised(server, empty_store):
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return Response(status=304)
        body = json.dumps(WHOLE)
        return Response(body, content_type="application/json", headers={"ETag": '"v1"'})

    server.expect_request(PATH).respond_with_handler(answer)
    task = Task(CARD, CARD.sources[0], territory("46042"))
    first, second = (Run(empty_store, client()).perform(task)[0] for _ in range(2))
    assert (first.status, second.status) == ("ok", "ok") and second.bytes < first.bytes
    assert [entry[1].status_code for entry in server.log] == [200, 304]
    made = indicators()["poor_ratings_share"]
    value = measure(empty_store, territory("46042"), [made])[0]
    assert value.value == pytest.approx(12.6)


@pytest.mark.parametrize("code", ["200023737", "dep:46", "00001"])
def test_only_real_communes_are_asked(server, code):
    with pytest.raises(NotCovered):
        data_fair.fetch(CARD, territory(code), client())
    assert not server.log


def test_the_programme_is_one_request_a_town():
    tasks = plan(acv_towns(), ["energy_ratings"])
    assert budget(tasks).requests == {"data.ademe.fr": 244}


@pytest.mark.parametrize("code", ["75056", "69123", "13055"])
def test_a_town_known_by_its_arrondissements_is_not_covered_and_not_empty(server, code):
    with pytest.raises(NotCovered, match="arrondissement"):
        data_fair.fetch(CARD, territory(code), client())
    assert not server.log
