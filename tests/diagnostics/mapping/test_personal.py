"""Columns that designate people, and files that list vulnerable persons."""

from __future__ import annotations

import pytest

from diagnostics.mapping.personal import REFUSAL, flags, vulnerable
from tests.diagnostics.mapping.tables import table

PEOPLE = {"Nom": ["DUPONT", "MARTIN"], "Prénom": ["Jean", "Luce"]}


def kinds(columns):
    return {one.column: one.kind for one in flags(*table(columns))}


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("Président", ["Paul Rivet", "Anne Colas"], "person_name"),
        ("Nom du maire", ["Rivet", "Colas"], "person_name"),
        ("Suivi", ["Mme Colas", "M. Rivet"], "person_name"),
        ("Agent", ["Rivet", "Colas"], "person_name"),
        ("Relevé par", ["P. Rivet"], "person_name"),
        ("Nom et prénom", ["Rivet Paul"], "person_name"),
        ("Directrice", [], "person_name"),
        ("Courriel", ["p.rivet@example.fr"], "email"),
        ("Contact", ["p.rivet@example.fr", "a.colas@example.fr"], "email"),
        ("Portable", ["0612345678"], "phone"),
        ("Divers", ["06 12 34 56 78", "06.98.76.54.32"], "phone"),
        ("Date de naissance", ["1960-01-02"], "birth_date"),
        ("Né le", ["1960-01-02"], "birth_date"),
        ("Adresse du demandeur", ["3 rue du Port"], "home_address"),
        ("Observations", ["RAS", "rappeler au 06 12 34 56 78"], "free_text"),
        ("Remarques", ["RAS", "vu", "non", "accord de Mme Colas"], "free_text"),
        ("N° sécu", ["160017500112345"], "identity_number"),
        ("Compte", ["FR7630006000011234567890189"], "identity_number"),
    ],
)
def test_a_column_about_people_is_flagged(header, values, kind):
    assert kinds({header: values}) == {header: kind}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Nombre d'agents", ["3", "12"]),
        ("Service responsable", ["Voirie", "Culture"]),
        ("Responsable", ["Service voirie", "Direction des sports"]),
        ("Date d'élection du maire", ["2020-07-04"]),
        ("Nom", ["Club de judo", "Amicale laïque"]),
        ("Prénom", ["Léa", "Hugo"]),
        ("Année de naissance", ["2022", "2023"]),
        ("Commune de naissance", ["Redon"]),
        ("Adresse", ["3 rue du Port"]),
        ("SIREN", ["732829320", "356000000"]),
        ("SIRET", ["73282932000074"]),
        ("Voix contre", ["2", "0"]),
        ("Propriétaire", ["Commune de Redon", "SCI du Port"]),
        ("Observations", ["RAS", "à élaguer en 2025"]),
        ("dae_mobile", ["oui", "non"]),
        ("Nom commun", ["Tilleul", "Érable champêtre"]),
        ("Espèce", ["Platanus acerifolia", "Tilia cordata"]),
        ("Lieu", ["Place Foch", "Rue Jean Jaurès"]),
    ],
)
def test_a_column_about_anything_else_is_not(header, values):
    assert kinds({header: values}) == {}


def test_a_first_name_beside_a_family_name_is_somebody():
    assert kinds({**PEOPLE, "Adresse": ["3 rue du Port", "2 rue X"]}) == {
        "Nom": "person_name", "Prénom": "person_name", "Adresse": "home_address",
    }  # fmt: skip


def test_each_flag_says_why_in_french():
    found = flags(*table({"Président": ["Paul Rivet"]}))
    assert found[0].why.startswith("«\u00a0Président\u00a0»\u00a0: ")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("Registre canicule 2026.xlsx", {"Nom": ["DUPONT", "MARTIN"], "Tél": ["0612345678", None]}),
        ("liste.csv", {**PEOPLE, "Motif": ["isolé", "handicap"], "Situation": ["isolée", "APA"]}),
        ("plan_grand_froid.csv", {**PEOPLE}),
        ("inscrits.csv", {**PEOPLE, "Personne à prévenir": ["Luc", "Eva"]}),
        ("dialyse.csv", {"Adresse": ["3 rue du Port", "12 bis rue X"], "Étage": ["2", "1"]}),
        ("export.csv", {**PEOPLE, "Date de naissance": ["1940-01-02", "1938-05-06"],
                        "Bénéficiaire APA": ["oui", "non"]}),
        ("bénéficiaires RSA.csv", {"Civilité": ["M.", "Mme"], "Identité": ["DUPONT J", "COLAS A"]}),
    ],
)  # fmt: skip
def test_a_list_of_vulnerable_persons_is_refused(name, columns):
    assert vulnerable(*table(columns), name) == REFUSAL


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("canicule_par_quartier.csv", {"Quartier": ["Centre", "Gare"], "Effectif": ["12", "7"]}),
        ("isolees.csv", {"Rue": ["rue du Port"], "Nombre de personnes isolées": ["3"]}),
        ("apa.csv", {"Nom": ["Quartier Gare", "Centre"], "Nombre": ["3", "12"]}),
        ("stationnement.csv", {"Adresse": ["3 rue du Port"], "Places handicapés": ["2"]}),
        ("agents.csv", {**PEOPLE, "Service": ["Voirie", "Culture"]}),
        ("actes.csv", {"Objet": ["Plan canicule 2024", "Budget"], "Rapporteur": ["M. Ba", ""]}),
        ("arbres.csv", {"Essence": ["Tilleul"], "Adresse": ["3 rue du Port"]}),
        ("vide.csv", {}),
    ],
)  # fmt: skip
def test_a_count_or_another_list_is_not(name, columns):
    assert vulnerable(*table(columns), name) is None
