"""Addresses of a local file: what is sent, what is kept, what is refused; and the real program."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import geocoding
from connectors.fetching import FetchError, Unreachable
from connectors.geocoding import CannotLocate, located
from data.territories import territory
from tests.connectors import addok
from tests.connectors.servers import client

TOWN = territory("46042")
HEADER = [*geocoding.SENT, "latitude", "longitude", "result_label", "result_score",
          "result_type", "result_citycode"]  # fmt: skip
FILE = pd.DataFrame(
    {
        "nom": ["Durand", "Petit", "Martin", "Leroy"],
        "telephone": ["0600000000"] * 4,
        "numero": [3, 7, None, 3],
        "voie": [
            "Rue des Essais Fictifs",
            "Boulevard de la Preuve",
            None,
            "Rue des Essais Fictifs",
        ],
    },
    index=[10, 20, 30, 40],
)


class Geocoder:
    """Answers each line with what `say` gives for its address."""

    def __init__(self, server: HTTPServer) -> None:
        self.files: list[str] = []
        self.forms: list[dict] = []
        self.say = lambda address: (44.45, 1.44, 0.9, "housenumber", "46042")
        self.change = lambda text: text
        server.expect_request("/geocodage/search/csv/", "POST").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        text = request.files["data"].read().decode()
        self.files.append(text)
        self.forms.append(request.form.to_dict(flat=False))
        made = io.StringIO()
        writer = csv.writer(made)
        writer.writerow(HEADER)
        for line in csv.DictReader(io.StringIO(text, newline="")):
            lat, lon, score, kind, code = self.say(line["adresse"])
            writer.writerow([*line.values(), lat, lon, line["adresse"], score, kind, code])
        return Response(self.change(made.getvalue()), content_type="text/csv; charset=utf-8")


@pytest.fixture
def geocoder(httpserver: HTTPServer, monkeypatch) -> Geocoder:
    monkeypatch.setenv("ACV_ENDPOINT_GEOCODING", httpserver.url_for(""))
    return Geocoder(httpserver)


def find(rows=FILE, columns=("numero", "voie"), **options):
    return located(client(), rows, columns, TOWN, **options)


def test_each_row_has_its_place_in_the_order_of_the_file(geocoder):
    geocoder.say = lambda address: (
        44.45, 1.44 if "Essais" in address else 1.43, 0.9, "housenumber", "46042"
    )  # fmt: skip
    made = find()
    assert list(made.rows.index) == [10, 20, 30, 40]
    assert list(made.rows["state"]) == ["kept", "kept", "empty", "kept"]
    assert made.rows["lon"].tolist()[:2] == [1.44, 1.43] and made.rows["lon"].isna()[30]
    assert made.counts["kept"] == 3 and made.counts["empty"] == 1 and made.requests == 1
    assert made.sentence == "3 adresses placées sur 4 ; 1 sans adresse"


def test_nothing_but_the_chosen_columns_leaves(geocoder):
    find()
    sent = list(csv.reader(io.StringIO(geocoder.files[0], newline="")))
    assert sent[0] == ["ligne", "adresse", "commune"]
    assert [line[2] for line in sent[1:]] == ["46042"] * 2  # the same address once
    assert "Durand" not in geocoder.files[0] and "0600000000" not in geocoder.files[0]
    assert geocoder.forms[0] == {"columns": ["adresse"], "citycode": ["commune"]}


def test_large_files_go_in_batches(geocoder, monkeypatch):
    monkeypatch.setattr(geocoding, "BATCH", 4)
    rows = pd.DataFrame({"voie": [f"{number} rue X" for number in range(10)]})
    made = find(rows, ["voie"])
    assert made.requests == 3 and made.counts["kept"] == 10
    monkeypatch.setattr(geocoding, "MOST", 9)
    with pytest.raises(CannotLocate, match="10 adresses différentes ; 9 au plus"):
        find(rows, ["voie"])


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (("", "", "", "", ""), "not_found"),
        ((44.45, 1.44, 0.49, "street", "46042"), "unsure"),
        ((44.47, 1.40, 0.97, "street", "46242"), "elsewhere"),
        ((44.47, 1.40, 0.97, "street", ""), "elsewhere"),
        ((44.45, 1.44, 0.97, "municipality", "46042"), "vague"),
        ((44.45, 1.44, 0.5, "street", "46042"), "kept"),
    ],
)
def test_what_is_not_kept_says_why_and_has_no_place(geocoder, said, state):
    geocoder.say = lambda address: said
    made = find()
    assert set(made.rows["state"]) == {state, "empty"}
    assert made.rows["lon"].notna().any() == (state == "kept")
    assert sum(made.counts.values()) == 4


def without(text: str, name: str) -> str:
    return text.replace(name, "autre", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: without(text, "result_citycode"), "result_citycode absente"),
        (lambda text: without(text, "longitude"), "longitude absente"),
        (lambda text: "\n".join(text.splitlines()[:-1]), "1 lignes reçues, 2 envoyées"),
        (lambda text: text[:-25], "lignes reçues, 2 envoyées"),
        (lambda text: text.replace("\r\n0,", "\r\n1,"), "autre ordre"),
        (lambda text: text.replace("44.45,1.44", "1.44,44.45"), "axes inversés"),
        (lambda text: text.replace("1.44", "ici"), "nombre illisible"),
        (lambda text: text.replace("1.44", "nan"), "nombre illisible"),
        (lambda text: text.replace(",0.9,", ",97,"), "note 97"),
        (lambda text: "<html>Maintenance</html>", "HTML"),
        (lambda text: "", "vide"),
    ],
)
def test_an_answer_that_is_not_to_the_question_keeps_nothing(geocoder, change, said):
    geocoder.change = change
    with pytest.raises(FetchError, match=said):
        find()


def test_a_service_that_is_down_is_said(geocoder, httpserver):
    httpserver.clear()
    httpserver.expect_request("/geocodage/search/csv/").respond_with_data("", 503)
    with pytest.raises(Unreachable, match="503"):
        find()


def test_a_file_without_the_column_or_a_town_without_reality_sends_nothing(geocoder):
    for rows, columns, place in (
        (FILE, ["adresse"], TOWN),
        (FILE, [], TOWN),
        (FILE, ["voie"], territory("00001")),
        (FILE, ["voie"], territory("dep:46")),
    ):
        with pytest.raises(CannotLocate):
            located(client(), rows, columns, place)
    assert geocoder.files == []


def test_hostile_addresses_stay_one_short_line(geocoder):
    mean = ['=cmd()\r\n"1","x","75056"', "a" * 5000, "<script>", 'rue; de, "l\'Été"']
    made = find(pd.DataFrame({"voie": mean}), ["voie"])
    sent = list(csv.reader(io.StringIO(geocoder.files[0], newline="")))
    assert len(sent) == 5 and max(len(line[1]) for line in sent) == 200
    assert {line[2] for line in sent[1:]} == {"46042"} and made.counts["kept"] == 4


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    why = addok.absent()
    if why:
        pytest.skip(why)
    with addok.running(tmp_path_factory.mktemp("addok")) as url:
        yield url


@pytest.mark.server
def test_the_real_geocoder_places_the_addresses_of_the_town_and_no_other(real, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEOCODING", real)
    rows = pd.DataFrame(
        {
            "nom": ["Durand"] * 7,
            "adresse": [
                "3 rue des essais fictifs",
                "12 boulevard de la preuve 46000",
                "PLACE DU MODELE",
                "5 chemin du faux voisin",  # another commune
                "zzzz qqqq",
                "Cahors",
                None,
            ],
        }
    )
    made = find(rows, ["adresse"])
    assert list(made.rows["state"]) == [
        "kept", "kept", "kept", "not_found", "not_found", "vague", "empty"
    ]  # fmt: skip
    first = made.rows.iloc[0]
    assert (first["lon"], first["lat"]) == pytest.approx((1.4413, 44.447))
    assert 0.5 <= made.rows["score"].min() <= made.rows["score"].max() <= 1


@pytest.mark.server
def test_the_real_geocoder_takes_the_longest_address_that_is_sent(real, monkeypatch):
    """One more letter and it refuses the whole batch."""
    monkeypatch.setenv("ACV_ENDPOINT_GEOCODING", real)
    rows = pd.DataFrame({"adresse": ["x" * 4000, "3 rue des essais fictifs"]})
    assert find(rows, ["adresse"]).counts["kept"] == 1
    monkeypatch.setattr(geocoding, "LONGEST", 250)
    with pytest.raises(FetchError, match="413"):
        find(rows, ["adresse"])
