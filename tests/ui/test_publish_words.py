"""Publier, without a screen: what is undone, what is said, what is marked, never twice the same."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pyarrow as pa
import pytest

from data import entries, local_files
from data.entries import Publication
from data.reading import door
from data.reading import words as reading_words
from data.reading.reading import ReadColumn, Reading, Repair
from data.records import Person, Refused
from data.territories import territory
from ui import publish_example, publish_intake, publish_preview, publish_push, publish_words, who
from ui.publish_decide import words
from ui.publish_room import Room, stack
from ui.publish_send import moved
from ui.publish_work import Work

TOWN, DAY = territory("00001"), date(2026, 11, 21)
REFUSAL = "Ce fichier désigne des personnes\u00a0; seul un effectif peut entrer ici."
FILE = f"{'a' * 64}/arbres.csv"


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: Person("editor", "Essai"))


def room(store, **tools):
    return Room(store, TOWN, DAY, SimpleNamespace(**tools))


# --- undo ----------------------------------------------------------------------------------------


def steps(*names):
    return [replace(Publication(FILE, key="k"), schema=name) for name in names]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (("", "a", "b"), ("", "a", "b")),
        (("", "a", "b", "a"), ("", "a")),  # the last choice was undone
        (("", "a", "b", "a", ""), ("",)),  # then the one before
        (("", "a", "a", "b"), ("", "a", "b")),  # nothing changed: no version of it
        (("", "a", "b", "a", "c"), ("", "a", "c")),
    ],
)
def test_a_line_that_says_the_one_before_again_takes_it_off(lines, left):
    assert tuple(made.schema for made in stack(steps(*lines))) == left


def test_what_was_published_is_no_choice_to_undo(store, editor):
    here = room(store)
    made = Publication(FILE, key="k")
    here.keep(made)
    here.change("k", schema="arbre-0.3.1")
    here.change("k", outcome={"pushed": {"demo": {"dataset": "id"}}})
    here.undo("k")
    now = here.latest("k").entry
    assert now.schema == "" and now.outcome["pushed"]["demo"]["dataset"] == "id"
    here.undo("k")  # nothing is left to undo
    assert here.latest("k").entry == now


def test_a_reader_changes_nothing(store, monkeypatch):
    monkeypatch.setattr(who, "person", Person)
    assert not room(store).keep(Publication(FILE))
    assert entries.of(store, Publication, "00001") == []


# --- words ---------------------------------------------------------------------------------------


def test_the_example_is_messy_and_everything_done_to_it_is_said_in_french(tmp_path):
    path = tmp_path / publish_example.NAME
    path.write_bytes(publish_example.body())
    assert publish_example.body() == publish_example.body()
    found = door.read(path)
    assert found.refused is None and "Genre" in found.table.column_names
    assert found.encoding == "cp1252" and len(found.repairs) > 3
    for made in found.repairs:
        assert made.kind in reading_words.REPAIRS, made.kind
    for flag in found.flags:
        assert flag.partition(":")[0] in reading_words.FLAGS, flag


def test_a_flag_is_a_sentence_with_its_rows_its_column_its_unit():
    assert "lignes 3, 7, 12" in reading_words.flag("partial_date:3,7,12")[1]
    assert "Hauteur : total" in reading_words.flag("unit:Hauteur : total:cm")[1].replace(
        "\u00a0", " "
    )
    assert "en cm" in reading_words.flag("unit:Hauteur : total:cm")[1]
    said = reading_words.flag("outside_france:Lat:1,2,+40")[1]
    assert "lignes 1, 2" in said and "«\u00a0Lat\u00a0»" in said
    level, said = reading_words.flag("never_seen:{0} <b>")
    assert level == reading_words.DOUBT and "never_seen" in said


def test_every_sentence_takes_its_details_and_is_set_as_french():
    for name in reading_words.FLAGS:
        said = reading_words.flag(f"{name}:x:y" if name == "unit" else f"{name}:1,2")[1]
        assert "{" not in said and said.endswith((".", "?"))
        assert not re.search(r" [:;!?»]|« ", said), said


def test_the_button_says_what_it_undoes():
    before = Publication(FILE, step=2)
    assert "Reconnaître" in publish_words.done(before, replace(before, step=3))
    assert publish_words.done(before, replace(before, mapping={"a": None})) == "sens des colonnes"


def test_keywords_are_cut_and_kept_once():
    assert words(" arbres, Parc ,, arbres ") == ["arbres", "Parc"]


# --- marks ---------------------------------------------------------------------------------------


def reading(repair):
    table = pa.table({"h": pa.array(["1.5", None, "2.5"] * 40)})
    columns = (ReadColumn("h", "h", "number", 40),)
    return Reading("f", table=table, columns=columns, repairs=(repair,))


def test_cells_that_changed_are_marked_with_what_they_were():
    made = Repair("decimal_comma", "h", 2, (1, 3), examples=((1, "1,5", "1.5"),))
    assert publish_preview.marks(reading(made)) == {(1, "h"): "1,5", (3, "h"): ""}
    every = Repair("decimal_comma", "h", 80, (1, 3, 4))
    assert len(publish_preview.marks(reading(every))) == publish_preview.ROWS
    assert publish_preview.marks(reading(Repair("title_dropped", None, 2))) == {}


def test_a_hostile_cell_is_text():
    table = pa.table({"<b>": pa.array(['<img src=x onerror="alert(1)">'])})
    view = publish_preview.View("t", table, {"<b>": "<i>"}, {(1, "<b>"): '"><script>'})
    drawn = publish_preview._table(view, "light")
    assert "<img" not in drawn and "<script" not in drawn and "<i>" not in drawn


# --- before it is kept ---------------------------------------------------------------------------


def test_a_list_of_vulnerable_persons_leaves_nothing_behind(store, editor):
    here = room(store, vulnerable=lambda columns, table, name: REFUSAL)
    with pytest.raises(Refused, match="effectif"):
        publish_intake.taken(here, "registre.csv", io.BytesIO("nom;âge\nA;91\nB;88\n".encode()))
    folder = local_files.folder(store)
    assert not folder.exists() or not list(folder.iterdir())


def test_an_unreadable_file_is_refused_with_its_reason(store, editor):
    here = room(store, vulnerable=lambda *_: None)
    with pytest.raises(Refused) as refused:
        publish_intake.taken(here, "vide.csv", io.BytesIO(b""))
    assert len(str(refused.value)) > 20
    folder = local_files.folder(store)
    assert not folder.exists() or not list(folder.iterdir())


def test_a_name_is_never_a_path(store, editor):
    here = room(store, vulnerable=lambda *_: None)
    kept = publish_intake.taken(here, "../../etc/pass:wd.csv", io.BytesIO(b"a;b\n1;2\n3;4\n"))
    assert ".." not in kept and local_files.path(store, kept).parent == local_files.folder(store)


# --- never twice ---------------------------------------------------------------------------------


def answer(refused=None):
    return SimpleNamespace(
        dataset="abc",
        refused=refused,
        known={"dataset": "abc", "url": "https://x", "resources": {"data.csv": "r1"}},
        document=lambda: {"target": "demo", "refused": refused, "steps": []},
    )


def test_what_was_begun_and_refused_is_known_and_updated_next_time(store, editor):
    here = room(store)
    made = Publication(FILE, key="k", schema="arbre-0.3.1", dataset="tree_inventory")
    here.keep(made)
    publish_push.keep_answer(Work(here, made), "demo", "Arbres", answer("panne"))
    now = Work(here, here.latest("k").entry)
    assert publish_push.published(now, "demo")["abc"]["own"]
    assert publish_push.published(now, "production") == {}
    assert now.made.outcome["log"][0]["refused"] == "panne"
    # The file of the next year, in the same standard, updates the same dataset.
    other = replace(made, key="next", file=f"{'b' * 64}/arbres_2027.csv")
    here.keep(other)
    assert publish_push.published(Work(here, other), "demo")["abc"]["same"]


def test_an_indicator_that_is_written_otherwise_is_said():
    before = {"a": ("A", "1"), "b": ("B", "2")}
    after = {"a": ("A", "1"), "b": ("B", "3"), "c": ("C", "4")}
    assert moved(before, after) == [("B", "2", "3"), ("C", "non connu", "4")]
