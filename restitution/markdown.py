"""Documents to Markdown: every text is escaped, so that none becomes a link, a picture or HTML.

CommonMark with the pipe tables of GitHub; a front matter (YAML) says what the document is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Any

from drawing import letters
from drawing.signs import Sign
from restitution.document import (
    EDITED,
    Absent,
    Block,
    Cell,
    Chart,
    Document,
    Facts,
    Items,
    KeyFigures,
    Picture,
    Section,
    Table,
    Text,
    marks,
)

DEEPEST = 6  # level of heading
LINES = 3  # to write on, after a question of a guide
_MARKS = re.compile(r"[\\`*_\[\]<>#|~&$]")
# What begins a block: a list, a rule, an underlined heading, the second line of a table.
_BEGINS = re.compile(r"^([-+=:])|^(\d{1,9})([.)])(?=\s|$)")
_LINKED = re.compile(r"(?<=[A-Za-z]):(?=//|[^\s:/]+@)|(?<=[wW]{3})\.|@")


def text(document: Document) -> bytes:
    """The document as Markdown, UTF-8, lines ended by LF."""
    said = [
        _front(document),
        *(f"**{mark}**" for mark in marks(document)),
        f"# {inline(document.title)}",
        inline(document.subtitle),
    ]
    for part in document.parts:
        said.append(f"## {inline(part.title)}")
        said += blocks(part.blocks, 3)
    said += ["---", *(inline(notice) for notice in document.notices)]
    return ("\n\n".join(piece for piece in said if piece) + "\n").encode()


def _front(document: Document) -> str:
    """What the document is, for machines: YAML, each text quoted as JSON quotes it."""
    day = document.day
    said = {
        "title": _line(document.title),
        "subtitle": _line(document.subtitle),
        "place": _line(document.place.name),
        "code": document.place.code,
        "date": f"{day:%Y-%m-%d}",
        "status": _line(document.standing),
        "marks": list(marks(document)),
        "lang": "fr",
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    return "\n".join(("---", *lines, "---"))


# --- escaping ------------------------------------------------------------------------------------


def inline(words: str) -> str:
    """A text on one line, with nothing in it that Markdown reads as a mark."""
    return _escaped(_line(words))


def paragraphs(words: str) -> str:
    """A text of several lines: blank lines part paragraphs, the others are kept as breaks."""
    parts = re.split(r"\n[^\S\n]*\n\s*", letters.tidy(words))
    return "\n\n".join(
        "\\\n".join(_escaped(line) for line in part.split("\n") if line.strip()) for part in parts
    )


def _line(words: str) -> str:
    return letters.tidy(words).replace("\n", " ")


def _escaped(line: str) -> str:
    """One line; spaces at its ends would be a break or a block of code."""
    marked = _MARKS.sub(lambda found: "\\" + found[0], line.strip(" "))
    unlinked = _LINKED.sub(lambda found: "\\" + found[0], marked)
    return _BEGINS.sub(
        lambda found: "\\" + found[1] if found[1] else f"{found[2]}\\{found[3]}", unlinked
    )


def strong(words: str) -> str:
    """A text in bold, or nothing."""
    said = inline(words.strip())
    return f"**{said}**" if said else ""


# --- blocks --------------------------------------------------------------------------------------


def blocks(made: Iterable[Block], level: int) -> list[str]:
    """Blocks as pieces of Markdown; their own headings begin at `level`."""
    return [piece for one in made if (piece := block(one, level))]


@singledispatch
def block(one: Any, level: int) -> str:
    """One block as Markdown."""
    raise TypeError(f"bloc inconnu : {type(one).__name__}")


@block.register
def _(one: Text, level: int) -> str:
    edited = f"({EDITED})" if one.edited else ""
    said = " ".join(part for part in (strong(one.strong), paragraphs(one.words), edited) if part)
    if one.tone == "answer":
        return "\n\n".join((said, *["\\_" * 60] * LINES))
    return _framed(said) if one.tone in ("caution", "typed") else said


def _framed(said: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in said.split("\n"))


@block.register
def _(one: Items, level: int) -> str:
    return "\n".join(
        f"{f'{number}.' if one.ordered else '-'} {inline(item)}"
        for number, item in enumerate(one.items, 1)
    )


@block.register
def _(one: Facts, level: int) -> str:
    return "\n".join(f"- {strong(label)}\u00a0: {inline(value)}" for label, value in one.rows)


@block.register
def _(one: KeyFigures, level: int) -> str:
    return "\n".join(
        f"- {strong(figure.label)}\u00a0: {inline(figure.value)}"
        + "".join(f"\u00a0; {inline(words)}" for words in (figure.beside, figure.source) if words)
        for figure in one.figures
    )


@block.register
def _(one: Table, level: int) -> str:
    if not one.rows:
        return "\n\n".join((strong(one.caption), inline(one.empty)))
    rows = "\n".join(_rows(one))
    return "\n\n".join(part for part in (strong(one.caption), rows, _source(one.source)) if part)


def _rows(one: Table) -> Iterator[str]:
    yield _row([column.header for column in one.columns])
    yield _bars("---:" if column.numeric else "---" for column in one.columns)
    for row in one.rows:
        yield _row(row)


def _row(cells: Sequence[Cell]) -> str:
    return _bars(map(_cell, cells))


def _bars(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return inline(f"{cell.symbol} {cell.word}" if isinstance(cell, Sign) else cell)


def _source(words: str) -> str:
    return inline(words) if words else ""


@block.register
def _(one: Chart, level: int) -> str:
    said = (strong(one.title), inline(one.alt), block(one.table, level), _source(one.source))
    return "\n\n".join(part for part in said if part)


@block.register
def _(one: Picture, level: int) -> str:
    same = one.caption in ("", one.alt)
    return f"Image\u00a0: {inline(one.alt)}" + ("" if same else f"\n\n{inline(one.caption)}")


@block.register
def _(one: Absent, level: int) -> str:
    said = (strong(one.title), inline(one.reason), inline(one.step))
    return _framed(" ".join(part for part in said if part))


@block.register
def _(one: Section, level: int) -> str:
    title = f"{'#' * min(level, DEEPEST)} {inline(one.title)}"
    return "\n\n".join((title, *blocks(one.blocks, level + 1)))
