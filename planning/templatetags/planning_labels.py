"""Words of the planning in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from planning.queries import agenda_rdv

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage

register = template.Library()
for _reads in (
    agenda_rdv.rdv_title,
    agenda_rdv.seats_text,
    agenda_rdv.is_taken_online,
    agenda_rdv.is_arrived,
    agenda_rdv.place_sign,
    agenda_rdv.place_text,
    agenda_rdv.agents_text,
    agenda_rdv.initials,
):
    register.filter(_reads.__name__, _reads)


@register.filter
def message_instant(message: OutboxMessage) -> datetime:
    """Return when the message left or was given up, else when it was written."""
    return message.sent_at or message.closed_at or message.created_at
