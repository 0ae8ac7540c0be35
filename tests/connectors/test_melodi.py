"""Melodi: two ways of asking, the same rows; secrets, pages, thousands, merged communes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from copy import deepcopy
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import melodi, melodi_file
from connectors.fetching import FetchError, Got, NotCovered
from connectors.melodi.api import NOTHING
from data.catalog import catalog
from data.territories import territory
from tests.connectors import replay
from tests.connectors.servers import client

CARDS = ("population_series", "household_income", "facilities", "businesses", "census_housing")
CAHORS, FIGEAC = territory("46042"), territory("46102")


class Given:
    """A `get` that answers from memory: a JSON document by page, a file on disk."""

    requests = 0

    def __init__(self, *pages, archive=None, catalogue=None) -> None:
        self.pages, self.archive, self.catalogue = pages, archive, catalogue
        self.asked: list[dict] = []

    def json(self, endpoint_id, path, params=None, **_):
        self.asked.append(dict(params or {}))
        url = f"https://api.example{path}"
        if path.startswith("/melodi/catalog"):
            return self.catalogue, url
        number = int((params or {}).get("page") or 1)
        return self.pages[min(number, len(self.pages)) - 1], url

    def file(self, endpoint_id, path, kinds=("zip",), params=None):
        self.asked.append({"path": path})
        return self.archive

    def address(self, endpoint_id, path):
        return f"https://api.example{path}"


def card(name: str, floor: int = 1):
    found = catalog().datasets[name]
    small = tuple(
        replace(made, params={**made.params, "min_communes": floor}) for made in found.sources
    )
    return replace(found, sources=small)


def answer(name: str) -> dict:
    """The document of the town's example, to be changed at will."""
    return deepcopy(replay.example(name, "melodi").exchanges[0].content)


def town(name: str, *pages, place=(CAHORS,)) -> Got:
    return melodi.fetch_many(card(name), place, Given(*(pages or (answer(name),))))


def packed(tmp_path, name: str, change=lambda text: text, member=None) -> Given:
    """The catalogue and the archive of the national example, its table changed."""
    listed, given = replay.example(name, "melodi_file").exchanges
    path = tmp_path / "insee.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, text in given.content.items():
            data = inside.endswith("_data.csv")
            archive.writestr((member if data and member else inside), change(text) if data else "")
    return Given(archive=path, catalogue=deepcopy(listed.content))


def national(tmp_path, name: str, floor: int = 1, **options) -> Got:
    return melodi_file.fetch(card(name, floor), None, packed(tmp_path, name, **options))


# --- both ways -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CARDS)
def test_a_town_asked_alone_has_the_rows_of_the_national_file(name, tmp_path):
    alone, everyone = town(name), national(tmp_path, name)
    own = everyone.rows[everyone.rows["territory"] == "46042"]
    assert _told(alone.rows) == _told(own)
    assert alone.vintage == everyone.vintage


def _told(rows) -> list[tuple]:
    columns = sorted(rows.columns)
    return sorted(tuple(map(str, row)) for row in rows[columns].itertuples(index=False))


def test_former_communes_are_asked_too_and_added_as_in_the_national_file():
    """01003 is now part of 01165: a dataset older than the merger has the two apart."""
    made = answer("census_housing")
    own = deepcopy(made["observations"])
    for one, code in [
        *((one, "01165") for one in own),
        *((one, "01003") for one in made["observations"]),
    ]:
        one["dimensions"]["GEO"] = re.sub(r"COM-\w+", f"COM-{code}", one["dimensions"]["GEO"])
    made["observations"] += own
    made["paging"] = {"count": len(made["observations"])}
    get = Given(made)
    got = melodi.fetch_many(card("census_housing"), [territory("01165")], get)
    assert {"COM-01165", "COM-01003"} < set(get.asked[0]["GEO"])
    alone = town("census_housing").rows
    assert got.rows["logements"].tolist() == [2 * value for value in alone["logements"]]
    assert set(got.rows["territory"]) == {"01165"} and not got.uncovered


def test_a_next_page_that_is_not_found_is_lost_and_not_the_end():
    first = answer("facilities")
    first["paging"] = {"next": "https://api.example/melodi/data/DS_BPE?page=2"}

    class Lost(Given):
        def json(self, endpoint_id, path, params=None, **_):
            if (params or {}).get("page"):
                raise FetchError("introuvable", 404)
            return super().json(endpoint_id, path, params)

    with pytest.raises(FetchError, match="la page 2, annoncée, est introuvable"):
        melodi.fetch_many(card("facilities"), [CAHORS], Lost(first))


