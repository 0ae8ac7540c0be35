"""Small pieces of HTML that look the same on every screen and page; every text is escaped.

They carry their style themselves and wrap by flex, so that they read on a phone and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from drawing import french, signs
from drawing.signs import BORDER, INK, MUTED, TINT, Sign


def prose(content: str) -> str:
    """A text as HTML: escaped, with the no-break spaces of French."""
    return escape(french.typeset(content))


def texts(sentences: Iterable[str], theme: str) -> str:
    """Sentences one under the other, close together."""
    return "".join(text(sentence, theme) for sentence in sentences)


def text(content: str, theme: str, *, small: bool = False, muted: bool = False) -> str:
    """One paragraph."""
    colour = MUTED[theme] if muted else INK[theme]
    size = "font-size:.86rem;" if small else ""
    return f'<p style="margin:.15rem 0;{size}color:{colour}">{prose(content)}</p>'


_AUTOLINK = re.compile(r"https?(?=:)|www(?=\.)", re.IGNORECASE)


def plain(content: str) -> str:
    """A text for a place that reads Markdown: what would be a mark is shown as it is.

    An address or a mail that someone typed would become a link: a joiner of no width breaks it.
    """
    content = _AUTOLINK.sub("\\g<0>\u2060", content).replace("@", "\u2060@")
    return "".join("\\" + sign if sign in "\\`*_[]$:<>#~|" else sign for sign in content)


def link(label: str, address: str) -> str:
    """A link to an address of the web; anything but http(s) is written without a link."""
    if not _is_web(address):
        return prose(label)
    return f'<a href="{escape(address)}" rel="noopener noreferrer" {_LINK}>{prose(label)}</a>'


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:  # « http://[bad »: not an address, whatever a portal says
        return False


def page_link(label: str, page: str, parameters: Mapping[str, str]) -> str:
    """A link to a screen of ours, with what its address carries."""
    address = f"{page}?{urlencode(parameters)}"
    return f'<a href="{escape(address)}" target="_self" {_LINK}>{prose(label)}</a>'


_LINK = 'style="color:inherit;text-decoration:underline;text-underline-offset:.15em"'


def swatch(sign: Sign, theme: str) -> str:
    """CSS background of a sign: full, outlined, hatched or thin, so that grey paper tells them."""
    colour = sign.colour(theme)
    fills = {
        "outline": f"background:transparent;border:2px solid {colour}",
        "hatched": (
            f"background:repeating-linear-gradient(45deg,{colour} 0 2px,transparent 2px 7px);"
            f"border:1px solid {colour}"
        ),
        "thin": f"background:transparent;border:1px dashed {colour}",
    }
    return fills.get(sign.fill, f"background:{colour}")


def mark(sign: Sign, theme: str, provenance: str | None = None, when: str | None = None) -> str:
    """Symbol and word of a status, with how it is known when given."""
    colour = sign.colour(theme)
    shown = (
        f'<span style="color:{colour};font-weight:650;white-space:nowrap">'
        f'<span aria-hidden="true">{escape(sign.symbol)}</span> {prose(sign.word)}</span>'
    )
    return shown + (f" {provenance_mark(provenance, theme, when)}" if provenance else "")


def provenance_mark(code: str, theme: str, when: str | None = None) -> str:
    """Second, small mark: dotted outline, plain, or underlined, with its date."""
    word = signs.PROVENANCES.get(code, code) + (f" le {when}" if when else "")
    line = {
        "assumed": f"border:1px dotted {MUTED[theme]};border-radius:3px;padding:0 .3rem",
        "declared": f"border-bottom:2px solid {MUTED[theme]}",
    }.get(code, "")
    return f'<span style="font-size:.82rem;color:{MUTED[theme]};{line}">{prose(word)}</span>'


@dataclass(frozen=True)
class Share:
    """One part of a bar: a sign and how many it counts."""

    sign: Sign
    count: int
    label: str  # what is read: « 4 ouvertes »


def bar(shares: Sequence[Share], theme: str, name: str, *, height: str = "1.7rem") -> str:
    """A stacked bar; its legend says the same in words, so the bar itself is silent."""
    parts = "".join(
        f'<span style="flex:{share.count} 1 0;min-width:.55rem;{swatch(share.sign, theme)};'
        f'box-sizing:border-box"></span>'
        for share in shares
        if share.count
    )
    label = escape(f"{name} : " + ", ".join(share.label for share in shares if share.count))
    return (
        f'<div role="img" aria-label="{label}" style="display:flex;gap:2px;height:{height};'
        f'border-radius:3px;overflow:hidden;margin:.3rem 0 .5rem">{parts}</div>'
    )


def legend(shares: Sequence[Share], theme: str) -> str:
    """Symbol, word and number of each part, in the order of the bar."""
    items = "".join(
        f'<li style="display:flex;gap:.4rem;align-items:baseline">'
        f'<span aria-hidden="true" style="display:inline-block;width:.85rem;height:.85rem;'
        f'border-radius:2px;{swatch(share.sign, theme)};box-sizing:border-box"></span>'
        f'<span><strong style="font-size:1.1rem">{share.count}</strong> '
        f'<span style="color:{share.sign.colour(theme)}" aria-hidden="true">'
        f"{escape(share.sign.symbol)}</span> {prose(share.sign.word)}</span></li>"
        for share in shares
    )
    return (
        '<ul style="list-style:none;padding:0;margin:.2rem 0 .6rem;display:flex;flex-wrap:wrap;'
        f'gap:.35rem 1.4rem">{items}</ul>'
    )


def place(value: float, median: float, p25: float, p75: float, words: str, theme: str) -> str:
    """Where a figure stands: band = middle half of the towns, tick = median, diamond = here."""
    low, high = min(value, p25), max(value, p75)
    margin = (high - low) * 0.12 or 1.0
    share = {
        name: 100 * (figure - low + margin) / (high - low + 2 * margin)
        for name, figure in (("p25", p25), ("p75", p75), ("median", median), ("value", value))
    }
    line, tick, mark = BORDER[theme], signs.PRIMARY[theme], signs.ACCENT[theme]
    return (
        f'<div role="img" aria-label="{escape(words)}" style="position:relative;height:1.7rem;'
        f'margin:.4rem 0">'
        f'<span style="position:absolute;left:0;right:0;top:50%;border-top:1px solid {line}">'
        f"</span>"
        f'<span style="position:absolute;left:{share["p25"]:.2f}%;'
        f"width:{share['p75'] - share['p25']:.2f}%;top:25%;height:50%;opacity:.3;"
        f'background:{tick}"></span>'
        f'<span style="position:absolute;left:{share["median"]:.2f}%;top:8%;height:84%;'
        f'border-left:3px solid {tick};transform:translateX(-50%)"></span>'
        f'<span style="position:absolute;left:{share["value"]:.2f}%;top:50%;width:.8rem;'
        f"height:.8rem;background:{mark};outline:2px solid {signs.PAGE[theme]};"
        f'transform:translate(-50%,-50%) rotate(45deg)"></span></div>'
    )


@dataclass(frozen=True)
class Cell:
    """One cell of a table: HTML already escaped, and its share of the width."""

    html: str
    weight: int = 1
    basis: str = "9rem"
    labelled: bool = True  # on a narrow screen, repeat the header above the cell


def table(name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], theme: str) -> str:
    """A table on a wide screen, label over value on a narrow one; read as a table by all."""
    kept = list(rows)
    if not kept:
        return ""
    muted = f"font-weight:650;font-size:.86rem;color:{MUTED[theme]}"
    head = "".join(
        f'<span role="columnheader" style="{_flex(cell)};{muted}">{prose(header)}</span>'
        for header, cell in zip(headers, kept[0], strict=True)
    )
    line = f"{_ROW};padding:.5rem 0;border-top:1px solid {BORDER[theme]}"
    body = "".join(
        f'<div role="row" style="{line}">'
        + "".join(_cell(header, cell, muted) for header, cell in zip(headers, row, strict=True))
        + "</div>"
        for row in kept
    )
    return (
        f'<div style="container-type:inline-size;margin:.4rem 0 1rem">'
        f'<div role="table" aria-label="{escape(name)}">'
        f'<div role="row" style="{_ROW};{_ONLY_WIDE}">{head}</div>{body}</div></div>'
    )


def _cell(header: str, cell: Cell, muted: str) -> str:
    label = (
        f'<span aria-hidden="true" style="{_ONLY_NARROW};{muted}">{prose(header)}</span>'
        if cell.labelled
        else ""
    )
    return f'<span role="cell" style="{_flex(cell)}">{label}{cell.html}</span>'


# Wide and narrow without a style sheet: a length times 999 is either nothing or far too much.
_BREAK = "38rem"
_ROW = "display:flex;flex-wrap:wrap;gap:.15rem 1rem;align-items:flex-start"
_ONLY_WIDE = f"overflow:hidden;max-height:clamp(0px,calc((100cqw - {_BREAK})*999),3rem)"
_ONLY_NARROW = (
    f"display:block;overflow:hidden;max-height:clamp(0px,calc(({_BREAK} - 100cqw)*999),1.5rem)"
)


def _flex(cell: Cell) -> str:
    basis = f"max({cell.basis},calc(({_BREAK} - 100cqw)*999))"
    return f"flex:{cell.weight} 1 {basis};min-width:0;max-width:100%;overflow-wrap:anywhere"


def source_line(parts: Iterable[str | None], theme: str, heading: str = "Source") -> str:
    """Producer, dataset, year, level, fetched on, licence: under everything."""
    said = " · ".join(part for part in parts if part)
    return (
        f'<p style="font-size:.84rem;color:{MUTED[theme]};margin:.1rem 0 .9rem">'
        f"{escape(heading)}\u00a0: {prose(said)}</p>"
    )


def banner(words: str, theme: str) -> str:
    """The FICTIF banner: dashed frame, readable in grey."""
    return (
        f'<div role="note" style="border:2px dashed {signs.ACCENT[theme]};border-radius:4px;'
        f'padding:.45rem .8rem;color:{INK[theme]}">'
        f'<strong style="letter-spacing:.06em;color:{signs.ACCENT[theme]}">FICTIF</strong> '
        f"{prose(words)}</div>"
    )


def quote(words: str, theme: str, question: str = "", answer: str = "") -> str:
    """A sentence to repeat in council; one touch on it shows where it comes from (HTML)."""
    frame = (
        f"margin:.5rem 0;padding:.1rem 0 .1rem .9rem;border-left:3px solid {signs.PRIMARY[theme]};"
        f"max-width:46rem;color:{INK[theme]}"
    )
    said = f'<span style="font-size:1.18rem;line-height:1.5">{prose(words)}</span>'
    if not answer:
        return f'<p style="{frame}">{said}</p>'
    hint = (
        f'<span style="font-size:.84rem;color:{MUTED[theme]};white-space:nowrap;'
        f'text-decoration:underline;text-underline-offset:.15em">{prose(question)}</span>'
    )
    return (
        f'<details style="{frame}"><summary style="list-style:none;cursor:pointer">{said} {hint}'
        f'</summary><div style="padding-top:.4rem">{answer}</div></details>'
    )


def folded(question: str, answer: str, theme: str) -> str:
    """A line that opens on touch; the answer is HTML."""
    return (
        f'<details style="font-size:.84rem;color:{MUTED[theme]}">'
        f'<summary style="cursor:pointer">{prose(question)}</summary>{answer}</details>'
    )


def note(words: str, theme: str) -> str:
    """A word of caution, quiet and always readable."""
    return (
        f'<p role="note" style="background:{TINT[theme]};border-radius:4px;padding:.5rem .8rem;'
        f'font-size:.92rem;margin:.2rem 0 .6rem;color:{INK[theme]}">{prose(words)}</p>'
    )
