"""Real answers, recorded by others, through our connectors over a real socket.

The bodies stay in the folder of evidence beside the repository: without it these tests are skipped.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from connectors import tabular
from connectors.fetching import FetchError
from connectors.runs.planning import Task
from connectors.runs.tasks import run
from data.catalog import catalog, endpoints
from data.store import Fetch, Store
from data.territories import territory
from tests.connectors import replay
from tests.connectors.replay import Example, Exchange
from tests.connectors.servers import client

NANCY, NANTES = territory("54395"), territory("44109")


@pytest.fixture
def recorded(shared: Path) -> Path:
    return shared / "fixtures/recorded"


@pytest.fixture
def ask(monkeypatch, empty_store):
    """Serve these exchanges and run one source on them."""

    def asked(dataset: str, connector: str, place, *exchanges: Exchange, **params) -> Fetch:
        example = Example(dataset, connector, "recorded", exchanges, (), 0)
        card = catalog().datasets[dataset]
        source = card.source(connector)
        assert source
        source = replace(source, params={**source.params, **params})
        card = replace(card, sources=(source,))
        with replay.Source(example) as server:
            for key in endpoints():
                monkeypatch.setenv(f"ACV_ENDPOINT_{key}", server.url)
            return run(empty_store, Task(card, source, place), client())

    return asked


def rows(store: Store, sql: str) -> list[tuple]:
    return [tuple(row.values()) for row in store.rows(sql)]


def test_energy_labels_of_nancy(recorded, ask, empty_store):
    body = json.loads((recorded / "data_fair_ademe/values_agg_etiquette_54395.json").read_text())
    path = "/data-fair/api/v1/datasets/dpe03existant/values_agg"
    nested = {"path": path, "params": {"field": "code_insee_ban;type_batiment;etiquette_dpe"}}
    none = {"total": 0, "total_values": 0, "total_other": 0, "aggs": []}
    nowhere = 'code_insee_ban:"99999" AND NOT type_batiment:"immeuble"'
    exchanges = (
        Exchange(**nested, status=400, content={"message": "champ inconnu"}),
        Exchange(path=path, params={"qs": nowhere}, content=none),
        Exchange(path=path, content=body),
    )
    fetch = ask("energy_ratings", "data_fair", NANCY, *exchanges)
    assert fetch.status == "ok", fetch.detail
    found = dict(rows(empty_store, "select etiquette_dpe, nb_dpe from energy_ratings"))
    assert sum(found.values()) == 53742 and found["C"] == 21136 and found["A"] == 80


def test_reference_populations_of_nantes(recorded, ask, empty_store):
    path = recorded / "insee_melodi/get_data_popref_nantes.yml"
    taped = yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]
    bodies = [json.loads(made["response"]["body"]["string"]) for made in taped]
    body = max(bodies, key=lambda made: len(made["observations"]))
    exchange = Exchange(path="/melodi/data/DS_POPULATIONS_REFERENCE", content=body)
    fetch = ask("population_series", "melodi", NANTES, exchange)
    assert fetch.status == "ok", fetch.detail
    given = {
        made["dimensions"]["POPREF_MEASURE"]: made["measures"]["OBS_VALUE_NIVEAU"]["value"]
        for made in body["observations"]
    }
    ((municipal, apart, total),) = rows(
        empty_store,
        "select population_municipale, comptee_a_part, population_totale from population_series",
    )
    assert (municipal, apart, total) == (given["PMUN"], given["PCAP"], given["PTOT"])


def test_no_observation_at_insee_is_not_a_population_of_zero(recorded, ask, empty_store):
    path = recorded / "insee_melodi/get_data_popref_empty.yml"
    taped = yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]
    body = json.loads(taped[0]["response"]["body"]["string"])
    assert body["observations"] == []
    exchange = Exchange(path="/melodi/data/DS_POPULATIONS_REFERENCE", content=body)
    fetch = ask("population_series", "melodi", NANTES, exchange)
    assert fetch.status in ("empty", "not_covered")
    assert not empty_store.has("population_series") or not rows(
        empty_store, "select * from population_series"
    )


def test_the_words_of_insee_for_an_unknown_dataset_are_a_failure(recorded, ask):
    path = recorded / "insee_melodi/get_data_not_exist.yml"
    taped = yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"][0]["response"]
    exchange = Exchange(
        path="/melodi/data/DS_POPULATIONS_REFERENCE",
        status=taped["status"],
        kind="text",
        content=taped["body"]["string"],
    )
    fetch = ask("population_series", "melodi", NANTES, exchange)
    assert fetch.status == "failed" and "500" in (fetch.detail or "")


def test_climate_of_nancy(recorded, ask, empty_store):
    """An extract of 29 lines of 106: each value kept as it is written."""
    text = (recorded / "climadiag/climadiag_v411_54395_nancy_extract.csv").read_text("utf-8")
    key = "CLIMADIAG_COMMUNE/donnees_climadiag_commune_v411_20260908.tar"
    listing = (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<IsTruncated>false</IsTruncated><Contents><Key>{key}</Key><Size>1</Size></Contents>"
        "</ListBucketResult>"
    )
    members = {
        "metadonnees.csv": "54395,54000,Nancy,commune\n",
        "indicateurs_par_commune/54395.csv": text,
    }
    exchanges = (
        Exchange(path="/meteofrance-drias/", kind="text", content=listing),
        Exchange(path=f"/meteofrance-drias/{key}", kind="tar", content=members),
    )
    fetch = ask("climate_projections", "climadiag", None, *exchanges, min_communes=1, min_epci=0)
    assert fetch.status == "ok", fetch.detail
    lines = [line.split(",") for line in text.splitlines()[1:]]
    hot = next(line for line in lines if line[3] == "S1" and line[5] == "2050")
    found = dict(
        rows(
            empty_store,
            "select statistic, value from climate_projections"
            " where indicator = 'd35' and horizon = '2050'",
        )
    )
    assert found == {name: float(hot[at]) for name, at in (("low", 8), ("median", 9), ("high", 10))}


def test_a_water_sample_cut_from_its_list_is_refused_and_whole_is_read(recorded, ask, empty_store):
    """One row of 159 announced: an incomplete list is a failure; complete, `<1` is not a zero."""
    path = recorded / "hubeau/resultats_dis_59310_extract.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    where, place = "/api/v1/qualite_eau_potable/resultats_dis", territory("59310")
    cut = ask("drinking_water_quality", "hubeau_samples", place, Exchange(where, content=body))
    assert cut.status == "failed" and "159" in (cut.detail or "")
    whole = Exchange(where, content={**body, "count": 1})
    fetch = ask("drinking_water_quality", "hubeau_samples", place, whole)
    assert fetch.status == "ok", fetch.detail
    ((nitrates, bacteria, chemistry),) = rows(
        empty_store,
        "select nitrates_mg_l, conforme_bacteriologie, conforme_chimie from drinking_water_quality",
    )
    assert (nitrates, bacteria, chemistry) == (None, True, True)


def test_rows_of_the_tabular_api(recorded, monkeypatch):
    """Two rows of fifteen: refused as incomplete, read when the announced total agrees."""
    path = recorded / "tabular_api/data_ssmsi_75107_2025_extract.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    rid = "44ef4323-1097-48d5-8719-3c544b55d294"
    for total, whole in ((body["meta"]["total"], False), (2, True)):
        answer = {**body, "meta": {**body["meta"], "total": total}}
        answer["links"] = {**body["links"], "next": None}
        exchange = Exchange(path=f"/api/resources/{rid}/data/", content=answer)
        with replay.Source(Example("x", "y", "recorded", (exchange,), (), 0)) as server:
            monkeypatch.setenv("ACV_ENDPOINT_TABULAR", server.url)
            if whole:
                found = tabular.rows(client(), rid, "CODGEO_2026", "75107")
                assert [row["nombre"] for row in found] == [115, None], "un secret n'est pas zéro"
            else:
                with pytest.raises(FetchError, match="15 annoncées"):
                    tabular.rows(client(), rid, "CODGEO_2026", "75107")