def test_several_communes_go_in_one_request_and_the_silent_one_is_said():
    get = Given(answer("population_series"))
    got = melodi.fetch_many(card("population_series"), [CAHORS, FIGEAC], get)
    assert get.asked[0]["GEO"] == ["COM-46042", "COM-46102"]
    assert got.uncovered == {"46102": NOTHING}


def test_an_intercommunality_is_asked_by_groups_of_its_communes():
    places = [territory(f"010{number:02}") for number in (1, 2, 4, 5, 6, 7, 8, 9)] * 3
    unique = list({place.code: place for place in places}.values())
    source = card("population_series").source("melodi")
    few = replace(card("population_series"), sources=(replace(source, group=3),))
    empty = {**answer("population_series"), "observations": [], "paging": {"count": 0}}
    get = Given(empty)
    with pytest.raises(NotCovered):
        melodi.fetch_many(few, unique, get)
    assert [len(asked["GEO"]) for asked in get.asked] == [3, 3, 2]


# --- what a value is -----------------------------------------------------------------------------


def test_secret_blank_zero_and_value_are_four_things():
    made = answer("household_income")
    median, poverty = made["observations"][:2]
    median["measures"]["OBS_VALUE_NIVEAU"]["value"] = None
    del median["attributes"]
    poverty["measures"]["OBS_VALUE_NIVEAU"] = {"value": 0.0}
    poverty["attributes"]["CONF_STATUS"] = "F"
    row = town("household_income", made).rows.iloc[0]
    assert row["niveau_vie_median"] != row["niveau_vie_median"]  # not a number: blank
    assert not row["niveau_vie_secret"]
    assert (row["taux_pauvrete"], row["taux_pauvrete_secret"]) == (0.0, False)


def test_the_measure_may_bear_any_name():
    made = answer("population_series")
    for one in made["observations"]:
        one["measures"] = {"OBS_VALUE_EFFECTIF": one["measures"]["OBS_VALUE_NIVEAU"]}
    assert town("population_series", made).rows["population_municipale"].tolist() == [19500]


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ({}, "mesure OBS_VALUE_"),
        ({"AUTRE": {"value": 3}}, "mesure OBS_VALUE_"),
        ({"OBS_VALUE_A": {"value": 1}, "OBS_VALUE_B": {"value": 2}}, "mesure OBS_VALUE_"),
        ({"OBS_VALUE_NIVEAU": {"valeur": 3}}, "sans « value »"),
        ({"OBS_VALUE_NIVEAU": {"value": "<b>12</b>"}}, "valeurs"),
        ({"OBS_VALUE_NIVEAU": {"value": float("inf")}}, "valeurs"),
        ({"OBS_VALUE_NIVEAU": {"value": [1]}}, "valeurs"),
        (None, "sans « measures »"),
    ],
)
def test_a_value_that_cannot_be_read_fails_and_is_not_zero(measures, said):
    made = answer("population_series")
    made["observations"][0]["measures"] = measures
    with pytest.raises(FetchError, match=said):
        town("population_series", made)


def test_figures_in_thousands_are_refused(tmp_path):
    made = answer("population_series")
    made["observations"][0]["attributes"] = {"UNIT_MULT": "3"}
    with pytest.raises(FetchError, match="puissances de dix"):
        town("population_series", made)
    with pytest.raises(FetchError, match="puissances de dix"):
        national(tmp_path, "household_income", change=lambda text: text.replace(";0;", ";3;"))


def test_two_values_for_the_same_key_are_refused():
    made = answer("population_series")
    made["observations"].append(made["observations"][0])
    with pytest.raises(FetchError, match="plusieurs valeurs"):
        town("population_series", {**made, "paging": {}})


def test_a_dimension_not_at_its_total_is_left_aside():
    made = answer("population_series")
    for one in made["observations"]:
        one["dimensions"]["SEX"] = "_T"
    women = deepcopy(made["observations"][0])
    women["dimensions"]["SEX"] = "F"
    women["measures"]["OBS_VALUE_NIVEAU"]["value"] = 9000.0
    made["observations"].append(women)
    got = town("population_series", {**made, "paging": {}})
    assert got.rows["population_municipale"].tolist() == [19500]


