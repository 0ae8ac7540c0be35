"""Documents as Markdown: nothing typed becomes a mark, a link or HTML; tables read back whole."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.territories import territory
from drawing.signs import STATUSES
from restitution import document as blocks
from restitution import markdown
from restitution.document import BALLOT, EDITED, NOTICE, Document, Part, Section, Table, Text

reader = pytest.importorskip("markdown_it", reason="markdown-it absent")

HOSTILE = (
    "[clic](https://mal.example) ![x](y.png) <script>alert(1)</script> <https://mal.example> "
    "https://mal.example www.mal.example a@mal.example **gras** _it_ `code` ~~non~~ | case | "
    "&lt; &#60; $x$ [^1] \\"
)
LINES = (
    "# titre", "- liste", "+ liste", "* liste", "1. liste", "2) liste", "> cite", "```", "~~~",
    "    code", "\tcode", "---", "===", "***", "<div>", "<!-- -->", ":-", "| a | b |", "|---|---|",
    "[id]: https://mal.example", "\u2028# titre", "\x0b# titre", "",
)  # fmt: skip
ALLOWED = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "hr", "text",
    "strong_open", "strong_close", "softbreak", "hardbreak", "blockquote_open", "blockquote_close",
    "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close",
    "list_item_open", "list_item_close", "table_open", "table_close", "thead_open", "thead_close",
    "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open",
    "td_close", "text_special",
}  # fmt: skip


def tokens(text: str) -> list:
    """Every token, those inside a line too, of CommonMark with pipe tables."""
    parser = reader.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    flat = []
    for token in parser.parse(text):
        flat += [token, *(token.children or [])]
    return flat


def shown(text: str) -> str:
    """What a reader sees of it."""
    kinds = ("text", "text_special", "softbreak", "hardbreak")
    return "".join(token.content or "\n" for token in tokens(text) if token.type in kinds)


def made(words: str) -> Document:
    columns = (blocks.Column("Donnée"), blocks.Column("Statut"), blocks.Column("N", 1, True))
    table = Table(words, columns, ((words, STATUSES["open"], "12"),), words)
    held = (
        *(Text(words, tone, words, edited=tone == "typed")
          for tone in ("plain", "lead", "quiet", "caution", "typed", "answer")),
        blocks.Items((words, "deux")),
        blocks.Items((words, "deux"), ordered=True),
        blocks.Facts(((words, words),)),
        blocks.KeyFigures((blocks.KeyFigure(words, words, words, words),)),
        table,
        blocks.Chart(words, {}, words, table, words),
        blocks.Picture(b"", "png", words, "Une légende"),
        blocks.Absent(words, words, words),
        Section(words, (Text(words),)),
    )  # fmt: skip
    return Document(
        "test", words, words, territory("00001"), date(2026, 11, 21), words, False, True,
        (Part("un", words, held),), (NOTICE, BALLOT),
    )  # fmt: skip


def body(document: Document) -> str:
    """The text without its front matter."""
    return markdown.text(document).decode().split("\n---\n", 1)[1]


@pytest.mark.parametrize("words", [HOSTILE, *LINES, "\n".join(LINES), "\n\n".join(LINES)])
def test_nothing_typed_becomes_a_mark(words):
    found = tokens(body(made(words)))
    assert {token.type for token in found} <= ALLOWED
    # One of the title, one of the part, one of the section: no heading more.
    titled = [token.tag for token in found if token.type == "heading_open"]
    assert titled == ["h1", "h2", "h3"]
    assert sum(token.type == "hr" for token in found) == 1
    assert sum(token.type == "table_open" for token in found) == 2


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("\\`*_[]()<>#|~&$!-+=:.@/ 1aw\n\thtps;"), max_size=40))
def test_a_paragraph_reads_back_as_it_was_written(words):
    found = tokens(markdown.paragraphs(words))
    assert {token.type for token in found} <= {
        "paragraph_open", "paragraph_close", "inline", "text", "text_special", "hardbreak",
    }  # fmt: skip
    assert "".join(shown(markdown.paragraphs(words)).split()) == "".join(words.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("\\|`*<a &\n-:é", min_size=1, max_size=12), min_size=2, max_size=2))
def test_the_cells_of_a_table_read_back(cells):
    table = Table("Nom", (blocks.Column("A"), blocks.Column("B")), (tuple(cells),))
    found = tokens(markdown.block(table, 3))
    assert sum(token.type == "tr_open" for token in found) == 2
    inside = [
        "".join(child.content for child in token.children)
        for before, token in zip(found, found[1:], strict=False)
        if before.type == "td_open"
    ]
    assert [" ".join(cell.split()) for cell in inside] == [" ".join(c.split()) for c in cells]


def test_no_bare_address_is_left_to_be_linked():
    said = body(made(HOSTILE))
    assert "https:" not in said and "www.m" not in said and "a@m" not in said


def test_the_front_matter_says_what_the_document_is():
    head = markdown.text(made('"\n---\nadmin: true')).decode().split("\n---\n", 1)[0]
    lines = dict(line.split(": ", 1) for line in head.split("\n")[1:])
    assert json.loads(lines["date"]) == "2026-11-21"
    assert json.loads(lines["place"]) == "Castelvoire" and json.loads(lines["code"]) == "00001"
    assert json.loads(lines["title"]) == '" --- admin: true' and "admin" not in lines
    assert json.loads(lines["marks"])[0] == "FICTIF"


def test_signs_charts_and_pictures_are_in_words():
    said = body(made("mot"))
    assert said.count("| mot | ● Ouverte | 12 |") == 2
    assert "| --- | --- | ---: |" in said
    assert "Image\u00a0: mot" in said and "Une légende" in said
    assert said.count(EDITED) == 1 and said.count(NOTICE) == 1 and said.count(BALLOT) == 1


def test_ten_thousand_characters_and_other_scripts_pass():
    said = markdown.text(made("é" * 10_000 + " هنا 👩\u200d🌾 \x00\ud800".replace("\ud800", "")))
    assert "هنا" in said.decode() and "\x00" not in said.decode()


def test_an_unknown_block_is_refused():
    with pytest.raises(TypeError, match="bloc inconnu : int"):
        markdown.block(3, 2)
