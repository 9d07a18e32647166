"""Change the services of an agent in a territoire: its admins alone do (G03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import AgentService
from agents.permissions import Permission
from agents.policies import staff_of_territoire_for
from agents.services.audit_write import record_change
from agents.services.staff_lock import StaffRefused, services_of
from agents.services.territoire_lock import lock_territoire
from planning.queries.agent_departure import services_in_use
from planning.services.agenda_lock import lock_agendas
from planning.services.rdv_book import refusals_in_french
from rdv.common.saving import InvalidRow

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Agent, Territoire
    from agents.permissions import Actor


def change_services(
    *,
    agent_id: int,
    territoire_id: int,
    services: tuple[str, ...],
    actor: Actor | None,
    now: datetime,
) -> None:
    """Write the services (codes of the territoire's), at least one.

    One cannot go while a current plage of the agent holds a motif of it. Raises TerritoireRefused,
    StaffRefused, InvalidRow, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        territoire = lock_territoire(actor, Permission.AGENT_EDIT, territoire_id)
        lock_agendas([agent_id])
        agents = staff_of_territoire_for(actor, Permission.AGENT_EDIT, territoire)
        agent = agents.filter(pk=agent_id).first()
        if agent is None:
            raise StaffRefused(_("Cet agent ne travaille plus dans ce territoire."))
        wanted = services_of(territoire, services)
        rows = AgentService.objects.filter(agent=agent, territoire=territoire)
        leaving = rows.exclude(service__in=wanted)
        _refuse_in_use(agent, territoire, leaving, now)
        leaving.delete()
        AgentService.objects.bulk_create(
            [AgentService(agent=agent, territoire=territoire, service=row) for row in wanted],
            ignore_conflicts=True,
        )
        record_change(
            action="services_changed",
            object_kind="agent",
            object_uuid=agent.uuid,
            organisation_id=None,
            territoire_id=territoire.pk,
            actor=actor,
            now=now,
        )


def _refuse_in_use(
    agent: Agent, territoire: Territoire, leaving: QuerySet[AgentService], now: datetime
) -> None:
    keys = list(leaving.values_list("service", flat=True))
    in_use = services_in_use(agent, territoire, keys, now=now)
    if in_use:
        words = ngettext(
            "Le service %(names)s sert dans une plage d’ouverture en cours : modifiez-la d’abord.",
            "Les services %(names)s servent dans des plages d’ouverture en cours : modifiez-les "
            "d’abord.",
            len(in_use),
        )
        raise InvalidRow({"services": [words % {"names": ", ".join(in_use)}]})