def test_parts_that_do_not_make_the_whole_are_refused():
    made = answer("census_housing")
    made["observations"][3]["measures"]["OBS_VALUE_NIVEAU"]["value"] = 900.0
    with pytest.raises(FetchError, match="ne font pas « logements »"):
        town("census_housing", made)


def test_a_sector_without_a_known_word_is_said_and_left_aside():
    made = answer("businesses")
    made["observations"][2]["dimensions"]["ACTIVITY"] = "GIZ"
    got = town("businesses", made)
    assert len(got.rows) == 2
    assert "ACTIVITY inconnu laissé de côté : GIZ" in got.detail
    for one in made["observations"][2:]:
        one["dimensions"]["ACTIVITY"] = "ZZ" + one["dimensions"]["ACTIVITY"]
    with pytest.raises(FetchError, match="de sens inconnu"):
        town("businesses", made)


def test_only_the_last_years_are_kept():
    assert town("businesses").rows["annee"].min() == 2022  # 2014 is in the example


# --- answers that are not those asked ------------------------------------------------------------


def test_nothing_for_a_commune_is_not_covered_and_never_zero():
    made = {**answer("facilities"), "observations": [], "paging": {"count": 0}}
    with pytest.raises(NotCovered, match="aucune observation"):
        town("facilities", made)


@pytest.mark.parametrize("geo", ["2025-COM-29019", "2025-DEP-46", "46042", "", None, "COM-"])
def test_another_place_is_refused(geo):
    made = answer("facilities")
    made["observations"][0]["dimensions"]["GEO"] = geo
    with pytest.raises(FetchError, match="non demandé"):
        town("facilities", made)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([], "observations"),
        ({"identifier": "DS_BPE"}, "observations"),
        ({"identifier": "DS_AUTRE", "observations": []}, "réponse du jeu DS_AUTRE"),
        ({"identifier": "DS_BPE", "observations": [None]}, "dimensions"),
        ({"identifier": "DS_BPE", "observations": [{"dimensions": 3}]}, "dimensions"),
        ({"identifier": "DS_BPE", "observations": [], "paging": {"next": "n"}}, "page suivante"),
    ],
)
def test_a_document_of_another_shape_is_refused(made, said):
    with pytest.raises(FetchError, match=said):
        town("facilities", made)


def test_a_missing_dimension_is_named():
    made = answer("facilities")
    for one in made["observations"]:
        one["dimensions"].pop("BPE_MEASURE")
    with pytest.raises(FetchError, match="BPE_MEASURE absent"):
        town("facilities", made)


def test_pages_are_followed_to_the_announced_count():
    whole = answer("facilities")
    first, last = deepcopy(whole), deepcopy(whole)
    first["observations"], last["observations"] = (
        whole["observations"][:4],
        whole["observations"][4:],
    )
    first["paging"] = {"count": 7, "next": "https://ailleurs.example/melodi/data?GEO=x&page=2"}
    last["paging"] = {"count": 7}
    assert len(town("facilities", first, last).rows) == 4
    last["observations"] = last["observations"][:1]
    with pytest.raises(FetchError, match="5 lignes reçues, 7 annoncées"):
        town("facilities", first, last)
    with pytest.raises(FetchError, match="répète une page"):
        town("facilities", first)


def test_an_unknown_dataset_answers_500_in_plain_text(httpserver: HTTPServer, monkeypatch):
    said = Response("Le serveur a rencontré une erreur.", 500, content_type="text/plain")
    httpserver.expect_request("/melodi/data/DS_BPE").respond_with_handler(lambda _: said)
    monkeypatch.setenv("ACV_ENDPOINT_MELODI", httpserver.url_for("").rstrip("/"))
    with pytest.raises(FetchError, match="500"):
        melodi.fetch_many(card("facilities"), [CAHORS], client())


def test_the_request_is_the_documented_one(httpserver: HTTPServer, monkeypatch):
    seen: list[Request] = []

    def reply(request: Request) -> Response:
        seen.append(request)
        return Response(json.dumps(answer("facilities")), content_type="application/json")

    httpserver.expect_request("/melodi/data/DS_BPE").respond_with_handler(reply)
    monkeypatch.setenv("ACV_ENDPOINT_MELODI", httpserver.url_for("").rstrip("/"))
    assert len(melodi.fetch_many(card("facilities"), [CAHORS, FIGEAC], client()).rows) == 4
    assert seen[0].args.getlist("GEO") == ["COM-46042", "COM-46102"]
    assert seen[0].args["maxResult"] == "100000"


