"""Papers that people hand over as evidence, kept beside the store and never inside the repository.

A file is known as « sha256/name »: on disk it bears its digest alone, so that no typed name ever
becomes a path, and the same paper handed over twice is kept once.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

from data.records import Refused
from data.store import Store

LARGEST = 10 * 2**20  # bytes
LONGEST_NAME = 120  # characters
UNNAMED = "piece"
FOLDER_SUFFIX = ".pieces"
PARTS = re.compile(rf"([0-9a-f]{{64}})/([^/\\]{{1,{LONGEST_NAME}}})")


def named(name: str, content: bytes) -> str:
    """How a declaration will name a file: « sha256/name ». Nothing is written.

    Raises Refused with a sentence for a file that is empty or over 10 MB.
    """
    if not content:
        raise Refused(f"Pièce « {safe_name(name)} » vide : choisissez le fichier qui a un contenu.")
    if len(content) > LARGEST:
        size = f"{len(content) / 2**20:.1f}".replace(".", ",")
        raise Refused(
            f"Pièce « {safe_name(name)} » trop lourde ({size} Mo) ; 10 Mo au plus. "
            "Donnez plutôt un lien, ou un extrait."
        )
    return f"{hashlib.sha256(content).hexdigest()}/{safe_name(name)}"


def keep(store: Store, name: str, content: bytes) -> str:
    """Write a file beside the store and return « sha256/name ».

    Raises Refused for an empty or too large file, a store in memory, or one that is only read.
    """
    kept = named(name, content)
    place = folder(store)
    if place is None or store.read_only:
        raise Refused(
            "Pièce non gardée : cette base n'est pas un fichier où écrire. "
            "Décrivez la pièce en mots, ou donnez un lien."
        )
    try:
        stored(place, content)
    except OSError as error:
        raise Refused(
            f"Pièce non gardée : le dossier « {place.name} » ne peut pas être écrit."
        ) from error
    return kept


def read(store: Store, kept: str | None) -> bytes | None:
    """The content of a kept file; None when it is not there, or no longer what was handed over."""
    found = PARTS.fullmatch(kept or "")
    place = folder(store)
    if found is None or place is None:
        return None
    try:
        content = (place / found[1]).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == found[1] else None


def shown_name(kept: str | None) -> str | None:
    """The name to show for « sha256/name »; None for anything else."""
    found = PARTS.fullmatch(kept or "")
    return safe_name(found[2]) if found else None


def folder(store: Store) -> Path | None:
    """Where the papers of a store are: « acv.pieces » beside « acv.duckdb »; None in memory."""
    return store.path.with_name(store.path.stem + FOLDER_SUFFIX) if store.path else None


def safe_name(name: str) -> str:
    """A file name to show and to download: no folder, no control character, 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Categories C: control, format (an order of reading hides « exe »), surrogates, unassigned.
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r'[<>:"|?*\s]+', " ", seen).strip(" .")
    return _shortened(plain) or UNNAMED


def _shortened(name: str) -> str:
    """At most 120 characters, the extension kept when it looks like one."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:LONGEST_NAME].rstrip(" .")
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip(' .')}.{extension}"


def stored(place: Path, content: bytes | Path) -> str:
    """Write a content under its digest, which is returned; read by this user alone.

    Whole or not at all: written under another name, then renamed. Raises OSError.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=place, prefix="piece-")
    try:
        with os.fdopen(handle, "wb") as output:
            digest = _copied(content, output)
        Path(fresh).replace(place / digest)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return digest


def _copied(content: bytes | Path, output: BinaryIO) -> str:
    """Copy a content, block by block when it is a file; the digest of what was written."""
    digest = hashlib.sha256()
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as given:
        while block := given.read(2**20):
            digest.update(block)
            output.write(block)
    return digest.hexdigest()
