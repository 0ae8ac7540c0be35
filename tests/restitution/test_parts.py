"""The parts of a report: whole everywhere, nothing typed outside the team, no false zero."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

import pytest

from data import entries, records
from data.catalog import catalog
from data.entries import Observation, PlannedAction, Remark, Request
from data.records import Declaration, Person
from data.territories import acv_towns, territory
from drawing import figures, paper_maps, signs
from drawing.signs import Sign
from restitution.account import Account
from restitution.document import (
    Absent,
    Block,
    Chart,
    KeyFigures,
    Part,
    Section,
    Table,
    Text,
)
from restitution.holders import attribution, family, holder
from restitution.parts import ORDER, TEAM_ONLY, exchanges, findings, parts, plan, town

DAY = date(2026, 11, 21)
CODES = ("46042", "97209", "01001", "00001")
EDITOR = Person(records.EDITOR, "Zénobie Quidam")
HOSTILE = '=1+1"><script>alert(1)</script> #let x = [*gras*] \u202eabc'
TYPED = ("Zorglub", "Quidam", "zorglub@exemple.fr", "Service Zorglub des arbres", "alert(1)")


@pytest.fixture(scope="session")
def accounts(embedded_store):
    """An account by code and kind, made once: building one is what costs."""
    return cache(
        lambda code, internal: Account(embedded_store, territory(code), DAY, internal=internal)
    )


@pytest.fixture(scope="session")
def reports(accounts):
    """The parts by code and kind, made once."""
    return cache(lambda code, internal: parts(accounts(code, internal)))


def flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from flat(block.blocks)
        if isinstance(block, Chart):
            yield block.table


def every(made: tuple[Part, ...]) -> list[Block]:
    return [block for part in made for block in flat(part.blocks)]


def words(thing: object) -> Iterator[str]:
    """Every text that a reader sees in a part or a block."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from words(one)
    elif isinstance(thing, dict):
        yield str(thing)
    elif is_dataclass(thing):
        for made in fields(thing):
            if made.name not in ("id", "tone"):
                yield from words(getattr(thing, made.name))


def said(made: tuple[Part, ...]) -> str:
    return "\n".join(words(made))


# --- whole, for every territory -------------------------------------------------------------------


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("code", CODES)
def test_every_part_is_whole(reports, code, internal):
    made = reports(code, internal)
    wanted = [module.ID for module in ORDER if internal or module not in TEAM_ONLY]
    assert [part.id for part in made] == wanted
    for part in made:
        ids = [block.id for block in flat(part.blocks) if isinstance(block, Text) and block.id]
        assert len(ids) == len(set(ids)), part.id
        assert part.blocks, part.id
        absent = [block for block in part.blocks if isinstance(block, Absent)]
        assert not part.empty or (absent and absent[0].step), part.id


@pytest.mark.parametrize("code", CODES)
def test_no_cell_is_blank_and_no_table_is_empty_without_words(reports, code):
    for table in (block for block in every(reports(code, True)) if isinstance(block, Table)):
        assert table.rows or table.empty, table.caption
        assert all(len(row) == len(table.columns) for row in table.rows), table.caption
        cells = [cell for row in table.rows for cell in row]
        assert all(isinstance(cell, Sign) or cell.strip() for cell in cells), table.caption
        assert not re.search(r"\b(N/A|nan|None|null)\b", "\n".join(words(table)))


@pytest.mark.parametrize("code", CODES)
def test_every_chart_has_its_words_and_its_table(reports, code):
    blocks = every(reports(code, False))
    charts = [block for block in blocks if isinstance(block, Chart)]
    assert charts
    assert all(chart.alt.strip() and chart.title and chart.table.rows for chart in charts)
    (keys,) = [block for block in blocks if isinstance(block, KeyFigures)]
    assert 1 <= len(keys.figures) <= town.MOST
    assert all(figure.value.strip() and figure.label for figure in keys.figures)


@pytest.mark.parametrize("code", CODES)
def test_an_absence_keeps_its_words_and_is_never_a_zero(accounts, code):
    account = accounts(code, False)
    made = findings.part(account)
    absent = [value for value in account.values if value.value is None]
    shown = {
        str(row[0]): row
        for block in flat(made.blocks)
        if isinstance(block, Table) and block.caption.startswith("Chiffres absents")
        for row in block.rows
    }
    kinds = {signs.absence(value.status).words for value in absent}
    assert {label.lower() for label in shown} == kinds
    for row in shown.values():
        assert row[-1]
    titles = {value.title for value in absent} - {
        value.title for value in account.values if value.value is not None
    }
    for block in flat(made.blocks):
        if isinstance(block, Table) and block.caption.startswith("Chiffres\u00a0:"):
            assert not titles & {str(row[0]) for row in block.rows}
    for figure in next(b for b in town.part(account).blocks if isinstance(b, KeyFigures)).figures:
        if figure.label in titles:
            assert figure.value.lower() in kinds


@pytest.mark.parametrize("code", CODES)
def test_a_figure_is_that_of_the_screens_with_its_year_and_its_level(accounts, code):
    account = accounts(code, False)
    rows = {
        str(row[0]).split(". ")[0]: row
        for block in flat(findings.part(account).blocks)
        if isinstance(block, Table) and block.caption.startswith("Chiffres\u00a0:")
        for row in block.rows
    }
    projected = {
        value.id
        for made in figures.variants(account.values).values()
        if len(figures.points(made)) > 1
        for value in made.values()
    }
    for value in account.values:
        if value.value is None or value.id in projected:
            continue
        row = rows[value.title.split(". ")[0]]
        assert str(row[1]).startswith(figures.amount(value))
        assert signs.LEVELS[value.level] in str(row[-1])