# --- the national file ---------------------------------------------------------------------------


def test_merged_communes_add_up_but_a_median_does_not(tmp_path):
    def split(text: str) -> str:  # 01003 is now part of 01165
        return text.replace('"46042"', '"01003"').replace('"46102"', '"01165"')

    got = national(tmp_path, "census_housing", change=split)
    assert got.rows[["territory", "logements"]].to_numpy().tolist() == [["01165", 18050.5]]
    assert "communes fusionnées depuis : 1" in got.detail
    income = national(tmp_path, "household_income", change=split)
    assert "01165" not in set(income.rows["territory"])


def test_a_hollow_file_is_refused(tmp_path):
    with pytest.raises(FetchError, match="2 communes lues, au moins 30000"):
        national(tmp_path, "census_housing", floor=30_000)


def test_codes_that_are_not_communes_of_today_are_refused(tmp_path):
    with pytest.raises(FetchError, match="sans commune connue"):
        national(tmp_path, "facilities", change=lambda text: text.replace("46042", "99998"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("OBS_VALUE", "VALEUR"), "OBS_VALUE absent"),
        (lambda text: text[: len(text) - 20], "illisible"),
        (lambda text: text.replace(";", ","), "absent"),
        (lambda text: "".join(map(str, range(9000))), "première ligne"),
        (lambda text: "", "première ligne"),
        (lambda text: text.replace(";40\n", ";douze\n"), "communes lues"),
        (lambda text: text.replace(";14\n", ";douze\n"), "valeurs"),
        (lambda text: text.replace('"2024"', '"20x4"'), "années"),
    ],
)
def test_a_broken_table_is_refused(tmp_path, change, said):
    with pytest.raises(FetchError, match=said):
        national(tmp_path, "facilities", change=change, floor=3)


def test_a_bomb_and_an_archive_of_something_else_are_refused(tmp_path):
    with pytest.raises(FetchError, match="archive refusée"):
        national(tmp_path, "facilities", change=lambda text: text + "\n" * 5_000_000)
    with pytest.raises(FetchError, match="nom de fichier dangereux"):
        national(tmp_path, "facilities", member="../../evil.csv")
    with pytest.raises(FetchError, match="_data.csv attendu"):
        national(tmp_path, "facilities", member="evil.csv")
    get = packed(tmp_path, "facilities")
    body = get.archive.read_bytes()
    get.archive.write_bytes(body[: len(body) // 2])
    with pytest.raises(FetchError, match="illisible ou tronquée"):
        melodi_file.fetch(card("facilities"), None, get)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://api.insee.fr/melodi/file/DS_AUTRE/X", "aucun fichier CSV"),
        ("https://api.insee.fr/melodi/file/DS_BPE/../../secret", "aucun fichier CSV"),
        ("file:///etc/passwd", "aucun fichier CSV"),
        (None, "aucun fichier CSV"),
    ],
)
def test_the_catalogue_cannot_send_elsewhere(tmp_path, address, said):
    get = packed(tmp_path, "facilities")
    get.catalogue["product"][1]["accessURL"] = address
    with pytest.raises(FetchError, match=said):
        melodi_file.fetch(card("facilities"), None, get)


def test_the_newest_vintage_is_taken_and_the_origin_stays_ours(tmp_path):
    get = packed(tmp_path, "facilities")
    address = "https://ailleurs.example/melodi/file/DS_BPE/DS_BPE_2025_CSV_FR"
    get.catalogue["product"].append({"format": "CSV", "accessURL": address})
    melodi_file.fetch(card("facilities"), None, get)
    assert get.asked[-1] == {"path": "/melodi/file/DS_BPE/DS_BPE_2025_CSV_FR"}


def test_a_long_file_is_read_block_after_block(tmp_path, monkeypatch):
    monkeypatch.setattr(melodi_file, "BLOCK", 500)
    many = "".join(
        f'"46042";"COM";"B";"B2";"B{number:03}";"FACILITIES";"2024";{number}\n'
        for number in range(300, 400)
    )
    got = national(tmp_path, "facilities", change=lambda text: text + many)
    assert len(got.rows) == 105
    assert io.StringIO(many).readline().count(";") == 7
