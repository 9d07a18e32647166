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
BLACK, WHITE = "#000000", "#ffffff"


def is_readable(color: str) -> bool:
    """Say whether white text can be read on `color` (WCAG 1.4.3)."""
    return contrast_with_white(color) >= _READABLE


def contrast_with_white(color: str) -> float:
    """Return the contrast ratio of WCAG 2 (1 to 21) between `color` ("#RRGGBB") and white."""
    return 1.05 / (_luminance(color) + 0.05)


def text_on(background: str) -> str:
    """Return black or white, whichever contrasts more: at least 4.5 to 1."""
    on_black = (_luminance(background) + 0.05) / 0.05
    return BLACK if on_black >= contrast_with_white(background) else WHITE


def _luminance(color: str) -> float:
    channels = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (_linear(channel) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
