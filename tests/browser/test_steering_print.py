"""The page for the steering committee prints on one sheet, whatever was typed."""

from __future__ import annotations

import re

import pytest

from data import entries
from data.entries import PlannedAction
from data.records import Person
from tests.restitution.test_steering_page import DAY, page


@pytest.mark.parametrize("wordy", [False, True])
@pytest.mark.parametrize("code", ["46042", "00001"])
def test_it_prints_on_one_sheet(store, browser, code, wordy):
    if wordy:
        long = "Un titre qui n'en finit pas " * 20
        plan = [PlannedAction("PCAET", long, owner=long, deadline=DAY) for _ in range(9)]
        entries.keep(store, Person("editor", long[:80]), code, *plan)
    sheet = browser.new_page()
    sheet.set_content(page(store, code))
    printed = sheet.pdf(prefer_css_page_size=True)
    sheet.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
