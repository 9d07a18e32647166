"""An agent leaves an organisation; the last one closes their account (G04, §3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import AgentService, DroitTerritoire, EquipeAgent, Invitation
from agents.permissions import Permission
from agents.services.audit_write import record_change
from agents.services.staff_lock import (
    StaffRefused,
    is_oneself,
    keep_an_admin,
    lock_organisation,
    lock_role,
    may_give_admin,
)
from planning.models import Indisponibilite, PlageOuverture
from planning.queries.agent_departure import closes_account, expected_rdvs, leaves_territoire
from planning.queries.plage_ouverture_list import ended_before
from planning.services.agenda_lock import lock_agendas
from planning.services.planning_announce import Change, announce_plages
from planning.services.rdv_book import refusals_in_french
from rdv.common.timezones import local_day
from usagers.models import Referent

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Agent, Organisation, RoleOrganisation, Territoire
    from agents.permissions import Actor


class AgentExpected(StaffRefused):
    """RDVs to come stand in the agent's agenda there: they are handed over first."""


def remove_agent(
    *, agent_id: int, organisation_id: int, actor: Actor | None, now: datetime
) -> bool:
    """Delete the role and the plages there; return whether the account was closed too.

    The agenda is held: nobody books in it meanwhile. Never oneself, never the last admin. Raises
    AgentExpected, StaffRefused, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        organisation = lock_organisation(actor, Permission.AGENT_REMOVE, organisation_id)
        lock_agendas([agent_id])
        role = lock_role(agent_id, organisation)
        return leave(role, actor=actor, now=now)


def leave(role: RoleOrganisation, *, actor: Actor | None, now: datetime) -> bool:
    """End a role in a place, and an agenda, that the caller holds. Raises like `remove_agent`."""
    agent, organisation = role.agent, role.organisation
    if is_oneself(actor, agent.pk):
        raise StaffRefused(_("Vous ne pouvez pas vous retirer vous-même : un collègue le fait."))
    if role.level == "admin" and not may_give_admin(actor, organisation):
        raise StaffRefused(_("Seul un administrateur de l’organisation peut en retirer un autre."))
    _refuse_expected(agent, organisation, now)
    keep_an_admin(role)
    closes = closes_account(agent, without=organisation)
    _delete_plages(agent, organisation, actor=None if closes else actor, now=now)
    role.delete()
    if leaves_territoire(agent, organisation.territoire):
        _leave_territoire(agent, organisation.territoire, now)
    if closes:
        close_agent(agent, now)
    record_change(
        action="agent_deactivated" if closes else "agent_removed",
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
    return closes


def _refuse_expected(agent: Agent, organisation: Organisation, now: datetime) -> None:
    count = expected_rdvs(agent, organisation, now=now).count()
    if count:
        words = ngettext(
            "%(agent)s a encore %(count)s RDV à venir dans %(organisation)s : "
            "confiez-le à un collègue ou annulez-le d’abord.",
            "%(agent)s a encore %(count)s RDV à venir dans %(organisation)s : "
            "confiez-les à un collègue ou annulez-les d’abord.",
            count,
        )
        raise AgentExpected(
            words % {"agent": agent.full_name, "count": count, "organisation": organisation.name}
        )


def _delete_plages(
    agent: Agent, organisation: Organisation, *, actor: Actor | None, now: datetime
) -> None:
    """Delete them all, past ones included; the agent's calendar forgets those to come."""
    rows = PlageOuverture.objects.filter(agent=agent, organisation=organisation)
    # Who cuts one of them in two is waited for: what they add is read below.
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    today = local_day(now, organisation.territoire.zone)
    current = list(
        rows.exclude(ended_before(today)).select_related(
            "agent__account", "organisation__territoire", "lieu"
        )
    )
    for plage in current:
        plage.ics_sequence += 1
    announce_plages(Change.DELETED, current, actor=actor, now=now)
    rows.delete()


def _leave_territoire(agent: Agent, territoire: Territoire, now: datetime) -> None:
    """Absences stay: they hold in every organisation."""
    AgentService.objects.filter(agent=agent, territoire=territoire).delete()
    EquipeAgent.objects.filter(agent=agent, equipe__territoire=territoire).delete()
    DroitTerritoire.objects.filter(agent=agent, territoire=territoire).delete()
    Referent.objects.filter(agent=agent, usager__territoire=territoire).delete()
    pending = Invitation.objects.pending().filter(agent=agent, territoire=territoire)
    pending.update(cancelled_at=now)


def close_agent(agent: Agent, now: datetime) -> None:
    """Nobody signs in with it any more, sessions included; the address is free again.

    The name stays on the RDVs of the past.
    """
    Indisponibilite.objects.filter(agent=agent).delete()
    PlageOuverture.objects.filter(agent=agent).delete()
    AgentService.objects.filter(agent=agent).delete()
    EquipeAgent.objects.filter(agent=agent).delete()
    DroitTerritoire.objects.filter(agent=agent).delete()
    Referent.objects.filter(agent=agent).delete()
    Invitation.objects.pending().filter(agent=agent).update(cancelled_at=now)
    agent.deactivated_at, agent.webcal_salt = now, ""
    agent.save(update_fields=["deactivated_at", "webcal_salt"])
    if agent.account is not None:
        agent.account.close()
