"""Limits against abuse, counted in the shared cache (A12)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from rdv.common.errors import DomainError


class TooManyAttempts(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The limit is reached; the page answers 429."""


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds`, counted from the first one."""

    name: str
    times: int
    seconds: int


def count(limit: Limit, key: str) -> None:
    """Count one more attempt of `key`. Raises TooManyAttempts beyond the limit.

    The increment is atomic: simultaneous requests cannot share one. The key is hashed, so that no
    address or phone number lies in the cache.
    """
    name = f"limit:{limit.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    if cache.add(name, 1, limit.seconds):
        return
    try:
        attempts = cache.incr(name)
    except ValueError:  # it expired in between
        cache.add(name, 1, limit.seconds)
        return
    if attempts > limit.times:
        raise TooManyAttempts(
            _("Trop de demandes en peu de temps. Attendez une heure avant de recommencer.")
        )
