"""Words of a slide: the paragraphs of a block, and their size so that they stand in their place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Cm, Pt

from restitution.document import (
    EDITED,
    Absent,
    Chart,
    Facts,
    Items,
    KeyFigures,
    Picture,
    Section,
    Table,
    Text,
)
from restitution.slide_template import SCHEMAS, Place
from restitution.slide_text import clean, fitted, height

BIG = 2  # figures shown as large words; beyond, they are a table


@dataclass(frozen=True)
class Line:
    """A paragraph under the sentence."""

    words: str
    size: float = 22
    bold: bool = False
    colour: MSO_THEME_COLOR = MSO_THEME_COLOR.TEXT_1
    mark: str = ""  # of a list: « • » or « 1. »
    framed: bool = False  # an absence: its place is drawn dashed


@singledispatch
def worded(block: Any) -> tuple[Line, ...]:
    """The paragraphs of a block; none for what is drawn. TypeError for a kind unknown here."""
    if isinstance(block, Chart | Table | Picture | Facts):
        return ()
    raise TypeError(f"bloc inconnu : {type(block).__name__}")


@worded.register
def _(block: Text) -> tuple[Line, ...]:
    words = f"{block.words} ({EDITED})" if block.edited else block.words
    words = f"{block.strong}\u00a0: {words}" if block.strong else words
    if block.tone == "quiet":
        return (Line(words, 18, colour=MSO_THEME_COLOR.TEXT_2),)
    return (Line(words),)


@worded.register
def _(block: Items) -> tuple[Line, ...]:
    return tuple(
        Line(item, 24, mark=f"{rank}." if block.ordered else "•")
        for rank, item in enumerate(block.items, start=1)
    )


@worded.register
def _(block: Absent) -> tuple[Line, ...]:
    step = (Line(f"Prochain pas\u00a0: {block.step}", 20, framed=True),) if block.step else ()
    return (Line(block.title, 26, bold=True, framed=True), Line(block.reason, 22), *step)


@worded.register
def _(block: KeyFigures) -> tuple[Line, ...]:
    if len(block.figures) > BIG:
        return ()
    return tuple(
        line
        for figure in block.figures
        for line in (
            Line(figure.value, 44, bold=True, colour=MSO_THEME_COLOR.ACCENT_1),
            Line(figure.label, 20),
            Line(figure.beside, 16, colour=MSO_THEME_COLOR.TEXT_2),
        )
        if line.words
    )


@worded.register
def _(block: Section) -> tuple[Line, ...]:
    lines = tuple(line for inner in block.blocks for line in worded(inner))
    return (Line(block.title, 24, bold=True), *lines)


# --- in their place ------------------------------------------------------------------------------

SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6)
LEAST = 11  # points


def write(shape: Any, place: Place, lines: tuple[Line, ...], *, styled: bool = True) -> None:
    """Paragraphs in a placeholder: all shrink together; what is still too long is cut.

    What is not `styled` keeps the colour and the weight of its place.
    """
    around = 2 * MARGIN if any(line.framed or line.mark for line in lines) else 0
    kept = [replace(line, words=clean(line.words)) for line in lines]
    kept = _shrunk(kept, place.across - around, place.down - around)
    frame = shape.text_frame
    for rank, line in enumerate(kept):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        _paragraph(paragraph, line, styled)
    if any(line.framed for line in kept):
        tall = sum(_tall(line, place.across - around) for line in kept)
        _framed(shape, place, tall + around)


def _shrunk(lines: list[Line], across: float, down: float) -> list[Line]:
    for ratio in SMALLER:
        made = [replace(line, size=max(round(line.size * ratio), LEAST)) for line in lines]
        if sum(_tall(line, across) for line in made) <= down:
            return made
    room = down / max(len(made), 1) - GAP
    return [
        replace(line, words=fitted(line.words, across, room, (line.size,), bold=line.bold)[0])
        for line in made
    ]


GAP = 0.22  # cm before a paragraph
MARGIN = 0.6  # cm inside a frame


def _tall(line: Line, across: float) -> float:
    return height(line.words, line.size, across, bold=line.bold) + GAP


def _paragraph(paragraph: Any, line: Line, styled: bool) -> None:
    if line.mark:
        _bulleted(paragraph, line.mark)
    run = paragraph.add_run()
    run.text = line.words
    run.font.size = Pt(line.size)
    run._r.get_or_add_rPr().set("lang", "fr-FR")
    if styled:
        run.font.bold = line.bold or None
        run.font.color.theme_color = line.colour


def _bulleted(paragraph: Any, mark: str) -> None:
    """A real list, so that it is read as one."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Cm(1.1)))
    properties.set("indent", str(-Cm(1.1)))
    listed = 'buChar char="•"' if mark == "•" else 'buAutoNum type="arabicPeriod"'
    properties.append(parse_xml(f"<a:{listed} {SCHEMAS}/>"))


def _framed(shape: Any, place: Place, tall: float) -> None:
    """The dashed frame of an absence, no taller than its words."""
    shape.left, shape.top = Cm(place.left), Cm(place.top)
    shape.width, shape.height = Cm(place.across), Cm(tall)
    shape.line.color.theme_color = MSO_THEME_COLOR.TEXT_2
    shape.line.width, shape.line.dash_style = Pt(2), MSO_LINE.DASH
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = Cm(MARGIN)
    frame.margin_top = frame.margin_bottom = Cm(MARGIN)
