"""Every repair and every doubt has French words, and no words stand for what never happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import data.reading
from data.reading import words

FOLDER = Path(data.reading.__file__).parent
SOURCE = "\n".join(
    path.read_text() for path in sorted(FOLDER.rglob("*.py")) if path.name != "words.py"
)
# A kind of repair is a first argument; a flag is written « name » or « name:details ».
MADE = set(re.findall(r'Repair\(\s*(?:kind=)?"([a-z_]+)"', SOURCE))


@pytest.mark.parametrize("kind", sorted(MADE))
def test_a_repair_has_words(kind: str) -> None:
    assert kind in words.REPAIRS


@pytest.mark.parametrize("kind", sorted(words.REPAIRS))
def test_words_of_a_repair_are_used(kind: str) -> None:
    assert f'"{kind}"' in SOURCE


@pytest.mark.parametrize("name", sorted(words.FLAGS))
def test_a_flag_reads_as_a_french_sentence(name: str) -> None:
    level, sentence = words.flag(f"{name}:colonne:1,2")
    assert level in (words.DOUBT, words.NOTED)
    assert sentence.endswith((".", "?")) and "{" not in sentence
    assert name.split("_")[0] in SOURCE
