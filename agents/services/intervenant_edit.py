"""Intervenants: an agenda and no sign-in (§3.2). Create one, change the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import (
    Agent,
    AgentService,
    Level,
    PlanningNotificationLevel,
    RdvNotificationLevel,
    RoleOrganisation,
)
from agents.permissions import Permission
from agents.services.audit_write import record_change
from agents.services.staff_lock import (
    StaffRefused,
    lock_organisation,
    lock_role,
    services_of,
)
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


@transaction.atomic
def create_intervenant(
    *,
    organisation_id: int,
    last_name: str,
    services: tuple[str, ...],
    actor: Actor | None,
    now: datetime,
) -> Agent:
    """Add somebody who never signs in and is told nothing. Raises StaffRefused, InvalidRow."""
    organisation = lock_organisation(actor, Permission.AGENT_EDIT, organisation_id)
    rows = services_of(organisation.territoire, services)
    agent = Agent(last_name=last_name.strip())
    silence(agent)
    save_checked(agent)
    RoleOrganisation.objects.create(agent=agent, organisation=organisation, level=Level.INTERVENANT)
    AgentService.objects.bulk_create(
        AgentService(agent=agent, territoire=organisation.territoire, service=row) for row in rows
    )
    _audit("intervenant_created", agent, organisation, actor, now)
    return agent


@transaction.atomic
def rename_intervenant(
    *, agent_id: int, organisation_id: int, last_name: str, actor: Actor | None, now: datetime
) -> Agent:
    """Change the name. Raises StaffRefused, InvalidRow."""
    organisation = lock_organisation(actor, Permission.AGENT_EDIT, organisation_id)
    role = lock_role(agent_id, organisation)
    if role.level != Level.INTERVENANT:
        raise StaffRefused(_("Cet agent change lui-même son nom, dans « Mon compte »."))
    role.agent.last_name = last_name.strip()
    save_checked(role.agent)
    _audit("intervenant_renamed", role.agent, organisation, actor, now)
    return role.agent


def silence(agent: Agent) -> None:
    """Tell them nothing: they read no mail."""
    agent.rdv_notifications = RdvNotificationLevel.NONE
    agent.plage_notifications = PlanningNotificationLevel.NONE
    agent.indisponibilite_notifications = PlanningNotificationLevel.NONE


def usual_notifications(agent: Agent) -> None:
    agent.rdv_notifications = RdvNotificationLevel.OTHERS
    agent.plage_notifications = PlanningNotificationLevel.ALL
    agent.indisponibilite_notifications = PlanningNotificationLevel.ALL


def _audit(
    action: str, agent: Agent, organisation: Organisation, actor: Actor | None, now: datetime
) -> None:
    record_change(
        action=action,
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
