"""The ZIP of a national file, opened only once its listing is known to be harmless.

Those of the pages (data.reading.archives) are smaller, and copied before they are read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from connectors.fetching import FetchError

MAX_MEMBERS = 100
MAX_RATIO = 200  # of a member; tables that repeat themselves shrink about thirty times
# What zipfile raises while a member is read: cut short, altered, encrypted, of an unknown method.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@contextmanager
def opened(path: Path, url: str, largest: int) -> Iterator[zipfile.ZipFile]:
    """The archive; `largest`: bytes that it may weigh once unpacked.

    Raises FetchError, also when one of its members turns out broken while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if reason := _harmful(archive.infolist(), largest):
                raise FetchError(f"{url} : archive refusée, {reason}")
            yield archive
    except BROKEN as error:
        raise FetchError(f"{url} : archive illisible ou tronquée") from error


def _harmful(infos: Sequence[zipfile.ZipInfo], largest: int) -> str | None:
    if len(infos) > MAX_MEMBERS:
        return f"{len(infos)} fichiers (limite {MAX_MEMBERS})"
    if sum(info.file_size for info in infos) > largest:
        return f"plus de {largest} octets une fois décompressée"
    return next(filter(None, map(_fault, infos)), None)


def _fault(info: zipfile.ZipInfo) -> str | None:
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
        return f"nom de fichier dangereux ({info.filename[:60]!r})"
    if info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"{name[:60]} se décompresse plus de {MAX_RATIO} fois"
    return f"{name[:60]} est chiffré" if info.flag_bits & 1 else None
