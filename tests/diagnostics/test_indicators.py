"""The figures of a territory: their headers, their absences, their values against other means."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from connectors import embedded
from data.catalog import CardError, catalog
from data.store import Fetch, Store
from data.territories import EMBEDDED, acv_towns, members, territory
from diagnostics.__main__ import main
from diagnostics.indicators import THEMES, compute, indicators, load_indicators, series, to_json
from diagnostics.indicators.compute import measure
from diagnostics.indicators.panel import Panel
from diagnostics.indicators.value import implausible, shown

CAHORS, EPCI, MAMOUDZOU = territory("46042"), territory("200023737"), territory("97608")
NEIGHBOUR = territory("46007")  # a small commune of the same intercommunality
WITHOUT_CLIMATE = territory("36044")  # Châteauroux: in the programme, not a pilot town
START = datetime(2026, 11, 1, tzinfo=UTC)
CENSUS = "iris_population"


@pytest.fixture(scope="module")
def store():
    """The embedded default, as a fresh installation has it."""
    store = Store.open(":memory:")
    embedded.load(store)
    yield store
    store.close()


@pytest.fixture
def small():
    """An empty store."""
    store = Store.open(":memory:")
    yield store
    store.close()


def fetch(dataset, scope="FR", status="ok", day=0, **more):
    made = {
        "dataset": dataset,
        "territory": scope,
        "level": "commune",
        "status": status,
        "rows": 0,
        "seconds": 0.0,
        "requests": 0,
        "url": "",
        "vintage": "2021",
        "fetched_at": START + timedelta(days=day),
        "detail": None,
        "connector": "embedded",
        "source": "Source d'essai",
        "licence": "Licence d'essai",
    }
    return Fetch(**{**made, **more})


def give(store, dataset, rows, **more):
    """Save rows as one good fetch; columns not given are empty."""
    card = catalog().datasets[dataset]
    columns = ["territory", *(column.name for column in card.columns)]
    store.save(card, fetch(dataset, **more), pd.DataFrame(rows, columns=columns).astype(object))


def people(code, pop, seniors):
    return {"territory": code, "iris": f"{code}0000", "pop": pop, "pop_65p": seniors}


def one(store, place, indicator, towns=()):
    return measure(store, place, [indicators()[indicator]], towns)[0]


# --- headers ---------------------------------------------------------------------------------

GOOD = """/*
title: Essai
unit: habitants
precision: 0
datasets: [municipalities]
reading: Lecture.
source: Source
higher_is: neutre
plausible: [0, 10]
levels: [commune]
caveats: []
examples:
- says: un
  given: {municipalities: [{territory: "99001", population: 1}]}
  expect: {"99001": 1}
- says: deux
  given: {municipalities: []}
  expect: {"99001": null}
*/
select m.territory, p.population as value
from members m join municipalities p on p.territory = m.member
"""
FIELDS = ["title", "unit", "precision", "datasets", "reading", "source", "higher_is", "plausible"]
FIELDS += ["levels", "caveats"]


def planted(tmp_path, text, theme="portrait", name="essai.sql"):
    path = tmp_path / theme / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_indicators(tmp_path)


def test_a_complete_header_is_taken(tmp_path):
    made = planted(tmp_path, GOOD)["essai"]
    assert (made.theme, made.key, made.plausible) == ("portrait", "essai", (0, 10))


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_refused_with_the_file_and_the_field(tmp_path, field):
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{field}:")]
    with pytest.raises(CardError, match=rf"essai\.sql : {field}"):
        planted(tmp_path, "\n".join(lines))


@pytest.mark.parametrize(
    ("given", "wrong", "said"),
    [
        ("higher_is: neutre", "higher_is: bien", "higher_is"),
        ("datasets: [municipalities]", "datasets: [communes]", "'communes' donné"),
        ("datasets: [municipalities]", f"datasets: [municipalities, {CENSUS}]", "ne le lit pas"),
        ("plausible: [0, 10]", "plausible: [10, 0]", "plausible"),
        ("plausible: [0, 10]", 'plausible: ["a", "b"]', "plausible"),
        ("levels: [commune]", "levels: [quartier]", "levels"),
        ("precision: 0", "precision: beaucoup", "precision"),
        ("caveats: []", "caveats: []\ncolour: rouge", "colour"),
        ("title: Essai", "title: [Essai", "YAML illisible"),
        ("- says: un\n", "- dit: un\n", "examples"),
        ("/*", "--", "en-tête"),
        ("from members m join", "from membres m join", "members"),
    ],
)
def test_a_wrong_header_is_refused_with_the_file_and_the_reason(tmp_path, given, wrong, said):
    with pytest.raises(CardError, match=r"essai\.sql : ") as refusal:
        planted(tmp_path, GOOD.replace(given, wrong, 1))
    assert said in str(refusal.value)


def test_a_header_without_a_query_is_refused(tmp_path):
    with pytest.raises(CardError, match="SQL"):
        planted(tmp_path, GOOD.split("*/")[0] + "*/\n")


def test_an_id_given_twice_is_refused(tmp_path):
    planted(tmp_path, GOOD)
    with pytest.raises(CardError, match="deux fois"):
        planted(tmp_path, GOOD, theme="climat")


def test_the_product_has_enough_indicators_in_its_themes():
    themes = [made.theme for made in indicators().values()]
    assert len(indicators()) >= 24
    assert set(themes) <= set(THEMES)
    assert {"portrait", "climat", "risques", "centre_ville"} <= set(themes)


# --- the embedded figures --------------------------------------------------------------------


def projections(store, place):
    values = compute(store, place, "climat")
    kept = {("climate_projections",), ("hot_days_projections",)}
    return [value for value in values if value.datasets in kept]


def fetched_somewhere(store):
    """The indicators whose datasets all have a good copy for some territory."""
    known = {made.dataset for made in store.fetches() if made.good}
    return [made for made in indicators().values() if known.issuperset(made.datasets)]


def test_every_real_figure_of_the_244_towns_is_plausible_and_within_its_bounds(store):
    groups = {town.code: (town.code,) for town in acv_towns()}
    with store.cursor() as cursor:
        panel = Panel(cursor, groups)
        for indicator in fetched_somewhere(store):
            for code, raw in panel.rows(indicator).items():
                row = shown(indicator, raw)
                assert implausible(indicator, row) is None, (indicator.id, code)
                if row.low is not None:
                    assert row.low <= row.value <= row.high, (indicator.id, code)


def census():
    rows = pd.read_parquet(EMBEDDED / "iris_population.parquet")
    sums = rows.groupby("territory").sum(numeric_only=True)
    return pd.DataFrame(
        {
            "seniors_share": 100 * sums["pop_65p"] / sums["pop"],
            "under_20_share": 100 * sums["pop_0_19"] / sums["pop"],
            "housing": sums["logements"],
            "housing_vacancy_share": 100 * sums["logements_vacants"] / sums["logements"],
            "flats_share": 100 * sums["appartements"] / sums["logements"],
        }
    )


def test_thirty_communes_have_the_figures_that_pandas_reads_in_the_files(store):
    wanted = census()
    codes = random.Random(20261121).sample(sorted(wanted.index), 30)
    chosen = [indicators()[name] for name in wanted.columns]
    for code in codes:
        for value in measure(store, territory(code), chosen):
            figure = wanted.loc[code, value.id]
            if pd.notna(figure):
                assert value.value == pytest.approx(figure, abs=0.051), (code, value.id)


def test_the_place_among_towns_is_that_pandas_computes(store):
    shares = census()["seniors_share"]
    peers = shares[[town.code for town in acv_towns() if town.code in shares.index]]
    found = one(store, CAHORS, "seniors_share", acv_towns()).comparison
    assert found.n == len(peers)
    for name, level in (("p25", 0.25), ("median", 0.5), ("p75", 0.75)):
        assert getattr(found, name) == pytest.approx(peers.quantile(level), abs=0.01)
    assert found.position == "above"


def test_an_intercommunality_is_the_sum_of_its_communes(store):
    chosen = [indicators()[name] for name in ("population", "housing", "vacant_dwellings")]
    parts = [measure(store, territory(code), chosen) for code in members(EPCI)]
    for total, own in zip(measure(store, EPCI, chosen), zip(*parts, strict=True), strict=True):
        assert (total.value, total.level) == (sum(value.value for value in own), "epci")
        assert total.comparison is None


def test_cahors_has_its_climate_at_three_horizons_with_bounds(store):
    values = {value.id: value for value in projections(store, CAHORS)}
    assert len(values) == 24
    assert {value.status for value in values.values()} == {"value"}
    found = values["d35_2100"]
    assert (found.low, found.value, found.high) == (17, 25, 29)
    assert found.interval == "intervalle à 90 % des modèles"
    assert values["d30_2100"].interval == "minimum et maximum des modèles"
    assert values["d35_reference"].low is None
    assert found.source and found.vintage and found.licence and found.fetched_at


def test_a_series_gives_the_three_horizons_in_order(store):
    points = series(store, CAHORS, "d35")
    assert [point.horizon for point in points] == ["2030", "2050", "2100"]
    assert [point.median for point in points] == [9, 12, 25]
    assert {point.reference for point in points} == {3}
    assert all(point.low <= point.median <= point.high for point in points)
    assert series(store, WITHOUT_CLIMATE, "d35") == []
    assert series(store, CAHORS, "inconnu") == []


def test_the_doubtful_cell_of_digne_is_said_beside_its_figure_alone(store):
    assert "sous-estimé" in one(store, territory("04070"), "d30_2050").detail
    assert one(store, CAHORS, "d30_2050").detail is None


# --- absences --------------------------------------------------------------------------------


def test_a_town_without_climate_figures_says_not_fetched_and_never_zero(store):
    for value in projections(store, WITHOUT_CLIMATE):
        assert value.status == "not_fetched"
        assert [value.value, value.low, value.high] == [None] * 3
        assert value.missing == value.datasets
        assert value.comparison is None
        assert value.detail


def test_mamoudzou_is_outside_the_census_and_inside_the_population_list(store):
    values = {value.id: value for value in compute(store, MAMOUDZOU, "portrait")}
    assert values["population"].value > 0
    for name in ("seniors_share", "housing", "iris_count", "iris_seniors_spread"):
        assert (values[name].status, values[name].value) == ("not_covered", None)


def test_a_commune_of_one_district_has_no_spread(store):
    found = one(store, NEIGHBOUR, "iris_seniors_spread")
    assert (found.status, found.value) == ("not_applicable", None)


def test_climate_figures_of_a_town_are_never_passed_off_as_those_of_its_epci(store):
    """The source has files for EPCI: theirs is not fetched, and is not the town's."""
    projected = projections(store, EPCI)
    assert len(projected) == 24
    assert {(value.status, value.value) for value in projected} == {("not_fetched", None)}


