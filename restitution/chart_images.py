"""Charts as images for paper: the specs of drawing.charts, drawn offline with our own font."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import vl_convert

FONTS = Path(__file__).parent / "fonts"
_UNDRAWN = re.compile("[^\t\n\r\u0020-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ready: list[bool] = []


def svg(spec: dict[str, Any]) -> str:
    """The chart as SVG, its texts kept as texts. ValueError for a spec that cannot be drawn."""
    return _svg(json.dumps(drawable(spec), sort_keys=True, ensure_ascii=False))


def png(spec: dict[str, Any], scale: float = 2) -> bytes:
    """The chart as PNG, `scale` pixels for each of its own."""
    return _png(json.dumps(drawable(spec), sort_keys=True, ensure_ascii=False), scale)


def drawable(value: Any) -> Any:
    """The spec without the signs XML or Vega refuses: one in a name ends the whole process."""
    if isinstance(value, str):
        return _UNDRAWN.sub("", value)
    if isinstance(value, dict):
        return {drawable(name): drawable(item) for name, item in value.items()}
    return [drawable(item) for item in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    _register()
    return str(vl_convert.vegalite_to_svg(json.loads(spec), allowed_base_urls=[]))


@lru_cache(maxsize=64)
def _png(spec: str, scale: float) -> bytes:
    _register()
    return bytes(vl_convert.vegalite_to_png(json.loads(spec), scale=scale, allowed_base_urls=[]))


def _register() -> None:
    if not _ready:
        vl_convert.register_font_directory(str(FONTS))
        _ready.append(True)