def test_the_counts_of_the_report_are_those_of_the_assessment(accounts, reports):
    account = accounts("00001", False)
    chart = town.statuses(account)
    (row,) = chart.table.rows
    counts = [count for count in account.assessment.counts.values() if count]
    assert sorted(int(str(cell)) for cell in row[1:]) == sorted(counts)
    titles = said(reports("00001", False))
    for dataset in account.assessment.needed:
        assert catalog().datasets[dataset].title in titles


def test_the_same_account_gives_equal_parts_and_quickly(embedded_store):
    account = Account(embedded_store, territory("46042"), DAY)
    first = parts(account)
    start = time.process_time()
    again = parts(account)
    assert time.process_time() - start < 1.5
    assert first == again
    assert first == parts(Account(embedded_store, territory("46042"), DAY))


# --- outside the team -----------------------------------------------------------------------------


@pytest.fixture
def typed(store):
    """A store where a team typed names, services, addresses and hostile texts."""
    code = "46042"
    records.declare(
        store,
        EDITOR,
        Declaration(
            code,
            "tree_inventory",
            "candidate",
            "exists",
            reason=f"Zorglub dit {HOSTILE}",
            holder="Service Zorglub des arbres",
            contact="zorglub@exemple.fr",
            note=f"Zorglub rappelle {HOSTILE}",
            evidence="Courrier de Zorglub",
        ),
    )
    entries.keep(
        store,
        EDITOR,
        code,
        Request("tree_inventory", f"Zorglub {HOSTILE}", "own_service", note="Zorglub " * 200),
        PlannedAction(f"Zorglub {HOSTILE}", "Publier", "tree_inventory", owner="Zorglub"),
        Observation("tree_inventory", f"Zorglub conteste {HOSTILE}", contests=True),
        Remark("question", f"Zorglub demande {HOSTILE}", DAY, who="Zorglub", agreed=True),
    )
    return store


def test_nothing_typed_leaves_the_team(typed):
    text = said(parts(Account(typed, territory("46042"), DAY)))
    for name in TYPED:
        assert name.lower() not in text.lower(), name


def test_what_is_typed_stays_data_inside_the_team(typed):
    account = Account(typed, territory("46042"), DAY, internal=True)
    made = parts(account)
    text = said(made)
    assert '=1+1"><script>alert(1)</script> #let x = [*gras*]' in text
    assert "Service Zorglub des arbres" in text
    assert "\u202e" not in text
    cells = [cell for block in every(made) for cell in words(block) if "Zorglub" in cell]
    assert max(map(len, cells)) < 1200
    assert {part.id for part in made} >= {"echanges"}
    assert [part.empty for part in made if part.id == "echanges"] == [""]


def test_a_silent_team_says_so_and_what_to_do(accounts):
    made = exchanges.part(accounts("46042", True))
    assert made.empty
    assert isinstance(made.blocks[0], Absent)
    with pytest.raises(ValueError, match="interne"):
        exchanges.part(accounts("46042", False))


def test_a_public_holder_is_a_kind_of_body(accounts):
    for dataset, card in catalog().datasets.items():
        found = holder(accounts("00001", False), dataset)
        assert found == family(card)
        assert not re.search(r"service|direction|espaces verts|régie|chargé|manager", found, re.I)
        assert found[0].isupper()
        assert holder(accounts("00001", True), dataset)


def test_no_service_is_named_in_a_public_report(reports):
    text = said(reports("00001", False))
    services = {card.local_source for card in catalog().datasets.values() if card.local_source}
    for service in services:
        if service.startswith(("Service", "Services", "Direction", "Chargé", "Police")):
            assert service not in text
    for handed in ("Espaces verts de Castelvoire", "Urbanisme de l'agglomération"):
        assert handed not in text


def test_an_open_licence_names_its_producer_and_a_handed_file_does_not(accounts):
    public, team = accounts("46042", False), accounts("46042", True)
    trees = ("tree_inventory",)
    assert attribution(public, "Ville de Cahors", "Licence Ouverte 2.0", trees) == "Ville de Cahors"
    assert attribution(public, "Service des arbres", "remis par un service", trees) == "Commune"
    assert attribution(team, "Service des arbres", "remis", trees) == "Service des arbres"


# --- neutral --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_no_rank_and_points_in_the_plan_alone(reports, code):
    made = reports(code, False)
    text = said(made).lower()
    assert not re.search(r"\b(\d+(e|ème|er) (ville|commune|rang)|classée? \d|rang \d)", text)
    for part in made:
        if part.id not in (plan.ID, "glossaire"):
            assert "points sur 100" not in said((part,)), part.id


def test_a_town_without_a_point_says_so():
    unplaced = [place for place in acv_towns() if place.lon is None]
    assert unplaced
    for place in unplaced:
        assert paper_maps.UNPLACED in paper_maps.words(place)
        assert paper_maps.drawable(place)
    assert paper_maps.locator(unplaced[0])["layer"]
    fictional = territory("00001")
    assert not paper_maps.drawable(fictional)
    with pytest.raises(ValueError, match="00001"):
        paper_maps.locator(fictional)
