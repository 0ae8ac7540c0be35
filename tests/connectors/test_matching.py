"""Recognising a dataset of the catalogue in a published one: precise rather than greedy."""

from __future__ import annotations

import pytest

from connectors.catalogue.matching import matches, schema_id, schemas_wanted
from data.catalog import CardError, catalog
from data.keywords import keywords, load_keywords

PLACES = ["Cahors", "CA du Grand Cahors", "Grand Cahors", "Lot", "Occitanie"]
TITLES = {
    "Arbres de la Ville de Cahors": ["tree_inventory"],
    "Inventaire des arbres d'alignement 2023": ["tree_inventory"],
    "Arbres": ["tree_inventory"],
    "Arbres de décision": [],
    "Arbres remarquables": [],
    "Les arbres les plus hauts du monde": [],
    "Collecte des sapins de Noël": [],
    "Arbres abattus en 2024": ["tree_health"],
    "Plantations d'arbres 2024-2025": ["planting_projects"],
    "Fontaines à eau potable": ["drinking_fountains"],
    "Bornes-fontaines du Grand Cahors": ["drinking_fountains"],
    "Fontaines à vin": [],
    "Fontaines ornementales": [],
    "Points d'eau incendie": ["fire_hydrants"],
    "PEI - Poteaux incendie": ["fire_hydrants"],
    "Qualité de l'eau potable": ["drinking_water_quality"],
    "Qualité des eaux de baignade": [],
    "Réseau d'eau potable": ["water_network"],
    "Cours d'eau du Lot": [],
    "Cours d'école végétalisées": ["schoolyards"],
    "Écoles": ["schools"],
    "Effectifs des écoles publiques": [],
    "Éclairage public - Points lumineux": ["street_lights"],
    "Éclairage public : consommation annuelle": ["lighting_energy"],
    "Extinction de l'éclairage public": ["lighting_schedule"],
    "Parkings": ["parking_lots"],
    "Parkings à vélos": [],
    "Parcs et jardins": ["green_spaces"],
    "Parc d'activités économiques": [],
    "PLU de Cahors": ["local_urban_plan"],
    "Plan local d'urbanisme intercommunal (PLUi) du Grand Cahors": ["local_urban_plan"],
    "Le plus grand marché": [],
    "Budget primitif 2024 - Ville de Cahors": ["budget"],
    "Budget_2023": ["budget"],
    "Budget participatif": [],
    "Délibérations du conseil municipal": ["council_decisions"],
    "Subventions aux associations 2023": ["grants"],
    "Demandes de subventions": [],
    "Marchés publics - DECP": ["public_contracts"],
    "Marchés de plein air": [],
    "Base Adresse Locale de Cahors": ["local_addresses"],
    "BaseAdresseLocale": ["local_addresses"],
    "Adresses utiles": [],
    "Zones inondables (PPRI)": ["flood_hazard_maps"],
    "Friches": ["brownfields"],
    "Friches commerciales": ["ground_floor_units"],
    "Catalogue des jeux de données": ["data_catalogue"],
    "Catalogue de la médiathèque": [],
    "Îlots de fraîcheur": ["cool_places"],
    "Comptage piéton du centre-ville": ["pedestrian_counts"],
    "Prénoms des nouveau-nés": ["first_names"],
    "Effectifs et prénoms des agents": [],
    "Menus des cantines scolaires": ["canteen_menus"],
    "Composition des plats des menus": ["canteen_dishes"],
    "Défibrillateurs (DAE)": ["defibrillators"],
    "Formation aux défibrillateurs": [],
    "Bornes de recharge pour véhicules électriques": ["charging_stations"],
    "IRVE dynamique": ["charging_availability"],
    "Schéma directeur des infrastructures de recharge": [],
    "Pistes cyclables": ["cycling_facilities"],
    "Stationnement cyclable": [],
    "Hautes rémunérations 2024": ["top_salaries"],
    "Achats de biens issus du réemploi": ["reused_goods_purchases"],
    "": [],
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items())
def test_titles_are_recognised_or_left_alone(title, expected):
    assert matches(title, places=PLACES) == expected


def test_the_schema_decides_before_the_title():
    found = matches("Délibérations sur les arbres de la ville", schemas=["scdl/deliberations"])
    assert found == ["council_decisions"]
    assert matches("Fichier 12", schemas=["DATAGOUV/schema-fontaine-eau"]) == ["drinking_fountains"]


def test_a_schema_shared_by_several_datasets_is_settled_by_the_title():
    shared = ["scdl/equipements"]
    assert matches("Îlots de fraîcheur", schemas=shared) == ["cool_places"]
    assert matches("Équipements", schemas=shared) == ["public_facilities"]
    assert matches("Fichier 12", schemas=shared) == ["public_facilities"]
    assert matches("Fichier 12", schemas=["cnigfr/StaR-Eau"]) == []


def test_a_schema_out_of_the_catalogue_does_not_hide_the_title():
    assert matches("Arbres", schemas=["etalab/schema-zfe"]) == ["tree_inventory"]


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("scdl/budget", None, "scdl/budget"),
        (None, "https://schema.data.gouv.fr/schemas/scdl/budget/0.8.3/schema.json", "scdl/budget"),
        (None, "https://github.com/etalab/schema-bal.git", "etalab/schema-bal"),
        (
            None,
            "https://raw.githubusercontent.com/NaturalSolutions/schema-arbre/v0.3/schema.json",
            "NaturalSolutions/schema-arbre",
        ),
        (None, "https://gitlab.com/datakode/schema-pei.git", "datakode/schema-pei"),
        (
            None,
            "https://exemple.invalid/mon-schema.json",
            "https://exemple.invalid/mon-schema.json",
        ),
        (None, "pas une adresse", "pas une adresse"),
        (None, None, None),
        ("", "", None),
    ],
)
def test_a_schema_is_known_by_its_name_or_by_its_address(name, url, expected):
    assert schema_id(name, url) == expected


def test_every_need_is_recognisable_or_left_out_on_purpose():
    """Left out: a published one would be a leak of personal data, or a title proves nothing."""
    recognisable = {*catalog().needs(), *catalog().base()}
    silent = {card for card in recognisable if card not in keywords()}
    assert silent == {
        "brush_clearing_checks",
        "crack_reports",
        "retail_panel",
        "vulnerable_register",
    }


def test_the_title_of_a_card_never_matches_another_card():
    for card in catalog().datasets.values():
        if card.kind == "context":
            continue
        found = matches(card.title)
        assert set(found) <= {card.id}, f"{card.id} : {card.title} reconnu comme {found}"


def test_a_set_of_the_common_base_is_recognised_by_its_standard():
    for made in catalog().common_base.sets:
        found = matches("Fichier 12", schemas=[made.standards[0]])
        assert found == [made.dataset], made.standards


def test_standards_asked_are_those_of_the_cards():
    assert "scdl/deliberations" in schemas_wanted() and None not in schemas_wanted()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trees: {strong: [arbres]}", "matching.yml : 'trees' donné"),
        ("tree_inventory: {strongs: [arbres]}", "matching.yml : strongs : champ inconnu"),
        ("tree_inventory: {strong: arbres}", "matching.yml : tree_inventory/strong"),
        ("tree_inventory: [", "YAML illisible"),
    ],
)
def test_a_wrong_file_of_keywords_is_refused_by_name(tmp_path, text, said):
    path = tmp_path / "matching.yml"
    path.write_text(text)
    with pytest.raises(CardError) as caught:
        load_keywords(path)
    assert said in str(caught.value)
