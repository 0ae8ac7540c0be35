"""In which encoding a text file is written, and its copy in UTF-8.

Never a statistical guess: a byte order mark, zeros at every other byte (UTF-16), strict UTF-8, then
cp1252. The old Mac and DOS encodings are named only when cp1252 would put signs such as « Ž » or
« ‚ » inside words, which no French file does. Files are read by blocks: memory stays bounded.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.reading.reading import LARGEST, Unreadable

BLOCK = 1 << 20  # bytes read at a time
LOOKED_AT = 1 << 16  # bytes that tell a binary or UTF-16 without a mark
RUNS = 50_000  # pieces with accents that are weighed
MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARY = "Ce fichier n'est pas un texte : ouvrez-le dans son logiciel et exportez-le en CSV."
MISCODED = (
    "Ce fichier est annoncé en {} mais ne se décode pas : exportez-le de nouveau en CSV UTF-8."
)
TOO_LARGE = (
    "Ce fichier pèse {} Mo ; la limite est de {} Mo : coupez-le en plusieurs fichiers "
    "ou retirez-en les colonnes inutiles."
)
EMPTY = "Ce fichier est vide : demandez-le de nouveau au service qui l'a envoyé."

# French letters of each encoding; `SURE` ones are signs in cp1252 that never touch a letter.
MAC_ROMAN = frozenset(b"\x88\x89\x8d\x8e\x8f\x90\x91\x94\x95\x99\x9d\x9e\x9f")
MAC_SURE = frozenset(b"\x83\x88\x8d\x8e\x8f\x90\x9d")
DOS = frozenset(b"\x82\x83\x85\x87\x88\x89\x8a\x8b\x8c\x93\x96\x97")
DOS_SURE = frozenset(b"\x82\x88\x8a\x90")
FRENCH = frozenset("éèêëàâäçôöîïùûüÿœæÉÈÊËÀÂÇÔÎÏÙÛŒ«»°²³’–—…€ß\u00a0")
EURO = b"\xa4"  # in Latin-9; the currency sign of cp1252, that no one writes
LATIN_9 = frozenset(b"\xbc\xbd")  # Œ and œ; ¼ and ½ in cp1252
CP1252 = frozenset(b"\x9c\xc9\xe0\xe2\xe7\xe8\xe9\xea\xeb\xee\xef\xf4\xf9\xfb\xfc")
# A letter in two bytes of UTF-8, which as cp1252 would read « Ã© »: no French.
TWO_BYTES = re.compile(rb"(?<![\x80-\xff])[\xc3\xc5][\x80-\xbf](?![\x80-\xff])|\xe2\x80[\x80-\xbf]")
ACCENTED = re.compile(rb"([A-Za-z]?)([\x80-\xff]{1,4})(?=([A-Za-z]?))")
CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


Runs = Counter[tuple[bytes, bytes, bytes]]  # letter before, bytes over 127, letter after


@dataclass(frozen=True)
class Encoding:
    """How to decode a file: `name` is Python's, `mark` the bytes of the byte order mark."""

    name: str
    mark: int = 0
    mixed: bool = False  # UTF-8 and cp1252 in the same file
    zeros: bool = False  # stray NUL characters in a text

    @property
    def plain(self) -> bool:
        """Whether the bytes are already UTF-8, the mark apart."""
        return self.name in ("utf-8", "utf-8-sig") and not self.mixed and not self.zeros


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text file; refused: empty, too large, binary."""
    size = path.stat().st_size
    if not size:
        raise Unreadable(EMPTY)
    if size > LARGEST:
        raise Unreadable(TOO_LARGE.format(size // 1_000_000, LARGEST // 1_000_000))
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    found = _told(head) or _of_bytes(path)
    _refuse_binary(head, found)
    return found


def as_utf8(path: Path, folder: Path) -> Path:
    """The path itself when already plain UTF-8, else a copy in UTF-8 without mark."""
    encoding = encoding_of(path)
    return path if encoding.plain else transcoded(path, folder, encoding)


def transcoded(path: Path, folder: Path, encoding: Encoding) -> Path:
    """A copy in UTF-8, without mark nor NUL, written by blocks in the folder."""
    made = folder / "utf8.txt"
    with made.open("wb") as out:
        for text in decoded(path, encoding):
            out.write(text.encode("utf-8", "replace"))
    return made


def decoded(path: Path, encoding: Encoding) -> Iterator[str]:
    """The text of a file by blocks, without mark; a truncated last character is left out."""
    # utf-8-sig and utf-16 take their mark away by themselves
    decoder = _decoder(encoding)
    try:
        for block in _blocks(path):
            yield decoder.decode(block).replace("\x00", "")
    except UnicodeError as error:
        raise Unreadable(MISCODED.format(encoding.name.upper())) from error


def _decoder(encoding: Encoding) -> codecs.IncrementalDecoder:
    lax = encoding.mixed or encoding.name == "cp1252"
    return codecs.getincrementaldecoder(encoding.name)("acv_cp1252" if lax else "strict")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """The bytes that are not UTF-8 read as cp1252, its five holes as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_one(byte) for byte in wrong), error.end


