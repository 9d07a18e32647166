"""The room of a video call (planning §6.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

PREFIX = "RdvServicePublic"


def visio_url(host: str, rdv_uuid: UUID) -> str:
    """Return the address of the room on `host` (https://…): unguessable, says nothing."""
    return f"{host.rstrip('/')}/{PREFIX}{rdv_uuid.hex}"
