"""What an admin reads of the SMS gateway: the end of its key, how the last trial went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages.sms_trial import TRIAL
from notifications.models import OutboxMessage
from rdv.common.encryption import UnreadableSecretError, reveal

if TYPE_CHECKING:
    from agents.models import Territoire

# Enough to tell two keys apart; a key shorter than that says nothing.
SHOWN, SHORTEST = 4, 12


def masked_key(territoire: Territoire) -> str:
    """Return dots and the last characters of the key, or "" without one.

    Dots alone when the key is short, or when nothing opens it any more.
    """
    if not territoire.sms_credentials:
        return ""
    try:
        key = reveal(territoire.sms_credentials)
    except UnreadableSecretError:
        return "••••"
    return f"••••{key[-SHOWN:]}" if len(key) >= SHORTEST else "••••"


def last_trial(territoire: Territoire) -> OutboxMessage | None:
    rows = OutboxMessage.objects.filter(kind=TRIAL, organisation__territoire=territoire)
    return rows.order_by("-created_at", "-pk").first()
