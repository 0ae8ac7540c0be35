"""Publishing: nothing doubled, nothing deleted, nothing sent before it is asked, no key told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.datagouv_publish import DEMO, PRODUCTION, Notice, push, steps_in_words

KEY = "cle-secrete-0123456789"
FILES = {"data.csv": b"id\n1\n", "fiche.html": b"<html></html>", "journal_interne.json": b"{}"}
ORGANISATION = {"id": "a" * 24, "slug": "ville-de-cahors", "name": "Ville de Cahors"}
NOTICE = Notice(
    title="Arbres de Cahors",
    description="Arbres d'alignement et de parcs de la ville.",
    licence="Licence Ouverte 2.0",
    frequency="annual",
    keywords=("arbres",),
    zone="fr:commune:46042",
    start="2024-01-01",
    end="2024-12-31",
    schema={"name": "NaturalSolutions/schema-arbre", "version": "0.3.1"},
    organisation=ORGANISATION["id"],
)


class Platform:
    """Built from documentation: udata's ways of creating, updating and sending a file."""

    def __init__(self, server: HTTPServer) -> None:
        self.datasets: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.sent: list[dict[str, Any]] = []
        self.uploaded: list[bytes] = []
        self.keys: set[str | None] = set()
        self.fails: dict[str, Response] = {}
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        self.asked.append((request.method, request.path))
        self.keys.add(request.headers.get("X-API-KEY"))
        for part, response in self.fails.items():
            if part in request.path:
                return response
        path = request.path.removeprefix("/api/1").strip("/").split("/")
        return self._answer(request, path)

    def _answer(self, request: Request, path: list[str]) -> Response:
        if path == ["me"]:
            return made({"id": "b" * 24, "organizations": [ORGANISATION]})
        if path == ["datasets"] and request.method == "GET":
            return made({"data": list(self.datasets.values()), "next_page": None})
        if path == ["datasets"]:
            return self._create(request)
        dataset = self.datasets.get(path[1])
        if dataset is None:
            return made({"message": "absent"}, 404)
        if path[-1] == "upload":
            return self._upload(dataset, request, path[3] if len(path) == 5 else None)
        if len(path) == 4:
            self.sent.append(request.get_json())
            return made({"id": path[3], **request.get_json()})
        if request.method == "PUT":
            self.sent.append(request.get_json())
            dataset.update(request.get_json())
        return made(dataset)

    def _create(self, request: Request) -> Response:
        self.sent.append(request.get_json())
        number = f"{len(self.datasets) + 1:024x}"
        page = f"https://demo.data.gouv.fr/datasets/{number}/"
        self.datasets[number] = {
            **request.get_json(), "id": number, "page": page, "resources": [], "deleted": None
        }  # fmt: skip
        return made(self.datasets[number], 201)

    def _upload(self, dataset: dict[str, Any], request: Request, there: str | None) -> Response:
        self.uploaded.append(request.files["file"].read())
        known = there or f"r{len(dataset['resources'])}"
        if there is None:
            dataset["resources"].append({"id": known})
        return made({"id": known}, 201)


