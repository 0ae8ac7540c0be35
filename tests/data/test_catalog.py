"""The reference: complete, checked, and refused in one sentence where it is wrong."""

import shutil
from pathlib import Path

import pytest
import yaml

from data.catalog import REFERENCE, CardError, catalog, endpoints, load_catalog

DUTY = {"kind": "publish", "text": "texte", "binds": ["commune"], "not_checked": "rien"}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def edit(root: Path, file: str, **changes) -> None:
    path = root / file
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**document, **changes}, allow_unicode=True), encoding="utf-8")


def test_the_reference_holds_what_the_source_texts_name():
    known = catalog()
    assert len(known.needs()) == 99
    assert len(known.experiments) == 14
    assert [made.code for made in known.experiments.values()] == [f"E{n:02d}" for n in range(1, 15)]
    assert len(known.statuses["access_statuses"]) == 5
    assert len(known.producers) == 5
    assert len(known.standards) == 95
    assert {made["kind"] for made in known.contexts.values()} == {
        "city",
        "agglomeration",
        "department",
    }


def test_the_reference_equals_the_evidence_it_was_taken_from(shared):
    given = yaml.safe_load((shared / "reference/datasets.yaml").read_text(encoding="utf-8"))[
        "datasets"
    ]
    known = catalog()
    for card in given:
        ours = known.datasets[card["id"]]
        for key, value in card.items():
            held = getattr(ours, key)
            assert (list(held) if isinstance(held, tuple) else held) == value, (card["id"], key)
    sheets = yaml.safe_load((shared / "reference/experiments.yaml").read_text(encoding="utf-8"))
    for sheet in sheets["experiments"]:
        needs = known.experiments[sheet["id"]].needs
        by_kind = {
            kind: [n.dataset for n in needs if n.criticality == kind]
            for kind in ("indispensable", "useful")
        }
        assert by_kind == {"indispensable": sheet["minimum_data"], "useful": sheet["useful_data"]}


def test_the_common_base_holds_the_sets_of_the_label_and_each_has_a_card():
    known = catalog()
    labelled = {
        key
        for key, row in known.standards.items()
        if "Socle Commun des Données Locales" in row["labels"]
    }
    named = [
        standard for made in known.common_base.sets if made.scdl for standard in made.standards
    ]
    assert sorted(named) == sorted(labelled)
    assert known.common_base.labelled == 14
    assert (known.common_base.announced, known.common_base.documented) == (10, 7)
    for made in known.common_base.sets:
        assert known.datasets[made.dataset].standard == made.standards[0]


def test_a_card_of_the_base_is_asked_by_no_project_and_carries_no_source():
    known = catalog()
    base = {key for key, card in known.datasets.items() if card.kind == "base"}
    assert base == known.base() - set(known.needs())
    for key in base:
        assert not known.needed_by(key) and not known.datasets[key].sources
        assert known.datasets[key].duties


def test_unjustified_closure_is_never_assumed_by_a_card():
    assert all(card.likely_status != "closed_unjustified" for card in catalog().datasets.values())


def test_every_source_says_under_which_terms_it_comes():
    for card in catalog().datasets.values():
        for source in card.sources:
            assert card.columns, card.id
            assert source.producer and source.licence and source.coverage, card.id


