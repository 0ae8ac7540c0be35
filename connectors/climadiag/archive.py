"""The archive Climadiag read as a stream: small CSV files joined by blocks, parsed by Arrow.

Names of members are only compared, never used as paths. One file is a few kilobytes; what is much
bigger, cut short or of another shape is refused or counted.
"""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.fetching import FetchError

MEMBER = re.compile(r"(?:[^\0]*/)?indicateurs_par_(commune|epci)/(\w{5}|\d{9})\.csv")
COLUMNS = ("identifiant_insee", "indicateur_id", "type_ind", "horizon", "label")
NUMBERS = ("ref", "low", "median", "high")
MAX_MEMBERS = 100_000
MAX_FILE = 400_000  # bytes of one CSV (8,000 are usual)
MAX_BROKEN = 0.01  # share of files that cannot be read
BLOCK = 8_000_000  # bytes parsed at once
ZEROS = bytes(512)  # how a tar ends


@dataclass(frozen=True)
class File:
    """One CSV of the archive, as bytes, and the code that its name bears."""

    code: str
    body: bytes


class _Bounded:
    """A file of which no more is read at once than a member may weigh: a header lies easily."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_FILE + 1024:
            raise tarfile.ReadError("bloc démesuré")
        return self._file.read(size)


def files(archive: Path, url: str) -> Iterator[File]:
    """The files of communes and EPCI, in the order of the archive; raises FetchError."""
    try:
        with archive.open("rb") as opened:
            yield from _members(opened, url)
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise FetchError(f"{url} : archive illisible ou tronquée") from error


def _members(opened: IO[bytes], url: str) -> Iterator[File]:
    end = number = 0
    with tarfile.open(fileobj=_Bounded(opened), mode="r:") as tar:  # type: ignore[call-overload]
        while (info := tar.next()) is not None:
            number += 1
            if number > MAX_MEMBERS:
                raise FetchError(f"{url} : plus de {MAX_MEMBERS} fichiers dans l'archive")
            tar.members.clear()  # else it keeps one object for each
            end = tar.offset
            named = MEMBER.fullmatch(info.name) if info.isreg() else None
            if named is None:
                continue
            if info.size > MAX_FILE:
                raise FetchError(f"{url} : un fichier de {info.size} octets dans l'archive")
            inside = tar.extractfile(info)
            yield File(named[2], inside.read() if inside else b"")
    opened.seek(end)
    if opened.read(512) != ZEROS:
        raise FetchError(f"{url} : archive tronquée après {number} fichiers")


def parsed(members: Iterator[File], url: str) -> Iterator[pa.Table]:
    """Arrow tables (COLUMNS as text, NUMBERS as DOUBLE), block after block; raises FetchError."""
    block = _Block(url)
    for file in members:
        block.add(file)
        if block.size >= BLOCK:
            yield block.table()
    if block.size:
        yield block.table()
    block.check()


class _Block:
    """Lines of many files joined under one header, until they are worth a parsing."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._header: bytes | None = None
        self._names: list[str] = []
        self._bodies: list[bytes] = []
        self.size = self._read = self._broken = self._lines = self._odd = 0

    def add(self, file: File) -> None:
        self._read += 1
        body = _plain(file.body.removeprefix(b"\xef\xbb\xbf"))
        header, _, lines = body.partition(b"\n")
        header = header.strip()
        if self._header is None:
            self._header, self._names = header, _names(header, self._url)
        if header != self._header or not self._whole(file, lines):
            self._broken += 1
            return
        self._bodies.append(lines)
        self.size += len(lines)

    def _whole(self, file: File, lines: bytes) -> bool:
        """Whether every line has its columns and bears the code of the file's name."""
        last = lines.rstrip().rpartition(b"\n")[2]
        commas = len(self._names) - 1
        at = self._names.index("identifiant_insee")
        own = lines.count(b"\n" + file.code.encode() + b",") + lines.startswith(
            file.code.encode() + b","
        )
        there = lines.count(b"\n") if lines.endswith(b"\n") else lines.count(b"\n") + 1
        return last.count(b",") == commas and (at != 0 or own == there)

    def table(self) -> pa.Table:
        """The wanted columns of what was gathered; starts a new block."""
        gathered = pa.py_buffer((self._header or b"") + b"\n" + b"".join(self._bodies))
        self._bodies, self.size = [], 0
        try:
            read = arrow_csv.read_csv(
                pa.BufferReader(gathered),
                arrow_csv.ReadOptions(use_threads=False),
                arrow_csv.ParseOptions(quote_char=False, invalid_row_handler=self._skip),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys((*COLUMNS, *NUMBERS), pa.string()),
                    include_columns=[*COLUMNS, *NUMBERS],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            raise FetchError(f"{self._url} : lignes de CSV illisibles") from error
        self._lines += read.num_rows
        return read

    def _skip(self, _: object) -> str:
        self._odd += 1
        return "skip"

    def check(self) -> None:
        """Raise FetchError where too many files could not be read."""
        if self._broken > MAX_BROKEN * self._read:
            raise FetchError(
                f"{self._url} : {self._broken} fichiers sur {self._read} sans les colonnes ou le "
                "code attendus"
            )
        if self._odd > MAX_BROKEN * (self._lines + self._odd):
            raise FetchError(f"{self._url} : {self._odd} lignes sans leurs colonnes")


def _plain(body: bytes) -> bytes:
    """The same lines without quotes nor carriage returns: a quote left open would eat a file."""
    if b'"' not in body:
        return body.replace(b"\r", b"") + (b"" if body.endswith(b"\n") else b"\n")
    out = []
    try:
        for cells in csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline="")):
            out.append(",".join(re.sub(r'[,"\r\n]', " ", cell) for cell in cells))
    except csv.Error:
        return b"illisible\n"  # counted as a broken file
    return ("\n".join(out) + "\n").encode()


def _names(header: bytes, url: str) -> list[str]:
    names = [name.strip() for name in header.decode("utf-8", "replace").split(",")]
    missing = [name for name in (*COLUMNS, *NUMBERS) if names.count(name) != 1]
    if missing:
        shown = ", ".join(names)[:160]
        raise FetchError(f"{url} : colonne {missing[0]} absente (reçu : {shown})")
    return names
