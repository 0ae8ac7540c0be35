"""National tables: what the card says is read, and nothing else passes for it."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from contextlib import suppress
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from connectors import bulk_csv
from connectors.fetching import FetchError
from connectors.tables.card import find, table_card
from data.catalog import Column, Source, catalog, endpoints
from data.tables import Misread, Wanted, is_ended, layout, read_table
from data.territories import former_codes, territory
from tests.connectors.servers import client

PATH = "/fichier"
VACANCY = {
    "code": r"CODGEO_(?P<vintage>\d\d)",
    "columns": {
        "logements_prives": {"match": r"(?:ff_)?pp_total_(?P<annee>\d\d)", "secret": "secret"},
        "vacants": {"match": r"pp_vacant_(?P<annee>\d\d)", "secret": "secret"},
    },
}
COLUMNS = (
    Column("annee", "INTEGER", "Année"),
    Column("logements_prives", "INTEGER", "Logements"),
    Column("vacants", "INTEGER", "Vacants"),
    Column("secret", "BOOLEAN", "Secret"),
)


def card(params, columns=COLUMNS):
    made = Source(
        connector="bulk_csv", producer="P", licence="L", level="commune", bulk=True,
        exhaustive=False, coverage="Métropole", endpoint="OFGL", params={"path": PATH, **params},
    )  # fmt: skip
    return replace(catalog().datasets["land_take"], columns=columns, sources=(made,))


@pytest.fixture
def answers(httpserver: HTTPServer, monkeypatch):
    for key in endpoints():
        monkeypatch.setenv(f"ACV_ENDPOINT_{key}", httpserver.url_for(""))

    def fetched(body, dataset, place=None, kind="text/csv"):
        body = body.encode() if isinstance(body, str) else body
        httpserver.clear()
        httpserver.expect_request(PATH).respond_with_data(body, content_type=kind)
        return bulk_csv.fetch(dataset, place, client())

    return fetched


HEADER = "CODGEO_26;LIBGEO_26;pp_vacant_26;ff_pp_total_25;pp_vacant_25\n"
LOVAC = f"{HEADER}46042;Cahors;12;1000;40\n01002;Là-bas;s;90;0\n2A004;Ajaccio;5;;s\n"


def held(got):
    return {
        (row["territory"], int(row["annee"])): (
            None if row.isna()["logements_prives"] else int(row["logements_prives"]),
            None if row.isna()["vacants"] else int(row["vacants"]),
            bool(row["secret"]),
        )
        for _, row in got.rows.iterrows()
    }


EXPECTED = {
    ("46042", 2025): (1000, 40, False), ("46042", 2026): (None, 12, False),
    ("01002", 2025): (90, 0, False), ("01002", 2026): (None, None, True),
    ("2A004", 2025): (None, None, True), ("2A004", 2026): (None, 5, False),
}  # fmt: skip


def zipped(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        LOVAC,
        LOVAC.encode("latin-1"),
        LOVAC.encode("utf-8-sig"),
        LOVAC.replace("\n", "\r\n"),
        LOVAC.replace(";", ","),
        LOVAC.replace("46042;", '"46042";'),
        gzip.compress(LOVAC.encode()),
        gzip.compress(LOVAC[:60].encode()) + gzip.compress(LOVAC[60:].encode()),
        zipped({"lisez-moi.txt": "x", "dossier/communes.csv": LOVAC}),
        LOVAC.replace("01002;", "1002;").replace("2A004", "2a004"),  # what a spreadsheet does
    ],
    ids=["utf-8", "latin-1", "bom", "crlf", "comma", "quotes", "gz", "gz of parts", "zip", "zeros"],
)
def test_every_dress_of_a_file_gives_the_same_rows(answers, body):
    got = answers(body, card(VACANCY), kind="application/octet-stream")
    assert held(got) == EXPECTED
    assert got.vintage == "2026" and got.requests == 1


def parquet(**columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_a_parquet_file_is_read_alike(answers):
    body = parquet(
        CODGEO_26=["46042", "01002", "2A004"], pp_vacant_26=["12", "s", "5"],
        ff_pp_total_25=[1000, 90, None], pp_vacant_25=["40", "0", "s"],
    )  # fmt: skip
    got = answers(body, card(VACANCY), kind="application/octet-stream")
    assert held(got) == EXPECTED
    with pytest.raises(FetchError):
        answers(body[:-20], card(VACANCY), kind="application/octet-stream")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (";" * 5000 + "\n", "5001 colonnes"),
        ("x" * 1_100_000 + "\n", "démesurée"),
        (LOVAC[:-3], "sans fin de ligne"),
        (LOVAC + "84007;Avignon;3\n", "nombre de colonnes"),
        (LOVAC + "84007;Avignon;3;4;5;6\n", "nombre de colonnes"),
        (LOVAC.replace("Cahors", '"Cahors'), "guillemet"),
        (LOVAC.replace("pp_vacant", "vacants"), "absente"),
        (LOVAC.replace("CODGEO_26", "code"), "absente"),
        (LOVAC.replace("LIBGEO_26", "CODGEO_25"), "plusieurs colonnes de code"),
        (LOVAC.replace("LIBGEO_26", "pp_vacant_26"), "2 colonnes"),
        (HEADER + "99991;a;1;2;3\n99992;a;1;2;3\n46042;a;1;2;3\n", "sans commune connue"),
        (LOVAC.replace("1000", "beaucoup"), "ne sont pas des nombres"),
        (LOVAC.replace("1000", "1000.5"), "nombre entier attendu"),
        (LOVAC.replace("1000", "1e300"), "nombre entier attendu"),
        (HEADER, "0 communes lues"),
        ("<html><body>Maintenance</body></html>", "HTML"),
        (gzip.compress(LOVAC.encode())[:-9], "tronqué"),
        (zipped({"a.txt": "x"}), "aucun fichier"),
        (zipped({"a.csv": LOVAC, "b.csv": LOVAC}), "2 fichiers"),
        (zipped({"../a.csv": LOVAC}), "nom de fichier dangereux"),
        (zipped({"a.csv": LOVAC})[:-30], "illisible ou tronquée"),
    ],
)
def test_a_file_that_is_not_the_one_expected_is_refused(answers, body, said):
    with pytest.raises(FetchError, match=said) as error:
        answers(body, card({**VACANCY, "min_communes": 1}), kind="application/octet-stream")
    assert "/tmp" not in str(error.value)


def test_a_file_that_lost_its_communes_is_refused(answers):
    with pytest.raises(FetchError, match="3 communes lues, au moins 30000"):
        answers(LOVAC, card({**VACANCY, "min_communes": 30_000}))


def test_unknown_codes_are_counted_and_overseas_are_known(answers):
    lines = "".join(f"{code};x;1;2;3\n" for code in ("97411", "97105", "2B033", "01004", "75000"))
    got = answers(HEADER + lines, card(VACANCY))
    assert set(got.rows["territory"]) == {"97411", "97105", "2B033", "01004"}
    assert "1 lignes" in got.detail and "commune inconnue" in got.detail


def test_one_place_is_given_its_own_rows(answers):
    got = answers(LOVAC, card(VACANCY), territory("46042"))
    assert set(got.rows["territory"]) == {"46042"}


SHAPE = {
    "code": "code",
    "columns": {
        "n": {"match": "n"},
        "median": {"match": "m", "merge": "alone"},
        "rate": {"match": "r", "merge": ["n", "base"]},
        "base": {"match": "b"},
    },
}
MEASURES = tuple(Column(name, "DOUBLE", name) for name in ("n", "median", "rate", "base"))


MERGED, OLD = "49023", former_codes("49023")[0]


def test_old_communes_are_put_together_as_each_figure_allows(answers):
    got = answers(
        f"code;n;m;r;b\n{MERGED};10;1500;5;2\n{OLD};5;1700;1;5\n46042;3;900;3;1\n",
        card(SHAPE, MEASURES),
    )
    rows = got.rows.set_index("territory")
    assert rows.loc[MERGED, "n"] == 15 and rows.loc[MERGED, "base"] == 7
    assert rows.isna().loc[MERGED, "median"], "deux médianes n'en font pas une"
    assert rows.loc[MERGED, "rate"] == pytest.approx(15 / 7)
    assert rows.loc["46042"].tolist() == [3, 900, 3, 1]
    assert "2 lignes réunies en 1" in got.detail


def test_a_town_given_whole_and_by_arrondissements_is_counted_once(answers):
    header = "CODGEO_26;LIBGEO_26;ff_pp_total_25;pp_vacant_25\n"
    parts = "75101;Paris 1er;100;10\n75102;Paris 2e;200;20\n"
    both = held(answers(f"{header}75056;Paris;300;30\n{parts}46042;Cahors;9;1\n", card(VACANCY)))
    assert both[("75056", 2025)] == (300, 30, False)
    alone = held(answers(f"{header}{parts}46042;Cahors;9;1\n", card(VACANCY)))
    assert alone[("75056", 2025)] == (300, 30, False)


def test_a_median_alone_is_kept_and_a_sum_with_a_hole_is_not_a_sum(answers):
    got = answers(f"code;n;m;r;b\n{MERGED};;1500;;2\n{OLD};5;;;5\n", card(SHAPE, MEASURES))
    row = got.rows.iloc[0]
    assert row["median"] == 1500 and row.isna()["n"] and row["base"] == 7


LONG = {
    "code": "com",
    "keys": {
        "annee": {"column": "exer", "pattern": r"(\d{4})"},
        "agregat": {"column": "ag", "values": ["Dette", "Épargne"]},
    },
    "columns": {"montant": {"match": "m"}},
    "complete": {"annee": 0.95},
}
LONG_COLUMNS = (
    Column("annee", "INTEGER", "Année"), Column("agregat", "VARCHAR", "Agrégat"),
    Column("montant", "DOUBLE", "Montant"),
)  # fmt: skip


def accounts(*years):
    lines = [
        f"{year}-12-31;{code};{label};{year}.5\n"
        for year, codes in years
        for code in codes
        for label in ("Dette", "Épargne")
    ]
    return "exer;com;ag;m\n" + "".join(lines)


def test_a_year_not_yet_complete_is_left_aside_and_said(answers):
    both = ("46042", "01002")
    got = answers(
        accounts((2023, both), (2024, both), (2025, ("46042",))), card(LONG, LONG_COLUMNS)
    )
    assert sorted(got.rows["annee"].unique()) == [2023, 2024] and got.vintage == "2023-2024"
    assert "2025 laissée de côté, incomplète : 1 communes, 2 l'année d'avant" in got.detail


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Dette", "Dettes"), "non demandé"),
        (("Dette", "Épargne"), "ne vaut jamais Dette"),
        (("2024-12-31", ""), "lignes sans"),
        (("2024-12-31", "l'an dernier"), "lignes sans"),
    ],
)
def test_a_label_or_a_year_that_changed_is_refused(answers, change, said):
    body = accounts((2024, ("46042", "01002"))).replace(*change)
    with pytest.raises(FetchError, match=said):
        answers(body, card(LONG, LONG_COLUMNS))


def test_a_filter_keeps_its_lines_and_columns_that_add_up_need_all_their_parts(answers):
    params = {
        "code": "idcom", "filters": {"echelle": ["commune"]},
        "columns": {"ha": {"match": r"art(?P<annee>\d\d)(?:mix|fer)(?P<next>\d\d)", "parts": 2,
                           "divide": 10000, "status": "statut"}},
    }  # fmt: skip
    columns = (
        Column("annee", "INTEGER", "Année"), Column("ha", "DOUBLE", "Surface"),
        Column("statut", "VARCHAR", "Statut"),
    )  # fmt: skip
    header = "idcom,echelle,art22mix23,art22fer23,art22mix25,art22fer25\n"
    body = header + "46042,commune,12345,0,9,9\n01002,commune,<3,1,9,9\n46042,section,7,7,9,9\n"
    got = answers(body, card(params, columns))
    rows = got.rows.set_index("territory")
    assert rows.loc["46042", ["annee", "ha", "statut"]].tolist() == [2022, 1.2345, "value"]
    assert rows.isna().loc["01002", "ha"] and rows.loc["01002", "statut"] == "below"
    with pytest.raises(FetchError, match="1 colonnes"):
        answers(body.replace("art22fer23", "autre"), card(params, columns))


def test_the_cards_read_the_headers_that_reusers_have_seen():
    """Real headers, retyped from public code: editions change, patterns hold."""
    seen = {
        "housing_vacancy": ["CODGEO_25", "LIBGEO_25", "pp_vacant_25", "pp_vacant_plus_2ans_25",
                            "pp_total_24", "pp_vacant_24", "pp_vacant_plus_2ans_24"],
        "land_take": ["idcom", "naf09art10", "art09act10", "art09hab10", "art09mix10",
                      "art09rou10", "art09fer10", "art09inc10", "naf09art24", "art09hab24"],
        "sales_statistics": ["code_geo", "echelle_geo", "nb_ventes_whole_appartement",
                             "moy_prix_m2_whole_appartement", "med_prix_m2_whole_appartement",
                             "nb_ventes_whole_maison", "med_prix_m2_whole_maison",
                             "nb_ventes_whole_apt_maison", "med_prix_m2_whole_apt_maison"],
    }  # fmt: skip
    series = {}
    for name, header in seen.items():
        dataset = catalog().datasets[name]
        found = find(table_card(dataset, dataset.source("bulk_csv")), header, "x")
        series[name] = sorted(str(made.keys) for made in found.series)
    assert series == {
        "housing_vacancy": ["{'annee': 2024}", "{'annee': 2025}"],
        "land_take": ["{'annee': 2009}"],
        "sales_statistics": ["{'type_local': 'appartement'}", "{'type_local': 'maison'}"],
    }


def written(path, rows):
    """A file as Python's own writer makes it, every cell between quotes."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([("a", "b"), *rows])


