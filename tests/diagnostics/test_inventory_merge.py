"""A filled inventory against what is declared: three versions, one outcome a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import inventory_words as words
from data.inventory_file import Row, read
from data.inventory_words import Mark
from data.records import LONGEST, Declaration, latest
from data.territories import territory
from diagnostics import inventory_merge as merging
from diagnostics.inventory_lines import InventoryLine
from restitution.inventory import as_xlsx

DAY = date(2026, 11, 21)
CODE = "46042"
IDS = list(words.inventory_datasets())
TREES, LIGHTS = "tree_inventory", "street_lights"


def said_before(dataset: str = TREES, **more) -> Declaration:
    made = {"status": "candidate", "existence": "exists", "holder": "Espaces verts"} | more
    return Declaration(CODE, dataset, recorded_at=datetime(2026, 10, 1, tzinfo=UTC), **made)


def row(base: Declaration | None = None, dataset: str | None = TREES, mark=True, **said) -> Row:
    kept = Mark(CODE, DAY, base.id if base else None) if mark else None
    return Row("ligne\u00a02", dataset or "", dataset, kept, said)


def merge(rows, *history):
    return merging.merge(rows, CODE, IDS, history)


def only(made: Row, *history):
    (outcome,) = merge([made], *history).outcomes
    return outcome


def test_a_first_answer_is_new_and_what_is_open_exists():
    found = only(row(status="open", holder="Voirie"))
    assert found.kind == merging.NEW
    assert (found.made.status, found.made.existence, found.made.holder) == (
        "open",
        "exists",
        "Voirie",
    )
    assert only(row(holder="Voirie")).made.existence == "unknown"


def test_the_cells_that_were_exported_change_nothing():
    base = said_before(reason="pourquoi")
    same = row(base, status="candidate", existence="exists", reason="pourquoi")
    assert only(same, base).kind == merging.UNCHANGED


def test_an_empty_cell_never_erases_and_a_word_does():
    base = said_before(note="à garder", file="abc/piece.pdf")
    kept = only(row(base, holder="Voirie"), base).made
    assert (kept.note, kept.file, kept.status) == ("à garder", "abc/piece.pdf", "candidate")
    assert only(row(base, note=None), base).made.note is None


def test_someone_declared_in_between_and_the_row_differs_a_conflict_shows_both():
    base = said_before()
    ours = said_before(holder="Voirie")
    found = only(row(base, holder="Patrimoine", status="candidate"), base, ours)
    assert found.kind == merging.CONFLICT
    assert [(one.name, one.ours, one.theirs) for one in found.differences] == [
        ("holder", "Voirie", "Patrimoine")
    ]


def test_a_cell_left_as_exported_does_not_bring_the_old_answer_back():
    base, ours = said_before(), said_before(status="open")
    assert only(row(base, status="candidate", holder="Espaces verts"), base, ours).kind == (
        merging.UNCHANGED
    )
    taken = only(row(base, status="candidate", holder="Voirie"), base, ours)
    assert taken.kind == merging.CONFLICT
    assert (taken.made.status, taken.made.holder) == ("open", "Voirie")


def test_the_same_answer_given_in_between_is_no_conflict():
    base, ours = said_before(), said_before(holder="Voirie")
    assert only(row(base, holder="Voirie"), base, ours).kind == merging.UNCHANGED


def test_an_answer_said_again_in_between_is_no_conflict():
    base, again = said_before(), said_before()
    assert only(row(base, holder="Voirie"), base, again).kind == merging.NEW


def test_a_first_declaration_made_in_between_conflicts():
    assert only(row(None, status="open"), said_before()).kind == merging.CONFLICT


def test_a_declaration_taken_back_in_between_conflicts_and_the_file_starts_afresh():
    base = said_before()
    gone = replace(said_before(), withdrawn=True)
    found = only(row(base, holder="Voirie"), base, gone)
    assert found.kind == merging.CONFLICT
    assert found.ours is None
    assert found.made.holder == "Voirie"
    assert not found.made.withdrawn


@pytest.mark.parametrize("mark", [None, Mark(CODE, DAY, "0190aaaa-0000-7000-8000-000000000000")])
def test_without_a_known_mark_what_replaces_an_answer_is_a_conflict(mark):
    base = said_before()
    lost = replace(row(base, holder="Voirie"), mark=mark)
    assert only(lost, base).kind == merging.CONFLICT
    added = replace(row(base, note="vu"), mark=mark)
    assert only(added, base).kind == merging.NEW


def test_nothing_is_declared_of_a_conflict_without_a_choice():
    base, ours = said_before(), said_before(holder="Voirie")
    found = merge([row(base, holder="Patrimoine")], base, ours)
    assert merging.declarations(found, []) == []
    (made,) = merging.declarations(found, [TREES])
    assert made.holder == "Patrimoine"
    assert made.id != ours.id


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"status": "closed_unjustified"}, "demande une trace"),
        ({"status": "not_concerned"}, "demande une raison"),
        ({"status": "presque"}, "n'est pas dans la liste"),
        ({"existence": "peut-être"}, "n'est pas dans la liste"),
        ({"substitute": "rien"}, "n'est pas dans la liste"),
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"note": "x" * (LONGEST + 1)}, "Texte trop long"),
        ({"status": "open", "reason_code": "paid"}, "ne va pas avec ce statut"),
        ({"asked_on": date(2026, 11, 22)}, "jour à venir"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(said, why):
    found = only(row(**said))
    assert found.kind == merging.REFUSED
    assert why in found.sentence
    assert found.made is None


def test_no_known_reason_with_its_trace_is_kept():
    said = {
        "status": "closed_unjustified",
        "trace": "unanswered_request",
        "asked_on": DAY - timedelta(days=31),
        "evidence": "courrier",
    }
    assert only(row(**said)).kind == merging.NEW
    early = only(row(**said | {"asked_on": DAY - timedelta(days=5)}))
    assert early.kind == merging.REFUSED


def test_a_reason_that_the_new_status_has_not_goes_and_it_is_shown():
    base = said_before(status="closed_justified", reason_code="security")
    found = only(row(base, status="open", existence="exists"), base)
    assert ("reason_code", "security", None) in [
        (one.name, one.ours, one.theirs) for one in found.differences
    ]


def test_the_file_of_another_territory_is_refused_line_by_line():
    other = replace(row(status="open"), mark=Mark("12202", DAY, None))
    found = only(other)
    assert found.kind == merging.REFUSED
    assert "Rodez" in found.sentence


@pytest.mark.parametrize(
    "other",
    [
        Row("ligne\u00a03", LIGHTS, LIGHTS, Mark("12202", DAY, None)),
        Row("ligne\u00a03", "", None, None, named="12202"),
    ],
)
def test_a_row_without_mark_is_a_choice_where_the_file_names_another_territory(other):
    lost = row(mark=False, status="open")
    found = merge([lost, other])
    made = found.outcomes[0]
    assert (made.kind, made.doubtful, made.ours) == (merging.CONFLICT, True, None)
    assert found.others == ("Rodez, 12202",)
    assert merging.declarations(found, []) == []
    assert [one.status for one in merging.declarations(found, [TREES])] == ["open"]
    # A row with our mark is still ours, and one that asks for nothing stays so.
    assert merge([row(status="open"), other]).outcomes[0].kind == merging.NEW
    assert merge([row(mark=False), other]).outcomes[0].kind == merging.UNCHANGED


def test_a_row_without_mark_is_new_where_nothing_names_another_territory():
    lost = replace(row(mark=False, status="open"), named=CODE)
    assert only(lost).kind == merging.NEW


def test_an_exported_sheet_whose_marks_were_erased_still_names_its_territory():
    lines = lines_of([said_before(IDS[0])])
    rows = read(as_xlsx(lines, territory("12202"), DAY)).rows
    assert {made.named for made in rows} == {"12202"}
    blank = [replace(made, mark=None) for made in rows]
    found = merge(blank)
    assert not found.of(merging.NEW)
    assert [made.row.dataset for made in found.of(merging.CONFLICT)] == [IDS[0]]


def test_a_holder_alone_says_nothing_of_the_status_nor_of_the_existence():
    found = only(row(holder="Voirie", contact="mairie@exemple.fr"))
    assert found.kind == merging.NEW
    assert (found.made.status, found.made.existence) == (None, "unknown")
    assert [one.name for one in found.differences] == ["holder", "contact"]


def test_an_unknown_dataset_and_a_row_without_any_are_kept_apart():
    assert only(row(dataset=None)).kind == merging.UNKNOWN
    assert only(row(dataset="communes")).kind == merging.UNKNOWN


def test_the_same_dataset_twice_counts_once_or_is_refused():
    same = merge([row(status="open"), row(status="open")])
    assert [made.kind for made in same.outcomes] == [merging.NEW, merging.UNCHANGED]
    assert len(merging.declarations(same, [])) == 1
    split = merge([row(status="open"), row(status="candidate"), row()])
    assert [made.kind for made in split.outcomes] == [
        merging.REFUSED,
        merging.REFUSED,
        merging.UNCHANGED,
    ]
    assert "gardez-en une" in split.outcomes[0].sentence


def test_what_the_file_does_not_speak_of_is_counted():
    assert merge([row(status="open")]).absent == len(IDS) - 1


# --- properties ------------------------------------------------------------------------------

texts = st.none() | st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
risky = st.sampled_from(["=1+1", "'=1", "+33", "-", "@x", "Effacer", "a\r\nb", " x ", "''", "12"])
typed = texts | risky
statuses = st.sampled_from(["open", "candidate", "closed_justified", "other", "not_evaluated"])


@st.composite
def declared(draw, dataset=None):
    return Declaration(
        CODE,
        dataset or draw(st.sampled_from(IDS[:6])),
        draw(st.none() | statuses),
        draw(st.sampled_from(["exists", "partial", "not_produced", "unknown"])),
        reason=draw(typed),
        legal_ground=draw(typed),
        evidence=draw(typed),
        url=draw(st.none() | st.just("https://exemple.fr/a?b=1")),
        substitute=draw(st.none() | st.sampled_from(["aggregate", "Agrégat d'avant"])),
        reason_code=draw(st.none() | st.sampled_from(["paid", "security", "ancien code"])),
        trace=draw(st.none() | st.just("written_refusal")),
        asked_on=draw(st.none() | st.dates(date(2020, 1, 1), DAY)),
        holder=draw(typed),
        contact=draw(typed),
        note=draw(typed),
    )


def lines_of(history) -> list[InventoryLine]:
    held = latest(history)
    return [
        InventoryLine(
            key, card.title, card.producer, "", "", "", (), "open", "exists", "assumed",
            "2026-11-21", held.get(key),
        )
        for key, card in words.inventory_datasets().items()
        if key in IDS[:8]
    ]  # fmt: skip


def exported(history) -> list[Row]:
    return list(read(as_xlsx(lines_of(history), territory(CODE), DAY)).rows)


@settings(deadline=None, max_examples=40)
@given(st.lists(declared(), max_size=8))
def test_a_file_that_comes_back_untouched_changes_nothing(history):
    found = merging.merge(exported(history), CODE, IDS, history)
    assert len(found.outcomes) == 8
    assert {made.kind for made in found.outcomes} == {merging.UNCHANGED}


answers = st.fixed_dictionaries(
    {},
    optional={
        "status": st.none() | statuses | st.sampled_from(["closed_unjustified", "presque"]),
        "existence": st.none() | st.sampled_from(["exists", "unknown", "not_produced"]),
        "holder": st.none() | st.sampled_from(["Voirie", "Parcs"]),
        "reason_code": st.none() | st.sampled_from(["paid", "security", "?"]),
        "note": st.none() | st.sampled_from(["vu", "x" * 3000]),
    },
)


@st.composite
def returned(draw, history):
    """Rows of a file: any dataset or none, exported from any declaration or from none."""
    dataset = draw(st.sampled_from([*IDS[:6], None]))
    bases = [None, *(made.id for made in history), "perdu"]
    mark = draw(st.none() | st.builds(Mark, st.just(CODE), st.just(DAY), st.sampled_from(bases)))
    problems = draw(st.sampled_from([(), (), (), ("Date illisible.",)]))
    number = draw(st.integers(2, 5000))
    named = draw(st.sampled_from([None, None, None, CODE, "12202"]))
    return Row(f"ligne {number}", dataset or "", dataset, mark, draw(answers), problems, named)


@st.composite
def files(draw):
    history = draw(st.lists(declared(), max_size=6))
    return history, draw(st.lists(returned(history), max_size=10))


@settings(deadline=None, max_examples=60)
@given(files())
def test_every_row_has_one_outcome_and_only_answers_are_declared(file):
    history, rows = file
    found = merging.merge(rows, CODE, IDS, history)
    assert [made.row for made in found.outcomes] == rows
    assert sum(len(found.of(kind)) for kind in merging.KINDS) == len(rows)
    for made in found.outcomes:
        assert (made.made is not None) == (made.kind in (merging.NEW, merging.CONFLICT))
        assert bool(made.sentence) >= (made.kind in (merging.REFUSED, merging.UNKNOWN))
    kept = merging.declarations(found, [])
    assert len({made.dataset for made in kept}) == len(kept)
    if any(made.named == "12202" for made in rows):
        assert all(made.row.mark for made in found.of(merging.NEW))


@settings(deadline=None, max_examples=60)
@given(files())
def test_nothing_declared_is_overwritten_without_a_choice(file):
    """A value in force changes only by a row exported from it, that is by someone who saw it."""
    history, rows = file
    found = merging.merge(rows, CODE, IDS, history)
    known = {made.id: made for made in history}
    for made in found.of(merging.NEW):
        seen = known.get(made.row.mark.declaration) if made.row.mark else None
        for one in made.differences:
            if one.ours in (None, "") or one.name == "reason_code":
                continue
            assert seen is not None
            assert words.canonical(str(getattr(seen, one.name))) == words.canonical(str(one.ours))


ERASED = {"status": "open", "note": None, "reason_code": None, "holder": None, "existence": None}


@settings(deadline=None, max_examples=60)
@example(([], [Row("ligne 2", "admin_boundaries", "admin_boundaries", None, ERASED)]))
@given(files())
def test_a_second_import_finds_nothing_left_to_do(file):
    history, rows = file
    first = merging.merge(rows, CODE, IDS, history)
    every = [made.row.dataset for made in first.of(merging.CONFLICT)]
    later = [*history, *merging.declarations(first, every)]
    second = merging.merge(rows, CODE, IDS, later)
    assert merging.declarations(second, every) == []


@settings(deadline=None, max_examples=60)
@given(files(), st.randoms())
def test_the_order_of_rows_does_not_matter(file, chance):
    history, rows = file
    moved = list(rows)
    chance.shuffle(moved)

    def kept(order):
        found = merging.merge(order, CODE, IDS, history)
        every = [made.row.dataset for made in found.of(merging.CONFLICT)]
        made = merging.declarations(found, every)
        same = datetime(2026, 1, 1, tzinfo=UTC)
        plain = [replace(one, id="", recorded_at=same) for one in made]
        return sorted(map(repr, plain)), sorted(one.kind for one in found.outcomes)

    assert kept(rows) == kept(moved)
