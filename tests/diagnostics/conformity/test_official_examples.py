"""The official examples of the standards: the verdict that each deserves."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.standards import standard
from diagnostics.conformity.validate import validate_file

pytestmark = pytest.mark.screens  # whole files: left to `make test`

# Files that their owner gives as examples; « valid » in the name is their word, not ours.
VALID = (
    ("arbre", "exemple-valide.csv"),
    ("arbre", "exemple-valide.xlsx"),
    ("catalogue-donnees-etalab", "exemple-valide.csv"),
    ("comptage-channel", "channel__exemple-valide.csv"),
    ("comptage-channel", "channel__exemple-valide-eco-compteur.csv"),
    ("comptage-measure", "measure__exemple-valide.csv"),
    ("comptage-measure", "measure__exemple-valide-eco-compteur.csv"),
    ("comptage-site", "site__exemple-valide.csv"),
    ("comptage-site", "site__exemple-valide-eco-compteur.csv"),
    ("erp-base", "base__exemple.csv"),
    ("fontaine-eau", "exemple-valide.csv"),
    ("friches", "fichier-valide.csv"),
    ("irve-statique", "statique__exemple-valide-statique.csv"),
    ("lieux-covoiturage", "exemple-valide.csv"),
    ("lieux-covoiturage", "exemple-valide.xls"),
    ("mediation-num", "exemple-valide.csv"),
    ("stationnement", "exemple-valide.csv"),
    ("stationnement-cyclable", "exemple-valide.csv"),
)
# Why each is refused: the field at fault, and the sentence that says so.
INVALID = (
    (
        "comptage-channel",
        "channel__exemple-invalide.csv",
        {"constraint-error", "primary-key"},
        "Des cellules obligatoires sont vides et un identifiant manque ou se répète.",
    ),
    (
        "lieux-covoiturage",
        "exemple-invalide.csv",
        {"type-error"},
        "Une valeur n'a pas le type que demande sa colonne.",
    ),
    (
        "stationnement",
        "exemple-invalide.csv",
        {"constraint-error", "custom-check-error"},
        "L'identifiant n'a pas la forme demandée, un mot n'est pas de la liste, le SIRET est faux.",
    ),
)


def _found(shared: Path, folder: str, name: str) -> Path:
    path = shared / "schemas" / folder / name
    if not path.exists():
        pytest.skip("exemple officiel absent")
    return path


@pytest.mark.parametrize("folder, name", VALID)
def test_an_official_example_is_accepted(folder: str, name: str, shared: Path) -> None:
    verdict = validate_file(_found(shared, folder, name), standard(folder))
    assert verdict.valid, [issue.message for issue in verdict.errors]


@pytest.mark.parametrize("folder, name, codes, why", INVALID)
def test_an_official_bad_example_is_refused(
    folder: str, name: str, codes: set[str], why: str, shared: Path
) -> None:
    verdict = validate_file(_found(shared, folder, name), standard(folder))
    assert {issue.code for issue in verdict.errors} == codes, why


def test_every_official_example_has_its_verdict(shared: Path) -> None:
    told = {(folder, name) for folder, name, *_ in (*VALID, *INVALID)}
    kept = {
        (path.parent.name, path.name)
        for path in (shared / "schemas").glob("*/*")
        if path.suffix in (".csv", ".xls", ".xlsx", ".ods", ".geojson")
    }
    assert kept <= told