def _one(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


codecs.register_error("acv_cp1252", _as_cp1252)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _told(head: bytes) -> Encoding | None:
    for mark, name in MARKS:
        # A sheet never begins with a NUL: FF FE 00 00 is UTF-32, not UTF-16
        if head.startswith(mark) and name != "utf-8-sig":
            return Encoding(name, len(mark))
    wide = _wide(head)
    return Encoding(wide) if wide else None


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without mark: zeros at the same places all along, and nowhere else."""
    if head.count(0) < 0.2 * len(head) or len(head) < 4:
        return None
    zeros = [head[start::4].count(0) / max(1, len(head[start::4])) for start in range(4)]
    shapes = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for name, shape in shapes.items():
        if all(
            share > 0.7 if zero else share < 0.1 for zero, share in zip(shape, zeros, strict=True)
        ):
            return name
    return None


def _of_bytes(path: Path) -> Encoding:
    """Strict UTF-8, else what the accented bytes say."""
    marked = next(_blocks(path)).startswith(codecs.BOM_UTF8)
    name, mark = ("utf-8-sig", 3) if marked else ("utf-8", 0)
    strict, zeros, double = _passed(path)
    if strict or double or marked:
        return Encoding(name, mark, mixed=not strict, zeros=zeros)
    return Encoding(_one_byte(_blocks(path)), zeros=zeros)


def _passed(path: Path) -> tuple[bool, bool, bool]:
    """Over all bytes: strict UTF-8, some NUL, and when not strict, some letter in two bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    strict, zeros = True, False
    for block in _blocks(path):
        zeros = zeros or b"\x00" in block
        strict = strict and _decodes(decoder, block)
        if not strict and zeros:
            break
    strict = strict and _decodes(decoder, b"", final=True)
    return strict, zeros, not strict and _in_two_bytes(path)


def _in_two_bytes(path: Path) -> bool:
    """Whether some letter is written in two bytes of UTF-8."""
    tail = b""
    for block in _blocks(path):
        if TWO_BYTES.search(tail + block):
            return True
        tail = block[-4:]
    return False


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(blocks: Iterable[bytes]) -> str:
    """cp1252, or the encoding that alone makes letters of the bytes found inside words."""
    runs: Runs = Counter()
    for block in blocks:
        runs.update(ACCENTED.findall(block))
        if runs.total() > RUNS:
            break
    western = _weight(runs, CP1252, CP1252)
    weights = {
        "mac_roman": _weight(runs, MAC_ROMAN, MAC_SURE),
        "cp850": _weight(runs, DOS, DOS_SURE),
    }
    name = max(weights, key=lambda name: (_french(runs, name), weights[name]))
    if weights[name] > 9 * western:
        return name
    controls = any(0x80 <= byte < 0xA0 for _, run, _ in runs for byte in run)
    euros = any(EURO in run for _, run, _ in runs)
    latin_9 = euros or _weight(runs, LATIN_9, LATIN_9)
    return "iso8859-15" if latin_9 and not controls else "cp1252"


def _french(runs: Runs, name: str) -> int:
    """How many signs make French in an encoding, less twice those that do not."""
    total = 0
    for (before, run, after), times in runs.items():
        if before or after:
            known = sum(1 for sign in run.decode(name) if sign in FRENCH)
            total += times * (3 * known - 2 * len(run))
    return total


def _weight(runs: Runs, letters: frozenset[int], sure: frozenset[int]) -> int:
    """How often these bytes stand between two letters, the sure ones beside one letter."""
    return sum(
        times
        for (before, run, after), times in runs.items()
        for byte in run
        if (byte in letters and before and after) or (byte in sure and (before or after))
    )


def _refuse_binary(head: bytes, found: Encoding) -> None:
    """Texts hold next to no control character; a picture, a PDF or a database do."""
    if head.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3")):
        raise Unreadable(BINARY)
    try:
        decoder = _decoder(found)
        text = decoder.decode(head)
    except UnicodeError as error:
        raise Unreadable(BINARY) from error
    controls = len(CONTROLS.findall(text))
    if controls > max(2, 0.005 * len(text)) or 0 < controls == len(text.strip()):
        raise Unreadable(BINARY)
