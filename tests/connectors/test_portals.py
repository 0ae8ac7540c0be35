"""Towns' own portals: which kind stands at an address, its list, and all that may be wrong in it.

The shapes of the answers are those of each program's documentation; values are invented. WFS and
OGC API Features are read on real servers in test_portal_servers.py.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.fetching import FetchError, NotCovered, Offline
from connectors.portals import arcgis_hub, data_fair, dcat, opendatasoft, probe
from connectors.portals.answers import MAX_DATASETS
from connectors.runs.planning import Task
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.records import Record
from data.territories import territory
from tests.connectors.servers import client

CARD = catalog().datasets["portal_datasets"]
CAHORS = territory("46042")
ODS, CKAN = "/api/explore/v2.1/catalog/datasets", "/api/3/action/package_search"
HUB, FAIR = "/api/search/v1/collections/dataset/items", "/data-fair/api/v1/datasets"
FEED = "/api/feed/dcat-us/1.1.json"


def ods(*identifiers, **metas):
    said = {"title": "Arbres", "publisher": "Ville de Cahors", **metas}
    return [
        {"dataset_id": made, "has_records": True, "features": [], "metas": {"default": said}}
        for made in identifiers
    ]


CKAN_ROW = {
    "id": "c1", "name": "arbres", "title": "Arbres", "notes": "FICTIF", "license_id": "fr-lo",
    "metadata_modified": "2026-02-01T00:00:00", "organization": {"title": "Ville de Cahors"},
    "tags": [{"name": "arbre"}],
    "resources": [
        {
            "name": "arbres.csv", "url": "https://exemple.invalid/a.csv", "format": "CSV",
            "last_modified": "2026-01-01T00:00:00", "schema":
            "https://schema.data.gouv.fr/schemas/scdl/equipements/latest/schema.json",
        }
    ],
}  # fmt: skip
HUB_ROW = {
    "id": "h1", "type": "Feature", "geometry": None,
    "properties": {
        "title": "Arbres", "description": "FICTIF", "type": "Feature Service", "tags": ["arbre"],
        "license": "CC-BY-4.0", "modified": 1767225600000, "source": "Ville de Cahors",
        "url": "https://exemple.invalid/arcgis/rest/services/arbres/FeatureServer",
    },
}  # fmt: skip
FAIR_ROW = {
    "id": "f1", "slug": "arbres", "title": "Arbres", "license": {"title": "Licence Ouverte"},
    "updatedAt": "2026-03-01T00:00:00Z", "dataUpdatedAt": "2026-01-01T00:00:00.000Z",
    "owner": {"type": "organization", "id": "o", "name": "Ville de Cahors"}, "keywords": ["arbre"],
}  # fmt: skip
DCAT_ROW = {
    "@type": "dcat:Dataset", "identifier": "d1", "title": "Arbres", "modified": "2026-01-01",
    "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "keyword": ["arbre"],
    "publisher": {"name": "Ville de Cahors"}, "landingPage": "https://exemple.invalid/d1",
    "accrualPeriodicity": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
    "distribution": [{"downloadURL": "https://exemple.invalid/a.csv", "format": "CSV"}],
}  # fmt: skip
ANSWERS = {
    "opendatasoft": (ODS, {"total_count": 1, "results": ods("arbres")}),
    "ckan": (CKAN, {"success": True, "result": {"count": 1, "results": [CKAN_ROW]}}),
    "arcgis_hub": (HUB, {"type": "FeatureCollection", "numberMatched": 1, "features": [HUB_ROW]}),
    "data_fair": (FAIR, {"count": 1, "results": [FAIR_ROW]}),
    "dcat": (FEED, {"@type": "dcat:Catalog", "dataset": [DCAT_ROW]}),
}


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_PORTALS", httpserver.url_for("").rstrip("/"))
    httpserver.no_handler_status_code = 404
    return httpserver


def serve(site: HTTPServer, path: str, answer) -> None:
    site.expect_request(path).respond_with_json(answer)


def task(*urls, own=True, place=CAHORS) -> Task:
    addresses = [{"url": url, "own": own} for url in urls]
    source = replace(CARD.sources[0], params={"addresses": addresses} if urls else {})
    return Task(replace(CARD, sources=(source,)), source, place)


def ask(store, *urls, own=True):
    return Run(store, client()).perform(task(*(urls or ["https://data.exemple.invalid"]), own=own))[
        0
    ]


def rows(store) -> list[dict]:
    return store.rows("select * from portal_datasets order by id")


@pytest.mark.parametrize("kind", ANSWERS)
def test_each_kind_is_recognised_from_its_address_and_listed(site, empty_store, kind):
    serve(site, *ANSWERS[kind])
    line = ask(empty_store)
    assert line.status == "ok", line.detail
    (row,) = rows(empty_store)
    assert (row["portal_kind"], row["title"], row["publisher"]) == (
        kind,
        "Arbres",
        "Ville de Cahors",
    )
    assert (row["territory"], row["level"], row["routes"]) == ("46042", "commune", '["portal"]')
    assert row["portal"] == "https://data.exemple.invalid"
    if kind != "opendatasoft":
        assert str(row["updated_at"]) == "2026-01-01 00:00:00"
        assert row["licence"]


def test_the_requests_of_a_probe_are_bounded_and_nothing_found_is_said(site, empty_store):
    line = ask(empty_store, "https://data.exemple.invalid/un/chemin")
    assert line.status == "not_covered" and "aucun portail reconnu" in (line.detail or "")
    assert len(site.log) <= 12


@pytest.mark.parametrize(
    ("url", "first"),
    [
        ("https://exemple.invalid/geoserver/wfs?service=WFS", "/geoserver/wfs"),
        ("https://exemple.invalid/catalog.jsonld", "/catalog.jsonld"),
        ("https://exemple.invalid/ogc/collections", "/ogc/collections"),
        ("https://exemple.invalid", ODS),
    ],
)
def test_what_an_address_looks_like_is_tried_first(site, url, first):
    assert probe.recognised(client(), url) is None
    assert site.log[0][0].path == first


def test_a_schema_given_by_its_address_decides_of_the_dataset(site, empty_store):
    serve(site, *ANSWERS["ckan"])
    ask(empty_store)
    (row,) = rows(empty_store)
    assert row["schema"] == "scdl/equipements"
    assert json.loads(row["resources"])[0]["format"] == "csv"


def test_a_json_ld_graph_is_read_with_its_nodes(site, empty_store):
    graph = {
        "@context": {},
        "@graph": [
            {"@id": "https://x/1", "@type": "dcat:Dataset", "dct:title": [{"@value": "Arbres"}],
             "dcat:distribution": [{"@id": "https://x/f"}], "dct:publisher": {"@id": "https://x/v"}},
            {"@id": "https://x/v", "@type": "foaf:Agent", "foaf:name": "Ville de Cahors"},
            {"@id": "https://x/f", "@type": "dcat:Distribution",
             "dcat:accessURL": {"@id": "https://exemple.invalid/a.csv"}, "dct:format": "csv"},
        ],
    }  # fmt: skip
    serve(site, "/catalog.jsonld", graph)
    assert ask(empty_store, "https://exemple.invalid/catalog.jsonld").status == "ok"
    (row,) = rows(empty_store)
    assert (row["publisher"], row["portal_kind"]) == ("Ville de Cahors", "dcat")
    assert json.loads(row["resources"])[0]["url"] == "https://exemple.invalid/a.csv"


# --- long lists -----------------------------------------------------------------------------


class Ods:
    """A portal of many datasets that refuses pages beyond its cap, as the real one does."""

    def __init__(self, site: HTTPServer, total: int, lost: int = 0) -> None:
        self.days = [f"{2000 + number % 26}-01-{1 + number % 28:02d}" for number in range(total)]
        self.lost, self.deepest = lost, 0
        site.expect_request(ODS).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        limit, offset = int(request.args["limit"]), int(request.args.get("offset", 0))
        self.deepest = max(self.deepest, limit + offset)
        if limit + offset > opendatasoft.CAP:
            return Response('{"message": "offset + limit > cap"}', 400)
        where = request.args.get("where")
        low, high = (where.split("'")[1], where.split("'")[3]) if where else ("0", "9")
        found = [at for at, day in enumerate(self.days) if low <= day < high]
        if where:
            found = found[self.lost :]
        page = ods(*(f"jeu-{at}" for at in found[offset : offset + limit]))
        return Response(json.dumps({"total_count": len(found), "results": page}))


def test_a_list_beyond_the_cap_is_cut_by_dates_and_whole(site, monkeypatch):
    monkeypatch.setattr(opendatasoft, "CAP", 300)
    portal = Ods(site, 1000)
    found = opendatasoft.listing(client(), "https://exemple.invalid")
    assert len({made["id"] for made in found.datasets}) == 1000
    assert portal.deepest <= 300


def test_parts_that_do_not_add_up_are_refused(site, monkeypatch):
    monkeypatch.setattr(opendatasoft, "CAP", 300)
    Ods(site, 1000, lost=1)
    with pytest.raises(FetchError, match="jeux reçus, 1000 annoncés"):
        opendatasoft.listing(client(), "https://exemple.invalid")


def test_more_on_one_day_than_can_be_read_is_refused(site, monkeypatch):
    monkeypatch.setattr(opendatasoft, "CAP", 300)
    Ods(site, 400).days = ["2020-01-01"] * 400
    with pytest.raises(FetchError, match="changés le 2020-01-01"):
        opendatasoft.listing(client(), "https://exemple.invalid")


@pytest.mark.parametrize("kind", ["opendatasoft", "ckan", "arcgis_hub", "data_fair"])
def test_a_list_that_no_town_could_have_is_refused(site, empty_store, kind):
    path, answer = ANSWERS[kind]
    text = json.dumps(answer).replace('_count": 1', f'_count": {MAX_DATASETS + 1}')
    text = text.replace('count": 1', f'count": {MAX_DATASETS + 1}')
    text = text.replace('numberMatched": 1', f'numberMatched": {MAX_DATASETS + 1}')
    serve(site, path, json.loads(text))
    line = ask(empty_store)
    assert line.status == "failed" and "n'est pas le portail" in (line.detail or "")


@pytest.mark.parametrize("kind", ["opendatasoft", "ckan", "arcgis_hub", "data_fair"])
def test_a_list_shorter_than_announced_is_refused(site, empty_store, kind):
    path, answer = ANSWERS[kind]
    text = json.dumps(answer).replace('count": 1', 'count": 7').replace('d": 1,', 'd": 7,')
    serve(site, path, json.loads(text))
    line = ask(empty_store)
    assert line.status == "failed", line.detail
    assert rows_or_none(empty_store) == []


def rows_or_none(store):
    return rows(store) if store.has("portal_datasets") else []


# --- hostile answers ------------------------------------------------------------------------


def test_nothing_a_portal_writes_is_trusted(site, empty_store):
    odd = {
        **CKAN_ROW, "title": "<script>alert(1)</script>" * 900, "notes": {"a": 1}, "tags": "x",
        "license_id": ["a"], "organization": "Ville", "metadata_modified": "demain",
        "resources": [
            {"url": "javascript:alert(1)", "format": "<b>" * 500, "name": 3},
            {"url": "file:///etc/passwd", "format": None},
            {"url": "http://[bad", "format": 3, "last_modified": [1]},
            *({"url": f"https://exemple.invalid/{at}"} for at in range(5000)),
            None, "x",
        ],
    }  # fmt: skip
    serve(site, CKAN, {"success": True, "result": {"count": 1, "results": [odd]}})
    line = ask(empty_store)
    assert line.status == "ok", line.detail
    (row,) = rows(empty_store)
    files = json.loads(row["resources"])
    assert len(row["title"]) <= 500 and len(files) <= 50
    assert [made["url"] for made in files[:3]] == [None, None, None]
    assert row["updated_at"] is None and row["publisher"] is None


@pytest.mark.parametrize(
    "answer",
    [
        {"total_count": True, "results": []}, {"total_count": -1, "results": []},
        {"total_count": 1, "results": {}}, [], 3, None, "x",
        {"success": True, "result": {"count": "1", "results": []}},
    ],
)  # fmt: skip
def test_what_only_looks_like_a_portal_is_not_one(site, answer):
    for path, _ in ANSWERS.values():
        serve(site, path, answer)
    assert probe.recognised(client(), "https://data.exemple.invalid") is None


@pytest.mark.parametrize("row", [None, 3, "x", {}, {"dataset_id": None}, {"dataset_id": {}}])
def test_a_record_without_identifier_refuses_the_list(site, empty_store, row):
    serve(site, ODS, {"total_count": 1, "results": [row]})
    line = ask(empty_store)
    assert line.status == "failed" and "dataset_id" in (line.detail or "")


XML = '<?xml version="1.0"?><wfs:WFS_Capabilities xmlns:wfs="w">{}</wfs:WFS_Capabilities>'


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>WFS_Capabilities</body></html>",
        '<!DOCTYPE a [<!ENTITY b "c">]><WFS_Capabilities>&b;</WFS_Capabilities>',
        XML.format("<FeatureType>"),
        XML.format("x" * 5_100_000),
        "<ExceptionReport/>",
        "",
    ],
)
def test_xml_that_is_no_capabilities_is_not_a_wfs(site, empty_store, body):
    site.expect_request("/wfs").respond_with_data(body, content_type="text/xml")
    assert ask(empty_store, "https://exemple.invalid/wfs").status in ("failed", "not_covered")
    assert rows_or_none(empty_store) == []


def test_a_map_service_that_a_useful_dataset_points_to_is_asked_whether_it_lives(site, empty_store):
    site.expect_request("/mort").respond_with_data("erreur", 500)
    files = [
        {"url": "https://exemple.invalid/mort?service=WFS", "format": "WFS"},
        {"url": "https://exemple.invalid/absent", "format": "wfs"},
    ]
    named = [(CKAN_ROW["id"], "Arbres"), ("c2", "Autre")]
    made = [{**CKAN_ROW, "id": at, "title": title, "resources": files} for at, title in named]
    serve(site, CKAN, {"success": True, "result": {"count": 2, "results": made}})
    assert ask(empty_store).status == "ok"
    trees, other = rows(empty_store)
    assert [made["available"] for made in json.loads(trees["resources"])] == [False, False]
    assert [made["available"] for made in json.loads(other["resources"])] == ["unknown", "unknown"]


def test_a_private_address_is_refused_and_said(empty_store):
    line = ask(empty_store, "http://127.0.0.1:9/")
    assert line.status == "failed" and "adresse privée refusée" in (line.detail or "")
    assert line.requests == 0


def test_a_redirect_to_a_private_address_is_refused(httpserver, empty_store, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_PORTALS", httpserver.url_for("").rstrip("/"))
    httpserver.expect_request(ODS).respond_with_data(
        "", 302, headers={"Location": "http://10.0.0.1/"}
    )
    line = ask(empty_store)
    assert line.status == "failed" and "adresse privée refusée (10.0.0.1)" in (line.detail or "")


def test_a_host_that_is_down_is_asked_a_few_times_only(site, empty_store):
    site.no_handler_status_code = 503
    line = ask(empty_store)
    assert line.status == "failed" and "503" in (line.detail or "")
    assert len(site.log) == 8  # two paths, four tries each


def test_offline_nothing_is_sent(empty_store, monkeypatch):
    monkeypatch.setenv("ACV_OFFLINE", "1")
    with pytest.raises(Offline):
        probe.recognised(client(), "https://data.exemple.invalid")
    assert ask(empty_store).status == "offline"


# --- whose datasets -------------------------------------------------------------------------


def test_of_a_shared_portal_only_what_names_the_town_is_kept(site, empty_store):
    made = [
        *ods("a", publisher="Ville de Cahors"),
        *ods("b", publisher="Ville de Figeac"),
        *ods("c", title="Arbres de la ville de Cahors (46)", publisher="Région"),
        *ods("d", title="Pistes cyclables", publisher="Grand Cahors", description="Lot"),
        *ods("e", title="Cahors à Chaumont", publisher=None),
    ]
    serve(site, ODS, {"total_count": len(made), "results": made})
    line = ask(empty_store, own=False)
    found = {row["id"].rpartition(":")[2]: row["level"] for row in rows(empty_store)}
    assert found["c"] == "commune" and "b" not in found and "e" not in found
    assert "jeux qui ne nomment pas le territoire" in (line.detail or "")


def test_a_portal_already_read_that_fails_keeps_the_last_good_copy(site, empty_store):
    one, two = "https://un.exemple.invalid", "https://deux.exemple.invalid/ckan"
    serve(site, *ANSWERS["opendatasoft"])
    assert ask(empty_store, one).status == "ok"
    before = rows(empty_store)
    site.clear()
    site.no_handler_status_code = 404
    line = ask(empty_store, one)
    assert line.status == "failed" and "plus aucun portail reconnu" in (line.detail or "")
    assert ask(empty_store, one, two).status == "failed"
    assert rows(empty_store) == before


def test_a_dead_address_never_read_does_not_hide_a_living_one(site, empty_store, monkeypatch):
    serve(site, *ANSWERS["opendatasoft"])
    alive = probe.recognised

    def answer(get, url):
        if "mort" in url:
            raise FetchError(f"{url} : connexion refusée")
        return alive(get, url)

    monkeypatch.setattr(probe, "recognised", answer)
    line = ask(empty_store, "https://mort.exemple.invalid", "https://data.exemple.invalid")
    assert line.status == "ok" and "non lu : https://mort" in (line.detail or "")
    assert len(rows(empty_store)) == 1


def test_an_address_that_does_not_answer_is_a_failure_beside_one_that_is_no_portal(
    site, empty_store, monkeypatch
):
    """What one of them would have listed is not known: that is not « not covered »."""

    def answer(get, url):
        if "mort" in url:
            raise FetchError(f"{url} : connexion refusée")

    monkeypatch.setattr(probe, "recognised", answer)
    line = ask(empty_store, "https://mort.exemple.invalid", "https://rien.exemple.invalid")
    assert line.status == "failed"
    assert "connexion refusée" in (line.detail or "") and "aucun portail" in (line.detail or "")


@pytest.mark.parametrize(
    ("status", "said"), [(None, None), (503, None), (429, None), (404, False), (410, False)]
)
def test_a_map_service_that_is_silent_today_is_not_a_dead_link(monkeypatch, status, said):
    def down(get, url):
        raise FetchError("https://sig.exemple.invalid/wfs", status)

    monkeypatch.setattr(probe.wfs, "answers", down)
    made = {"url": "https://sig.exemple.invalid/wfs?a=b", "format": "wfs", "extras": {}}
    assert probe._tried(made, {}, client())["extras"].get("check:available") is said


def test_what_a_portal_no_longer_lists_is_noticed(site, empty_store):
    serve(site, ODS, {"total_count": 2, "results": [*ods("a"), *ods("b", license="lov2")]})
    ask(empty_store)
    site.clear()
    serve(site, ODS, {"total_count": 1, "results": ods("b")})
    ask(empty_store)
    assert sorted(made.kind for made in empty_store.findings()) == ["dataset_gone", "licence_gone"]


# --- which addresses ------------------------------------------------------------------------


def harvested(store, domain, level="commune", code="46042"):
    card = catalog().datasets["published_datasets"]
    line = dict.fromkeys(("territory", *(made.name for made in card.columns)))
    made = {**line, "territory": code, "id": domain, "level": level, "harvested_from": domain}
    store.ensure(card)
    with store._transaction() as cursor:
        names = ", ".join(f'"{name}"' for name in made)
        marks = ", ".join("?" * len(made))
        cursor.execute(
            f"insert into published_datasets ({names}) values ({marks})", list(made.values())
        )


def known(store, place=CAHORS):
    return {made["url"]: made["own"] for made in probe.known_to(store, place)}


def test_addresses_come_from_harvests_and_from_people(empty_store):
    harvested(empty_store, "data.cahors.fr")
    harvested(empty_store, "www.sigagglo.fr", "epci", "200023737")
    harvested(empty_store, "data.laregion.fr", "region")
    harvested(empty_store, "geo.data.gouv.fr")
    harvested(empty_store, "localhost")
    harvested(empty_store, "x y/../z")
    for code, payload in (
        ("46042", {"url": "https://donnees.exemple.invalid", "kind": "ckan"}),
        ("46042", {"url": "https://repris.exemple.invalid"}),
        ("46042", {"url": "https://repris.exemple.invalid", "withdrawn": True}),
        ("46042", {"url": "javascript:alert(1)"}),
        ("46042", {"autre": 3}),
        ("200023737", {"url": "https://agglo.exemple.invalid"}),
    ):
        empty_store.record(Record(probe.RECORD, code, payload))
    assert known(empty_store) == {
        "https://donnees.exemple.invalid": True,
        "https://agglo.exemple.invalid": True,
        "https://data.cahors.fr": True,
        "https://www.sigagglo.fr": False,
    }
    assert known(empty_store, territory("84007")) == {}


def test_a_town_without_a_known_portal_is_not_covered_in_words(empty_store):
    line = Run(empty_store, client()).perform(task())[0]
    assert line.status == "not_covered" and "Aucun portail connu pour Cahors" in (line.detail or "")
    assert line.requests == 0


def test_the_addresses_of_the_store_are_asked(site, empty_store):
    serve(site, *ANSWERS["ckan"])
    empty_store.record(Record(probe.RECORD, "46042", {"url": "https://ckan.exemple.invalid"}))
    line = Run(empty_store, client()).perform(task())[0]
    assert line.status == "ok" and rows(empty_store)[0]["portal"] == "https://ckan.exemple.invalid"


def test_a_fictional_town_has_no_portal(empty_store):
    with pytest.raises(NotCovered):
        probe.prepare(empty_store, task(place=territory("00001")))


# --- nobody is named, nothing is too deep ---------------------------------------------------


def test_a_person_who_publishes_is_not_named():
    person = {"name": "Personne FICTIVE", "type": "user"}
    assert "FICTIVE" not in json.dumps(data_fair._publisher(person))
    town = {"name": "Ville de Cahors", "type": "organization"}
    assert data_fair._publisher(town)["organization"]["name"] == "Ville de Cahors"
    given = {"identifier": "a", "title": "Arbres"}
    made = {**given, "publisher": {"@type": "foaf:Person", "name": "Personne FICTIVE"}}
    (read,) = dcat._datasets({"dataset": [made]})
    assert "FICTIVE" not in json.dumps(dcat._dataset("https://x.invalid", read, {}, "x"))
    own = {**given, "publisher": {"@type": "org:Organization", "name": "Ville de Cahors"}}
    (read,) = dcat._datasets({"dataset": [own]})
    assert "Ville de Cahors" in json.dumps(dcat._dataset("https://x.invalid", read, {}, "x"))


def test_the_account_of_an_arcgis_site_is_not_its_publisher():
    properties = {"id": "a" * 32, "title": "Arbres", "owner": "prenom.nom_FICTIF"}
    made = arcgis_hub._dataset("https://x.invalid", {"id": "a" * 32, "properties": properties}, "x")
    assert "FICTIF" not in json.dumps(made)


def test_lists_too_deep_are_no_feed():
    deep = json.loads('{"dataset": [{"identifier": "a", "x": ' + "[" * 800 + "]" * 800 + "}]}")
    assert dcat._datasets(deep) is None
