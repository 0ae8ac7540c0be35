"""A document as one HTML file: it calls nobody, prints on A4 and reads on a phone.

Nothing in it runs without the hash that its own policy gives; without script it says everything.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import vl_convert

from drawing import french, signs
from restitution import web_font
from restitution.document import FICTIONAL, NOTICE, WORKING, Document, marks
from restitution.html_blocks import SIGNS, Where, attribute, blocks, words

ASSETS = Path(__file__).parent / "assets"
INVENTED = "Territoire inventé\u00a0: ses chiffres ne décrivent aucun lieu réel."
COLOURS = {
    "ink": signs.INK,
    "page": signs.PAGE,
    "tint": signs.TINT,
    "border": signs.BORDER,
    "muted": signs.MUTED,
    "primary": signs.PRIMARY,
    "accent": signs.ACCENT,
}


@dataclass(frozen=True)
class Chapter:
    """A part of the page: its body is HTML, already escaped."""

    id: str
    title: str
    body: str


def page(document: Document, *, charts: bool, closing: tuple[Chapter, ...] = ()) -> bytes:
    """The whole file, UTF-8. With `charts`, a script makes charts answer and tables filter."""
    held = [
        Chapter(part.id, part.title, blocks(part.blocks, Where(part.id, charts=charts)))
        for part in document.parts
    ]
    chapters = (*held, *closing)
    style = web_font.face() + _style(document)
    scripts = (_bundle(), _asset("page.js")) if charts else ()
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, scripts)}">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{attribute(_full_title(document))}</title><style>{style}</style></head>"
        f"<body>{_body(document, chapters)}"
        f"{''.join(f'<script>{script}</script>' for script in scripts)}</body></html>"
    ).encode()


def _body(document: Document, chapters: tuple[Chapter, ...]) -> str:
    return (
        '<a class="skip" href="#contenu">Aller au contenu</a>'
        f"{_strip(document)}{_head(document)}{_contents(chapters)}"
        f'<main id="contenu" tabindex="-1">{"".join(map(_chapter, chapters))}</main>'
        f"{_foot(document)}"
    )


def _full_title(document: Document) -> str:
    fictional = f"{FICTIONAL}\u00a0– " if document.place.fictional else ""
    return f"{fictional}{document.title}, {french.lower_first(document.subtitle)}"


def _strip(document: Document) -> str:
    """What stays in sight while one scrolls, and lies across every sheet."""
    said = marks(document)
    if not said:
        return ""
    lines = "".join(f"<span>{words(mark)}</span>" for mark in said)
    return (
        f'<aside class="strip" aria-label="Nature du document">{lines}</aside>'
        f'<div class="watermark" aria-hidden="true">{lines}</div>'
    )


def _head(document: Document) -> str:
    invented = (
        f'<p class="invented" role="note"><strong>{FICTIONAL}</strong> {words(INVENTED)}</p>'
        if document.place.fictional
        else ""
    )
    return (
        f"<header>{invented}<h1>{words(document.title)}</h1>"
        f'<p class="subtitle">{words(document.subtitle)}, {french.day(document.day)}</p>'
        f"{_standing(document)}</header>"
    )


def _standing(document: Document) -> str:
    """How far it is validated, unless the strip above says just that."""
    said = document.standing
    return (
        ""
        if said.startswith(WORKING) and len(said) <= len(WORKING) + 1
        else (f'<p class="standing">{words(said)}</p>')
    )


def _contents(chapters: tuple[Chapter, ...]) -> str:
    lines = "".join(
        f'<li><a href="#{escape(made.id)}">{words(made.title)}</a></li>' for made in chapters
    )
    return f'<nav aria-labelledby="sommaire"><h2 id="sommaire">Sommaire</h2><ol>{lines}</ol></nav>'


def _chapter(made: Chapter) -> str:
    name = escape(made.id)
    return (
        f'<section class="chapter" aria-labelledby="{name}"><h2 id="{name}">{words(made.title)}'
        f"</h2>{made.body}</section>"
    )


def _foot(document: Document) -> str:
    return f"<footer>{''.join(f'<p>{words(line)}</p>' for line in document.notices)}</footer>"


# --- style, script and what may run --------------------------------------------------------------


def _policy(style: str, scripts: tuple[str, ...]) -> str:
    allowed = " ".join(map(csp_hash, scripts)) or "'none'"
    return (
        f"default-src 'none'; style-src {csp_hash(style)}; script-src {allowed}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def csp_hash(text: str) -> str:
    """The source expression that lets this very script or style run, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script; writing it costs two seconds, once."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def _style(document: Document) -> str:
    return f"{_palette()}{_asset('page.css')}{_sheet(document)}"


@cache
def _palette() -> str:
    """Colours of both themes, signs, widths of columns, and charts drawn for day seen by night."""
    light, dark = (_variables(theme) for theme in ("light", "dark"))
    widths = "".join(f".w{share}{{width:{share}%}}" for share in range(1, 101))
    named = "".join(f".sign-{code}{{color:var(--sign-{code})}}" for code in SIGNS)
    night = "".join(
        f'.drawing [{paint}="{day}" i]{{{paint}:{dusk}}}'
        for day, dusk in _nights().items()
        for paint in ("fill", "stroke")
    )
    return (
        f":root{{color-scheme:light;{light}}}{widths}{named}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}{night}}}"
    )


def _variables(theme: str) -> str:
    plain = "".join(f"--{name}:{made[theme]};" for name, made in COLOURS.items())
    return plain + "".join(f"--sign-{code}:{made.colour(theme)};" for code, made in SIGNS.items())


def _nights() -> dict[str, str]:
    """Each colour of the light theme and the one that stands for it in the dark one."""
    plain = {made["light"]: made["dark"] for made in COLOURS.values()}
    return {**{made.light: made.dark for made in SIGNS.values()}, **plain}


def _sheet(document: Document) -> str:
    """Head and foot of every printed sheet."""
    head = "\u00a0· ".join((*marks(document), document.title))
    return (
        f"@page{{size:A4;margin:18mm 15mm 17mm;@top-left{{content:{_css(head)};{_SMALL}}}"
        f"@bottom-left{{content:{_css(NOTICE)};{_SMALL}}}"
        f'@bottom-right{{content:counter(page) " / " counter(pages);{_SMALL}}}}}'
    )


_SMALL = 'font:8.5pt "Atkinson Hyperlegible Next",sans-serif;color:#5B6470'


def _css(text: str) -> str:
    """A text as a CSS string; whatever could end it or the style is written by its number."""
    kept = "".join(
        sign if sign.isalnum() or sign in " ,.'·–\u00a0" else f"\\{ord(sign):x} "
        for sign in text
        if sign.isprintable() or sign in "\u00a0\u202f"
    )
    return f'"{kept}"'
