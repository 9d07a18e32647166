"""Start background work by name, after commit, without ever failing the request."""

from __future__ import annotations

import logging
from enum import StrEnum
from functools import partial

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


class Task(StrEnum):
    """Every Celery task of the product; a guard compares this with Celery's registry."""

    DELIVER_MESSAGE = "deliver_message"
    SWEEP_OUTBOX = "sweep_outbox"
    PURGE_BOOKING_DRAFTS = "purge_booking_drafts"
    PURGE_CONTACT_CODES = "purge_contact_codes"
    PURGE_PENDING_IDENTITIES = "purge_pending_identities"
    PURGE_SLOT_HOLDS = "purge_slot_holds"
    OFFER_WAITING_LIST = "offer_waiting_list"
    EXPIRE_WAITING_OFFERS = "expire_waiting_offers"
    PURGE_WAITING_LIST = "purge_waiting_list"
    PURGE_PLANNING = "purge_planning"
    PURGE_PRESCRIPTEURS = "purge_prescripteurs"
    PURGE_RDV_DRAFTS = "purge_rdv_drafts"
    RUN_RDV_BULK = "run_rdv_bulk"
    SWEEP_RDV_BULKS = "sweep_rdv_bulks"
    PURGE_RDV_BULKS = "purge_rdv_bulks"
    BUILD_EXPORTS = "build_exports"
    SWEEP_EXPORTS = "sweep_exports"
    PURGE_EXPORTS = "purge_exports"
    RUN_USAGER_IMPORT = "run_usager_import"
    SWEEP_USAGER_IMPORTS = "sweep_usager_imports"
    PURGE_USAGER_IMPORTS = "purge_usager_imports"
    RUN_RETENTION = "run_retention"
    SEND_DUE_REMINDERS = "send_due_reminders"
    SWEEP_REMINDERS = "sweep_reminders"
    REFRESH_STATS = "refresh_stats"
    CHECK_STATS = "check_stats"


def start_after_commit(task: Task, **kwargs: object) -> None:
    """Ask a worker to run `task` once the current transaction is committed.

    Only a nudge: when the broker is down the row stays, and the sweeper finds it (adr 0007). No
    failure of the broker or of its client ever reaches the caller.
    """
    transaction.on_commit(lambda: _publish(task, kwargs), robust=True)


def start_once_after_commit(task: Task) -> None:
    """Ask for `task` as `start_after_commit`, once a transaction however often it is called."""
    asked = (getattr(entry[1], "args", ()) for entry in connection.run_on_commit)
    if (task, {}) not in asked:
        transaction.on_commit(partial(_publish, task, {}), robust=True)


def _publish(task: Task, kwargs: dict[str, object]) -> None:
    try:
        current_app.send_task(str(task), kwargs=kwargs)
    except (OperationalError, OSError):
        logger.warning("nudge not published: the broker does not answer", extra={"task": task})
