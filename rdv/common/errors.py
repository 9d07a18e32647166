"""Refusals that are part of the product: shown to the person, never logged as errors."""

from __future__ import annotations


class DomainError(Exception):
    """An anticipated refusal. `message` is French and can be shown as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RetryLaterError(DomainError):
    """Somebody else holds what we need: the same act may succeed in a moment."""
