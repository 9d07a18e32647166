"""Which messages may be read. In development, all of them, by anybody (point of the demo)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404

from notifications.models import OutboxMessage

if TYPE_CHECKING:
    from django.db.models import QuerySet


def demo_messages() -> QuerySet[OutboxMessage]:
    """Return every message that leaves.

    Raises Http404 unless DEMO_OUTBOX: this page exists nowhere else.
    """
    if not settings.DEMO_OUTBOX:
        raise Http404
    return OutboxMessage.objects.filter(grouped_in__isnull=True)
