"""The standards kept here as facts: complete, and the same as the originals where they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from data.standards import UnknownSchema, by_id, folders, opened, parsed, standard

DEFAULTS = {"type": "string", "format": "default"}
# Of a field, what a verdict rests on; titles, descriptions and examples are not facts.
KEPT = (
    "trueValues", "falseValues", "missingValues", "decimalChar", "groupChar", "bareNumber",
    "arrayItem",
)  # fmt: skip


@pytest.mark.parametrize("name", folders())
def test_a_standard_says_where_it_comes_from(name: str) -> None:
    found = standard(name)
    assert found.loaded and found.problem is None
    assert found.version and found.source and found.licence
    assert found.id == name and name in by_id().values()
    assert len(set(found.names)) == len(found.fields) > 0
    assert set(found.primary_key) <= set(found.names)


@pytest.mark.parametrize("name", folders())
def test_a_standard_is_that_of_its_owner(name: str, shared: Path) -> None:
    original = shared / "schemas" / name / "schema.json"
    if not original.exists():
        pytest.skip("schéma d'origine absent")
    document = json.loads(original.read_text(encoding="utf-8-sig"))
    ours = standard(name).raw
    assert [_facts(one) for one in ours["fields"]] == [_facts(one) for one in document["fields"]]
    for key in ("primaryKey", "custom_checks", "missingValues"):
        assert _listed(ours.get(key)) == _listed(document.get(key)), key


def _facts(field: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: field.get(key) or default for key, default in DEFAULTS.items()}
    made["constraints"] = {
        name: value
        for name, value in (field.get("constraints") or {}).items()
        if value not in (False, None)
    }
    return {"name": field["name"], **made, **{key: field[key] for key in KEPT if key in field}}


def _listed(found: Any) -> Any:
    if found in (None, [], "", [""]):
        return []
    return found if isinstance(found, list) else [found]


def test_an_id_of_the_catalogue_and_a_folder_name_open_the_same_standard() -> None:
    assert opened("scdl/deliberations").fields == opened("scdl-deliberations").fields


@pytest.mark.parametrize("asked", ["", "inconnu", "/", "a" * 5000, "../schema.json", "\0"])
def test_an_unknown_schema_is_said_in_one_sentence(asked: str) -> None:
    with pytest.raises(UnknownSchema):
        opened(asked)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_schema_is_refused(body: bytes) -> None:
    with pytest.raises(UnknownSchema):
        parsed(body, "essai")


@pytest.mark.parametrize(
    "document, loaded",
    [
        ({"name": "Avec Majuscules", "fields": [{"name": "a"}]}, True),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, False),
        ({"fields": []}, False),
        ({"fields": ["a"]}, False),
        ({"fields": [{"name": "a", "type": "licorne"}]}, True),
        ({"title": "rien"}, False),
    ],
)
def test_a_badly_formed_schema_is_used_where_it_can_be(document: dict, loaded: bool) -> None:
    found = parsed(json.dumps(document).encode(), "essai")
    assert found.loaded is loaded
    assert found.problem or (document.get("name") and found.loaded)
