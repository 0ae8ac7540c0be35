"""Our typeface inside a file: a page that calls nobody carries its own letters."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

FONT = (
    Path(__file__).resolve().parent.parent
    / "ui/static/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
)


@cache
def face() -> str:
    """The CSS rule that declares the font, its bytes in it."""
    held = base64.b64encode(FONT.read_bytes()).decode()
    return (
        '@font-face{font-family:"Atkinson Hyperlegible Next";font-weight:200 800;'
        f'src:url(data:font/woff2;base64,{held}) format("woff2")}}'
    )
