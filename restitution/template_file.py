"""The empty workbook a holder fills: the columns of the standard, and what each one is.

One sheet per dataset, header on the first line so that the file reads as a table, then a sheet
« Champs ». The same dataset gives the same bytes, whatever the day.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from data.catalog import Column, Dataset, catalog
from data.cells import neutral
from data.territories import Territory
from drawing import french
from drawing.letters import clean
from restitution.missing_list import FOOTER

ROWS = 2000  # lines of the sheet that are checked as they are filled
SHEET_NAME = 31  # characters a spreadsheet allows
LONGEST_MESSAGE = 250  # characters: a spreadsheet allows 255
FIELDS_SHEET = "Champs"
HEADERS = (
    ("Donnée", 34),
    ("Champ", 30),
    ("Type", 30),
    ("Obligatoire", 13),
    ("Ce que c'est", 64),
)
MADE_ON = datetime(2026, 1, 1)  # a fixed day: the bytes depend on the content alone
TYPES = {
    "text": "texte",
    "number": "nombre",
    "integer": "nombre entier",
    "date": "date (AAAA-MM-JJ)",
    "moment": "date et heure",
    "boolean": "true (oui) ou false (non)",
    "year": "année (AAAA)",
}
_KINDS = {
    "string": "text",
    "number": "number",
    "integer": "integer",
    "date": "date",
    "datetime": "moment",
    "boolean": "boolean",
    "year": "year",
    "VARCHAR": "text",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DATE": "date",
    "TIMESTAMP": "moment",
    "BOOLEAN": "boolean",
}
# (end of the name, what it holds), where the name of a standard's field leaves no doubt
_HINTS = (
    (re.compile(r"siret$", re.I), "Numéro SIRET : 14 chiffres, sans espace."),
    (re.compile(r"siren$", re.I), "Numéro SIREN : 9 chiffres, sans espace."),
    (re.compile(r"insee$", re.I), "Code Insee : 5 caractères, le zéro du début compris."),
    (re.compile(r"(^|_)(lat|latitude)$", re.I), "Latitude en degrés décimaux (WGS84)."),
    (re.compile(r"(^|_)(long?|longitude)$", re.I), "Longitude en degrés décimaux (WGS84)."),
)
_FROM_STANDARD = "Champ du standard « {title} » ; définition sur schema.data.gouv.fr."
_PROPOSED = "Proposé par cet outil, faute de standard : à adapter."


@dataclass(frozen=True)
class Field:
    """One column to fill."""

    name: str
    kind: str  # key of TYPES
    required: bool
    meaning: str


def fields_of(dataset: Dataset) -> tuple[Field, ...]:
    """Columns of the standard; else of the card; else a plain start fit for its shape."""
    row = catalog().standards.get(dataset.standard or "", {})
    if row.get("fields"):
        return tuple(_standard_field(made, str(row["title"])) for made in row["fields"])
    if dataset.columns and dataset.likely_status != "closed_justified":
        return tuple(_card_field(column) for column in dataset.columns)
    return tuple(Field(*made) for made in _plain_start(dataset))


def _standard_field(made: dict[str, Any], title: str) -> Field:
    hint = next((said for sign, said in _HINTS if sign.search(made["name"])), "")
    meaning = f"{hint} {_FROM_STANDARD.format(title=clean(title))}".strip()
    return Field(made["name"], _KINDS.get(made["type"], "text"), made["required"], meaning)


def _card_field(column: Column) -> Field:
    unit = f", en {column.unit}" if column.unit else ""
    return Field(column.name, _KINDS[column.type], False, f"{column.label}{unit}. {_PROPOSED}")


def _plain_start(dataset: Dataset) -> list[tuple[str, str, bool, str]]:
    """A few columns of common sense; protected data are asked for as counts by area."""
    if dataset.likely_status == "closed_justified":
        names = _AGGREGATE
    elif dataset.geometry == "raster":
        names = _IMAGE
    elif dataset.geometry in ("aucune", "commune", "service"):
        names = _FIGURES
    else:
        names = _PLACES
    return [(name, kind, required, f"{said} {_PROPOSED}") for name, kind, required, said in names]


_WHEN = ("date_mise_a_jour", "date", False, "Dernière mise à jour de la ligne.")
_NOTE = ("remarque", "text", False, "Ce qu'il faut savoir ; aucun nom de personne.")
_AGGREGATE: tuple[tuple[str, str, bool, str], ...] = (
    ("secteur", "text", True, "Quartier, IRIS ou commune : jamais une adresse."),
    ("nombre", "integer", True, "Effectif du secteur, petits effectifs regroupés."),
    ("periode", "text", False, "Année ou période comptée."),
    _WHEN,
    _NOTE,
)
_IMAGE: tuple[tuple[str, str, bool, str], ...] = (
    ("fichier", "text", True, "Nom du fichier, ou lien de téléchargement."),
    ("date_prise_de_vue", "date", False, "Jour ou premier jour de la mesure."),
    ("resolution_m", "number", False, "Taille d'un pixel au sol, en mètres."),
    ("systeme_de_coordonnees", "text", False, "Par exemple EPSG:2154 (Lambert 93)."),
    ("licence", "text", False, "Licence de diffusion, si elle est connue."),
    _NOTE,
)
_FIGURES: tuple[tuple[str, str, bool, str], ...] = (
    ("identifiant", "text", True, "Ce qui désigne la ligne sans ambiguïté."),
    ("libelle", "text", True, "Nom en clair."),
    ("valeur", "number", False, "Quantité ou mesure."),
    ("unite", "text", False, "Unité de la valeur."),
    ("periode", "text", False, "Année ou période."),
    _WHEN,
    _NOTE,
)
_PLACES: tuple[tuple[str, str, bool, str], ...] = (
    ("identifiant", "text", True, "Ce qui désigne l'objet sans ambiguïté."),
    ("libelle", "text", True, "Nom en clair."),
    ("adresse", "text", False, "Voie la plus proche, ou lieu-dit."),
    ("longitude", "number", False, "Longitude en degrés décimaux (WGS84)."),
    ("latitude", "number", False, "Latitude en degrés décimaux (WGS84)."),
    _WHEN,
    _NOTE,
)


def template(datasets: Dataset | Sequence[Dataset], place: Territory) -> bytes:
    """The workbook (XLSX) to fill for one dataset, or for several of one holder."""
    asked = (datasets,) if isinstance(datasets, Dataset) else tuple(datasets)
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": _title(asked, place), "comments": FOOTER, "created": MADE_ON})
    formats = _Formats(book)
    taken = {FIELDS_SHEET.casefold()}
    for dataset in asked:
        _data_sheet(book.add_worksheet(_sheet_name(dataset, place, taken)), dataset, formats)
    _fields_sheet(book.add_worksheet(FIELDS_SHEET), asked, place, formats)
    book.close()
    return held.getvalue()


def file_name(datasets: Sequence[Dataset], place: Territory) -> str:
    """'modele_tree_inventory.xlsx'; a fictional town is named in the file's name."""
    what = datasets[0].id if len(datasets) == 1 else f"{len(datasets)}_donnees"
    return f"modele_{what}{'_FICTIF' if place.fictional else ''}.xlsx"


