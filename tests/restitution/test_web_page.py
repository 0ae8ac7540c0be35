"""The web page: whole, alone, readable by all, and nothing typed ever becomes a tag."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from data import entries
from data.catalog import catalog
from data.entries import Draft, Profile
from data.records import Person
from data.territories import territory
from drawing.charts import Point, interval_chart
from drawing.signs import STATUSES, Sign
from restitution import data_list, html, web_page
from restitution.account import Account
from restitution.document import (
    EDITED,
    Absent,
    Chart,
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
from restitution.html_blocks import Where, block
from restitution.inline_svg import inline

DAY = date(2026, 11, 21)
ROOT = Path(__file__).resolve().parents[2]
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
TOWNS = ("46042", "97209", "01001", "00001")
HOSTILE = (
    "</script><script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "]]><!--<svg onload=",
    "\u202eévil\u2066", "👩\u200d🌾🇫🇷", "A" * 10_000, "&lt;b&gt;&amp;", "</style><style>*{}",
    "\x00\x07\x9f\ufffe", "javascript:alert(1)", "{{7*7}}", "\u2028`${1}`",
)  # fmt: skip


def png() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (3, 2), "white").save(held, "png")
    return held.getvalue()


def every_block(word: str, rows: int = 12) -> tuple:
    """Each block of a document, all their texts being `word`."""
    signs = list(STATUSES.values())
    table = Table(
        word,
        (Column(word, 3), Column(word, 1), Column(word, 1, numeric=True)),
        tuple((f"{word}{rank}", signs[rank % len(signs)], word) for rank in range(rows)),
        word,
    )
    spec = interval_chart((Point("Référence", 3.0), Point(word, 12.0, 7.0, 15.0)), "jours/an")
    return (
        *(Text(word, tone, word, edited=True) for tone in ("plain", "lead", "answer", "caution")),
        Items((word, word)),
        Items((word,), ordered=True),
        Facts(((word, word),)),
        KeyFigures((KeyFigure(word, word, word, word),)),
        table,
        Table(word, table.columns, (), empty=word),
        Table(word, (Column(word),), ((Sign("new", "¤", word, "#000000", "#FFFFFF"),),)),
        Chart(word, spec, word, table, word),
        Chart(word, spec, word, table),
        Picture(png(), "png", word, word),
        Absent(word, word, word),
        Section(word, (Text(word), Section(word, (Text(word),)))),
    )


def document(word: str, code: str = "00001", rows: int = 12, **more) -> Document:
    given = {"validated": False, "internal": True, **more}
    return Document(
        "page", word, word, territory(code), DAY, word,
        parts=(Part("un", word, every_block(word, rows)), Part("deux", word, (), word)), **given,
    )  # fmt: skip


def page(store, code: str, **more) -> bytes:
    account = Account(store, territory(code), DAY, **more)
    return web_page.as_html(account, None, lambda name: None).content


@pytest.fixture(scope="module")
def pages(embedded_store) -> dict[str, bytes]:
    """The pages of the towns looked at, made once."""
    return {code: page(embedded_store, code) for code in TOWNS}


class Reader(HTMLParser):
    """Tags, attributes and words of a page; words of styles and scripts stand apart."""

    def __init__(self, content: bytes):
        super().__init__()
        self.tags, self.attributes, self.words, self.code = [], [], [], []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_data(self, data):
        hidden = self.tags and self.tags[-1] in ("style", "script")
        (self.code if hidden else self.words).append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


# --- what may stand in it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "charts"),
    [*((word, False) for word in HOSTILE), (" ".join(one[:99] for one in HOSTILE), True)],
)
def test_what_is_typed_is_only_ever_read(word, charts):
    read = Reader(html.page(document(word, rows=6), charts=charts))
    assert solid(read) == harmless(charts)
    names = {name for _, name, _ in read.attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"style", "srcdoc"})


@cache
def harmless(charts: bool) -> list[str]:
    return solid(Reader(html.page(document("mot", rows=6), charts=charts)))


def solid(read: Reader) -> list[str]:
    """The tags of a page but those that words and drawings make."""
    return [tag for tag in read.tags if tag not in ("br", "wbr", "path", "text", "g", "line")]


PLAIN = tuple(one for one in every_block("mot", 2) if not isinstance(one, Chart))


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=40))
def test_any_text_leaves_blocks_of_the_same_tags(word):
    where = Where("un-1", charts=True)
    typed = [one for one in every_block(f"m{word}", 2) if not isinstance(one, Chart)]
    for before, after in zip(PLAIN, typed, strict=True):
        read = Reader(block(after, where).encode())
        assert solid(read) == solid(Reader(block(before, where).encode()))


def test_a_block_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="bloc inconnu"):
        block(object(), Where("un"))


def test_a_drawing_keeps_shapes_alone():
    made = inline(
        '<svg xmlns="http://www.w3.org/2000/svg" onload="x"><script>alert(1)</script>'
        '<clipPath id="clip0"/><g clip-path="url(#clip0)" fill="#123456" role="x"><a href="y">'
        "<text>&lt;b></text></a><foreignObject/><text>&lt;b></text></g></svg>",
        "un-",
    )
    assert made == (
        '<svg><clipPath id="un-clip0" /><g clip-path="url(#un-clip0)" fill="#123456">'
        "<text>&lt;b&gt;</text></g></svg>"
    )


# --- what it says --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TOWNS)
def test_a_page_is_whole(pages, code):
    content = pages[code]
    read = Reader(content)
    said = "".join(read.words)
    assert content.startswith(b"<!doctype html>")
    assert read.tags.count("h1") == read.tags.count("main") == read.tags.count("nav") == 1
    for words in ("Outil indépendant", "code électoral", "Document de travail", "Sommaire"):
        assert words in said, words
    assert web_page.REPORT in said
    assert ("FICTIF" in said) == territory(code).fictional
    assert "ne pas diffuser" not in said
    assert not re.search(r"\b(None|nan|NaN|N/A|undefined)\b", said)
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in read.values("href") if value.startswith("#")} <= set(ids)


def test_each_needed_dataset_has_a_row_of_its_own(embedded_store):
    account = Account(embedded_store, territory("00001"), DAY)
    (_, table) = data_list.part(account).blocks
    titles = [row[0] for row in table.rows]
    needed = account.assessment.needed
    assert sorted(titles) == sorted(catalog().datasets[one].title for one in needed)
    counts = Counter(row[1].code for row in table.rows)
    assert counts == Counter({code: n for code, n in account.assessment.counts.items() if n})


def test_headings_go_down_one_step_at_a_time(pages):
    for content in (pages["46042"], html.page(document("mot"), charts=False)):
        levels = [int(tag[1]) for tag in Reader(content).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_same_inputs_give_the_same_bytes(embedded_store, pages):
    assert page(embedded_store, "46042") == pages["46042"]


def test_what_is_inside_marks_each_sheet(embedded_store):
    said = page(embedded_store, "46042", internal=True).decode()
    assert "ne pas diffuser" in Reader(said.encode()).code[0]
    assert "Document interne, ne pas diffuser" in "".join(Reader(said.encode()).words)


def test_a_text_written_by_hand_says_so():
    made = Reader(html.page(document("mot"), charts=False))
    assert "".join(made.words).count(EDITED) == 4


def test_without_charts_there_is_no_script():
    made = Reader(html.page(document("mot"), charts=False))
    assert "script" not in made.tags
    assert "script-src 'none'" in str(made.values("content"))


def test_data_given_to_the_script_cannot_close_it():
    text = html.page(document("</script><!--"), charts=True).decode()
    specs = re.findall(r'<script type="application/json" class="spec">(.*?)</script>', text)
    assert len(specs) == 2
    assert not [spec for spec in specs if "<" in spec]
    assert "\\u003c/script>" in specs[0]


def test_errors_go_to_the_authority(store):
    address = "donnees@mairie-cahors.fr"
    entries.keep(store, Person("editor", "Camille"), "46042", Profile(report_to=address))
    links = Reader(page(store, "46042")).values("href")
    (found,) = [link for link in links if link.startswith(f"mailto:{address}?subject=Signaler%20")]
    assert " " not in found and "Cahors" in found and "2026" in found


def test_an_address_stays_an_attribute():
    read = Reader(web_page.reporting(document("mot"), "https://c.fr/x?a=1&b=2").encode())
    assert read.values("href") == ["https://c.fr/x?a=1&b=2"]
    read = Reader(web_page.reporting(document("mot"), '"><img src=x>@c.fr').encode())
    assert "img" not in read.tags


@pytest.mark.parametrize(
    ("code", "door"),
    [("46042", "à la mairie de Cahors."), ("200023737", "au siège de la CA"), ("dep:46", "du Lot")],
)
def test_without_address_it_says_whom_to_write_to(code, door):
    said = "".join(Reader(web_page.reporting(document("mot", code), "").encode()).words)
    assert "Écrivez" in said
    assert door in said


def test_a_draft_chooses_parts(embedded_store):
    account = Account(embedded_store, territory("46042"), DAY)
    first = web_page.document(account).parts[0]
    draft = Draft("page", parts=[first.id], comments={first.id: "Mon <b>avis</b>"})
    made = Reader(web_page.as_html(account, draft, lambda name: None).content)
    assert "Mon <b>avis</b>" in "".join(made.words)
    assert made.tags.count("h2") == 3  # contents, the part, the address


# --- real programs -------------------------------------------------------------------------------


def test_the_pages_are_valid_html(pages, tmp_path):
    if not shutil.which("java"):
        pytest.skip("Java absent")
    if not VNU.exists():
        pytest.skip("vnu absent")
    made = dict(pages)
    word = " ".join(one[:200] for one in HOSTILE)
    made["hostile"] = html.page(document(word), charts=False)
    for name, content in made.items():
        (tmp_path / f"{name}.html").write_bytes(content)
    java = ["java", "-Xss8m", "-XX:TieredStopAtLevel=1", "-jar", str(VNU), "--errors-only"]
    command = [*java, *map(str, sorted(tmp_path.glob("*.html")))]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page as a file, at a width and in a theme; notes requests and errors."""
    contexts = []

    def see(content: bytes, width: int = 1366, scheme: str = "light", scripts: bool = True):
        path = tmp_path / "page.html"
        path.write_bytes(content)
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        seen = context.new_page()
        seen.requests, seen.broken = [], []
        seen.on("request", lambda made: seen.requests.append(made.url))
        seen.on("pageerror", lambda error: seen.broken.append(str(error)))
        seen.on("console", lambda line: seen.broken.append(line.text))
        seen.goto(path.as_uri())
        return seen

    yield see
    for context in contexts:
        context.close()


SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(
    ("code", "width", "scheme"),
    [
        ("46042", 1366, "light"),
        ("00001", 390, "dark"),
        pytest.param("46042", 390, "light", marks=pytest.mark.deep),
        pytest.param("00001", 1366, "dark", marks=pytest.mark.deep),
    ],
)
def test_everyone_can_read_it(opened, pages, code, width, scheme):
    seen = opened(pages[code], width, scheme)
    awake(seen)
    assert seen.evaluate(SIDEWAYS) <= 0
    # data: is the font in the page; nothing else may be asked
    assert [url for url in seen.requests[1:] if not url.startswith("data:")] == []
    assert seen.broken == []
    assert violations(seen) == []


def awake(seen) -> None:
    """Scroll to the first chart and wait until the script has drawn it anew."""
    if seen.locator("figure.chart").count():
        seen.locator("figure.chart").first.scroll_into_view_if_needed()
        seen.locator("figure.alive .live svg").first.wait_for()


def violations(seen) -> list[str]:
    if not AXE.exists():
        pytest.skip("axe-core absent")
    # From the side of the browser's own tools: the page itself would refuse the script.
    seen.context.new_cdp_session(seen).send(
        "Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")}
    )
    found = seen.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{rule['id']} : {rule['nodes'][0]['html'][:160]}" for rule in found["violations"]]


