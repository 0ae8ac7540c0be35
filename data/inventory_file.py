"""Reading back the spreadsheet of the inventory that services have filled.

Columns may be moved, missing or added, rows sorted, removed or added: what is recognised is kept,
what is not is said with its line. Nothing is decided here: a row says what its cells say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from data import inventory_words as words
from data.cells import ERASE, restored
from data.inventory_words import Mark
from data.spreadsheet import Sheet, Unreadable, sheets

__all__ = ["Returned", "Row", "Unreadable", "read"]

HEADER_WITHIN = 25  # lines where the header is looked for
GUIDE = "Mode d'emploi"  # our own sheet, which holds no row
SHOWN = 60  # characters shown of what someone typed
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")


@dataclass(frozen=True)
class Row:
    """One line of the file, as typed. `said` holds the cells that are not empty, None to erase."""

    place: str  # « ligne 12 », with its sheet when there are several
    asked: str  # what names the dataset, as typed
    dataset: str | None  # id in the reference; None: unknown
    mark: Mark | None
    said: Mapping[str, str | date | None] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    named: str | None = None  # code of the territory that the title of its sheet names


@dataclass(frozen=True)
class Returned:
    """What a file holds, and what was left aside."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


def read(body: bytes) -> Returned:
    """The rows of a filled inventory (XLSX or CSV). Raises Unreadable with one sentence."""
    found = [(sheet, header) for sheet in sheets(body) if (header := _header(sheet)) is not None]
    if not found:
        raise Unreadable(
            f"Aucune feuille n'a de colonne «\u00a0{words.IDENTIFIER}\u00a0» ou "
            f"«\u00a0{words.TITLE}\u00a0»\u00a0: "
            "déposez un inventaire exporté d'ici, puis rempli."
        )
    rows, problems = [], []
    for sheet, header in found:
        several = len(found) > 1
        columns, left = _columns(sheet, header)
        problems += [f"Feuille {_quoted(sheet.name)}, {one}" if several else one for one in left]
        label = f"feuille {_quoted(sheet.name)}, " if several else ""
        rows += _rows(sheet, header, columns, label)
    return Returned(tuple(rows), tuple(one[:1].upper() + one[1:] for one in problems))


# --- columns ---------------------------------------------------------------------------------


def _known() -> dict[str, str]:
    """Folded header -> name of the column."""
    told = {words.fold(header): header for header, _ in words.TOLD}
    filled = {words.fold(made.header): made.name for made in words.filled()}
    return {**told, **filled, words.fold(words.MARK): words.MARK}


def _header(sheet: Sheet) -> int | None:
    """The line that names the columns: it holds the identifier or the title, and one more."""
    if words.fold(sheet.name) == words.fold(GUIDE):
        return None
    known = _known()
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        names = {known.get(words.fold(_text(cell))) for cell in row} - {None}
        if len(names) > 1 and names & {words.IDENTIFIER, words.TITLE}:
            return number
    return None


def _columns(sheet: Sheet, header: int) -> tuple[dict[str, int], list[str]]:
    """Name of a column -> its place; and sentences on what is missing, unknown or given twice."""
    known, places, said = _known(), {}, []
    for place, cell in enumerate(sheet.rows[header]):
        title = _text(cell)
        name = known.get(words.fold(title))
        if name is None:
            said += _unknown_column(sheet, header, place, title)
        elif name in places:
            said.append(f"colonne {_quoted(title)} présente deux fois\u00a0: la première compte.")
        else:
            places[name] = place
    missing = [made.header for made in words.filled() if made.name not in places]
    said += [f"colonne {_quoted(name)} absente\u00a0: rien n'y change." for name in missing]
    return places, said


def _unknown_column(sheet: Sheet, header: int, place: int, title: str) -> list[str]:
    held = sum(bool(_text(row[place])) for row in sheet.rows[header + 1 :] if place < len(row))
    if not held:
        return []
    cells = f"{held} cellule{'s' if held > 1 else ''} remplie{'s' if held > 1 else ''}"
    name = _quoted(title) if title else f"n° {place + 1}, sans titre"
    return [f"colonne {name} inconnue, laissée de côté ({cells})."]


def _quoted(text: str) -> str:
    return f"«\u00a0{text[:SHOWN]}\u00a0»"


# --- rows ------------------------------------------------------------------------------------


def _rows(sheet: Sheet, header: int, columns: dict[str, int], label: str) -> list[Row]:
    found = []
    named = _named(sheet, header)
    for number, cells in enumerate(sheet.rows[header + 1 :], start=header + 2):
        held = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        if any(_text(cell) for cell in held.values()):
            found.append(_row(f"{label}ligne\u00a0{number}", held, named))
    return found


def _named(sheet: Sheet, header: int) -> str | None:
    """The code of the territory in the lines above the header."""
    above = (words.named(_text(cell)) for row in sheet.rows[:header] for cell in row)
    return next((code for code in above if code), None)


def _row(place: str, held: dict[str, Any], named: str | None) -> Row:
    asked = _text(held.get(words.IDENTIFIER, ""))
    title = _text(held.get(words.TITLE, ""))
    said: dict[str, str | date | None] = {}
    problems = []
    for column in words.filled():
        cell = held.get(column.name, "")
        if not _text(cell):
            continue
        try:
            said[column.name] = _said(column, cell)
        except ValueError as error:
            problems.append(str(error))
    return Row(
        place=place,
        asked=(asked or title)[:SHOWN],
        dataset=_dataset(asked, title),
        mark=words.mark(_text(held.get(words.MARK, ""))),
        said=_existing(said, problems),
        problems=tuple(problems),
        named=named,
    )


def _dataset(asked: str, title: str) -> str | None:
    """The id of the reference; by the title only where the row has no identifier."""
    ids, titles = _names()
    return ids.get(words.fold(asked)) if asked else titles.get(words.fold(title))


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Id by folded id, and by folded title."""
    cards = words.inventory_datasets()
    ids = {words.fold(key): key for key in cards}
    return ids, {words.fold(card.title): key for key, card in cards.items()}


def _said(column: words.Filled, cell: Any) -> str | date | None:
    """What a cell says; None to erase. Raises ValueError with a sentence."""
    text = _text(cell)
    if text.lower() == ERASE:
        return None
    if column.name == "asked_on":
        return _day(cell, text)
    return words.code(column, restored(text))


def _existing(
    said: dict[str, str | date | None], problems: list[str]
) -> dict[str, str | date | None]:
    """« N'existe pas » under « Statut » speaks of existence."""
    if words.fold(str(said.get("status") or "")) != words.fold(words.NOT_A_STATUS):
        return said
    if said.get("existence", "not_produced") not in ("not_produced", "unknown"):
        problems.append(
            f"Le statut dit {_quoted(words.NOT_A_STATUS)} et la colonne «\u00a0Existence\u00a0» "
            "dit autre chose\u00a0: gardez l'un des deux."
        )
    return {**said, "status": "not_evaluated", "existence": "not_produced"}


def _text(cell: Any) -> str:
    """A cell as text: 46042.0 reads 46042, a day reads as in France."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return words.canonical(str(cell)) or ""


def _day(cell: Any, text: str) -> date:
    """A date cell, a serial number, « 21/11/2026 » or « 2026-11-21 »."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        if re.fullmatch(r"\d{5}", text):
            return _EPOCH + timedelta(days=int(text))
        if found := _DAY.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year + 2000 if year < 100 else year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(
            f"Date de la demande {_quoted(text)} illisible\u00a0: écrivez JJ/MM/AAAA."
        ) from None
