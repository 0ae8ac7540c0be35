"""The slides: valid, native, complete, the same twice; hostile words neither break nor overflow."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from openxml_audit import validate_pptx
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from python_calamine import CalamineWorkbook

from data.entries import Draft
from data.territories import territory
from drawing import mentions
from drawing.charts import Point
from restitution import slide_text, slides
from restitution.account import Account
from restitution.deck import View, deck
from restitution.document import (
    BALLOT,
    EDITED,
    FICTIONAL,
    NOTICE,
    Absent,
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

DAY = date(2026, 11, 21)
SPACES = str.maketrans("\u00a0\u202f", "  ")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "f8cfc00000000301010018dd8db00000000049454e44ae426082"
)


def no_picture(_: str) -> None:
    """No draft joins a picture."""


@pytest.fixture(scope="module")
def castelvoire(embedded_store):
    """The account of the fictional town."""
    return Account(embedded_store, territory("00001"), DAY)


@pytest.fixture(scope="module")
def made(castelvoire):
    """Its deck for élus, and the slides read back by python-pptx."""
    content = slides.as_pptx(castelvoire, Draft("slides", "elus"), no_picture).content
    return deck(castelvoire, "elus"), content, Presentation(io.BytesIO(content))


def texts(slide) -> str:
    """All the words of a slide, tables too."""
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if getattr(shape, "has_table", False) and shape.has_table:
            said += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(said)


def charts(opened):
    """(alternative text, chart) of each native chart."""
    return [
        (shape._element.xpath(".//p:cNvPr")[0].get("descr"), shape.chart)
        for slide in opened.slides
        for shape in slide.shapes
        if getattr(shape, "has_chart", False) and shape.has_chart
    ]


def valid(content: bytes, folder) -> None:
    """openxml-audit finds nothing to say."""
    path = folder / "made.pptx"
    path.write_bytes(content)
    found = validate_pptx(path)
    assert found.is_valid, [str(error) for error in found.errors[:5]]


def test_a_valid_file_with_a_slide_a_view(made, tmp_path):
    views, content, opened = made
    valid(content, tmp_path)
    assert 10 <= len(opened.slides) <= 15
    assert [slide.shapes.title.text for slide in opened.slides] == [v.title for v in views.views]
    assert round(opened.slide_width / opened.slide_height, 3) == round(16 / 9, 3)


def test_words_are_in_placeholders_of_real_layouts(made):
    _, _, opened = made
    for slide in opened.slides:
        loose = [made for made in slide.shapes if not made.is_placeholder]
        assert [made.name for made in loose] == [FICTIONAL]
        kinds = [made.placeholder_format.type for made in slide.placeholders]
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds and PP_PLACEHOLDER.FOOTER in kinds
        ids = [int(found) for found in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
        assert len(set(ids)) == len(ids)
        numbers = [int(made.shape_id) for made in slide.placeholders]
        assert numbers[0] == slide.shapes.title.shape_id  # the title is read first
    logo = [made for made in opened.slides[0].placeholders if "Logo" in made.name]
    assert [made.placeholder_format.type for made in logo] == [PP_PLACEHOLDER.PICTURE]


def test_every_slide_says_what_it_is(made):
    views, _, opened = made
    for view, slide in zip(views.views, opened.slides, strict=True):
        said = texts(slide).translate(SPACES)
        assert FICTIONAL in said and "Document de travail" in said and NOTICE in said
        assert view.sentence.translate(SPACES) in said
        assert view.source.translate(SPACES)[:200] in said
    whole = "\n".join(texts(slide) for slide in opened.slides)
    assert whole.count(BALLOT) == 1
    assert mentions.INTERNAL not in whole


def test_internal_slides_say_so(castelvoire, embedded_store):
    inside = Account(embedded_store, territory("00001"), DAY, internal=True)
    opened = Presentation(io.BytesIO(slides.as_pptx(inside, None, no_picture).content))
    assert all(mentions.INTERNAL in texts(slide) for slide in opened.slides)


def test_notes_are_there_and_in_french(made):
    views, _, opened = made
    for view, slide in zip(views.views, opened.slides, strict=True):
        assert slide.notes_slide.notes_text_frame.text == "\n".join(view.notes)
    names = re.compile(r"ppt/(slides|notesSlides)/.*\.xml$")
    with zipfile.ZipFile(io.BytesIO(made[1])) as held:
        for name in filter(names.match, held.namelist()):
            runs = re.findall(r"<a:r>(?:<a:rPr([^>]*)>)?", held.read(name).decode())
            assert runs and all('lang="fr-FR"' in found for found in runs), name


def test_native_charts_hold_the_numbers_of_the_account(made, castelvoire):
    _, _, opened = made
    (heat_alt, heat), (status_alt, status) = charts(opened)
    by_id = {value.id: value for value in castelvoire.values}
    shown = [by_id[f"d35_{name}"] for name in ("reference", "2030", "2050", "2100")]
    assert list(heat.plots[0].series[0].values) == [value.value for value in shown]
    assert "35" in heat_alt and "entre 7 et 27" in heat_alt
    counts = [n for n in castelvoire.assessment.counts.values() if n]
    assert sorted(status.plots[0].series[0].values) == sorted(counts)
    assert "45 ouvertes" in status_alt.translate(SPACES)


def test_the_interval_is_drawn_from_the_table_one_edits(made, castelvoire):
    _, heat = charts(made[2])[0]
    book = CalamineWorkbook.from_filelike(io.BytesIO(heat.part.chart_workbook.xlsx_part.blob))
    header, *rows = book.get_sheet_by_name("Sheet1").to_python()
    assert header[2:] == ["Bas", "Haut", "Écart vers le bas", "Écart vers le haut"]
    value = next(value for value in castelvoire.values if value.id == "d35_2050")
    horizon, middle, low, high, below, above = rows[2]
    assert (middle, low, high) == (value.value, value.low, value.high)
    assert (middle - below, middle + above) == (low, high)
    assert rows[0][2:] == ["", "", "", ""]  # the reference has no interval: not 0
    chart = heat._chartSpace
    ends = {end: chart.xpath(f".//c:errBars/c:{end}//c:v/text()") for end in ("plus", "minus")}
    assert [float(text) for text in ends["plus"]] == [row[5] for row in rows[1:]]
    assert [float(text) for text in ends["minus"]] == [row[4] for row in rows[1:]]
    assert heat.value_axis.maximum_scale > max(row[3] for row in rows[1:])


def test_tables_say_what_the_views_say(made):
    views, _, opened = made
    for view, slide in zip(views.views, opened.slides, strict=True):
        tables = [block for block in view.body if isinstance(block, Table)]
        for table in tables:
            said = texts(slide)
            cells = [cell if isinstance(cell, str) else cell.word for r in table.rows for cell in r]
            assert [cell for cell in cells if cell not in said] == []


def test_every_drawing_says_itself(made):
    for slide in made[2].slides:
        for shape in slide.shapes:
            if shape._element.tag.endswith("graphicFrame"):
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_same_bytes_twice(castelvoire, made):
    again = slides.as_pptx(castelvoire, Draft("slides", "elus"), no_picture).content
    assert again == made[1]
    said = made[2].core_properties
    assert (said.created.date(), said.modified.date(), said.language) == (DAY, DAY, "fr-FR")


def test_a_never_fetched_town_has_slides(embedded_store, tmp_path):
    account = Account(embedded_store, territory("97608"), DAY)
    content = slides.as_pptx(account, None, no_picture).content
    valid(content, tmp_path)
    opened = Presentation(io.BytesIO(content))
    assert 10 <= len(opened.slides) <= 15
    said = "\n".join(texts(slide) for slide in opened.slides)
    assert FICTIONAL not in said and "ors couverture de la source" in said


def test_the_draft_chooses_the_audience_and_the_views(castelvoire):
    draft = Draft(
        "deck", "habitants", parts=["titre", "ouvert"], texts={"ouvert/sentence": "Voici"}
    )
    opened = Presentation(io.BytesIO(slides.as_pptx(castelvoire, draft, no_picture).content))
    assert len(opened.slides) == 2
    assert f"Voici ({EDITED})" in texts(opened.slides[1])


# --- hostile words -------------------------------------------------------------------------------

HOSTILE = (
    "=HYPERLINK(1)\x00\x0b\ufffe<a:t>&amp; </script> 🏘️ مدينة \u202eabc\ud800",
    "x" * 5_000 + " mot" * 1_250,
    "",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_every_block(castelvoire, tmp_path, words):
    table = Table(words, (Column(words), Column(words, 1, True)), ((words, words),) * 6)
    points = tuple(Point(words, float(rank), 0.0, 9.0) for rank in range(6))
    blocks = (
        Text(words, strong=words),
        Items((words, words)),
        Absent(words, words, words),
        KeyFigures((KeyFigure(words, words, words),)),
        KeyFigures((KeyFigure(words, words, words),) * 4),
        Facts(((words, words),)),
        Section(words, (Text(words, "quiet"),)),
        Chart(words, {}, words, table, points=points),
        replace(table, rows=(), empty=words),
    )
    views = tuple(
        View(f"vue-{rank}", words, words, (block,), words, (words, words))
        for rank, block in enumerate(blocks)
    )
    content = slides.pptx(replace(deck(castelvoire, "elus"), title=words, views=views))
    valid(content, tmp_path)
    opened = Presentation(io.BytesIO(content))
    assert len(opened.slides) == len(blocks)
    for slide in opened.slides:
        _stands(slide)


def _stands(slide) -> None:
    """No text taller than its place, no shape out of the slide."""
    for shape in slide.placeholders:
        if not shape.has_text_frame:
            continue
        held = [run for line in shape.text_frame.paragraphs for run in line.runs]
        tall = sum(
            slide_text.height(run.text, run.font.size.pt, shape.width / 360_000) for run in held
        )
        assert tall <= shape.height / 360_000 + 1.3, (shape.name, tall)
    for shape in slide.shapes:
        if getattr(shape, "has_table", False) and shape.has_table:
            down = sum(row.height for row in shape.table.rows)
            assert shape.top + down <= 16.6 * 360_000


def test_a_title_never_overflows():
    for size in (10, 100, 1_000, 10_000):
        for words in ("W" * size, "de la " * size):
            kept, points = slide_text.fitted(words, 30.4, 2.3, (32, 26, 22), bold=True)
            assert slide_text.height(kept, points, 30.4, bold=True) <= 2.3
            assert kept == words or kept.endswith("…")


def test_a_chart_without_points_and_a_picture_are_pictures(castelvoire, tmp_path):
    spec = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}
    table = Table("t", (Column("a"), Column("b")), (("x", "1"),))
    views = (
        View("a", "Un dessin", body=(Chart("t", spec, "Un dessin en mots", table),)),
        View("b", "Une image", body=(Picture(PNG, "png", "La mairie"),)),
    )
    content = slides.pptx(replace(deck(castelvoire, "elus"), views=views))
    valid(content, tmp_path)
    described = [
        shape._element.xpath(".//p:cNvPr")[0].get("descr")
        for slide in Presentation(io.BytesIO(content)).slides
        for shape in slide.placeholders
        if shape.placeholder_format.type == PP_PLACEHOLDER.PICTURE
    ]
    assert described == ["Un dessin en mots", "La mairie"]


def test_an_unknown_block_is_refused(castelvoire):
    view = View("a", "Titre", body=(object(),))
    with pytest.raises(TypeError, match="bloc inconnu"):
        slides.pptx(replace(deck(castelvoire, "elus"), views=(view,)))
