"""Files that a service sent, kept beside the store and never inside the repository.

Kept as papers are (data.attachments): « sha256/name », on disk the digest alone. They hold whatever
a service put in them: nobody but this user may read them, and `forget` takes one away.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from data.attachments import PARTS, safe_name, stored
from data.records import Refused
from data.store import Store

LARGEST = 200_000_000  # bytes
FOLDER_SUFFIX = ".fichiers"


def keep(store: Store, name: str, content: bytes | Path) -> str:
    """Keep a file and return « sha256/name »; the same file kept twice is kept once.

    Raises Refused with a sentence for a file that is empty or over 200 MB, and for a store in
    memory or one that is only read.
    """
    shown = safe_name(name)
    place = folder(store)
    if place is None or store.read_only:
        raise Refused(
            f"Fichier « {shown} » non gardé : cette base est en lecture seule, ou n'est pas un "
            "fichier. Ouvrez l'application qui tient la base."
        )
    try:
        _check(shown, content.stat().st_size if isinstance(content, Path) else len(content))
        return f"{stored(place, content)}/{shown}"
    except OSError as error:
        raise Refused(
            f"Fichier « {shown} » non gardé : il ne peut pas être lu, ou le dossier "
            f"« {place.name} » ne peut pas être écrit."
        ) from error


def path(store: Store, kept: str | None) -> Path | None:
    """Where a kept file is; None when it is not there, or no longer what was handed over."""
    digest = _digest(kept)
    place = folder(store)
    if digest is None or place is None:
        return None
    found = place / digest
    try:
        said = found.stat()
        whole = _hashed(found, said.st_size, said.st_mtime_ns) == digest
    except OSError:
        return None
    return found if whole else None


def forget(store: Store, kept: str | None) -> bool:
    """Take a kept file away for good; False when there is none. Raises Refused when only read."""
    digest = _digest(kept)
    place = folder(store)
    if digest is None or place is None:
        return False
    if store.read_only:
        raise Refused("Fichier non retiré : cette base est en lecture seule.")
    try:
        (place / digest).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(
            f"Fichier non retiré : le dossier « {place.name} » ne peut pas être écrit."
        ) from error
    return True


def shown_name(kept: str | None) -> str | None:
    """The name to show for « sha256/name »; None for anything else."""
    found = PARTS.fullmatch(kept or "")
    return safe_name(found[2]) if found else None


def folder(store: Store) -> Path | None:
    """Where the files of a store are: « acv.fichiers » beside « acv.duckdb »; None in memory."""
    return store.path.with_name(store.path.stem + FOLDER_SUFFIX) if store.path else None


def _check(shown: str, size: int) -> None:
    if not size:
        raise Refused(f"Fichier « {shown} » vide : choisissez celui qui a un contenu.")
    if size > LARGEST:
        raise Refused(
            f"Fichier « {shown} » trop lourd ({size / 1e6:.0f} Mo ; {LARGEST // 1_000_000} Mo au "
            "plus) : découpez-le, par année par exemple."
        )


def _digest(kept: str | None) -> str | None:
    found = PARTS.fullmatch(kept or "")
    return found[1] if found else None


@lru_cache(maxsize=64)
def _hashed(found: Path, size: int, changed: int) -> str:
    """The digest of a file; read again only when its size or its time changes."""
    del size, changed
    with found.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
