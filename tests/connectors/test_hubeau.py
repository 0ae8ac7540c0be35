"""Hub'Eau: samples made of results, monthly levels made of measures, and what is not a zero."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import hubeau_levels, hubeau_samples, paged_json
from connectors.fetching import FetchError
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import territory
from tests.connectors.servers import client

CAHORS = territory("46042")
RESULTS = "/api/v1/qualite_eau_potable/resultats_dis"
STATIONS, SERIES = "/api/v1/niveaux_nappes/stations", "/api/v1/niveaux_nappes/chroniques"


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_HUBEAU", httpserver.url_for(""))
    monkeypatch.setenv("ACV_TODAY", "2026-11-22")
    return httpserver


def card(name: str):
    return catalog().datasets[name]


def serve(site: HTTPServer, path: str, rows) -> list[dict]:
    asked: list[dict] = []

    def handler(request: Request) -> Response:
        params = dict(parse_qsl(request.query_string.decode()))
        asked.append(params)
        made = rows(params) if callable(rows) else rows
        body = json.dumps({"count": len(made), "next": None, "data": made})
        return Response(body, 206, content_type="application/json")

    site.expect_request(path).respond_with_handler(handler)
    return asked


def result(sample: str, parameter: str = "1340", **more) -> dict:
    made = {
        "code_prelevement": sample,
        "code_commune": "46042",
        "code_parametre": parameter,
        "libelle_parametre": "Nitrates (en NO3)",
        "resultat_alphanumerique": "12,5" if parameter == "1340" else "<1",
        "resultat_numerique": 0.0,
        "libelle_unite": "mg/L" if parameter == "1340" else "n/(100mL)",
        "limite_qualite_parametre": None,
        "date_prelevement": "2026-06-03T10:12:00Z",
        "conformite_limites_bact_prelevement": "C",
        "conformite_limites_pc_prelevement": "C",
        "reseaux": [{"code": "046000001", "nom": "CAHORS"}],
    }
    return {**made, **more}


def samples():
    return hubeau_samples.fetch(card("drinking_water_quality"), CAHORS, client())


def test_results_of_one_sample_are_one_row(site):
    asked = serve(site, RESULTS, [result("1", "1449"), result("1"), result("2", "1449")])
    rows = samples().rows
    assert len(rows) == 2 and rows["nitrates_mg_l"].tolist()[0] == 12.5
    assert rows["nitrates_mg_l"].isna().tolist() == [False, True]
    assert asked[0]["date_min_prelevement"] == "2024-01-01"
    assert asked[0]["date_max_prelevement"] == "2026-12-31"


def test_nitrates_below_a_threshold_are_not_zero_whatever_the_number_says(site):
    serve(site, RESULTS, [result("1", resultat_alphanumerique="<0,5", resultat_numerique=0.0)])
    got = samples()
    assert got.rows["nitrates_mg_l"].isna().all()
    assert "sous le seuil" in got.detail


def test_a_waiver_and_no_object_are_neither_yes_nor_no(site):
    waiver = {"conformite_limites_pc_prelevement": "D", "conformite_limites_bact_prelevement": "S"}
    failed = {"conformite_limites_pc_prelevement": "N"}
    serve(site, RESULTS, [result("1", **waiver), result("2", **failed)])
    rows = samples().rows
    assert rows["conforme_chimie"].tolist() == [None, False]
    assert rows["conforme_bacteriologie"].tolist() == [None, True]


def test_a_parameter_that_was_not_asked_is_a_filter_ignored(site):
    serve(site, RESULTS, [result("1"), result("2", "1302")])
    with pytest.raises(FetchError, match="1302 reçu sans être demandé"):
        samples()


def test_another_unit_is_refused(site):
    serve(site, RESULTS, [result("1", libelle_unite="µg/L")])
    with pytest.raises(FetchError, match="nitrates en « µg/l »"):
        samples()


@pytest.mark.parametrize("key", ["code_prelevement", "code_commune", "resultat_alphanumerique",
                                 "date_prelevement", "reseaux", "libelle_unite",
                                 "conformite_limites_pc_prelevement"])  # fmt: skip
def test_a_field_that_left_is_seen(site, key):
    row = result("1")
    row.pop(key)
    serve(site, RESULTS, [row])
    with pytest.raises(FetchError):
        samples()


def test_a_town_without_a_sample_is_said_and_is_no_zero(site, empty_store):
    serve(site, RESULTS, [])
    dataset = card("drinking_water_quality")
    source = dataset.source("hubeau_samples")
    line = Run(empty_store, client()).perform(Task(dataset, source, CAHORS))[0]
    assert line.status == "empty" and "aucun prélèvement" in line.detail
    assert not source.exhaustive


def test_a_threshold_stays_a_threshold_among_the_analyses(site):
    rows = [
        result("1", "6276", resultat_alphanumerique="<0,029", libelle_unite="µg/L"),
        result("1", "8847", resultat_alphanumerique="0", libelle_unite="µg/L"),
        result("1", "9268", resultat_alphanumerique=None, libelle_unite="µg/L"),
    ]
    serve(site, RESULTS, rows)
    made = paged_json.fetch(card("water_analyses"), CAHORS, client()).rows
    made = made.set_index("code_parametre")
    assert made["etat"].to_dict() == {
        "6276": "sous le seuil",
        "8847": "mesuré",
        "9268": "non renseigné",
    }
    assert made.loc["6276", "sous_seuil"] == 0.029 and made["valeur"].isna().tolist() == [1, 0, 1]
    assert made.loc["8847", "valeur"] == 0


def test_parameters_not_asked_are_refused_among_the_analyses(site):
    serve(site, RESULTS, [result("1", "1302")])
    with pytest.raises(FetchError, match="Code Sandre"):
        paged_json.fetch(card("water_analyses"), CAHORS, client())


# --- groundwater -------------------------------------------------------------------------------


def station(code: str, last: str | None = "2026-10-01", **more) -> dict:
    made = {"code_bss": code, "code_commune_insee": "46042", "x": 1.44, "y": 44.45}
    return {**made, "date_fin_mesure": last, **more}


def measure(day: str, level: object, code: str = "A/1") -> dict:
    return {"code_bss": code, "date_mesure": day, "niveau_nappe_eau": level}


def levels():
    return hubeau_levels.fetch(card("groundwater_levels"), CAHORS, client())


def test_a_month_is_the_mean_of_its_measures(site):
    serve(site, STATIONS, [station("A/1")])
    days = [("2026-01-01", 100.0), ("2026-01-31", 101.0), ("2026-03-02", 99.0)]
    asked = serve(site, SERIES, [measure(*made) for made in days])
    rows = levels().rows
    assert rows["niveau_ngf_m"].tolist() == [100.5, 99.0]
    assert [str(day)[:10] for day in rows["mois"]] == ["2026-01-01", "2026-03-01"]
    assert asked[0]["code_bss"] == "A/1" and asked[0]["date_debut_mesure"] == "2017-01-01"


def test_a_measure_without_a_level_is_not_zero(site):
    serve(site, STATIONS, [station("A/1")])
    serve(site, SERIES, [measure("2026-01-01", 100.0), measure("2026-01-02", None)])
    assert levels().rows["niveau_ngf_m"].tolist() == [100.0]


def test_a_town_without_a_station_is_said(site, empty_store):
    serve(site, STATIONS, [])
    dataset = card("groundwater_levels")
    task = Task(dataset, dataset.source("hubeau_levels"), CAHORS)
    line = Run(empty_store, client()).perform(task)[0]
    assert line.status == "empty" and "aucune station : Cahors (46042)" in line.detail


def test_stations_that_stopped_are_said_and_not_asked(site):
    serve(site, STATIONS, [station("A/1", "2004-05-01"), station("A/2", "2016-12-31")])
    asked = serve(site, SERIES, [])
    got = levels()
    assert got.rows.empty and asked == []
    assert "stations sans mesure depuis 2017, non demandées : 2" in got.detail
    assert "aucune station" not in got.detail


def test_a_station_without_a_last_day_is_asked(site):
    serve(site, STATIONS, [station("A/1", None)])
    serve(site, SERIES, [measure("2026-01-01", 100.0)])
    assert len(levels().rows) == 1


def test_measures_of_another_station_are_refused(site):
    serve(site, STATIONS, [station("A/1")])
    serve(site, SERIES, [measure("2026-01-01", 100.0, "B/9")])
    with pytest.raises(FetchError, match="mesure de B/9, non de A/1"):
        levels()


def test_stations_of_elsewhere_are_refused_before_their_series_are_asked(site):
    serve(site, STATIONS, [station("A/1"), station("A/2", code_commune_insee="29019")])
    asked = serve(site, SERIES, [])
    with pytest.raises(FetchError, match="29019"):
        levels()
    assert asked == []


def test_a_series_that_fails_is_not_a_station_less(site, empty_store):
    serve(site, STATIONS, [station("A/1"), station("A/2")])

    def answer(request: Request) -> Response:
        if request.args["code_bss"] == "A/2":
            return Response("{}", 503)
        made = [measure("2026-01-01", 100.0)]
        body = json.dumps({"count": 1, "next": None, "data": made})
        return Response(body, content_type="application/json")

    site.expect_request(SERIES).respond_with_handler(answer)
    dataset = card("groundwater_levels")
    task = Task(dataset, dataset.source("hubeau_levels"), CAHORS)
    assert Run(empty_store, client()).perform(task)[0].status == "failed"
    assert not empty_store.has("groundwater_levels")


def test_many_stations_are_bounded_and_it_is_said(site, monkeypatch):
    monkeypatch.setattr(hubeau_levels, "MAX_STATIONS", 3)
    days = [f"2026-0{1 + n}-01" for n in range(5)]
    serve(site, STATIONS, [station(f"A/{n}", day) for n, day in enumerate(days)])
    asked = serve(site, SERIES, lambda p: [measure("2026-01-01", 1.0, p["code_bss"])])
    got = levels()
    assert [made["code_bss"] for made in asked] == ["A/4", "A/3", "A/2"], "les plus récentes"
    assert "stations au-delà de 3, non demandées : 2" in got.detail


@pytest.mark.parametrize("odd", [{"x": 44.45, "y": 1.44}, {"code_bss": ""}, {"code_bss": "x" * 99},
                                 {"code_commune_insee": None}])  # fmt: skip
def test_a_station_that_cannot_be_is_refused(site, odd):
    serve(site, STATIONS, [station("A/1", **odd)])
    serve(site, SERIES, [measure("2026-01-01", 100.0)])
    with pytest.raises(FetchError):
        levels()


@pytest.mark.parametrize("odd", [{"niveau_nappe_eau": "<3"}, {"niveau_nappe_eau": "sec"},
                                 {"date_mesure": "hier"}, {"date_mesure": None}])  # fmt: skip
def test_a_measure_that_cannot_be_read_is_refused(site, odd):
    serve(site, STATIONS, [station("A/1")])
    serve(site, SERIES, [measure("2026-01-01", 100.0) | odd])
    with pytest.raises(FetchError, match="mesure illisible"):
        levels()


# --- withdrawals -------------------------------------------------------------------------------


def withdrawal(**more) -> dict:
    made = {"code_ouvrage": "OPR1", "annee": 2023, "volume": 10.0, "libelle_usage": "EAU POTABLE"}
    return {**made, "code_commune_insee": "46042", "longitude": 1.44, "latitude": 44.45, **more}


def test_a_volume_of_zero_a_volume_untold_and_a_repeated_line(site):
    rows = [withdrawal(volume=0.0), withdrawal(annee=2022, volume=None), withdrawal(volume=0.0)]
    asked = serve(site, "/api/v1/prelevements/chroniques", rows)
    got = paged_json.fetch(card("water_abstractions"), CAHORS, client())
    assert got.rows["volume_m3"].isna().tolist() == [False, True]
    assert got.rows["usage"].unique().tolist() == ["eau potable"]
    assert "lignes répétées par la source, gardées une fois : 1" in got.detail
    assert asked[0]["fields"], "sans la liste des champs, la source répond 500"