@pytest.mark.parametrize("width", [1366, 390])
def test_any_content_stays_in_the_page_and_lives(opened, width):
    word = " ".join(one[:200] for one in HOSTILE)
    seen = opened(html.page(document(word), charts=True), width)
    awake(seen)
    assert seen.evaluate(SIDEWAYS) <= 0
    assert seen.broken == []


def test_without_scripts_all_is_there(opened):
    content = html.page(document("mot"), charts=True)
    seen = opened(content, scripts=False)
    assert seen.locator("figure.chart .still svg").first.is_visible()
    assert seen.locator("figure.chart table").first.is_visible()
    assert not seen.locator(".filter, .toggle").first.is_visible()
    assert seen.locator("tbody tr").count() == 12 * 3 + 1


def test_the_keyboard_filters_a_table_and_unfolds_another(opened):
    seen = opened(html.page(document("mot"), charts=True))
    rows = seen.locator("table").first.locator("tbody tr:visible")
    field, choice, unfold = "input[type=search]", ".filter select", "button.toggle"
    assert rows.count() == 12
    reach(seen, field)
    seen.keyboard.type("MÔT11")
    assert rows.count() == 1
    assert "1 sur 12" in seen.locator(".filter output").first.inner_text()
    seen.locator(field).first.fill("")
    reach(seen, choice)
    seen.keyboard.type("Ouverte")
    assert rows.count() == 2
    reach(seen, unfold)
    table = seen.locator("figure.chart table").first
    assert not table.is_visible()
    seen.keyboard.press("Enter")
    assert table.is_visible()


def reach(seen, selector: str) -> None:
    """Tab until the first such element has the focus."""
    for _ in range(60):
        if seen.evaluate("s => document.activeElement === document.querySelector(s)", selector):
            return
        seen.keyboard.press("Tab")
    pytest.fail(f"{selector} hors d'atteinte du clavier")


def test_a_chart_answers_in_the_words_of_its_table(opened):
    table = Table("Valeurs", (Column("Horizon"), Column("Jours")), (("2050", "12 jours par an"),))
    spec = interval_chart((Point("Référence", 3.0), Point("2050", 12.0, 7.0, 15.0)), "jours/an")
    made = Document(
        "page", "Titre", "Page web", territory("46042"), DAY, "Validé", True, False,
        (Part("un", "Un", (Chart("Chaleur", spec, "Des jours", table),)),),
    )  # fmt: skip
    seen = opened(html.page(made, charts=True))
    seen.locator(".live .mark-symbol path").nth(1).hover()
    assert seen.locator(".tip").inner_text().split("\n")[-1] == "Jours\u00a0: 12 jours par an"


def test_paper_shows_the_still_chart_and_the_table(opened):
    seen = opened(html.page(document("mot"), charts=True))
    awake(seen)
    seen.emulate_media(media="print")
    assert seen.locator("figure.chart .still").first.is_visible()
    assert not seen.locator("figure.chart .live").first.is_visible()
    assert seen.locator("figure.chart table").first.is_visible()
    assert seen.locator(".watermark").is_visible()
