"""What the person who prescribed a RDV is told (B01, B04): a summary to hand over."""

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

DONE = "prescription_done"


@dataclass(frozen=True)
class Prescribed:
    """What the reader, at `email`, did.

    `name` is that of the beneficiary as they typed it: the fiche that was found may write it
    otherwise. `is_told`: whether the beneficiary gets a message of their own. `language`: the
    reader's; French for an agent.
    """

    rdv: Rdv
    name: str
    email: str
    first_name: str
    is_told: bool
    language: str = settings.LANGUAGE_CODE


def prescription_done(done: Prescribed, *, now: datetime) -> OutboxMessage | None:
    """Queue the confirmation to a prescripteur, or to the agent who prescribed.

    In the transaction of the booking. It holds of the beneficiary the name only, and no link.
    """
    if done.rdv.starts_at <= now:
        return None
    return enqueue(letter(done, now=now), now=now)


def letter(done: Prescribed, *, now: datetime) -> OutboxMessage:
    """Return the unsaved message, with a calendar that names nobody (decision 31)."""
    rdv = done.rdv
    with translation.override(done.language):
        return render.email(
            DONE,
            {
                "when": facts.when(rdv),
                "rows": facts.rows_for_prescripteur(rdv, done.name),
                "contact": facts.contact_of(rdv),
                "first_name": done.first_name,
                "name": done.name,
                "instructions": rdv.motif.instructions,
                "is_told": done.is_told,
                "organisation": rdv.organisation.name,
            },
            language=done.language,
            recipient=done.email,
            recipient_name="",
            reply_to=rdv.organisation.email,
            dedup_key=f"{DONE}:{rdv.pk}:{rdv.version}:email:{done.email}",
            ics=facts.ics_for_usager(rdv, method="PUBLISH", now=now),
            ics_method="PUBLISH",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.starts_at,
        )
