"""Use-case sheets and thematic dossiers: whole, true to the screens, silent on what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from data import entries, records
from data.catalog import catalog
from data.entries import Interview, PlannedAction, Profile, Request
from data.records import Declaration, Person
from data.territories import territory
from diagnostics.availability import assess
from drawing import mentions, signs
from drawing.french import typeset
from restitution import holders, sheet, status_words, theme_dossier, verdicts
from restitution.account import Account
from restitution.document import BALLOT, Block, Document, Section, Table
from tests.restitution import reading

DAY = date(2026, 11, 21)
TOWNS = ("46042", "97209", "01001", "00001")
EXPERIMENTS = tuple(catalog().experiments)
SECRET = "Zoé Quidam"
HOSTILE = (
    "<script>alert(1)</script> #set text(red) $x$ =1+1 \"&'\u202e\x00 \U0001f333 " + "é" * 3_000
)


def account(store, code="46042", internal=False) -> Account:
    return Account(store, territory(code), DAY, internal)


@pytest.fixture(scope="module")
def told(embedded_store):
    """The account of each town, computed once."""
    return {code: account(embedded_store, code) for code in TOWNS}


def flat(made: Document) -> Iterator[Block]:
    def inside(blocks):
        for block in blocks:
            yield block
            if isinstance(block, Section):
                yield from inside(block.blocks)

    for part in made.parts:
        yield from inside(part.blocks)


def words(content: bytes, extension: str) -> str:
    """What a reader sees of a file."""
    if extension == "pdf":
        return " ".join(reading.pdf_pages(content))
    if extension == "docx":
        return "\n".join(reading.office_parts(content))
    return content.decode()


@pytest.mark.parametrize("code", TOWNS)
def test_every_sheet_is_whole_and_says_what_the_screens_say(embedded_store, told, code):
    judged = assess(embedded_store, told[code].place, DAY).as_dict()["experiments"]
    for one in judged:
        made, card = sheet.document(told[code], one["id"]), catalog().experiments[one["id"]]
        said = repr(made.parts)
        assert all(part.blocks for part in made.parts)
        texts = [str(value) for block in flat(made) for value in vars(block).values()]
        for fact in (card.problem, card.service, catalog().programme["notice"]):
            assert typeset(fact) in texts, fact
        assert "Situation fréquente, à vérifier chez vous." in said
        low, high = card.effort["person_days_estimate"]
        assert f"de {low} à {high} jours-personne (supposé)" in said
        verdict = next(block.strong for block in flat(made) if getattr(block, "tone", "") == "lead"
                       and getattr(block, "strong", ""))  # fmt: skip
        assert verdict.startswith(signs.VERDICT_SIGNS[one["verdict"]].symbol)
        table = next(block for block in flat(made) if isinstance(block, Table))
        assert len(table.rows) == len(one["needs"])
        for row, need in zip(table.rows, one["needs"], strict=True):
            assert row[3] == status_words.shown(
                need["status"], need["existence"], need["provenance"]
            )
            if need["provenance"] == "assumed":
                assert row[3].code == "not_evaluated" and row[3].symbol == "?"
                assert need["outside"] or row[4] != "supposé" or need["status"] == "not_evaluated"
            assert row[4].startswith(signs.PROVENANCES[need["provenance"]])
        assert not re.search(r"\b(None|nan|N/A|NaT)\b|\b0 (projet|donnée)", said)


def test_what_was_never_fetched_has_its_words_and_no_figure(told):
    part = next(p for p in sheet.document(told["01001"], "flood_pcs").parts
                if p.id == "resultats")  # fmt: skip
    assert part.empty == "Aucun chiffre connu\u00a0: non récupéré."
    assert not [block for block in part.blocks if isinstance(block, Table)]
    assert part.blocks[0].title == "Non récupéré\u00a0:"


def test_the_figures_are_those_of_the_dashboard_with_their_source(told):
    part = next(
        p for p in sheet.document(told["46042"], "heat_islands").parts if p.id == "resultats"
    )
    table = next(block for block in part.blocks if isinstance(block, Table))
    rows = dict(table.rows)
    hot = rows["Jours à 35 °C ou plus, 1976-2005"]
    assert hot == "3\u00a0jours par an"
    assert "Météo-France" in table.source and "niveau commune" in table.source


def test_a_blocked_project_names_what_it_lacks(told):
    made = sheet.assessment_of(told["00001"], "tree_heritage")
    assert verdicts.verdict_words(made) == "Il manque\u00a0: inventaire des arbres"


@pytest.mark.parametrize("extension", sheet.EXTENSIONS)
def test_a_sheet_exists_in_each_format_and_says_its_nature(embedded_store, extension):
    team = account(embedded_store, "00001", True)
    invented = sheet.make(team, "tree_heritage", extension)
    said = words(invented.content, extension)
    for mark in ("Patrimoine arboré", "Inventaire des arbres", "Méthode"):
        assert mark in said, mark
    assert BALLOT.replace("\u00a0", " ") in said.replace("\u00a0", " ")
    assert invented.content == sheet.make(team, "tree_heritage", extension).content
    if extension != "docx":  # its marks stand in the header: test_word
        assert "FICTIF" in said and mentions.INTERNAL in said


def test_a_sheet_has_three_pages_at_most(told):
    for code in ("46042", "00001"):
        for experiment in ("heat_islands", "flood_pcs", "green_network"):
            pages = reading.pdf_pages(sheet.make(told[code], experiment, "pdf").content)
            assert len(pages) <= 3, (code, experiment)


@pytest.fixture
def written(store):
    """A store where a team typed names, notes and contacts about the trees."""
    me = Person("editor", SECRET)
    records.declare(
        store, me,
        Declaration("46042", "tree_inventory", "candidate", "exists", holder=f"Service de {SECRET}",
                    contact="zoe.quidam@exemple.fr", note=f"Note de {SECRET}",
                    reason=f"Raison de {SECRET}"),
    )  # fmt: skip
    entries.keep(
        store, me, "46042",
        PlannedAction("PCAET", f"Relevé par {SECRET}", "tree_inventory", success=HOSTILE),
        Request("tree_inventory", SECRET, "own_service", text=f"Bonjour {SECRET}"),
        Interview("tree_heritage", DAY, SECRET, "Jardinier", {"results": f"Ombre, dit {SECRET}"}),
        Profile(report_to="donnees@cahors.example"),
    )  # fmt: skip
    return store


@pytest.mark.parametrize("extension", sheet.EXTENSIONS)
def test_nothing_typed_leaves_the_team(written, extension):
    public = account(written)
    for made in (
        sheet.make(public, "tree_heritage", extension),
        theme_dossier.make(public, "biodiversity", extension),
    ):
        said = words(made.content, extension)
        for typed in ("Quidam", "exemple.fr", "Jardinier", "alert(1)", "Note de", "Raison de"):
            assert typed not in said, typed
    address = words(sheet.make(public, "tree_heritage", extension).content, extension)
    assert "cahors.example" in address


@pytest.mark.parametrize("extension", sheet.EXTENSIONS)
def test_the_team_reads_its_contacts_and_results_as_they_were_typed(written, extension):
    team = account(written, internal=True)
    said = words(sheet.make(team, "tree_heritage", extension).content, extension)
    assert "zoe.quidam" in said and "Relevé par" in said and "Ombre, dit" in said
    assert extension in ("pdf", "docx") or "<script>" not in said  # a text there, not a mark
    assert "#set text(red)" in said.replace("\\#", "#").replace("\n", " ")


def test_a_public_sheet_names_kinds_of_bodies_only(written):
    public = account(written)
    for experiment in EXPERIMENTS:
        table = sheet.needs_table(public, sheet.assessment_of(public, experiment).needs)
        for row in table.rows:
            assert "ervice" not in row[2] and row[2] in {
                holders.family(card) for card in catalog().datasets.values()
            }


@pytest.mark.parametrize("code", TOWNS)
def test_a_public_sheet_says_for_whom_without_naming_a_service(told, code):
    named = r"\b(Directions?|Service|Mission|Management|CCAS|CTM|Régie|Police|Mairie)\b"
    for experiment in EXPERIMENTS:
        made = sheet.document(told[code], experiment)
        facts = next(p for p in made.parts if p.id == "service").blocks[-1]
        asked = next(p for p in made.parts if p.id == "contacts").blocks[0]
        who = [dict(facts.rows)["Pour qui"], *(line.split("\u00a0:")[0] for line in asked.items)]
        assert not [said for said in who if re.search(named, said)]
        assert all(said.strip() for said in who)


def test_where_no_case_is_known_the_sheet_says_so(told):
    made = sheet.document(told["46042"], "summer_comfort_housing")
    assert ("inspirations", "Le référentiel ne connaît aucun cas publié semblable.") in made.skipped
    other = sheet.document(told["46042"], "cool_routes")
    assert "Aucun cas publié d'ACV Data" in repr(other.parts)


# --- dossiers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TOWNS)
def test_a_dossier_counts_its_projects_and_its_data_once(told, code):
    town = told[code]
    assert theme_dossier.themes(town) == theme_dossier.THEMES
    seen = []
    for theme in theme_dossier.THEMES:
        made = theme_dossier.document(town, theme)
        mine = [one for one in town.assessment.experiments
                if catalog().experiments[one.id].theme == theme]  # fmt: skip
        seen += [one.id for one in mine]
        lead = made.parts[0].blocks[0].words
        total = re.search(r"les (\d+)|le (?:seul )?projet", lead.replace("\u00a0", " "))
        assert total and int(total[1] or 1) == len(mine)
        told_of = lead.replace("\u00a0", " ").split("thème", 1)[1]
        parts = re.findall(r"(?:[,;] |pour )(\d+)", told_of)
        assert sum(map(int, parts)) in (0, len(mine))
        assert len([p for p in made.parts if p.id.startswith("projet-")]) == len(mine)
        matrix = next(p for p in made.parts if p.id == "producteurs").blocks[0]
        total = len({need.dataset for one in mine for need in one.needs})
        assert matrix.rows[-1][-1] == str(total)
        assert sum(int(row[-1]) for row in matrix.rows[:-1]) == total
        for row in matrix.rows:
            assert sum(int(cell) for cell in row[1:-1] if cell != "aucune") == int(row[-1])
        shared = next(p for p in made.parts if p.id == "manques")
        assert shared.empty or shared.blocks[0].rows
    assert sorted(seen) == sorted(EXPERIMENTS)


def test_a_dossier_of_chosen_projects_holds_only_these(embedded_store):
    told = Account(embedded_store, territory("46042"), DAY, only=("tree_heritage",))
    assert list(theme_dossier.themes(told)) == ["biodiversity"]
    made = theme_dossier.document(told, "biodiversity")
    assert [p.id for p in made.parts if p.id.startswith("projet-")] == ["projet-tree-heritage"]


@pytest.mark.parametrize("extension", theme_dossier.EXTENSIONS)
def test_a_dossier_exists_in_each_format(told, extension):
    made = theme_dossier.make(told["00001"], "natural_risks", extension)
    said = words(made.content, extension)
    for title in ("Risques naturels", "Inondation", "Sources et méthode"):
        assert title in said
