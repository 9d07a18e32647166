"""Which text can be read on the colour of a motif (WCAG 2.1, relative luminance)."""

from __future__ import annotations

BLACK, WHITE = "#000000", "#ffffff"


def text_on(background: str) -> str:
    """Return black or white, whichever contrasts more with "#rrggbb": at least 4.5 to 1."""
    luminance = _luminance(background)
    on_white = 1.05 / (luminance + 0.05)
    on_black = (luminance + 0.05) / 0.05
    return BLACK if on_black >= on_white else WHITE


def _luminance(color: str) -> float:
    channels = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (_linear(channel) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
