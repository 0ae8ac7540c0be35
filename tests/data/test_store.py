"""The store: what it promises to whoever writes, reads at the same time, or pulls the plug."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import store as store_module
from data.catalog import Column
from data.records import Declaration, Record
from data.store import Part, Store, StoreBusy, StoreError
from tests.data import kill_writer
from tests.data.kill_writer import CARD, SCOPES, WIDTH, fetch, rows

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file."""
    made = Store.open(str(tmp_path / "a.duckdb"))
    yield made
    made.close()


def numbers(store: Store) -> dict[str, set[int]]:
    """The write numbers found in the rows of each territory."""
    found: dict[str, set[int]] = {}
    for row in store.rows("select distinct territory, number from kill_probe"):
        found.setdefault(row["territory"], set()).add(row["number"])
    return found


def in_other_process(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a few lines on the store of `path` (name `path`) in a process of its own."""
    script = f"import sys\npath = sys.argv[1]\nfrom data.store import *\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- writing -------------------------------------------------------------------------------------


def test_a_save_replaces_the_rows_of_its_scope_and_no_other(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    opened.save(CARD, fetch("01002", 2), rows("01002", 2))
    opened.save(CARD, fetch("01001", 3), rows("01001", 3))
    assert numbers(opened) == {"01001": {3}, "01002": {2}}
    assert opened.rows("select count(*) as n from kill_probe") == [{"n": 2 * WIDTH}]


def test_saving_twice_the_same_is_saving_once_and_two_log_lines(opened: Store) -> None:
    for _ in range(2):
        opened.save(CARD, fetch("01001", 7), rows("01001", 7))
    assert opened.rows("select count(*) as n from kill_probe") == [{"n": WIDTH}]
    assert len(opened.fetches(CARD.id, "01001")) == 2


def test_a_national_save_replaces_every_real_territory_and_leaves_the_fictional_one(
    opened: Store,
) -> None:
    opened.save(CARD, fetch("00001", 1), rows("00001", 1))
    opened.save(CARD, fetch("01001", 2), rows("01001", 2))
    opened.save(CARD, fetch("FR", 3), rows("01002", 3))
    assert numbers(opened) == {"00001": {1}, "01002": {3}}


def test_an_answer_without_rows_empties_the_scope_and_is_logged_as_empty(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    nothing = rows("01001", 2).head(0)
    opened.save(CARD, replace(fetch("01001", 2, status="empty"), rows=0), nothing)
    assert numbers(opened) == {}
    assert [line.status for line in opened.fetches(CARD.id)] == ["empty", "ok"]


def test_a_failure_that_is_logged_changes_no_row(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    opened.log(replace(fetch("01001", 2, status="failed"), detail="503"))
    assert numbers(opened) == {"01001": {1}}
    last, good = opened.latest(("01001", "FR"))[CARD.id]
    assert (last.status, last.detail, last.good) == ("failed", "503", False)
    assert (good.status, good.vintage, good.good) == ("ok", "1", True)


@pytest.mark.parametrize(
    "wrong",
    [
        pd.DataFrame({"territory": ["01001"], "number": [2]}),
        pd.DataFrame({"territory": ["01001"], "number": [2], "text": [""], "more": [0]}),
        pd.DataFrame({"territory": ["01001"], "number": ["pas un nombre"], "text": [""]}),
    ],
    ids=["column missing", "column unknown", "value of another type"],
)
def test_a_save_that_fails_changes_neither_rows_nor_log(opened: Store, wrong: pd.DataFrame) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    before = opened.version
    with pytest.raises((StoreError, duckdb.Error)):
        opened.save(CARD, fetch("01001", 2), wrong)
    assert numbers(opened) == {"01001": {1}}
    assert len(opened.fetches()) == 1
    assert opened.version == before


def test_a_save_that_fails_says_which_column_and_where(opened: Store) -> None:
    with pytest.raises(StoreError, match=r"kill_probe .*'text'"):
        opened.save(CARD, fetch("01001", 1), rows("01001", 1).drop(columns="text"))


def test_several_first_loads_are_all_there_or_none(opened: Store) -> None:
    good = Part(CARD, fetch("01001", 1), rows("01001", 1))
    bad = Part(CARD, fetch("01002", 2), rows("01002", 2).drop(columns="text"))
    with pytest.raises(StoreError):
        opened.save_all([good, bad])
    assert opened.fetches() == []
    opened.save_all([good, replace(bad, rows=rows("01002", 2))])
    assert numbers(opened) == {"01001": {1}, "01002": {2}}


def test_a_save_may_replace_the_rows_of_a_list_of_territories(opened: Store) -> None:
    for number, scope in enumerate(("01001", "01002", "01003"), start=1):
        opened.save(CARD, fetch(scope, number), rows(scope, number))
    opened.save(CARD, fetch("dep:01", 9), rows("01002", 9), scope=["01001", "01002"])
    assert numbers(opened) == {"01002": {9}, "01003": {3}}


def test_each_write_changes_the_version_and_no_reading_does(opened: Store) -> None:
    seen = [opened.version]
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    seen.append(opened.version)
    opened.log(fetch("01001", 2, status="failed"))
    seen.append(opened.version)
    opened.record(Record("note", "01001", {}))
    seen.append(opened.version)
    opened.declare(Declaration("01001", CARD.id, "open", "exists"))
    seen.append(opened.version)
    assert len(set(seen)) == len(seen)
    opened.fetches()
    numbers(opened)
    assert opened.version == seen[-1]


def test_a_card_that_gains_a_column_extends_the_table_and_keeps_its_rows(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    wider = replace(CARD, columns=(*CARD.columns, Column("place", "VARCHAR", "Lieu")))
    opened.ensure(wider)
    opened.ensure(wider)
    found = opened.rows("select distinct number, place from kill_probe")
    assert found == [{"number": 1, "place": None}]


HOSTILE = 'x"; drop table fetches; --'


def test_hostile_names_and_values_are_only_names_and_values(opened: Store) -> None:
    card = replace(CARD, id=HOSTILE, columns=(Column(HOSTILE, "VARCHAR", "Piège"),))
    place = "'; drop table fetches; --"
    line = replace(fetch(place, 1), dataset=HOSTILE)
    opened.save(card, line, pd.DataFrame({"territory": [place], HOSTILE: ["'); --"]}))
    assert len(opened.fetches(HOSTILE, place)) == 1
    assert opened.declarations("' or 1=1 --") == {}


# --- the logs ------------------------------------------------------------------------------------


def test_a_log_line_comes_back_as_it_was_written(opened: Store) -> None:
    line = replace(fetch("FR", 5), detail="été", url="https://exemple.test/?a=1&b=é")
    opened.log(line)
    assert opened.fetches() == [line]
    assert opened.fetches()[0].fetched_at.tzinfo is not None


def test_the_log_is_given_newest_first_and_by_scope_only(opened: Store) -> None:
    base = datetime(2026, 11, 1, tzinfo=UTC)
    for number, scope in [(2, "01001"), (1, "FR"), (3, "01002")]:
        made = replace(fetch(scope, number), fetched_at=base + timedelta(days=number))
        opened.log(made)
    assert [line.vintage for line in opened.fetches()] == ["3", "2", "1"]
    found = opened.latest(("01001", "dep:01", "FR"))
    assert [line.vintage for line in found[CARD.id]] == ["2", "1"]
    assert opened.latest(()) == {}


def test_what_people_declare_is_never_overwritten(opened: Store) -> None:
    first = Declaration("46042", "tree_inventory", "candidate", "exists", author="a")
    opened.declare(first)
    opened.declare(Declaration("46042", "tree_inventory", "open", "exists", author="b"))
    opened.declare(Declaration("46042", "cool_places", "other", "partial", author="b"))
    opened.declare(Declaration("54395", "tree_inventory", "other", "exists", author="c"))
    assert {key: made.status for key, made in opened.declarations("46042").items()} == {
        "tree_inventory": "open",
        "cool_places": "other",
    }
    history = opened.declaration_history("46042", "tree_inventory")
    assert history[0] == first
    assert [made.author for made in history] == ["a", "b"]


def test_the_latest_declaration_is_that_of_the_greatest_date_not_the_last_written(
    opened: Store,
) -> None:
    late = Declaration("46042", "trees", "open", "exists")
    early = replace(late, status="other", recorded_at=late.recorded_at - timedelta(days=1))
    opened.declare(late)
    opened.declare(early)
    assert opened.declarations("46042")["trees"].status == "open"


def test_two_declarations_of_the_same_instant_follow_their_identifiers(opened: Store) -> None:
    first = Declaration("46042", "trees", "open", "exists")
    time.sleep(0.002)
    second = replace(
        Declaration("46042", "trees", "other", "exists"), recorded_at=first.recorded_at
    )
    assert first.id < second.id
    opened.declare(second, first)
    assert opened.declarations("46042")["trees"].status == "other"


def test_records_keep_their_payload_their_author_and_their_order(opened: Store) -> None:
    first = Record("note", "46042", {"texte": "à relire « vite »", "liste": [1, None]}, "a")
    opened.record(first, Record("note", "46042", {}, "b"))
    opened.record(Record("request", "46042", {}, "c"))
    assert [made.author for made in opened.records("note", "46042")] == ["a", "b"]
    assert opened.records("note", "46042")[0] == first
    assert opened.records("note", "54395") == []


def test_the_store_offers_no_way_to_change_what_was_said() -> None:
    public = {name for name in dir(Store) if not name.startswith("_")}
    assert not [name for name in public if "delete" in name or "update" in name or "edit" in name]
    source = Path(store_module.__file__).read_text().lower()
    for table in ("fetches", "declarations", "records"):
        assert f"delete from {table}" not in source
        assert f"update {table}" not in source
    with pytest.raises(FrozenInstanceError):
        fetch("FR", 1).status = "ok"  # type: ignore[misc]


# --- versions of the file ------------------------------------------------------------------------


def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    old = Store.open(str(path))
    old.save(CARD, fetch("01001", 1), rows("01001", 1))
    old.close()
    newer = (*store_module.MIGRATIONS, "create table later (a integer)")
    monkeypatch.setattr(store_module, "MIGRATIONS", newer)
    for _ in range(2):  # the second opening finds nothing left to do
        reopened = Store.open(str(path))
        assert numbers(reopened) == {"01001": {1}}
        assert reopened.rows("select * from later") == []
        versions = reopened.rows("select version from schema_versions order by version")
        assert [row["version"] for row in versions] == list(range(1, len(newer) + 1))
        reopened.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    old = Store.open(str(path))
    old.save(CARD, fetch("01001", 1), rows("01001", 1))
    old.close()
    broken = (*store_module.MIGRATIONS, "create table later (a integer); select * from nowhere")
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "MIGRATIONS", broken)
        with pytest.raises(StoreError, match="old.duckdb"):
            Store.open(str(path))
    reopened = Store.open(str(path))
    assert numbers(reopened) == {"01001": {1}}
    assert not reopened.rows("select 1 from duckdb_tables() where table_name = 'later'")
    reopened.close()


def test_a_file_of_a_newer_product_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.duckdb"
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "MIGRATIONS", (*store_module.MIGRATIONS, "select 1"))
        Store.open(str(path)).close()
    with pytest.raises(StoreError, match="plus récente"):
        Store.open(str(path))


def test_a_file_that_is_no_store_is_refused_with_a_sentence_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "photo.duckdb"
    path.write_bytes(b"\x89PNG" * 5000)
    with pytest.raises(StoreError, match=r"photo\.duckdb"):
        Store.open(str(path))
    assert path.read_bytes() == b"\x89PNG" * 5000


# --- several at once -----------------------------------------------------------------------------


def test_readers_with_cursors_never_see_half_a_write(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 0), rows("01001", 0))
    stop = threading.Event()

    def read() -> int:
        count = 0
        while not stop.is_set():
            found = opened.rows("select count(*) as n, count(distinct number) as m from kill_probe")
            assert found == [{"n": WIDTH, "m": 1}]
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for number in range(1, 25):
            opened.save(CARD, fetch("01001", number), rows("01001", number))
        stop.set()
        assert all(reader.result() > 5 for reader in readers)


def test_each_reader_gets_its_own_answer(opened: Store) -> None:
    def ask(number: int) -> bool:
        return opened.rows("select $1::integer as n", [number]) == [{"n": number}]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(600)))


def test_writers_in_threads_all_succeed_and_none_is_lost(opened: Store) -> None:
    def write(number: int) -> None:
        scope = f"01{number % 4:03}"
        opened.save(CARD, fetch(scope, number), rows(scope, number))
        opened.record(Record("note", "x", {"number": number}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(48)))
    assert len(opened.fetches()) == 48
    assert {made.payload["number"] for made in opened.records("note", "x")} == set(range(48))
    assert {key: len(found) for key, found in numbers(opened).items()} == {
        f"01{n:03}": 1 for n in range(4)
    }


# --- several processes ---------------------------------------------------------------------------


@pytest.mark.server
def test_another_process_that_writes_is_told_who_holds_the_file(opened: Store) -> None:
    assert opened.path
    said = in_other_process(
        "try:\n    Store.open(path)\nexcept StoreBusy as error:\n    print(error)", opened.path
    )
    assert "Sources et méthode" in said.stdout, said.stderr
    assert said.stdout.count("\n") == 1


@pytest.mark.server
def test_another_process_reads_the_consistent_copy_while_the_file_is_held(opened: Store) -> None:
    assert opened.path
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    opened.snapshot()
    opened.save(CARD, fetch("01001", 2), rows("01001", 2))
    asked = "print(Store.open(path, read_only=True).rows('select max(number) from kill_probe'))"
    assert "1}" in in_other_process(asked, opened.path).stdout
    opened.snapshot()
    assert "2}" in in_other_process(asked, opened.path).stdout


@pytest.mark.server
def test_a_reader_without_copy_is_told_who_holds_the_file(opened: Store) -> None:
    assert opened.path
    said = in_other_process("Store.open(path, read_only=True)", opened.path)
    assert "StoreBusy" in said.stderr


@pytest.mark.server
def test_the_copy_follows_what_is_written_and_goes_when_the_store_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    held = Store.open(str(path))
    held.keep_copy(every=0.05)
    held.save(CARD, fetch("01001", 4), rows("01001", 4))
    asked = "print(Store.open(path, read_only=True).fetches()[0].vintage)"
    deadline = time.monotonic() + 20
    while (said := in_other_process(asked, path)).stdout != "4\n":
        assert time.monotonic() < deadline, said.stderr
    held.close()
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.duckdb"]
    assert in_other_process(asked, path).stdout == "4\n"


def test_a_store_opened_to_read_refuses_to_write(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    Store.open(str(path)).close()
    reader = Store.open(str(path), read_only=True)
    with pytest.raises(StoreBusy):
        reader.save(CARD, fetch("01001", 1), rows("01001", 1))
    with pytest.raises(StoreBusy):
        reader.record(Record("note", "x", {}))
    reader.close()


# --- the plug pulled -----------------------------------------------------------------------------


class Killer:
    """Starts writers on a file and kills each with signal 9 after a moment."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self._zygote = subprocess.Popen(
            [sys.executable, kill_writer.__file__, str(path), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_one_after(self, seconds: float) -> None:
        assert self._zygote.stdin and self._zygote.stdout
        self._zygote.stdin.write("\n")
        self._zygote.stdin.flush()
        child = int(self._zygote.stdout.readline())
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}").exists():  # its lock on the file goes with it
            time.sleep(0.001)

    def close(self) -> None:
        assert self._zygote.stdin
        self._zygote.stdin.close()
        self._zygote.wait(timeout=30)


def assert_last_state_is_whole(store: Store) -> int:
    """Rows and log agree for every scope; the number of writes that went through."""
    log = [line for line in store.fetches(CARD.id) if line.status == "ok"]
    if not log:
        return 0
    counts = store.rows("select territory, number, count(*) as n from kill_probe group by all")
    assert all(row["n"] == WIDTH for row in counts), counts
    found = {row["territory"]: str(row["number"]) for row in counts}
    assert len(found) == len(counts), "deux états d'un même périmètre"
    expected: dict[str, str | None] = {}
    for line in reversed(log):
        if line.territory == "FR":  # a national write replaces every real territory
            expected = {}
        expected[line.territory] = line.vintage
    assert found == expected
    # A note follows the save it speaks of: no note can be there without its save.
    noted = {made.payload["number"] for scope in SCOPES for made in store.records("note", scope)}
    assert noted <= {int(line.vintage or 0) for line in log}
    return len(log)


def kill_many_times(path: Path, kills: int, seed: int) -> list[int]:
    """Kill a writer `kills` times at random moments; writes that had gone through after each."""
    chance = random.Random(seed)
    killer = Killer(path, seed)
    done = []
    longest = 0.25
    for _ in range(kills):
        killer.kill_one_after(chance.uniform(0.0, longest))
        started = time.monotonic()
        store = Store.open(str(path))
        # A writer opens the file first: on a slow machine it needs more time to get to writing.
        longest = max(longest, 6 * (time.monotonic() - started))
        done.append(assert_last_state_is_whole(store))
        store.close()
    killer.close()
    return done


@pytest.mark.server
def test_a_writer_killed_at_any_moment_leaves_the_last_complete_state(tmp_path: Path) -> None:
    done = kill_many_times(tmp_path / "killed.duckdb", KILLS, seed=20261121)
    assert done == sorted(done), "une écriture achevée a disparu"
    assert done[-1] > KILLS, "les écritures n'avancent pas : rien n'a été éprouvé"


@pytest.mark.deep
def test_a_writer_killed_a_thousand_times_leaves_the_last_complete_state(tmp_path: Path) -> None:
    done = kill_many_times(tmp_path / "killed.duckdb", 1000, seed=1)
    assert done == sorted(done)


def test_the_check_after_a_kill_sees_half_a_write(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "a.duckdb"))
    store.save(CARD, fetch("01001", 1), rows("01001", 1))
    assert assert_last_state_is_whole(store) == 1
    with store.cursor() as cursor:
        cursor.execute("delete from kill_probe where rowid = 0")
    with pytest.raises(AssertionError):
        assert_last_state_is_whole(store)
    store.close()


