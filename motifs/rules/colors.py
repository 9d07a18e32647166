"""Colours of the motifs. Each one of the palette gives white text a contrast of 4.5 or more."""

from __future__ import annotations

PALETTE = (
    ("#000091", "Bleu nuit"),
    ("#0063CB", "Bleu"),
    ("#006A6F", "Bleu canard"),
    ("#18753C", "Vert"),
    ("#5C6B00", "Vert olive"),
    ("#8A5A00", "Ocre"),
    ("#B34000", "Orange foncé"),
    ("#C9191E", "Rouge"),
    ("#A94645", "Brique"),
    ("#A3286F", "Framboise"),
    ("#6E445A", "Prune"),
    ("#5C4A9E", "Violet"),
    ("#4A4A4A", "Gris foncé"),
)

_READABLE = 4.5


def contrast_with_white(color: str) -> float:
    """Return the contrast ratio of WCAG 2 (1 to 21) between `color` ("#RRGGBB") and white."""
    return 1.05 / (_luminance(color) + 0.05)


def is_readable(color: str) -> bool:
    """Say whether white text can be read on `color` (WCAG 1.4.3)."""
    return contrast_with_white(color) >= _READABLE


def _luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