@pytest.mark.parametrize(
    ("file", "changes", "said"),
    [
        (
            "datasets/tree_inventory.yml",
            {"likely_status": "libre"},
            ("likely_status", "'libre'", "candidate"),
        ),
        (
            "datasets/tree_inventory.yml",
            {"likely_status": "closed_unjustified"},
            ("likely_status", "permis"),
        ),
        ("datasets/tree_inventory.yml", {"licenze": "x"}, ("licenze", "inconnu", "permis")),
        ("datasets/tree_inventory.yml", {"themes": []}, ("themes",)),
        (
            "datasets/tree_inventory.yml",
            {"max_age_days": "un an"},
            ("max_age_days", "un an", "integer"),
        ),
        (
            "datasets/tree_inventory.yml",
            {"duties": [{**DUTY, "kind": "oblige"}]},
            ("kind", "'oblige'", "publish"),
        ),
        (
            "datasets/tree_inventory.yml",
            {"duties": [{**DUTY, "binds": ["canton"]}]},
            ("binds", "'canton'", "commune"),
        ),
        (
            "datasets/tree_inventory.yml",
            {"duties": [{**DUTY, "deadline": "2026-13-45"}]},
            ("duties/deadline", "2026-13-45", "un jour"),
        ),
        (
            "datasets/tree_inventory.yml",
            {"duties": [{"kind": "publish", "binds": ["commune"], "text": "t"}]},
            ("not_checked", "absent"),
        ),
        (
            "common_base.yml",
            {"sets": [{"dataset": "no_such_set", "standards": ["scdl/budget"], "scdl": True}]},
            ("dataset", "no_such_set", "datasets/"),
        ),
        (
            "common_base.yml",
            {"sets": [{"dataset": "budget", "standards": ["scdl/rien"], "scdl": True}]},
            ("standards", "scdl/rien", "catalogue.yml"),
        ),
        ("common_base.yml", {"announced": "dix"}, ("announced", "dix", "integer")),
        ("datasets/tree_inventory.yml", {"id": "trees"}, ("id", "'trees'", "tree_inventory")),
        (
            "experiments/cool_routes.yml",
            {"minimum_data": ["no_such_set"]},
            ("minimum_data", "no_such_set"),
        ),
        (
            "experiments/cool_routes.yml",
            {"useful_data": ["cool_places"]},
            ("cool_places", "deux fois"),
        ),
        ("experiments/cool_routes.yml", {"code": "3"}, ("code", "'3'")),
        ("contexts/castelvoire.yml", {"fictional": False}, ("fictional", "False")),
        ("endpoints.yml", {"GEO": "geo.api.gouv.fr"}, ()),
    ],
)
def test_a_wrong_file_is_refused_with_file_field_given_allowed(reference, file, changes, said):
    edit(reference, file, **changes)
    if file == "endpoints.yml":
        return _endpoints_refused(reference)
    with pytest.raises(CardError) as refusal:
        load_catalog(reference)
    sentence = str(refusal.value)
    assert sentence.startswith(Path(file).name)
    assert all(word in sentence for word in said), sentence
    assert "\n" not in sentence


def _endpoints_refused(reference: Path) -> None:
    from data.checking import load

    with pytest.raises(CardError, match="endpoints.yml : GEO"):
        load(reference / "endpoints.yml", "endpoints")


def test_a_missing_field_is_named(reference):
    path = reference / "datasets/schools.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("producer_label:", "label:"), encoding="utf-8"
    )
    with pytest.raises(
        CardError, match="schools.yml : (producer_label : absent|label : champ inconnu)"
    ):
        load_catalog(reference)


@pytest.mark.parametrize("text", ["a: [", "a:\n\t- b", "\x00"])
def test_an_unreadable_file_is_refused_without_a_traceback(reference, text):
    (reference / "datasets/schools.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CardError, match="schools.yml"):
        load_catalog(reference)


def test_a_file_that_is_not_utf8_is_refused(reference):
    (reference / "datasets/schools.yml").write_bytes("title: é".encode("cp1252"))
    with pytest.raises(CardError, match="schools.yml : encodage"):
        load_catalog(reference)


def test_a_file_that_would_run_code_runs_nothing(reference, tmp_path):
    trap = tmp_path / "ran"
    text = f"id: !!python/object/apply:os.system ['touch {trap}']"
    (reference / "datasets/schools.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CardError):
        load_catalog(reference)
    assert not trap.exists()


def test_the_version_changes_with_the_content(reference):
    before = load_catalog(reference).version
    edit(reference, "datasets/schools.yml", note="relu")
    assert load_catalog(reference).version != before


def test_an_environment_variable_replaces_an_origin(monkeypatch):
    monkeypatch.setenv("ACV_ENDPOINT_GEO", "http://127.0.0.1:9/")
    assert endpoints()["GEO"] == "http://127.0.0.1:9"
    monkeypatch.delenv("ACV_ENDPOINT_GEO")
    assert endpoints()["GEO"].startswith("https://")
