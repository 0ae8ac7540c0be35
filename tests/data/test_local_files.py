"""Files that services send: kept beside the store by digest, read by this user alone."""

from __future__ import annotations

import hashlib
import stat
from types import SimpleNamespace

import pytest

from data import local_files
from data.records import Refused
from data.store import Store

CONTENT = b"id;genre\n1;Acer\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def shelf(tmp_path):
    """What a store says of itself: where its file is, whether it may be written."""
    (tmp_path / "base").mkdir()
    return SimpleNamespace(path=tmp_path / "base" / "acv.duckdb", read_only=False)


def test_a_file_is_kept_under_its_digest_and_comes_back(shelf, tmp_path):
    kept = local_files.keep(shelf, "arbres 2026.csv", CONTENT)
    assert kept == f"{DIGEST}/arbres 2026.csv"
    found = local_files.path(shelf, kept)
    assert found == tmp_path / "base" / "acv.fichiers" / DIGEST
    assert found.read_bytes() == CONTENT
    assert local_files.shown_name(kept) == "arbres 2026.csv"


def test_a_file_on_disk_is_the_same_as_its_content_and_is_kept_once(shelf, tmp_path):
    given = tmp_path / "arbres.csv"
    given.write_bytes(CONTENT)
    assert local_files.keep(shelf, "a.csv", given) == f"{DIGEST}/a.csv"
    assert local_files.keep(shelf, "b.csv", CONTENT) == f"{DIGEST}/b.csv"
    folder = local_files.folder(shelf)
    assert [path.name for path in folder.iterdir()] == [DIGEST]


def test_nobody_else_may_read_it(shelf):
    found = local_files.path(shelf, local_files.keep(shelf, "a.csv", CONTENT))
    assert stat.S_IMODE(found.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(found.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "/etc/x", "C:\\temp\\x.csv", "a\x00b", "\u202egpj.exe", "x" * 5000],
)
def test_no_name_becomes_a_path(shelf, name):
    kept = local_files.keep(shelf, name, CONTENT)
    digest, _, shown = kept.partition("/")
    assert digest == DIGEST
    assert "/" not in shown
    assert "\\" not in shown
    assert 0 < len(shown) <= 120
    assert local_files.path(shelf, kept).parent == local_files.folder(shelf)


@pytest.mark.parametrize(
    "kept", [None, "", "../x", f"{'0' * 64}/x", f"{DIGEST}/../x", f"{DIGEST}", "x" * 10_000]
)
def test_what_was_not_kept_is_not_found(shelf, kept):
    local_files.keep(shelf, "a.csv", CONTENT)
    assert local_files.path(shelf, kept) is None


def test_a_file_changed_since_is_no_longer_what_was_handed_over(shelf):
    kept = local_files.keep(shelf, "a.csv", CONTENT)
    local_files.path(shelf, kept).write_bytes(b"autre chose de plus long")
    assert local_files.path(shelf, kept) is None
    assert local_files.keep(shelf, "a.csv", CONTENT) == kept
    assert local_files.path(shelf, kept).read_bytes() == CONTENT


def test_an_empty_or_too_large_file_is_refused(shelf, monkeypatch, tmp_path):
    with pytest.raises(Refused, match="vide"):
        local_files.keep(shelf, "a.csv", b"")
    monkeypatch.setattr(local_files, "LARGEST", 10)
    given = tmp_path / "grand.csv"
    given.write_bytes(CONTENT)
    with pytest.raises(Refused, match="trop lourd"):
        local_files.keep(shelf, "grand.csv", given)
    with pytest.raises(Refused, match="ne peut pas être lu"):
        local_files.keep(shelf, "absent.csv", tmp_path / "absent.csv")


def test_a_store_that_is_only_read_keeps_nothing(shelf):
    Store.open(str(shelf.path)).close()
    kept = local_files.keep(shelf, "a.csv", CONTENT)
    reader = Store.open(str(shelf.path), read_only=True)
    with pytest.raises(Refused, match="lecture seule"):
        local_files.keep(reader, "b.csv", b"autre")
    with pytest.raises(Refused, match="lecture seule"):
        local_files.forget(reader, kept)
    assert local_files.path(reader, kept) is not None
    reader.close()


def test_a_store_in_memory_keeps_nothing(empty_store):
    with pytest.raises(Refused):
        local_files.keep(empty_store, "a.csv", CONTENT)
    assert local_files.path(empty_store, f"{DIGEST}/a.csv") is None
    assert local_files.forget(empty_store, f"{DIGEST}/a.csv") is False


def test_a_forgotten_file_is_gone(shelf):
    kept = local_files.keep(shelf, "a.csv", CONTENT)
    assert local_files.forget(shelf, kept) is True
    assert local_files.path(shelf, kept) is None
    assert local_files.forget(shelf, kept) is False
    assert local_files.forget(shelf, "../../x") is False
