"""A PNG picture that strangers' browsers will be shown: read whole, and written again. Pure.

Nothing of what was uploaded is kept but pixels: texts, positions, profiles and whatever stands
after the end are left out. Source: PNG specification, third edition (W3C), 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 200 * 1024
SMALLEST, WIDEST, HIGHEST = 16, 1200, 600
# Those that draw; the order of the file is kept.
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
# Colour type: channels, and the bit depths that it allows.
_KINDS = {
    0: (1, (1, 2, 4, 8, 16)),
    2: (3, (8, 16)),
    3: (1, (1, 2, 4, 8)),
    4: (2, (8, 16)),
    6: (4, (8, 16)),
}
_PALETTE, _LAST_FILTER = 3, 4


class PictureFault(StrEnum):
    KIND = "kind"  # not a PNG
    BYTES = "bytes"  # a file that is too heavy
    SIZE = "size"  # too small or too large
    BROKEN = "broken"  # a PNG that does not hold together, or an interlaced one


class PictureError(ValueError):
    def __init__(self, fault: PictureFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Picture:
    """`content`: the file written again."""

    content: bytes
    width: int
    height: int


def picture_of(file: bytes) -> Picture:
    """Return the picture of a file of at most 200 kB, 1 200 by 600 pixels. Raises PictureError."""
    if len(file) > MOST_BYTES:
        raise PictureError(PictureFault.BYTES)
    if not file.startswith(SIGNATURE):
        raise PictureError(PictureFault.KIND)
    chunks = _chunks(file)
    width, height, row_bytes = _header(chunks)
    data = b"".join(body for name, body in chunks if name == b"IDAT")
    rows = _inflate(data, (row_bytes + 1) * height)
    if any(rows[start] > _LAST_FILTER for start in range(0, len(rows), row_bytes + 1)):
        raise PictureError(PictureFault.BROKEN)
    kept = [(name, body) for name, body in chunks if name in _KEPT and name != b"IDAT"]
    end = kept.pop()
    kept += [(b"IDAT", zlib.compress(rows, 9)), end]
    return Picture(SIGNATURE + b"".join(_written(*chunk) for chunk in kept), width, height)


def _chunks(file: bytes) -> list[tuple[bytes, bytes]]:
    """Return names and bodies up to IEND, their sums checked."""
    found: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while not found or found[-1][0] != b"IEND":
        if at + 12 > len(file):
            raise PictureError(PictureFault.BROKEN)
        (length,) = struct.unpack_from(">I", file, at)
        name, body = file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        at += 12 + length
        if len(body) != length or file[at - 4 : at] != _sum(name, body):
            raise PictureError(PictureFault.BROKEN)
        found.append((name, body))
    return found


def _header(chunks: list[tuple[bytes, bytes]]) -> tuple[int, int, int]:
    """Return width, height and the bytes of a row; the order of the chunks is checked."""
    names = [name for name, _body in chunks if name in _KEPT]
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != struct.calcsize(">IIBBBBB"):
        raise PictureError(PictureFault.BROKEN)
    width, height, depth, kind, packing, filtering, interlacing = struct.unpack(
        ">IIBBBBB", chunks[0][1]
    )
    if not (SMALLEST <= width <= WIDEST and SMALLEST <= height <= HIGHEST):
        raise PictureError(PictureFault.SIZE)
    channels, depths = _KINDS.get(kind, (0, ()))
    needs = [b"IHDR", *([b"PLTE"] if kind == _PALETTE else [])]
    in_order = names == sorted(names, key=_KEPT.index) and names.count(b"IHDR") == 1
    once = all(names.count(name) <= 1 for name in (b"PLTE", b"tRNS", b"IEND"))
    plain = (packing, filtering, interlacing) == (0, 0, 0)
    if depth not in depths or not (in_order and once and plain) or names[: len(needs)] != needs:
        raise PictureError(PictureFault.BROKEN)
    return width, height, (width * channels * depth + 7) // 8


def _inflate(data: bytes, expected: int) -> bytes:
    """Return exactly `expected` bytes: a small file that would fill the memory stops there."""
    reader = zlib.decompressobj()
    try:
        rows = reader.decompress(data, expected + 1)
    except zlib.error as error:
        raise PictureError(PictureFault.BROKEN) from error
    if len(rows) != expected:
        raise PictureError(PictureFault.BROKEN)
    return rows


def _written(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + _sum(name, body)


def _sum(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(name + body))
