"""Decision 36: what is kept of an uploaded logo, and what is refused."""

from __future__ import annotations

import struct
import zlib

import pytest

from agents.rules.png import MOST_BYTES, SIGNATURE, PictureError, PictureFault, picture_of

RGBA, PALETTE = 6, 3


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=20, height=16, *, kind=RGBA, depth=8, interlaced=0, rows=None, before=b"", after=b""):
    """Return a small picture; `before` and `after` its data, chunks that are added."""
    row = {RGBA: width * 4, PALETTE: width}[kind]
    data = (b"\0" + b"\x10" * row) * height if rows is None else rows
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    palette = chunk(b"PLTE", b"\0\0\x91" * 17) if kind == PALETTE else b""
    parts = [chunk(b"IHDR", header), palette, before, chunk(b"IDAT", zlib.compress(data)), after]
    return SIGNATURE + b"".join(parts) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [RGBA, PALETTE])
def test_36_only_what_draws_is_kept(kind):
    secret = chunk(b"tEXt", b"Author\0Jean") + chunk(b"eXIf", b"GPS 48.85")
    picture = picture_of(png(kind=kind, before=secret, after=secret) + b"<script>alert(1)</script>")
    assert (picture.width, picture.height) == (20, 16)
    for left_out in (b"Jean", b"GPS", b"script", b"tEXt", b"eXIf"):
        assert left_out not in picture.content
    # Written again, it is a picture still, and always the same one.
    assert picture_of(picture.content) == picture


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b"", PictureFault.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PictureFault.KIND),
        (b"\xff\xd8\xff\xe0 JFIF", PictureFault.KIND),
        (b"GIF89a", PictureFault.KIND),
        (SIGNATURE, PictureFault.BROKEN),
        (png()[:-6], PictureFault.BROKEN),
        (png().replace(b"IHDR", b"IHDr"), PictureFault.BROKEN),
        (png()[:20] + b"\xff" + png()[21:], PictureFault.BROKEN),
        (png(interlaced=1), PictureFault.BROKEN),
        (png(depth=16, kind=PALETTE), PictureFault.BROKEN),
        (png(rows=b"\0" * 10), PictureFault.BROKEN),
        (png(rows=b"\0" * 10_000_000), PictureFault.BROKEN),  # a bomb
        (png(rows=(b"\x09" + b"\0" * 80) * 16), PictureFault.BROKEN),
        (png(before=chunk(b"IEND", b"")), PictureFault.BROKEN),
        (png(before=chunk(b"IHDR", b"\0" * 13)), PictureFault.BROKEN),
        (png(width=15), PictureFault.SIZE),
        (png(width=1201), PictureFault.SIZE),
        (png(height=601), PictureFault.SIZE),
        (png(after=chunk(b"tEXt", b"x" * MOST_BYTES)), PictureFault.BYTES),
    ],
)
def test_36_what_is_no_safe_picture_is_refused(file, fault):
    with pytest.raises(PictureError) as raised:
        picture_of(file)
    assert raised.value.fault == fault
