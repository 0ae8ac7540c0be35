"""The workbook to fill next time: the columns of the standard, what each expects, lists to pick in.

Header alone on the first line, so that the file reads as a table. The same standard gives the same
bytes, whatever the day.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from data.cells import neutral
from data.schemas import Field, Schema
from data.territories import Territory
from drawing import french
from restitution.document import FICTIONAL
from restitution.missing_list import FOOTER
from restitution.template_file import FIELDS_SHEET, LONGEST_MESSAGE, MADE_ON, ROWS

SHEET, LISTS = "Données", "Listes"
INLINE = 250  # characters of a list written in the cell's own rule: a spreadsheet allows 255
LONGEST_ITEM = 32_000  # characters of a cell: a spreadsheet allows 32,767
MOST_FIELDS = 1_000
_WORDS = {
    "string": "texte",
    "number": "nombre, avec un point ou une virgule",
    "integer": "nombre entier",
    "boolean": "oui ou non, à choisir dans la liste",
    "date": "date AAAA-MM-JJ",
    "datetime": "date et heure AAAA-MM-JJTHH:MM:SS",
    "time": "heure HH:MM:SS",
    "year": "année AAAA",
    "yearmonth": "mois AAAA-MM",
    "geopoint": "point, longitude et latitude",
    "geojson": "géométrie GeoJSON",
    "array": "liste entre crochets",
    "object": "objet entre accolades",
}
_NUMBERS: dict[str, dict[str, Any]] = {
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
    "integer": {"validate": "integer", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
    "year": {"validate": "integer", "criteria": "between", "minimum": 1000, "maximum": 2200},
}
_HEADERS = (
    ("Champ", 30),
    ("Type", 34),
    ("Obligatoire", 13),
    ("Ce que c'est, ce qui est permis", 80),
)


def as_template(schema: Schema, place: Territory) -> bytes:
    """The workbook (XLSX) of a standard."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = _title(schema, place)
    book.set_properties({"title": title, "comments": FOOTER, "created": MADE_ON})
    sheets = [book.add_worksheet(name) for name in (_named(place), FIELDS_SHEET, LISTS)]
    formats = _formats(book)
    fields = schema.fields[:MOST_FIELDS]
    ranges = _write_lists(sheets[2], fields)
    _write_data(sheets[0], fields, formats, ranges)
    _write_fields(sheets[1], fields, formats, title)
    sheets[2].hide()
    book.close()
    return held.getvalue()


def _named(place: Territory) -> str:
    return f"{FICTIONAL} {SHEET}" if place.fictional else SHEET


