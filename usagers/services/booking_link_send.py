"""The link that proves an address and brings back to the booking, in any browser (A05)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from notifications.messages.booking import announce_booking_link
from rdv.common.rate_limits import Limit, count
from usagers.rules.link_digest import link_digest
from usagers.services.booking_draft_save import open_draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from usagers.models import BookingDraft

LINK_VALID = timedelta(hours=24)
# A12. Generous for an IP address: a France Services desk or a whole town hall shares one.
PER_EMAIL = Limit("booking-link-email", times=5, seconds=3600)
PER_PHONE = Limit("booking-link-phone", times=5, seconds=3600)
PER_IP = Limit("booking-link-ip", times=60, seconds=3600)


def send_booking_link(
    *, draft_id: int, url_for: Callable[[str], str], ip: str, now: datetime
) -> BookingDraft:
    """Queue a mail with a fresh single-use link; the former one dies.

    `url_for` makes the absolute address of a secret. The answer is the same whether the address is
    known or not. Raises TooManyAttempts, DraftClosed.
    """
    with transaction.atomic():
        draft = open_draft(draft_id)
        _check_limits(draft, ip)
        secret = secrets.token_urlsafe(24)
        draft.digest = link_digest(secret)
        draft.link_sent_at, draft.link_expires_at = now, now + LINK_VALID
        draft.links_sent += 1
        draft.save()
        organisation = draft.motif.organisation
        announce_booking_link(
            email=draft.email,
            first_name=draft.first_name,
            url=url_for(secret),
            starts_at=draft.starts_at,
            zone=organisation.territoire.zone,
            organisation=organisation,
            language=draft.language,
            now=now,
        )
        return draft


def _check_limits(draft: BookingDraft, ip: str) -> None:
    count(PER_IP, ip)
    count(PER_EMAIL, draft.email)
    if draft.phone_number:
        count(PER_PHONE, str(draft.phone_number))
