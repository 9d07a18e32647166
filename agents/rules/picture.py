"""A picture that strangers' browsers will be shown: its pixels, drawn again as a small PNG.

Nothing else of what was uploaded is kept: texts, positions, profiles, what follows.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 2 * 1024 * 1024
SMALLEST, LARGEST = 16, 4_000  # pixels, of a side of what is uploaded
WIDEST, HIGHEST = 600, 200  # pixels of what is kept: twice those of the page, for fine screens
_KINDS = ("PNG", "JPEG")  # SVG is a program, GIF moves


class PictureFault(StrEnum):
    KIND = "kind"  # neither a PNG nor a JPEG
    BYTES = "bytes"  # a file that is too heavy
    SIZE = "size"  # too small or too large
    BROKEN = "broken"  # a file that does not hold together


class PictureError(ValueError):
    def __init__(self, fault: PictureFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Picture:
    """`content`: a PNG."""

    content: bytes
    width: int
    height: int


def picture_of(file: bytes) -> Picture:
    """Return the picture of a PNG or JPEG file, made smaller where needed. Raises PictureError."""
    if len(file) > MOST_BYTES:
        raise PictureError(PictureFault.BYTES)
    try:
        with warnings.catch_warnings():
            # What the header announces is refused below, in one way.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(file), formats=_KINDS)
    except UnidentifiedImageError as error:
        raise PictureError(PictureFault.KIND) from error
    except Image.DecompressionBombError as error:
        raise PictureError(PictureFault.SIZE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(PictureFault.BROKEN) from error
    with picture:
        if not all(SMALLEST <= side <= LARGEST for side in picture.size):
            raise PictureError(PictureFault.SIZE)
        return _drawn_again(picture)


def _drawn_again(picture: Image.Image) -> Picture:
    try:
        upright = ImageOps.exif_transpose(picture)
        drawn = upright.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(PictureFault.BROKEN) from error
    drawn.thumbnail((WIDEST, HIGHEST))
    clean = Image.new("RGBA", drawn.size)  # without the texts that `drawn` carries along
    clean.paste(drawn)
    written = BytesIO()
    clean.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), *clean.size)
