"""What a provider that took the message says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Acceptance:
    """`reference`: the provider's own; `segments`: the parts that it counted, for a SMS."""

    answer: str
    provider: str
    reference: str = ""
    segments: int | None = None
