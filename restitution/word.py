"""Documents to DOCX: headings, lists and tables that are real ones, for those who go on writing.

Word fonts, colours and styles are ours (`word_styles`); every text is plain, python-docx escapes
it. No clock nor random id: the same document gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache, singledispatch
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from drawing import french, letters
from drawing.signs import Sign
from restitution import chart_images, word_styles, zipped
from restitution.document import (
    EDITED,
    NOTICE,
    Absent,
    Cell,
    Chart,
    Document,
    Facts,
    Items,
    KeyFigure,
    KeyFigures,
    Picture,
    Section,
    Table,
    Text,
    marks,
)

AUTHOR = "Cœur de Données"
WIDTH = Cm(17)  # of the text: A4 less two margins of 2 cm
TALLEST = Cm(12)  # of a picture
DEEPEST = 6  # level of heading
LINES = 3  # to write on, after a question of a guide
_TONES = {
    "lead": word_styles.LEAD,
    "quiet": word_styles.QUIET,
    "caution": word_styles.FRAMED,
    "typed": word_styles.TYPED,
}


def docx_bytes(document: Document) -> bytes:
    """The document as DOCX, A4, in French, with its title, headings and repeated headers."""
    made = docx.Document(io.BytesIO(_dressed()))
    _properties(made, document)
    _margins(made, document)
    _opening(made, document)
    for part in document.parts:
        made.add_heading(legal(part.title), 1)
        for one in part.blocks:
            block(one, made, 2)
    for notice in document.notices:
        if notice != NOTICE:  # said at the foot of every page
            _said(made, notice, word_styles.QUIET)
    held = io.BytesIO()
    made.save(held)
    return zipped.restamped(held.getvalue())


@cache
def _dressed() -> bytes:
    """An empty document with our styles: dressing one costs as much as filling it."""
    made = docx.Document()
    word_styles.dress(made)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def legal(text: str) -> str:
    """A text without the signs that XML refuses, nor those that turn the reading order."""
    return letters.tidy(text).replace("\ufffe", "").replace("\uffff", "")


# --- the frame of the document -------------------------------------------------------------------


def _properties(made: Word, document: Document) -> None:
    day = datetime(document.day.year, document.day.month, document.day.day)
    held = made.core_properties
    held.title, held.subject = legal(document.title)[:255], legal(document.subtitle)[:255]
    held.author = held.last_modified_by = AUTHOR
    held.comments = NOTICE
    held.keywords = ""
    held.language = word_styles.LANGUAGE
    held.created = held.modified = day
    held.revision = 1


def _margins(made: Word, document: Document) -> None:
    """A4; what the document says of itself on every page, above and below."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm(2)
    page.header_distance = page.footer_distance = Cm(1)
    head = page.header.paragraphs[0]
    head.add_run("".join(f"{mark} · " for mark in marks(document))).bold = True
    place = french.upper_first(document.place.name)
    head.add_run(legal(f"{place} · {letters.clean(document.title, 80)}"))
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{NOTICE}\tPage\u00a0")
    _field(foot, "PAGE")
    foot.add_run("\u00a0sur\u00a0")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that Word fills: PAGE, NUMPAGES."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def _opening(made: Word, document: Document) -> None:
    _said(made, document.title, "Title")
    _said(made, document.subtitle, "Subtitle")
    said = f"{document.standing}. État au {french.day(document.day)}."
    _said(made, said, word_styles.QUIET)


def _said(made: Word, text: str, style: str) -> Paragraph:
    return made.add_paragraph(legal(text), style)


# --- blocks --------------------------------------------------------------------------------------


@singledispatch
def block(one: Any, made: Word, level: int) -> None:
    """Append a block to a Word document; its own headings begin at `level`."""
    raise TypeError(f"bloc inconnu : {type(one).__name__}")


@block.register
def _(one: Text, made: Word, level: int) -> None:
    paragraph = made.add_paragraph(style=_TONES.get(one.tone, "Normal"))
    if one.strong:
        paragraph.add_run(f"{legal(one.strong)} ").bold = True
    paragraph.add_run(legal(one.words))
    if one.edited:
        paragraph.add_run(f" ({EDITED})").italic = True
    if one.tone == "answer":
        paragraph.paragraph_format.keep_with_next = True
        for _ in range(LINES):
            made.add_paragraph("\u00a0", word_styles.LINE)


@block.register
def _(one: Items, made: Word, level: int) -> None:
    number = word_styles.restarted(made) if one.ordered else None
    for item in one.items:
        paragraph = _said(made, item, "List Number" if one.ordered else "List Bullet")
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number


