"""The Tabular API: pages followed, filter verified, refusals in words; same rows as the file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from connectors import bulk_csv, filtered_csv, tabular
from connectors.fetching import FetchError, NotCovered
from data.catalog import catalog, endpoints
from data.territories import former_codes, territory
from tests.connectors import replay
from tests.connectors.servers import client

RID = "00000000-0000-4000-8000-000000000001"
DATA = f"/api/resources/{RID}/data/"
PROFILE = f"/api/resources/{RID}/profile/"
CAHORS = territory("46042")


@pytest.fixture
def api(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    for key in endpoints():
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for(""))
    return httpserver


def page(lines, total=None, following=None):
    meta = {"page": 1, "page_size": 50, "total": len(lines) if total is None else total}
    return {"data": lines, "links": {"next": following, "prev": None}, "meta": meta}


def test_pages_are_followed_to_the_last(api):
    lines = [{"code": "46042", "n": number} for number in range(120)]

    def answer(request):
        number = int(request.args["page"])
        assert request.args["page_size"] == "50" and request.args["code__exact"] == "46042"
        part = lines[(number - 1) * 50 : number * 50]
        following = f"https://ailleurs.invalid/x/?page={number + 1}" if number < 3 else None
        return Response(_json(page(part, 120, following)), content_type="application/json")

    api.expect_request(DATA).respond_with_handler(answer)
    run = client()
    assert tabular.rows(run, RID, "code", "46042") == lines
    assert run.requests == 3, "de l'adresse suivante, seul le numéro de page est pris"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (page([{"code": "46042"}, {"code": "46043"}]), "filtre ignoré"),
        (page([{"autre": "46042"}]), "sans la colonne"),
        (page([{"code": None}]), "filtre ignoré"),
        (page([{"code": "46042"}], total=3), "1 lignes reçues, 3 annoncées"),
        (page(["46042"]), "sans la liste"),
        ({"data": [{"code": "46042"}]}, "meta.total"),
        (page([{"code": "46042"}], 100, "?page=1"), "répète une page"),
        ([], "sans la liste"),
    ],
)
def test_an_answer_that_is_not_the_one_asked_is_refused(api, document, said):
    api.expect_request(DATA).respond_with_json(document)
    with pytest.raises(FetchError, match=said):
        tabular.rows(client(), RID, "code", "46042")


def test_a_file_that_was_not_read_is_said(api):
    api.expect_request(PROFILE).respond_with_json({"errors": []}, status=404)
    with pytest.raises(FetchError, match="n'a pas lu") as error:
        tabular.profile(client(), RID)
    assert error.value.status == 404


def test_a_refusal_says_what_the_server_said(api):
    said = {"errors": [{"title": "Database error", "detail": {"message": "column x unknown"}}]}
    api.expect_request(DATA).respond_with_json(said, status=400)
    with pytest.raises(FetchError, match="column x unknown"):
        tabular.rows(client(), RID, "x", "46042")


@pytest.mark.parametrize("document", [[], {"profile": {}}, {"profile": {"header": [1]}}])
def test_a_profile_without_a_header_is_refused(api, document):
    api.expect_request(PROFILE).respond_with_json(document)
    with pytest.raises(FetchError, match="en-tête"):
        tabular.profile(client(), RID)


def played(api, monkeypatch, dataset, connector, module, places, **params):
    """The rows that a connector makes of its example."""
    card = catalog().datasets[dataset]
    source = card.source(connector)
    made = replay.example(dataset, connector)
    small = replace(source, params={**source.params, **made.params, **params})
    card = replace(card, sources=(small,))
    with replay.Source(made) as server:
        for key in endpoints():
            monkeypatch.setenv(f"ACV_ENDPOINT_{key}", server.url)
        if places is None:
            return module.fetch(card, None, client()).rows
        return module.fetch_many(card, places, client()).rows


@pytest.mark.parametrize(
    ("dataset", "connector", "module"),
    [
        ("housing_vacancy", "tabular", tabular),
        ("land_take", "tabular", tabular),
        ("sales_statistics", "tabular", tabular),
        ("municipal_finances", "filtered_csv", filtered_csv),
    ],
)
def test_one_town_is_the_same_as_in_the_whole_file(api, monkeypatch, dataset, connector, module):
    town = played(api, monkeypatch, dataset, connector, module, [CAHORS])
    whole = played(api, monkeypatch, dataset, "bulk_csv", bulk_csv, None)
    same = whole[whole["territory"] == "46042"]
    names = [name for name in ("annee", "agregat", "type_local") if name in town]
    ordered = [made.sort_values(names).reset_index(drop=True) for made in (town, same)]
    assert len(town) and ordered[0].astype(str).equals(ordered[1].astype(str))


def lovac(api, lines, header=("CODGEO_26", "pp_total_25", "pp_vacant_plus_2ans_25")):
    dataset = catalog().datasets["housing_vacancy"].source("tabular").params["dataset"]
    resource = {
        "id": RID, "title": "communes.csv", "url": "https://exemple.invalid/communes.csv",
        "format": "csv", "type": "main", "last_modified": "2026-06-25T00:00:00",
    }  # fmt: skip
    document = {"id": dataset, "resources": [resource]}
    api.expect_request(f"/api/1/datasets/{dataset}/").respond_with_json(document)
    api.expect_request(PROFILE).respond_with_json({"profile": {"header": list(header)}})
    api.expect_request(DATA).respond_with_json(
        page([dict(zip(header, line, strict=True)) for line in lines])
    )


def test_a_secret_is_neither_a_zero_nor_a_blank(api):
    lovac(api, [("46042", 900, "s")])
    got = tabular.fetch(catalog().datasets["housing_vacancy"], CAHORS, client())
    row = got.rows.iloc[0]
    assert row["secret_statistique"] and row.isna()["vacants_plus_2_ans"]
    assert row["logements_prives"] == 900 and got.vintage == "2026" and got.requests == 3


def test_a_town_without_a_line_is_not_covered(api):
    lovac(api, [])
    with pytest.raises(NotCovered, match="aucune ligne"):
        tabular.fetch(catalog().datasets["housing_vacancy"], CAHORS, client())


def test_of_several_towns_the_absent_one_is_named(api):
    lovac(api, [("46042", 900, 40)])
    other = territory("84007")
    got = tabular.fetch_many(catalog().datasets["housing_vacancy"], [CAHORS, other], client())
    assert list(got.uncovered) == ["84007"] and set(got.rows["territory"]) == {"46042"}


def test_the_communes_of_before_are_asked_too_and_added(api):
    merged = territory("49023")
    lovac(api, [("49023", 900, 40), (former_codes("49023")[0], 100, 5)])
    got = tabular.fetch(catalog().datasets["housing_vacancy"], merged, client())
    assert got.rows["logements_prives"].tolist() == [1000]
    assert got.rows["vacants_plus_2_ans"].tolist() == [45] and "réunies" in got.detail
    named = api.log[-1][0].args["CODGEO_26__in"].split(",")
    assert named == ["49023", *former_codes("49023")]


@pytest.mark.parametrize(
    "line",
    [("46042", True, 3), ("46042", [1], 3), ("46042", {"a": 1}, 3), ("46042", "<b>12</b>", 3),
     ("46042", 1.5, 3), ("46042", 10**400, 3), ("46042", "x" * 100_000, 3)],
)  # fmt: skip
def test_what_is_no_number_is_refused(api, line):
    lovac(api, [line])
    with pytest.raises(FetchError):
        tabular.fetch(catalog().datasets["housing_vacancy"], CAHORS, client())


def _json(document):
    return json.dumps(document)
