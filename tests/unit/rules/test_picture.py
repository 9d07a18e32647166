"""Decision 36: what is kept of an uploaded logo, and what is refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from agents.rules.picture import (
    HIGHEST,
    MOST_BYTES,
    WIDEST,
    PictureError,
    PictureFault,
    picture_of,
)

BLUE = (0, 0, 145)


def png(width=20, height=16, *, mode="RGBA", kind="PNG", **options) -> bytes:
    """Return a picture of one colour."""
    written = BytesIO()
    Image.new("RGB", (width, height), BLUE).convert(mode).save(written, kind, **options)
    return written.getvalue()


def with_header(width: int, height: int) -> bytes:
    """Return a small file that announces a large picture."""
    file = bytearray(png())
    struct.pack_into(">II", file, 16, width, height)
    struct.pack_into(">I", file, 29, zlib.crc32(bytes(file[12:29])))
    return bytes(file)


@pytest.mark.parametrize(
    "file",
    [
        png(),
        png(mode="P"),
        png(mode="L"),
        png(mode="RGB", kind="JPEG", quality=95),
        png(mode="CMYK", kind="JPEG"),
    ],
)
def test_36_a_picture_is_drawn_again(file):
    picture = picture_of(file)
    assert (picture.width, picture.height) == (20, 16)
    again = Image.open(BytesIO(picture.content))
    assert (again.format, again.mode, again.size) == ("PNG", "RGBA", (20, 16))
    assert picture_of(picture.content).content == picture.content


def test_36_only_pixels_are_kept():
    said = PngInfo()
    said.add_text("Author", "Jean")
    exif = Image.Exif()
    exif[0x010E] = "GPS 48.85"
    for file in (png(pnginfo=said, exif=exif), png(mode="RGB", kind="JPEG", exif=exif)):
        content = picture_of(file + b"<script>alert(1)</script>").content
        for left_out in (b"Jean", b"GPS", b"script", b"tEXt", b"eXIf"):
            assert left_out not in content


def test_36_a_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    picture = picture_of(png(40, 20, mode="RGB", kind="JPEG", exif=exif))
    assert (picture.width, picture.height) == (20, 40)


def test_36_a_large_picture_is_made_smaller():
    picture = picture_of(png(3000, 500))
    assert (picture.width, picture.height) == (WIDEST, 100)
    assert picture_of(png(500, 3000)).height == HIGHEST


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b"", PictureFault.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PictureFault.KIND),
        (png(mode="P", kind="GIF"), PictureFault.KIND),
        (png()[:8], PictureFault.KIND),
        (png()[:60], PictureFault.BROKEN),
        (png(mode="RGB", kind="JPEG")[:400], PictureFault.BROKEN),
        (png(width=15), PictureFault.SIZE),
        (with_header(4001, 20), PictureFault.SIZE),
        (with_header(60_000, 60_000), PictureFault.SIZE),  # a bomb
        (png() + b" " * MOST_BYTES, PictureFault.BYTES),
    ],
)
def test_36_what_is_no_safe_picture_is_refused(file, fault):
    with pytest.raises(PictureError) as raised:
        picture_of(file)
    assert raised.value.fault == fault