def test_a_figure_of_the_town_alone_is_not_applicable_above(store):
    for value in compute(store, territory("dep:46"), "climat"):
        assert (value.status, value.value) == ("not_applicable", None)
        assert "commune" in value.detail


def test_gaspar_is_not_fetched_on_a_fresh_installation(store):
    for name in ("catnat_all", "catnat_drought", "catnat_decade_2010s", "catnat_events"):
        found = one(store, CAHORS, name)
        assert (found.status, found.value) == ("not_fetched", None)


GASPAR = {"connector": "gaspar", "vintage": None}
ORDER = {"id_gaspar": "A1", "num_risque": "ICB", "date_debut": "2021-06-01"}
FLOOD = {"territory": "46042", "lib_risque": "Inondations et/ou Coulées de Boue", **ORDER}
DROUGHT = {"territory": "46042", "lib_risque": "Sécheresse", **ORDER, "num_risque": "SEC"}


def test_in_an_exhaustive_source_a_commune_without_a_row_is_a_true_zero(small):
    give(small, "catnat_orders", [FLOOD, DROUGHT], **GASPAR)
    assert one(small, CAHORS, "catnat_all").value == 2
    neighbour = one(small, NEIGHBOUR, "catnat_all")
    assert (neighbour.status, neighbour.value) == ("value", 0)
    assert one(small, EPCI, "catnat_all").value == 2