def made(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")


@pytest.fixture
def platform(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    for name in ("DATAGOUV", "DATAGOUV_DEMO"):
        monkeypatch.setenv(f"ACV_ENDPOINT_{name}", httpserver.url_for("").rstrip("/"))
    yield Platform(httpserver)


def sent(**said: Any) -> Any:
    return push(FILES, said.pop("notice", NOTICE), **{"key": KEY, "dry_run": False, **said})


def writes(platform: Platform) -> list[tuple[str, str]]:
    return [one for one in platform.asked if one[0] != "GET"]


def test_a_dry_run_writes_nothing_and_tells_each_step(platform):
    found = sent(dry_run=True)
    assert found.refused is None
    assert writes(platform) == []
    assert [made.action for made in found.steps] == ["create", "add_file", "add_file"]
    assert not any(made.done for made in found.steps)
    assert all(line.startswith("serait fait") for line in steps_in_words(found.steps))


def test_a_dataset_is_created_once_then_updated(platform):
    first = sent()
    assert first.refused is None
    assert platform.sent[0]["organization"] == ORGANISATION["id"]
    assert platform.sent[0]["license"] == "lov2"
    assert platform.sent[0]["spatial"] == {"zones": ["fr:commune:46042"]}
    described = next(one for one in platform.sent if one.get("schema"))
    assert described["schema"] == NOTICE.schema
    assert platform.uploaded[:1] == [FILES["data.csv"]]
    again = sent(known=json.loads(json.dumps(first.known)))
    assert again.refused is None
    assert [made.action for made in again.steps if made.action.startswith(("cre", "upd"))] == [
        "update"
    ]
    assert again.dataset == first.dataset
    assert len(platform.datasets) == 1
    assert len(platform.datasets[first.dataset]["resources"]) == 2
    assert {method for method, _ in platform.asked} == {"GET", "POST", "PUT"}, "rien n'est supprimé"


def test_what_is_internal_is_never_sent(platform):
    sent()
    assert FILES["journal_interne.json"] not in platform.uploaded


def test_a_twin_by_its_title_stops_everything(platform):
    first = sent()
    before = list(platform.sent)
    found = sent(notice=Notice(**{**vars(NOTICE), "title": "  arbres de CAHORS "}))
    assert first.dataset in found.refused
    assert platform.sent == before


@pytest.mark.parametrize("gone", ["deleted", "404"])
def test_a_dataset_taken_away_is_not_made_again_behind_its_back(platform, gone):
    first = sent()
    if gone == "404":
        platform.datasets.clear()
    else:
        platform.datasets[first.dataset]["deleted"] = "2026-11-01"
    before = len(platform.sent)
    found = sent(known=first.known)
    assert "oubliez-le ici" in found.refused
    assert len(platform.sent) == before


def test_a_personal_account_is_confirmed(platform):
    alone = Notice(**{**vars(NOTICE), "organisation": None})
    assert "compte personnel" in sent(notice=alone).refused
    assert writes(platform) == []
    confirmed = Notice(**{**vars(alone), "personal_confirmed": True})
    assert sent(notice=confirmed).refused is None
    assert "organization" not in platform.sent[0]


def test_an_organisation_of_others_is_refused(platform):
    found = sent(notice=Notice(**{**vars(NOTICE), "organisation": "prefecture"}))
    assert "Ville de Cahors" in found.refused
    assert writes(platform) == []


def test_a_file_that_fails_midway_leaves_an_id_to_go_on_from(platform):
    platform.fails["/upload/"] = made({"message": "trop lourd"}, 413)
    broken = sent()
    assert broken.refused and broken.dataset
    platform.fails.clear()
    again = sent(known=broken.known)
    assert again.refused is None
    assert len(platform.datasets) == 1


@pytest.mark.parametrize("body", [[], "non", {"id": 3}, {}])
def test_an_answer_no_one_foresaw_stops_and_says_so(platform, body):
    platform.fails["/datasets/"] = made(body)
    found = sent(known={"dataset": "1" * 24})
    assert found.refused
    assert not any(one.action == "add_file" and one.done for one in found.steps)


@pytest.mark.parametrize("status", [302, 401, 403, 500, 503])
def test_a_refusal_is_said_once_without_the_key(platform, status):
    answer = made({"message": f"non {status}"}, status)
    answer.headers["Location"] = "https://ailleurs.test/"
    platform.fails["/me/"] = answer
    found = sent()
    assert found.refused and KEY not in found.refused
    assert len(platform.asked) == 1, "une demande signée n'est pas répétée"
    assert KEY not in json.dumps(found.document())


def test_the_key_goes_to_the_platform_alone(platform):
    sent()
    assert platform.keys == {KEY}
    assert push(FILES, NOTICE, key=" ").refused.startswith("Clé d'API absente")


def test_offline_nothing_is_asked(platform, offline):
    assert "réseau interdit" in sent().refused
    assert platform.asked == []


def test_the_demonstration_platform_is_the_default():
    assert push({}, NOTICE, key=KEY).target == DEMO
    assert "data.csv" in push({}, NOTICE, key=KEY, target=PRODUCTION).refused
    assert "permis" in push(FILES, NOTICE, key=KEY, target="ailleurs").refused
    odd = Notice(**{**vars(NOTICE), "licence": "CC BY-NC"})
    assert push(FILES, odd, key=KEY).refused.startswith("Licence")


INVENTED = {**FILES, "datapackage.json": b'{"fictional": true}'}


@pytest.mark.parametrize("target", [DEMO, PRODUCTION])
def test_data_of_an_invented_town_go_nowhere(platform, target):
    told = sent(target=target, notice=replace(NOTICE, fictional=True))
    found = push(INVENTED, NOTICE, key=KEY, target=target, dry_run=True)
    assert "FICTIVES" in (told.refused or "") and "FICTIVES" in (found.refused or "")
    assert platform.asked == []


ODD = [None, 3, "texte", [], [3], {"id": 3}, {"id": ["a"]}, {"id": None}, {"data": 3}, {"id": ""}]


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("part", ["/me/", "/datasets/", "/upload/"])
def test_answers_of_odd_types_are_refused_in_a_sentence(platform, part, body):
    platform.fails[part] = made(body)
    assert sent().refused
    assert sent(known={"dataset": "0" * 24, "resources": {"data.csv": ["x"]}}).refused


@pytest.mark.parametrize("resources", [3, ["r0"], {"data.csv": {"id": 1}}, {"data.csv": None}])
def test_ids_kept_in_an_odd_way_are_not_believed(platform, resources):
    first = sent()
    again = sent(known={"dataset": first.dataset, "url": 3, "resources": resources})
    assert again.refused is None
    assert sent(known={"dataset": 12}).refused


def test_a_refused_push_keeps_the_ids_of_the_one_before(platform):
    first = sent()
    platform.fails["/me/"] = made({"message": "plus tard"}, 503)
    refused = sent(known=first.known)
    assert refused.refused
    assert refused.known == first.known


def test_a_dataset_of_another_organisation_is_not_moved(platform):
    first = sent()
    platform.datasets[first.dataset]["organization"] = {"id": "c" * 24, "name": "Agglo"}
    platform.asked.clear()
    again = sent(known=first.known)
    assert "Agglo" in (again.refused or "")
    assert writes(platform) == []


@pytest.mark.parametrize(
    "title", ["ARBRES  DE CAHORS", "Arbrés de\u00a0Cahors", "Arbres de Cahors."]
)
def test_a_twin_is_one_whatever_its_writing(platform, title):
    sent(notice=replace(NOTICE, title=title))
    assert "déjà publié" in (sent().refused or "")


@pytest.mark.parametrize("key", [f"{KEY}\nX-Evil: 1", f"{KEY} autre", "clé-é", "x" * 5000])
def test_a_key_that_no_header_can_bear_is_refused_without_being_told(platform, key):
    made_ = sent(key=key)
    assert "illisible" in (made_.refused or "")
    assert key not in json.dumps(made_.document(), ensure_ascii=False)
    assert platform.asked == []


def test_a_key_that_the_platform_repeats_is_kept_nowhere(platform, caplog):
    platform.fails["/me/"] = made({"message": f"clé {KEY} refusée"}, 401)
    refused = sent()
    platform.fails.clear()
    platform.fails["/upload/"] = made({"id": KEY})
    there = sent()
    ours = "".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")
    for one in (refused, there):
        assert KEY not in json.dumps(one.document()) + repr(one) + ours
