"""One document in the format that is asked: PDF, DOCX, HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable

from restitution import html, markdown, typeset, word
from restitution.document import Document
from restitution.export import Made

SHEET, BOOK = "sheet.typ", "report.typ"  # templates: a few pages, or many with their contents


def made(document: Document, extension: str, template: str = SHEET) -> Made:
    """The document as bytes; `template` is that of its PDF. KeyError for another extension."""
    return Made(_WRITERS[extension](document, template), document.skipped)


def _pdf(document: Document, template: str) -> bytes:
    return typeset.pdf(template, typeset.plain(document), document.day)


_WRITERS: dict[str, Callable[[Document, str], bytes]] = {
    "pdf": _pdf,
    "docx": lambda document, _: word.docx_bytes(document),
    "html": lambda document, _: html.page(document, charts=False),
    "md": lambda document, _: markdown.text(document),
}
EXTENSIONS = tuple(_WRITERS)
