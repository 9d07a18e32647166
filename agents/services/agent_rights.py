"""Give or take the rights on a whole territoire (decision 12)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import DroitTerritoire
from agents.permissions import AgentActor, Permission
from agents.policies import staff_of_territoire_for
from agents.services.audit_write import record_change
from agents.services.staff_lock import StaffRefused, keep_an_admin_of
from agents.services.territoire_lock import lock_territoire

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Agent
    from agents.permissions import Actor


@dataclass(frozen=True)
class Rights:
    """An admin of the territoire holds the three others."""

    is_admin: bool = False
    manages_teams: bool = False
    manages_rights: bool = False
    invites_agents: bool = False

    def whole(self) -> Rights:
        return Rights(True, True, True, True) if self.is_admin else self

    def changed_from(self, before: Rights) -> list[str]:
        old = asdict(before)
        return [name for name, held in asdict(self).items() if held != old[name]]


@transaction.atomic
def change_rights(
    *, agent_id: int, territoire_id: int, rights: Rights, actor: Actor | None, now: datetime
) -> None:
    """Write the rights of an agent. Raises TerritoireRefused, StaffRefused.

    One gives and takes only what one holds, as it stands now, and nothing to oneself; the title of
    admin, and the rights of an admin, are an admin's to change. The last admin stays (a trigger
    too).
    """
    territoire = lock_territoire(actor, Permission.RIGHTS_EDIT, territoire_id)
    assert isinstance(actor, AgentActor)
    agents = staff_of_territoire_for(actor, Permission.RIGHTS_EDIT, territoire)
    agent = agents.filter(pk=agent_id).select_related("account").first()
    if agent is None:
        raise StaffRefused(_("Cet agent ne travaille plus dans ce territoire."))
    own = _held(DroitTerritoire.objects.filter(agent=actor.agent_id, territoire=territoire))
    row = DroitTerritoire.objects.filter(agent=agent, territoire=territoire).first()
    before, after = rights_of(row), rights.whole()
    changed = after.changed_from(before)
    if not changed:
        return
    _check(agent, before, after, own=own, actor=actor)
    if before.is_admin and not after.is_admin:
        keep_an_admin_of(territoire, agent)
    row = row or DroitTerritoire(agent=agent, territoire=territoire)
    for name, held in asdict(after).items():
        setattr(row, name, held)
    row.save()
    record_change(
        action="rights_changed",
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={name: getattr(after, name) for name in changed},
    )


def rights_of(row: DroitTerritoire | None) -> Rights:
    if row is None:
        return Rights()
    return Rights(row.is_admin, row.manages_teams, row.manages_rights, row.invites_agents)


def _held(rows: object) -> Rights:
    return rights_of(rows.first())  # type: ignore[attr-defined]


def _check(agent: Agent, before: Rights, after: Rights, *, own: Rights, actor: AgentActor) -> None:
    given = [name for name in after.changed_from(before) if getattr(after, name)]
    if agent.account is None:
        raise StaffRefused(_("Un intervenant n’a pas de droits : il ne se connecte pas."))
    if agent.pk == actor.agent_id and given:
        raise StaffRefused(
            _("Vous ne pouvez pas vous donner un droit : demandez à un autre administrateur.")
        )
    if not own.manages_rights:
        raise StaffRefused(_("Vous ne pouvez plus changer les droits de ce territoire."))
    if not own.is_admin and (before.is_admin or after.is_admin):
        raise StaffRefused(
            _("Seul un administrateur du territoire nomme ou retire un administrateur.")
        )
    if not all(getattr(own, name) for name in after.changed_from(before)):
        raise StaffRefused(_("Vous ne pouvez donner ou retirer que les droits que vous avez."))
