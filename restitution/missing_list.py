"""The list of missing data as a spreadsheet file: XLSX for people, CSV for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.catalog import catalog
from data.territories import Territory
from diagnostics.missing import MissingData
from drawing import french, signs
from restitution import sheets
from restitution.document import FICTIONAL, NOTICE
from restitution.sheets import Cell, Sheet

FOOTER = NOTICE
# (header, width in characters)
DESCRIBED = (
    ("Rang de la liste", 9),
    ("Identifiant", 22),
    ("Donnée", 42),
    ("Certitude", 16),
    ("Statut", 20),
    ("Provenance", 13),
    ("Détenteur", 34),
    ("Importance", 15),
    ("Projets servis", 48),
    ("Projets débloqués", 40),
    ("Effort", 20),
    ("Prochain pas", 60),
    ("Standard", 30),
    ("Obligation ou droit d'accès", 48),
)
BEST = ("Projet où ce gain est le plus grand", 40)
COLUMNS = (*DESCRIBED, ("Gain (points sur 100)", 14), BEST)


def rows(missing: Sequence[MissingData]) -> list[list[Cell]]:
    """One row per dataset, in the order of the list; columns of COLUMNS."""
    return [
        [*made, _gain(line), project_of(line)]
        for made, line in zip(described(missing), missing, strict=True)
    ]


def described(missing: Sequence[MissingData]) -> list[list[Cell]]:
    """One row per dataset, in the order of the list; columns of DESCRIBED."""
    return [_row(position, line) for position, line in enumerate(missing, start=1)]


def project_of(line: MissingData) -> str:
    """The project where the next step brings most."""
    return catalog().experiments[line.gain_in].title if line.gain_in else "aucun projet"


def _gain(line: MissingData) -> str:
    return french.interval(round(line.gain.low), round(line.gain.high)) if line.gain_in else "0"


def _row(position: int, line: MissingData) -> list[Cell]:
    return [
        position,
        line.dataset,
        line.title,
        signs.CERTAINTIES[line.certainty],
        signs.need_sign(line.status, line.existence).word,
        signs.PROVENANCES[line.provenance],
        line.holder,
        signs.CRITICALITY[line.criticality],
        " ; ".join(use.title for use in line.uses),
        " ; ".join(catalog().experiments[one].title for one in line.unlocks),
        signs.EFFORTS[line.effort],
        line.next_step,
        line.standard_title or line.standard or "",
        line.legal or "",
    ]


def as_csv(missing: Sequence[MissingData]) -> bytes:
    """The list as CSV for a French spreadsheet."""
    return sheets.as_csv([header for header, _ in COLUMNS], rows(missing))


def as_xlsx(missing: Sequence[MissingData], place: Territory, day: date) -> bytes:
    """A workbook of one sheet: title, header, frozen and filtered, then the footer."""
    sheet = Sheet("Données manquantes", _title(place, day), COLUMNS, rows(missing), frozen=3)
    return sheets.workbook([sheet], sheet.title, day)


def _title(place: Territory, day: date) -> str:
    fictional = f"{FICTIONAL} – " if place.fictional else ""
    return (
        f"{fictional}Données manquantes {french.of_place(place.name, place.level)}, "
        f"au {french.day(day)}"
    )


def file_name(place: Territory, day: date, extension: str) -> str:
    """'donnees_manquantes_46042_2026-11-21.csv'; a fictional town is named in the file's name."""
    code = place.code.replace(":", "_")
    fictional = "_FICTIF" if place.fictional else ""
    return f"donnees_manquantes_{code}{fictional}_{day.isoformat()}.{extension}"
