"""Native tables of slides: the rows always stand in their place, shrunk then cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Cm, Pt

from drawing.signs import INK, Sign
from restitution.document import Cell, Table
from restitution.slide_template import Place
from restitution.slide_text import LINE, POINT, clean, cut, height, longest

SIZES = (24, 22, 20, 18, 16, 14, 13, 12)
SIDE, OVER = 0.32, 0.18  # cm of margin in a cell: left and right, above and below


def insert(placeholder: Any, made: Table, place: Place) -> Any:
    """Draw a table in a placeholder; the frame that holds it."""
    across = _widths(made, place.across)
    header = [clean(column.header, 120) for column in made.columns]
    rows = [header, *([_words(cell) for cell in row] for row in made.rows)]
    size, rows = _fitted(rows, across, place.down)
    frame = placeholder.insert_table(len(rows), len(across))
    table = frame.table
    table.horz_banding = False
    for column, wide in zip(table.columns, across, strict=True):
        column.width = Cm(wide)
    for rank, row in enumerate(rows):
        table.rows[rank].height = Cm(_row(row, across, size, bold=rank == 0))
        signs = made.rows[rank - 1] if rank else ()
        for column, words in enumerate(row):
            sign = signs[column] if signs else None
            numeric = made.columns[column].numeric
            _fill(table.cell(rank, column), words, size, sign, numeric, head=rank == 0)
    return frame


def _words(cell: Cell) -> str:
    return f"{cell.symbol} {cell.word}" if isinstance(cell, Sign) else clean(cell)


def _widths(made: Table, across: float) -> list[float]:
    whole = sum(column.width for column in made.columns)
    return [across * column.width / whole for column in made.columns]


def _fitted(
    rows: list[list[str]], across: Sequence[float], down: float
) -> tuple[float, list[list[str]]]:
    """The greatest size at which the rows stand; at the smallest, cells are cut alike."""
    for size in SIZES:
        tall = sum(_row(row, across, size, bold=rank == 0) for rank, row in enumerate(rows))
        if tall <= down and _unbroken(rows, across, size):
            return size, rows
    least = SIZES[-1]
    allowed = max(int((down / len(rows) - 2 * OVER) / (least * POINT * LINE)), 1)
    return least, [
        [cut(cell, least, wide - 2 * SIDE, allowed) for cell, wide in zip(row, across, strict=True)]
        for row in rows
    ]


def _unbroken(rows: list[list[str]], across: Sequence[float], size: float) -> bool:
    """Whether no word is wider than its column."""
    return all(
        longest(cell, size, bold=rank == 0) <= wide - 2 * SIDE
        for rank, row in enumerate(rows)
        for cell, wide in zip(row, across, strict=True)
    )


def _row(row: Sequence[str], across: Sequence[float], size: float, *, bold: bool) -> float:
    tallest = max(
        height(cell, size, wide - 2 * SIDE, bold=bold)
        for cell, wide in zip(row, across, strict=True)
    )
    return tallest + 2 * OVER


def _fill(
    cell: Any, words: str, size: float, sign: Cell | None, numeric: bool, *, head: bool
) -> None:
    cell.margin_left = cell.margin_right = Cm(SIDE)
    cell.margin_top = cell.margin_bottom = Cm(OVER)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.name = words, Pt(size), "+mn-lt"
    run._r.get_or_add_rPr().set("lang", "fr-FR")
    run.font.bold = head or isinstance(sign, Sign)
    if not head:
        colour = sign.light if isinstance(sign, Sign) else INK["light"]
        run.font.color.rgb = RGBColor.from_string(colour[1:])
