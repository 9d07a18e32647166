"""Seats of a workshop (planning §4.4, §5). `total` None: as many people as want to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seats:
    """`taken`: the participations that are not cancelled; more than `total` when overbooked."""

    total: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many more may register, never below zero; None without limit."""
        return None if self.total is None else max(0, self.total - self.taken)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_overbooked(self) -> bool:
        return self.total is not None and self.taken > self.total

    def holds(self, more: int) -> bool:
        """Say whether `more` people still fit."""
        return self.left is None or more <= self.left