class _Formats:
    """The looks of cells, made once per workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.required = book.add_format({**head, "bg_color": "#D9E6EA"})
        self.optional = book.add_format({**head, "bg_color": "#F7F5F0"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.kinds = {
            "text": book.add_format({"num_format": "@"}),  # keeps the zero of « 01004 »
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }


def _title(asked: Sequence[Dataset], place: Territory) -> str:
    fictional = "FICTIF – " if place.fictional else ""
    what = clean(asked[0].title) if len(asked) == 1 else french.plural(len(asked), "donnée")
    return french.typeset(f"{fictional}Modèle à remplir : {what}")


def _sheet_name(dataset: Dataset, place: Territory, taken: set[str]) -> str:
    """The title as a spreadsheet allows it; the identifier when another sheet has that name."""
    fictional = "FICTIF " if place.fictional else ""
    plain = re.sub(r"[\[\]:*?/\\]", " ", fictional + clean(dataset.title))
    named = " ".join(plain.split())[:SHEET_NAME].strip(" '")
    if not named or named.casefold() in taken:
        named = dataset.id[:SHEET_NAME]
    taken.add(named.casefold())
    return named


def _data_sheet(sheet: Any, dataset: Dataset, formats: _Formats) -> None:
    """Header alone on the first line, then empty lines that say what each cell expects."""
    for column, made in enumerate(fields_of(dataset)):
        name = neutral(made.name)
        width = max(12, min(len(name) + 3, 34))
        sheet.set_column(column, column, width, formats.kinds.get(made.kind))
        sheet.write_string(0, column, name, formats.required if made.required else formats.optional)
        sheet.data_validation(1, column, ROWS, column, _validation(made))
    sheet.freeze_panes(1, 0)


def _validation(made: Field) -> dict[str, Any]:
    """What the cell expects, said when it is chosen; another value is warned of, not refused."""
    hint = f"{TYPES[made.kind]}{', obligatoire' if made.required else ''}. {made.meaning}"
    said = {
        "ignore_blank": True,
        "input_title": made.name[:32],
        "input_message": hint[:LONGEST_MESSAGE],
        "error_type": "warning",
        "error_title": "Valeur à vérifier",
        "error_message": f"Attendu : {TYPES[made.kind]}.",
    }
    return {**_RULES.get(made.kind, {"validate": "any"}), **said}


_RULES: dict[str, dict[str, Any]] = {
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
    "integer": {"validate": "integer", "criteria": "between", "minimum": -1e9, "maximum": 1e9},
    "year": {"validate": "integer", "criteria": "between", "minimum": 1000, "maximum": 2200},
    "date": {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)},
    "moment": {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)},
    "boolean": {"validate": "list", "source": ["true", "false"]},
}


def _fields_sheet(
    sheet: Any, asked: Sequence[Dataset], place: Territory, formats: _Formats
) -> None:
    """Every column of every sheet: name, type, mandatory or not, what it is."""
    sheet.write_string(0, 0, _title(asked, place), formats.title)
    sheet.write_string(1, 0, _HELP)
    for column, (header, width) in enumerate(HEADERS):
        sheet.set_column(column, column, width, formats.plain)
        sheet.write_string(3, column, header, formats.required)
    line = 4
    for dataset in asked:
        for made in fields_of(dataset):
            for column, cell in enumerate(_described(dataset, made)):
                sheet.write_string(line, column, neutral(cell), formats.plain)
            line += 1
    sheet.write_string(line + 1, 0, FOOTER)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


_HELP = (
    "Une ligne par objet. En-tête bleutée : champ obligatoire. Laissez vide ce qui n'est pas "
    "connu ; retirez les données personnelles."
)


def _described(dataset: Dataset, made: Field) -> tuple[str, ...]:
    required = "oui" if made.required else "non"
    meaning = french.typeset(made.meaning)
    return clean(dataset.title), made.name, TYPES[made.kind], required, meaning
