"""Headers to fields: decisions, corrections, points, reasons; and files made to break it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas import schema_of
from data.standards import standard
from diagnostics.mapping.carry import carried
from diagnostics.mapping.mapped import AUTO, NONE, SUGGEST
from diagnostics.mapping.propose import propose
from tests.diagnostics.mapping.tables import table

SIRETS = ["40212345600017", "51298765400021", "38811122200014"]


def mapped(schema, columns, corrections=None):
    made, values = table(columns)
    return propose(made, values, standard(schema), corrections or {})


def by_header(made):
    return {one.header: one for one in made.columns}


def test_the_document_is_that_of_the_interface():
    made = mapped("scdl-prenoms", {"Prénom": ["Léa"], "Nb": ["3"], "Rang": ["1"]}).document()
    assert made["schema"] == {"id": "scdl-prenoms", "version": "v1.1.6"}
    assert [one["header"] for one in made["columns"]] == ["Prénom", "Nb", "Rang"]
    for one in made["columns"]:
        assert set(one) >= {
            "header", "field", "confidence", "decision", "candidates", "personal_data", "why",
        }  # fmt: skip
        assert one["decision"] in (AUTO, SUGGEST, NONE)
        assert (one["field"] is None) == (one["decision"] == NONE)
        assert 0 <= one["confidence"] <= 1
        assert len(one["candidates"]) <= 3
        assert one["why"].endswith((".", "?"))
    assert "COLL_INSEE" in made["missing_required"]


def test_the_siret_that_varies_is_the_receiver_s():
    columns = {"SIRET": SIRETS, "Association": ["A", "B", "C"], "Montant": ["1", "2", "3"]}
    assert by_header(mapped("scdl-subventions", columns))["SIRET"].field == "idBeneficiaire"
    columns["SIRET"] = ["21350001900015"] * 3
    assert by_header(mapped("scdl-subventions", columns))["SIRET"].field == "idAttribuant"


def test_an_update_is_a_frequency_or_a_day_by_its_values():
    often = mapped("scdl-catalogue", {"Mise à jour": ["Annuelle", "Mensuelle"]})
    when = mapped("scdl-catalogue", {"Mise à jour": ["2024-01-02", "2024-02-03"]})
    assert by_header(often)["Mise à jour"].field == "FREQ_MAJ"
    assert by_header(when)["Mise à jour"].field == "DATE_MAJ"


def test_a_correction_of_the_same_producer_wins():
    columns = {"Montant": ["1"], "Truc": ["2"], "Objet": ["a"]}
    made = by_header(
        mapped("scdl-subventions", columns, {"Truc": "montant", "Objet": None, "Autre": "nature"})
    )
    assert (made["Truc"].field, made["Truc"].decision) == ("montant", AUTO)
    assert (made["Objet"].field, made["Objet"].decision) == (None, NONE)
    assert made["Montant"].field != "montant"
    assert "déjà" in made["Truc"].why


def test_a_correction_to_a_field_that_no_longer_exists_is_forgotten():
    made = by_header(mapped("scdl-subventions", {"Montant": ["1"]}, {"Montant": "disparu"}))
    assert made["Montant"].field == "montant"


def test_an_exact_header_is_taken_as_it_is():
    names = standard("scdl-deliberations").names
    made = mapped("scdl-deliberations", {name: [] for name in names})
    assert {one.header: one.field for one in made.columns} == {name: name for name in names}


def test_two_fields_as_near_are_left_to_the_person():
    made = schema_of(
        {"fields": [{"name": "date_debut", "type": "date"}, {"name": "date_fin", "type": "date"}]},
        "essai",
    )
    columns, values = table({"Date": ["2024-01-02"]})
    assert propose(columns, values, made).columns[0].decision != AUTO


def test_a_title_of_a_given_schema_counts():
    made = schema_of(
        {"fields": [{"name": "zz1", "title": "Espèce protégée"}, {"name": "zz2", "title": "Abri"}]},
        "essai",
    )
    columns, values = table({"Especes protegees": ["a"], "Budget": ["12"]})
    found = propose(columns, values, made)
    assert [one.field for one in found.columns] == ["zz1", None]


def test_a_point_in_one_cell_is_split_for_a_standard_that_keeps_two():
    made = mapped("arbre", {"N°": ["1"], "Coordonnées GPS": ["47.91,-1.65"]})
    values = table({"N°": ["1"], "Coordonnées GPS": ["47.91,-1.65"]})[1]
    assert made.missing_required == ()
    filled = carried(values, standard("arbre"), made.choices())
    assert filled.to_pylist() == [{"id": "1", "longitude": "-1.65", "latitude": "47.91"}]


def test_two_coordinates_are_merged_for_a_standard_that_wants_a_point():
    columns = {"id_local": ["1"], "Lat": ["47.91"], "Lon": ["-1.65"]}
    made = mapped("stationnement-cyclable", columns)
    filled = carried(table(columns)[1], standard("stationnement-cyclable"), made.choices())
    assert filled.to_pylist() == [{"id_local": "1", "coordonneesxy": "[-1.65, 47.91]"}]
    assert "coordonneesxy" not in made.missing_required


def test_personal_columns_go_nowhere_by_themselves():
    made = by_header(
        mapped(
            "scdl-equipements",
            {
                "Nom": ["Gymnase", "Piscine"],
                "Gardien": ["Paul Rivet", "Anne Colas"],
                "Téléphone": ["0299000001", "0299000002"],
                "Portable du gardien": ["0612345678", "0698765432"],
            },
        )
    )
    assert made["Gardien"].field is None and made["Gardien"].personal is not None
    assert (made["Téléphone"].field, made["Téléphone"].decision) == ("EQUIP_TEL", SUGGEST)
    assert made["Portable du gardien"].field is None
    assert "personnelles" in made["Gardien"].why


@pytest.mark.parametrize(
    "columns", [{}, {"": ["a"]}, {"🌳": ["🌳"]}, {"a": []}, {"é" * 5000: ["x"]}]
)
def test_odd_tables_are_answered(columns):
    made = mapped("scdl-subventions", columns)
    assert [one.header for one in made.columns] == list(columns)


def test_a_schema_without_fields_maps_nothing():
    columns, values = table({"a": ["1"]})
    made = propose(columns, values, schema_of({"fields": []}, "vide"))
    assert made.columns[0].field is None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.text(max_size=30),
        st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=4),
        max_size=6,
    )
)
def test_whatever_the_table_each_field_is_given_once(columns):
    made = mapped("fontaine-eau", columns)
    given_fields = [one.field for one in made.columns if one.field]
    assert len(given_fields) == len(set(given_fields))
    assert set(given_fields) <= set(standard("fontaine-eau").names)


def test_the_name_of_the_thing_after_that_of_the_field_changes_nothing():
    columns = {
        "Genre_arbre": ["Acer", "Tilia"],
        "Espece_arbre": ["campestre", "cordata"],
        "Cultivar_variete_arbre": ["Elsrijk", "Greenspire"],
        "Famille_arbre": ["Sapindaceae", "Malvaceae"],
        "ID_ARBRE": ["1", "2"],
    }
    made = by_header(mapped("arbre-0.3.1", columns))
    assert {header: (one.field, one.decision) for header, one in made.items()} == {
        "Genre_arbre": ("genre", AUTO),
        "Espece_arbre": ("espece", AUTO),
        "Cultivar_variete_arbre": ("cultivar_variete", AUTO),
        "Famille_arbre": ("famille", AUTO),
        "ID_ARBRE": ("id", AUTO),
    }
    assert all("nom_vernaculaire" not in one.why for one in made.values())


def test_the_standard_may_be_the_one_that_names_the_thing():
    made = by_header(mapped("arbre", {"Genre": ["Acer", "Tilia"]}))
    assert (made["Genre"].field, made["Genre"].decision) == ("genre_arbre", AUTO)


def test_a_count_is_never_taken_for_a_name():
    given = {"Nombre de places": ["12", "8"], "longitude": ["1.44", "1.45"]}
    found = propose(*table(given), standard("comptage-site"))
    assert found.fields["Nombre de places"] is None
