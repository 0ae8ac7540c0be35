"""The headers of a town's accessibility file, invented here, and the fields of acceslibre."""

from __future__ import annotations

import pytest

from data.field_words import field_words
from data.standards import standard
from diagnostics.mapping.propose import AUTO, propose
from tests.diagnostics.mapping.tables import table

YES_NO = ("Oui", "Non", "Oui")
FILE = {
    "Nom du bâtiment": ("name", ("Mairie", "Gymnase Zay", "Médiathèque")),
    "CP": ("postal_code", ("46000", "46000", "46000")),
    "Largeur mini de la porte (cm)": ("entree_largeur_mini", ("90", "80", "140")),
    "Nb de marches à l'entrée": ("entree_marches", ("1", "0", "4")),
    "Parking PMR": ("stationnement_pmr", YES_NO),
    "Places PMR voie publique": ("stationnement_ext_pmr", YES_NO),
    "Main courante extérieure": ("cheminement_ext_main_courante", YES_NO),
    "Ascenseur extérieur": ("cheminement_ext_ascenseur", YES_NO),
    "Repérage des marches de l'entrée": ("entree_marches_reperage", YES_NO),
    "Accueil de plain-pied": ("accueil_cheminement_plain_pied", YES_NO),
    "Ascenseur pour aller à l'accueil": ("accueil_cheminement_ascenseur", YES_NO),
    "Isoloir adapté": ("accueil_isoloir_accessibilite", YES_NO),
    "Urne accessible": ("accueil_urne_accessibilite", YES_NO),
    "Siège dans la douche": ("accueil_chambre_douche_siege", YES_NO),
    "Boucle à induction": ("accueil_equipements_malentendants_presence", YES_NO),
    "Sanitaires adaptés PMR": ("sanitaires_adaptes", YES_NO),
}
# What resembles a field and is not one: an agenda of works is no conformity.
OTHERS = {
    "Ad'AP": YES_NO,
    "Coût des travaux": ("1200", "800", "0"),
    "Effectif ERP": ("90", "5", "2"),
}


def test_headers_of_services_find_their_fields_and_nothing_wrong_is_taken():
    cells = {**{name: values for name, (_, values) in FILE.items()}, **OTHERS}
    made = propose(*table(cells), SCHEMA)
    found = {one.header: one.field for one in made.columns}
    right = {name: field for name, (field, _) in FILE.items() if found[name] == field}
    assert len(right) >= len(FILE) - 1, {n: found[n] for n in FILE if n not in right}
    wrong = [one.header for one in made.columns if one.decision == AUTO and one.header not in right]
    assert wrong == []


SCHEMA = standard("erp-base")


@pytest.mark.parametrize("name", [name for name in SCHEMA.names if name.startswith("accueil_")])
def test_every_field_of_the_inside_has_words(name):
    assert field_words().fields["erp-base"].get(name)
