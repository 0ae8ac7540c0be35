"""Publier: what happens to a file before it is kept: read, looked at for persons, then kept."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from data import attachments, local_files
from data.reading.reading import LARGEST_BOOK, Reading, Wishes
from data.records import Refused
from ui.publish_room import Room
from ui.publish_work import read

MEGABYTES = LARGEST_BOOK // 1_000_000
_BLOCK = 1 << 20


class Persons(Refused):
    """The file lists vulnerable persons: not a byte of it is kept."""


def taken(room: Room, name: str, content: BinaryIO) -> str:
    """Keep a file that may be kept, and return « sha256/name ».

    Raises Refused with one sentence: unreadable, or a list of vulnerable persons; nothing is then
    written beside the store.
    """
    with _aside(content) as (path, digest):
        called = attachments.safe_name(name)
        kept = f"{digest}/{called}"
        first = _readable(kept, path, Wishes(), called)
        _no_persons(room, first, called)
        for sheet in _others(first):
            _no_persons(room, read(kept, path, Wishes(sheet), called), called)
        return local_files.keep(room.store, name, path)


def _readable(kept: str, path: Path, wishes: Wishes, called: str) -> Reading:
    found = read(kept, path, wishes, called)
    if found.refused is None:
        return found
    # A workbook whose first sheet cannot be read may hold another one that can.
    for sheet in _others(found):
        other = read(kept, path, Wishes(sheet), called)
        if other.refused is None:
            return other
    raise Refused(found.refused)


def _others(first: Reading) -> tuple[str, ...]:
    return tuple(sheet for sheet in first.sheets if sheet != first.sheet)


def _no_persons(room: Room, found: Reading, called: str) -> None:
    """Every sheet is looked at: what nobody chose to read would be kept all the same."""
    if found.refused is not None:
        return
    with st.spinner("Recherche de données personnelles…"):
        sentence = room.tools.vulnerable(found.columns, found.table, called)
    if sentence:
        raise Persons(sentence)


@contextmanager
def _aside(content: BinaryIO) -> Iterator[tuple[Path, str]]:
    """The content in a file of its own while it is looked at, with its digest."""
    with tempfile.TemporaryDirectory(prefix="acv-") as folder:
        path = Path(folder) / "depot"
        content.seek(0)
        with path.open("wb") as output:
            shutil.copyfileobj(content, output, _BLOCK)
        with path.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        yield path, digest
