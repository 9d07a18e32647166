"""Agents who have not signed in for two years are told, then deactivated (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from agents.models import Agent, DroitTerritoire, Organisation, RoleOrganisation, Territoire
from agents.queries.agent_home import home_organisation, zone_of
from agents.services.audit_write import record_change
from agents.services.staff_lock import keep_an_admin, keep_an_admin_of
from notifications.messages.retention import announce_inactivity
from planning.models import Rdv
from planning.services.agenda_lock import lock_agendas
from planning.services.agent_remove import AgentExpected, close_agent
from planning.services.rdv_book import refusals_in_french
from rdv.common.errors import DomainError
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

KEPT = timedelta(days=731)
NOTICE = timedelta(days=30)


def _unused(limit: datetime) -> QuerySet[Agent]:
    """Agents with an account who did not sign in since `limit`; intervenants never do."""
    rows = Agent.objects.active().filter(account__isnull=False)
    seen = rows.annotate(seen=Coalesce("account__last_login", "account__created_at"))
    return seen.filter(seen__lt=limit, created_at__lt=limit).order_by("pk")


def notify_unused_agents(*, now: datetime) -> int:
    """Write to them, once; return how many. No mail to an address that nobody has proven."""
    limit = now - KEPT
    rows = _unused(limit).exclude(inactivity_notice_at__gte=limit)
    total = 0
    for key in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            held = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
            agent = held.select_related("account").filter(pk=key).first()
            if agent is None:
                continue
            if not agent.is_invited:
                zone = zone_of(agent, home_organisation(agent))
                announce_inactivity(agent, last_day=local_day(now + NOTICE, zone), now=now)
            Agent.objects.filter(pk=key).update(inactivity_notice_at=now)
            total += 1
    return total


def deactivate_unused_agents(*, now: datetime) -> tuple[int, int]:
    """Close who was told a month ago and did not come; return (closed, held back).

    Held back: RDVs to come in their agenda, or the last admin of a place. The report says how many.
    """
    limit = now - KEPT
    told = Q(inactivity_notice_at__gte=limit, inactivity_notice_at__lte=now - NOTICE)
    done = kept = 0
    for key in list(_unused(limit).filter(told).values_list("pk", flat=True)):
        try:
            done += _deactivate(key, limit, now)
        except DomainError:
            kept += 1
    return done, kept


def _deactivate(agent_id: int, limit: datetime, now: datetime) -> int:
    """Places first, then the agenda: the order of every change of the staff."""
    with refusals_in_french(), transaction.atomic():
        organisations = Organisation.objects.filter(roles__agent=agent_id).order_by("pk")
        list(organisations.select_for_update(of=("self",), no_key=True))
        territoires = Territoire.objects.filter(droits__agent=agent_id).order_by("pk")
        list(territoires.select_for_update(of=("self",), no_key=True))
        lock_agendas([agent_id])
        agent = _unused(limit).select_related("account").filter(pk=agent_id).first()
        if agent is None:
            return 0
        coming = Rdv.objects.active().filter(agent_rdvs__agent=agent, ends_at__gt=now)
        if coming.exists():
            raise AgentExpected("")
        roles = RoleOrganisation.objects.filter(agent=agent).select_related("agent", "organisation")
        for role in roles:
            keep_an_admin(role)
        for droit in DroitTerritoire.objects.filter(agent=agent, is_admin=True):
            keep_an_admin_of(droit.territoire, agent)
        for role in roles:
            record_change(
                action="agent_expired",
                object_kind="agent",
                object_uuid=agent.uuid,
                organisation_id=role.organisation_id,
                actor=None,
                now=now,
            )
        roles.delete()
        close_agent(agent, now)
        return 1
