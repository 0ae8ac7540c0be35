"""Sales of a commune: one dwelling each, whole years, and nothing of a single sale that leaves."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer

from connectors import dvf
from connectors.fetching import FetchError, NotCovered
from connectors.runs.planning import Task, covers, plan
from connectors.runs.tasks import run
from data.catalog import catalog, endpoints
from data.store import Fetch, Part
from data.territories import acv_towns, territory
from diagnostics.indicators.compute import measure
from diagnostics.indicators.header import indicators
from tests.connectors import replay
from tests.connectors.servers import client
from tests.connectors.test_examples import task_of

CARD = catalog().datasets["property_sales"]
EXAMPLE = replay.example("property_sales", "dvf")
HEADER = EXAMPLE.exchanges[2].content.partition("\n")[0]
YEARS = (2021, 2022, 2023, 2024, 2025, 2026)
EMBEDDED = Path(__file__).parents[2] / "data/embedded"
ROOT = "/geo-dvf/latest/csv"


def line(number: int, day: str, **changes: object) -> str:
    """One invented sale: a flat of 50 m² at 2,000 €/m² but for what is given."""
    cells = dict.fromkeys(HEADER.split(","), "")
    cells |= {
        "id_mutation": f"{day[:4]}-{number}",
        "date_mutation": day,
        "nature_mutation": "Vente",
    }
    cells |= {"code_commune": "46042", "id_parcelle": f"46042000AB{number:04}"}
    cells |= {"code_type_local": "2", "valeur_fonciere": "100000", "surface_reelle_bati": "50"}
    return ",".join(str(changes.get(name, cell)) for name, cell in cells.items())


def sold(year: int, count: int = 6, first: str = "01-05", last: str = "12-28") -> list[str]:
    days = [f"{year}-{first}", f"{year}-{last}"] + [f"{year}-06-15"] * (count - 2)
    return [line(number, day) for number, day in enumerate(days)]


def file(lines: list[str]) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_DVF_FILES", httpserver.url_for(""))
    return httpserver


@pytest.fixture
def ask(server):
    """The files of some years, 404 for the others."""

    def answered(years: dict[int, str], code: str = "46042"):
        for year in YEARS:
            at = f"{ROOT}/{year}/communes/{territory(code).departement}/{code}.csv"
            if year in years:
                server.expect_request(at).respond_with_data(years[year], content_type="text/csv")
        for rest in (r".*\.csv", r".*\.csv\.gz"):
            server.expect_request(re.compile(rest)).respond_with_data("", 404)
        return dvf.fetch(CARD, territory(code), client())

    return answered


def row(got, year: int, kind: str = "appartement"):
    rows = got.rows
    return rows[(rows["year"] == year) & (rows["type_local"] == kind)].iloc[0]


def test_each_year_gives_the_median_of_its_sales(ask):
    got = ask({2024: file(sold(2024)), 2025: file(sold(2025, 7))})
    assert (row(got, 2025)["median_price_m2"], row(got, 2025)["sales_count"]) == (2000.0, 7)
    assert set(got.rows.columns) == {"territory", *(made.name for made in CARD.columns)}
    assert got.detail == "aucune vente publiée pour 2021, 2022, 2023, 2026"
    assert got.vintage == "ventes de 2024 à 2025"


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([line(90, "2025-06-01")] * 3, 7),  # one line thrice
        ([line(90, "2025-06-01"), line(90, "2025-06-01", id_parcelle="x")], 6),  # two flats sold
        ([line(90, "2025-06-01"), line(90, "2025-06-01", code_type_local="4")], 6),  # with a shop
        ([line(90, "2025-06-01"), line(90, "2025-06-01", code_type_local="3")], 7),  # with a cellar
        ([line(90, "2025-06-01"), line(90, "2025-06-01", code_type_local="")], 7),  # with its land
        ([line(90, "2025-06-01", nature_mutation="Echange")], 6),
        ([line(90, "2025-06-01", nature_mutation="Adjudication")], 7),
        ([line(90, "2025-06-01", nature_mutation="Vente en l'état futur d'achèvement")], 7),
        ([line(90, "2025-06-01", surface_reelle_bati="")], 6),
        ([line(90, "2025-06-01", surface_reelle_bati="0")], 6),
        ([line(90, "2025-06-01", valeur_fonciere="")], 6),
        ([line(90, "2025-06-01", valeur_fonciere="nan")], 6),
        ([line(90, "2025-06-01", valeur_fonciere="inf")], 6),
        ([line(90, "2025-06-01", valeur_fonciere="5000000")], 6),  # 100,000 €/m²
        ([line(90, "2025-06-01", code_type_local="4")], 6),
    ],
)
def test_only_a_sale_of_one_dwelling_counts(ask, lines, count):
    assert row(ask({2025: file(sold(2025) + lines)}), 2025)["sales_count"] == count


def test_under_five_sales_no_median_is_given(ask):
    got = ask({2024: file(sold(2024, 4)), 2025: file(sold(2025, 5))})
    assert row(got, 2024).isna()["median_price_m2"] and row(got, 2024)["sales_count"] == 4
    assert row(got, 2025)["median_price_m2"] == 2000.0


def test_nothing_of_a_single_sale_leaves(ask):
    rare = line(77, "2025-05-05", valeur_fonciere="123457", adresse_nom_voie="RUE FICTIVE")
    got = ask({2025: file([*sold(2025), rare])})
    said = got.rows.to_csv() + str(got.detail) + got.url
    assert not {part for part in ("123457", "FICTIVE", "2025-77", "46042000AB") if part in said}


def test_a_year_begun_or_not_finished_is_left_aside(ask):
    years = {2021: sold(2021, first="07-01"), 2025: sold(2025), 2026: sold(2026, last="06-30")}
    got = ask({year: file(lines) for year, lines in years.items()})
    assert set(got.rows["year"]) == {2025}
    assert "2026 laissée de côté : ventes du 2026-01-05 au 2026-06-30 seulement" in got.detail
    assert "2021 laissée de côté" in got.detail


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (file(sold(2025))[:-40], "coupé"),
        (file(sold(2025)).rstrip("\n")[:-60] + "\n", "coupée"),
        (file([line(1, "2025-02-02", code_commune="46224")]), "fichier de 46224"),
        (HEADER + "\n", "fichier de"),
        ("id_mutation,date_mutation\n1,2025-01-01\n", "colonnes absentes"),
        (file([line(1, "2024-02-02")]), "dans le fichier de 2025"),
        (file([line(1, "2025-02-02", valeur_fonciere="1 000 €")]), "illisible"),
        (file([line(1, "2025-02-02", id_mutation='"')]), "illisible"),
        (file([line(1, "2025-02-02", nom_commune="A" * 200_000)]), "illisible"),
        ("\n\n", "colonnes absentes"),
    ],
)
def test_a_broken_or_foreign_file_is_refused_in_words(ask, text, said):
    with pytest.raises(FetchError, match=said) as caught:
        ask({2024: file(sold(2024)), 2025: text})
    assert len(str(caught.value)) < 500


def test_a_line_is_bounded_whatever_limit_another_module_sets(ask):
    """Some readers of this product raise the limit of `csv`, which is that of the whole program."""
    before = csv.field_size_limit(10_000_000)
    try:
        with pytest.raises(FetchError, match="illisible"):
            ask({2025: file([line(1, "2025-02-02", nom_commune="A" * 200_000)])})
    finally:
        csv.field_size_limit(before)


def test_no_file_at_all_is_a_failure_and_not_a_zero(ask):
    with pytest.raises(FetchError, match="aucune année complète"):
        ask({})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(file(sold(2025)).encode())[:-20], "tronqué"),
        (gzip.compress(file(sold(2025)).encode() + b"x" * 50_000), "inachevée"),
        (gzip.compress(b"\xff\xfe" * 99), "illisible"),
    ],
)
def test_a_broken_file_of_a_departement_is_refused(server, body, said):
    server.expect_request(f"{ROOT}/2025/communes/46/46042.csv").respond_with_data("", 404)
    server.expect_request(f"{ROOT}/2025/departements/46.csv.gz").respond_with_data(
        body, content_type="application/gzip"
    )
    with pytest.raises(FetchError, match=said):
        dvf._year(2025, territory("46042"), client())


def test_a_file_that_did_not_change_does_not_hide_one_that_did(server, empty_store):
    """Two years: the département's file of 2024 stays the same, the sales of 2025 do not."""
    card = replace(CARD, sources=(replace(CARD.source("dvf"), params={"years": [2024, 2025]}),))
    server.expect_request(f"{ROOT}/2024/communes/46/46042.csv").respond_with_data("", 404)
    whole = server.expect_request(f"{ROOT}/2024/departements/46.csv.gz")
    whole.respond_with_data(gzip.compress(file(sold(2024)).encode(), mtime=0))
    task = Task(card, card.sources[0], territory("46042"))
    counts = []
    for count in (6, 9):
        latest = server.expect_oneshot_request(f"{ROOT}/2025/communes/46/46042.csv")
        latest.respond_with_data(file(sold(2025, count)), content_type="text/csv")
        fetch = run(empty_store, task, client())
        assert fetch.status == "ok", fetch.detail
        held = empty_store.rows("select * from property_sales where year = 2025 order by all")
        counts += [row["sales_count"] for row in held if row["type_local"] == "appartement"]
    assert counts == [6, 9]


