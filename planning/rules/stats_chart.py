"""Where the columns of a chart stand, in the units of its SVG. Pure: counts in, numbers out.

Numbers are text with a point: the templates would write a French comma, which SVG does not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 960, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 16, 40
_WIDEST_COLUMN = 48
# Between two labels of the axis, so that they never touch.
_LABEL_WIDTH = 76
# The scale may be out of sight on a phone: a column says its own count, where it has room.
_TOTAL_WIDTH = 44
_TICKS = 4


@dataclass(frozen=True)
class Series:
    """A column to draw: what is written under it, said of it, and its parts, the lowest first."""

    label: str
    title: str
    parts: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Part:
    key: str
    y: str
    height: str


@dataclass(frozen=True)
class Column:
    """`label` is empty where there is no room for it, `total` (over the column) None."""

    x: str
    middle: str
    width: str
    label: str
    title: str
    parts: Sequence[Part]
    total: int | None
    total_y: str


@dataclass(frozen=True)
class Tick:
    y: str
    text_y: str
    count: int


@dataclass(frozen=True)
class Chart:
    columns: Sequence[Column]
    ticks: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    label_y: int = HEIGHT - 14


def stacked_columns(series: Sequence[Series]) -> Chart:
    """Return the chart of columns that share one scale, from zero to a round number."""
    highest = max((sum(count for _key, count in one.parts) for one in series), default=0)
    step = tick_step(highest)
    top = step * _TICKS
    room = (WIDTH - _LEFT - _RIGHT) / max(len(series), 1)
    every = -(-_LABEL_WIDTH // max(int(room), 1))
    columns = []
    for index, one in enumerate(series):
        width = min(room * 0.72, _WIDEST_COLUMN)
        middle = _LEFT + room * (index + 0.5)
        total = sum(count for _key, count in one.parts)
        columns.append(
            Column(
                x=_text(middle - width / 2),
                middle=_text(middle),
                width=_text(width),
                label="" if index % every else one.label,
                title=one.title,
                parts=_parts(one.parts, top),
                total=total if total and room >= _TOTAL_WIDTH else None,
                total_y=_text(_y(total, top) - 4),
            )
        )
    ticks = [
        Tick(_text(_y(count, top)), _text(_y(count, top) + 4), count)
        for count in range(0, top + 1, step)
    ]
    return Chart(columns, ticks)


def tick_step(highest: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50… of which four reach `highest`."""
    step, factors = 1, (2, 5, 10)
    scale = 1
    while step * _TICKS < highest:
        for factor in factors:
            step = scale * factor
            if step * _TICKS >= highest:
                return step
        scale *= 10
    return step


def _parts(parts: Sequence[tuple[str, int]], top: int) -> list[Part]:
    found, below = [], 0
    for key, count in parts:
        if count:
            high, low = _y(below + count, top), _y(below, top)
            found.append(Part(key, _text(high), _text(low - high)))
        below += count
    return found


def _y(count: int, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * count / top


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
