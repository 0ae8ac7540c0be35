"""The whole inventory as a workbook to fill: one line per needed dataset, lists, instructions.

It comes back through data.inventory_file: both take their columns from data.inventory_words. An
internal document: it holds what people declared.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from data import inventory_words as words
from data.cells import ERASE, neutral
from data.inventory_words import IDENTIFIER, MARK, TOLD, Filled, Mark
from data.territories import Territory
from diagnostics.inventory_lines import InventoryLine
from drawing import french, signs
from drawing.mentions import INTERNAL
from restitution.missing_list import FOOTER

SHEET, GUIDE = "Inventaire", "Mode d'emploi"
HEADER = 3  # row of the header, counted from 0
MARK_WIDTH = 24
_EMPTY_LINES = 20  # validated lines under the last one, for those that people add
_OPTIONAL = ("reason_code", "trace", "substitute")  # lists where one may choose « Effacer »
_STEPS = (
    "Remplissez les colonnes teintées de la feuille « Inventaire » ; les autres rappellent ce que "
    "l'on sait déjà.",
    "Une cellule laissée telle quelle, ou vidée, ne change rien. Pour retirer ce qui a été "
    f"déclaré, écrivez « {ERASE} » dans la cellule.",
    "Vous pouvez trier, filtrer, retirer des lignes et ajouter des colonnes : chaque ligne est "
    "retrouvée par son identifiant.",
    f"Ne modifiez pas la colonne grise « {MARK} » : elle permet de voir si quelqu'un a répondu "
    "entre-temps.",
    "Une existence laissée vide : une donnée ouverte ou à publier est tenue pour existante ; pour "
    "les autres, on ne sait pas.",
    "Enregistrez au format XLSX et rendez le fichier à la personne qui vous l'a envoyé. Rien n'est "
    "remplacé sans qu'elle le voie.",
    "Écrivez des services et des adresses de service, jamais le nom d'une personne.",
)
_PROPERTIES = {
    "title": "Inventaire des données",
    "comments": f"{INTERNAL}. {FOOTER}",
    "author": "Cœur de Données",
}


@dataclass(frozen=True)
class _Styles:
    title: Any
    strong: Any
    plain: Any
    fill_header: Any
    fill: Any
    day: Any
    fill_day: Any
    mark: Any


def as_xlsx(lines: Sequence[InventoryLine], place: Territory, day: date) -> bytes:
    """The workbook of some lines; the same bytes for the same lines and the same day."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({**_PROPERTIES, "created": datetime.combine(day, time())})
    styles = _styles(book)
    sheet, guide = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
    ranges = _guide(guide, styles, place)
    _heading(sheet, styles, place, day)
    for row, line in enumerate(lines, start=HEADER + 1):
        _write(sheet, styles, row, line, place, day)
    last = HEADER + len(lines)
    _lists(sheet, ranges, last + _EMPTY_LINES)
    sheet.freeze_panes(HEADER + 1, 2)
    sheet.autofilter(HEADER, 0, max(HEADER + 1, last), _mark_column())
    _print_setup(sheet, last)
    book.close()
    return held.getvalue()


def file_name(place: Territory, day: date, part: str = "") -> str:
    """'inventaire_46042_espaces_verts_2026-11-21_interne.xlsx'; FICTIF said in the name."""
    kept = "_".join(words.fold(part).split())[:40].rstrip("_")
    fictional = "FICTIF" if place.fictional else ""
    code = place.code.replace(":", "_")
    parts = ("inventaire", code, fictional, kept, day.isoformat(), "interne")
    return "_".join(part for part in parts if part) + ".xlsx"


