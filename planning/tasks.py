"""Background work of planning."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from planning.services.planning_purge import purge_planning
from planning.services.rdv_draft_purge import purge_rdv_drafts
from rdv.common.aftercommit import Task


@shared_task(name=str(Task.PURGE_PLANNING))
def purge_planning_task() -> None:
    purge_planning(now=timezone.now())


@shared_task(name=str(Task.PURGE_RDV_DRAFTS))
def purge_rdv_drafts_task() -> None:
    purge_rdv_drafts(now=timezone.now())
