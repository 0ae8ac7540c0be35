"""Opening a ZIP that someone sends: one layer, bounded, its members copied under our own names."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from data.reading.bounds import MEMBERS, check_size, damaged, guarded, protected
from data.reading.reading import LARGEST_BOOK, UNPACKED, Unreadable

RATIO = 200  # times smaller once packed; a sheet of equal rows may reach 100
RATIO_FROM = 50_000_000  # bytes once unpacked below which the ratio is nobody's concern
CHUNK = 1 << 20
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")


class Archive:
    """A ZIP whose listing was checked. Use it as a context manager. Raises Unreadable."""

    def __init__(self, path: Path) -> None:
        check_size(path.stat().st_size, LARGEST_BOOK)
        with guarded("L'archive ZIP"):
            self._zip = zipfile.ZipFile(path)
        try:
            self._check(path.stat().st_size)
        except Unreadable:
            self._zip.close()
            raise
        self._left = UNPACKED

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Every file of the archive, folders apart, as the archive writes them."""
        return tuple(made.filename for made in self._listed() if not made.is_dir())

    def start(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of a member."""
        with guarded("L'archive ZIP"), self._zip.open(name) as member:
            return member.read(size)

    def body(self, name: str, largest: int = 20_000_000) -> bytes:
        """A small member, whole; one larger than `largest` bytes is refused."""
        return b"".join(self.pieces(name, largest))

    def pieces(self, name: str, largest: int = UNPACKED) -> Iterator[bytes]:
        """A member by pieces, counted while it is unpacked, whatever it announces."""
        found = 0
        with guarded("L'archive ZIP"), self._zip.open(name) as member:
            while piece := member.read(CHUNK):
                found += len(piece)
                self._left -= len(piece)
                if found > largest or self._left < 0:
                    raise _bomb()
                yield piece

    def copy(self, name: str, to: Path) -> Path:
        """Write a member to a path that we chose, never to one that the archive names."""
        with to.open("wb") as held:
            for piece in self.pieces(name):
                held.write(piece)
        return to

    def _listed(self) -> list[zipfile.ZipInfo]:
        return self._zip.infolist()

    def _check(self, size: int) -> None:
        listed = self._listed()
        if len(listed) > MEMBERS:
            raise Unreadable(
                f"L'archive contient trop de fichiers\u00a0: {MEMBERS} au plus. Gardez seulement "
                "le tableau à lire."
            )
        if any(made.flag_bits & 1 for made in listed):
            raise protected()
        unpacked = sum(made.file_size for made in listed)
        if unpacked > UNPACKED or (unpacked > RATIO_FROM and unpacked > RATIO * size):
            raise _bomb()
        for made in listed:
            _check_member(made)


def _check_member(made: zipfile.ZipInfo) -> None:
    name = made.filename.replace("\\", "/")
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or name[1:2] == ":"
    if outside or stat.S_ISLNK(made.external_attr >> 16):
        raise Unreadable(
            "L'archive contient un chemin ou un lien qui sort de son dossier\u00a0: refaites-la en "
            "n'y mettant que le tableau à lire."
        )
    if made.file_size > RATIO_FROM and made.file_size > 5 * RATIO * max(made.compress_size, 1):
        raise _bomb()


def is_archive(start: bytes) -> bool:
    """Whether the first bytes are those of an archive or of a compressed file."""
    return start.startswith(_NESTED)


def whole(path: Path) -> Archive:
    """An archive checked, or a refusal of what only looks like one. Raises Unreadable."""
    if not zipfile.is_zipfile(path):
        raise damaged("L'archive ZIP")
    return Archive(path)


def _bomb() -> Unreadable:
    return Unreadable(
        "L'archive est refusée\u00a0: son contenu, une fois décompressé, est démesuré "
        "(2\u00a0Go au plus). Donnez le tableau seul, au format CSV ou XLSX."
    )
