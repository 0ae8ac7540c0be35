"""What a received body must look like before anyone reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from connectors.fetching import FetchError

MAGIC: dict[str, tuple[bytes, ...]] = {
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "gzip": (b"\x1f\x8b",),
    "parquet": (b"PAR1",),
    "csv": (),  # no signature: only pages and binary files are refused
    "tar": (),  # its signature stands further on
    "xml": (b"<?xml", b"<"),
}
TAR_MARK, TAR_AT = b"ustar", 257
# A portal answers a page with status 200 where a program expects data.
NOT_JSON = ("image/", "audio/", "video/", "application/pdf", "application/zip", "text/csv")
NOT_TEXT = ("image/", "audio/", "video/", "application/pdf", "application/zip")
NOT_A_FILE = ("image/", "audio/", "video/", "application/json", "application/xml", "text/xml")
PAGE = re.compile(rb"<(!doctype html|html)", re.IGNORECASE)
BLANKS = b"\xef\xbb\xbf \t\r\n"


def wrong_type(content_type: str, refused: tuple[str, ...]) -> str | None:
    """Why a declared content type cannot be what was asked; None when it may be."""
    given = content_type.strip().lower()
    if given.startswith(("text/html", "application/xhtml")):
        return "page HTML reçue à la place des données"
    return f"type de contenu inattendu ({given[:60]})" if given.startswith(refused) else None


def parsed(body: bytes, url: str) -> Any:
    """The JSON document of a body; raises FetchError on HTML, XML, truncated or other text."""
    if body.lstrip(BLANKS).startswith(b"<"):
        raise FetchError(f"{url} : page HTML ou XML reçue à la place de JSON")
    try:
        return json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{url} : JSON illisible ou tronqué ({len(body)} octets)") from error


def decoded(body: bytes, url: str) -> str:
    """The text of a body; raises FetchError on a page for people, or when it is not UTF-8."""
    if PAGE.match(body.lstrip(BLANKS)[:20]):
        raise FetchError(f"{url} : page HTML reçue à la place des données")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FetchError(f"{url} : texte qui n'est pas en UTF-8") from error


def check_kinds(kinds: tuple[str, ...]) -> None:
    """Refuse a kind of file that nothing here knows how to recognise (a programming error)."""
    if not kinds or set(kinds) - set(MAGIC):
        raise ValueError(f"genres de fichier {kinds} ; permis : {', '.join(MAGIC)}")


def check_file(path: Path, kinds: tuple[str, ...], url: str) -> None:
    """Compare the first bytes with the kinds asked; raises FetchError."""
    with path.open("rb") as lines:
        head = lines.read(512)
    page = PAGE.match(head.lstrip(BLANKS)[:20])
    if not page and head.startswith(tuple(magic for kind in kinds for magic in MAGIC[kind])):
        return
    if "tar" in kinds and head[TAR_AT:].startswith(TAR_MARK):
        return
    wanted = " ou ".join(kinds)
    if head.lstrip(BLANKS).startswith(b"<"):
        raise FetchError(f"{url} : page HTML reçue à la place d'un fichier {wanted}")
    if "csv" not in kinds or b"\x00" in head:
        raise FetchError(f"{url} : le contenu n'est pas un fichier {wanted}")
