"""An admin of the territoire drops the second factors of a colleague who lost them (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor, Permission
from agents.policies import staff_of_territoire_for
from agents.queries.second_factor import refusal_to_forget
from agents.services.audit_write import record_change
from agents.services.security_notice import tell_security_change
from agents.services.staff_lock import StaffRefused
from agents.services.territoire_lock import lock_territoire
from notifications.messages.security import Change
from rdv.accounts.second_factor import forget_factors
from rdv.accounts.sessions import end_other_sessions

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


@transaction.atomic
def forget_second_factor(
    *, agent_id: int, territoire_id: int, actor: Actor | None, now: datetime
) -> Agent:
    """Drop them all, end the sessions, tell the agent. Raises TerritoireRefused, StaffRefused.

    Their password or ProConnect opens the account until they set a new one up; a territoire that
    requires it shows an admin nothing before.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    assert isinstance(actor, AgentActor)
    staff = staff_of_territoire_for(actor, Permission.TERRITOIRE_EDIT, territoire)
    # Held against a new role elsewhere, which would need another admin's word.
    rows = Agent.objects.filter(pk__in=staff.filter(pk=agent_id).values("pk"))
    agent = rows.select_for_update(of=("self",)).select_related("account").first()
    if agent is None or agent.account is None:
        raise StaffRefused(_("Cet agent ne travaille plus dans ce territoire."))
    refusal = refusal_to_forget(agent, actor)
    if refusal:
        raise StaffRefused(refusal)
    forget_factors(agent.account)
    end_other_sessions(agent.account, keep=None)
    record_change(
        action="second_factor_forgotten",
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
    )
    tell_security_change(
        account_id=agent.account.pk,
        change=Change.FACTORS_FORGOTTEN,
        author=actor.name,
        now=now,
    )
    return agent
