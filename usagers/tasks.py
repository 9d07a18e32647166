"""Background work of usagers."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rdv.common.aftercommit import Task
from usagers.services.booking_draft_purge import purge_booking_drafts
from usagers.services.contact_code import purge_contact_codes
from usagers.services.franceconnect_link import purge_pending_identities


@shared_task(name=str(Task.PURGE_BOOKING_DRAFTS))
def purge_booking_drafts_task() -> None:
    purge_booking_drafts(now=timezone.now())


@shared_task(name=str(Task.PURGE_CONTACT_CODES))
def purge_contact_codes_task() -> None:
    purge_contact_codes(now=timezone.now())


@shared_task(name=str(Task.PURGE_PENDING_IDENTITIES))
def purge_pending_identities_task() -> None:
    purge_pending_identities(now=timezone.now())
