"""A status is never told by its colour alone, and every code has its sign."""

import json

import pytest

from data.catalog import catalog
from diagnostics.availability import COUNTED
from drawing import blocks, signs


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_status_that_is_counted_has_a_sign_with_its_own_symbol_and_word():
    assert set(signs.STATUSES) == set(COUNTED)
    for key in ("symbol", "word"):
        shown = [getattr(sign, key) for sign in signs.STATUSES.values()]
        assert len(set(shown)) == len(shown)


def test_the_words_are_those_of_the_reference():
    words = {row["code"]: row["short"] for row in catalog().statuses["access_statuses"]}
    assert {code: signs.STATUSES[code].word for code in words} == words


@pytest.mark.parametrize("code", signs.STATUSES)
def test_a_sign_reads_on_both_themes(code):
    sign = signs.STATUSES[code]
    assert contrast(sign.light, signs.PAGE["light"]) >= 5.2
    assert contrast(sign.dark, signs.PAGE["dark"]) >= 8.1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_quiet_text_reads_on_both_backgrounds(theme):
    for ground in (signs.PAGE, signs.TINT):
        assert contrast(signs.MUTED[theme], ground[theme]) >= 4.5
        assert contrast(signs.INK[theme], ground[theme]) >= 7


def test_the_five_absences_keep_five_words_and_are_never_a_number():
    words = {absence.words for absence in signs.ABSENCES.values()}
    assert len(words) == 5
    assert not any(letter.isdigit() for word in words for letter in word)


def test_an_unknown_status_is_never_shown_as_open():
    assert signs.status("n'importe quoi").code == "not_evaluated"
    assert signs.need_sign("open", "not_produced").code == "not_produced"


def test_blocks_escape_what_they_are_given():
    attack = "<script>alert(1)</script>\"'"
    shown = (
        blocks.text(attack, "light"),
        blocks.quote(attack, "light", attack, ""),
        blocks.banner(attack, "light"),
        blocks.note(attack, "light"),
        blocks.source_line([attack], "light"),
        blocks.link(attack, "https://exemple.fr/?" + attack),
        blocks.table(attack, [attack], [[blocks.Cell("x")]], "light"),
        blocks.bar([blocks.Share(signs.status("open"), 1, attack)], "light", attack),
    )
    for block in shown:
        assert "<script" not in block


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x", "file:///"])
def test_only_web_addresses_become_links(address):
    assert "<a" not in blocks.link("titre", address)


def test_markdown_marks_are_shown_as_they_are():
    assert blocks.plain("a*b_[c](d)") == "a\\*b\\_\\[c\\](d)"


def test_provenance_marks_differ_without_colour():
    marks = [blocks.provenance_mark(code, "light") for code in signs.PROVENANCES]
    assert len(set(marks)) == 3
    assert "dotted" in marks[0]
    assert "border" not in marks[1]
    assert json.dumps(marks[2]).count("border-bottom") == 1
