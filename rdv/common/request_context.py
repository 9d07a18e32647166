"""Identifiers of the request under way, for the logs."""

from __future__ import annotations

import contextvars
import logging

current: contextvars.ContextVar[dict[str, str] | None] = contextvars.ContextVar(
    "request", default=None
)


class RequestContextFilter(logging.Filter):
    """Adds the id of the request and of the actor to each line of log."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (current.get() or {}).items():
            setattr(record, name, value)
        return True
