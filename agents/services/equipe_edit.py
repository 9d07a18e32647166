"""Create, change and delete an équipe: a name for several agents of a territoire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Equipe, EquipeAgent
from agents.permissions import Permission
from agents.policies import equipes_for, territoires_for
from agents.queries.equipe_list import agents_of_territoire
from agents.services.audit_write import record_change
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.models import Territoire
    from agents.permissions import Actor


class EquipeRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that to the équipe any more."""


@dataclass(frozen=True)
class EquipeFields:
    name: str
    agents: tuple[UUID, ...]


@transaction.atomic
def create_equipe(
    *,
    territoire: Territoire,
    fields: EquipeFields,
    actor: Actor | None,
    now: datetime,
) -> Equipe:
    """Add an équipe. Raises EquipeRefused, or InvalidRow with the fields at fault."""
    if not territoires_for(actor, Permission.TEAM_EDIT).filter(pk=territoire.pk).exists():
        raise EquipeRefused(_("Vous ne pouvez plus créer d’équipe dans ce territoire."))
    equipe = Equipe(territoire=territoire)
    _write(equipe, fields)
    _record("equipe_created", equipe, actor, now)
    return equipe


@transaction.atomic
def update_equipe(
    *,
    equipe_id: int,
    fields: EquipeFields,
    actor: Actor | None,
    now: datetime,
) -> Equipe:
    """Change the name and the agents. Raises like `create_equipe`."""
    equipe = _lock(equipe_id, actor)
    _write(equipe, fields)
    _record("equipe_changed", equipe, actor, now)
    return equipe


@transaction.atomic
def delete_equipe(
    *,
    equipe_id: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Delete an équipe; its agents stay. Raises EquipeRefused."""
    equipe = _lock(equipe_id, actor)
    _record("equipe_deleted", equipe, actor, now)
    equipe.delete()


def _lock(equipe_id: int, actor: Actor | None) -> Equipe:
    rows = equipes_for(actor, Permission.TEAM_EDIT).select_for_update(of=("self",))
    equipe = rows.filter(pk=equipe_id).first()
    if equipe is None:
        raise EquipeRefused(_("Cette équipe n’existe plus, ou vous ne pouvez plus la modifier."))
    return equipe


def _record(action: str, equipe: Equipe, actor: Actor | None, now: datetime) -> None:
    record_change(
        action=action,
        object_kind="equipe",
        object_uuid=equipe.uuid,
        organisation_id=None,
        territoire_id=equipe.territoire_id,
        actor=actor,
        now=now,
    )


def _write(equipe: Equipe, fields: EquipeFields) -> None:
    wanted = set(fields.agents)
    agents = list(agents_of_territoire(equipe.territoire).filter(uuid__in=wanted))
    if len(agents) != len(wanted):
        raise InvalidRow({"agents": [_("Un des agents n’est plus du territoire. Rechargez.")]})
    if not agents:
        raise InvalidRow({"agents": [_("Cochez au moins un agent.")]})
    equipe.name = fields.name
    save_checked(equipe)
    equipe.equipe_agents.exclude(agent__in=agents).delete()
    EquipeAgent.objects.bulk_create(
        [EquipeAgent(equipe=equipe, agent=agent) for agent in agents], ignore_conflicts=True
    )