def _mark_column() -> int:
    return len(TOLD) + len(words.filled())


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    base = {"text_wrap": True, "valign": "top", "font_size": 10}
    head = {**base, "bold": True, "bottom": 1}
    fill = {**base, "bg_color": "#FFF9E8", "border": 1, "border_color": "#D5D3CC"}
    dated = {"num_format": "dd/mm/yyyy", "align": "left"}
    return _Styles(
        title=book.add_format({"bold": True, "font_size": 14}),
        strong=book.add_format({**head, "bg_color": "#F7F5F0"}),
        plain=book.add_format(base),
        fill_header=book.add_format({**head, "bg_color": "#F6E3B4"}),
        fill=book.add_format({**fill, "num_format": "@"}),
        day=book.add_format({**base, **dated}),
        fill_day=book.add_format({**fill, **dated}),
        mark=book.add_format(
            {"font_color": "#5B6470", "bg_color": "#E6E6E6", "font_size": 8, "valign": "top"}
        ),
    )


# --- the sheet to fill -----------------------------------------------------------------------


def _heading(sheet: Any, styles: _Styles, place: Territory, day: date) -> None:
    fictional = "FICTIF – " if place.fictional else ""
    where = french.of_place(place.name, place.level)
    sheet.write_string(
        0, 0, fictional + words.heading(where, place.code, french.day(day)), styles.title
    )
    first = french.typeset(f"À lire d'abord : la feuille « {GUIDE} ».")
    sheet.write_string(1, 0, f"{INTERNAL}. {first} {FOOTER}")
    sheet.write_string(HEADER - 1, 0, "Ce que l'on sait", styles.title)
    sheet.write_string(HEADER - 1, len(TOLD), "À remplir", styles.title)
    for column, (header, width) in enumerate(TOLD):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADER, column, header, styles.strong)
    for column, made in enumerate(words.filled(), start=len(TOLD)):
        sheet.set_column(column, column, made.width)
        sheet.write_string(HEADER, column, made.header, styles.fill_header)
    sheet.set_column(_mark_column(), _mark_column(), MARK_WIDTH)
    sheet.write_string(HEADER, _mark_column(), MARK, styles.mark)
    sheet.set_row(HEADER, 30)


def _write(
    sheet: Any, styles: _Styles, row: int, line: InventoryLine, place: Territory, day: date
) -> None:
    for column, told in enumerate(_told(line)):
        sheet.write_string(row, column, neutral(told), styles.plain)
    if line.as_of:
        sheet.write_datetime(row, len(TOLD) - 1, _moment(line.as_of), styles.day)
    for column, made in enumerate(words.filled(), start=len(TOLD)):
        _fill(sheet, styles, row, column, made, line)
    said = line.declaration.id if line.declaration else None
    sheet.write_string(row, _mark_column(), Mark(place.code, day, said).written(), styles.mark)


def _told(line: InventoryLine) -> tuple[str, ...]:
    """The columns of TOLD but the last, a date."""
    served = french.plural(len(line.uses), "projet") if line.uses else "Aucun projet"
    needed = f", indispensable à {line.indispensable}" if line.indispensable else ""
    return (
        line.dataset,
        line.title,
        line.family_label,
        line.usual_holder,
        served + needed,
        signs.need_sign(line.status, line.existence).word,
        signs.PROVENANCES[line.provenance],
    )


def _fill(
    sheet: Any, styles: _Styles, row: int, column: int, made: Filled, line: InventoryLine
) -> None:
    """A cell to fill, with the latest declaration when there is one."""
    value = getattr(line.declaration, made.name) if line.declaration else None
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), styles.fill_day)
    elif text := words.canonical(value):
        sheet.write_string(row, column, neutral(words.word(made, text)), styles.fill)
    else:
        empty = styles.fill_day if made.name == "asked_on" else styles.fill
        sheet.write_blank(row, column, None, empty)


def _moment(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text[:10]), time())


def _lists(sheet: Any, ranges: dict[str, str], last: int) -> None:
    """Each column with words proposes them; the cell says what to write when one stands on it."""
    for column, made in enumerate(words.filled(), start=len(TOLD)):
        asked: dict[str, Any] = {
            "input_title": made.header[:32],
            "input_message": french.typeset(made.hint),
        }
        if made.name in ranges:
            asked |= {"validate": "list", "source": ranges[made.name]} | _REFUSED
        else:
            asked |= {"validate": "any"}
        sheet.data_validation(HEADER + 1, column, last, column, asked)


