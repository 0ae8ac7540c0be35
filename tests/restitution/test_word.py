"""Documents as Word files: valid, with real headings, lists and tables, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import docx
import pytest
from openxml_audit import OpenXmlValidator
from PIL import Image

from data.territories import territory
from drawing import mentions
from drawing.charts import Point, interval_chart
from drawing.signs import STATUSES
from restitution import document as blocks
from restitution import word
from restitution.document import BALLOT, EDITED, NOTICE, Document, Part, Section, Table, Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
HOSTILE = (
    "<w:p>&amp;</w:p> ]]> \x00\x08\x1b\ufffe\uffff\u202eelbanon \u0647\u0646\u0627 👩‍🌾 "
    "=cmd|' /C calc'!A0 {{PAGE}} " + "x" * 10_000
)


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (4000, 300), "white").save(held, "PNG")
    return held.getvalue()


def every_block(words: str) -> tuple[blocks.Block, ...]:
    """One block of each kind, all saying `words`."""
    columns = (blocks.Column(words[:60], 3), blocks.Column("Statut"), blocks.Column("N", 1, True))
    table = Table(
        words,
        columns,
        tuple((words, STATUSES["open"], "12") for _ in range(60 if len(words) < 99 else 3)),
        words,
    )
    spec = interval_chart((Point("2050", 12, 7, 15),), "jours/an")
    return (
        *(Text(words, tone, words, edited=tone == "typed")
          for tone in ("plain", "lead", "quiet", "caution", "typed", "answer")),
        blocks.Items((words, "deux")),
        blocks.Items((words, "deux"), ordered=True),
        blocks.Items(("autre", words), ordered=True),
        blocks.Facts((("Effort", words),)),
        blocks.KeyFigures((blocks.KeyFigure(words, "3", "[1–5]", "Insee"),)),
        table,
        replace(table, rows=(), empty="Rien ne manque."),
        blocks.Chart("Chaleur", spec, "Douze jours vers 2050", replace(table, rows=table.rows[:2])),
        blocks.Picture(picture(), "png", "Une place vide", "Une légende"),
        blocks.Absent("Non récupéré", words, "Récupérer la source."),
        Section("Dedans", (Text(words), Section("Plus loin", (Text("fin"),)))),
    )  # fmt: skip


def made(words: str = "Un mot", **changes: object) -> Document:
    whole = Document(
        id="test",
        title=f"Titre {words[:40]}",
        subtitle="Sous-titre",
        place=territory("00001"),
        day=date(2026, 11, 21),
        standing="Document de travail",
        validated=False,
        internal=True,
        parts=(Part("un", "Première partie", every_block(words)), Part("deux", "Seconde", ())),
        notices=(NOTICE, BALLOT),
    )
    return replace(whole, **changes)


def xml(content: bytes, name: str = "word/document.xml") -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return ElementTree.fromstring(held.read(name))


@pytest.fixture(scope="module")
def content() -> bytes:
    return word.docx_bytes(made())


@pytest.mark.parametrize("words", ["Un mot", HOSTILE])
def test_the_file_is_valid_and_opens(words, tmp_path):
    held = word.docx_bytes(made(words))
    path = tmp_path / "document.docx"
    path.write_bytes(held)
    found = OpenXmlValidator().validate(str(path))
    assert found.is_valid, [str(error) for error in found.errors[:5]]
    said = "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)
    assert words[:40].split("\x00")[0].strip() in said
    assert not {"\x00", "\x08", "\u202e", "\ufffe", "\uffff"} & set(said)
    assert len(said) > (10_000 if words == HOSTILE else 100)


def test_the_same_document_gives_the_same_bytes_and_says_its_day(content):
    assert content == word.docx_bytes(made())
    core = docx.Document(io.BytesIO(content)).core_properties
    assert (core.title, core.language, core.author) == ("Titre Un mot", "fr-FR", word.AUTHOR)
    assert core.created.date() == core.modified.date() == date(2026, 11, 21)
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert {entry.date_time[0] for entry in held.infolist()} == {1980}


def test_headings_make_an_outline_without_a_gap(content):
    held = docx.Document(io.BytesIO(content))
    styles = [(p.style.name, p.text) for p in held.paragraphs]
    headings = [(name, text) for name, text in styles if name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Première partie"), ("Heading 2", "Dedans"), ("Heading 3", "Plus loin"),
        ("Heading 1", "Seconde"),
    ]  # fmt: skip
    assert [text for name, text in styles if name == "Title"] == ["Titre Un mot"]


def test_every_table_repeats_its_header_and_cuts_no_row(content):
    root = xml(content)
    tables = list(root.iter(f"{W}tbl"))
    assert len(tables) == 3  # key figures, the long one, that of the chart
    for table in tables:
        rows = table.findall(f"{W}tr")
        flags = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert flags == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert len(tables[1].findall(f"{W}tr")) == 61


def test_pictures_and_charts_have_their_words_and_fit_the_page(content):
    described = [made.get("descr") for made in xml(content).iter(PIC)]
    assert described == ["Douze jours vers 2050", "Une place vide"]
    shapes = docx.Document(io.BytesIO(content)).inline_shapes
    assert all(shape.width <= word.WIDTH and shape.height <= word.TALLEST for shape in shapes)


def test_lists_are_real_and_each_numbering_begins_again(content):
    held = docx.Document(io.BytesIO(content))
    numbered = [p for p in held.paragraphs if p.style.name == "List Number"]
    ids = [p._p.pPr.numPr.numId.val for p in numbered]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert sum(p.style.name == "List Bullet" for p in held.paragraphs) == 2


def test_every_page_says_what_the_document_is(content):
    section = docx.Document(io.BytesIO(content)).sections[0]
    head, foot = section.header.paragraphs[0].text, section.footer._element.xml
    for mark in ("FICTIF", mentions.INTERNAL, "Document de travail", "Castelvoire"):
        assert mark in head
    assert NOTICE in section.footer.paragraphs[0].text
    assert 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot
    real = made(place=territory("46042"), validated=True, internal=False)
    plain = docx.Document(io.BytesIO(word.docx_bytes(real))).sections[0].header.paragraphs[0].text
    assert plain == "Cahors · Titre Un mot"


def test_the_ballot_is_said_once_and_what_was_rewritten_is_marked(content):
    said = [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]
    assert said.count(BALLOT) == 1 and NOTICE not in said
    assert sum(EDITED in text for text in said) == 1


def test_the_language_is_french_and_nothing_of_another_maker_is_left(content):
    held = zipfile.ZipFile(io.BytesIO(content))
    assert not [name for name in held.namelist() if "thumbnail" in name or "Effects" in name]
    styles = held.read("word/styles.xml").decode()
    assert 'w:lang w:val="fr-FR"' in styles and "en-US" not in styles
    assert 'w:altName w:val="Verdana"' in held.read("word/fontTable.xml").decode()


def test_an_unknown_block_is_refused():
    with pytest.raises(TypeError, match="bloc inconnu : int"):
        word.docx_bytes(made(parts=(Part("x", "X", (3,)),)))
