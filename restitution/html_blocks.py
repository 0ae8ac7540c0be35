"""Blocks of a document as HTML: every text is escaped here, no style and no script in any of them.

Classes are those of assets/page.css. A table keeps its roles when a phone shows it as a list.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, replace
from functools import singledispatch
from html import escape

from drawing import signs
from drawing.blocks import prose
from drawing.signs import Sign
from restitution import chart_images
from restitution.document import (
    EDITED,
    Absent,
    Block,
    Cell,
    Chart,
    Column,
    Facts,
    Items,
    KeyFigure,
    KeyFigures,
    Picture,
    Section,
    Table,
    Text,
)
from restitution.glyphs import CUT, breakable
from restitution.inline_svg import inline

SEARCHED, CHOSEN = 15, 6  # rows from which a table is searched; chosen by status
NOTHING = "Rien à montrer ici."
SIGNS: dict[str, Sign] = {**signs.STATUSES, **signs.VERDICT_SIGNS}
_SYMBOLS = frozenset(made.symbol for made in SIGNS.values())

# What HTML refuses in a text, and the marks that would turn the words after it around.
_LAST = "".join(chr((plane << 16) + 0xFFFE + last) for plane in range(17) for last in (0, 1))
_UNSAID = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    f"\ufdd0-\ufdef{_LAST}]"
)


@dataclass(frozen=True)
class Where:
    """Where a block stands: its id in the page, the level of a heading there, charts alive."""

    id: str
    level: int = 3
    charts: bool = False

    def inside(self, position: int, deeper: int = 0) -> Where:
        """Where its n-th block stands."""
        level = min(6, self.level + deeper)
        return replace(self, id=f"{self.id}-{position}", level=level)


def words(text: str) -> str:
    """A text as HTML: escaped, French spaces, line breaks kept, unsayable signs taken out.

    Long words say where they may be cut: left to find out, a browser takes minutes over a name of
    ten thousand letters.
    """
    safe = prose(breakable(_UNSAID.sub("", text)))
    return safe.replace("\n", "<br>").replace(CUT, "<wbr>")


def attribute(text: str) -> str:
    """A text for an attribute between double quotes."""
    return prose(" ".join(_UNSAID.sub("", text).split()))


def blocks(made: tuple[Block, ...], where: Where) -> str:
    """Blocks one under the other."""
    return "".join(block(one, where.inside(rank)) for rank, one in enumerate(made, start=1))


@singledispatch
def block(one: object, where: Where) -> str:
    """One block as HTML. TypeError for a block nobody taught this format."""
    raise TypeError(f"bloc inconnu : {type(one).__name__}")


@block.register
def _(one: Text, where: Where) -> str:
    strong = f"<strong>{words(one.strong)}</strong> " if one.strong else ""
    hand = f' <span class="by-hand">({words(EDITED)})</span>' if one.edited else ""
    kind = f"text {_name(one.tone)}" + (" edited" if one.edited else "")
    role = ' role="note"' if one.tone == "caution" else ""
    ruled = '<div class="ruled" aria-hidden="true"></div>' if one.tone == "answer" else ""
    return f'<p class="{kind}"{role} dir="auto">{strong}{words(one.words)}{hand}</p>{ruled}'


@block.register
def _(one: Items, where: Where) -> str:
    kind = "ol" if one.ordered else "ul"
    return f"<{kind}>{''.join(f'<li>{words(item)}</li>' for item in one.items)}</{kind}>"


@block.register
def _(one: Facts, where: Where) -> str:
    rows = "".join(
        f"<div><dt>{words(label)}</dt><dd>{words(value)}</dd></div>" for label, value in one.rows
    )
    return f'<dl class="facts">{rows}</dl>'


@block.register
def _(one: KeyFigures, where: Where) -> str:
    return f'<dl class="figures">{"".join(_key_figure(made) for made in one.figures)}</dl>'


def _key_figure(made: KeyFigure) -> str:
    beside = f'<dd class="beside">{words(made.beside)}</dd>' if made.beside else ""
    source = f'<dd class="source">{words(made.source)}</dd>' if made.source else ""
    return (
        f'<div><dt>{words(made.label)}</dt><dd class="value">{words(made.value)}</dd>'
        f"{beside}{source}</div>"
    )


@block.register
def _(one: Absent, where: Where) -> str:
    step = f'<p class="step">{words(one.step)}</p>' if one.step else ""
    return (
        f'<div class="absent"><p><strong>{words(one.title)}</strong></p>'
        f"<p>{words(one.reason)}</p>{step}</div>"
    )


@block.register
def _(one: Section, where: Where) -> str:
    heading = f'<h{where.level} id="{escape(where.id)}">{words(one.title)}</h{where.level}>'
    inner = blocks(one.blocks, where.inside(0, deeper=1))
    return f'<section aria-labelledby="{escape(where.id)}">{heading}{inner}</section>'


@block.register
def _(one: Picture, where: Where) -> str:
    held = base64.b64encode(one.content).decode()
    kind = "jpeg" if one.kind == "jpeg" else "png"
    caption = f"<figcaption>{words(one.caption)}</figcaption>" if one.caption else ""
    return (
        f'<figure class="picture"><img alt="{attribute(one.alt)}" '
        f'src="data:image/{kind};base64,{held}">{caption}</figure>'
    )


# --- charts --------------------------------------------------------------------------------------


@block.register
def _(one: Chart, where: Where) -> str:
    name = escape(where.id)
    values = block(one.table, replace(where.inside(1), charts=False))
    drawing = inline(chart_images.svg(one.spec), f"{where.id}-")
    alive = f'<div class="live" aria-hidden="true"></div>{_spec(one)}' if where.charts else ""
    toggle = (
        f'<button type="button" class="toggle" hidden aria-expanded="true" '
        f'aria-controls="{name}-values">Tableau des valeurs</button>'
        if where.charts
        else ""
    )
    return (
        f'<figure class="chart" id="{name}" aria-labelledby="{name}-title">'
        f'<figcaption id="{name}-title">{words(one.title)}</figcaption>'
        f'<div class="drawing" role="img" aria-label="{attribute(one.alt)}">'
        f'<div class="still" aria-hidden="true">{drawing}</div>{alive}</div>'
        f"{_source(one.source)}{toggle}"
        f'<div class="values" id="{name}-values">{values}</div></figure>'
    )


def _spec(one: Chart) -> str:
    """The chart for the script of the page: data, never code; no sign of it can close the tag."""
    spec = chart_images.drawable(one.spec)
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    safe = text.replace("<", "\\u003c")
    return f'<script type="application/json" class="spec">{_UNSAID.sub("", safe)}</script>'


# --- tables --------------------------------------------------------------------------------------


@block.register
def _(one: Table, where: Where) -> str:
    if not one.rows:
        return (
            f'<div class="absent"><p><strong>{words(one.caption)}</strong></p>'
            f"<p>{words(one.empty or NOTHING)}</p></div>"
        )
    name = escape(where.id)
    head = "".join(
        f'<th scope="col"{_side(made)}>{words(made.header)}</th>' for made in one.columns
    )
    body = "".join(_row(row, one.columns) for row in one.rows)
    return (
        f"{_filter(one, where)}"
        f'<table id="{name}"><caption>{words(one.caption)}</caption>'
        f"<colgroup>{_widths(one.columns)}</colgroup>"
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{_source(one.source)}"
    )


def _widths(columns: tuple[Column, ...]) -> str:
    total = sum(made.width for made in columns)
    return "".join(f'<col class="w{round(100 * made.width / total)}">' for made in columns)


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> str:
    first, *others = zip(row, columns, strict=True)
    cells = f'<th scope="row"{_side(first[1])}>{_cell(first[0])}</th>' + "".join(
        f'<td data-label="{attribute(column.header)}"{_side(column)}>{_cell(cell)}</td>'
        for cell, column in others
    )
    return f"<tr>{cells}</tr>"


def _side(column: Column) -> str:
    return ' class="number"' if column.numeric else ""


def _cell(cell: Cell) -> str:
    """Symbol and word of a sign, never a colour alone; or a text."""
    if not isinstance(cell, Sign):
        return f"<span>{words(cell)}</span>"
    known = f" sign-{cell.code}" if cell.code in SIGNS else ""
    return (
        f'<span class="sign{known}"><span aria-hidden="true">{words(cell.symbol)}</span> '
        f"<span>{words(cell.word)}</span></span>"
    )


def _filter(one: Table, where: Where) -> str:
    """Search and choice above a long table; the script of the page shows them and runs them."""
    at = _chosen_by(one)
    if not where.charts or len(one.rows) < (CHOSEN if at else SEARCHED):
        return ""
    name = escape(where.id)
    return (
        f'<div class="filter" role="group" aria-label="Filtrer\u00a0: {attribute(one.caption)}" '
        f'data-table="{name}" data-column="{at}" hidden>'
        '<label>Chercher dans le tableau <input type="search" autocomplete="off"></label>'
        f'{_choice(one, at) if at else ""}<output for="{name}"></output></div>'
    )


def _choice(one: Table, at: int) -> str:
    found = dict.fromkeys(_said(row[at]) for row in one.rows)
    options = "".join(f"<option>{words(said)}</option>" for said in found)
    return (
        f"<label>{words(one.columns[at].header)} "
        f'<select><option value="">Tout voir</option>{options}</select></label>'
    )


def _chosen_by(one: Table) -> int:
    """The column of the statuses, drawn or written with their symbol; 0 when there is none."""
    return next(
        (at for at in range(1, len(one.columns)) if all(_signed(row[at]) for row in one.rows)), 0
    )


def _signed(cell: Cell) -> bool:
    return isinstance(cell, Sign) or cell[:1] in _SYMBOLS


def _said(cell: Cell) -> str:
    return cell.word if isinstance(cell, Sign) else cell


def _source(said: str) -> str:
    """The line under a chart or a table, as its part wrote it: a legend names no source."""
    return f'<p class="source">{words(said)}</p>' if said else ""


def _name(text: str) -> str:
    """A word safe as a class."""
    return re.sub(r"[^a-z-]", "", text)
