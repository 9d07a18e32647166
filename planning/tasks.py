"""Background work of planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.utils import timezone

from agents.models import Step
from agents.services.audit_retention import purge_audit
from agents.services.retention_report import run_step
from notifications.services.message_retention import purge_messages
from planning.services.agent_retention import deactivate_unused_agents, notify_unused_agents
from planning.services.blocked_address_retention import purge_blocked_addresses
from planning.services.export_build import build_next_export, sweep_exports
from planning.services.export_purge import purge_exports
from planning.services.planning_purge import purge_planning
from planning.services.prescripteur_purge import purge_prescripteurs
from planning.services.rdv_bulk_purge import purge_rdv_bulks
from planning.services.rdv_bulk_run import run_rdv_bulk, sweep_rdv_bulks
from planning.services.rdv_draft_purge import purge_rdv_drafts
from planning.services.rdv_retention import purge_authors, purge_history_values, purge_rdvs
from planning.services.reminder_plan import sweep_reminders
from planning.services.reminder_send import send_due_reminders
from planning.services.slot_hold import purge_slot_holds
from planning.services.stats_check import check_stats
from planning.services.stats_refresh import refresh_stats
from planning.services.usager_retention import (
    anonymise_quiet_usagers,
    close_lone_accounts,
    notify_quiet_usagers,
)
from planning.services.waiting_list_end import (
    end_what_is_over,
    expire_offers,
    purge_waiting_list,
)
from planning.services.waiting_list_offer import offer_waiting_list
from rdv.common.aftercommit import Task

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: dict[Step, Callable[..., int | tuple[int, int]]] = {
    Step.USAGER_NOTICES: notify_quiet_usagers,
    Step.USAGERS: anonymise_quiet_usagers,
    Step.ACCOUNTS: close_lone_accounts,
    Step.RDVS: purge_rdvs,
    Step.HISTORY_VALUES: purge_history_values,
    Step.AUTHORS: purge_authors,
    Step.MESSAGES: purge_messages,
    Step.BLOCKED: purge_blocked_addresses,
    Step.AUDIT: purge_audit,
    Step.AGENT_NOTICES: notify_unused_agents,
    Step.AGENTS: deactivate_unused_agents,
}


@shared_task(name=str(Task.PURGE_PLANNING))
def purge_planning_task() -> None:
    run_step(Step.PLANNING, purge_planning, now=timezone.now())


@shared_task(name=str(Task.PURGE_PRESCRIPTEURS))
def purge_prescripteurs_task() -> None:
    run_step(Step.PRESCRIPTEURS, purge_prescripteurs, now=timezone.now())


@shared_task(name=str(Task.RUN_RETENTION))
def run_retention_task() -> None:
    """Notices first: nobody is forgotten in the run that tells them."""
    now = timezone.now()
    for step, act in STEPS.items():
        run_step(step, act, now=now)


@shared_task(name=str(Task.PURGE_RDV_DRAFTS))
def purge_rdv_drafts_task() -> None:
    purge_rdv_drafts(now=timezone.now())


@shared_task(name=str(Task.PURGE_SLOT_HOLDS))
def purge_slot_holds_task() -> None:
    purge_slot_holds(now=timezone.now())


@shared_task(name=str(Task.RUN_RDV_BULK))
def run_rdv_bulk_task(bulk_id: int) -> None:
    run_rdv_bulk(bulk_id=bulk_id, now=timezone.now())


@shared_task(name=str(Task.SWEEP_RDV_BULKS))
def sweep_rdv_bulks_task() -> None:
    sweep_rdv_bulks()


@shared_task(name=str(Task.PURGE_RDV_BULKS))
def purge_rdv_bulks_task() -> None:
    purge_rdv_bulks(now=timezone.now())


@shared_task(name=str(Task.OFFER_WAITING_LIST))
def offer_waiting_list_task() -> None:
    offer_waiting_list(now=timezone.now())


@shared_task(name=str(Task.EXPIRE_WAITING_OFFERS))
def expire_waiting_offers_task() -> None:
    """What it closes calls the next person: closing asks for a run of the offers."""
    now = timezone.now()
    expire_offers(now=now)
    end_what_is_over(now=now)


@shared_task(name=str(Task.PURGE_WAITING_LIST))
def purge_waiting_list_task() -> None:
    run_step(Step.WAITING_LIST, purge_waiting_list, now=timezone.now())


@shared_task(name=str(Task.SEND_DUE_REMINDERS))
def send_due_reminders_task() -> None:
    send_due_reminders(now=timezone.now())


@shared_task(name=str(Task.SWEEP_REMINDERS))
def sweep_reminders_task() -> None:
    sweep_reminders(now=timezone.now())


@shared_task(name=str(Task.REFRESH_STATS))
def refresh_stats_task() -> None:
    refresh_stats(now=timezone.now())


@shared_task(name=str(Task.CHECK_STATS))
def check_stats_task() -> None:
    check_stats()


@shared_task(name=str(Task.BUILD_EXPORTS))
def build_exports_task() -> None:
    """One at a time: a nudge follows when others wait, so that messages leave in between."""
    build_next_export(clock=timezone.now)


@shared_task(name=str(Task.SWEEP_EXPORTS))
def sweep_exports_task() -> None:
    sweep_exports(now=timezone.now())


@shared_task(name=str(Task.PURGE_EXPORTS))
def purge_exports_task() -> None:
    purge_exports(now=timezone.now())