@block.register
def _(one: Facts, made: Word, level: int) -> None:
    for label, value in one.rows:
        paragraph = made.add_paragraph(style=word_styles.FACT)
        paragraph.add_run(f"{legal(label)}\u00a0: ").bold = True
        paragraph.add_run(legal(value))


@block.register
def _(one: KeyFigures, made: Word, level: int) -> None:
    _grid(made, ("Chiffre", "Valeur", "Source"), (4, 3, 3), [_figure(f) for f in one.figures])


def _figure(one: KeyFigure) -> tuple[str, str, str]:
    return one.label, f"{one.value}\n{one.beside}".strip(), one.source


@block.register
def _(one: Table, made: Word, level: int) -> None:
    if not one.rows:
        _said(made, one.caption, "Caption")
        _said(made, one.empty, word_styles.FRAMED)
        return
    _said(made, one.caption, "Caption")
    headers = tuple(column.header for column in one.columns)
    table = _grid(made, headers, tuple(column.width for column in one.columns), one.rows)
    _described(table, one.caption)
    for number, column in enumerate(one.columns):
        if column.numeric:
            for row in table.rows:
                row.cells[number].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if one.source:
        _said(made, one.source, word_styles.SOURCE)


@block.register
def _(one: Chart, made: Word, level: int) -> None:
    _said(made, one.title, "Caption")
    _drawn(made, chart_images.png(one.spec), one.alt)
    if one.source:
        _said(made, one.source, word_styles.SOURCE)
    block(one.table, made, level)


@block.register
def _(one: Picture, made: Word, level: int) -> None:
    _drawn(made, one.content, one.alt)
    if one.caption:
        _said(made, one.caption, word_styles.SOURCE)


@block.register
def _(one: Absent, made: Word, level: int) -> None:
    paragraph = made.add_paragraph(style=word_styles.FRAMED)
    paragraph.add_run(f"{legal(one.title)} ").bold = True
    paragraph.add_run(legal(" ".join(part for part in (one.reason, one.step) if part)))


@block.register
def _(one: Section, made: Word, level: int) -> None:
    made.add_heading(legal(one.title), min(level, DEEPEST))
    for inner in one.blocks:
        block(inner, made, level + 1)


# --- pictures and tables -------------------------------------------------------------------------


def _drawn(made: Word, content: bytes, alt: str) -> None:
    """A picture that fits the page, with its words for those who do not see it."""
    picture = made.add_picture(io.BytesIO(content))
    scale = min(1.0, WIDTH / picture.width, TALLEST / picture.height)
    picture.width, picture.height = Emu(picture.width * scale), Emu(picture.height * scale)
    picture._inline.docPr.set("descr", legal(alt))
    made.paragraphs[-1].paragraph_format.keep_with_next = True


def _grid(
    made: Word, headers: tuple[str, ...], widths: tuple[float, ...], rows: Any
) -> docx.table.Table:
    """A table whose first row is repeated on every page and whose rows are never cut."""
    table = made.add_table(1, len(headers), style=word_styles.TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    for cell, header in zip(table.rows[0].cells, headers, strict=True):
        cell.paragraphs[0].add_run(legal(header))
    for row in rows:
        for cell, content in zip(table.add_row().cells, row, strict=True):
            _fill(cell, content)
    shares = [int(WIDTH * width / sum(widths)) for width in widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    for row in table.rows:
        _whole(row, shares)
    _flag(table.rows[0], "w:tblHeader")
    # Two rows of a table stay with the one after its header: no header alone at the foot.
    for paragraph in (p for cell in table.rows[0].cells for p in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True
    return table


def _whole(row: _Row, shares: list[int]) -> None:
    for cell, share in zip(row.cells, shares, strict=True):
        cell.width = Emu(share)
    _flag(row, "w:cantSplit")


def _flag(row: _Row, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))


def _fill(cell: _Cell, content: Cell) -> None:
    paragraph = cell.paragraphs[0]
    if isinstance(content, Sign):
        run = paragraph.add_run(f"{content.symbol}\u00a0{content.word}")
        run.font.color.rgb = RGBColor.from_string(content.light.removeprefix("#"))
        run.bold = True
        return
    paragraph.add_run(legal(content))


def _described(table: docx.table.Table, words: str) -> None:
    """The title of a table for those who hear it."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), legal(words))
    table._tbl.tblPr.append(caption)
