"""From a downloaded file to the table it holds: as it is, in gzip, or member of a ZIP."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.fetching import FetchError
from connectors.tables.zips import opened

KINDS = ("csv", "gzip", "zip", "parquet")
MAX_BYTES = 2_000_000_000  # once unpacked
CHUNK = 1 << 16
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"


@contextmanager
def unpacked(path: Path, url: str, member: str | None = None) -> Iterator[Path]:
    """The plain file, beside the one received; deleted afterwards when it had to be unpacked.

    `member`: regular expression of the name wanted in a ZIP. Raises FetchError.
    """
    with path.open("rb") as given:
        start = given.read(4)
    if not start.startswith((ZIP, GZIP)):
        yield path
        return
    plain = path.with_name(f"{path.name}.plain")
    try:
        if start == ZIP:
            _member(path, plain, url, member or r"\.csv$")
        else:
            _gunzip(path, plain, url)
        yield plain
    finally:
        plain.unlink(missing_ok=True)


def _member(path: Path, plain: Path, url: str, pattern: str) -> None:
    with opened(path, url, MAX_BYTES) as archive:
        files = [info.filename for info in archive.infolist() if not info.is_dir()]
        names = [name for name in files if re.search(pattern, name, re.IGNORECASE)]
        if len(names) != 1:
            there = ", ".join(sorted(files))[:200]
            found = f"{len(names)} fichiers" if names else "aucun fichier"
            raise FetchError(f"{url} : {found} « {pattern} » dans l'archive (présents : {there})")
        with archive.open(names[0]) as given, plain.open("wb") as made:
            shutil.copyfileobj(given, made, CHUNK)


def _gunzip(path: Path, plain: Path, url: str) -> None:
    """Piece by piece: what a gzip file announces of its size is never believed."""
    size = 0
    try:
        with path.open("rb") as given, plain.open("wb") as made:
            for piece in _pieces(iter(lambda: given.read(CHUNK), b"")):
                size += len(piece)
                if size > MAX_BYTES:
                    raise FetchError(f"{url} : plus de {MAX_BYTES} octets une fois décompressé")
                made.write(piece)
    except (zlib.error, EOFError) as error:
        raise FetchError(f"{url} : fichier compressé tronqué ou abîmé") from error


def _pieces(given: Iterator[bytes]) -> Iterator[bytes]:
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in given:
        left = piece
        while left:
            if reader.eof:  # several compressed parts one after the other are one file
                reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield reader.decompress(left, CHUNK * 16)
            left = reader.unused_data if reader.eof else reader.unconsumed_tail
    if not reader.eof:
        raise EOFError
