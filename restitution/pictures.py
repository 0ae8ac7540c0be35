"""Pictures that a person joins to a draft: checked, drawn again without what they hide, kept.

What a camera writes beside the pixels (place, name, moment) never leaves: only pixels are kept.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from PIL import Image, ImageOps

from data import attachments
from data.records import Refused
from data.store import Store
from restitution.document import Picture
from restitution.drafts import Pictures

LARGEST = attachments.LARGEST  # bytes of the file that is sent
MOST_PIXELS = 40_000_000
SIDE = 1600  # pixels: what a page or a projector shows
KINDS = {"PNG": "png", "JPEG": "jpeg"}
QUALITY = 85
# Whatever a damaged or hostile file makes the decoder say.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, KeyError, TypeError),
    *(struct.error, Image.DecompressionBombError),
)


def keep(store: Store, name: str, content: bytes) -> str:
    """Check a picture, draw it again, keep it beside the store: « sha256/name ».

    Raises Refused with a sentence.
    """
    kind, pixels = cleaned(content)
    stem = PurePath(attachments.safe_name(name)).stem.strip()
    return attachments.keep(store, f"{stem}.{kind}", pixels)


def cleaned(content: bytes) -> tuple[str, bytes]:
    """'png' or 'jpeg' and a picture of the same pixels, 1600 a side at most, without metadata.

    Raises Refused for any other file, one over 10 MB or 40 megapixels, or one that is damaged.
    """
    if not content or len(content) > LARGEST:
        raise Refused("Image vide ou trop lourde : 10 Mo au plus.")
    with _readable(), Image.open(io.BytesIO(content), formats=list(KINDS)) as sent:
        kind = KINDS[str(sent.format)]
        _bounded(sent)
        sent.draft(None, (SIDE, SIDE))  # a JPEG is read no larger than it will be shown
        return kind, _encoded(_pixels(_upright(sent), kind), kind)


def reader(store: Store) -> Pictures:
    """What gives an export the picture of « sha256/name »; None when it is not one of ours."""

    def read(kept: str) -> Picture | None:
        content = attachments.read(store, kept)
        kind = _ours(content) if content else None
        return Picture(content, kind, alt="") if content and kind else None

    return read


def _ours(content: bytes) -> str | None:
    """The kind of a picture that `cleaned` made; None for any other paper of the same folder."""
    try:
        with Image.open(io.BytesIO(content), formats=list(KINDS)) as image:
            bare = not image.getexif() and not {"comment", "icc_profile", "xmp"} & set(image.info)
            return KINDS[str(image.format)] if bare and max(image.size) <= SIDE else None
    except _BROKEN:
        return None


@contextmanager
def _readable() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Pillow warns of large or damaged files: here they are refused, in French.
            warnings.simplefilter("ignore")
            yield
    except _BROKEN as error:
        raise Refused(
            "Image illisible : joignez une photo ou une capture au format PNG ou JPEG, entière."
        ) from error


def _bounded(image: Image.Image) -> None:
    """Refuse by the size the file declares, before a single pixel is unpacked."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refused(
            f"Image trop grande ({width} × {height} pixels) : 40 millions de pixels au plus. "
            "Réduisez-la, puis joignez-la de nouveau."
        )


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it is when the note that says so is damaged."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image


def _pixels(image: Image.Image, kind: str) -> Image.Image:
    """The pixels alone, on a fresh sheet: nothing of what the file said beside them follows."""
    clear = kind == "png" and image.has_transparency_data
    drawn = image.convert("RGBA" if clear else "RGB")
    drawn.thumbnail((SIDE, SIDE))
    sheet = Image.new(drawn.mode, drawn.size)
    sheet.paste(drawn)
    return sheet


def _encoded(image: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "png":
        image.save(made, "PNG", optimize=False)
    else:
        image.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
