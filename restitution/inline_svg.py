"""A drawn chart inside a page: nothing in it but shapes and texts, no id twice in the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

# What may stand in a chart; anything else (script, foreignObject, image, link) is left out.
SHAPES = frozenset(
    (
        "svg", "g", "path", "line", "rect", "circle", "text", "tspan", "title", "defs", "clipPath",
        "linearGradient", "stop", "pattern",
    )
)  # fmt: skip
_DROPPED = re.compile(r"^(role|aria-.*|on.*|class|\{.*)$")
_NAMED = re.compile(r"#(?=[\w-]+\)?$)")


def inline(svg: str, prefix: str) -> str:
    """The drawing for a page: its ids begin with `prefix`, its hidden words are taken out.

    The words that stand for the chart are beside it: those of the drawing name columns, in English.
    """
    root = ElementTree.fromstring(svg)
    _clean(root, prefix)
    return ElementTree.tostring(root, encoding="unicode")


def _clean(node: ElementTree.Element, prefix: str) -> None:
    node.tag = _bare(node.tag)
    for name in list(node.attrib):
        if _DROPPED.match(name):
            del node.attrib[name]
        elif name == "id":
            node.set(name, prefix + node.attrib[name])
        elif "#" in node.attrib[name] and name in ("clip-path", "fill", "stroke", "mask"):
            node.set(name, _own(node.attrib[name], prefix))
    for child in list(node):
        if _bare(child.tag) in SHAPES:
            _clean(child, prefix)
        else:
            node.remove(child)


def _own(value: str, prefix: str) -> str:
    """'url(#clip0)' -> 'url(#prefixclip0)'; a colour is unchanged."""
    return _NAMED.sub(f"#{prefix}", value) if value.startswith("url(") else value


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
