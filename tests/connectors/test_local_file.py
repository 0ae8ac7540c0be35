"""A file handed over becomes rows of the town, counts at once, and loses nothing in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from connectors import embedded
from connectors.local_file import HANDED_OVER, bring
from data.catalog import CardError, catalog
from data.local_rows import local_rows
from data.points import located
from data.records import Refused
from data.schemas import schema_of
from data.standards import by_id, standard
from data.store import StoreError
from data.territories import territory
from diagnostics.evidence import weigh
from diagnostics.holdings import known
from diagnostics.indicators import indicators
from diagnostics.indicators.compute import measure

TODAY = date(2026, 11, 21)
CAHORS = territory("46042")
TREES = catalog().datasets["tree_inventory"]


def table(**columns):
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def trees():
    return table(
        id=["1", "2", "3.5", "4.0"],
        longitude=["1.44", "1.45", "1.46", "500"],
        latitude=["44.4", "44.5", "44.6", "44"],
        genre_arbre=["Acer", "Tilia", None, " "],
        hauteur=["1200", "haut", "", "30.5"],
        arbre_remarquable=["OUI", "Non", "peut-être", None],
        date_plantation=["2012-02-01", "2012", "2012-13-45", None],
    )


def give(store, given=None, dataset=TREES, place=CAHORS, schema=None, **more):
    said = {"source": "Service espaces verts", "licence": "", "vintage": "2026", **more}
    return bring(
        store,
        dataset,
        place,
        trees() if given is None else given,
        schema or standard("arbre"),
        **said,
    )


@pytest.fixture
def store(empty_store):
    return empty_store


def rows(store, dataset="tree_inventory", code="46042"):
    return store.rows(f"select * from {dataset} where territory = $1", [code])


def test_the_fields_of_the_standard_fill_the_columns_of_the_card(store):
    fetch = give(store)
    found = rows(store)
    assert (fetch.status, fetch.rows, fetch.connector) == ("ok", 4, "local_file")
    assert (fetch.territory, fetch.level, fetch.vintage) == ("46042", "commune", "2026")
    assert [one["id_arbre"] for one in found] == [1, 2, None, 4]
    assert [one["genre"] for one in found] == ["Acer", "Tilia", None, None]
    assert [one["hauteur_m"] for one in found] == [12.0, None, None, pytest.approx(0.305)]
    assert [one["remarquable"] for one in found] == [True, False, None, None]
    assert [one["date_plantation"] for one in found] == [date(2012, 2, 1), None, None, None]
    assert [one["longitude"] for one in found] == [1.44, 1.45, 1.46, None]


def test_what_could_not_be_read_is_counted_in_the_log(store):
    detail = give(store).detail
    for said in ("« id_arbre » : 1", "« hauteur_m » : 1", "« remarquable » : 1"):
        assert said in detail
    assert "« date_plantation » : 2" in detail
    assert "situation" in detail
    assert not detail.startswith("couverture partielle")


def test_an_indicator_computes_at_once(store):
    towns = catalog().datasets["municipalities"]
    people = local_rows(towns, table(population=["20000"]), None, CAHORS).rows
    many = table(id=["1"] * 500, longitude=["1.44"] * 500, latitude=["44.4"] * 500)
    store.save(towns, replace(give(store, many), dataset=towns.id, source="Insee"), people)
    found = measure(store, CAHORS, [indicators()["trees_per_100"]], ())[0]
    assert (found.status, found.value, found.missing) == ("value", 2.5, ())
    assert found.source.startswith("Cahors, fichier remis par un service")


def evidence(store):
    return weigh(TREES, CAHORS, known(store, CAHORS), TODAY)


def test_a_file_without_licence_is_observed_and_not_open(store):
    give(store)
    found = evidence(store)
    assert (found.provenance, found.evidence_level, found.status) == ("observed", "E3", "other")
    assert found.checks["licence"] == 0.0
    assert found.checks["schema"] == "not_tested"
    assert rows(store)[0]["territory"] == "46042"


def test_with_a_licence_and_no_public_address_it_is_still_to_publish(store):
    give(store, licence="Licence Ouverte 2.0")
    found = evidence(store)
    assert (found.provenance, found.evidence_level, found.status) == ("observed", "E3", "candidate")
    assert found.checks["link"] == "not_tested"


def test_once_published_it_is_open(store):
    give(store)
    give(store, licence="Licence Ouverte 2.0", url="https://x.example", valid_share=0.985)
    found = evidence(store)
    assert (found.status, found.checks["licence"]) == ("open", 1.0)
    assert found.checks["schema"] == pytest.approx(0.985)
    assert found.sources[0].url == "https://x.example"
    assert len(rows(store)) == 4


@pytest.mark.screens
def test_the_share_is_read_in_the_log_of_a_local_file_alone(store):
    fetch = give(store, valid_share=1.0)
    assert "100,0 %" in fetch.detail
    assert evidence(store).checks["schema"] == 1.0


@pytest.mark.screens
def test_bringing_again_replaces_and_leaves_other_towns_alone(store):
    give(store, place=territory("01004"))
    give(store)
    give(store, trees().slice(0, 1))
    assert len(rows(store)) == 1
    assert len(rows(store, code="01004")) == 4
    assert len(store.fetches("tree_inventory", "46042")) == 2


def test_lines_of_another_commune_are_left_aside_and_counted(store):
    mixed = trees().append_column("code_insee", pa.array(["46042", "01004", None, "46042"]))
    fetch = give(store, mixed)
    assert fetch.rows == 3
    assert "autre commune, laissées de côté : 1" in fetch.detail
    away = trees().append_column("code_insee", pa.array(["01004"] * 4))
    with pytest.raises(Refused, match="autre commune"):
        give(store, away)
    assert len(rows(store)) == 3


def test_a_file_of_the_intercommunality_gives_each_town_its_lines(store):
    epci = territory("200023737")
    both = trees().append_column("code_insee", pa.array(["46042", "46007", None, "01004"]))
    fetch = give(store, both, place=epci)
    assert (fetch.territory, fetch.level, fetch.rows) == ("200023737", "epci", 3)
    found = store.rows("select territory from tree_inventory order by 1")
    assert [one["territory"] for one in found] == ["200023737", "46007", "46042"]


@pytest.mark.screens
def test_the_embedded_default_leaves_a_local_file_alone(store):
    give(store)
    embedded.load(store)
    assert len(rows(store)) == 4


@pytest.mark.screens
@pytest.mark.parametrize("code", ["46042", "00001"])
def test_the_licence_not_said_is_said(store, code):
    assert give(store, place=territory(code)).licence == HANDED_OVER


def test_what_fills_nothing_is_refused_and_nothing_is_written(store):
    with pytest.raises(Refused, match="aucune colonne"):
        give(store, table(autre=["1"]))
    with pytest.raises(Refused, match="aucune ligne"):
        give(store, trees().slice(0, 0))
    bare = next(made for made in catalog().datasets.values() if not made.columns)
    with pytest.raises(Refused, match="n'a pas de table"):
        give(store, dataset=bare)
    assert store.fetches() == []


def test_a_store_that_is_only_read_takes_nothing(embedded_store):
    with pytest.raises(StoreError):
        give(embedded_store)


def test_hostile_names_and_values_are_only_texts(store):
    evil = table(**{
        "id": ["1; drop table fetches", "1e400", "NaN", "9" * 40],
        'a"; drop table fetches; --': ["x"] * 4,
        "commune": ["1"] * 4, "ID": ["7"] * 4, "id_arbre 0": ["8"] * 4,
        "Genre": ["'; drop table fetches; --", "=1+1", "é" * 10_000, "\u202e"],
        "hauteur": ["inf", "-inf", "nan", "1e308"],
        "longitude": ["1"] * 4, "latitude": ["44"] * 4,
    })  # fmt: skip
    give(store, evil)
    found = rows(store)
    assert [one["id_arbre"] for one in found] == [None] * 4
    assert found[0]["genre"] == "'; drop table fetches; --"
    assert [one["hauteur_m"] for one in found][:3] == [None] * 3
    assert found[0]["longitude"] == 1.0


@pytest.mark.screens
def test_the_year_of_a_grant_and_its_amount(store):
    grants = table(dateConvention=["2024-03-01", "2023"], montant=["1500.5", "x"], objet=["a", "b"])
    fetch = give(store, grants, dataset=catalog().datasets["grants"],
                 schema=standard("scdl-subventions"))  # fmt: skip
    found = rows(store, "grants")
    assert [(one["annee"], one["montant_eur"]) for one in found] == [(2024, 1500.5), (None, None)]
    assert "« annee » : 1" in fetch.detail


@pytest.mark.screens
def test_the_words_of_the_standard_are_true_and_false(store):
    pei = table(id_sdis=["a", None, "c"], id_gestion=["z", "b", None], disponible=["1", "0", "2"])
    hydrants = catalog().datasets["fire_hydrants"]
    give(store, pei, dataset=hydrants, schema=standard("point-eau-incendie"))
    found = rows(store, "fire_hydrants")
    assert [one["id_pei"] for one in found] == ["a", "b", "c"]
    assert [one["disponible"] for one in found] == [True, False, None]


def test_every_correspondence_names_a_field_of_the_standard():
    for dataset in catalog().datasets.values():
        if dataset.local:
            kept = [
                standard(name) for id_, name in by_id().items()
                if dataset.standard and id_.partition("@")[0] == dataset.standard
            ]  # fmt: skip
            fields = {name for schema in kept for name in schema.names}
            for made in dataset.local:
                named = set(made.fields) - {"voie_nom"}  # of an older version of the addresses
                assert named <= fields, (dataset.id, made)


def test_a_correspondence_to_no_column_is_refused():
    from data.catalog import Column, LocalColumn, _known_columns

    columns = (Column("genre", "VARCHAR", "Genre"),)
    with pytest.raises(CardError, match="local"):
        _known_columns((LocalColumn("autre", ("x",)),), columns, "essai.yml")


# --- places ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Xlong": ["1.5"], "Ylat": ["44"]}, (1.5, 44.0)),
        ({"EQUIP_LONG": ["-1"], "EQUIP_LAT": ["-44.25"]}, (-1.0, -44.25)),
        ({"x": ["600000"], "y": ["6400000"]}, None),
        ({"lon": ["600000"], "lat": ["6400000"]}, None),
        ({"longitude": ["1,5"], "latitude": ["44"]}, None),
        ({"longitude": ["1.5"]}, None),
        ({"geompoint": ["POINT(1.5 44)"]}, (1.5, 44.0)),
        ({"geo_point_2d": ["44, 1.5"]}, (1.5, 44.0)),
        ({"geompoint": ["POINT(1.5 44, 2 3)"]}, None),
    ],
)
def test_a_place_is_read_or_it_is_none(columns, expected):
    found = located(table(**columns))
    got = found and (found.lon.to_pylist()[0], found.lat.to_pylist()[0])
    assert got == expected


def test_a_geopoint_of_a_standard_is_longitude_first():
    schema = schema_of({"fields": [{"name": "p", "type": "geopoint"}]}, "x")
    found = located(table(p=["1.5, 44"]), schema)
    assert (found.lon.to_pylist(), found.lat.to_pylist()) == ([1.5], [44.0])


def test_half_a_place_is_none():
    found = located(table(lon=["1", None, "3"], lat=["44", "45", None]))
    assert found.known == 1
    assert found.lon.to_pylist() == [1.0, None, None]
    assert found.lat.to_pylist() == [44.0, None, None]


@pytest.mark.deep
def test_a_million_rows_pass():
    count = 1_000_000
    big = table(id=["12"] * count, longitude=["1.44"] * count, latitude=["44.4"] * count)
    made = local_rows(TREES, big, standard("arbre"), CAHORS)
    assert (len(made.rows), made.lost) == (count, ())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Jean Durand, espaces verts — /srv/partage/arbres.csv", "fichier remis par un service"),
        ("", "fichier remis par un service"),
        ("  ville de  CAHORS ", "ville de CAHORS"),
    ],
)
def test_the_log_that_all_can_read_names_no_service_and_no_path(store, typed, shown):
    found = give(store, source=typed)
    assert found.source.endswith(shown)
    assert "Durand" not in str(vars(found))
    assert "/srv" not in str(vars(found))