def reread(path):
    found = read_table(path, layout(path), Wanted(["a", "b"])).columns
    return [
        (one or "", other or "")
        for one, other in zip(*(column.to_pylist() for column in found), strict=True)
    ]


def nasty(chance):
    return "".join(chance.choices('ab ;,"\n\té°\u202f<0-"', k=chance.randrange(8)))


def test_a_text_file_is_read_cell_for_cell_and_never_otherwise_once_cut(tmp_path):
    chance, path = random.Random(20261122), tmp_path / "a.csv"
    rows = [(nasty(chance), nasty(chance)) for _ in range(500)]
    written(path, rows)
    assert reread(path) == rows
    whole = path.read_bytes()
    for at in chance.sample(range(20, len(whole)), 12):
        path.write_bytes(whole[:at])
        if is_ended(path):
            with suppress(Misread):
                found = reread(path)
                assert found == rows[: len(found)]


@pytest.mark.deep
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(*[st.text(st.characters(exclude_characters="\r\0", codec="utf-8"))] * 2)))
def test_any_text_is_read_cell_for_cell(tmp_path, rows):
    written(tmp_path / "a.csv", rows)
    assert reread(tmp_path / "a.csv") == rows


def test_a_broken_line_far_in_a_large_file_is_found(tmp_path):
    path = tmp_path / "a.csv"
    lines = [f"{number};x;{number}" for number in range(120_000)]
    lines[100_000] = "100000;x"
    path.write_text("\n".join(["a;b;c", *lines, ""]))
    for wanted in (Wanted(["a"]), Wanted(["a"], ["c"], {"b": ["y"]})):
        with pytest.raises(Misread, match="ligne 100002"):
            read_table(path, layout(path), wanted)
