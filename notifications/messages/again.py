"""The same thing said again to one person by one channel, with what is true now (C04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages import rdv as rdv_messages
from notifications.messages.letters import to_usager
from notifications.messages.recipients import usagers_to_tell
from notifications.models import Channel
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from notifications.messages.occasion import Occasion
    from notifications.models import OutboxMessage
    from planning.models import Participation

# What is said in place of what failed: a change that nobody read is a RDV to confirm.
SAID_AGAIN = {
    rdv_messages.CREATED: rdv_messages.CREATED,
    rdv_messages.CHANGED: rdv_messages.CREATED,
    rdv_messages.REMINDER: rdv_messages.REMINDER,
    rdv_messages.CANCELLED: rdv_messages.CANCELLED,
}


def address_now(participation: Participation, kind: str, channel: str) -> str:
    """Return where such a message would go today; "" when the person has closed that channel."""
    rows = usagers_to_tell(
        participation.rdv, [participation], is_reminder=kind == rdv_messages.REMINDER
    )
    if not rows:
        return ""
    return rows[0].email if channel == Channel.EMAIL else rows[0].phone


def say_again(
    occasion: Occasion, participation: Participation, *, kind: str, channel: str, occurrence: str
) -> OutboxMessage | None:
    """Queue a fresh message of `kind`; None when nobody can be told or `occurrence` was said."""
    if occasion.is_over or not address_now(participation, kind, channel):
        return None
    motif = occasion.rdv.motif
    extra: dict[str, object] = {
        "instructions": motif.instructions,
        "is_cancellable": motif.is_cancellable_by_usager,
    }
    if kind == rdv_messages.CANCELLED:
        asked = participation.status == "excused"
        extra = {"by_usager": asked, "booking_url": occasion.links.booking}
    (recipient,) = usagers_to_tell(
        occasion.rdv, [participation], is_reminder=kind == rdv_messages.REMINDER
    )
    (said,) = to_usager(
        occasion,
        recipient,
        kind,
        [Channel(channel)],
        extra,
        method="CANCEL" if kind == rdv_messages.CANCELLED else "PUBLISH",
        occurrence=occurrence,
    )
    return enqueue(said.message, now=occasion.now)
