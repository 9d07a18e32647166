"""The needs that a motif may ask about (A13), as choices."""

from __future__ import annotations

from django.utils.text import capfirst

from planning.models.participation import Need


def need_choices() -> list[tuple[str, str]]:
    return [(need.value, str(capfirst(need.label))) for need in Need]
