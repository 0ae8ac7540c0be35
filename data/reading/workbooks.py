"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) as grids of texts.

python-calamine gives the values; data.reading.workbook_parts has counted before what it would
allocate, and says what the values do not: hidden lines, formulas never computed, errors, merges.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from data.reading import sheet_choice, sheet_repairs, sheet_stack, sheet_texts
from data.reading.bounds import SHEETS, guarded, too_big
from data.reading.reading import Grid, Unreadable, Wishes
from data.reading.sheet_choice import Choice, Profile, folded
from data.reading.sheet_marks import Marks
from data.reading.workbook_parts import Parts, prepared

BOOK = "Le classeur"


@dataclass
class Book:
    """An opened workbook: `shown` are the sheets one may read without asking for them."""

    book: CalamineWorkbook
    parts: Parts
    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    held: dict[str, CalamineSheet] = field(default_factory=dict)

    def sheet(self, name: str) -> CalamineSheet:
        """A sheet, kept when it is the only one: several big ones would not fit in memory."""
        made = self.held.get(name) or self.book.get_sheet_by_name(name)
        if len(self.shown) == 1:
            self.held[name] = made
        return made

    def marks(self, name: str) -> Marks:
        """What a sheet says beside its values; nothing where its format tells nothing."""
        position = self.book.sheet_names.index(name)
        if position < len(self.parts.ordered):
            return self.parts.ordered[position]
        return self.parts.marks.get(name, Marks())


def grid(path: Path, kind: str, wishes: Wishes) -> Grid:
    """The sheet that holds the table; `kind`: xlsx, xlsb, ods or xls. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="acv-") as folder, guarded(BOOK):
        parts = prepared(path, kind, Path(folder))
        with CalamineWorkbook.from_path(parts.path) as opened:
            return _grid(_book(opened, parts), wishes)


def _book(opened: CalamineWorkbook, parts: Parts) -> Book:
    sheets = [made for made in opened.sheets_metadata if made.typ == SheetTypeEnum.WorkSheet]
    if len(sheets) > SHEETS:
        raise too_big(f"{len(sheets)} feuilles")
    shown = tuple(made.name for made in sheets if made.visible == SheetVisibleEnum.Visible)
    hidden = tuple(made.name for made in sheets if made.name not in shown)
    return Book(opened, parts, shown, hidden)


def _grid(book: Book, wishes: Wishes) -> Grid:
    choice, profiles = _choice(book, wishes)
    grids = [_read(book, name, profiles, wishes) for name in choice.sheets]
    made = grids[0] if len(grids) == 1 else sheet_stack.stacked(grids, profiles, wishes)
    flags = [f"hidden_sheet:{name}" for name in book.hidden if name not in choice.sheets]
    flags += [f"other_sheet:{name}" for name in choice.left]
    return replace(made, sheets=book.shown or book.hidden, flags=made.flags + tuple(flags))


def _choice(book: Book, wishes: Wishes) -> tuple[Choice, dict[str, Profile]]:
    if wishes.sheet is not None:
        name = asked(wishes.sheet, book.shown, book.hidden)
        return Choice((name,)), {name: _profile(book, name)}
    if not book.shown:
        raise Unreadable(
            "Toutes les feuilles du classeur sont masquées\u00a0: affichez celle qui contient le "
            "tableau, puis enregistrez le classeur."
        )
    profiles = {name: _profile(book, name) for name in book.shown}
    stack = not wishes.refuses(sheet_stack.KIND, sheet_stack.COLUMN)
    return sheet_choice.choose(tuple(profiles.values()), stack), profiles


def asked(name: str, shown: Sequence[str], hidden: Sequence[str] = ()) -> str:
    """The sheet someone names, case and accents apart. Raises Unreadable with those there are."""
    names = tuple(dict.fromkeys((*shown, *hidden)))
    if name in names:
        return name
    close = [made for made in names if folded(made) == folded(name)]
    if len(close) == 1:
        return close[0]
    listed = ", ".join(f"«\u00a0{made}\u00a0»" for made in shown[:30])
    raise Unreadable(
        f"La feuille «\u00a0{name}\u00a0» n'existe pas. Feuilles du fichier\u00a0: {listed}."
    )


def _profile(book: Book, name: str) -> Profile:
    sheet = book.sheet(name)
    sample = sheet.to_python(skip_empty_area=True, nrows=sheet_choice.SAMPLE)
    return sheet_choice.profile(name, sample, sheet.height)


def _read(book: Book, name: str, profiles: dict[str, Profile], wishes: Wishes) -> Grid:
    sheet, marks = book.sheet(name), book.marks(name)
    top, left = sheet.start or (0, 0)
    cells = sheet_texts.table(sheet.iter_rows())
    found = profiles[name].header_line
    header = None if found is None else top + found
    merged = sheet.merged_cell_ranges
    spans = marks.merged if merged is None else [(*first, *last) for first, last in merged]
    made = Grid(
        cells,
        sheet=name,
        merged=_inside(spans, left, cells),
        hidden_rows=tuple(row for row in marks.hidden_rows if row < cells.num_rows),
        hidden_columns=_columns(marks.hidden_columns, left, cells),
        flags=_flags(marks),
    )
    made = sheet_repairs.shown_zeros(made, marks, left, wishes)
    return sheet_repairs.filled_down(made, header, wishes)


def _inside(
    spans: Sequence[tuple[int, int, int, int]], left: int, cells: pa.Table
) -> tuple[tuple[int, int, int, int], ...]:
    """Merges as positions of `cells`, cut at its edges."""
    rows, columns = cells.num_rows, cells.num_columns
    return tuple(
        (top, max(first - left, 0), min(bottom, rows - 1), min(last - left, columns - 1))
        for top, first, bottom, last in spans
        if top < rows and last - left >= 0 and first - left < columns
    )


def _columns(hidden: Sequence[int], left: int, cells: pa.Table) -> tuple[int, ...]:
    inside = range(cells.num_columns)
    return tuple(dict.fromkeys(made - left for made in hidden if made - left in inside))


def _flags(marks: Marks) -> tuple[str, ...]:
    flags = ["formula_without_value"] if marks.unvalued else []
    if marks.errors:
        flags.append(f"error_cells:{len(marks.errors)}")
    return tuple(flags)
