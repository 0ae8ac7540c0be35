"""Documents on disk: what a command wrote, and the refusal to overwrite what it did not make."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from diagnostics.usage import WouldLose, WrongUse
from restitution.export import Made


@dataclass(frozen=True)
class Written:
    """One file of the `restitution` document of the interface."""

    path: str
    kind: str
    bytes: int
    sha256: str


@dataclass
class Outcome:
    """The files of one command and the parts left empty, each with its reason."""

    files: list[Written] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: Path, kind: str, made: Made) -> None:
        """Write a document and note it."""
        self.files.append(written(path, kind, made.content))
        self.skipped += [{"part": part, "reason": reason} for part, reason in made.skipped]

    def report(self, as_json: bool) -> None:
        """Say what was written, for people or as one JSON document."""
        if as_json:
            document = {"files": [asdict(made) for made in self.files], "skipped": self.skipped}
            print(json.dumps(document, ensure_ascii=False, indent=1))
            return
        for made in self.files:
            print(f"{made.path} ({made.kind}, {made.bytes} octets)")
        for line in self.skipped:
            print(f"Partie vide, {line['part']} : {line['reason']}")


def extension(path: str, allowed: Collection[str]) -> str:
    """The extension of a path, without its dot; WrongUse names those that are allowed."""
    given = Path(path).suffix.removeprefix(".").lower()
    if given in allowed:
        return given
    listed = ", ".join(f".{made}" for made in allowed)
    raise WrongUse(f"--out « {path} » : extension non comprise ; permis : {listed}.")


def check_place(path: str) -> None:
    """Refuse a path that is a folder, or whose folder does not exist."""
    asked = Path(path)
    try:
        if asked.is_dir():
            raise WrongUse(f"--out « {path} » est un dossier ; donnez un nom de fichier.")
        if not asked.parent.is_dir():
            raise WrongUse(f"--out « {path} » : le dossier « {asked.parent} » n'existe pas.")
    except OSError as error:
        raise _unusable(path, error) from error


def written(path: Path, kind: str, content: bytes) -> Written:
    """Write a file whole or not at all.

    Raises WouldLose when another content stands there: it may have been edited by hand.
    """
    try:
        if path.exists() and path.read_bytes() != content:
            raise WouldLose(
                f"« {path} » existe déjà et contient autre chose ; rien n'a été remplacé. Donnez "
                "un autre nom, ou déplacez ce fichier."
            )
        _write(path, content)
    except OSError as error:
        raise _unusable(str(path), error) from error
    return Written(str(path), kind, len(content), hashlib.sha256(content).hexdigest())


def _unusable(path: str, error: OSError) -> WrongUse:
    shown = path if len(path) <= 80 else f"{path[:79]}…"
    return WrongUse(f"--out « {shown} » ne peut pas être écrit : {error.strerror}.")


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
