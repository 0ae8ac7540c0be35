"""Who may help near here: sources, scopes, préfectures, and nothing real for a fictional place."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from data import nearby
from data.catalog import REFERENCE
from data.checking import CardError
from data.territories import _all, territory

FILE = REFERENCE / "helpers_nearby.yml"


@pytest.fixture(scope="module")
def document():
    return nearby.load_bodies(FILE)


def names(code):
    return [made.name for made in nearby.near(territory(code))]


def test_every_body_has_a_source_and_identifiers_are_unique(document):
    ids = [made["id"] for made in document["bodies"]]
    assert len(ids) == len(set(ids))
    used = {made["source"] for made in document["bodies"]}
    assert used == set(document["sources"])
    for source in document["sources"].values():
        year = int(source.get("date", "2016")[:4])
        assert 2000 < year <= date(2026, 11, 21).year


def test_scopes_are_codes_of_real_places(document):
    known = _all()
    for made in document["bodies"]:
        if made.get("fictional"):
            continue
        for siren in made.get("epcis", ()):
            assert known[siren].level == "epci"
        for code in made.get("departements", ()):
            assert f"dep:{code}" in known
        for code in made.get("regions", ()):
            assert f"reg:{code}" in known


def test_every_departement_has_its_prefecture_in_a_town_of_its_own(document):
    seats = document["prefectures"]["seats"]
    departements = {code[4:] for code, made in _all().items() if made.level == "departement"}
    overseas = {"971", "972", "973", "974", "976"}  # the other collectivities have no préfecture
    mainland = {code for code in departements if len(code) == 2} - {"00"}
    assert set(seats) == mainland | overseas
    assert len(seats) == 101
    for departement, seat in seats.items():
        assert territory(seat).departement == departement
        found = nearby.near(territory(f"dep:{departement}"))
        assert [made.kind for made in found].count("prefecture") == 1


def test_cahors_gets_its_syndicate_first_then_the_prefecture_then_wider():
    found = nearby.near(territory("46042"))
    assert [made.id for made in found] == ["smica", "prefecture_46", "occitanie", "declic"]
    assert "Cahors" in found[1].name
    assert all(made.source_title for made in found)


def test_a_metropole_serves_its_communes_and_itself():
    for code in ("37261", "243700754"):
        assert nearby.near(territory(code))[0].id == "tours_metropole"


def test_where_nobody_is_listed_only_the_prefecture_and_the_network_are():
    found = nearby.near(territory("97611"))
    assert not any(made.listed for made in found)
    assert [made.kind for made in found] == ["prefecture", "network"]


@pytest.mark.parametrize("code", ["00001", "000000001", "dep:00"])
def test_a_fictional_place_gets_fictional_help_only(code):
    found = nearby.near(territory(code))
    assert [made.id for made in found] == ["vaurelle"]
    assert "FICTIF" in found[0].name
    assert found[0].source_url is None


def test_no_real_place_gets_fictional_help(document):
    for code in ("46042", "dep:46", "reg:76", "200023737"):
        assert not any("FICTIF" in name for name in names(code))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made["bodies"][0].update(source="ailleurs"), "smica : 'ailleurs' donné"),
        (lambda made: made["bodies"][0].update(kind="ami"), "'ami' donné ; permis"),
        (lambda made: made["bodies"][0].pop("departements"), "bodies/0"),
        (lambda made: made["bodies"][0].pop("source"), "source : absent"),
        (lambda made: made["sources"]["smica"].update(url="javascript:x"), "javascript"),
        (lambda made: made["sources"]["smica"].update(date="hier"), "hier"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path, change, said):
    made = yaml.safe_load(FILE.read_text())
    change(made)
    wrong = tmp_path / "helpers_nearby.yml"
    wrong.write_text(yaml.safe_dump(made, allow_unicode=True))
    with pytest.raises(CardError, match="helpers_nearby.yml") as refused:
        nearby.load_bodies(wrong)
    assert said in str(refused.value)
