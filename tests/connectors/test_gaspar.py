"""The national GASPAR archive: every vintage read, every harmful or hollow one refused."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer

from connectors import gaspar
from connectors.fetching import FetchError, Got
from data.catalog import Dataset, catalog
from data.territories import Territory, territory
from tests.connectors.servers import client

ANSWERS = Path(__file__).parent.parent / "answers/gaspar"
RECENT, OLD = ANSWERS / "export_2026", ANSWERS / "export_ancien"
DATASETS = ("catnat_orders", "prevention_plans", "risk_records")


class OnDisk:
    """A `get` that gives one archive, as a run does once it has downloaded it."""

    requests = 0

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, endpoint_id, path, kinds=("zip",)) -> Path:
        return self.path

    def address(self, endpoint_id, path) -> str:
        return "https://files.georisques.fr/GASPAR/gaspar.zip"

    def json(self, endpoint_id, path, params=None):
        raise AssertionError("GASPAR se lit en un fichier")


def members_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def card(dataset: str, floor: int = 1) -> Dataset:
    """The real card, with a floor that a handful of lines can pass."""
    found = catalog().datasets[dataset]
    source = found.source("gaspar")
    assert source
    return replace(found, sources=(replace(source, params={"min_communes": floor}),))


@pytest.fixture
def read(tmp_path):
    """Read a dataset in an archive made of these members."""

    def from_members(
        dataset: str, members: dict[str, bytes], place: Territory | None = None
    ) -> Got:
        path = tmp_path / "gaspar.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in members.items():
                archive.writestr(name, body)
        return gaspar.fetch(card(dataset), place, OnDisk(path))

    return from_members


def records(got: Got, *columns: str) -> list[tuple]:
    return list(got.rows[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize("dataset", DATASETS)
def test_columns_are_those_of_the_card(read, dataset):
    got = read(dataset, members_of(RECENT))
    assert list(got.rows.columns) == ["territory", *(c.name for c in card(dataset).columns)]
    assert got.vintage == "2026-09-21" and got.url.endswith("/GASPAR/gaspar.zip")
    for column in card(dataset).columns:
        is_date = pd.api.types.is_datetime64_any_dtype(got.rows[column.name])
        assert is_date == (column.type == "DATE")


def test_recognitions_are_read_once_each_with_their_dates(read):
    got = read("catnat_orders", members_of(RECENT))
    town = got.rows[got.rows["territory"] == "46042"].sort_values(["date_debut", "num_risque"])
    assert list(town["num_risque"]) == ["ICB", "ICB", "MVT", "SEC"]
    assert list(town["id_gaspar"]) == [
        "FICT0000007A", "FICT0000001A", "FICT0000001A", "FICT0000002A",
    ]  # fmt: skip
    assert [str(day.date()) for day in town["date_debut"]] == [
        "1999-12-25", "2021-06-01", "2021-06-01", "2022-07-01",
    ]  # fmt: skip
    last = town.iloc[-1]
    assert last["lib_risque"] == "Sécheresse" and str(last["date_jo"].date()) == "2023-05-03"


def test_codes_that_lost_their_zero_or_their_capital_are_found_again(read):
    got = read("catnat_orders", members_of(RECENT))
    assert {"01004", "2A004", "75056"} <= set(got.rows["territory"])
    french = got.rows[got.rows["territory"] == "2A004"].iloc[0]
    assert str(french["date_debut"].date()) == "1982-11-06"
    quoted = got.rows[got.rows["territory"] == "75056"].iloc[0]
    assert quoted["lib_risque"] == "Inondations et/ou; Coulées de Boue"


def test_unknown_codes_and_unreadable_dates_are_counted_not_hidden(read):
    got = read("catnat_orders", members_of(RECENT))
    assert "laissées de côté, commune inconnue : 2 (2 codes, dont 99999, 1)" in got.detail
    assert "dates illisibles, laissées vides : 1" in got.detail
    assert "00001" not in set(got.rows["territory"]), "Castelvoire n'est dans aucune source"


def test_orders_of_merged_communes_are_those_of_the_current_one_once(read):
    header = "id_gaspar;code_commune;num_risque_jo;lib_risque_jo;date_debut;date_fin;"
    header += "date_signature_arrete;date_publication_jo\n"
    line = "FICT1;{};ICB;Inondation;2001-01-01;2001-01-02;2001-02-01;2001-02-05\n"
    body = header + line.format("01003") + line.format("01070") + line.format("01165")
    got = read("catnat_orders", {"catnat_gaspar.csv": body.encode()})
    assert records(got, "territory", "id_gaspar") == [("01165", "FICT1")]


def test_an_older_export_without_dates_in_names_and_in_latin1_is_read(read):
    got = read("catnat_orders", members_of(OLD))
    assert records(got, "territory", "id_gaspar", "lib_risque") == [
        ("46042", "46FICT19990001", "Inondations et/ou Coulées de Boue")
    ]
    assert str(got.rows["date_arrete"].iloc[0].date()) == "1999-12-29"


def test_the_newest_member_is_read_when_two_are_there(read):
    members = members_of(RECENT)
    members["catnat_gaspar_2025-01-01.csv"] = members_of(OLD)["catnat_gaspar.csv"]
    assert len(read("catnat_orders", members).rows) > 1


def test_members_in_a_folder_of_the_archive_are_found(read):
    members = {f"GASPAR/{name}": body for name, body in members_of(RECENT).items()}
    assert len(read("risk_records", members).rows) == 4


def test_natural_mining_and_technological_plans_are_all_read(read):
    got = read("prevention_plans", members_of(RECENT))
    assert records(got, "territory", "id_gaspar", "model", "state", "risk") == [
        ("46042", "46DDT00000001", "PPRN-I", "Approuvé", "Inondation"),
        ("46042", "46DDT00000002", "PPRN-Mvt", "Prescrit", "Mouvement de terrain"),
        ("01004", "46DDT00000003", "PPRN-I", "Abrogé", "Par une crue"),
        ("30007", "30DREAL0000001", "PPRM", "Approuvé", "Affaissement minier"),
        ("84007", "84DREAL0000001", "PPRT", "Approuvé", "Risque industriel"),
    ]
    assert str(got.rows["prescribed"].iloc[2].date()) == "1964-08-06"
    assert pd.isna(got.rows["approved"].iloc[1])


def test_sub_types_of_risks_are_kept_as_given(read):
    got = read("risk_records", members_of(RECENT))
    assert records(got, "territory", "num_risque") == [
        ("46042", "12"), ("46042", "127"), ("01004", "112"), ("01004", "11"),
    ]  # fmt: skip


def test_one_territory_gets_its_communes_only(read):
    town = read("catnat_orders", members_of(RECENT), territory("46042"))
    assert set(town.rows["territory"]) == {"46042"}
    quiet = read("catnat_orders", members_of(RECENT), territory("35236"))
    assert quiet.rows.empty and "territory" in quiet.rows.columns
    assert len(read("catnat_orders", members_of(RECENT), territory("dep:46")).rows) == 4


@pytest.mark.parametrize("missing", ["pprn", "pprm", "pprt"])
def test_a_missing_member_is_named(read, missing):
    members = {name: body for name, body in members_of(RECENT).items() if missing not in name}
    with pytest.raises(FetchError, match=rf"fichier {missing}_gaspar\*\.csv absent.*azi_gaspar"):
        read("prevention_plans", members)


@pytest.mark.parametrize(
    "column", ["code_commune", "id_gaspar", "date_debut", "date_publication_jo"]
)
def test_a_missing_column_is_named(read, column):
    name = "catnat_gaspar_2026-09-21.csv"
    members = {name: members_of(RECENT)[name].replace(column.encode(), b"autre", 1)}
    with pytest.raises(FetchError, match=f"catnat_gaspar_2026-09-21.csv : colonne .*{column}"):
        read("catnat_orders", members)


@pytest.mark.parametrize("body", [b"", b"\n", b"<html>Maintenance</html>", b"\xff\xfe\x00\x01"])
def test_an_empty_or_foreign_member_is_a_failure_not_zero(read, body):
    with pytest.raises(FetchError):
        read("catnat_orders", {"catnat_gaspar.csv": body})


def test_a_header_alone_is_a_failure_not_a_quiet_country(read):
    header = members_of(OLD)["catnat_gaspar.csv"].splitlines()[0]
    with pytest.raises(FetchError, match="0 communes lues, au moins 1 attendues"):
        read("catnat_orders", {"catnat_gaspar.csv": header})


def test_a_file_whose_codes_are_not_communes_is_refused(read):
    body = members_of(OLD)["catnat_gaspar.csv"] + b"".join(
        b"X%d;9%04d;X;ICB;X;2001-01-01;;;;\r\n" % (n, 9000 + n) for n in range(9)
    )
    with pytest.raises(FetchError, match="9 lignes sur 10 sans commune connue"):
        read("catnat_orders", {"catnat_gaspar.csv": body})


def test_a_file_cut_in_its_columns_is_refused(read):
    body = members_of(OLD)["catnat_gaspar.csv"] + b"46FICT;46042\r\n" * 5
    with pytest.raises(FetchError, match="5 lignes sur 6 sans leurs colonnes"):
        read("catnat_orders", {"catnat_gaspar.csv": body})


def test_too_few_communes_for_the_country_are_refused(tmp_path):
    path = tmp_path / "gaspar.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members_of(RECENT).items():
            archive.writestr(name, body)
    for dataset in DATASETS:
        with pytest.raises(FetchError, match=r"communes lues, au moins \d+ attendues"):
            gaspar.fetch(catalog().datasets[dataset], None, OnDisk(path))


# --- harmful archives ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../catnat_gaspar.csv", "/etc/catnat_gaspar.csv", "..\\catnat_gaspar.csv", "C:/x.csv"]
)
def test_names_that_leave_the_archive_are_refused(read, name):
    with pytest.raises(FetchError, match="nom de fichier dangereux"):
        read("catnat_orders", members_of(OLD) | {name: b"x"})


def test_a_bomb_is_refused_before_it_is_read(read):
    with pytest.raises(FetchError, match="se décompresse plus de 200 fois"):
        read("catnat_orders", {"catnat_gaspar.csv": b"0" * 5_000_000})


def test_a_crowd_of_members_is_refused(read):
    with pytest.raises(FetchError, match="101 fichiers"):
        read("catnat_orders", {f"{n}.csv": b"x" for n in range(101)})


def test_an_archive_too_large_once_open_is_refused(read, monkeypatch):
    monkeypatch.setattr(gaspar, "MAX_BYTES", 1000)
    with pytest.raises(FetchError, match="plus de 1000 octets"):
        read("catnat_orders", members_of(RECENT))


def test_a_damaged_archive_is_a_sentence(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("catnat_gaspar.csv", members_of(OLD)["catnat_gaspar.csv"])
    whole = buffer.getvalue()
    path = tmp_path / "gaspar.zip"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FetchError, match="archive illisible ou tronquée"):
        gaspar.fetch(card("catnat_orders"), None, OnDisk(path))
    at = whole.index(b"46FICT")
    path.write_bytes(whole[:at] + b"XXXX" + whole[at + 4 :])
    with pytest.raises(FetchError, match="fichier corrompu dans l'archive"):
        gaspar.fetch(card("catnat_orders"), None, OnDisk(path))


# --- over the network ----------------------------------------------------------------------------


def test_one_download_serves_the_three_datasets(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GASPAR", httpserver.url_for(""))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in members_of(RECENT).items():
            archive.writestr(name, body)
    httpserver.expect_request("/GASPAR/gaspar.zip").respond_with_data(
        buffer.getvalue(), content_type="application/zip"
    )
    get = client()
    got = [gaspar.fetch(card(dataset), None, get) for dataset in DATASETS]
    assert [one.requests for one in got] == [1, 0, 0] and len(httpserver.log) == 1


@pytest.mark.screens
def test_a_national_file_is_read_in_seconds(read):
    """Thirty-five thousand communes, ten lines each: the size of the real file."""
    from data.territories import members

    codes = [
        code for dep in range(1, 96) if dep != 20 for code in members(territory(f"dep:{dep:02d}"))
    ]
    header = "id_gaspar;code_commune;num_risque_jo;lib_risque_jo;date_debut;date_fin;"
    header += "date_signature_arrete;date_publication_jo\n"
    lines = (
        f"FICT{n};{code};ICB;Inondation;20{n:02d}-01-01 12:00:00;20{n:02d}-01-02;20{n:02d}-02-01;\n"
        for code in codes
        for n in range(8)
    )
    body = (header + "".join(lines)).encode()
    started = time.monotonic()
    got = read("catnat_orders", {"catnat_gaspar_2026-09-21.csv": body})
    assert got.rows["territory"].nunique() == len(codes) > 33_000
    assert len(got.rows) == 8 * len(codes) and time.monotonic() - started < 20
