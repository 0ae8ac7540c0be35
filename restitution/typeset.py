"""Documents to PDF by typst: contents travel as JSON, so that no text is ever read as markup.

A template is a `.typ` file of `templates/`; it reads `json(bytes(sys.inputs.content))`. Every PDF
is tagged (PDF/UA-1) and dated by the day of the document.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, singledispatch
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from data.territories import Territory
from drawing import french, mentions, signs
from drawing.signs import Sign
from restitution import chart_images
from restitution.deck.view import Deck, View
from restitution.document import (
    BALLOT,
    EDITED,
    FICTIONAL,
    NOTICE,
    WORKING,
    Absent,
    Block,
    Chart,
    Column,
    Document,
    Facts,
    Items,
    KeyFigures,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from restitution.glyphs import FONTS, NARROW, breakable, printable

TEMPLATES = Path(__file__).parent / "templates"
UNTITLED = "Sans titre"
SHORT = 80  # characters of what stands again on every page: a title, the header of a column
_PALETTE = {
    "ink": signs.INK,
    "muted": signs.MUTED,
    "tint": signs.TINT,
    "border": signs.BORDER,
    "primary": signs.PRIMARY,
    "accent": signs.ACCENT,
}


def pdf(template: str, content: Mapping[str, Any], day: date) -> bytes:
    """The PDF of a template filled with a content of texts, numbers, lists and dictionaries.

    What every page says of the document (marks, notices, title) may be left out: see `_framed`.
    """
    return bytes(
        typst.compile(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={
                "content": json.dumps(_printable(_framed(content)), ensure_ascii=False),
                "palette": json.dumps({name: made["light"] for name, made in _PALETTE.items()}),
            },
            pdf_standards=["ua-1"],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    )


@cache
def _fonts() -> typst.Fonts:
    """Ours alone, never those of the machine: they differ from one to another."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _printable(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        made = printable(value)
        # In a drawing a thin space is read by nobody: an ordinary one, that ends no line.
        return made.replace(NARROW, french.SPACE) if key == "svg" else breakable(made)
    if isinstance(value, Mapping):
        return {name: _printable(item, name) for name, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else value


# --- what every page says ------------------------------------------------------------------------


def _framed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content with the marks of its pages, and what it left out."""
    title = _words(content.get("title"), content.get("subject"), UNTITLED)
    fictional, internal = content.get("fictional", False), content.get("internal", False)
    working = [] if content.get("validated", True) else [WORKING]
    invented = [FICTIONAL] if fictional else []
    return {
        "notices": [NOTICE],
        "sender": "",
        "holder": "",
        "place": "",
        "day": "",
        **content,
        "title": title,
        "short": _short(title),
        "marks": [*invented, *([mentions.INTERNAL] if internal else []), *working],
        "internal_mark": mentions.INTERNAL,
        "watermark": [*invented, *working],
    }


def _words(*texts: str | None) -> str:
    """The first of some texts that says something a page can show."""
    return next((text for text in texts if text and printable(text).strip()), "")


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _place(place: Territory, day: date) -> dict[str, Any]:
    return {
        "place": french.upper_first(place.name),
        "fictional": place.fictional,
        "day": french.day(day),
        "date": [day.year, day.month, day.day],
    }


# --- documents and decks as what a template reads ------------------------------------------------


def plain(document: Document) -> dict[str, Any]:
    """A document as texts, lists and dictionaries; each block bears its `kind`."""
    return {
        **_place(document.place, document.day),
        "id": document.id,
        "title": document.title,
        "subtitle": document.subtitle,
        "standing": document.standing,
        "line": _line(document.place, document.day, document.standing),
        "validated": document.validated,
        "internal": document.internal,
        "notices": list(document.notices),
        "parts": [_part(part) for part in document.parts],
    }


def deck(made: Deck) -> dict[str, Any]:
    """A deck for « slides.typ », as `plain` makes a document; the notes stay with the speaker."""
    return {
        **_place(made.place, made.day),
        "title": made.title,
        "standing": made.standing,
        "line": _line(made.place, made.day, made.standing),
        "validated": made.validated,
        "internal": made.internal,
        "notices": [NOTICE, BALLOT],
        "views": [_view(view) for view in made.views],
    }


def _line(place: Territory, day: date, standing: str) -> str:
    """'Cahors · 21 novembre 2026 · Document de travail'."""
    said = (french.upper_first(place.name), french.day(day), standing)
    return " · ".join(words for words in said if words)


def _part(part: Part) -> dict[str, Any]:
    return {"id": part.id, "title": _words(part.title), "blocks": blocks(part.blocks)}


def _view(view: View) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": _words(view.title, UNTITLED),
        "sentence": view.sentence,
        "edited": EDITED if view.edited else "",
        "blocks": blocks(view.body),
        "source": view.source,
    }


# --- blocks --------------------------------------------------------------------------------------


def blocks(made: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as dictionaries."""
    return [block(one) for one in made]


@singledispatch
def block(one: Any) -> dict[str, Any]:
    """One block as a dictionary with its `kind`: that of its class, in lower case."""
    raise TypeError(f"bloc inconnu : {type(one).__name__}")


@block.register
def _(one: Text) -> dict[str, Any]:
    return {
        "kind": "text",
        "words": one.words,
        "tone": one.tone,
        "strong": one.strong,
        "edited": EDITED if one.edited else "",
    }


@block.register
def _(one: Items) -> dict[str, Any]:
    return {"kind": "items", "items": list(one.items), "ordered": one.ordered}


@block.register
def _(one: Facts) -> dict[str, Any]:
    return {"kind": "facts", "rows": [list(row) for row in one.rows]}


@block.register
def _(one: KeyFigures) -> dict[str, Any]:
    return {"kind": "keyfigures", "figures": [vars(figure) for figure in one.figures]}


@block.register
def _(one: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": one.caption,
        "columns": [
            {"header": _short(column.header), "numeric": column.numeric, "width": width}
            for column, width in zip(one.columns, _widths(one), strict=True)
        ],
        "rows": [[_cell(cell) for cell in row] for row in one.rows],
        "source": one.source,
        "empty": one.empty or "Aucune ligne à montrer.",
    }


def _cell(cell: str | Sign) -> dict[str, str]:
    if isinstance(cell, Sign):
        return {"text": cell.word, "symbol": cell.symbol, "colour": cell.light}
    return {"text": cell, "symbol": "", "colour": ""}


@block.register
def _(one: Chart) -> dict[str, Any]:
    return {
        "kind": "chart",
        "title": one.title,
        "svg": chart_images.svg(one.spec),
        "alt": _words(one.alt, one.title, "Graphique"),
        "table": block(one.table),
        "source": one.source,
    }


@block.register
def _(one: Picture) -> dict[str, Any]:
    size = _size(one)
    if size is None:
        return block(Absent(one.caption, "Image illisible\u00a0: elle n'est pas montrée."))
    uri = f"data:image/{one.kind};base64,{base64.b64encode(one.content).decode()}"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image href="{uri}" '
    return {
        "kind": "picture",
        "svg": f'{drawing}width="100%" height="100%"/></svg>',
        "alt": _words(one.alt, one.caption, "Image jointe, sans description"),
        "caption": one.caption,
    }


def _size(picture: Picture) -> str | None:
    """Width and height of a picture as SVG attributes; None when it cannot be read."""
    try:
        with Image.open(io.BytesIO(picture.content)) as image:
            image.load()
            return f'width="{image.width}" height="{image.height}"'
    except Exception:  # whatever a decoder raises on a damaged file: a document goes on without it
        return None


@block.register
def _(one: Absent) -> dict[str, Any]:
    return {"kind": "absent", "title": one.title, "reason": one.reason, "step": one.step}


@block.register
def _(one: Section) -> dict[str, Any]:
    title = _words(one.title, UNTITLED)
    return {"kind": "section", "title": title, "blocks": blocks(one.blocks)}


# --- the columns of a table ----------------------------------------------------------------------

_SIGN = 0.0115  # width of a sign, as a part of that of an A4 line of a table
_HELD = 16  # signs without a space that a cell holds on one line


def _widths(table: Table) -> list[float]:
    """Relative widths: as asked, but no column narrower than its longest figure or word."""
    total = sum(column.width for column in table.columns) or 1
    return [
        max(column.width / total, _SIGN * _longest(table, column, at))
        for at, column in enumerate(table.columns)
    ]


def _longest(table: Table, column: Column, at: int) -> int:
    """Signs of the longest piece that a line cannot cut, in a column; _HELD at most."""
    cells = [row[at] for row in table.rows if at < len(row)]
    texts = [column.header, *(made.word if isinstance(made, Sign) else made for made in cells)]
    pieces = (len(piece) for text in texts for piece in text.replace("-", " ").split(" "))
    return min(_HELD, max(pieces, default=0))
