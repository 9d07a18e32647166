"""An agent sends the reminder of a RDV by hand (planning §6.14)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from notifications.models import OutboxMessage
from planning.models import Action, RdvEvent
from planning.services.rdv_announce import announce_reminder
from planning.services.rdv_history import record
from planning.services.rdv_lock import RdvRefused, agenda_refusals, lock_rdv

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor

# A double click, or two agents at once: the people are reminded once.
ONE_REMINDER = timedelta(minutes=10)


def remind_rdv(*, rdv_id: int, actor: Actor, now: datetime) -> int:
    """Queue a reminder to those who still come, and return how many messages will leave.

    Again within ten minutes does nothing and returns 0. Raises RdvRefused: cancelled, begun, or
    nobody who can be told; RetryLaterError.
    """
    with agenda_refusals(), transaction.atomic():
        rdv = lock_rdv(rdv_id, actor=actor, permission=Permission.RDV_EDIT)
        if rdv.is_cancelled:
            raise RdvRefused(_("Ce RDV est annulé : aucun rappel n’est envoyé."))
        if rdv.starts_at <= now:
            raise RdvRefused(_("Ce RDV a déjà commencé : aucun rappel n’est envoyé."))
        recent = RdvEvent.objects.filter(rdv=rdv, action=Action.REMINDED, at__gt=now - ONE_REMINDER)
        if recent.exists():
            return 0
        event = record(rdv, action=Action.REMINDED, actor=actor, at=now)
        before = OutboxMessage.objects.filter(rdv=rdv).count()
        announce_reminder(rdv, actor=actor, now=now, occurrence=f"event-{event.pk}")
        left = OutboxMessage.objects.filter(rdv=rdv).count() - before
        if not left:
            raise RdvRefused(_("Personne ne peut recevoir de rappel pour ce RDV."))
        return left