# --- places that cannot serve --------------------------------------------------------------------


def refused(location: Path | str, read_only: bool = False) -> str:
    with pytest.raises(StoreError) as refusal:
        store = Store.open(str(location), read_only=read_only)
        store.fetches()
    assert not isinstance(refusal.value, StoreBusy)
    return str(refusal.value)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "note.duckdb").write_text("bonjour " * 2000)
    assert "note.duckdb : base illisible" in refused(tmp_path / "note.duckdb", read_only)


def test_the_database_of_another_program_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "autre.duckdb")) as other:
        other.execute("create table fetches (a integer)")
    assert "autre programme" in refused(tmp_path / "autre.duckdb")


@pytest.mark.parametrize("place", ["{}/fichier/x.duckdb", "/proc/rien/x.duckdb", "{}"])
def test_a_place_where_no_file_can_be_is_refused_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "fichier").write_text("")
    assert refused(place.format(tmp_path)).endswith(".")


@pytest.mark.parametrize("read_only", [True, False])
def test_an_empty_file_is_a_store_not_written_yet(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "vide.duckdb").touch()
    store = Store.open(str(tmp_path / "vide.duckdb"), read_only=read_only)
    assert store.fetches() == []
    store.close()


def test_damage_in_the_file_is_said_as_damage_never_as_a_running_application(
    tmp_path: Path,
) -> None:
    path = tmp_path / "abime.duckdb"
    store = Store.open(str(path))
    for number in range(20):
        store.save(CARD, fetch("01001", number), rows("01001", number))
    store.close()
    body = bytearray(path.read_bytes())
    said = set()
    for start in range(8192, len(body) - 65536, len(body) // 12):
        damaged = bytearray(body)
        damaged[start : start + 65536] = bytes(65536)
        path.write_bytes(damaged)
        try:
            opened = Store.open(str(path))
            opened.rows("select * from kill_probe")
            opened.close()
        except StoreError as refusal:
            assert not isinstance(refusal, StoreBusy)
            said.add(str(refusal))
    assert said, "aucun trou n'a été vu"
    assert all("illisible" in sentence for sentence in said)


def test_rows_outside_the_scope_are_refused_and_nothing_is_written(opened: Store) -> None:
    opened.save(CARD, fetch("01001", 1), rows("01001", 1))
    for stray in ("01002", None):
        with pytest.raises(StoreError, match="hors de la portée"):
            opened.save(CARD, fetch("01001", 2), rows(stray, 2))
    for stray in ("00001", "dep:00", None):
        with pytest.raises(StoreError, match="hors de la portée"):
            opened.save(CARD, fetch("FR", 2), rows(stray, 2))
    assert numbers(opened) == {"01001": {1}}
    assert len(opened.fetches()) == 1


def test_a_store_whose_file_is_named_copie_has_its_copy_too(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "copie.duckdb"))
    assert store.snapshot() is not None
    store.close()


@pytest.mark.server
def test_a_process_that_ends_during_a_copy_ends_well(tmp_path: Path) -> None:
    script = (
        "import sys; from data.store import Store\n"
        "store = Store.open(sys.argv[1])\n"
        "with store.cursor() as cursor:\n"
        "    cursor.execute('create table big as select range a, uuid() b from range(400000)')\n"
        "store.keep_copy()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "acv.duckdb")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [made.name for made in tmp_path.iterdir()] == ["acv.duckdb"]


def test_closing_during_a_copy_leaves_no_copy_behind(tmp_path: Path) -> None:
    path = tmp_path / "acv.duckdb"
    store = Store.open(str(path))
    store.keep_copy(every=0.01)
    for number in range(5):
        store.save(CARD, fetch("01001", number), rows("01001", number))
    store.close()
    assert [made.name for made in tmp_path.iterdir()] == ["acv.duckdb"]
