"""Statuses of a RDV and of a participation (planning §6, decision 35)."""

from __future__ import annotations

UNKNOWN = "unknown"
SEEN = "seen"
NOSHOW = "noshow"
EXCUSED = "excused"
REVOKED = "revoked"

# Time is held by these; excused and revoked give it back.
ACTIVE = (UNKNOWN, SEEN, NOSHOW)
CANCELLED = (EXCUSED, REVOKED)
