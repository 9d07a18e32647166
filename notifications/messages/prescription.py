"""What the person who prescribed a RDV is told (B01, B04): a summary to hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages import facts, render
from notifications.messages.letters import in_french
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage
    from planning.models import Rdv
    from usagers.models import Usager

DONE = "prescription_done"


def prescription_done(
    *,
    rdv: Rdv,
    beneficiary: Usager,
    email: str,
    first_name: str,
    is_told: bool,
    now: datetime,
) -> OutboxMessage | None:
    """Queue the confirmation to a prescripteur, or to the agent who prescribed.

    In the transaction of the booking. It holds of the beneficiary the name only, which the reader
    has just typed, and no link; `is_told`: whether the beneficiary gets a message of their own.
    """
    if rdv.starts_at <= now:
        return None
    message = letter(
        rdv=rdv, beneficiary=beneficiary, email=email, first_name=first_name, is_told=is_told
    )
    return enqueue(message, now=now)


def letter(
    *, rdv: Rdv, beneficiary: Usager, email: str, first_name: str, is_told: bool
) -> OutboxMessage:
    """Return the unsaved message."""
    with in_french():
        name = f"{beneficiary.first_name} {beneficiary.last_name}"
        return render.email(
            DONE,
            {
                "when": facts.when(rdv),
                "rows": facts.rows_for_prescripteur(rdv, name),
                "contact": facts.contact_of(rdv),
                "first_name": first_name,
                "name": name,
                "instructions": rdv.motif.instructions,
                "is_told": is_told,
                "organisation": rdv.organisation.name,
            },
            recipient=email,
            recipient_name="",
            reply_to=rdv.organisation.email,
            dedup_key=f"{DONE}:{rdv.pk}:{rdv.version}:email:{beneficiary.pk}",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.starts_at,
        )
