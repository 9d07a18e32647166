"""The notice to the mailbox that an usager's messages leave (A08, F02)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from notifications.messages import render
from notifications.outbox import enqueue
from rdv.common.phones import national

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage

ADDRESS_CHANGED = "address_changed"
MOST_SERVICES = 3


def announce_address_changed(
    *,
    former: str,
    subject_key: str,
    organisations: Sequence[Organisation],
    language: str,
    has_account: bool,
    now: datetime,
) -> OutboxMessage | None:
    """Queue the notice to `former`; `subject_key` names the account or the fiche.

    Whoever reads that mailbox may be somebody else (it was mistyped, or given up): the notice
    names nobody and repeats neither address. `organisations` are those to call.
    """
    digest = hashlib.sha256(former.encode()).hexdigest()[:16]
    only = organisations[0] if len(organisations) == 1 else None
    message = render.email(
        ADDRESS_CHANGED,
        context(organisations, has_account=has_account),
        language=language or settings.LANGUAGE_CODE,
        recipient=former,
        dedup_key=f"{ADDRESS_CHANGED}:{subject_key}:{digest}:{now:%Y%m%dT%H%M%S}",
        organisation=only,
        reply_to=only.email if only else "",
    )
    return enqueue(message, now=now)


def context(organisations: Sequence[Organisation], *, has_account: bool) -> dict[str, object]:
    """Return what the templates say: which services, how to reach them."""
    return {
        "has_account": has_account,
        "services": [
            {
                "name": row.name,
                "contact": " – ".join(
                    filter(None, (national(str(row.phone_number or "")), row.email))
                ),
            }
            for row in organisations[:MOST_SERVICES]
        ],
    }
