"""Words of the planning in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from planning.queries import agenda_events

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage

register = template.Library()
register.filter("rdv_title", agenda_events.rdv_title)
register.filter("is_taken_online", agenda_events.is_taken_online)


@register.filter
def message_instant(message: OutboxMessage) -> datetime:
    """Return when the message left or was given up, else when it was written."""
    return message.sent_at or message.closed_at or message.created_at
