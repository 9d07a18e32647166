"""Addresses that only somebody to whom we gave them can know."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_REPORT = "notifications.delivery_report"
_REPLY = "notifications.reply_address"
_REPLY_GROUPED = "notifications.reply_address.grouped"
_LENGTH = 20
_LOCAL_PART = re.compile(r"(?P<what>rdvs?)\+(?P<uuid>[0-9a-f]{32})-(?P<signature>[0-9a-f]{20})")


def report_signature(message_uuid: UUID) -> str:
    """Return what a provider repeats in the address where it reports the fate of the message."""
    return _sign(_REPORT, message_uuid)


def is_report_signature(message_uuid: UUID, signature: str) -> bool:
    return constant_time_compare(report_signature(message_uuid), signature)


def reply_address(rdv_uuid: UUID, domain: str) -> str:
    """Return the address where an usager answers about this RDV."""
    return f"rdv+{rdv_uuid.hex}-{_sign(_REPLY, rdv_uuid)}@{domain}"


def grouped_reply_address(message_uuid: UUID, domain: str) -> str:
    """Return the address where an usager answers a message about several RDVs."""
    return f"rdvs+{message_uuid.hex}-{_sign(_REPLY_GROUPED, message_uuid)}@{domain}"


def rdv_of_reply(address: str, domain: str) -> UUID | None:
    """Return the RDV of an address made by `reply_address`, None for any other."""
    return _read(address, domain, "rdv", _REPLY)


def message_of_reply(address: str, domain: str) -> UUID | None:
    """Return the message of an address made by `grouped_reply_address`, None for any other."""
    return _read(address, domain, "rdvs", _REPLY_GROUPED)


def _read(address: str, domain: str, what: str, salt: str) -> UUID | None:
    local, _, host = address.strip().lower().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if not domain or host != domain.lower() or found is None or found["what"] != what:
        return None
    uuid = UUID(found["uuid"])
    return uuid if constant_time_compare(_sign(salt, uuid), found["signature"]) else None


def _sign(salt: str, uuid: UUID) -> str:
    return salted_hmac(salt, uuid.hex, algorithm="sha256").hexdigest()[:_LENGTH]
