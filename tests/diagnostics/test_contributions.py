"""Who brings what: each open dataset once, under who publishes it; a guess is never a finding."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from data.catalog import catalog
from data.records import Declaration
from data.store import Fetch
from data.territories import territory
from diagnostics.availability import assess
from diagnostics.contributions import CONTRIBUTORS, contributions, typical
from diagnostics.shown import shown

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://exemple.test/jeu"


def brought(store, code="46042"):
    return contributions(assess(store, territory(code), DAY))


def publish(store, lines, town="46042"):
    """Catalogue lines (dataset, publisher, level), matched and under an open licence."""
    card = catalog().datasets["published_datasets"]
    bare = dict.fromkeys((column.name for column in card.columns), None)
    rows = [
        {
            **bare, "territory": town, "id": str(index), "title": dataset, "level": level,
            "url": URL, "publisher": publisher, "licence": "lov2", "formats": json.dumps(["csv"]),
            "matched": json.dumps([dataset]), "updated_at": datetime(2026, 6, 1),
        }
        for index, (dataset, publisher, level) in enumerate(lines)
    ]  # fmt: skip
    source = card.sources[0]
    logged = Fetch(
        card.id, town, status="ok", rows=len(rows), level="commune", seconds=0.1, requests=1,
        url=URL, vintage="2026", fetched_at=NOON, detail=None, connector=source.connector,
        source=source.producer, licence="Licence Ouverte 2.0",
    )  # fmt: skip
    store.save(card, logged, pd.DataFrame(rows))


def under(found, dataset):
    """The contributors a dataset is counted under, established then supposed."""
    return (
        [line.contributor for line in found.lines if dataset in line.open],
        [line.contributor for line in found.lines if dataset in line.supposed],
    )


@pytest.mark.parametrize("code", ["46042", "00001", "97611", "200023737", "dep:46", "reg:76"])
def test_counts_are_those_of_the_status_bar_and_each_dataset_counts_once(any_store, code):
    made = assess(any_store, territory(code), DAY)
    found = contributions(made)
    assert [line.contributor for line in found.lines] == list(CONTRIBUTORS)
    assert found.open == made.counts["open"]
    listed = [one for line in found.lines for one in (*line.open, *line.supposed)]
    assert len(listed) == len(set(listed)) == found.open + found.supposed
    assert found.supposed <= made.counts["not_evaluated"]


@pytest.fixture(params=["embedded", "empty"])
def any_store(request):
    return request.getfixturevalue(f"{request.param}_store")


def test_an_empty_store_establishes_nothing_and_supposes_what_the_reference_says(empty_store):
    found = brought(empty_store)
    assert found.open == 0
    assert under(found, "dicrim") == ([], ["commune"])
    assert under(found, "parcels") == ([], ["state"])
    assert under(found, "air_quality_index") == ([], ["others"])
    assert under(found, "regional_continuities") == ([], ["above"])
    # « Commune ou EPCI », « Collectivité »: the card does not choose, nor do we.
    assert under(found, "local_urban_plan") == ([], ["untold"])
    assert under(found, "public_contracts") == ([], ["untold"])
    assert under(found, "tree_inventory") == ([], [])


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        ("Ville de Cahors", "commune"),
        ("Mairie de CAHORS", "commune"),
        ("Cahors", "commune"),
        ("Service espaces verts de Cahors", "commune"),
        ("CA du Grand Cahors", "epci"),
        ("Communauté d'agglomération du Grand Cahors", "epci"),
        ("Grand Cahors", "epci"),
        ("Service urbanisme du Grand Cahors", "epci"),
        ("Département du Lot", "above"),
        ("Conseil départemental du Lot", "above"),
        ("Région Occitanie", "above"),
        ("Préfecture du Lot", "state"),
        ("Direction départementale des territoires du Lot", "state"),
        ("Ministère de la Transition écologique", "state"),
        ("Ville de Figeac", "untold"),
        ("CC du Pays de Lalbenque", "untold"),
        ("Syndicat d'énergie du Lot", "untold"),
        ("Université de Cahors", "untold"),
        ("Un inconnu", "untold"),
        (None, "untold"),
        ("<b>Cahors</b>; drop table", "untold"),
    ],
)
def test_a_local_dataset_goes_to_the_body_that_its_publisher_names(
    empty_store, publisher, expected
):
    publish(empty_store, [("tree_inventory", publisher, "commune")])
    found = brought(empty_store)
    assert under(found, "tree_inventory") == ([expected], [])
    assert found.open == 1


def test_the_level_of_a_line_is_not_its_publisher(empty_store):
    """A catalogue gives the narrowest zone: a State file about a town is « commune »."""
    publish(empty_store, [("tree_inventory", "Préfecture du Lot", "commune")])
    assert under(brought(empty_store), "tree_inventory") == (["state"], [])


def test_the_family_tells_where_no_local_body_publishes(empty_store):
    publish(
        empty_store,
        [
            ("parcels", "Etalab", "commune"),
            ("air_quality_index", "Atmo Occitanie", "region"),
            ("tree_canopy", "Ville de Cahors", "commune"),
            ("land_cover", "Ville de Toulouse", "commune"),
        ],
    )
    found = brought(empty_store)
    assert under(found, "parcels") == (["state"], [])
    assert under(found, "air_quality_index") == (["others"], [])
    assert under(found, "tree_canopy") == (["commune"], [])
    assert under(found, "land_cover") == (["untold"], [])


def test_a_dataset_published_twice_counts_under_the_source_its_status_rests_on(empty_store):
    publish(
        empty_store,
        [
            ("tree_inventory", "CA du Grand Cahors", "epci"),
            ("tree_inventory", "Ville de Cahors", "commune"),
        ],
    )
    found = brought(empty_store)  # the town's own is at its level: the best of the two
    assert under(found, "tree_inventory") == (["commune"], [])
    assert found.open == 1


def declare_open(store):
    """Open by declaration: with what people type, which readers never see."""
    for dataset, holder, url in (
        ("tree_inventory", "Ville de Toulouse", URL),
        ("green_spaces", "Grand Cahors", None),
        ("local_urban_plan", "Ville de Cahors", URL),
        ("parcels", None, None),
    ):
        store.declare(Declaration("46042", dataset, "open", "exists", holder=holder, url=url))


def test_a_declaration_counts_under_what_its_card_names_never_under_typed_words(empty_store):
    declare_open(empty_store)
    found = brought(empty_store)
    assert under(found, "tree_inventory") == (["commune"], [])
    assert under(found, "green_spaces") == (["commune"], [])
    assert under(found, "local_urban_plan") == (["untold"], [])  # its card names two bodies
    assert under(found, "parcels") == (["state"], [])
    assert found.open == 4


def test_what_was_observed_of_a_declared_dataset_tells_who_publishes_it(empty_store):
    publish(empty_store, [("tree_inventory", "CA du Grand Cahors", "epci")])
    declare_open(empty_store)
    assert under(brought(empty_store), "tree_inventory") == (["epci"], [])


@pytest.mark.parametrize("published", [[], [("tree_inventory", "CA du Grand Cahors", "epci")]])
def test_team_and_readers_count_the_same(empty_store, published):
    if published:
        publish(empty_store, published)
    declare_open(empty_store)
    empty_store.declare(
        Declaration("46042", "parking_lots", None, "unknown", holder="Ville de Cahors")
    )
    place = territory("46042")
    team, readers = (
        contributions(shown(empty_store, place, DAY, inside)) for inside in (True, False)
    )
    assert team == readers


def test_what_is_established_otherwise_than_open_brings_nothing(empty_store):
    before = brought(empty_store).supposed
    empty_store.declare(Declaration("46042", "dicrim", "candidate", "exists", holder="Cahors"))
    empty_store.declare(Declaration("46042", "parcels", "open", "not_produced"))
    found = brought(empty_store)
    assert under(found, "dicrim") == under(found, "parcels") == ([], [])
    assert (found.open, found.supposed) == (0, before - 2)


def test_the_epci_and_the_town_are_scored_apart(empty_store):
    publish(empty_store, [("tree_inventory", "Ville de Cahors", "commune")], town="46042")
    assert brought(empty_store).of("commune").open == ("tree_inventory",)
    assert brought(empty_store, "200023737").open == 0


def test_an_epci_tells_its_communes_from_itself(empty_store):
    lines = [
        ("tree_inventory", "Ville de Cahors", "commune"),
        ("green_spaces", "Grand Cahors", "epci"),
        ("parking_lots", "Mairie de Toulouse", "commune"),
    ]
    publish(empty_store, lines, town="200023737")
    found = brought(empty_store, "200023737")
    assert under(found, "tree_inventory") == (["commune"], [])
    assert under(found, "green_spaces") == (["epci"], [])
    assert under(found, "parking_lots") == (["untold"], [])
    assert (found.of("epci").name, found.of("commune").name) == ("CA du Grand Cahors", None)


def test_what_an_epci_could_publish_is_neither_open_nor_protected(empty_store):
    could = brought(empty_store).epci_could
    assert {"local_green_grid", "brownfields", "hydraulic_structures"} <= set(could)
    assert "local_urban_plan" not in could  # supposed open already
    assert "tree_inventory" not in could  # its card names the commune alone
    publish(empty_store, [("brownfields", "Grand Cahors", "epci")])
    protected = Declaration("46042", "local_green_grid", "closed_justified", "exists")
    empty_store.declare(protected)
    after = brought(empty_store).epci_could
    assert set(could) - set(after) == {"brownfields", "local_green_grid"}


def test_the_fictional_town_owes_twelve_open_datasets_to_its_epci(embedded_store):
    found = brought(embedded_store, "00001")
    assert len(found.of("epci").open) == 12
    assert found.of("epci").name == "Brisanne Agglomération"
    assert found.of("untold").open == ()


def test_every_card_has_a_typical_contributor():
    assert {typical(card) for card in catalog().datasets.values()} <= set(CONTRIBUTORS)
