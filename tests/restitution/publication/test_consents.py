"""What is asked before anything is published, and the nine points computed before it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from data.standards import standard
from diagnostics.mapping.choices import Choices, Split
from restitution.publication import quality
from restitution.publication.consents import Consents, consents_of, missing
from restitution.publication.risks import SMALLEST_GROUP, Risk, risks
from restitution.publication.to_publish import Metadata
from tests.restitution.publication.making import GIVEN, made


class Flag:
    """As diagnostics.mapping.personal gives them."""

    def __init__(self, column: str, kind: str) -> None:
        self.column, self.kind, self.why = column, kind, "x"


POINTS = {"longitude": ["1.4", "1.5"], "latitude": ["44", "44.1"]}


def kinds(flags, columns, schema=None) -> list[str]:
    return [one.kind for one in risks(flags, pa.table(columns), schema)]


# --- consents ------------------------------------------------------------------------------------


def test_nothing_lacks_once_all_is_given():
    assert missing(GIVEN, (Risk("personal", "a", "x"),)) == []


def test_each_thing_that_lacks_has_its_sentence():
    said = missing(Consents(), (Risk("personal", "Nom", "la colonne « Nom » contient des noms"),))
    assert len(said) == 3
    assert "Accord du producteur" in said[0]
    assert "délégué" in said[1]
    assert "« Nom »" in said[1]
    assert "Licence Ouverte 2.0 ou ODbL 1.0" in said[2]


def test_the_officer_is_asked_only_when_there_is_a_risk():
    given = Consents(producer="A", licence="odbl", licence_by="B")
    assert missing(given) == []
    assert len(missing(given, (Risk("homes", None, "x"),))) == 1


@pytest.mark.parametrize("licence", ["cc-by", "", "notspecified", "LOV2"])
def test_another_licence_is_not_decided(licence):
    given = Consents(producer="A", licence=licence, licence_by="B")
    assert "choisissez" in missing(given)[0]


def test_a_licence_that_nobody_decided_and_blanks_lack():
    given = Consents(producer="  ", licence="lov2", licence_by=" ")
    assert [sentence[:9] for sentence in missing(given)] == ["« Accord ", "« Licence"]


def test_consents_come_back_from_what_was_kept():
    assert consents_of({**GIVEN.document(), "autre": 1}) == GIVEN


# --- risks ---------------------------------------------------------------------------------------


def test_a_flagged_column_is_a_risk():
    found = risks([Flag("Nom", "person_name")], pa.table({"a": ["x"]}))
    assert [(one.kind, one.column) for one in found] == [("personal", "Nom")]
    assert "noms de personnes" in found[0].why


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("effectif", ["12", "10"], ["small_group"]),
        ("nb_habitants", ["1"], ["small_group"]),
        ("Nombre d'élèves", ["9.0"], ["small_group"]),
        ("effectif", [str(SMALLEST_GROUP), "0", None], []),
        ("nb_places", ["3"], []),
        ("effectif", ["peu"], []),
    ],
)
def test_a_group_of_fewer_than_eleven_people_is_a_risk(name, values, expected):
    assert kinds([], {name: values}) == expected


def test_points_are_homes_when_somebody_or_a_dwelling_stands_beside_them():
    assert kinds([], POINTS) == []
    assert kinds([Flag("Nom", "person_name")], POINTS) == ["personal", "homes"]
    assert kinds([Flag("Tél", "phone")], POINTS) == ["personal"]
    assert kinds([], {**POINTS, "usage": ["école", "Logement social"]}) == ["homes"]
    assert kinds([], {"usage": ["Logement social"]}) == []


def test_who_is_left_aside_makes_no_home_unless_it_is_an_address():
    flags = [Flag("Jardinier", "person_name")]
    table = pa.table({**POINTS, "id": ["1", "2"]})
    assert [one.kind for one in risks(flags, table, published={"id"})] == ["personal"]
    said = risks(flags, table, published={"id", "Jardinier"})
    assert [(one.kind, one.column) for one in said][1:] == [("homes", "Jardinier")]
    said = risks([*flags, Flag("Adresse", "home_address")], table, published={"id"})
    assert said[-1].kind == "homes" and said[-1].why.endswith("« Adresse », laissée de côté)")


def test_hostile_texts_are_no_trouble_for_risks():
    long = ["logement " * 20_000, "(" * 50_000]
    assert kinds([], {**POINTS, "x" * 5_000: long}) == ["homes"]


# --- quality -------------------------------------------------------------------------------------


def points(metadata: Metadata, files=("data.csv", "fiche.html")) -> dict[str, bool]:
    return {one.id: one.gained for one in quality.points(metadata, files, placed=True)}


def test_the_nine_points_and_how_to_gain_each():
    found = quality.points(Metadata(), (), placed=False)
    assert len({one.id for one in found}) == 9
    assert all(one.how.endswith(".") for one in found)
    assert [one.id for one in found if one.gained] == ["license"]


def test_all_points_are_gained_by_a_whole_form():
    whole = Metadata(
        description="d" * 101, frequency="annual", start="2024", end="2024-12-31", licence="odbl"
    )
    assert all(points(whole).values())


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"description": "d" * 100}, {"dataset_description_quality"}),
        ({"frequency": "unknown"}, {"update_frequency", "update_fulfilled_in_time"}),
        ({"frequency": "parfois"}, {"update_frequency", "update_fulfilled_in_time"}),
        ({"end": ""}, {"temporal_coverage"}),
        ({"start": "hier"}, {"temporal_coverage"}),
        ({"licence": "autre"}, {"license"}),
    ],
)
def test_each_point_is_lost_by_its_own_lack(change, lost):
    base = {"description": "d" * 101, "frequency": "annual", "start": "2024", "end": "2024"}
    found = points(Metadata(**{**base, **change}))
    assert {name for name, gained in found.items() if not gained} == lost


# --- what a publication says by itself -----------------------------------------------------------


def test_the_defaults_say_only_what_is_known():
    said = made().said
    assert said.title == "Attributs des arbres urbains de Cahors"
    assert (said.start, said.end, said.frequency, said.siret, said.url) == (
        "",
        "",
        "unknown",
        "",
        "",
    )
    assert len(said.description) > quality.SHORTEST
    assert "Cahors" in said.keywords


def test_what_was_typed_is_kept():
    given = Metadata(title="Nos arbres", description="d", keywords=("k",), producer="Parcs")
    said = made(metadata=given).said
    assert (said.title, said.description, said.keywords) == ("Nos arbres", "d", ("k",))
    assert said.producer == "Parcs"


def test_a_column_split_or_merged_is_not_left_aside():
    choices = Choices(splits=(Split("Jardinier", ("latitude", "longitude")),))
    assert made(choices=choices).left_aside == ()
    assert made().left_aside == ("Jardinier",)


def test_the_standard_of_a_folder_is_named_as_in_the_catalogue():
    assert made(schema=standard("scdl-deliberations")).standard == "scdl/deliberations"
    assert made(schema=standard("arbre")).standard == "NaturalSolutions/schema-arbre"
