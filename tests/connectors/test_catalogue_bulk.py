"""The catalogue files of data.gouv.fr: several towns at once, homonyms, broken and cut files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from connectors import catalogue_bulk
from connectors.catalogue import files as catalogue_files
from connectors.catalogue.places import Places
from connectors.catalogue_bulk import COLUMNS, FILES, STABLE
from connectors.fetching import NotCovered
from connectors.runs.planning import Task, plan
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import acv_towns, territory
from tests.connectors.servers import client

CARD = catalog().datasets["published_datasets"]
SOURCE = CARD.source("catalogue_bulk")
CAHORS, GRAND_CAHORS, DENIS = territory("46042"), territory("200023737"), territory("97411")
VILLE, AGGLO, OTHER = "a" * 24, "b" * 24, "c" * 24
ORGANISATIONS = [
    {"id": VILLE, "name": "Ville de Cahors", "business_number_id": "21460042100019"},
    {"id": AGGLO, "name": "Grand Cahors", "business_number_id": "20002373700010"},
    {"id": OTHER, "name": "Un établissement"},
]


def written(name: str, rows: list[dict]) -> bytes:
    """A file of the catalogue, its columns in another order and with others between."""
    out = io.StringIO()
    header = ["extra", *reversed(COLUMNS[name])]
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return out.getvalue().encode()


def jeu(number: int, title: str, organisation: str = OTHER, **changes) -> dict:
    names = {made["id"]: made["name"] for made in ORGANISATIONS}
    return {
        "id": f"{number:024x}", "title": title, "archived": "False", "license": "",
        "organization_id": organisation, "organization": names.get(organisation, ""),
        "url": f"https://exemple.invalid/{number}", **changes,
    }  # fmt: skip


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_DATAGOUV", httpserver.url_for(""))

    def serve(rows, files=(), organisations=ORGANISATIONS, **bodies):
        httpserver.clear()
        made = {
            "organizations": written("organizations", organisations),
            "datasets": written("datasets", rows),
            "resources": written("resources", list(files)),
        }
        for name, body in {**made, **bodies}.items():
            httpserver.expect_request(STABLE + FILES[name]).respond_with_data(
                body, content_type="text/csv"
            )
        return httpserver

    return serve


def task(*places, **params) -> Task:
    floors = dict.fromkeys(FILES, 0)
    source = replace(SOURCE, params={"min_rows": floors, **params})
    card = replace(CARD, sources=(source,))
    return Task(card, source, places[0]) if len(places) == 1 else Task(card, source, None, places)


def ask(store, *places):
    return Run(store, client()).perform(task(*places))


def titles(store, code) -> dict[str, list[str]]:
    rows = store.rows("select title, routes from published_datasets where territory = ?", [code])
    return {row["title"]: json.loads(row["routes"]) for row in rows}


def test_a_programme_run_reads_the_files_and_a_town_asks_the_search():
    def connectors(places):
        return {made.source.connector for made in plan(places, ["published_datasets"])}

    assert connectors([CAHORS]) == {"catalogue_search"}
    assert connectors(acv_towns()) == {"catalogue_bulk"}
    groups = [made.group for made in plan(acv_towns(), ["published_datasets"])]
    assert sum(map(len, groups)) == len(acv_towns()) and len(groups) == 2


def test_several_towns_come_from_files_downloaded_once(site, empty_store):
    server = site([jeu(1, "Arbres", VILLE), jeu(2, "Bancs de Saint-Denis (974)")])
    http = client()
    run = Run(empty_store, http)
    lines = run.perform(task(CAHORS, DENIS)) + run.perform(task(territory("84007")))
    assert [line.status for line in lines] == ["ok", "ok", "empty"]
    assert titles(empty_store, "46042") == {"Arbres": ["organisation", "text"]}
    assert titles(empty_store, "97411") == {"Bancs de Saint-Denis (974)": ["text"]}
    assert len(server.log) == 3 == http.requests


def test_rows_of_other_towns_stay(site, empty_store):
    site([jeu(1, "Arbres", VILLE), jeu(2, "Bancs de Saint-Denis (974)")])
    ask(empty_store, CAHORS, DENIS)
    site([jeu(3, "Fontaines", VILLE)])
    ask(empty_store, CAHORS)
    assert set(titles(empty_store, "46042")) == {"Fontaines"}
    assert set(titles(empty_store, "97411")) == {"Bancs de Saint-Denis (974)"}


def test_an_agglomeration_is_read_as_itself(site, empty_store):
    site([jeu(1, "Arbres", VILLE), jeu(2, "Pistes cyclables", AGGLO)])
    (line,) = ask(empty_store, GRAND_CAHORS)
    assert (line.territory, line.status) == ("200023737", "ok")
    assert set(titles(empty_store, "200023737")) == {"Pistes cyclables"}
    assert empty_store.rows("select distinct territory from published_datasets") == [
        {"territory": "200023737"}
    ]


@pytest.mark.parametrize(
    ("zones", "description", "found"),
    [
        ("Saint-Denis", "", False),  # there are several
        ("Saint-Denis", "Code postal 97400", True),
        ("Saint-Denis", "La Réunion (974)", True),
        ("Saint-Denis,Paris", "Seine-Saint-Denis (93)", False),
        ("France", "", False),
    ],
)
def test_a_zone_whose_name_has_homonyms_needs_a_clue(site, empty_store, zones, description, found):
    site([jeu(1, "Jeu", OTHER, **{"spatial.zones": zones, "description": description})])
    ask(empty_store, DENIS)
    assert bool(titles(empty_store, "97411")) is found


def test_a_text_that_says_it_covers_another_place_is_left_out(site, empty_store):
    zones = {"spatial.zones": "Figeac"}
    site([
        jeu(1, "Arbres de la ville de Cahors (46)"),
        jeu(2, "Arbres de la ville de Cahors (46)", **zones),
        jeu(3, "Prénoms à Cahors", OTHER, **{"spatial.zones": "Lot"}),
    ])  # fmt: skip
    ask(empty_store, CAHORS)
    rows = empty_store.rows("select id from published_datasets order by id")
    assert [int(row["id"], 16) for row in rows] == [1, 3]


def test_a_namesake_of_another_legal_unit_is_not_the_town(site, empty_store):
    other = {"id": OTHER, "name": "Ville de Cahors", "business_number_id": "21010001000011"}
    site([jeu(1, "Arbres (46)", OTHER)], organisations=[other])
    ask(empty_store, CAHORS)
    assert titles(empty_store, "46042") == {}


@pytest.mark.parametrize(
    ("domain", "codes"),
    [
        ("data.cahors.fr", {"46042"}),
        ("opendata.grandcahors.fr", {"200023737"}),
        ("cahorsagglo.opendatasoft.com", {"46042"}),
        ("data.laregion.fr", set()),
        ("cahors", set()),
        ("", set()),
        ("x" * 5000, set()),
    ],
)
def test_the_domain_of_a_harvest_names_a_place(domain, codes):
    found = {made.code for made in Places((CAHORS, GRAND_CAHORS)).in_domain(domain)}
    assert found == codes


def test_of_the_departement_only_useful_datasets_are_kept(site, empty_store):
    lot = {"spatial.zones": "Lot"}
    site([jeu(1, "Prénoms", OTHER, **lot), jeu(2, "Budget des bibliothèques", OTHER, **lot)])
    ask(empty_store, CAHORS)
    assert set(titles(empty_store, "46042")) == {"Prénoms"}


def test_archived_datasets_are_no_sources_and_one_seen_before_is_noticed(site, empty_store):
    site([jeu(1, "Arbres", VILLE), jeu(2, "Bancs", VILLE)])
    ask(empty_store, CAHORS)
    site([jeu(1, "Arbres", VILLE, archived="True"), jeu(2, "Bancs", VILLE)])
    ask(empty_store, CAHORS)
    assert set(titles(empty_store, "46042")) == {"Bancs"}
    assert [(made.kind, made.subject) for made in empty_store.findings()] == [
        ("archived", "Arbres")
    ]


def test_files_of_datasets_left_aside_are_not_kept(site, empty_store):
    resource = {"dataset.id": f"{9:024x}", "url": "https://exemple.invalid/9"}
    wanted = {
        "dataset.id": f"{1:024x}", "url": "javascript:alert(1)", "title": "<b>x</b>",
        "format": "CSV", "schema_name": "SCDL/Deliberations", "extras": "[1]" * 10,
    }  # fmt: skip
    site([jeu(1, "Arbres", VILLE)], [resource, wanted])
    ask(empty_store, CAHORS)
    (row,) = empty_store.rows("select resources, schema from published_datasets")
    (file,) = json.loads(row["resources"])
    assert (file["url"], file["format"], file["available"]) == (None, "csv", "unknown")
    assert row["schema"] == "scdl/deliberations"


def broken(name: str, change) -> dict[str, bytes]:
    rows = [jeu(at, f"Jeu {at}", VILLE) for at in range(300)]
    return {name: change(written(name, rows))}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body[:-1], "sa dernière ligne n'est pas finie"),
        (lambda body: body[:-40], "sa dernière ligne n'est pas finie"),
        (lambda body: body[: body.rindex(b"\n", 0, -1)] + b'\n"coupe\n', "tronqué"),
        (lambda body: body.replace(b'"title"', b'"titre"', 1), "colonne « title » absente"),
        (lambda body: body.replace(b"Jeu 7", "Jeu é".encode("latin-1"), 1), "illisible"),
        (lambda body: body + b'"1";"2"\n' * 9 + body.rsplit(b"\n", 2)[1] + b"\n", "sans leurs"),
        (lambda body: body.replace(b";", b","), "absente"),
    ],
)
def test_a_file_that_is_cut_or_changed_keeps_the_last_good_copy(site, empty_store, change, said):
    site([jeu(1, "Arbres", VILLE)])
    ask(empty_store, CAHORS)
    site([], **broken("datasets", change))
    (line,) = ask(empty_store, CAHORS)
    assert line.status == "failed" and said in (line.detail or ""), line.detail
    assert set(titles(empty_store, "46042")) == {"Arbres"}


def test_a_few_broken_lines_are_counted(site, empty_store):
    body = broken("datasets", lambda made: made)["datasets"].split(b"\n")
    body[50:50] = [b'"1";"2"']
    site([], datasets=b"\n".join(body))
    (line,) = ask(empty_store, CAHORS)
    assert line.status == "ok" and "abîmées, laissées de côté : 1" in (line.detail or "")


def test_a_catalogue_that_lost_most_of_its_lines_is_refused(site, empty_store):
    site([jeu(1, "Arbres", VILLE)])
    (line,) = Run(empty_store, client()).perform(
        task(CAHORS, min_rows={"organizations": 0, "datasets": 2, "resources": 0})
    )
    assert line.status == "failed" and "1 lignes, au moins 2 attendues" in (line.detail or "")


def test_lines_longer_than_a_block_are_refused_in_words(site, empty_store, monkeypatch):
    monkeypatch.setattr(catalogue_files, "BLOCK", 2000)
    site([jeu(1, "Arbres", VILLE, description="x" * 9000)])
    (line,) = ask(empty_store, CAHORS)
    assert line.status == "failed" and "illisible" in (line.detail or "")


def test_a_fictional_town_is_not_covered():
    with pytest.raises(NotCovered):
        catalogue_bulk.fetch(CARD, territory("00001"), client())


def test_both_ways_say_the_same_of_a_dataset(site, empty_store):
    """A licence by its title, a date by that of the newest file."""
    files = [
        {"dataset.id": f"{1:024x}", "url": "https://exemple.invalid/a", "modified": day}
        for day in ("2025-01-01T00:00:00", "2026-01-01T00:00:00")
    ]
    title = "Open Data Commons Open Database License (ODbL)"
    site([jeu(1, "Arbres", VILLE, license=title, last_modified="2026-11-11T00:00:00")], files)
    ask(empty_store, CAHORS)
    (row,) = empty_store.rows("select licence, updated_at, quality_ours from published_datasets")
    assert row["licence"] == "odc-odbl" and str(row["updated_at"]) == "2026-01-01 00:00:00"
    assert json.loads(row["quality_ours"])["update_frequency"] is False
