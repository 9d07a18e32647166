"""Background work of usagers."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rdv.common.aftercommit import Task
from usagers.services.booking_draft_purge import purge_booking_drafts
from usagers.services.contact_code import purge_contact_codes
from usagers.services.franceconnect_link import purge_pending_identities
from usagers.services.usager_import_run import (
    purge_usager_imports,
    run_usager_import,
    sweep_usager_imports,
)


@shared_task(name=str(Task.PURGE_BOOKING_DRAFTS))
def purge_booking_drafts_task() -> None:
    purge_booking_drafts(now=timezone.now())


@shared_task(name=str(Task.PURGE_CONTACT_CODES))
def purge_contact_codes_task() -> None:
    purge_contact_codes(now=timezone.now())


@shared_task(name=str(Task.PURGE_PENDING_IDENTITIES))
def purge_pending_identities_task() -> None:
    purge_pending_identities(now=timezone.now())


@shared_task(name=str(Task.RUN_USAGER_IMPORT))
def run_usager_import_task(import_id: int) -> None:
    run_usager_import(import_id=import_id, clock=timezone.now)


@shared_task(name=str(Task.SWEEP_USAGER_IMPORTS))
def sweep_usager_imports_task() -> None:
    sweep_usager_imports()


@shared_task(name=str(Task.PURGE_USAGER_IMPORTS))
def purge_usager_imports_task() -> None:
    purge_usager_imports(now=timezone.now())