_REFUSED = {
    "error_title": "Mot inconnu",
    "error_message": "Choisissez un mot de la liste, ou laissez la cellule vide.",
}


def _print_setup(sheet: Any, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(2, 0)
    sheet.repeat_rows(HEADER)
    sheet.repeat_columns(1, 1)
    sheet.print_area(0, 0, last, _mark_column() - 1)
    sheet.set_footer(f"&L{INTERNAL}&RPage &P sur &N")


# --- instructions ----------------------------------------------------------------------------


def _guide(sheet: Any, styles: _Styles, place: Territory) -> dict[str, str]:
    """How to fill, and the words of each list; returns where each list stands."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 90)
    fictional = "FICTIF – " if place.fictional else ""
    sheet.write_string(0, 0, f"{fictional}{GUIDE}", styles.title)
    sheet.write_string(1, 0, f"{INTERNAL}. {FOOTER}")
    row = 3
    for number, step in enumerate(_STEPS, start=1):
        sheet.write_string(row, 0, f"Étape {number}" if number == 1 else f"{number}", styles.plain)
        sheet.write_string(row, 1, french.typeset(step), styles.plain)
        row += 1
    columns = [(made.header, made.hint) for made in words.filled()]
    row = _words(sheet, styles, row + 1, ("Colonne", "Ce qu'on y écrit"), columns)
    ranges = {}
    for made in words.filled():
        if made.words:
            listed = list(_meanings(made))
            ranges[made.name] = f"='{GUIDE.replace(chr(39), chr(39) * 2)}'!" + (
                f"$A${row + 3}:$A${row + 2 + len(listed)}"
            )
            row = _words(sheet, styles, row + 1, (made.header, "Ce que le mot veut dire"), listed)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{INTERNAL}&RPage &P sur &N")
    return ranges


def _words(
    sheet: Any,
    styles: _Styles,
    row: int,
    headers: tuple[str, str],
    pairs: Iterable[tuple[str, str]],
) -> int:
    """A table of two columns; returns the row under it."""
    for column, header in enumerate(headers):
        sheet.write_string(row, column, header, styles.strong)
    for row, pair in enumerate(pairs, start=row + 1):  # noqa: B020 - the row goes on
        for column, text in enumerate(pair):
            sheet.write_string(row, column, french.typeset(text) if column else text, styles.plain)
    return row + 1


def _meanings(made: Filled) -> Iterable[tuple[str, str]]:
    for code, word in made.words.items():
        sign = signs.STATUSES.get(code) if made.name == "status" else None
        told = french.upper_first(sign.meaning) + "." if sign else ""
        yield word, told or _MEANINGS.get(code, "")
    if made.name in _OPTIONAL:
        yield ERASE.capitalize(), "Retire ce qui avait été déclaré."


_MEANINGS = {
    **signs.EXISTENCE,
    "ownership": "Va avec « Protégée ».",
    "security": "Va avec « Protégée ».",
    "personal_data": "Va avec « Protégée ».",
    "other_legal_secret": "Va avec « Protégée » ; dites lequel dans « Texte cité ».",
    "paid": "Va avec « Payante ou limitée ».",
    "limited": "Va avec « Payante ou limitée ».",
    "to_specify": "Va avec « Payante ou limitée » ; dites pourquoi dans « Explication ».",
    "written_refusal": "Le détenteur a refusé par écrit ; donnez la pièce.",
    "unanswered_request": "Un mois est passé sans réponse ; donnez la date et la pièce.",
    "aggregate": "Des totaux par quartier, par rue ou par carreau.",
    "anonymised": "Les mêmes lignes, sans ce qui désigne une personne.",
    "agreement": "Un accès limité, par convention.",
}
__all__ = ["GUIDE", "HEADER", "IDENTIFIER", "INTERNAL", "SHEET", "as_xlsx", "file_name"]
