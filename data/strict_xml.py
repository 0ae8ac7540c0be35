"""XML from strangers, read by events: no entity, no declared encoding, no tag without end."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

TOKEN = 1_000_000  # bytes of one tag or comment
CHUNK = 1 << 16

Parser = expat.XMLParserType


class TooBig(Exception):
    """More than fits in memory: a grid, repeated texts, or one tag without end."""


class Malformed(Exception):
    """No plain XML in UTF-8, or XML that declares entities."""


def parser() -> Parser:
    """A parser that reads UTF-8 whatever the document declares, and refuses a DOCTYPE."""
    made = expat.ParserCreate("utf-8")
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse
    return made


def feed(made: Parser, pieces: Iterable[bytes]) -> None:
    """Parse a document given by pieces, holding no token whole. Raises TooBig or Malformed."""
    fed = 0
    try:
        for piece in pieces:
            if b"\0" in piece:  # UTF-16 would be another document for who reads UTF-8
                raise Malformed
            for start in range(0, len(piece), CHUNK):
                part = piece[start : start + CHUNK]
                made.Parse(part, False)
                fed += len(part)
                if fed - made.CurrentByteIndex > TOKEN:
                    raise TooBig
        made.Parse(b"", True)
    except expat.ExpatError as error:
        raise Malformed from error


def _refuse(*_: object) -> None:
    raise Malformed