def test_years_that_left_the_source_stay_with_those_it_gives(server, empty_store):
    """The source keeps five years: the sixth, shipped with the product, must not disappear."""
    card = replace(CARD, sources=(replace(CARD.source("dvf"), params={"years": [2024, 2025]}),))
    shipped = pd.read_parquet(EMBEDDED / "property_sales.parquet")
    code = sorted(shipped["territory"])[0]
    own = shipped[shipped["territory"] == code]
    line_of = Fetch(
        dataset="property_sales", territory=code, level="commune", status="ok", rows=len(own),
        seconds=0.0, requests=0, url="", vintage="2021", detail=None, source="x",
        licence="x", connector="embedded", fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    empty_store.save_all([Part(card, line_of, own, (code,))])
    for year in (2024, 2025):
        at = f"{ROOT}/{year}/communes/{territory(code).departement}/{code}.csv"
        body = file(sold(year)).replace("46042,", f"{code},")
        server.expect_request(at).respond_with_data(body, content_type="text/csv")
    task = Task(card, card.sources[0], territory(code))
    for _ in range(2):  # a second refresh keeps them too
        fetch = run(empty_store, task, client())
        assert fetch.status == "ok", fetch.detail
        held = empty_store.frame("select * from property_sales order by all")
        kept = held[held["year"] < 2024].reset_index(drop=True)
        before = own[own["year"] < 2024].sort_values(list(own.columns)).reset_index(drop=True)
        pd.testing.assert_frame_equal(kept[list(own.columns)], before, check_dtype=False)
        assert held.loc[held["year"] == 2025, "sales_count"].sum() == 6, "du frais, pas du livré"
        assert fetch.rows == len(held)
        assert "années gardées de la copie d'avant" in fetch.detail and "2021" in fetch.detail


def test_indicators_read_live_rows_like_the_shipped_ones(empty_store, monkeypatch):
    with replay.Source(EXAMPLE) as source:
        for key in endpoints():
            monkeypatch.setenv(f"ACV_ENDPOINT_{key}", source.url)
        run(empty_store, task_of(EXAMPLE), client())
    wanted = [indicators()[name] for name in ("median_price_flat", "sales_count_house")]
    values = {made.id: made for made in measure(empty_store, territory("46042"), wanted)}
    assert values["median_price_flat"].value == 1500 and values["sales_count_house"].value == 5
    assert values["median_price_flat"].vintage == "2025"


def test_the_columns_and_kinds_are_those_of_the_shipped_extract():
    shipped = pd.read_parquet(EMBEDDED / "property_sales.parquet")
    assert set(shipped["type_local"]) == set(dvf.DWELLINGS)
    assert (shipped["median_price_m2"] % 1 == 0).all(), "prix ronds, comme ceux qui sont livrés"


def test_alsace_moselle_and_mayotte_are_not_asked():
    source = CARD.source("dvf")
    left = {place.departement for place in acv_towns() if not covers(source, place)}
    assert left == {"57", "67", "68", "976"} & {place.departement for place in acv_towns()}
    assert not [task for task in plan(acv_towns(), ["property_sales"]) if task.source == source]


@pytest.mark.parametrize("code", ["200023737", "00001", "dep:46", "69123"])
def test_only_real_communes_are_read(server, code):
    with pytest.raises(NotCovered):
        dvf.fetch(CARD, territory(code), client())
    assert not server.log