def test_recognitions_by_family_and_by_decade_add_up_to_all(small):
    older = {**FLOOD, "date_debut": "1999-12-25", "lib_risque": "Tempête"}
    give(small, "catnat_orders", [FLOOD, DROUGHT, older], **GASPAR)
    values = {value.id: value.value for value in compute(small, CAHORS, "risques")}
    families = [values[f"catnat_{name}"] for name in ("flood", "drought", "ground", "other")]
    decades = [values[f"catnat_decade_{name}s"] for name in (1980, 1990, 2000, 2010, 2020)]
    assert families == [1, 1, 0, 1]
    assert sum(families) == sum(decades) == values["catnat_all"] == 3
    assert values["catnat_events"] == 2
    assert values["catnat_latest"] == "2021-06-01"


def test_elsewhere_a_commune_without_a_row_is_outside_the_source(small):
    give(small, CENSUS, [people("46042", 100, 20)])
    found = one(small, NEIGHBOUR, "iris_count")
    assert (found.status, found.value) == ("not_covered", None)


def test_an_intercommunality_partly_covered_is_not_summed(small):
    give(small, CENSUS, [people(code, 100, 20) for code in members(EPCI)[1:]])
    found = one(small, EPCI, "seniors_share")
    assert (found.status, found.value) == ("not_covered", None)
    assert f"1 commune(s) sur {len(members(EPCI))}" in found.detail
    partial = replace(indicators()["seniors_share"], partial=True)
    allowed = measure(small, EPCI, [partial])[0]
    assert (allowed.status, allowed.value) == ("value", 20.0)
    assert "1 commune(s)" in allowed.detail


