"""Choose the équipes of one agent (§3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Equipe, EquipeAgent
from agents.permissions import Permission
from agents.policies import equipes_for
from agents.queries.equipe_list import agents_of_territoire
from agents.services.audit_write import record_change
from agents.services.staff_lock import StaffRefused
from agents.services.territoire_lock import lock_territoire

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.models import Agent, Territoire
    from agents.permissions import Actor


@transaction.atomic
def change_equipes(
    *,
    agent_id: int,
    territoire_id: int,
    equipes: tuple[UUID, ...],
    actor: Actor | None,
    now: datetime,
) -> None:
    """Put the agent in these équipes of the territoire, and in no other.

    Raises TerritoireRefused, StaffRefused.
    """
    territoire = lock_territoire(actor, Permission.TEAM_EDIT, territoire_id)
    agent = agents_of_territoire(territoire).filter(pk=agent_id).first()
    wanted = set(equipes)
    rows = equipes_for(actor, Permission.TEAM_EDIT).filter(territoire=territoire)
    found = list(rows.filter(uuid__in=wanted).order_by("pk"))
    if agent is None or len(found) != len(wanted):
        raise StaffRefused(_("Cet agent ou une de ces équipes n’est plus du territoire."))
    _refuse_empty(agent, territoire, found)
    EquipeAgent.objects.filter(agent=agent, equipe__territoire=territoire).exclude(
        equipe__in=found
    ).delete()
    EquipeAgent.objects.bulk_create(
        [EquipeAgent(equipe=equipe, agent=agent) for equipe in found], ignore_conflicts=True
    )
    record_change(
        action="equipes_changed",
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
    )


def _refuse_empty(agent: Agent, territoire: Territoire, kept: list[Equipe]) -> None:
    """Each équipe keeps somebody, as its own page requires."""
    rows = Equipe.objects.filter(territoire=territoire, agents=agent)
    for equipe in rows.exclude(pk__in=[row.pk for row in kept]):
        if not equipe.equipe_agents.exclude(agent=agent).exists():
            raise StaffRefused(
                _("L’équipe « %(name)s » n’a que cet agent : supprimez-la plutôt.")
                % {"name": equipe.name}
            )
