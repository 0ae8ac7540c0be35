"""The list of missing data as a spreadsheet file: XLSX for people, CSV for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

from data.catalog import catalog
from data.cells import neutral
from data.territories import Territory
from diagnostics.missing import MissingData
from drawing import french, signs

FOOTER = "Outil indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance."
# (header, width in characters)
COLUMNS = (
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
    ("Gain (points sur 100)", 14),
    ("Projet où ce gain est le plus grand", 40),
)


def rows(missing: Sequence[MissingData]) -> list[list[str]]:
    """One row of text per dataset, in the order of the list; columns of COLUMNS."""
    return [
        [neutral(cell) for cell in _row(position, line)]
        for position, line in enumerate(missing, start=1)
    ]


def _row(position: int, line: MissingData) -> list[str]:
    return [
        str(position),
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
        french.interval(round(line.gain.low), round(line.gain.high)) if line.gain_in else "0",
        catalog().experiments[line.gain_in].title if line.gain_in else "",
    ]


def as_csv(missing: Sequence[MissingData]) -> bytes:
    """UTF-8 with a byte-order mark and semicolons: what a French spreadsheet opens as it is."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([header for header, _ in COLUMNS])
    writer.writerows(rows(missing))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(missing: Sequence[MissingData], place: Territory, day: date) -> bytes:
    """A workbook of one sheet: title, header, frozen and filtered, then the footer."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Données manquantes")
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#F7F5F0"})
    sheet.write_string(0, 0, _title(place, day), book.add_format({"bold": True, "font_size": 14}))
    for column, (header, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width, plain)
        sheet.write_string(2, column, header, strong)
    made = rows(missing)
    for line, cells in enumerate(made, start=3):
        for column, cell in enumerate(cells):
            sheet.write_string(line, column, cell, plain)
    sheet.freeze_panes(3, 3)
    sheet.autofilter(2, 0, max(2, len(made) + 2), len(COLUMNS) - 1)
    sheet.write_string(len(made) + 4, 0, FOOTER)
    _print_setup(sheet)
    book.close()
    return held.getvalue()


def _title(place: Territory, day: date) -> str:
    fictional = "FICTIF – " if place.fictional else ""
    return (
        f"{fictional}Données manquantes {french.of_place(place.name, place.level)}, "
        f"au {french.day(day)}"
    )


def _print_setup(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def file_name(place: Territory, day: date, extension: str) -> str:
    """'donnees_manquantes_46042_2026-11-21.csv'; a fictional town is named in the file's name."""
    code = place.code.replace(":", "_")
    fictional = "_FICTIF" if place.fictional else ""
    return f"donnees_manquantes_{code}{fictional}_{day.isoformat()}.{extension}"
