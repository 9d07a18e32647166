"""What a partner, or an agent, keeps of a RDV that they booked elsewhere (B02, B04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import facts, render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage
    from planning.models import Rdv

PRESCRIPTION_DONE = "prescription_done"


@dataclass(frozen=True)
class Prescribed:
    """`beneficiary` is the name that the reader typed, or may see: nothing else is said of them."""

    rdv: Rdv
    email: str
    name: str
    beneficiary: str


def announce_prescription(done: Prescribed, *, now: datetime) -> OutboxMessage | None:
    """Queue the recap with its calendar; the calendar names nobody (decision 31)."""
    rdv = done.rdv
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "when": facts.when(rdv),
            "rows": facts.rows_for_prescripteur(rdv),
            "beneficiary": done.beneficiary,
            "is_silent": not rdv.motif.notifies_usagers,
            "instructions": rdv.motif.instructions,
            "contact": facts.contact_of(rdv),
        }
        message = render.email(
            PRESCRIPTION_DONE,
            context,
            recipient=done.email,
            recipient_name=done.name,
            dedup_key=f"{PRESCRIPTION_DONE}:{rdv.pk}:{done.email}:{now.timestamp()}",
            reply_to=rdv.organisation.email,
            ics=facts.ics_for_usager(rdv, method="PUBLISH", now=now),
            ics_method="PUBLISH",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.starts_at,
        )
        return enqueue(message, now=now)
