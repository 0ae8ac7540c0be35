"""A document before its format: parts made of blocks, the same for paper, page and text.

Every text is plain: each format escapes it for itself. Words, figures and signs are chosen once,
here and in `parts`, so that no two formats can differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from data.territories import Territory
from drawing import mentions
from drawing.charts import Point
from drawing.signs import Sign

NOTICE = "Outil indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance."
BALLOT = "Avant un scrutin, faire vérifier la diffusion (code électoral, L.\u00a052-1)."
FICTIONAL = "FICTIF"
WORKING = "Document de travail"
EDITED = "texte rédigé à la main"


@dataclass(frozen=True)
class Text:
    """A paragraph. One that bears an id may be edited by hand before the export."""

    words: str
    # plain, lead (large), quiet (small), caution (framed), typed (by people), answer (a question,
    # followed by lines to write on by hand)
    tone: str = "plain"
    strong: str = ""  # words set in bold before it
    id: str = ""  # unique in its part
    edited: bool = False  # rewritten by hand: every format says so


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels and their values, for a sheet."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeyFigure:
    """One figure to be seen first: its value is the words of drawing.figures."""

    label: str
    value: str
    beside: str = ""  # interval and its kind, or place among towns
    source: str = ""  # producer, year, level


@dataclass(frozen=True)
class KeyFigures:
    """Six figures at most."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is relative to the others."""

    header: str
    width: float = 1
    numeric: bool = False


Cell = str | Sign  # a sign is drawn with symbol, word and colour


@dataclass(frozen=True)
class Table:
    """Rows under headers; the first column names its row. An empty one says why in `empty`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite spec of drawing.charts, the words that stand for it and its table."""

    title: str
    spec: dict[str, Any] = field(hash=False)
    alt: str
    table: Table
    source: str = ""
    points: tuple[Point, ...] = ()  # one a row of the table, for formats that draw by themselves


@dataclass(frozen=True)
class Picture:
    """A picture that someone joined, already checked (PNG or JPEG, no metadata)."""

    content: bytes = field(repr=False)
    kind: str  # png, jpeg
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Absent:
    """What is not there: its words, why, and what to do next; never an empty place."""

    title: str
    reason: str
    step: str = ""


@dataclass(frozen=True)
class Section:
    """A heading inside a part, with what it holds."""

    title: str
    blocks: tuple[Block, ...]


Block = Text | Items | Facts | KeyFigures | Table | Chart | Picture | Absent | Section


@dataclass(frozen=True)
class Part:
    """A chapter: what it says, or why it is empty."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    empty: str = ""  # why nothing can be said; the blocks then hold an Absent


@dataclass(frozen=True)
class Document:
    """A whole document and what every page says of it."""

    id: str
    title: str
    subtitle: str
    place: Territory
    day: date
    standing: str  # validated or working document
    validated: bool
    internal: bool
    parts: tuple[Part, ...]
    notices: tuple[str, ...] = (NOTICE,)

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """The parts that are empty, with their reason."""
        return tuple((part.id, part.empty) for part in self.parts if part.empty)


class Marked(Protocol):
    """What bears marks: a document, or the views of a restitution."""

    @property
    def place(self) -> Territory: ...
    @property
    def validated(self) -> bool: ...
    @property
    def internal(self) -> bool: ...


def marks(made: Marked) -> tuple[str, ...]:
    """What every page must say of the document: invented, not validated, for the team alone."""
    return tuple(
        mark
        for mark, said in (
            (FICTIONAL, made.place.fictional),
            (WORKING, not made.validated),
            (mentions.INTERNAL, made.internal),
        )
        if said
    )
