"""Documents read back by other programs than those that wrote them: their text, page by page."""

from __future__ import annotations

import html
import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import pypdfium2
from python_calamine import CalamineWorkbook

OFFICE_TEXT = re.compile(r"(ppt/slides/slide|ppt/notesSlides/notesSlide|word/document)\d*\.xml$")
HIDDEN = {"script", "style", "title"}


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page of a PDF, line ends as spaces."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [_flat(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def office_parts(content: bytes) -> list[str]:
    """The text of each slide with its notes, or of a DOCX, one paragraph a line."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        names = sorted(filter(OFFICE_TEXT.search, held.namelist()))
        return [_paragraphs(held.read(name)) for name in names]


def _paragraphs(xml: bytes) -> str:
    root = ElementTree.fromstring(xml)
    lines = (made for made in root.iter() if made.tag.endswith("}p"))
    return "\n".join(
        "".join(run.text or "" for run in line.iter() if run.tag.endswith("}t")) for line in lines
    )


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    """The rows of each sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in HIDDEN

    def handle_endtag(self, tag):
        self._hidden -= tag in HIDDEN

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


def html_text(content: bytes) -> str:
    """What a page says, scripts and styles left out."""
    reader = _Words()
    reader.feed(content.decode())
    return _flat(html.unescape(" ".join(reader.words)))


def _flat(text: str) -> str:
    """No-break spaces kept: they belong to the numbers."""
    return re.sub(r"[ \r\n\t\ufffe]+", " ", text)
