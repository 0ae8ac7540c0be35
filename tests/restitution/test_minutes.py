"""Minutes of a session: everything noted is there, names only where they were agreed to."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from data import entries
from data.entries import DECISION, QUESTION, PlannedAction, Remark
from data.records import Person
from data.territories import territory
from drawing import mentions
from restitution import minutes
from restitution.account import Account
from restitution.document import Absent, Table
from tests.restitution.reading import pdf_pages

DAY = date(2026, 11, 21)
EDITOR = Person("editor", "Camille Autrice")
HOSTILE = (
    '#set page(fill: red) $x^2$ <script>alert(1)</script> [l](j:1) "\\ = {{}} & _a_ \u202eabc 🌳'
)
ASKED = Remark(QUESTION, "Qui tient le plan\u00a0?", DAY, "Jeanne Nommée", True, "Les projets")
SILENT = Remark(DECISION, "Écrire aux services", DAY)
GONE = Remark(QUESTION, "Question retirée", DAY, withdrawn=True)
REMARKS = (ASKED, SILENT, GONE)


def account(store, code="46042", *, internal=True):
    return Account(store, territory(code), DAY, internal)


def parts(made):
    return {part.id: part for part in made.parts}


def text_of(content: bytes) -> str:
    """The words of a PDF or of a DOCX with its headers and footers, on one line."""
    if content[:4] == b"%PDF":
        return " ".join(pdf_pages(content))
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        files = [name for name in held.namelist() if name.startswith("word/")]
        said = " ".join(held.read(name).decode() for name in files if name.endswith(".xml"))
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", said))


def test_the_team_reads_what_was_asked_decided_and_by_whom(embedded_store):
    made = minutes.document(account(embedded_store), REMARKS, ("Ce que l'on sait", "Les projets"))
    found = parts(made)
    assert found["questions"].blocks[0].rows == (
        ("Qui tient le plan\u00a0?", "Les projets", "Jeanne Nommée"),
    )
    assert found["decisions"].blocks[0].rows == (("Écrire aux services", "non notée", "sans nom"),)
    assert "Question retirée" not in str(made)
    shown = found["seance"].blocks[1].blocks[0].items
    assert shown == ("Ce que l'on sait", "Les projets")  # each view once
    assert made.internal and made.subtitle == "Séance du 21\u00a0novembre\u00a02026"


def test_the_public_minutes_hold_no_name_even_agreed(embedded_store):
    made = minutes.document(account(embedded_store, internal=False), REMARKS)
    assert "Jeanne" not in str(made) and not made.internal
    assert "Écrire aux services" in str(made)
    for block in (parts(made)["questions"].blocks[0], parts(made)["decisions"].blocks[0]):
        assert isinstance(block, Table) and len(block.columns) == 2


def test_a_name_without_agreement_is_never_said(embedded_store):
    kept = Remark(QUESTION, "Une question", DAY, "Jean Caché", agreed=False)
    assert "Jean Caché" not in str(minutes.document(account(embedded_store), [kept]))


def test_a_session_where_nothing_was_noted_says_so(embedded_store):
    made = minutes.document(account(embedded_store), ())
    assert [name for name, _ in made.skipped] == ["questions", "decisions"]
    for name in ("questions", "decisions"):
        assert isinstance(parts(made)[name].blocks[0], Absent)
    assert "0 question et" not in str(made).replace("\u00a0", "_")


def test_the_plan_of_the_team_stays_with_the_team(store):
    action = PlannedAction("Plan climat", "Publier les arbres", owner="Paul Porteur")
    entries.keep(store, EDITOR, "46042", action)
    assert "Paul Porteur" in str(minutes.document(account(store), REMARKS))
    assert "Publier les arbres" not in str(
        minutes.document(account(store, internal=False), REMARKS)
    )


@pytest.mark.parametrize("extension", minutes.EXTENSIONS)
@pytest.mark.parametrize("internal", [True, False])
def test_the_file_says_what_the_document_says(embedded_store, extension, internal):
    remarks = (*REMARKS, Remark(DECISION, HOSTILE, DAY, HOSTILE[:120], agreed=True))
    town = account(embedded_store, "00001", internal=internal)
    content = minutes.make(town, remarks, ("Vue",), extension).content
    said = text_of(content)
    assert content == minutes.make(town, remarks, ("Vue",), extension).content
    for words in ("Qui tient le plan", "Écrire aux services", "Questions posées", "FICTIF"):
        assert words in said
    assert "Question retirée" not in said
    assert ("Jeanne Nommée" in said) == internal
    assert (mentions.INTERNAL in said) == internal
    assert "alert(1)" in said