def test_a_failure_after_a_good_copy_keeps_the_figure_and_says_so(small):
    give(small, CENSUS, [people("46042", 100, 20)])
    small.log(fetch(CENSUS, status="failed", day=5, detail="adresse : 503"))
    found = one(small, CAHORS, "seniors_share")
    assert (found.status, found.value, found.missing) == ("value", 20.0, ())
    assert found.fetched_at == START
    assert "06/11/2026" in found.detail


@pytest.mark.parametrize(
    ("status", "shown_as", "word"),
    [
        ("failed", "source_failed", "panne"),
        ("offline", "not_fetched", "réseau interdit"),
        ("not_covered", "not_covered", "adresse : 503"),
    ],
)
def test_a_first_attempt_without_success_is_its_own_absence(small, status, shown_as, word):
    small.log(fetch(CENSUS, status=status, detail="adresse : 503"))
    found = one(small, CAHORS, "seniors_share")
    assert (found.status, found.value, found.missing) == (shown_as, None, (CENSUS,))
    assert word in found.detail


@pytest.mark.parametrize("seniors", [300, -5, float("nan")])
def test_an_impossible_figure_is_a_finding_and_not_a_value(small, seniors):
    broken = replace(
        indicators()["seniors_share"],
        sql="select territory, $figure::double as value from members "
        "where (select count(*) from iris_population) > 0",
        params={"figure": seniors},
    )
    give(small, CENSUS, [people("46042", 100, 20)])
    found = measure(small, CAHORS, [broken])[0]
    assert (found.status, found.value) == ("source_failed", None)
    assert "invraisemblable" in found.detail


def test_a_statistical_secret_is_not_a_gap(small):
    secret = replace(
        indicators()["seniors_share"],
        sql="select m.territory, null as value, 'secret' as absence "
        "from members m join iris_population i on i.territory = m.member",
    )
    give(small, CENSUS, [people("46042", 100, 20)])
    found = measure(small, CAHORS, [secret])[0]
    assert (found.status, found.value) == ("secret", None)
    assert found.source == "Source d'essai"


def test_a_figure_of_the_intercommunality_says_so_and_is_not_compared(small):
    rows = [people(EPCI.code, 200, 50)]
    give(small, CENSUS, rows, scope=EPCI.code, level="epci")
    found = one(small, CAHORS, "seniors_share", acv_towns())
    assert (found.value, found.level, found.comparison) == (25.0, "epci", None)
    assert "intercommunalité" in found.detail
    assert one(small, EPCI, "seniors_share").value == 25.0


def test_a_figure_of_two_sources_names_both_and_has_the_age_of_the_older(small):
    tree = {"territory": "46042"}
    give(small, "municipalities", [{**tree, "population": 200}], day=3, vintage="2026")
    alone = one(small, CAHORS, "trees_per_100")
    assert (alone.status, alone.missing) == ("not_fetched", ("tree_inventory",))
    assert (alone.fetched_at, alone.licence) == (None, None)
    more = {"connector": "local_file", "source": "Ville", "licence": "ODbL", "vintage": "2024"}
    give(small, "tree_inventory", [tree, tree], scope="46042", day=1, **more)
    found = one(small, CAHORS, "trees_per_100")
    assert (found.value, found.missing) == (1.0, ())
    assert found.fetched_at == START + timedelta(days=1)
    assert found.source == "Ville ; Source d'essai"
    assert (found.vintage, found.licence) == ("2024 ; 2026", "ODbL ; Licence d'essai")


