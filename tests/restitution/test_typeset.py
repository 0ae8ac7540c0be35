"""Whatever a document holds, typst prints it: tagged, whole, inside its pages, the same twice."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from drawing import mentions
from restitution import glyphs, typeset
from restitution.deck import Deck, View
from restitution.document import (
    BALLOT,
    EDITED,
    FICTIONAL,
    NOTICE,
    Absent,
    Column,
    Document,
    Facts,
    Items,
    KeyFigure,
    KeyFigures,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from tests.restitution import papers
from tests.restitution.papers import DAY, HEADERS, SAID, document, every_block, table

HOSTILE = (
    *("", " ", "\n\n", "\t", "\0\x07", "\ud800", "\u202eabc\u202c", "\u2066x", "\u200b", "\ue000"),
    *("#let x = 1", "#panic()", "$", "*a*", "_a", "`", "]", '"', "\\", "= A", "//", "<a>", "@b"),
    *("<script>alert(1)</script>", "<svg>\ud800\u23c3", "</svg>", "=1+1", "😀", "👩‍👩‍👧", "𝔸"),
    *("שלום עולם", "مرحبا بالعالم", "नमस्ते", "中文", "e\u0301\u0302\u0303", "a" * 10_000),
    *("a\u00a0" * 5_000, "é " * 2_000, "https://exemple.fr/" + "a/b?c=1&" * 60, "_" * 300),
)
TEMPLATES = ("report.typ", "sheet.typ")


def pdf(made, template="sheet.typ") -> bytes:
    return typeset.pdf(template, typeset.plain(made), DAY)


def deck(*views, code="46042", **said) -> Deck:
    made = papers.document(code=code)
    usual = {"audience": "elus", "standing": "", "validated": True, "internal": False}
    return Deck(
        **{"title": "Vues", "place": made.place, "day": DAY, "views": views, **usual, **said}
    )


def slides(made: Deck) -> bytes:
    return typeset.pdf("slides.typ", typeset.deck(made), DAY)


def letter(*paragraphs: str, subject="Les arbres", **said) -> bytes:
    content = {"subject": subject, "paragraphs": list(paragraphs), "day": "21 novembre 2026"}
    whole = {**content, "date": [2026, 11, 21], "place": "Cahors", **said}
    return typeset.pdf("letter.typ", whole, DAY)


# --- what can be printed -------------------------------------------------------------------------


@given(st.text())
def test_what_is_printed_is_in_our_fonts(text):
    made = glyphs.printable(text)
    seen = made.replace(glyphs.NARROW, "").replace("\n", "")
    assert all(ord(sign) in glyphs._coverage() for sign in seen)
    assert glyphs.printable(made) == made


@given(st.text(alphabet="abcé /._-@?&=\u00a0\n", max_size=200))
def test_long_words_are_cut_and_nothing_else_changes(text):
    made = glyphs.breakable(text)
    assert made.replace(glyphs.CUT, "") == text
    for piece in re.split(f"[ \n{glyphs.CUT}-]", made):
        assert len(piece) < glyphs.LONGEST


def test_french_words_and_numbers_are_left_whole():
    for said in ("anticonstitutionnellement", "25\u202f036\u00a0habitants", "rez-de-chaussée"):
        made = glyphs.breakable(glyphs.printable(said))
        assert made.replace(glyphs.NARROW, "\u202f") == said


def test_the_narrow_space_of_a_number_is_read_back_and_ends_no_line():
    number = "12\u202f345\u202f678"
    (page,) = papers.pages(pdf(document(Part("a", "A", (Text(f"{number} " * 50),)))))
    assert page.count(number) == 50


def test_a_sign_without_glyph_is_a_square_and_a_control_vanishes():
    assert glyphs.printable("a\u23c3b\u202ec\x00d") == f"a{glyphs.UNKNOWN_GLYPH}bcd"


def test_an_address_is_copied_whole():
    address = "https://exemple.fr/" + "donnees/arbres?page=1&" * 12 + "fin"
    (page,) = papers.pages(pdf(document(Part("a", "A", (Text(address),)))))
    assert address in page.replace(" ", "")


# --- every block, every template -----------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_block_is_printed_and_tagged(template):
    made = pdf(document(), template)
    words = " ".join(papers.pages(made))
    for said in (EDITED, "Personne n'a encore demandé", "Image illisible", "Non récupéré", NOTICE):
        assert said in words
    assert papers.faults(made) == []
    assert list(papers.outside(made)) == []
    assert words.count(BALLOT) == 1


def test_slides_and_letters_are_tagged():
    shown = slides(deck(View("a", "Une idée", SAID, every_block(), "Insee", edited=True)))
    sent = letter(SAID, SAID * 30, sender="Mairie", holder="Département\nService", validated=True)
    for made in (shown, sent, slides(deck())):
        assert papers.faults(made) == []
        assert list(papers.outside(made)) == []
    assert EDITED in " ".join(papers.pages(shown))
    assert "Département" in papers.pages(sent)[0]


def test_the_speaker_s_notes_are_not_in_the_slides():
    view = View("a", "Une idée", SAID, notes=("À dire tout bas",))
    assert "tout bas" not in " ".join(papers.pages(slides(deck(view))))


def test_the_same_document_gives_the_same_bytes():
    assert pdf(document(), "report.typ") == pdf(document(), "report.typ")


def test_an_unknown_block_is_refused():
    with pytest.raises(TypeError):
        typeset.block(object())


# --- hostile contents ----------------------------------------------------------------------------


def test_a_text_is_never_read_as_markup():
    typed = '#let x = 1 $a$ *b* _c_ [d] <e> @f `g` // h "i" \\n = k'
    words = " ".join(papers.pages(pdf(document(Part("a", typed, (Text(typed), Items((typed,))))))))
    assert words.count(typed) == 3


words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
signs_ = st.sampled_from([row[1] for row in table(8).rows])


def _tables(width: int) -> st.SearchStrategy[Table]:
    column = st.builds(Column, words, st.sampled_from([0.5, 1, 4]), st.booleans())
    row = st.tuples(*[st.one_of(words, signs_)] * width)
    rows = st.lists(row, max_size=6).map(tuple)
    return st.builds(Table, words, st.tuples(*[column] * width), rows, words, words)


_few = st.lists(words, max_size=2).map(tuple)
_tones = st.sampled_from(["plain", "lead", "quiet", "caution", "typed", "answer", "?"])
_leaves = st.one_of(
    st.builds(Text, words, _tones, words, edited=st.booleans()),
    st.builds(Items, _few, st.booleans()),
    st.builds(Facts, st.lists(st.tuples(words, words), max_size=2).map(tuple)),
    st.lists(st.builds(KeyFigure, words, words, words, words), max_size=4).map(
        lambda made: KeyFigures(tuple(made))
    ),
    st.integers(1, 5).flatmap(_tables),
    st.builds(Absent, words, words, words),
    st.builds(Picture, st.binary(max_size=20), st.just("png"), words, words),
)
_blocks = st.recursive(
    _leaves,
    lambda held: st.builds(Section, words, st.lists(held, max_size=2).map(tuple)),
    max_leaves=3,
)
_parts = st.builds(Part, st.just("p"), words, st.lists(_blocks, max_size=3).map(tuple))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(words, words, st.lists(_parts, max_size=2))
def test_any_content_is_printed_inside_its_pages(title, said, parts):
    made = replace(
        document(*parts or [Part("a", said, ())]), title=title, subtitle=said, standing=said
    )
    for template in TEMPLATES:
        assert list(papers.outside(pdf(made, template))) == []
    views = [View("v", part.title, said, part.blocks, title) for part in parts]
    assert list(papers.outside(slides(deck(*views, title=title)))) == []
    assert list(papers.outside(letter(said, title, subject=title))) == []


def _narrow(text: str) -> Part:
    columns = (Column(text, 0.2), Column("B", 9), Column("C", 0.3, True))
    rows = ((text, "b", text), ("a", text, "1"), ("a", "b", "1"))
    return Part("a", text, (Table(text, columns, rows),))


def test_short_hostile_texts_fit_a_narrow_cell():
    short = [_narrow(text) for text in HOSTILE if len(text) < 1_000]
    assert list(papers.outside(pdf(document(*short)))) == []


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) >= 1_000])
def test_a_very_long_word_fits_a_narrow_cell(text):
    assert list(papers.outside(pdf(document(_narrow(text[:4_000]))))) == []


def test_very_long_texts_fit_whatever_shows_them():
    """Blocks that are kept in one piece are cut when no page could hold them."""
    text = "a" * 6_000
    tones = ("lead", "caution", "typed", "answer")
    blocks = (
        *(
            Text(words, tone, strong)
            for tone in tones
            for words, strong in ((text, ""), ("", text))
        ),
        *(Absent(text, ""), Absent("", text), KeyFigures((KeyFigure("a", text),))),
        Picture(_picture(), "png", "", text),
        replace(papers.chart(), title=text),
    )
    assert list(papers.outside(pdf(document(Part("a", "A", blocks))))) == []


def test_the_widest_word_of_a_narrow_column_stays_in_it():
    rows = (("25\u202f036\u00a0habitants", "x" * 40),)
    made = typeset.block(Table("", (Column("A", 1), Column("B", 30)), rows))
    narrow, wide = (column["width"] for column in made["columns"])
    assert narrow / (narrow + wide) > 0.14


def test_right_to_left_names_leave_the_rest_of_the_line_in_order():
    (page,) = papers.pages(pdf(document(Part("a", "A", (Text("Avant שלום après 12 km"),)))))
    assert page.index("Avant") < page.index("après") < page.index("12 km")


# --- pictures ------------------------------------------------------------------------------------


def _picture(kind="PNG", size=(40, 20)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, "red").save(held, kind)
    return held.getvalue()


@pytest.mark.parametrize("size", [(40, 20), (1600, 1), (1, 1600), (1600, 1600)])
def test_a_picture_is_drawn_inside_the_page(size):
    made = pdf(document(Part("a", "A", (Picture(_picture(size=size), "png", "", "Une photo"),))))
    assert papers.faults(made) == []
    assert len(pypdfium2.PdfDocument(made)) == 1
    assert "Une photo" in papers.pages(made)[0]


def test_a_damaged_picture_is_said_to_be_so():
    for content in (b"", b"\x89PNG\r\n", _picture()[:60], _picture("JPEG")[:200], b"<svg/>"):
        (page,) = papers.pages(pdf(document(Part("a", "A", (Picture(content, "png", "b"),)))))
        assert "Image illisible" in page


# --- tables over several pages -------------------------------------------------------------------


def _pages_of_rows(made: bytes) -> list[list[str]]:
    pages = papers.pages(made)
    return [rows for page in pages if (rows := re.findall(r"\bL\d{3}\b", page))]


def test_a_table_of_sixty_lines_repeats_its_header_and_cuts_no_row():
    made = pdf(document(Part("a", "A", (Text(SAID * 9), table(60)))))
    pages = [page for page in papers.pages(made) if re.search(r"\bL\d{3}\b", page)]
    assert len(pages) > 1
    for page in pages:
        assert page.count(" ".join(HEADERS)) == 1
        for row in re.findall(r"\bL(\d{3})\b", page):
            assert f"{int(row)}\u202f000" in page
    assert sum(_pages_of_rows(made), []) == [f"L{at:03d}" for at in range(60)]


@pytest.mark.parametrize("lead", range(4))
def test_no_row_stands_alone_on_a_page(lead):
    """Neither the first under its header at the bottom of a page, nor the last on the next one."""
    long = [document(Part("a", "A", (*_lead(lead), table(count)))) for count in range(17, 25)]
    low = [_low(lines) for lines in range(20 + 2 * lead, 22 + 2 * lead)]
    for made in (*long, *low):
        for rows in _pages_of_rows(pdf(made)):
            assert len(rows) >= 2


def _lead(count: int) -> list[Text]:
    return [Text(SAID * 4)] * count


def _low(lines: int) -> Document:
    """A table that begins that many lines down its page."""
    return document(Part("a", "A", (Text("mot\n" * lines), table(10))))


def test_a_row_taller_than_a_page_is_cut_rather_than_lost():
    tall = "mot " * 4_000
    rows = (("a", tall + "fin"), ("b", "c"))
    made = pdf(document(Part("a", "A", (Table("", (Column("A"), Column("B")), rows),))))
    words = " ".join(papers.pages(made))
    assert words.count("mot ") == 4_000
    assert "fin" in words
    assert list(papers.outside(made)) == []


# --- what every page says ------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
def test_marks_stand_on_every_page(template):
    marked = document(code="00001", validated=False, internal=True)
    for page in papers.pages(pdf(marked, template)):
        for mark in (FICTIONAL, mentions.INTERNAL, "Document de travail", NOTICE, "Castelvoire"):
            assert mark in page


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_mark_stands_where_it_does_not_hold(template):
    for page in papers.pages(pdf(document(), template)):
        for mark in (FICTIONAL, mentions.INTERNAL, "Document de travail"):
            assert mark not in page


def test_marks_stand_on_slides_and_letters():
    view = View("a", "Une idée", SAID)
    shown = slides(deck(view, view, code="00001", validated=False, internal=True))
    sent = letter(SAID * 60, fictional=True, internal=True, validated=False)
    for made in (shown, sent):
        pages = papers.pages(made)
        assert len(pages) == 2
        for page in pages:
            for mark in (FICTIONAL, mentions.INTERNAL, "Document de travail", NOTICE):
                assert mark in page
