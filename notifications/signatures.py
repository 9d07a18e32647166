"""Addresses that only somebody to whom we gave them can know."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_REPORT = "notifications.delivery_report"
_REPLY = "notifications.reply_address"
_LENGTH = 20
_LOCAL_PART = re.compile(r"rdv\+(?P<uuid>[0-9a-f]{32})-(?P<signature>[0-9a-f]{20})")


def report_signature(message_uuid: UUID) -> str:
    """Return what a provider repeats in the address where it reports the fate of the message."""
    return _sign(_REPORT, message_uuid)


def is_report_signature(message_uuid: UUID, signature: str) -> bool:
    return constant_time_compare(report_signature(message_uuid), signature)


def reply_address(rdv_uuid: UUID, domain: str) -> str:
    """Return the address where an usager answers about this RDV."""
    return f"rdv+{rdv_uuid.hex}-{_sign(_REPLY, rdv_uuid)}@{domain}"


def rdv_of_reply(address: str, domain: str) -> UUID | None:
    """Return the RDV of an address made by `reply_address`, None for any other."""
    local, _, host = address.strip().lower().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if not domain or host != domain.lower() or found is None:
        return None
    rdv_uuid = UUID(found["uuid"])
    signed = constant_time_compare(_sign(_REPLY, rdv_uuid), found["signature"])
    return rdv_uuid if signed else None


def _sign(salt: str, uuid: UUID) -> str:
    return salted_hmac(salt, uuid.hex, algorithm="sha256").hexdigest()[:_LENGTH]