def test_under_five_towns_there_is_no_comparison(small):
    towns = [town.code for town in acv_towns()[:5]]
    give(small, CENSUS, [people(code, 100, 20) for code in towns[:4]])
    assert one(small, territory(towns[0]), "seniors_share", acv_towns()).comparison is None
    give(small, CENSUS, [people(code, 100, 20) for code in towns])
    assert one(small, territory(towns[0]), "seniors_share", acv_towns()).comparison.n == 5


def test_a_fictional_town_is_neither_compared_nor_in_a_comparison(store):
    for value in compute(store, territory("00001")):
        assert value.comparison is None
    found = one(store, CAHORS, "population", acv_towns()).comparison
    assert found.n == len(acv_towns()) == 244


def test_a_town_of_the_log_without_the_dataset_is_not_a_peer(small):
    """Six towns have rows, one of them in the table alone: the log decides."""
    codes = [town.code for town in acv_towns()[:6]]
    for code in codes[:5]:
        give(small, CENSUS, [people(code, 100, 20)], scope=code)
    card = catalog().datasets[CENSUS]
    columns = ["territory", *(column.name for column in card.columns)]
    rows = pd.DataFrame([people(codes[5], 100, 90)], columns=columns).astype(object)
    small.save(card, fetch(CENSUS, scope="99999"), rows, scope=[codes[5]])
    found = one(small, territory(codes[0]), "seniors_share", acv_towns())
    assert (found.comparison.n, found.comparison.p75) == (5, 20.0)


# --- the shape and the command ---------------------------------------------------------------

KEYS = "id theme title value unit status level vintage source licence fetched_at higher_is datasets"
KEYS += " missing low high comparison reading caveats detail"
STATUSES = {"value", "not_fetched", "not_covered", "secret", "source_failed", "not_applicable"}


PLACES = ["46042", "84007", "97608", "200023737", "46007", "00001", "000000001", "dep:46", "reg:76"]


@pytest.mark.parametrize("code", PLACES)
def test_the_json_shape_is_that_of_the_interface_for_every_kind_of_territory(store, code):
    place = territory(code)
    document = json.loads(json.dumps(to_json(compute(store, place), place), allow_nan=False))
    assert document["territory"]["code"] == place.code
    for made in document["indicators"]:
        assert set(KEYS.split()) <= set(made)
        assert made["status"] in STATUSES
        assert (made["status"] == "value") == (made["value"] is not None)
        assert made["theme"] in THEMES and made["datasets"] and made["source"]
        if made["status"] == "value":
            assert made["fetched_at"] and made["licence"] and not made["missing"]
        else:
            assert made["detail"] and made["comparison"] is None


@pytest.fixture
def place_of_store(tmp_path, monkeypatch):
    monkeypatch.setenv("ACV_STORE", str(tmp_path / "acv.duckdb"))
    monkeypatch.setenv("ACV_TODAY", "2026-11-21")
    monkeypatch.setenv("ACV_OFFLINE", "1")


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "diagnostics", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=120,
    )


@pytest.mark.server
def test_the_command_prints_one_document_with_sourced_figures(place_of_store, capsys):
    made = command("indicators", "46042", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    figures = [row for row in json.loads(made.stdout)["indicators"] if row["value"] is not None]
    sourced = [row for row in figures if row["source"] and row["vintage"] and row["licence"]]
    assert len(sourced) >= 20
    assert main(["indicators", "46042", "--theme", "climat"]) == 0
    text = capsys.readouterr().out
    assert "Jours à 35 °C ou plus" in text
    assert "25 jours/an [17 à 29, intervalle à 90 % des modèles]" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["indicators", "46042", "--theme", "sport"], "sport"),
        (["indicators", "99999"], "99999"),
        (["indicators"], "indicators"),
        (["chiffres", "46042"], "indicators"),
        ([], "indicators"),
        (["indicators", "46042", "--couleur"], "--couleur"),
    ],
)
def test_wrong_use_ends_with_code_2_and_one_sentence(place_of_store, capsys, arguments, said):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert said in err
