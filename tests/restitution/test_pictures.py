"""Pictures joined to a draft: real files in, pixels alone out, anything else refused in a word."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from data import attachments
from data.records import Refused
from restitution import pictures

SECRET = b"Jeanne Secrete"
PLACE = (48.0, 51.0, 24.0)


def photo(size=(320, 200), **options) -> bytes:
    """A JPEG as a phone writes it: where, who, which way up, and a comment."""
    image = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()  # artist
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: (2.0, 21.0, 3.0)})
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET * 20, **options)
    return made.getvalue()


def drawing(size=(320, 200), mode="RGBA") -> bytes:
    """A PNG with a text beside its pixels."""
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Author", SECRET.decode())
    made = io.BytesIO()
    Image.new(mode, size).save(made, "PNG", pnginfo=noted, exif=b"Exif\x00\x00MM\x00*")
    return made.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 99)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def reread(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_a_photo_loses_its_place_its_author_and_keeps_the_right_way_up():
    sent = photo()
    assert SECRET in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    kind, kept = pictures.cleaned(sent)
    image = reread(kept)
    assert kind == "jpeg" and image.format == "JPEG"
    assert image.size == (200, 320)  # turned upright before the note that said so was dropped
    assert not image.getexif() and set(image.info) <= {"jfif", "jfif_version", "jfif_unit",
                                                       "jfif_density"}  # fmt: skip
    assert SECRET not in kept and b"Exif" not in kept


def test_a_drawing_loses_its_texts_and_keeps_its_transparency():
    kind, kept = pictures.cleaned(drawing())
    image = reread(kept)
    assert kind == "png" and image.mode == "RGBA" and image.info == {}
    assert SECRET not in kept


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "RGB", "LA"])
def test_every_mode_of_png_becomes_one_that_all_formats_read(mode):
    _, kept = pictures.cleaned(drawing(mode=mode))
    assert reread(kept).mode in ("RGB", "RGBA")


def test_a_large_picture_is_reduced_and_the_same_file_gives_the_same_bytes():
    sent = photo((3000, 1000))
    kept = pictures.cleaned(sent)[1]
    assert max(reread(kept).size) == pictures.SIDE
    assert kept == pictures.cleaned(sent)[1]
    assert pictures.cleaned(kept)[0] == "jpeg"


GIF = io.BytesIO()
Image.new("P", (3, 3)).save(GIF, "GIF")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * (pictures.LARGEST + 1),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        GIF.getvalue(),
        b"%PDF-1.7",
        photo()[:800],
        drawing()[:60],
        declared(9000, 9000),
        declared(60000, 60000),
        declared(2**31 - 1, 2**31 - 1),
        declared(200, 200),  # says more than it holds
    ],
    ids=["vide", "lourd", "svg", "gif", "pdf", "jpeg", "png", "81Mpx", "bombe", "max", "court"],
)
def test_anything_else_is_refused_in_a_sentence(content):
    with pytest.raises(Refused) as refused:
        pictures.cleaned(content)
    assert str(refused.value).startswith("Image") and str(refused.value).endswith(".")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.sampled_from([photo(), drawing()]))
def test_a_damaged_file_is_a_picture_or_a_sentence_never_an_error(noise, at, sent):
    spoilt = sent[:at] + noise + sent[at + len(noise) :]
    try:
        kind, kept = pictures.cleaned(spoilt)
    except Refused:
        return
    assert reread(kept).format.lower() == kind and SECRET not in kept


def test_a_picture_comes_back_under_the_name_the_draft_keeps(store):
    name = pictures.keep(store, "../../photo du <marché>.jpg", photo())
    found = pictures.reader(store)(name)
    assert found and found.kind == "jpeg" and reread(found.content).format == "JPEG"
    assert attachments.shown_name(name) == "photo du marché.jpeg"


def test_no_other_paper_of_the_folder_is_ever_shown_as_a_picture(store):
    read = pictures.reader(store)
    paper = attachments.keep(store, "courrier.pdf", b"%PDF-1.7 secret")
    as_sent = attachments.keep(store, "preuve.jpg", photo())  # evidence: with its metadata
    for kept in (paper, as_sent, "0" * 64 + "/rien.png", "../x", ""):
        assert read(kept) is None


def test_a_store_in_memory_or_read_only_says_why_nothing_is_kept(empty_store, embedded_store):
    for refusing in (empty_store, embedded_store):
        with pytest.raises(Refused, match="non gardée"):
            pictures.keep(refusing, "a.png", drawing())
