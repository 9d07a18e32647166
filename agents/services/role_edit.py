"""Change the level of an agent in an organisation, or give them one organisation more (G03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Level, RoleOrganisation
from agents.permissions import Permission
from agents.policies import staff_of_territoire_for
from agents.services.agent_invite import join_organisation
from agents.services.audit_write import record_change
from agents.services.staff_lock import (
    StaffRefused,
    is_oneself,
    keep_an_admin,
    lock_organisation,
    lock_role,
    may_give_admin,
)

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor


@transaction.atomic
def change_level(
    *, agent_id: int, organisation_id: int, level: str, actor: Actor | None, now: datetime
) -> RoleOrganisation:
    """Make somebody basique or admin. Raises StaffRefused.

    Nobody raises their own level, whatever their rights: another admin does. The last admin of an
    organisation stays (a trigger too).
    """
    organisation = lock_organisation(actor, Permission.AGENT_EDIT, organisation_id)
    role = lock_role(agent_id, organisation)
    if level not in (Level.BASIQUE, Level.ADMIN) or role.level == Level.INTERVENANT:
        raise StaffRefused(_("Ce niveau n’est pas possible pour cet agent."))
    if level == role.level:
        return role
    if level == Level.ADMIN and is_oneself(actor, agent_id):
        raise StaffRefused(
            _("Vous ne pouvez pas relever votre propre niveau : un autre administrateur le fait.")
        )
    keep_an_admin(role)
    before, role.level = role.level, level
    role.save(update_fields=["level"])
    record_change(
        action="level_changed",
        object_kind="agent",
        object_uuid=role.agent.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
        detail={"level": [before, level]},
    )
    return role


@transaction.atomic
def add_to_organisation(
    *,
    agent_id: int,
    territoire: Territoire,
    organisation_id: int,
    level: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Give a colleague of the territoire one organisation more, with a mail.

    Raises StaffRefused, InvalidRow.
    """
    organisation = lock_organisation(actor, Permission.AGENT_INVITE, organisation_id)
    agents = staff_of_territoire_for(actor, Permission.AGENT_INVITE, territoire)
    found: Agent | None = Agent.objects.filter(pk__in=agents.filter(pk=agent_id)).first()
    if found is None or organisation.territoire_id != territoire.pk:
        raise StaffRefused(_("Cet agent ne travaille plus dans ce territoire."))
    if found.account is None:
        raise StaffRefused(_("Un intervenant n’est que dans une organisation."))
    if level not in (Level.BASIQUE, Level.ADMIN):
        raise StaffRefused(_("Ce niveau n’est pas possible pour cet agent."))
    if level == Level.ADMIN and not may_give_admin(actor, organisation):
        raise StaffRefused(_("Seul un administrateur de l’organisation peut en nommer un autre."))
    join_organisation(found, organisation, level=level, actor=actor, now=now)
    record_change(
        action="agent_added",
        object_kind="agent",
        object_uuid=found.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
        detail={"level": level},
    )
