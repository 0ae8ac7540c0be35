"""Papers handed over as evidence: kept whole, named safely, refused in a sentence."""

import hashlib

import pytest

from data import attachments
from data.records import Refused
from data.store import Store

PAPER = b"%PDF-1.7 refus du 3 octobre"
DIGEST = hashlib.sha256(PAPER).hexdigest()


def test_a_paper_comes_back_as_it_was(store):
    kept = attachments.keep(store, "Refus du service.pdf", PAPER)
    assert kept == f"{DIGEST}/Refus du service.pdf"
    assert attachments.read(store, kept) == PAPER
    assert attachments.folder(store) == store.path.with_name("acv.pieces")
    assert [made.name for made in attachments.folder(store).iterdir()] == [DIGEST]
    assert (attachments.folder(store).stat().st_mode & 0o077) == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        (r"C:\Users\moi\refus.pdf", "refus.pdf"),
        ("refus\0.pdf", "refus.pdf"),
        ("..", "piece"),
        ("", "piece"),
        ("   ", "piece"),
        (".bashrc", "bashrc"),
        ("sans_extension", "sans_extension"),
        ("un\nnom\ttordu.pdf", "unnomtordu.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ('<script>"alerte".html', "script alerte .html"),
        ("été à Cœur.csv", "été à Cœur.csv"),
        ("a" * 300 + ".xlsx", "a" * 115 + ".xlsx"),
        ("b" * 300, "b" * 120),
        ("c." + "d" * 300, ("c." + "d" * 300)[:120]),
    ],
)
def test_a_hostile_name_never_becomes_a_path(store, given, shown):
    kept = attachments.keep(store, given, PAPER)
    assert kept == f"{DIGEST}/{shown}"
    assert attachments.shown_name(kept) == shown
    assert attachments.read(store, kept) == PAPER
    # On disk, the digest alone, whatever the name was; nothing anywhere else.
    assert [made.name for made in attachments.folder(store).iterdir()] == [DIGEST]
    around = {made.name for made in store.path.parent.iterdir()}
    assert around <= {"acv.duckdb", "acv.duckdb.wal", "acv.pieces"}


def test_the_same_paper_twice_is_kept_once_and_two_papers_of_one_name_stay_apart(store):
    first = attachments.keep(store, "a.pdf", PAPER)
    again = attachments.keep(store, "b.pdf", PAPER)
    other = attachments.keep(store, "a.pdf", b"autre chose")
    assert first.split("/")[0] == again.split("/")[0] != other.split("/")[0]
    assert len(list(attachments.folder(store).iterdir())) == 2
    assert attachments.read(store, first) == attachments.read(store, again) == PAPER
    assert attachments.read(store, other) == b"autre chose"


def test_ten_megabytes_are_kept_and_one_byte_more_is_refused(store):
    kept = attachments.keep(store, "gros.bin", b"x" * attachments.LARGEST)
    assert len(attachments.read(store, kept)) == attachments.LARGEST
    with pytest.raises(Refused, match="10 Mo au plus"):
        attachments.keep(store, "trop.bin", b"x" * (attachments.LARGEST + 1))
    with pytest.raises(Refused, match="vide"):
        attachments.keep(store, "vide.pdf", b"")
    assert len(list(attachments.folder(store).iterdir())) == 1


def test_a_store_in_memory_or_only_read_keeps_no_paper(empty_store, store):
    with pytest.raises(Refused, match="Pièce non gardée"):
        attachments.keep(empty_store, "a.pdf", PAPER)
    assert attachments.read(empty_store, f"{DIGEST}/a.pdf") is None
    path = store.path
    store.close()
    reader = Store.open(str(path), read_only=True)
    try:
        with pytest.raises(Refused, match="Pièce non gardée"):
            attachments.keep(reader, "a.pdf", PAPER)
    finally:
        reader.close()


def test_a_folder_that_cannot_be_written_refuses_in_a_sentence(store):
    attachments.folder(store).write_text("un fichier à la place du dossier")
    with pytest.raises(Refused, match="ne peut pas être écrit"):
        attachments.keep(store, "a.pdf", PAPER)


@pytest.mark.parametrize(
    "asked",
    [None, "", "a.pdf", "../../acv.duckdb", f"{DIGEST}/../a", "../" * 20 + f"{DIGEST}/a",
     f"{DIGEST}\0/a", f"{DIGEST.upper()}/a.pdf", f"{DIGEST}/", f"x{DIGEST}/a", f"{DIGEST}/a/b"],
)  # fmt: skip
def test_only_what_was_kept_is_read_back(store, asked):
    attachments.keep(store, "a.pdf", PAPER)
    assert attachments.read(store, asked) is None


def test_a_paper_changed_on_disk_is_not_shown_as_the_one_handed_over(store):
    kept = attachments.keep(store, "a.pdf", PAPER)
    (attachments.folder(store) / DIGEST).write_bytes(b"autre")
    assert attachments.read(store, kept) is None
    attachments.keep(store, "a.pdf", PAPER)  # handed over again: whole again
    assert attachments.read(store, kept) == PAPER