def _title(schema: Schema, place: Territory) -> str:
    fictional = f"{FICTIONAL} – " if place.fictional else ""
    version = f", version {schema.version}" if schema.version else ""
    return french.typeset(_clean(f"{fictional}Modèle à remplir : {schema.title}{version}"))[:250]


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    return {
        "required": book.add_format({**head, "bg_color": "#D9E6EA"}),
        "optional": book.add_format({**head, "bg_color": "#F7F5F0"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": 49}),  # keeps the zero of « 01004 »
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }


def _write_lists(sheet: Any, fields: Sequence[Field]) -> dict[str, str]:
    """Lists too long for the rule of a cell, a column each; the range of each by field."""
    ranges: dict[str, str] = {}
    for made in fields:
        items = _items(made)
        if len(",".join(items)) <= INLINE and not any("," in one for one in items):
            continue
        column = len(ranges)
        for row, item in enumerate(items):
            sheet.write_string(row, column, item)
        first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(items) - 1, column, row_abs=True, col_abs=True)
        ranges[made.name] = f"={LISTS}!{first}:{last}"
    return ranges


def _items(made: Field) -> list[str]:
    """What a cell may hold, when it is one of a list; a formula is never one."""
    if made.type == "boolean":
        given = [made.raw.get(key) for key in ("trueValues", "falseValues")]
        yes, no = (one[0] if isinstance(one, list) and one else None for one in given)
        return [str(yes or "true"), str(no or "false")]
    listed = made.constraints.get("enum")
    if not isinstance(listed, list):
        return []
    return [_clean(str(one))[:LONGEST_ITEM] for one in listed if not str(one).startswith("=")]


def _write_data(
    sheet: Any, fields: Sequence[Field], formats: dict[str, Any], ranges: dict[str, str]
) -> None:
    """Header, then empty lines of text, number or date that say what each cell expects."""
    for column, made in enumerate(fields):
        name = neutral(_clean(made.name))[:LONGEST_ITEM]
        width = max(12, min(len(name) + 3, 34))
        sheet.set_column(column, column, width, _format(made, formats))
        sheet.write_string(0, column, name, formats["required" if made.required else "optional"])
        note = f"{_kind(made)}{', obligatoire' if made.required else ''}. {_meaning(made)}"
        sheet.write_comment(0, column, note[: LONGEST_MESSAGE * 4], {"x_scale": 2, "y_scale": 1.5})
        sheet.data_validation(1, column, ROWS, column, _rule(made, note, ranges))
    sheet.freeze_panes(1, 0)


def _format(made: Field, formats: dict[str, Any]) -> Any:
    """Numbers and dates as such; everything else is text, so that no code loses its zeros."""
    if made.type in _NUMBERS:
        return None
    return formats["date"] if _is_day(made) else formats["text"]


def _rule(made: Field, note: str, ranges: dict[str, str]) -> dict[str, Any]:
    """What the cell expects, said when it is chosen; another value is warned of, not refused."""
    said = {
        "ignore_blank": True,
        "input_title": _clean(made.name)[:32],
        "input_message": note[:LONGEST_MESSAGE],
        "error_type": "warning",
        "error_title": "Valeur à vérifier",
        "error_message": f"Attendu : {_kind(made)}."[:LONGEST_MESSAGE],
    }
    items = _items(made)
    if items:
        return {"validate": "list", "source": ranges.get(made.name) or items, **said}
    if _is_day(made):
        return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1), **said}
    return {**_NUMBERS.get(made.type, {"validate": "any"}), **said}


def _is_day(made: Field) -> bool:
    return made.type == "date" and made.format in ("default", "%Y-%m-%d")


def _kind(made: Field) -> str:
    if made.type != "boolean" and _items(made):
        return "une valeur de la liste"
    return _WORDS.get(made.type, "texte")


def _meaning(made: Field) -> str:
    """The standard's own description when it has one, then what its rules allow."""
    own = made.raw.get("description") or made.raw.get("title") or ""
    said = [_clean(str(own))[:600]] if own else []
    rules = {
        "minimum": "au moins {}",
        "maximum": "au plus {}",
        "minLength": "{} caractères au moins",
        "maxLength": "{} caractères au plus",
        "pattern": "de la forme {}",
    }
    said += [
        words.format(_clean(str(made.constraints[name]))[:120])
        for name, words in rules.items()
        if name in made.constraints
    ]
    items = _items(made)
    if items:
        said.append(f"permis : {', '.join(items)[:400]}")
    if made.constraints.get("unique") is True:
        said.append("sans doublon")
    return french.typeset(" ; ".join(said))


def _write_fields(sheet: Any, fields: Sequence[Field], formats: dict[str, Any], title: str) -> None:
    """Every column: name, type, mandatory or not, what it is."""
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, _HELP)
    for column, (header, width) in enumerate(_HEADERS):
        sheet.set_column(column, column, width, formats["plain"])
        sheet.write_string(3, column, header, formats["required"])
    for line, made in enumerate(fields, start=4):
        required = "oui" if made.required else "non"
        for column, cell in enumerate((made.name, _kind(made), required, _meaning(made))):
            text = neutral(_clean(cell))[:LONGEST_ITEM]
            sheet.write_string(line, column, text, formats["plain"])
    sheet.write_string(len(fields) + 5, 0, FOOTER)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


_HELP = (
    "Une ligne par objet, dans la première feuille. En-tête bleuté : champ obligatoire. Laissez "
    "vide ce qui n'est pas connu ; aucune donnée personnelle."
)


def _clean(text: str) -> str:
    """A text without the signs that a workbook refuses."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text)
